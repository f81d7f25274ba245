"""``mediawatch retention``: how long what is kept."""

from __future__ import annotations

import argparse
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings
from mediawatch.storage import retention as storage
from mediawatch.storage.connection import transaction

WHAT = {
    "texts": "texts of articles (headlines stay)",
    "raw": "pages and feeds as they came",
    "versions": "versions that were replaced",
    "mails": "texts of mails (the ledger stays)",
    "fetches": "the log of readings",
}
BY_LICENCE = ("texts", "raw", "versions")


def add_parsers(verbs: Any) -> None:
    """Add the verb ``retention`` with ``show`` and ``set``."""
    verb = verbs.add_parser("retention", help="how long what is kept")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="the rules; the step `maintain` applies them every day")
    show.set_defaults(run=run_show)
    rule = acts.add_parser("set", help="keep something for so many days")
    rule.add_argument("what", choices=WHAT)
    rule.add_argument("days", help="a number of days, or `ever`")
    rule.add_argument("--licence", default="", help="only for outlets of this licence")
    rule.set_defaults(run=run_set)


def run_show(_args: argparse.Namespace, settings: Settings) -> int:
    """Print every rule."""
    with open_context(settings) as context:
        rows = storage.rules(context.conn)
    known = {(row["what"], row["licence"]): row["days"] for row in rows}
    for what, words in WHAT.items():
        days = known.get((what, ""))
        print(f"{what:9} {f'{days:,} days' if days is not None else 'for ever':10}  {words}")
        for (other, licence), own in known.items():
            if other == what and licence:
                print(f"{'':9} {own:,} days    of outlets with the licence {licence!r}")
    return 0


def run_set(args: argparse.Namespace, settings: Settings) -> int:
    """Write or remove a rule."""
    if args.licence and args.what not in BY_LICENCE:
        raise InputError(f"{args.what} have no licence; leave --licence out")
    if args.days != "ever" and not (args.days.isascii() and args.days.isdigit()):
        raise InputError(f"{args.days!r} is no number of days; write a number or `ever`")
    with open_context(settings) as context, transaction(context.conn) as conn:
        if args.days == "ever":
            storage.remove_rule(conn, args.what, args.licence)
        else:
            storage.set_rule(conn, args.what, args.licence, min(int(args.days), 36_500))
    return run_show(args, settings)
