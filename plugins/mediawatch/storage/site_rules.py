"""What sites say of text and data mining, kept for a while."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from psycopg2.extras import Json

from mediawatch.sources.tdm_rep import TdmRule
from mediawatch.storage.connection import Connection, fetch_all, insert_rows

SITE_ROW = "(%(site)s, %(rules)s, %(now)s)"


def tdm_rules(
    conn: Connection, sites: Collection[str], since: datetime
) -> dict[str, tuple[TdmRule, ...]]:
    """The rules of those sites that were asked since a time, by scheme and host."""
    rows = fetch_all(conn, "sources/tdm_rules", {"sites": list(sites), "since": since})
    return {row["site"]: tuple(TdmRule(**rule) for rule in row["rules"]) for row in rows}


def put_tdm_rules(conn: Connection, rules: Mapping[str, Sequence[TdmRule]], now: datetime) -> None:
    """Keep what sites answered."""
    rows = [
        {"site": site, "rules": Json([asdict(rule) for rule in some]), "now": now}
        for site, some in sorted(rules.items())
    ]
    insert_rows(conn, "sources/put_tdm_rules", rows, SITE_ROW)
