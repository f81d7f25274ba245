"""Settings are read once, checked once, and each fault names its variable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mediawatch.errors import SettingsError
from mediawatch.settings import LANGUAGES, Settings


def test_nothing_set_gives_the_defaults():
    settings = Settings.from_env({})
    assert settings.profile == "own"
    assert settings.index_prefix == ""
    assert settings.database_url is None
    assert settings.languages == LANGUAGES
    assert settings.alert_window == timedelta(hours=24)


def test_what_is_set_is_taken():
    settings = Settings.from_env(
        {
            "MEDIAWATCH_HOME": "/srv/watch",
            "MEDIAWATCH_PROFILE": "desk2",
            "MEDIAWATCH_DATABASE_URL": "postgresql://u:p@db:5432/mw",
            "MEDIAWATCH_ELASTICSEARCH_URL": "https://es:9200/",
            "MEDIAWATCH_ALERT_WINDOW": "36h",
            "MEDIAWATCH_LANGUAGES": "en, fr",
            "MEDIAWATCH_ALLOW_HOSTS": "intranet.example, 10.0.0.7:8080",
            "MEDIAWATCH_SEED_ROOTS": "/a:/b",
            "MEDIAWATCH_PROXY": "http://u:p@proxy:3128",
            "MEDIAWATCH_HOST_PAUSE": "5s",
            "MEDIAWATCH_FETCHES_PER_MINUTE": "600",
        }
    )
    assert settings.home == Path("/srv/watch")
    assert settings.profile_home == Path("/srv/watch/profiles/desk2")
    assert settings.index_prefix == "desk2-"
    assert settings.elasticsearch_url == "https://es:9200"
    assert settings.alert_window == timedelta(hours=36)
    assert settings.languages == ("en", "fr")
    assert settings.allow_hosts == ("intranet.example", "10.0.0.7:8080")
    assert settings.seed_roots == (Path("/a"), Path("/b"))
    assert settings.proxy == "http://u:p@proxy:3128"
    assert (settings.host_pause, settings.fetches_per_minute) == (timedelta(seconds=5), 600)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HOME", "relative/folder"),
        ("PROFILE", "Upper"),
        ("PROFILE", "a-b"),
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_URL", "postgresql://db:port/x"),
        ("ELASTICSEARCH_URL", "es:9200"),
        ("SMTP_URL", "mail.example.org"),
        ("MAIL_FROM", "a@b, c@d"),
        ("MAIL_FROM", "a@b\nBcc: c@d"),
        ("OPERATOR", "nobody"),
        ("PUBLIC_URL", "ftp://x"),
        ("LANGUAGES", "english"),
        ("TAGGERS", "en,xx"),
        ("ALERT_WINDOW", "tomorrow"),
        ("PROXY", "socks5://proxy"),
        ("HOST_PAUSE", "soon"),
        ("FETCHES_PER_MINUTE", "-1"),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_cure(variable: str, value: str):
    with pytest.raises(SettingsError, match=f"MEDIAWATCH_{variable}=.*cannot be used: ."):
        Settings.from_env({f"MEDIAWATCH_{variable}": value})


def test_secrets_are_never_shown():
    env = {
        "MEDIAWATCH_DATABASE_URL": "postgresql://u:hush-pg@db/x",
        "MEDIAWATCH_ELASTICSEARCH_URL": "https://elastic:hush-es@es:9200",
        "MEDIAWATCH_SMTP_URL": "smtp://u:hush-mail@relay:25",
        "MEDIAWATCH_SIGNING_KEY": "hush-key",
    }
    assert "hush" not in repr(Settings.from_env(env))
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"MEDIAWATCH_DATABASE_URL": "mysql://u:hush@db/x"})
    assert "hush" not in str(fault.value)
