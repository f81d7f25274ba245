"""HTML of feeds as the text that a reader would see, paragraphs apart.

Hostile by assumption: the parser is given a bounded text, and nesting beyond its limit is read as
plain text.
"""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HTMLParser

from mediawatch.text.characters import clean, one_line
from mediawatch.text.paragraphs import paragraphs

LONGEST = 5_000_000
DEEPEST = 250
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
UNSEEN = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head",
          "button", "form", "select", "textarea"}  # fmt: skip
BLOCKS = {"p", "div", "section", "article", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1",
          "h2", "h3", "h4", "h5", "h6", "table", "tr", "pre", "hr", "figure", "figcaption",
          "header", "footer", "aside", "main", "address"}  # fmt: skip
BREAK = "\x00"  # cannot be in a parsed text


def visible_text(markup: str) -> str:
    """The visible text of HTML, paragraphs separated by blank lines; plain text stays as it is."""
    if not TAG.search(markup):
        return "\n\n".join(paragraphs(clean(html.unescape(markup))))
    root = _parse(markup[:LONGEST])
    text = text_of_element(root) if root is not None else ""
    if not text and markup.count("<") > DEEPEST:  # the parser gave up on the nesting
        text = one_line(html.unescape(TAG.sub(" ", markup[:LONGEST])))
    return text


def text_of_element(root: etree._Element) -> str:
    """What a reader would see of a parsed element, paragraphs separated by blank lines."""
    parts: list[str] = []
    _walk(root, parts)
    lines = re.split(BREAK + "+", re.sub(r"[ \t\r\n\f]+", " ", "".join(parts)))
    return "\n\n".join(found for line in lines if (found := one_line(line)))


def visible_line(markup: str) -> str:
    """The visible text of a headline or name, on one line."""
    if TAG.search(markup):
        return one_line(visible_text(markup))
    return one_line(html.unescape(markup) if ENTITY.search(markup) else markup)


def _parse(markup: str) -> etree._Element | None:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        source = markup.encode("utf-8", "replace").replace(b"\x00", b"")
        return etree.fromstring(b"<div>" + source + b"</div>", parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _walk(root: etree._Element, parts: list[str]) -> None:
    """Text in order of reading. Not recursive: nesting is the sender's choice."""
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        block = tag in BLOCKS
        if event == "start":
            hidden += tag in UNSEEN
            if hidden:
                continue
            if block:
                parts.append(BREAK)
            elif tag == "br":
                # Two line breaks are how old pages part paragraphs.
                parts.append(BREAK if parts and parts[-1] == "\n" else "\n")
            if element.text:
                parts.append(element.text)
        else:
            hidden -= tag in UNSEEN
            if hidden:
                continue
            if block:
                parts.append(BREAK)
            if element.tail and element is not root:
                parts.append(element.tail)
