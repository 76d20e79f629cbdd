"""Prints what parts of Home Assistant need that its package does not bring: it installs that as parts are set up.

Run with Home Assistant's Python.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PARTS: Final = ("ai_task", "assist_satellite", "camera", "frontend", "history", "logbook", "media_player", "mqtt")
"""Beside what is tried, those whose code is loaded when a page lists all services."""


def needs() -> set[str]:
    """The requirements of `PARTS` and of all parts that these are made of."""
    spec = find_spec("homeassistant")
    assert spec is not None  # noqa: S101 - it is run with that Python
    assert spec.origin is not None  # noqa: S101
    components, found, waiting, seen = Path(spec.origin).parent / "components", set[str](), [*PARTS], set[str]()
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            manifest = json.loads((components / part / "manifest.json").read_text(encoding="utf-8"))
            found.update(manifest.get("requirements", ()))
            waiting += manifest.get("dependencies", ())
    return found


if __name__ == "__main__":
    print(*sorted(needs()))
