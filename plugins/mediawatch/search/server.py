"""The client of Elasticsearch, and its faults in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    ConnectionError,  # noqa: A004 - the client's name
    Elasticsearch,
    SerializationError,
    TransportError,
    UnsupportedProductError,
)

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings

OLDEST = (8, 16)
MAJOR = 8
READ_ONLY = (
    "Elasticsearch has made an index read-only because its disk is nearly full: free some space, "
    "then run `mediawatch step index` again"
)


@contextmanager
def connected(settings: Settings) -> Iterator[Elasticsearch]:
    """A client for the server of the settings; its faults come out as ServiceError.

    Raises:
        ServiceError: no URL is set, the server is away, of another version, or refuses.
    """
    if settings.elasticsearch_url is None:
        raise ServiceError(
            "Elasticsearch is not running: run `mediawatch up` or set MEDIAWATCH_ELASTICSEARCH_URL"
        )
    with Elasticsearch(settings.elasticsearch_url, request_timeout=60) as es, explained():
        check_version(es)
        yield es


def check_version(es: Elasticsearch) -> None:
    """Refuse a server for which mapping and queries were not tried.

    Raises:
        ServiceError: naming its version.
    """
    number = str(es.info()["version"]["number"])
    parts = tuple(int(part) for part in number.split(".")[:2])
    if parts[0] != MAJOR or parts < OLDEST:
        raise ServiceError(
            f"Elasticsearch is version {number}; mediawatch needs 8.16 or a later 8: "
            "check MEDIAWATCH_ELASTICSEARCH_URL"
        )


@contextmanager
def explained() -> Iterator[None]:
    """Turn faults of the client into a ServiceError that says what to do.

    Raises:
        ServiceError: for every fault of the server or the way to it.
    """
    try:
        yield
    except (AuthenticationException, AuthorizationException) as fault:
        if is_read_only(fault.body):
            raise ServiceError(READ_ONLY) from fault
        raise ServiceError(
            "Elasticsearch refuses the user or password of MEDIAWATCH_ELASTICSEARCH_URL"
        ) from fault
    except UnsupportedProductError as fault:
        raise ServiceError(
            "what answers at MEDIAWATCH_ELASTICSEARCH_URL is not an Elasticsearch 8"
        ) from fault
    except ApiError as fault:
        raise ServiceError(api_fault(fault)) from fault
    except SerializationError as fault:
        raise ServiceError(f"Elasticsearch gave an answer that is not JSON: {fault}") from fault
    except (ConnectionError, TransportError) as fault:
        raise ServiceError(
            f"Elasticsearch does not answer ({type(fault).__name__}); check `mediawatch status` "
            "or MEDIAWATCH_ELASTICSEARCH_URL"
        ) from fault


def api_fault(fault: ApiError) -> str:
    """One sentence for an answer that is an error."""
    if is_read_only(fault.body):
        return READ_ONLY
    if fault.status_code in (408, 503, 504):
        return (
            "Elasticsearch cannot work now: a shard or the whole cluster is red "
            f"({reason_of(fault.body)}); look at _cluster/health and run the step again"
        )
    if fault.status_code == 429:
        return "Elasticsearch has too much to do and refuses work; run the step again later"
    return f"Elasticsearch answered {fault.status_code}: {reason_of(fault.body)}"


def is_read_only(body: Any) -> bool:
    """True when an answer, or an item of it, tells of a write block on the index."""
    text = str(body)
    return "cluster_block_exception" in text and (
        "read-only" in text or "FORBIDDEN/" in text or "flood-stage" in text
    )


def reason_of(body: Any) -> str:
    """The innermost reason of an error answer, at most 300 characters.

    Of a document that cannot be read it is the outermost, which names field and value.
    """
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:300]
    if str(error.get("type")) in ("document_parsing_exception", "mapper_parsing_exception"):
        return f"{error['type']}: {error.get('reason', '')}"[:300]
    while isinstance(error.get("caused_by"), dict):
        error = error["caused_by"]
    if error.get("root_cause") and not error.get("reason"):
        error = error["root_cause"][0]
    return f"{error.get('type', 'error')}: {error.get('reason', '')}"[:300]
