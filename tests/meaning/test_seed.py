"""The checklist for a text of the real kind: who, what, said by whom, about what."""

from __future__ import annotations

from datetime import date

import pytest

from mediawatch.model import Annotation
from mediawatch.settings import REPOSITORY
from mediawatch.text.seed import read_seed

REAL = sorted((REPOSITORY.parent / "shared" / "seeds").glob("*.txt"))
OWN = """ date 2021-12-16 The presidents of China, Xi Jinping, and Russia, Vladimir Putin, spoke \
by video on Thursday (15) and promised to stand by one another.

A week earlier Putin had talked to US President Joe Biden. Pressure is bringing Moscow and \
Beijing closer, diplomats say; the West watches.

“Some powers use the words ‘freedom’ and ‘rights’ to meddle in the affairs of our two \
countries,” reports the state agency Xinhua , citing XI Jinping.

“Our two countries must do more together to guard what matters to both of them.”

Kremlin adviser Yuri Ushakov told reporters that Jinping backed Putin in asking for security \
guarantees. He said both took a “dim view” of new military pacts such as AUKUS between \
Australia, Britain and the United States and the “Quad” of Australia, India, Japan and the \
United States .

Pressure

China is under pressure over human rights and Russia over Ukraine. The Kremlin said Putin told \
Jinping about the talk, in which the US president warned Russia against an invasion of \
Ukraine — which Moscow denies was planning. “A new way of working together has grown between \
our countries in these years,” Putin told the Chinese leader.

He hoped to come to the Winter Olympics in Beijing, which the White House said its officials \
would boycott over “atrocities” in western China. Xinjiang.

“I note that we always support one another in sport and in the Olympic movement,” said the \
Russian president.

The Russian leader said trade grew by 31 percent to $123 billion. China will make the Russian \
vaccines Sputnik and Sputnik Light against Covid-19."""

PEOPLE = {
    "Q7747": {"Vladimir Putin", "Putin", "Russian president", "Russian leader"},
    "Q15031": {"Xi Jinping", "XI Jinping", "Jinping", "Chinese leader"},
    "Q6279": {"Joe Biden", "US president"},
    "Q4479563": {"Yuri Ushakov"},
}
COUNTRIES = {"RU", "CN", "US", "UA", "AU", "GB", "JP", "IN"}
BODIES = {
    "Kremlin",
    "White House",
    "Xinhua News Agency",
    "AUKUS",
    "Quadrilateral Security Dialogue",
}


@pytest.fixture(scope="module", params=[None, *REAL], ids=lambda p: p.name if p else "own")
def found(request: pytest.FixtureRequest, read) -> Annotation:
    text = request.param.read_text(encoding="utf-8") if request.param else OWN
    seed = read_seed(text)
    assert seed.published.local_date == date(2021, 12, 16)
    return read(seed.body, language="en", day=seed.published.local_date)


@pytest.mark.parametrize("actor_id", PEOPLE)
def test_people_by_every_form(found: Annotation, actor_id: str):
    forms = {m.text for m in found.mentions if m.actor_id == actor_id}
    assert forms >= PEOPLE[actor_id]


def test_no_other_person(found: Annotation):
    assert {m.actor_id for m in found.mentions if m.kind == "person"} == set(PEOPLE)


def test_countries(found: Annotation, known):
    actors = known.gazetteer.actors
    iso = {actors[m.actor_id].iso2 for m in found.mentions if m.kind == "country"}
    assert iso == COUNTRIES


def test_organisations_and_groupings(found: Annotation):
    assert {m.name for m in found.mentions if m.kind in ("organisation", "grouping")} == BODIES


def test_seats_speak_for_their_state(found: Annotation):
    assert {m.meant_id for m in found.mentions if m.text == "Moscow"} == {"gov:RUS"}
    assert {m.meant_id for m in found.mentions if m.text == "Kremlin"} == {"gov:RUS"}
    beijing = [m for m in found.mentions if m.text == "Beijing"]
    assert [m.meant_id for m in beijing] == ["gov:CHN", None]
    assert {m.kind for m in beijing} == {"place"}


def test_region_and_what_is_no_actor(found: Annotation):
    assert {m.name for m in found.mentions if m.kind == "region"} == {"Xinjiang"}
    assert not {m.text for m in found.mentions} & {"West", "Sputnik", "Sputnik Light", "Pressure"}


def test_four_quotations(found: Annotation):
    assert [(q.speaker_id, q.reporter) for q in found.quotes if q.kind == "direct"] == [
        ("Q15031", "Xinhua News Agency"),
        ("Q15031", "Xinhua News Agency"),
        ("Q7747", None),
        ("Q7747", None),
    ]
    assert all(len(q.text) > 40 for q in found.quotes)


def test_politics_first_and_conflict_beside_it(found: Annotation):
    assert [t.label for t in found.topics if t.primary] == ["politics"]
    assert found.topics[0].primary
    assert "medtop:16000000" in {t.topic_id for t in found.topics}
