"""The tagger's process: offsets hold, results are never mixed up, one bad text costs one text."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediawatch.meaning.tagger import LONGEST, Tagged, Tagger, one_line, pieces

# A program that answers as the tagger does, but dies or hangs on a word, or says another text.
CHILD = r"""
import sys, time
out = sys.stdout.buffer
for line in sys.stdin.buffer:
    text = line.decode().rstrip("\n")
    if "DIE" in text: sys.exit(3)
    if "HANG" in text: time.sleep(60)
    if "LIE" in text: text = text.replace("LIE", "TRUTH")
    out.write(text.replace("Ann", "<PERSON>Ann</PERSON>").encode()); out.flush()
"""


@pytest.fixture
def child() -> Iterator[Tagger]:
    with Tagger([sys.executable, "-c", CHILD], seconds=2) as tagger:
        yield tagger


def names(tagger: Tagger, text: str) -> list[str]:
    found = tagger.tag(text)
    assert found is not None
    return [text[t.start : t.end] for t in found]


def test_names_with_kinds(tagger_en: Tagger):
    text = "Angela Merkel flew to Warsaw\nfor the European Commission."
    found = tagger_en.tag(text)
    assert found is not None
    assert {(text[t.start : t.end], t.kind) for t in found} >= {
        ("Angela Merkel", "person"),
        ("Warsaw", "place"),
        ("European Commission", "organisation"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "\u2028\x85Angela Merkel\r\n\tspoke \U0001f600 in Paris.\x0b\x1e",
        "<PERSON>nobody</PERSON> and </x> then Angela Merkel < Paris > end",
        "\u241e Angela Merkel \u241e\u241e",
        "e\u0301 Angela Merkel \u202e\u05d0\u05d1 Paris",
    ],
)
def test_offsets_hold_in_odd_texts(tagger_en: Tagger, text: str):
    assert "Angela Merkel" in names(tagger_en, text)


ODD = st.lists(
    st.sampled_from(
        [
            *("Angela Merkel", "\u241e", "<PERSON>", "</PERSON>", "<", ">", "&amp;", "\n", "\r\n"),
            *("\u2028", "\x85", " ", ". ", "‹", "\U0001f600", "I-PER", "Paris", "\x00", "\x1c"),
            *(
                "\n\n",
                "'",
                "“",
                "％",
                "\ufeff",
                "a\u0301",
                "-LRB-",
                "...",
                "½",
                "\u00a0",
                "5\u00a0%",
            ),
        ]
    ),
    max_size=25,
).map(" ".join)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=ODD)
def test_texts_that_look_like_tags_are_never_mixed_up(tagger_en: Tagger, text: str):
    found = tagger_en.tag(text)
    assert found is not None
    for tagged in found:
        assert 0 <= tagged.start < tagged.end <= len(text)
        surface = text[tagged.start : tagged.end]
        assert surface == surface.strip()
    assert names(tagger_en, "Angela Merkel spoke.") == ["Angela Merkel"]


def test_what_is_sent_has_the_same_length_and_one_line():
    text = "Heading\n\nText with <b> and \u241e and \u2028 \x85 \x00 end"
    sent = one_line(text)
    assert len(sent) == len(text)
    assert sent.startswith("Heading. Text with ‹b>")
    assert len(sent.splitlines()) == 1


def test_a_death_costs_one_text(child: Tagger):
    assert child.tag("Ann came.") == [Tagged(0, 3, "person")]
    assert child.tag("DIE Ann") is None
    assert child.tag("So did Ann.") == [Tagged(7, 10, "person")]


def test_a_hang_costs_one_text(tagger_command: list[str]):
    with Tagger([sys.executable, "-c", CHILD], seconds=0.5) as tagger:
        assert tagger.tag("Ann came.") == [Tagged(0, 3, "person")]
        assert tagger.tag("HANG Ann") is None
        assert tagger.tag("Then Ann.") == [Tagged(5, 8, "person")]


def test_an_answer_with_another_text_is_not_believed(child: Tagger):
    assert child.tag("A LIE of Ann") is None
    assert child.tag("Ann.") == [Tagged(0, 3, "person")]


def test_a_program_that_cannot_tag_at_all():
    with Tagger([sys.executable, "-c", "raise SystemExit(1)"], seconds=1) as tagger:
        assert tagger.tag("Ann came.") is None
        assert tagger.tag("") == []


def test_long_texts_are_cut_at_sentences_and_offsets_kept(tagger_en: Tagger):
    text = "Nothing happens in this sentence at all. " * 1200 + "Angela Merkel spoke."
    cut = list(pieces(text))
    assert len(cut) > 1
    assert "".join(piece for _, piece in cut) == text
    assert all(len(piece) <= LONGEST and text[at : at + len(piece)] == piece for at, piece in cut)
    assert all(piece.endswith(". ") for _, piece in cut[:-1])
    assert names(tagger_en, text)[-1] == "Angela Merkel"


def test_more_than_a_pipe_holds(child: Tagger):
    text = "Ann " + "ü" * 150_000
    assert names(child, text) == ["Ann"]
