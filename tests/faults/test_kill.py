"""``kill -9`` at every named place of every step: the end state is that of an undisturbed run."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from typing import Any

import pytest

from mediawatch.checkpoints import NAMES

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

# Between the commit of "sending" and the commit of the answer nobody can know whether the mail
# went out: there, and only there, one mail is left to a person.
UNCERTAIN = {"send.sending", "send.answered"}
# No digest is due in this newsroom, nothing is made again or forgotten and there is no archive:
# their own tests kill there.
OTHERS = ("digest.", "reprocess.", "archive.", "past.", "forget.")
NAMED = [name for name in NAMES if not name.startswith(OTHERS)]

DONE: dict[str, Any] = {}


@pytest.fixture
def undisturbed(newsroom) -> dict[str, Any]:
    """The end state of a run that nobody killed, made by the first test."""
    if not DONE:
        first = newsroom.run(START)
        assert first.returncode == 0, first.stderr
        newsroom.settle(START)
        DONE.update(newsroom.end_state())
    return DONE


def test_an_undisturbed_run_does_what_it_should(undisturbed: dict[str, Any]):
    state = undisturbed
    assert [len(titles) for titles in state["stories"]].count(3) == 1
    assert len(state["articles"]) == 6
    assert state["deliveries"] == [
        ("duty@example.org", "instant", "sent", 3),
        ("night@example.org", "instant", "sent", 2),
    ]
    assert len(state["mails"]) == 5
    assert [entry[2] for entry in state["entries"] if entry[1] == "rejected"] == ["not_text"]
    assert state["unmatched"] == [(0,)]


@pytest.mark.parametrize("place", NAMED)
def test_killed_there_it_ends_the_same(place: str, newsroom, round_no: int):
    assert DONE, "the undisturbed run comes first in this file"
    killed = newsroom.run(START, kill_at=place)
    assert killed.returncode == -signal.SIGKILL, f"{place} was never reached: {killed.stderr}"
    newsroom.settle(START)
    state = newsroom.end_state()

    uncertain = [d for d in state["deliveries"] if d[2] == "uncertain"]
    if place in UNCERTAIN:
        assert sum(count for *_, count in uncertain) == 1
        sent_or_uncertain = sum(count for *_, count in state["deliveries"])
        assert sent_or_uncertain == sum(count for *_, count in DONE["deliveries"])
        lost = 1 if place == "send.sending" else 0
        assert len(state["mails"]) == len(DONE["mails"]) - lost
        assert len(set(state["mails"])) == len(state["mails"])
    else:
        assert uncertain == []
        assert state["deliveries"] == DONE["deliveries"]
        assert state["mails"] == DONE["mails"]
    for name in set(DONE) - {"deliveries", "mails"}:
        assert state[name] == DONE[name], name
