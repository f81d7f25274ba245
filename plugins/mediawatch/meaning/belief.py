"""Which finds of the list may be believed at their place in the text, and which one is meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mediawatch.meaning import context
from mediawatch.meaning.gazetteer import Actor, Entry, Found, fold
from mediawatch.meaning.people import ALSO_PEOPLE
from mediawatch.meaning.spots import Part, PartName, Spot, trimmed

# A city stands for itself from this size on; a smaller one only where its country is in the text.
KNOWN_CITY = 300_000
# Of several cities of one name the largest is meant when it is so many times larger.
LARGER = 3
BODY_OF_STATE = re.compile(
    r"\b(?:Department|Ministry|Court|Congress|Senate|Parliament|House|Army|Navy|Force|Forces|Guard|"
    r"Police|Party|Commission|Agency|Council|Bank|Corps|Service|Administration|Reserve)\b"
)
RANK = {"country": 5, "grouping": 4, "organisation": 3, "person": 3, "place": 2, "region": 1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name was found. ``exact`` and ``around``: what the tagger says of just this
    stretch, and of the stretch that it lies in; ``tagger``: whether it was asked at all;
    ``within``: the regions named after it and a comma, as in "Portland, Oregon".
    """

    text: str
    start: int
    end: int
    exact: str | None
    around: str | None
    tagger: bool
    within: tuple[str, ...] = ()

    @property
    def surface(self) -> str:
        """The words of the text."""
        return self.text[self.start : self.end]


def countries(found: Mapping[PartName, Sequence[Found]]) -> set[str]:
    """The countries that are in the text by name, people, region or seat of power.

    A name that two countries share ("Georgia" is a state of one of them) speaks for neither.
    """
    here: set[str] = set()
    for places in found.values():
        for place in places:
            named = {
                entry.actor.country
                for entry in place.entries
                if entry.actor.country
                and (entry.actor.kind in ("country", "region") or entry.meant_id or entry.subject)
            }
            if len(named) == 1:
                here |= named
    return here


def known(part: Part, found: Sequence[Found], here: set[str], *, tagger: bool) -> Iterator[Spot]:
    """The finds that may be believed, each with the one actor that is meant.

    ``here`` are the countries of the text.
    """
    exact = {trimmed(part.text, t.start, t.end): t.kind for t in part.tagged}
    starts = [t.start for t in part.tagged]
    owners = {match.end: named for match in found if (named := _country(match)) is not None}
    regions = {
        match.start: tuple(e.actor.name for e in match.entries if e.actor.kind == "region")
        for match in found
    }
    for match in found:
        before = bisect_right(starts, match.start) - 1
        holder = part.tagged[before] if before >= 0 else None
        around = holder.kind if holder and match.end <= holder.end else None
        place = Place(
            part.text,
            match.start,
            match.end,
            exact.get((match.start, match.end)),
            around,
            tagger,
            regions.get(match.end + 2, ()) if part.text.startswith(", ", match.end) else (),
        )
        owner = owners.get(match.start - 1)
        able = [
            e
            for e in match.entries
            if _believed(place, e, here) and not _of_another_state(place.surface, e.actor, owner)
        ]
        entry = chosen(able, here)
        if entry is None:
            continue
        meant = entry.meant_id
        if entry.subject and not context.speaks_for_government(part.text, place.start, place.end):
            meant = None
        start = place.start
        if entry.rule == "short":
            start -= _given_name(part.text, start, entry.actor)
        yield Spot(
            part.name,
            start,
            place.end,
            entry.actor.kind,
            entry.actor,
            "demonym" if entry.rule == "demonym" else "name",
            meant,
            short=entry.rule == "short" and start == place.start,
        )


def _country(match: Found) -> str | None:
    """The country that a name or a people's name stands for, when it is one only."""
    named = {e.actor.actor_id for e in match.entries if e.actor.kind == "country"}
    return named.pop() if len(named) == 1 else None


def _of_another_state(surface: str, body: Actor, owner: str | None) -> bool:
    """Whether the country just before the name of a body of state is not the body's own:
    "Philippine Justice Department" is none of the United States.
    """
    if owner is None or body.country is None or owner == body.country:
        return False
    return body.kind == "organisation" and bool(BODY_OF_STATE.search(surface))


def _believed(place: Place, entry: Entry, here: set[str]) -> bool:
    actor = entry.actor
    if entry.rule == "demonym":
        return True
    if actor.kind == "country" or entry.subject:
        return not (place.exact == "person" and fold(place.surface) in ALSO_PEOPLE)
    if actor.kind == "region":
        return _region(place, entry, here)
    if actor.type == "city":
        return _city(place, actor, here)
    if actor.kind == "person":
        return _person(place, entry, here)
    return _organisation(place, entry, here)


def _city(place: Place, city: Actor, here: set[str]) -> bool:
    if place.within:
        return city.region in place.within
    if city.country not in here and city.population < KNOWN_CITY:
        return False
    if place.tagger:
        return place.around == "place"
    return city.country in here and not context.starts_sentence(place.text, place.start)


def _region(place: Place, entry: Entry, here: set[str]) -> bool:
    if place.tagger:
        return place.around == "place" or (" " in place.surface and place.around is None)
    return entry.actor.country in here and not context.starts_sentence(place.text, place.start)


def _person(place: Place, entry: Entry, here: set[str]) -> bool:
    if entry.rule == "short":
        alone = context.stands_alone(place.text, place.start, place.end)
        given = _given_name(place.text, place.start, entry.actor)
        return place.around == "person" or (place.around is None and (alone or given > 0))
    if " " not in place.surface and place.surface.isascii():
        return place.around == "person" and entry.actor.salience == 3
    return entry.actor.salience == 3 or (
        entry.actor.country in here and place.around in ("person", None)
    )


def _given_name(text: str, start: int, actor: Actor) -> int:
    """The length of a person's own given name, with its blank, just before a short name."""
    given = actor.name.split()[0]
    before = text[max(0, start - len(given) - 1) : start]
    return len(before) if fold(before) == f"{fold(given)} " else 0


def _organisation(place: Place, entry: Entry, here: set[str]) -> bool:
    actor = entry.actor
    if entry.rule == "careful":
        if actor.kind == "grouping":
            capital = place.surface[0].isupper()
            return capital and context.is_group_here(place.text, place.start, place.end)
        if actor.salience < 3:
            return place.exact == "organisation"
        return place.exact == "organisation" or context.is_firm_here(place.text, place.end)
    if actor.salience == 3 or entry.meant_id:
        return True
    if (actor.type == "political_party" or entry.rule == "exact") and actor.country not in here:
        return False  # many parties share a name, many small bodies an abbreviation
    return place.exact == "organisation"


def chosen(entries: Sequence[Entry], here: set[str]) -> Entry | None:
    """The one entry that is meant; None when several are equally likely."""
    if not entries:
        return None

    states = [e for e in entries if e.actor.kind == "region" and e.actor.country in here]
    if states and not any(e.actor.country in here for e in entries if e not in states):
        return states[0]

    def weight(entry: Entry) -> tuple[int, int, bool, bool]:
        actor = entry.actor
        salience = 9 if entry.meant_id or entry.subject else actor.salience
        rank = RANK.get(actor.kind, 0) * (salience >= 3)
        return (rank, salience, actor.country in here, actor.type == "city")

    top = max(map(weight, entries))
    best = {entry.actor.actor_id: entry for entry in entries if weight(entry) == top}
    first, *others = sorted(best.values(), key=lambda e: -e.actor.population)
    clear = all(e.actor.population * LARGER <= first.actor.population for e in others)
    return first if not others or (first.actor.population and clear) else None
