"""Quotations: which quoted stretches are speech, and who speaks.

A stretch is speech when a word of saying stands beside it, or when it goes on with a speech just
before. Words in marks without that are irony, titles and terms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mediawatch.meaning import indirect, sentences
from mediawatch.meaning.marks import Stretch, stretches
from mediawatch.meaning.speakers import Attribution, Speaker, Voices
from mediawatch.model import Mention, Quote

RULES = f"quotes-1+{indirect.RULES}"
MARKS = ' \n"“”«»„'
ENDS = re.compile(r"[.!?…]['\"”’»)\]]*$")
SHORT = 3  # words; fewer need the verb right beside them
LITTLE = {"a", "an", "the", "of", "and", "in", "on", "for", "to", "with", "at", "by", "or", "from"}


def quotations(
    body: str, mentions: Sequence[Mention], media: frozenset[str], language: str
) -> tuple[Quote, ...]:
    """The quotations of a text, and what named speakers are reported to have said.

    ``media`` are the ids of agencies and outlets, who report.
    """
    reader = Reader(body, Voices(body, mentions, media, language))
    found = (
        *reader.read(),
        *indirect.clauses(body, reader.begins, reader.quoted, reader.voices, language),
    )
    return tuple(sorted(found, key=lambda quote: quote.start))


@dataclass(slots=True)
class Reader:
    """The text with its voices, for one pass from the first quoted stretch to the last."""

    body: str
    voices: Voices
    begins: list[int] = field(init=False)
    quoted: list[Stretch] = field(init=False)

    def __post_init__(self) -> None:
        self.begins = sentences.starts(self.body)
        self.quoted = list(stretches(self.body))

    def read(self) -> tuple[Quote, ...]:
        """Every quotation in order."""
        found: list[Quote] = []
        last: Attribution | None = None
        last_end = 0
        goes_on = False
        for number, stretch in enumerate(self.quoted):
            between = self.body[last_end : stretch.start]
            near = last is not None and "\n" not in between.strip(MARKS) and len(between) < 400
            attribution = self._beside(number, stretch)
            if last and near:
                if attribution is None and (goes_on or self._continues(stretch, between)):
                    attribution = last
                elif attribution:
                    attribution = self._whose(attribution, last)
            if attribution is None and self._whole_paragraph(stretch):
                attribution = self._introduced(stretch) or Attribution("", None)
            if attribution is None:
                continue
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

    def _beside(self, number: int, stretch: Stretch) -> Attribution | None:
        """The attribution in the words around a stretch, up to its neighbours."""
        inside = self.body[stretch.start : stretch.end].strip()
        if not inside or _is_title(inside):
            return None
        begin = sentences.around(self.begins, len(self.body), stretch.start)[0]
        previous = self.quoted[number - 1].end + 1 if number else 0
        following = (
            self.quoted[number + 1].start - 1 if number + 1 < len(self.quoted) else len(self.body)
        )
        start = min(stretch.end + 1, len(self.body))
        few = len(inside.split()) < SHORT
        closed = inside[-1] in ",.!?—–…" or self.body[start : start + 1] == ","
        found = None
        if closed or not few:
            found = self.voices.after(start, self._sentence_end(stretch, following))
        if found is None or (found.speaker is None and not closed):
            end = max(stretch.start - 1, 0)
            earlier = self.voices.before(begin, max(begin, previous), end, few=few)
            found = earlier or found
        return found

    def _sentence_end(self, stretch: Stretch, limit: int) -> int:
        """Where the sentence ends that goes on after the closing mark."""
        start = min(stretch.end + 1, len(self.body))
        if self.body[start : start + 1] in ("", "\n"):
            return start
        inside = self.body[stretch.start : stretch.end].rstrip()
        word = re.match(r"[,\s—–-]*(\w+)", self.body[start : start + 60])
        if inside[-1:] in ".…" and word and word[1][0].isupper() and not self._inverted(start):
            return start
        end = sentences.around(self.begins, len(self.body), min(start + 1, len(self.body) - 1))[1]
        return min(end, limit, start + 300)

    def _inverted(self, start: int) -> bool:
        """Whether a name and a verb of saying follow, although a full stop came before."""
        pattern = rf"\s*(?:[A-Z][\w.'’-]+\s+){{1,4}}(?:{self.voices.cue.pattern})"
        return bool(re.match(pattern, self.body[start : start + 90]))

    def _continues(self, stretch: Stretch, between: str) -> bool:
        """Whether a stretch without a word of saying goes on with the speech before it."""
        inside = self.body[stretch.start : stretch.end]
        words = inside.split()
        if len(words) < SHORT or _is_title(inside):
            return False
        if "\n" in between:
            return self._whole_paragraph(stretch)
        space = between.strip(MARKS)
        if ENDS.search(space) or not space:
            return inside[:1].isupper() or not inside[:1].isalpha()
        same_sentence = not re.search(r"[.!?]\s", space)
        return same_sentence and len(space.split()) < 12

    def _whole_paragraph(self, stretch: Stretch) -> bool:
        """Whether a stretch of several words is all of its paragraph."""
        begin = self.body.rfind("\n", 0, stretch.start) + 1
        end = self.body.find("\n", stretch.end)
        rest = (
            self.body[begin : stretch.start]
            + self.body[stretch.end : end if end >= 0 else len(self.body)]
        )
        many = len(self.body[stretch.start : stretch.end].split()) > SHORT + 1
        return many and not any(c.isalnum() for c in rest)

    def _introduced(self, stretch: Stretch) -> Attribution | None:
        """Who spoke last in the paragraph before: it leads to a quoted paragraph."""
        end = len(self.body[: stretch.start].rstrip(MARKS))
        sentence = sentences.around(self.begins, len(self.body), max(end - 1, 0))[0]
        return self.voices.introduced(sentence, end) if end else None

    def _whose(self, attribution: Attribution, last: Attribution) -> Attribution:
        """Let a pronoun, or a verb without a subject, go back to the speaker just before."""
        speaker = attribution.speaker
        if last.speaker is None or last.speaker.actor_id is None:
            return attribution
        if speaker is None:
            return replace(attribution, speaker=last.speaker)
        if speaker.actor_id is None and self.voices.pronoun.fullmatch(speaker.text):
            named = Speaker(speaker.text, last.speaker.actor_id, last.speaker.name)
            return replace(attribution, speaker=named)
        return attribution


def _is_title(inside: str) -> bool:
    """Whether the words look like the name of a work: capitals throughout, no full stop."""
    words = [w for w in re.findall(r"[^\W\d_][\w'’-]*", inside) if w.lower() not in LITTLE]
    capitals = sum(word[0].isupper() for word in words)
    return (
        1 < len(words) < 9
        and capitals == len(words)
        and not inside.rstrip(",").endswith((".", "!"))
    )
