"""What is remembered of the running services: one file of mode 0600 in the home folder.

It holds the passwords of this home and the pid, start time and port of each service. A home has
its own file, so two homes do not meet.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from mediawatch.errors import ServiceError

SECRETS = ("postgres", "airflow_admin", "airflow_viewer", "api_secret", "jwt_secret", "fernet")
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Service:
    """A started process, the leader of its own session.

    ``started`` is its start time in seconds since 1970, which tells it from a later process
    with the same pid. ``port`` is what it listens on, if it does. ``profile`` is None for what
    all profiles of a home share.
    """

    name: str
    pid: int
    started: float
    port: int | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The passwords and services of one home.

    ``ports`` are the last ones used, by ``name`` or ``name:profile``: taken again when free, so
    that addresses stay.
    """

    secrets: Mapping[str, str] = field(repr=False)
    services: tuple[Service, ...] = ()
    ports: Mapping[str, int] = field(default_factory=dict)

    def service(self, name: str, profile: str | None = None) -> Service | None:
        """The service of that name and profile, running or not."""
        same = (s for s in self.services if (s.name, s.profile) == (name, profile))
        return next(same, None)

    def port(self, name: str, profile: str | None = None) -> int | None:
        """The port that this service had the last time."""
        return self.ports.get(_port_key(name, profile))

    def with_service(self, service: Service) -> State:
        """The state with this service in place of an older one of its name and profile."""
        state = self.without(service)
        ports = dict(self.ports)
        if service.port is not None:
            ports[_port_key(service.name, service.profile)] = service.port
        return replace(state, services=(*state.services, service), ports=ports)

    def without(self, service: Service) -> State:
        """The state without the service of that name and profile."""
        key = (service.name, service.profile)
        kept = tuple(s for s in self.services if (s.name, s.profile) != key)
        return replace(self, services=kept)


def _port_key(name: str, profile: str | None) -> str:
    return name if profile is None else f"{name}:{profile}"


def path(home: Path) -> Path:
    """The state file of a home."""
    return home / "state.json"


def load(home: Path) -> State:
    """The state of a home; with new passwords where there is none yet.

    Raises:
        ServiceError: the file cannot be read as a state.
    """
    try:
        text = path(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        made = {name: secrets.token_urlsafe(SECRET_BYTES) for name in SECRETS}
        # A Fernet key is 32 bytes in padded base64.
        return State({**made, "fernet": f"{made['fernet']}="})
    except PermissionError:
        raise ServiceError(
            f"{path(home)} belongs to another user; set MEDIAWATCH_HOME to a folder of your own"
        ) from None
    try:
        held = json.loads(text)
        return State(
            {name: str(held["secrets"][name]) for name in SECRETS},
            tuple(Service(**service) for service in held["services"]),
            {str(name): int(port) for name, port in held["ports"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ServiceError(
            f"{path(home)} is broken; end what still runs, move {home} away and start again"
        ) from None


def save(home: Path, state: State) -> None:
    """Write the state, readable for its owner alone; in one step, so that it is never half."""
    part = path(home).with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(
            {
                "secrets": dict(state.secrets),
                "services": [asdict(service) for service in state.services],
                "ports": dict(state.ports),
            },
            file,
            indent=1,
        )
        file.flush()
        os.fsync(file.fileno())
    part.rename(path(home))


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """One ``up`` or ``down`` at a time for a home; a second one waits.

    Raises:
        ServiceError: the home cannot be made or written to.
    """
    try:
        make_home(home)
        file = (home / "lock").open("w")
    except OSError as fault:
        raise ServiceError(
            f"{home} cannot be written to ({fault.strerror}); set MEDIAWATCH_HOME to a folder of"
            " your own"
        ) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_home(home: Path) -> None:
    """Make the home folder: closed to others, but passable where services run as ``nobody``."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)
