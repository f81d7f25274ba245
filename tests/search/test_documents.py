"""From rows to fields, without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from mediawatch.search.documents import fields, keyword, project, summary
from mediawatch.search.mapping import (
    KEYWORD_LENGTH,
    NESTED_MENTIONS,
    NESTED_QUOTES,
    PROPERTIES,
    query_fields,
    template,
    template_version,
)
from mediawatch.storage.search import ArticleRows

SEEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)


def article(**changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "article_id": "u:1", "version_no": 1, "url": "http://a.example/1",
        "index_month": date(2026, 5, 1), "hidden": False, "change_no": 7, "title": "Dam",
        "body": "It held.", "authors": [], "agency": None, "language": "en", "rules": {},
        "flags": [], "outlet_id": None, "outlet_name": None, "outlet_country": None,
        "outlet_tier": None, "published_at": None, "published_precision": "none",
        "modified_at": None, "event_date": None, "first_seen_at": SEEN, "dated_at": SEEN,
        "dated_origin": "first_seen", "story_id": "u:1", "event_id": "u:1", "is_first": True,
        "relation": "original", "copies": 0, "source_ids": ["s"],
    }  # fmt: skip
    return {**row, **changed}


def mention(number: int) -> dict[str, Any]:
    return {
        "part": "body", "start_at": number, "end_at": number + 1, "text": "X",
        "actor_id": f"Q{number}", "meant_id": None, "kind": "person", "name": f"Name {number}",
        "via": "name", "country": None, "meant_name": None, "latitude": None, "longitude": None,
    }  # fmt: skip


def quote(number: int) -> dict[str, Any]:
    return {
        "start_at": number, "end_at": number + 1, "text": "y", "kind": "direct",
        "speaker_id": f"Q{number}", "speaker_name": None, "speaker_text": None, "reporter": None,
        "cue": None,
    }  # fmt: skip


def test_what_is_unknown_is_left_out() -> None:
    made = fields(ArticleRows(article=article(title="", body="")))
    assert set(made) == {
        "article_id", "version_no", "url", "title", "body", "language", "source_ids", "dated_at",
        "dated_origin", "first_seen_at", "story_id", "event_id", "is_first", "relation", "copies",
        "stem_en",
    }  # fmt: skip
    assert (made["title"], made["body"]) == ("", "")


def test_the_stems_are_those_of_the_language() -> None:
    assert fields(ArticleRows(article=article(language="fr")))["stem_fr"] == ["Dam", "It held."]
    made = fields(ArticleRows(article=article(language="uk")))
    assert not [name for name in made if name.startswith("stem_")]


def test_nested_rows_are_cut_and_flat_ones_are_complete() -> None:
    rows = ArticleRows(
        article=article(flags=["no_zone"]),
        mentions=[mention(n) for n in range(NESTED_MENTIONS + 3)],
        quotes=[quote(n) for n in range(NESTED_QUOTES + 1)],
    )
    made = fields(rows)
    assert len(made["mentions"]) == NESTED_MENTIONS
    assert len(made["quotes"]) == NESTED_QUOTES
    assert len(made["actor_ids"]) == NESTED_MENTIONS + 3
    assert len(made["speaker"]) == NESTED_QUOTES + 1
    assert made["flags"] == ["cut", "no_zone"]


def test_a_lag_is_only_said_of_a_time() -> None:
    at = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
    minute = article(published_at=at, published_precision="minute")
    assert fields(ArticleRows(article=minute))["lag_seconds"] == 1800
    day = article(published_at=at, published_precision="day")
    assert "lag_seconds" not in fields(ArticleRows(article=day))


def test_a_hidden_article_has_no_fields() -> None:
    gone = project(ArticleRows(article=article(hidden=True)), "i")
    assert (gone.fields, gone.version, gone.index) == (None, 7, "i")
    assert project(ArticleRows(article=article(title=None)), "i").fields is None


def test_keywords_are_cut_before_they_would_be_left_out() -> None:
    for sign in ("w", "水", "😀"):
        cut = keyword(sign * 40_000)
        assert cut is not None
        assert set(cut) == {sign}
        assert len(cut.encode("utf-16-le")) // 2 == KEYWORD_LENGTH
        assert len(cut.encode()) < 32_766
    assert keyword("") is None
    assert keyword("nul \x00") == "nul \ufffd"


def test_signs_that_no_index_holds_keep_their_place() -> None:
    body = "a \ud83d b \ue0f1c\ue0f2"
    made = fields(ArticleRows(article=article(body=body)))["body"]
    assert made == "a \ufffd b \ufffdc\ufffd"
    assert len(made) == len(body)


def test_the_summary_is_the_lead() -> None:
    assert summary("First paragraph.\n\nSecond.") == "First paragraph."
    assert summary("") == ""
    long = summary("word " * 200)
    assert len(long) <= 400
    assert long.endswith("word…")


def test_the_mapping_is_strict_and_has_a_version() -> None:
    body = template("x-")
    assert body["index_patterns"] == ["x-mw-articles-g*", "x-mw-match-*"]
    assert body["template"]["mappings"]["dynamic"] == "strict"
    assert "aliases" not in body["template"]
    assert len(template_version()) == 12
    for name, field in PROPERTIES.items():
        if field["type"] == "text":
            assert field["index_options"] == "offsets", name
        if field["type"] == "keyword":
            assert field["ignore_above"] <= 8191, name
    assert {"title.cased", "stem_ru", "actor", "dated_at"} <= set(query_fields())
    assert "mentions" not in query_fields()


def test_the_countries_are_those_the_text_speaks_of() -> None:
    rows = [
        {**mention(1), "kind": "country", "actor_id": "Q20"},
        {**mention(2), "kind": "place", "country": "Q33"},
        {**mention(3), "kind": "organisation", "meant_id": "gov:SWE", "country": "Q34"},
        {**mention(4), "kind": "person", "country": "Q35"},
        {**mention(5), "kind": "grouping", "country": "Q30"},
        {**mention(6), "kind": "place"},
    ]
    made = fields(ArticleRows(article=article(), mentions=rows))
    assert made["country_ids"] == ["Q20", "Q33", "Q34"]
