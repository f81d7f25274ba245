"""The language of a text among the configured ones, or ``und``.

py3langid always names some language. It is asked about all that it knows, not only about the
configured ones, so that a Swedish text does not come out as Dutch; what the feed or page declares
is a hint that decides short texts only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

RULES = "language-2"
UNKNOWN = "und"
# Written forms that are read with the tools of the standard language.
VARIANTS = {"arz": "ar", "ary": "ar", "wuu": "zh", "yue": "zh", "pcm": "en", "nn": "no"}
LOOKED_AT = 1_000
SHORT = 60
# How much likelier than a configured language the declared one is before the text is read, and
# how much less likely one that nobody configured.
HINT, HINT_FOR_SHORT, NOT_CONFIGURED = 3.0, 15.0, 0.1
THRESHOLD = 0.35
# A text is mixed when this share of its paragraphs is surely in another language; of a long text
# so many are looked at, from beginning to end, and so much of each.
MIXED, SURE, PARAGRAPHS = 0.3, 0.9, 4
PARAGRAPH, LONG_ENOUGH = 80, 300
LETTER = re.compile(r"[^\W\d_]")
KANA = re.compile("[\u3040-\u30ff]")
HAN_ONLY = re.compile("[\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# Scripts that one configured language could never be written in.
OTHER_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0530-\u05ff\u0780-\u07bf\u0900-\u109f\u10a0-\u11ff\u1780-\u17ff\uac00-\ud7af]"
)


def detect(text: str, languages: Sequence[str], hint: str | None = None) -> str:
    """One of ``languages`` (ISO 639-1), or ``und`` where the text does not say.

    ``hint`` is what the source declares, such as ``en-GB``.
    """
    declared = base_language(hint)
    declared = declared if declared in languages else None
    text = text[:LOOKED_AT]
    letters = "".join(LETTER.findall(text))
    if not letters:
        return declared or UNKNOWN
    if len(KANA.findall(letters)) * 10 >= len(letters):
        return "ja" if "ja" in languages else UNKNOWN
    if len(letters) < SHORT and HAN_ONLY.fullmatch(letters) and declared in ("zh", "ja"):
        return declared
    weights = _weights(text, languages, declared, short=len(letters) < SHORT)
    best = max(weights, key=lambda name: weights[name])
    if best in languages and weights[best] >= THRESHOLD * sum(weights.values()):
        return best
    sure_of_none = len(OTHER_SCRIPT.findall(letters)) * 2 > len(letters)
    if declared and len(letters) < SHORT and not sure_of_none and best in languages:
        return declared
    return UNKNOWN


def is_mixed(body: str, found: str, languages: Sequence[str]) -> bool:
    """Whether a good part of a body's paragraphs is in another language than ``found``.

    Short paragraphs do not count: a name, a title or a slogan says nothing.
    """
    long = [part for part in body.split("\n\n") if len(part) >= PARAGRAPH]
    if len(long) < 2:
        return False
    count = min(PARAGRAPHS, len(long))
    looked_at = [long[n * len(long) // count] for n in range(count)]
    others = sum(_surely(part, languages) not in (None, found) for part in looked_at)
    return others >= MIXED * count


def _surely(text: str, languages: Sequence[str]) -> str | None:
    """The configured language of a paragraph, where there is hardly a doubt."""
    name, share = _identifier().classify(text[:LONG_ENOUGH])
    known = VARIANTS.get(name, name)
    return known if share >= SURE and known in languages else None


def base_language(tag: str | None) -> str | None:
    """``en`` of ``en-GB`` or ``EN_us``; None of what is no language tag."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag or "")
    return found[1].lower() if found else None


def _weights(
    text: str, languages: Sequence[str], declared: str | None, *, short: bool
) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name, share in _identifier().rank(text):
        known = VARIANTS.get(name, name)
        factor = 1.0 if known in languages else NOT_CONFIGURED
        if known == declared:
            factor = HINT_FOR_SHORT if short else HINT
        weights[known] = weights.get(known, 0.0) + share * factor
    return weights


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
