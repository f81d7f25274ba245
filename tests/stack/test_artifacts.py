"""Fetching programs: from a real server, onto real disks, with everything that goes wrong."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from mediawatch.errors import ServiceError
from mediawatch.stack import artifacts
from mediawatch.stack.artifacts import Artifact, Program
from mediawatch.stack.echo import Echo
from services.file_repository import FileRepository

CONTENT = b"a program, as good as any\n" * 20_000
ARTIFACT = Artifact(
    group="org.example.tools",
    name="tool",
    version="1.0",
    packaging="zip",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
)
PATH = "/org/example/tools/tool/1.0/tool-1.0.zip"


def unpack(archive: Path, folder: Path) -> None:
    (folder / "bin").mkdir()
    (folder / "bin" / "tool").write_bytes(archive.read_bytes())


PROGRAM = Program(folder="tool-1.0", artifact=ARTIFACT, unpack=unpack)


@pytest.fixture
def repository() -> Iterator[FileRepository]:
    server = FileRepository()
    server.files[PATH] = CONTENT
    server.start()
    yield server
    server.stop()


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def echo(said: io.StringIO) -> Echo:
    return Echo(Console(file=said, width=500))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def install(cache: Path, repository: FileRepository, echo: Echo) -> Path:
    artifacts.install(cache, [PROGRAM], echo, {"local": repository.url})
    return cache / "tool-1.0" / "bin" / "tool"


def archives(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*.zip") if path.is_file()]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB, smaller than the content; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written to, also not by root."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    if os.geteuid() == 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], check=True)
    yield folder
    if os.geteuid() == 0:
        subprocess.run(["umount", folder], check=True)


def test_a_program_is_fetched_once_and_its_archive_deleted(
    cache: Path, repository: FileRepository, echo: Echo, said: io.StringIO
) -> None:
    assert install(cache, repository, echo).read_bytes() == CONTENT
    assert archives(cache) == []
    first = list(repository.requests)
    said.truncate(0)
    install(cache, repository, echo)
    assert repository.requests == first
    assert said.getvalue().strip("\0") == ""


def test_size_and_disk_are_said_beforehand(
    cache: Path, repository: FileRepository, echo: Echo, said: io.StringIO
) -> None:
    install(cache, repository, echo)
    first = said.getvalue().splitlines()[0]
    assert first.startswith("To be fetched once: 1 MB, needs 2 MB of disk in")
    assert "tool-1.0.zip: 50 % of 1 MB" in said.getvalue()


def test_other_users_can_read_it_whatever_the_umask(
    cache: Path, repository: FileRepository, echo: Echo
) -> None:
    before = os.umask(0o077)
    try:
        tool = install(cache, repository, echo)
    finally:
        os.umask(before)
    assert [p.stat().st_mode & 0o777 for p in (tool, tool.parent)] == [0o644, 0o755]


@pytest.mark.parametrize("left", [b"", CONTENT[:1000], CONTENT.replace(b"good", b"evil")])
def test_what_an_earlier_download_left_broken_is_fetched_again(
    cache: Path, repository: FileRepository, echo: Echo, left: bytes
) -> None:
    archive = cache / ARTIFACT.path
    archive.parent.mkdir(parents=True)
    archive.write_bytes(left)
    assert install(cache, repository, echo).read_bytes() == CONTENT


def test_a_good_archive_that_lies_there_needs_no_network(cache: Path, echo: Echo) -> None:
    archive = cache / ARTIFACT.path
    archive.parent.mkdir(parents=True)
    archive.write_bytes(CONTENT)
    artifacts.install(cache, [PROGRAM], echo, {"none": "http://127.0.0.1:9"})
    assert (cache / "tool-1.0").is_dir()


def test_a_download_that_breaks_off_is_redone_the_next_time(
    cache: Path, repository: FileRepository, echo: Echo
) -> None:
    repository.cut_after = 1000
    with pytest.raises(ServiceError, match=r"tool-1\.0\.zip cannot be downloaded .*in the middle"):
        install(cache, repository, echo)
    assert archives(cache) == []
    assert not (cache / "tool-1.0").exists()
    repository.cut_after = None
    assert install(cache, repository, echo).read_bytes() == CONTENT


def test_a_wrong_checksum_is_never_used(
    cache: Path, repository: FileRepository, echo: Echo
) -> None:
    repository.files[PATH] = CONTENT.replace(b"good", b"evil")
    with pytest.raises(ServiceError, match=r"tool-1\.0\.zip does not have the pinned SHA-256"):
        install(cache, repository, echo)
    assert repository.requests.count(PATH) == artifacts.ATTEMPTS
    assert archives(cache) == []
    assert not (cache / "tool-1.0").exists()


def test_an_interrupted_unpacking_is_redone(
    cache: Path, repository: FileRepository, echo: Echo
) -> None:
    half = cache / "tool-1.0.part" / "bin"
    half.mkdir(parents=True)
    (half / "tool").write_bytes(b"half")
    (half / "old").write_bytes(b"of another time")
    tool = install(cache, repository, echo)
    assert tool.read_bytes() == CONTENT
    assert not (tool.parent / "old").exists()
    assert not (cache / "tool-1.0.part").exists()


def test_no_network(cache: Path, echo: Echo) -> None:
    nowhere = {"none": "http://127.0.0.1:9"}
    with pytest.raises(ServiceError, match=r"no connection\); connect this machine"):
        artifacts.install(cache, [PROGRAM], echo, nowhere)


def test_not_in_the_repository(cache: Path, repository: FileRepository, echo: Echo) -> None:
    repository.files.clear()
    with pytest.raises(ServiceError, match="the repository does not have it"):
        install(cache, repository, echo)


def test_too_little_room_is_said_before_the_download(
    cache: Path, repository: FileRepository, echo: Echo
) -> None:
    large = replace(PROGRAM, artifact=replace(ARTIFACT, size=10**15))
    with pytest.raises(ServiceError, match="are needed; make room, or set MEDIAWATCH_CACHE"):
        artifacts.install(cache, [large], echo, {"local": repository.url})
    assert repository.requests == []


def test_a_disk_that_fills_up(small_disk: Path, repository: FileRepository, echo: Echo) -> None:
    size = 1 if os.geteuid() == 0 else 10**15
    liar = replace(PROGRAM, artifact=replace(ARTIFACT, size=size))
    with pytest.raises(ServiceError, match="make room, or set MEDIAWATCH_CACHE"):
        artifacts.install(small_disk, [liar], echo, {"local": repository.url})
    assert archives(small_disk) == []


def test_a_cache_that_cannot_be_written_to(
    closed_folder: Path, repository: FileRepository, echo: Echo
) -> None:
    with pytest.raises(ServiceError, match=r"cannot be written to .*; set MEDIAWATCH_CACHE"):
        install(closed_folder / "cache", repository, echo)
    assert repository.requests == []


def test_a_cache_that_is_a_file(tmp_path: Path, repository: FileRepository, echo: Echo) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match=r"cannot be written to .*; set MEDIAWATCH_CACHE"):
        install(tmp_path / "file", repository, echo)
