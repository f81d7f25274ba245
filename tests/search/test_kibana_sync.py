"""The sync against a real HTTP server that answers as the Kibana API is documented to.

No Kibana runs here: the server takes a file as Kibana's import does (overwriting by type and id)
and answers in the shapes of Elastic's API pages.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.cli.kibana import add_parsers
from mediawatch.errors import ServiceError
from mediawatch.pipeline import kibana
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search.index import alias_name
from mediawatch.search.kibana_objects import described, objects
from mediawatch.search.kibana_sync import sync
from mediawatch.search.queries import rewrite
from search.conftest import later
from search.newsroom_rows import Rows

Json = dict[str, Any]


class Kibana:
    """Keeps saved objects and the data view by default; ``answer`` takes the place of its own."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Json] = {}
        self.default: str | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: tuple[int, bytes] | None = None
        self.refused: set[str] = set()
        kibana = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                kibana.asked.append((self.path, dict(self.headers)))
                status, body = kibana.answer or kibana.take(self.path, self.headers, content)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, headers: Any, content: bytes) -> tuple[int, bytes]:
        if headers["kbn-xsrf"] is None:
            return 400, b'{"statusCode":400,"message":"Request must contain a kbn-xsrf header."}'
        if path == "/api/data_views/default":
            wish = json.loads(content)
            if self.default is None or wish["force"]:
                self.default = wish["data_view_id"]
            return 200, b'{"acknowledged":true}'
        assert path == "/api/saved_objects/_import?overwrite=true"
        return 200, json.dumps(self.import_file(headers["Content-Type"], content)).encode()

    def import_file(self, kind: str, content: bytes) -> Json:
        message = email.message_from_bytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + content, policy=email.policy.default
        )
        [part] = message.iter_parts()  # type: ignore[attr-defined]
        assert part.get_filename().endswith(".ndjson")
        found = [json.loads(line) for line in part.get_payload(decode=True).decode().splitlines()]
        errors = [
            {"id": each["id"], "type": each["type"], "error": {"type": "missing_references"}}
            for each in found
            if each["id"] in self.refused
        ]
        good = [each for each in found if each["id"] not in self.refused]
        self.objects |= {(each["type"], each["id"]): each for each in good}
        answer = {"success": not errors, "successCount": len(good), "warnings": []}
        return {**answer, "errors": errors} if errors else answer


@pytest.fixture
def server() -> Iterator[Kibana]:
    found = Kibana()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_ours_is_written_anew_and_a_persons_own_stays(server: Kibana) -> None:
    made = objects(described())
    theirs = {"id": "my-dashboard", "type": "dashboard", "attributes": {"title": "Mine"}}
    ours = {"id": "mediawatch-actors", "type": "lens", "attributes": {"title": "Edited"}}
    server.objects = {(each["type"], each["id"]): each for each in (theirs, ours)}
    server.default = "my-view"
    synced = sync(server.url, made, "mediawatch-articles")
    assert (synced.taken, synced.failed) == (len(made), ())
    assert server.objects["dashboard", "my-dashboard"] == theirs
    assert server.objects["lens", "mediawatch-actors"]["attributes"]["title"] != "Edited"
    assert server.default == "my-view"
    before = dict(server.objects)
    sync(server.url, made, "mediawatch-articles")
    assert server.objects == before


def test_each_watch_is_a_saved_search_with_its_very_string(
    server: Kibana,
    es: Elasticsearch,
    context: Context,
    rows: Rows,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows.article("u:1", "Dam holds", "The dam held, and the dams held.")
    index(context)
    es.indices.refresh(index=alias_name(context.settings.index_prefix))
    for watch_id, query, languages in (
        ("flood", '"the dam" AND held', "{en}"),
        ("near", "dam* NEAR/2 held", "{}"),
    ):
        rows._run(
            "INSERT INTO watch (watch_id, name, owner, query, languages, active_since, created_at)"
            " VALUES (%s, %s, 'a@b.example', %s, %s, now(), now())",
            [watch_id, watch_id.upper(), query, languages],
        )
    found = later(context, settings=replace(context.settings, kibana_url=server.url))
    kibana.sync(found)
    prefix = context.settings.index_prefix

    def attributes(watch_id: str) -> Json:
        held = server.objects["search", f"mediawatch-{prefix}watch-{watch_id}"]
        return dict(held["attributes"])

    def text(watch_id: str) -> str:
        source = json.loads(attributes(watch_id)["kibanaSavedObjectMeta"]["searchSourceJSON"])
        return str(source["query"]["query"])

    assert text("flood") == rewrite('"the dam" AND held').text
    assert "dam*" not in text("near")
    assert "dams held" in text("near")
    assert "as of the last sync" in attributes("near")["description"]
    assert "as of the last sync" not in attributes("flood")["description"]
    assert server.default == f"mediawatch-{prefix}articles"

    top = argparse.ArgumentParser()
    add_parsers(top.add_subparsers())
    args = top.parse_args(["kibana", "sync"])
    rows._run("UPDATE watch SET query = '(a* OR b*) NEAR/1 \"x y\"' WHERE watch_id = 'near'")
    assert args.run(args, found.settings) == 0
    assert "! not in Kibana: watch near: NEAR takes no phrase" in capsys.readouterr().out
    server.refused = {f"mediawatch-{prefix}overview"}
    assert args.run(args, found.settings) == 1
    assert "missing_references" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, b'{"statusCode":401,"message":"no"}'), "refuses the user of MEDIAWATCH_KIBANA_URL"),
        ((403, b"{}"), "manage saved objects"),
        ((422, b'{"statusCode":422,"message":"belongs to a more recent version"}'), "more recent"),
        ((200, b"<html>"), "is not Kibana"),
        ((200, b"[]"), "is not Kibana"),
        ((502, b"bad gateway"), "is not Kibana"),
    ],
)
def test_what_kibana_refuses_is_said(server: Kibana, answer: tuple[int, bytes], said: str) -> None:
    server.answer = answer
    base = server.url.replace("://", "://elastic:secret@")
    with pytest.raises(ServiceError, match=said) as fault:
        sync(base, objects(described()), "mediawatch-articles")
    assert "secret" not in str(fault.value)


def test_an_answer_of_success_is_not_believed_without_its_number(server: Kibana) -> None:
    server.answer = (200, b'{"success":true,"successCount":3}')
    [line] = sync(server.url, objects(described()), "mediawatch-articles").failed
    assert line == "Kibana took 3 of 16 objects and does not say why"


def test_before_anything_is_indexed_the_rest_is_there(
    server: Kibana, context: Context, rows: Rows
) -> None:
    rows.set(
        "INSERT INTO watch (watch_id, name, owner, query, active_since, created_at)"
        " VALUES ('near', 'Near', 'a@b.example', 'a* NEAR/2 b', now(), now())"
    )
    found = later(context, settings=replace(context.settings, kibana_url=server.url))
    synced, [line] = kibana.sync(found)
    assert synced.taken == 16
    assert "there is none yet" in line


def test_no_kibana_is_said(context: Context) -> None:
    with pytest.raises(ServiceError, match="MEDIAWATCH_KIBANA_URL"):
        kibana.sync(context)
    with pytest.raises(ServiceError, match=r"does not answer at http://127\.0\.0\.1:1/"):
        sync("http://127.0.0.1:1", objects(described()), "mediawatch-articles")
