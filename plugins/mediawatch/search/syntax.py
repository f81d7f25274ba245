"""The grammar of a query, as Kibana's Lucene syntax with ``NEAR/n``: text to tree.

The parser is a plain recursive descent over the text, in linear time and with a limit on depth,
so that a hostile query costs a refusal with its place. A blank between two words is AND; AND
binds closer than OR, NOT closer than AND, NEAR closest. Positions count code points from 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mediawatch.errors import QueryError

LONGEST = 10_000
DEEPEST = 60
# As people type them or word processors make them.
QUOTATION_MARKS = '"“”„‟'

_BLANK = re.compile(r"\s+")
# A word ends at a blank or at a sign that has a meaning of its own.
_WORD = re.compile(rf"(?:\\.|[^\s()\[\]{{}}:^~{QUOTATION_MARKS}\\])+", re.DOTALL)
_VALUE = re.compile(rf"(?:\\.|[^\s()\[\]{{}}^~{QUOTATION_MARKS}\\])+", re.DOTALL)
_PHRASE = re.compile(
    rf"[{QUOTATION_MARKS}]((?:\\.|[^{QUOTATION_MARKS}\\])*)[{QUOTATION_MARKS}]", re.DOTALL
)
_REGEX = re.compile(r"/((?:\\.|[^/\\])*)/", re.DOTALL)
_BOUND = re.compile(r'"([^"]*)"|([^\s()\[\]{}"]+)')
_NEAR = re.compile(r"NEAR/([0-9]{1,3})(?![^\s()])")
_NEAR_UNFINISHED = re.compile(r"NEAR(?![^\s()/])")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?![^\s()])|(&&)|(\|\|)")
_AFTER = re.compile(r"(?:~([0-9]*(?:\.[0-9]+)?)|\^([0-9]{1,4}(?:\.[0-9]{1,4})?))(?=[\s)~^]|$)")
_COMPARISON = re.compile(r"[<>]=?")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase or regular expression as written, without its marks.

    ``raw`` still holds backslashes. ``near`` is what followed ``~`` (None: no tilde).
    """

    kind: Literal["word", "phrase", "regex"]
    raw: str
    start: int
    end: int
    near: str | None = None
    boost: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high; ``*`` is no bound."""

    low: str
    high: str
    include_low: bool
    include_high: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A part that is looked for in one field."""

    name: str
    part: Node
    start: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    part: Node
    start: int


@dataclass(frozen=True, slots=True)
class Many:
    """Parts joined by AND or by OR; two or more."""

    operator: Literal["AND", "OR"]
    parts: tuple[Node, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Near:
    """Two parts with at most ``distance`` words between them, in either order."""

    left: Node
    right: Node
    distance: int
    start: int


Node: TypeAlias = Term | Range | Field | Not | Many | Near


def parse(query: str, colon_fields: frozenset[str] = frozenset()) -> Node:
    """The tree of a query. A bare value of ``colon_fields`` may hold colons (``actor:gov:FRA``).

    Raises:
        QueryError: with the place of the fault.
    """
    if len(query) > LONGEST:
        raise QueryError(
            f"the query has {len(query):,} characters; at most {LONGEST:,} are allowed"
        )
    odd = _NO_TEXT.search(query)
    if odd:
        raise QueryError(f"a control character stands at {odd.start()}", odd.start())
    return _Parser(query, colon_fields).whole()


class _Parser:
    def __init__(self, text: str, colon_fields: frozenset[str]) -> None:
        self.text = text
        self.colon_fields = colon_fields
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        self._blanks()
        if self._ended():
            raise QueryError("the query is empty", 0)
        node = self._either()
        if not self._ended():  # only a closing bracket stops the grammar early
            sign = self.text[self.at]
            raise QueryError(f"'{sign}' without its opening bracket at {self.at}", self.at)
        return node

    def _either(self) -> Node:
        start = self.at
        parts = [self._all()]
        while self._operator() == "OR":
            self._take_operator()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Many("OR", tuple(parts), start)

    def _all(self) -> Node:
        start = self.at
        parts = [self._close()]
        while not self._ended() and self.text[self.at] not in ")]}":
            operator = self._operator()
            if operator == "OR":
                break
            if operator == "AND":
                self._take_operator()
            parts.append(self._close())
        return parts[0] if len(parts) == 1 else Many("AND", tuple(parts), start)

    def _close(self) -> Node:
        start = self.at
        left = self._one()
        found = _NEAR.match(self.text, self.at)
        if not found:
            return left
        self._move(found.end())
        right = self._one()
        again = _NEAR.match(self.text, self.at)
        if again:
            raise QueryError(
                f"NEAR joins two parts; a third begins at {again.start()}", again.start()
            )
        return Near(left, right, int(found[1]), start)

    def _one(self) -> Node:
        start = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(f"more than {DEEPEST} levels of brackets at {start}", start)
        node = self._unary()
        self.depth -= 1
        return node

    def _unary(self) -> Node:
        start = self.at
        if self._ended():
            raise QueryError(f"something is missing at the end, at {start}", start)
        sign = self.text[start]
        operator = self._operator()
        if operator == "NOT":
            self._take_operator()
            return Not(self._one(), start)
        if sign in "!+-":
            # "Smith - trial" has a dash: nobody meant NOT.
            if _BLANK.match(self.text, start + 1):
                raise QueryError(f"'{sign}' stands alone at {start}", start)
            self.at = start + 1
            return self._one() if sign == "+" else Not(self._one(), start)
        if operator:
            raise QueryError(f"{operator} without a word before it at {start}", start)
        if sign == "(":
            return self._group(start)
        if sign in "[{":
            raise QueryError(
                f"a range needs a field before it, as in dated_at:[2021-01-01 TO now], at {start}",
                start,
            )
        if _NEAR.match(self.text, start):
            raise QueryError(f"NEAR without a word before it at {start}", start)
        if _NEAR_UNFINISHED.match(self.text, start):
            raise QueryError(
                f"write NEAR/ and a number, such as NEAR/5, at {start}; for the word itself "
                "use quotation marks",
                start,
            )
        return self._leaf(_WORD)

    def _group(self, start: int) -> Node:
        self._move(start + 1)
        if not self._ended() and self.text[self.at] == ")":
            raise QueryError(f"empty brackets at {start}", start)
        node = self._either()
        if self._ended() or self.text[self.at] != ")":
            raise QueryError(f"unbalanced bracket at {start}", start)
        self._move(self.at + 1)
        self._suffix()  # a weight of a group changes no match
        return node

    def _leaf(self, word: re.Pattern[str]) -> Node:
        start = self.at
        sign = self.text[start]
        if sign in QUOTATION_MARKS:
            return self._term("phrase", _PHRASE, "quotation mark")
        if sign == "/" and word is _WORD:
            return self._term("regex", _REGEX, "slash of a regular expression")
        found = word.match(self.text, start)
        if not found:
            raise QueryError(f"'{sign}' cannot stand at {start}", start)
        self.at = found.end()
        if word is _WORD and self.text[self.at : self.at + 1] == ":":
            return self._field(found[0], start)
        near, boost = self._suffix()
        return Term("word", found[0], start, found.end(), near, boost)

    def _term(self, kind: Literal["phrase", "regex"], pattern: re.Pattern[str], name: str) -> Node:
        start = self.at
        found = pattern.match(self.text, start)
        if not found:
            raise QueryError(f"unbalanced {name} at {start}", start)
        self.at = found.end()
        near, boost = self._suffix()
        return Term(kind, found[1], start, found.end(), near, boost)

    def _field(self, name: str, start: int) -> Node:
        colon = self.at
        self._move(colon + 1)
        if self._ended() or self.text[self.at] in ")]}":
            raise QueryError(f"nothing stands after '{name}:' at {colon}", colon)
        if self.text[self.at] in "[{":
            return Field(name, self._range(), start)
        comparison = _COMPARISON.match(self.text, self.at)
        if comparison:
            return Field(name, self._half_range(comparison[0]), start)
        if self.text[self.at] == "(":
            self.depth += 1
            if self.depth > DEEPEST:
                raise QueryError(f"more than {DEEPEST} levels of brackets at {start}", start)
            node = self._group(self.at)
            self.depth -= 1
            return Field(name, node, start)
        if self.text[self.at] in QUOTATION_MARKS or name in self.colon_fields:
            return Field(name, self._leaf(_VALUE), start)
        part = self._leaf(_WORD)
        if isinstance(part, Field):
            raise QueryError(f"a second field begins at {part.start}", part.start)
        return Field(name, part, start)

    def _range(self) -> Range:
        start = self.at
        opening = self.text[start]
        self._move(start + 1)
        low = self._bound(start)
        if not self.text.startswith("TO", self.at):
            raise QueryError(f"a range is written [low TO high], at {start}", start)
        self._move(self.at + 2)
        high = self._bound(start)
        if self._ended() or self.text[self.at] not in "]}":
            raise QueryError(f"unbalanced bracket at {start}", start)
        closing = self.text[self.at]
        self._move(self.at + 1)
        self._suffix()
        return Range(low, high, opening == "[", closing == "]", start, self.at)

    def _half_range(self, sign: str) -> Range:
        start = self.at
        self._move(start + len(sign))
        bound = self._bound(start)
        include = sign.endswith("=")
        if sign[0] == ">":
            return Range(bound, "*", include, True, start, self.at)
        return Range("*", bound, True, include, start, self.at)

    def _bound(self, start: int) -> str:
        found = _BOUND.match(self.text, self.at)
        if not found:
            raise QueryError(f"a bound is missing in the range at {start}", start)
        self._move(found.end())
        return found[1] if found[1] is not None else found[2]

    def _suffix(self) -> tuple[str | None, str | None]:
        """What stands directly behind a term: ``~n`` and ``^n``; blanks after it are skipped."""
        near: str | None = None
        boost: str | None = None
        while self.text[self.at : self.at + 1] in ("~", "^"):
            found = _AFTER.match(self.text, self.at)
            if not found or (near if found[2] is None else boost) is not None:
                raise QueryError(f"'{self.text[self.at]}' cannot stand at {self.at}", self.at)
            if found[2] is None:
                near = found[1]
            else:
                boost = found[2]
            self.at = found.end()
        self._move(self.at)
        return near, boost

    def _operator(self) -> str | None:
        found = _OPERATOR.match(self.text, self.at)
        if not found:
            return None
        return found[1] or ("AND" if found[2] else "OR")

    def _take_operator(self) -> None:
        found = _OPERATOR.match(self.text, self.at)
        assert found is not None
        self._move(found.end())

    def _blanks(self) -> None:
        found = _BLANK.match(self.text, self.at)
        if found:
            self.at = found.end()

    def _move(self, to: int) -> None:
        self.at = to
        self._blanks()

    def _ended(self) -> bool:
        return self.at >= len(self.text)
