"""The page on the fields is what the command makes of the mapping."""

from __future__ import annotations

from pathlib import Path

from mediawatch.cli import main
from mediawatch.search.fields import MEANINGS, page
from mediawatch.search.mapping import PROPERTIES, query_fields
from mediawatch.settings import REPOSITORY


def test_the_page_is_made_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "fields.md"
    assert main(["index", "fields", str(file)]) == 0
    committed = (REPOSITORY / "docs" / "fields.md").read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8") == committed


def test_every_field_has_a_meaning_and_every_meaning_a_field() -> None:
    inner = {
        f"{name}.{part}"
        for name, field in PROPERTIES.items()
        for part in (*field.get("fields", {}), *field.get("properties", {}))
    }
    assert set(MEANINGS) == {*PROPERTIES, *inner}
    for name in query_fields():
        assert f"| `{name}` |" in page()
