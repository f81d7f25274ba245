"""Cities with their country and point, and bodies of one state that another one has too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mediawatch.errors import InputError
from mediawatch.meaning.annotation import Knowledge
from mediawatch.meaning.gazetteer import load
from mediawatch.model import Annotation
from mediawatch.settings import REPOSITORY


def named(found: Annotation, text: str) -> tuple[str, str | None]:
    """Id and country of the one actor that these words name."""
    (actor,) = {(m.actor_id, m.country) for m in found.mentions if m.text == text}
    return actor


@pytest.mark.parametrize(
    ("body", "city", "actor"),
    [
        ("The mayor of Boston opened a bridge on Monday.", "Boston", ("geonames:4930956", "Q30")),
        ("They met in Munich on Monday.", "Munich", ("geonames:2867714", "Q183")),
        ("A fire broke out in Portland, Oregon.", "Portland", ("geonames:5746545", "Q30")),
    ],
)
def test_a_city_has_its_country(read, body: str, city: str, actor: tuple[str, str]):
    assert named(read(body), city) == actor


@pytest.mark.parametrize(
    ("body", "city"),
    [
        ("A fire broke out in Portland, Maine.", "Portland"),
        ("The trial was held in Cambridge on Monday.", "Cambridge"),
        ("She was born in Decatur in spring.", "Decatur"),
    ],
    ids=["in another state", "two of a size", "too small to be meant alone"],
)
def test_a_city_that_may_be_another_stays_unknown(read, body: str, city: str):
    assert named(read(body), city)[0].startswith("local:")


def test_a_capital_is_one_actor_with_a_point(known: Knowledge):
    london = {e.actor.actor_id for e in known.gazetteer.forms("London") if e.subject}
    (actor_id,) = london
    actor = known.gazetteer.actors[actor_id]
    assert (actor.kind, actor.salience) == ("place", 3)
    assert actor.point == (51.5085, -0.1257)


def test_the_state_of_a_short_form(read):
    assert named(read("A bus left Newark, N.J., at noon."), "N.J.") == ("Q1408", "Q30")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("The Philippine Justice Department filed charges.", "Q1553390"),
        ("The Italian Senate voted on Monday.", "mw:org/united-states-senate"),
    ],
)
def test_a_body_of_state_is_not_that_of_another_state(read, body: str, wrong: str):
    assert wrong not in {m.actor_id for m in read(body).mentions}


@pytest.mark.parametrize(
    ("body", "country"),
    [
        ("The Bank of Japan raised its rate.", "Q17"),
        ("The U.S. Navy sent a ship.", "Q30"),
        ("The Russian Foreign Ministry denied it.", "Q159"),
    ],
)
def test_a_body_of_state_names_its_country(read, body: str, country: str):
    assert country in {m.actor_id for m in read(body).mentions if m.kind == "country"}


def test_a_point_that_is_no_number_is_named(tmp_path: Path):
    folder = Path(shutil.copytree(REPOSITORY / "seeds" / "actors", tmp_path / "actors"))
    cities = folder / "cities.tsv"
    cities.write_text(
        cities.read_text(encoding="utf-8").replace("31.2222", "north"), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"cities\.tsv, Shanghai: .*must be numbers"):
        load(folder)
