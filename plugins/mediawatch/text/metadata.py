"""What a page says about itself: JSON-LD, meta elements, time elements, links.

Nothing here is believed yet; the readers of title, authors, dates and address compare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from mediawatch.text.characters import one_line
from mediawatch.text.markup import visible_line

RULES = "metadata-1"
ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|\w*NewsItem|Report|Review)$")
FREE = "isAccessibleForFree"
MOST_NODES = 5_000
LONGEST_SCRIPT = 2_000_000
LONGEST_VALUE = 5_000
CDATA = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """``article`` is the JSON-LD object of the article itself; ``kinds`` every type named.

    ``meta`` holds the first content of each meta element by its name, property or itemprop in
    small letters; ``all_meta`` every content.
    """

    article: dict[str, Any] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    meta: dict[str, str] = field(default_factory=dict)
    all_meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    amp: bool = False
    language: str | None = None
    html_title: str = ""
    headings: tuple[str, ...] = ()

    @property
    def is_article(self) -> bool:
        """Whether the page says of itself that it is an article."""
        return bool(self.article) or self.meta.get("og:type", "").casefold() == "article"

    @property
    def is_closed(self) -> bool:
        """Whether the page says of itself, or of a part of it, that it is not free to read."""
        parts = self.article.get("hasPart")
        parts = parts if isinstance(parts, list) else [parts]
        said = [part.get(FREE) for part in (self.article, *parts[:20]) if isinstance(part, dict)]
        locked = self.meta.get("article:content_tier", "").casefold() == "locked"
        return locked or any(str(value).casefold() == "false" for value in said)

    @property
    def is_film(self) -> bool:
        """Whether the page says of itself that it is a video."""
        return "VideoObject" in self.kinds or self.meta.get("og:type", "").startswith("video")


def read_metadata(tree: HtmlElement) -> Metadata:
    """All that a page's head and first headings say."""
    every: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            values = every.setdefault(name.strip().casefold(), [])
            if len(values) < 20:
                values.append(one_line(content[:LONGEST_VALUE]))
    nodes = list(_nodes(tree))
    links = {
        rel: element.get("href")
        for element in tree.iter("link")
        for rel in (element.get("rel") or "").casefold().split()
        if rel == "canonical" and element.get("href")
    }
    title = next(tree.iter("title"), None)
    headings = (_visible(element) for element in tree.iter("h1"))
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    return Metadata(
        article=_article(nodes),
        kinds=frozenset(kind for node in nodes for kind in types(node)),
        meta={name: values[0] for name, values in every.items()},
        all_meta=every,
        canonical=links.get("canonical"),
        amp="amp" in root.attrib or "⚡" in root.attrib,
        language=root.get("lang") or every.get("og:locale", [None])[0],
        html_title=_visible(title) if title is not None else "",
        headings=tuple(heading for heading, _ in zip(headings, range(10), strict=False) if heading),
    )


def types(node: dict[str, Any]) -> list[str]:
    """The types of a JSON-LD object, without their vocabulary."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [re.split(r"[/#:]", kind)[-1] for kind in kinds if isinstance(kind, str)]


def text_of(value: Any) -> str:
    """A JSON-LD value as a visible line: a string, the first of a list, or a name."""
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        else:
            break
    return visible_line(value[:LONGEST_VALUE]) if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """A JSON-LD value as visible lines: a string or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(text_of, values[:20]) if text]


def _visible(element: HtmlElement) -> str:
    return one_line(" ".join(element.itertext())[:LONGEST_VALUE])


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The object that is the article: of an article's type, with a headline and a date."""
    articles = [node for node in nodes if any(map(ARTICLE.search, types(node)))]
    wanted = ("headline", "datePublished", "articleBody", "author")
    return max(articles, key=lambda node: sum(key in node for key in wanted), default={})


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of a page, outer before inner; not the entries of a live blog."""
    waiting: list[Any] = [
        _json(script.text)
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").casefold() and script.text
    ]
    seen = 0
    while waiting and seen < MOST_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting[:0] = value[:200]
        elif isinstance(value, dict):
            yield value
            waiting += [
                child
                for key, child in value.items()
                if key in ("@graph", "mainEntity", "mainEntityOfPage")
                and isinstance(child, (dict, list))
            ]


def _json(text: str) -> Any:
    if len(text) > LONGEST_SCRIPT:
        return None
    try:
        return json.loads(CDATA.sub("", text).strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None
