"""The page that shows the marks in a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediawatch.cli import main
from mediawatch.meaning.marked import pieces

TEXT = (
    "Vladimir Putin & <script>alert(1)</script> met Xi Jinping.\n\n"
    "“We agree on every single point,” Putin said."
)


def test_the_page_shows_the_marks_and_escapes_the_text(
    tagger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert main(["inspect", "text", "--html", str(path)]) == 0
    page = capsys.readouterr().out
    assert '<mark class="person" title="Vladimir Putin (Q7747)">Vladimir Putin</mark>' in page
    assert 'title="direct speech of Vladimir Putin"' in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_the_pieces_are_the_body():
    answer = {
        "body": "Ann said Bob left.",
        "actors": [
            {"name": "Ann", "actor_id": "1", "kind": "person", "mentions": [span(0, 3)]},
            {"name": "Bob", "actor_id": "2", "kind": "person", "mentions": [span(9, 12)]},
        ],
        "quotes": [{"start": 9, "end": 17, "kind": "indirect", "speaker": {"name": "Ann"}}],
    }
    cut = pieces(answer)
    assert "".join(piece.text for piece in cut) == answer["body"]
    assert [(p.text, p.kind, p.said) for p in cut] == [
        ("Ann", "person", False),
        (" said ", None, False),
        ("Bob", "person", True),
        (" left", None, True),
        (".", None, False),
    ]


def span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}
