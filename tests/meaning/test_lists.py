"""The list of actors: what is read, what is refused, who held which office when."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from mediawatch.errors import InputError
from mediawatch.meaning.annotation import Knowledge
from mediawatch.meaning.gazetteer import fold, load
from mediawatch.meaning.lists import COLUMNS, read_list
from mediawatch.settings import REPOSITORY

FOLDER = REPOSITORY / "seeds" / "actors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "actors"))


def test_every_country_once_and_with_both_codes():
    rows = read_list(FOLDER, "countries")
    assert len({row["iso3"] for row in rows}) == len(rows) > 245
    assert {"RUS", "CHN", "USA", "GBR", "TWN", "XKX", "PSE"} <= {row["iso3"] for row in rows}


def test_every_row_says_where_it_comes_from():
    for name in COLUMNS:
        for row in read_list(FOLDER, name):
            assert row["source"], (name, row)
            if "licence" in row:
                assert "SA" not in row["licence"]
                assert row["licence"], (name, row)


def test_offices_and_meanings_lead_to_known_actors(known: Knowledge):
    actors = known.gazetteer.actors
    assert all(row["actor_id"] in actors for row in read_list(FOLDER, "offices"))
    meant = {row["meant_id"] for row in read_list(FOLDER, "metonyms")} - {""}
    assert meant <= set(actors)


@pytest.mark.parametrize(
    ("country", "office", "day", "name"),
    [
        ("Q159", "head_of_state", date(2010, 6, 1), "Dmitry Medvedev"),
        ("Q159", "head_of_state", date(2021, 12, 16), "Vladimir Putin"),
        ("Q30", "head_of_state", date(2020, 6, 1), "Donald Trump"),
        ("Q30", "head_of_state", date(2021, 12, 16), "Joe Biden"),
        ("Q145", "head_of_government", date(2018, 6, 1), "Theresa May"),
        ("Q183", "head_of_government", date(2019, 1, 1), "Angela Merkel"),
        ("Q159", "foreign_minister", date(2021, 12, 16), "Sergey Lavrov"),
    ],
)
def test_who_held_an_office(known: Knowledge, country: str, office: str, day: date, name: str):
    holder = known.gazetteer.holder(country, office, day)
    assert holder is not None
    assert holder.name == name


def test_nobody_held_it_before_the_list_begins(known: Knowledge):
    assert known.gazetteer.holder("Q159", "head_of_state", date(1850, 1, 1)) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text + "Q1\tonly three\tcells\n", "3 cells where 11 are expected"),
        (lambda text: text.replace("actor_id", "id", 1), "must name the columns"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, change, says: str):
    path = folder / "groupings.tsv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match=says) as fault:
        load(folder)
    assert "groupings.tsv" in str(fault.value)


def test_a_missing_file_is_named(folder: Path):
    (folder / "persons.tsv").unlink()
    with pytest.raises(InputError, match=r"persons\.tsv"):
        load(folder)


@pytest.mark.parametrize(
    "text", ["İSTANBUL’da", "Straße ﬁn ẞ", "Ærø — “Łódź”", "ΑΣ", "北京\u00a0大学"]
)
def test_folding_keeps_the_length(text: str):
    assert len(fold(text)) == len(text)
