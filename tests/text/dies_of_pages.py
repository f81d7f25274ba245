"""For a worker: the text stage, in a process that every page ends."""

from __future__ import annotations

import os

from mediawatch.model import Article, Rejected
from mediawatch.text import normalize
from mediawatch.text.normalize import Request


def article_of(request: Request) -> Article | Rejected:
    """An article of a feed's item; a page is the end of this process."""
    if request.page is not None:
        os._exit(139)
    return normalize.article_of(request)
