"""From the rows of an article to the fields of its document; nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mediawatch.model import SearchDocument
from mediawatch.search.mapping import KEYWORD_LENGTH, NESTED_MENTIONS, NESTED_QUOTES, STEMMERS
from mediawatch.storage.search import ArticleRows, Row

SUMMARY_LENGTH = 400
# The highlighter puts these around a word that matched. In a text of the outside they are
# replaced by a sign of the same length, so that every mark is ours and offsets hold.
MARK_START = "\ue0f1"
MARK_END = "\ue0f2"

_FOREIGN = re.compile(f"[\x00\ud800-\udfff{MARK_START}{MARK_END}]")
_PARAGRAPH = re.compile(r"\n\s*\n|\n")


def project(rows: ArticleRows, index: str) -> SearchDocument:
    """The document of an article; without fields when the article must not be found."""
    article = rows.article
    hidden = article["hidden"] or article["title"] is None
    return SearchDocument(
        article_id=article["article_id"],
        index=index,
        version=article["change_no"],
        fields=None if hidden else fields(rows),
    )


def fields(rows: ArticleRows) -> dict[str, Any]:
    """The fields as in the mapping; what is unknown or empty is left out."""
    article = rows.article
    title = clean(article["title"])
    body = clean(article["body"])
    made: dict[str, Any] = {
        "article_id": article["article_id"],
        "version_no": article["version_no"],
        "url": keyword(article["url"]),
        "title": title,
        "body": body,
        "summary": summary(body),
        "language": article["language"],
        "outlet_id": keyword(article["outlet_id"]),
        "outlet_name": keyword(article["outlet_name"]),
        "outlet_country": keyword(article["outlet_country"]),
        "outlet_tier": article["outlet_tier"],
        "source_ids": keywords(article["source_ids"]),
        "agency": keyword(article["agency"]),
        "authors": keywords(article["authors"]),
        "published_at": instant(article["published_at"]),
        "modified_at": instant(article["modified_at"]),
        "dated_at": instant(article["dated_at"]),
        "dated_origin": article["dated_origin"],
        "event_date": instant(article["event_date"]),
        "first_seen_at": instant(article["first_seen_at"]),
        "lag_seconds": lag_seconds(article),
        "story_id": article["story_id"],
        "event_id": article["event_id"],
        "is_first": article["is_first"],
        "relation": article["relation"],
        "copies": article["copies"] if article["is_first"] else None,
        **actor_fields(rows.mentions),
        "speaker": keywords(
            value for quote in rows.quotes for value in (quote["speaker_id"], quote["speaker_name"])
        ),
        "topic_ids": keywords(topic["topic_id"] for topic in rows.topics),
        "topic_names": keywords(topic["label"] for topic in rows.topics),
        "topic": keywords(
            value for topic in rows.topics for value in (topic["topic_id"], topic["label"])
        ),
        "flags": flags(rows),
        "rules": keywords(f"{name}={value}" for name, value in sorted(article["rules"].items())),
        "mentions": [mention(row) for row in rows.mentions[:NESTED_MENTIONS]],
        "quotes": [quote(row) for row in rows.quotes[:NESTED_QUOTES]],
    }
    if article["language"] in STEMMERS:
        made[f"stem_{article['language']}"] = [title, body]
    return without_gaps(made)


def actor_fields(mentions: Sequence[Row]) -> dict[str, list[Any]]:
    """Who is mentioned, flat and complete: ids, names, countries, places."""
    ids = keywords(value for row in mentions for value in (row["actor_id"], row["meant_id"]))
    names = keywords(value for row in mentions for value in (row["name"], row["meant_name"]))
    points = dict.fromkeys(
        (row["longitude"], row["latitude"])
        for row in mentions
        if row["latitude"] is not None and row["longitude"] is not None
    )
    return {
        "actor": [*ids, *names],
        "actor_ids": ids,
        "actor_names": names,
        "country_ids": keywords(country_of(row) for row in mentions),
        "place_points": [{"lon": lon, "lat": lat} for lon, lat in points],
    }


def country_of(row: Row) -> str | None:
    """The country that a mention speaks of: itself, where its place lies, whose government it is.

    The country of a person or organisation is theirs and not what the text is about.
    """
    if row["kind"] == "country":
        return str(row["actor_id"])
    of_government = (row["meant_id"] or "").startswith("gov:")
    if row["kind"] in ("place", "region") or of_government:
        return str(row["country"]) if row["country"] else None
    return None


def mention(row: Row) -> dict[str, Any]:
    """One nested mention."""
    return without_gaps(
        {
            "part": row["part"],
            "start": row["start_at"],
            "end": row["end_at"],
            "text": keyword(row["text"]),
            "actor_id": keyword(row["actor_id"]),
            "meant_id": keyword(row["meant_id"]),
            "kind": row["kind"],
            "name": keyword(row["name"]),
            "via": row["via"],
        }
    )


def quote(row: Row) -> dict[str, Any]:
    """One nested quote."""
    return without_gaps(
        {
            "start": row["start_at"],
            "end": row["end_at"],
            "text": clean(row["text"]),
            "kind": row["kind"],
            "speaker_id": keyword(row["speaker_id"]),
            "speaker_name": keyword(row["speaker_name"]),
            "speaker_text": keyword(row["speaker_text"]),
            "reporter": keyword(row["reporter"]),
            "cue": keyword(row["cue"]),
        }
    )


def flags(rows: ArticleRows) -> list[str]:
    """The flags of article and version, and ``cut`` when nested rows were left out."""
    found = dict.fromkeys(rows.article["flags"])
    if len(rows.mentions) > NESTED_MENTIONS or len(rows.quotes) > NESTED_QUOTES:
        found["cut"] = None
    return sorted(found)


def summary(body: str) -> str:
    """The lead: the first paragraph, at most 400 characters, cut at a blank."""
    lead = _PARAGRAPH.split(body.strip(), maxsplit=1)[0].strip()
    if len(lead) <= SUMMARY_LENGTH:
        return lead
    cut = lead[: SUMMARY_LENGTH - 1]
    return f"{cut.rsplit(' ', 1)[0]}…"


def lag_seconds(article: Row) -> int | None:
    """Seconds from published to first seen; None where only the day is known."""
    published = article["published_at"]
    if published is None or article["published_precision"] not in ("second", "minute"):
        return None
    return int((article["first_seen_at"] - published).total_seconds())


def instant(value: datetime | date | None) -> str | None:
    """An instant or a day in ISO 8601, as the index reads it."""
    return None if value is None else value.isoformat()


def clean(text: str) -> str:
    """The text with what no index can hold, or what our marks are, as U+FFFD: same length."""
    return _FOREIGN.sub("\ufffd", text)


def keyword(value: str | None) -> str | None:
    """A value that a keyword field surely takes: cut before it would be left out."""
    if not value:
        return None
    value = clean(value)
    if len(value) * 2 <= KEYWORD_LENGTH:
        return value
    # Lucene counts UTF-16 units.
    return value.encode("utf-16-le")[: KEYWORD_LENGTH * 2].decode("utf-16-le", errors="ignore")


def keywords(values: Iterable[str | None]) -> list[str]:
    """Values for a keyword field, each once, in their order."""
    return list(dict.fromkeys(word for word in map(keyword, values) if word))


def without_gaps(made: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value. (An empty title or body stays: it is known to be empty.)"""
    return {
        name: value
        for name, value in made.items()
        if value is not None and value != [] and (value != "" or name in ("title", "body"))
    }
