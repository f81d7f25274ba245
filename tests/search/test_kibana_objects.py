"""The saved objects: what ships is what the description says, and every check can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mediawatch.cli import main
from mediawatch.search.index import alias_name
from mediawatch.search.kibana_checks import faults
from mediawatch.search.kibana_objects import (
    SHIPPED,
    WatchSearch,
    described,
    ndjson,
    object_id,
    objects,
    watch_searches,
)
from mediawatch.search.queries import rewrite

Json = dict[str, Any]
ALIAS = alias_name("")


@pytest.fixture
def made() -> dict[str, Json]:
    """Every object by its name, with the searches of two watches."""
    watches = [
        WatchSearch("flood", "Flood", rewrite('dam* AND "high water"~3').text),
        WatchSearch("grève", "Grève", rewrite("réforme NEAR/3 grève").text, ("fr", "de")),
    ]
    found = [*objects(described()), *watch_searches(watches)]
    return {each["id"].removeprefix("mediawatch-"): deepcopy(each) for each in found}


def test_the_file_that_ships_is_made_of_the_description(tmp_path: Path) -> None:
    file = tmp_path / "made.ndjson"
    assert main(["kibana", "build", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == SHIPPED.read_text(encoding="utf-8")


def test_every_object_would_work(made: dict[str, Json]) -> None:
    assert faults(list(made.values()), ALIAS) == []
    assert {each["type"] for each in made.values()} == {
        "tag",
        "index-pattern",
        "search",
        "lens",
        "map",
        "dashboard",
    }


def test_every_line_is_one_object_and_stays_so() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    again = "".join(f"{json.dumps(json.loads(line))}\n" for line in lines)
    assert ndjson(map(json.loads, lines)) == SHIPPED.read_text(encoding="utf-8")
    assert len(again.splitlines()) == len(objects(described()))


def test_a_profile_has_objects_of_its_own() -> None:
    own = {each["id"] for each in objects(described())}
    sample = objects(described(), "sample-")
    assert not own & {each["id"] for each in sample}
    assert faults(sample, "sample-mediawatch-articles") == []
    assert object_id("sample-", "overview") == "mediawatch-sample-overview"


def test_the_dashboard_has_every_panel_that_a_reader_looks_for() -> None:
    assert {panel["id"] for panel in described()["panels"]} >= {
        *("per-day", "outlets", "actors", "topics", "languages", "places"),
        *("first-outlets", "copies", "lag", "numbers", "list"),
    }


def test_a_watch_keeps_its_string_and_has_its_languages_beside_it(made: dict[str, Json]) -> None:
    source = json.loads(
        made["watch-grève"]["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"]
    )
    assert source["query"]["query"] == rewrite("réforme NEAR/3 grève").text
    [pill] = source["filter"]
    assert pill["meta"]["params"] == ["fr", "de"]


def inner(name: str, change: Callable[[Any], None]) -> Callable[[Json], None]:
    """A change of the JSON that an attribute holds as text."""

    def apply(each: Json) -> None:
        value = json.loads(each["attributes"][name])
        change(value)
        each["attributes"][name] = json.dumps(value)

    return apply


def source(change: Callable[[Any], None]) -> Callable[[Json], None]:
    """A change of a saved search's source."""

    def apply(each: Json) -> None:
        meta = each["attributes"]["kibanaSavedObjectMeta"]
        value = json.loads(meta["searchSourceJSON"])
        change(value)
        meta["searchSourceJSON"] = json.dumps(value)

    return apply


def put(path: str, value: Any) -> Callable[[Any], None]:
    """Put a value at ``key/key/0``."""

    def apply(each: Any) -> None:
        *way, last = path.split("/")
        for key in way:
            each = each[int(key)] if isinstance(each, list) else each[key]
        if isinstance(each, list):
            each[int(last)] = value
        else:
            each[last] = value

    return apply


LAYER = "attributes/state/datasourceStates/formBased/layers/panel"
COLUMNS = f"{LAYER}/columns"

BROKEN: list[tuple[str, Callable[[Json], None], str]] = [
    ("overview", lambda each: each.pop("managed"), "other keys"),
    ("overview", put("type", "canvas"), "unknown type"),
    ("actors", put("typeMigrationVersion", "10.1.0"), "version 10.1.0 and not 8.9.0"),
    ("tag", put("coreMigrationVersion", "9.0.0"), "core version 9.0.0"),
    ("all-articles", put("id", "all-articles"), "not ours"),
    ("overview", put("attributes/sections", []), "unknown attributes: ['sections']"),
    ("articles", put("attributes/fields", []), "'fields' is not a text with JSON"),
    ("articles", put("attributes/fieldFormatMap", "{"), "not a text with JSON"),
    ("articles", put("attributes/title", "mw-articles-*"), "not the alias"),
    ("articles", put("attributes/timeFieldName", "title"), "no date in its time field"),
    ("articles", inner("fieldFormatMap", put("souce", {})), "'souce', which the index has not"),
    ("actors", put("references/0/id", "mediawatch-nothing"), "not in the file"),
    ("actors", put("references/0/name", "layer"), "without a reference"),
    ("actors", lambda each: each["references"].append(each["references"][0]), "two references"),
    ("overview", lambda each: each["references"].pop(0), "names 'numbers:panel_numbers' without"),
    (
        "all-articles",
        lambda each: each["references"].append({**each["references"][0], "name": "more"}),
        "that nothing names",
    ),
    ("all-articles", source(lambda each: each.pop("indexRefName")), "without a reference"),
    ("all-articles", put("attributes/columns/0", "headline"), "'headline'"),
    ("all-articles", put("attributes/sort/0/0", "title"), "cannot sort by 'title'"),
    ("all-articles", source(put("query/query", "headline:x")), "'headline'"),
    ("all-articles", source(put("query/language", "kuery")), "not in Lucene's syntax"),
    ("watch-flood", source(put("query/query", "(title:x")), "unbalanced"),
    ("watch-flood", source(put("query/query", "_exists_:nobody")), "'nobody'"),
    ("watch-grève", source(put("filter/0/meta/field", "lang")), "'lang'"),
    ("actors", put(f"{COLUMNS}/bucket/sourceField", "actors"), "field 'actors'"),
    ("actors", put(f"{COLUMNS}/bucket/sourceField", "body"), "field 'body'"),
    ("actors", put(f"{COLUMNS}/bucket/sourceField", "mentions.name"), "field 'mentions.name'"),
    ("actors", put(f"{COLUMNS}/stories/operationType", "formula"), "unknown way: 'formula'"),
    ("actors", put(f"{COLUMNS}/bucket/params/orderBy/columnId", "x"), "a column that it has not"),
    ("actors", put(f"{LAYER}/columnOrder", ["bucket"]), "orders other columns"),
    ("actors", put("attributes/state/visualization/layers/0/xAccessor", "x"), "draws other"),
    ("actors", put("attributes/state/visualization/layers/0/layerId", "x"), "another layer"),
    ("actors", put("attributes/description", ""), "are approximate"),
    ("actors", put("attributes/description", "approximate above 3,000"), "do not add up"),
    ("actors", put("attributes/state/query/query", "is_frist:true"), "'is_frist'"),
    ("per-day", put(f"{COLUMNS}/bucket/sourceField", "language"), "field 'language'"),
    ("numbers", put(f"{COLUMNS}/stories/sourceField", "story"), "field 'story'"),
    ("numbers", put(f"{COLUMNS}/articles/sourceField", "story_id"), "counts no records"),
    ("outlets", lambda each: each["attributes"]["state"]["visualization"]["columns"].pop(), "draw"),
    ("outlets", put(f"{COLUMNS}/firsts/filter/query", "first:true"), "'first'"),
    ("outlets", put(f"{COLUMNS}/lag/sourceField", "language"), "'median' cannot be had"),
    ("copies", put(f"{COLUMNS}/bucket/params/filters/0/input/query", "copys:0"), "'copys'"),
    ("places", inner("layerListJSON", put("0/sourceDescriptor/geoField", "title")), "no places"),
    ("places", inner("layerListJSON", put("0/sourceDescriptor/metrics/0/field", "s")), "'s'"),
    ("places", put("attributes/description", ""), "approximate"),
    ("overview", put("attributes/timeRestore", False), "15 minutes"),
    ("overview", inner("panelsJSON", put("1/gridData/i", "x")), "two names"),
    ("overview", inner("panelsJSON", put("1/gridData/x", 40)), "beyond its right edge"),
    ("overview", inner("panelsJSON", put("1/gridData/x", 30)), "on top of another"),
]


@pytest.mark.parametrize(
    ("name", "change", "fault"), BROKEN, ids=[f"{name}: {fault}" for name, _, fault in BROKEN]
)
def test_a_check_fails_on_what_is_broken(
    made: dict[str, Json], name: str, change: Callable[[Json], None], fault: str
) -> None:
    change(made[name])
    found = faults(list(made.values()), ALIAS)
    assert any(fault in line for line in found), found


def test_an_object_that_stands_twice_is_seen(made: dict[str, Json]) -> None:
    assert "mediawatch-tag: stands 2 times in the file" in faults(
        [*made.values(), made["tag"]], ALIAS
    )
