"""/.well-known/tdmrep.json: where on its site a publisher reserves text and data mining.

TDM Reservation Protocol, W3C Community Group: a list of rules, each with a ``location`` written as
in robots.txt; the longest that matches counts (RFC 9309, 2.2.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

PLACE = "/.well-known/tdmrep.json"
LARGEST = 500_000
MOST = 1_000
LONGEST = 2_048


@dataclass(frozen=True, slots=True)
class TdmRule:
    """Whether mining is reserved at the paths of ``location`` (``*`` anything, ``$`` the end)."""

    location: str
    is_reserved: bool


def parse_rules(content: bytes) -> tuple[TdmRule, ...]:
    """The rules of a file, as far as they can be read; what is none says nothing."""
    try:
        found = json.loads(content[: LARGEST + 1]) if len(content) <= LARGEST else []
    except (ValueError, RecursionError):
        return ()
    rules = []
    for said in found[:MOST] if isinstance(found, list) else ():
        location = said.get("location") if isinstance(said, dict) else None
        if isinstance(location, str) and 0 < len(location) <= LONGEST and "\x00" not in location:
            rules.append(TdmRule(location, str(said.get("tdm-reservation")).strip() == "1"))
    return tuple(rules)


def is_reserved(rules: Iterable[TdmRule], path: str) -> bool:
    """Whether mining is reserved at a path with its query."""
    matching = [rule for rule in rules if _matches(rule.location, path)]
    return bool(matching) and max(matching, key=lambda rule: len(rule.location)).is_reserved


def _matches(location: str, path: str) -> bool:
    """Each piece between asterisks is looked for behind the one before: never backwards."""
    is_whole = location.endswith("$")
    first, *others = location.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in others[:-1]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if not others:
        return not is_whole or at == len(path)
    if is_whole:
        return path.endswith(others[-1]) and len(path) - len(others[-1]) >= at
    return path.find(others[-1], at) >= 0
