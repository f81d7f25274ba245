"""What the rooms below say is French on French pages."""

from __future__ import annotations

import pytest

from mediawatch.errors import FETCH, LINKS, REJECTED, SOURCE_STATES, QueryError
from mediawatch.newsroom.sentences import LANGUAGES, pattern_of, told
from mediawatch.search.queries import rewrite
from newsroom_pages.house import BASE, House

FRENCH = {"accept-language": "fr"}
CODES = sorted({*REJECTED.values(), *FETCH.values(), *SOURCE_STATES.values(), *LINKS.values()})
WRONG = [
    "",
    "(",
    "a )",
    "a AND",
    "OR a",
    "()",
    '"a',
    "*a",
    "* a",
    "nofield:x",
    "dated_at:soon",
    "version_no:x",
    '"a b*"',
    "title:",
    "a NEAR/5 b NEAR/5 c",
    "\x07",
    "x" * 11_000,
]


@pytest.mark.parametrize("sentence", CODES)
def test_every_code_has_a_french_sentence(sentence: str) -> None:
    assert told("fr", sentence) != sentence
    assert told("en", sentence) == sentence


@pytest.mark.parametrize("sentence", LANGUAGES["fr"])
def test_a_sentence_is_found_whatever_fills_it(sentence: str) -> None:
    fields = pattern_of(sentence).fields
    assert len(set(fields)) == len(fields)
    values = {name: f"<{name.upper()}>" for name in fields}
    translation = LANGUAGES["fr"][sentence]
    assert set(pattern_of(translation).fields) <= set(fields)
    assert told("fr", sentence.format_map(values)) == translation.format_map(values)


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:20] or "empty")
def test_faults_of_queries_are_french(query: str) -> None:
    with pytest.raises(QueryError) as fault:
        rewrite(query)
    assert told("fr", fault.value.message) != fault.value.message


def test_what_fills_a_sentence_is_told_too_and_nothing_twice() -> None:
    said = "new: found, not mailed: its story is muted"
    assert told("fr", said) == "new : trouvé, non envoyé : son sujet est tu"
    assert told("fr", "a {braced} text") == "a {braced} text"
    deep = "the query is dear: " * 50 + "x"
    assert told("fr", deep).endswith("the query is dear: x")


def test_pages_tell_it_in_french(house: House) -> None:
    client = house.client("ed")

    def read(path: str, **fields: str) -> str:
        return str(client.get(f"{BASE}{path}", params=fields, headers=FRENCH).text)

    assert "n’est pas dans le texte" in read("/watches/other/why", what="u:1")
    assert "vu pour la première fois" in read("/watches/other/why", what="u:1")
    assert "avis de cookies" in read("/rejected", code="consent_wall")
    assert "La requête est fausse au caractère" in read("/stories", q="lund )")
    assert "Cette veille n’existe pas" in read("/watches/none")
    assert "nouveau sujet" in read("/stories/u:1")
    assert "faible (mots et phrases seulement)" in read("/watches/lund/preview")
    checked = client.post(f"{BASE}/watches/check", data={"query": "(lund"}, headers=FRENCH)
    assert "sans pendant" in checked.text or "manque" in checked.text
    api = client.get(f"{BASE}/api/stories", params={"q": "lund )"}, headers=FRENCH)
    assert api.json()["detail"].startswith("The query is wrong")
