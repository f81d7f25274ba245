"""Web archives: which records are taken, which are refused, and where a reading goes on."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest

from mediawatch.cli import backfill as command
from mediawatch.errors import InputError
from mediawatch.pipeline.archives import read_archive
from mediawatch.pipeline.text import normalise
from mediawatch.sources.archives import Wanted, records
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection
from sources.test_polling import rows
from sources.warcs import packed, page, record, response

TEXT = "The harbour office of Lund Island opened a second ferry line on Saturday morning. " * 8
GERMAN = "Das Hafenamt der Insel hat am Samstag eine zweite Linie der Fähre eröffnet. " * 8
SITE = "https://fjord.example"


@pytest.fixture
def folder(settings) -> Path:
    """An empty folder below the seed root."""
    path = settings.seed_roots[0] / "old"
    path.mkdir(parents=True)
    return path


def urls(conn: Connection) -> list[str]:
    found = rows(conn, "SELECT payload ->> 'url' FROM raw_entry WHERE state = 'pending' ORDER BY 1")
    return [url.removeprefix(SITE) for (url,) in found]


def taken(content: bytes, wanted: Wanted | None = None) -> list[Any]:
    found = records(io.BytesIO(content), 0, 0, wanted or Wanted())
    return [each.capture for each in found if each.capture]


# --- records ---------------------------------------------------------------------------


def test_pages_that_were_answered_well_are_taken(conn, context, folder: Path):
    body = page("A ferry", TEXT)
    (folder / "a.warc.gz").write_bytes(
        packed(
            record("warcinfo", "", "2019-05-04", b"software: x\r\n"),
            record("request", f"{SITE}/1", "2019-05-04", b"GET /1 HTTP/1.1\r\n\r\n"),
            response(f"{SITE}/1", body),
            response(f"{SITE}/2", body, status=404),
            response(f"{SITE}/3.jpg", b"\xff\xd8", content_type="image/jpeg"),
            response("dns:fjord.example", body),
            record("revisit", f"{SITE}/4", "2019-05-04", b"HTTP/1.1 200 OK\r\n\r\n"),
        )
    )
    assert read_archive(context(), str(folder)) == {
        "in": 4, "passed": 3, "new": 1, "known": 0, "rejected": 0,
    }  # fmt: skip
    ((url, fetched_at, sha),) = rows(
        conn, "SELECT payload ->> 'url', payload ->> 'fetched_at', page_sha256 FROM raw_entry"
    )
    assert (url, fetched_at) == (f"{SITE}/1", "2019-05-04T10:00:00+00:00")
    assert storage.raw_body(conn, sha) == body
    assert rows(conn, "SELECT kind, state FROM source") == [("archive", "fine")]


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        ("", lambda body: body),
        ("Content-Encoding: gzip\r\n", gzip.compress),
        ("Content-Encoding: br\r\n", brotli.compress),
        ("Content-Encoding: gzip\r\n", lambda body: body),
        ("Content-Encoding: br\r\n", lambda body: body),
        ("Transfer-Encoding: chunked\r\n", lambda body: body),
        (
            "Transfer-Encoding: chunked\r\n",
            lambda body: (
                b"%x\r\n%b\r\n%x;x=y\r\n%b\r\n0\r\n\r\n" % (9, body[:9], len(body) - 9, body[9:])
            ),
        ),
    ],
    ids=["bare", "gzip", "br", "not gzip", "not br", "not chunked", "chunked"],
)
@pytest.mark.parametrize("file", [packed, gzip.compress, bytes], ids=["members", "one", "plain"])
def test_a_page_is_unpacked_whatever_is_said_of_it(headers: str, pack, file):
    body = page("A ferry", TEXT)
    (found,) = taken(file(response(f"{SITE}/1", pack(body), headers=headers)))
    assert found.content == body


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b" " * 20_000_001, "", "too_large"),
        (gzip.compress(b" " * 30_000_000), "Content-Encoding: gzip\r\n", "bomb"),
        (brotli.compress(b" " * 30_000_000), "Content-Encoding: br\r\n", "too_large"),
    ],
    ids=["large", "gzip", "br"],
)
def test_what_is_too_large_is_passed_over_with_a_row(
    conn, context, folder: Path, body: bytes, headers: str, code: str
):
    sound = response(f"{SITE}/2", page("A ferry", TEXT))
    file = folder / "a.warc.gz"
    file.write_bytes(packed(response(f"{SITE}/1", body, headers=headers), sound))
    assert read_archive(context(), str(file))["rejected"] == 1
    assert urls(conn) == ["/2"]
    refused = "SELECT code, message FROM raw_entry WHERE state = 'rejected'"
    ((found, message),) = rows(conn, refused)
    assert found == code
    assert f"{SITE}/1" in message


@pytest.mark.parametrize("file", [packed, lambda *found: b"".join(found)], ids=["gz", "plain"])
def test_a_broken_record_costs_itself_alone(file):
    first, second, third = (response(f"{SITE}/{n}", page(f"F {n}", TEXT)) for n in range(3))
    whole = file(first, second, third)
    place = len(file(first))
    broken = whole[: place + 12] + b"\x00\xff" * 20 + whole[place + 52 :]
    found = taken(broken)
    assert [c.url for c in found if c.content] == [f"{SITE}/0", f"{SITE}/2"]


def test_an_archive_that_breaks_off_gives_what_is_whole():
    content = packed(*(response(f"{SITE}/{n}", page(f"F {n}", TEXT)) for n in range(3)))
    assert [c.url for c in taken(content[:-300]) if c.content][:2] == [f"{SITE}/0", f"{SITE}/1"]


def test_what_is_no_archive_is_said(conn, context, folder: Path):
    (folder / "a.warc").write_bytes(b"no archive at all\n" * 99)
    assert read_archive(context(), str(folder))["rejected"] == 1


# --- the choice ------------------------------------------------------------------------


@pytest.fixture
def mixed(folder: Path) -> Path:
    """Pages of four sites and three days, one of them German."""
    found = (
        ("https://fjord.example/1", "2019-05-04", "en", TEXT),
        ("https://en.fjord.example/2", "2019-05-05", "en", TEXT + "Two."),
        ("https://notfjord.example/3", "2019-05-06", "en", TEXT + "Three."),
        ("https://hafen.example/4", "2019-05-05", "de", GERMAN),
    )
    (folder / "a.warc.gz").write_bytes(
        packed(
            *(
                response(url, page("Ferry", text, day, language), day=day)
                for url, day, language, text in found
            )
        )
    )
    return folder


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        ({"since": "2019-05-05"}, "234"),
        ({"until": "2019-05-05"}, "124"),
        ({"since": "2019-05-05", "until": "2019-05-05"}, "24"),
        ({"domains": "fjord.example"}, "12"),
        ({"domains": "en.fjord.example, hafen.example"}, "24"),
        ({"languages": "de"}, "4"),
        ({"languages": "en", "until": "2019-05-04"}, "1"),
    ],
)
def test_a_choice(conn, context, mixed: Path, choice: dict[str, str], numbers: str):
    read_archive(context(), str(mixed), **choice)
    assert "".join(sorted(url[-1] for url in urls(conn))) == numbers


def test_another_choice_reads_the_file_again(conn, context, mixed: Path):
    assert read_archive(context(), str(mixed), languages="de")["new"] == 1
    assert "new" not in read_archive(context(), str(mixed), languages="de")
    assert read_archive(context(), str(mixed))["new"] == 3


@pytest.mark.parametrize(
    "choice", [{"since": "May"}, {"until": "2019-13-01"}, {"languages": "english"}]
)
def test_a_choice_that_makes_no_sense_is_refused(context, mixed: Path, choice: dict[str, str]):
    with pytest.raises(InputError, match=next(iter(choice.values()))):
        read_archive(context(), str(mixed), **choice)


def test_two_captures_of_a_page_are_two_versions(conn, context, settings, folder: Path):
    old, new = (
        page("A ferry", TEXT + more) for more in ("It is red.", "It is blue, they said." * 9)
    )
    (folder / "a.warc").write_bytes(
        response(f"{SITE}/1", old, day="2019-05-04") + response(f"{SITE}/1", new, day="2019-05-05")
        + response(f"{SITE}/1", new, day="2019-05-06")
    )  # fmt: skip
    assert read_archive(context(), str(folder))["new"] == 2
    normalise(context())
    assert rows(conn, "SELECT intake, version_no FROM article") == [("archive", 2)]


def test_an_undated_page_is_dated_by_its_capture(conn, context, folder: Path):
    undated = f"<html><body><article><h1>A ferry</h1><p>{TEXT}</p></article></body></html>"
    (folder / "a.warc").write_bytes(response(f"{SITE}/1", undated.encode(), day="2019-05-04"))
    read_archive(context(), str(folder))
    normalise(context())
    ((dated_at, first_seen_at),) = rows(conn, "SELECT dated_at, first_seen_at FROM article")
    assert f"{dated_at:%Y-%m-%d}" == "2019-05-04"
    assert f"{first_seen_at:%Y-%m-%d}" == "2026-03-02"


# --- killed ----------------------------------------------------------------------------

RECORDS = 2_000
PROGRAM = "from mediawatch.cli import main; raise SystemExit(main())"


@pytest.fixture
def env(database_url: str, settings) -> dict[str, str]:
    """The environment of the program on this test's database."""
    return {
        **os.environ,
        "MEDIAWATCH_HOME": str(settings.home),
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": "http://127.0.0.1:9",
        "MEDIAWATCH_SMTP_URL": "smtp://127.0.0.1:9",
        "MEDIAWATCH_SEED_ROOTS": str(settings.seed_roots[0]),
    }


def backfill(path: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM, "backfill", str(path), "--json"]


def test_killed_twice_in_the_middle_all_records_come_once(conn, env, folder: Path):
    file = folder / "large.warc.gz"
    with file.open("wb") as stream:
        for number in range(RECORDS):
            text = f"Report {number} of the harbour office. {TEXT[: 80 + number % 300]}"
            stream.write(packed(response(f"{SITE}/{number}", page(f"Report {number}", text))))

    def count() -> int:
        conn.commit()
        return int(rows(conn, "SELECT count(*) FROM raw_entry")[0][0])

    for least in (300, 900):
        with subprocess.Popen(backfill(file), env=env) as process:
            while count() < least:
                assert process.poll() is None
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert least <= count() < RECORDS
    before = count()
    last = subprocess.run(backfill(file), env=env, capture_output=True, text=True, check=True)
    counts = json.loads(last.stdout)
    assert (counts["new"], counts["known"]) == (RECORDS - before, 0)
    conn.commit()
    once = rows(conn, "SELECT count(*), count(DISTINCT item_key) FROM raw_entry")
    assert once == [(RECORDS, RECORDS)]
    assert rows(conn, "SELECT records, done FROM archive_position") == [(RECORDS, True)]


STEP = """import sys
from mediawatch.pipeline import steps
steps.run("read_archive", None, None, sys.argv[1])"""


def test_killed_at_any_place_nothing_is_lost(conn, env, folder: Path):
    (folder / "a.warc.gz").write_bytes(
        packed(*(response(f"{SITE}/{n}", page(f"F {n}", f"{n} {TEXT}")) for n in range(150)))
    )
    command = [sys.executable, "-c", STEP, str(folder)]
    for place in ("archive.read", "archive.written"):
        killed = subprocess.run(command, env=env | {"MEDIAWATCH_KILL_AT": place}, check=False)
        assert killed.returncode == -signal.SIGKILL
    subprocess.run(command, env=env, check=True)
    assert len(urls(conn)) == 150


def test_a_day_is_read_as_a_day():
    wanted = Wanted.parse("2019-05-04", "", " .Fjord.example ,", "EN")
    assert wanted.takes("https://www.fjord.example/x", datetime(2019, 5, 4, tzinfo=UTC))
    assert not wanted.takes("https://www.fjord.example/x", datetime(2019, 5, 3, 23, tzinfo=UTC))
    assert not wanted.takes("https://fjord.example.evil.example/", datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], "either the paths"),
        (["a.warc", "--source", "x"], "either the paths"),
        (["--source", "x", "--since", "2019-05-04"], "for archives"),
    ],
)
def test_the_command_says_what_it_takes(settings, words: list[str], fault: str):
    parser = argparse.ArgumentParser()
    command.add_parsers(parser.add_subparsers())
    args = parser.parse_args(["backfill", *words])
    with pytest.raises(InputError, match=fault):
        args.run(args, settings)
