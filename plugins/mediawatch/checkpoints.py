"""Named places between two effects, where the fault tests end the process.

In normal use :func:`reached` does nothing. The tests set ``MEDIAWATCH_KILL_AT`` to a name and
the process is killed the way ``kill -9`` does, so that what is claimed of every step in
``pipeline`` is tried and not believed.
"""

from __future__ import annotations

import os
import signal

NAMES = (
    "seeds.read",  # entries parsed, nothing written
    "seeds.written",  # written, not committed
    "archive.read",
    "archive.written",
    "past.written",
    "feeds.fetched",
    "feeds.written",
    "pages.fetched",
    "pages.written",
    "normalise.claimed",
    "normalise.written",
    "reprocess.written",  # a batch made again, not committed
    "cluster.claimed",
    "cluster.written",
    "annotate.claimed",
    "annotate.written",
    "compare.written",
    "index.claimed",
    "index.sent",  # bulk answered, not marked
    "match.found",  # matches known, not written
    "match.written",
    "send.claimed",
    "send.before_data",  # message text sent, final dot not sent, "sending" not committed
    "send.sending",  # "sending" committed, final dot not sent
    "send.answered",  # final dot answered, "sent" not committed
    "digest.written",
    "forget.buried",  # tombstones committed, nothing hidden
    "forget.hidden",  # articles hidden and erased; entries, mails and index are not
)


def reached(name: str) -> None:
    """End this process here when the fault tests ask for it. ``name`` is one of NAMES."""
    if os.environ.get("MEDIAWATCH_KILL_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
