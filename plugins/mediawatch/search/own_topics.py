"""Own topics: saved searches whose name is written on the articles that they find."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml
from elasticsearch import Elasticsearch

from mediawatch.errors import InputError, QueryError
from mediawatch.search import match_index
from mediawatch.search.documents import project
from mediawatch.search.queries import rewrite
from mediawatch.storage.search import ArticleRows

PREFIX = "own:"
FIELDS = frozenset({"id", "name", "query", "languages", "active"})
FILE_LIMIT = 1_000_000
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One own topic; ``topic_id`` is how queries and documents name it."""

    name_id: str
    name: str
    query: str
    languages: tuple[str, ...] = ()
    active: bool = True

    @property
    def topic_id(self) -> str:
        return f"{PREFIX}{self.name_id}"

    @property
    def rule(self) -> str:
        """The version of the rule: it changes with the query."""
        return f"{PREFIX}{sha256(self.query.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Assigned:
    """What changes on one article: topics that it now has, and those that it no longer has."""

    article_id: str
    version_no: int
    gained: tuple[Topic, ...]
    lost: tuple[str, ...]


def parse(text: str, file: str) -> tuple[list[Topic], list[str]]:
    """The sound topics of a file, and a line for each fault of the others.

    Raises:
        InputError: it is no list in YAML.
    """
    if len(text) > FILE_LIMIT:
        raise InputError(f"{file}: larger than {FILE_LIMIT:,} characters; split it")
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise InputError(f"{file}: not valid YAML: {str(fault).splitlines()[0]}") from None
    if found is None:
        return [], []
    if not isinstance(found, list):
        raise InputError(f"{file}: write a list of topics, each with id, name and query")
    topics: dict[str, Topic] = {}
    faults: list[str] = []
    for number, entry in enumerate(found, start=1):
        try:
            topic = _topic(entry)
            if topic.name_id in topics:
                raise ValueError(f"the id '{topic.name_id}' stands twice")
            topics[topic.name_id] = topic
        except ValueError as fault:
            faults.append(f"{file}: topic number {number}: {fault}")
    return list(topics.values()), faults


def _topic(entry: Any) -> Topic:
    if not isinstance(entry, dict):
        raise ValueError("write id, name and query below each other")
    odd = sorted(str(name) for name in set(entry) - FIELDS)
    if odd:
        raise ValueError(f"unknown field '{odd[0][:40]}'")
    name_id, name, query = (entry.get(field) for field in ("id", "name", "query"))
    if not isinstance(name_id, str) or not _ID.fullmatch(name_id):
        raise ValueError("id is missing or has other signs than a-z, 0-9, '.', '_' and '-'")
    if not isinstance(name, str) or not name.strip() or len(name) > 100 or not name.isprintable():
        raise ValueError("name is missing or longer than 100 characters")
    if not isinstance(query, str):
        raise ValueError("query is missing")
    try:
        rewrite(query)
    except QueryError as fault:
        raise ValueError(f"query: {fault.message}") from None
    languages = entry.get("languages") or []
    if not isinstance(languages, list) or not all(
        isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in languages
    ):
        raise ValueError("languages is a list of two-letter codes, such as [en, fr]")
    active = entry.get("active", True)
    if not isinstance(active, bool):
        raise ValueError("active is true or false")
    return Topic(name_id, name.strip(), query, tuple(languages), active)


def assign(
    es: Elasticsearch,
    prefix: str,
    batch: str,
    found: Sequence[ArticleRows],
    topics: Sequence[Topic],
) -> tuple[list[Assigned], dict[str, str]]:
    """Which own topics these articles gain or lose; and why a topic could not be asked.

    A topic that failed changes nothing.
    """
    documents = [project(rows, "") for rows in found]
    searches = [match_index.Search(rewrite(each.query), each.languages) for each in topics]
    with match_index.match_index(es, prefix, batch, documents) as held:
        answers = match_index.find(es, held.name, searches)
    failed: dict[str, str] = {}
    wanted: dict[str, list[Topic]] = {}
    asked: set[str] = set()
    for topic, answer in zip(topics, answers, strict=True):
        if isinstance(answer, match_index.SearchFailed):
            failed[topic.name_id] = answer.reason
            continue
        asked.add(topic.topic_id)
        for article_id in answer:
            wanted.setdefault(article_id, []).append(topic)
    visible = [
        rows for rows, document in zip(found, documents, strict=True) if document.fields is not None
    ]
    made = [_assigned(rows, wanted, asked) for rows in visible]
    return [each for each in made if each.gained or each.lost], failed


def _assigned(
    rows: ArticleRows, wanted: Mapping[str, Sequence[Topic]], asked: set[str]
) -> Assigned:
    article_id = rows.article["article_id"]
    now = wanted.get(article_id, ())
    held = {row["topic_id"]: row["label"] for row in rows.topics if row["topic_id"] in asked}
    kept = {topic.topic_id for topic in now}
    return Assigned(
        article_id=article_id,
        version_no=rows.article["version_no"],
        gained=tuple(topic for topic in now if held.get(topic.topic_id) != topic.name),
        lost=tuple(topic_id for topic_id in held if topic_id not in kept),
    )
