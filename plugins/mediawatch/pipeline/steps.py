"""Every step by its name: the one place where DAGs, commands and tests look a step up."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from mediawatch.pipeline.context import Context, Counts, StepFunction, open_context
from mediawatch.settings import Settings

# In the order in which an article meets them.
STEPS: dict[str, str] = {
    "import_files": "imports",
    "read_seeds": "seeds",
    "poll_sources": "sources",
    "read_archive": "archives",
    "fetch_pages": "pages",
    "recheck_articles": "pages",
    "normalise": "text",
    "cluster": "stories",
    "annotate": "meaning",
    "compare": "stories",
    "index": "search",
    "match": "matching",
    "send_instants": "alerts",
    "send_digests": "alerts",
    "maintain": "maintenance",
}
BY_HAND = ("read_archive", "maintain")


def step(name: str) -> StepFunction:
    """The function of a step.

    Raises:
        KeyError: there is no step of this name.
    """
    module = import_module(f"mediawatch.pipeline.{STEPS[name]}")
    function: StepFunction = getattr(module, name)
    return function


def run(
    name: str, settings: Settings | None = None, now: datetime | None = None, *arguments: str
) -> Counts:
    """Run one step until nothing is left to claim; what it counted."""
    with open_context(settings, now) as context:
        return step(name)(context, *arguments)


def run_all(context: Context) -> dict[str, Counts]:
    """Every step once, in order, in this process; what each counted."""
    return {name: step(name)(context) for name in STEPS if name not in BY_HAND}
