"""The API: the same as the pages, documented, and no input that makes it fall over."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mediawatch.newsroom.app import create_app
from mediawatch.settings import Settings
from newsroom_pages.house import BASE, House, whois

NOWHERE = Settings(home=Path(), cache=Path())

PATHS = [
    "/api/today",
    "/api/stories",
    "/api/stories?q=lund",
    "/api/stories/u:1",
    "/api/stories/u:3",
    "/api/watches",
    "/api/watches/lund",
    "/api/watches/lund/why?what=u:1",
    "/api/sources",
    "/api/deliveries",
    "/api/actors/Q1",
    "/api/query?q=lund",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_json(house: House, path: str) -> None:
    answer = house.client("rita").get(BASE + path)
    assert answer.status_code == 200, answer.text
    assert answer.json()


def test_every_path_of_the_api_is_documented_and_tried(house: House) -> None:
    schema = house.client("rita").get(f"{BASE}/api/openapi.json").json()
    assert schema["servers"] == [{"url": BASE}]
    plain = {path.partition("?")[0] for path in PATHS}
    assert len(plain) == len(schema["paths"]) + 1  # two stories
    for path, methods in schema["paths"].items():
        assert set(methods) == {"get"}, path
        assert methods["get"]["description"]


def test_a_search_is_the_same_in_every_form(house: House) -> None:
    client = house.client("rita")
    asked = {"q": "lund", "language": "en"}
    [hit] = client.get(f"{BASE}/api/stories", params=asked).json()["hits"]
    assert hit["story_id"] == "u:1"
    assert [a["article_id"] for a in hit["shown"]] == ["u:1", "u:2"]
    table = client.get(f"{BASE}/stories.csv", params=asked)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert sorted(row["article_id"] for row in rows) == ["u:1", "u:2"]
    feed = ET.fromstring(client.get(f"{BASE}/stories.rss", params=asked).content)
    assert [item.findtext("guid") for item in feed.iter("item")] == ["u:1"]


OPERATIONS = sorted(
    (path, method)
    for path, methods in create_app(whois, lambda: NOWHERE).openapi()["paths"].items()
    for method in methods
)


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_no_input_makes_a_server_error(house: House, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_asgi(
        f"{BASE}/api/openapi.json", house.outer, headers={"authorization": "rita"}
    )
    operation = schema[path][method]
    answers: Counter[int] = Counter()

    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: schemathesis.Case) -> None:
        answer = case.call(headers={"authorization": "rita"})
        answers[answer.status_code] += 1
        # A schema cannot say which texts are a query or a day.
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    run()
    assert answers
    assert max(answers) < 500
