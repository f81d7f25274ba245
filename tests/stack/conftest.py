"""Homes of their own for the tests of the stack."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mediawatch.settings import Settings
from mediawatch.stack import services


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder that every user can reach; what was started in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="mediawatch-stack-"))
    folder.chmod(0o755)
    yield folder / "home"
    services.down(Settings.from_env({"MEDIAWATCH_HOME": str(folder / "home")}))
    shutil.rmtree(folder)


@pytest.fixture
def postgres_only(home: Path, cache: Path) -> Settings:
    """Settings of a home in which ``up`` starts nothing but Postgres."""
    return Settings.from_env(
        {
            "MEDIAWATCH_HOME": str(home),
            "MEDIAWATCH_CACHE": str(cache),
            "MEDIAWATCH_ELASTICSEARCH_URL": "http://search.invalid:9200",
            "MEDIAWATCH_SMTP_URL": "smtp://mail.invalid",
        }
    )
