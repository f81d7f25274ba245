"""What the words around a name say: who acts, who is described, what is only a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from mediawatch.meaning.gazetteer import Gazetteer
from mediawatch.meaning.spots import Part, Spot

# Verbs that a town cannot do and a government can.
ACTS = (
    "said|says|say|told|tells|warn(?:s|ed)?|den(?:y|ies|ied)|reject(?:s|ed)?|announce[sd]?|"
    "accuse[sd]?|claim(?:s|ed)?|insist(?:s|ed)?|demand(?:s|ed)?|want(?:s|ed)?|hope[sd]?|"
    "agree[sd]?|refuse[sd]?|respond(?:s|ed)?|repl(?:y|ies|ied)|call(?:s|ed)? (?:for|on)|"
    "urge[sd]?|back(?:s|ed)?|support(?:s|ed)?|oppose[sd]?|condemn(?:s|ed)?|welcome[sd]?|"
    "threaten(?:s|ed)?|vow(?:s|ed)?|pledge[sd]?|offer(?:s|ed)?|propose[sd]?|plan(?:s|ned)?|"
    "decide[sd]?|approve[sd]?|impose[sd]?|expel(?:s|led)?|recall(?:s|ed)?|summon(?:s|ed)?|"
    "recogni[sz]e[sd]?|consider(?:s|ed)?|see[sn]?|saw|view(?:s|ed)?|believe[sd]?|fear(?:s|ed)?|"
    "suspend(?:s|ed)?|sign(?:s|ed)?|send(?:s)?|sent|deploy(?:s|ed)?|seek(?:s)?|sought|"
    "retaliate[sd]?|react(?:s|ed)?|declare[sd]?|confirm(?:s|ed)?|admit(?:s|ted)?|invade[sd]?|"
    "annex(?:es|ed)?|hold(?:s)?|regard(?:s|ed)?|decline[sd]? to|fail(?:s|ed)? to|"
    "a (?:dit|annoncé|rejeté|accusé|averti|déclaré|estimé|affirmé|condamné|refusé|appelé)|"
    "dit|annonce|rejette|accuse|avertit|déclare|estime|affirme|dément|condamne|refuse|veut"
)
AFTER_ACTOR = re.compile(
    rf"[,]?\s+(?:(?:has|have|had|will|would|may|might|could|did|does|also|again|is|was|officially|"
    rf"repeatedly|quickly|publicly|not|to|now|since)\s+){{0,3}}(?:{ACTS})\b"
)
OWNED_BY_ACTOR = re.compile(
    r"['’](?:s)?\s+(?:\w+\s+)?(?:concerns?|position|stance|demands?|claims?|policy|policies|"
    r"government|ambassador|envoy|troops|army|forces|military|allies|ally|interests?|decision|"
    r"response|offer|proposals?|plans?|threats?|support|relations|ties|view|ambitions|goals?)\b"
)
# Towards a government one has ties, pressure, talks; in a town one is.
BEFORE_ACTOR = re.compile(
    r"\b(?:with|against|between|pressure on|sanctions on|ties to|threat from|blamed|accused?|"
    r"urged?|warned?|allow(?:s|ed)?|bringing|brings|brought|pits?|avec|contre|entre)\s+"
    r"(?:[A-Z][\w.]+,?\s+(?:and|et)\s+)?$"
)
NEXT_IS_ACTOR = re.compile(r"(?:,? (?:and|et) )")
SENTENCE_START = re.compile(r"(?:^|[.!?…:;]['\"”’»)]*\s+|\n\s*)[“\"«‘(]?\s*$")
GROUP_AFTER = re.compile(
    r"['”\"’]*\s+(?:leaders?|members?|summit|meeting|partners?|nations?|countries|allies|alliance|"
    r"grouping|group|states|ministers?|pact|talks|partnership|security|foreign)\b"
)
FIRM_AFTER = re.compile(
    r"(?:['’]s)?\s+(?:shares?|stock|executives?|CEO|chief|said|says|announced|spokes\w+|plc|Inc|"
    r"Corp|sales|profits?|workers|employees|customers|devices?|users)\b"
)
HONORIFIC = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|President|Minister|Premier|Chancellor|Secretary|Senator|Sen|Gov|"
    r"Governor|King|Queen|Prince|Princess|Pope|General|Gen|Chairman|Leader|leader|chief|Sir|Lord|"
    r"M|Mme|président|ministre|chancelière?|candidate|Comrade|Herr|Frau)\.?\s+)$"
)
# Office nouns and the class of office in the list.
OFFICES = {
    "president": "head_of_state",
    "prime minister": "head_of_government",
    "premier": "head_of_government",
    "chancellor": "head_of_government",
    "leader": "leader",
    "king": "head_of_state",
    "queen": "head_of_state",
    "emperor": "head_of_state",
    "foreign minister": "foreign_minister",
    "foreign secretary": "foreign_minister",
    "secretary of state": "foreign_minister",
    "defence minister": "defence_minister",
    "defense minister": "defence_minister",
    "defence secretary": "defence_minister",
    "defense secretary": "defence_minister",
    "finance minister": "finance_minister",
    "interior minister": "interior_minister",
}
OFFICES_FR = {
    "président": "head_of_state",
    "présidente": "head_of_state",
    "premier ministre": "head_of_government",
    "première ministre": "head_of_government",
    "chancelier": "head_of_government",
    "chancelière": "head_of_government",
    "dirigeant": "leader",
    "dirigeante": "leader",
    "roi": "head_of_state",
    "reine": "head_of_state",
    "ministre des affaires étrangères": "foreign_minister",
    "ministre de la défense": "defence_minister",
}


def _words(offices: dict[str, str]) -> str:
    return "|".join(sorted(offices, key=len, reverse=True))


AFTER_DEMONYM = re.compile(
    rf"(?:['’]s?)?\s+({_words(OFFICES)})\b(?!-|['’]s (?:office|wife))", re.IGNORECASE
)
BEFORE_COUNTRY = re.compile(rf"\b({_words(OFFICES)}) of (?:the )?$", re.IGNORECASE)
BEFORE_DEMONYM_FR = re.compile(rf"\b({_words(OFFICES_FR)}) $", re.IGNORECASE)
NOT_IN_OFFICE = re.compile(
    r"\b(?:former|ex|late|then|next|future|vice|deputy|acting|would-be|first|last|new|previous|"
    r"old|ancien|ancienne|futur|vice-|a|an|any|every|no|un|une)[ -]$",
    re.IGNORECASE,
)
A_NAME_FOLLOWS = re.compile(r",?\s+[A-Z][\w'’-]+")


def speaks_for_government(text: str, start: int, end: int) -> bool:
    """Whether a town at this place stands for the government that sits in it."""
    after, before = text[end : end + 80], text[max(0, start - 40) : start]
    if AFTER_ACTOR.match(after) and not re.search(r"\b(?:in|at|from|near)\s+$", before):
        return True
    return bool(OWNED_BY_ACTOR.match(after) or BEFORE_ACTOR.search(before))


def starts_sentence(text: str, start: int) -> bool:
    """Whether the capital at this place may be owed to the sentence."""
    return bool(SENTENCE_START.search(text, max(0, start - 8), start)) or start == 0


def is_group_here(text: str, start: int, end: int) -> bool:
    """Whether a common word with a capital ("Quad") is the name of a grouping here."""
    return bool(GROUP_AFTER.match(text, end)) or not starts_sentence(text, start)


def is_firm_here(text: str, end: int) -> bool:
    """Whether the words after a common word show that a company is meant."""
    return bool(FIRM_AFTER.match(text, end))


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a single name is neither a part of a longer one nor of another word."""
    if re.match(r"['’‘](?!s\b)\w|-\w|\s+[A-Z][a-z]", text[end : end + 4]):
        return False
    before = text[max(0, start - 24) : start]
    if re.search(r"[A-Za-z]-$", before):
        return False
    capital = re.search(r"\b([A-Z][\w.'’-]*) $", before)
    return not capital or bool(HONORIFIC.search(before)) or starts_sentence(text, start)


def descriptions(
    part: Part, spots: Sequence[Spot], gazetteer: Gazetteer, day: date | None
) -> Iterator[Spot]:
    """People described by country and office: "the Russian president", on a day."""
    if day is None:
        return
    for spot in spots:
        if spot.part != part.name or spot.actor is None or spot.actor.kind != "country":
            continue
        found = _described(part.text, spot)
        if found is None:
            continue
        start, end, office = found
        if office == "leader":
            office = gazetteer.leaders.get(spot.actor.actor_id, "head_of_state")
        person = gazetteer.holder(spot.actor.actor_id, office, day)
        if person:
            yield Spot(part.name, start, end, "person", person, "description")


def _described(text: str, spot: Spot) -> tuple[int, int, str] | None:
    after = AFTER_DEMONYM.match(text, spot.end)
    if after:
        start, end, office = spot.start, after.end(), OFFICES[after[1].lower()]
    else:
        before = text[max(0, spot.start - 50) : spot.start]
        of = BEFORE_COUNTRY.search(before)
        french = BEFORE_DEMONYM_FR.search(before) if spot.via == "demonym" else None
        if of:
            office, length = OFFICES[of[1].lower()], len(before) - of.start()
        elif french:
            office, length = OFFICES_FR[french[1].lower()], len(before) - french.start()
        else:
            return None
        start, end = spot.start - length, spot.end
    if NOT_IN_OFFICE.search(text[max(0, start - 12) : start]) or A_NAME_FOLLOWS.match(text, end):
        return None
    return start, end, office
