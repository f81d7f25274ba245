"""Many watches against few documents: a short-lived index and one multi-search.

The watches of a batch are asked of an index that holds only the changed documents, so that their
cost does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from elasticsearch import Elasticsearch

from mediawatch.errors import QueryError
from mediawatch.model import SearchDocument
from mediawatch.search import bulk
from mediawatch.search import index as indices
from mediawatch.search.expansion import expander
from mediawatch.search.marks import Marked, highlight, lit_parts, single_words
from mediawatch.search.queries import Clause, Expand, Rewritten, rewrite
from mediawatch.search.server import reason_of

Texts: TypeAlias = Mapping[str, tuple[str, str]]

# Whole texts come back with their marks: few searches a request keep the answer small.
CHUNK = 25
# Ids alone are small.
ASKED_AT_ONCE = 500
# A watch may take longer than a person at a terminal waits: what it misses is missed for good.
SECONDS = 30


@dataclass(frozen=True, slots=True)
class MatchIndex:
    """A filled match index; ``bad`` has a reason for each article that it could not take.

    ``texts`` are title and body of each document, by article id.
    """

    name: str
    bad: Mapping[str, str]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Search:
    """One watch's query and the languages it is for, none: all.

    ``only`` are the ids of the articles that are asked about, None: all.
    """

    query: Rewritten
    languages: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that a search found; ``clauses`` are the parts of the query that it fulfils."""

    article_id: str
    version_no: int
    title: Marked
    body: Marked
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """A search that could not be run, and why; the others of its batch were.

    ``is_slow`` tells a search that took too long from one that cannot be run at all.
    """

    reason: str
    is_slow: bool = False


Answer: TypeAlias = list[Hit] | SearchFailed


def match_name(prefix: str, batch: str) -> str:
    """The match index of a batch."""
    return f"{prefix}mw-match-{batch}"


@contextmanager
def match_index(
    es: Elasticsearch, prefix: str, batch: str, documents: Iterable[SearchDocument]
) -> Iterator[MatchIndex]:
    """An index that holds just these documents, refreshed; it is dropped at the end.

    ``batch`` is any text of small letters, digits and ``-``. Deletions among the documents and
    the index that they name are ignored.
    """
    name = match_name(prefix, batch)
    indices.put_template(es, prefix)
    indices.drop_indices(es, [name])  # of a batch that was killed
    es.indices.create(index=name)
    texts: dict[str, tuple[str, str]] = {}

    def fitted() -> Iterator[SearchDocument]:
        for document in documents:
            if document.fields is not None:
                title, body = (document.fields.get(part, "") for part in ("title", "body"))
                texts[document.article_id] = (title, body)
                yield replace(document, index=name)

    try:
        outcome = bulk.write(es, fitted())
        es.indices.refresh(index=name)
        yield MatchIndex(name, outcome.bad, texts)
    finally:
        indices.drop_indices(es, [name])


def drop_forgotten(es: Elasticsearch, prefix: str, before: datetime) -> int:
    """Drop the match indices made before a time, left by batches that were killed; how many."""
    found = es.indices.get_settings(index=f"{prefix}mw-match-*")
    names = [
        name
        for name, entry in found.items()
        if int(entry["settings"]["index"]["creation_date"]) < before.timestamp() * 1000
    ]
    indices.drop_indices(es, names)
    return len(names)


def find(
    es: Elasticsearch, index: str, searches: Sequence[Search]
) -> list[list[str] | SearchFailed]:
    """The ids of the articles that each search finds on an index, at most 10,000 each, in order.

    A search that fails (too many words, too slow, refused by the server) has its reason as its
    answer, and the others are run.
    """
    answers: dict[int, list[str] | SearchFailed] = {}
    for place, _, response in _asked(es, index, searches, answers, _ids, ASKED_AT_ONCE):
        answers[place] = _fault(response) or sorted(hit["_id"] for hit in response["hits"]["hits"])
    return [answers[place] for place in range(len(searches))]


def msearch(
    es: Elasticsearch, index: str, searches: Sequence[Search], texts: Texts | None = None
) -> list[Answer]:
    """Run every search on an index, in order; hits in order of article id, at most 10,000 each.

    ``texts`` are those of a match index, which then need not come back with every hit. Faults are
    answers, as those of :func:`find`, which is quicker where marks and clauses are not needed.
    """
    answers: dict[int, Answer] = {}

    def request(search: Search) -> dict[str, Any]:
        return _request(search, has_texts=texts is not None)

    for place, query, response in _asked(es, index, searches, answers, request, CHUNK):
        answers[place] = _fault(response) or [
            _hit(query, hit, texts) for hit in response["hits"]["hits"]
        ]
    return [answers[place] for place in range(len(searches))]


def _asked(
    es: Elasticsearch,
    index: str,
    searches: Sequence[Search],
    answers: dict[int, Any],
    request: Callable[[Search], dict[str, Any]],
    at_once: int,
) -> Iterator[tuple[int, Rewritten, Any]]:
    """Place of each search, its query as it was run, and the server's response.

    A search that cannot be asked has its reason among ``answers`` and is left out.
    """
    expand = expander(es, index)
    ready: dict[int, Search] = {}
    for place, search in enumerate(searches):
        try:
            ready[place] = replace(search, query=runnable(search.query, expand))
        except QueryError as fault:
            answers[place] = SearchFailed(fault.message)
    places = list(ready)
    for start in range(0, len(places), at_once):
        chosen = places[start : start + at_once]
        responses = _run(es, index, [request(ready[place]) for place in chosen])
        for place, response in zip(chosen, responses, strict=True):
            yield place, ready[place].query, response


def _run(es: Elasticsearch, index: str, requests: Sequence[dict[str, Any]]) -> list[Any]:
    lines: list[dict[str, Any]] = []
    for request in requests:
        lines += [{}, request]
    patient = es.options(request_timeout=CHUNK * SECONDS)
    return list(patient.msearch(index=index, searches=lines)["responses"])


def runnable(query: Rewritten, expand: Expand) -> Rewritten:
    """The query with the words in place of the wildcards inside its NEAR.

    Raises:
        QueryError: they stand for too many words.
    """
    return rewrite(query.query, expand) if query.standing else query


def query_string(text: str, name: str | None = None) -> dict[str, Any]:
    """The request part for a rewritten string; the options are those of Kibana."""
    options = {"query": text, "analyze_wildcard": True, "default_operator": "AND"}
    return {"query_string": {**options, "_name": name} if name else options}


def _filter(search: Search) -> list[dict[str, Any]]:
    must = [query_string(search.query.text)]
    if search.languages:
        must.append({"terms": {"language": list(search.languages)}})
    if search.only is not None:
        must.append({"terms": {"article_id": list(search.only)}})
    return must


def _ids(search: Search) -> dict[str, Any]:
    return {
        "query": {"bool": {"filter": _filter(search)}},
        "sort": ["_doc"],
        "size": 10_000,
        "track_total_hits": False,
        "timeout": f"{SECONDS}s",
        "_source": False,
    }


def _request(search: Search, has_texts: bool) -> dict[str, Any]:
    # The clauses beside the query change nothing of what is found; each hit names those it fulfils.
    named = [
        query_string(clause.text, str(number))
        for number, clause in enumerate(search.query.clauses)
        if not clause.excluded
    ]
    must = _filter(search)
    return {
        "query": {"bool": {"filter": must, "should": named, "minimum_should_match": 0}},
        "sort": [{"article_id": "asc"}],
        "size": 10_000,
        "timeout": f"{SECONDS}s",
        "_source": ["version_no"] if has_texts else ["version_no", "title", "body"],
        "highlight": highlight(must[0]),
    }


def _fault(response: Mapping[str, Any]) -> SearchFailed | None:
    if is_too_slow(response):
        return SearchFailed(f"it took longer than {SECONDS} seconds", is_slow=True)
    if "error" in response:
        return SearchFailed(reason_of(response["error"]))
    failures = response["_shards"].get("failures")
    return SearchFailed(reason_of(failures[0].get("reason", {}))) if failures else None


def is_too_slow(response: Mapping[str, Any]) -> bool:
    """True when the time limit ended a search.

    Elasticsearch 8.16 answers with a fault of its own when that happens while it collects hits.
    """
    return bool(response.get("timed_out")) or '"searchHit" is null' in str(response.get("error"))


def _hit(query: Rewritten, hit: Mapping[str, Any], texts: Texts | None) -> Hit:
    near = {word for clause in query.clauses for word in clause.near}
    fields = hit["_source"]
    title, body = texts[hit["_id"]] if texts else (fields["title"], fields["body"])
    lit = lit_parts(hit.get("highlight", {}), title)
    return Hit(
        article_id=hit["_id"],
        version_no=fields.get("version_no", 1),
        title=_marked(title, lit.get("title"), near),
        body=_marked(body, lit.get("body"), near),
        clauses=tuple(query.clauses[int(name)] for name in hit.get("matched_queries", ())),
    )


def _marked(text: str, lit: Marked | None, near: set[str]) -> Marked:
    # A text that the highlighter has shortened would shift the offsets.
    if lit is None or lit.text != text:
        return Marked(text)
    return Marked(text, single_words(lit, near).spans)
