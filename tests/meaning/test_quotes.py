"""Which quoted words are speech, who speaks, and through whom."""

from __future__ import annotations

import pytest

from mediawatch.model import Annotation


def said(found: Annotation) -> list[tuple[str, str | None]]:
    return [(q.text, q.speaker_name or q.speaker_text) for q in found.quotes]


@pytest.mark.parametrize(
    "text",
    [
        "“We will keep to every word of the treaty,” Angela Merkel said on Monday.",
        '"We will keep to every word of the treaty," said Angela Merkel.',
        "Angela Merkel told reporters: “We will keep to every word of the treaty,”",
        "‘We will keep to every word of the treaty,’ Angela Merkel said.",
        "«We will keep to every word of the treaty,» Angela Merkel added.",
        "„We will keep to every word of the treaty,“ Angela Merkel said.",
        "In Bonn Angela Merkel, once a physicist, said “We will keep to every word of the treaty,”",
        "“We will keep to every word of the treaty,” said Berlin lawyer Angela Merkel.",
        "According to Angela Merkel, “We will keep to every word of the treaty,”",
    ],
)
def test_styles_and_orders(read, text: str):
    assert said(read(text)) == [("We will keep to every word of the treaty,", "Angela Merkel")]


def test_a_split_quotation(read):
    found = read("“We will stay,” Angela Merkel said, “and we will pay for what we broke.”")
    assert said(found) == [
        ("We will stay,", "Angela Merkel"),
        ("and we will pay for what we broke.", "Angela Merkel"),
    ]


def test_the_speaker_goes_on(read):
    found = read(
        "“We will stay for as long as it takes,” said Angela Merkel. “Nobody can want less.”\n\n"
        "“The other thing is the money that was promised.”\n\n"
        "She added: “It is not a small sum.”"
    )
    assert [speaker for _, speaker in said(found)] == ["Angela Merkel"] * 4
    assert found.quotes[-1].speaker_text == "She"


def test_a_quotation_of_several_paragraphs(read):
    found = read(
        "“This is the first half of a long answer,” Angela Merkel said. “Here begins the rest.\n\n"
        "“Here it goes on to its very end.”"
    )
    assert [speaker for _, speaker in said(found)] == ["Angela Merkel"] * len(found.quotes)
    assert found.quotes[-1].text == "Here it goes on to its very end."


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “reform” was slow, Angela Merkel found.",
        "They acted under the guise of ‘order’ and ‘peace’.",
        "He read “The Long Road Home” on the train.",
        "The “coalition of the willing” grew.",
        'It was 6\' 2" tall and 5" wide.',
    ],
)
def test_irony_titles_and_terms_are_no_speech(read, text: str):
    assert said(read(text)) == []


def test_who_reports_is_not_who_speaks(read):
    found = read("“The harvest was better than ever,” reports Xinhua, citing Xi Jinping.")
    (quote,) = found.quotes
    assert (quote.speaker_id, quote.reporter) == ("Q15031", "Xinhua News Agency")
    found = read("“The harvest was better than ever,” Xi Jinping told Xinhua.")
    (quote,) = found.quotes
    assert (quote.speaker_id, quote.reporter) == ("Q15031", "Xinhua News Agency")


def test_an_unnamed_speaker_stays_without_an_id(read):
    (quote,) = read("“We have not been told anything yet,” a spokesman for the town said.").quotes
    assert quote.speaker_id is None
    assert quote.speaker_text == "a spokesman for the town"


def test_whose_campaign_is_not_who(read):
    text = "“It was a very good night for us,” said Angela Merkel’s aide Bert Kolo."
    assert said(read(text)) == [("It was a very good night for us,", "Bert Kolo")]


def test_french(read):
    found = read(
        "« La paix reste possible malgré tout », a déclaré Emmanuel Macron.", language="fr"
    )
    assert said(found) == [("La paix reste possible malgré tout", "Emmanuel Macron")]


def test_offsets_leave_the_marks_out(read):
    body = "“ We know nothing of it at all, ” said Angela Merkel."
    (quote,) = read(body).quotes
    assert body[quote.start : quote.end] == quote.text == "We know nothing of it at all,"


@pytest.mark.parametrize("body", ["“" * 5000, '"' * 5001, "“a”" * 3000, "’‘" * 4000, "« » „ “ ”"])
def test_marks_without_end_are_survived(read, body: str):
    assert isinstance(read(body).quotes, tuple)
