"""What clustering decides of texts from outside, by the code of the pipeline, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import combinations
from typing import Any

from mediawatch.errors import InputError
from mediawatch.model import StoryMember
from mediawatch.stories.clusters import Newcomer
from mediawatch.stories.event_memory import MemoryEvents
from mediawatch.stories.events import BATCH, Rarity, Told, dot, place, tell, vector
from mediawatch.stories.fingerprints import Text, prepare
from mediawatch.stories.identity import is_used_again
from mediawatch.stories.memory import MemoryStore
from mediawatch.text.characters import clean, one_line
from mediawatch.text.urls import address

UNDATED = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sound line: its id as given, and what was read of it."""

    given: Any
    name: str
    key: str | None
    newcomer: Newcomer


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A line that cannot be handled, and why."""

    given: Any
    fault: InputError


def inspect_stories(
    lines: Iterable[dict[str, Any]], *, pairs: bool = False
) -> Iterator[dict[str, Any]]:
    """One answer a line, in order, once all lines are read.

    A line has ``title``, ``body`` (at least one of them), and may have ``id``, ``url``,
    ``source``, ``published_at``. Lines of one address are versions of one article. An answer
    has ``story``, ``event``, ``relation``, ``of``, ``similarity``; or ``error`` with ``code``
    and ``message``. How telling a word is, for the events, is counted over all lines.
    With ``pairs`` the event similarity of every two sound lines follows.
    """
    read = [_read(line, number) for number, line in enumerate(lines)]
    sound = [line for line in read if isinstance(line, Line)]
    store = MemoryStore()
    members = _place(sound, store)
    roots = {line.newcomer.article_id: _root(line, members, store) for line in sound}
    events = _events(sound, roots)
    names = {line.newcomer.article_id: line.name for line in sound}
    for line in read:
        if isinstance(line, Line):
            member = members[line.newcomer.article_id]
            story = roots[line.newcomer.article_id]
            yield {
                "id": line.given,
                "story": names[story],
                "event": names[events[story]],
                "relation": member.relation,
                "of": None if member.of is None else names[member.of],
                "similarity": member.similarity,
            }
        else:
            error = {"code": line.fault.code, "message": str(line.fault)}
            yield {"id": line.given, "error": error}
    if pairs:
        yield from _pairs(sound)


def _place(lines: list[Line], store: MemoryStore) -> dict[str, StoryMember]:
    """Cluster all lines at once; a line at the address of another is a version of it."""
    last: dict[str, tuple[Line, Text]] = {}
    versions: dict[str, Newcomer] = {}  # by the line's own article
    for line in lines:
        if line.key is None:
            continue
        text = prepare(line.newcomer.title, line.newcomer.body)
        if line.key in last and not is_used_again(last[line.key][1], text, None, None):
            article = last[line.key][0].newcomer
            versions[line.newcomer.article_id] = replace(
                line.newcomer,
                article_id=article.article_id,
                number=article.number,
                version_no=line.newcomer.number,
            )
        else:
            last[line.key] = (line, text)
    batch = [versions.get(line.newcomer.article_id, line.newcomer) for line in lines]
    batch.sort(key=lambda newcomer: (newcomer.number, newcomer.version_no))
    members = {member.article_id: member for member in store.place(batch).members}
    hashes = {line.newcomer.article_id: line.newcomer.text_hash for line in lines}
    for article_id, version in versions.items():
        members[article_id] = StoryMember(
            article_id=article_id,
            story_id=members[version.article_id].story_id,
            relation="exact" if version.text_hash == hashes[version.article_id] else "version",
            of=version.article_id,
            similarity=1.0,
        )
    return members


def _pairs(lines: list[Line]) -> Iterator[dict[str, Any]]:
    told = [_told(line.newcomer) for line in lines]
    holding = Counter(term for one in told for term in one.terms())
    rarity = Rarity(stories=len(told), holding=holding)
    vectors = [vector(one, rarity) for one in told]
    for (one, first), (other, second) in combinations(zip(lines, vectors, strict=True), 2):
        yield {"pair": [one.given, other.given], "similarity": round(dot(first, second), 4)}


def _root(line: Line, members: Mapping[str, StoryMember], store: MemoryStore) -> str:
    return store.root_of(members[line.newcomer.article_id].story_id)


def _events(lines: list[Line], roots: Mapping[str, str]) -> dict[str, str]:
    """The event of each story, by the text of its founding line, in batches as they come."""
    founders = [n for line in lines if roots[(n := line.newcomer).article_id] == n.article_id]
    told = [_told(newcomer) for newcomer in founders]
    store = MemoryEvents()
    found: dict[str, str] = {}
    for start in range(0, len(told), BATCH):
        found |= place(told[start : start + BATCH], store)
    return found


def _told(newcomer: Newcomer) -> Told:
    return tell(newcomer.article_id, newcomer.number, newcomer.day, newcomer.title, newcomer.body)


def _read(line: Mapping[str, Any], number: int) -> Line | Unreadable:
    try:
        return _sound(line, number)
    except InputError as fault:
        return Unreadable(given=_given(line), fault=fault)


def _sound(line: Mapping[str, Any], number: int) -> Line:
    title, body = (_string(line, name) for name in ("title", "body"))
    if not title.strip() and not body.strip():
        raise InputError("the line has neither title nor body", "empty")
    title, body = one_line(title), clean(body)
    published = _instant(line.get("published_at"))
    source, url = _string(line, "source"), _string(line, "url")
    found = address(url) if url else None
    place = None
    if source and published is not None:
        place = f"{source} {published:%Y-%m-%dT%H:%M}"
    given = _given(line)
    return Line(
        given=given,
        name=f"line-{number + 1}" if given is None else str(given),
        key=None if found is None else found.key,
        newcomer=Newcomer(
            article_id=str(number),
            number=number,
            version_no=1,
            title=title,
            body=body,
            text_hash=sha256(" ".join(body.split()).encode("utf-8", "replace")).hexdigest(),
            day=UNDATED if published is None else published.date(),
            place=place,
        ),
    )


def _given(line: Mapping[str, Any]) -> str | int | None:
    given = line.get("id")
    return given if isinstance(given, str | int) else None


def _string(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"{name} is not a string")
    return value


def _instant(value: object) -> datetime | None:
    """An ISO 8601 time in UTC; None for what is none, as for an undated line."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
