"""Stages made again under the rules of today; nothing of it is mailed.

A stage is a module of this package with ``RULES`` (what is written into the run's row) and
``reprocess(context, since)``, which commits batch by batch and returns a :class:`Summary`. To
run it twice, or again after a kill, changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, TypeAlias

from mediawatch.pipeline.context import Context
from mediawatch.storage import reprocess as storage
from mediawatch.storage.connection import transaction

STAGES: dict[str, str] = {
    "text": "reprocess_text",
    "stories": "reprocess_stories",
    "meaning": "reprocess_meaning",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One field of one article, before and after, as short lines."""

    article_id: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """``counts``: how many of what; ``fields``: in how many articles a field changed."""

    counts: Mapping[str, int]
    fields: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The summary without its examples."""
        return {"counts": dict(self.counts), "fields": dict(self.fields)}


StageFunction: TypeAlias = Callable[[Context, datetime], Summary]


def reprocess(context: Context, stage: str, since: datetime) -> Summary:
    """Make a stage again for everything first seen since a time.

    Raises:
        KeyError: there is no stage of this name.
    """
    module = import_module(f"mediawatch.pipeline.{STAGES[stage]}")
    function: StageFunction = module.reprocess
    with transaction(context.conn) as conn:
        run_id = storage.start_run(conn, stage, since, module.RULES, context.now)
    summary = function(context, since)
    with transaction(context.conn) as conn:
        storage.finish_run(conn, run_id, summary.as_json(), context.now)
    return summary
