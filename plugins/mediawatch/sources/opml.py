"""Lists of sources as OPML 2.0: folders are tags, ``mw:`` attributes are ours.

``mw:kind`` (feed), ``mw:fetch`` (never, short, always), ``mw:outlet``, ``mw:paused`` (true,
false). What other programs write is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import ada_url
from lxml import etree

from mediawatch.errors import InputError
from mediawatch.model import FetchPolicy
from mediawatch.sources.charsets import decode
from mediawatch.sources.plain import visible_line
from mediawatch.sources.xml_guard import XmlError, safe_xml

NAMESPACE = "https://mediawatch.invalid/opml"
POLICIES: tuple[str, ...] = get_args(FetchPolicy)
KINDS = ("feed", "sitemap", "page")  # folders and archives are added by command only
DEEPEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One source as a person listed it."""

    url: str
    kind: str = "feed"
    title: str = ""
    tags: tuple[str, ...] = ()
    fetch: str = "short"
    outlet: str | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The sources of a file, each address once, and a line for each that cannot be used."""

    listed: tuple[Listed, ...]
    faults: tuple[str, ...]


def read_opml(content: bytes, name: str) -> SourceFile:
    """The sources of an OPML file; ``name`` is the file as faults call it.

    Raises:
        InputError: it is no OPML.
    """
    try:
        xml = safe_xml(decode(content).text)
    except XmlError as fault:
        raise InputError(f"{name} is no OPML file: {fault}", "bad_xml") from None
    if xml is None or xml.root.lower() != "opml":
        raise InputError(f"{name} is no OPML file: its first tag is not <opml>", "bad_xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(xml.text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as fault:
        raise InputError(f"{name} is no OPML file: {fault.msg}", "bad_xml") from None
    found: dict[str, Listed] = {}
    faults: list[str] = []
    for body in root.findall("body"):
        for element, tags in _outlines(body):
            made = _listed(element, tags)
            if isinstance(made, str):
                faults.append(f"{name}: {made}")
            else:
                found[made.url] = _joined(found.get(made.url), made)
    return SourceFile(listed=tuple(found.values()), faults=tuple(faults))


def write_opml(title: str, sources: Iterable[Listed]) -> bytes:
    """An OPML file that :func:`read_opml` reads back without loss."""
    root = etree.Element("opml", version="2.0", nsmap={"mw": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], Any] = {(): body}
    for source in sources:
        attributes = {
            "type": "rss",
            "text": source.title or source.url,
            "xmlUrl": source.url,
            f"{{{NAMESPACE}}}kind": source.kind,
            f"{{{NAMESPACE}}}fetch": source.fetch,
        }
        if source.outlet:
            attributes[f"{{{NAMESPACE}}}outlet"] = source.outlet
        if source.paused:
            attributes[f"{{{NAMESPACE}}}paused"] = "true"
        etree.SubElement(_folder(folders, source.tags), "outline", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _outlines(body: Any) -> Iterable[tuple[Any, tuple[str, ...]]]:
    """Every outline with an address, and the names of the folders it lies in. Not recursive:
    nesting is the sender's choice.
    """
    waiting: list[tuple[Any, tuple[str, ...]]] = [
        (child, ()) for child in reversed(body.findall("outline"))
    ]
    while waiting:
        element, tags = waiting.pop()
        if _attribute(element, "xmlUrl"):
            yield element, tags
            continue
        name = visible_line(_attribute(element, "text") or _attribute(element, "title"))
        inner = (*tags, name) if name and len(tags) < DEEPEST else tags
        waiting.extend((child, inner) for child in reversed(element.findall("outline")))


def _listed(element: Any, tags: tuple[str, ...]) -> Listed | str:
    """The source of an outline, or what is wrong with it and the cure."""
    url = _attribute(element, "xmlUrl")
    title = visible_line(_attribute(element, "text") or _attribute(element, "title"))
    kind = element.get(f"{{{NAMESPACE}}}kind", "feed").strip()
    fetch = element.get(f"{{{NAMESPACE}}}fetch", "short").strip()
    paused = element.get(f"{{{NAMESPACE}}}paused", "false").strip().lower()
    if not is_web_address(url):
        return f"xmlUrl {url[:200]!r} is no http or https address"
    if kind not in KINDS:
        return f"{url}: mw:kind {kind!r} must be one of {', '.join(KINDS)}"
    if fetch not in POLICIES:
        return f"{url}: mw:fetch {fetch!r} must be one of {', '.join(POLICIES)}"
    if paused not in ("true", "false"):
        return f"{url}: mw:paused {paused!r} must be true or false"
    return Listed(
        url=url,
        kind=kind,
        title="" if title == url else title,
        tags=tags,
        fetch=fetch,
        outlet=element.get(f"{{{NAMESPACE}}}outlet", "").strip() or None,
        paused=paused == "true",
    )


def is_web_address(url: str) -> bool:
    """Whether it is an http or https address as browsers read it."""
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return False
    return parsed.protocol in ("http:", "https:") and bool(parsed.hostname)


def _joined(first: Listed | None, again: Listed) -> Listed:
    """An address that stands in several folders is one source with the tags of all."""
    if first is None:
        return again
    tags = tuple(dict.fromkeys((*first.tags, *again.tags)))
    return Listed(
        url=first.url,
        kind=first.kind,
        title=first.title or again.title,
        tags=tags,
        fetch=first.fetch,
        outlet=first.outlet or again.outlet,
        paused=first.paused,
    )


def _attribute(element: Any, name: str) -> str:
    """An attribute whatever the case of its name."""
    for key, value in element.attrib.items():
        if key.lower() == name.lower():
            return str(value).strip()
    return ""


def _folder(folders: dict[tuple[str, ...], Any], tags: tuple[str, ...]) -> Any:
    for depth in range(1, len(tags) + 1):
        path = tags[:depth]
        if path not in folders:
            folders[path] = etree.SubElement(folders[path[:-1]], "outline", text=path[-1])
    return folders[tags]
