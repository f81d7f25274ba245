"""Who is who within one text: full names first, then the parts of names that go back to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mediawatch.meaning.context import stands_alone
from mediawatch.meaning.gazetteer import Actor, Gazetteer, fold
from mediawatch.meaning.spots import Part, Spot, Taken, local_actor

FAMILY_FIRST = {"Q148", "Q884", "Q423", "Q881", "Q865", "Q17", "Q424"}
# Names of countries and places that people bear as well.
ALSO_PEOPLE = {
    *("jordan", "georgia", "chad", "israel", "india", "kenya", "victoria", "florence", "sofia"),
    *("virginia", "dakota", "austin", "houston", "paris", "washington", "lincoln", "chelsea"),
    *("cyprus", "troy", "ireland", "london", "berlin", "hamilton", "montana", "carolina"),
}
PLACED = re.compile(r"\b(?:in|at|from|to|of|near|across|through|outside)\s+$")
SUFFIX = {"jr", "sr", "ii", "iii", "iv"}
TITLES = {
    *("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lord", "lady", "president", "premier"),
    *("minister", "secretary", "senator", "sen", "rep", "gov", "governor", "king", "queen"),
    *("prince", "princess", "pope", "general", "gen", "col", "capt", "sgt", "judge", "justice"),
    *("chancellor", "chairman", "representative", "congressman", "mayor", "mme", "sheikh", "vice"),
}
PARTICLES = {"de", "del", "der", "van", "von", "bin", "ibn", "al", "el", "la", "le", "da", "di"}


def words(name: str) -> list[str]:
    """The folded words of a name without titles, initials and "Jr."."""
    parts = [part.strip(".,()\"'") for part in fold(name).split()]
    while len(parts) > 1 and parts[0] in TITLES:
        parts = parts[1:]
    return [p for n, p in enumerate(parts) if p and p not in SUFFIX and (len(p) > 1 or n == 0)]


def linked(name: str, gazetteer: Gazetteer, countries: set[str]) -> Actor | None:
    """The one person of the list whose full name this is, or None."""
    tried = [name, " ".join(words(name))]
    for form in dict.fromkeys(tried):
        people = {
            e.actor.actor_id: e.actor
            for e in gazetteer.forms(form)
            if e.actor.kind == "person" and e.rule == "name"
        }
        found = best(people.values(), countries)
        if found:
            return found
    return None


def best(people: Iterable[Actor], countries: set[str]) -> Actor | None:
    """The one person of several of the same name who can be meant, or None.

    A person who is not well known is meant only where their country is in the text.
    """
    able = [p for p in people if p.salience == 3 or p.country in countries]
    if len(able) > 1:
        near = [p for p in able if p.country in countries]
        able = near or able
    if len(able) > 1:
        top = max(p.salience for p in able)
        able = [p for p in able if p.salience == top]
    return able[0] if len(able) == 1 else None


class Register:
    """The people of one text, by the words of their names."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], Actor] = {}
        self._by_word: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)

    def add(self, name: str, actor: Actor) -> None:
        """Remember a full name."""
        key = tuple(words(name))
        if len(key) > 1 and key not in self._names:
            self._names[key] = actor
            for word in key:
                self._by_word[word].add(key)

    def who(self, name: str) -> Actor | None:
        """Whom a shorter form means: the only person here whose name it is a part of."""
        asked = words(name)
        if not asked:
            return None
        keys = set.intersection(*(self._by_word.get(word, set()) for word in asked))
        last = {key for key in keys if key[-len(asked) :] == tuple(asked)}
        people = {self._names[key].actor_id: self._names[key] for key in last or keys}
        return next(iter(people.values())) if len(people) == 1 else None

    def ambiguous(self, name: str) -> bool:
        """Whether a shorter form is a part of several people's names."""
        asked = words(name)
        keys = (
            set.intersection(*(self._by_word.get(word, set()) for word in asked)) if asked else ()
        )
        return len({self._names[key].actor_id for key in keys}) > 1

    def single_names(self) -> dict[str, Actor]:
        """The words that alone go back to one person here: last names, and given names in
        countries that put the family first.
        """
        found: dict[str, Actor] = {}
        for key, actor in self._names.items():
            own = key if actor.country in FAMILY_FIRST else key[-1:]
            for word in own:
                if (
                    len(word) > 3
                    and len({self._names[k].actor_id for k in self._by_word[word]}) == 1
                ):
                    found[word] = actor
        return found


def resolve(
    spots: Sequence[Spot], parts: Sequence[Part], gazetteer: Gazetteer, countries: set[str]
) -> list[Spot]:
    """Give every spot of a person its actor: of the list, of this text, or a local one."""
    texts = {part.name: part.text for part in parts}
    register = Register()
    for spot in spots:
        if spot.kind == "person" and not spot.short and spot.via == "name":
            name = texts[spot.part][spot.start : spot.end]
            if len(words(name)) < 2 and not (spot.actor and " " in spot.actor.name):
                continue
            actor = spot.actor or linked(name, gazetteer, countries)
            register.add(name, actor or local_actor(name, "person"))
            if actor:
                register.add(actor.name, actor)
    resolved = [_who(spot, texts[spot.part], register, gazetteer, countries) for spot in spots]
    return resolved + _overlooked(resolved, parts, register)


def _who(
    spot: Spot, text: str, register: Register, gazetteer: Gazetteer, countries: set[str]
) -> Spot:
    """A spot of a person with its actor; others as they are."""
    name = text[spot.start : spot.end]
    if spot.kind != "person":
        namesake = _namesake(spot, text, register)
        return replace(spot, kind="person", actor=namesake, via="name") if namesake else spot
    here = register.who(name)
    if here is None and not register.ambiguous(name):
        here = spot.actor or linked(name, gazetteer, countries)
        if here is None and len(words(name)) == 1:
            known = {e.actor.actor_id: e.actor for e in gazetteer.forms(name) if e.rule == "short"}
            here = next(iter(known.values())) if len(known) == 1 else None
    return replace(spot, actor=here or local_actor(name, "person"), short=False)


def _namesake(spot: Spot, text: str, register: Register) -> Actor | None:
    """The person of this text who bears the name of a people or place: Mr Cuban, Mr Jordan."""
    name = fold(text[spot.start : spot.end])
    if spot.via != "demonym" and name not in ALSO_PEOPLE:
        return None
    if PLACED.search(text, max(0, spot.start - 12), spot.start):
        return None
    return register.single_names().get(name)


def _overlooked(spots: Sequence[Spot], parts: Sequence[Part], register: Register) -> list[Spot]:
    """Later mentions by a single name that neither the tagger nor the list saw."""
    names = register.single_names()
    if not names:
        return []
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    more: list[Spot] = []
    for part in parts:
        taken = Taken(part, spots)
        folded = fold(part.text)
        for found in pattern.finditer(folded):
            spot = Spot(part.name, found.start(), found.end(), "person", names[found[0]])
            if not part.text[spot.start].isupper() or spot in taken:
                continue
            if stands_alone(part.text, spot.start, spot.end):
                more.append(spot)
    return more
