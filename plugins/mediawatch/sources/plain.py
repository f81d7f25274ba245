"""What a reader would see of a string from a feed, well enough to title, compare and measure it.

The real text of an article is made in ``text/``; here it is about headlines, item keys and
whether an item is short.
"""

from __future__ import annotations

import html
import re

# XML 1.0, 2.2: what may stand in a document at all; lone surrogates are not among it.
FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|$)", re.DOTALL)
UNSEEN = re.compile(r"<(script|style|template|noscript)\b|<!--", re.IGNORECASE)
ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("script", "style", "template", "noscript")
}
# Only what begins like a tag of HTML: "a < b" and "<3" are text.
TAG = re.compile(
    r"</?(?:!doctype|a|abbr|acronym|address|article|aside|audio|b|bdi|bdo|big|blink|blockquote|body|br|"
    r"button|center|cite|code|dd|del|details|div|dl|dt|em|embed|figcaption|figure|font|footer|form|"
    r"h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|"
    r"object|ol|p|param|picture|pre|q|s|samp|section|small|source|span|strike|strong|sub|"
    r"summary|sup|svg|table|tbody|td|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr)"
    r"(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
BREAKING = re.compile(r"</?(?:p|div|br|li|tr|td|h[1-6]|blockquote)\b", re.IGNORECASE)
# What stands under a text and grows by itself: "12 comments", "3 hours ago".
COUNTERS = re.compile(
    r"(?:[\s|·•()\[\]–-]*\b\d[\d.,]{0,9}\s?(?:comments?|views?|likes?|reads?|replies|reactions?|"
    r"Kommentare?|commentaires?|comentarios?|commenti|reacties|(?:seconds?|secs?|minutes?|mins?|"
    r"hours?|hrs?|days?) ago|min(?:ute)? read))+[\s)\]]*$",
    re.IGNORECASE,
)
LAST_WORDS = 200
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def allowed(text: str) -> str:
    """Text without NUL, control characters and lone surrogates."""
    return FORBIDDEN.sub("", text)


def visible_line(markup: str) -> str:
    """A headline or name as one line of plain text, escaped once or twice or not at all."""
    text = CDATA.sub(r"\1", markup)
    for _ in range(2):
        text = _without_tags(text)
        if not REFERENCE.search(text):
            break
        text = html.unescape(text)
    return " ".join(allowed(_without_tags(text)).split())


def visible_text(markup: str) -> str:
    """The visible text of HTML or plain text with every run of white space one blank."""
    text = html.unescape(_without_tags(CDATA.sub(r"\1", markup)))
    return " ".join(allowed(text).split())


def without_counters(text: str) -> str:
    """A text without the counters and ages at its end."""
    return text[:-LAST_WORDS] + COUNTERS.sub("", text[-LAST_WORDS:])


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return TAG.sub(lambda tag: " " if BREAKING.match(tag[0]) else "", _seen(text))


def _seen(text: str) -> str:
    """Markup without scripts, styles and comments, in one pass over it.

    A comment that never ends takes its own tag alone: the rest of a headline is worth more.
    """
    parts = []
    place = 0
    last_comment_end = text.rfind("-->")
    while found := UNSEEN.search(text, place):
        parts.append(text[place : found.start()])
        if found[1]:
            end = ENDS[found[1].lower()].search(text, found.end())
            place = end.end() if end else len(text)
            parts.append(" ")
        elif found.start() < last_comment_end:
            place = text.index("-->", found.end() - 2) + 3
        else:
            place = text.find(">", found.end()) + 1 or len(text)
    return "".join((*parts, text[place:]))
