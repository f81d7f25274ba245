"""What is refused in a query, with the place and the reason."""

from __future__ import annotations

import difflib
import re
from datetime import date, time

from mediawatch.errors import QueryError
from mediawatch.search import syntax, words
from mediawatch.search.mapping import STEMMERS, query_fields
from mediawatch.search.syntax import Node, Term

FIELDS = query_fields()

_NOW = re.compile(r"now(?:[+-][0-9]{1,4}[yMwdhHms])*(?:/[yMwdhHms])?")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9][0-9])(?:-([0-9][0-9])(?:T([0-9][0-9])(?::([0-9][0-9])(?::([0-9][0-9])(?:\.[0-9]{1,9})?)?)?"
    r"(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?)?)?)?"
)
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def check_value(kind: str, value: str, at: int) -> None:
    """Refuse what is no date, number or truth value of its field.

    Raises:
        QueryError: naming the value.
    """
    if kind == "date" and not _is_date(value):
        raise QueryError(
            f"'{value}' is no date at {at}; write 2021-12-16, 2021-12-16T10:00:00Z or now-7d", at
        )
    if kind in ("integer", "long") and not _NUMBER.fullmatch(value):
        raise QueryError(f"'{value}' is no whole number at {at}", at)
    if kind == "boolean" and value not in ("true", "false"):
        raise QueryError(f"'{value}' is neither true nor false at {at}", at)


def _is_date(value: str) -> bool:
    if _NOW.fullmatch(value):
        return True
    found = _DATE.fullmatch(value)
    if not found:
        return False
    year, month, day, hour, minute, second = (int(part or -1) for part in found.groups())
    try:
        date(year, 1 if month < 0 else month, 1 if day < 0 else day)
        time(max(hour, 0), max(minute, 0), max(second, 0))
    except ValueError:
        return False
    return True


def check_regex(raw: str, at: int) -> None:
    """Refuse a regular expression that can run without end or through all words.

    Raises:
        QueryError: saying which sign is refused.
    """
    if not raw:
        raise QueryError(f"the regular expression at {at} is empty", at)
    if len(raw) > 200:
        raise QueryError(f"the regular expression at {at} is longer than 200 characters", at)
    for piece in re.finditer(r"\\.|([*+@~<#&])|(\{[0-9]*,\})", raw, re.DOTALL):
        if piece[1] or piece[2]:
            sign = piece[1] or piece[2]
            raise QueryError(
                f"the regular expression at {at} has no bound: '{sign}' is not allowed", at
            )
    if raw[0] in ".^(|?" and not re.match(r"\([^.(]", raw):
        raise QueryError(f"the regular expression at {at} must begin with a letter", at)
    if not _balanced(raw):
        raise QueryError(f"the regular expression at {at} has unbalanced brackets", at)


def _balanced(raw: str) -> bool:
    open_round = 0
    in_class = False
    for piece in re.finditer(r"\\.|([()\[\]])", raw, re.DOTALL):
        sign = piece[1]
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign == "(":
            open_round += 1
        elif sign == ")":
            open_round -= 1
            if open_round < 0:
                return False
    return open_round == 0 and not in_class


def check_field(name: str, at: int) -> None:
    """Refuse a field that the index does not have, with the nearest that it has.

    Raises:
        QueryError: naming the field.
    """
    if name in FIELDS:
        return
    if name.startswith("stem_"):
        known = ", ".join(STEMMERS)
        raise QueryError(
            f"there are no stems for the language '{name[5:]}' at {at}; only for {known}", at
        )
    close = difflib.get_close_matches(name[:60], FIELDS, n=1)
    cure = (
        f"did you mean '{close[0]}'?"
        if close
        else "if the colon belongs to the word, put it in quotation marks"
    )
    raise QueryError(f"unknown field '{name[:60]}' at {at}; {cure}", at)


def check_words(text: str, at: int) -> None:
    """Refuse a text in which an analyzer finds no word.

    Raises:
        QueryError: with its place.
    """
    if not words.has_letters(text):
        raise QueryError(f"there is no letter or digit in '{text[:40]}' at {at}", at)


def check_wildcard(term: Term, kind: str) -> None:
    """Refuse wildcards that would look through everything or that the index cannot answer.

    Raises:
        QueryError: which and where.
    """
    at = term.start
    if not words.has_letters(words.unescaped(term.raw)):
        raise QueryError(
            f"a lone star at {at}; to ask for any value of a field write _exists_:FIELD", at
        )
    if words.wildcards(term.raw)[0] == 0:
        raise QueryError(f"a word may not begin with a wildcard, at {at}", at)
    if kind not in ("text", "keyword"):
        raise QueryError(f"a wildcard cannot stand in a date or number, at {at}", at)
    if kind == "text":
        odd = next(
            (
                sign
                for sign in words.unescaped(term.raw)
                if not sign.isalnum() and sign not in "*?'’._"
            ),
            None,
        )
        if odd is not None and not words.is_mark(odd):
            raise QueryError(
                f"a word with a wildcard may not hold '{odd}', at {at}; write the parts singly", at
            )


def near_words(node: Node) -> list[Term]:
    """The single words of one side of NEAR: a word, or words joined by OR in brackets.

    Raises:
        QueryError: it holds something else.
    """
    if isinstance(node, syntax.Many) and node.operator == "OR":
        return [term for part in node.parts for term in near_words(part)]
    if not isinstance(node, Term):
        raise QueryError(
            f"NEAR takes words, or words with OR in brackets; something else is at {node.start}",
            node.start,
        )
    if node.kind == "regex" or node.near is not None:
        raise QueryError(f"NEAR takes plain words only, at {node.start}", node.start)
    text = words.unescaped(node.raw)
    check_words(text, node.start)
    if len(text.split()) > 1:
        raise QueryError(f"NEAR takes no phrase, at {node.start}", node.start)
    return [node]
