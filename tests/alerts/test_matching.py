"""From hits to matches, in values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mediawatch.alerts import matching, reasons
from mediawatch.alerts.matching import Changed, Known, Searcher, Version
from mediawatch.alerts.news import Seen
from mediawatch.alerts.reasons import Hit

SEEN = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
WINDOW = timedelta(hours=24)
WATCH = Searcher(
    watch_id="w", unit="story", news=frozenset({"new", "update"}), active_since=SEEN - WINDOW
)
UPDATE = Version(kind="update", seen_at=SEEN, old=("Dam", "A dam."), new=("Dam", "The dam."))
NOTHING = Known(members={}, matches={})


def article(article_id: str, *causes: str, age: int = 0, original: bool = False) -> Changed:
    dated = SEEN - timedelta(hours=age)
    seen = Seen(
        article_id=article_id,
        intake="feed",
        published_at=dated,
        published_precision="minute",
        dated_at=dated,
        first_seen_at=SEEN,
    )
    return Changed(
        seen=seen,
        story_id="s",
        event_id="e",
        is_original=original,
        causes=frozenset(causes or ("new_article",)),
        versions={2: UPDATE} if "new_version" in causes else {},
    )


def hit(article_id: str, version: int = 1, **more: Any) -> Hit:
    values: dict[str, Any] = {
        "title": "Dam",
        "body": "The dam.",
        "title_marks": ((0, 3),),
        "body_marks": ((4, 7),),
        "clauses": ("dam",),
    }
    return Hit(watch_id="w", article_id=article_id, version_no=version, **{**values, **more})


def decide(*pairs: tuple[Hit, Changed], known: Known = NOTHING) -> list[tuple[Any, ...]]:
    found = matching.decide(
        [one for one, _ in pairs],
        {"w": WATCH},
        {changed.seen.article_id: changed for _, changed in pairs},
        known,
        WINDOW,
    )
    return [(m.cause_key, m.article_id, m.state, m.suppressed_why) for m in found]


def test_the_original_speaks_for_its_story_then_the_oldest() -> None:
    a, b, c = article("a", age=1), article("b", age=2), article("c", original=True)
    assert decide((hit("a"), a), (hit("b"), b), (hit("c"), c)) == [("new", "c", "live", None)]
    assert decide((hit("a"), a), (hit("b"), b)) == [("new", "b", "live", None)]


def test_a_live_article_goes_before_an_old_one_of_the_same_batch() -> None:
    old, fresh = article("old", age=90, original=True), article("fresh")
    found = decide((hit("old"), old), (hit("fresh"), fresh))
    assert found == [("new", "fresh", "live", None)]


def test_what_is_live_already_is_left_alone() -> None:
    known = Known(members={}, matches={("w", "story", "s", "new"): "live"})
    assert decide((hit("a"), article("a")), known=known) == []
    known = Known(members={}, matches={("w", "story", "s", "new"): "suppressed"})
    assert decide((hit("a"), article("a")), known=known) == [("new", "a", "live", None)]


def test_an_update_is_news_only_of_a_story_that_was_found_before() -> None:
    update = article("a", "new_version")
    assert decide((hit("a", 2), update)) == [("new", "a", "live", None)]
    known = Known(members={}, matches={("w", "story", "s", "new"): "live"})
    assert decide((hit("a", 2), update), known=known) == [("update:2", "a", "live", None)]
    assert decide((hit("a", 1), article("a", "late_annotation")), known=known) == []


def test_the_sentence_with_the_most_different_words_is_chosen() -> None:
    body = "A dam, a dam, a dam. The dam broke, engineers said. Engineers left."
    marks = tuple(
        (at, at + len(word))
        for at in range(len(body))
        for word in ("dam", "engineers", "Engineers")
        if body.startswith(word, at)
    )
    reason = reasons.reason(hit("a", body=body, body_marks=marks))
    assert reason.sentence == "The dam broke, engineers said."
    assert [reason.sentence[start:end] for start, end in reason.marks] == ["dam", "engineers"]
    assert body[reason.start :].startswith(reason.sentence)


def test_the_headline_is_the_sentence_when_only_it_matched() -> None:
    reason = reasons.reason(hit("a", title="Dam breaks. Again", body="Nothing.", body_marks=()))
    assert (reason.part, reason.sentence, reason.marks) == ("title", "Dam breaks.", ((0, 3),))


def test_without_marks_the_first_sentence_stands_there() -> None:
    nothing = hit("a", title_marks=(), body_marks=(), body="One. Two.")
    assert reasons.reason(nothing).part == "field"
    assert reasons.reason(nothing).sentence == "One."
    empty = hit("a", title_marks=(), body_marks=(), body="")
    assert reasons.reason(empty).sentence == ""


def test_a_reason_survives_the_ledger() -> None:
    reason = reasons.reason(hit("a"))
    assert reasons.from_json(reasons.as_json(reason)) == reason


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("dam", '(title:"dam" OR body:"dam")', "dam"),
        ("Q7", 'actor:"Q7"', "actor:Q7"),
        ("US", 'title.cased:"US"', "title:US"),
        ("_exists_:actor", "_exists_:actor", "_exists_:actor"),
    ],
)
def test_a_clause_is_shown_as_it_was_written(source: str, text: str, shown: str) -> None:
    assert reasons.shown(source, text) == shown


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ('actor:"Élodie Ray"', True),
        ('actor:"elodie ray"', True),
        ("actor:elod*", True),
        ('actor:"Q5"^2', True),
        ('actor:"Ray"', False),
        ('speaker:"Élodie Ray"', False),
        ('body:"Élodie Ray"', False),
        ('actor:"a\\"b"', False),
    ],
)
def test_mentions_of_actors_that_were_asked_for_are_marked(clause: str, found: bool) -> None:
    mention = {
        "part": "body", "start_at": 4, "end_at": 7, "actor_id": "Q5", "meant_id": None,
        "name": "Élodie Ray", "meant_name": None,
    }  # fmt: skip
    assert reasons.with_mentions((), "body", [clause], [mention]) == (((4, 7),) if found else ())
    assert reasons.with_mentions((), "title", [clause], [mention]) == ()
    assert reasons.with_mentions(((5, 6),), "body", [clause], [mention]) == ((5, 6),)
