"""A person in 50 articles, the ledger and the mails is gone, and stays gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from forget.forgetful import LOCAL, NAME, NOW, fill, names
from mediawatch.errors import InputError, ServiceError
from mediawatch.model import Annotation, Mention
from mediawatch.pipeline import forget, holds, search
from mediawatch.pipeline.buried import settle_forgotten
from mediawatch.pipeline.text import normalise
from mediawatch.storage.connection import transaction
from mediawatch.storage.tombstones import KEY_FILE

PROGRAM = Path(sys.executable).with_name("mediawatch")


def test_a_person_in_50_articles_leaves_nothing_but_the_tombstone(newsroom, es):
    fill(newsroom)
    assert newsroom.found_in_database() >= {
        "article.url", "article_version.body", "mention.name", "quote.text", "raw_entry.payload",
        "raw_body.content", "match.reason", "delivery.message", "watch.query", "actor.name",
    }  # fmt: skip
    assert newsroom.found_in_index(es) == 50
    assert newsroom.documents(es) == 55
    sent = newsroom.run("SELECT count(*) FROM delivery WHERE state = 'sent'")[0][0]
    assert sent >= 10

    context = newsroom.context
    wanted = forget.who(newsroom.conn, NAME.upper())
    report = forget.person(context, wanted, "test")
    assert report.articles == 50
    assert report.places["mentions"] >= 50
    assert len(report.sent) == sum(names(mail.as_bytes()) for mail in newsroom.smtp.messages())
    assert newsroom.found_in_database() == set()
    assert newsroom.found_in_index(es) == 0
    assert newsroom.documents(es) == 5

    # Again from the same sources and from another one, and the index made anew.
    mails = len(newsroom.smtp.messages())
    for number in range(50):
        newsroom.entry(number, f"the minister {NAME} opened the works and left", again="x")
        newsroom.entry(number, f"and {NAME.upper()} spoke to the town", source="planet")
    newsroom.work()
    search.rebuild(context)
    newsroom.work()
    assert newsroom.found_in_database() == set()
    assert newsroom.found_in_index(es) == 0
    assert newsroom.documents(es) == 5
    assert len(newsroom.smtp.messages()) == mails
    [(codes,)] = newsroom.run("SELECT array_agg(DISTINCT code) FROM raw_entry WHERE done_at > %s"
                              " OR code IS NOT NULL", NOW)  # fmt: skip
    assert codes == ["forgotten"]

    again = forget.person(context, wanted, "test")
    assert (again.articles, again.places) == (0, {})


def test_a_redacted_person_leaves_black_places_and_the_articles(newsroom, es):
    fill(newsroom, named=6, others=2)
    context = newsroom.context
    report = forget.person(context, forget.who(newsroom.conn, NAME), "test", redact=True)
    assert report.articles == 6
    assert newsroom.found_in_database() == set()
    assert newsroom.found_in_index(es) == 0
    assert newsroom.documents(es) == 8
    [(body,)] = newsroom.run("SELECT body FROM article_version WHERE body LIKE '%%█%%' LIMIT 1")
    assert f"the minister {'█' * len(NAME)} opened" in body
    for number in range(6):
        newsroom.entry(number, f"the minister {NAME} opened the works and left", again="x")
    newsroom.work()
    search.rebuild(context)
    assert newsroom.found_in_database() == set()
    assert newsroom.found_in_index(es) == 0
    again = forget.person(context, forget.who(newsroom.conn, NAME), "test", redact=True)
    assert again.places == {}


def test_a_person_who_comes_back_as_an_actor_alone_is_not_shown(newsroom, es):
    fill(newsroom, named=1, others=1)
    forget.person(newsroom.context, forget.who(newsroom.conn, NAME), "test")
    newsroom.entry(70, "the minister Kestrelová opened the works and left")
    normalise(newsroom.context)
    [(article_id, month)] = newsroom.run(
        "SELECT article_id, index_month FROM article WHERE stage = 'cluster' AND NOT tombstoned"
    )
    found = Mention(
        part="body", start=0, end=4, text="Kestrelová", actor_id=LOCAL, meant_id=None,
        kind="person", name="Kestrelová", via="name",
    )  # fmt: skip
    row = {"article_id": article_id, "version_no": 1, "month": month}
    with transaction(newsroom.conn):
        settle_forgotten(newsroom.context, [(row, Annotation(mentions=(found,)))])
    newsroom.work()
    assert newsroom.run("SELECT tombstoned FROM article WHERE article_id = %s", article_id) == [
        (True,)
    ]
    assert newsroom.documents(es) == 1


@pytest.mark.parametrize("place", ["forget.buried", "forget.hidden", "index.claimed", "index.sent"])
def test_killed_at_any_place_and_run_again_it_ends_the_same(newsroom, es, database_url, place):
    fill(newsroom, named=3, others=1)
    settings = newsroom.context.settings
    env = os.environ | {
        "MEDIAWATCH_KILL_AT": place,
        "MEDIAWATCH_HOME": str(settings.home),
        "MEDIAWATCH_PROFILE": settings.profile,
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "MEDIAWATCH_SMTP_URL": settings.smtp_url,
    }
    command = [str(PROGRAM), "forget", "person", NAME, "--yes"]
    killed = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    newsroom.entry(1, f"and {NAME} came back meanwhile", again="y")
    newsroom.work()
    del env["MEDIAWATCH_KILL_AT"]
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert newsroom.found_in_database() == set()
    assert newsroom.found_in_index(es) == 0
    assert newsroom.documents(es) == 1


def test_what_is_held_for_a_court_is_hidden_and_kept_until_the_hold_ends(newsroom, es):
    fill(newsroom, named=4, others=1)
    context = newsroom.context
    [(url,)] = newsroom.run("SELECT url FROM article WHERE url ILIKE '%%arbon-0%%'")
    number, kept = holds.place(context, "url", url, "a lawsuit", "test")
    assert kept == 1
    report = forget.person(context, forget.who(newsroom.conn, NAME), "test")
    assert (report.articles, report.held) == (4, 1)
    assert newsroom.documents(es) == 1
    assert newsroom.found_in_index(es) == 0
    assert {"article_version.body", "raw_entry.payload"} <= newsroom.found_in_database()
    assert len(newsroom.run("SELECT 1 FROM article_version WHERE body <> ''")) == 2
    assert holds.lift(context, number) == 1
    assert newsroom.found_in_database() == set()
    with pytest.raises(InputError, match=f"no hold {number} stands"):
        holds.lift(context, number)


def test_one_article_is_forgotten_by_its_address_however_it_is_written(newsroom, es):
    fill(newsroom, named=0, others=3)
    [(url,)] = newsroom.run("SELECT url FROM article ORDER BY article_no LIMIT 1")
    report = forget.url(newsroom.context, url.replace("https://", "http://www.") + "?utm_id=1", "t")
    assert report.articles == 1
    assert newsroom.documents(es) == 2
    newsroom.entry(0, "the mayor of the town opened the works and left", source="planet")
    newsroom.run(
        "UPDATE raw_entry SET payload = payload || jsonb_build_object('url', %s)"
        " WHERE state = 'pending'",
        f"{url}#top",
    )
    newsroom.work()
    assert newsroom.documents(es) == 2
    assert newsroom.run("SELECT code FROM raw_entry WHERE source_id = 'planet'") == [("forgotten",)]
    assert newsroom.run("SELECT 1 FROM article WHERE url = %s", url) == []
    with pytest.raises(InputError, match="neither an address"):
        forget.url(newsroom.context, "no such thing", "t")


def test_a_source_is_forgotten_with_what_stood_in_it_alone(newsroom, es):
    fill(newsroom, named=0, others=3)
    newsroom.entry(60, "the mayor of the town opened the works and left", source="planet")
    newsroom.work()
    assert newsroom.documents(es) == 4
    report = forget.source(newsroom.context, "daily", "test")
    assert report.articles == 3
    assert newsroom.documents(es) == 1
    newsroom.entry(80, "the mayor of the town opened the works and left")
    newsroom.work()
    assert newsroom.documents(es) == 1
    assert not newsroom.run("SELECT 1 FROM raw_entry WHERE source_id = 'daily' AND payload <> '{}'")
    with pytest.raises(InputError, match="there is no source 'nowhere'"):
        forget.source(newsroom.context, "nowhere", "test")


def test_without_its_key_nothing_more_is_taken_in(newsroom):
    fill(newsroom, named=1, others=1)
    forget.person(newsroom.context, forget.who(newsroom.conn, NAME), "test")
    key = newsroom.context.settings.profile_home / KEY_FILE
    assert key.stat().st_mode & 0o077 == 0
    key.rename(key.with_name("elsewhere"))
    newsroom.entry(30, f"the minister {NAME} opened the works and left")
    with pytest.raises(ServiceError, match=r"bring back .*tombstone-key"):
        normalise(newsroom.context)
    newsroom.conn.rollback()
    other = replace(newsroom.context.settings, signing_key="another")
    with pytest.raises(ServiceError, match="bring back"):
        normalise(replace(newsroom.context, settings=other))
    newsroom.conn.rollback()
    key.with_name("elsewhere").rename(key)
    assert normalise(newsroom.context) == {"in": 1, "rejected": 1}


def test_who_is_meant_must_be_clear(newsroom):
    with pytest.raises(InputError, match="single word"):
        forget.who(newsroom.conn, "Kestrel")
    with pytest.raises(InputError, match="no person has the id 'Q404'"):
        forget.who(newsroom.conn, "Q404")
    newsroom.run(
        "INSERT INTO actor (actor_id, kind, name) VALUES ('Q1', 'person', 'Ann Lee'),"
        " ('Q2', 'person', 'Ann Lee'), ('Q3', 'country', 'Old Land')"
    )
    with pytest.raises(InputError, match=r"may be several.*Q1.*Q2"):
        forget.who(newsroom.conn, "ann lee")
    with pytest.raises(InputError, match="not a person"):
        forget.who(newsroom.conn, "Q3")
    assert forget.who(newsroom.conn, "Q2").actors == ("Q2",)
    assert forget.who(newsroom.conn, "Bo Ek", ["Bo  Ekman"]).names == {"bo ek", "bo ekman"}
