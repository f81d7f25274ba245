"""``mediawatch search``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from mediawatch.errors import QueryError
from mediawatch.pipeline.context import Context, open_context
from mediawatch.search import exact_counts, kibana_links, reading
from mediawatch.search.explanation import Explained, explain
from mediawatch.search.export_columns import UNITS, Unit
from mediawatch.search.finding import Found, FoundArticle, FoundStory, find
from mediawatch.search.marks import Marked
from mediawatch.search.reading import Asked
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage import search as storage
from mediawatch.storage.connection import transaction

# Titles come from outside: nothing in them may steer the terminal.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
SPARKS = 60
BAR = 40
_MANY = {"article": "articles", "story": "stories", "event": "events"}


@dataclass(frozen=True, slots=True)
class Summary:
    """The exact numbers of a query: units of each kind, articles by day, and what it costs."""

    units: Mapping[Unit, int]
    days: Mapping[str | None, int]
    cost: exact_counts.Cost
    link: str | None


def add_parsers(verbs: Any) -> None:
    """Add the verb ``search``."""
    verb = verbs.add_parser("search", help="search all articles, grouped by story")
    verb.add_argument("query", help="""in Kibana's Lucene syntax, such as '"jane doe" AND trial'""")
    verb.add_argument("--limit", type=whole_number(1, 1000), default=20, help="rows shown")
    verb.add_argument("--unit", choices=UNITS, default="story", help="what a row stands for")
    verb.add_argument("--count-by", choices=exact_counts.FIELDS, help="count instead of listing")
    verb.add_argument("--explain", metavar="ID", help="say why this article is found, or why not")
    verb.add_argument("--json", action="store_true", help="for programs")
    verb.set_defaults(run=search)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """What makes an argument a number in a range."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {least} to {most}")
        return int(text)

    return read


def search(args: argparse.Namespace, settings: Settings) -> int:
    """Print what a query finds, the newest story first; 2 when the query is wrong."""
    try:
        with open_context(settings) as context, connected(context.settings) as es:
            asked = reading.asked(es, context.settings.index_prefix, args.query)
            if args.explain:
                return _explain(context, es, asked, args)
            if args.count_by:
                return _count(es, asked, args)
            return _list(context, es, asked, args)
    except QueryError as fault:
        print(f"mediawatch: query: {fault}", file=sys.stderr)
        return 2


def _list(context: Context, es: Elasticsearch, asked: Asked, args: argparse.Namespace) -> int:
    found = find(es, context.settings.index_prefix, args.query, args.limit, unit=args.unit)
    summary = summarised(context, es, asked)
    if args.json:
        print(json.dumps(as_json(found, summary, context.settings), ensure_ascii=False))
    else:
        print("\n".join(lines(found, summary, args.unit, colour=sys.stdout.isatty())))
    return 0


def summarised(context: Context, es: Elasticsearch, asked: Asked) -> Summary:
    """The numbers of a query, and a link that asks the same over the same time."""
    days = exact_counts.by(es, asked, "day", "article")
    link = None
    if context.settings.kibana_url and days:
        link = kibana_links.discover(
            context.settings.kibana_url,
            context.settings.index_prefix,
            asked.query.text,
            start=f"{next(iter(days))}T00:00:00.000Z",
        )
    return Summary(
        units={unit: exact_counts.units(es, asked, unit) for unit in UNITS},
        days=days,
        cost=exact_counts.cost(es, asked, context.now),
        link=link,
    )


def _count(es: Elasticsearch, asked: Asked, args: argparse.Namespace) -> int:
    numbers = exact_counts.by(es, asked, args.count_by, args.unit)
    total = exact_counts.units(es, asked, args.unit)
    if args.json:
        listed = [{"key": key, "count": number} for key, number in numbers.items()]
        print(json.dumps({"unit": args.unit, "total": total, "by": listed}, ensure_ascii=False))
    else:
        print("\n".join(count_lines(numbers, total, args.count_by, args.unit, args.limit)))
    return 0


def count_lines(
    numbers: Mapping[str | None, int], total: int, key: str, unit: Unit, limit: int
) -> list[str]:
    """Numbers with bars: every day, or the largest values."""
    made = [_number(total, unit)]
    if key == "day":
        made.append(exact_counts.sparkline(exact_counts.binned(numbers, SPARKS)))
        shown = dict(numbers)
    else:
        shown = dict(list(numbers.items())[:limit])
    names = {name: _plain(name) if name else f"(no {key})" for name in shown}
    wide = max((len(name) for name in names.values()), default=0)
    most = max(numbers.values(), default=0) or 1
    made += [
        f"{names[name]:{wide}}  {number:>7,}  {'█' * round(number / most * BAR)}".rstrip()
        for name, number in shown.items()
    ]
    if len(shown) < len(numbers):
        made.append(f"and {len(numbers) - len(shown):,} more")
    if key in exact_counts.SEVERAL or (unit != "article" and key != "day"):
        made.append(f"One {unit} may stand in several rows: they do not add up.")
    return made


def _explain(context: Context, es: Elasticsearch, asked: Asked, args: argparse.Namespace) -> int:
    found = explain(es, asked, args.explain)
    if found is None:
        with transaction(context.conn) as conn:
            states = storage.article_state(conn, [args.explain])
        print(f"mediawatch: {args.explain}: {_missing(states)}", file=sys.stderr)
        return 1
    print("\n".join(explained_lines(found)))
    if context.settings.kibana_url:
        prefix = context.settings.index_prefix
        url = context.settings.kibana_url
        print(f"In Kibana: {kibana_links.document(url, prefix, found.index, args.explain)}")
    return 0


def _missing(states: Sequence[storage.ArticleState]) -> str:
    if not states:
        return "there is no such article, or it has not come as far as the index"
    if states[0].open:
        return "it waits to be indexed: run `mediawatch step index`"
    if states[0].bad:
        return "Elasticsearch refused its document; `mediawatch index verify` counts it as bad"
    if states[0].hidden:
        return "it was merged into another article or forgotten, and is not searched"
    return "the index has lost it: run `mediawatch index verify`"


def explained_lines(found: Explained) -> list[str]:
    """Each part of a query with a sign: it holds, or not, and whether that is in the way."""
    made = [f"{_plain(found.title)}: {'found' if found.found else 'not found'}"]
    for part in found.parts:
        words = _plain(part.clause.source)
        must_not = " (excluded)" if part.clause.excluded else ""
        says = "is in it" if part.holds else "is not in it"
        made.append(f"  {'✓' if part.is_well else '✗'} {words}{must_not} {says}")
    return made


def as_json(found: Found, summary: Summary, settings: Settings) -> dict[str, Any]:
    """What was found, for programs; marks are (start, end) in code points."""
    return {
        "query": found.query.text,
        "articles": summary.units["article"],
        "stories": summary.units["story"],
        "events": summary.units["event"],
        "per_day": round(summary.cost.per_day, 3),
        "share": round(summary.cost.share, 4),
        "kibana": summary.link,
        "hits": [
            {
                "story_id": story.story_id,
                "articles": story.articles,
                "shown": [_article_json(article, settings) for article in story.shown],
            }
            for story in found.groups
        ],
    }


def _article_json(article: FoundArticle, settings: Settings) -> dict[str, Any]:
    link = settings.kibana_url and kibana_links.document(
        settings.kibana_url, settings.index_prefix, article.index, article.article_id
    )
    return {
        "article_id": article.article_id,
        "title": article.title.text,
        "title_marks": article.title.spans,
        "excerpt": article.excerpt.text,
        "excerpt_marks": article.excerpt.spans,
        "url": article.url,
        "outlet": article.outlet,
        "dated_at": article.dated_at,
        "language": article.language,
        "kibana": link,
    }


def lines(found: Found, summary: Summary, unit: Unit, *, colour: bool) -> list[str]:
    """What was found, for people."""
    if not found.articles:
        return ["Nothing found."]
    made = summary_lines(found, summary, unit)
    for story in found.groups:
        made += ["", *_story_lines(story, colour=colour)]
    left = summary.units[unit] - len(found.groups)
    if left > 0:
        made += ["", f"and {_number(left, unit)} more; --limit shows up to 1,000"]
    return made


def summary_lines(found: Found, summary: Summary, unit: Unit) -> list[str]:
    """How many, over time, and what speaks against the query."""
    counted = _number(summary.units["article"], "article")
    if unit != "article":
        counted += f" in {_number(summary.units['story'], 'story')}"
    if unit == "event":
        counted += f" of {_number(summary.units['event'], 'event')}"
    made = [counted]
    if len(summary.days) > 1:
        days = list(summary.days)
        line = exact_counts.sparkline(exact_counts.binned(summary.days, SPARKS))
        made.append(f"{line}  {days[0]} to {days[-1]}")
    if summary.cost.share >= exact_counts.MUCH:
        made.append(f"! It finds {summary.cost.share:.0%} of the whole archive.")
    if found.query.cost == "dear":
        made.append(f"! Dear as a watch: {found.query.why}.")
    if summary.link:
        made.append(f"In Kibana: {summary.link}")
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


def _number(number: int, unit: Unit) -> str:
    return f"{number:,} {unit if number == 1 else _MANY[unit]}"


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
