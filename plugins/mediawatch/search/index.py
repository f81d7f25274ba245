"""Names and making of the indices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from elasticsearch import BadRequestError, Elasticsearch

from mediawatch.errors import ServiceError
from mediawatch.search.mapping import template, template_version


def alias_name(prefix: str) -> str:
    """The one name under which search, alerts and Kibana read the current generation."""
    return f"{prefix}mediawatch-articles"


def index_name(prefix: str, generation: int, month: date) -> str:
    """The index of one month (of ``article.index_month``) in one generation."""
    return f"{prefix}mw-articles-g{generation}-{month:%Y.%m}"


def put_template(es: Elasticsearch, prefix: str) -> None:
    """Put the template, unless the server already has this version of it."""
    name = f"{prefix}mediawatch"
    if es.indices.exists_index_template(name=name):
        [found] = es.indices.get_index_template(name=name)["index_templates"]
        if found["index_template"].get("_meta", {}).get("version") == template_version():
            return
    body = template(prefix)
    es.indices.put_index_template(
        name=name,
        index_patterns=body["index_patterns"],
        template=body["template"],
        priority=body["priority"],
        meta=body["_meta"],
    )


def months_in(es: Elasticsearch, prefix: str, generation: int) -> dict[date, bool]:
    """The months of a generation that have an index, and whether the alias covers it."""
    alias = alias_name(prefix)
    found = es.indices.get_alias(index=f"{prefix}mw-articles-g{generation}-*")
    months: dict[date, bool] = {}
    for name, entry in found.items():
        part = re.fullmatch(r"(\d{4})\.(\d\d)", name.rsplit("-", 1)[1])
        if part:
            months[date(int(part[1]), int(part[2]), 1)] = alias in entry["aliases"]
    return months


def make_month(es: Elasticsearch, prefix: str, generation: int, month: date, aliased: bool) -> None:
    """Make a month's index, with the alias in the same call when its generation is current.

    An index that is there already, made at the same moment by another process, is kept.
    """
    name = index_name(prefix, generation, month)
    alias = alias_name(prefix)
    try:
        es.indices.create(index=name, aliases={alias: {}} if aliased else None)
    except BadRequestError as fault:
        if fault.error != "resource_already_exists_exception":
            raise
        if aliased:
            es.indices.put_alias(index=name, name=alias)


def swap_alias(es: Elasticsearch, prefix: str, generation: int) -> None:
    """Let the alias cover this generation and nothing else, in one step."""
    alias = alias_name(prefix)
    pattern = f"{prefix}mw-articles-g{generation}-*"
    new = set(es.indices.get(index=pattern, features="settings"))
    old = set(es.indices.get_alias(name=alias)) if es.indices.exists_alias(name=alias) else set()
    actions = [{"remove": {"index": name, "alias": alias}} for name in sorted(old - new)]
    actions += [{"add": {"index": name, "alias": alias}} for name in sorted(new)]
    if actions:
        es.indices.update_aliases(actions=actions)


def highest_generation(es: Elasticsearch, prefix: str) -> int:
    """The highest number of any generation on the server, also of a lost database; 0 if none."""
    found = es.indices.get(index=f"{prefix}mw-articles-g*", features="settings")
    numbers = (re.search(r"mw-articles-g(\d+)-\d{4}\.\d\d$", name) for name in found)
    return max((int(number[1]) for number in numbers if number), default=0)


def drop_indices(es: Elasticsearch, names: Iterable[str]) -> None:
    """Delete indices by their full names; one that is gone is no fault.

    Raises:
        ServiceError: a name is a pattern: never deleted.
    """
    for name in names:
        if "*" in name or "," in name:
            raise ServiceError(f"'{name}' is a pattern: only single indices are deleted")
        es.indices.delete(index=name, ignore_unavailable=True)


def drop_generation(es: Elasticsearch, prefix: str, generation: int) -> None:
    """Delete every index of a generation."""
    pattern = f"{prefix}mw-articles-g{generation}-*"
    drop_indices(es, list(es.indices.get(index=pattern, features="settings")))
