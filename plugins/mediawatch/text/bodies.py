"""The body of an article's page: what the first extractor finds, held against two others.

Trafilatura's quick mode comes first. Where the paragraphs of the page, or the text that the page
itself gives as its ``articleBody``, hold the same text and much more of it, they win; where what
was found is mostly a menu around a few paragraphs, the paragraphs win.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from mediawatch.text import clusters, furniture, phrases
from mediawatch.text.characters import clean
from mediawatch.text.markup import visible_text
from mediawatch.text.metadata import Metadata
from mediawatch.text.phrases import LAST, without_furniture
from mediawatch.text.rejections import is_paywall

RULES = {
    "body": "trafilatura-fast-2",
    "furniture": furniture.RULES,
    "phrases": phrases.RULES,
    "clusters": clusters.RULES,
}
FIRST, SECOND, STATED = "page:trafilatura", "page:paragraphs", "page:json-ld"
# A sentence of this many letters is running text and no headline or label.
RUNNING = 70
END = re.compile(r"[.!?。！？؟]+")
NO_WORD = re.compile(r"[\W_]+")
# Parts of the length of what was found first: between them another text is not looked at.
ALIKE = (0.5, 1.1)
MUCH_MORE = 0.3
SAME = 0.7
LONGEST_STATED = 1_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article and what found them (extractor).

    ``walled``: they end where a page asks to pay.
    """

    lines: tuple[str, ...]
    extractor: str
    walled: bool = False


def page_body(tree: HtmlElement, data: Metadata, url: str | None) -> Body:
    """The article's paragraphs, or none. Takes the furniture out of ``tree``."""
    furniture.prune(tree)
    lines = _first(tree, url)
    best = Body(tuple(without_furniture(lines)), FIRST, any(map(is_paywall, lines[-LAST:])))
    for extractor, text in _others(tree, data, sum(map(len, best.lines))):
        lines = without_furniture(text.split("\n\n"))
        if _is_fuller(lines, best.lines):
            best = Body((*_lead(best.lines, lines), *lines), extractor)
        elif _is_core(lines, best.lines):
            best = Body(tuple(lines), extractor)
    return best


def _others(tree: HtmlElement, data: Metadata, length: int) -> Iterator[tuple[str, str]]:
    """Texts to hold against one of ``length`` characters; alike long ones say nothing new."""
    cluster = clusters.fullest_cluster(tree)
    if not ALIKE[0] * length < cluster.weight < ALIKE[1] * length:
        yield SECOND, cluster.text()
    stated = data.article.get("articleBody")
    if isinstance(stated, str) and len(stated) > ALIKE[1] * length:
        yield STATED, visible_text(stated[:LONGEST_STATED])


def _first(tree: HtmlElement, url: str | None) -> list[str]:
    found = bare_extraction(tree, url=url, fast=True, include_comments=False, with_metadata=False)
    text = getattr(found, "text", None) or ""
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return [line for line in lines if line]


def _is_fuller(lines: Sequence[str], known: Sequence[str]) -> bool:
    """Whether ``lines`` hold what is known and much running text more."""
    if not lines:
        return False
    sentences, had = _sentences(lines), _bare("".join(known))
    more = sum(len(s) for s in sentences if len(s) >= RUNNING and s not in had)
    return more > MUCH_MORE * len(had) and _is_within(known, lines)


def _lead(known: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The first of the known lines that ``lines`` have not."""
    whole = _bare("".join(lines))
    return list(takewhile(lambda line: _bare(line) not in whole, known))


def _is_core(lines: Sequence[str], known: Sequence[str]) -> bool:
    """Whether ``lines`` are in what is known and its other lines are short, as of a menu."""
    whole = _bare("".join(lines))
    rest = [line for line in map(_bare, known) if line not in whole]
    length = sum(map(len, rest))
    return (
        len(whole) >= 2 * RUNNING
        and length > len(whole)
        and length < len(rest) * RUNNING
        and _is_within(lines, known)
    )


def _is_within(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether most of the sentences of ``lines`` stand in ``others``."""
    sentences, whole = _sentences(lines), _bare("".join(others))
    held = sum(len(sentence) for sentence in sentences if sentence in whole)
    return held >= SAME * sum(map(len, sentences))


def _sentences(lines: Sequence[str]) -> list[str]:
    return [bare for line in lines for part in END.split(line) if (bare := _bare(part))]


def _bare(text: str) -> str:
    return NO_WORD.sub("", text)
