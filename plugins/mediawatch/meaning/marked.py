"""The answer of ``inspect text`` as a page in which a person sees the marks in the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

KINDS = ("person", "organisation", "grouping", "country", "region", "place")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the body that is marked throughout alike; ``says`` is shown on pointing."""

    text: str
    kind: str | None
    said: bool
    says: str


def page(answer: Mapping[str, Any]) -> str:
    """An HTML page that loads nothing from elsewhere; all of the answer's text is escaped."""
    environment = Environment(
        loader=PackageLoader("mediawatch.meaning"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = {actor["actor_id"]: actor["name"] for actor in answer["actors"]}
    return environment.get_template("marked.html").render(
        answer=answer, pieces=pieces(answer), names=names, kinds=KINDS
    )


def pieces(answer: Mapping[str, Any]) -> list[Piece]:
    """The body cut at every beginning and end of a mention or quotation."""
    body = answer["body"]
    named = [
        (mention["start"], mention["end"], actor)
        for actor in answer["actors"]
        for mention in actor["mentions"]
    ]
    quoted = [(quote["start"], quote["end"], quote) for quote in answer["quotes"]]
    cuts = sorted({0, len(body), *(place for span in (*named, *quoted) for place in span[:2])})
    cut: list[Piece] = []
    for start, end in pairwise(cuts):
        actors = [a for first, last, a in named if first <= start and end <= last]
        quotes = [q for first, last, q in quoted if first <= start and end <= last]
        says = [f"{a['name']} ({a['actor_id']})" for a in actors]
        says += [_said(quote) for quote in quotes]
        cut.append(
            Piece(
                text=body[start:end],
                kind=actors[0]["kind"] if actors else None,
                said=bool(quotes),
                says="; ".join(says),
            )
        )
    return cut


def _said(quote: Mapping[str, Any]) -> str:
    speaker = quote["speaker"] or {}
    who = speaker.get("name") or speaker.get("text") or "unknown"
    return f"{quote['kind']} speech of {who}"
