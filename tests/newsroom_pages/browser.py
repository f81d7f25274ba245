"""A real browser for the tests: the machine's own Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium on this machine (Debian: chromium)"
)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window, stopped at the end."""
    with sync_playwright() as playwright:
        # Inside a container Chromium cannot make its own sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def hindrances(page: Page) -> list[str]:
    """What axe-core calls serious or critical on a page, a line each."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['impact']} {each['id']}: {each['help']}: {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
        if each["impact"] in ("serious", "critical")
    ]
