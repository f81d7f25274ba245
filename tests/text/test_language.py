"""The language of texts written for this: 40 headlines and bodies in each default language.

``languages/und.txt`` holds texts in languages that are not configured.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mediawatch.settings import LANGUAGES
from mediawatch.text.language import detect, is_mixed

FOLDER = Path(__file__).with_name("languages")
TEXTS = {
    language: [
        line.split("\t") for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines()
    ]
    for language in (*LANGUAGES, "und")
}


def share(part: int, hint: str | None = None) -> float:
    """Of the headlines (0) or bodies (1) of all default languages, those told right."""
    rows = [(language, row) for language in LANGUAGES for row in TEXTS[language]]
    return sum(detect(row[part], LANGUAGES, hint) == language for language, row in rows) / len(rows)


def test_there_are_forty_texts_in_each_language():
    assert {len(rows) for rows in TEXTS.values()} == {40}


def test_bodies_are_told_right():
    assert share(1) >= 0.99


def test_headlines_are_told_right():
    assert share(0) >= 0.95


@pytest.mark.parametrize("hint", ["en", "fr", "ru", "zh-Hans"])
def test_a_wrong_declaration_does_not_change_the_language_of_a_body(hint):
    assert share(1, hint) >= 0.99


@pytest.mark.parametrize("hint", [None, "en", "ru"])
def test_other_languages_are_not_forced_into_a_configured_one(hint):
    found = [detect(body, LANGUAGES, hint) for _, _, body in TEXTS["und"]]
    assert found.count("und") >= 0.9 * len(found)


def test_headlines_in_other_languages_are_not_forced_either():
    found = [detect(headline, LANGUAGES) for _, headline, _ in TEXTS["und"]]
    assert found.count("und") >= 0.9 * len(found)


@pytest.mark.parametrize(
    ("text", "declared"),
    [("WHO: 17 DEAD", "en"), ("Scholz in Rom", "de"), ("銀河鉄道", "ja"), ("G20, 2026", "es")],
    ids=["norm-11-capitals", "norm-11-names", "norm-11-han", "norm-11-figures"],
)
def test_a_short_text_follows_its_feed_and_is_the_same_each_time(text, declared):
    assert {detect(text, LANGUAGES, declared) for _ in range(50)} == {declared}


def test_only_configured_languages_are_named():
    assert detect(TEXTS["de"][0][1], ("en", "fr")) == "und"


def paragraphs(*languages: str) -> str:
    return "\n\n".join(
        " ".join(TEXTS[name][3 * number + k][1] for k in range(3))
        for number, name in enumerate(languages)
    )


@pytest.mark.parametrize(
    ("languages", "mixed"),
    [
        (("en", "en", "en", "en"), False),
        (("en", "fr", "en", "fr"), True),
        (("ru", "ru", "uk", "uk"), True),
        (("ja", "ja", "en"), True),
        (("en", "en", "en", "en", "en", "de"), False),  # one long quotation
    ],
)
def test_a_text_in_two_languages_is_flagged(languages, mixed):
    body = paragraphs(*languages)
    assert is_mixed(body, detect(body, LANGUAGES), LANGUAGES) is mixed


def test_names_and_slogans_make_no_text_mixed():
    body = "\n\n".join((paragraphs("en", "en"), "Liberté, égalité, fraternité", "Die Zeit"))
    assert not is_mixed(body, "en", LANGUAGES)
