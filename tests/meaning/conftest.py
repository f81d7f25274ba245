"""The lists and the English tagger, started once for these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

import pytest

from mediawatch.meaning.annotation import Knowledge, annotate, knowledge
from mediawatch.meaning.tagger import Tagger
from mediawatch.model import Annotation
from mediawatch.settings import REPOSITORY

Read: TypeAlias = Callable[..., Annotation]


@pytest.fixture(scope="session")
def tagger_en(tagger_command: list[str]) -> Iterator[Tagger]:
    with Tagger(tagger_command) as tagger:
        yield tagger


@pytest.fixture(scope="session")
def known(tagger_en: Tagger) -> Knowledge:
    return knowledge(REPOSITORY / "seeds", {"en": tagger_en})


@pytest.fixture(scope="session")
def read(known: Knowledge) -> Read:
    """Annotate a text: ``read(body, title=…, language=…, day=…)``."""

    def annotated(
        body: str, title: str = "", language: str = "en", day: date | None = None
    ) -> Annotation:
        return annotate(title, body, language, day, known)

    return annotated
