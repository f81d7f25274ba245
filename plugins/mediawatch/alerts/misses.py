"""Which clause of a query a document does not fulfil, and what of it comes nearest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch

from mediawatch.alerts import sentences
from mediawatch.alerts.reasons import shown
from mediawatch.errors import QueryError
from mediawatch.search import match_index
from mediawatch.search.marks import words_of
from mediawatch.search.match_index import Hit, Search, SearchFailed
from mediawatch.search.queries import Clause, Rewritten, rewrite

# Words so far apart are still named as standing near each other.
WIDE = 50
SHORTEST_STEM = 4
NAMED = 8
SENTENCE = 160
_FIELD = re.compile(r"\(?(\w+)(?:\.cased)?:")
TEXT_FIELDS = frozenset({"title", "body"})
# The fields of the document that hold what a clause of this field is compared with.
SHOWN_FIELDS = {
    "actor": "actor_names",
    "speaker": "speaker",
    "topic": "topic_names",
    "language": "language",
    "outlet_name": "outlet_name",
    "outlet_id": "outlet_id",
}


def of_query(
    es: Elasticsearch, index: str, query: Rewritten, fields: Mapping[str, Any], judged: bool = True
) -> Iterator[str]:
    """One line for each clause that the one document of an index does not fulfil.

    Nothing comes when the whole query finds it. ``fields`` are those of the document. ``judged``
    is False for a bare text, which has no actors, speakers and topics yet.
    """
    alone = [
        Search(replace(query, text=clause.text, clauses=(), standing=()))
        for clause in query.clauses
    ]
    whole, *parts = match_index.msearch(es, index, [Search(query), *alone])
    if whole and not isinstance(whole, SearchFailed):
        return
    for number, (clause, part) in enumerate(zip(query.clauses, parts, strict=True), 1):
        head = f"clause {number}, {shown(clause.source, clause.text)}"
        field = _field(clause)
        if isinstance(part, SearchFailed):
            yield f"{head}: cannot run: {part.reason}"
        elif not judged and field not in TEXT_FIELDS:
            yield f"{head}: is not judged on a bare text"
        elif part and clause.excluded:
            yield f"{head}: is there, but excluded{_where(part[0])}"
        elif not part and not clause.excluded:
            yield f"{head}: is not in the text{_nearest(es, index, clause, field, fields)}"


def _field(clause: Clause) -> str:
    found = _FIELD.match(clause.text)
    return found[1] if found else ""


def _nearest(
    es: Elasticsearch, index: str, clause: Clause, field: str, fields: Mapping[str, Any]
) -> str:
    """What the document has in the place of the clause, as the end of a sentence."""
    if field in SHOWN_FIELDS:
        values = fields.get(SHOWN_FIELDS[field])
        names = values if isinstance(values, list) else [values] if values else []
        listed = ", ".join(str(name) for name in names[:NAMED])
        return f"; it has {listed}" if listed else "; it has none"
    if field not in TEXT_FIELDS:
        return ""
    words = list(dict.fromkeys(words_of(clause.source.partition(":")[2] or clause.source)))
    if len(words) == 1:
        return _nearest_word(es, index, words[0])
    found = _ask(es, index, [f'"{word}"' for word in words])
    missing = [word for word, hit in zip(words, found, strict=True) if hit is None]
    if missing:
        there = [word for word in words if word not in missing]
        listed = f"it has {', '.join(there)} but not {', '.join(missing)}"
        return f"; {listed}" if there else f"; it has none of {', '.join(words)}"
    [apart] = _ask(es, index, [f'"{" ".join(words)}"~{WIDE}'])
    if apart is not None:
        return f"; the words stand there, but apart{_where(apart)}"
    return "; the words stand there, but far from each other"


def _nearest_word(es: Elasticsearch, index: str, word: str) -> str:
    """Another form of a word, or one that is a letter or two off."""
    plain = word.rstrip("*").lower()
    if len(plain) < SHORTEST_STEM:
        return ""
    stem = plain[: max(SHORTEST_STEM, len(plain) - 3)]
    form, fuzzy = _ask(es, index, [f"{stem}*", f"{plain}~1" if plain.isalnum() else f'"{plain}"'])
    for hit, hint in ((form, f": write {plain}* for all forms"), (fuzzy, "")):
        if hit is not None and (seen := _marked_word(hit)):
            # A form that the star does not cover needs a shorter one.
            covers = seen.lower().startswith(plain)
            return f"; it has {seen}{hint if covers else ''}"
    return ""


def _ask(es: Elasticsearch, index: str, texts: Sequence[str]) -> list[Hit | None]:
    """What each small query finds of the one document; None too for what cannot be asked."""
    searches, places = [], []
    for place, text in enumerate(texts):
        try:
            searches.append(Search(rewrite(text)))
            places.append(place)
        except QueryError:
            continue
    found: list[Hit | None] = [None] * len(texts)
    for place, answer in zip(places, match_index.msearch(es, index, searches), strict=True):
        if not isinstance(answer, SearchFailed) and answer:
            found[place] = answer[0]
    return found


def _marked_word(hit: Hit) -> str | None:
    for marked in (hit.title, hit.body):
        for start, end in marked.spans:
            return marked.text[start:end]
    return None


def _where(hit: Hit) -> str:
    """The sentence of the first mark, in brackets of our own."""
    for marked in (hit.title, hit.body):
        for start, _ in marked.spans:
            for first, last in sentences.spans(marked.text):
                if first <= start < last:
                    sentence = marked.text[first:last]
                    cut = sentence if len(sentence) <= SENTENCE else f"{sentence[: SENTENCE - 1]}…"
                    return f": “{cut}”"
    return ""
