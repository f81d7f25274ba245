"""Bringing our saved objects to a Kibana: one import, which writes ours anew.

Kibana answers 200 also when objects failed, so that the answer is read to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx

from mediawatch.errors import ServiceError
from mediawatch.search.kibana_objects import ndjson

Json: TypeAlias = dict[str, Any]

SECONDS = 60
# Any value will do: it tells Kibana that no web page of somebody else sent the request.
HEADERS = {"kbn-xsrf": "mediawatch"}
FILE_NAME = "mediawatch.ndjson"  # Kibana refuses other endings


@dataclass(frozen=True, slots=True)
class Synced:
    """How many objects Kibana took; ``failed`` has a line for each that it did not."""

    taken: int
    failed: tuple[str, ...]


def sync(base: str, objects: Sequence[Json], data_view: str) -> Synced:
    """Import the objects over their earlier selves, and make ours the data view by default.

    Objects with other ids, so a person's own, are left alone; so is a data view by default that
    a person has chosen. ``base`` may carry a name and password.

    Raises:
        ServiceError: Kibana is away, refuses us, or cannot read the file as a whole.
    """
    with httpx.Client(timeout=SECONDS, headers=HEADERS) as client:
        content = ndjson(objects).encode()
        answer = _asked(
            client,
            f"{base}/api/saved_objects/_import?overwrite=true",
            files={"file": (FILE_NAME, content, "application/ndjson")},
        )
        synced = _read(answer, len(objects))
        _asked(
            client,
            f"{base}/api/data_views/default",
            json={"data_view_id": data_view, "force": False},
        )
    return synced


def _asked(client: httpx.Client, url: str, **content: Any) -> Json:
    shown = _without_password(url)
    try:
        response = client.post(url, **content)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise ServiceError(
            f"Kibana does not answer at {shown} ({type(fault).__name__}); "
            "check MEDIAWATCH_KIBANA_URL"
        ) from None
    if response.status_code in (401, 403):
        raise ServiceError(
            f"Kibana refuses the user of MEDIAWATCH_KIBANA_URL ({response.status_code}): name and "
            "password must be right, and the user needs the right to manage saved objects"
        )
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServiceError(f"what answers at {shown} is not Kibana ({response.status_code})")
    if response.status_code != httpx.codes.OK:
        said = str(body.get("message", ""))[:300]
        raise ServiceError(f"Kibana answered {response.status_code}: {said}")
    return body


def _read(answer: Json, sent: int) -> Synced:
    """What an import did; its own count must agree with what was sent."""
    errors = answer.get("errors", [])
    failed = tuple(
        f"{each.get('type')} {each.get('id')}: {each.get('error', {}).get('type', 'refused')}"
        for each in errors
    )
    taken = int(answer.get("successCount", 0))
    if not failed and (answer.get("success") is not True or taken != sent):
        failed = (f"Kibana took {taken} of {sent} objects and does not say why",)
    return Synced(taken=taken, failed=failed)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
