"""Kokoro's files: which there are, where they come from, and whether they are whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_PUBLISHED: Final = yaml.safe_load(Path(__file__).with_name("weights.yaml").read_text(encoding="utf-8"))
_NETWORK: Final = _PUBLISHED["network"]
_VOICES: Final = _PUBLISHED["voices"]
NETWORK: Final[str] = _NETWORK["file"]
NETWORK_SHA256: Final[str] = _NETWORK["sha256"]
VOICES: Final[tuple[str, ...]] = tuple(_VOICES["sha256"])
"""Names such as "af_heart": the accent (American, British), the sex, and a name."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A file that is published."""

    file: str
    """Its path within the folder of the weights."""
    bytes: int
    sha256: str
    address: str

    def is_whole(self, folder: Path) -> bool:
        """Whether it lies in ``folder``, with the size and the checksum that it was published with."""
        path = folder / self.file
        try:
            if path.stat().st_size != self.bytes:
                return False
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except OSError:
            return False


def style_file(voice: str) -> str:
    """Where the style of ``voice`` lies within the folder of the weights."""
    return f"voices/{voice}.bin"


def weights() -> Iterator[Weight]:
    """The network, then each voice."""
    yield Weight(NETWORK, _NETWORK["bytes"], NETWORK_SHA256, _NETWORK["address"])
    for voice, sha256 in _VOICES["sha256"].items():
        yield Weight(style_file(voice), _VOICES["bytes"], sha256, _VOICES["address"].format(voice=voice))
