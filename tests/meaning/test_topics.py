"""What texts are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediawatch.errors import InputError
from mediawatch.meaning import topics
from mediawatch.settings import REPOSITORY

RULES = REPOSITORY / "seeds" / "topics" / "iptc.tsv"


def primary(text: str, title: str = "", language: str = "en") -> str | None:
    found = topics.topics(title, text, topics.load(RULES, language))
    assert sum(t.primary for t in found) == (1 if found else 0)
    return found[0].label if found else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The striker scored twice and her team won the cup final.", "sport"),
        ("Shares fell after the bank cut its profit forecast.", "economy, business and finance"),
        ("Voters go to the polls; the prime minister may lose her seat.", "politics"),
        ("The judge sentenced the gang for murder and robbery.", "crime, law and justice"),
        ("Rescue workers dug for survivors of the earthquake.", None),
        ("Troops shelled the town until the ceasefire.", "conflict, war and peace"),
        ("The band's new album and a film premiere.", "arts, culture, entertainment and media"),
        ("A new software flaw lets hackers into computers.", "science and technology"),
        ("Doctors gave patients the vaccine against the virus.", "health"),
        ("Heavy snow and temperatures of minus ten degrees celsius, forecasters said.", "weather"),
    ],
)
def test_short_texts(text: str, label: str | None):
    label = label or "disaster, accident and emergency incident"
    assert primary(text) == label


def test_french():
    text = "Le premier ministre a perdu le vote de l'Assemblée nationale."
    assert primary(text, language="fr") == "politics"


def test_a_language_without_words_uses_the_english_ones():
    assert primary("Der Trainer: football match, world cup", language="de") == "sport"


@pytest.mark.parametrize("text", ["", "Nothing much.", "…", "a b c"])
def test_no_topic(text: str):
    assert primary(text) is None


def test_the_title_counts_twice():
    assert primary("The court heard the parliament.", title="Election vote") == "politics"


def test_all_seventeen_have_words_in_both_languages():
    rows = [line.split("\t") for line in RULES.read_text(encoding="utf-8").splitlines()[1:]]
    for language in ("en", "fr"):
        assert len({row[0] for row in rows if row[3] == language}) == 17


def test_a_wrong_line_is_named(tmp_path: Path):
    path = tmp_path / "iptc.tsv"
    path.write_text("topic_id\nmedtop:1\tx\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        topics.load(path, "en")


def test_the_next_level_is_named_below_its_parent_only():
    rules = topics.load(RULES, "en")
    body = (
        "Voters go to the polls on Sunday. The candidates met for a last debate before the ballot."
    )
    found = {t.topic_id: t for t in topics.topics("A close election", body, rules)}
    assert found["medtop:11000000"].primary
    assert found["medtop:20000574"].label == "election"
    assert not found["medtop:20000574"].primary
    assert found["medtop:20000574"].score <= found["medtop:11000000"].score
    recipe = topics.topics(
        "A recipe", "Bake it for an hour, says the chef, and serve it with wine.", rules
    )
    assert not {t.topic_id for t in recipe} & {"medtop:20000574", "medtop:20000593"}


def test_every_narrower_topic_has_a_parent_at_the_top():
    rules = topics.load(RULES, "en")
    assert len(rules.parents) == 62
    assert all(parent in rules.labels for parent in rules.parents.values())
    assert all(parent.endswith("000000") for parent in rules.parents.values())
