"""The command ``mediawatch sources`` as a person types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mediawatch.cli import sources as command
from mediawatch.errors import InputError
from mediawatch.settings import Settings
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_following import dated
from sources.test_polling import LONG, rss
from sources.web import Answer, Web


@pytest.fixture
def run(database_url: str, settings: Settings, capsys: pytest.CaptureFixture[str]):
    import argparse
    from dataclasses import replace

    used = replace(settings, database_url=database_url, elasticsearch_url="http://127.0.0.1:9")

    def call(*words: str):
        parser = argparse.ArgumentParser()
        command.add_parsers(parser.add_subparsers())
        args = parser.parse_args(["sources", *words])
        status = args.run(args, used)
        return status, capsys.readouterr().out

    return call


def test_add_looks_first_then_list_pause_resume_remove(run, web: Web):
    web.answers["/f"] = Answer(rss(("The lock is open", "http://a.example/1", LONG)))
    status, out = run("add", f"{web.url}/f", "--tag", "Harbour", "--fetch", "never", "--json")
    added = json.loads(out)
    assert (status, added["items"], added["first"]) == (0, 1, ["The lock is open"])
    (row,) = json.loads(run("list", "--json")[1])
    assert (row["state"], row["tags"], row["fetch_policy"]) == ("new", ["Harbour"], "never")
    run("pause", added["source_id"])
    assert json.loads(run("list", "--json")[1])[0]["state"] == "paused"
    run("resume", f"{web.url}/f")
    assert json.loads(run("list", "--json")[1])[0]["state"] == "new"
    assert "The lock is open" in run("check", added["source_id"])[1]
    run("remove", added["source_id"])
    assert json.loads(run("list", "--json")[1]) == []
    assert "Nothing is followed" in run("list")[1]


def test_a_page_is_refused_and_its_feeds_are_named(run, web: Web):
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head></html>'
    web.answers["/"] = Answer(page)
    with pytest.raises(Exception, match=f"{web.url}/f"):
        run("add", f"{web.url}/")
    assert json.loads(run("list", "--json")[1]) == []


def site(web: Web, *feeds: str) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds
    )
    web.answers["/"] = Answer(f"<html><head>{links}</head></html>".encode())


def test_the_feed_of_a_site_is_found_shown_and_followed(run, web: Web):
    site(web, "/gone", "/news.xml")
    hours = [datetime.now(UTC) - timedelta(hours=n) for n in range(1, 49)]
    web.answers["/news.xml"] = Answer(dated(*hours))
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\n")
    status, out = run("add", f"{web.url}/")
    assert status == 0
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert lines["url"] == f"{web.url}/news.xml"
    assert (lines["kind"], lines["format"], lines["items"]) == ("feed", "rss20", "48")
    assert "Report of" in lines["first"]
    assert lines["fresh"].endswith("ago, about 23 a day")
    assert lines["robots"] == "robots.txt allows it"
    assert lines["will"].startswith("It will be read again after ")
    assert "The pages of 48 of its 48 items will be read" in lines["will"]
    (row,) = json.loads(run("list", "--json")[1])
    assert (row["url"], row["kind"]) == (f"{web.url}/news.xml", "feed")


def test_of_several_feeds_one_must_be_named(run, web: Web):
    site(web, "/news.xml", "/sport.xml", "/news-again.xml")
    news, sport = (rss((title, "http://a.example/1", LONG)) for title in ("A", "B"))
    web.answers |= {"/news.xml": Answer(news), "/news-again.xml": Answer(news)}
    web.answers["/sport.xml"] = Answer(sport)
    with pytest.raises(InputError, match="names 2 feeds; add one of them") as told:
        run("add", f"{web.url}/")
    assert f"{web.url}/sport.xml  Arvendale Post (1 items" in str(told.value)
    assert json.loads(run("list", "--json")[1]) == []


def test_a_site_that_names_no_feed_is_asked_at_the_usual_places(run, web: Web):
    site(web)
    web.answers["/feed"] = Answer(rss(("A", "http://a.example/1", LONG)))
    run("add", f"{web.url}/")
    assert json.loads(run("list", "--json")[1])[0]["url"] == f"{web.url}/feed"


def test_a_sitemap_is_followed_as_one(run, web: Web):
    day = f"{NOW:%Y-%m-%d}"
    web.answers["/map.xml"] = Answer(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>'
        f"<loc>{web.url}/a</loc><lastmod>{day}</lastmod></url></urlset>".encode()
    )
    run("add", f"{web.url}/map.xml")
    assert json.loads(run("list", "--json")[1])[0]["kind"] == "sitemap"


def test_a_section_page_is_followed_when_it_is_asked_for(run, web: Web):
    web.answers["/"] = Answer(
        b'<html><body><a href="/news/ferry-sails-again-after-ice">More</a></body></html>'
    )
    added = json.loads(run("add", f"{web.url}/", "--kind", "page", "--json")[1])
    assert (added["kind"], added["first"]) == (
        "page",
        [f"{web.url}/news/ferry-sails-again-after-ice"],
    )
    assert "1 of its 1 links are articles by their shape" in " ".join(added["will"])
    assert json.loads(run("list", "--json")[1])[0]["kind"] == "page"
    assert json.loads(run("check", added["source_id"], "--json")[1])["items"] == 1


def test_a_section_page_that_robots_txt_forbids_is_not_followed(run, web: Web):
    site(web)
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    with pytest.raises(InputError, match="does not allow it"):
        run("add", f"{web.url}/", "--kind", "page")
    assert "/" not in web.paths()
    assert json.loads(run("list", "--json")[1]) == []


def test_what_is_not_of_the_kind_that_was_asked_for_is_refused(run, web: Web):
    web.answers["/"] = Answer(b"<html><title>Arvendale</title><p>News</p></html>")
    with pytest.raises(InputError, match="its first tag is <html>"):
        run("add", f"{web.url}/", "--kind", "sitemap")


def test_a_feed_that_moved_is_followed_where_it_is(run, web: Web):
    web.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    web.answers["/new"] = Answer(rss(("A", "http://a.example/1", LONG)))
    added = json.loads(run("add", f"{web.url}/old", "--json")[1])
    assert added["url"] == f"{web.url}/new"
    assert "has moved for good" in added["will"][0]


def test_what_robots_txt_says_is_told(run, web: Web):
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    added = json.loads(run("add", f"{web.url}/f", "--json")[1])
    assert added["robots"] == "The site's robots.txt does not allow it."
    assert "a feed is read all the same" in added["will"][-1]


def test_nothing_is_followed_twice(run, web: Web):
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1", LONG)))
    first = json.loads(run("add", f"{web.url}/f", "--tag", "Mine", "--json")[1])
    with pytest.raises(InputError, match=f"followed already: {first['source_id']}"):
        run("add", f"{web.url}/f")
    assert json.loads(run("list", "--json")[1])[0]["tags"] == ["Mine"]


def test_an_address_that_is_not_followed_can_be_checked(run, web: Web):
    web.answers["/f"] = Answer(rss(("The lock is open", "http://a.example/1", LONG)))
    status, out = run("check", f"{web.url}/f")
    assert (status, "The lock is open" in out) == (0, True)
    assert json.loads(run("list", "--json")[1]) == []


def test_check_tells_how_it_is_and_how_it_was(run, conn, web: Web, context):
    web.answers["/f"] = Answer(rss(("The lock is open", "http://a.example/1", LONG)))
    added = json.loads(run("add", f"{web.url}/f", "--json")[1])
    late = datetime.now(UTC) + timedelta(minutes=1)
    poll_sources(context(late))
    web.answers["/f"] = Answer(status=503)
    poll_sources(context(late + timedelta(days=1)))
    web.answers["/f"] = Answer(rss(("The lock is shut", "http://a.example/2", LONG)))
    out = run("check", added["source_id"])[1]
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0].startswith("state failing since ")
    assert lines[0].endswith("The server failed. (status 503)")
    assert [line.split()[2] for line in lines[1:6]] == ["failing", "fine", "new", "http_5xx", "ok"]
    assert lines[5].endswith("1 items, 1 new")
    assert "The lock is shut" in out
    listed = run("list")[1]
    assert "1 sources: 1 failing" in listed
    assert json.loads(run("list", "--state", "fine", "--json")[1]) == []


@pytest.mark.parametrize("name", ["pause", "check", "remove"])
def test_a_source_that_is_not_there_is_named(run, name: str):
    with pytest.raises(Exception, match="no source 'nothing'"):
        run(name, "nothing")


def test_a_folder_must_lie_below_the_roots(run, settings: Settings, tmp_path: Path):
    inside = settings.seed_roots[0] / "mine"
    inside.mkdir(parents=True)
    assert run("add", str(inside))[0] == 0
    assert "mine" in run("list")[1]
    with pytest.raises(Exception, match="MEDIAWATCH_SEED_ROOTS"):
        run("add", str(tmp_path))


def test_import_and_export(run, tmp_path: Path):
    file = tmp_path / "mine.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="News"><outline text="A" xmlUrl="https://a.example/f"/>'
        '</outline><outline xmlUrl="nonsense"/></body></opml>'
    )
    status, out = run("import", str(file), "--json")
    assert (status, json.loads(out)["added"], json.loads(out)["faults"]) == (1, 1, 1)
    assert 'xmlUrl="https://a.example/f"' in run("export")[1]
    run("export", str(tmp_path / "out.opml"))
    assert run("import", str(tmp_path / "out.opml"))[0] == 0
