"""Starting, recognising and ending the processes of the stack.

Each is the leader of its own session, so that ending the session ends also what it left behind
when it was killed.
"""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from mediawatch.errors import ServiceError
from mediawatch.stack.state import Service

HOST = "127.0.0.1"
# Start times are computed from the boot time and may differ a little between two readings.
START_TOLERANCE_SECONDS = 2.0
POLL_SECONDS = 0.1
LOG_TAIL_LINES = 5
KILLED_SECONDS = 10
KILL_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Owner:
    """Who runs Postgres and Elasticsearch: both refuse to run as root."""

    uid: int
    gid: int

    def take(self, folder: Path) -> None:
        """Make the folder, owned by this user and closed to others."""
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        os.chown(folder, self.uid, self.gid)


def service_owner() -> Owner:
    """``nobody`` when we are root, ourselves otherwise."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return Owner(nobody.pw_uid, nobody.pw_gid)
    return Owner(os.geteuid(), os.getegid())


def require_reachable(folder: Path, owner: Owner, setting: str) -> None:
    """See that the owner can pass every parent of ``folder``.

    Raises:
        ServiceError: naming the closed folder and the setting that moves it.
    """
    if owner.uid == os.geteuid():
        return
    for parent in (folder, *folder.parents):
        if parent.exists() and not parent.stat().st_mode & 0o001:
            raise ServiceError(
                f"{parent} is closed to the user that runs the services; set {setting} to a"
                " folder that every user can pass, such as the default"
            )


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path,
    owner: Owner | None = None,
    port: int | None = None,
    profile: str | None = None,
) -> Service:
    """Start a process on its own, its output in ``log`` (mode 0600, begun anew).

    Without ``env`` it gets our environment.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
        change = owner is not None and owner.uid != os.geteuid()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            user=owner.uid if change and owner else None,
            group=owner.gid if change and owner else None,
            extra_groups=[] if change else None,
        )
    return Service(name, process.pid, psutil.Process(process.pid).create_time(), port, profile)


def is_running(service: Service) -> bool:
    """Whether that very process lives: same pid and same start time."""
    try:
        process = psutil.Process(service.pid)
        return _same(process, service) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _same(process: psutil.Process, service: Service) -> bool:
    return abs(process.create_time() - service.started) < START_TOLERANCE_SECONDS


def wait_ready(service: Service, ready: Callable[[], bool], *, seconds: float, log: Path) -> None:
    """Ask until the service is ready.

    Raises:
        ServiceError: it ended or took too long; with the end of its log.
    """
    give_up = time.monotonic() + seconds
    while not ready():
        if not is_running(service):
            raise ServiceError(f"{service.name} ended at its start: {log_tail(log)} (see {log})")
        if time.monotonic() > give_up:
            raise ServiceError(
                f"{service.name} was not ready after {seconds:.0f} s: {log_tail(log)} (see {log})"
            )
        time.sleep(POLL_SECONDS)


def log_tail(log: Path) -> str:
    """The last lines of a log in one line."""
    with suppress(OSError):
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
        return " / ".join([line.strip() for line in lines if line.strip()][-LOG_TAIL_LINES:])
    return "no log"


def stop(
    services: Iterable[Service], *, ask: signal.Signals = signal.SIGTERM, seconds: float
) -> None:
    """Ask all to end; after ``seconds`` kill their sessions, and what they left behind anyway.

    A process that is not the one we started is left alone.
    """
    asked = list(services)
    for service in asked:
        if is_running(service):
            with suppress(ProcessLookupError):
                os.kill(service.pid, ask)
    give_up = time.monotonic() + seconds
    for service in asked:
        wait_gone(service, max(0.0, give_up - time.monotonic()))
    for _ in range(KILL_ROUNDS):  # what is killed may just have made another process
        left = [process for service in asked for process in session_of(service)]
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        wait_dead(left, KILLED_SECONDS)
        if not left:
            return


def wait_gone(service: Service, seconds: float) -> bool:
    """Wait until the process has ended; reaps it when it is a child of ours."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(service.pid)
        if _same(process, service):
            wait_dead([process], seconds)
    return not is_running(service)


def wait_dead(some: Iterable[psutil.Process], seconds: float) -> None:
    """Wait until all have ended, also those that a parent other than us has yet to reap."""
    give_up = time.monotonic() + seconds
    for process in some:
        with suppress(psutil.NoSuchProcess):
            while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < give_up:
                time.sleep(POLL_SECONDS)
            with suppress(psutil.TimeoutExpired):
                process.wait(0)  # reaps a child of ours


def session_of(service: Service) -> list[psutil.Process]:
    """The live processes of the service's session, also when its leader is dead.

    The session and not the process group, for Airflow gives each task a group of its own. While
    one of them lives the kernel gives the leader's pid to no other process; a live leader with
    another start time means that the session is somebody else's.
    """
    members = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(process.pid) != service.pid:
                continue
            if process.pid == service.pid and not _same(process, service):
                return []
            if process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def end_matching(belongs: Callable[[psutil.Process], bool]) -> None:
    """Kill what a killed server left behind: the processes that ``belongs`` tells to be its own."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if belongs(process):
                process.kill()
                left.append(process)
    wait_dead(left, KILLED_SECONDS)


def free_port(wish: int | None = None) -> int:
    """A free port of the loopback address; the wished one if it is free."""
    for port in (wish, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            # As the services do; else a port closed a moment ago counts as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise ServiceError(f"no port is free on {HOST}")


def is_listening(port: int) -> bool:
    """Whether something accepts connections on that port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
