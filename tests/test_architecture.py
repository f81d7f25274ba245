"""House rules as tests: what a reviewer would have to remember, the suite remembers."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "plugins" / "mediawatch"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAY_IMPORT_AIRFLOW = {"orchestration.py"}

# Each room imports what stands left of it.
LINE = ["sources", "text", "stories", "meaning", "search", "alerts", "newsroom"]
# Rooms whose pure core needs no service.
PURE = {"text", "stories", "meaning"}
SERVICES = {"psycopg2", "elasticsearch", "httpcore", "httpx", "smtplib", "aiosmtpd"}


def imported(path: Path) -> set[str]:
    """Every absolute module name that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_orchestration_imports_airflow(path: Path):
    roots = {name.split(".")[0] for name in imported(path)}
    if path.name not in MAY_IMPORT_AIRFLOW:
        assert "airflow" not in roots


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_import_only_what_stands_left_of_them(path: Path):
    if room(path) not in LINE:
        return
    right = LINE[LINE.index(room(path)) + 1 :]
    for name in imported(path):
        parts = name.split(".")
        assert not (parts[0] == "mediawatch" and len(parts) > 1 and parts[1] in right), name


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_pure_core_needs_no_service(path: Path):
    if room(path) not in PURE:
        return
    names = imported(path)
    assert not {name.split(".")[0] for name in names} & SERVICES
    assert not {name for name in names if name.startswith("mediawatch.storage")}


def test_no_module_hides_a_library():
    taken = sys.stdlib_module_names | set(packages_distributions()) - {"mediawatch"}
    ours = {p.stem for p in MODULES if not p.stem.startswith("__")}
    ours |= {p.name for p in PACKAGE.rglob("*") if p.is_dir() and p.name != "__pycache__"}
    assert not ours & taken


def test_no_module_is_called_utils_or_main():
    assert not {"utils", "helpers", "common", "__main__"} & {p.stem for p in MODULES}


def test_airflow_does_not_execute_the_package():
    lines = (ROOT / "plugins" / ".airflowignore").read_text(encoding="utf-8").split()
    assert lines == ["mediawatch/"]


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda p: p.stem)
def test_a_dag_file_is_wiring(path: Path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) < 70
    assert (ast.get_docstring(tree) or "").strip()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            assert node.module in {"airflow.sdk", "mediawatch.orchestration"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "sql" / "queries").rglob("*.sql")), ids=lambda p: p.stem
)
def test_a_query_file_is_one_statement_that_somebody_runs(path: Path):
    statement = path.read_text(encoding="utf-8").strip()
    without_comments = "\n".join(line.split("--")[0] for line in statement.splitlines())
    assert without_comments.strip().rstrip(";").count(";") == 0
    assert "%s" not in without_comments or "VALUES %s" in without_comments
    name = path.relative_to(ROOT / "sql" / "queries").with_suffix("").as_posix()
    storage = (PACKAGE / "storage").rglob("*.py")
    assert any(f'"{name}"' in module.read_text(encoding="utf-8") for module in storage), name


def test_migrations_are_numbered_without_doubles():
    numbers = [p.name[:4] for p in (ROOT / "sql" / "migrations").glob("*.sql")]
    assert all(n.isdigit() for n in numbers)
    assert len(numbers) == len(set(numbers))
