"""``inspect text`` keeps to its contract."""

from __future__ import annotations

import json

import pytest

from mediawatch.errors import InputError
from mediawatch.meaning.inspection import inspect_text

SEED = (
    " date 2021-12-16 Vladimir Putin met Xi Jinping in Beijing.\n\n"
    "“We agree on every single point,” the Russian leader said. Moscow denied any quarrel."
)


def test_the_answer_has_every_part(tagger):
    answer = inspect_text({"text": SEED, "format": "seed", "language": "en"})
    json.dumps(answer)
    body = answer["body"]
    assert not body.startswith(" date")
    putin = next(a for a in answer["actors"] if a["actor_id"] == "Q7747")
    assert putin["kind"] == "person"
    assert [m["via"] for m in putin["mentions"]] == ["name", "description"]
    for actor in answer["actors"]:
        for mention in actor["mentions"]:
            assert body[mention["start"] : mention["end"]] == mention["text"]
    russia = next(a for a in answer["actors"] if a["kind"] == "country")
    assert (russia["name"], russia["iso2"]) == ("Russia", "RU")
    moscow = next(a for a in answer["actors"] if a["name"] == "Moscow")
    assert (moscow["kind"], moscow["meant_id"]) == ("place", "gov:RUS")
    (quote,) = answer["quotes"]
    assert quote["speaker"] == {
        "actor_id": "Q7747",
        "name": "Vladimir Putin",
        "text": "Russian leader",
    }
    assert [t["primary"] for t in answer["topics"]].count(True) == 1
    assert all(t["id"].startswith("medtop:") for t in answer["topics"])
    (met,) = answer["relations"]
    assert (met["source_id"], met["kind"], met["target_id"]) == ("Q7747", "CONSULT", "Q15031")
    assert answer["rules"]["tagger"] == "stanford-4.5.10:en"


def test_without_a_date_nobody_is_described(tagger):
    answer = inspect_text({"text": "The Russian leader said so.", "language": "en"})
    assert {a["kind"] for a in answer["actors"]} == {"country"}


def test_without_its_tagger_a_language_says_so(tagger):
    answer = inspect_text({"text": "Le Kremlin a refusé.", "language": "fr"})
    assert answer["rules"]["tagger"] == "none:fr"


@pytest.mark.parametrize("request_", [{}, {"text": 5}, {"text": None}])
def test_a_request_without_text(request_: dict):
    with pytest.raises(InputError, match="text"):
        inspect_text(request_)
