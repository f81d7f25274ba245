"""The one index template: analyzers, fields, and the version that is a hash of both.

``title`` and ``body`` hold exact words, folded but not stemmed; ``title.cased`` and
``body.cased`` the same with capitals kept; ``stem_en`` and its like the stems of a language,
only asked on request. Tried on Elasticsearch 8.16.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

Json = dict[str, Any]

NESTED_MENTIONS = 5_000
NESTED_QUOTES = 1_000
# Characters, not bytes: four bytes each stay below Lucene's limit of 32,766 a term.
KEYWORD_LENGTH = 8_000

STEMMERS = {
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "ar": "arabic",
    "ru": "russian",
}

_ARTICLES = [
    "l",
    "m",
    "t",
    "qu",
    "n",
    "s",
    "j",
    "d",
    "c",
    "jusqu",
    "quoiqu",
    "lorsqu",
    "puisqu",
    "dell",
    "all",
    "nell",
    "sull",
    "dall",
    "un",
]
_FOLDING = [
    "dotless_initials",
    "asciifolding",
    "english_possessive",
    "articles",
    "arabic_normalization",
    "decimal_digit",
    "cjk_width",
    "cjk_bigram",
]

ANALYSIS: Json = {
    "char_filter": {
        # C++ and AT&T keep what the tokenizer would drop.
        "word_signs": {
            "type": "pattern_replace",
            "pattern": r"(?<=\p{L})(\+\+|#)(?![\p{L}\p{N}])|(?<=\p{Lu})&(?=\p{Lu})",
            "replacement": "__",
        }
    },
    "filter": {
        # U.S. becomes US.
        "dotless_initials": {
            "type": "pattern_replace",
            "pattern": r"(?<=(?:^|\.)\p{L})\.(?=\p{L}(?:\.|$))",
            "replacement": "",
        },
        "english_possessive": {"type": "stemmer", "language": "possessive_english"},
        "articles": {"type": "elision", "articles_case": True, "articles": _ARTICLES},
    },
    "analyzer": {
        "exact": {
            "type": "custom",
            "char_filter": ["word_signs"],
            "tokenizer": "standard",
            "filter": ["lowercase", *_FOLDING],
        },
        "cased": {
            "type": "custom",
            "char_filter": ["word_signs"],
            "tokenizer": "standard",
            "filter": _FOLDING,
        },
    },
    "normalizer": {
        "names": {
            "type": "custom",
            "filter": ["lowercase", "asciifolding", "arabic_normalization", "decimal_digit"],
        }
    },
}


def _text(analyzer: str, **more: Any) -> Json:
    return {"type": "text", "analyzer": analyzer, "index_options": "offsets", **more}


def _keyword(**more: Any) -> Json:
    return {"type": "keyword", "ignore_above": KEYWORD_LENGTH, **more}


def _exact_and_cased() -> Json:
    return _text("exact", fields={"cased": _text("cased")})


_KEYWORD = _keyword()
_NAMES = _keyword(normalizer="names")
_DATE: Json = {"type": "date", "format": "strict_date_optional_time"}
_INTEGER: Json = {"type": "integer"}
_LONG: Json = {"type": "long"}

PROPERTIES: Json = {
    "article_id": _KEYWORD,
    "version_no": _INTEGER,
    "url": _KEYWORD,
    "title": _exact_and_cased(),
    "body": _exact_and_cased(),
    "summary": _text("exact"),
    **{f"stem_{code}": _text(name, store=True) for code, name in STEMMERS.items()},
    "language": _KEYWORD,
    "outlet_id": _KEYWORD,
    "outlet_name": _KEYWORD,
    "outlet_country": _KEYWORD,
    "outlet_tier": _INTEGER,
    "source_ids": _KEYWORD,
    "agency": _KEYWORD,
    "authors": _KEYWORD,
    "published_at": _DATE,
    "modified_at": _DATE,
    "dated_at": _DATE,
    "dated_origin": _KEYWORD,
    "event_date": _DATE,
    "first_seen_at": _DATE,
    "lag_seconds": _LONG,
    "story_id": _KEYWORD,
    "event_id": _KEYWORD,
    "is_first": {"type": "boolean"},
    "relation": _KEYWORD,
    "copies": _INTEGER,
    "actor": _NAMES,
    "actor_ids": _KEYWORD,
    "actor_names": _KEYWORD,
    "country_ids": _KEYWORD,
    "place_points": {"type": "geo_point"},
    "speaker": _NAMES,
    "topic": _NAMES,
    "topic_ids": _KEYWORD,
    "topic_names": _KEYWORD,
    "flags": _KEYWORD,
    "rules": _KEYWORD,
    "mentions": {
        "type": "nested",
        "properties": {
            "part": _KEYWORD,
            "start": _INTEGER,
            "end": _INTEGER,
            "text": _KEYWORD,
            "actor_id": _KEYWORD,
            "meant_id": _KEYWORD,
            "kind": _KEYWORD,
            "name": _KEYWORD,
            "via": _KEYWORD,
        },
    },
    "quotes": {
        "type": "nested",
        "properties": {
            "start": _INTEGER,
            "end": _INTEGER,
            "text": _text("exact"),
            "kind": _KEYWORD,
            "speaker_id": _KEYWORD,
            "speaker_name": _KEYWORD,
            "speaker_text": _KEYWORD,
            "reporter": _KEYWORD,
            "cue": _KEYWORD,
        },
    },
}

MAPPINGS: Json = {
    "dynamic": "strict",
    "_source": {"excludes": [f"stem_{code}" for code in STEMMERS]},
    "properties": PROPERTIES,
}

SETTINGS: Json = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "gc_deletes": "1h",
    "refresh_interval": "1s",
    "mapping.nested_objects.limit": NESTED_MENTIONS + NESTED_QUOTES,
    "analysis": ANALYSIS,
}


def template_version() -> str:
    """Twelve hexadecimal digits that change whenever analyzers, fields or settings do."""
    text = json.dumps({"settings": SETTINGS, "mappings": MAPPINGS}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def template(prefix: str) -> Json:
    """The body of the index template for every article and match index of a prefix."""
    return {
        "index_patterns": [f"{prefix}mw-articles-g*", f"{prefix}mw-match-*"],
        "priority": 200,
        "template": {"settings": {"index": SETTINGS}, "mappings": MAPPINGS},
        "_meta": {"version": template_version()},
    }


def query_fields() -> dict[str, str]:
    """Every field that a query may name, with its type (text, keyword, date, integer …)."""
    found: dict[str, str] = {}
    for name, field in PROPERTIES.items():
        if field["type"] in ("nested", "geo_point"):
            continue
        found[name] = field["type"]
        for part in field.get("fields", {}):
            found[f"{name}.{part}"] = field["type"]
    return found
