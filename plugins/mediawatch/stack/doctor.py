"""Looks over the machine and the services and says what is wrong and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.stack import addresses, airflow_services, postgres, search_server, tagger_files
from mediawatch.stack.echo import megabytes

FREE_BYTES = 1_000_000_000
TAGGER_SECONDS = 60
SMTP_SECONDS = 10
TRIAL = "Ada Lovelace wrote to Charles Babbage in London."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``words`` say what was found, and the cure when it is not well."""

    name: str
    well: bool
    words: str


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, one after the other; none changes anything."""
    checks: tuple[Callable[[Settings], Check], ...] = (_python, _home, _cache, _disk, _links)
    for check in checks:
        yield check(settings)
    for language in settings.taggers:
        yield _tagger(settings, language)
    embedded = settings.database_url is None
    try:
        settings = addresses.resolve(settings)
    except ServiceError as fault:
        yield Check("services", well=False, words=str(fault))
        return
    yield _database(settings)
    yield _search(settings)
    yield _mail(settings)
    if embedded:  # on a server Airflow is started, and looked after, by others
        yield _airflow(settings)


def _python(_settings: Settings) -> Check:
    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    cure = "" if well else "; use Python 3.11, 3.12 or 3.13"
    return Check("python", well=well, words=platform.python_version() + cure)


def _home(settings: Settings) -> Check:
    return _folder("home", settings.home, "MEDIAWATCH_HOME")


def _cache(settings: Settings) -> Check:
    return _folder("cache", settings.cache, "MEDIAWATCH_CACHE")


def _folder(name: str, folder: Path, variable: str) -> Check:
    place = next(p for p in (folder, *folder.parents) if p.exists())
    well = os.access(place, os.W_OK)
    cure = "" if well else f" cannot be written to; set {variable} to a folder of your own"
    return Check(name, well=well, words=f"{folder}{cure}")


def _disk(settings: Settings) -> Check:
    place = next(p for p in (settings.home, *settings.home.parents) if p.exists())
    free = shutil.disk_usage(place).free
    well = free >= FREE_BYTES
    cure = "" if well else f"; {megabytes(FREE_BYTES)} are needed, make room"
    return Check("disk", well=well, words=f"{megabytes(free)} free{cure}")


def _links(settings: Settings) -> Check:
    """The links of mails that act need both where they lead and the key that signs them."""
    has_address, has_key = settings.public_url is not None, settings.signing_key is not None
    if has_address and not has_key:
        words = (
            "MEDIAWATCH_PUBLIC_URL is set without MEDIAWATCH_SIGNING_KEY: no mail can be "
            "unsubscribed by a link; set a long random text as the key"
        )
    elif has_key and not has_address:
        words = (
            "MEDIAWATCH_SIGNING_KEY is set without MEDIAWATCH_PUBLIC_URL: mails have no links to "
            "the newsroom; set the address at which readers reach it"
        )
    else:
        words = settings.public_url or "none: mails are answered to the reply address"
    return Check("mail links", well=has_address == has_key, words=words)


def _tagger(settings: Settings, language: str) -> Check:
    name = f"tagger {language}"
    try:
        files = tagger_files.find(settings, language)
        done = subprocess.run(
            files.command(),
            input=f"{TRIAL}\n",
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TAGGER_SECONDS,
            check=True,
        )
    except ServiceError as fault:
        return Check(name, well=False, words=str(fault))
    except (OSError, subprocess.SubprocessError) as fault:
        cure = "set MEDIAWATCH_JAVA to a Java 17 or later, or unset it"
        return Check(name, well=False, words=f"does not run ({type(fault).__name__}); {cure}")
    well = "PER" in done.stdout
    return Check(
        name, well=well, words=f"{files.model.name} {'works' if well else 'finds nothing'}"
    )


def _database(settings: Settings) -> Check:
    well = postgres.answers(settings.database_url or "")
    shown = addresses.without_password(settings.database_url)
    cure = "" if well else " does not answer; check MEDIAWATCH_DATABASE_URL"
    return Check("postgres", well=well, words=f"{shown}{cure}")


def _search(settings: Settings) -> Check:
    well = search_server.answers(settings.elasticsearch_url or "")
    shown = addresses.without_password(settings.elasticsearch_url)
    cure = "" if well else " does not answer; check MEDIAWATCH_ELASTICSEARCH_URL"
    return Check("elasticsearch", well=well, words=f"{shown}{cure}")


def _mail(settings: Settings) -> Check:
    if settings.smtp_url is None:
        return Check("mail", well=False, words="no mail server; set MEDIAWATCH_SMTP_URL or `up`")
    parts = urlsplit(settings.smtp_url)
    secure = parts.scheme == "smtps"
    client = smtplib.SMTP_SSL if secure else smtplib.SMTP
    port = parts.port or (smtplib.SMTP_SSL_PORT if secure else smtplib.SMTP_PORT)
    shown = addresses.without_password(settings.smtp_url)
    try:
        with client(parts.hostname or "", port, timeout=SMTP_SECONDS):
            return Check("mail", well=True, words=f"{shown}")
    except (OSError, smtplib.SMTPException) as fault:
        cure = "check MEDIAWATCH_SMTP_URL"
        return Check("mail", well=False, words=f"{shown} does not answer ({fault}); {cure}")


def _airflow(settings: Settings) -> Check:
    address = addresses.status(settings)["airflow_url"]
    if address is None:
        return Check("airflow", well=False, words="does not run; run `mediawatch up`")
    well = airflow_services.is_healthy(address)
    cure = "" if well else f" is not healthy; see the logs in {settings.profile_home / 'logs'}"
    return Check("airflow", well=well, words=f"{address}{cure}")
