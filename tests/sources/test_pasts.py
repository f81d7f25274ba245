"""A feed's own past: archived and paged feeds, WordPress's pages, sitemaps of an index."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from mediawatch.errors import InputError
from mediawatch.pipeline.pasts import read_past
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows
from sources.test_sitemaps import index, urlset
from sources.web import Answer, Web

PAGES = 4
KINDS = "SELECT kind, count(*) FROM raw_entry JOIN source USING (source_id) GROUP BY 1 ORDER BY 1"


def items(page: int) -> str:
    return "".join(
        f"<item><title>R {page}.{n}</title><link>https://a.example/{page}/{n}</link>"
        f"<description>{LONG}</description></item>"
        for n in range(3)
    )


def rss(page: int, head: str = "") -> Answer:
    return Answer(f'<rss version="2.0"><channel>{head}{items(page)}</channel></rss>'.encode())


def atom_link(rel: str, address: str) -> str:
    return f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="{rel}" href="{address}"/>'


def wordpress(web: Web) -> None:
    head = "<generator>https://wordpress.org/?v=6.4</generator>"
    web.answers["/feed/"] = rss(1, head)
    for page in range(2, PAGES + 1):
        web.answers[f"/feed/?paged={page}"] = rss(page, head)


def archived(web: Web) -> None:
    web.answers["/feed/"] = rss(1, atom_link("prev-archive", f"{web.url}/old/2"))
    for page in range(2, PAGES):
        web.answers[f"/old/{page}"] = rss(page, atom_link("prev-archive", f"/old/{page + 1}"))
    web.answers[f"/old/{PAGES}"] = rss(PAGES)


def paged(web: Web) -> None:
    archived(web)
    for answer in web.answers.values():
        answer.body = answer.body.replace(b"prev-archive", b"next")


def json_feed(web: Web) -> None:
    for page in range(1, PAGES + 1):
        found = [{"id": f"{page}.{n}", "title": "R", "content_text": LONG} for n in range(3)]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": found}
        if page < PAGES:
            feed["next_url"] = f"{web.url}/{page + 1}"
        web.answers["/feed/" if page == 1 else f"/{page}"] = Answer(json.dumps(feed).encode())


@pytest.mark.parametrize("site", [wordpress, archived, paged, json_feed])
def test_a_feed_is_read_back_to_its_beginning_as_an_archive(conn, web: Web, context, site):
    site(web)
    name = follow(conn, f"{web.url}/feed/")
    poll_sources(context())
    counts = read_past(context(), name)
    assert (counts["pages"], counts["in"], counts["new"]) == (PAGES, 3 * PAGES, 3 * PAGES)
    assert rows(conn, KINDS) == [("archive", 3 * PAGES), ("feed", 3)]
    again = read_past(context(NOW + timedelta(days=1)), f"{web.url}/feed/")
    assert (again["pages"], again["new"]) == (1, 0)


def test_pages_in_a_circle_and_the_same_page_for_every_number_end(conn, web: Web, context):
    head = "<generator>WordPress</generator>"
    web.answers["/feed/"] = rss(1, head)
    for page in range(2, 30):
        web.answers[f"/feed/?paged={page}"] = rss(1, head)
    web.answers["/circle"] = rss(1, atom_link("next", "/circle2"))
    web.answers["/circle2"] = rss(2, atom_link("next", "/circle"))
    assert read_past(context(), follow(conn, f"{web.url}/feed/"))["pages"] == 2
    assert read_past(context(), follow(conn, f"{web.url}/circle"))["pages"] == 2


def test_every_sitemap_of_an_index_is_read(conn, web: Web, context):
    parts = [f"{web.url}/{n}.xml" for n in range(30)]
    web.answers["/i.xml"] = Answer(index(*((part, "2019-01-01") for part in parts)))
    for n in range(30):
        web.answers[f"/{n}.xml"] = Answer(urlset((f"{web.url}/p{n}", "2019-01-01")))
    del web.answers["/7.xml"]
    name = follow(conn, f"{web.url}/i.xml", kind="sitemap")
    counts = read_past(context(), name)
    assert (counts["pages"], counts["new"], counts["failed"]) == (30, 29, 1)
    assert rows(conn, "SELECT DISTINCT state FROM raw_entry") == [("wanted",)]


def test_robots_are_asked(conn, web: Web, context):
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feed/?paged=\n")
    wordpress(web)
    assert read_past(context(), follow(conn, f"{web.url}/feed/"))["pages"] == 1


def test_a_past_that_cannot_be_read_says_why(conn, web: Web, context):
    name = follow(conn, f"{web.url}/feed/")
    with pytest.raises(InputError, match="404"):
        read_past(context(), name)
    with pytest.raises(InputError, match="nothing-here"):
        read_past(context(), "nothing-here")


STEP = """import os, sys
from mediawatch.pipeline.context import open_context
from mediawatch.pipeline.pasts import read_past
with open_context() as context:
    read_past(context, sys.argv[1])"""


def test_killed_at_every_page_it_goes_on_and_all_come_once(
    conn, web: Web, settings, database_url: str
):
    wordpress(web)
    name = follow(conn, f"{web.url}/feed/")
    env = {
        **os.environ,
        "MEDIAWATCH_HOME": str(settings.home),
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": "http://127.0.0.1:9",
        "MEDIAWATCH_SMTP_URL": "smtp://127.0.0.1:9",
        "MEDIAWATCH_ALLOW_HOSTS": f"127.0.0.1:{web.port}",
    }
    command = [sys.executable, "-c", STEP, name]
    killed = subprocess.run(command, env=env | {"MEDIAWATCH_KILL_AT": "past.written"}, check=False)
    assert killed.returncode == -signal.SIGKILL
    subprocess.run(command, env=env, check=True)
    assert rows(conn, "SELECT count(*), count(DISTINCT item_key) FROM raw_entry") == [(12, 12)]
