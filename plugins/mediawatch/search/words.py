"""Single words and values of a query: wildcards, capitals, escaping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Any sign with a meaning in Lucene's syntax. ("<" and ">" cannot be escaped and need not be.)
_SIGNS = re.compile(r'([+\-=&|!(){}\[\]^"~:\\/\s])')
_WILDCARD = re.compile(r"\\.|([*?])", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def unescaped(raw: str) -> str:
    """The text that a raw word or phrase means, in NFC."""
    return unicodedata.normalize("NFC", _ESCAPED.sub(r"\1", raw))


def wildcards(raw: str) -> list[int]:
    """Where the stars and question marks stand that are not escaped."""
    return [found.start() for found in _WILDCARD.finditer(raw) if found[1]]


def quoted(text: str) -> str:
    """The text as a phrase of Lucene's syntax."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pattern(raw: str) -> str:
    """A raw word with wildcards, every other sign escaped."""
    out = []
    for piece in re.finditer(r"\\(.)|([*?])|([^\\*?]+)", raw, re.DOTALL):
        if piece[2]:
            out.append(piece[2])
            continue
        text = unicodedata.normalize("NFC", piece[1] or piece[3])
        text = _SIGNS.sub(r"\\\1", text)
        out.append(f"\\{text}" if text in ("*", "?") else text)
    return "".join(out)


def has_letters(text: str) -> bool:
    """True when an analyzer can find a word in it: a letter, digit or pictograph."""
    return any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in text)


def capital_forms(word: str) -> tuple[str, ...]:
    """The spellings that an all-capital word stands for; empty for any other word.

    Two letters or more, all capitals: ``US``, ``AT&T``, ``COVID-19``. Of four letters and more
    also the form of a name: ``NATO`` and ``Nato``.
    """
    letters = [sign for sign in word if sign.isalpha()]
    if len(letters) < 2 or not all(sign.isupper() for sign in letters):
        return ()
    if any(sign.isspace() for sign in word):
        return ()
    if len(letters) < 4:
        return (word,)
    first = next(place for place, sign in enumerate(word) if sign.isalpha())
    return (word, word[: first + 1] + word[first + 1 :].lower())


def lowered_regex(raw: str) -> str:
    """The expression in small letters, as the index holds them; escapes stay as they are."""
    return re.sub(r"\\.|[^\\]", lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), raw)


def is_mark(sign: str) -> bool:
    """True for a combining mark, which belongs to the letter before it."""
    return unicodedata.category(sign).startswith("M")


def joined(forms: Sequence[str]) -> str:
    """Alternatives as one clause."""
    return forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"


def near_pair(name: str, one: str, other: str, distance: int, *, has_cased: bool) -> str:
    """Two words near each other in one field, in both orders; capitals must be there as such."""
    cased = f"{name}.cased"
    pairs = (f"{one} {other}", f"{other} {one}")
    text = joined([f"{name}:{quoted(pair)}~{distance}" for pair in dict.fromkeys(pairs)])
    needs = [
        joined([f"{cased}:{quoted(form)}" for form in capital_forms(word)])
        for word in (one, other)
        if has_cased and capital_forms(word)
    ]
    return f"({' AND '.join([text, *needs])})" if needs else text
