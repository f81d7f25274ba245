"""What a text is about: IPTC Media Topics, the 17 at the top and the next level, by rules.

``seeds/topics/iptc.tsv`` names words and phrases of each topic with a weight. A word counts twice
at most, and already twice in the title and the lead, which say what a text is about; a topic's
points are set against the strongest one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick

from mediawatch.errors import InputError
from mediawatch.model import TopicScore

RULES = "topics-3"
COLUMNS = ("topic_id", "label_en", "label_fr", "language", "weight", "words")
READ = 12_000  # characters; what an article is about is said at its beginning
LEAD = 600  # characters at the beginning that count like the title
AT_MOST = 2  # times that one word counts
# Of two topics with the same points the other is meant: these two lend their words to all.
EVERYWHERE = ("medtop:04000000", "medtop:11000000")
NARROWER_COLUMNS = ("topic_id", "parent", "label_en", "label_fr", "language", "words")
NARROWER_WORDS = 2  # different words that name a narrower topic; in the title one is enough
SURE_WORDS = 4  # different words with which it is as sure as its parent
LEAST = 2.0  # points for a topic to be named at all
SECOND = 0.15  # of the strongest topic's points
WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
DASHES = str.maketrans({"’": "'", "‑": "-", "\n": " ", "\t": " "})


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of a topic; ``stem``: only the beginning of a word."""

    topic: str
    weight: float
    stem: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The words of one language, and the topics' labels."""

    labels: dict[str, str]
    automaton: ahocorasick.Automaton
    parents: dict[str, str]
    narrower: ahocorasick.Automaton


@cache
def load(path: Path, language: str) -> Rules:
    """The rules of a language, or the English ones where it has none.

    Raises:
        InputError: the file cannot be read or a line cannot be used; names file and line.
    """
    rows = _rows(path, COLUMNS)
    for row in rows:
        if not row["weight"].isdigit():
            raise InputError(
                f"{path}, {row['topic_id']}: the weight {row['weight']!r} is no number"
            )
    narrower = _rows(path.with_name("iptc-narrower.tsv"), NARROWER_COLUMNS)
    if not any(row["language"] == language for row in rows):
        language = "en"
    return Rules(
        labels={row["topic_id"]: row["label_en"] for row in (*rows, *narrower)},
        automaton=_automaton(rows, language),
        parents={row["topic_id"]: row["parent"] for row in narrower},
        narrower=_automaton(narrower, language),
    )


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The lines of a table, without its first."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"the topics {path} cannot be read: {fault}") from None
    rows: list[dict[str, str]] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise InputError(f"{path}, line {number}: expected {', '.join(columns)}")
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def _automaton(rows: Sequence[dict[str, str]], language: str) -> ahocorasick.Automaton:
    """The words of a language, each with the terms that it is; empty where there are none."""
    words: dict[str, list[Term]] = {}
    for row in rows:
        if row["language"] == language:
            for word in row["words"].split("|"):
                term = Term(row["topic_id"], float(row.get("weight", 1)), word.endswith("*"))
                words.setdefault(word.removesuffix("*").lower(), []).append(term)
    automaton = ahocorasick.Automaton()
    for word, terms in words.items():
        automaton.add_word(word, (word, tuple(terms)))
    if words:
        automaton.make_automaton()
    return automaton


def topics(title: str, body: str, rules: Rules) -> tuple[TopicScore, ...]:
    """The topics of a text, the primary one first; none when nothing speaks for any."""
    points: defaultdict[str, float] = defaultdict(float)
    counted: Counter[tuple[str, str]] = Counter()
    lead = body.find(" ", LEAD) if len(body) > LEAD else LEAD
    for text, times in ((title, 2), (body[:lead], 2), (body[lead:READ], 1)):
        for word, term in _terms(text, rules.automaton):
            before = counted[word, term.topic]
            counted[word, term.topic] += times
            points[term.topic] += term.weight * (
                min(before + times, AT_MOST) - min(before, AT_MOST)
            )
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0] in EVERYWHERE, item[0]))
    if not ranked or ranked[0][1] < LEAST:
        return ()
    top = ranked[0][1]
    kept = [(topic, p) for topic, p in ranked if p >= max(LEAST, SECOND * top)]
    total = sum(points.values())
    named = tuple(
        TopicScore(
            topic_id=topic,
            label=rules.labels[topic],
            score=round(p / total, 3),
            primary=number == 0,
        )
        for number, (topic, p) in enumerate(kept)
    )
    return (*named, *_narrower(title, body, named, rules))


def _narrower(
    title: str, body: str, named: Sequence[TopicScore], rules: Rules
) -> Iterator[TopicScore]:
    """The topics of the next level whose parent is named, the surest first."""
    if not len(rules.narrower):
        return
    parents = {topic.topic_id: topic.score for topic in named}
    words: defaultdict[str, set[str]] = defaultdict(set)
    titled = _terms(title, rules.narrower)
    in_title = {term.topic for _, term in titled}
    for word, term in (*titled, *_terms(body[:READ], rules.narrower)):
        if rules.parents[term.topic] in parents:
            words[term.topic].add(word)
    for topic, found in sorted(words.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(found) >= NARROWER_WORDS or topic in in_title:
            sure = min(1.0, len(found) / SURE_WORDS)
            yield TopicScore(
                topic_id=topic,
                label=rules.labels[topic],
                score=round(parents[rules.parents[topic]] * sure, 3),
                primary=False,
            )


def _terms(text: str, automaton: ahocorasick.Automaton) -> list[tuple[str, Term]]:
    """Every term of the rules that stands in the text as whole words; longest at a place."""
    low = text.translate(DASHES).lower()
    longest: dict[int, tuple[str, tuple[Term, ...]]] = {}
    for last, (word, terms) in automaton.iter(low):
        start = last + 1 - len(word)
        if start and low[start - 1].isalnum():
            continue
        ends = last + 1 == len(low) or not low[last + 1].isalnum()
        fitting = tuple(term for term in terms if term.stem or ends)
        if fitting and (start not in longest or len(longest[start][0]) < len(word)):
            longest[start] = (word, fitting)
    return [(word, term) for word, terms in longest.values() for term in terms]
