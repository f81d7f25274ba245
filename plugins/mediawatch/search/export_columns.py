"""What an export holds: the columns of each unit, what they mean, and the rows from hits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, TypeAlias

from mediawatch.search import evidence

Kind: TypeAlias = Literal["text", "number", "flag", "time", "date", "list", "data"]
Unit: TypeAlias = Literal["article", "story", "event"]
Row: TypeAlias = dict[str, Any]

UNITS: tuple[Unit, ...] = ("article", "story", "event")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``field`` is the one of the index that it shows, None where it is worked out."""

    name: str
    kind: Kind
    meaning: str
    field: str | None = None


def _shown(name: str, kind: Kind, meaning: str, field: str = "") -> Column:
    return Column(name, kind, meaning, field or name)


EVIDENCE = (
    Column("found_in", "text", "where the sentence stands: body or title; empty: a field matched"),
    Column("sentence", "text", "the sentence with the most different words of the query"),
    Column("sentence_start", "number", "its first character, counted in code points from 0"),
    Column("marks", "data", "every matched word as [part, start, end], in code points from 0"),
)
_ARTICLE = (
    _shown("article_id", "text", "our id, the same for ever"),
    _shown("version_no", "number", "which text of the article: 1 is the first"),
    _shown("url", "text", "its address"),
    _shown("title", "text", "headline, or first sentence where there was none (derived_title)"),
    _shown("outlet_id", "text", "who published it"),
    _shown("outlet_name", "text", "the same, by name"),
    _shown("outlet_country", "text", "country of the outlet"),
    _shown("outlet_tier", "number", "1 to 3, as outlets.csv says"),
    _shown("language", "text", "two letters; und: not known"),
    _shown("published_at", "time", "as the source says, in UTC; empty: it does not"),
    _shown("dated_at", "time", "the date that orders: published, else first seen"),
    _shown("dated_origin", "text", "where that date comes from"),
    _shown("modified_at", "time", "when the source says that it changed"),
    _shown("event_date", "date", "the day that the text itself speaks of"),
    _shown("first_seen_at", "time", "when we saw it first"),
    _shown("lag_seconds", "number", "from published to first seen; empty: only a day is known"),
    _shown("agency", "text", "the agency that wrote it"),
    _shown("authors", "list", "who signs"),
    _shown("story_id", "text", "articles with the same text have the same story"),
    _shown("event_id", "text", "stories of one happening have the same event"),
    _shown("is_first", "flag", "true for the first article of its story"),
    _shown("relation", "text", "to the first article: original, exact, near, excerpt, version"),
    _shown("copies", "number", "other articles of the story; only where is_first"),
    _shown("actors", "list", "who and what is named", "actor_names"),
    _shown("actor_ids", "list", "the same by id: Wikidata, gov:, mw: or local:"),
    _shown("country_ids", "list", "countries named, or of places and governments named"),
    _shown("topics", "list", "topics by name", "topic_names"),
    _shown("topic_ids", "list", "the same by id"),
    _shown("flags", "list", "what is odd about the text or its dates"),
    _shown("rules", "list", "versions of the rules that read the text"),
    *EVIDENCE,
    _shown("mentions", "data", "each mention with offsets; at most 5,000 an article (flag cut)"),
    _shown("quotes", "data", "each quotation with offsets, kind and speaker; at most 1,000"),
)
_BODY = _shown("body", "text", "the text of the article")
_FIRST = (
    Column("first_article_id", "text", "the earliest article found of it"),
    Column("first_title", "text", "its headline"),
    Column("first_url", "text", "its address"),
    Column("first_outlet", "text", "who published that"),
    Column("first_dated_at", "time", "and when"),
    Column("last_dated_at", "time", "date of the latest article found"),
)
_UNION = (
    Column("outlets", "list", "who published the articles found, the earliest first"),
    Column("languages", "list", "their languages"),
    Column("actors", "list", "who and what they name"),
    Column("topics", "list", "their topics"),
    Column("rules", "list", "versions of the rules that read them"),
)
_STORY = (
    Column("story_id", "text", "our id of the story"),
    Column("event_id", "text", "the event that it reports"),
    Column("articles", "number", "articles of it that the query finds; exact"),
    *_FIRST,
    *_UNION,
    *EVIDENCE,
)
_EVENT = (
    Column("event_id", "text", "our id of the event"),
    Column("stories", "number", "stories of it that the query finds; exact"),
    Column("articles", "number", "articles of it that the query finds; exact"),
    *_FIRST,
    *_UNION,
    *EVIDENCE,
)
_GROUPED = ("article_id", "title", "url", "outlet_name", "dated_at", "language", "story_id")
_GROUPED_MORE = ("event_id", "actor_names", "topic_names", "rules")
# Each row's own id comes first, so that rows of one unit stand together.
ORDER: Mapping[Unit, tuple[str, ...]] = {
    "article": ("dated_at", "article_id"),
    "story": ("story_id", "dated_at", "article_id"),
    "event": ("event_id", "dated_at", "article_id"),
}


def columns(unit: Unit, *, bodies: bool = False) -> tuple[Column, ...]:
    """The columns of an export by this unit, in order."""
    if unit == "article":
        return (*_ARTICLE, _BODY) if bodies else _ARTICLE
    return _STORY if unit == "story" else _EVENT


def source(unit: Unit, *, bodies: bool = False) -> tuple[str, ...]:
    """The fields of the index that the rows are made of."""
    if unit != "article":
        return (*_GROUPED, *_GROUPED_MORE)
    return tuple(column.field for column in columns(unit, bodies=bodies) if column.field)


def rows(
    unit: Unit, hits: Iterable[Mapping[str, Any]], near: Collection[str], *, bodies: bool = False
) -> Iterator[Row]:
    """One row a unit, from hits in the order of :data:`ORDER`."""
    if unit == "article":
        shown = columns(unit, bodies=bodies)
        for hit in hits:
            yield _article(hit, shown, near)
        return
    key = f"{unit}_id"
    for _, members in groupby(hits, key=lambda hit: hit["_source"].get(key)):
        yield _group(unit, members, near)


def _article(hit: Mapping[str, Any], shown: Sequence[Column], near: Collection[str]) -> Row:
    fields = hit["_source"]
    worked_out = _evidence(hit, near)
    return {
        column.name: fields.get(column.field) if column.field else worked_out[column.name]
        for column in shown
    }


def _evidence(hit: Mapping[str, Any], near: Collection[str]) -> Row:
    found = evidence.of_hit(hit, near)
    parts = (("title", found.title), ("body", found.body))
    return {
        "found_in": found.part,
        "sentence": found.sentence,
        "sentence_start": found.start,
        "marks": [[part, start, end] for part, spans in parts for start, end in spans],
    }


def _group(unit: Unit, members: Iterable[Mapping[str, Any]], near: Collection[str]) -> Row:
    first: Mapping[str, Any] | None = None
    union: dict[str, dict[str, None]] = {column.name: {} for column in _UNION}
    stories: set[str] = set()
    articles = 0
    last = None
    for hit in members:
        first = first or hit
        fields = hit["_source"]
        articles += 1
        stories.add(fields["story_id"])
        last = fields["dated_at"]
        for name, values in (
            ("outlets", [fields.get("outlet_name")]),
            ("languages", [fields["language"]]),
            ("actors", fields.get("actor_names", [])),
            ("topics", fields.get("topic_names", [])),
            ("rules", fields.get("rules", [])),
        ):
            union[name] |= dict.fromkeys(value for value in values if value)
    assert first is not None
    fields = first["_source"]
    return {
        **({"story_id": fields["story_id"]} if unit == "story" else {"stories": len(stories)}),
        "event_id": fields.get("event_id"),
        "articles": articles,
        "first_article_id": fields["article_id"],
        "first_title": fields["title"],
        "first_url": fields.get("url"),
        "first_outlet": fields.get("outlet_name"),
        "first_dated_at": fields["dated_at"],
        "last_dated_at": last,
        **{name: list(values) for name, values in union.items()},
        **_evidence(first, near),
    }
