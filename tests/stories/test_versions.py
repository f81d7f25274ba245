"""What counts as a new version of an article, and of which kind."""

from __future__ import annotations

import pytest

from mediawatch.stories.versions import classify_change, differences

BODY = (
    "The harbour board of Port Lenz approved a new quay on Tuesday. "
    "The quay will cost 140 million crowns, its chairman Ole Brandt said. "
    "“We have waited for this quay for thirty years,” he told reporters. "
    "Work begins in March and should last two years. "
    "Fishermen fear that dredging will drive the herring away."
)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda t, b: (t, b), None),
        (lambda t, b: (t, b.replace(". ", ".\n\n")), None),
        (lambda t, b: (t, b.replace("“", '"').replace("”", '"')), None),
        (lambda t, b: (t.upper(), b), None),
        (lambda t, b: (t.replace("gets", "will not get"), b), "headline"),
        (lambda t, b: (t, b.replace("140 million", "410 million")), "correction"),
        (lambda t, b: (t, b.replace("Ole Brandt", "Ole Brunner")), "correction"),
        (lambda t, b: (t, b.replace("two years", "three years")), "correction"),
        (lambda t, b: (t, b.replace("waited for this quay", "dreamt of this day")), "correction"),
        (lambda t, b: (t, b + " Correction: the board met on Monday."), "correction"),
        (lambda t, b: ("CORRECTED - " + t, b), "correction"),
        (lambda t, b: (t, b.replace("dredging", "dredgeing")), "typo"),
        (lambda t, b: (t, b + " The board meets again in June with 12 members."), "update"),
        (
            lambda t, b: (t, b.replace("Work begins in March and should last two years. ", "")),
            "update",
        ),
        (lambda t, b: (t, b[:120]), None),
        (lambda t, b: (t, b[:120].rstrip() + " …"), None),
        (lambda t, b: (t, b[:0]), None),
    ],
)
def test_kinds(change, kind):
    title = "Port Lenz gets a new quay"
    assert classify_change(title, BODY, *change(title, BODY)) == kind


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ferry plan agreed. Updated 4 minutes ago.", "Ferry plan agreed. Updated 21 minutes ago."),
        ("Ferry plan agreed. 12 comments", "Ferry plan agreed. 1,305 comments"),
        (
            "Last updated at 10:32 GMT\nFerry plan agreed.",
            "Last updated at 11:05 GMT\nFerry plan agreed.",
        ),
        ("Ferry plan agreed. 3 min read", "Ferry plan agreed. 4 min read"),
    ],
)
def test_rotating_noise_is_no_version(before: str, after: str):
    assert classify_change("Ferry", before, "Ferry", after) is None


def test_a_teaser_is_completed_and_not_updated():
    teaser = "The harbour board of Port Lenz approved a new quay…"
    assert classify_change("Quay", teaser, "Quay", BODY) == "completion"
    own_words = "A decision that divides the town, after decades of talk."
    assert classify_change("Quay", own_words, "Quay", BODY * 2, ["teaser_only"]) == "completion"
    assert classify_change("Quay", "", "Quay", BODY) == "completion"


def test_a_brief_that_grows_with_another_number_is_a_correction():
    before = "Four people were hurt in a blaze."
    after = "Seven people were hurt in a blaze; charges against the landlord are possible."
    assert classify_change("Four hurt", before, "Seven hurt", after) == "correction"


def test_a_live_page_that_counts_on_is_an_update():
    after = BODY.replace("140", "150")
    assert classify_change("Live", BODY, "Live", after, ["live_blog"]) == "update"


def test_differences_name_the_sentences():
    new = BODY.replace("140 million", "155 million").replace(
        "Fishermen fear that dredging will drive the herring away.", "Nobody objected."
    )
    found = differences(BODY, new)
    assert found.taken_out == ("Fishermen fear that dredging will drive the herring away.",)
    assert found.put_in == ("Nobody objected.",)
    assert [(o[:30], n[:30]) for o, n in found.rewritten] == [
        ("The quay will cost 140 million", "The quay will cost 155 million")
    ]


def test_a_very_long_text_is_compared_at_once():
    long = BODY + " word" * 200_000
    assert classify_change("Quay", long, "Quay", long + " Fin.") == "update"
    assert classify_change("Quay", "a" * 500_000, "Quay", "a" * 499_999) is not None
