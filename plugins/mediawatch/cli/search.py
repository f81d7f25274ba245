"""``mediawatch search`` and ``mediawatch index``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mediawatch.errors import QueryError
from mediawatch.pipeline import search as steps
from mediawatch.pipeline.context import open_context
from mediawatch.search.finding import Found, FoundArticle, FoundStory, find
from mediawatch.search.marks import Marked
from mediawatch.search.server import connected
from mediawatch.settings import Settings

# Titles come from outside: nothing in them may steer the terminal.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def add_parsers(verbs: Any) -> None:
    """Add the verbs ``search`` and ``index``."""
    verb = verbs.add_parser("search", help="search all articles, grouped by story")
    verb.add_argument("query", help="""in Kibana's Lucene syntax, such as '"jane doe" AND trial'""")
    verb.add_argument("--limit", type=_limit, default=20, help="stories shown (1 to 1000)")
    verb.add_argument("--json", action="store_true", help="for programs")
    verb.set_defaults(run=search)
    verb = verbs.add_parser("index", help="rebuild or verify the search index")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("rebuild", help="build it anew from Postgres and swap it in one step")
    act.set_defaults(run=rebuild)
    act = acts.add_parser("verify", help="compare it with Postgres and mend what differs")
    act.set_defaults(run=verify)


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 1000")
    return int(text)


def search(args: argparse.Namespace, settings: Settings) -> int:
    """Print what a query finds, the newest story first; 2 when the query is wrong."""
    try:
        with open_context(settings) as context, connected(context.settings) as es:
            found = find(es, context.settings.index_prefix, args.query, args.limit)
    except QueryError as fault:
        print(f"mediawatch: query: {fault}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False))
    else:
        print("\n".join(lines(found, colour=sys.stdout.isatty())))
    return 0


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; what it gives is called with (done, in all)."""
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def rebuild(_args: argparse.Namespace, settings: Settings) -> int:
    """Rebuild the index; 1 when a document was refused."""
    with open_context(settings) as context, progress_bar("Rebuilding") as update:
        counts = steps.rebuild(context, update)
    print(json.dumps(counts))
    return 1 if counts["bad"] else 0


def verify(_args: argparse.Namespace, settings: Settings) -> int:
    """Verify and mend the index; what differed is printed."""
    with open_context(settings) as context:
        print(json.dumps(steps.verify(context)))
    return 0


def as_json(found: Found) -> dict[str, Any]:
    """What was found, for programs; marks are (start, end) in code points."""
    return {
        "query": found.query.text,
        "articles": found.articles,
        "stories": found.stories,
        "hits": [
            {
                "story_id": story.story_id,
                "articles": story.articles,
                "shown": [
                    {
                        "article_id": article.article_id,
                        "title": article.title.text,
                        "title_marks": article.title.spans,
                        "excerpt": article.excerpt.text,
                        "excerpt_marks": article.excerpt.spans,
                        "url": article.url,
                        "outlet": article.outlet,
                        "dated_at": article.dated_at,
                        "language": article.language,
                    }
                    for article in story.shown
                ],
            }
            for story in found.groups
        ],
    }


def lines(found: Found, *, colour: bool) -> list[str]:
    """What was found, for people."""
    counts = f"{_count(found.articles, 'article')} in {_count(found.stories, 'story', 'stories')}"
    made = [counts if found.articles else "Nothing found."]
    for story in found.groups:
        made += ["", *_story_lines(story, colour=colour)]
    return made


def _story_lines(story: FoundStory, *, colour: bool) -> list[str]:
    first, *others = story.shown
    made = [f"{marked(first.title, colour=colour)} — {_where(first)}"]
    if first.excerpt.text:
        made.append(f"    {marked(first.excerpt, colour=colour)}")
    if first.url:
        made.append(f"    {_plain(first.url)}")
    made += [f"  + {marked(other.title, colour=colour)} — {_where(other)}" for other in others]
    more = story.articles - len(story.shown)
    if more > 0:
        made.append(f"  + {more} more")
    return made


def _where(article: FoundArticle) -> str:
    day = article.dated_at[:10]
    return f"{_plain(article.outlet)}, {day}" if article.outlet else day


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _plain(text: str) -> str:
    return _STEERING.sub(" ", text)


def marked(text: Marked, *, colour: bool) -> str:
    """A text with its matched words in bold, or between stars where there is no colour."""
    before, after = ("\x1b[1m", "\x1b[0m") if colour else ("*", "*")
    made: list[str] = []
    at = 0
    for start, end in text.spans:
        made += [_plain(text.text[at:start]), before, _plain(text.text[start:end]), after]
        at = end
    made.append(_plain(text.text[at:]))
    return "".join(made)
