"""The command ``mediawatch sources`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mediawatch.cli import sources as command
from mediawatch.settings import Settings
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
