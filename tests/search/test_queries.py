"""The query language without a server: what is made of a query, and what is refused where."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediawatch.errors import InputError, QueryError
from mediawatch.search.inspection import inspect_query
from mediawatch.search.queries import from_keywords, rewrite


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("dam", '(title:"dam" OR body:"dam")'),
        ("title:dam", 'title:"dam"'),
        ("title:NEARLY", '(title.cased:"NEARLY" OR title.cased:"Nearly")'),
        ("title:dam title:flood", '(title:"dam" AND title:"flood")'),
        ("title:(dam flood OR rain)", '((title:"dam" AND title:"flood") OR title:"rain")'),
        ("title:dam && !title:snow", '(title:"dam" AND NOT title:"snow")'),
        ("title:dam || title:rain", '(title:"dam" OR title:"rain")'),
        ("-title:a title:b", '(title:"b" AND NOT title:"a")'),
        ("+title:a -title:b", '(title:"a" AND NOT title:"b")'),
        ("title:a OR NOT title:b", '(title:"a" OR (*:* AND NOT title:"b"))'),
        ("NOT title:a", '(*:* AND NOT title:"a")'),
        ("US", '(title.cased:"US" OR body.cased:"US")'),
        ("title:NATO", '(title.cased:"NATO" OR title.cased:"Nato")'),
        ("title:US-led", 'title:"US-led"'),
        ("title.cased:May", 'title.cased:"May"'),
        ("title:F-16", 'title:"F-16"'),
        ("title:9/11", 'title:"9/11"'),
        ("title:“old  bridge”", 'title:"old  bridge"'),
        (r"title:a\*b", 'title:"a*b"'),
        (r'title:"say \"no\""', r'title:"say \"no\""'),
        ("title:resign*", "title:resign*"),
        ("title:RESIGN*", "(title.cased:RESIGN* OR title.cased:Resign*)"),
        ("title:/colou?r/", "title:/colou?r/"),
        ("title:color~", "title:color~1"),
        ("title:dam^2", 'title:"dam"^2'),
        ("title:(a NEAR/3 b)", '(title:"a b"~3 OR title:"b a"~3)'),
        ("actor:gov:FRA", 'actor:"gov:FRA"'),
        ('actor:"ada   lund"', 'actor:"ada lund"'),
        ("actor:jean-luc*", r"actor:jean\-luc*"),
        ("topic:medtop:11000000", 'topic:"medtop:11000000"'),
        ("dated_at:2021-12-16T10:00:00Z", 'dated_at:"2021-12-16T10:00:00Z"'),
        ("dated_at:[2021-12-16 TO now-1d/d}", "dated_at:[2021-12-16 TO now-1d/d}"),
        ("outlet_tier:<=2", "outlet_tier:[* TO 2]"),
        ("(dated_at:>2020 is_first:true)", '(dated_at:{2020 TO *] AND is_first:"true")'),
        ("_exists_:agency", "_exists_:agency"),
        ("stem_en:resign", 'stem_en:"resign"'),
        ("title:Zu\u0308rich", 'title:"Z\u00fcrich"'),
    ],
)
def test_a_query_becomes_explicit(query: str, text: str) -> None:
    assert rewrite(query).text == text


@pytest.mark.parametrize(
    ("query", "message", "position"),
    [
        ("", "empty", 0),
        ("   ", "empty", 0),
        ("x" * 10_001, "10,000", None),
        ("x" * 100_000, "10,000", None),
        ('the dam is "high', "unbalanced quotation mark at 11", 11),
        ("(dam OR flood", "unbalanced bracket at 0", 0),
        ("dam)", "opening bracket at 3", 3),
        ("dam OR", "missing at the end", 6),
        ("AND dam", "AND without a word before it at 0", 0),
        ("dam OR AND flood", "AND without a word before it at 7", 7),
        ("Lund - trial", "'-' stands alone at 5", 5),
        ("title:", "nothing stands after 'title:' at 5", 5),
        ("field:", "nothing stands", 5),
        ("titel:dam", "did you mean 'title'", 0),
        ("a:b", "unknown field 'a'", 0),
        ("stem_uk:x", "no stems for the language 'uk'", 0),
        ("mentions.text:x", "unknown field", 0),
        ("*", "lone star", 0),
        ("title:*", "lone star", 6),
        ("*:*", "'*'", 0),
        ("*dam", "may not begin with a wildcard", 0),
        ("cease-f*", "may not hold '-'", 0),
        ("//", "empty", 0),
        ("/.*/", "no bound", 0),
        ("/(a+)+$/", "no bound", 0),
        ("/a{2,}/", "no bound", 0),
        ("/.oo/", "must begin with a letter", 0),
        ("/a(b/", "unbalanced brackets", 0),
        ("/a", "unbalanced slash", 0),
        ("[", "range needs a field", 0),
        ("[* TO *]", "range needs a field", 0),
        ("title:[a TO b]", "no dates or numbers", 6),
        ("dated_at:[2021-13-01 TO now]", "'2021-13-01' is no date", 9),
        ("dated_at:[2021-01-01 now]", "[low TO high]", 9),
        ("dated_at:٢٠٢١", "is no date", 9),
        ("copies:٣", "no whole number", 7),
        ("dam^٣", "cannot stand at 3", 3),
        ("dated_at:yesterday", "'yesterday' is no date", 9),
        ("copies:many", "no whole number", 7),
        ("is_first:yes", "neither true nor false", 9),
        ("dam~5", "write ~1 or ~2", 0),
        ("a~999999", "write ~1 or ~2", 0),
        ("a^1e999", "cannot stand at 1", 1),
        ('"a b" NEAR/3 c', "NEAR takes no phrase", 0),
        ("a NEAR/3 b NEAR/3 c", "a third begins at 11", 11),
        ("NEAR/3 b", "NEAR without a word", 0),
        ("a NEAR b", "write NEAR/ and a number", 2),
        ("a NEAR/x b", "write NEAR/ and a number", 2),
        ("a NEAR/3 (b AND c)", "something else", 10),
        ("title:(body:x)", "a second field begins at 7", 7),
        ('"resign* now"', "inside quotation marks", 0),
        ("&", "no letter or digit", 0),
        ("\\", "cannot stand at 0", 0),
        ("dam \x00", "control character stands at 4", 4),
        ("dam \ud800", "control character stands at 4", 4),
        ("(" * 5000 + "a" + ")" * 4999, "levels of brackets", 60),
        ("NOT " * 100 + "x", "levels of brackets", 240),
        (":" * 1000, "cannot stand at 0", 0),
        ("{!xmlparser v='<x>'}", "range needs a field", 0),
        (" OR ".join(f"w{n}" for n in range(501)), "more than 500 clauses", None),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(
    query: str, message: str, position: int | None
) -> None:
    with pytest.raises(QueryError) as caught:
        rewrite(query)
    assert message in caught.value.message
    assert len(caught.value.message) < 250
    if position is not None:
        assert caught.value.position == position


@given(st.text(alphabet='ab *?"“”()[]{}:^~/\\+-!&|<>\n\x00ANDORTNEAR/3٣title:', max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_query_or_a_refusal(query: str) -> None:
    answer = inspect_query({"query": query})
    if answer["valid"]:
        assert answer["clauses"]
    else:
        assert answer["position"] is None or 0 <= answer["position"] <= len(query)


@pytest.mark.parametrize(
    ("query", "cost", "why"),
    [
        ("dam AND flood", "cheap", "words"),
        ("resign*", "cheap", "words"),
        ("re*", "dear", "very many words"),
        ("a*b*c*", "dear", "very many words"),
        ("/gr[ae]y/", "dear", "regular expression"),
        ("NOT dam", "dear", "whole archive"),
        ("dam~1", "dear", "many words"),
        ("minister NEAR/3 resign*", "dear", "looked up"),
    ],
)
def test_the_cost_is_known_beforehand(query: str, cost: str, why: str) -> None:
    found = rewrite(query)
    assert found.cost == cost
    assert why in found.why


def test_the_clauses_are_the_leaves() -> None:
    clauses = rewrite('title:dam AND NOT (title:"old bridge" OR title:toll)').clauses
    assert [(c.source, c.text, c.start, c.excluded) for c in clauses] == [
        ("dam", 'title:"dam"', 6, False),
        ('"old bridge"', 'title:"old bridge"', 25, True),
        ("toll", 'title:"toll"', 47, True),
    ]


def test_wildcards_in_near_stand_until_an_index_is_asked() -> None:
    found = rewrite("title:(minister NEAR/3 resign*)")
    assert found.standing == ("resign*",)
    assert 'title:"minister resign*"~3' in found.text
    asked: list[tuple[str, str]] = []

    def expand(field: str, pattern: str) -> list[str]:
        asked.append((field, pattern))
        return ["resign", "resigned"]

    ready = rewrite(found.query, expand)
    assert ready.standing == ()
    assert asked == [("title", "resign*")]
    assert 'title:"minister resigned"~3' in ready.text
    with pytest.raises(QueryError, match="more than 50 words"):
        rewrite(found.query, lambda _field, _pattern: [f"w{n}" for n in range(50)])
    assert rewrite(found.query, lambda _field, _pattern: []).text == "(*:* AND NOT *:*)"


def test_keywords_are_literal() -> None:
    odd = ["9/11", "A&B", "C++", "(UNO", "Who:", "a*b?", '"open', "\\", "[x TO y]", "~", " "]
    found = rewrite(from_keywords(any=odd, none=["x\x00y"]))
    sources = [clause.source for clause in found.clauses]
    assert len(sources) == 9
    assert r'"a\*b\?"' in sources
    assert found.clauses[-1].excluded
    assert from_keywords(all=["a b", "c"]) == '"a b" AND "c"'
    with pytest.raises(QueryError, match="no keyword"):
        from_keywords(any=["~"], none=["x"])
    with pytest.raises(QueryError, match="'all'"):
        from_keywords(all=["~"])


def test_inspect_query_answers_as_agreed() -> None:
    fine = inspect_query({"query": "US NEAR/2 talk*"})
    assert fine["valid"]
    assert "talk*" in fine["message"]
    assert fine["cost"] == "dear"
    assert fine["clauses"] == [fine["rewritten"]]
    wrong = inspect_query({"query": 'a "b'})
    assert wrong["valid"] is False
    assert wrong["position"] == 2
    assert wrong["rewritten"] is None
    for request in ({}, {"query": None}, {"query": 5}):
        with pytest.raises(InputError, match="query"):
            inspect_query(dict(request))
