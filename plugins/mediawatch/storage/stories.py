"""What the stories room asks of the database: claims, contents, keys, stories, changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mediawatch.model import StoryMember
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows
from mediawatch.stories.origins import Publication

Row = Mapping[str, Any]


def root_of(conn: Connection, story_ids: Iterable[str]) -> dict[str, str]:
    """For each story the one that it was merged into in the end, or itself."""
    rows = fetch_all(conn, "stories/root_of", {"story_ids": list(story_ids)})
    return {row["from_id"]: row["root_id"] for row in rows}


def members(conn: Connection, root_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The articles of each root story and of those merged into it, by effective date.

    Columns: root_id, article_id, article_no, story_id, outlet_id, url, dated_at, relation,
    of_article_id, similarity, flags, title, agency. Hidden articles are left out.
    """
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in fetch_all(conn, "stories/members", {"root_ids": list(root_ids)}):
        found[row["root_id"]].append(row)
    return dict(found)


def find_story(conn: Connection, wanted: str) -> str | None:
    """The story of this id, or of the article of this id or address."""
    row = fetch_one(conn, "stories/find_story", {"wanted": wanted})
    return None if row is None else str(row["story_id"])


def story_row(conn: Connection, story_id: str) -> Row:
    """A story: story_id, origin_article_id, origin_reason, repeat_of, event_id, merged stories."""
    row = fetch_one(conn, "stories/story_row", {"story_id": story_id})
    assert row is not None
    return row


def lock_clustering(conn: Connection) -> None:
    """Wait until no other transaction clusters; held to the end of this one."""
    execute(conn, "stories/lock_clustering")


def lock_comparing(conn: Connection) -> None:
    """Wait until no other transaction finds events; held to the end of this one."""
    execute(conn, "stories/lock_comparing")


def claim_articles(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Lock articles that wait for clustering: article_id, article_no, dated_at, hidden."""
    return fetch_all(conn, "stories/claim_articles", {"limit": limit})


def unsigned_versions(conn: Connection, article_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The contents of these articles that have no signature yet, by article and version."""
    return fetch_all(conn, "stories/unsigned_versions", {"article_ids": list(article_ids)})


def stored_contents(conn: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Every content of these articles, by article number and version."""
    return fetch_all(conn, "stories/stored_contents", {"numbers": list(numbers)})


def insert_contents(conn: Connection, rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """Write content, day, article_no where content and day are new; those written."""
    template = "(%(content)s, %(day)s, %(article_no)s)"
    return set(insert_rows(conn, "stories/insert_contents", rows, template))


def insert_signatures(conn: Connection, rows: Sequence[Row]) -> None:
    """Write article_no, version_no, scheme, shingles, signature."""
    template = "(%(article_no)s, %(version_no)s, %(scheme)s, %(shingles)s, %(signature)s)"
    insert_rows(conn, "stories/insert_signatures", rows, template)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The keys of some texts, with the day and the article number of each."""

    keys: Sequence[Sequence[int]]
    days: Sequence[date]
    numbers: Sequence[int]

    def values(self) -> dict[str, list[Any]]:
        """As flat lists: places and keys of equal length, days and numbers by place."""
        return {
            "places": [place for place, some in enumerate(self.keys) for _ in some],
            "keys": [key for some in self.keys for key in some],
            "days": list(self.days),
            "numbers": list(self.numbers),
        }


def insert_bands(conn: Connection, asked: Asked) -> None:
    """Write the keys of texts."""
    execute(conn, "stories/insert_bands", asked.values())


def same_content(
    conn: Connection, contents: Sequence[str], days: Sequence[Any], window: int
) -> list[dict[str, Any]]:
    """For each place in ``contents`` the article_no that stand for it, the nearest day first."""
    values = {"contents": list(contents), "days": list(days), "window": window}
    values["places"] = list(range(len(contents)))
    return fetch_all(conn, "stories/same_content", values)


def earlier_content(
    conn: Connection, contents: Sequence[str], days: Sequence[Any], window: int
) -> list[dict[str, Any]]:
    """For each place in ``contents`` the last article_no more than ``window`` days before."""
    values = {"contents": list(contents), "days": list(days), "window": window}
    values["places"] = list(range(len(contents)))
    return fetch_all(conn, "stories/earlier_content", values)


def candidates(
    conn: Connection, asked: Asked, *, window: int, most: int, of_a_key: int
) -> list[dict[str, Any]]:
    """Articles by shared keys: place, article_no, position from 1 to ``most`` + 1, crowded.

    ``crowded`` says that a key had ``of_a_key`` articles or more and brought only so many.
    """
    values = {**asked.values(), "window": window, "most": most, "of_a_key": of_a_key}
    return fetch_all(conn, "stories/candidates", values)


def article_stories(conn: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The root story of these articles: article_no, story_id, founding_no."""
    return fetch_all(conn, "stories/article_stories", {"numbers": list(numbers)})


def insert_stories(
    conn: Connection, founders: Sequence[Row], repeats: Mapping[str, str], now: datetime
) -> None:
    """Found a story for each article (article_id, dated_at)."""
    rows = [
        {**row, "repeat_of": repeats.get(row["article_id"]), "created_at": now} for row in founders
    ]
    template = (
        "(%(article_id)s, %(article_id)s, %(article_id)s, %(repeat_of)s, %(dated_at)s,"
        " %(dated_at)s, %(created_at)s)"
    )
    insert_rows(conn, "stories/insert_stories", rows, template)


def place_articles(conn: Connection, placed: Sequence[StoryMember]) -> None:
    """Write story, relation, of and similarity of these articles."""
    rows = [
        {"id": m.article_id, "story": m.story_id, "relation": m.relation, "of": m.of,
         "similarity": m.similarity}
        for m in placed
    ]  # fmt: skip
    template = "(%(id)s, %(story)s, %(relation)s, %(of)s::text, %(similarity)s::real)"
    insert_rows(conn, "stories/place_articles", rows, template)


def merge_stories(conn: Connection, merged: Sequence[tuple[str, str]], now: datetime) -> int:
    """Let stories end in others and put their articles on the work list; how many articles."""
    rows = [{"gone": gone, "kept": kept} for gone, kept in merged]
    insert_rows(conn, "stories/merge_stories", rows, "(%(gone)s, %(kept)s)")
    return change_stories(conn, [gone for gone, _ in merged], "merge", now)


def change_stories(conn: Connection, story_ids: Sequence[str], cause: str, now: datetime) -> int:
    """Put the articles of stories, and of those merged into them, on the work list."""
    values = {"story_ids": list(story_ids), "cause": cause, "now": now}
    return execute(conn, "stories/change_stories", values)


def change_articles(conn: Connection, article_ids: Sequence[str], cause: str, now: datetime) -> int:
    """Put articles that are done on the work list; how many."""
    values = {"article_ids": list(article_ids), "cause": cause, "now": now}
    return execute(conn, "stories/change_articles", values)


def key_merges(conn: Connection, article_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of stories that are one because two articles are (of the merged one, the other's)."""
    rows = fetch_all(conn, "stories/key_merges", {"article_ids": list(article_ids)})
    return [(row["gone_id"], row["kept_id"]) for row in rows]


def founding_numbers(conn: Connection, story_ids: Iterable[str]) -> dict[str, int]:
    """The number of each story's founding article: the lower, the older the story."""
    rows = fetch_all(conn, "stories/founding_numbers", {"story_ids": list(story_ids)})
    return {row["story_id"]: row["article_no"] for row in rows}


def origins(conn: Connection, story_ids: Iterable[str]) -> dict[str, str]:
    """The article that is written down as the origin of each story."""
    rows = fetch_all(conn, "stories/origins", {"story_ids": list(story_ids)})
    return {row["story_id"]: row["origin_article_id"] for row in rows}


def publications(conn: Connection, article_ids: Iterable[str]) -> dict[str, Publication]:
    """These articles as publications; hidden ones are left out."""
    rows = fetch_all(conn, "stories/publications", {"article_ids": list(article_ids)})
    return {row["article_id"]: Publication(**row) for row in rows}


def set_origins(conn: Connection, found: Sequence[tuple[str, str, str]]) -> None:
    """Write story, origin and reason."""
    rows = [{"story": story, "article": article, "why": why} for story, article, why in found]
    insert_rows(conn, "stories/set_origins", rows, "(%(story)s, %(article)s, %(why)s)")


def stretch_stories(conn: Connection, article_ids: Sequence[str], roots: Sequence[str]) -> None:
    """Let each root story reach over the effective date of its new article."""
    values = {"article_ids": list(article_ids), "root_ids": list(roots)}
    execute(conn, "stories/stretch_stories", values)


def insert_capped(conn: Connection, article_ids: Sequence[str], now: datetime) -> None:
    """Record that the candidates of these articles were cut."""
    rows = [{"article_id": article_id, "now": now} for article_id in article_ids]
    insert_rows(conn, "stories/insert_capped", rows, "(%(article_id)s, %(now)s)")


def flag_articles(conn: Connection, article_ids: Iterable[str], flag: str) -> None:
    """Set a flag of contracts (``diverged``, ``repeat``) on articles."""
    execute(conn, "stories/flag_articles", {"article_ids": list(article_ids), "flag": flag})


def set_stage(conn: Connection, article_ids: Sequence[str], stage: str) -> None:
    """Hand articles to the next step."""
    execute(conn, "stories/set_stage", {"article_ids": list(article_ids), "stage": stage})


def claim_annotated(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Lock articles that wait for comparing.

    Columns: article_id, version_no, story_id, intake, pending_cause.
    """
    return fetch_all(conn, "stories/claim_annotated", {"limit": limit})


def insert_changes(conn: Connection, rows: Sequence[Row]) -> None:
    """Put articles on the work list: article_id, version_no, cause, changed_at.

    The caller holds the row locks of these articles.
    """
    template = "(%(article_id)s, %(version_no)s, %(cause)s, %(changed_at)s)"
    insert_rows(conn, "stories/insert_changes", rows, template)


def finish_articles(conn: Connection, article_ids: Sequence[str]) -> None:
    """Mark articles as done."""
    execute(conn, "stories/finish_articles", {"article_ids": list(article_ids)})
