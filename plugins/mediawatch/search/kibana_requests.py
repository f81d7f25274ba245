"""What a panel of Kibana asks of Elasticsearch, and its answer as a table.

The request is made from the saved object as Kibana imports it, not from our description of it,
so that the checks and pictures see what a reader will see.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Value: TypeAlias = str | int | float | None

KINDS = ("lens", "map")
# At the zoom of the saved map, Kibana's finest grid has cells of this depth.
GRID_PRECISION = 6


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From and to as Elasticsearch reads them (ISO 8601 or ``now-7d``), days cut in a zone."""

    start: str
    end: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Table:
    """A panel's numbers: the labels of its columns, and a row for each bucket.

    ``seconds`` are the places of columns that hold a time span.
    """

    title: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    seconds: frozenset[int] = frozenset()


def request(panel: Json, time_field: str, when: TimeRange) -> Json:
    """The body of the search that a Lens or Maps object sends; hits are left out."""
    if panel["type"] == "map":
        layer = map_layer(panel)
        query, aggs = map_state(panel)["query"], _grid(layer)
    else:
        query = panel["attributes"]["state"]["query"]
        columns = lens_columns(panel)
        aggs = _lens_aggs(columns, when)
    within = {"gte": when.start, "lte": when.end, "format": "strict_date_optional_time"}
    filters: list[Json] = [{"range": {time_field: within}}]
    if query["query"]:
        filters.append(lucene(query["query"]))
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": filters}},
        "aggs": aggs,
    }


def lens_columns(panel: Json) -> dict[str, Json]:
    """The columns of a Lens object with one layer, in order."""
    [layer] = panel["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].values()
    return {name: layer["columns"][name] for name in layer["columnOrder"]}


def map_layer(panel: Json) -> Json:
    """The one layer of a map."""
    [layer] = json.loads(panel["attributes"]["layerListJSON"])
    found: Json = layer
    return found


def map_state(panel: Json) -> Json:
    """What a map keeps beside its layers."""
    state: Json = json.loads(panel["attributes"]["mapStateJSON"])
    return state


def lucene(query: str) -> Json:
    """A query as Kibana sends it, with the options that deploy/kibana.yml sets."""
    return {"query_string": {"query": query, "analyze_wildcard": True, "default_operator": "AND"}}


def _lens_aggs(columns: Mapping[str, Json], when: TimeRange) -> Json:
    metrics = {
        name: agg
        for name, column in columns.items()
        if not column["isBucketed"] and (agg := _metric(column))
    }
    for name, column in columns.items():
        if column["isBucketed"]:
            return {name: _bucket(column, columns, when) | {"aggs": metrics}}
    return metrics


def _metric(column: Json) -> Json | None:
    """The aggregation of a number; None where the count of documents is it."""
    field = {"field": column["sourceField"]}
    operation = column["operationType"]
    if operation == "unique_count":
        agg: Json | None = {"cardinality": field}
    elif operation == "median":
        agg = {"percentiles": {**field, "percents": [50]}}
    elif operation == "count":
        agg = None
    else:
        raise ValueError(f"no aggregation is known for '{operation}'")
    if "filter" not in column:
        return agg
    return {"filter": lucene(column["filter"]["query"]), "aggs": {"inner": agg} if agg else {}}


def _bucket(column: Json, columns: Mapping[str, Json], when: TimeRange) -> Json:
    operation, params = column["operationType"], column["params"]
    if operation == "date_histogram":
        return {
            "date_histogram": {
                "field": column["sourceField"],
                "calendar_interval": params["interval"],
                "time_zone": when.zone,
                "min_doc_count": 0 if params["includeEmptyRows"] else 1,
                "extended_bounds": {"min": when.start, "max": when.end},
                "format": "strict_date",
            }
        }
    if operation == "filters":
        named = {each["label"]: lucene(each["input"]["query"]) for each in params["filters"]}
        return {"filters": {"filters": named}}
    if operation != "terms":
        raise ValueError(f"no aggregation is known for '{operation}'")
    order = params["orderBy"]["columnId"]
    ordered = order if _metric(columns[order]) else "_count"
    return {
        "terms": {
            "field": column["sourceField"],
            "size": params["size"],
            "order": {ordered: params["orderDirection"]},
        }
    }


def _grid(layer: Json) -> Json:
    source = layer["sourceDescriptor"]
    metrics = {
        f"{each['type']}_of_{each['field']}": {each["type"]: {"field": each["field"]}}
        for each in source["metrics"]
    }
    return {
        "cells": {
            "geotile_grid": {"field": source["geoField"], "precision": GRID_PRECISION},
            "aggs": metrics,
        }
    }


def table(panel: Json, answer: Mapping[str, Any]) -> Table:
    """The numbers of an answer to :func:`request`.

    Rows of a map are the middles of its squares: (longitude, latitude, a number for each
    metric), the largest first.
    """
    title = str(panel["attributes"]["title"])
    if panel["type"] == "map":
        return _map_table(title, map_layer(panel), answer["aggregations"]["cells"]["buckets"])
    columns = lens_columns(panel)
    labels = tuple(str(column["label"]) for column in columns.values())
    kind = str(panel["attributes"]["visualizationType"])
    numbers = {name: column for name, column in columns.items() if not column["isBucketed"]}
    bucketed = [name for name in columns if name not in numbers]
    if not bucketed:
        whole = {**answer["aggregations"], "doc_count": answer["hits"]["total"]["value"]}
        return Table(title, kind, labels, (_numbers(numbers, whole),))
    buckets = answer["aggregations"][bucketed[0]]["buckets"]
    rows = [
        (key, *_numbers(numbers, bucket)) for key, bucket in _buckets(columns[bucketed[0]], buckets)
    ]
    spans = [column.get("sourceField") == "lag_seconds" for column in columns.values()]
    seconds = frozenset(place for place, is_span in enumerate(spans) if is_span)
    return Table(title, kind, labels, tuple(rows), seconds)


def _buckets(column: Json, buckets: Any) -> Sequence[tuple[str, Json]]:
    if column["operationType"] == "filters":  # the answer has an order of its own
        labels = [each["label"] for each in column["params"]["filters"]]
        return [(label, buckets[label]) for label in labels]
    return [(str(each.get("key_as_string", each["key"])), each) for each in buckets]


def _numbers(columns: Mapping[str, Json], bucket: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(_number(name, column, bucket) for name, column in columns.items())


def _number(name: str, column: Json, bucket: Mapping[str, Any]) -> Value:
    inside = bucket[name] if "filter" in column else bucket
    if column["operationType"] == "count":
        return int(inside["doc_count"])
    found = inside["inner"] if "filter" in column else bucket[name]
    if column["operationType"] == "median":
        value = found["values"]["50.0"]
        return None if value is None else float(value)
    return int(found["value"])


def _map_table(title: str, layer: Json, buckets: Sequence[Json]) -> Table:
    metrics = layer["sourceDescriptor"]["metrics"]
    names = [f"{each['type']}_of_{each['field']}" for each in metrics]
    rows = [
        (*_middle(each["key"]), *(int(each[name]["value"]) for name in names)) for each in buckets
    ]
    rows.sort(key=lambda row: (-row[2], row))
    labels = ("Longitude", "Latitude", *(str(each["label"]) for each in metrics))
    return Table(title, "map", labels, tuple(rows))


def _middle(tile: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of a tile ``zoom/x/y`` of Web Mercator."""
    zoom, x, y = map(int, tile.split("/"))
    tiles = 2**zoom
    latitude = math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / tiles)))
    return round((x + 0.5) / tiles * 360 - 180, 4), round(math.degrees(latitude), 4)
