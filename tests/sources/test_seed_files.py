"""What seed folders hold beside texts: pages, tables, addresses, zips; and what changed."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from mediawatch.pipeline.seeds import read_seeds
from mediawatch.pipeline.text import normalise
from sources.conftest import NOW
from sources.test_polling import rows
from sources.test_seeds import SEED, entries
from sources.warcs import page

TEXT = "The ferry to Lund Island sails again after the ice has gone. " * 6
KEYS = "SELECT item_key, state FROM raw_entry ORDER BY 1"
LATER = NOW + timedelta(hours=1)


def payloads(conn, *names: str) -> list[tuple]:
    shown = ", ".join(f"payload ->> '{name}'" for name in names)
    return rows(conn, f"SELECT {shown} FROM raw_entry ORDER BY item_key")


# --- pages and addresses ---------------------------------------------------------------


def test_a_page_becomes_an_article_and_keeps_its_bytes(conn, context, folder: Path):
    body = page("Fähre fährt wieder", TEXT).decode().encode("utf-16")
    (folder / "a.HTML").write_bytes(body)
    (folder / "empty.htm").write_bytes(b" \n")
    (folder / "odd.html").write_bytes(b"\x00\x01\x02" * 99)
    assert read_seeds(context()) == {"in": 3, "new": 3, "rejected": 2}
    normalise(context())
    assert rows(conn, KEYS) == [
        ("a.HTML", "article"), ("empty.htm", "rejected"), ("odd.html", "rejected")
    ]  # fmt: skip
    assert rows(conn, "SELECT title FROM article_version") == [("Fähre fährt wieder",)]
    assert rows(conn, "SELECT intake FROM article") == [("seed",)]


def test_a_list_of_addresses_wants_their_pages(conn, context, folder: Path):
    lines = "# ours\nhttps://fjord.example/1\n\n http://fjord.example/2 \nftp://fjord.example/3\n"
    (folder / "urls.txt").write_text(lines)
    assert read_seeds(context()) == {"in": 3, "new": 3, "rejected": 1}
    assert [row[1] for row in rows(conn, KEYS)].count("wanted") == 2
    ((message,),) = rows(conn, "SELECT message FROM raw_entry WHERE state = 'rejected'")
    assert "line 5" in message
    (folder / "urls.txt").write_text(lines + "https://fjord.example/4\n")
    assert read_seeds(context(LATER))["new"] == 1


# --- tables ----------------------------------------------------------------------------

ROW = {
    "title": "Ice &amp; wind",
    "content": TEXT,
    "date": "2026-03-01",
    "url": "https://f.example/1",
}


def test_rows_of_json_lines(conn, context, folder: Path):
    table = [
        json.dumps({**ROW, "authors": [{"name": "Ada Lind"}, "Per Ek"], "tags": ["sea"], "id": 7}),
        json.dumps({"headline": "No text", "link": "https://f.example/2"}),
        "[1, 2]",
        "{broken",
        json.dumps({"title": "Nothing"}),
        "",
    ]
    (folder / "t.jsonl").write_text("\n".join(table), encoding="utf-8-sig")
    assert read_seeds(context()) == {"in": 5, "new": 5, "rejected": 3}
    assert ("t.jsonl#7", "pending") in rows(conn, KEYS)
    assert ("t.jsonl#//f.example/2", "wanted") in rows(conn, KEYS)
    refused = rows(conn, "SELECT message FROM raw_entry WHERE state = 'rejected'")
    assert sorted(message.split("line ")[1][0] for (message,) in refused) == ["3", "4", "5"]
    first = "SELECT payload FROM raw_entry WHERE item_key = 't.jsonl#7'"
    ((said,),) = rows(conn, first)
    assert (said["title"], said["published"], said["content_type"]) == (
        "Ice & wind", "2026-03-01", "text"
    )  # fmt: skip
    assert (said["authors"], said["categories"]) == (["Ada Lind", "Per Ek"], ["sea"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_rows_of_csv_whatever_parts_them(conn, context, folder: Path, delimiter, charset):
    head, row = ("Title", "Text", "Author"), ("Fähre", 'Sie fährt "wieder",\nsagt er.', "Jörg")
    quoted = delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
    content = f"{delimiter.join(head)}\r\n{quoted}\r\n{delimiter * 2}\r\n"
    (folder / "t.csv").write_bytes(content.encode(charset))
    assert read_seeds(context()) == {"in": 1, "new": 1, "rejected": 0}
    found = payloads(conn, "title", "content", "authors")
    assert found == [("Fähre", 'Sie fährt "wieder",\nsagt er.', '["Jörg"]')]


def test_a_map_says_which_column_is_what(conn, context, folder: Path):
    (folder / "t.csv").write_text("Kop;Bericht;Title\nIjs;<p>Het ijs is <b>weg</b>.</p>;no\n")
    (folder / "columns.yaml").write_text("title: Kop\ncontent: Bericht\n")
    read_seeds(context())
    assert payloads(conn, "title", "content_type") == [("Ijs", "html")]
    (folder / "columns.yaml").write_text("title: Title\ncontent: Bericht\n")
    assert read_seeds(context(LATER))["new"] == 1


@pytest.mark.parametrize("text", ["title: [a]", "heading: Kop", "- x", "a: b: c", "&a [*a"])
def test_a_map_that_makes_no_sense_is_said(conn, context, folder: Path, text: str):
    (folder / "t.csv").write_text("title;content\nIjs;weg\n")
    (folder / "columns.yaml").write_text(text)
    assert read_seeds(context())["rejected"] == 1
    ((message,),) = rows(conn, "SELECT message FROM raw_entry")
    assert "columns.yaml" in message


def test_only_rows_that_are_new_or_changed_enter(conn, context, folder: Path):
    first, second = ({**ROW, "url": f"https://f.example/{n}"} for n in (1, 2))
    (folder / "t.jsonl").write_text(f"{json.dumps(first)}\n")
    read_seeds(context())
    assert read_seeds(context(LATER))["new"] == 0
    first["content"] += "It was late."
    (folder / "t.jsonl").write_text(f"{json.dumps(second)}\n{json.dumps(first)}\n")
    assert read_seeds(context(LATER))["new"] == 2
    (folder / "t.jsonl").write_text(f"{json.dumps(second)}\n")
    assert read_seeds(context(LATER))["vanished"] == 1


# --- zips ------------------------------------------------------------------------------


def test_a_zip_is_read_in_memory_and_its_names_are_no_paths(
    conn, context, folder: Path, tmp_path: Path
):
    with zipfile.ZipFile(folder / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", SEED)
        archive.writestr("../../out.txt", SEED + "1")
        archive.writestr("/etc/abs.txt", SEED + "2")
        archive.writestr("t/t.csv", "Kop;Bericht\nIjs;weg\n")
        archive.writestr("t/columns.yaml", "title: Kop\ncontent: Bericht\n")
        archive.writestr("t/p.html", page("Ferry", TEXT))
        archive.writestr("inner.zip", b"PK")
        archive.writestr("notes.md", "no seed")
        archive.writestr(".hidden.txt", "no seed")
    before = sorted(tmp_path.rglob("*"))
    assert read_seeds(context()) == {"in": 6, "new": 6, "rejected": 1}
    assert sorted(tmp_path.rglob("*")) == before
    found = dict(rows(conn, KEYS))
    assert found["z.zip/a.txt"] == "pending"
    assert found["z.zip/../../out.txt"] == "pending"
    assert found["z.zip/inner.zip"] == "rejected"
    assert sum(key.startswith("z.zip/t/t.csv#") for key in found) == 1
    assert read_seeds(context(LATER)) == {"in": 1, "new": 0, "rejected": 0}


def test_bombs_and_lies_in_a_zip_are_refused_alone(conn, context, folder: Path):
    with zipfile.ZipFile(folder / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b" " * 3_000_000)
        archive.writestr("good.txt", SEED)
        archive.writestr("filler.html", bytes(range(256)) * 400, zipfile.ZIP_STORED)
        archive.writestr("broken.txt", SEED * 9, zipfile.ZIP_STORED)
    content = (folder / "z.zip").read_bytes()
    (folder / "z.zip").write_bytes(content.replace(b"ferry to Lund", b"ferry to Lunf", 5)[:])
    read_seeds(context())
    codes = dict(rows(conn, "SELECT item_key, coalesce(code, state) FROM raw_entry"))
    assert codes["z.zip/bomb.txt"] == "bomb"
    assert codes["z.zip/broken.txt"] == "not_text"
    assert codes["z.zip/good.txt"] == "pending"


@pytest.mark.parametrize(
    ("entries_", "size", "code"),
    [(100_001, 0, "too_large"), (300, 1_000_000, "bomb")],
    ids=["entries", "sum"],
)
def test_a_zip_beyond_the_limits_is_refused_whole(conn, context, folder, entries_, size, code):
    with zipfile.ZipFile(folder / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries_):
            archive.writestr(f"{number}.txt", b"a" * size)
    assert read_seeds(context()) == {"in": 1, "new": 1, "rejected": 1}
    assert rows(conn, "SELECT item_key, code FROM raw_entry") == [("z.zip", code)]


def test_what_is_no_zip_is_refused(conn, context, folder: Path):
    (folder / "z.zip").write_bytes(b"PK\x03\x04 no zip")
    assert read_seeds(context())["rejected"] == 1


# --- what changed ----------------------------------------------------------------------


def test_a_text_that_returns_after_another_is_a_third_version(conn, context, folder: Path):
    first, second = (f" date 2026-03-01 The ferry {did}.\n\n{TEXT}" for did in ("sails", "sank"))
    for hour, text in enumerate((first, second, first, first)):
        (folder / "a.txt").write_text(text)
        read_seeds(context(NOW + timedelta(hours=hour)))
        normalise(context(NOW + timedelta(hours=hour)))
    assert [row[1] for row in entries(conn)] == ["article", "version", "version"]
    titles = rows(conn, "SELECT title FROM article_version ORDER BY version_no")
    assert [title.split()[-1] for (title,) in titles] == ["sails.", "sank.", "sails."]


def test_what_is_gone_is_noted_and_its_return_is_no_news(conn, context, folder: Path):
    (folder / "a.txt").write_text(SEED)
    (folder / "b.txt").write_text(SEED)
    read_seeds(context())
    (folder / "a.txt").unlink()
    assert read_seeds(context(LATER)) == {"in": 1, "new": 0, "rejected": 0, "vanished": 1}
    gone = "SELECT item_key FROM seed_item WHERE gone_at IS NOT NULL"
    assert rows(conn, gone) == [("a.txt",)]
    assert rows(conn, 'SELECT message FROM "fetch" WHERE message IS NOT NULL') != []
    (folder / "a.txt").write_text(SEED)
    assert read_seeds(context(LATER)) == {"in": 2, "new": 0, "rejected": 0}
    assert rows(conn, gone) == []
