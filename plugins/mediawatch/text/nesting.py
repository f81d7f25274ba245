"""Pages nested so deep that the parser stops: the same page without most of its boxes.

libxml2 ends a document at 256 open elements and drops all that follows.
"""

from __future__ import annotations

import re

# Boxes that may stand in one another. Between two of them lie few elements of other kinds.
DEEPEST = 80
BOX = re.compile(
    r"<(/?)(?:div|span|section|article|main|aside|header|footer|nav|blockquote|center|table|ul|ol"
    r"|dl|details|figure|form|fieldset|font|big|small|tt|a|abbr|b|i|u|s|em|strong|sub|sup|ins|del"
    r"|[a-z]{1,20}-[a-z-]{1,40})(?=[\s/>])[^<>]{0,5000}>",
    re.IGNORECASE,
)


def flattened(html: str) -> str:
    """The page with blanks for the boxes that stand in ``DEEPEST`` others."""
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            depth = max(depth - 1, 0)
            return tag[0] if depth < DEEPEST else " "
        depth += 1
        return tag[0] if depth <= DEEPEST else " "

    return BOX.sub(shallow, html)
