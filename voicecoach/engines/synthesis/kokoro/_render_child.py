"""The child process in which Kokoro's network runs: one voice, one sentence at a time, behind all other work.

Run as a module, ``_render_child FOLDER VOICE``.  `child_synthesizer` tells the protocol; what is asked is

    {"symbols": "...", "speed": "1.0", "path": ...}

and its first word is {"ready": voice}, or {"missing": "onnxruntime" or "weights", "why": "..."}.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.synthesis.kokoro.network import RATE_HZ, Kokoro, read_style
from voicecoach.engines.synthesis.kokoro.symbols import portions
from voicecoach.engines.synthesis.kokoro.weights import style_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

Reply = dict[str, object]
BEHIND = 10
"""Added to its niceness: a session that runs meanwhile comes first."""


def save(sound: NDArray[np.float32], path: str) -> Reply:
    """Write a WAV file of 16 bits."""
    samples = np.round(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    try:
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples.tobytes())
    except OSError as error:
        return {"unwritable": error.strerror or str(error)}
    return {"done": path}


def render(kokoro: Kokoro, style: NDArray[np.float32], request: dict[str, str]) -> Reply:
    """Do what one line asks."""
    try:
        parts = [kokoro.sound(part, style, float(request["speed"])) for part in portions(request["symbols"])]
    except Exception as error:  # noqa: BLE001 - whatever onnxruntime raises, the parent must hear of it
        return {"failed": f"{error}" or type(error).__name__}
    return save(np.concatenate(parts), request["path"])


def main() -> None:
    folder, voice = Path(sys.argv[1]), sys.argv[2]
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what C libraries print must not disturb the protocol

    def tell(reply: Reply) -> None:
        print(json.dumps(reply), file=replies, flush=True)

    with contextlib.suppress(OSError):
        os.nice(BEHIND)
    try:
        kokoro, style = Kokoro(folder), read_style(folder / style_file(voice))
    except ModuleNotFoundError as error:
        tell({"missing": "onnxruntime", "why": str(error)})
        return
    except Exception as error:  # noqa: BLE001 - the same
        tell({"missing": "weights", "why": f"{error}" or type(error).__name__})
        return
    tell({"ready": voice})
    for line in sys.stdin:
        tell(render(kokoro, style, json.loads(line)))


if __name__ == "__main__":
    main()
