"""The list of known actors, and where their names stand in a text.

Names are found by one Aho-Corasick automaton over folded text (small letters, no accents, one
kind of apostrophe; the same length, so that offsets hold), then each find is checked against
the text itself: whole words, capitals where the name needs them, the language of the name.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import ahocorasick

from mediawatch.errors import InputError
from mediawatch.meaning.lists import Row, read_list

# name: anywhere. exact: with these very capitals. careful: a common word, only in context.
# short: one name of a well-known person. demonym: names the country of a people.
Rule: TypeAlias = Literal["name", "exact", "careful", "short", "demonym"]


@dataclass(frozen=True, slots=True)
class Actor:
    """One entry of the list. ``country`` is the id of a country; salience 3 is the most known.

    A city has its ``population``, its ``point`` (latitude, longitude in degrees) and, in a
    federation whose states are written after it ("Portland, Oregon"), its ``region``.
    """

    actor_id: str
    kind: str
    name: str
    country: str | None = None
    iso2: str | None = None
    type: str = ""
    salience: int = 3
    region: str = ""
    population: int = 0
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of a name. ``meant_id`` is who a seat of power speaks for.

    ``subject``: a town that speaks for its government only where it acts or says something.
    """

    actor: Actor
    form: str
    rule: Rule
    language: str | None = None
    meant_id: str | None = None
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in an office. An open end is open as of the day of its list."""

    actor_id: str
    country: str
    office: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the text that some entries name."""

    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Gazetteer:
    """The whole list, ready for matching. Made by :func:`load`; not changed after that."""

    actors: dict[str, Actor] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    version: str = ""
    _forms: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _terms: defaultdict[tuple[str, str], list[Term]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _automaton: Any = None

    def add(self, entry: Entry) -> None:
        """Add one form of a name; a form of one character is left out."""
        folded = fold(entry.form)
        if len(folded) > 1 or not folded.isascii():
            self._forms[folded].append(entry)

    def add_term(self, term: Term) -> None:
        """Add a time in office."""
        self._terms[term.country, term.office].append(term)

    def close(self) -> None:
        """Build the automaton, once every form has been added."""
        self._automaton = ahocorasick.Automaton()
        for folded, entries in self._forms.items():
            self._automaton.add_word(folded, (len(folded), tuple(entries)))
        if self._forms:
            self._automaton.make_automaton()

    def entries(self) -> Iterator[Entry]:
        """Every form of every name."""
        for entries in self._forms.values():
            yield from entries

    def forms(self, name: str) -> tuple[Entry, ...]:
        """The entries whose form is this name, letter case and accents aside."""
        return tuple(self._forms.get(fold(name), ()))

    def find(self, text: str, language: str) -> list[Found]:
        """Every known name in the text, overlapping ones too, in the order of their ends."""
        if not self._forms:
            return []
        folded = fold(text)
        shouted = not any(c.islower() for c in text)
        whispered = not any(c.isupper() for c in text)
        found: list[Found] = []
        for last, (length, entries) in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if not _whole_word(folded, start, end):
                continue
            surface = text[start:end]
            fitting = tuple(
                entry
                for entry in entries
                if entry.language in (None, language)
                and _fits(entry, surface, shouted=shouted, whispered=whispered)
            )
            if fitting:
                found.append(Found(start, end, fitting))
        return found

    def holder(self, country: str, office: str, day: date) -> Actor | None:
        """Who held an office on a day; None when nobody, or more than one, is known to."""
        on = day.isoformat()
        held = [
            term.actor_id
            for term in self._terms.get((country, office), ())
            if term.start <= on and (not term.end or on <= term.end.strip("~?") + "~")
        ]
        # Lists disagree on ends: of two, the one who came later is in office.
        if len(set(held)) > 1:
            newest = max(
                (t for t in self._terms[country, office] if t.actor_id in held and t.start <= on),
                key=lambda t: t.start,
            )
            held = [newest.actor_id]
        return self.actors.get(held[0]) if held else None

    def held(self, actor_id: str, country: str, offices: Iterable[str], day: date | None) -> bool:
        """Whether somebody held one of these offices (on that day, when a day is given)."""
        on = day.isoformat() if day else None
        return any(
            term.actor_id == actor_id
            and (on is None or (term.start <= on and (not term.end or on <= term.end.strip("~?"))))
            for office in offices
            for term in self._terms.get((country, office), ())
        )


@cache
def load(folder: Path, aliases: tuple[tuple[str, str], ...] = ()) -> Gazetteer:
    """The list of ``seeds/actors/``, once a process; ``aliases`` are further (actor id, name).

    Raises:
        InputError: a file is missing, or a row cannot be used; the text names file and line.
    """
    made = Gazetteer()
    countries = read_list(folder, "countries")
    ids = {row["iso3"]: row["actor_id"] for row in countries}
    for row in countries:
        _add_country(made, row)
    for name in ("groupings", "places", "organisations", "persons"):
        for row in read_list(folder, name):
            _add_actor(made, row, ids, "person" if name == "persons" else row["kind"])
    for row in read_list(folder, "cities"):
        _add_city(made, row, ids, folder)
    for row in read_list(folder, "metonyms"):
        _add_metonym(made, row, ids)
    for row in read_list(folder, "offices"):
        country = ids.get(row["country"])
        if country and row["actor_id"] in made.actors:
            made.add_term(
                Term(row["actor_id"], country, row["office_class"], row["start"], row["end"])
            )
    for actor_id, form in aliases:
        if actor_id in made.actors:
            made.add(Entry(replace(made.actors[actor_id], salience=3), form, "name"))
    made.version = _version(folder)
    made.close()
    return made


def _version(folder: Path) -> str:
    return (folder / "VERSION").read_text(encoding="utf-8").strip()


def _add_country(made: Gazetteer, row: Row) -> None:
    actor = Actor(row["actor_id"], "country", row["name"], row["actor_id"], row["iso2"] or None)
    made.actors[actor.actor_id] = actor
    made.leaders[actor.actor_id] = row["leader"]
    made.add(Entry(actor, row["name"], "name"))
    for alias in parts(row["aliases"]):
        made.add(Entry(actor, alias, "name"))
    for alias in parts(row["exact"]):
        made.add(Entry(actor, alias, "exact"))
    for label in parts(row["labels"]):
        language, _, form = label.partition("=")
        made.add(Entry(actor, form, "name", language if form[0] < "\u0250" else None))
    for demonym in parts(row["demonyms"]):
        language, mark, form = demonym.rpartition("=")
        made.add(Entry(actor, form, "demonym", language if mark else "en"))


def _add_actor(made: Gazetteer, row: Row, ids: dict[str, str], kind: str) -> None:
    actor = Actor(
        actor_id=row["actor_id"],
        kind=kind,
        name=row["name"],
        country=ids.get(row["country"]),
        type=row.get("type", ""),
        salience=int(row["salience"] or 1),
    )
    made.actors[actor.actor_id] = actor
    forms: dict[str, Rule] = {}
    columns: tuple[tuple[str, Rule], ...] = (
        ("careful", "careful"),
        ("exact", "exact"),
        ("short", "short"),
        ("aliases", "name"),
    )
    for column, rule in columns:
        for form in parts(row.get(column, "")):
            forms.setdefault(form, rule)
    forms.setdefault(actor.name, "name")
    for form, rule in forms.items():
        made.add(Entry(actor, form, rule))


def _add_city(made: Gazetteer, row: Row, ids: dict[str, str], folder: Path) -> None:
    try:
        point = (float(row["latitude"]), float(row["longitude"]))
        population = int(row["population"])
    except ValueError:
        raise InputError(
            f"{folder / 'cities.tsv'}, {row['name']}: population, latitude and longitude must be"
            " numbers"
        ) from None
    actor = Actor(
        actor_id=row["actor_id"],
        kind="place",
        name=row["name"],
        country=ids.get(row["country"]),
        type="city",
        salience=1,
        region=row["region"],
        population=population,
        point=point,
    )
    made.actors[actor.actor_id] = actor
    for form in (actor.name, *parts(row["aliases"])):
        made.add(Entry(actor, form, "name"))


def _add_metonym(made: Gazetteer, row: Row, ids: dict[str, str]) -> None:
    actor = made.actors.get(row["actor_id"])
    if actor is None or actor.kind == "region":
        actor = Actor(row["actor_id"], row["kind"], row["name"], ids.get(row["country"]))
    elif actor.type == "city":
        actor = replace(actor, name=row["name"], salience=3)
    made.actors[actor.actor_id] = actor
    made.add(
        Entry(
            actor,
            row["text"],
            "exact" if row["text"].isupper() else "name",
            meant_id=row["meant_id"] or None,
            subject=row["use"] == "subject",
        )
    )


def parts(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return [part for part in cell.split("|") if part]


def _folding() -> dict[int, str]:
    table = {ord(c): "'" for c in "’‘ʼ`´"} | {ord(c): "-" for c in "‐‑–"}
    table |= {ord(c): " " for c in "\n\t\u00a0\u2009\u202f"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if plain.isascii() and plain.isalpha():
            table[code] = plain
    return table | {ord("ø"): "o", ord("Ø"): "o", ord("ł"): "l", ord("Ł"): "l", ord("ı"): "i"}


FOLDING = _folding()


def fold(text: str) -> str:
    """The text in small letters without accents, character for character."""
    folded = text.translate(FOLDING)
    lowered = folded.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def spaced(char: str) -> bool:
    """Whether a character belongs to a script that puts blanks between words."""
    return char.isalnum() and not ("\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\ud7ff")


def _whole_word(folded: str, start: int, end: int) -> bool:
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    return not (
        (spaced(before) and spaced(folded[start])) or (spaced(after) and spaced(folded[end - 1]))
    )


def _fits(entry: Entry, surface: str, *, shouted: bool, whispered: bool) -> bool:
    """Whether the capitals of the text allow this entry."""
    form = entry.form
    if entry.rule == "exact":
        # British papers write Aukus and Nato; two and three letters stay capitals.
        return surface == form or (len(form) > 3 and form.isupper() and surface == form.title())
    if entry.language and form[:1].islower():
        return True
    if not surface[0].isalpha() or surface[0].lower() == surface[0].upper():
        return True
    if whispered:
        return " " in form or entry.actor.kind == "country"
    if surface[0].islower():
        return form[0].islower() and " " in form
    if len(surface) < 4 and surface.isupper() and not form.isupper():
        return shouted  # "MALI" is a country in capitals, "XI" more often a number
    return True
