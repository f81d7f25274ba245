"""The settings: read once from the environment, checked once, then passed on.

Each variable is named ``MEDIAWATCH_…``; a fault names its variable. Service URLs that are not
set are filled in later by ``stack.services.resolve`` with the embedded ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from mediawatch.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "ar", "ru", "uk", "zh", "ja")
TAGGERS = ("en", "fr", "de", "es")
# The profile is part of database, index and folder names.
PROFILE = re.compile(r"[a-z][a-z0-9_]{0,30}")
DURATION = re.compile(r"(\d{1,5})\s*([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a person can set. None means: use the embedded service, or leave it out."""

    home: Path
    cache: Path
    profile: str = "own"
    database_url: str | None = field(default=None, repr=False)
    elasticsearch_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "mediawatch@localhost"
    reply_to: str | None = None
    operator: str | None = None
    kibana_url: str | None = field(default=None, repr=False)
    public_url: str | None = None
    signing_key: str | None = field(default=None, repr=False)
    contact: str | None = None
    languages: tuple[str, ...] = LANGUAGES
    taggers: tuple[str, ...] = ("en",)
    alert_window: timedelta = timedelta(hours=24)
    allow_hosts: tuple[str, ...] = ()
    proxy: str | None = field(default=None, repr=False)
    host_pause: timedelta = timedelta(seconds=1)
    fetches_per_minute: int = 1_200
    seed_roots: tuple[Path, ...] = ()
    java: Path | None = None

    @property
    def profile_home(self) -> Path:
        """The folder of this profile's own state: outbox, sample dates, exports."""
        return self.home / "profiles" / self.profile

    @property
    def index_prefix(self) -> str:
        """What every Elasticsearch name of this profile begins with."""
        return "" if self.profile == "own" else f"{self.profile}-"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check every ``MEDIAWATCH_…`` variable.

        Raises:
            SettingsError: naming the first variable that cannot be used.
        """
        home = _folder(env, "HOME", Path("/var/lib/mediawatch"), platformdirs.user_data_path)
        cache = _folder(env, "CACHE", Path("/var/cache/mediawatch"), platformdirs.user_cache_path)
        profile = _text(env, "PROFILE") or "own"
        if not PROFILE.fullmatch(profile):
            raise _wrong("PROFILE", profile, "use small letters, digits and _, such as 'own'")
        roots = _list(env, "SEED_ROOTS", os.pathsep)
        java = _text(env, "JAVA")
        return cls(
            home=home,
            cache=cache,
            profile=profile,
            database_url=_url(env, "DATABASE_URL", ("postgresql", "postgres"), secret=True),
            elasticsearch_url=_url(env, "ELASTICSEARCH_URL", ("http", "https"), secret=True),
            smtp_url=_url(env, "SMTP_URL", ("smtp", "smtps"), secret=True),
            mail_from=_address(env, "MAIL_FROM") or "mediawatch@localhost",
            reply_to=_address(env, "REPLY_TO"),
            operator=_address(env, "OPERATOR"),
            kibana_url=_url(env, "KIBANA_URL", ("http", "https"), secret=True),
            public_url=_url(env, "PUBLIC_URL", ("http", "https")),
            signing_key=_text(env, "SIGNING_KEY"),
            contact=_text(env, "CONTACT"),
            languages=_languages(env),
            taggers=_taggers(env),
            alert_window=_duration(env, "ALERT_WINDOW", timedelta(hours=24)),
            allow_hosts=_list(env, "ALLOW_HOSTS", ","),
            proxy=_url(env, "PROXY", ("http",), secret=True),
            host_pause=_duration(env, "HOST_PAUSE", timedelta(seconds=1)),
            fetches_per_minute=_number(env, "FETCHES_PER_MINUTE", 1_200),
            seed_roots=tuple(Path(r).resolve() for r in roots)
            or (REPOSITORY / "seeds", home / "seeds"),
            java=Path(java) if java else None,
        )


def _wrong(name: str, value: str, cure: str) -> SettingsError:
    return SettingsError(f"MEDIAWATCH_{name}={value!r} cannot be used: {cure}")


def _text(env: Mapping[str, str], name: str) -> str | None:
    return env.get(f"MEDIAWATCH_{name}", "").strip() or None


def _list(env: Mapping[str, str], name: str, separator: str) -> tuple[str, ...]:
    parts = (part.strip() for part in (_text(env, name) or "").split(separator))
    return tuple(part for part in parts if part)


def _folder(
    env: Mapping[str, str], name: str, for_root: Path, for_user: Callable[..., Path]
) -> Path:
    given = _text(env, name)
    if given is None:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        return for_root if root else for_user("mediawatch", appauthor=False)
    path = Path(given).expanduser()
    if not path.is_absolute():
        raise _wrong(name, given, "give an absolute path")
    return path


def _url(
    env: Mapping[str, str], name: str, schemes: tuple[str, ...], *, secret: bool = False
) -> str | None:
    given = _text(env, name)
    if given is None:
        return None
    shown = "…" if secret else given  # a URL of a service may hold a password
    try:
        parts = urlsplit(given)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        raise _wrong(name, shown, "it is not a URL") from None
    if parts.scheme not in schemes or not parts.hostname or not port_is_sound:
        raise _wrong(name, shown, f"write {schemes[0]}://host:port")
    return given.rstrip("/") if parts.scheme.startswith("http") else given


def _address(env: Mapping[str, str], name: str) -> str | None:
    given = _text(env, name)
    if given is not None and not ADDRESS.fullmatch(given):
        raise _wrong(name, given, "write one plain address, such as desk@example.org")
    return given


def _duration(env: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    given = _text(env, name)
    if given is None:
        return default
    found = DURATION.fullmatch(given)
    if not found:
        raise _wrong(name, given, "write a number and s, m, h or d, such as 24h")
    return timedelta(seconds=int(found[1]) * SECONDS[found[2]])


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    given = _text(env, name)
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise _wrong(name, given, "write a whole number, such as 600")
    return int(given)


def _languages(env: Mapping[str, str]) -> tuple[str, ...]:
    given = _list(env, "LANGUAGES", ",") or LANGUAGES
    for code in given:
        if not re.fullmatch(r"[a-z]{2}", code):
            raise _wrong("LANGUAGES", code, "write two-letter codes with commas, such as en,fr")
    return given


def _taggers(env: Mapping[str, str]) -> tuple[str, ...]:
    given = _list(env, "TAGGERS", ",") or ("en",)
    for code in given:
        if code not in TAGGERS:
            raise _wrong("TAGGERS", code, f"there are taggers for {', '.join(TAGGERS)}")
    return given
