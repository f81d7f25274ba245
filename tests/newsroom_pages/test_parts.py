"""The parts that pages are made of: differences, charts, limits, words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from string import Formatter

import pytest
from fastapi import HTTPException
from hypothesis import given
from hypothesis import strategies as st

from mediawatch.newsroom.changed_words import LONGEST, changed_words
from mediawatch.newsroom.charts import bars
from mediawatch.newsroom.limits import Limiter
from mediawatch.newsroom.wording import WORDS
from newsroom_pages.house import EVIL

TEXTS = st.text(alphabet="ab \n", max_size=60)


def test_a_difference_shows_what_went_out_and_came_in() -> None:
    runs = changed_words("Two men were hurt today.", "Three men were hurt.")
    assert runs is not None
    assert [(run.kind, run.text.strip()) for run in runs] == [
        ("out", "Two"),
        ("in", "Three"),
        ("same", "men were"),
        ("out", "hurt today."),
        ("in", "hurt."),
    ]


@given(TEXTS, TEXTS)
def test_a_difference_holds_every_new_and_every_old_word(old: str, new: str) -> None:
    runs = changed_words(old, new)
    assert runs is not None
    if any(run.kind == "gap" for run in runs):
        return
    assert "".join(r.text for r in runs if r.kind != "out").split() == new.split()
    assert "".join(r.text for r in runs if r.kind != "in").split() == old.split()


def test_what_stayed_for_long_is_left_out() -> None:
    words = " ".join(str(n) for n in range(500))
    runs = changed_words(f"{words} old {words}", f"{words} new {words}")
    assert runs is not None
    assert [run.kind for run in runs] == ["gap", "same", "out", "in", "same", "gap"]
    assert sum(len(run.text) for run in runs) < 300


def test_very_long_texts_are_not_compared() -> None:
    assert changed_words("a " * (LONGEST + 1), "b " * 10) is None
    same = "a " * (LONGEST * 10)
    assert changed_words(same + "x", same + "y") is not None


def test_a_chart_escapes_its_labels() -> None:
    drawn = bars(EVIL, [(EVIL, 3), ("b", 0)])
    ET.fromstring(drawn)
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert bars("nothing", []).count("<rect") == 0


def test_the_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for key, text in WORDS["en"].items():
        fields = [{f for _, f, _, _ in Formatter().parse(t) if f} for t in (text, WORDS["fr"][key])]
        assert fields[0] == fields[1], key


def test_a_limit_is_each_caller_s_own() -> None:
    limiter = Limiter(2, seconds=60)
    for name in ("a", "a", "b"):
        limiter.take(name)
    with pytest.raises(HTTPException) as refused:
        limiter.take("a")
    assert refused.value.status_code == 429
    limiter.take("b")
