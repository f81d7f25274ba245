"""What an outlet puts on everything says nothing about whether two texts are one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from mediawatch.stories.boilerplate import LONGEST_LINE, outlet_lines, without_lines
from stories.rows import NOW, add_article, groups, query
from stories.texts import MINE, QUAY, VINES

APPEAL = (
    "The Arvendale Post has told the valley what others kept quiet since 1871. It belongs to"
    " nobody but its readers, and four thousand of them pay for it every month. If you can, be"
    " one of them; if you cannot, tell a friend about us, and read on for nothing."
)
NOTE = (
    "This report was made by our own people on the spot. What they saw, heard and photographed is"
    " kept for ten years, and whoever thinks that we are wrong may write to our ombudswoman."
)


def test_only_short_paragraphs_at_the_ends_may_be_such_lines():
    body = "\n\n".join(f"Paragraph {n} of it." for n in range(9))
    found = outlet_lines(body)
    assert len(found) == 6
    assert without_lines(body, found) == "\n\n".join(f"Paragraph {n} of it." for n in (2, 3, 4))
    assert outlet_lines("word " * LONGEST_LINE) == []
    assert without_lines("All of it.", outlet_lines("all of it")) == "All of it."
    assert without_lines("One.\n\n\nTwo.", {1}) == "One.\n\n\nTwo."


def notes(conn: Connection, context: Context, outlet: str | None, prefix: str) -> None:
    """Three long articles of an outlet and then two notes that share little but their end."""
    end = f"\n\n{APPEAL}\n\n{NOTE}"
    for name, body in (("quay", QUAY), ("mine", MINE), ("vines", VINES)):
        add_article(conn, f"{prefix}-{name}", f"On the {name}", body + end, outlet=outlet)
    conn.commit()
    pipeline.cluster(context)
    for name, words in (
        ("bus", "The bus to Upper Arvendale leaves ten minutes earlier from Monday, says the"),
        ("bath", "The bath in the old tannery opens on Saturday with free soup for all, says the"),
    ):
        add_article(conn, f"{prefix}-{name}", f"The {name}", f"{words} town.{end}", outlet=outlet)
    conn.commit()
    pipeline.cluster(context)


def test_notes_with_the_same_long_footer_are_no_copies_of_each_other(
    conn: Connection, tmp_path: Path
):
    context = Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)
    notes(conn, context, "post.example", "post")
    notes(conn, context, None, "none")
    found = groups(conn)
    together = {name for group in found if len(group) > 1 for name in group}
    assert {"none-bus", "none-bath"} <= together  # nobody knows whose line it is
    assert not {"post-bus", "post-bath"} & together
    lines = query(conn, "SELECT cardinality(stories) FROM outlet_line ORDER BY 1")
    assert [n for (n,) in lines][-2:] == [3, 3]


def test_a_line_out_of_use_is_forgotten(conn: Connection, tmp_path: Path):
    context = Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)
    add_article(conn, "one", "Quay", f"{QUAY}\n\n{NOTE}", outlet="post.example")
    conn.commit()
    pipeline.cluster(context)
    assert query(conn, "SELECT 1 FROM outlet_line")
    late = Context(conn=conn, settings=context.settings, now=NOW + timedelta(days=31))
    add_article(conn, "two", "Vines", "Short.", outlet="post.example")
    conn.commit()
    pipeline.cluster(late)
    assert query(conn, "SELECT seen_on FROM outlet_line") == [(late.now.date(),)]
