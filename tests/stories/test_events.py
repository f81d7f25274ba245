"""Which stories report one happening, in one pass."""

from __future__ import annotations

from datetime import date, timedelta

from mediawatch.stories.events import EventStream, rarities, terms
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


def events(days: list[int], order: list[int]) -> list[str]:
    found = [terms(*text) for text in TEXTS]
    stream = EventStream(*rarities(found))
    placed = {n: stream.place(str(n), found[n], DAY + timedelta(days[n])) for n in order}
    return [placed[n] for n in range(len(TEXTS))]


def test_two_reports_of_one_rescue_are_one_event_and_another_mine_is_not():
    assert events([0] * 5, [0, 1, 2, 3, 4]) == ["0", "1", "0", "3", "4"]
    assert events([0] * 5, [4, 3, 2, 1, 0]) == ["2", "1", "2", "3", "4"]


def test_what_lies_days_apart_is_another_event():
    assert events([0, 0, 3, 0, 0], [0, 1, 2, 3, 4])[2] == "0"
    assert events([0, 0, 4, 0, 0], [0, 1, 2, 3, 4])[2] == "2"


def test_an_event_ends_after_two_weeks_however_it_goes_on():
    found = terms("Miners found alive in Karlova", MINE)
    stream = EventStream(*rarities([found, *(terms(*text) for text in TEXTS[1:])]))
    placed = [stream.place(str(n), found, DAY + timedelta(3 * n)) for n in range(6)]
    assert placed == ["0", "0", "0", "0", "0", "5"]


def test_a_text_without_words_is_an_event_of_its_own():
    stream = EventStream(*rarities([terms("", ""), terms("?", "!")]))
    assert stream.place("a", terms("", ""), DAY) == "a"
    assert stream.place("b", terms("?", "!"), DAY) == "b"


def test_copies_share_the_event_of_their_story():
    lines = [{"id": n, "title": title, "body": body} for n, (title, body) in enumerate(TEXTS)]
    lines.append({"id": 5, "title": "All safe", "body": "KARLOVA (Agency) - " + MINE})
    found = list(inspect_stories(lines))
    assert [(a["story"], a["event"]) for a in found][5] == ("0", "0")
    assert found[2]["story"] == "2"
    assert found[2]["event"] == "0"
