"""A search as the pages, the API and the feeds ask it: a query and filters beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from elasticsearch import Elasticsearch
from fastapi import Query

from mediawatch.errors import InputError, ServiceError
from mediawatch.search import finding
from mediawatch.search.export_columns import Unit
from mediawatch.search.facets import Facets, facets
from mediawatch.search.index import alias_name
from mediawatch.search.queries import rewrite
from mediawatch.search.words import quoted

PAGE = 20
PAGES = 50
DAYS = 14
LONGEST = 10_000
EVERYTHING = "first_seen_at:[* TO *]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. Empty fields ask for nothing; ``since`` and ``until`` are UTC days."""

    q: str = ""
    language: str = ""
    outlet: str = ""
    topic: str = ""
    actor: str = ""
    since: str = ""
    until: str = ""
    group: Unit = "story"
    page: int = 1

    def query(self) -> str:
        """All of it as one query.

        Raises:
            QueryError: ``q`` is wrong, with the place in it.
            InputError: a day that is none.
        """
        parts = []
        if self.q.strip():
            rewrite(self.q)
            parts.append(f"({self.q})")
        for field, value in (
            ("language", self.language),
            ("outlet_name", self.outlet),
            ("topic", self.topic),
            ("actor", self.actor),
        ):
            if value.strip():
                parts.append(f"{field}:{quoted(' '.join(value.split()))}")
        if self.since or self.until:
            parts.append(f"dated_at:[{_day(self.since)} TO {_day(self.until)}]")
        return " AND ".join(parts) or EVERYTHING

    def address(self, **changed: str | int) -> str:
        """The query part of the address of this search with some of it changed."""
        wanted = replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]
        fields = (*self.filters(), "q")
        values = {name: getattr(wanted, name) for name in fields if getattr(wanted, name)}
        if wanted.group != "story":
            values["group"] = wanted.group
        if wanted.page > 1:
            values["page"] = wanted.page
        return urlencode(values)

    @staticmethod
    def filters() -> tuple[str, ...]:
        """The names of the filters beside the query."""
        return ("language", "outlet", "topic", "actor", "since", "until")


def asked(
    q: Annotated[str, Query(max_length=LONGEST, description="in Kibana's Lucene syntax")] = "",
    language: Annotated[str, Query(max_length=20)] = "",
    outlet: Annotated[str, Query(max_length=200)] = "",
    topic: Annotated[str, Query(max_length=200, description="id or name")] = "",
    actor: Annotated[str, Query(max_length=200, description="id or name")] = "",
    since: Annotated[str, Query(max_length=10, description="a day, such as 2026-05-14")] = "",
    until: Annotated[str, Query(max_length=10, description="a day, this one included")] = "",
    group: Annotated[Unit, Query(description="one hit for each of these")] = "story",
    page: Annotated[int, Query(ge=1, le=PAGES)] = 1,
) -> Asked:
    """The search of a request's address."""
    return Asked(
        q=q,
        language=language,
        outlet=outlet,
        topic=topic,
        actor=actor,
        since=since,
        until=until,
        group=group,
        page=page,
    )


def found(es: Elasticsearch, prefix: str, wanted: Asked, size: int = PAGE) -> finding.Found | None:
    """One page of what is found, the newest stories first; None when nothing is indexed yet.

    Raises:
        QueryError: the query is wrong.
        InputError: a day that is none.
        ServiceError: the server was too slow.
    """
    query = wanted.query()
    if not es.indices.exists_alias(name=alias_name(prefix)):
        return None
    return finding.find(es, prefix, query, size, (wanted.page - 1) * size, wanted.group)


def counted(es: Elasticsearch, prefix: str, wanted: Asked, now: datetime) -> Facets | None:
    """What is found, counted by its fields and over the last days; None when too slow."""
    try:
        return facets(es, prefix, rewrite(wanted.query()), DAYS, now.astimezone(UTC).date())
    except ServiceError:
        return None


def _day(text: str) -> str:
    if not text:
        return "*"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f"{text!r} is no day: write it as 2026-05-14") from None
