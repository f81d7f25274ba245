"""Characters: what Postgres, Elasticsearch and a reader accept, whatever came in.

Two functions: :func:`clean` keeps paragraphs and everything that a person would see;
:func:`one_line` is for headlines and names.
"""

from __future__ import annotations

import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

RULES = "characters-1"

SURROGATE = re.compile("[\ud800-\udfff]")
C1 = re.compile("[\x80-\x9f]")
LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\u2028]")
# Blanks of every width become one plain blank; the tabulator too.
BLANK = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Without a look of their own: controls, zero width, soft hyphen, joiners of words, byte order
# mark, interlinear marks, object replacement; embeddings and overrides, which turn text round;
# private use; noncharacters.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2064\u206a-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U000efffe\U000effff]"
)
# Joiners matter inside Arabic, Indic and emoji sequences, never beside Latin, Greek, Cyrillic.
PLAIN = "\x00-\u024f\u0370-\u052f\u2000-\u206f"
STRAY_JOINER = re.compile(f"(?:^|(?<=[{PLAIN}]))[\u200c\u200d]+|[\u200c\u200d]+(?=[{PLAIN}]|$)")
DIRECTION = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]")
# More marks on one letter than the Stream-Safe Text Format (UAX 15) allows say nothing more and
# cost quadratic time.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
)
PILE_OF_MARKS = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")
SPACES = re.compile(r"\s+")
# A line longer than this is not looked at for mojibake: no editor wrote it.
LONGEST_LINE = 100_000


def clean(text: str) -> str:
    """Text in NFC without what nobody sees; line breaks are ``\\n``; blanks are kept.

    Mojibake is mended only where ftfy finds it certain; HTML entities are left alone. The
    result holds no NUL, control character, surrogate, private use or noncharacter.
    """
    if text.isascii() and text.isprintable():
        return text
    if SURROGATE.search(text):  # halves of pairs are joined, single ones dropped
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = LINE_BREAK.sub("\n", text).replace("\u2029", "\n\n")
    if not text.isascii():
        text = "\n".join(map(_mended, text.split("\n")))
    text = INVISIBLE.sub("", BLANK.sub(" ", text))
    if text.isascii():
        return text
    text = STRAY_JOINER.sub("", text)
    if not RIGHT_TO_LEFT.search(text):
        text = DIRECTION.sub("", text)
    return unicodedata.normalize("NFC", PILE_OF_MARKS.sub(r"\1", text))


def one_line(text: str) -> str:
    """A headline, name or label: :func:`clean`, with every run of white space one blank."""
    return SPACES.sub(" ", clean(text)).strip()


def _mended(line: str) -> str:
    if line.isascii() or len(line) > LONGEST_LINE:
        return line
    if is_bad(line):
        line = ftfy.fix_encoding(line)
    # As browsers do: 0x80 to 0x9F in a page of the world are Windows-1252.
    return ftfy.fixes.fix_c1_controls(line) if C1.search(line) else line
