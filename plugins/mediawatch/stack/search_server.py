"""The embedded Elasticsearch 8.16.6: one node for a home, on the loopback address."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import httpx

from mediawatch.stack import processes, programs
from mediawatch.stack.processes import HOST
from mediawatch.stack.state import Service

NAME = "elasticsearch"
CONFIG_VARIABLE = "ES_PATH_CONF"
READY_SECONDS = 240
# The heap is not touched at the start, which saves memory; and code is compiled quickly rather
# than well, which halves the processor time of a start (20 s to 9 s). A server under a heavy load
# has an Elasticsearch of its own.
JAVA_OPTIONS = "-Xms512m -Xmx512m -XX:-AlwaysPreTouch -XX:TieredStopAtLevel=1"

SETTINGS = """\
cluster.name: mediawatch
node.name: embedded
discovery.type: single-node
http.host: {host}
http.port: {port}
transport.host: {host}
transport.port: 0
path.data: "{folder}/data"
path.logs: "{folder}/logs"
node.store.allow_mmap: false
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""
JVM_OPTIONS = """\
-XX:+UseSerialGC
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=${ES_TMPDIR}
"""


def url(port: int) -> str:
    """The URL of the embedded node."""
    return f"http://{HOST}:{port}"


def start(home: Path, cache: Path, wish: int | None) -> Service:
    """Start the node; it is ready when :func:`wait` returns.

    Raises:
        ServiceError: its user cannot reach the folders.
    """
    owner = processes.service_owner()
    processes.require_reachable(home, owner, "MEDIAWATCH_HOME")
    processes.require_reachable(cache, owner, "MEDIAWATCH_CACHE")
    program = cache / programs.ELASTICSEARCH.folder
    java = programs.java_home(cache)
    port = processes.free_port(wish)
    folder = home / "elasticsearch"
    end_left(home)
    config = _configure(folder, program, owner, port)
    command = [
        *[str(java / "bin" / "java"), "-Xmx64m", "-XX:+UseSerialGC"],
        "-XX:TieredStopAtLevel=1",
        *["-Dcli.name=server", "-Dcli.script=bin/elasticsearch"],
        *["-Dcli.libs=lib/tools/server-cli", "-Des.distribution.type=tar"],
        *[f"-Des.path.home={program}", f"-Des.path.conf={config}"],
        *["-cp", f"{program}/lib/*:{program}/lib/cli-launcher/*"],
        "org.elasticsearch.launcher.CliToolLauncher",
    ]
    env = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ES_JAVA_HOME": str(java),
        CONFIG_VARIABLE: str(config),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_JAVA_OPTS": JAVA_OPTIONS,
    }
    return processes.start(
        NAME,
        command,
        log=log_file(home),
        env=env,
        cwd=program,  # the launcher looks for its libraries from here
        owner=owner,
        port=port,
    )


def wait(home: Path, service: Service) -> None:
    """Wait until the node answers and its indices are there.

    Raises:
        ServiceError: it ended or took too long.
    """
    address = url(service.port or 0)
    processes.wait_ready(
        service, lambda: answers(address), seconds=READY_SECONDS, log=log_file(home)
    )


def log_file(home: Path) -> Path:
    """Where the node writes what it has to say."""
    return home / "logs" / "elasticsearch.log"


def answers(address: str) -> bool:
    """Whether a node answers at this URL and has opened the indices it holds."""
    try:
        health = httpx.get(f"{address}/_cluster/health", timeout=5, trust_env=False)
        return health.status_code == httpx.codes.OK and health.json()["status"] != "red"
    except (httpx.HTTPError, ValueError, KeyError):
        return False


def end_left(home: Path) -> None:
    """End a launcher or node of this home whose pid was lost: it would hold the data's lock."""
    config = str(home / "elasticsearch" / "config")
    processes.end_matching(lambda process: process.environ().get(CONFIG_VARIABLE) == config)


def _configure(folder: Path, program: Path, owner: processes.Owner, port: int) -> Path:
    config = folder / "config"
    for part in (folder, config, folder / "data", folder / "logs", folder / "tmp"):
        owner.take(part)
    text = SETTINGS.format(host=HOST, port=port, folder=folder)
    (config / "elasticsearch.yml").write_text(text, encoding="utf-8")
    (config / "jvm.options").write_text(JVM_OPTIONS, encoding="utf-8")
    shutil.copyfile(program / "config" / "log4j2.properties", config / "log4j2.properties")
    for file in config.iterdir():
        os.chown(file, owner.uid, owner.gid)
    return config
