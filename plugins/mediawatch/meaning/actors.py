"""Every mention of an actor in a text: the tagger's finds and the list's, brought together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from mediawatch.meaning import belief, context, people, shapes
from mediawatch.meaning.gazetteer import Actor, Gazetteer
from mediawatch.meaning.spots import (
    Part,
    Spot,
    Taken,
    in_order,
    local_actor,
    longest_first,
    meeting,
    trimmed,
)
from mediawatch.model import Mention

RULES = "actors-2"
COMPASS = re.compile(
    r"(?:the )?(?:Far |Mid(?:dle)? )?(?:North|South|East|West)(?:ern)?"
    r"(?:[- ]?(?:East|West)(?:ern)?)?\s*"
)
ORGANISATIONAL = {"organisation", "grouping"}
JOINED = re.compile(r"\s*(?:,|;|/|\band\b|\bet\b)\s*")
ACRONYM = re.compile(r"\s*\((?:the )?([A-Z][A-Za-z&.]{1,9})\)")
CORPORATE = re.compile(
    r"[\s,]*(?:Inc|Corp|Co|Ltd|LLC|plc|PLC|AG|SA|NV|Group|Company|Corporation)\.?", re.IGNORECASE
)


def mentions(
    parts: Sequence[Part], language: str, day: date | None, gazetteer: Gazetteer, *, tagger: bool
) -> tuple[Mention, ...]:
    """All mentions in title and body.

    ``day`` is when the text was published; without one, descriptions such as "the Russian
    president" name nobody. ``tagger`` says whether ``Part.tagged`` was really asked for.
    """
    found = {part.name: gazetteer.find(part.text, language) for part in parts}
    countries = belief.countries(found)
    spots: list[Spot] = []
    for part in parts:
        known = list(belief.known(part, found[part.name], countries, tagger=tagger))
        spots += shapes.shaped(_merged(part, known), part, tagger=tagger)
    spots = _votes(spots, parts)
    if tagger:
        spots += _repeated(spots, parts)
    spots = people.resolve(in_order(spots), parts, gazetteer, countries)
    spots = _named(spots, parts, gazetteer, countries, language)
    for part in parts:
        spots += context.descriptions(part, spots, gazetteer, day)
    texts = {part.name: part.text for part in parts}
    return tuple(_mention(spot, texts[spot.part]) for spot in in_order(_once(spots)))


def _tagged(part: Part) -> Iterator[Spot]:
    """The tagger's finds, cut at line breaks, without articles and possessives."""
    for tagged in part.tagged:
        start = tagged.start
        for line in part.text[tagged.start : tagged.end].split("\n"):
            first, last = trimmed(part.text, start, start + len(line))
            start += len(line) + 1
            surface = part.text[first:last]
            if COMPASS.fullmatch(surface) and " " not in surface:
                continue  # "the West" is neither a country nor a person
            if sum(c.isalpha() for c in surface) > 1 and any(c.isupper() for c in surface):
                yield Spot(part.name, first, last, tagged.kind)


def _merged(part: Part, known: Sequence[Spot]) -> list[Spot]:
    """Tagger and list as one set of places: the longer find wins, the list names it."""
    listed = longest_first(part, known)
    starts = [spot.start for spot in listed]
    spots: list[Spot] = []
    dropped: set[Spot] = set()
    for tagged in _tagged(part):
        within = meeting(tagged, listed, starts)
        if not within:
            spots.append(tagged)
        elif (
            any(s.covers(tagged) for s in within)
            or _is_shouted(part.text, tagged)
            or _is_list(part.text, tagged, within)
            or any(_is_core(part.text, tagged, s) for s in within)
        ):
            continue
        elif all(tagged.covers(s) for s in within) or tagged.length > max(s.length for s in within):
            dropped |= {s for s in within if not shapes.names_state(part.text, tagged, s)}
            spots.append(tagged)
    states = [
        c
        for c in known
        if c.kind == "country" and any(shapes.names_state(part.text, s, c) for s in listed)
    ]
    return spots + [s for s in listed if s not in dropped] + states


def _is_shouted(text: str, tagged: Spot) -> bool:
    """Whether the name stands in words that are all capitals, where its ends are a guess."""
    surface = text[tagged.start : tagged.end]
    return " " in surface and surface.isupper()


def _is_list(text: str, tagged: Spot, within: Sequence[Spot]) -> bool:
    """Whether the tagger took several listed names ("Paris, France") for one."""
    rest = text[tagged.start : tagged.end]
    for spot in within:
        rest = rest.replace(text[spot.start : spot.end], "", 1)
    return len(within) > 1 and not JOINED.sub("", rest).strip()


def _is_core(text: str, tagged: Spot, spot: Spot) -> bool:
    """Whether the tagged name is the listed one with a title before or "Inc." after it."""
    if not tagged.covers(spot):
        return False
    before, after = text[tagged.start : spot.start], text[spot.end : tagged.end]
    if spot.kind == "country":
        return not after and bool(COMPASS.fullmatch(before))
    if spot.kind == "person" and tagged.kind == "person":
        return not after and bool(context.HONORIFIC.search(before))
    return spot.kind == "organisation" and not before and bool(CORPORATE.fullmatch(after))


def _votes(spots: Sequence[Spot], parts: Sequence[Part]) -> list[Spot]:
    """One name is one kind throughout a text: what most of its places say."""
    texts = {part.name: part.text for part in parts}
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for spot in spots:
        if spot.actor is None:
            votes[texts[spot.part][spot.start : spot.end]][spot.kind] += 1
    settled: list[Spot] = []
    for spot in spots:
        if spot.actor is None:
            ((kind, _),) = votes[texts[spot.part][spot.start : spot.end]].most_common(1)
            spot = replace(spot, kind=kind)  # noqa: PLW2901
        settled.append(spot)
    return settled


def _repeated(spots: Sequence[Spot], parts: Sequence[Part]) -> list[Spot]:
    """Further places of the names that the tagger saw only once."""
    texts = {part.name: part.text for part in parts}
    kinds: dict[str, str] = {}
    seen: set[str] = set()
    for spot in spots:
        surface = texts[spot.part][spot.start : spot.end]
        # A single word seen once as a body may be a word like any other.
        sure = spot.kind == "place" or surface.isupper() or surface in seen
        body = spot.kind != "person" and (len(surface) > 3 or surface.isupper()) and sure
        if spot.actor is None and (" " in surface or body):
            kinds[surface] = spot.kind
        seen.add(surface)
    if not kinds:
        return []
    names = sorted(kinds, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    more: list[Spot] = []
    for part in parts:
        taken = Taken(part, spots)
        for found in pattern.finditer(part.text):
            spot = Spot(part.name, found.start(), found.end(), kinds[found[0]])
            if spot not in taken:
                more.append(spot)
    return more


def _named(
    spots: Sequence[Spot],
    parts: Sequence[Part],
    gazetteer: Gazetteer,
    countries: set[str],
    language: str,
) -> list[Spot]:
    """Give organisations and places that are not of the list their actor."""
    texts = {part.name: part.text for part in parts}
    acronyms: dict[str, Actor] = {}
    named: list[Spot] = []
    for spot in spots:
        if spot.actor is None:
            name = texts[spot.part][spot.start : spot.end]
            actor = _listed(name, spot.kind, gazetteer, countries) or acronyms.get(name)
            actor = actor or local_actor(name, spot.kind, _country_in(name, language, gazetteer))
            spot = replace(spot, actor=actor)  # noqa: PLW2901
        actor = spot.actor
        if actor and spot.kind in ORGANISATIONAL and " " in actor.name:
            short = ACRONYM.match(texts[spot.part], spot.end)
            if short:
                acronyms[short[1]] = actor
        named.append(spot)
    return [
        replace(s, actor=acronyms[name])
        if s.actor
        and s.actor.salience == 0
        and (name := texts[s.part][s.start : s.end]) in acronyms
        else s
        for s in named
    ]


def _country_in(name: str, language: str, gazetteer: Gazetteer) -> str | None:
    """The one country that a name holds: "Bank of France", "Italian Communist Party"."""
    found = {
        entry.actor.actor_id
        for place in gazetteer.find(name, language)
        for entry in place.entries
        if entry.actor.kind == "country"
    }
    return found.pop() if len(found) == 1 else None


def _listed(name: str, kind: str, gazetteer: Gazetteer, countries: set[str]) -> Actor | None:
    """The one listed actor of this kind with this very name, corporate endings aside."""
    if kind != "organisation":
        return None
    bare = CORPORATE.sub("", name) if CORPORATE.search(name) else name
    for form in dict.fromkeys((name, bare.strip(" ,"))):
        able = {
            e.actor.actor_id: e
            for e in gazetteer.forms(form)
            if e.actor.kind in ORGANISATIONAL
            and e.rule in ("name", "careful")
            and (e.actor.type != "political_party" or e.actor.country in countries)
        }
        chosen = belief.chosen(list(able.values()), countries)
        if chosen:
            return chosen.actor
    return None


def _once(spots: Sequence[Spot]) -> list[Spot]:
    """Without doubles of the same place and actor."""
    return list({(s.part, s.start, s.end, s.actor): s for s in spots}.values())


def _mention(spot: Spot, text: str) -> Mention:
    assert spot.actor is not None
    return Mention(
        part=spot.part,
        start=spot.start,
        end=spot.end,
        text=text[spot.start : spot.end],
        actor_id=spot.actor.actor_id,
        meant_id=spot.meant_id,
        kind=spot.actor.kind,
        name=spot.actor.name,
        via=spot.via,
        country=spot.actor.country,
    )
