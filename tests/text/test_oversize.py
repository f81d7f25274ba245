"""Pages that are far too large: an answer in good time, and the article where there is one."""

from __future__ import annotations

import pytest

from mediawatch.text.inspection import inspect_page
from mediawatch.text.nesting import flattened
from mediawatch.text.oversize import LONGEST, trimmed
from mediawatch.text.worker import Worker

TEXT = "<p>The ferry ran aground in thick fog shortly after it had left the harbour.</p>" * 4


def page(body: str) -> str:
    head = "<head><title>Ferry aground</title></head>"
    return f"<html>{head}<body><article>{body}</article></body></html>"


def test_a_page_of_common_size_is_left_as_it_is():
    assert trimmed(page(TEXT)) == (page(TEXT), False)


def test_scripts_go_before_text_is_cut():
    html = page(f"<script>{'x' * LONGEST}</script>{TEXT}")
    assert trimmed(html) == (page(f">{TEXT}"), False)


def test_what_a_page_says_of_itself_stays():
    data = '<script type="application/ld+json">{"headline": "Ferry aground"}</script>'
    html = page(f"{data}<style>{'x' * LONGEST}</style>{TEXT}")
    assert data in trimmed(html)[0]


def test_the_rest_is_cut_between_two_tags():
    found, cut = trimmed(page(TEXT * 20_000))
    assert cut
    assert len(found) <= LONGEST
    assert found.endswith((">", "harbour."))


def test_a_million_signs_are_within_the_limits():
    assert len(trimmed("<" * 1_000_000)[0]) <= 100_000


def test_an_open_script_is_no_reason_to_search_without_end():
    assert trimmed("<script>" * 500_000)[1]


HOSTILE = [
    pytest.param("<div>" * 5_000 + TEXT + "</div>" * 5_000, id="5000 nested divs"),
    pytest.param(page(TEXT.replace("\n", " ") * 30_000), id="10 MB on one line"),
    pytest.param("<" * 1_000_000, id="a million <"),
    pytest.param(page(TEXT) + page(TEXT.replace("ferry", "tanker")), id="two documents"),
    pytest.param(f'<?xml version="1.0"?>{page(TEXT)}', id="XML sent as HTML"),
    pytest.param("<table><tr><td>" * 5_000 + TEXT, id="nested tables"),
]


def test_hostile_pages_are_answered_by_one_worker_within_its_limits():
    with Worker("mediawatch.text.inspection", "inspect_page", seconds=20, megabytes=500) as worker:
        for case in HOSTILE:
            answer = worker.call({"html": case.values[0]})
            assert isinstance(answer, dict), (case.id, answer)
        spoilt = page(TEXT).encode() + b"\xff\xfe\x80" * 5_000
        answer = worker.call({"html": spoilt.decode("utf-8", "replace")})
        assert "ran aground" in answer["body"]


@pytest.mark.parametrize(
    "box", ["div", "b", "div><p><span", "ul><li><a", "table><tr><td", "news-box"]
)
def test_a_text_in_thousands_of_boxes_is_found(box):
    closing = "".join(f"</{name}>" for name in reversed(box.replace("<", "").split(">")))
    answer = inspect_page({"html": page(f"<{box}>" * 5_000 + TEXT + closing * 5_000)})
    assert "ran aground" in answer.get("body", ""), answer


def test_boxes_side_by_side_stay():
    html = page("<div><span>One</span></div>" * 500)
    assert flattened(html) == html
    deep = "<div>" * 90 + "in" + "</div>" * 90 + "<div>out</div>"
    assert flattened(deep).split() == ["<div>" * 80, "in", "</div>" * 80 + "<div>out</div>"]


@pytest.mark.parametrize("first", [0, 1], ids=["in one", "the other"])
def test_of_two_documents_in_one_the_first_is_read(first):
    pages = [page(TEXT), page(TEXT.replace("ferry", "tanker"))]
    answer = inspect_page({"html": pages[first] + pages[1 - first]})
    assert ("ferry", "tanker")[first] in answer["body"]
