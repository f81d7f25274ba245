"""The newsroom as a desk uses it: in a real browser, in real Airflow, from source to muted mail."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from playwright.sync_api import Browser, Page

from mediawatch.settings import Settings
from mediawatch.stack import services
from mediawatch.storage.connection import connect, transaction
from newsroom_pages.browser import hindrances, needs_browser, started
from sources.web import Answer, Web

PROGRAM = Path(sys.executable).with_name("mediawatch")
REPOSITORY = Path(__file__).resolve().parents[1]
BASE = "/mediawatch"
UP_SECONDS, MAIL_SECONDS, PAGE_SECONDS = 600, 420, 120
OUTSIDE = "http://newsroom.example"  # as a proxy would show it
HEADLINE = "Old lighthouse of Cape Fell to be moved inland"
BODY = (
    "The lighthouse of Cape Fell will be moved 300 metres inland, the port authority decided on"
    " Monday, because the cliff below it loses half a metre a year. The move will take two years"
    " and cost nine million euros, said its director, Ruth Ansgar. The keeper will stay."
)
T = TypeVar("T")

pytestmark = [needs_browser, pytest.mark.timeout(2 * UP_SECONDS + 2 * MAIL_SECONDS)]


class Newsroom:
    """A home of its own with everything up, and a feed that the test writes."""

    def __init__(self, folder: Path, cache: Path, web: Web) -> None:
        self.web = web
        self.feed = f"{web.url}/rss.xml"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "MEDIAW"))}
        self.env |= {
            "MEDIAWATCH_HOME": str(folder),
            "MEDIAWATCH_CACHE": str(cache),
            "MEDIAWATCH_ALLOW_HOSTS": "127.0.0.1",
            "MEDIAWATCH_PUBLIC_URL": f"{OUTSIDE}{BASE}",
            "MEDIAWATCH_SIGNING_KEY": "the key of this test",
        }
        self.publish([("Harbour fair opens", "The harbour fair opened with music and rain.")])

    def program(self, *arguments: str) -> str:
        answer = subprocess.run(
            [PROGRAM, *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=UP_SECONDS,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    @property
    def settings(self) -> Settings:
        return services.resolve(Settings.from_env(self.env))

    def publish(self, items: list[tuple[str, str]]) -> None:
        """Let the feed hold these items, the newest first."""
        now = format_datetime(datetime.now(UTC))
        text = "".join(
            f"<item><title>{title}</title><link>{self.web.url}/{number}</link>"
            f"<guid>{title}</guid><pubDate>{now}</pubDate><description>{body}</description></item>"
            for number, (title, body) in enumerate(reversed(items))
        )
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Cape Courier</title>'
        answer = Answer(
            f"{head}{text}</channel></rss>".encode(), headers={"Content-Type": "text/xml"}
        )
        self.web.answers["/rss.xml"] = answer
        for number, (title, body) in enumerate(reversed(items)):
            html = f"<title>{title}</title><article><h1>{title}</h1><p>{body}</p></article>"
            kind = {"Content-Type": "text/html"}
            self.web.answers[f"/{number}"] = Answer(html.encode(), headers=kind)

    def read_now(self) -> None:
        """Let the feed be read at the next minute and not when its interval is over."""
        url = self.settings.database_url
        assert url
        with closing(connect(url)) as conn, transaction(conn):
            conn.cursor().execute("UPDATE source SET next_fetch_at = now() WHERE kind = 'feed'")

    def mail_links(self) -> list[str]:
        """The signed links of the mails in the outbox that are about the story."""
        outbox = Path(json.loads(self.program("status", "--json"))["outbox"])
        for path in outbox.glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            plain = mail.get_body(("plain",))  # type: ignore[union-attr]
            if "lighthouse" in str(mail["Subject"]):
                return re.findall(rf"{OUTSIDE}(\S+/mail/[\w.-]+)", plain.get_content())
        return []


@pytest.fixture
def newsroom(cache: Path) -> Iterator[Newsroom]:
    folder = Path(tempfile.mkdtemp(prefix="mediawatch-newsroom-"))
    web = Web()
    made = Newsroom(folder, cache, web)
    try:
        made.program("up")
        yield made
    finally:
        made.program("down")
        web.close()
        shutil.rmtree(folder)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


def until(found: Callable[[], T], what: str, seconds: float = MAIL_SECONDS) -> T:
    give_up = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        assert time.monotonic() < give_up, f"no {what} after {seconds:.0f} s"
        time.sleep(2)


def test_from_a_new_source_to_a_muted_story(newsroom: Newsroom, browser: Browser) -> None:
    address, user, password = services.airflow_login(Settings.from_env(newsroom.env))
    stranger = httpx.get(f"{address}{BASE}/api/today", trust_env=False, timeout=PAGE_SECONDS)
    assert stranger.status_code == 401
    bare = httpx.get(f"{address}{BASE}", trust_env=False, timeout=PAGE_SECONDS)
    assert bare.next_request
    assert bare.next_request.url == f"{address}{BASE}/"
    page = browser.new_page()
    page.set_default_timeout(PAGE_SECONDS * 1000)
    said: list[str] = []
    page.goto(f"{address}{BASE}/sources/new")
    assert "/auth/login" in page.url
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"**{BASE}/sources/new")
    page.on("console", lambda message: said.append(message.text))

    add_source(page, newsroom)
    add_watch(page, f"{address}{BASE}", "lighthouse", "lighthouse AND cliff")
    add_watch(page, f"{address}{BASE}", "ferries", "ferr* AND cape")
    page.goto(f"{address}{BASE}/watches/lighthouse/preview")
    assert "in the last 30 days" in page.inner_text("main") or "indexed" in page.inner_text("main")

    until(lambda: "Harbour fair" in stories(page, address, "harbour"), "article of the first read")
    newsroom.publish([("Harbour fair opens", "The fair."), (HEADLINE, BODY)])
    newsroom.read_now()
    until(lambda: HEADLINE in stories(page, address, "lighthouse"), "story")
    page.click(f"text={HEADLINE}")
    assert page.locator("mark").count() >= 2
    assert "Cape Courier" in page.inner_text("main") or "127.0.0.1" in page.inner_text("main")

    links = until(newsroom.mail_links, "mail")
    page.goto(f"{address}{BASE}/deliveries")
    page.click(f"text={HEADLINE}")
    assert "sent" in page.inner_text("main")
    assert HEADLINE in page.frame_locator("iframe.mail").locator("body").inner_text()

    mute(browser, [f"{address}{link}" for link in links])

    page.goto(f"{address}{BASE}/watches/ferries/why")
    page.fill("#what", f"{newsroom.web.url}/1")
    page.click("button:has-text('Ask')")
    assert "ferr" in page.inner_text(".steps")
    page.goto(f"{address}{BASE}/")
    assert hindrances(page) == []
    assert [text for text in said if "Content Security Policy" in text] == []


def add_source(page: Page, newsroom: Newsroom) -> None:
    page.fill("#url", newsroom.feed)
    page.click("button:has-text('Look')")
    page.wait_for_selector("text=Harbour fair opens")
    assert "Cape Courier" in page.inner_text("main")
    page.click("button:has-text('Follow')")
    page.wait_for_selector("h1:has-text('Cape Courier')")


def add_watch(page: Page, base: str, name: str, query: str) -> None:
    page.goto(f"{base}/watches/new")
    page.fill("#name", f"On {name}")
    page.fill("#id", name)
    page.fill("#query", f"({query}")
    page.wait_for_selector("#verdict .bad")
    page.fill("#query", query)
    page.wait_for_selector("#verdict .good")
    page.fill("#owner", "desk@newsroom.example")
    page.fill("#address-1", "duty@newsroom.example")
    page.click("button:has-text('Save')")
    page.wait_for_url(f"**/watches/{name}")


def stories(page: Page, address: str, query: str) -> str:
    page.goto(f"{address}{BASE}/stories?q={query}")
    return page.inner_text("main")


def mute(browser: Browser, links: list[str]) -> None:
    """As the reader of the mail does: without a log-in, in another browser."""
    reader = browser.new_context().new_page()
    for link in links:
        reader.goto(link)
        if "Mute this story" in reader.inner_text("h1"):
            assert HEADLINE in reader.inner_text("main")
            reader.click("main button")
            reader.wait_for_selector("[role=status]")
            assert "no more mails on this story" in reader.inner_text("main")
            return
    pytest.fail(f"no link to mute the story among {links}")
