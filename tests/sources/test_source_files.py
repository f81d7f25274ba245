"""Outlets and sources in files: read, imported by the rule of the house, written back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediawatch.errors import InputError
from mediawatch.model import Outlet
from mediawatch.pipeline.source_files import export_sources, import_outlets, import_sources
from mediawatch.sources.opml import Listed, read_opml, write_opml
from mediawatch.sources.outlets import outlet_of, read_outlets, registrable_domain
from mediawatch.storage import sources as storage
from sources.conftest import NOW

LATER = NOW + timedelta(hours=1)
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:mw="https://mediawatch.invalid/opml"><head><title>Mine</title></head><body>
<outline text="Nordics"><outline text="Fjords &amp; co">
  <outline type="rss" text="Fjord Times" xmlUrl="https://fjord.example/rss" mw:fetch="always"
    mw:outlet="fjord.example" mw:paused="true"/></outline>
  <outline type="rss" title="Lund" xmlurl="https://lund.example/atom?a=1&amp;b=2"/>
</outline>
<outline type="rss" text="" xmlUrl="https://bare.example/feed"/></body></opml>"""
LISTED = (
    Listed(
        url="https://fjord.example/rss",
        title="Fjord Times",
        tags=("Nordics", "Fjords & co"),
        fetch="always",
        outlet="fjord.example",
        paused=True,
    ),
    Listed(url="https://lund.example/atom?a=1&b=2", title="Lund", tags=("Nordics",)),
    Listed(url="https://bare.example/feed"),
)
HEADER = "outlet_id,name,country,zone,locale,tier,licence\n"
CSV = HEADER + "fjord.example,Fjord Times,NOR,Europe/Oslo,nb-NO,2,\n"


def test_an_opml_file_is_read_and_written_without_loss():
    found = read_opml(OPML.encode(), "mine.opml")
    assert (found.listed, found.faults) == (LISTED, ())
    again = read_opml(write_opml("Mine", found.listed), "again.opml")
    assert again.listed == LISTED


def test_an_address_in_two_folders_is_one_source_with_both_tags():
    text = OPML.replace(
        "</body>",
        '<outline text="Daily"><outline xmlUrl="https://lund.example/atom?a=1&amp;b=2"/></outline></body>',
    )
    found = read_opml(text.encode(), "mine.opml")
    assert found.listed[1].tags == ("Nordics", "Daily")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('xmlUrl="ftp://lund.example/x"', "no http or https address"),
        ('xmlUrl="http://lund.example:port/x"', "no http or https address"),
        ('xmlUrl="javascript:alert(1)"', "no http or https address"),
        ('xmlUrl="https://lund.example/a" mw:kind="folder"', "mw:kind 'folder' must be one of"),
        ('xmlUrl="https://lund.example/a" mw:fetch="often"', "mw:fetch 'often' must be one of"),
        ('xmlUrl="https://lund.example/a" mw:paused="maybe"', "mw:paused 'maybe' must be"),
    ],
)
def test_an_outline_that_cannot_be_used_is_named_and_costs_only_itself(wrong: str, words: str):
    text = OPML.replace("</body>", f"<outline {wrong}/></body>")
    found = read_opml(text.encode(), "mine.opml")
    assert found.listed == LISTED
    assert len(found.faults) == 1
    assert "mine.opml" in found.faults[0]
    assert words in found.faults[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"just words", b"<html></html>", b"<opml><body><outline</opml>", b"\x00\x01"],
)
def test_what_is_no_opml_is_refused_by_name(content: bytes):
    with pytest.raises(InputError, match=r"mine\.opml"):
        read_opml(content, "mine.opml")


def test_entities_and_outer_files_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    evil = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "{"y" * 1000}">]>'
    text = f'{evil}<opml><body><outline text="&x;&y;" xmlUrl="https://a.example/f"/></body></opml>'
    (listed,) = read_opml(text.encode(), "mine.opml").listed
    assert "secret" not in listed.title
    assert len(listed.title) < 20


def test_outlets_are_read_and_faults_named_by_line():
    rows = ("b.example,B,,Mars/Base,,,", "c.example,C,,,,9,", ",No id,,,,,")
    rows += ("fjord.example,Twice,,,,,", "d.example,D", "")
    text = CSV + "\n".join(rows)
    found = read_outlets(text, "outlets.csv")
    assert found.outlets == {
        "fjord.example": Outlet(
            outlet_id="fjord.example",
            name="Fjord Times",
            country="NOR",
            zone="Europe/Oslo",
            locale="nb-NO",
            tier=2,
        )
    }
    assert [fault.split(" ")[0] for fault in found.faults] == [
        f"outlets.csv:{line}:" for line in (3, 4, 5, 6, 7)
    ]


@pytest.mark.parametrize("text", ["", "name,country\nA,B\n", "outlet_id,name,colour\n"])
def test_a_file_without_the_columns_is_refused(text: str):
    with pytest.raises(InputError, match=r"outlets\.csv: the first line"):
        read_outlets(text, "outlets.csv")


def test_the_outlet_of_an_address_is_that_of_its_domain():
    known = {"bbc.co.uk", "fjord.example"}
    assert outlet_of("https://www.news.bbc.co.uk/x", known) == "bbc.co.uk"
    assert outlet_of("https://other.co.uk/x", known) is None
    assert registrable_domain("http://127.0.0.1/x") is None
    assert registrable_domain("not an address") is None


def test_a_file_is_imported_once_and_only_what_changed_again(conn):
    import_outlets(conn, CSV, "outlets.csv", NOW)
    first = import_sources(conn, OPML.encode(), "a.opml", NOW)
    assert (len(first.added), first.faults, first.conflicts) == (3, [], [])
    again = import_sources(conn, OPML.encode(), "a.opml", LATER)
    assert (len(again.unchanged), again.added, again.changed) == (3, [], [])
    text = OPML.replace('title="Lund"', 'title="Lund Daily"')
    third = import_sources(conn, text.encode(), "a.opml", LATER)
    assert (len(third.changed), len(third.unchanged)) == (1, 2)
    found = {row["url"]: row for row in storage.sources(conn)}
    assert found["https://lund.example/atom?a=1&b=2"]["title"] == "Lund Daily"
    fjord = found["https://fjord.example/rss"]
    assert (fjord["state"], fjord["outlet_id"], fjord["fetch_policy"]) == (
        "paused",
        "fjord.example",
        "always",
    )


def test_what_was_edited_in_both_places_is_a_conflict_and_the_database_wins(conn):
    import_sources(conn, OPML.encode(), "a.opml", NOW)
    row = storage.find_source(conn, "https://lund.example/atom?a=1&b=2")
    storage.set_source(conn, {**row, "paused": True}, NOW)
    assert import_sources(conn, OPML.encode(), "a.opml", LATER).conflicts == []
    text = OPML.replace('title="Lund"', 'title="Lund" mw:fetch="never"')
    report = import_sources(conn, text.encode(), "a.opml", LATER)
    assert len(report.conflicts) == 1
    assert row["source_id"] in report.conflicts[0]
    kept = storage.find_source(conn, row["source_id"])
    assert (kept["paused"], kept["fetch_policy"]) == (True, "short")


def test_a_title_that_the_feed_gave_is_no_edit(conn):
    import_sources(conn, OPML.encode(), "a.opml", NOW)
    with conn.cursor() as cursor:
        cursor.execute("UPDATE source SET title = 'From the feed' WHERE title = ''")
    text = OPML.replace('text="" xml', 'text="Bare" xml')
    report = import_sources(conn, text.encode(), "a.opml", LATER)
    assert (len(report.changed), report.conflicts) == (1, [])


def test_what_is_gone_from_the_file_stays_unless_pruned(conn):
    import_sources(conn, OPML.encode(), "a.opml", NOW)
    shorter = write_opml("Mine", LISTED[:2])
    assert import_sources(conn, shorter, "a.opml", LATER).pruned == []
    assert len(storage.sources(conn)) == 3
    assert len(import_sources(conn, shorter, "a.opml", LATER, prune=True).pruned) == 1
    assert len(storage.sources(conn)) == 2
    assert len(import_sources(conn, OPML.encode(), "a.opml", LATER).added) == 1
    assert len(storage.sources(conn)) == 3


def test_an_unknown_outlet_is_named_and_taken_once_it_is_known(conn):
    report = import_sources(conn, OPML.encode(), "a.opml", NOW)
    assert len(report.faults) == 1
    assert "fjord.example" in report.faults[0]
    import_outlets(conn, CSV, "outlets.csv", NOW)
    assert import_sources(conn, OPML.encode(), "a.opml", LATER).faults == []
    found = storage.find_source(conn, "https://fjord.example/rss")
    assert found["outlet_id"] == "fjord.example"


def test_an_outlet_met_in_articles_gives_way_to_the_file(conn):
    storage.put_outlets(conn, [Outlet(outlet_id="fjord.example", name="fjord.example")])
    report = import_outlets(conn, CSV, "outlets.csv", NOW)
    assert (report.added, report.conflicts) == (["fjord.example"], [])
    assert storage.outlets(conn)[0].name == "Fjord Times"


def test_the_export_is_what_was_imported(conn):
    import_outlets(conn, CSV, "outlets.csv", NOW)
    import_sources(conn, OPML.encode(), "a.opml", NOW)
    found = read_opml(export_sources(conn, "Out"), "out.opml").listed
    assert sorted(found, key=lambda s: s.url) == sorted(LISTED, key=lambda s: s.url)
