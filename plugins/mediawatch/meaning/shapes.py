"""What the form of a name says: where it ends, and of what kind it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mediawatch.meaning.spots import Part, Spot, Taken

CAP = r"[A-ZÀ-ÖØ-Þ][\w'’&.-]*"
# The last word of the name of an organisation, and of a place.
BODY_NOUN = (
    "Party|Union|Movement|Institute|Association|Council|Society|Committee|Commission|Federation|"
    "Academy|University|College|School|Ministry|Department|Agency|Authority|Bureau|Bank|Fund|"
    "Foundation|Organi[sz]ation|Company|Corporation|Group|Holdings?|Airlines?|Airways|Army|Navy|"
    "Forces?|Police|Parliament|Assembly|Congress|Senate|Alliance|League|Front|Coalition|Church|"
    "Court|Tribunal|Hospital|Center|Centre|Museum|Times|Post|Journal|Tribune|Herald|Gazette|"
    "Press|News|Network|Club|Board|Trust|Service|Services|Industries|Motors?|Records|Studios|"
    "Pictures|Brigades?|Guards?|Corps|Regiment|Embassy|Office|Administration|Exchange|Chamber|"
    "Confederation|Syndicate|Orchestra|Theatre|Theater|Laborator(?:y|ies)|Systems|Partners|"
    "Government|Cabinet|Legislature|Democrats|Republicans|Conservatives|Greens|Liberals"
)
PLACE_NOUN = (
    "River|Creek|Lake|Street|Road|Avenue|Boulevard|Highway|County|Island|Islands|Valley|Bay|Park|"
    "Bridge|Airport|Village|Reservoir|Beach|Hill|Hills|Mountain|Mountains|District|Province|"
    "Peninsula|Sea|Ocean|Square|Canal|Strait|Gulf|Desert|Forest|Oblast|Governorate|Prefecture|"
    "Heights|Falls|Harbou?r|Plateau|Coast|Empire|Kingdom"
)
PLACE_BEFORE = re.compile(r"(?:Lake|Mount|Mt\.?|Cape|Fort|Gulf of|Strait of|Isle of|Bay of)$")
STATE = (
    "Ministry|Department|Army|Navy|Force|Forces|Parliament|Government|Embassy|Police|Senate|"
    "Congress|Court|Treasury|Cabinet|Military|Guard|Intelligence|House|Office|Commission|Agency|"
    "Administration|Corps|Central Bank"
)
ENDS_AS_BODY = re.compile(rf"\b(?:{BODY_NOUN})$")
ENDS_AS_PLACE = re.compile(rf"\b(?:{PLACE_NOUN})$")
OF_STATE = re.compile(rf"\b(?:{STATE})\b")
BANK_OF = re.compile(r"(?:Central |National |Reserve )?Bank of (?:the )?$")
BODY = re.compile(
    rf"(?<![\w-])(?:{CAP} (?:(?:and|of|for|de|&) )?){{1,6}}?(?:{BODY_NOUN})(?![\w-])"
    rf"(?: (?:of|for) (?:the )?{CAP}(?: {CAP}){{0,3}})?"
)
OF_NAME = re.compile(r" (?:of|for|in) (?:the )?$")
SHORT_FORM = re.compile(r"\s?\(([A-Z][\w&.-]{0,3}[A-Z][\w&.-]{0,4})\)")
COMMA = re.compile(r",\s+(?!(?:Inc|Ltd|LLC|Corp|Co|Jr|Sr|S\.A|plc|D\.C)\b)")
OWNER = re.compile(r"['’]s? (?=[A-Z])")
FIRST_WORD = re.compile(
    r"(?:The|A|An|In|On|At|But|And|For|From|As|When|While|If|This|That|His|Her|Its|Their|Our|By|"
    r"With|After|Before|Since|Under|Mr|Mrs|Ms|New|Former|Both|Some|Many|One|Two|Other)$"
)


def shaped(spots: Sequence[Spot], part: Part, *, tagger: bool) -> list[Spot]:
    """The spots of one part with their ends and kinds put right, and names by form added."""
    text = part.text
    parted = [piece for spot in spots for piece in _parted(text, spot)]
    whole = [_whole_words(text, spot) for spot in parted]
    typed = [_typed(text, spot) for spot in whole]
    joined = _joined(text, typed)
    if tagger:
        joined += _bodies(part, joined)
    return joined + list(_short_forms(part, joined))


def _parted(text: str, spot: Spot) -> Iterator[Spot]:
    """Two names that the tagger took for one: "the Reds, the Blues", "Spain's Real Union"."""
    if spot.actor is None and spot.kind == "organisation":
        surface = text[spot.start : spot.end]
        for between in (COMMA, OWNER):
            cut = between.search(surface)
            if cut is None:
                continue
            left, right = surface[: cut.start()], surface[cut.end() :]
            both = ENDS_AS_BODY.search(left) and ENDS_AS_BODY.search(right)
            if both or (between is OWNER and ENDS_AS_BODY.search(right) and " " in left):
                yield replace(spot, end=spot.start + cut.start())
                yield from _parted(text, replace(spot, start=spot.start + cut.end()))
                return
    yield spot


def _whole_words(text: str, spot: Spot) -> Spot:
    """A name that ends or begins at a hyphen takes the other half of the word in."""
    if spot.actor is not None:
        return spot
    start, end = spot.start, spot.end
    after = re.compile(r"[-–][A-ZÀ-Þ]\w+").match(text, end)
    if after:
        end = after.end()
    before = re.search(r"[A-ZÀ-Þ]\w+[-–]$", text[max(0, start - 20) : start])
    if before:
        start -= len(before[0])
    return replace(spot, start=start, end=end)


def _typed(text: str, spot: Spot) -> Spot:
    """The kind that the last word of a longer name shows."""
    surface = text[spot.start : spot.end]
    if spot.actor is not None or " " not in surface:
        return spot
    if ENDS_AS_BODY.search(surface):
        return replace(spot, kind="organisation")
    if spot.kind == "person" and ENDS_AS_PLACE.search(surface):
        return replace(spot, kind="place")
    return spot


def _joined(text: str, spots: Sequence[Spot]) -> list[Spot]:
    """A body takes in the people or country before it ("Italian" Communist Party) and the place
    after it (Party "of Wales"). A people's name stays marked where the state itself is meant.
    """
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda s: (s.start, -s.end)):
        last = kept[-1] if kept else None
        between = text[last.end : spot.start] if last else ""
        if last and last.end <= spot.start and spot.kind == "organisation" and spot.actor is None:
            if between == " " and (last.via == "demonym" or last.kind == "country"):
                longer = replace(spot, start=last.start)
                kept[-1:] = [longer, last] if names_state(text, longer, last) else [longer]
                continue
        elif (
            last
            and last.kind == "organisation"
            and last.actor is None
            and spot.kind in ("place", "country", "region")
            and OF_NAME.fullmatch(between)
            and ENDS_AS_BODY.search(text[last.start : last.end])
        ):
            kept[-1] = replace(last, end=spot.end)
            continue
        if last and last.covers(spot):
            if names_state(text, last, spot):
                kept.append(spot)
            continue
        kept.append(spot)
    return kept


def names_state(text: str, body: Spot, country: Spot) -> bool:
    """Whether a country's or people's name at the head or end of a body's name is a mention by
    itself: "Russian Foreign Ministry", "Bank of Japan".
    """
    if country.kind != "country" or not body.covers(country) or body.length == country.length:
        return False
    if country.start == body.start:
        return bool(OF_STATE.search(text[country.end : body.end]))
    if country.end != body.end:
        return False
    before = text[body.start : country.start]
    return bool(OF_NAME.search(before)) and bool(OF_STATE.search(before) or BANK_OF.match(before))


def _bodies(part: Part, spots: Sequence[Spot]) -> list[Spot]:
    """Organisations that nobody marked but whose last word says what they are."""
    more: list[Spot] = []
    taken = Taken(part, spots)
    for found in BODY.finditer(part.text):
        start, end = found.span()
        first = found[0].split()[0]
        while FIRST_WORD.match(first) and start < end:
            start += len(first) + 1
            rest = part.text[start:end].split()
            first = rest[0] if rest else ""
        spot = Spot(part.name, start, end, "organisation")
        if " " in part.text[start:end].strip() and spot not in taken:
            more.append(spot)
    return more


def _short_forms(part: Part, spots: Sequence[Spot]) -> Iterator[Spot]:
    """The short form in brackets after an organisation's name: "Blue Party (BP)"."""
    taken = Taken(part, spots)
    for spot in spots:
        if spot.kind not in ("organisation", "grouping"):
            continue
        found = SHORT_FORM.match(part.text, spot.end)
        if found and found[1][0] in part.text[spot.start : spot.end]:
            short = Spot(part.name, found.start(1), found.end(1), "organisation")
            if short not in taken:
                yield short
