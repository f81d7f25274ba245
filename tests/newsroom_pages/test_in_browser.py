"""Every page in a real browser: accessible, light and dark, and as wide as a phone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser

from newsroom_pages.browser import hindrances, needs_browser, started
from newsroom_pages.house import BASE, House
from newsroom_pages.test_pages import PAGES

pytestmark = needs_browser
# One of each kind; the others differ in their rows alone.
KINDS = [
    page for page in PAGES if "?" not in page or page.startswith(("/watches/other", "/actors"))
]
# axe looks at each page on a wide screen, and at one page of each other screen: what differs
# between them is in the style sheet, not in a page.
SCREENS = {
    "light": (1200, 800, "light", set(KINDS)),
    "dark": (1200, 800, "dark", {"/stories/u:1", "/"}),
    "phone": (390, 800, "light", {"/stories/u:1"}),
}


@pytest.fixture(scope="module")
def address(shared_house: House) -> Iterator[str]:
    """Where the house is served, on loopback."""
    house = House(shared_house.settings)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(house.outer, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_hinder_nobody_and_fit_their_screen(
    browser: Browser, address: str, screen: str
) -> None:
    width, height, scheme, judged = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is put into the page as a script
    )
    context.add_cookies([{"name": "who", "value": "ed", "url": address}])
    page = context.new_page()
    wrong: list[str] = []
    for path in KINDS if screen != "dark" else sorted(judged):
        answer = page.goto(f"{address}{BASE}{path}")
        assert answer is not None
        assert answer.status == 200
        if path in judged:
            wrong += hindrances(page)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wrong.append(f"{path} is {over} pixels too wide")
    context.close()
    assert not wrong, "\n".join(wrong)


def test_a_query_is_checked_while_it_is_typed_and_no_policy_is_broken(
    browser: Browser, address: str
) -> None:
    context = browser.new_context()
    context.add_cookies([{"name": "who", "value": "ed", "url": address}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(f"{address}{BASE}/watches/new")
    page.fill("#query", "dam AND (flood")
    page.wait_for_selector("#verdict .bad")
    page.fill("#query", "dam AND flood")
    page.wait_for_selector("#verdict .good")
    for path in ("/stories/u:3", "/sources/s2", "/rejected", "/deliveries/1", "/actors/local:evil"):
        page.goto(f"{address}{BASE}{path}", wait_until="networkidle")
    context.close()
    assert said == []


def test_pages_read_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "who", "value": "ed", "url": address}])
    page = context.new_page()
    page.goto(f"{address}{BASE}/stories")
    page.fill("#q", "lund")
    page.press("#q", "Enter")
    page.click("text=Lund resigns")
    assert page.locator("h1").inner_text() == "Lund resigns"
    assert page.locator("mark").count() >= 1
    context.close()
