"""Which article of a story was the first, and why.

The order is one of articles, not of sets, so that the origin of a story that grows is found by
comparing it with the newcomers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mediawatch.text.agency import AGENCIES

Reason = Literal["agency", "earliest", "outlet", "first_seen"]
LEAST_TIER = 4  # below every known tier
SHORTEST_LABEL = 4  # letters of a domain that may name an agency; "tt" and "pa" are others' too


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is known of an article as a publication. ``credit`` is the agency that it names."""

    article_id: str
    number: int
    dated_at: datetime
    outlet_id: str | None
    outlet_name: str | None
    tier: int | None
    credit: str | None


def origin(publications: Sequence[Publication]) -> tuple[str, Reason]:
    """The first publication of a text, and what made it the first.

    ``agency``: an agency put it out itself. ``earliest``: no other is dated as early.
    ``outlet``: of those of one time it has the larger outlet. ``first_seen``: nothing else
    tells it from the others.
    """
    best, *others = sorted(publications, key=_rank)
    if is_agency(best):
        return best.article_id, "agency"
    if not others or others[0].dated_at != best.dated_at:
        return best.article_id, "earliest"
    same_tier = _rank(others[0])[:-1] == _rank(best)[:-1]
    return best.article_id, "first_seen" if same_tier else "outlet"


def is_agency(publication: Publication) -> bool:
    """Whether a news agency published it and credits no other one."""
    name = AGENCIES.get((publication.outlet_name or "").casefold())
    label = (publication.outlet_id or "").split(".")[0].casefold()
    if name is None and len(label) >= SHORTEST_LABEL:
        name = AGENCIES.get(label)
    return name is not None and publication.credit in (None, name)


def _rank(publication: Publication) -> tuple[bool, datetime, int, int]:
    return (
        not is_agency(publication),
        publication.dated_at,
        publication.tier or LEAST_TIER,
        publication.number,
    )
