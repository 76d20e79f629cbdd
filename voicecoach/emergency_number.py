"""Whom to call where the machine stands: the country of its time zone tells, for who has not written a number.

The language of the system tells less: many a machine far from Britain or America speaks English.  112 is the number of
Europe and of many other countries, and mobile telephones take it for an emergency nearly everywhere, so it stands where
nothing better is known.  The numbers below are of countries where somebody at a telephone of the house needs another
one, or knows it better.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicecoach.yamlfile import Node

ANYWHERE: Final = "112"

NUMBERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("US", "CA", "MX", "PR", "VI", "GU", "AS", "MP", "PH", "BM", "BS", "KY"), "911"),
    **dict.fromkeys(("GB", "GG", "JE", "IM", "HK", "MY"), "999"),
    "SG": "995",
    **dict.fromkeys(("AU", "CX", "CC", "NF"), "000"),
    "NZ": "111",
    **dict.fromkeys(("JP", "KR", "TW"), "119"),
    "CN": "120",
    "BR": "192",
}
"""For an ambulance, by the country's two letters."""

_NUMBER: Final = re.compile(r"[0-9]{2,8}")
_ZONES: Final = Path("/usr/share/zoneinfo")
_LOCALTIME, _TIMEZONE = Path("/etc/localtime"), Path("/etc/timezone")


def read_number(node: Node) -> str:
    """The number that a user has written.

    Raises:
        BadFileError: It is none; with its place.
    """
    number = node.text().replace(" ", "")
    if not _NUMBER.fullmatch(number):
        raise node.error(f'{node.called} is "{node.text()}"; write the digits to dial, such as 112, 911 or 999')
    return number


def number_of(zone: str | None, table: Iterable[str]) -> str:
    """The number to call in a time zone.

    Args:
        zone: Its name, such as ``Europe/London``; None: it is not known.
        table: The lines of ``zone.tab``, which say to which country each zone belongs.
    """
    for line in table:
        country, _, rest = line.partition("\t")
        if zone is not None and zone in rest.split("\t")[1:2]:
            return NUMBERS.get(country, ANYWHERE)
    return ANYWHERE


def number_here() -> str:
    """The number to call where this machine stands, as far as its time zone tells; digits."""
    return number_of(zone_here(), _table())


def zone_here() -> str | None:
    """The name of the machine's time zone; None where nothing says it."""
    set_to = os.environ.get("TZ", "").removeprefix(":")
    return set_to or _linked(_LOCALTIME) or _written(_TIMEZONE)


def _linked(path: Path) -> str | None:
    """Of a link into the time zones the name of the zone."""
    target = os.path.realpath(path)
    for folder in (*zoneinfo.TZPATH, str(_ZONES)):
        if target.startswith(f"{folder}/"):
            return target.removeprefix(f"{folder}/")
    return None


def _written(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _table() -> list[str]:
    for folder in (*map(Path, zoneinfo.TZPATH), _ZONES):
        if text := _written(folder / "zone.tab"):
            return text.splitlines()
    return []
