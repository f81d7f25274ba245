"""Failures that others met in the field, in words of our own."""

from __future__ import annotations

from typing import Any

import pytest

from mediawatch.stories.inspection import inspect_stories
from mediawatch.stories.versions import classify_change

AT, LATER = "2026-06-02T06:00:00Z", "2026-06-03T06:00:00Z"
SITE = "https://courier.example"
BUDGET = {"title": "Budget passed", "body": "The budget passed by three votes."}
RAIL = "The rail minister has stepped down after a week of anger over late trains, she said"
PACT = (
    "The fishing pact was renewed for ninety days on Friday, three envoys said, after talks that "
    "ran past midnight. Boats may leave the two harbours from Sunday on the same terms as now."
)


def line(path: str | None, title: str, body: str = "", **fields: str) -> dict[str, Any]:
    found = {"title": title, "body": body, **fields}
    return found if path is None else {**found, "url": f"{SITE}{path}"}


CASES = [
    pytest.param(
        [{**BUDGET, "url": "http://courier.example/a/7"}, {**BUDGET, "url": f"{SITE}/a/7"}],
        [0, 0],
        id="dedupe-01",
    ),
    pytest.param(
        [line("/9-steps-down", "Minister steps down", RAIL + ".", published_at=AT),
         line("/9-goes", "Minister goes after anger", RAIL + " on Friday.", published_at=AT)],
        [0, 0],
        id="dedupe-02",
    ),
    pytest.param(
        [line("/1", "Herring scarce"), line("/2", "Lock opened"), line("/3", "Fees cut")],
        [0, 1, 2],
        id="dedupe-03",
    ),
    pytest.param(
        [line("/a/8?utm_source=top", "Walkout over"), line("/a/8", "Walkout over"),
         line("/a/8#money", "Walkout over")],
        [0, 0, 0],
        id="dedupe-04",
    ),
    pytest.param(
        [line("/x/1", "Opinion | When the Ice Goes Out - Lenz Courier", source="Lenz Courier",
              published_at=AT),
         line("/y/2", "Op-Ed Writer: When the Ice Goes Out", source="Lenz Courier",
              published_at=AT),
         line("/z/3", "When the ice goes out", source="Lenz Courier", published_at=AT)],
        [0, 0, 0],
        id="dedupe-05",
    ),
    pytest.param(
        [line("/a/5", "Lock opened", "The lock opened at ten.", authors="Desk"),
         line("/a/5", "Lock opened", "The lock opened at ten.", authors="Desk and wires")],
        [0, 0],
        id="dedupe-06",
    ),
    pytest.param(
        [line("/a/6", "Four hurt in mine", "Four men were hurt in a mine."),
         line("/a/6", "Seven hurt in mine", "Seven men were hurt in a mine; fines may follow.")],
        [0, 0],
        id="dedupe-07",
    ),
    pytest.param(
        [line("/m/0602", "Early notes", "Envoys meet in Lenz. Snow in the hills.", source="S",
              published_at=AT),
         line("/m/0603", "Early notes", "Judges rule on weirs. Bus walkout over.", source="S",
              published_at=LATER)],
        [0, 1],
        id="dedupe-08",
    ),
    pytest.param(
        [line("/a/4", "Weir plan", "Weir plan backed. Updated 4 minutes ago."),
         line("/a/4", "Weir plan", "Weir plan backed. Updated 25 minutes ago.")],
        [0, 0],
        id="dedupe-09",
    ),
    pytest.param(
        [line("/q/1", "Tremor of magnitude 4.8 off Vanu", "A tremor of magnitude 4.8 shook the sea"
              " off Vanu on Monday. Nobody was hurt.", source="S"),
         line("/q/2", "Tremor of magnitude 5.3 off Kiri", "A tremor of magnitude 5.3 shook the sea"
              " off Kiri on Monday. Nobody was hurt.", source="S")],
        [0, 1],
        id="dedupe-10",
    ),
    pytest.param(
        [{"title": "Pact renewed", "body": "LENZ - " + PACT, "source": "A",
          "url": "https://a.example/1", "published_at": AT},
         {"title": "Fishing pact goes on for 90 days", "body": PACT + " (Agency)", "source": "B",
          "url": "https://b.example/9", "published_at": AT}],
        [0, 0],
        id="dedupe-11",
    ),
    pytest.param(
        [line("/a/3?utm_source=rss", "Spring found"), line("/a/3", "Spring found")],
        [0, 0],
        id="dedupe-12",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_case(lines: list[dict[str, Any]], expected: list[int]):
    found = inspect_stories({"id": n, **line} for n, line in enumerate(lines))
    assert [answer["story"] for answer in found] == [str(n) for n in expected]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        pytest.param(5, None, id="dedupe-06"),
        pytest.param(6, "correction", id="dedupe-07"),
        pytest.param(8, None, id="dedupe-09"),
    ],
)
def test_what_counts_as_a_version(number: int, kind: str | None):
    old, new = CASES[number].values[0]  # type: ignore[index]
    assert classify_change(old["title"], old["body"], new["title"], new["body"]) == kind
