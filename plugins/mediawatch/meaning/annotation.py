"""All that this room says of one text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mediawatch.meaning import actors, quotes, relations, topics
from mediawatch.meaning.decisions import UNDECIDED, Decisions
from mediawatch.meaning.gazetteer import Gazetteer, load
from mediawatch.meaning.spots import Part, PartName
from mediawatch.meaning.tagger import Tagger
from mediawatch.model import Annotation

MEDIA = frozenset({"news_agency", "media"})
# No article is longer; a book or a log file must not hold up the others.
READ = 600_000
SHOUTED = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What annotating needs: the lists, and a tagger for each language that has one."""

    gazetteer: Gazetteer
    topics: Path
    relations: Path
    taggers: Mapping[str, Tagger] = field(default_factory=dict)
    media: frozenset[str]
    decisions: Decisions = UNDECIDED

    def close(self) -> None:
        """End the taggers."""
        for tagger in self.taggers.values():
            tagger.close()


def knowledge(
    seeds: Path, taggers: Mapping[str, Tagger], decisions: Decisions = UNDECIDED
) -> Knowledge:
    """The lists below ``seeds/``, read once a process, with what people decided.

    Raises:
        InputError: a list cannot be used.
    """
    gazetteer = load(seeds / "actors", decisions.aliases)
    media = frozenset(a.actor_id for a in gazetteer.actors.values() if a.type in MEDIA)
    return Knowledge(
        gazetteer=gazetteer,
        topics=seeds / "topics" / "iptc.tsv",
        relations=seeds / "relations",
        taggers=taggers,
        media=media,
        decisions=decisions,
    )


def annotate(
    title: str, body: str, language: str, day: date | None, known: Knowledge
) -> Annotation:
    """Actors, quotations and topics of a text.

    ``rules`` says what was used: ``tagger`` is ``none:<language>`` where there is no tagger for
    the language, ``failed:<language>`` where it failed on this text.
    """
    tagger = known.taggers.get(language)
    cut = len(title) > READ or len(body) > READ
    title, body = title[:READ], body[:READ]
    named: tuple[tuple[PartName, str], ...] = (("title", title), ("body", body))
    parts: list[Part] = []
    state = f"stanford-4.5.10:{language}" if tagger else f"none:{language}"
    for name, text in named:
        found = tagger.tag(unshouted(text)) if tagger and text else []
        if found is None:
            state = f"failed:{language}"
        parts.append(Part(name, text, tuple(found or ())))
    mentions = known.decisions.applied(
        actors.mentions(parts, language, day, known.gazetteer, tagger=state.startswith("stanford"))
    )
    return Annotation(
        mentions=mentions,
        quotes=quotes.quotations(body, mentions, known.media, language),
        topics=topics.topics(title, body, topics.load(known.topics, language)),
        relations=relations.relations(body, mentions, relations.load(known.relations, language)),
        flags=("cut",) if cut else (),
        rules={
            "actors": f"{actors.RULES}+{known.gazetteer.version}",
            "quotes": quotes.RULES,
            "topics": topics.RULES,
            "relations": relations.RULES,
            "tagger": state,
        },
    )


def unshouted(text: str) -> str:
    """A line that is all capitals with a capital only at each word's beginning, same length.

    The tagger has learnt from sentences and takes shouted words for names.
    """
    return "\n".join(
        SHOUTED.sub(_capitalised, line)
        if sum(c.isupper() for c in line) > 8 and not any(c.islower() for c in line)
        else line
        for line in text.split("\n")
    )


def _capitalised(word: re.Match[str]) -> str:
    rest = word[0][1:].lower()
    return word[0][0] + rest if len(rest) == len(word[0]) - 1 else word[0]
