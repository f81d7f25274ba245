"""Time zones as sources write them: offsets, RFC 822 names, common abbreviations, IANA names."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# Minutes east of UTC. CST, IST and the like mean several zones: here the one of RFC 822, else
# the one that most sources mean.
MINUTES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60,
    "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "MEZ": 60, "MESZ": 120,
    "EET": 120, "EEST": 180, "SAST": 120, "CAT": 120, "WAT": 60, "EAT": 180, "MSK": 180,
    "TRT": 180, "GST": 240, "PKT": 300, "IST": 330, "NPT": 345, "WIB": 420, "ICT": 420,
    "HKT": 480, "SGT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540,
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "NST": -210, "NDT": -150, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240,
    "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "ART": -180, "CLT": -240,
}  # fmt: skip
PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
OFFSET = re.compile(r"(?:GMT|UTC|UT|Z)?\s*([+−-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
LARGEST = 14 * 60


@lru_cache(maxsize=1_000)
def read_zone(name: str) -> tzinfo | None:
    """The zone of a name or offset; None where it is unknown or beyond what exists."""
    name = name.strip().strip("[]")
    if name.upper() in MINUTES:
        minutes = MINUTES[name.upper()]
        return timezone(timedelta(minutes=minutes)) if minutes else UTC
    if found := OFFSET.fullmatch(name):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes > LARGEST or int(found[3] or 0) > 59:
            return None
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    place = PLACES.get(name.upper(), name)
    if "/" not in place or not re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z_+-]+){1,2}", place):
        return None
    try:
        return ZoneInfo(place)
    except (KeyError, ValueError, OSError):
        return None
