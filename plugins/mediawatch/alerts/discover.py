"""From a mail into Kibana's Discover: the watch's own query over the days of the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mediawatch.errors import QueryError
from mediawatch.search import kibana_links
from mediawatch.search.queries import rewrite

# So far before the story and after the mail: the days around show what else there was.
AROUND = timedelta(days=1)
# A longer query is reached by its saved search (`mediawatch kibana sync`): a mail stays small.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Kibana:
    """Where Kibana is reached, and what the names of this profile begin with there."""

    url: str
    prefix: str

    def link(
        self, watch_id: str, query: str, languages: Sequence[str], first: datetime, last: datetime
    ) -> str | None:
        """A link to what a watch finds from the day before ``first`` to the day after ``last``.

        None for a query that cannot be run (any more).
        """
        start, end = _iso(first - AROUND), _iso(last + AROUND)
        try:
            rewritten = rewrite(query)
        except QueryError:
            return None
        if not rewritten.standing:  # else its words are known to the index alone
            link = kibana_links.discover(
                self.url, self.prefix, rewritten.text, start=start, end=end, languages=languages
            )
            if len(link) <= LONGEST:
                return link
        return kibana_links.watch(self.url, self.prefix, watch_id, start=start, end=end)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
