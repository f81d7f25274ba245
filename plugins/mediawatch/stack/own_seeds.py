"""The input folder of the profile ``own``: made empty, with examples in comments."""

from __future__ import annotations

from pathlib import Path

SOURCES = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:mw="https://mediawatch.invalid/opml">
  <head><title>Own sources</title></head>
  <body>
    <!--
    <outline text="Politics">
      <outline type="rss" text="The Example Gazette" xmlUrl="https://gazette.example/feed.xml"
               mw:kind="feed" mw:fetch="short"/>
    </outline>
    -->
  </body>
</opml>
"""
WATCHES = """\
# One entry for each watch; take the signs # away and change the words.
# - id: minister
#   name: Minister resigns
#   owner: desk@example.org
#   query: '"jane doe" AND (resign* OR investigation)'
#   recipients:
#     - {address: duty@example.org, language: en, zone: Europe/Paris, mode: instant}
[]
"""


def folder(home: Path) -> Path:
    """Where the profile ``own`` reads its sources, watches and articles."""
    return home / "seeds"


def prepare(home: Path) -> None:
    """Make the folder and its files where they are missing; nothing is ever overwritten."""
    seeds = folder(home)
    (seeds / "articles").mkdir(parents=True, exist_ok=True)
    for name, text in (("sources.opml", SOURCES), ("watches.yaml", WATCHES)):
        path = seeds / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
