"""What would go wrong with saved objects in Kibana, found without one.

Each check stands for a way in which Kibana refuses an object, or loads it and shows nothing:
a version it does not know, a reference that leads nowhere, a field that the index lacks or that
cannot be counted, a query that does not parse, a panel that names no column.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from mediawatch.search import kibana_requests as requests
from mediawatch.search.kibana_objects import CORE_VERSION, VERSIONS
from mediawatch.search.kibana_panels import APPROXIMATE, SEVERAL
from mediawatch.search.mapping import PROPERTIES

Json: TypeAlias = dict[str, Any]

KEYS = {
    "attributes",
    "coreMigrationVersion",
    "id",
    "managed",
    "references",
    "type",
    "typeMigrationVersion",
}
# The attributes that Kibana keeps as text with JSON inside.
TEXTS: Mapping[str, Sequence[str]] = {
    "index-pattern": ("fields", "fieldAttrs", "fieldFormatMap", "runtimeFieldMap", "sourceFilters"),
    "dashboard": ("panelsJSON", "optionsJSON"),
    "map": ("layerListJSON", "mapStateJSON", "uiStateJSON"),
}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "tag": frozenset({"name", "description", "color"}),
    "index-pattern": frozenset(
        {"title", "name", "timeFieldName", "allowHidden", *TEXTS["index-pattern"]}
    ),
    "search": frozenset(
        {
            "title",
            "description",
            "columns",
            "sort",
            "grid",
            "hideChart",
            "isTextBasedQuery",
            "timeRestore",
            "usesAdHocDataView",
            "kibanaSavedObjectMeta",
        }
    ),
    "lens": frozenset({"title", "description", "visualizationType", "state"}),
    "map": frozenset({"title", "description", *TEXTS["map"]}),
    # Any other attribute of a dashboard is refused by Kibana's schema.
    "dashboard": frozenset(
        {
            "title",
            "description",
            "version",
            "timeRestore",
            "timeFrom",
            "timeTo",
            "refreshInterval",
            "kibanaSavedObjectMeta",
            *TEXTS["dashboard"],
        }
    ),
}
GRID_WIDTH = 48
# What a Lens column may count, and the types of field it needs.
OPERATIONS: Mapping[str, frozenset[str]] = {
    "count": frozenset(),
    "filters": frozenset(),
    "unique_count": frozenset({"keyword"}),
    "terms": frozenset({"keyword", "boolean", "integer"}),
    "median": frozenset({"long", "integer"}),
    "date_histogram": frozenset({"date"}),
}
FIELDS: Mapping[str, str] = {
    **{name: str(field["type"]) for name, field in PROPERTIES.items()},
    **{
        f"{name}.{part}": str(inner["type"])
        for name, field in PROPERTIES.items()
        for part, inner in field.get("fields", {}).items()
    },
}
_QUERY_FIELD = re.compile(r"(?<![\w.\\])(?:_exists_:([a-z_.]+)|([a-z_]+(?:\.[a-z]+)?):)")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


def faults(objects: Sequence[Json], alias: str) -> list[str]:
    """Every fault of a set of objects that is imported together, as ``id: what``.

    ``alias`` is the one that the data view must read.
    """
    found: list[str] = []
    known = Counter((each["type"], each["id"]) for each in objects)
    found += [f"{name}: stands {n} times in the file" for (_, name), n in known.items() if n > 1]
    for each in objects:
        found += [f"{each['id']}: {fault}" for fault in _of_object(each, set(known), alias)]
    return found


def _of_object(each: Json, known: set[tuple[str, str]], alias: str) -> Iterator[str]:
    wrong_shape = list(_shape(each))
    yield from wrong_shape
    if wrong_shape:
        return
    yield from _references(each, known)
    if each["type"] == "index-pattern":
        yield from _data_view(each["attributes"], alias)
    elif each["type"] in _CHECKS:
        yield from _CHECKS[each["type"]](each)


def _shape(each: Json) -> Iterator[str]:
    kind = str(each.get("type"))
    if set(each) != KEYS:
        yield f"has other keys than Kibana's: {sorted(set(each) ^ KEYS)}"
    elif kind not in VERSIONS:
        yield f"is of an unknown type '{kind}'"
    elif set(each["attributes"]) != ATTRIBUTES[kind]:
        odd = sorted(set(each["attributes"]) ^ ATTRIBUTES[kind])
        yield f"has missing or unknown attributes: {odd}"
    else:
        if each["coreMigrationVersion"] != CORE_VERSION:
            yield f"has the core version {each['coreMigrationVersion']} and not {CORE_VERSION}"
        if each["typeMigrationVersion"] != VERSIONS[kind]:
            yield f"has the version {each['typeMigrationVersion']} and not {VERSIONS[kind]}"
        if not each["id"].startswith("mediawatch-"):
            yield "has an id that is not ours"
        for name in TEXTS.get(kind, ()):
            if not _is_json_text(each["attributes"][name]):
                yield f"'{name}' is not a text with JSON inside"


def _is_json_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _references(each: Json, known: set[tuple[str, str]]) -> Iterator[str]:
    names = Counter(reference["name"] for reference in each["references"])
    for reference in each["references"]:
        if (reference["type"], reference["id"]) not in known:
            yield f"refers to '{reference['id']}', which is not in the file"
    for name in [name for name, n in names.items() if n > 1]:
        yield f"has two references called '{name}'"
    wanted = set(_wanted_references(each))
    given = {name for name in names if not name.startswith("tag-ref-")}
    for name in sorted(wanted - given):
        yield f"names '{name}' without a reference"
    for name in sorted(given - wanted):
        yield f"has the reference '{name}' that nothing names"


def _wanted_references(each: Json) -> Iterator[str]:
    attributes = each["attributes"]
    if each["type"] == "lens":
        for layer in attributes["state"]["datasourceStates"]["formBased"]["layers"]:
            yield f"indexpattern-datasource-layer-{layer}"
    elif each["type"] == "map":
        for layer in json.loads(attributes["layerListJSON"]):
            yield layer["sourceDescriptor"].get("indexPatternRefName", "indexPatternRefName")
    elif each["type"] == "search":
        source = _source(attributes)
        yield source.get("indexRefName", "indexRefName")
        yield from (one["meta"]["indexRefName"] for one in source["filter"])
    elif each["type"] == "dashboard":
        for panel in json.loads(attributes["panelsJSON"]):
            if panel["type"] != "visualization":
                yield f"{panel['panelIndex']}:{panel.get('panelRefName')}"


def _source(attributes: Json) -> Json:
    source: Json = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return source


def _data_view(attributes: Json, alias: str) -> Iterator[str]:
    if attributes["title"] != alias:
        yield f"reads '{attributes['title']}' and not the alias '{alias}'"
    if FIELDS.get(attributes["timeFieldName"]) != "date":
        yield f"has no date in its time field '{attributes['timeFieldName']}'"
    yield from _fields(json.loads(attributes["fieldFormatMap"]))


def _search(each: Json) -> Iterator[str]:
    attributes = each["attributes"]
    yield from _fields(attributes["columns"])
    for field, _ in attributes["sort"]:
        yield from _fields([field])
        if FIELDS.get(field) == "text":
            yield f"cannot sort by '{field}'"
    source = _source(attributes)
    yield from _query(source["query"])
    yield from _fields(one["meta"]["field"] for one in source["filter"])


def _lens(each: Json) -> Iterator[str]:
    attributes = each["attributes"]
    state = attributes["state"]
    layers = state["datasourceStates"]["formBased"]["layers"]
    [(layer_id, layer)] = layers.items()
    columns: dict[str, Json] = layer["columns"]
    if sorted(layer["columnOrder"]) != sorted(columns):
        yield "orders other columns than it has"
        return
    yield from _query(state["query"])
    for column in columns.values():
        yield from _column(column, columns)
    drawn = _drawn(state["visualization"])
    if sorted(drawn) != sorted(columns):
        yield f"draws other columns than it has: {sorted(set(drawn) ^ set(columns))}"
    if layer_id not in json.dumps(state["visualization"]):
        yield f"draws another layer than '{layer_id}'"
    yield from _notes(attributes["description"], columns.values())


def _drawn(visualization: Json) -> list[str]:
    if "columns" in visualization:
        return [column["columnId"] for column in visualization["columns"]]
    if "layers" in visualization:
        [layer] = visualization["layers"]
        return [layer["xAccessor"], *layer["accessors"]]
    names = ("metricAccessor", "secondaryMetricAccessor")
    return [visualization[name] for name in names if name in visualization]


def _column(column: Json, columns: Mapping[str, Json]) -> Iterator[str]:
    operation = column["operationType"]
    if operation not in OPERATIONS:
        yield f"counts in an unknown way: '{operation}'"
        return
    types = OPERATIONS[operation]
    if types:
        field = column["sourceField"]
        if FIELDS.get(field) not in types:
            yield f"'{operation}' cannot be had of the field '{field}'"
    if operation == "count" and column["sourceField"] != "___records___":
        yield "counts no records"
    if operation == "terms" and column["params"]["orderBy"]["columnId"] not in columns:
        yield "is ordered by a column that it has not"
    if operation == "filters":
        for each in column["params"]["filters"]:
            yield from _query(each["input"])
    if "filter" in column:
        yield from _query(column["filter"])


def _notes(description: str, columns: Any) -> Iterator[str]:
    """Numbers that are estimates or do not add up must say so."""
    listed = list(columns)
    if not any(column["operationType"] == "unique_count" for column in listed):
        return
    if APPROXIMATE not in description:
        yield "does not say that numbers of stories are approximate"
    several = any(column.get("sourceField") in SEVERAL for column in listed)
    if several and "do not add up" not in description:
        yield "does not say that its values do not add up"


def _map(each: Json) -> Iterator[str]:
    source = requests.map_layer(each)["sourceDescriptor"]
    if FIELDS.get(source["geoField"]) != "geo_point":
        yield f"'{source['geoField']}' holds no places"
    for metric in source["metrics"]:
        yield from _fields([metric["field"]])
    yield from _query(requests.map_state(each)["query"])
    columns = [{"operationType": "unique_count", "sourceField": source["geoField"]}]
    yield from _notes(each["attributes"]["description"], columns)


def _dashboard(each: Json) -> Iterator[str]:
    attributes = each["attributes"]
    if attributes["timeRestore"] is not True:
        yield "would be opened on the last 15 minutes"
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(attributes["panelsJSON"]):
        grid = panel["gridData"]
        if grid["i"] != panel["panelIndex"]:
            yield f"has a panel with two names: '{grid['i']}' and '{panel['panelIndex']}'"
        if grid["x"] + grid["w"] > GRID_WIDTH:
            yield f"has a panel beyond its right edge: '{grid['i']}'"
        cells = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        if cells & taken:
            yield f"has a panel on top of another: '{grid['i']}'"
        taken |= cells


def _fields(names: Any) -> Iterator[str]:
    for name in names:
        if name not in FIELDS:
            yield f"names the field '{name}', which the index has not"


def _query(query: Json) -> Iterator[str]:
    if query["language"] != "lucene":
        yield f"asks in '{query['language']}' and not in Lucene's syntax"
        return
    text = _QUOTED.sub('""', query["query"])
    yield from _fields(found[1] or found[2] for found in _QUERY_FIELD.finditer(text))
    if text.count("(") != text.count(")") or text.count('"') % 2:
        yield f"asks a query with unbalanced signs: {query['query'][:60]}"


_CHECKS: Mapping[str, Callable[[Json], Iterator[str]]] = {
    "search": _search,
    "lens": _lens,
    "map": _map,
    "dashboard": _dashboard,
}
