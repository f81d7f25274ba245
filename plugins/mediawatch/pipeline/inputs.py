"""Which files and folders belong to a profile.

The profile ``sample`` reads the repository's own ``seeds/``; every other one reads
``$MEDIAWATCH_HOME/seeds/``. Outlets, actors, topics and Kibana objects of the repository serve
all profiles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mediawatch.errors import InputError
from mediawatch.settings import REPOSITORY, Settings

SAMPLE = "sample"
SHARED = REPOSITORY / "seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a profile reads, beside what serves all."""

    folders: tuple[Path, ...]
    outlets: Path
    sources: Path
    watches: Path


def of_profile(settings: Settings) -> Inputs:
    """The folders and files of the profile; those that do not exist hold nothing."""
    seeds = SHARED if settings.profile == SAMPLE else settings.home / "seeds"
    return Inputs(
        folders=(seeds / "articles", *added_folders(settings)),
        outlets=seeds / "outlets.csv",
        sources=seeds / "sources.opml",
        watches=seeds / "watches.yaml",
    )


def added_folders(settings: Settings) -> tuple[Path, ...]:
    """The seed folders that were given to ``run`` in this profile, now or before."""
    listed = _list_of_folders(settings)
    if not listed.exists():
        return ()
    return tuple(Path(name) for name in json.loads(listed.read_text(encoding="utf-8")))


def add_folder(settings: Settings, folder: Path) -> None:
    """Let this profile read a folder of seed articles from now on.

    Raises:
        InputError: it is no folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder of seed articles")
    folders = dict.fromkeys((*added_folders(settings), folder.resolve()))
    settings.profile_home.mkdir(parents=True, exist_ok=True)
    text = json.dumps([str(path) for path in folders], indent=1)
    _list_of_folders(settings).write_text(text, encoding="utf-8")


def with_folders(settings: Settings) -> Settings:
    """The settings whose seed roots include the profile's added folders."""
    return replace(settings, seed_roots=_union(settings.seed_roots, added_folders(settings)))


def _union(*groups: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(path for group in groups for path in group))


def _list_of_folders(settings: Settings) -> Path:
    return settings.profile_home / "seed-folders.json"
