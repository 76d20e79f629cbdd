"""What a model costs: on the disk, in memory, until it is loaded, and of the processor while it listens.

Each run is a process of its own (`costs_child.py`): a model's memory can be told from the benchmark's only like that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from benchmark.contenders import model_folder
from benchmark.intervals import Figure, middle
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

_CHILD = (sys.executable, "-m", "benchmark.costs_child")


class ModelTask(TypedDict):
    """What the child is asked, as JSON on its standard input."""

    model: str
    phrases: list[str]
    sounds: dict[str, str]
    """Files (.npy) of what it listens to, by name."""


class ModelCosts(TypedDict):
    """What the child answers, as JSON on its standard output."""

    load_s: float
    memory_bytes: int
    """The most that its process ever had in memory."""
    shares: dict[str, float]
    """Seconds of processor time for a second of each sound."""


def costs(
    model: str,
    phrases: Collection[str],
    sounds: Mapping[str, NDArray[np.float32]],
    runs: int,
) -> dict[str, Figure]:
    """Measure a model.

    Args:
        model: As `contenders.opener` takes it.
        phrases: What it listens for.
        sounds: What it listens to, by name.
        runs: How many processes; the median counts.

    Returns:
        ``cost.disk_mb``, ``cost.memory_mb``, ``cost.load_ms`` and, for each sound, ``cost.cpu.NAME``: the share of one
        core.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {name: str(Path(folder) / f"{name}.npy") for name in sounds}
        for name, file in files.items():
            np.save(file, sounds[name])
        task = ModelTask(model=model, phrases=sorted(phrases), sounds=files)
        answers = [_asked(task) for _ in range(runs)]
    files_of_model = (file for file in model_folder(model).rglob("*") if file.is_file())
    return {
        "cost.disk_mb": middle([sum(file.stat().st_size for file in files_of_model) / 1e6]),
        "cost.memory_mb": middle([answer["memory_bytes"] / 1e6 for answer in answers]),
        "cost.load_ms": middle([answer["load_s"] * 1e3 for answer in answers]),
        **{f"cost.cpu.{name}": middle([answer["shares"][name] for answer in answers]) for name in sounds},
    }


def _asked(task: ModelTask) -> ModelCosts:
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
        raise VoicecoachError(f"the costs of {task['model']} cannot be measured: {reason}")
    answer: ModelCosts = json.loads(done.stdout)
    return answer
