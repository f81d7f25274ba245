"""The news agency that a text is credited to: "MOSCOW (Reuters) - ", "Berlin (dpa)", "By AFP"."""

from __future__ import annotations

import re
from collections.abc import Sequence

RULES = "agency-1"
# What is written: what is kept.
AGENCIES = {
    "reuters": "Reuters", "thomson reuters": "Reuters", "ap": "AP", "associated press": "AP",
    "the associated press": "AP", "afp": "AFP", "agence france-presse": "AFP", "dpa": "dpa",
    "dpa-afx": "dpa", "efe": "EFE", "agencia efe": "EFE", "ansa": "ANSA", "apa": "APA",
    "anp": "ANP", "belga": "Belga", "lusa": "Lusa", "tass": "TASS", "itar-tass": "TASS",
    "ria novosti": "RIA Novosti", "interfax": "Interfax", "ukrinform": "Ukrinform",
    "xinhua": "Xinhua", "kyodo": "Kyodo", "kyodo news": "Kyodo", "jiji press": "Jiji",
    "yonhap": "Yonhap", "upi": "UPI", "pti": "PTI", "ians": "IANS", "ani": "ANI", "aap": "AAP",
    "pa": "PA", "pa media": "PA", "press association": "PA", "the canadian press": "CP",
    "canadian press": "CP", "bloomberg": "Bloomberg", "dow jones": "Dow Jones", "ats": "ATS",
    "keystone-ats": "ATS", "sda": "SDA", "keystone-sda": "SDA", "sid": "SID", "kna": "KNA",
    "epd": "epd", "anadolu": "Anadolu", "anadolu agency": "Anadolu", "aa": "Anadolu",
    "irna": "IRNA", "wam": "WAM", "spa": "SPA", "mena": "MENA", "petra": "Petra", "ntb": "NTB",
    "tt": "TT", "ritzau": "Ritzau", "stt": "STT", "pap": "PAP", "ctk": "ČTK", "čtk": "ČTK",
    "mti": "MTI", "agerpres": "Agerpres", "telam": "Télam", "notimex": "Notimex",
    "agência brasil": "Agência Brasil", "europa press": "Europa Press", "adnkronos": "Adnkronos",
    "askanews": "Askanews", "dts": "dts",
}  # fmt: skip
NAME = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
# A dateline: capitalised places and a day before the brackets, the text after them.
PLACE = r"(?:[A-ZÀ-Þ0-9][\w.'’/-]*|de|del|di|la|le|am|an|der|do|da|den|of)"
DATELINE = re.compile(
    rf"^(?:{PLACE},?\s+){{0,8}}\((?P<name>(?i:{NAME}))(?:[/,]\s?[\w/ -]{{1,30}})?\)"
    r"(?=\s*[-–—:.]|\s+[\"“„«]?[A-ZÀ-Þ])"
)
BARE = re.compile(rf"^[A-ZÀ-Þ][\w .,'’-]{{1,40}}?[,/] (?P<name>{NAME})\s?[-–—]\s", re.IGNORECASE)
BYLINE = re.compile(
    rf"^(?:by |von |par |por |with |mit |avec |con |from )?(?:the )?(?P<name>{NAME})"
    rf"(?: (?:staff|news agency|newsroom|staff writers?))?$",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"(?:\((?P<name>{NAME})(?:[/,+]\s?[\w/ +-]{{1,30}})?\)|(?:©|\(c\)|copyright)\s*(?:\d{{4}}\s+)?"
    rf"(?P<owner>{NAME}))[.\s]*$",
    re.IGNORECASE,
)
READ = 200


def is_agency(name: str) -> bool:
    """Whether a byline names an agency, or its staff."""
    return BYLINE.match(name.strip()) is not None


def credit(body: str, authors: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The agency, and the authors without the agencies and desks among them."""
    people: list[str] = []
    agency: str | None = None
    for author in authors:
        if found := BYLINE.match(author.strip()):
            agency = agency or AGENCIES[found["name"].casefold()]
        else:
            people.append(author)
    for pattern in (DATELINE, BARE):
        if agency is None and (found := pattern.match(body[:READ])):
            agency = AGENCIES[found["name"].casefold()]
    if agency is None and (found := TAIL.search(body[-READ:])):
        agency = AGENCIES[(found["name"] or found["owner"]).casefold()]
    return agency, tuple(people)
