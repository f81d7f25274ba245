"""The keys by which an article is found again: its addresses and the item of its source."""

from __future__ import annotations

from hashlib import sha256

from mediawatch.model import Article
from mediawatch.storage import articles as storage
from mediawatch.storage.articles import KnownArticle, PendingEntry
from mediawatch.storage.connection import Connection
from mediawatch.stories.fingerprints import prepare
from mediawatch.stories.identity import Telling, is_other_item
from mediawatch.text import urls


def keys_of(pending: PendingEntry, article: Article) -> list[str]:
    """Every key of an article, the one that mints first: canonical address, other addresses
    under which it was met, and last the item of its source."""
    entry = pending.entry
    met = (urls.address(url) for url in (pending.page_url, entry.url) if url)
    of_urls = [article.key, *(address.key for address in met if address)]
    item = sha256(f"{entry.source_id}\x00{entry.item_key}".encode()).hexdigest()[:40]
    found = [urls.key_hash(key) for key in of_urls if key and not urls.is_site(key)]
    return list(dict.fromkeys((*found, f"i:{item}")))


def own_keys(conn: Connection, pending: PendingEntry, article: Article) -> list[str]:
    """The keys of an article without its item's, where that names another article.

    Some feeds give several links one id ("N/A", a section's name, a number that starts again
    each day): between two addresses the id counts only where the articles speak for it too.
    Call it under ``storage.lock_identity``.
    """
    *addresses, item = keys_of(pending, article)
    found = storage.articles_of_keys(conn, [*addresses, item])
    holder = found.pop(item, None)
    if addresses and holder is not None and holder not in found.values():
        [known] = storage.lock_articles(conn, [holder])
        if known.url_key and not known.tombstoned and _is_other(known, article):
            return addresses
    return [*addresses, item]


def _is_other(known: KnownArticle, article: Article) -> bool:
    if article.text_hash == known.text_hash:
        return False
    exact = article.published.precision in ("second", "minute")
    return is_other_item(
        Telling(prepare(known.title, known.body), known.published_at, known.published_date),
        Telling(
            prepare(article.title, article.body),
            article.published.value if exact else None,
            article.published.local_date,
        ),
    )
