"""``inspect text``: all that the text and meaning rooms say of one text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from mediawatch.errors import InputError, ServiceError
from mediawatch.meaning import annotation
from mediawatch.meaning.annotation import Knowledge
from mediawatch.meaning.tagger import Tagger
from mediawatch.model import Mention, Quote
from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import tagger_files
from mediawatch.text.inspection import text_part


def inspect_text(request: dict[str, Any]) -> dict[str, Any]:
    """Title, body and dates of the text room, with actors, quotations and topics.

    Raises:
        InputError: the request has no text that can be read.
    """
    if not isinstance(request.get("text"), str):
        raise InputError("give the text as a string in 'text'")
    answer = text_part(request)
    known = _knowledge()
    local = (answer.get("published") or {}).get("local_date")
    found = annotation.annotate(
        answer["title"] or "",
        answer["body"],
        answer["language"],
        date.fromisoformat(local) if local else None,
        known,
    )
    in_body = [m for m in found.mentions if m.part == "body"]
    return {
        **answer,
        "actors": _actors(in_body, known),
        "quotes": [_quote(quote) for quote in found.quotes],
        "topics": [
            {"id": t.topic_id, "label": t.label, "score": t.score, "primary": t.primary}
            for t in found.topics
        ],
        "relations": [asdict(relation) for relation in found.relations],
        "flags": sorted({*answer["flags"], *found.flags}),
        "rules": {**answer.get("rules", {}), **found.rules},
    }


@cache
def _knowledge() -> Knowledge:
    """The lists, and every configured tagger whose files are on this machine."""
    settings = Settings.from_env(os.environ)
    taggers: dict[str, Tagger] = {}
    for language in settings.taggers:
        try:
            taggers[language] = Tagger(tagger_files.find(settings, language).command())
        except ServiceError:
            continue  # the answer's rules say that there was none
    return annotation.knowledge(REPOSITORY / "seeds", taggers)


def _actors(mentions: Iterable[Mention], known: Knowledge) -> list[dict[str, Any]]:
    """One entry an actor and meaning, with every place in the body that names it."""
    grouped: dict[tuple[str, str | None], dict[str, Any]] = {}
    for m in mentions:
        listed = known.gazetteer.actors.get(m.actor_id)
        actor = grouped.setdefault(
            (m.actor_id, m.meant_id),
            {
                "actor_id": m.actor_id,
                "meant_id": m.meant_id,
                "kind": m.kind,
                "iso2": listed.iso2 if listed else None,
                "name": m.name,
                "country": m.country,
                "mentions": [],
            },
        )
        actor["mentions"].append({"start": m.start, "end": m.end, "text": m.text, "via": m.via})
    return list(grouped.values())


def _quote(quote: Quote) -> Mapping[str, Any]:
    speaker = None
    if quote.speaker_text is not None:
        speaker = {
            "actor_id": quote.speaker_id,
            "name": quote.speaker_name,
            "text": quote.speaker_text,
        }
    return {
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "kind": quote.kind,
        "speaker": speaker,
        "reporter": quote.reporter,
        "cue": quote.cue,
    }
