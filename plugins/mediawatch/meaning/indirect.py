"""Indirect speech: "Merkel said that …", told apart from quotations by its kind.

Only where a verb of saying has a named speaker right before it, and the clause is opened by the
language's "that" or the sentence closes with "…, Merkel said.". A reporter's paraphrase is never
taken for a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mediawatch.meaning.marks import Stretch
from mediawatch.meaning.speakers import Speaker, Voices
from mediawatch.model import Quote

RULES = "indirect-1"
THAT = {
    "en": "that",
    "fr": "que|qu['’]",
    "de": ",? dass",
    "es": "que",
    "it": "che",
    "pt": "que",
    "nl": "dat",
}
# Verbs of the language that report a statement; others ("called", "blamed") do not open one.
SAYING = {
    "en": (
        "said|says|told|tells|announced|announces|added|adds|warned|warns|insisted|insists|claimed|"
        "claims|argued|argues|stated|states|explained|explains|declared|declares|confirmed|"
        "confirms|denied|denies|acknowledged|admitted|admits|believes|believed|stressed|stresses|"
        "noted|notes|suggested|suggests|predicted|promised|pledged|vowed|alleged|reported|replied|"
        "revealed|conceded|reiterated|testified|complained|concluded|estimated|hinted|maintained"
    ),
    "fr": (
        "a dit|dit|a déclaré|déclare|a affirmé|affirme|a expliqué|explique|a ajouté|ajoute|"
        "a annoncé|annonce|a assuré|assure|a estimé|estime|a indiqué|indique|a souligné|souligne|"
        "a précisé|précise|a averti|avertit|a reconnu|reconnaît|a rappelé|rappelle|a promis|promet"
    ),
    "de": (
        "sagte|sagt|erklärte|erklärt|betonte|betont|warnte|warnt|behauptete|behauptet|meinte|meint|"
        "kündigte an|teilte mit|berichtete|berichtet|versicherte|versichert|bestätigte|bestätigt"
    ),
    "es": (
        "dijo|dice|afirmó|afirma|declaró|declara|explicó|explica|aseguró|asegura|señaló|señala|"
        "añadió|añade|anunció|anuncia|advirtió|advierte|confirmó|confirma|negó|niega|indicó|indica"
    ),
    "it": "ha detto|ha dichiarato|ha affermato|afferma|ha spiegato|ha aggiunto|ha annunciato",
    "pt": "disse|diz|afirmou|afirma|declarou|explicou|acrescentou|anunciou|garantiu|confirmou",
    "nl": "zei|zegt|verklaarde|benadrukte|meldde|liet weten|waarschuwde|bevestigde",
}
MARKS = re.compile("[“”«»„\"]|''|``|‘‘|’’")
NOT_AT_END = re.compile(r"(?:told|tells|a dit|reported|believe[sd]?)$", re.IGNORECASE)
BETWEEN = r"(?:\s+(?!and\b|but\b)[\w'’.-]+){0,5}?\s*"
LONGEST = 600  # characters of a clause; more is a list or a broken sentence
SHORTEST = 4  # words
AT_END = re.compile(r"[\s.!?…]+$")


@dataclass(frozen=True, slots=True)
class _Pattern:
    opening: re.Pattern[str]
    closing: re.Pattern[str]


def _patterns(language: str) -> _Pattern | None:
    if language not in SAYING:
        return None
    saying, that = SAYING[language], THAT[language]
    return _Pattern(
        re.compile(rf"(?<![\w-])(?P<cue>{saying}){BETWEEN}(?:{that})(?![\w])\s*", re.IGNORECASE),
        re.compile(rf",\s+(?P<who>[^,;:\n]{{3,80}}?)\s+(?P<cue>{saying})\b[^,;:\n]{{0,60}}$"),
    )


PATTERNS = {language: _patterns(language) for language in SAYING}


def clauses(
    body: str,
    begins: Sequence[int],
    quoted: Sequence[Stretch],
    voices: Voices,
    language: str,
) -> Iterator[Quote]:
    """Each reported clause of a named speaker, in order; sentences with quoted words aside."""
    pattern = PATTERNS.get(language)
    if pattern is None:
        return
    ends = [stretch.end for stretch in quoted]
    for number, begin in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else len(body)
        following = bisect_right(ends, begin)
        if following < len(quoted) and quoted[following].start < end:
            continue
        if end - begin > 2 * LONGEST or MARKS.search(body, begin, end):
            continue
        found = _opened(body, begin, end, voices, pattern) or _closed(
            body, begin, end, voices, pattern
        )
        if found:
            yield found


def _opened(body: str, begin: int, end: int, voices: Voices, pattern: _Pattern) -> Quote | None:
    """ "Merkel told reporters that …": the clause goes to the end of its sentence."""
    cue = pattern.opening.search(body, begin, end)
    if cue is None:
        return None
    speaker = voices.subject(begin, cue.start())
    if speaker is None or body[begin : cue.start()].count(",") > 3:
        return None
    return _quote(body, cue.end(), end, speaker, cue["cue"])


def _closed(body: str, begin: int, end: int, voices: Voices, pattern: _Pattern) -> Quote | None:
    """ "…, Merkel said on Monday.": the clause goes from the beginning of its sentence."""
    bare = begin + len(AT_END.sub("", body[begin:end]))
    cue = pattern.closing.search(body, begin, bare)
    if cue is None or NOT_AT_END.match(cue["cue"]):
        return None
    speaker = voices.subject(cue.start("who"), cue.end("who"))
    return _quote(body, begin, cue.start(), speaker, cue["cue"]) if speaker else None


def _quote(body: str, start: int, end: int, speaker: Speaker, cue: str) -> Quote | None:
    end = start + len(AT_END.sub("", body[start:end]))
    text = body[start:end]
    if len(text.split()) < SHORTEST or len(text) > LONGEST:
        return None
    return Quote(
        start=start,
        end=end,
        text=text,
        kind="indirect",
        speaker_id=speaker.actor_id,
        speaker_name=speaker.name,
        speaker_text=speaker.text,
        reporter=None,
        cue=cue,
    )
