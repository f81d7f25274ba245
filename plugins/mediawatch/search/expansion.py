"""Which words of an index a wildcard inside NEAR stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from elasticsearch import Elasticsearch

from mediawatch.search.queries import MOST_NEAR_WORDS, Expand


def expander(es: Elasticsearch, index: str) -> Expand:
    """A function that looks the words of a pattern up in this index, over all its shards.

    It finds one word more than NEAR takes, so that too many are noticed and never cut.
    """
    known: dict[tuple[str, str], list[str]] = {}

    def expand(field: str, pattern: str) -> Sequence[str]:
        if (field, pattern) not in known:
            known[field, pattern] = _look_up(es, index, field, pattern)
        return known[field, pattern]

    return expand


def _look_up(es: Elasticsearch, index: str, field: str, pattern: str) -> list[str]:
    answer = es.indices.validate_query(
        index=index,
        query={
            "query_string": {
                "query": f"{field}:{pattern}",
                "analyze_wildcard": True,
                "rewrite": f"top_terms_{MOST_NEAR_WORDS + 1}",
            }
        },
        explain=True,
        rewrite=True,
        all_shards=True,
    )
    # A shard without such a word explains the pattern itself, with its star.
    word = re.compile(rf"(?<![^\s(+]){re.escape(field)}:([^\s()*?]+)(?=[\s)]|$)")
    found = {
        match[1]
        for shard in answer.get("explanations", ())
        for match in word.finditer(shard.get("explanation", ""))
    }
    return sorted(found)
