"""The verbs of this room, as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from alerts.desk import NOW, Desk, watch_text
from mediawatch.cli import main
from mediawatch.pipeline import search
from mediawatch.pipeline.context import Context

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    desk: Desk,
    database_url: str,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run one verb on the desk's services: status, output, errors."""
    for name, value in (
        ("HOME", str(desk.settings.home)),
        ("PROFILE", desk.settings.profile),
        ("DATABASE_URL", database_url),
        ("ELASTICSEARCH_URL", elasticsearch_url),
        ("SMTP_URL", desk.smtp.url),
        ("MAIL_FROM", "watch@desk.example"),
    ):
        monkeypatch.setenv(f"MEDIAWATCH_{name}", value)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_watch_by_hand(run: Run, desk: Desk) -> None:
    status, out, _ = run("watch", "add", "dam", "dam AND broke", "--to", "desk@example.org")
    assert (status, out[:11]) == (0, "dam: active")
    assert run("watch", "list")[1] == "dam\tactive\t1 to\tdam AND broke\n"
    assert run("watch", "pause", "dam")[:2] == (0, "dam: paused\n")
    assert "paused" in run("watch", "list")[1]
    before = desk.run_sql("SELECT active_since FROM watch")
    assert run("watch", "resume", "dam")[:2] == (0, "dam: resumed\n")
    assert desk.run_sql("SELECT active_since FROM watch") > before
    exported = run("watch", "export")[1]
    assert "query: dam AND broke" in exported
    assert run("watch", "remove", "dam")[:2] == (0, "dam: removed\n")
    assert json.loads(run("watch", "list", "--json")[1]) == []


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (("add", "dam", "dam AND (", "--to", "a@b.example"), 2, "watch dam, query: "),
        (("add", "dam", "dam", "--to", "a b"), 2, "'a b' is not one plain address"),
        (("pause", "none"), 1, "there is no watch none"),
        (("preview", "none"), 1, "there is no watch none"),
        (("import", "/nowhere.yaml"), 1, "/nowhere.yaml: No such file"),
    ],
)
def test_what_cannot_be_done(run: Run, arguments: tuple[str, ...], status: int, error: str) -> None:
    got, _, err = run("watch", *arguments)
    assert got == status
    assert err.startswith("mediawatch: ")
    assert error in err
    assert err.count("\n") == 1


def test_import_and_export(run: Run, desk: Desk) -> None:
    path = desk.settings.home / "w.yaml"
    path.write_text(watch_text() + watch_text("two"), encoding="utf-8")
    assert run("watch", "import", str(path))[:2] == (
        0,
        "2 added, 0 changed, 0 unchanged, 0 removed\n",
    )
    path.write_text(watch_text() + "- id: broken\n", encoding="utf-8")
    status, out, err = run("watch", "import", str(path), "--prune")
    assert (status, out) == (1, "0 added, 0 changed, 1 unchanged, 1 removed\n")
    assert "watch broken, query: is missing" in err
    target = desk.settings.home / "out.yaml"
    assert run("watch", "export", str(target))[0] == 0
    assert "- id: dam" in target.read_text(encoding="utf-8")


def test_deliveries_are_listed_and_an_uncertain_one_resolved(run: Run, desk: Desk) -> None:
    desk.watch(watch_text())
    desk.article()
    desk.smtp.after_data = "drop"
    desk.alert()
    desk.smtp.after_data = None
    [row] = json.loads(run("delivery", "list", "--state", "uncertain", "--json")[1])
    delivery_id = str(row["delivery_id"])
    assert "uncertain\tdesk@example.org\t[Dams] Dam breaks" in run("delivery", "list")[1]
    assert run("delivery", "resolve", delivery_id, "--as", "queued")[0] == 0
    desk.now += timedelta(days=400)
    assert run("delivery", "list", "--state", "queued")[1].startswith(f"{delivery_id}\tqueued")
    status, _, err = run("delivery", "resolve", delivery_id, "--as", "sent")
    assert (status, "is not uncertain" in err) == (1, True)


def test_mail_test_says_what_the_server_answered(run: Run, desk: Desk) -> None:
    assert run("mail", "test", "desk@example.org")[:2] == (0, "accepted: 250 OK: message kept\n")
    [mail] = desk.smtp.messages()
    assert mail["Subject"] == "mediawatch: test mail"
    assert mail["From"] == "mediawatch <watch@desk.example>"
    desk.smtp.refuse["gone@example.org"] = "550 no such user"
    assert run("mail", "test", "gone@example.org")[:2] == (1, "refused: 550 no such user\n")
    status, _, err = run("mail", "test", "a@b.c\nBcc: x@y.z")
    assert (status, "not one plain address" in err) == (1, True)


def test_why(run: Run, desk: Desk) -> None:
    desk.watch(watch_text(query="dam AND NOT engineers AND flood*"), watch_text("plain"))
    article = desk.article(url="https://gazette.example/dam")
    old = desk.article("Old dam", "A dam.", published=NOW - timedelta(days=9))
    desk.alert()
    told = run("why", "plain", article)[1]
    assert "new: found by dam; instant to desk@example.org: sent at 2026-05-15 09:30 UTC" in told
    assert run("why", "plain", "https://gazette.example/dam#top")[1] != ""
    suppressed = run("why", "plain", old)[1]
    assert "new: found, not mailed: its date lies further" in suppressed
    missed = run("why", "dam", article)[1].splitlines()[1:]
    assert missed == [
        "clause 2, engineers: is there, but excluded: “Engineers had warned of it for years.”",
        "clause 3, flood*: is not in the text",
    ]
    assert run("why", "dam", "https://nowhere.example/")[1].startswith("never fetched")
    desk.run_sql("UPDATE article SET stage = 'annotate' WHERE article_id = %s", [old])
    assert "waits for the step annotate" in run("why", "dam", old)[1]


def indexed(desk: Desk) -> None:
    """Bring what the desk wrote into the index, seen today."""
    desk.run_sql("UPDATE article_change SET indexed_at = NULL")
    desk.run_sql("UPDATE article SET first_seen_at = now(), published_at = now()")
    search.index(Context(conn=desk.conn, settings=desk.settings, now=NOW))
    desk.refresh()


def test_preview_shows_the_mails_of_the_past_by_week(run: Run, desk: Desk) -> None:
    desk.watch(watch_text(watch="  languages: [en]\n"))
    first = desk.article()
    desk.article("Dam gone", story=first, outlet="Herald")
    desk.article("Ein Damm", "Der dam.", language="de")
    indexed(desk)
    status, out, _ = run("watch", "preview", "dam")
    assert status == 0
    lines = out.splitlines()
    assert lines[:2] == [
        "1 stories in 30 days",
        "about 0.2 mails a week to desk@example.org",
    ]
    [week] = [number for number, line in enumerate(lines) if "1 to desk@example.org" in line]
    assert "Dam breaks  (Gazette)" in lines[week + 1]
    assert desk.smtp.messages() == []


def test_a_watch_is_judged_when_it_is_written(run: Run, desk: Desk) -> None:
    for number in range(4):
        desk.article(f"Storm {number}", "The Northern Echo named a new bridge keeper.")
    indexed(desk)
    status, out, _ = run("watch", "add", "w", "Northern Echo brigde", "--to", "desk@example.org")
    assert status == 0
    assert "0 stories in the last 30 days" in out
    assert "! brigde stands in no article of the last 30 days: is it spelled so?" in out
    assert '! Northern and Echo stand side by side in 4 of 4 articles: write "Northern Echo"' in out
    status, out, _ = run("watch", "edit", "w", "--query", "bridge", "--to", "b@example.org")
    assert status == 0
    assert "4 stories in the last 30 days, 0.1 a day" in out
    assert "mails a week to b@example.org" in out
    assert "!" not in out
    assert desk.run_sql("SELECT query FROM watch") == [("bridge",)]
    assert run("watch", "edit", "w", "--query", "bridge AND (")[0] == 2


def test_pause_until_and_unsubscribe_for_a_reader(run: Run, desk: Desk) -> None:
    desk.watch(watch_text())
    assert run("watch", "pause", "dam", "--until", "2999-01-01")[:2] == (
        0,
        "dam: paused until 2999-01-01 00:00 UTC\n",
    )
    desk.article()
    assert desk.alert() == []
    assert run("watch", "pause", "dam", "--until", "2020-01-01")[0] == 1
    assert run("watch", "pause", "dam", "--until", "soon")[0] == 1
    assert run("watch", "resume", "dam")[0] == 0
    assert run("watch", "unsubscribe", "dam", "DESK@example.org")[0] == 0
    assert desk.run_sql("SELECT unsubscribed_at IS NULL FROM subscription") == [(False,)]
    assert run("watch", "unsubscribe", "dam", "x@example.org")[0] == 1


def test_readers_verdicts_become_a_suggestion(run: Run, desk: Desk) -> None:
    desk.watch(watch_text(query="dam OR engineers"))
    for number in range(3):
        story = desk.article(f"Film {number}", f"Engineers of film {number}.")
        desk.run_sql(
            "INSERT INTO feedback (watch_id, recipient_id, unit_id, verdict, given_at)"
            " SELECT 'dam', recipient_id, %s, 'not_relevant', now() FROM recipient",
            [story],
        )
    desk.alert()
    out = run("watch", "preview", "dam")[1]
    assert "! readers called 3 of its stories not relevant" in out
    assert "! engineers found 3 of them: make that part narrower" in out
