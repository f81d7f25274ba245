"""A desk whose articles come in as a feed's entries and pass every step of the pipeline."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from alerts.desk import Desk
from mediawatch.model import RawEntry
from mediawatch.pipeline import meaning, search, seeds, stories, text
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import NewEntry

WIRE = """Foreign minister Halvor Ness and envoy Maria Quint met in Port Lenz on Tuesday to settle
the quarrel over the northern fishing grounds, officials of both sides said.

Ness offered to share the herring quota for three years. "We have counted the boats and there is
room for all of them," he told reporters on the quay.

Quint asked for inspectors of both countries on every trawler above thirty metres. She said that
her government would answer before the end of the month.

The grounds have been closed since two trawlers collided there in April. Fishermen on both coasts
say that they lose four million crowns a week and have asked for help from their capitals.

A treaty of 1974 gave each country half of the catch, but it ended two years ago and talks on a
new one have failed five times since. Scientists of the marine institute in Lenz say that the
stock has recovered and could bear a third more than was caught in the last open season.

The two will meet again on Thursday in the town hall, where the mayor has invited them to sign
whatever they agree on by then."""
SIDE = """Foreign minister Halvor Ness and envoy Maria Quint opened a museum of polar flight in the
old hangar of Brenn on Wednesday, and joked about the cold.

The museum shows a seaplane that lay in a lake for sixty years, the diary of its pilot, and the
only radio that worked on the return. Schoolchildren of both countries had mended the wings.

Ness flew the simulator twice and crashed it once. Quint declined, saying that she had to be home
for supper."""


class WireDesk(Desk):
    """Feed entries in, mails out, by the steps themselves."""

    def entry(self, outlet: str, title: str, body: str, path: str, published: datetime) -> None:
        """One item of the feed of this outlet, seen now."""
        slug = outlet.lower().replace(" ", "-")
        source_id = f"feed-{slug}"
        self.run_sql(
            "INSERT INTO outlet (outlet_id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [f"{slug}.example", outlet],
        )
        self.run_sql(
            "INSERT INTO source (source_id, kind, url, title, outlet_id, next_fetch_at, created_at)"
            " VALUES (%s, 'feed', %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                source_id,
                f"https://{slug}.example/rss",
                outlet,
                f"{slug}.example",
                self.now,
                self.now,
            ],
        )
        paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n\n"))
        raw = RawEntry(
            entry_id=f"{slug}{path}",
            source_id=source_id,
            item_key=path,
            url=f"https://{slug}.example{path}",
            title=title,
            content=paragraphs,
            published=published.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            fetched_at=self.now,
            language="en",
        )
        with transaction(self.conn) as conn:
            storage.add_entries(conn, [NewEntry(entry=raw, state="pending")], self.now)

    def seeds(self, folder: Path) -> None:
        """Read a folder of seed files."""
        with transaction(self.conn):
            seeds.add_folder_source(self.conn, folder, self.now, self.settings.seed_roots)
        seeds.read_seeds(self.context)

    def work(self) -> int:
        """Every step from what came in to the mails; how many mails came by it."""
        before = len(self.smtp.messages())
        context = self.context
        for step in (text.normalise, stories.cluster, meaning.annotate, stories.compare):
            step(context)
        search.index(context)
        self.alert()
        return len(self.smtp.messages()) - before

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)
