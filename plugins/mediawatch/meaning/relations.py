"""Who did what to whom: two actors of one sentence with a word of a small table between them.

A first step, for searching and export: the nearest actor before the word did it, the first one
after it had it done; "was … by" turns them round. The kinds are those of the PLOVER scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick

from mediawatch.errors import InputError
from mediawatch.meaning import sentences
from mediawatch.meaning.gazetteer import fold
from mediawatch.model import Deed, Mention

RULES = "relations-1"
KINDS = frozenset(
    (
        *("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "DEMAND"),
        *("DISAPPROVE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE"),
        *("ASSAULT", "FIGHT", "INVESTIGATE"),
    )
)
ACTS = frozenset({"person", "organisation", "grouping", "country"})
FAR = 80  # characters between the word and an actor; farther is uncertain
LONGEST = 1500  # characters of a sentence
AT_MOST = 50  # actors of a sentence; more is a list
PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be|got)\s+(?:\w+ly\s+)?$")
OF = re.compile(
    r"\b(?:in|of|from|to|with|against|for|on|at|near|between|by|over|into|under)\s+(?:the\s+)?$"
)
BY = re.compile(r"\bby\b")
UNSURE = re.compile(
    r"\b(?:not|never|no longer|may|might|could|would|should|if|whether|alleged(?:ly)?|reportedly)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the table, as it is read from its first letter on."""

    pattern: re.Pattern[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Word:
    """A place in the body that tells of a kind of event."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of a language, found by what stands before their first ``*``."""

    automaton: ahocorasick.Automaton

    def find(self, body: str) -> Iterator[Word]:
        """Every phrase in the body, the longest at a place, none overlapping another."""
        at: dict[int, list[Phrase]] = {}
        for last, (length, phrases) in self.automaton.iter(fold(body)):
            start = last + 1 - length
            if not start or not (body[start - 1].isalnum() or body[start - 1] in "_-"):
                at.setdefault(start, []).extend(phrases)
        done = 0
        for start in sorted(at):
            if start < done:
                continue
            found = [
                (match.end(), len(phrase.pattern.pattern), phrase.kind)
                for phrase in at[start]
                if (match := phrase.pattern.match(body, start))
            ]
            if found:
                # "blockad*" says more than "block*" where both read the same word.
                done, _, kind = max(found)
                yield Word(start, done, kind)


@cache
def load(folder: Path, language: str) -> Words | None:
    """The words of ``seeds/relations/<language>.tsv``; None where there is no such file.

    Raises:
        InputError: a line cannot be used; names file and line.
    """
    path = folder / f"{language}.tsv"
    if not path.is_file():
        return None
    phrases: dict[str, list[Phrase]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        kind, _, words = line.partition("\t")
        listed = [phrase for phrase in words.split("|") if phrase]
        if kind not in KINDS or not listed or any(phrase[0] == "*" for phrase in listed):
            raise InputError(f"{path}, line {number}: expected one of the kinds, a tab and words")
        for phrase in listed:
            literal = re.escape(phrase).replace(r"\*", r"\w*")
            pattern = re.compile(rf"{literal}(?!\w)", re.IGNORECASE)
            phrases.setdefault(fold(phrase.partition("*")[0]), []).append(Phrase(pattern, kind))
    automaton = ahocorasick.Automaton()
    for beginning, found in phrases.items():
        automaton.add_word(beginning, (len(beginning), tuple(found)))
    automaton.make_automaton()
    return Words(automaton)


def relations(body: str, mentions: Sequence[Mention], words: Words | None) -> tuple[Deed, ...]:
    """Every relation of the body, in order, each once a sentence."""
    if words is None:
        return ()
    named = sorted((m for m in mentions if m.part == "body" and _acts(m)), key=lambda m: m.start)
    begins = sentences.starts(body)
    told = list(words.find(body)) if len(named) > 1 else []
    found: list[Deed] = []
    number = word = 0
    for index, begin in enumerate(begins):
        end = begins[index + 1] if index + 1 < len(begins) else len(body)
        here: list[Mention] = []
        while number < len(named) and named[number].start < end:
            here.append(named[number])
            number += 1
        first = word
        while word < len(told) and told[word].start < end:
            word += 1
        if 2 <= len(here) <= AT_MOST and end - begin <= LONGEST:
            found += _of_sentence(body, told[first:word], here)
    return tuple(found)


def _acts(mention: Mention) -> bool:
    return mention.kind in ACTS or mention.meant_id is not None


def _subject(body: str, before: Sequence[Mention], verb: int) -> Mention:
    """Who acts: the nearest actor that is no "in …" or "of …"; the first before an aside."""
    free = [m for m in before if not OF.search(body, max(0, m.start - 12), m.start)]
    if not free:
        return before[0]
    aside = "," in body[free[-1].end : verb] and body[free[-1].end : verb].count(",") < 3
    return free[0] if aside else free[-1]


def _of_sentence(body: str, told: Sequence[Word], here: Sequence[Mention]) -> Iterator[Deed]:
    seen: set[tuple[str, str, str]] = set()
    for word in told:
        if any(m.start < word.end and word.start < m.end for m in here):
            continue  # a word within a name
        before = [m for m in here if m.end <= word.start]
        after = [m for m in here if m.start >= word.end]
        if not before or not after:
            continue
        source, target = _subject(body, before, word.start), after[0]
        unsure = UNSURE.search(body, source.end, target.start) is not None
        far = word.start - source.end > FAR or target.start - word.end > FAR
        if PASSIVE.search(body[source.end : word.start]) and BY.search(
            body, word.end, target.start
        ):
            source, target = target, source
        if (
            source.actor_id == target.actor_id
            or (source.actor_id, word.kind, target.actor_id) in seen
        ):
            continue
        seen.add((source.actor_id, word.kind, target.actor_id))
        yield Deed(
            start=word.start,
            end=word.end,
            source_id=source.actor_id,
            kind=word.kind,
            target_id=target.actor_id,
            uncertain=unsure or far,
        )
