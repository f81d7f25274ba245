"""The programs of the embedded services: pinned, fetched once, checked, unpacked.

Each :class:`Program` becomes one folder of the cache. A folder appears under its name only when
it is complete, so what has been interrupted is never used; the archives are deleted after
unpacking. What is in the cache needs no network any more.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.maven import MavenContext, PythonResolver

from mediawatch.errors import ServiceError
from mediawatch.stack.echo import Echo, megabytes

# The first byte of the large archive may take longer than jgo's own 10 seconds.
TIMEOUT_SECONDS = 180
ATTEMPTS = 2
DOWNLOADS = "maven"
# Archive, what is taken out of it, and the data of the services.
DISK_PER_DOWNLOAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One file of the Maven repository; ``size`` in bytes."""

    group: str
    name: str
    version: str
    packaging: str = "jar"
    classifier: str = ""
    sha256: str
    size: int

    @property
    def filename(self) -> str:
        """The file's name in the repository."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.name}-{self.version}{tail}.{self.packaging}"

    @property
    def path(self) -> str:
        """Where it lies below the cache while it is fetched; put there by hand it serves too."""
        folder = "/".join([*self.group.split("."), self.name, self.version])
        return f"{DOWNLOADS}/{folder}/{self.filename}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A folder of the cache and how it is filled from an artifact.

    ``unpack(archive, folder)`` puts what is needed into the new folder.
    """

    folder: str
    artifact: Artifact
    unpack: Callable[[Path, Path], None]


def missing(cache: Path, programs: Iterable[Program]) -> list[Program]:
    """The programs that are not in the cache yet."""
    return [program for program in programs if not (cache / program.folder).is_dir()]


def install(
    cache: Path,
    programs: Iterable[Program],
    echo: Echo,
    repositories: dict[str, str] | None = None,
) -> None:
    """Put what is missing into the cache; says beforehand how much will be fetched.

    ``repositories`` are names and URLs of Maven repositories; None is the central one.

    Raises:
        ServiceError: no network, no room, no right to write, or a wrong checksum, with the cure.
    """
    wanted = list(programs)
    if not missing(cache, wanted):
        return
    with writing(cache):
        todo = missing(cache, wanted)  # another process may have fetched them meanwhile
        artifacts = {program.artifact.filename: program.artifact for program in todo}
        unfetched = [a for a in artifacts.values() if not (cache / a.path).exists()]
        require_room(cache, sum(artifact.size for artifact in unfetched), echo)
        for artifact in artifacts.values():
            archive = fetch(cache, artifact, echo, repositories)
            for program in todo:
                if program.artifact is artifact:
                    with echo.step(f"Unpacking {program.folder}"):
                        fill(cache / program.folder, archive, program.unpack)
            archive.unlink()
        shutil.rmtree(cache / DOWNLOADS, ignore_errors=True)


def require_room(cache: Path, download: int, echo: Echo) -> None:
    """Say what will be fetched, and that there is room for it.

    Raises:
        ServiceError: less than three times ``download`` bytes are free.
    """
    if not download:
        return
    need = download * DISK_PER_DOWNLOAD
    free = shutil.disk_usage(cache).free
    echo(
        f"To be fetched once: {megabytes(download)}, needs {megabytes(need)} of disk in {cache}"
        f" ({megabytes(free)} free)"
    )
    if free < need:
        raise ServiceError(
            f"{cache} has {megabytes(free)} free and {megabytes(need)} are needed; make room,"
            " or set MEDIAWATCH_CACHE to a folder on a larger disk"
        )


def fetch(
    cache: Path, artifact: Artifact, echo: Echo, repositories: dict[str, str] | None = None
) -> Path:
    """The artifact as a file whose checksum is right, downloaded when need be.

    A file that is already there but broken or cut off is deleted and fetched again.

    Raises:
        ServiceError: it cannot be downloaded, or is twice not what was pinned.
    """
    # jgo would repeat as warnings what is said here in one line.
    logging.getLogger("jgo").setLevel(logging.ERROR)
    context = MavenContext(
        resolver=PythonResolver(progress_callback=echo.download),
        repo_cache=cache / DOWNLOADS,
        remote_repos=repositories,
        timeout=TIMEOUT_SECONDS,
    )
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    wanted = component.artifact(artifact.classifier, artifact.packaging)
    for _ in range(ATTEMPTS):
        held = wanted.cached_path
        if held is None or not held.exists():
            held = _download(wanted.resolve, held, artifact)
        if sha256_of(held) == artifact.sha256:
            return held
        echo(f"{artifact.filename} is broken or cut off and is fetched again")
        held.unlink()
    raise ServiceError(
        f"{artifact.filename} does not have the pinned SHA-256 checksum after {ATTEMPTS}"
        " downloads and is not used; check for a proxy that changes downloads, and try again"
    )


def _download(resolve: Callable[[], Path], target: Path | None, artifact: Artifact) -> Path:
    try:
        return resolve()
    except (requests.RequestException, RuntimeError) as fault:
        _discard(target)
        raise ServiceError(
            f"{artifact.filename} cannot be downloaded ({_reason(fault)}); connect this machine"
            " to the network and run the same command again"
        ) from None
    except BaseException:
        _discard(target)
        raise


def _discard(target: Path | None) -> None:
    if target is not None:
        with suppress(OSError):
            target.unlink()


def _reason(fault: Exception) -> str:
    if isinstance(fault, requests.Timeout):
        return "no answer in time"
    if isinstance(fault, requests.exceptions.SSLError):
        return "the secure connection failed"
    if isinstance(fault, requests.exceptions.ChunkedEncodingError):
        return "the connection broke in the middle"
    if isinstance(fault, requests.ConnectionError):
        return "no connection"
    return "the repository does not have it"


def fill(folder: Path, archive: Path, unpack: Callable[[Path, Path], None]) -> None:
    """Unpack into a neighbour of ``folder`` and rename it when all is there."""
    part = folder.with_name(f"{folder.name}.part")
    if part.exists():
        shutil.rmtree(part)
    part.mkdir()
    try:
        unpack(archive, part)
        open_to_all(part)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)  # so that a full disk is not left full
        raise
    part.rename(folder)


def open_to_all(folder: Path) -> None:
    """Let every user read the folder, whatever the umask: services of root run as ``nobody``."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def sha256_of(path: Path) -> str:
    """The SHA-256 checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing(cache: Path) -> Iterator[None]:
    """Hold the cache's lock, so that one process at a time fills it; the others wait.

    Raises:
        ServiceError: the disk is full or closed, with the cure.
    """
    try:
        cache.mkdir(mode=0o755, parents=True, exist_ok=True)
        with (cache / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise ServiceError(
                f"the disk of {cache} is full; make room, or set MEDIAWATCH_CACHE to a folder on"
                " a larger disk"
            ) from None
        if fault.errno in {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST}:
            raise ServiceError(
                f"{cache} cannot be written to ({fault.strerror}); set MEDIAWATCH_CACHE to a"
                " folder of your own"
            ) from None
        raise
