"""What named people are reported to have said, without quotation marks."""

from __future__ import annotations

import pytest

from mediawatch.model import Annotation


def reported(found: Annotation) -> list[tuple[str, str | None]]:
    return [(q.text, q.speaker_name) for q in found.quotes if q.kind == "indirect"]


@pytest.mark.parametrize(
    ("body", "language", "said"),
    [
        (
            "Angela Merkel told reporters on Monday that the bridge would be closed for a year.",
            "en",
            "the bridge would be closed for a year",
        ),
        (
            "The bridge will be closed for a year, Angela Merkel said on Monday.",
            "en",
            "The bridge will be closed for a year",
        ),
        (
            "Angela Merkel a déclaré que le pont serait fermé pendant un an.",
            "fr",
            "le pont serait fermé pendant un an",
        ),
        (
            "Angela Merkel sagte, dass die Brücke ein Jahr lang gesperrt bleibt.",
            "de",
            "die Brücke ein Jahr lang gesperrt bleibt",
        ),
        (
            "Angela Merkel dijo que el puente estaría cerrado un año.",
            "es",
            "el puente estaría cerrado un año",
        ),
    ],
)
def test_a_clause_and_its_speaker(read, body: str, language: str, said: str):
    assert reported(read(body, language=language)) == [(said, "Angela Merkel")]


@pytest.mark.parametrize(
    "body",
    [
        "She said that the bridge would be closed for a year.",
        "Officials said that the bridge would be closed for a year.",
        "Angela Merkel called on drivers that use the bridge to be patient.",
        "Angela Merkel said that “the bridge is closed for a year”.",
        (
            "After meeting Angela Merkel in the town hall on Monday night the engineers of the city"
            " said that the bridge would be closed."
        ),
        "Angela Merkel said that no.",
    ],
    ids=["a pronoun", "nobody named", "no saying", "quoted", "not the subject", "no clause"],
)
def test_what_is_no_reported_clause(read, body: str):
    assert reported(read(body)) == []


def test_offsets_point_at_the_words(read):
    body = "It rained.\n\nThe dam will hold until spring, Angela Merkel said. Nobody laughed."
    (quote,) = read(body).quotes
    assert body[quote.start : quote.end] == quote.text == "The dam will hold until spring"
    assert (quote.kind, quote.cue, quote.reporter) == ("indirect", "said", None)
