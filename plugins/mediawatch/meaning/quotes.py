"""Quotations: which quoted stretches are speech, who speaks, and through whom.

A stretch is speech when a word of saying stands beside it, or when it goes on with a speech just
before. Words in marks without that are irony, titles and terms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mediawatch.meaning import sentences
from mediawatch.meaning.cues import NOBODY_NAMED, cue_pattern, pronoun_pattern
from mediawatch.meaning.marks import Stretch, stretches
from mediawatch.model import Mention, Quote

RULES = "quotes-1"
SPEAKS = {"person", "organisation", "grouping"}
OWNS = re.compile(r"['’]s?\s|['’]s?$")
THROUGH = re.compile(
    r"\b(?:citing|quoting|quoted|quotes|cites|told|cité|citant|zitiert)\b", re.IGNORECASE
)
BLANK = re.compile(r"\s+")
NAME = re.compile(r"(?:[A-Z][\w'’.-]*\w\s+)+[A-Z][\w'’-]*\w")
ENDS = re.compile(r"[.!?…]['\"”’»)\]]*\s*$")
SHORT = 4  # words; fewer need the verb right beside them


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
class Reader:
    """The text with what is known of it, for one pass from the first quote to the last."""

    body: str
    mentions: Sequence[Mention]
    media: frozenset[str]
    language: str
    begins: list[int] = field(init=False)
    cue: re.Pattern[str] = field(init=False)
    pronoun: re.Pattern[str] = field(init=False)
    quoted: list[Stretch] = field(init=False)

    def __post_init__(self) -> None:
        self.begins = sentences.starts(self.body)
        self.cue = cue_pattern(self.language)
        self.pronoun = pronoun_pattern(self.language)
        self.quoted = list(stretches(self.body))

    def read(self) -> tuple[Quote, ...]:
        """Every quotation in order."""
        found: list[Quote] = []
        last: Attribution | None = None
        last_end = -1
        goes_on = False
        for number, stretch in enumerate(self.quoted):
            own = self._beside(number)
            between = self.body[last_end : stretch.start] if last_end >= 0 else ""
            near = (
                last is not None and "\n" not in between.strip('\n "“”«»„') and (len(between) < 400)
            )
            attribution = own
            if (
                own is None
                and last is not None
                and near
                and self._continues(stretch, between, goes_on=goes_on)
            ):
                attribution = Attribution(last.cue, last.speaker, last.reporter)
            elif own is None and self._whole_paragraph(stretch):
                attribution = self._introduced(stretch) or Attribution("", None)
            if attribution is None:
                continue
            if own and own.speaker and own.speaker.actor_id is None and last and near:
                attribution = self._whose(own, last)
            found.append(self._quote(stretch, attribution))
            last, last_end, goes_on = attribution, stretch.end + 1, stretch.open_ended
        return tuple(found)

    def _quote(self, stretch: Stretch, attribution: Attribution) -> Quote:
        start, end = stretch.start, stretch.end
        while start < end and self.body[start].isspace():
            start += 1
        while end > start and self.body[end - 1].isspace():
            end -= 1
        speaker = attribution.speaker
        return Quote(
            start=start,
            end=end,
            text=self.body[start:end],
            kind="direct",
            speaker_id=speaker.actor_id if speaker else None,
            speaker_name=speaker.name if speaker else None,
            speaker_text=speaker.text if speaker else None,
            reporter=attribution.reporter,
            cue=attribution.cue or None,
        )

    # --- which stretches are speech ------------------------------------------------------

    def _beside(self, number: int) -> Attribution | None:
        """The attribution in the words around a stretch, up to its neighbours."""
        stretch = self.quoted[number]
        if len(self.body[stretch.start : stretch.end].split()) == 0:
            return None
        begin = sentences.around(self.begins, len(self.body), stretch.start)[0]
        previous = self.quoted[number - 1].end + 1 if number else 0
        following = (
            self.quoted[number + 1].start - 1 if number + 1 < len(self.quoted) else len(self.body)
        )
        before = (max(begin, previous), max(stretch.start - 1, 0))
        after = (min(stretch.end + 1, len(self.body)), self._sentence_end(stretch, following))
        few = len(self.body[stretch.start : stretch.end].split()) < SHORT
        closed = self.body[stretch.start : stretch.end].rstrip()[-1:] in ",.!?—–…"
        tail = self.body[after[0] : after[0] + 1] == ","
        found = self._after(*after) if closed or tail or not few else None
        if found is None or (found.speaker is None and not closed):
            found = self._before(*before, few=few, shared=previous > begin) or found
        return found

    def _sentence_end(self, stretch: Stretch, limit: int) -> int:
        """Where the sentence ends that goes on after the closing mark."""
        start = min(stretch.end + 1, len(self.body))
        rest = self.body[start : start + 2]
        if rest[:1] == "\n" or not rest:
            return start
        inside = self.body[stretch.start : stretch.end].rstrip()
        word = re.match(r"[,\s—–-]*(\w+)", self.body[start : start + 60])
        if inside[-1:] in ".…" and word and word[1][0].isupper() and not self._inverted(start):
            return start
        end = sentences.around(self.begins, len(self.body), min(start + 1, len(self.body) - 1))[1]
        return min(end, limit, start + 300)

    def _inverted(self, start: int) -> bool:
        """Whether a name and a verb of saying follow, although a full stop came before."""
        return bool(
            re.match(
                rf"\s*(?:[A-Z][\w.'’-]+\s+){{1,4}}(?:{self.cue.pattern})",
                self.body[start : start + 90],
            )
        )

    def _after(self, start: int, end: int) -> Attribution | None:
        text = self.body[start:end]
        cue = self.cue.search(text)
        if cue is None or cue.start() > 160:
            return None
        subject = None
        if cue[0].lower() not in ("according to", "selon", "laut", "según", "secondo", "segundo"):
            subject = self._subject(start, start + cue.start(), last=True)
        inverted = self._subject(
            start + cue.end(), self._clause_end(start + cue.end(), end), last=False
        )
        speaker = subject or inverted
        if subject and inverted and cue.start() == 0:
            speaker = inverted
        return self._through(cue[0], speaker, start, end)

    def _before(self, start: int, end: int, *, few: bool, shared: bool) -> Attribution | None:
        text = self.body[start:end]
        cues = list(self.cue.finditer(text))
        if not cues:
            return None
        cue = cues[-1]
        gap = text[cue.end() :].strip()
        if few and gap not in (":", ","):
            return None
        if cue[0].lower() in ("according to", "selon", "laut", "según", "secondo", "segundo"):
            return Attribution(cue[0], self._subject(start + cue.end(), end, last=False))
        for earlier in reversed(cues):
            speaker = self._subject(start, start + earlier.start(), last=True)
            if speaker:
                return self._through(earlier[0], speaker, start, end)
        return None if shared else Attribution(cue[0], None)

    def _continues(self, stretch: Stretch, between: str, *, goes_on: bool) -> bool:
        """Whether a stretch without a word of saying goes on with the speech before it."""
        words = self.body[stretch.start : stretch.end].split()
        if goes_on or (len(words) >= SHORT and "\n" in between and self._whole_paragraph(stretch)):
            return True
        if "\n" in between or len(words) < SHORT:
            return False
        opens = self.body[stretch.start : stretch.start + 1]
        return opens.isupper() and (len(between.split()) < 14 or bool(ENDS.search(between)))

    def _whole_paragraph(self, stretch: Stretch) -> bool:
        """Whether a stretch of several words is all of its paragraph."""
        begin = self.body.rfind("\n", 0, stretch.start) + 1
        end = self.body.find("\n", stretch.end)
        rest = (
            self.body[begin : stretch.start]
            + self.body[stretch.end : end if end >= 0 else len(self.body)]
        )
        many = len(self.body[stretch.start : stretch.end].split()) > SHORT
        return many and not any(c.isalnum() for c in rest)

    def _introduced(self, stretch: Stretch) -> Attribution | None:
        """Who spoke last in the paragraph before: it leads to a quoted paragraph."""
        end = self.body.rfind("\n", 0, stretch.start)
        while end > 0 and self.body[end - 1] == "\n":
            end -= 1
        begin = self.body.rfind("\n", 0, max(end, 0)) + 1
        if end <= 0:
            return None
        cues = list(self.cue.finditer(self.body, begin, end))
        for cue in reversed(cues):
            first = sentences.around(self.begins, len(self.body), cue.start())[0]
            speaker = self._subject(max(first, begin), cue.start(), last=True)
            if speaker:
                return Attribution(cue[0], speaker)
        return None

    # --- who speaks ----------------------------------------------------------------------

    def _clause_end(self, start: int, end: int) -> int:
        found = re.compile(r"[.;:]\s|\bthat\b|\bwho\b|[“\"«„]").search(self.body, start, end)
        return found.start() if found else end

    def _subject(self, start: int, end: int, *, last: bool) -> Speaker | None:
        """The nearest to the verb of those named in a window: people before organisations."""
        if start >= end:
            return None
        named = [
            m
            for m in self.mentions
            if m.part == "body" and start <= m.start and m.end <= end and not self._owner(m, end)
        ]
        people = [m for m in named if m.kind == "person"]
        speaking = [m for m in named if m.kind in SPEAKS or m.meant_id]
        window = self.body[start:end]
        pronoun = _edge(list(self.pronoun.finditer(window)), last=last)
        for group in (people, speaking):
            if group:
                chosen = group[-1] if last else group[0]
                if pronoun and last and start + pronoun.start() > chosen.end:
                    break
                if pronoun and not last and start + pronoun.end() < chosen.start:
                    break
                return Speaker(chosen.text, chosen.actor_id, chosen.name)
        if pronoun:
            return Speaker(pronoun[0])
        role = _edge(list(NOBODY_NAMED.finditer(window)), last=last)
        if role:
            return Speaker(BLANK.sub(" ", role[0]))
        name = _edge(list(NAME.finditer(window)), last=last)
        return Speaker(name[0], None, name[0]) if name else None

    def _owner(self, mention: Mention, end: int) -> bool:
        """Whether the name only says whose: "Trump's campaign"."""
        return bool(OWNS.match(self.body, mention.end, min(end, mention.end + 3)))

    def _whose(self, attribution: Attribution, last: Attribution) -> Attribution:
        """Let a pronoun beside a quote go back to the speaker just before."""
        speaker = attribution.speaker
        if (
            speaker
            and last.speaker
            and last.speaker.actor_id
            and self.pronoun.fullmatch(speaker.text)
        ):
            return replace(
                attribution,
                speaker=Speaker(speaker.text, last.speaker.actor_id, last.speaker.name),
            )
        return attribution

    def _through(self, cue: str, speaker: Speaker | None, start: int, end: int) -> Attribution:
        """Tell speaker and reporter apart: "reports Xinhua, citing Xi", "Xi told Xinhua"."""
        media = [
            m
            for m in self.mentions
            if m.part == "body" and start <= m.start and m.end <= end and m.actor_id in self.media
        ]
        if not media or not speaker:
            return Attribution(cue, speaker)
        people = [
            m
            for m in self.mentions
            if m.part == "body" and start <= m.start and m.end <= end and m.kind == "person"
        ]
        if (
            speaker.actor_id == media[0].actor_id
            and people
            and THROUGH.search(self.body, start, end)
        ):
            person = people[-1]
            speaker = Speaker(person.text, person.actor_id, person.name)
        if speaker.actor_id != media[0].actor_id:
            return Attribution(cue, speaker, media[0].name)
        return Attribution(cue, speaker)


def _edge(found: list[re.Match[str]], *, last: bool) -> re.Match[str] | None:
    if not found:
        return None
    return found[-1] if last else found[0]


def quotations(
    body: str, mentions: Sequence[Mention], media: frozenset[str], language: str
) -> tuple[Quote, ...]:
    """The quotations of a text. ``media`` are the ids of agencies and outlets, who report."""
    return Reader(body, mentions, media, language).read()
