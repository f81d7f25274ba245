"""Every panel, asked of the real Elasticsearch as Kibana would, gives the right numbers."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from elasticsearch import Elasticsearch

from mediawatch.model import SearchDocument
from mediawatch.search import bulk
from mediawatch.search.index import alias_name, index_name, make_month, put_template
from mediawatch.search.kibana_objects import described, objects
from mediawatch.search.kibana_requests import TimeRange, lucene, table
from mediawatch.search.pictures import draw, of_dashboard, tabulated

Json = dict[str, Any]
FIRST_DAY = datetime(2026, 5, 10, 8, 0, tzinfo=UTC)
WEEK = TimeRange("2026-05-10", "2026-05-16")
OUTLETS = ("The Gazette", "Le Littoral", "Harbour Courier")
PLACES = {"Oslo": (10.75, 59.91), "Lima": (-77.03, -12.05)}


def article(number: int) -> Json:
    """The fields of article ``number``: three make a story, the first of them at nine o'clock."""
    story, place = divmod(number, 3)
    dated = FIRST_DAY + timedelta(days=story % 7, hours=1 + place)
    fields: Json = {
        "article_id": f"u:{number}",
        "title": f"Headline {story}",
        "body": "The dam held through the night.",
        "language": ("en", "fr", "en")[place],
        "outlet_name": OUTLETS[(number + story) % 3],
        "dated_at": dated.isoformat(),
        "story_id": f"s:{story}",
        "is_first": place == 0,
        "actor_names": ["Ada Lund", "Oslo"] if story % 2 else ["Ada Lund"],
        "topic_names": ["politics"] if story % 3 else ["politics", "health"],
        "place_points": [dict(zip(("lon", "lat"), at, strict=True)) for at in PLACES.values()][
            : 1 + story % 2
        ],
    }
    if place == 0:
        fields["copies"] = (0, 1, 2, 7, 12, 150)[story % 6]
    if number % 4:
        fields["lag_seconds"] = (-60, 30, 400, 1800, 7200, 50_000, 200_000)[number % 7]
    return fields


@pytest.fixture(scope="module")
def articles() -> list[Json]:
    """Sixty articles of a week in twenty stories, and one of long ago."""
    old = {**article(0), "article_id": "u:old", "dated_at": "2020-01-01T00:00:00Z"}
    return [*(article(number) for number in range(60)), old]


@pytest.fixture
def week(es: Elasticsearch, index_prefix: str, articles: list[Json]) -> list[Json]:
    """The articles of the week, with the others in the index too."""
    put_template(es, index_prefix)
    month = date(2026, 5, 1)
    make_month(es, index_prefix, 1, month, aliased=True)
    name = index_name(index_prefix, 1, month)
    outcome = bulk.write(
        es,
        [
            SearchDocument(article_id=each["article_id"], index=name, version=1, fields=each)
            for each in articles
        ],
    )
    assert not outcome.bad
    es.indices.refresh(index=name)
    return articles[:-1]


def stories(articles: list[Json], field: str) -> dict[str, int]:
    """Different stories by each value of a field, the largest first."""
    pairs = {
        (value, each["story_id"])
        for each in articles
        for value in (each[field] if isinstance(each[field], list) else [each[field]])
    }
    return dict(Counter(value for value, _ in pairs).most_common())


def groups(values: list[int], bounds: dict[str, tuple[float, float]]) -> dict[str, int]:
    return {
        label: sum(low <= value <= high for value in values)
        for label, (low, high) in bounds.items()
    }


def test_every_panel_counts_right(es: Elasticsearch, index_prefix: str, week: list[Json]) -> None:
    panels = {
        each["id"].split("-", 2)[2]: each
        for each in objects(described(), index_prefix)
        if each["type"] in ("lens", "map")
    }
    shown = {
        name: tabulated(es, index_prefix, panel, "dated_at", WEEK) for name, panel in panels.items()
    }
    rows = {name: found.rows for name, found in shown.items()}
    numbers = {name: {str(row[0]): row[1] for row in each} for name, each in rows.items()}

    assert rows["numbers"] == ((20, 60),)
    days = [each["dated_at"][:10] for each in week]
    by_day = {(day, each["story_id"]) for day, each in zip(days, week, strict=True)}
    assert rows["per-day"] == tuple(
        (day, sum(one == day for one, _ in by_day), days.count(day)) for day in sorted(set(days))
    )
    for name, field in (
        ("actors", "actor_names"),
        ("topics", "topic_names"),
        ("languages", "language"),
    ):
        assert numbers[name] == stories(week, field), name
    assert sum(numbers["actors"].values()) > 20  # the bars do not add up, as the panel says

    firsts = [each for each in week if each["is_first"]]
    assert numbers["first-outlets"] == stories(firsts, "outlet_name")
    assert sum(numbers["first-outlets"].values()) == 20
    for outlet, count, in_stories, first, copies, lag in rows["outlets"]:
        its = [each for each in week if each["outlet_name"] == outlet]
        assert (count, first) == (len(its), sum(each["is_first"] for each in its))
        assert in_stories == len({each["story_id"] for each in its})
        assert copies == len(its) - first
        known = [each["lag_seconds"] for each in its if "lag_seconds" in each]
        assert lag == pytest.approx(median(known), rel=0.2, abs=600)
    ends = float("inf")
    assert numbers["copies"] == groups(
        [each["copies"] for each in firsts],
        {
            "none": (0, 0),
            "1": (1, 1),
            "2 to 4": (2, 4),
            "5 to 9": (5, 9),
            "10 to 99": (10, 99),
            "100 and more": (100, ends),
        },
    )
    assert numbers["lag"] == groups(
        [each["lag_seconds"] for each in week if "lag_seconds" in each],
        {
            "before it was published": (-ends, -1),
            "under 5 min": (0, 299),
            "5 to 15 min": (300, 899),
            "15 to 60 min": (900, 3599),
            "1 to 6 h": (3600, 21_599),
            "6 to 24 h": (21_600, 86_399),
            "a day and more": (86_400, ends),
        },
    )
    assert [row[2] for row in rows["places"]] == [20, 10]
    for row, (lon, lat) in zip(rows["places"], PLACES.values(), strict=True):
        assert row[:2] == pytest.approx((lon, lat), abs=360 / 2**7)


def test_a_panel_that_counts_another_field_gives_other_numbers(
    es: Elasticsearch, index_prefix: str, week: list[Json]
) -> None:
    [panel] = [
        each for each in objects(described(), index_prefix) if each["id"].endswith("numbers")
    ]
    broken = deepcopy(panel)
    [layer] = broken["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].values()
    layer["columns"]["stories"]["sourceField"] = "article_id"
    assert tabulated(es, index_prefix, broken, "dated_at", WEEK).rows == ((60, 60),)
    assert tabulated(es, index_prefix, panel, "first_seen_at", WEEK).rows == ((0, 0),)


def test_every_query_is_one_that_the_server_reads(
    es: Elasticsearch, index_prefix: str, week: list[Json]
) -> None:
    asked = []
    for each in objects(described(), index_prefix):
        if each["type"] == "search":
            meta = each["attributes"]["kibanaSavedObjectMeta"]
            asked.append(json.loads(meta["searchSourceJSON"])["query"]["query"])
        elif each["type"] == "lens":
            asked.append(each["attributes"]["state"]["query"]["query"])
    texts = {text for text in asked if text}
    assert len(texts) == 2
    alias = alias_name(index_prefix)
    found = {text: es.count(index=alias, query=lucene(text))["count"] for text in texts}
    assert found == {"is_first:true": 21, "is_first:true AND copies:>0": 16}
    assert not es.indices.validate_query(index=alias, query=lucene("is_first:(true"))["valid"]


def test_the_pictures_hold_the_numbers(
    es: Elasticsearch, index_prefix: str, week: list[Json]
) -> None:
    drawn = of_dashboard(es, index_prefix, WEEK)
    assert len(drawn) == 10
    for name, picture in drawn.items():
        ET.fromstring(picture)
        assert f"({index_prefix.rstrip('-')})" in picture, name
    assert "20 stories" in drawn["numbers"]
    assert "60 articles" in drawn["numbers"]
    assert drawn["places"].count("fill-opacity") == 2
    assert drawn["per-day"].count("<circle") == 14


def test_a_name_of_the_outside_cannot_break_a_picture() -> None:
    [panel] = [each for each in objects(described()) if each["id"] == "mediawatch-actors"]
    bucket = {"key": "<script>\x00\u202e&", "doc_count": 1, "stories": {"value": 1}}
    picture = draw(table(panel, {"aggregations": {"bucket": {"buckets": [bucket]}}}))
    ET.fromstring(picture)
    assert "<script>" not in picture
    assert "\u202e" not in picture
