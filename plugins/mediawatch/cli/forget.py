"""``mediawatch forget``: a person, an address or a source, for good; and legal holds."""

from __future__ import annotations

import argparse
import getpass
import json
from dataclasses import asdict
from typing import Any

from mediawatch.pipeline import forget, holds
from mediawatch.pipeline.context import Context, open_context
from mediawatch.pipeline.forget import Report
from mediawatch.settings import Settings
from mediawatch.storage import forget as storage
from mediawatch.storage.tombstones import KEY_FILE

BEYOND = (
    "Not in reach of this command, look there yourself:",
    "  backups (`mediawatch backup` files): what one brings back is there until you forget again",
    "  exports and feeds that were fetched, Kibana's own saved searches, logs of the scheduler",
    "  seed folders, archives, sources.opml, watches.yaml and lists of actors: your own files",
)


def add_parsers(verbs: Any) -> None:
    """Add the verb ``forget`` with its acts."""
    verb = verbs.add_parser("forget", help="remove a person, an article or a source for good")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    person = acts.add_parser("person", help="hide every article that names somebody")
    person.add_argument("name", help="the full name, or the id of an actor")
    person.add_argument(
        "--also", action="append", default=[], metavar="NAME", help="another spelling of the name"
    )
    person.add_argument(
        "--redact", action="store_true", help="keep the texts, with the name blacked out"
    )
    person.set_defaults(run=run_person)
    url = acts.add_parser("url", help="one article")
    url.add_argument("url", help="its address or id")
    url.set_defaults(run=run_url)
    source = acts.add_parser("source", help="a source and all that stood in it alone")
    source.add_argument("source", help="its id or address")
    source.set_defaults(run=run_source)
    for act in (person, url, source):
        act.add_argument("--yes", action="store_true", help="do it; without, say what would go")
        act.add_argument("--json", action="store_true", help="for programs")
    runs = acts.add_parser("list", help="what was forgotten (never whom) and which holds stand")
    runs.set_defaults(run=run_list)
    hold = acts.add_parser("hold", help="keep articles for a court, whatever is forgotten")
    hold.add_argument("kind", choices=("person", "url", "source"))
    hold.add_argument("value")
    hold.add_argument("--reason", required=True, help="shown in the list; name nobody")
    hold.set_defaults(run=run_hold)
    lift = acts.add_parser("lift", help="end a hold; what was forgotten meanwhile is erased")
    lift.add_argument("number", type=int)
    lift.set_defaults(run=run_lift)
    for act in (person, url, source, hold):
        act.add_argument("--by", default=getpass.getuser(), help="who asks; you by default")


def run_person(args: argparse.Namespace, settings: Settings) -> int:
    """Forget a person, or say how many articles name them."""
    with open_context(settings) as context:
        wanted = forget.who(context.conn, args.name, args.also)
        context.conn.rollback()
        if not args.yes:
            return _would(forget.articles_naming(context, wanted), sorted(wanted.names))
        report = forget.person(context, wanted, args.by, redact=args.redact)
        return _show(args, context, report)


def run_url(args: argparse.Namespace, settings: Settings) -> int:
    """Forget an article, or say which."""
    with open_context(settings) as context:
        if not args.yes:
            return _would(forget.at(context, args.url)[1])
        return _show(args, context, forget.url(context, args.url, args.by))


def run_source(args: argparse.Namespace, settings: Settings) -> int:
    """Forget a source, or say how many articles stood in it alone."""
    with open_context(settings) as context:
        if not args.yes:
            row = forget.find_source(context, args.source)
            return _would(storage.articles_of_source(context.conn, row["source_id"]))
        return _show(args, context, forget.source(context, args.source, args.by))


def run_list(_args: argparse.Namespace, settings: Settings) -> int:
    """Print the runs and the holds."""
    with open_context(settings) as context:
        runs, standing = storage.runs(context.conn), storage.holds(context.conn)
    for run in runs:
        how = " (blacked out)" if run["redact"] else ""
        end = "done" if run["finished_at"] else "BROKEN OFF: give the same command again"
        found = f", {run['report']['articles']:,} articles" if run["report"] else ""
        print(f"run {run['run_id']}: {run['kind']}{how} by {run['asked_by']}, "
              f"{run['begun_at']:%Y-%m-%d %H:%M}{found}: {end}")  # fmt: skip
    for hold in standing:
        end = f"lifted {hold['lifted_at']:%Y-%m-%d}" if hold["lifted_at"] else "stands"
        print(f"hold {hold['hold_id']}: {hold['articles']:,} articles by {hold['placed_by']}, "
              f"{hold['placed_at']:%Y-%m-%d} ({hold['reason']}): {end}")  # fmt: skip
    if not runs and not standing:
        print("Nothing was forgotten and no hold stands.")
    return 0


def run_hold(args: argparse.Namespace, settings: Settings) -> int:
    """Place a legal hold."""
    with open_context(settings) as context:
        number, articles = holds.place(context, args.kind, args.value, args.reason, args.by)
    print(f"hold {number}: {articles:,} articles are kept until `mediawatch forget lift {number}`")
    return 0


def run_lift(args: argparse.Namespace, settings: Settings) -> int:
    """End a hold and erase what was forgotten under it."""
    with open_context(settings) as context:
        erased = holds.lift(context, args.number)
    print(f"hold {args.number} is lifted; {erased:,} articles that were hidden are erased")
    return 0


def _would(articles: list[str], names: list[str] | None = None) -> int:
    if names:
        print(f"looked for: {', '.join(names)}")
    print(f"{len(articles):,} articles would go. Nothing was changed: add --yes to do it.")
    return 0


def _show(args: argparse.Namespace, context: Context, report: Report) -> int:
    if args.json:
        print(json.dumps(asdict(report), default=str))
        return 0
    print(f"run {report.run_id}: {report.articles:,} articles, {report.buried:,} tombstones")
    for place, count in report.places.items():
        print(f"  {place.replace('_', ' ')}: {count:,}")
    if report.held:
        print(f"  {report.held:,} articles are hidden and kept by a legal hold")
    if report.sent:
        print(f"{len(report.sent):,} mails were sent before and cannot be called back:")
        for mail in report.sent:
            print(f"  {mail.sent_at:%Y-%m-%d %H:%M} to {mail.address}")
    print("\n".join(BEYOND))
    if context.settings.signing_key is None:
        print(f"Keep {context.settings.profile_home / KEY_FILE} with your backups: without it "
              "nothing more is taken in.")  # fmt: skip
    return 0
