"""What a speech input costs: processor in silence, in talk, and in talk over the coach's voice; memory; the start.

Each run is a process of its own (`costs_child.py`) that does nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from benchmark.intervals import Figure, middle
from benchmark.night.rows import NIGHT_H
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from benchmark.night.columns import NightColumn

_CHILD = (sys.executable, "-m", "benchmark.night.costs_child")


class Sound(TypedDict):
    """What is heard."""

    file: str
    """An array (.npy), shape (2, n): the microphone, and what the speaker played."""
    phrases: list[str]


class ColumnTask(TypedDict):
    """What the child is asked, as JSON on its standard input."""

    column: str
    began_s: float
    """When the child was started, on the clock that counts since the machine was."""
    sounds: dict[str, Sound]


class ColumnCosts(TypedDict):
    """What the child answers, as JSON on its standard output."""

    start_up_s: float
    memory_bytes: int
    """The most that its process ever had in memory."""
    shares: dict[str, float]
    """Seconds of processor time for a second of each sound."""


def costs(
    column: NightColumn,
    sounds: Mapping[str, tuple[NDArray[np.float32], frozenset[str]]],
    runs: int,
) -> dict[str, Figure]:
    """Measure a speech input.

    Args:
        column: Whose.
        sounds: What it hears, shape (2, n): the microphone, and what the speaker played; and the phrases that it
            listens for meanwhile.  The one that is called "night" stands for a night.
        runs: How many processes; the median counts.

    Returns:
        ``cpu_NAME_share`` for each sound but the night, ``night_cpu_s``, ``memory_mb`` and ``start_up_ms``.

    Raises:
        VoicecoachError: A child failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, Sound] = {}
        for name, (sound, phrases) in sounds.items():
            files[name] = Sound(file=str(Path(folder) / f"{name}.npy"), phrases=sorted(phrases))
            np.save(files[name]["file"], sound)
        answers = [_asked(column, files) for _ in range(runs)]
    shares = {name: [answer["shares"][name] for answer in answers] for name in sounds}
    night = [share * NIGHT_H * 3600 for share in shares.pop("night", [])]
    return {
        **{f"cpu_{name}_share": middle(of_all_runs) for name, of_all_runs in shares.items()},
        **({"night_cpu_s": middle(night)} if night else {}),
        "memory_mb": middle([answer["memory_bytes"] / 1e6 for answer in answers]),
        "start_up_ms": middle([answer["start_up_s"] * 1e3 for answer in answers]),
    }


def _asked(column: NightColumn, sounds: dict[str, Sound]) -> ColumnCosts:
    task = ColumnTask(column=column.name, began_s=time.monotonic(), sounds=sounds)
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        _CHILD,
        input=json.dumps(task),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # it imports what this process does
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.splitlines() or [f"exit code {done.returncode}"])[-1]
        raise VoicecoachError(f"the costs of {column.value} cannot be measured: {reason}")
    answer: ColumnCosts = json.loads(done.stdout)
    return answer
