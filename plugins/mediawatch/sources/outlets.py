"""Outlets: the file ``outlets.csv``, and whose an address is."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tld import get_fld

from mediawatch.errors import InputError
from mediawatch.model import Outlet

COLUMNS = tuple(field.name for field in fields(Outlet))
REQUIRED = ("outlet_id", "name")
TIERS = frozenset({"1", "2", "3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFile:
    """The outlets of a file by id, and a line for each row that cannot be used."""

    outlets: dict[str, Outlet]
    faults: tuple[str, ...]


def registrable_domain(url: str) -> str | None:
    """``bbc.co.uk`` of any address below it (Public Suffix List); None for an IP or the like."""
    found = get_fld(url, fail_silently=True, search_private=False)
    return str(found).lower() if found else None


def outlet_of(url: str, known: Collection[str]) -> str | None:
    """The known outlet that an address belongs to by its domain."""
    domain = registrable_domain(url)
    return domain if domain in known else None


def read_outlets(text: str, name: str) -> OutletFile:
    """The rows of an ``outlets.csv``; ``name`` is the file as faults call it.

    Raises:
        InputError: there is no header with the needed columns.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = tuple(column.strip() for column in reader.fieldnames or ())
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column not in COLUMNS]
    if missing or unknown:
        raise InputError(
            f"{name}: the first line must name the columns {', '.join(COLUMNS)}"
            + (f"; unknown: {', '.join(unknown)}" if unknown else "")
        )
    reader.fieldnames = header
    outlets: dict[str, Outlet] = {}
    faults = []
    try:
        for row in reader:
            fault = _fault(row, outlets)
            if fault:
                faults.append(f"{name}:{reader.line_num}: {fault}")
            else:
                outlet = _outlet(row)
                outlets[outlet.outlet_id] = outlet
    except csv.Error as broken:
        raise InputError(f"{name}:{reader.line_num}: not a CSV file ({broken})") from None
    return OutletFile(outlets=outlets, faults=tuple(faults))


def _fault(row: dict[str, str | None], seen: Collection[str]) -> str | None:
    """What is wrong with a row, and the cure; None when it can be used."""
    if None in row or None in row.values():
        return "the row has not as many cells as the header"
    for column in REQUIRED:
        if not _cell(row, column):
            return f"{column} is empty"
    outlet_id, tier, zone = _cell(row, "outlet_id"), _cell(row, "tier"), _cell(row, "zone")
    if outlet_id in seen:
        return f"{outlet_id} stands there twice; the first one counts"
    if tier and tier not in TIERS:
        return f"tier {tier!r} must be 1, 2, 3 or empty"
    if zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return f"zone {zone!r} is no time zone; write one such as Europe/Oslo"
    return None


def _outlet(row: dict[str, str | None]) -> Outlet:
    tier = _cell(row, "tier")
    return Outlet(
        outlet_id=_cell(row, "outlet_id") or "",
        name=_cell(row, "name") or "",
        country=_cell(row, "country"),
        zone=_cell(row, "zone"),
        locale=_cell(row, "locale"),
        tier=int(tier) if tier else None,
        licence=_cell(row, "licence"),
    )


def _cell(row: dict[str, str | None], column: str) -> str | None:
    return (row.get(column) or "").strip() or None
