"""A query as a person writes it, checked and made into one explicit string of Lucene's syntax.

The string is the same for alert, search, preview, explanation and Kibana link, and means the
same under any default operator or field of the server:

- a blank is AND, every operation is bracketed, every word names its fields;
- every word without a wildcard is a quoted phrase;
- an all-capital word is looked for as such (``US`` in ``title.cased`` and ``body.cased``), one of
  four letters and more also as a name (``Nato``). Inside a longer phrase capitals mean nothing;
- ``a NEAR/n b`` is a phrase with slop in both orders, per field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mediawatch.errors import QueryError
from mediawatch.search import syntax, words
from mediawatch.search.checks import (
    FIELDS,
    check_field,
    check_regex,
    check_value,
    check_wildcard,
    check_words,
    near_words,
)
from mediawatch.search.syntax import Node, Term

MOST_CLAUSES = 500
MOST_NEAR_WORDS = 50
WIDEST = 999
NOTHING = "(*:* AND NOT *:*)"
TEXT = ("title", "body")

Cost: TypeAlias = Literal["cheap", "dear"]
# (field, pattern with wildcards) -> the words of the index that the pattern stands for
Expand: TypeAlias = Callable[[str, str], Sequence[str]]

_CASED = frozenset(TEXT)
_COLON_FIELDS = frozenset(name for name, kind in FIELDS.items() if kind != "text")
# The fields whose values are kept in small letters.
_NORMALISED = frozenset({"actor", "speaker", "topic"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One leaf of a query: its rewritten text, the words as written, and their place.

    ``near`` are the words of a loose phrase or of NEAR, which need not stand side by side.
    """

    text: str
    source: str
    start: int
    excluded: bool
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A checked query. ``text`` goes to Elasticsearch and into links as it stands.

    ``standing`` are the wildcards inside NEAR: while there are any, ``text`` is for reading
    only, and :func:`rewrite` with ``expand`` makes the string that can be run.
    """

    query: str
    text: str
    clauses: tuple[Clause, ...]
    cost: Cost
    why: str
    standing: tuple[str, ...] = ()


def rewrite(query: str, expand: Expand | None = None) -> Rewritten:
    """Check a query and make it explicit.

    ``expand`` finds the words of an index for a wildcard inside NEAR; without it such a
    wildcard is left standing.

    Raises:
        QueryError: what is wrong and where.
    """
    tree = syntax.parse(query, _COLON_FIELDS)
    writer = _Writer(query, expand)
    text = writer.positive(tree)
    return Rewritten(
        query=query,
        text=text,
        clauses=tuple(writer.clauses),
        cost="dear" if writer.dear else "cheap",
        why="; ".join(dict.fromkeys(writer.dear)) or "words and phrases only",
        standing=tuple(writer.standing),
    )


def from_keywords(
    any: Iterable[str] = (),  # noqa: A002 - the names are those of the watch file
    all: Iterable[str] = (),  # noqa: A002
    none: Iterable[str] = (),
) -> str:
    """A query that takes every keyword literally, whatever signs it holds.

    Keywords of ``any`` and ``none`` without letter or digit can match nothing and are left out.

    Raises:
        QueryError: a keyword of ``all`` cannot match anything, or no keyword is left.
    """
    required = [_literal(word) for word in all]
    if None in required:
        raise QueryError("a keyword of 'all' has no letter or digit")
    parts = [word for word in required if word]
    choices = [word for word in map(_literal, any) if word]
    if choices:
        parts.append(choices[0] if len(choices) == 1 else f"({' OR '.join(choices)})")
    if not parts:
        raise QueryError("there is no keyword with a letter or digit in 'any' or 'all'")
    parts += [f"NOT {word}" for word in map(_literal, none) if word]
    return " AND ".join(parts)


def _literal(keyword: str) -> str | None:
    text = " ".join(keyword.replace("\x00", " ").split())
    if not words.has_letters(text):
        return None
    signs = frozenset(syntax.QUOTATION_MARKS + "\\*?")
    return '"' + "".join(f"\\{sign}" if sign in signs else sign for sign in text) + '"'


@dataclass
class _Writer:
    """Writes a tree; collects its clauses, its costs and the wildcards left standing."""

    query: str
    expand: Expand | None
    clauses: list[Clause] = field(default_factory=list)
    dear: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    name: str | None = None
    excluded: bool = False

    def positive(self, node: Node) -> str:
        """The text of a node as a clause that can stand alone."""
        if isinstance(node, syntax.Not):
            self.dear.append("what is only excluded leaves nearly the whole archive")
            return f"(*:* AND {self.negative(node)})"
        if isinstance(node, syntax.Many):
            return self._many(node)
        if isinstance(node, syntax.Near):
            return self._near(node)
        if isinstance(node, syntax.Field):
            return self._in_field(node)
        if isinstance(node, syntax.Range):
            return self._range(node)
        return self._term(node)

    def negative(self, node: syntax.Not) -> str:
        self.excluded = not self.excluded
        text = self.positive(node.part)
        self.excluded = not self.excluded
        return f"NOT {text}"

    def _many(self, node: syntax.Many) -> str:
        if node.operator == "OR":
            return f"({' OR '.join([self.positive(part) for part in node.parts])})"
        texts = []
        for part in node.parts:
            if isinstance(part, syntax.Not):
                texts.append((True, self.negative(part)))
            else:
                texts.append((False, self.positive(part)))
        # Lucene knows no clause that is only negative: the positive ones come first.
        ordered = [text for is_not, text in texts if not is_not]
        if not ordered:
            self.dear.append("what is only excluded leaves nearly the whole archive")
            ordered.append("*:*")
        ordered += [text for is_not, text in texts if is_not]
        return f"({' AND '.join(ordered)})"

    def _in_field(self, node: syntax.Field) -> str:
        if self.name is not None:
            raise QueryError(f"a second field begins at {node.start}", node.start)
        if node.name == "_exists_":
            return self._exists(node)
        check_field(node.name, node.start)
        self.name = node.name
        text = self.positive(node.part)
        self.name = None
        return text

    def _exists(self, node: syntax.Field) -> str:
        part = node.part
        if not isinstance(part, Term) or part.kind == "regex":
            raise QueryError(f"write _exists_ with one field name, at {node.start}", node.start)
        name = words.unescaped(part.raw)
        check_field(name, part.start)
        return self._clause(f"_exists_:{name}", node.start, part.end)

    def _range(self, node: syntax.Range) -> str:
        assert self.name is not None
        kind = FIELDS[self.name]
        if kind in ("text", "keyword", "boolean"):
            raise QueryError(
                f"'{self.name}' holds no dates or numbers: a range cannot stand at {node.start}",
                node.start,
            )
        for bound in (node.low, node.high):
            if bound != "*":
                check_value(kind, bound, node.start)
        text = (
            f"{self.name}:{'[' if node.include_low else '{'}{node.low} TO "
            f"{node.high}{']' if node.include_high else '}'}"
        )
        return self._clause(text, node.start, node.end)

    def _term(self, term: Term) -> str:
        kind = "text" if self.name is None else FIELDS[self.name]
        fields = TEXT if self.name is None else (self.name,)
        if term.kind == "regex":
            forms = self._regex(term, kind, fields)
        elif term.kind == "word" and words.wildcards(term.raw):
            forms = self._wildcard(term, kind, fields)
        elif term.kind == "word" and term.near is not None:
            forms = self._fuzzy(term, kind, fields)
        else:
            forms = self._phrase(term, kind, fields)
        boost = f"^{term.boost}" if term.boost else ""
        near = (words.unescaped(term.raw),) if term.kind == "phrase" and term.near else ()
        text = words.joined([f"{form}{boost}" for form in forms])
        return self._clause(text, term.start, term.end, near)

    def _phrase(self, term: Term, kind: str, fields: Sequence[str]) -> list[str]:
        text = words.unescaped(term.raw)
        if kind != "text":
            text = " ".join(text.split())
            if term.near is not None:
                raise QueryError(f"'~' means nothing in the field '{fields[0]}'", term.end)
            check_value(kind, text, term.start)
            if not text:
                raise QueryError(f"the value at {term.start} is empty", term.start)
            return [f"{fields[0]}:{words.quoted(text)}"]
        check_words(text, term.start)
        stars = words.wildcards(term.raw) if term.kind == "phrase" else []
        if any(term.raw[at] == "*" and at and term.raw[at - 1].isalnum() for at in stars):
            raise QueryError(
                f"a wildcard cannot stand inside quotation marks at {term.start}; use NEAR/1",
                term.start,
            )
        slop = self._slop(term)
        forms = words.capital_forms(text)
        cased = [name for name in fields if name in _CASED]
        if forms and cased:
            return [f"{name}.cased:{words.quoted(form)}{slop}" for name in cased for form in forms]
        return [f"{name}:{words.quoted(text)}{slop}" for name in fields]

    def _slop(self, term: Term) -> str:
        if term.near is None:
            return ""
        if not term.near.isdigit() or int(term.near) > WIDEST:
            raise QueryError(
                f"write ~ and a number from 0 to {WIDEST} behind the phrase at {term.start}",
                term.start,
            )
        return f"~{int(term.near)}"

    def _wildcard(self, term: Term, kind: str, fields: Sequence[str]) -> list[str]:
        check_wildcard(term, kind)
        if term.near is not None:
            raise QueryError(f"a wildcard and '~' exclude each other at {term.start}", term.start)
        if words.wildcards(term.raw)[0] < 3 or not term.raw.endswith(("*", "?")):
            self.dear.append(f"the wildcard '{term.raw}' stands for very many words")
        capitals = words.capital_forms(term.raw)
        made: list[str] = []
        for name in fields:
            if capitals and name in _CASED:
                made += [f"{name}.cased:{words.pattern(form)}" for form in capitals]
            else:
                made.append(f"{name}:{words.pattern(term.raw)}")
        return made

    def _fuzzy(self, term: Term, kind: str, fields: Sequence[str]) -> list[str]:
        text = words.unescaped(term.raw)
        if kind not in ("text", "keyword") or term.near not in ("", "0", "1", "2"):
            raise QueryError(f"write ~1 or ~2 behind the word at {term.start}", term.start)
        if not text.isalnum():
            raise QueryError(f"'~' can follow only a plain word, at {term.start}", term.start)
        self.dear.append(f"'{text}~' stands for many words")
        near = term.near or "1"
        return [f"{name}:{text}~{near}" for name in fields]

    def _regex(self, term: Term, kind: str, fields: Sequence[str]) -> list[str]:
        if kind not in ("text", "keyword") or term.near is not None:
            raise QueryError(
                f"a regular expression cannot stand at {term.start}; write a word", term.start
            )
        check_regex(term.raw, term.start)
        self.dear.append("a regular expression is tried on very many words")
        keep = self.name is not None and (kind == "keyword" or self.name.endswith(".cased"))
        raw = term.raw if keep and self.name not in _NORMALISED else words.lowered_regex(term.raw)
        return [f"{name}:/{raw}/" for name in fields]

    def _near(self, node: syntax.Near) -> str:
        kind = "text" if self.name is None else FIELDS[self.name]
        if kind != "text":
            raise QueryError(f"NEAR needs a text field, at {node.start}", node.start)
        left = near_words(node.left)
        right = near_words(node.right)
        fields = TEXT if self.name is None else (self.name,)
        forms: list[str] = []
        wanted: list[str] = []
        for name in fields:
            first = self._expanded(name, left)
            second = self._expanded(name, right)
            if len(first) + len(second) > MOST_NEAR_WORDS:
                raise QueryError(
                    f"NEAR at {node.start} stands for more than {MOST_NEAR_WORDS} words",
                    node.start,
                )
            forms += [
                words.near_pair(name, one, other, node.distance, has_cased=name in _CASED)
                for one in first
                for other in second
            ]
            wanted += [*first, *second]
        end = max(term.end for term in (*left, *right))
        text = words.joined(forms) if forms else NOTHING
        return self._clause(text, node.start, end, tuple(dict.fromkeys(wanted)))

    def _expanded(self, name: str, terms: Sequence[Term]) -> list[str]:
        found: list[str] = []
        for term in terms:
            if term.kind == "phrase" or not words.wildcards(term.raw):
                found.append(words.unescaped(term.raw))
                continue
            check_wildcard(term, "text")
            self.dear.append("a wildcard inside NEAR is looked up at each run")
            if self.expand is None:
                found.append(term.raw)
                if term.raw not in self.standing:
                    self.standing.append(term.raw)
            else:
                found.extend(self.expand(name, words.pattern(term.raw)))
        return list(dict.fromkeys(found))

    def _clause(self, text: str, start: int, end: int, near: tuple[str, ...] = ()) -> str:
        if len(self.clauses) == MOST_CLAUSES:
            raise QueryError(f"more than {MOST_CLAUSES} clauses; the next is at {start}", start)
        clause = Clause(text, self.query[start:end], start, self.excluded, near)
        self.clauses.append(clause)
        return text
