"""Words that bring speech: verbs of saying, the nouns of those who speak without a name."""

from __future__ import annotations

import re

# Regular English verbs by their stem: "claim" gives claim, claims, claimed, claiming.
_REGULAR = (
    *("add", "admit", "announce", "argue", "ask", "assert", "assure", "attack", "boast", "call"),
    *("caution", "charge", "claim", "comment", "complain", "conclude", "concede", "confess"),
    *("confirm", "continue", "counter", "criticize", "criticise", "declare", "demand", "deny"),
    *("describe", "dismiss", "emphasize", "emphasise", "exclaim", "explain", "express", "inform"),
    *("insist", "joke", "lament", "maintain", "mention", "note", "observe", "offer", "order"),
    *("plead", "pledge", "praise", "predict", "press", "proclaim", "promise", "propose", "recall"),
    *("recount", "refer", "remark", "remember", "reiterate", "repeat", "reply", "report"),
    *("respond", "retort", "reveal", "scream", "shout", "signal", "slam", "state", "stress"),
    *("suggest", "tell", "testify", "thank", "tweet", "urge", "view", "vow", "warn", "whisper"),
    *("accuse", "acknowledge", "address", "agree", "allege", "answer", "blame", "blast"),
    *("denounce", "estimate", "label", "mock", "point", "post", "publish", "quip"),
    *(
        "recognize",
        "imply",
        "remark",
        "stipulate",
        "write",
        "yell",
        "quote",
        "cite",
        "brand",
        "dub",
        "hail",
    ),
    *("reject", "rail", "reason", "opine", "muse", "marvel", "fume", "gush", "intone", "text"),
    *("speculate", "summarize", "vent", "wonder", "worry", "deem", "decry", "deride"),
)
_IRREGULAR = (
    "said|says|saying|say|told|telling|tells|wrote|written|writes|writing|spoke|speaks|speaking|"
    "swore|thinks?|thought|believes?|believed|feels?|felt|reads?|went on|goes on|held|began|"
    "contends?|contended|puts? it|sang|sings|shot back|fired back|made clear|denied|denies|"
    "replied|replies|testified|testifies|decried|worried|admitted|referred|speculated|summarized|"
    "according to"
)


def _forms(stem: str) -> str:
    bare = stem.removesuffix("e")
    if stem.endswith("y"):
        return f"{stem[:-1]}(?:y|ies|ied|ying)"
    return f"{bare}(?:e|es|ed|ing)" if stem != bare else f"{stem}(?:s|ed|ing|es)?"


CUES = {
    "en": "|".join((_IRREGULAR, *map(_forms, _REGULAR))),
    "fr": (
        "dit|disait|déclar(?:e|é|ait)|affirm(?:e|é|ait)|expliqu(?:e|é|ait)|estim(?:e|é|ait)|selon|"
        "ajout(?:e|é|ait)|assur(?:e|é|ait)|soulign(?:e|é|ait)|précis(?:e|é|ait)|racont(?:e|é|ait)|"
        "lanc(?:e|é)|indiqu(?:e|é|ait)|écri(?:t|vait)|répond(?:u)?|insist(?:e|é)|regrett(?:e|é)|"
        "dénonc(?:e|é)|annonc(?:e|é)|rappel(?:le|é)|témoign(?:e|é)|confi(?:e|é)|d['’]après|"
        "martel(?:le|é)|promet|promis|prévenu|prévient|avert(?:i|it)|reconn(?:u|aît)|poursui(?:t|vi)"
    ),
    "de": (
        "sagt(?:e|en)?|erklärt(?:e|en)?|betont(?:e|en)?|schreibt|schrieb|meint(?:e)?|fügte|"
        "teilte|kündigte|warnt(?:e)?|fordert(?:e)?|kritisiert(?:e)?|berichtet(?:e)?|laut|"
        "behauptet(?:e)?|antwortet(?:e)?|fragt(?:e)?|nannte|nennt|so|zitiert"
    ),
    "es": (
        "dijo|dice|afirm[óa]|declar[óa]|explic[óa]|asegur[óa]|señal[óa]|añad(?:ió|e)|según|"
        "sostuv?o|indic[óa]|manifest[óa]|escribió|advirt?ió|destac[óa]|coment[óa]|preguntó"
    ),
    "it": (
        "ha detto|dice|disse|afferma(?:to)?|dichiara(?:to)?|spiega(?:to)?|secondo|aggiun(?:ge|to)|"
        "sottolinea(?:to)?|sostiene|scri(?:ve|tto)|ribadi(?:sce|to)"
    ),
    "pt": (
        "disse|diz|afirmou|afirma|declarou|explicou|segundo|acrescentou|ressaltou|escreveu|"
        "destacou|garantiu"
    ),
    "nl": "zei|zegt|verklaarde|verklaart|aldus|volgens|schreef|schrijft|benadrukte|voegde",
}
# The few that begin a sentence: "Continued Stone: …".
FIRST = "According to|Said|Says|Stated|Added|Adds|Continued|Asked|Wrote|Selon|D['’]après|Laut|Según"
PRONOUNS = {
    "en": "he|she|they|it|I|we",
    "fr": "il|elle|ils|elles|on|je|nous",
    "de": "er|sie|es|ich|wir",
    "es": "él|ella|ellos",
    "it": "lui|lei|egli|ella",
    "pt": "ele|ela",
    "nl": "hij|zij|ze",
}
NOBODY_NAMED = re.compile(
    r"\b(?:(?:the|a|an|one|another|some|several|other|his|her|their|its|many|most|two)\s+"
    r"(?:[\w'’-]+\s+){0,4}?)?(?:spokes(?:man|woman|person|people)|officials?|statement|report|"
    r"sources?|aides?|police|authorities|witness(?:es)?|analysts?|experts?|lawyers?|judge|"
    r"prosecutors?|minister|president|senator|candidate|nominee|governor|mayor|campaign|voters?|"
    r"supporters?|critics|residents?|study|newspaper|paper|article|letter|memo|email|author|"
    r"director|chairman|chief|leader|professor|mother|father|wife|husband|man|woman|people|"
    r"porte-parole|ministre|responsables?|communiqué|Sprecher(?:in)?|portavoz)\b",
    re.IGNORECASE,
)


def cue_pattern(language: str) -> re.Pattern[str]:
    """A whole word that brings speech in this language; English where none are known."""
    words = CUES.get(language, CUES["en"])
    return re.compile(rf"(?<![\w-])(?:{words}|{FIRST})(?![\w])")


def pronoun_pattern(language: str) -> re.Pattern[str]:
    """A pronoun that can be the subject of such a verb."""
    return re.compile(rf"\b(?:{PRONOUNS.get(language, PRONOUNS['en'])})\b", re.IGNORECASE)
