"""Any sequence of new, changed, merged and hidden articles, faults and rebuilds ends the same."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index, rebuild
from mediawatch.pipeline.verification import verify
from mediawatch.search import bulk
from mediawatch.search.documents import project
from mediawatch.search.index import alias_name
from mediawatch.storage.search import article_rows
from search.conftest import later
from search.newsroom_rows import Rows
from search.relay import Fault, Relay

STEPS = 40


class Newsroom:
    """Does one thing after another, as chance will have it."""

    def __init__(self, rows: Rows, chance: Random) -> None:
        self.rows = rows
        self.chance = chance
        self.stories: dict[str, list[str]] = {}
        self.versions: dict[str, int] = {}

    def new(self) -> None:
        key = f"u:{len(self.versions)}"
        story = self.chance.choice([None, *self.stories])
        self.rows.article(key, f"Headline {key}", story=story)
        self.stories.setdefault(story or key, []).append(key)
        self.versions[key] = 1

    def changed(self) -> None:
        key = self.chance.choice(sorted(self.versions))
        self.versions[key] += 1
        number = self.versions[key]
        self.rows.version(key, number, f"Headline {key}.{number}", "Changed.")
        self.rows.change(key, "new_version", number)

    def merged(self) -> None:
        if len(self.stories) < 2:
            return
        kept, gone = self.chance.sample(sorted(self.stories), 2)
        self.rows.set(f"UPDATE story SET merged_into = '{kept}' WHERE story_id = '{gone}'")
        moved = self.stories.pop(gone)
        for key in moved:
            self.rows.change(key, "merge", self.versions[key])
        self.stories[kept] += moved

    def hidden(self) -> None:
        key = self.chance.choice(sorted(self.versions))
        self.rows.set(f"UPDATE article SET tombstoned = NOT tombstoned WHERE article_id = '{key}'")
        self.rows.change(key, "reprocess", self.versions[key])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_sequence_ends_in_the_same_index(
    es: Elasticsearch,
    context: Context,
    rows: Rows,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(bulk, "FIRST_PAUSE", 0.01)
    chance = Random(seed)
    newsroom = Newsroom(rows, chance)
    newsroom.new()

    def interrupted() -> None:
        """The server takes the documents and its answers get lost until we give up."""
        fault: Fault = chance.choice(["cut", (503, {"error": "gone"})])
        with Relay(elasticsearch_url) as relay:
            relay.fault = lambda _m, path, _c: fault if path == "/_bulk" else None
            broken = replace(context.settings, elasticsearch_url=relay.url)
            try:
                chance.choice([index, rebuild])(later(context, settings=broken))
            except ServiceError:
                return

    def dropped() -> None:
        for name in es.indices.get(index=f"{context.settings.index_prefix}mw-articles-*"):
            es.indices.delete(index=name)

    acts: list[Any] = [newsroom.new, newsroom.changed, newsroom.merged, newsroom.hidden] * 3
    acts += [lambda: index(context)] * 6
    acts += [interrupted, interrupted, dropped, lambda: rebuild(context)]
    for _ in range(STEPS):
        chance.choice(acts)()
    index(context)
    assert held(es, context) == wanted(context, list(newsroom.versions))
    found = verify(context)
    assert found.counts["open"] == 0
    assert found.drift() == {}
    rebuild(context)
    assert held(es, context) == wanted(context, list(newsroom.versions))


def held(es: Elasticsearch, context: Context) -> dict[str, Any]:
    alias = alias_name(context.settings.index_prefix)
    es.indices.refresh(index=alias)
    hits = es.search(index=alias, size=1000)["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


def wanted(context: Context, article_ids: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for found in article_rows(context.conn, article_ids):
        document = project(found, "")
        if document.fields is not None:
            kept = {k: v for k, v in document.fields.items() if not k.startswith("stem_")}
            made[document.article_id] = kept
    context.conn.commit()
    return made
