"""What people decided of actors: another name, two that are one, a name that is somebody else's.

A decision is kept for good and holds for every text that is read after it; it changes the past
by letting the texts that it concerns be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mediawatch.meaning.gazetteer import Actor, fold
from mediawatch.meaning.spots import local_actor
from mediawatch.model import Mention


@dataclass(frozen=True, slots=True)
class Decisions:
    """``aliases``: (actor, further name). ``merged``: an actor's id and who it is. ``parted``:
    (actor, folded name that does not mean it).
    """

    aliases: tuple[tuple[str, str], ...] = ()
    merged: Mapping[str, Actor] = field(default_factory=dict)
    parted: frozenset[tuple[str, str]] = frozenset()

    def applied(self, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """The mentions as people want them; a parted name names an actor of its own."""
        return tuple(self._one(mention) for mention in mentions)

    def _one(self, mention: Mention) -> Mention:
        if (mention.actor_id, fold(mention.text)) in self.parted:
            own = local_actor(mention.text, mention.kind)
            return replace(
                mention, actor_id=own.actor_id, name=own.name, country=None, meant_id=None
            )
        actor = self.merged.get(mention.actor_id)
        if actor is None:
            return mention
        return replace(
            mention,
            actor_id=actor.actor_id,
            name=actor.name,
            kind=actor.kind,
            country=actor.country,
        )


UNDECIDED = Decisions()


def read(rows: Sequence[Mapping[str, str | None]]) -> Decisions:
    """The decisions that hold, from rows: kind, actor_id, value, name, actor_kind, country.

    The last three are those of the actor that a merge leads to.
    """
    into = {
        str(row["actor_id"]): Actor(
            str(row["value"]),
            row["actor_kind"] or "organisation",
            row["name"] or str(row["value"]),
            row["country"],
        )
        for row in rows
        if row["kind"] == "merge"
    }
    return Decisions(
        aliases=tuple(
            (str(row["actor_id"]), str(row["value"])) for row in rows if row["kind"] == "alias"
        ),
        merged={actor_id: _last(actor, into) for actor_id, actor in into.items()},
        parted=frozenset(
            (str(row["actor_id"]), fold(str(row["value"])))
            for row in rows
            if row["kind"] == "split"
        ),
    )


def _last(actor: Actor, into: Mapping[str, Actor]) -> Actor:
    """Where a chain of merges ends."""
    seen: set[str] = set()
    while actor.actor_id in into and actor.actor_id not in seen:
        seen.add(actor.actor_id)
        actor = into[actor.actor_id]
    return actor
