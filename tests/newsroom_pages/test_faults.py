"""What goes wrong is said in a sentence, with the right status and never a traceback."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from conftest import _of_database, _on_server
from mediawatch.newsroom.limits import STRANGER
from newsroom_pages.house import BASE, EVIL, House

AWAY = "postgresql://nobody@127.0.0.1:1/none"
NO_SEARCH = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "path",
    [
        "/stories/none",
        "/stories/%2e%2e%2f%2e%2e%2fetc",
        "/watches/none",
        "/watches/none/why?what=x",
        "/watches/%3Cscript%3E",
        "/sources/none",
        "/deliveries/999999",
        "/deliveries/999999/mail",
        "/actors/Q99999999",
        "/static/..%2fapp.py",
        "/nothing",
        "/api/stories/none",
        "/api/watches/none",
        "/api/actors/none",
    ],
)
def test_what_does_not_exist_is_not_found(house: House, path: str) -> None:
    answer = house.client("ed").get(BASE + path)
    assert answer.status_code == 404
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stories?q=%28lund", 400),
        ("/stories?q=nofield%3Ax", 400),
        (f"/stories?q={'a' * 11_000}", 422),
        ("/stories?page=0", 422),
        ("/stories?page=99999999999999999999", 422),
        ("/stories?since=tomorrow", 400),
        ("/stories?q=%00", 400),
        ("/stories/%00", 400),
        ("/deliveries?state=lost", 400),
        ("/deliveries/99999999999999999999", 422),
        ("/deliveries/x", 422),
        ("/api/stories?q=%28lund", 400),
        ("/api/deliveries?limit=-1", 422),
    ],
)
def test_what_cannot_be_asked_is_refused(house: House, path: str, status: int) -> None:
    answer = house.client("ed").get(BASE + path)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text


def test_the_place_of_a_query_s_fault_is_named(house: House) -> None:
    client = house.client("ed")
    assert "at character 6" in client.get(f"{BASE}/stories", params={"q": "lund )"}).text
    detail = client.get(f"{BASE}/api/stories", params={"q": "lund )"}).json()["detail"]
    assert "at character 6" in detail


@pytest.mark.parametrize("path", ["/watches", "/watches/lund", "/sources", "/feeds"])
def test_a_form_that_is_too_large_is_refused(house: House, path: str) -> None:
    answer = house.client("ed").post(BASE + path, data={"query": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "2 MB" in answer.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"\xff\xfe\x00%%%=%zz&&&", "application/x-www-form-urlencoded"),
        (b"query=%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=%d" % n for n in range(5000)), "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_a_broken_form_is_refused(house: House, content: bytes, kind: str) -> None:
    for path in ("/watches", "/sources", "/sources/import", "/feeds", "/watches/lund"):
        answer = house.client("ed").post(
            BASE + path, content=content, headers={"content-type": kind}
        )
        assert answer.status_code in (400, 422), (path, answer.status_code, answer.text)


@pytest.mark.parametrize(
    "path", ["/stories", "/stories?q=lund", "/actors/Q1", "/watches/lund/why?what=u:1"]
)
def test_a_search_while_elasticsearch_is_away_says_so(house: House, path: str) -> None:
    house.settings = replace(house.settings, elasticsearch_url=NO_SEARCH)
    answer = house.client("ed").get(BASE + path)
    assert answer.status_code == 503
    assert "Elasticsearch" in answer.text
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("path", ["/", "/stories/u:1?q=lund", "/watches", "/deliveries/1"])
def test_what_needs_no_search_stands_without_it(house: House, path: str) -> None:
    house.settings = replace(house.settings, elasticsearch_url=NO_SEARCH)
    assert house.client("ed").get(BASE + path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/stories", "/watches", "/mail/x", "/feed/x", "/api/today"])
def test_without_postgres_every_page_says_so(house: House, path: str) -> None:
    house.settings = replace(house.settings, database_url=AWAY)
    answer = house.client("ed").get(BASE + path)
    assert answer.status_code == 503
    assert "Postgres cannot be reached" in answer.text
    assert "nobody" not in answer.text


def test_a_database_that_is_not_prepared_says_so(house: House, server_url: str) -> None:
    name = f"mw_test_{uuid4().hex}"
    _on_server(server_url, f'CREATE DATABASE "{name}"')
    house.settings = replace(house.settings, database_url=_of_database(server_url, name))
    answer = house.client("ed").get(f"{BASE}/watches")
    _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
    assert answer.status_code == 503
    assert "mediawatch up" in answer.text


def test_too_many_requests_are_held_up(house: House) -> None:
    client = house.client()
    answers = [client.get(f"{BASE}/feed/{n}") for n in range(STRANGER + 1)]
    assert [answer.status_code for answer in answers] == [404] * STRANGER + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_fault_shows_its_input_as_text(house: House) -> None:
    answer = house.client("ed").get(f"{BASE}/deliveries", params={"state": EVIL})
    assert answer.status_code == 422
    answer = house.client("ed").get(f"{BASE}/stories", params={"since": "<b>now</b>"})
    assert "<b>" not in answer.text
