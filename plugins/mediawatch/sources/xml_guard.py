"""XML from outside, made safe and as whole as can be before a parser sees it.

No document type, and so no entities and nothing to load; HTML's named characters as characters;
forbidden characters gone; stray ampersands escaped; a document that breaks off is closed after its
last whole item.
"""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass

from mediawatch.sources.plain import FORBIDDEN

# None of these may read a stretch of text more than a few times, whatever is in it.
COMMENT = r"<!--(?:(?!-->).)*-->"
PROLOGUE = re.compile(rf"(?:\s+|<\?(?:(?!\?>).)*\?>|{COMMENT})*", re.DOTALL)
DOCTYPE = re.compile(
    r"""<!DOCTYPE(?:[^\[>"']|"[^"]*"|'[^']*')*"""
    rf"""(?:\[(?:[^\]"'<]|"[^"]*"|'[^']*'|{COMMENT}|<(?!!--))*\]\s*)?>""",
    re.DOTALL | re.IGNORECASE,
)
ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
PIECES = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL)
AMPERSAND = re.compile(r"&(?:#(\d{1,8}|[xX][0-9a-fA-F]{1,7});|([A-Za-z][A-Za-z0-9]{0,31});)?")
# A parser's work grows with the square of a tag's attributes.
LONG_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)\s[^<>]{2000,}?(/?)>")
MOST_ATTRIBUTES = 300
NUMBER = re.compile(r"&#(\d+|[xX][0-9a-fA-F]+);?")
# What Media RSS says of a picture is not what the item says of itself.
MEDIA = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']https?://search\.yahoo\.com/mrss/?["']""")
# Elements that hold a string alone: markup inside, unescaped, is meant as part of it.
NAKED = re.compile(
    r"(<(category|guid|pubDate|dc:creator|dc:subject|dc:date)\b[^<>]*(?<!/)>)"
    r"([^<]{0,1000}<(?!/\2\b|!\[CDATA\[|!--).{0,1000}?)(</\2\s*>)",
    re.DOTALL,
)
ITEM = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL)
MOST_ONE_BY_ONE = 1_000
LONGEST_NUMBER = 8
OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# By the root's name: the end of an item, and what closes the document after the last one.
LAST_ITEM = re.compile(r"</((?:[\w.-]+:)?(?:item|entry))\s*>", re.IGNORECASE)
LAST_ADDRESS = re.compile(r"</((?:[\w.-]+:)?(?:url|sitemap))\s*>", re.IGNORECASE)
ENDINGS = {
    "rss": (LAST_ITEM, "</channel></rss>"),
    "feed": (LAST_ITEM, "</feed>"),
    "rdf": (LAST_ITEM, "</{root}>"),
    "urlset": (LAST_ADDRESS, "</{root}>"),
    "sitemapindex": (LAST_ADDRESS, "</{root}>"),
}


class XmlError(Exception):
    """The document cannot be made safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeXml:
    """A document without declaration and DTD. ``root`` is the first tag's name as written."""

    text: str
    root: str
    is_cut: bool


def safe_xml(text: str) -> SafeXml | None:
    """The document from its first tag on; None when there is no tag in it.

    Raises:
        XmlError: its document type cannot be told from the rest.
    """
    start = text.find("<")
    if start < 0:
        return None
    place = _skip(text, start)
    if text[place : place + 9].upper() == "<!DOCTYPE":
        found = DOCTYPE.match(text, place)
        if found is None:
            raise XmlError("the document type has no end")
        place = _skip(text, found.end())
        if text[place : place + 9].upper() == "<!DOCTYPE":
            raise XmlError("there is more than one document type")
    root = ROOT.match(text, place)
    if root is None:
        return None
    body, is_cut = _closed(text[place:], root[1])
    body = LONG_TAG.sub(_with_few_attributes, body)
    for prefix in set(MEDIA.findall(body)):
        body = re.sub(rf"(</?{re.escape(prefix)}:)(?=description\b)", r"\1of-", body)
    body = NAKED.sub(lambda found: found[1] + _escaped(found[3]) + found[4], body)
    pieces = PIECES.split(FORBIDDEN.sub("", body))
    pieces[1::2] = [NUMBER.sub(_number, piece) for piece in pieces[1::2]]
    pieces[::2] = [AMPERSAND.sub(_reference, piece) for piece in pieces[::2]]
    return SafeXml(text="".join(pieces), root=root[1], is_cut=is_cut)


def _skip(text: str, place: int) -> int:
    found = PROLOGUE.match(text, place)
    return found.end() if found else place


def _closed(text: str, root: str) -> tuple[str, bool]:
    """The document, ended after its last whole item where it breaks off."""
    if re.search(rf"</{re.escape(root)}\s*>\s*(?:{COMMENT}\s*)*$", text[-5000:], re.DOTALL):
        return text, False
    if re.search(rf"</{re.escape(root)}\s*>", text, re.IGNORECASE):
        return text, False  # something follows the end; the parsers cope with that
    last, ending = ENDINGS.get(root.rpartition(":")[2].lower(), (LAST_ITEM, ""))
    ends = list(last.finditer(text))
    if not ends or not ending:
        return text, True
    return text[: ends[-1].end()] + ending.format(root=root), True


def one_by_one(xml: SafeXml) -> list[SafeXml]:
    """Documents of the same kind that hold one item each, and a first one that holds none."""
    opening = xml.text[: xml.text.find(">") + 1]
    is_rss = xml.root.rpartition(":")[2].lower() == "rss"
    before, after = ("<channel>", "</channel>") if is_rss else ("", "")
    ending = f"{after}</{xml.root}>"
    items = [found[0] for found in ITEM.finditer(xml.text)][:MOST_ONE_BY_ONE]
    first = ITEM.search(xml.text)
    head = xml.text[: first.start()] + ending if first else opening + before + ending
    texts = [head, *(f"{opening}{before}{item}{ending}" for item in items)]
    return [SafeXml(text=text, root=xml.root, is_cut=xml.is_cut) for text in texts]


def _with_few_attributes(found: re.Match[str]) -> str:
    return found[0] if found[0].count("=") <= MOST_ATTRIBUTES else f"<{found[1]}{found[2]}>"


def _number(found: re.Match[str]) -> str:
    """A numeric reference inside CDATA, if there is such a character."""
    digits = found[1]
    if len(digits) > LONGEST_NUMBER:
        return ""
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return found[0] if code <= 0x10FFFF and not FORBIDDEN.match(chr(code)) else ""


def _reference(found: re.Match[str]) -> str:
    number, name = found.groups()
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if 0x7F < code < 0xA0:
            # Meant as windows-1252 by whoever writes them (HTML, 13.2.5.80).
            return html.unescape(found[0])
        return found[0] if code <= 0x10FFFF and not FORBIDDEN.match(chr(code)) else ""
    if name is None:
        return "&amp;"
    if name in OF_XML:
        return found[0]
    character = html.entities.html5.get(f"{name};")
    if character is None:
        return f"&amp;{name};"
    return _escaped(character)


def _escaped(text: str) -> str:
    return "".join(ESCAPED.get(c, c) for c in text)
