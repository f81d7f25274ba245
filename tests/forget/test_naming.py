"""Names in texts, as they are found and blacked out."""

from __future__ import annotations

import pytest

from mediawatch.pipeline.redaction import Wanted
from mediawatch.text import naming


def wanted(*names: str) -> Wanted:
    return Wanted(names=frozenset(map(naming.normal, names)))


@pytest.mark.parametrize(
    ("name", "text", "black"),
    [
        ("Jane Doe", "JANE DOE's plan. Doe left; Jane.", "████████'s plan. ███ left; ████."),
        ("José Núñez", "So said Jose\nNunez, the doe.", "So said ██████████, the doe."),
        ("Jane Doe", "A Jane met a Doe.", "A Jane met a Doe."),
        ("O'Brien Mary", "O’Brien, Mary: no.", "█████████████: no."),
        ("Anna van der Berg", "Anna van der Berg, van Gogh", "█████████████████, van Gogh"),
        ("王小明", "记者王小明报道", "记者███报道"),
        ("Иван Ильин", "ИВАН ИЛЬИН ушёл", "██████████ ушёл"),
        ("Γιώργος Σολωμός", "ο ΓΙΏΡΓΟΣ ΣΟΛΩΜΌΣ είπε", "ο ███████████████ είπε"),
    ],
)  # fmt: skip
def test_a_name_is_blacked_out_and_the_rest_stays_where_it_is(name, text, black):
    assert wanted(name).blackened(text) == black
    assert len(black) == len(text)


def test_a_name_is_found_through_tags_and_entities():
    text = naming.plain("<p>Mr <b>Jane</b>&nbsp;D&ouml;e &lt;i&gt;said&lt;/i&gt;")
    assert wanted("Jane Döe").is_in([text])


def test_the_database_folds_as_the_program_does(conn):
    texts = ["Ivana KESTRELOVÁ", "Ångström İzmir", "Σολωμός ΣΟΛΩΜΌΣ", "Ёлка Й", "ﬁne ½", "김정은"]
    with conn.cursor() as cursor:
        cursor.execute("SELECT folded(t) FROM unnest(%s) t", [texts])
        assert [row[0] for row in cursor.fetchall()] == [naming.fold(text) for text in texts]
