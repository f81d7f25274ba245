"""Seed folders on a real disk: what is read, what is rejected, what is new."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mediawatch.errors import InputError
from mediawatch.pipeline.archives import read_archive
from mediawatch.pipeline.seeds import add_folder_source, read_seeds
from mediawatch.sources.seeds import folder_below
from mediawatch.storage.connection import Connection
from sources.conftest import NOW

SEED = " date 2026-03-01 The ferry to Lund Island will sail again.\n\nThe second paragraph."


def entries(conn: Connection) -> list[Any]:
    with conn.cursor() as cursor:
        cursor.execute(
            "SELECT item_key, state, code, payload->>'content' FROM raw_entry"
            " ORDER BY item_key, first_seen_at"
        )
        return cursor.fetchall()


def state(conn: Connection) -> tuple[str, str | None]:
    with conn.cursor() as cursor:
        cursor.execute("SELECT state, state_reason FROM source")
        return cursor.fetchone()


def test_files_become_entries_raw_and_keyed_by_their_path(conn, context, folder: Path):
    (folder / "2026" / "march").mkdir(parents=True)
    (folder / "a.txt").write_text(SEED, encoding="utf-8-sig")
    (folder / "2026" / "march" / "b c.TXT").write_text("Zweite Meldung: Äpfel.", encoding="utf-8")
    (folder / "notes.md").write_text("no seed")
    (folder / ".hidden.txt").write_text("no seed")
    (folder / ".git").mkdir()
    (folder / ".git" / "c.txt").write_text("no seed")
    assert read_seeds(context()) == {"in": 2, "new": 2, "rejected": 0}
    assert entries(conn) == [
        ("2026/march/b c.TXT", "pending", None, "Zweite Meldung: Äpfel."),
        ("a.txt", "pending", None, SEED),
    ]
    assert state(conn)[0] == "fine"


def test_what_was_read_is_not_read_again_whatever_its_time(conn, context, folder: Path):
    (folder / "a.txt").write_text(SEED)
    read_seeds(context())
    os.utime(folder / "a.txt", (2_000_000_000, 2_000_000_000))
    assert read_seeds(context(NOW + timedelta(hours=1))) == {"in": 1, "new": 0, "rejected": 0}
    assert state(conn)[0] == "unchanged"


def test_a_changed_file_is_a_new_entry_of_its_item_even_with_the_old_time(
    conn, context, folder: Path
):
    file = folder / "a.txt"
    file.write_text(SEED)
    times = (file.stat().st_atime, file.stat().st_mtime)
    read_seeds(context())
    file.write_text(SEED.replace("second", "third!"))
    os.utime(file, times)
    assert read_seeds(context(NOW + timedelta(hours=1)))["new"] == 1
    assert [key for key, *_ in entries(conn)] == ["a.txt", "a.txt"]


def test_a_copied_file_is_an_item_of_its_own(conn, context, folder: Path):
    (folder / "a.txt").write_text(SEED)
    (folder / "b.txt").write_text(SEED)
    assert read_seeds(context())["new"] == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\u00a0\u3000".encode(), "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text"),
        (bytes(range(1, 32)) * 3, "not_text"),
        ("Caf\xe9 au lait".encode("latin-1"), "bad_encoding"),
        ("A text".encode("utf-16"), "bad_encoding"),
        (b"good \xed\xa0\x80 surrogate", "bad_encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_rejected_once_with_its_name(
    conn, context, folder: Path, content: bytes, code: str
):
    (folder / "odd.txt").write_bytes(content)
    (folder / "good.txt").write_text(SEED)
    assert read_seeds(context()) == {"in": 2, "new": 2, "rejected": 1}
    assert read_seeds(context(NOW + timedelta(hours=1)))["new"] == 0
    with conn.cursor() as cursor:
        cursor.execute("SELECT code, message, done_at FROM raw_entry WHERE state = 'rejected'")
        ((found, message, done_at),) = cursor.fetchall()
    assert (found, done_at) == (code, NOW)
    assert "odd.txt" in message


def test_a_huge_file_is_rejected_without_being_kept(conn, context, folder: Path):
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(20_000_001)
    read_seeds(context())
    assert entries(conn) == [("huge.txt", "rejected", "too_large", "")]


def test_links_are_not_followed(conn, context, folder: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("A secret.")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "dir").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    assert read_seeds(context()) == {}
    assert entries(conn) == []
    assert state(conn)[0] == "empty"


@pytest.mark.parametrize(
    "name", ["../outside", "articles/../../outside", "link", "nowhere", "a.txt"]
)
def test_a_folder_outside_the_roots_is_refused(settings, folder: Path, name: str):
    root = settings.seed_roots[0]
    (root.parent / "outside").mkdir()
    (root / "link").symlink_to(root.parent / "outside")
    (root / "a.txt").write_text(SEED)
    with pytest.raises(InputError) as refused:
        folder_below(root / name, settings.seed_roots)
    assert name.rpartition("/")[2] in str(refused.value)


def test_a_folder_that_vanished_fails_with_its_name_and_costs_only_itself(
    conn, context, settings, folder: Path
):
    other = settings.seed_roots[0] / "other"
    other.mkdir()
    (other / "a.txt").write_text(SEED)
    add_folder_source(conn, other, NOW, settings.seed_roots)
    folder.rmdir()
    assert read_seeds(context())["new"] == 1
    with conn.cursor() as cursor:
        cursor.execute("SELECT title, state, state_reason FROM source ORDER BY title")
        found = cursor.fetchall()
    assert [row[:2] for row in found] == [("articles", "failing"), ("other", "fine")]
    assert str(folder) in found[0][2]


def test_an_archive_is_read_by_hand_and_known_as_one(conn, context, settings):
    folder = settings.seed_roots[0] / "old"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(SEED)
    assert read_archive(context(), str(folder))["new"] == 1
    assert read_archive(context(), str(folder))["new"] == 0
    assert read_seeds(context()) == {}
    with conn.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM source JOIN raw_entry USING (source_id) GROUP BY 1"
        )
        assert cursor.fetchall() == [("archive", 1)]
    with pytest.raises(InputError, match="seed root"):
        read_archive(context(), "/")


def test_thousands_of_files(conn, context, folder: Path):
    for number in range(2_000):
        (folder / f"{number:05}.txt").write_text(f"Report number {number} of the harbour office.")
    assert read_seeds(context()) == {"in": 2_000, "new": 2_000, "rejected": 0}
    assert read_seeds(context())["new"] == 0
