"""Paragraphs and first sentences of plain text."""

from __future__ import annotations

import re

BLANK_LINE = re.compile(r"\n[ \n]*\n")
INNER_SPACE = re.compile(r"[ \n]+")
LONGEST_TITLE = 300
# A sentence ends at its mark and closing quotes, before a blank and a capital or opening mark; a
# long word before the full stop is no abbreviation, whatever follows.
END = re.compile(
    r"[.!?…][\"'”’»)\]]*(?=\s+[\"'“‘«(\[¿¡]*[^\W\d_a-zà-ÿ])|(?<=[^\W\d_A-Z]{7})\.(?=\s)"
    r"|[。！？][」』”’]*|[؟۔]"
)
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“‘])(?:[A-ZÀ-Þ]|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|St|Jr|Sr|Lt|Col|Sgt|Rev|Hon|No|vs"
    r"|Inc|Co|Corp|Ltd|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|M|Mme|Sra?|Dra?|Nr|bzw|etc|approx"
    r"|[A-Z]\.[A-Z](?:\.[A-Z])*)\.$"
)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text whose blank lines part them, each on one line."""
    parts = (INNER_SPACE.sub(" ", part).strip() for part in BLANK_LINE.split(text))
    return [part for part in parts if part]


def first_sentence(body: str) -> str:
    """The first sentence of the first paragraph; cut at a word after 300 characters."""
    first = body.split("\n\n", 1)[0][: LONGEST_TITLE * 4]
    for mark in END.finditer(first):
        if not ABBREVIATION.search(first[: mark.start() + 1][-12:]):
            first = first[: mark.end()]
            break
    if len(first) <= LONGEST_TITLE:
        return first
    cut = first[:LONGEST_TITLE]
    return cut[: cut.rfind(" ")] + "…" if " " in cut else cut
