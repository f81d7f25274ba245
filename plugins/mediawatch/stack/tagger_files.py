"""The files of the named-entity tagger: Stanford NER of CoreNLP 4.5.10, run as a child process.

It is GPL-3 software: fetched and run as a separate program, never linked or shipped.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.stack.artifacts import Artifact, Program
from mediawatch.stack.artifacts import install as install_programs
from mediawatch.stack.echo import Echo
from mediawatch.stack.programs import JAVA, java_home

VERSION = "4.5.10"
JAR = f"stanford-corenlp-{VERSION}.jar"
ENDING = ".crf.ser.gz"
HEAP = "-Xmx600m"


@dataclass(frozen=True, slots=True)
class TaggerFiles:
    """What is needed to run the tagger of one language."""

    language: str
    java: Path
    jar: Path
    model: Path

    def command(self) -> list[str]:
        """Start it so: one text a line on standard input, the same with tags on its output."""
        return [
            str(self.java),
            HEAP,
            "-XX:+UseSerialGC",
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-cp",
            str(self.jar),
            "edu.stanford.nlp.ie.crf.CRFClassifier",
            "-loadClassifier",
            str(self.model),
            "-outputFormat",
            "inlineXML",
            "-readStdin",
        ]


def _artifact(classifier: str, sha256: str, size: int) -> Artifact:
    return Artifact(
        group="edu.stanford.nlp",
        name="stanford-corenlp",
        version=VERSION,
        classifier=classifier,
        sha256=sha256,
        size=size,
    )


def _keep_jar(archive: Path, folder: Path) -> None:
    shutil.copyfile(archive, folder / JAR)


def _model(language: str, stem: str, artifact: Artifact) -> Program:
    """The program folder that keeps the one classifier ``stem`` of the archive."""

    def unpack(archive: Path, folder: Path) -> None:
        name = f"{stem}{ENDING}"
        with zipfile.ZipFile(archive) as held:
            (member,) = (m for m in held.namelist() if PurePosixPath(m).name == name)
            with held.open(member) as source, (folder / name).open("wb") as file:
                shutil.copyfileobj(source, file)

    return Program(folder=f"tagger-{VERSION}-{language}", artifact=artifact, unpack=unpack)


CODE = Program(
    folder=f"tagger-{VERSION}",
    artifact=_artifact(
        "", "f813ce4ed7319d79225f2a520d40733075c6b3500dd0b81ee069229e461aab43", 9_118_725
    ),
    unpack=_keep_jar,
)

MODELS = {
    "en": _model(
        "en",
        "english.all.3class.distsim",
        _artifact(
            "models",
            "a5da9f6feb35a0fd2ea2cbe8909bede3952965b238a68c833ae3e031ed9026a0",
            474_409_531,
        ),
    ),
    "fr": _model(
        "fr",
        "french-wikiner-4class",
        _artifact(
            "models-french",
            "1172d4339c0abef30789a9ca541ecd3b3308dd3aa9f60760c581070a07da6ea3",
            281_000_000,
        ),
    ),
    "de": _model(
        "de",
        "german.distsim",
        _artifact(
            "models-german",
            "d8f4ab0a5bd900c6f63130e1af0494b62af7ba49f2bfaa7daff9b7ab86ef14c0",
            200_000_000,
        ),
    ),
    "es": _model(
        "es",
        "spanish.ancora.distsim.s512",
        _artifact(
            "models-spanish",
            "d7472daa295293ee42c85ca3e9c10fc0868b6c6b100e800458a81a179c725a6a",
            222_000_000,
        ),
    ),
}


def programs(settings: Settings) -> list[Program]:
    """What the taggers of ``MEDIAWATCH_TAGGERS`` need; Java only where none is set."""
    models = [MODELS[language] for language in settings.taggers]
    return [CODE, *models] if settings.java else [JAVA, CODE, *models]


def install(settings: Settings, echo: Echo) -> None:
    """Fetch what the configured taggers need and the cache does not have.

    Raises:
        ServiceError: see :func:`mediawatch.stack.artifacts.install`.
    """
    install_programs(settings.cache, programs(settings), echo)


def find(settings: Settings, language: str) -> TaggerFiles:
    """The files of one language's tagger.

    Raises:
        ServiceError: they are not in the cache, or ``MEDIAWATCH_JAVA`` is no program.
    """
    java = settings.java or java_home(settings.cache) / "bin" / "java"
    model = settings.cache / MODELS[language].folder
    jar = settings.cache / CODE.folder / JAR
    if not jar.is_file() or not model.is_dir():
        raise ServiceError(
            f"the {language} tagger is not in {settings.cache}; run `mediawatch up` once with"
            " a network connection"
        )
    if not java.is_file():
        cure = (
            "set MEDIAWATCH_JAVA to a Java 17 or later" if settings.java else "run `mediawatch up`"
        )
        raise ServiceError(f"there is no Java at {java}; {cure}")
    (found,) = model.glob(f"*{ENDING}")
    return TaggerFiles(language=language, java=java, jar=jar, model=found)
