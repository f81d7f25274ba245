"""The index is a projection: from rows to documents, in any order, after any loss."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.model import SearchDocument
from mediawatch.pipeline import search as steps
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index, rebuild
from mediawatch.pipeline.verification import verify
from mediawatch.search import bulk
from mediawatch.search.index import alias_name, drop_generation, months_in, swap_alias
from mediawatch.search.mapping import PROPERTIES
from mediawatch.storage.search import generations
from search.conftest import later
from search.newsroom_rows import SEEN, Rows


@pytest.fixture
def held(es: Elasticsearch, index_prefix: str) -> Any:
    """All documents under the alias: id to (version, fields)."""

    def read() -> dict[str, tuple[int, dict[str, Any]]]:
        alias = alias_name(index_prefix)
        es.indices.refresh(index=alias)
        answer = es.search(index=alias, size=1000, version=True)
        return {h["_id"]: (h["_version"], h["_source"]) for h in answer["hits"]["hits"]}

    return read


def test_an_article_becomes_a_document(context: Context, rows: Rows, held: Any) -> None:
    body = 'Prime Minister Ada Lund spoke in Oslo. "We will rebuild it," Lund said.'
    number = rows.article(
        "u:1", "Lund: dam to be rebuilt", body, published=SEEN - timedelta(minutes=5)
    )
    rows.mention("u:1", 15, "Ada Lund", "Q11", country="Q20")
    rows.mention(
        "u:1",
        33,
        "Oslo",
        "Q585",
        kind="place",
        country="Q20",
        place=(59.9, 10.7),
        meant_id="gov:NOR",
    )
    rows.quote("u:1", 40, "We will rebuild it,", ("Q11", "Ada Lund"))
    rows.topic("u:1", "medtop:11000000", "politics")
    counts = index(context)
    assert counts["in"] == counts["written"] == 1
    version, fields = held()["u:1"]
    assert version == number
    assert fields["title"] == "Lund: dam to be rebuilt"
    assert fields["summary"] == body
    assert fields["actor"] == ["Q11", "Q585", "gov:NOR", "Ada Lund", "Oslo"]
    assert fields["speaker"] == ["Q11", "Ada Lund"]
    assert fields["topic"] == ["medtop:11000000", "politics"]
    assert fields["country_ids"] == ["Q20"]
    assert fields["place_points"] == [{"lon": 10.7, "lat": 59.9}]
    assert fields["lag_seconds"] == 300
    assert fields["is_first"] is True
    assert fields["copies"] == 0
    assert fields["outlet_name"] == "The Gazette"
    assert [m["start"] for m in fields["mentions"]] == [15, 33]
    assert fields["quotes"][0]["text"] == "We will rebuild it,"
    assert not [name for name in fields if name.startswith("stem_")]
    assert set(fields) <= set(PROPERTIES)
    assert index(context)["in"] == 0


def test_copies_stand_on_the_first_article_only(context: Context, rows: Rows, held: Any) -> None:
    rows.article("u:1")
    index(context)
    for key in ("u:2", "u:3"):
        rows.article(key, story="u:1")
    index(context)
    documents = {key: fields for key, (_, fields) in held().items()}
    assert documents["u:1"]["copies"] == 2
    assert "copies" not in documents["u:2"]
    assert documents["u:2"]["is_first"] is False
    assert index(context)["in"] == 0
    # The recount is nothing that a watch could match.
    assert rows.ask("SELECT count(*) FROM article_change WHERE matched_at IS NULL")[0][0] == 3


def test_merged_stories_are_followed_to_their_root(context: Context, rows: Rows, held: Any) -> None:
    rows.article("u:1")
    rows.article("u:2")
    rows.set("UPDATE story SET merged_into = 'u:1' WHERE story_id = 'u:2'")
    rows.change("u:2", "merge")
    index(context)
    documents = {key: fields for key, (_, fields) in held().items()}
    assert documents["u:2"]["story_id"] == "u:1"
    assert documents["u:2"]["event_id"] == "u:1"
    assert documents["u:2"]["is_first"] is False
    assert documents["u:1"]["copies"] == 1


def test_what_must_not_be_found_is_deleted(context: Context, rows: Rows, held: Any) -> None:
    for key in ("u:1", "u:2", "u:3"):
        rows.article(key)
    index(context)
    rows.set("UPDATE article SET tombstoned = true WHERE article_id = 'u:2'")
    rows.change("u:2", "reprocess")
    rows.set("UPDATE article SET merged_into = 'u:1' WHERE article_id = 'u:3'")
    rows.change("u:3", "merge")
    assert index(context)["deleted"] == 2
    assert sorted(held()) == ["u:1"]


def test_an_older_version_never_overwrites(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1", "Old headline")
    rows.version("u:1", 2, "New headline", "The dam held.")
    number = rows.change("u:1", "new_version", version=2)
    index(context)
    name = f"{context.settings.index_prefix}mw-articles-g1-2026.05"
    late = SearchDocument(
        article_id="u:1",
        index=name,
        version=number - 1,
        fields={"title": "Old headline", "body": ""},
    )
    assert bulk.write(es, [late]).known == 1
    assert held()["u:1"][1]["title"] == "New headline"


def test_a_bad_document_costs_itself(context: Context, rows: Rows, held: Any) -> None:
    rows.article("u:1", body="Rain.")
    rows.article("u:2", "Far future", seen=SEEN, published=datetime(9999, 12, 31, tzinfo=UTC))
    # Lucene takes no id above 512 bytes.
    rows.article("u:" + "x" * 600)
    counts = index(context)
    assert counts["written"] == 2
    assert counts["bad"] == 1
    reason = rows.ask("SELECT index_error FROM article_change WHERE index_error IS NOT NULL")[0][0]
    assert "id" in reason
    assert sorted(held()) == ["u:1", "u:2"]
    assert index(context)["in"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x", "body": "lone \ud83d surrogate"},
        {"title": "x", "body": "y", "no_such_field": 1},
        {"title": "x", "body": "y", "url": "w" * 40_000, "dated_at": "not a date"},
        {"title": "x", "body": "y", "copies": float("nan")},
        {"title": "x", "body": "y", "dated_at": "+10000-01-01"},
    ],
)
def test_the_other_documents_of_a_bulk_are_written(
    es: Elasticsearch, context: Context, held: Any, rows: Rows, fields: dict[str, Any]
) -> None:
    rows.article("u:0")
    index(context)
    name = f"{context.settings.index_prefix}mw-articles-g1-2026.05"
    good = {"title": "Fine", "body": "nul \x00 is a character like others", "url": "w" * 40_000}
    outcome = bulk.write(
        es,
        [
            SearchDocument(article_id=key, index=name, version=1, fields=f)
            for key, f in (("a", good), ("b", fields), ("c", good))
        ],
    )
    assert outcome.written == 2
    assert list(outcome.bad) == ["b"]
    assert {"a", "c"} <= set(held())


def test_a_dropped_index_is_caught_up(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1")
    rows.article("u:2", seen=datetime(2026, 4, 30, 23, tzinfo=UTC))
    index(context)
    before = held()
    rows.set("UPDATE article_change SET matched_at = now()")
    es.indices.delete(index=f"{context.settings.index_prefix}mw-articles-g1-2026.05")
    assert sorted(held()) == ["u:2"]
    assert index(context)["reopened"] == 1
    assert held() == before
    assert rows.ask("SELECT count(*) FROM article_change WHERE matched_at IS NULL")[0][0] == 0
    drop_generation(es, context.settings.index_prefix, 1)
    index(context)
    assert held() == before
    found = verify(context)
    assert {name: number for name, number in found.counts.items() if number} == {"articles": 2}
    assert found.drift() == {}
    assert [day.database.documents for day in found.days.values()] == [2]


def test_a_rebuild_swaps_the_alias_at_once(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    for number in range(5):
        rows.article(f"u:{number}")
    rows.set("UPDATE article SET tombstoned = true WHERE article_id = 'u:4'")
    index(context)
    before = held()
    assert len(before) == 4
    seen: list[tuple[int, int]] = []
    counts = rebuild(context, lambda done, total: seen.append((done, total)))
    assert counts["written"] == 4
    assert seen[-1] == (5, 5)
    assert held() == before
    alias = es.indices.get_alias(name=alias_name(context.settings.index_prefix))
    assert [name for name in alias if "-g2-" not in name] == []
    states = [(g.generation, g.state) for g in generations(context.conn)]
    context.conn.commit()
    assert states == [(1, "old"), (2, "current")]
    rows.article("u:9")
    index(context)
    assert sorted(held()) == sorted([*before, "u:9"])
    rebuild(context)
    assert not months_in(es, context.settings.index_prefix, 1)


def test_during_a_rebuild_both_generations_are_written(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1")
    index(context)
    rows.set(
        "INSERT INTO index_generation (generation, state, template, created_at)"
        " SELECT 2, 'building', template, now() FROM index_generation"
    )
    rows.article("u:2")
    index(context)
    assert sorted(held()) == ["u:1", "u:2"]
    assert rebuild(context)["known"] == 1  # taken up again: u:2 is there already
    assert sorted(held()) == ["u:1", "u:2"]


def test_verify_mends_what_differs(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    for key in ("u:1", "u:2", "u:3"):
        rows.article(key)
    index(context)
    name = f"{context.settings.index_prefix}mw-articles-g1-2026.05"
    es.delete(index=name, id="u:1")
    es.index(
        index=name, id="stranger", document={"article_id": "stranger", "title": "x", "body": ""}
    )
    rows.set("UPDATE article SET tombstoned = true WHERE article_id = 'u:3'")
    found = verify(context)
    assert found.counts["missing"] == 1
    assert found.counts["extra"] == 2
    assert sorted(held()) == ["u:1", "u:2"]
    [(day, sides), (nowhere, _)] = found.drift().items()
    assert (day, nowhere) == ("2026-05-14", "None")
    assert (sides.database.documents, sides.index.documents) == (2, 2)
    assert sides.database.content != sides.index.content
    assert verify(context).drift() == {}


def test_verify_sees_content_that_no_change_told_of(
    context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1")
    rows.article("u:2", published=SEEN - timedelta(days=1))
    index(context)
    rows.set("UPDATE outlet SET name = 'The Daily Gazette'")
    found = verify(context)
    assert found.counts["differing"] == 2
    assert list(found.drift()) == ["2026-05-13", "2026-05-14"]
    assert {fields["outlet_name"] for _, fields in held().values()} == {"The Daily Gazette"}
    assert verify(context).drift() == {}


def test_a_rebuild_goes_on_where_it_was_broken_off(
    es: Elasticsearch, context: Context, rows: Rows, held: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BATCH", 2)
    for number in range(6):
        rows.article(f"u:{number}")
    index(context)
    before = held()

    def broken_off(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(context, broken_off)
    assert held() == before
    rows.article("u:00")
    index(context)
    seen: list[tuple[int, int]] = []
    counts = rebuild(context, lambda done, total: seen.append((done, total)), per_second=10_000)
    assert counts["in"] == 2
    assert seen == [(7, 7)]
    assert sorted(held()) == sorted([*before, "u:00"])

    with pytest.raises(KeyboardInterrupt):
        rebuild(context, broken_off)
    es.indices.delete(index=f"{context.settings.index_prefix}mw-articles-g3-2026.05")
    assert rebuild(context)["in"] == 7  # what was built has gone: from the beginning
    assert sorted(held()) == sorted([*before, "u:00"])


def test_a_rebuild_that_lacks_documents_is_not_put_in_use(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    for number in range(3):
        rows.article(f"u:{number}")
    index(context)

    def lose_one(_done: int, _total: int) -> None:
        name = f"{context.settings.index_prefix}mw-articles-g2-2026.05"
        es.delete(index=name, id="u:1")

    with pytest.raises(ServiceError, match="2 of 3 documents"):
        rebuild(context, lose_one)
    assert len(held()) == 3
    # Its second version is refused as known; only a generation that is made anew has all.
    es.indices.delete(index=f"{context.settings.index_prefix}mw-articles-g2-2026.05")
    rebuild(context)
    assert len(held()) == 3


def test_a_lost_database_begins_above_its_old_index(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1", "Old world")
    rows.change("u:1", "reprocess")
    index(context)
    rows.set("TRUNCATE index_generation")
    rows.set("UPDATE article_change SET indexed_at = NULL")
    rows.article("u:2")
    index(context)
    assert sorted(held()) == ["u:1", "u:2"]
    assert [g.generation for g in generations(context.conn)] == [2]


def test_another_mapping_asks_for_a_rebuild(context: Context, rows: Rows) -> None:
    rows.article("u:1")
    index(context)
    rows.set("UPDATE index_generation SET template = 'older'")
    rows.article("u:2")
    with pytest.raises(ServiceError, match="mediawatch index rebuild"):
        index(context)
    rebuild(context)
    assert index(context)["in"] == 1


def test_a_server_that_is_away_is_named(context: Context, rows: Rows) -> None:
    from dataclasses import replace

    rows.article("u:1")
    settings = replace(context.settings, elasticsearch_url="http://127.0.0.1:9")
    with pytest.raises(ServiceError, match="MEDIAWATCH_ELASTICSEARCH_URL"):
        index(later(context, settings=settings))
    settings = replace(context.settings, elasticsearch_url=None)
    with pytest.raises(ServiceError, match="mediawatch up"):
        index(later(context, settings=settings))
    assert index(context)["written"] == 1


def test_a_read_only_index_is_explained_and_nothing_is_lost(
    es: Elasticsearch, context: Context, rows: Rows, held: Any
) -> None:
    rows.article("u:1")
    index(context)
    name = f"{context.settings.index_prefix}mw-articles-g1-2026.05"
    es.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    rows.article("u:2")
    with pytest.raises(ServiceError, match="disk"):
        index(context)
    es.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    assert index(context)["written"] == 1
    assert sorted(held()) == ["u:1", "u:2"]


def test_the_alias_covers_one_generation(es: Elasticsearch, context: Context, rows: Rows) -> None:
    rows.article("u:1")
    index(context)
    swap_alias(es, context.settings.index_prefix, 1)
    alias = es.indices.get_alias(name=alias_name(context.settings.index_prefix))
    assert list(alias) == [f"{context.settings.index_prefix}mw-articles-g1-2026.05"]
