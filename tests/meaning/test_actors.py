"""Who is found in a text, and who is not."""

from __future__ import annotations

from datetime import date

import pytest

from mediawatch.model import Annotation


def people(found: Annotation) -> list[str]:
    return [m.name for m in found.mentions if m.kind == "person"]


def ids(found: Annotation) -> set[str]:
    return {m.actor_id for m in found.mentions}


@pytest.mark.parametrize(
    "text",
    [
        "Xi Jinping's train leaves",
        "Xi Jinping’s train leaves",
        "A letter from Xi Jinping",
        "Xi Jinping‘s train",
        "XI JINPING LANDS IN PARIS",
        "xi jinping lands in paris",
        "Xi JINPING lands in Paris",
        "Xi Jinping Lands In Paris",
        "Xi said the harvest was good.",
    ],
)
def test_one_person_in_any_spelling(read, text: str):
    assert people(read(text)) == ["Xi Jinping"]


@pytest.mark.parametrize(
    "text",
    [
        "Pope Leo XI lived long ago.",
        "The road to Xi’an is open.",
        "They watched Super Bowl XI again.",
        "A taxi came late.",
        "Kappa Xi opens its doors",
    ],
)
def test_two_letters_are_not_always_a_name(read, text: str):
    assert "Q15031" not in ids(read(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Foreign Minister Wang Yi arrived", ["Wang Yi"]),
        ("Mr Wang Yi arrived", ["Wang Yi"]),
        ("President Xi Jinping greeted Foreign Minister Wang Yi", ["Xi Jinping", "Wang Yi"]),
    ],
)
def test_titles_are_no_part_of_a_name(read, text: str, names: list[str]):
    assert people(read(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "Trump left",
        "President Trump left",
        "Donald J. Trump left",
        "DONALD TRUMP LEFT",
        "Trump's dog",
    ],
)
def test_aliases_are_one_actor(read, text: str):
    assert ids(read(text)) == {"Q22686"}


def test_a_last_name_goes_back_to_the_full_name(read):
    found = read(
        "Sergey Lavrov came on Monday. Lavrov stayed. Lavrov went.", title="Lavrov in Cairo"
    )
    assert people(found) == ["Sergey Lavrov"] * 4


def test_an_unknown_person_has_one_local_id(read):
    first = read("Marlene Vossbeck opened the hall. Vossbeck thanked the town.")
    again = read("The town honours Marlene Vossbeck.")
    assert people(first) == ["Marlene Vossbeck"] * 2
    (identity,) = ids(first)
    assert identity.startswith("local:")
    assert ids(again) == {identity}


def test_two_of_one_name_stay_apart_and_the_short_form_unknown(read):
    found = read("John Smith met Mary Smith at noon. Smith said it rained.")
    assert len({m.actor_id for m in found.mentions if m.kind == "person"}) == 3


def test_a_name_like_a_famous_one_is_not_guessed(read):
    found = read("Walter Putin, a baker in the village, sold bread. Putin was glad.")
    assert "Q7747" not in ids(found)
    assert set(people(found)) == {"Walter Putin"}


def test_a_minister_is_meant_only_where_his_country_is(read):
    assert "Q7518922" not in ids(read("A plumber called Frank Harris fixed it."))


def test_names_that_are_also_places(read):
    found = read("Michael Jordan scored. Jordan smiled. The king of Jordan watched.")
    assert [(m.text, m.kind) for m in found.mentions] == [
        ("Michael Jordan", "person"),
        ("Jordan", "person"),
        ("Jordan", "country"),
    ]
    assert people(read("George Washington rode. Washington won.")) == ["George Washington"] * 2
    assert "Q230" in ids(read("Georgia voted. Tbilisi was calm."))
    assert "Q1428" in ids(read("Georgia, Florida and Ohio voted."))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("The Kremlin refused the plan.", ["gov:RUS"]),
        ("Beijing warned its neighbours.", ["gov:CHN"]),
        ("A meeting between Seoul and Pyongyang failed.", ["gov:KOR", "gov:PRK"]),
        ("The White House would not comment.", ["gov:USA"]),
        ("The fair opens in Beijing.", [None]),
        ("They flew from Moscow to Paris.", [None, None]),
    ],
)
def test_seats_and_towns_that_speak_for_a_state(read, text: str, state: list[str | None]):
    assert [m.meant_id for m in read(text).mentions] == state


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Russian and Chinese envoys talked.", ["Russia", "China"]),
        ("A Taiwanese ship left.", ["Taiwan"]),
        ("U.S. officials went home.", ["United States"]),
    ],
)
def test_a_people_names_its_country(read, text: str, countries: list[str]):
    assert [m.name for m in read(text).mentions] == countries


def test_who_is_described_depends_on_the_day(read):
    text = "The American president spoke to the former Russian president."
    then = read(text, day=date(2020, 5, 1))
    later = read(text, day=date(2022, 5, 1))
    assert people(then) == ["Donald Trump"]
    assert people(later) == ["Joe Biden"]
    assert people(read(text)) == []
    (described,) = [m for m in then.mentions if m.kind == "person"]
    assert (described.text, described.via) == ("American president", "description")


def test_a_name_after_the_office_is_one_mention(read):
    found = read("Russian President Vladimir Putin spoke.", day=date(2021, 1, 1))
    assert [m.text for m in found.mentions if m.kind == "person"] == ["Vladimir Putin"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Quad leaders talked in Tokyo.", ["Quadrilateral Security Dialogue"]),
        ("He fell from a quad bike.", []),
        ("Students sat on the quad.", []),
        ("AUKUS partners met", ["AUKUS"]),
        ("The Aukus deal holds", ["AUKUS"]),
        ("Aukusaari has a lake.", []),
        ("Apple shares rose.", ["Apple Inc."]),
        ("Who told us? It will.", []),
    ],
)
def test_words_that_are_names_only_in_context(read, text: str, names: list[str]):
    bodies = ("organisation", "grouping")
    assert [m.name for m in read(text).mentions if m.kind in bodies] == names


@pytest.mark.parametrize(
    "text", ["‘Ideas’ aren’t ‘finished’, he said.", "It won’t stop – ever.", "— ’ —"]
)
def test_marks_are_no_actors(read, text: str):
    assert read(text).mentions == ()


def test_a_body_takes_its_people_and_place_in(read):
    found = read(
        "The Italian Communist Party (PCI) split. The PCI met the Russian Foreign Ministry."
    )
    assert [(m.text, m.kind) for m in found.mentions] == [
        ("Italian Communist Party", "organisation"),
        ("PCI", "organisation"),
        ("PCI", "organisation"),
        ("Russian Foreign Ministry", "organisation"),
        ("Russian", "country"),
    ]
    party = {m.actor_id for m in found.mentions if m.text in ("Italian Communist Party", "PCI")}
    assert len(party) == 1


def test_french_by_the_list_alone_and_it_says_so(read):
    found = read(
        "Le président russe Vladimir Poutine était à Pékin. Le Kremlin a rejeté le plan.",
        language="fr",
        day=date(2022, 2, 8),
    )
    assert found.rules["tagger"] == "none:fr"
    assert [(m.text, m.name, m.meant_id) for m in found.mentions] == [
        ("russe", "Russia", None),
        ("Vladimir Poutine", "Vladimir Putin", None),
        ("Pékin", "Beijing", None),
        ("Kremlin", "Kremlin", "gov:RUS"),
    ]


def test_every_offset_points_at_its_words(read):
    body = "İn Łódź \U0001f600 Angela Merkel met U.N. envoys — “Oui”, dit-elle.\n\nTBC: Paris."
    for mention in read(body).mentions:
        assert body[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "body", ["", "a", "\n", "PUTIN " * 3000, "x" * 200_000, "1 2 3\t4\n" * 500]
)
def test_odd_texts_are_survived(read, body: str):
    assert read(body).rules["tagger"].startswith("stanford")


def test_a_book_is_read_only_so_far_and_it_says_so(read):
    found = read("Angela Merkel spoke.\n\n" + "And nothing else was heard of it. " * 20_000)
    assert found.flags == ("cut",)
    assert people(found) == ["Angela Merkel"]


def test_a_local_body_has_the_country_of_its_name(read):
    (bank,) = [m for m in read("The Harbour Bank of Norway closed.").mentions if "Bank" in m.text]
    assert bank.actor_id.startswith("local:")
    assert bank.country == "Q20"
