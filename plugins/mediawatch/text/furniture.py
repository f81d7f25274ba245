"""What stands around an article on its page and is no part of it, by what its makers call it.

Elements go by their tag, their role and the words of their class and id. A name that covers much
of the page's running text is a state or a frame ("paywall", "has-comments") and stays. The names
are literal and each for a kind of furniture, none for one outlet.
"""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree
from lxml.html import HtmlElement

RULES = "furniture-1"
UNSEEN = ("script", "style", "noscript", "template", "svg", etree.Comment)
TAGS = frozenset({"nav", "footer", "dialog", "menu"})
ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog",
                   "alertdialog", "menu", "menubar", "toolbar", "tooltip"})  # fmt: skip
NAMED = ("div", "section", "aside", "ul", "ol", "dl", "li", "p", "span", "small", "time", "a",
         "table", "td", "figcaption", "h2", "h3", "h4", "h5", "h6", "header", "details", "form",
         *TAGS)  # fmt: skip
MENU = 6
# A name may hold at most this part of the page's running text.
SHARE = 0.15
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ = r"[-_]?"
NAMES = re.compile(
    r"(?<![a-z])(?:"
    # what is elsewhere
    r"related|recirc\w*|recommend\w*|trending|popular|outbrain|taboola|zergnet|rollover|teasers?|promo\w*"
    rf"|more{_}(?:from|on|stories|news|articles|headlines|coverage|like)"
    rf"|(?:most|also|must){_}(?:read|viewed|popular|shared)|read{_}(?:more|also|next|on)|see{_}also"
    rf"|(?:top|latest|other|similar|next|prev(?:ious)?|suggested|featured|focused|hot){_}"
    r"(?:stor(?:y|ies)|news|articles?|posts?|headlines|items?|box)"
    rf"|in{_}case{_}you{_}missed|jump{_}links?|table{_}of{_}contents|toc|key{_}events"
    # how to pay, follow, share and complain
    rf"|newsletters?|subscribe{_}\w*|sign{_}up|donat\w*|membership|app{_}download|download{_}app"
    rf"|social(?!{_}(?:media{_})?(?:embed|post))|sharing|share{_}\w*|sharedaddy|addtoany|addthis"
    rf"|follow{_}us|cookies?|gdpr|consent|regwall|disclaimer|copyright|rights|feedback"
    rf"|comments?|disqus\w*|livefyre|respond|report{_}(?:a{_})?(?:typo|error)"
    # who, when, what about
    rf"|by{_}lines?|author{_}(?:bio|box|info|card|about)|about{_}author|bio|contributors?"
    rf"|date{_}line|pub(?:lish(?:ed)?)?{_}date|time{_}stamp|datetime|(?:post|entry|article){_}meta"
    rf"|(?:tags?|keywords|categor(?:y|ies))(?:{_}(?:list|cloud|links|block|container|wrapper))?"
    r"(?![-_a-z])|breadcrumbs?"
    # pictures and their words
    rf"|captions?|credits?|photo{_}credit|gallery|slideshow|lightbox"
    # trade
    r"|ad|ads|advert\w*|sponsor\w*|affiliate|shopping|marketplace"
    r")(?![a-z])"
)


def prune(tree: HtmlElement) -> None:
    """Take the furniture out of a parsed page, and its scripts and styles."""
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    for element in _menus(tree):
        _drop(element)
    whole = prose(tree)
    for elements in _named(tree).values():
        if sum(map(prose, elements)) <= whole * SHARE:
            for element in elements:
                _drop(element)


def prose(element: HtmlElement) -> int:
    """The characters of an element that are in no link."""
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return len(element.text_content()) - linked


def _named(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """The elements that may be furniture, by their name."""
    known: dict[str, bool] = {}
    named: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    for element in tree.iter(*NAMED):
        if element.tag in TAGS or element.get("role") in ROLES:
            named[f"<{element.tag}>"].append(element)
            continue
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if name not in known:
            known[name] = NAMES.search(CAMEL.sub("-", name).casefold()) is not None
        if known[name]:
            named[name].append(element)
    return named


def _menus(tree: HtmlElement) -> list[HtmlElement]:
    """Long lists each of whose items is a link and nothing else: menus, archives."""
    return [
        element
        for element in tree.iter("ul", "ol")
        if len(element) >= MENU
        and len("".join(element.text_content().split()))
        <= sum(len("".join(link.text_content().split())) for link in element.iter("a"))
    ]


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
