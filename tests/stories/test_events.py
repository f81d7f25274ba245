"""Which stories report one happening."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediawatch.stories.event_memory import MemoryEvents
from mediawatch.stories.events import Told, place, tell
from mediawatch.stories.inspection import inspect_stories
from stories.texts import MINE, QUAY, VINES

DAY = date(2026, 3, 10)
MINE_ELSEWHERE = (
    "Six men walked out of the Karlova mine on Friday",
    (
        "The miners had been below ground since Monday, when the roof of the Karlova pit gave way. "
        "Petra Hlas, who led the rescue, said that two had broken bones. The union wants to know "
        "why warnings about the roof were not answered."
    ),
)
OTHER_MINE = (
    "Fire in the Dolna mine kills four",
    (
        "Four men died on Friday when gas burned in the Dolna pit, the regional governor Jan Rybar "
        "said. It was the third fire there in ten years. The state has closed the mine."
    ),
)
TEXTS = [("Miners found alive in Karlova", MINE), ("Port Lenz gets a quay", QUAY),
         MINE_ELSEWHERE, ("Vines give way to almonds", VINES), OTHER_MINE]  # fmt: skip
QUAKE = (
    "Earthquake of magnitude {size} strikes {place}",
    (
        "A magnitude {size} earthquake struck {place} on Tuesday, the seismological centre said. "
        "{mayor}, the mayor of {town}, said that {dead} people were killed and houses had fallen. "
        "The centre of the quake lay {depth} kilometres below {town}."
    ),
)
QUAKES = [
    {"size": "6.2", "place": "Tervola", "mayor": "Anna Weil", "town": "Sund", "dead": "112",
     "depth": "12"},
    {"size": "5.4", "place": "Marubo", "mayor": "Kofi Obeng", "town": "Akra Beach", "dead": "340",
     "depth": "35"},
]  # fmt: skip


def told(n: int, text: tuple[str, str], days: int = 0, actors: Sequence[str] = ()) -> Told:
    return tell(str(n), n, DAY + timedelta(days), *text, actors)


def events(days: Sequence[int], batches: Sequence[Sequence[int]]) -> list[str]:
    store = MemoryEvents()
    placed: dict[str, str] = {}
    for batch in batches:
        placed |= place([told(n, TEXTS[n], days[n]) for n in batch], store)
    return [placed[str(n)] for n in range(len(TEXTS))]


def test_two_reports_of_one_rescue_are_one_event_and_another_mine_is_not():
    assert events([0] * 5, [[0, 1, 2, 3, 4]]) == ["0", "1", "0", "3", "4"]
    assert events([0] * 5, [[0, 1, 3], [4, 2]]) == ["0", "1", "0", "3", "4"]


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(5)), days=st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_the_order_within_a_batch_does_not_matter(order: Sequence[int], days: list[int]):
    assert events(days, [order]) == events(days, [range(5)])


def test_what_lies_days_apart_is_another_event():
    assert events([0, 0, 3, 0, 0], [range(5)])[2] == "0"
    assert events([0, 0, 4, 0, 0], [range(5)])[2] == "2"
    assert events([0, 0, 4, 0, 0], [[0, 1, 3, 4], [2]])[2] == "2"


def test_an_event_ends_after_two_weeks_however_it_goes_on():
    store = MemoryEvents()
    place([told(n, TEXTS[n]) for n in (1, 3, 4)], store)
    placed = [place([told(10 + n, TEXTS[0], 3 * n)], store)[str(10 + n)] for n in range(6)]
    assert placed == ["10", "10", "10", "10", "10", "15"]


def test_two_similar_happenings_stay_apart():
    """Two earthquakes, each told twice: place, people and numbers decide."""
    texts = [(QUAKE[0].format(**q), QUAKE[1].format(**q)) for q in QUAKES]
    line = "{mayor} said that {dead} died in {town} when the earthquake of {size} struck {place}."
    again = [("{place} counts its dead".format(**q), line.format(**q)) for q in QUAKES]
    placed = place(
        [told(n, text) for n, text in enumerate([*texts, *again, *TEXTS[1:]])], MemoryEvents()
    )
    assert [placed[str(n)] for n in range(4)] == ["0", "1", "0", "1"]


def test_actors_bring_two_languages_together():
    english = ("Vessin and Okoye sign the river pact", "Presidents Vessin and Okoye signed it.")
    german = ("Vessin und Okoye unterzeichnen Flussabkommen", "Die Präsidenten Vessin und Okoye.")
    actors = ["Q1", "Q2", "Q3"]
    batch = [told(0, english, actors=actors), told(1, german, actors=actors)]
    others = [told(n, text) for n, text in enumerate(TEXTS, 2)]
    assert place([*batch, *others], MemoryEvents())["1"] == "0"


@pytest.mark.parametrize("text", [("", ""), ("?", "!")])
def test_a_text_without_words_is_an_event_of_its_own(text: tuple[str, str]):
    assert place([told(0, text), told(1, text)], MemoryEvents()) == {"0": "0", "1": "1"}
    assert place([], MemoryEvents()) == {}


def test_a_thousand_stories_of_one_happening_are_one_event():
    rng = random.Random(3)
    words = (MINE + " " + MINE_ELSEWHERE[1]).split()
    batch = [
        told(n, (TEXTS[0][0], " ".join(rng.sample(words, len(words) // 2)))) for n in range(300)
    ]
    store = MemoryEvents()
    assert set(place(batch[:200], store).values()) == {"0"}
    assert set(place(batch[200:], store).values()) == {"0"}


def test_copies_share_the_event_of_their_story():
    lines = [{"id": n, "title": title, "body": body} for n, (title, body) in enumerate(TEXTS)]
    lines.append({"id": 5, "title": "All safe", "body": "KARLOVA (Agency) - " + MINE})
    found = list(inspect_stories(lines))
    assert [(a["story"], a["event"]) for a in found][5] == ("0", "0")
    assert found[2]["story"] == "2"
    assert found[2]["event"] == "0"
