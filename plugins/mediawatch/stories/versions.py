"""What changed between two contents of one article, and whether it counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mediawatch.model import VersionKind
from mediawatch.stories.words import names, numbers, quotations, sentences, words

# Two sentences are the same one rewritten when they share this much of their words.
REWRITTEN = 0.5
COMPARED = 200  # removed or added sentences that are paired; the rest counts as update
LONGEST_SENTENCE = 2000  # characters that are compared letter by letter
TEASER_GROWS = 1.3
EXCERPT = 0.8
SMALL_EXCERPT = 0.5

# Counters and clocks that pages rotate without saying anything new.
NOISE = re.compile(
    r"\b(?:(?:last |first )?(?:updated?|published|posted|modified)[:\s]{1,3})?"
    r"(?:about |over )?(?:\d{1,4}|an?|one|two|three) "
    r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s?\.? ago\b"
    r"|\b(?:last )?(?:updated|modified)(?: (?:at|on))?:? [^.\n]{0,20}\d{1,2}[:.h]\d{2}"
    r"(?: ?[ap]\.?m\b\.?)?(?: ?(?:GMT|UTC|BST|CET|CEST|E[SD]T|P[SD]T)\b)?"
    r"|\b[\d,.]{1,12}[KkM]? (?:comments?|views?|shares?|likes?|reads|readers|people reading)\b"
    r"|\b\d{1,3}[- ]?min(?:ute)?s?\.? read\b"
    r"|\b(?:il y a|vor|hace) \d{1,4} \w{3,9}\b",
    re.IGNORECASE,
)
# For texts in small letters.
SAYS_CORRECTED = re.compile(
    r"\b(?:correct(?:ion|ions|ed|s)|clarifications?|earlier version of this|retraction"
    r"|rectificatif|erratum|errata|correctif|une version précédente|korrektur|berichtigung"
    r"|in einer früheren (?:version|fassung)|corrección|fe de erratas|correção|rettifica"
    r"|correctie|уточнение|исправление)\b|更正|訂正"
)
CUT_OFF = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|see) more|lire la suite)\W*$", re.IGNORECASE
)
SAME_SIGN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a new content took out of the old one and put in, as sentences.

    ``rewritten`` pairs an old sentence with the new one that took its place.
    """

    taken_out: tuple[str, ...]
    put_in: tuple[str, ...]
    rewritten: tuple[tuple[str, str], ...]


def differences(old: str, new: str) -> Differences:
    """Compare two bodies sentence by sentence; order and rotating noise do not count."""
    before, after = sentences(_still(old)), sentences(_still(new))
    gone = list((Counter(before) - Counter(after)).elements())
    come = list((Counter(after) - Counter(before)).elements())
    rewritten: list[tuple[str, str]] = []
    open_new = {n: frozenset(words(s)) for n, s in enumerate(come[:COMPARED])}
    taken_out: list[str] = []
    for sentence in gone:
        own = frozenset(words(sentence))
        best = max(open_new, key=lambda n: (_share(own, open_new[n]), -n), default=None)
        if best is None or _share(own, open_new[best]) < REWRITTEN:
            taken_out.append(sentence)
        else:
            rewritten.append((sentence, come[best]))
            del open_new[best]
    used = {new for _, new in rewritten}
    return Differences(
        taken_out=tuple(taken_out),
        put_in=tuple(sentence for sentence in come if sentence not in used),
        rewritten=tuple(rewritten),
    )


def classify_change(
    old_title: str,
    old_body: str,
    new_title: str,
    new_body: str,
    old_flags: Sequence[str] = (),
) -> VersionKind | None:
    """What kind of version the new content is, or None when nothing that counts changed.

    None: rotating noise ("updated 3 minutes ago"), other blanks or quotation marks, a headline
    that differs in signs only, or a shorter excerpt of the same text, as another feed gives it.
    ``completion``: a teaser or cut-off text replaced by its full text. ``correction``: it says
    so, or a number, a name or a quotation was exchanged. ``typo``: some letters. ``headline``:
    the title alone. ``update``: everything else. ``old_flags`` are those of the old version.
    """
    before, after = _still(old_body), _still(new_body)
    same_title = words(_still(old_title)) == words(_still(new_title))
    if before == after and same_title:
        return None
    old_words, new_words = words(before), words(after)
    if _says_corrected(new_title, after) and not _says_corrected(old_title, before):
        return "correction"
    if old_words == new_words:
        if not same_title:
            return "headline"
        same_line = before.casefold().split() == after.casefold().split()
        return None if same_line else "typo"
    if _completes(before, old_words, new_words, old_flags):
        return "completion"
    if _is_excerpt(old_words, new_words):
        return None
    return _kind(differences(before, after), live="live_blog" in old_flags)


def _kind(found: Differences, *, live: bool) -> VersionKind:
    """The kind of a change whose sentences are known."""
    if not live and any(_exchanged(old, new) for old, new in found.rewritten):
        return "correction"
    whole = found.taken_out or found.put_in
    if not whole and all(_only_letters(old, new) for old, new in found.rewritten):
        return "typo"
    return "update"


def _exchanged(old: str, new: str) -> bool:
    """Whether a number, name or quotation gave place to another, not only joined or left."""
    for parts in (numbers, names, quotations):
        before, after = Counter(parts(old)), Counter(parts(new))
        if before - after and after - before:
            return True
    return False


def _only_letters(old: str, new: str) -> bool:
    """Whether the words differ in some letters only, as a mended slip does."""
    before, after = words(old), words(new)
    if "".join(before) == "".join(after):
        return True
    if max(len(old), len(new)) > LONGEST_SENTENCE:
        return False
    changes = [
        (before[a:b], after[c:d])
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    return len(changes) <= 3 and all(
        SequenceMatcher(None, "".join(a), "".join(b), autojunk=False).ratio() >= 0.7
        for a, b in changes
    )


def _completes(
    before: str, old_words: list[str], new_words: list[str], old_flags: Sequence[str]
) -> bool:
    """Whether the old text was a teaser of the new one."""
    if len(new_words) < TEASER_GROWS * len(old_words) or not new_words:
        return False
    if not old_words:
        return True
    held = len(set(old_words) & set(new_words)) / len(set(old_words))
    if "teaser_only" in old_flags:
        return held >= 0.8 or len(new_words) >= max(60, 2 * len(old_words))
    return held >= 0.8 and CUT_OFF.search(before[-60:]) is not None


def _is_excerpt(old_words: list[str], new_words: list[str]) -> bool:
    """Whether the new text is the beginning of the old one, or a small part of it."""
    if len(new_words) > EXCERPT * len(old_words):
        return False
    # The last word may be cut, and "read more" may follow it.
    if new_words[:-3] == old_words[: max(0, len(new_words) - 3)]:
        return True
    if len(new_words) > SMALL_EXCERPT * len(old_words):
        return False
    return _contained(new_words, old_words) >= 0.9


def _contained(part: list[str], whole: list[str]) -> float:
    """The share of the 3-word runs of ``part`` that stand in ``whole``."""
    runs = set(zip(part, part[1:], part[2:], strict=False))
    return len(runs & set(zip(whole, whole[1:], whole[2:], strict=False))) / max(1, len(runs))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of words."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _still(text: str) -> str:
    """The text without what rotates by itself, signs of one kind, blanks collapsed."""
    quiet = NOISE.sub(" ", text.translate(SAME_SIGN))
    return "\n".join(line for raw in quiet.splitlines() if (line := " ".join(raw.split())))


def _says_corrected(title: str, body: str) -> bool:
    """Whether the title, or the beginning or end of the body, speaks of a correction."""
    return any(SAYS_CORRECTED.search(part.lower()) for part in (title, body[:300], body[-600:]))
