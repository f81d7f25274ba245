"""Who speaks: the subject of a word of saying, in the words before or after it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from mediawatch.meaning.cues import NOBODY_NAMED, cue_pattern, pronoun_pattern
from mediawatch.model import Mention

SPEAKS = {"person", "organisation", "grouping"}
OWNS = re.compile(r"['’]s?\s|['’]s?$")
THROUGH = re.compile(
    r"\b(?:citing|quoting|quoted|quotes|cites|told|cité|citant|zitiert)\b", re.IGNORECASE
)
BLANK = re.compile(r"\s+")
NAME = re.compile(r"(?:[A-Z][\w'’.-]*\w\s+)+[A-Z][\w'’-]*\w")
LAST_WORD = re.compile(
    r"(?!(?:He|She|It|They|We|I|The|This|That|There|And|But|As|In|Who|What|When|Also|Then)\b)"
    r"\b[A-Z][\w'’-]+(?= (?:also |has |had |later |then )?$)"
)
# What follows the name of the speaker after "said": he is said to have spoken there, so, to whom.
CLAUSE_END = re.compile(
    r"[;:]\s|,|\b(?:that|who|in|at|on|during|to|of|with|about|after|before|as|when|while|for|from|"
    r"by)\b|[“\"«„]"
)
BY = ("according to", "selon", "laut", "según", "secondo", "segundo", "d'après", "d’après")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: an actor, or only the words that name somebody."""

    text: str
    actor_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A word of saying beside a stretch, with its subject."""

    cue: str
    speaker: Speaker | None
    reporter: str | None = None


@dataclass(slots=True)
class Voices:
    """The people and bodies of one text, and the words of saying of its language."""

    body: str
    mentions: Sequence[Mention]
    media: frozenset[str]
    language: str
    cue: re.Pattern[str] = field(init=False)
    pronoun: re.Pattern[str] = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.cue = cue_pattern(self.language)
        self.pronoun = pronoun_pattern(self.language)
        inside = (m for m in self.mentions if m.part == "body")
        self.mentions = sorted(inside, key=lambda m: (m.start, m.end))
        self.starts = [m.start for m in self.mentions]

    def after(self, start: int, end: int) -> Attribution | None:
        """The attribution in the words that follow a stretch."""
        text = self.body[start:end]
        cue = self.cue.search(text)
        if cue is None or cue.start() > 160:
            return None
        between = text[: cue.start()]
        if re.match(r",?\s+(?:when|which|who|whom|after|before|while|as|if|because)\b", between):
            return None
        subject = None if cue[0].lower() in BY else self._before_cue(start, start + cue.start())
        inverted = self._after_cue(start + cue.end(), end)
        first = not re.sub(r"\W|also|then|has|had", "", between)
        speaker = (inverted or subject) if first else (subject or inverted)
        return self._through(cue[0], speaker, start, end)

    def before(self, begin: int, start: int, end: int, *, few: bool) -> Attribution | None:
        """The attribution in the words before a stretch: ``begin`` is where the sentence does,
        ``start`` where words of saying are looked for.
        """
        text = self.body[start:end]
        cues = list(self.cue.finditer(text))
        if not cues:
            return self._colon(begin, end)
        cue = cues[-1]
        if few and text[cue.end() :].strip() not in (":", ","):
            return None
        if cue[0].lower() in BY:
            return Attribution(cue[0], self._after_cue(start + cue.end(), end))
        for earlier in reversed(cues):
            at = start + earlier.start()
            participle = earlier[0].lower().endswith("ing")
            speaker = self._first(begin, at) if participle else self._before_cue(begin, at)
            if speaker is None and earlier.start() < 3:
                speaker = self._after_cue(start + earlier.end(), end)
            if speaker:
                return self._through(earlier[0], speaker, begin, end)
        return Attribution(cue[0], None)

    def introduced(self, begin: int, end: int) -> Attribution | None:
        """Who spoke last in a stretch of text, such as the paragraph before a quoted one."""
        for cue in reversed(list(self.cue.finditer(self.body, begin, end))):
            speaker = self._before_cue(begin, cue.start()) or (
                self._after_cue(cue.end(), end) if cue.start() < begin + 3 else None
            )
            if speaker:
                return Attribution(cue[0], speaker)
        return self._colon(begin, end)

    def _colon(self, begin: int, end: int) -> Attribution | None:
        """A sentence about somebody that ends in a colon gives them the word."""
        if not self.body[begin:end].rstrip(' “"«„\n').endswith(":"):
            return None
        people = [
            m for m in self._named(begin, end) if m.kind == "person" and not self._owner(m, end)
        ]
        if not people:
            return None
        last = people[-1]
        return Attribution(":", Speaker(last.text, last.actor_id, last.name))

    def _named(self, start: int, end: int) -> list[Mention]:
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [m for m in self.mentions[first:last] if m.end <= end]

    def _owner(self, mention: Mention, end: int) -> bool:
        """Whether the name only says whose: "Trump's campaign"."""
        return bool(OWNS.match(self.body, mention.end, min(end, mention.end + 3)))

    def subject(self, start: int, end: int) -> Speaker | None:
        """The named person or body right before a verb at ``end``, with its id; None otherwise."""
        named = self._candidates(start, end)
        if not named or self.body[named[-1].end : end].count(" ") > 6:
            return None
        return _speaker(named[-1])

    def _candidates(self, start: int, end: int) -> list[Mention]:
        """People, or where there are none the bodies and governments, named in a window."""
        named = [m for m in self._named(start, end) if not self._owner(m, end)]
        people = [m for m in named if m.kind == "person"]
        return people or [m for m in named if m.kind in SPEAKS or m.meant_id]

    def _before_cue(self, start: int, end: int) -> Speaker | None:
        """The nearest subject before the verb."""
        window = self.body[start:end]
        pronouns = list(self.pronoun.finditer(window))
        named = self._candidates(start, end)
        if named and not (pronouns and start + pronouns[-1].start() > named[-1].end):
            return _speaker(named[-1])
        if pronouns:
            return Speaker(pronouns[-1][0])
        names = list(NAME.finditer(window)) or list(LAST_WORD.finditer(window))
        roles = list(NOBODY_NAMED.finditer(window))
        if roles and not (names and names[-1].start() > roles[-1].end()):
            phrase = window.strip(' ,\n“”"')
            return Speaker(BLANK.sub(" ", phrase if len(phrase.split()) < 11 else roles[-1][0]))
        return Speaker(names[-1][0], None, names[-1][0]) if names else None

    def _after_cue(self, start: int, end: int) -> Speaker | None:
        """The subject that follows the verb: in "said Bay ally Jo Fox" the last of its phrase."""
        named = self._candidates(start, end)
        window = self.body[start:end]
        pronoun = self.pronoun.match(window.lstrip(" "))
        if pronoun:
            return Speaker(pronoun[0])
        if named:
            chosen = named[0]
            for later in named[1:]:
                if CLAUSE_END.search(self.body, chosen.end, later.start):
                    break
                chosen = later
            if not re.search(r"[“\"«„]", self.body[start : chosen.start]):
                return _speaker(chosen)
        role = NOBODY_NAMED.search(window)
        name = NAME.search(window)
        if name and not (role and role.start() < name.start() - 40):
            return Speaker(name[0], None, name[0])
        return Speaker(BLANK.sub(" ", role[0])) if role else None

    def _first(self, start: int, end: int) -> Speaker | None:
        """The subject of the sentence, for "…, saying …"."""
        named = self._candidates(start, end)
        pronoun = self.pronoun.match(self.body[start:end].lstrip(' “"«\n'))
        if pronoun:
            return Speaker(pronoun[0])
        return _speaker(named[0]) if named else self._before_cue(start, end)

    def _through(self, cue: str, speaker: Speaker | None, start: int, end: int) -> Attribution:
        """Tell speaker and reporter apart: "reports Xinhua, citing Xi", "Xi told Xinhua"."""
        named = self._named(start, end)
        media = [m for m in named if m.actor_id in self.media]
        if not media or not speaker:
            return Attribution(cue, speaker)
        people = [m for m in named if m.kind == "person"]
        outlet = media[0]
        if speaker.actor_id == outlet.actor_id and people and THROUGH.search(self.body, start, end):
            speaker = _speaker(people[-1])
        if speaker.actor_id != outlet.actor_id:
            return Attribution(cue, speaker, outlet.name)
        return Attribution(cue, speaker)


def _speaker(mention: Mention) -> Speaker:
    return Speaker(mention.text, mention.actor_id, mention.name)
