"""One panel of the dashboard: from its short description to the state of Lens or Maps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

LAYER = "panel"
MAP_INDEX = "layer_0_source_index_pattern"
BUCKET = "bucket"
APPROXIMATE = "Numbers of stories are approximate above 3,000."
OVERLAPS = "A story stands under each of its values: the {shape} do not add up to all stories."
# Fields that have several values in one document, or differ between the articles of a story.
SEVERAL = frozenset({"actor_names", "topic_names", "place_points", "outlet_name", "language"})

# Lens counts rows with this as the field.
_RECORDS = "___records___"


def _measure(label: str, operation: str, field: str, **more: Any) -> Json:
    params: Json = {} if operation == "median" else {"emptyAsNull": False}
    return {
        "customLabel": True,
        "dataType": "number",
        "isBucketed": False,
        "label": label,
        "operationType": operation,
        "params": params,
        "scale": "ratio",
        "sourceField": field,
        **more,
    }


def _lucene(query: str) -> Json:
    return {"language": "lucene", "query": query}


MEASURES: Mapping[str, Json] = {
    "stories": _measure("Stories", "unique_count", "story_id"),
    "articles": _measure("Articles", "count", _RECORDS),
    # Of first articles there is one a story: exact, and only under ``where: is_first:true``.
    "first_stories": _measure("Stories", "count", _RECORDS),
    "firsts": _measure("First reports", "count", _RECORDS, filter=_lucene("is_first:true")),
    "copies": _measure("Copies", "count", _RECORDS, filter=_lucene("is_first:false")),
    "lag": _measure("Median delay", "median", "lag_seconds"),
}


def note(panel: Json) -> str:
    """What stands behind the info sign of a panel: what it shows, and how exact it is."""
    parts = [str(panel["description"]).strip()]
    if "stories" in panel["show"]:
        parts.append(APPROXIMATE)
        if panel.get("by", panel.get("field")) in SEVERAL:
            shape = {"map": "squares", "table": "rows"}.get(panel["kind"], "bars")
            parts.append(OVERLAPS.format(shape=shape))
    return " ".join(parts)


def lens_attributes(panel: Json) -> Json:
    """Kind and state of a Lens panel, without its title."""
    shown: Sequence[str] = panel["show"]
    columns = {name: MEASURES[name] for name in shown}
    bucket = _bucket(panel, shown[0])
    if bucket:
        columns = {BUCKET: bucket, **columns}
    layer = {"columnOrder": list(columns), "columns": columns, "incompleteColumns": {}}
    kind, visualization = _visualization(panel, list(columns))
    return {
        "visualizationType": kind,
        "state": {
            "adHocDataViews": {},
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "filters": [],
            "internalReferences": [],
            "query": _lucene(panel.get("where", "")),
            "visualization": visualization,
        },
    }


def _bucket(panel: Json, order: str) -> Json | None:
    if panel["kind"] == "number":
        return None
    column: Json = {"customLabel": True, "isBucketed": True}
    if panel["kind"] == "lines":
        return column | {
            "dataType": "date",
            "label": "Day",
            "operationType": "date_histogram",
            "params": {"dropPartials": False, "includeEmptyRows": True, "interval": "1d"},
            "scale": "interval",
            "sourceField": panel["over"],
        }
    if panel["kind"] == "groups":
        filters = [
            {"input": _lucene(query), "label": str(label)}
            for label, query in panel["groups"].items()
        ]
        return column | {
            "dataType": "string",
            "label": panel["label"],
            "operationType": "filters",
            "params": {"filters": filters},
            "scale": "ordinal",
        }
    return column | {
        "dataType": "string",
        "label": panel["by"].removesuffix("_names").removesuffix("_name").capitalize(),
        "operationType": "terms",
        "params": {
            "missingBucket": False,
            "orderBy": {"columnId": order, "type": "column"},
            "orderDirection": "desc",
            "otherBucket": False,
            "parentFormat": {"id": "terms"},
            "size": panel["size"],
        },
        "scale": "ordinal",
        "sourceField": panel["by"],
    }


def _visualization(panel: Json, columns: list[str]) -> tuple[str, Json]:
    """The kind of a panel for Lens, and how its columns are drawn."""
    of_layer = {"layerId": LAYER, "layerType": "data"}
    if panel["kind"] == "number":
        accessors = {"metricAccessor": columns[0], "secondaryMetricAccessor": columns[1]}
        return "lnsMetric", of_layer | accessors
    if panel["kind"] == "table":
        return "lnsDatatable", of_layer | {
            "columns": [{"columnId": name, "isTransposed": False} for name in columns],
            "paging": {"enabled": True, "size": 20},
            "sorting": {"columnId": columns[1], "direction": "desc"},
        }
    series = {"lines": "line", "bars": "bar_horizontal", "groups": "bar"}[panel["kind"]]
    layer = of_layer | {
        "accessors": columns[1:],
        "position": "top",
        "seriesType": series,
        "showGridlines": False,
        "xAccessor": BUCKET,
    }
    return "lnsXY", {
        "layers": [layer],
        "legend": {"isVisible": len(columns) > 2, "position": "right"},
        "preferredSeriesType": series,
        "valueLabels": "hide",
    }


def map_attributes(panel: Json) -> Json:
    """The state of a map with one layer of squares, without its title.

    Squares and not dots: Maps would put a dot at the centre of all places of the articles in a
    cell, and an article that names Oslo and Lima would pull both into the Atlantic. Maps names
    the number of different stories in a cell ``cardinality_of_story_id``.
    """
    number = {"name": "cardinality_of_story_id", "origin": "source"}
    shade = {
        "color": "Blues",
        "field": number,
        "fieldMetaOptions": {"isEnabled": True, "sigma": 3},
        "type": "ORDINAL",
    }
    properties = {
        "fillColor": {"type": "DYNAMIC", "options": shade},
        "lineColor": {"type": "STATIC", "options": {"color": "#3B6EA8"}},
        "lineWidth": {"type": "STATIC", "options": {"size": 1}},
    }
    layer = {
        "alpha": 0.75,
        "id": LAYER,
        "includeInFitToBounds": True,
        "joins": [],
        "label": "Stories",
        "maxZoom": 24,
        "minZoom": 0,
        "sourceDescriptor": {
            "applyForceRefresh": True,
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "geoField": panel["field"],
            "id": f"{LAYER}-source",
            "indexPatternRefName": MAP_INDEX,
            "metrics": [{"field": "story_id", "label": "Stories", "type": "cardinality"}],
            "requestType": "grid",
            "resolution": "MOST_FINE",
            "type": "ES_GEO_GRID",
        },
        "style": {"type": "VECTOR", "properties": properties},
        "type": "GEOJSON_VECTOR",
        "visible": True,
    }
    state = {
        "center": {"lat": 20, "lon": 0},
        "filters": [],
        "query": _lucene(""),
        "refreshConfig": {"interval": 60000, "isPaused": True},
        "settings": {"autoFitToDataBounds": False, "initialLocation": "LAST_SAVED_LOCATION"},
        "timeFilters": {"from": "now-7d", "to": "now"},
        "zoom": 1.6,
    }
    return {
        "layerListJSON": json.dumps([layer], sort_keys=True),
        "mapStateJSON": json.dumps(state, sort_keys=True),
        "uiStateJSON": json.dumps({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }
