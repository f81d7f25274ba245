"""``inspect stories``: the field's cases in own words, and lines that cannot be handled."""

from __future__ import annotations

from typing import Any

from mediawatch.stories.inspection import inspect_stories
from stories.texts import MINE, QUAY, VINES


def answers(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return list(inspect_stories(lines))


def stories(*lines: dict[str, Any]) -> list[Any]:
    return [answer["story"] for answer in answers(*lines)]


def test_an_answer_a_line_in_order():
    found = answers(
        {"id": "first", "title": "Quay", "body": QUAY},
        {"id": 7, "title": "Mine", "body": MINE},
        {"id": "copy", "title": "Harbour", "body": QUAY},
    )
    assert found == [
        {"id": "first", "story": "first", "event": "first", "relation": "original", "of": None,
         "similarity": 1.0},
        {"id": 7, "story": "7", "event": "7", "relation": "original", "of": None,
         "similarity": 1.0},
        {"id": "copy", "story": "first", "event": "first", "relation": "exact", "of": "first",
         "similarity": 1.0},
    ]  # fmt: skip


def test_a_line_that_cannot_be_handled_costs_one_line():
    found = answers(
        {"id": "a"},
        {"id": "b", "title": 3},
        {"id": "c", "body": QUAY, "published_at": "31 of never", "url": "http://[::1"},
        {"id": ["x"], "body": MINE},
        {"body": VINES},
    )
    assert [a.get("error", {}).get("code") for a in found] == ["empty", "bad_input", *[None] * 3]
    assert [a.get("story") for a in found[2:]] == ["c", "line-4", "line-5"]
    assert [a["id"] for a in found] == ["a", "b", "c", None, None]


def test_scheme_and_tracking_make_no_second_article():
    base = {"title": "Budget passed", "body": "The budget passed by three votes."}
    assert len(set(stories(
        {"id": 1, "url": "http://courier.example/a/7", **base},
        {"id": 2, "url": "https://courier.example/a/7", **base},
        {"id": 3, "url": "https://courier.example/a/7?utm_source=rss", **base},
    ))) == 1  # fmt: skip


def test_a_revised_text_at_one_address_is_a_version():
    found = answers(
        {"id": 1, "url": "https://courier.example/a/8", "title": "Four hurt", "body": "Four hurt."},
        {"id": 2, "url": "https://courier.example/a/8", "title": "Six hurt", "body": "Six hurt."},
    )
    assert [(a["story"], a["relation"], a["of"]) for a in found] == [
        ("1", "original", None),
        ("1", "version", "1"),
    ]


def test_an_address_that_is_used_again_is_another_article():
    url = "https://courier.example/column"
    lines = ({"id": 1, "url": url, "title": "On quays", "body": QUAY},
             {"id": 2, "url": url, "title": "On mines", "body": MINE},
             {"id": 3, "url": url, "title": "On mines again", "body": MINE})  # fmt: skip
    assert stories(*lines) == ["1", "2", "2"]


def test_one_feed_that_changed_slug_and_headline_is_one_story():
    when = "2026-05-15T08:00:00Z"
    body = "The rail minister has stepped down after a week of anger over late trains, she said"
    assert len(set(stories(
        {"id": 1, "url": "https://courier.example/1-steps-down", "title": "Minister steps down",
         "published_at": when, "body": body + "."},
        {"id": 2, "url": "https://courier.example/1-goes", "title": "Minister goes after anger",
         "published_at": when, "body": body + " on Friday."},
    ))) == 1  # fmt: skip


def test_short_items_without_text_stay_apart_unless_headline_outlet_and_minute_agree():
    when = "2026-05-15T08:00:00Z"
    assert len(set(stories(
        {"id": 1, "title": "Harvest late"}, {"id": 2, "title": "Dam opened"},
        {"id": 3, "title": "Tax cut"},
    ))) == 3  # fmt: skip
    assert len(set(stories(
        {"id": 1, "source": "Courier", "title": "Opinion | When the Ice Goes Out - Courier",
         "published_at": when},
        {"id": 2, "source": "Courier", "title": "Op-Ed: When the Ice Goes Out",
         "published_at": when},
        {"id": 3, "source": "Courier", "title": "When the ice goes out", "published_at": when},
    ))) == 1  # fmt: skip


def test_two_outlets_with_an_agency_text_of_two_sentences_are_one_story():
    body = (
        "The fishing pact was renewed for ninety days on Friday, three envoys said, after talks "
        "that ran past midnight. Boats may leave the two harbours from Sunday on the old terms."
    )
    assert len(set(stories(
        {"id": 1, "source": "A", "title": "Pact renewed", "body": "LENZ - " + body},
        {"id": 2, "source": "B", "title": "Fishing pact goes on", "body": body + " (Agency)"},
    ))) == 1  # fmt: skip


def test_odd_texts_are_answered():
    texts = ["a" * 300_000, "word " * 100_000, "\ud800 " + QUAY, "🇺🇳" * 2000, "<b>" * 5000,
             "港务局星期二批准修建新码头。" * 500, "1234567890" * 5000, ". " * 20_000]  # fmt: skip
    found = answers(*({"id": n, "body": text} for n, text in enumerate(texts)))
    assert [a["id"] for a in found] == list(range(len(texts)))
    assert all("error" not in a for a in found)


def test_pairs_follow_the_answers():
    lines = [{"id": n, "body": body} for n, body in enumerate([QUAY, MINE, QUAY])]
    found = list(inspect_stories(lines, pairs=True))[3:]
    assert [pair["pair"] for pair in found] == [[0, 1], [0, 2], [1, 2]]
    likeness = [pair["similarity"] for pair in found]
    assert likeness[1] == 1.0
    assert max(likeness[0], likeness[2]) < 0.2
