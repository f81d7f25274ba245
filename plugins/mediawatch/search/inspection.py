"""What ``mediawatch inspect query`` answers."""

from __future__ import annotations

from typing import Any

from mediawatch.errors import InputError, QueryError
from mediawatch.search.queries import rewrite


def inspect_query(request: dict[str, Any]) -> dict[str, Any]:
    """Check and rewrite one query.

    Returns ``valid``, ``message``, ``position``, ``rewritten``, ``clauses``, ``cost`` and ``why``;
    a wildcard inside NEAR is left standing, and ``message`` says so.

    Raises:
        InputError: the request has no query.
    """
    query = request.get("query")
    if not isinstance(query, str):
        raise InputError("'query' is missing or is not a text")
    try:
        found = rewrite(query)
    except QueryError as fault:
        return {
            "valid": False,
            "message": fault.message,
            "position": fault.position,
            "rewritten": None,
            "clauses": [],
            "cost": None,
            "why": None,
        }
    standing = ", ".join(found.standing)
    return {
        "valid": True,
        "message": f"looked up in the index at each run: {standing}" if standing else None,
        "position": None,
        "rewritten": found.text,
        "clauses": [clause.text for clause in found.clauses],
        "cost": found.cost,
        "why": found.why,
    }
