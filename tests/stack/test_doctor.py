"""What the doctor says of settings that belong together."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest

from mediawatch.settings import Settings
from mediawatch.stack import doctor

ADDRESS = "https://news.example"
KEY = "not-to-be-shown"


@pytest.mark.parametrize(
    ("address", "key", "missing"),
    [
        (None, None, None),
        (ADDRESS, KEY, None),
        (ADDRESS, None, "without MEDIAWATCH_SIGNING_KEY"),
        (None, KEY, "without MEDIAWATCH_PUBLIC_URL"),
    ],
)
def test_an_address_without_a_key_or_the_reverse_is_told(
    tmp_path: Path, address: str | None, key: str | None, missing: str | None
) -> None:
    settings = Settings(home=tmp_path, cache=tmp_path)
    settings = replace(settings, public_url=address, signing_key=key, taggers=())
    checks = takewhile(lambda check: check.name != "services", doctor.examine(settings))
    [found] = [check for check in checks if check.name == "mail links"]
    assert found.well is (missing is None)
    assert (missing or "") in found.words
    assert KEY not in found.words
