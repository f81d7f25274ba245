"""Who gets in: every route as a stranger, as somebody who may only read, and from another page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from mediawatch.newsroom.app import create_app
from mediawatch.settings import Settings
from newsroom_pages.house import BASE, House, ask, whois

# Without log-in: files, the choice of a language, and what brings its right in its address.
OPEN = {"/static/{name}", "/language/{code}", "/mail/{token}", "/feed/{token}"}
# What somebody who may only read changes: their own addresses for feed readers.
OWN = {"/feeds", "/feeds/{number}/revoke"}
# What only editors have a use for.
EDITORS = {
    "/watches/new",
    "/watches/{watch_id}/remove",
    "/sources/new",
    "/sources/{source_id}/remove",
}
VALUES = {
    "watch_id": "lund",
    "story_id": "u:1",
    "story_id:path": "u:1",
    "source_id": "s1",
    "number": "1",
    "actor_id": "Q1",
    "act": "pause",
    "name": "style.css",
    "code": "fr",
    "step": "pages",
    "token": "bm90aGluZw.forged",
}


def routes() -> Iterator[tuple[str, str]]:
    app = create_app(whois, lambda: Settings(home=Path(), cache=Path()))
    for route in app.routes:
        assert isinstance(route, APIRoute), route
        for method in sorted(route.methods):
            yield method, route.path


def filled(path: str) -> str:
    for name, value in VALUES.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"give {path} a value in VALUES"
    return BASE + path


ROUTES = sorted(routes())
CLOSED = [(method, path) for method, path in ROUTES if path not in OPEN]


def test_the_list_of_routes_is_that_of_the_app() -> None:
    assert len(ROUTES) > 40
    assert {path for _, path in ROUTES} >= OPEN | OWN | EDITORS


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=lambda part: part)
def test_a_stranger_gets_nothing(house: House, method: str, path: str) -> None:
    client = house.client()
    answer = client.request(method, filled(path), headers={"accept": "*/*"})
    assert answer.status_code == 401, answer.text
    for cookie in ("nobody", ""):
        client.cookies.set("who", cookie)
        assert client.request(method, filled(path), headers={"accept": "*/*"}).status_code == 401


def test_a_stranger_with_a_browser_is_sent_to_the_log_in(house: House) -> None:
    answer = house.client().get(f"{BASE}/watches/lund")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/auth/login?next={BASE}/watches/lund"


@pytest.mark.parametrize(
    ("method", "path"),
    [r for r in CLOSED if r[0] != "GET" and r[1] not in OWN]
    + [("GET", p) for p in sorted(EDITORS)],
    ids=lambda part: part,
)
def test_who_may_only_read_changes_nothing(house: House, method: str, path: str) -> None:
    before = state(house)
    answer = house.client("rita").request(method, filled(path))
    assert answer.status_code == 403, answer.text
    assert state(house) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "http://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
    ],
    ids=["cross", "other port", "old browser", "sandbox"],
)
def test_a_form_of_another_page_changes_nothing(house: House, headers: dict[str, str]) -> None:
    before = state(house)
    client = house.client("ed")
    if not headers["sec-fetch-site"]:
        del client.headers["sec-fetch-site"]
        headers = {"origin": headers["origin"]}
    for method, path in CLOSED:
        if method != "GET":
            answer = client.request(method, filled(path), headers=headers)
            assert answer.status_code == 403, (path, answer.text)
    assert state(house) == before


def test_a_program_needs_its_log_in_in_the_header(house: House) -> None:
    client = house.client("ed")
    del client.headers["sec-fetch-site"]
    path = f"{BASE}/watches/check"
    assert client.post(path, data={"query": "a"}).status_code == 403
    client.cookies.clear()
    assert client.post(path, data={"query": "a"}, headers={"authorization": "ed"}).is_success


@pytest.mark.parametrize("token", ["x", "bm90aGluZw.forged", "a" * 3000, "..%2F..%2Fetc", "é"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_does_nothing(house: House, method: str, token: str) -> None:
    before = state(house)
    assert house.client().request(method, f"{BASE}/mail/{token}").status_code in (403, 404)
    assert house.client().get(f"{BASE}/feed/{token}").status_code == 404
    assert state(house) == before


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
def test_every_answer_has_the_headers_of_the_house(house: House, method: str, path: str) -> None:
    answer = house.client("rita").request(method, filled(path))
    assert answer.status_code < 500, answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def state(house: House) -> list[object]:
    """All that a form could have changed."""
    sql = (
        "SELECT (SELECT string_agg(w::text, '|' ORDER BY watch_id) FROM watch w),"
        " (SELECT string_agg(s::text, '|' ORDER BY source_id) FROM source s),"
        " (SELECT string_agg(state, '|' ORDER BY delivery_id) FROM delivery),"
        " (SELECT count(*) FROM feed_token), (SELECT count(*) FROM mute),"
        " (SELECT string_agg(s::text, '|' ORDER BY watch_id, recipient_id) FROM subscription s)"
    )
    return list(ask(house.settings, sql))
