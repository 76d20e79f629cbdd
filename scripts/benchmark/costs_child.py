"""Loads one model, listens, and says what that cost: a `costs.ModelTask` in, a `costs.ModelCosts` out.

Nothing is imported that the coach would not need to listen, since it would count as the model's memory.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmark.contenders import PEERS, opener
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from benchmark.costs import ModelCosts, ModelTask


def answer(task: ModelTask) -> ModelCosts:
    """Do ``task``, in this process."""
    load = opener(task["model"])
    if task["model"] not in PEERS:
        import vosk  # noqa: F401, PLC0415 - the library's time is not taken for the model's

        from benchmark.phrases import shipped_assembly  # noqa: PLC0415 - nor that of routines and words

        shipped_assembly().all_phrases()
    began = time.perf_counter()
    contender = load()
    load_s = time.perf_counter() - began
    shares = {}
    for name, file in task["sounds"].items():
        sound = np.load(file)
        began = time.process_time()
        contender.hear(task["phrases"], sound)
        shares[name] = (time.process_time() - began) / (len(sound) / MICROPHONE_HZ)
    return {"load_s": load_s, "memory_bytes": _most_memory_bytes(), "shares": shares}


def _most_memory_bytes() -> int:
    """The peak of what this process had in memory.

    Not `getrusage`: what it says of a child may be what its parent had when it was forked.
    """
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0  # Linux tells it of every process


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
