"""Loads one model, listens, and says what that cost: a `costs.Task` in, a `costs.Answer` out.

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

from benchmark.ears import opener
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from benchmark.costs import Answer, Task


def answer(task: Task) -> Answer:
    """Do ``task``, in this process."""
    load = opener(task["model"], task["least_confidence"])
    began = time.perf_counter()
    ears = load()
    load_s = time.perf_counter() - began
    shares = {}
    for name, file in task["sounds"].items():
        sound = np.load(file)
        began = time.process_time()
        ears.hear(task["phrases"], sound)
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
