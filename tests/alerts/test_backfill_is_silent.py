"""What an archive brings is matched and kept, and nobody gets a mail of it, however new it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.desk import NOW, Desk, watch_text
from alerts.wire_desk import SIDE, WIRE, WireDesk
from mediawatch.pipeline.archives import read_archive
from sources.warcs import packed, page, response

SITE = "https://quay.example"


def test_an_archive_makes_matches_and_no_mail(desk: Desk) -> None:
    folder = desk.settings.home / "archive"
    folder.mkdir()
    settings = replace(desk.settings, taggers=(), seed_roots=(folder,))
    desk.run_sql("DELETE FROM source")
    wire_desk = WireDesk(desk.conn, settings, desk.smtp)
    wire_desk.watch(watch_text("fish", '"halvor ness" AND quint', name="Fish"))
    today = f"{NOW:%Y-%m-%d}"
    texts = [WIRE if number % 2 else f"{SIDE} Number {number}." for number in range(30)]
    (folder / "a.warc.gz").write_bytes(
        packed(
            *(
                response(f"{SITE}/{number}", page(f"Ness {number}", text, today), day=today)
                for number, text in enumerate(texts)
            )
        )
    )
    assert read_archive(wire_desk.context, str(folder))["new"] == 30
    assert wire_desk.work() == 0
    found = {(match[4], match[5]) for match in wire_desk.matches()}
    assert found == {("suppressed", "backfill")}
    assert desk.run_sql("SELECT DISTINCT intake FROM article") == [("archive",)]
    wire_desk.wait(hours=26)
    assert wire_desk.digest()["sent"] == 0
    assert read_archive(wire_desk.context, str(folder)).get("new", 0) == 0
    assert wire_desk.work() == 0
    assert desk.run_sql("SELECT count(*) FROM delivery") == [(0,)]

    wire_desk.entry(
        "Gazette", "Ness and Quint meet", WIRE, "/1", wire_desk.now - timedelta(hours=1)
    )
    assert wire_desk.work() == 1
