"""A second way to an article's text: the place on the page where most of its paragraphs stand.

Paragraphs are grouped by what their parents are called; the smallest element that holds the
fullest group is the article. It finds texts that are cut into several equal boxes, which a search
for one box by its name does not (cf. the paragraph counting of Readability).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from mediawatch.text.furniture import prose
from mediawatch.text.markup import text_of_element

RULES = "clusters-1"
SHORTEST = 60


@dataclass(frozen=True, slots=True)
class Cluster:
    """The paragraphs of a page that stand alike: their parents, and their characters outside
    links."""

    parents: tuple[HtmlElement, ...] = ()
    weight: int = 0

    def text(self) -> str:
        """All that is shown around them, blank lines between; may be empty."""
        return text_of_element(_common(self.parents)) if self.parents else ""


def fullest_cluster(tree: HtmlElement) -> Cluster:
    """The group of paragraphs with most text."""
    groups: defaultdict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    weights: defaultdict[tuple[str, str], int] = defaultdict(int)
    for element in tree.iter("p"):
        parent = element.getparent()
        length = prose(element)
        if parent is None or length < SHORTEST:
            continue
        name = (str(parent.tag), parent.get("class") or "")
        groups[name].append(parent)
        weights[name] += length
    if not weights:
        return Cluster()
    fullest = max(weights, key=lambda name: weights[name])
    return Cluster(tuple(groups[fullest]), weights[fullest])


def _common(elements: Sequence[HtmlElement]) -> HtmlElement:
    """The smallest element that holds all of them."""
    path = [elements[0], *elements[0].iterancestors()]
    for element in set(elements):
        above = {element, *element.iterancestors()}
        path = [step for step in path if step in above]
    return path[0]
