"""Why an article was found: the places of its matched words, and the sentence that says most."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mediawatch.meaning import sentences
from mediawatch.search.marks import Marked, Span, folded, lit_parts, single_words


@dataclass(frozen=True, slots=True)
class Evidence:
    """Offsets are in code points; ``sentence`` is of the body, or the title when only that has it.

    ``part`` is None where a field matched and no word of the text.
    """

    part: str | None
    sentence: str | None
    start: int | None
    title: tuple[Span, ...]
    body: tuple[Span, ...]


def of_hit(hit: Mapping[str, Any], near: Collection[str]) -> Evidence:
    """The evidence of a hit whose highlighter marked whole texts."""
    lit = lit_parts(hit.get("highlight", {}), hit["_source"]["title"])
    title, body = (
        single_words(lit[part], near) if part in lit else Marked("") for part in ("title", "body")
    )
    for part, text in (("body", body), ("title", title)):
        if text.spans:
            start, end = best_sentence(text)
            sentence = text.text[start:end].rstrip()
            return Evidence(part, sentence, start, title.spans, body.spans)
    return Evidence(None, None, None, (), ())


def best_sentence(text: Marked) -> Span:
    """The sentence with the most different marked words, of equals the first."""
    begins = sentences.starts(text.text)
    found: dict[Span, set[str]] = {}
    for start, end in text.spans:
        place = sentences.around(begins, len(text.text), start)
        found.setdefault(place, set()).add(folded(text.text[start:end]))
    return max(found, key=lambda place: (len(found[place]), -place[0]))


def excerpt(text: Marked, longest: int) -> Marked:
    """A text that is no longer than that as it is; of a longer one its best sentence, cut."""
    if len(text.text) <= longest or not text.spans:
        return text
    start, end = best_sentence(text)
    end = min(end, start + longest)
    spans = tuple((s - start, e - start) for s, e in text.spans if start <= s and e <= end)
    return Marked(text.text[start:end].rstrip(), spans)
