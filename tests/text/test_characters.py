"""Characters: what comes out is what Postgres, Elasticsearch and a reader accept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediawatch.text.characters import clean, one_line

EVERYTHING = st.text(alphabet=st.characters())


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("The dam\x00 held", "The dam held"),
        ("The minister doesnâ€™t agree", "The minister doesn’t agree"),
        ("l’Ã©tÃ© dernier", "l’été dernier"),
        ("cafe\u0301", "café"),
        ("co\u00adope\u00adration in zero\u200bwidth", "cooperation in zerowidth"),
        ("10\u00a0000\u202feuros", "10 000 euros"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\x93No\x94, he said", "“No”, he said"),
        ("\ud83d\ude00 and a lone \ud83d", "😀 and a lone "),
        ("\ue000private\uf8ff use\ufffe", "private use"),
        ("plain \u202etext\u202c turned", "plain text turned"),
    ],
)
def test_cleans(given_text, wanted):
    assert clean(given_text) == wanted


def test_joiners_and_marks_stay_where_scripts_need_them():
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("👩\u200d🚀") == "👩\u200d🚀"
    assert clean("שלום\u200f!") == "שלום\u200f!"
    assert clean("no\u200c need\u200f here") == "no need here"


def test_sound_text_with_odd_letters_is_left_alone():
    text = "Ærøskøbing, Þingvellir, Łódź, São Paulo, Đắk Lắk: “naïve” — façade"
    assert clean(text) == text


def test_one_line_collapses_blanks():
    assert one_line("  A\n\n headline\tin  parts ") == "A headline in parts"


@given(EVERYTHING)
def test_whatever_comes_in_can_be_stored(text):
    cleaned = clean(text)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cs", "Co"}


@given(st.text(alphabet="aé\u0301\u200b\u200d\u200f\u00ad\u00a0ש \n\r\t\u2028\x00"))
def test_cleaning_again_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


def test_postgres_keeps_what_is_cleaned(conn):
    text = clean("".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000), 0x1F600, 0x10FFFF])))
    with conn.cursor() as cursor:
        cursor.execute("SELECT %s", [text])
        assert cursor.fetchone()[0] == text
