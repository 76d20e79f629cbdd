"""Builds a speech input, listens, and says what that cost: a `costs.ColumnTask` in, a `costs.ColumnCosts` out."""

from __future__ import annotations

import json
import re
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmark.night.columns import NightColumn, measured_assembly, speech_input_of
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmark.night.costs import ColumnCosts, ColumnTask
    from voicecoach.engines.recognition.port import SpeechInput

_BLOCK = MICROPHONE_HZ // 50
_BEFORE_BLOCKS = 50
"""Heard before the clock is read: new phrases cost something once, and a night is long."""


def answer(task: ColumnTask) -> ColumnCosts:
    """Do ``task``, in this process."""
    assembly = measured_assembly()
    speech_input = speech_input_of(NightColumn[task["column"]], assembly)
    speech_input.listen_for(assembly.all_phrases())
    start_up_s = time.monotonic() - task["began_s"]
    shares = {}
    for name, sound in task["sounds"].items():
        speech_input.listen_for(sound["phrases"])
        shares[name] = _share(speech_input, *np.load(sound["file"], mmap_mode="r"))
    return {"start_up_s": start_up_s, "memory_bytes": _most_memory_bytes(), "shares": shares}


def _share(speech_input: SpeechInput, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> float:
    """Seconds of processor time for a second of sound."""
    places = range(0, len(microphone), _BLOCK)
    blocks = ((np.array(microphone[at : at + _BLOCK]), np.array(played[at : at + _BLOCK])) for at in places)
    for block, echo in islice(blocks, _BEFORE_BLOCKS):
        speech_input.hear(block, echo)
    began = time.process_time()
    for block, echo in blocks:
        speech_input.hear(block, echo)
    return (time.process_time() - began) / ((len(places) - _BEFORE_BLOCKS) * _BLOCK / MICROPHONE_HZ)


def _most_memory_bytes() -> int:
    """The peak of what this process had in memory; of a child, `getrusage` may tell what its parent had."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0  # Linux tells it of every process


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
