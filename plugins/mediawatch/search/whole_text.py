"""One article's whole text with the marks of a query."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from mediawatch.search.expansion import expander
from mediawatch.search.index import alias_name
from mediawatch.search.marks import Marked, highlight, lit_parts, single_words
from mediawatch.search.match_index import query_string, runnable
from mediawatch.search.queries import rewrite


def marked_text(
    es: Elasticsearch, prefix: str, query: str, article_id: str
) -> tuple[Marked, Marked] | None:
    """Title and body of an indexed article, the words marked that the query finds.

    None when the article is not in the index. A query that does not find it marks nothing.

    Raises:
        QueryError: the query is wrong.
    """
    alias = alias_name(prefix)
    ready = runnable(rewrite(query), expander(es, alias))
    whole = query_string(ready.text)
    answer = es.search(
        index=alias,
        query={"bool": {"filter": [{"term": {"article_id": article_id}}], "should": [whole]}},
        size=1,
        source={"includes": ["title", "body"]},
        highlight=highlight(whole),
        ignore_unavailable=True,
    )
    if not answer["hits"]["hits"]:
        return None
    [hit] = answer["hits"]["hits"]
    near = {word for clause in ready.clauses for word in clause.near}
    lit = lit_parts(hit.get("highlight", {}), hit["_source"]["title"])
    title, body = (
        single_words(lit[part], near) if part in lit else Marked(hit["_source"][part])
        for part in ("title", "body")
    )
    return title, body
