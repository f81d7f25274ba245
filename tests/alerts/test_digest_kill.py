"""``kill -9`` while digests are written: the slot comes once, whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime

from alerts.desk import NOW, Desk, text_of, watch_text

DIGEST = ', mode: digest, digest: {times: ["11:00"]}'
RUN = (
    "import sys; from datetime import datetime; from mediawatch.pipeline import steps;"
    " steps.run('send_digests', None, datetime.fromisoformat(sys.argv[1]))"
)


def send(desk: Desk, database_url: str, now: datetime, kill_at: str | None) -> int:
    """Write and send digests in a process of its own; its exit status."""
    env = {
        "PATH": os.environ["PATH"],
        "MEDIAWATCH_HOME": str(desk.settings.home),
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": "http://127.0.0.1:1",
        "MEDIAWATCH_SMTP_URL": desk.smtp.url,
    } | ({"MEDIAWATCH_KILL_AT": kill_at} if kill_at else {})
    command = [sys.executable, "-c", RUN, now.isoformat()]
    return subprocess.run(command, env=env, check=False, timeout=60).returncode


def test_a_digest_killed_while_it_is_written_is_written_again_and_sent_once(
    desk: Desk, database_url: str
) -> None:
    desk.watch(
        watch_text(recipient=DIGEST), watch_text("b", reader="b@example.org", recipient=DIGEST)
    )
    desk.article()
    desk.match()
    slot = NOW.replace(hour=11)
    assert send(desk, database_url, slot, "digest.written") == -signal.SIGKILL
    assert desk.deliveries() == []
    assert send(desk, database_url, slot, None) == 0
    assert send(desk, database_url, slot, None) == 0
    mails = desk.smtp.messages()
    assert sorted(mail["To"] for mail in mails) == ["b@example.org", "desk@example.org"]
    assert all("Dam breaks" in text_of(mail) for mail in mails)
    assert [row[1] for row in desk.deliveries()] == ["sent", "sent"]
