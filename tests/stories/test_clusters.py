"""Which texts are one story: wire copies are, twins of a template are not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediawatch.stories.clusters import Newcomer
from mediawatch.stories.memory import MemoryStore
from stories.texts import FOOTER, MINE, QUAY, VINES, cut, earnings

DAY = date(2026, 3, 10)
COURT = (
    "{}, 34, of Mill Lane, was fined 200 crowns for riding without a light on Harbour Street "
    "and ordered to pay the costs of the court."
)


def newcomer(
    number: int,
    title: str,
    body: str,
    *,
    day: date = DAY,
    place: str | None = None,
    version_no: int = 1,
) -> Newcomer:
    return Newcomer(
        article_id=f"a{number}",
        number=number,
        version_no=version_no,
        title=title,
        body=body,
        text_hash=sha256(body.encode()).hexdigest(),
        day=day,
        place=place,
    )


def partition(batches: Sequence[Sequence[Newcomer]]) -> set[frozenset[int]]:
    """The articles that share a story after these batches, by number."""
    store = MemoryStore()
    placed: dict[str, str] = {}
    for batch in batches:
        placed |= {m.article_id: m.story_id for m in store.place(batch).members}
    groups: dict[str, set[int]] = {}
    for article_id, story_id in placed.items():
        groups.setdefault(store.root_of(story_id), set()).add(int(article_id[1:]))
    return {frozenset(group) for group in groups.values()}


def together(*texts: tuple[str, str]) -> bool:
    return len(partition([[newcomer(n, *text) for n, text in enumerate(texts)]])) == 1


def test_five_copies_of_a_wire_story_are_one():
    assert together(
        ("Port Lenz gets a new quay", "LENZ (Agency) - " + QUAY),
        ("Herring or harbour?", VINES[:250] + "\n\n" + QUAY),
        ("Quay approved", cut(QUAY, 0.6)),
        ("New quay for Port Lenz", QUAY + "\n\n" + FOOTER),
        ("Board votes for quay", QUAY + "\n(Reporting by Ina Holm in Lenz; Editing by Bo Lind)"),
    )


def test_a_copy_that_lost_words_and_one_with_another_number_are_of_the_story():
    lost = " ".join(w for n, w in enumerate(QUAY.split()) if n % 16 != 5)
    corrected = QUAY.replace("140", "155") + " (This story corrects a figure.)"
    assert together(("a", QUAY), ("b", lost), ("Correction: a", corrected))


def test_two_texts_are_two_stories():
    assert not together(("Quay", QUAY), ("Mine", MINE))
    assert not together(("", ""), ("", ""))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # another company in title and text, other numbers
        (
            ("Norwald profit rises", earnings("Norwald Steel", 12.4, 10.1, 88.0, 15)),
            ("Tessin profit rises", earnings("Tessin Glass", 31.9, 28.8, 240.5, 40)),
        ),
        # the ticker alone
        (
            ("NORWALD <NWS> 3RD QTR", earnings("It", 12.4, 10.1, 88.0, 15)),
            ("TESSIN <TSG> 3RD QTR", earnings("It", 12.4, 10.1, 88.0, 15)),
        ),
        # the same company a quarter later
        (
            ("Norwald profit rises", earnings("Norwald Steel", 12.4, 10.1, 88.0, 15)),
            ("Norwald profit rises", earnings("Norwald Steel", 14.0, 11.7, 91.2, 16)),
        ),
        # a dozen words more or less, one name and one number changed
        (
            ("Tremor off Vanu", "A tremor of magnitude 4.8 shook Vanu on Monday. Nobody was hurt."),
            ("Tremor off Kiri", "A tremor of magnitude 5.3 shook Kiri on Monday. Nobody was hurt."),
        ),
        # court lists: another person, nothing else
        (
            ("Court", COURT.format("Anna Weil")),
            ("Court", COURT.format("Bruno Katz")),
        ),
    ],
)  # fmt: skip
def test_twins_of_a_template_stay_apart(one, other):
    assert not together(one, other)


def test_a_text_of_a_dozen_words_proves_nothing():
    assert not together(("Harvest late", "More soon."), ("Dam opened", "More soon."))
    notice = "We use cookies. Accept all cookies. Read our privacy policy."
    assert not together(("Harvest late", notice), ("Dam opened", notice))


def test_a_headline_joins_short_items_of_one_outlet_and_minute():
    titles = ["Opinion | When the Ice Goes Out Again - Lenz Courier",
              "Op-Ed: When the Ice Goes Out Again", "When the ice goes out again"]  # fmt: skip
    place = "lenz-courier 2026-03-10T08:00"
    same = [newcomer(n, title, "", place=place) for n, title in enumerate(titles)]
    later = newcomer(3, titles[0], "", place="lenz-courier 2026-03-11T08:00")
    contrary = newcomer(4, titles[0], "Council refuses every wage claim.", place=place)
    assert partition([[*same, later]]) == {frozenset({0, 1, 2}), frozenset({3})}
    spring = newcomer(5, titles[0], "Spring floods reach the lower town.", place=place)
    assert partition([[contrary, spring]]) == {frozenset({4}), frozenset({5})}


def test_a_recurring_column_is_a_story_a_day():
    one = newcomer(0, "Morning briefing", MINE, place="x 2026-03-10T05:00")
    two = newcomer(1, "Morning briefing", VINES, place="x 2026-03-11T05:00", day=DAY)
    assert len(partition([[one, two]])) == 2


def test_chinese_copies_meet_and_other_texts_do_not():
    one = (
        "港务局星期二批准修建一座新码头，费用为一亿四千万克朗，工程将于三月开始，"
        "预计持续两年。渔民担心疏浚会赶走海湾里的鲱鱼。"
    )
    two = "救援人员星期五到达矿井下层巷道，找到了失踪的六名矿工，所有人都活着，两人骨折。"
    assert together(("码头", one), ("新码头获批", "【新华社】" + one))
    assert not together(("码头", one), ("矿井", two))


def test_copies_join_within_thirty_days_in_both_directions():
    first, late = newcomer(0, "a", QUAY), newcomer(1, "b", QUAY, day=DAY + timedelta(30))
    early = newcomer(2, "c", QUAY, day=DAY - timedelta(30))
    far = newcomer(3, "d", QUAY, day=DAY + timedelta(61))
    everything = {frozenset({0, 1, 2}), frozenset({3})}
    assert partition([[first], [late], [early], [far]]) == everything
    assert partition([[early, first, late, far]]) == everything


def test_an_exact_repeat_after_the_window_says_what_it_repeats():
    store = MemoryStore()
    store.place([newcomer(0, "a", QUAY)])
    outcome = store.place([newcomer(1, "a", QUAY, day=DAY + timedelta(90))])
    assert outcome.founded == ("a1",)
    assert dict(outcome.repeat_of) == {"a1": "a0"}


def test_a_bridge_merges_and_the_older_story_survives():
    store = MemoryStore()
    early, late = cut(QUAY, 0.5), " ".join(QUAY.split()[len(QUAY.split()) // 2 :])
    store.place([newcomer(0, "first half", early), newcomer(1, "second half", late)])
    assert store.root_of("a1") == "a1"
    outcome = store.place([newcomer(2, "whole", QUAY)])
    assert outcome.merged == (("a1", "a0"),)
    assert outcome.members[0].story_id == "a0"
    assert store.root_of("a1") == "a0"


def test_a_new_version_keeps_the_story_and_its_text_is_searchable():
    store = MemoryStore()
    store.place([newcomer(0, "Quay", QUAY)])
    assert store.place([newcomer(0, "Quay", MINE, version_no=2)]).members == ()
    copy = store.place([newcomer(1, "Mine", MINE)]).members[0]
    assert (copy.story_id, copy.relation, copy.of) == ("a0", "exact", "a0")
    old_copy = store.place([newcomer(2, "Quay", QUAY)]).members[0]
    assert old_copy.story_id == "a0"


def test_relations():
    store = MemoryStore()
    store.place([newcomer(0, "Quay", QUAY)])
    corrected = QUAY.replace("140", "155") + " (This story corrects a figure.)"
    members = [
        store.place([newcomer(n, "Quay", body)]).members[0]
        for n, body in enumerate([QUAY, QUAY + "\n\n" + FOOTER, cut(QUAY, 0.5), corrected], 1)
    ]
    assert [m.relation for m in members] == ["exact", "near", "excerpt", "version"]
    assert all(m.story_id == "a0" and m.similarity > 0.8 for m in members)


def test_ten_thousand_identical_articles_in_one_batch():
    batch = [newcomer(n, f"Headline {n % 7}", QUAY) for n in range(10_000)]
    assert partition([batch]) == {frozenset(range(10_000))}


def test_twins_by_the_hundred_are_capped_and_a_copy_is_found_among_them():
    rng = random.Random(5)
    store = MemoryStore()

    def twin(n: int) -> Newcomer:
        figures = (rng.randint(1, 99) + 0.5, rng.randint(1, 99) + 0.5, rng.randint(100, 999) + 0.5)
        name = f"Firm{rng.randrange(10**6)} Works"
        return newcomer(n, f"{name} reports", earnings(name, *figures, rng.randint(1, 99)))

    twins = [twin(n) for n in range(400)]
    outcome = store.place(twins)
    assert len(outcome.founded) == 400
    assert outcome.capped
    copy = newcomer(400, "As reported", twins[123].body + "\n\n" + FOOTER)
    assert store.place([copy]).members[0].of == "a123"


TEXTS = [
    ("Quay", QUAY),
    ("Quay again", QUAY + "\n\n" + FOOTER),
    ("Quay cut", cut(QUAY, 0.6)),
    ("Half", cut(QUAY, 0.5)),
    ("Other half", " ".join(QUAY.split()[60:])),
    ("Corrected quay", QUAY.replace("140", "155") + " Correction: it is 155."),
    ("Mine", MINE),
    ("Mine and vines", MINE + "\n" + VINES),
    ("Vines", VINES),
    ("Short", "More soon."),
    ("Norwald", earnings("Norwald Steel", 12.4, 10.1, 88.0, 15)),
    ("Norwald <NWS>", earnings("Norwald Steel", 12.4, 10.1, 88.0, 15)),
    ("Tessin <TSG>", earnings("Tessin Glass", 31.9, 28.8, 240.5, 40)),
    ("", ""),
]
articles = st.lists(
    st.tuples(
        st.integers(0, len(TEXTS) - 1), st.integers(0, 70), st.sampled_from([None, "x 08:00"])
    ),
    min_size=1,
    max_size=12,
)


def numbered(chosen: Sequence[tuple[int, int, str | None]], order: Sequence[int]) -> list[Newcomer]:
    """The chosen articles; ``number`` is the order of coming, the id names the choice."""
    found = []
    for number, choice in enumerate(order):
        text, days, place = chosen[choice]
        made = newcomer(number, *TEXTS[text], day=DAY + timedelta(days), place=place)
        found.append(
            Newcomer(
                **{**{f: getattr(made, f) for f in made.__slots__}, "article_id": f"a{choice}"}
            )
        )
    return found


@settings(max_examples=60, deadline=None)
@given(data=st.data(), chosen=articles)
def test_any_order_and_any_batches_give_the_same_partition(data, chosen):
    whole = partition([numbered(chosen, range(len(chosen)))])
    order = data.draw(st.permutations(range(len(chosen))))
    moved = numbered(chosen, order)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(moved)))) | {0, len(moved)})
    batches = [moved[a:b] for a, b in pairwise(cuts)]
    assert partition(batches) == whole
