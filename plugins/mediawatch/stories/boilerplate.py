"""What is left of a text without credits, datelines and the lines that sites put on everything.

Only for comparing: the text that people see keeps every word.
"""

from __future__ import annotations

import re

from mediawatch.stories.words import sentences

LONGEST_LINE = 600  # a longer sentence is never boilerplate

DATELINE = re.compile(
    r"^\W{0,3}[A-ZÀ-Þ][\w .,'’/-]{0,60}?(?:\((?:[A-Z][\w .]{1,20})\)\s*[-–—:]{1,2}"
    r"|,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]* \d{1,2}\s*[-–—]{1,2})\s*"
    r"|^[A-ZÀ-Þ][A-ZÀ-Þ .,'’-]{2,40}\s[-–—]{1,2}\s"
)
AGENCY = r"(?:Reuters|AP|AFP|dpa|ANSA|EFE|Xinhua|TASS|Interfax|PTI|IANS|Bloomberg|Agency|Agencies)"
CREDIT = re.compile(
    r"^\W*(?:(?:additional )?(?:reporting|writing|editing|compiled|edited|written|translated)"
    r"(?: and (?:reporting|writing|editing))? by\b"
    rf"|with (?:reporting|files|input|inputs) (?:by|from)\b|{AGENCY}\W*$"
    rf"|(?:source|quelle|fuente|fonte): ?{AGENCY}\W*$"
    r"|(?:©|\(c\)|copyright\b)"
    r"|this (?:story|article|version) (?:corrects|has been corrected|was corrected|updates|has been"
    r" updated)\b)",
    re.IGNORECASE,
)
ON_EVERYTHING = re.compile(
    r"\ball rights reserved\b|\bsign up (?:to|for) (?:our|the)\b|\bsubscribe (?:to|now)\b"
    r"|\b(?:our|daily|weekly) newsletters?\b|\bfollow us on\b|\bdownload our app\b"
    r"|\b(?:privacy|cookie) (?:policy|notice|settings)\b|\bterms (?:of use|and conditions)\b"
    r"|\b(?:we|this (?:web)?site|our partners) (?:and our partners )?uses? cookies\b"
    r"|\b(?:accept|reject|manage) (?:all )?cookies\b|\bmay not be (?:published|reproduced)\b"
    r"|^\W*(?:read|see|watch|listen|more|also|related)(?: more| also| now)?: |\bclick here\b"
    r"|\bto your inbox\b|\bcookies (?:verwenden|akzeptieren)\b|\bwir verwenden cookies\b"
    r"|\bnous utilisons des cookies\b|\btous droits réservés\b|\balle rechte vorbehalten\b"
    r"|\bpolitique de confidentialité\b|\blire aussi\b|\bthe post .{1,200} appeared first on\b",
    re.IGNORECASE,
)


def core_text(body: str) -> str:
    """The body without dateline, agency credits and site-wide lines, one sentence a line."""
    kept = [
        sentence
        for sentence in sentences(body)
        if len(sentence) > LONGEST_LINE
        or not (CREDIT.search(sentence) or ON_EVERYTHING.search(sentence))
    ]
    if kept:
        kept[0] = DATELINE.sub("", kept[0], count=1)
    return "\n".join(kept)
