"""The page on the fields of the index: types from the mapping, meanings from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mediawatch.search.mapping import KEYWORD_LENGTH, PROPERTIES, STEMMERS, Json, template_version

MEANINGS: Mapping[str, str] = {
    "article_id": "our id; the same for ever, and the id of the document",
    "version_no": "which text of the article this is; 1 is the first",
    "url": "address, as people are shown it",
    "title": "headline, exact words; a bare word of a query looks here and in `body`",
    "title.cased": "the same with capitals kept; an all-capital word of a query looks here",
    "body": "text, exact words",
    "body.cased": "the same with capitals kept",
    "summary": "first paragraph, at most 400 characters; for lists",
    **{
        f"stem_{code}": f"title and body by their stems, in articles of language {code} only"
        for code in STEMMERS
    },
    "language": "two letters; `und`: not known",
    "outlet_id": "who published it",
    "outlet_name": "the same, by name",
    "outlet_country": "country of the outlet",
    "outlet_tier": "1 to 3, as outlets.csv says",
    "source_ids": "the feeds, pages and folders it came by",
    "agency": "the agency that wrote it",
    "authors": "who signs",
    "published_at": "when the source says that it was published; missing: it does not",
    "modified_at": "when the source says that it changed",
    "dated_at": "the date that orders: `published_at`, else `first_seen_at`; Kibana's time field",
    "dated_origin": "where that date comes from",
    "event_date": "the day that the text itself speaks of",
    "first_seen_at": "when we saw it first; never moves",
    "lag_seconds": "from published to first seen; missing where only a day is known",
    "story_id": "articles with the same text have the same story",
    "event_id": "stories of one happening have the same event",
    "is_first": "true for the first article of its story",
    "relation": "to the first article: original, exact, near, excerpt or version",
    "copies": "other articles of the story; only where `is_first`",
    "actor": 'who and what is named, by id and by name: `actor:Q7747`, `actor:"vladimir putin"`',
    "actor_ids": "the same, ids alone, for charts",
    "actor_names": "the same, names alone in their spelling, for charts",
    "country_ids": "countries named, and those of places and governments named",
    "place_points": "where the places named lie",
    "speaker": "who is quoted, by id and by name",
    "topic": "topics, by id and by name: `topic:politics`",
    "topic_ids": "the same, ids alone, for charts",
    "topic_names": "the same, names alone, for charts",
    "flags": "what is odd about the text or its dates; `cut`: some mentions are left out here",
    "rules": "versions of the rules that read the text, as `name=version`",
    "mentions": "each mention with offsets in code points; at most 5,000 (nested: not in queries)",
    "mentions.part": "title or body",
    "mentions.start": "first character",
    "mentions.end": "the one behind the last",
    "mentions.text": "as it stands there",
    "mentions.actor_id": "who is named",
    "mentions.meant_id": "who is meant, where a place speaks for a government",
    "mentions.kind": "person, organisation, grouping, country, place, region",
    "mentions.name": "name as in the list",
    "mentions.via": "name, demonym or description",
    "quotes": "each quotation with offsets in code points; at most 1,000 (nested: not in queries)",
    "quotes.start": "first character without the marks",
    "quotes.end": "the one behind the last",
    "quotes.text": "what was said",
    "quotes.kind": "direct or indirect",
    "quotes.speaker_id": "who said it",
    "quotes.speaker_name": "the same, by name",
    "quotes.speaker_text": "the words of the text that name the speaker",
    "quotes.reporter": "through whom it is reported",
    "quotes.cue": "the word that tells of speaking",
}
_QUERIED = {
    "text": "words, phrases, NEAR, wildcards",
    "keyword": "whole value, wildcards",
    "date": "ranges, days, now-7d",
    "integer": "ranges",
    "long": "ranges",
    "boolean": "true, false",
}


def page() -> str:
    """The page in Markdown; a field without a meaning is a KeyError."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Fields of the index"
    yield ""
    yield "Made by `mediawatch index fields docs/fields.md` from the mapping and from"
    yield f"`search/fields.py`. Mapping {template_version()}; one document an article, in indices"
    yield "by month behind the alias `mediawatch-articles`. Unknown fields are refused (strict); a"
    yield f"keyword keeps at most {KEYWORD_LENGTH:,} characters: longer ones are cut before."
    yield ""
    yield "| field | type | in queries | meaning |"
    yield "|---|---|---|---|"
    for name, field in PROPERTIES.items():
        yield from _rows(name, field, inside=False)
    yield ""
    yield "`actor`, `speaker` and `topic` are compared in small letters and without accents."


def _rows(name: str, field: Json, *, inside: bool) -> Iterator[str]:
    queried = "no" if inside else _QUERIED.get(field["type"], "no")
    yield f"| `{name}` | {field['type']} | {queried} | {MEANINGS[name]} |"
    for part, inner in field.get("fields", {}).items():
        yield from _rows(f"{name}.{part}", inner, inside=inside)
    for part, inner in field.get("properties", {}).items():
        yield from _rows(f"{name}.{part}", inner, inside=True)
