"""The page of the day: each of its numbers leads to a list of as many rows."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from newsroom_pages.house import BASE, House, change

NUMBER = re.compile(r'<a href="([^"]+)">([\d,]+)(?: × [^<]*)?</a>')
MAIL = (
    "INSERT INTO delivery (recipient_id, kind, slot, state, next_attempt_at, message_id, subject,"
    " queued_at) SELECT recipient_id, '{kind}', '{slot}', 'queued', '2026-05-14 09:50Z', 'm', 'x',"
    " '2026-05-14 09:40Z' FROM recipient LIMIT 1"
)
WORK = {
    "pages": "UPDATE raw_entry SET state = 'wanted'",
    "entries": "UPDATE raw_entry SET state = 'pending'",
    "articles": "UPDATE article SET stage = 'annotate' WHERE article_id = 'u:1'",
    "changes": "UPDATE article_change SET indexed_at = NULL WHERE article_id = 'u:2'",
    "matches": "UPDATE article_change SET matched_at = NULL WHERE article_id = 'u:3'",
    "mails": MAIL.format(kind="instant", slot="story:y:new"),
    "digests": MAIL.format(kind="digest", slot="2026-05-14T08:00:00Z"),
}


def rows_of(client: TestClient, address: str) -> int:
    """How many rows the list at this address says or shows."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text)
    said = re.search(r"· ([\d,]+) articles?\b", answer.text)
    return int(said[1]) if said else answer.text.count("<tr>") - answer.text.count("<thead>")


def test_every_number_opens_the_list_that_it_counts(house: House) -> None:
    client = house.client("rita")
    page = client.get(f"{BASE}/").text
    numbers = NUMBER.findall(page)
    cells = re.findall(r'<dd>(.*?)</dd>|<td class="n">(.*?)</td>', page)
    assert all(any(NUMBER.fullmatch(part) for part in cell if part) for cell in cells)
    assert len(numbers) >= len(cells) > 20
    assert sum(number != "0" for _, number in numbers) >= 8
    for address, number in numbers:
        assert rows_of(client, unescape(address)) == int(number), address


@pytest.mark.parametrize("step", WORK)
def test_what_waits_is_listed(own_house: House, step: str) -> None:
    change(own_house.settings, WORK[step])
    client = own_house.client("rita")
    waiting = client.get(f"{BASE}/api/today").json()["queues"][step]["waiting"]
    assert waiting
    assert rows_of(client, f"{BASE}/queues/{step}") == waiting
    [link, *_] = re.findall(
        r'<th scope="row"><a href="([^"]+)"', client.get(f"{BASE}/queues/{step}").text
    )
    assert client.get(unescape(link)).status_code == 200


def test_a_queue_that_does_not_exist(house: House) -> None:
    assert house.client("rita").get(f"{BASE}/queues/none").status_code == 404


def test_the_days_of_a_search_end_today(house: House) -> None:
    page = house.client("rita").get(f"{BASE}/stories").text
    assert re.search(r"2026-05-01 0,.* 2026-05-14 [1-9]", page)
