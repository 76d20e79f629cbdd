"""The checksums of a model's folder, which voicecoach compares each time it starts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.model_files import CHECKSUMS

if TYPE_CHECKING:
    from pathlib import Path

TRAINING = "training.json"
"""In the model's folder: what it was made from."""


def write_checksums(folder: Path) -> None:
    """Write the checksums of everything but the card, as ``sha256sum`` would."""
    parts = sorted(path for part in ("am", "conf", "graph") for path in (folder / part).rglob("*") if path.is_file())
    files = [*parts, folder / TRAINING]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
