"""Asking sites for their reservation of text and data mining, each once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from mediawatch.pipeline.context import Context
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed
from mediawatch.sources.robots import NO_RULES
from mediawatch.sources.tdm_rep import PLACE, TdmRule, is_reserved, parse_rules
from mediawatch.storage import site_rules
from mediawatch.storage.connection import transaction

COUNTS_FOR = timedelta(days=1)


async def reserved(ctx: Context, fetcher: Fetcher, urls: Collection[str]) -> set[str]:
    """Those of some addresses at which their sites reserve text and data mining.

    A site that cannot be asked now is asked again with its next page.
    """
    sites = {_site(url) for url in urls}
    rules = site_rules.tdm_rules(ctx.conn, sites, ctx.now - COUNTS_FOR)
    asked = await _asked(fetcher, sites - rules.keys())
    with transaction(ctx.conn):
        site_rules.put_tdm_rules(ctx.conn, asked, ctx.now)
    rules |= asked
    return {url for url in urls if is_reserved(rules.get(_site(url), ()), _path(url))}


async def _asked(fetcher: Fetcher, sites: Iterable[str]) -> dict[str, tuple[TdmRule, ...]]:
    some = sorted(sites)
    answers = await asyncio.gather(*(fetcher.fetch(f"{site}{PLACE}") for site in some))
    found: dict[str, tuple[TdmRule, ...]] = {}
    for site, answer in zip(some, answers, strict=True):
        if isinstance(answer, Fetched):
            found[site] = parse_rules(answer.body)
        elif isinstance(answer, FetchFailed) and answer.code in NO_RULES:
            found[site] = ()
    return found


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
