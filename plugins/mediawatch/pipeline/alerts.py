"""From the ledger to the mails: send the instants, send the digests; import watches."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from mediawatch.alerts import digests, importing, sending, watches
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.discover import Kibana
from mediawatch.alerts.links import Signer
from mediawatch.alerts.mail import Relay
from mediawatch.alerts.view import Desk
from mediawatch.errors import InputError, ServiceError
from mediawatch.pipeline.context import Context, Counts
from mediawatch.storage.connection import transaction
from mediawatch.storage.file_entries import Report


def send_instants(context: Context) -> Counts:
    """Send the instant mails that are due.

    Raises:
        ServiceError: there is no mail relay.
    """
    return _send(context, "instant")


def send_digests(context: Context) -> Counts:
    """Write the digests whose slot has come at ``context.now``, and send what is due of them.

    Raises:
        ServiceError: there is no mail relay.
    """
    digests.write_due(context.conn, sender_of(context).host, context.now)
    return _send(context, "digest")


def import_watches(context: Context, path: Path, *, prune: bool = False) -> Report:
    """Bring the database up to a watch file; faults and conflicts stand in the report.

    Raises:
        InputError: the file cannot be read, or is no list of watches at all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"{path}: not UTF-8 (byte {fault.start}); save it as UTF-8") from None
    except OSError as fault:
        raise InputError(f"{path}: {fault.strerror or fault}") from None
    found = watches.parse(text, path.name)
    with transaction(context.conn) as conn:
        return importing.import_file(conn, str(path.resolve()), found, context.now, prune=prune)


def sender_of(context: Context) -> Sender:
    """Our side of every mail: links that act need a public address and a signing key."""
    settings = context.settings
    signer = None
    if settings.public_url is not None and settings.signing_key is not None:
        signer = Signer(settings.public_url, settings.signing_key)
    kibana = None
    if settings.kibana_url is not None:
        kibana = Kibana(settings.kibana_url, settings.index_prefix)
    return Sender(
        address=settings.mail_from,
        reply_to=settings.reply_to,
        desk=Desk(public_url=settings.public_url, signer=signer, kibana=kibana),
    )


def relay_of(context: Context) -> Relay:
    """The mail relay of the settings.

    Raises:
        ServiceError: none is set and the embedded one does not run.
    """
    if context.settings.smtp_url is None:
        raise ServiceError("no mail relay: run `mediawatch up` or set MEDIAWATCH_SMTP_URL")
    return Relay(context.settings.smtp_url)


def _send(context: Context, kind: str) -> Counts:
    with closing(relay_of(context)) as relay:
        post = sending.Post(
            relay=relay,
            sender=sender_of(context),
            operator=context.settings.operator,
            now=context.now,
        )
        counts = sending.send_due(context.conn, post, kind)
    return {"sent": counts["sent"], **counts}
