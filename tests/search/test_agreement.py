"""Any query finds of a batch what the full search finds of the archive, restricted to the batch."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediawatch.errors import QueryError
from mediawatch.search import bulk
from mediawatch.search.index import alias_name, make_month, put_template
from mediawatch.search.marks import words_of
from mediawatch.search.match_index import Search, SearchFailed, find, match_index, msearch
from mediawatch.search.queries import rewrite
from mediawatch.search.reading import asked
from search.corpus import ARTICLES
from search.test_known_answers import MONTHS, documents

TEXTS = [f"{article['title']} {article['body']}" for article in ARTICLES.values()]
WORDS = sorted({word for text in TEXTS for word in words_of(text)})
FIELDS = ("", "title:", "body:", "title.cased:", "body.cased:", "stem_en:", "stem_fr:", "language:")
NAMES = ('actor:"Vladimir Putin"', "actor:Q77*", "topic:politics", "speaker:Q42", "_exists_:topic")

word = st.sampled_from(WORDS)
near_word = st.one_of(word, word.map(lambda text: f"{text[:3]}*"))
part = st.one_of(
    st.builds(str.__add__, st.sampled_from(FIELDS), word),
    word.map(str.upper),
    word.map(lambda text: f"{text[:3]}*"),
    word.map(lambda text: f"{text[:2]}?{text[3:]}"),
    word.map(lambda text: f"{text}~"),
    st.builds("title:{}*".format, word.map(lambda text: text[:2].upper())),
    st.sampled_from(TEXTS).flatmap(
        lambda text: st.integers(0, 8).map(lambda at: f'"{" ".join(words_of(text)[at : at + 2])}"')
    ),
    st.builds("({} NEAR/{} {})".format, near_word, st.integers(0, 9), near_word),
    st.sampled_from(NAMES),
)
queries = st.recursive(
    part,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} AND NOT {})".format, inner, inner),
        st.builds("(NOT {})".format, inner),
        st.builds("({} {})".format, inner, inner),
    ),
    max_leaves=5,
)


@pytest.fixture
def prefix(es: Elasticsearch, index_prefix: str) -> str:
    """The corpus as an archive of two months."""
    put_template(es, index_prefix)
    for month in MONTHS:
        make_month(es, index_prefix, 1, month, aliased=True)
    bulk.write(es, documents(index_prefix))
    es.indices.refresh(index=alias_name(index_prefix))
    return index_prefix


def readable(query: str) -> bool:
    try:
        rewrite(query)
    except QueryError:
        return False
    return True


def full(es: Elasticsearch, prefix: str, chosen: Sequence[str], among: set[str]) -> list[list[str]]:
    """What the full search finds for each query, of these articles."""
    lines: list[dict[str, object]] = []
    for query in chosen:
        wanted = asked(es, prefix, query).filter()
        lines += [{}, {"query": wanted, "size": 1000, "_source": False}]
    answers = es.msearch(index=alias_name(prefix), searches=lines)["responses"]
    return [
        sorted(hit["_id"] for hit in answer["hits"]["hits"] if hit["_id"] in among)
        for answer in answers
    ]


@given(
    st.lists(queries.filter(readable), min_size=30, max_size=60),
    st.sets(st.sampled_from(sorted(ARTICLES)), min_size=3),
)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_a_batch_answers_as_the_archive(
    es: Elasticsearch, prefix: str, chosen: list[str], among: set[str]
) -> None:
    batch = [one for one in documents() if one.article_id in among]
    searches = [Search(rewrite(query)) for query in chosen]
    with match_index(es, prefix, "agree", batch) as held:
        found = find(es, held.name, searches)
        marked = msearch(es, held.name, searches, held.texts)
    wanted = full(es, prefix, chosen, among)
    assert list(zip(chosen, found, strict=True)) == list(zip(chosen, wanted, strict=True))
    assert [
        one if isinstance(one, SearchFailed) else [hit.article_id for hit in one] for one in marked
    ] == found
