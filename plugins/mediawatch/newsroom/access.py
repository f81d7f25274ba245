"""Who asks, and what they may do: the log-in itself is Airflow's and handed in from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request, status


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has logged in. Everybody may read; editors change watches and sources."""

    name: str
    may_edit: bool


def person() -> Person:
    """The person of the log-in; ``create_app`` puts the real log-in here. Closed until then.

    Raises:
        HTTPException: 401, nobody has logged in.
    """
    raise HTTPException(status.HTTP_401_UNAUTHORIZED, "log in first")


def reader(request: Request, who: Annotated[Person, Depends(person)]) -> Person:
    """Anybody who has logged in, at a bearable pace.

    Raises:
        HTTPException: 429, too many requests.
    """
    request.state.person = who
    request.app.state.pace.person(who.name)
    return who


Reader = Annotated[Person, Depends(reader)]


def editor(who: Reader) -> Person:
    """A person who may change things.

    Raises:
        HTTPException: 403, the person may only read.
    """
    if not who.may_edit:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "you may read here, but not change anything")
    return who


Editor = Annotated[Person, Depends(editor)]
