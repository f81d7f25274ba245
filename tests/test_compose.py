"""What the server's compose file must hold. There is no engine here to run it, so each point is
a rule, and each rule is seen to fail on a file that was broken on purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"
Json = dict[str, Any]

ONE_SHOTS = {"database-setup", "search-setup", "tagger-files", "setup", "kibana-import"}
AIRFLOW = {"setup", "api-server", "scheduler", "dag-processor", "triggerer"}
OURS = {*AIRFLOW, "tagger-files", "kibana-import"}
SECRET = re.compile(r"PASSWORD|SECRET|KEY|SMTP_URL")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?|postgres:\d+\.\d+-\w+")


def faults(compose: Json) -> Iterator[str]:
    """Every rule that the file breaks, as ``rule: service``."""
    services: Json = compose["services"]
    for name, service in services.items():
        yield from _image(name, service)
        yield from _health(name, service)
        yield from _dependencies(name, service, services)
        yield from _mounts(name, service, compose)
        for port in service.get("ports", []):
            if not str(port).startswith("127.0.0.1:"):
                yield f"port is open to others: {name}"
        for key, value in service.get("environment", {}).items():
            yield from _secrets(name, key, str(value))
        if service.get("restart") != ("no" if name in ONE_SHOTS else "unless-stopped"):
            yield f"restart: {name}"
    yield from _search(services)
    yield from _airflow(services)


def _image(name: str, service: Json) -> Iterator[str]:
    if not PINNED.fullmatch(service["image"]):
        yield f"image is not pinned: {name}"
    if name in OURS and service.get("build") != ".":
        yield f"image is not built: {name}"


def _health(name: str, service: Json) -> Iterator[str]:
    test = service.get("healthcheck", {}).get("test", [])
    if test[:1] not in (["CMD"], ["CMD-SHELL"]) or "true" in test:
        yield f"no health check: {name}"
    if name == "scheduler" and "tagger" not in test:
        yield f"well without the tagger: {name}"


def _dependencies(name: str, service: Json, services: Json) -> Iterator[str]:
    needs = service.get("depends_on", {})
    if isinstance(needs, list):
        yield f"dependency without condition: {name}"
        return
    for other, how in needs.items():
        ends = "service_completed_successfully" if other in ONE_SHOTS else "service_healthy"
        if other not in services or how.get("condition") != ends:
            yield f"dependency without condition: {name}"
        if "profiles" in services.get(other, {}) and how.get("required") is not False:
            yield f"dependency on what may be left out: {name}"


def _mounts(name: str, service: Json, compose: Json) -> Iterator[str]:
    for mount in service.get("volumes", []):
        source, target, *mode = str(mount).split(":")
        if source.startswith("."):
            if mode != ["ro"]:
                yield f"files of the repository can be written: {name}"
        elif source not in compose["volumes"]:
            yield f"volume has no name: {name}"
        if name == "postgres" and target != "/var/lib/postgresql":
            yield f"data outside the volume: {name}"


def _secrets(name: str, key: str, value: str) -> Iterator[str]:
    for variable, rest in VARIABLE.findall(value):
        if SECRET.search(variable) and not rest.startswith(":?"):
            yield f"secret has a default: {name}"
    if SECRET.search(key) and not VARIABLE.search(value):
        yield f"secret is written out: {name}"
    if re.search(r"//[^:/]+:[^@$]+@", value):
        yield f"secret is written out: {name}"


def _search(services: Json) -> Iterator[str]:
    tags = {
        services[name]["image"].partition(":")[2]
        for name in ("elasticsearch", "kibana", "search-setup")
    }
    if len(tags) != 1 or not next(iter(tags)).startswith("8.19."):
        yield "Elasticsearch and Kibana differ"
    if services["elasticsearch"]["environment"].get("xpack.security.enabled") != "true":
        yield "Elasticsearch is open"
    if services["kibana"]["environment"].get("ELASTICSEARCH_USERNAME") != "kibana_system":
        yield "Kibana takes a person's log-in"
    if "search-setup" not in services["kibana"]["depends_on"]:
        yield "Kibana starts without its password"
    if set(services["kibana-import"]["depends_on"]) != {"kibana", "setup"}:
        yield "objects are imported before Kibana and the tables are there"
    if ".env" not in services["kibana-import"].get("env_file", []):
        yield "objects are imported without a password"


def _airflow(services: Json) -> Iterator[str]:
    for name in AIRFLOW:
        env = services[name]["environment"]
        if not str(env.get("AIRFLOW__CORE__AUTH_MANAGER")).endswith("FabAuthManager"):
            yield f"log-in of development: {name}"
        if env != services["scheduler"]["environment"]:
            yield f"other settings than the scheduler: {name}"


@pytest.fixture(scope="module")
def compose() -> Json:
    loaded: Json = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


def test_the_compose_file_is_valid():
    parsed = PyCompose.from_yaml(COMPOSE.read_text(encoding="utf-8"))
    assert len(parsed.services) == 13


def test_the_compose_file_holds_every_rule(compose: Json):
    assert list(faults(compose)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    healthcheck:\n", "    helthcheck:\n"),
        ("condition: service_healthy", "condition: service_helthy"),
        ("      test: [", "      tset: ["),
        ("    restart: unless-stopped", "    restart: sometimes"),
        ("    depends_on:", "    depend_on:"),
    ],
)
def test_a_misspelt_key_is_refused(before: str, after: str):
    text = COMPOSE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(ValueError, match=re.escape(after.strip().split(":")[0].strip())[:3]):
        PyCompose.from_yaml(text.replace(before, after, 1))


def put(path: str, value: Any) -> Callable[[Json], None]:
    """Put a value at ``service/key/key``."""

    def change(services: Json) -> None:
        *way, last = path.split("/")
        place = services
        for key in way:
            place = place[key]
        if isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value

    return change


def drop(path: str) -> Callable[[Json], None]:
    """Take away what stands at ``service/key/key``."""

    def change(services: Json) -> None:
        *way, last = path.split("/")
        place = services
        for key in way:
            place = place[key]
        del place[last]

    return change


BROKEN: list[tuple[Callable[[Json], None], str]] = [
    (put("postgres/image", "postgres:18"), "image is not pinned: postgres"),
    (put("mailpit/image", "axllent/mailpit:latest"), "image is not pinned: mailpit"),
    (put("mailpit/image", "axllent/mailpit"), "image is not pinned: mailpit"),
    (drop("triggerer/build"), "image is not built: triggerer"),
    (drop("kibana/healthcheck"), "no health check: kibana"),
    (put("setup/healthcheck/test", ["NONE"]), "no health check: setup"),
    (put("setup/healthcheck/test", ["CMD", "true"]), "no health check: setup"),
    (
        put("scheduler/healthcheck/test", ["CMD", "python", "health.py", "scheduler"]),
        "well without the tagger: scheduler",
    ),
    (
        put("triggerer/depends_on", ["api-server"]),
        "dependency without condition: triggerer",
    ),
    (
        put("triggerer/depends_on/api-server/condition", "service_started"),
        "dependency without condition: triggerer",
    ),
    (
        put("kibana/depends_on/search-setup/condition", "service_healthy"),
        "dependency without condition: kibana",
    ),
    (
        drop("scheduler/depends_on/mailpit/required"),
        "dependency on what may be left out: scheduler",
    ),
    (put("kibana/ports/0", "5601:5601"), "port is open to others: kibana"),
    (put("api-server/ports/0", "0.0.0.0:8080:8080"), "port is open to others: api-server"),
    (put("postgres/volumes/0", "data:/var/lib/postgresql"), "volume has no name: postgres"),
    (
        put("postgres/volumes/0", "postgres:/var/lib/postgresql/data"),
        "data outside the volume: postgres",
    ),
    (
        put("database-setup/volumes/0", "./deploy:/deploy"),
        "files of the repository can be written: database-setup",
    ),
    (
        put("postgres/environment/POSTGRES_PASSWORD", "${POSTGRES_PASSWORD:-postgres}"),
        "secret has a default: postgres",
    ),
    (
        put("kibana/environment/ELASTICSEARCH_PASSWORD", "${KIBANA_PASSWORD}"),
        "secret has a default: kibana",
    ),
    (
        put("elasticsearch/environment/ELASTIC_PASSWORD", "changeme"),
        "secret is written out: elasticsearch",
    ),
    (
        put(
            "scheduler/environment/MEDIAWATCH_DATABASE_URL",
            "postgresql://mediawatch:mediawatch@db/x",
        ),
        "secret is written out: scheduler",
    ),
    (drop("postgres/restart"), "restart: postgres"),
    (put("setup/restart", "always"), "restart: setup"),
    (
        put("kibana/image", "docker.elastic.co/kibana/kibana:8.19.20"),
        "Elasticsearch and Kibana differ",
    ),
    (put("elasticsearch/environment/xpack.security.enabled", "false"), "Elasticsearch is open"),
    (
        put("kibana/environment/ELASTICSEARCH_USERNAME", "elastic"),
        "Kibana takes a person's log-in",
    ),
    (drop("kibana/depends_on/search-setup"), "Kibana starts without its password"),
    (
        drop("kibana-import/depends_on/setup"),
        "objects are imported before Kibana and the tables are there",
    ),
    (drop("kibana-import/env_file"), "objects are imported without a password"),
    (
        put("api-server/environment/AIRFLOW__CORE__AUTH_MANAGER", "SimpleAuthManager"),
        "log-in of development: api-server",
    ),
    (
        drop("dag-processor/environment/AIRFLOW__API_AUTH__JWT_SECRET"),
        "other settings than the scheduler: dag-processor",
    ),
]


@pytest.mark.parametrize(("change", "fault"), BROKEN, ids=[fault for _, fault in BROKEN])
def test_a_rule_that_is_broken_is_seen(compose: Json, change: Callable[[Json], None], fault: str):
    # Aliases of the file are one object when loaded; each service gets a copy of its own.
    services = {name: deepcopy(service) for name, service in compose["services"].items()}
    change(services)
    assert fault in set(faults({**compose, "services": services}))


def test_every_variable_is_in_the_example_and_no_secret_has_a_value_there():
    text = COMPOSE.read_text(encoding="utf-8")
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    named = {variable for variable, _ in VARIABLE.findall(text)}
    assert named | {"COMPOSE_PROFILES", "AIRFLOW_USER", "AIRFLOW_PASSWORD"} == set(example)
    filled = {name for name, value in example.items() if value and SECRET.search(name)}
    assert filled == {"MEDIAWATCH_SMTP_URL"}
    assert "@" not in example["MEDIAWATCH_SMTP_URL"]
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_pinned_locked_headless_and_not_root():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert len(bases) == 1
    assert PINNED.fullmatch(bases.pop())
    text = "\n".join(lines)
    assert re.findall(r"uv sync (\S+)", text) == ["--frozen", "--frozen"]
    assert re.search(r"openjdk-\d+-jre-headless", text)
    uv = re.search(r"uv==[\d.]+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert uv
    assert uv[0] in text
    assert [line for line in lines if line.startswith("USER ")] == ["USER mediawatch"]


def test_every_file_that_the_image_copies_is_there_and_reaches_the_build():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists()
            assert f"!{name}" in ignored


def test_kibana_reads_queries_as_the_house_does():
    settings = yaml.safe_load((ROOT / "deploy" / "kibana.yml").read_text(encoding="utf-8"))
    overrides = settings["uiSettings.overrides"]
    assert overrides["search:queryLanguage"] == "lucene"
    options = json.loads(overrides["query:queryString:options"])
    assert options == {"analyze_wildcard": True, "default_operator": "AND"}


def test_the_scripts_of_the_server_are_there(compose: Json):
    for service in compose["services"].values():
        words = [*service.get("entrypoint", []), *service.get("command", [])]
        words += service["healthcheck"]["test"]
        for word in words:
            if "/deploy/" in word:
                assert (ROOT / "deploy" / Path(word).name).is_file()
