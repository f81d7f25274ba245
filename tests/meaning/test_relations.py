"""Who did what to whom, within a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediawatch.errors import InputError
from mediawatch.meaning import relations
from mediawatch.model import Annotation

RUSSIA, CHINA, JAPAN = "Q159", "Q148", "Q17"


def told(found: Annotation) -> list[tuple[str, str, str, bool]]:
    return [(d.source_id, d.kind, d.target_id, d.uncertain) for d in found.relations]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Russia condemned Japan on Monday.", (RUSSIA, "DISAPPROVE", JAPAN, False)),
        ("Japan was accused by Russia of spying.", (RUSSIA, "DISAPPROVE", JAPAN, False)),
        ("Japan, after weeks of talks in China, expelled Russia from the council.",
         (JAPAN, "SANCTION", RUSSIA, False)),
        ("Russia may sanction Japan next week.", (RUSSIA, "SANCTION", JAPAN, True)),
        ("Troops of Russia in China have attacked Japan.", (RUSSIA, "FIGHT", JAPAN, False)),
    ],
)  # fmt: skip
def test_source_kind_and_target(read, body: str, expected: tuple[str, str, str, bool]):
    assert expected in told(read(body))


@pytest.mark.parametrize(
    "body",
    [
        "Russia and Japan lie far apart.",
        "Russia condemned it. Japan was silent.",
        "Russia condemned the plan of a small firm.",
    ],
    ids=["no word", "two sentences", "one actor"],
)
def test_no_relation(read, body: str):
    assert told(read(body)) == []


def test_the_place_holds_the_words(read):
    body = "It rained.\n\nRussia held talks with Japan in spring."
    (deed,) = read(body).relations
    assert body[deed.start : deed.end] == "held talks with"
    assert deed.kind == "CONSULT"


def test_a_language_without_words_has_none(read):
    assert told(read("Russland verurteilte Japan.", language="de")) == []


def test_the_more_exact_phrase_names_the_kind(read):
    assert told(read("Russia blockaded Japan in spring.")) == [(RUSSIA, "FIGHT", JAPAN, False)]


@pytest.mark.parametrize("line", ["HUG\thugged", "FIGHT", "FIGHT\t|", "FIGHT\t*"])
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str):
    (tmp_path / "en.tsv").write_text(f"kind\twords\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"en\.tsv, line 2"):
        relations.load(tmp_path, "en")


def test_a_long_list_of_names_takes_no_time(read):
    body = ", ".join(["Russia attacked Japan"] * 5000) + "."
    assert len(read(body).relations) <= 5000
