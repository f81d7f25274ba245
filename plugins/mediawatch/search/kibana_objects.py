"""Kibana's saved objects, made from the short description in ``seeds/kibana/objects.yaml``.

An object has the lowest version whose shape is used: Kibana migrates a lower one up and refuses
a higher one. Ids are stable and begin with ``mediawatch-``, so that an import writes ours anew
and touches nothing of anybody else's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from mediawatch.search import kibana_panels as panels
from mediawatch.search.index import alias_name
from mediawatch.settings import REPOSITORY

Json: TypeAlias = dict[str, Any]

DESCRIPTION = REPOSITORY / "seeds" / "kibana" / "objects.yaml"
SHIPPED = REPOSITORY / "seeds" / "kibana" / "mediawatch.ndjson"
CORE_VERSION = "8.8.0"
PANEL_VERSION = "8.19.0"
VERSIONS: Mapping[str, str] = {
    "tag": "8.0.0",
    "index-pattern": "8.0.0",
    "search": "10.5.0",
    "lens": "8.9.0",
    "map": "8.4.0",
    "dashboard": "10.2.0",
}
SOURCE_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"
WATCH_COLUMNS = ("outlet_name", "title", "language", "actor_names", "topic_names", "copies", "url")


@dataclass(frozen=True, slots=True)
class WatchSearch:
    """One watch as a saved search: ``text`` is the very string that the alert asks.

    ``looked_up`` are its wildcards inside NEAR, whose words stand in ``text``.
    """

    watch_id: str
    name: str
    text: str
    languages: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()


def object_id(prefix: str, name: str) -> str:
    """The id of an object; ``prefix`` is that of the indices, empty for the profile ``own``."""
    return f"mediawatch-{prefix}{name}"


def watch_object(watch_id: str) -> str:
    """The name of a watch's saved search, for :func:`object_id`."""
    return f"watch-{watch_id}"


def described() -> Json:
    """The description as it stands in the file."""
    found: Json = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return found


def objects(description: Json, prefix: str = "") -> list[Json]:
    """Every object of a profile but the searches of its watches, in the order of the file."""
    shown = [panel for panel in description["panels"] if panel["kind"] not in ("words", "list")]
    return [
        _tag(prefix),
        _data_view(description["data_view"], prefix),
        *(_search(search, prefix) for search in description["searches"]),
        *(_panel(panel, prefix) for panel in shown),
        _dashboard(description, prefix),
    ]


def watch_searches(watches: Iterable[WatchSearch], prefix: str = "") -> list[Json]:
    """The saved searches of watches; languages are a filter beside the query, as in the alert."""
    made = []
    for watch in watches:
        note = "The very search of this watch. To change it, edit the watch."
        if watch.looked_up:
            note += f" The words of {', '.join(watch.looked_up)} are as of the last sync."
        search = {
            "id": watch_object(watch.watch_id),
            "title": f"Watch: {watch.name}",
            "description": note,
            "query": watch.text,
            "columns": WATCH_COLUMNS,
            "sort": ["dated_at", "desc"],
        }
        made.append(_search(search, prefix, watch.languages))
    return made


def ndjson(made: Iterable[Json]) -> str:
    """The file that Kibana imports: one object a line."""
    return "".join(f"{as_text(each)}\n" for each in made)


def as_text(value: Any) -> str:
    """JSON in one fixed form, so that the same object always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def language_filter(languages: Sequence[str], index: Json) -> Json:
    """The pill "language is one of"; ``index`` says where the filter names its data view."""
    return {
        "$state": {"store": "appState"},
        "meta": {
            "alias": None,
            "disabled": False,
            "field": "language",
            "key": "language",
            "negate": False,
            "params": list(languages),
            "type": "phrases",
            **index,
        },
        "query": {
            "bool": {
                "minimum_should_match": 1,
                "should": [{"match_phrase": {"language": language}} for language in languages],
            }
        },
    }


def _object(kind: str, name: str, prefix: str, attributes: Json, references: list[Json]) -> Json:
    tags = [] if kind in ("tag", "index-pattern") else [_reference("tag", "tag", prefix)]
    tags = [{**tag, "name": f"tag-ref-{tag['id']}"} for tag in tags]
    return {
        "attributes": attributes,
        "coreMigrationVersion": CORE_VERSION,
        "id": object_id(prefix, name),
        "managed": False,
        "references": [*references, *tags],
        "type": kind,
        "typeMigrationVersion": VERSIONS[kind],
    }


def _reference(kind: str, name: str, prefix: str, label: str = "") -> Json:
    return {"id": object_id(prefix, name), "name": label, "type": kind}


def _titled(title: str, prefix: str) -> str:
    return f"{title} ({prefix.rstrip('-')})" if prefix else title


def _tag(prefix: str) -> Json:
    attributes = {
        "name": _titled("mediawatch", prefix),
        "description": "Written by mediawatch; an update writes it anew",
        "color": "#3B6EA8",
    }
    return _object("tag", "tag", prefix, attributes, [])


def _data_view(view: Json, prefix: str) -> Json:
    attributes = {
        "title": alias_name(prefix),
        "name": _titled(view["name"], prefix),
        "timeFieldName": view["time_field"],
        "allowHidden": False,
        "fields": "[]",  # Kibana reads them from the index
        "fieldAttrs": "{}",
        "fieldFormatMap": as_text(view["formats"]),
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
    }
    return _object("index-pattern", "articles", prefix, attributes, [])


def _search(search: Mapping[str, Any], prefix: str, languages: Sequence[str] = ()) -> Json:
    references = [_reference("index-pattern", "articles", prefix, SOURCE_INDEX)]
    filters = []
    if languages:
        place = "kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index"
        filters.append(language_filter(languages, {"indexRefName": place}))
        references.append(_reference("index-pattern", "articles", prefix, place))
    source = {
        "query": {"language": "lucene", "query": search["query"]},
        "filter": filters,
        "highlightAll": True,
        "version": True,
        "indexRefName": SOURCE_INDEX,
    }
    attributes = {
        "title": _titled(search["title"], prefix),
        "description": search["description"],
        "columns": list(search["columns"]),
        "sort": [list(search["sort"])],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "usesAdHocDataView": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": as_text(source)},
    }
    return _object("search", search["id"], prefix, attributes, references)


def _panel(panel: Json, prefix: str) -> Json:
    title = _titled(panel["title"], prefix)
    if panel["kind"] == "map":
        attributes = panels.map_attributes(panel)
        label = panels.MAP_INDEX
        kind = "map"
    else:
        attributes = panels.lens_attributes(panel)
        label = f"indexpattern-datasource-layer-{panels.LAYER}"
        kind = "lens"
    attributes = {"title": title, "description": panels.note(panel), **attributes}
    return _object(
        kind,
        panel["id"],
        prefix,
        attributes,
        [_reference("index-pattern", "articles", prefix, label)],
    )


def _dashboard(description: Json, prefix: str) -> Json:
    board = description["dashboard"]
    references = []
    shown = []
    for panel in description["panels"]:
        x, y, width, height = panel["at"]
        name = panel["id"]
        entry: Json = {
            "version": PANEL_VERSION,
            "gridData": {"x": x, "y": y, "w": width, "h": height, "i": name},
            "panelIndex": name,
            "embeddableConfig": {"enhancements": {}},
        }
        if panel["kind"] == "words":
            entry |= {"type": "visualization", "title": ""}
            entry["embeddableConfig"] |= _words(panel, description, prefix)
        else:
            kind, target = {"list": ("search", panel.get("search")), "map": ("map", name)}.get(
                panel["kind"], ("lens", name)
            )
            entry |= {"type": kind, "panelRefName": f"panel_{name}"}
            references.append(_reference(kind, str(target), prefix, f"{name}:panel_{name}"))
        shown.append(entry)
    attributes = {
        "title": _titled(board["title"], prefix),
        "description": board["description"],
        "version": 1,
        "timeRestore": True,
        "timeFrom": board["from"],
        "timeTo": board["to"],
        "refreshInterval": {"pause": True, "value": 60000},
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": as_text(
                {"query": {"language": "lucene", "query": ""}, "filter": []}
            )
        },
        "optionsJSON": as_text(
            {
                "useMargins": True,
                "syncColors": False,
                "syncCursor": True,
                "syncTooltips": False,
                "hidePanelTitles": False,
            }
        ),
        "panelsJSON": as_text(shown),
    }
    return _object("dashboard", board["id"], prefix, attributes, references)


def _words(panel: Json, description: Json, prefix: str) -> Json:
    links = {search["id"]: object_id(prefix, search["id"]) for search in description["searches"]}
    return {
        "hidePanelTitles": True,
        "savedVis": {
            "type": "markdown",
            "title": "",
            "description": "",
            "uiState": {},
            "data": {
                "aggs": [],
                "searchSource": {"filter": [], "query": {"language": "lucene", "query": ""}},
            },
            "params": {
                "fontSize": 12,
                "openLinksInNewTab": False,
                "markdown": panel["text"].format(**links),
            },
        },
    }
