"""What kind of article a page holds, as flags: live blog, gallery, sponsored, press release.

Taken from the page's own types and sections, from words of its address, and from labels in the
text. The phrases are data (``walls.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from mediawatch.text.headlines import is_live
from mediawatch.text.metadata import Metadata, texts_of
from mediawatch.text.phrasebook import Inside, any_of, plain, read_phrases
from mediawatch.text.urls import is_home_page

_TABLES = read_phrases("walls.toml")
RULES = f"page-kinds-{_TABLES['version']}"
FLAGS = frozenset({"live_blog", "gallery", "sponsored", "press_release"})
TYPES = {
    "LiveBlogPosting": "live_blog",
    "ImageGallery": "gallery",
    "MediaGallery": "gallery",
    "AdvertiserContentArticle": "sponsored",
}
# Whole folders of addresses.
FOLDERS = {
    "live_blog": "live|liveblog|live-blog|live-updates|live-news|liveticker|live-ticker|newsticker"
    "|en-direct|direct|en-vivo|en-directo|diretta|ao-vivo|liveblogs|онлайн",
    "gallery": "gallery|galleries|photos|pictures|photo-gallery|slideshow|bildergalerie|fotostrecke"
    "|bilder|diaporama|galerie|galeria|galería|fotogaleria|fotogalerias|fotogalerie|fotoserie",
    "sponsored": "sponsored|sponsored-content|advertorial|advertorials|partner-content|brandvoice"
    "|brand-studio|paid-post|paid-content|branded-content|contenu-partenaire|contenido-patrocinado"
    "|publirreportaje|especial-publicitario|partnerzone|anzeige|spon-anzeigen",
    "press_release": "press-release|press-releases|pressrelease|news-release|news-releases"
    "|pressemitteilung|pressemitteilungen|presseportal|communiques|communique-de-presse"
    "|comunicados|notas-de-prensa|comunicati-stampa|persberichten|press-center|prnewswire",
}
PATTERNS = {flag: re.compile(rf"/(?:{names})(?=/|$)") for flag, names in FOLDERS.items()}
SPONSORED = any_of(_TABLES["sponsored"])
RELEASE = any_of(_TABLES["release"])
WIRES = Inside({"any": _TABLES["release"]["any"]})
BEGINNING = 400
SECTIONS = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
# A folder's address has short names and no number; an article's its headline or a number.
FOLDER = re.compile(r"(?:/[^\W\d]{1,20}(?:-[^\W\d]{1,20}){0,1}){0,3}/?")
MANY = 10


def kind_flags(data: Metadata, url: str | None, title: str, body: str) -> Iterator[str]:
    """The flags of a page; one may come twice."""
    yield from (flag for kind, flag in TYPES.items() if kind in data.kinds)
    path = urlsplit(url).path.casefold() if url else ""
    yield from (flag for flag, pattern in PATTERNS.items() if pattern.search(path))
    if is_live(title):
        yield "live_blog"
    for label in _labels(data, body):
        if SPONSORED.fullmatch(label):
            yield "sponsored"
        if RELEASE.fullmatch(label):
            yield "press_release"
    if is_release(body):
        yield "press_release"


def is_release(body: str) -> bool:
    """Whether a text names a distributor of press releases at its beginning."""
    return WIRES.search(plain(body[:BEGINNING]))


def is_section(data: Metadata, url: str | None, tree: HtmlElement) -> bool:
    """Whether a page that is said to be no article is a home page or a list of articles."""
    if data.is_article:
        return False
    if data.kinds & SECTIONS or (url and is_home_page(url)):
        return True
    if url is None or not FOLDER.fullmatch(urlsplit(url).path):
        return False
    linked = (heading for heading in tree.iter("h2", "h3", "h4") if _leads_away(heading))
    return sum(1 for _ in islice(linked, MANY)) == MANY


def _leads_away(heading: HtmlElement) -> bool:
    """Whether a heading is a link, other than to itself."""
    return any((link.get("href") or "#")[0] != "#" for link in heading.iter("a"))


def _labels(data: Metadata, body: str) -> Iterator[str]:
    """What may name the kind of an item: its sections, and the first and last line."""
    sections = [*texts_of(data.article.get("articleSection")), *texts_of(data.article.get("genre"))]
    sections += data.all_meta.get("article:section", []) + data.all_meta.get("og:type", [])
    lines = body.split("\n\n")
    return (plain(label).strip(" -–—:|[]()") for label in (*sections, lines[0], lines[-1]))
