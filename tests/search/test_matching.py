"""Watches against changed documents: who matches, with which words, and nobody else's fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.model import SearchDocument
from mediawatch.search.marks import Marked, marks, single_words
from mediawatch.search.match_index import (
    Hit,
    Search,
    SearchFailed,
    drop_forgotten,
    match_index,
    match_name,
    msearch,
)
from mediawatch.search.queries import from_keywords, rewrite
from search.relay import Relay

Ask = Callable[..., dict[str, Hit]]


def documents(
    texts: dict[str, str | tuple[str, str]], language: str = "en"
) -> list[SearchDocument]:
    made = []
    for number, (key, text) in enumerate(texts.items(), start=1):
        title, body = (text, "") if isinstance(text, str) else text
        fields = {"article_id": key, "title": title, "body": body, "language": "en"}
        made.append(SearchDocument(article_id=key, index="-", version=number, fields=fields))
    return made


@pytest.fixture
def ask(es: Elasticsearch, index_prefix: str) -> Ask:
    """Hits of one query over a few texts, by article id."""

    def run(query: str, texts: dict[str, str | tuple[str, str]]) -> dict[str, Hit]:
        with match_index(es, index_prefix, "one", documents(texts)) as index:
            [answer] = msearch(es, index.name, [Search(rewrite(query))])
        assert isinstance(answer, list), answer
        return {hit.article_id: hit for hit in answer}

    return run


def words(marked: Marked) -> list[str]:
    return [marked.text[start:end] for start, end in marked.spans]


# keyword, texts that it finds, texts that it does not find
KEYWORDS: list[tuple[str, list[str], list[str]]] = [
    (
        "Li",
        ["Li meets the press", "“Li”: a life", "LI MEETS THE PRESS"],
        ["Policy of alliance", "Lithium prices", "Liverpool wins"],
    ),
    (
        "UN",
        ["UN sends envoys", "The U.N. sends envoys", "UN-led talks"],
        ["Un hiver sans neige", "un-named official", "Sun sets early"],
    ),
    ("U.N.", ["UN sends envoys", "The U.N. sends envoys"], ["Un hiver sans neige"]),
    ("forest", ["Forest burns", "FOREST BURNS", "a forest fire"], ["Forestry prize"]),
    (
        "FIFA",
        ["用FIFA规则写", "FIFA、会議を開く", "FIFAが声明", "UEFA/FIFA talks", "Fifa elects"],
        ["Fiesta", "fifa as a word"],
    ),
    ("st.", ["near st. Mary"], ["Fasst er zu", "fast."]),
    ("Île d'Orléans", ["Île d’Orléans vote", "Île d'Orléans vote"], ["Île de Ré"]),
    ("I\u0302le d’Orle\u0301ans", ["Île d’Orléans vote", "Île d'Orléans vote"], ["Île de Ré"]),
    ("Mu\u0308nster", ["Münster plant", "MÜNSTER PLANT"], ["Monster plant"]),
    ("İzmir", ["İZMİR", "izmir körfezi"], ["Erzurum"]),
    ("المصري", ["المصرى اليوم", "المِصْرِيّ", "المصري", "المـصري"], ["المغربي"]),
    ("by-law", ["By-law passes", "By law, all must"], ["Stand by", "A law passes"]),
    ("9/11", ["9/11 remembered"], ["9 of 11 saved", "911 call"]),
    ("H&M", ["H&M closes shops"], ["H and then M", "h m"]),
    ("C++", ["C++ is 50", "Why C++?"], ["Vitamin C", "C is a letter"]),
    ("races", ["Races begin", "horse races"], ["Race begins", "Racist chant"]),
    ("migrant", ["Migrant camp", "A migrant’s story"], ["Migrants cross", "Migration law"]),
    ("O'Connor", ["O’Connor speaks", "O'Connor's plan"], ["Connor speaks", "O no"]),
    ("avion", ["L’avion décolle", "l'avion", "un avion"], ["aviron"]),
    ("l'avion", ["L’avion décolle", "un avion"], ["aviron"]),
    ("清华大学", ["他在清华大学读书"], ["清华的大学", "大学清华"]),
    ("F-35", ["an F-35 jet"], ["F 1 and 35", "group F"]),
    ("école", ["Une ecole", "ÉCOLE"], ["Col"]),
]


def test_a_keyword_finds_the_word_and_only_it(es: Elasticsearch, index_prefix: str) -> None:
    texts = {
        f"{case}-{place}": text
        for case, (_, found, not_found) in enumerate(KEYWORDS)
        for place, text in enumerate([*found, *not_found])
    }
    # As a literal keyword and as a word of the language, which are the same.
    queries = [from_keywords(any=[keyword]) for keyword, _, _ in KEYWORDS]
    queries += [keyword for keyword, _, _ in KEYWORDS if " " not in keyword]
    expected = {keyword: found for keyword, found, _ in KEYWORDS}
    names = [keyword for keyword, _, _ in KEYWORDS]
    names += [keyword for keyword in names if " " not in keyword]
    with match_index(es, index_prefix, "keywords", documents(dict(texts))) as index:
        answers = msearch(es, index.name, [Search(rewrite(query)) for query in queries])
    for keyword, answer in zip(names, answers, strict=True):
        assert isinstance(answer, list), answer
        case = [name for name, _, _ in KEYWORDS].index(keyword)
        hits = [texts[hit.article_id] for hit in answer if hit.article_id.startswith(f"{case}-")]
        assert sorted(hits) == sorted(expected[keyword]), keyword


OPERATORS: list[tuple[str, set[str]]] = [
    ("écol*", {"15", "16"}),
    ("ECOL*", {"16"}),
    ("Ecol*", {"15", "16"}),
    ("o'br*", {"15"}),
    ("O’Br*", {"15"}),
    ("l'éco*", {"15", "16"}),
    ("الدور*", {"17"}),
    ("col?r", {"13"}),
    ("b*dge", {"4", "5", "14"}),
    ('"finance minister"', {"2"}),
    ("bridge NOT (toll OR card)", {"4"}),
    ("sanct*", {"8", "9"}),
    ("sanction*", {"8"}),
    ("minister NEAR/3 resign*", {"6"}),
    ("(minister OR premier) NEAR/2 (gone OR left)", {"7"}),
    ('"left premier"~3', {"7"}),
    ("EU NEAR/4 talks", {"10"}),
    ("stem_en:x OR language:en AND title:toll", {"5", "14"}),
    ("/gr[ae]y/", {"12"}),
    ("colour~1", {"13"}),
    ("bridge AND -toll AND -card", {"4"}),
]


def test_the_operators(es: Elasticsearch, index_prefix: str) -> None:
    texts: dict[str, str | tuple[str, str]] = {
        "1": ("Rates in finance", "Minister of trade speaks."),
        "2": ("Budget", "The finance\nminister spoke."),
        "4": "The bridge opens",
        "5": "Toll on the bridge",
        "6": ("Cabinet", "The minister has now resigned after a night of talks."),
        "7": ("Cabinet", "She said the premier has left for good."),
        "8": "Sanctions widened",
        "9": "Sanctuary city",
        "10": ("Brussels", "The EU opened new talks."),
        "11": ("Paris", "Il y a eu des talks."),
        "12": "A grey day",
        "13": "A new color",
        "14": "Bridge toll card",
        "15": "O’Brien dans l’école",
        "16": "ECOLE",
        "17": "الدورى",
    }
    with match_index(es, index_prefix, "operators", documents(texts)) as index:
        answers = msearch(es, index.name, [Search(rewrite(query)) for query, _ in OPERATORS])
    for (query, found), answer in zip(OPERATORS, answers, strict=True):
        assert isinstance(answer, list), answer
        assert {hit.article_id for hit in answer} == found, query


def test_the_matched_words_are_marked(ask: Ask) -> None:
    texts = {"a": ("Lund resigns", "Ada Lund has resigned. “We leave,” said Lund's aide 😀 Lund")}
    hit = ask('"ada lund" OR resign*', dict(texts))["a"]
    assert words(hit.title) == ["resigns"]
    assert words(hit.body) == ["Ada Lund", "resigned"]
    hit = ask("lund", dict(texts))["a"]
    assert words(hit.body) == ["Lund", "Lund's", "Lund"]
    assert hit.body.text == texts["a"][1]


def test_near_marks_the_words_and_not_what_lies_between(ask: Ask) -> None:
    texts = {"a": ("Cabinet", "The minister has, after all that, quickly resigned.")}
    hit = ask("resign* NEAR/9 minister", dict(texts))["a"]
    assert words(hit.body) == ["minister", "resigned"]
    hit = ask('"minister quickly"~9', dict(texts))["a"]
    assert words(hit.body) == ["minister", "quickly"]


def test_a_hit_names_the_clauses_that_it_fulfils(ask: Ask) -> None:
    hits = ask(
        "dam AND (flood OR rain) NOT snow", {"a": "Rain fills the dam", "b": "Dam in snow, rain"}
    )
    assert [clause.source for clause in hits["a"].clauses] == ["dam", "rain"]
    assert list(hits) == ["a"]


def test_marks_become_offsets() -> None:
    assert marks("a \ue0f1b\ue0f2 c\ue0f1d\ue0f2") == Marked("a b cd", ((2, 3), (5, 6)))
    assert single_words(Marked("one two", ((0, 7),)), []).spans == ((0, 7),)


def test_one_broken_watch_costs_itself(es: Elasticsearch, index_prefix: str) -> None:
    texts: dict[str, str | tuple[str, str]] = {
        str(number): f"word{chr(97 + number % 26)}{chr(97 + number // 26)} minister"
        for number in range(60)
    }
    searches = [
        Search(rewrite("minister")),
        Search(rewrite("word* NEAR/2 minister")),
        Search(rewrite("minister"), languages=("fr",)),
        Search(rewrite("worda* NEAR/2 minister"), languages=("fr", "en")),
    ] * 20
    with match_index(es, index_prefix, "many", documents(texts)) as index:
        answers = msearch(es, index.name, searches)
    first, too_many, french, few = answers[:4]
    assert isinstance(first, list)
    assert len(first) == 60
    assert isinstance(too_many, SearchFailed)
    assert "more than 50 words" in too_many.reason
    assert french == []
    assert isinstance(few, list)
    assert len(few) == 3
    assert len(answers) == 80


def test_the_match_index_goes_when_it_is_done(es: Elasticsearch, index_prefix: str) -> None:
    bad = SearchDocument(article_id="bad", index="-", version=1, fields={"nonsense": 1})
    gone = SearchDocument(article_id="gone", index="-", version=1, fields=None)
    with match_index(es, index_prefix, "b1", [*documents({"a": "x"}), bad, gone]) as index:
        assert list(index.bad) == ["bad"]
        assert es.count(index=index.name)["count"] == 1
    assert not es.indices.exists(index=index.name)
    es.indices.create(index=match_name(index_prefix, "killed"))
    now = datetime.now(UTC)
    assert drop_forgotten(es, index_prefix, now - timedelta(hours=1)) == 0
    assert drop_forgotten(es, index_prefix, now + timedelta(hours=1)) == 1


def test_a_very_long_text_is_found_and_marked_where_it_can_be(ask: Ask) -> None:
    text = "The dam broke. " + "Rain fell all night long. " * 50_000 + "The dyke held."
    assert len(text) > 1_200_000
    assert words(ask("dam", {"a": ("x", text)})["a"].body) == ["dam"]
    hit = ask("dyke OR nothing*", {"a": ("x", text)})["a"]
    assert hit.body.text == text
    assert words(hit.body) in ([], ["dyke"])


def test_a_watch_for_stems_marks_them_in_the_text(es: Elasticsearch, index_prefix: str) -> None:
    title, body = "A resignation", "Two ministers were resigning. Nobody resigned before."
    [plain] = documents({"u:1": (title, body)})
    document = replace(plain, fields={**(plain.fields or {}), "stem_en": [title, body]})
    with match_index(es, index_prefix, "stems", [document]) as index:
        search = Search(rewrite("stem_en:resign AND ministers"))
        for texts in (None, index.texts):
            [answer] = msearch(es, index.name, [search], texts)
            assert isinstance(answer, list), answer
            [hit] = answer
            assert words(hit.title) == ["resignation"]
            assert words(hit.body) == ["ministers", "resigning", "resigned"]


def test_a_search_that_is_too_slow_says_so(
    es: Elasticsearch, index_prefix: str, elasticsearch_url: str
) -> None:
    def edit(path: str, answer: dict[str, Any]) -> None:
        if path.endswith("/_msearch"):
            answer["responses"][0]["timed_out"] = True

    with (
        match_index(es, index_prefix, "slow", documents({"a": "dam"})) as index,
        Relay(elasticsearch_url) as relay,
        Elasticsearch(relay.url) as behind,
    ):
        relay.edit = edit
        slow, other = msearch(behind, index.name, [Search(rewrite("dam"))] * 2)
    assert isinstance(slow, SearchFailed)
    assert slow.is_slow
    assert isinstance(other, list)
