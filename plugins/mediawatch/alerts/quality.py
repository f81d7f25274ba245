"""What a person should know of a watch before it mails: too broad, dead clauses, lost phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from elasticsearch import Elasticsearch

from mediawatch.alerts.previewing import DAYS, Preview
from mediawatch.alerts.reasons import shown
from mediawatch.model import Watch
from mediawatch.search import hours
from mediawatch.search.queries import Clause, Rewritten, rewrite
from mediawatch.storage.alerts import Row

# More stories a day than anyone reads, and the share of all stories that is no choice any more.
BROAD_A_DAY = 40
BROAD_SHARE = 0.2
FEWEST_OF_ALL = 50
# Of the articles with both words the share that has them side by side, and how many there are.
PHRASE_SHARE = 0.6
PHRASE_ARTICLES = 3
FEWEST_VERDICTS = 3
VERDICT_SHARE = 0.6


def notes(
    es: Elasticsearch, prefix: str, watch: Watch, found: Preview, now: datetime
) -> Iterator[str]:
    """One line for each thing that looks wrong with a watch, by the last 30 days."""
    query = rewrite(watch.query)
    window = (now - timedelta(days=DAYS), now)
    if query.cost == "dear":
        yield f"the query is dear: {query.why}"
    yield from _broad(es, prefix, found, window)
    asked = [clause for clause in query.clauses if not clause.excluded]
    alone = [] if query.standing else hours.counts(es, prefix, [c.text for c in asked], window)
    for clause, articles in zip(asked, alone, strict=False):
        if articles == 0:
            yield (
                f"{shown(clause.source, clause.text)} stands in no article of the last "
                f"{DAYS} days: is it spelled so?"
            )
    yield from _phrases(es, prefix, query, window)


def _broad(
    es: Elasticsearch, prefix: str, found: Preview, window: tuple[datetime, datetime]
) -> Iterator[str]:
    [every] = hours.counts(es, prefix, ["is_first:true"], window)
    a_day = found.stories / DAYS
    if a_day > BROAD_A_DAY:
        yield f"it finds {a_day:.0f} stories a day: make it narrower, or take a digest"
    elif every and every >= FEWEST_OF_ALL and found.stories > BROAD_SHARE * every:
        yield f"it finds {found.stories} of all {every} stories: make it narrower"


def _phrases(
    es: Elasticsearch, prefix: str, query: Rewritten, window: tuple[datetime, datetime]
) -> Iterator[str]:
    """Neighbours without an operator between them that nearly always stand side by side."""
    pairs = [
        (one, other)
        for one, other in zip(query.clauses, query.clauses[1:], strict=False)
        if _is_bare(one) and _is_bare(other) and _is_blank(query.query, one, other)
    ]
    texts = []
    for one, other in pairs:
        texts.append(rewrite(f"{one.source} AND {other.source}").text)
        texts.append(rewrite(f'"{one.source} {other.source}"').text)
    found = hours.counts(es, prefix, texts, window)
    for (one, other), both, phrase in zip(pairs, found[::2], found[1::2], strict=True):
        if both and phrase and both >= PHRASE_ARTICLES and phrase >= PHRASE_SHARE * both:
            yield (
                f"{one.source} and {other.source} stand side by side in {phrase} of {both} "
                f'articles: write "{one.source} {other.source}" in quotation marks'
            )


def _is_bare(clause: Clause) -> bool:
    return clause.source.isalnum() and not clause.excluded


def _is_blank(query: str, one: Clause, other: Clause) -> bool:
    return query[one.start + len(one.source) : other.start].isspace()


def advice(verdicts: Sequence[Row]) -> Iterator[str]:
    """What readers' verdicts "not relevant" have in common: the clause that found most of them.

    ``verdicts`` have the clauses of each judged match, under ``clauses``.
    """
    if len(verdicts) < FEWEST_VERDICTS:
        return
    yield f"readers called {len(verdicts)} of its stories not relevant"
    found = Counter(clause for verdict in verdicts for clause in set(verdict["clauses"]))
    for clause, number in found.most_common(3):
        if number >= VERDICT_SHARE * len(verdicts):
            yield f"{clause} found {number} of them: make that part narrower"
