"""What goes to Kibana: the objects of the description, and a search for each watch."""

from __future__ import annotations

from collections.abc import Iterable

from elasticsearch import Elasticsearch

from mediawatch.errors import QueryError, ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.search import kibana_objects as objects
from mediawatch.search import kibana_sync
from mediawatch.search.expansion import expander
from mediawatch.search.index import alias_name
from mediawatch.search.kibana_objects import WatchSearch
from mediawatch.search.kibana_sync import Synced
from mediawatch.search.match_index import runnable
from mediawatch.search.queries import rewrite
from mediawatch.search.server import connected
from mediawatch.storage import watches as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import transaction


def sync(context: Context) -> tuple[Synced, list[str]]:
    """Import everything into the Kibana of the settings; a line for each watch left out.

    Raises:
        ServiceError: no Kibana is set, or it or Elasticsearch is away or refuses us.
    """
    if context.settings.kibana_url is None:
        raise ServiceError("no Kibana is set: give its address in MEDIAWATCH_KIBANA_URL")
    prefix = context.settings.index_prefix
    with transaction(context.conn) as conn:
        watches = storage.watches(conn)
    with connected(context.settings) as es:
        found, left_out = watch_searches(es, prefix, watches)
    made = [*objects.objects(objects.described(), prefix), *objects.watch_searches(found, prefix)]
    view = objects.object_id(prefix, "articles")
    return kibana_sync.sync(context.settings.kibana_url, made, view), left_out


def watch_searches(
    es: Elasticsearch, prefix: str, watches: Iterable[Row]
) -> tuple[list[WatchSearch], list[str]]:
    """The search of each watch as the alert asks it; a line for each that cannot be asked.

    Wildcards inside NEAR are looked up in the archive as it is now.
    """
    alias = alias_name(prefix)
    expand = expander(es, alias)
    is_empty = not es.indices.exists_alias(name=alias)
    found: list[WatchSearch] = []
    left_out: list[str] = []
    for watch in watches:
        try:
            checked = rewrite(watch["query"])
            if checked.standing and is_empty:
                raise QueryError("its words are looked up in the index, and there is none yet")
            text = runnable(checked, expand).text
        except QueryError as fault:
            left_out.append(f"watch {watch['watch_id']}: {fault.message}")
            continue
        found.append(
            WatchSearch(
                watch_id=watch["watch_id"],
                name=watch["name"],
                text=text,
                languages=tuple(watch["languages"]),
                looked_up=checked.standing,
            )
        )
    return found, left_out
