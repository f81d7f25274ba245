"""``mediawatch delivery``, ``why`` and ``mail test``: what became of the mails."""

from __future__ import annotations

import argparse
import getpass
import json
from contextlib import closing
from typing import Any

from mediawatch.alerts import compose, explaining, message, wording
from mediawatch.alerts.view import Reader
from mediawatch.alerts.yaml_fields import ADDRESS
from mediawatch.cli.watches import named
from mediawatch.errors import InputError
from mediawatch.pipeline import alerts as steps
from mediawatch.pipeline.context import open_context
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import transaction

STATES = ("queued", "sending", "sent", "refused", "uncertain", "suppressed", "expired")


def add_parsers(verbs: Any) -> None:
    """Add the verbs ``delivery``, ``why`` and ``mail``."""
    verb = verbs.add_parser("delivery", help="the ledger of mails")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("list", help="the latest mails and what became of them")
    act.add_argument("--state", choices=STATES)
    act.add_argument("--limit", type=int, default=50)
    act.add_argument("--json", action="store_true", help="for programs")
    act.set_defaults(run=show)
    act = acts.add_parser("resolve", help="say what became of an uncertain mail")
    act.add_argument("id", type=int)
    act.add_argument(
        "--as", dest="state", choices=("sent", "queued"), required=True,
        help="sent: the reader has it; queued: send it again",
    )  # fmt: skip
    act.set_defaults(run=resolve)
    verb = verbs.add_parser("why", help="why a watch told an article, or where it stopped")
    verb.add_argument("watch")
    verb.add_argument("article", help="its address or id")
    verb.set_defaults(run=why)
    verb = verbs.add_parser("mail", help="try the mail relay")
    acts = verb.add_subparsers(dest="act", required=True, metavar="ACT")
    act = acts.add_parser("test", help="send one mail and say what the server answered")
    act.add_argument("address")
    act.set_defaults(run=mail_test)


def show(args: argparse.Namespace, settings: Settings) -> int:
    """List deliveries, the newest first."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        rows = storage.deliveries(conn, args.state, max(1, min(args.limit, 10_000)))
    if args.json:
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        answer = message.one_line(row["smtp_answer"] or "", 80)
        subject = message.one_line(row["subject"] or row["slot"], 80)
        print(f"{row['delivery_id']}\t{row['state']}\t{row['address']}\t{subject}\t{answer}")
    return 0


def resolve(args: argparse.Namespace, settings: Settings) -> int:
    """End an uncertain delivery, or send the same message again."""
    with open_context(settings) as context, transaction(context.conn) as conn:
        by = getpass.getuser()
        if not storage.resolve_delivery(conn, args.id, args.state, by, context.now):
            raise InputError(
                f"delivery {args.id} is not uncertain: "
                "see `mediawatch delivery list --state uncertain`"
            )
    print(f"{args.id}: {args.state}")
    return 0


def why(args: argparse.Namespace, settings: Settings) -> int:
    """Walk one article's way to a watch."""
    with open_context(settings) as context, connected(context.settings) as es:
        watch = named(context, args.watch)
        prefix = context.settings.index_prefix
        with transaction(context.conn) as conn:
            for line in explaining.explain(conn, es, prefix, watch, args.article):
                print(message.one_line(line))
    return 0


def mail_test(args: argparse.Namespace, settings: Settings) -> int:
    """Send one mail through the relay of the settings; 1 when it was not accepted."""
    if not ADDRESS.fullmatch(args.address):
        raise InputError(f"{args.address!r} is not one plain address, such as desk@example.org")
    with open_context(settings) as context:
        sender = steps.sender_of(context)
        words = wording.words("en")
        slot = f"test:{context.now.isoformat()}"
        composed = compose.note(
            words["test_subject"],
            words["test_text"],
            [],
            Reader(address=args.address, language="en", zone="UTC"),
            sender,
            slot=slot,
            message_id=message.message_id(args.address, "instant", slot, sender.host),
            date=context.now,
        )
        with closing(steps.relay_of(context)) as relay:
            to = message.ascii_domain(args.address)
            outcome = relay.send(sender.address, to, composed.content, lambda: None)
    verdict = {"sent": "accepted", "refused": "refused", "queued": "not accepted"}
    print(f"{verdict.get(outcome.state, 'uncertain')}: {outcome.answer}")
    return 0 if outcome.state == "sent" else 1
