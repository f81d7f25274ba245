"""What the highlighter marked: from a text with marks to offsets, cut to single words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mediawatch.search.documents import MARK_END, MARK_START

Span: TypeAlias = tuple[int, int]

# Beyond this many characters of a field no mark is looked for; the match itself still holds.
LONGEST_MARKED = 1_000_000
_STEM = re.compile(r"\b(stem_[a-z]{2}):")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the places of its matched words, in code points, in order."""

    text: str
    spans: tuple[Span, ...] = ()


def highlight(query: dict[str, Any], fragments: int = 0) -> dict[str, Any]:
    """The highlight part of a search request: title and body, with their cased twins.

    ``fragments`` 0 gives the whole text, 1 the best sentence or so of the body. Where the query
    asks for stems, their field is marked too; :func:`lit_parts` brings those marks home.
    """
    body: dict[str, Any] = {"matched_fields": ["body", "body.cased"]}
    if fragments:
        body |= {"number_of_fragments": fragments, "fragment_size": 240}
    stems = _STEM.findall(query.get("query_string", {}).get("query", ""))
    return {
        "type": "unified",
        "number_of_fragments": 0,
        "pre_tags": [MARK_START],
        "post_tags": [MARK_END],
        "max_analyzed_offset": LONGEST_MARKED,
        "highlight_query": query,
        "fields": {
            "title": {"matched_fields": ["title", "title.cased"]},
            "body": body,
            **{name: {"number_of_fragments": 0} for name in dict.fromkeys(stems)},
        },
    }


def lit_parts(lit: Mapping[str, Sequence[str]], title: str) -> dict[str, Marked]:
    """The marked ``title`` and ``body`` of a hit's highlights, those of them that have marks.

    A field of stems holds both texts; its marks count where the text itself has none or is whole.
    """
    found = {part: marks(lit[part][0]) for part in ("title", "body") if part in lit}
    for name in sorted(lit):
        if not name.startswith("stem_"):
            continue
        for value in map(marks, lit[name]):
            part = "title" if value.text == title else "body"
            known = found.get(part)
            if known is None:
                found[part] = value
            elif known.text == value.text:
                found[part] = Marked(known.text, _united(known.spans, value.spans))
    return found


def _united(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches of both, those of ``other`` only where ``one`` has none."""
    more = [(s, e) for s, e in other if not any(a < e and s < b for a, b in one)]
    return tuple(sorted([*one, *more]))


def marks(highlighted: str) -> Marked:
    """Take the marks out of a text of the highlighter."""
    pieces: list[str] = []
    spans: list[Span] = []
    at = 0
    for piece in highlighted.split(MARK_START):
        inside, end, after = piece.partition(MARK_END)
        if end:
            spans.append((at, at + len(inside)))
        pieces += [inside, after]
        at += len(inside) + len(after)
    return Marked("".join(pieces), tuple(spans))


def single_words(marked: Marked, near: Collection[str]) -> Marked:
    """Cut the stretches that NEAR marks as one down to the words that were asked for.

    ``near`` are the words of the query's loose phrases. A stretch of other words, such as an exact
    phrase, stays whole.
    """
    wanted = {folded(word) for text in near for word in words_of(text)}
    if not wanted:
        return marked
    spans: list[Span] = []
    for start, end in marked.spans:
        inside = [
            (start + word.start(), start + word.end(), folded(word[0]) in wanted)
            for word in _WORD.finditer(marked.text[start:end])
        ]
        if all(hit for _, _, hit in inside) or not any(hit for _, _, hit in inside):
            spans.append((start, end))
        else:
            spans += [(first, last) for first, last, hit in inside if hit]
    return Marked(marked.text, tuple(spans))


def words_of(text: str) -> Sequence[str]:
    """The words of a text, without signs."""
    return _WORD.findall(text)


def folded(word: str) -> str:
    """A word as the index compares it: small letters, no accents, no possessive."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", word.casefold())
        if not unicodedata.combining(sign)
    )
    return re.sub(r"['’]s$", "", plain)
