"""The voice packs that are offered for download: where they are, and what they must come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Offered:
    """A pack that can be fetched."""

    url: str
    sha256: str
    """Of the file, in lower-case hexadecimal digits."""
    size_bytes: int
    about: str
    """For a person: "a calm male voice, Apache-2.0"."""


CATALOGUE: Final[Mapping[str, Offered]] = {}
"""By name.  Checksums are pinned here, so that nobody in between can give another voice to the coach."""
