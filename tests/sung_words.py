"""A real Vosk model whose language is sung: each phone is a tone, and its network is the filter bank itself.

It knows nothing of speech, so it needs no training, and it hears every phone right.  What it makes of songs is then the
work of the graph alone, and of the files that it is written in.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from model.kaldi import INPUT, Affine, write_conf, write_model
from voicecoach.engines.recognition.vocabulary.graph import write_graph
from voicecoach.engines.recognition.vocabulary.phones import NETWORK_PHONES, SILENCE
from voicecoach.engines.recognition.vocabulary.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon

RATE_HZ = 16_000
PHONE_S = 0.12
PHONES = len(NETWORK_PHONES)
LOUDNESS = 14.0
"""Log energy of a filter above which it is a tone; below, it is silence."""
HEAR = """
import json, sys, vosk
vosk.SetLogLevel(-3)
model, heard = vosk.Model(sys.argv[1]), []
for song in json.loads(sys.stdin.readline()):
    recognizer = vosk.KaldiRecognizer(model, 16000, *sys.argv[2:])
    recognizer.SetWords(True)
    song = bytes.fromhex(song)
    for begin in range(0, len(song), 6400):
        recognizer.AcceptWaveform(song[begin:begin + 6400])
    heard.append(json.loads(recognizer.FinalResult()).get("result", []))
print(json.dumps(heard))
"""
"""In a child process, because Kaldi ends the process over a file that it cannot read."""
Heard = list[tuple[str, float, float]]
"""Words, and the seconds when each began and ended."""


def sing(phones: str, phone_s: float = PHONE_S) -> NDArray[np.int16]:
    """A tone for each phone of ``phones``, parted by blanks; `SILENCE` is silence."""
    lowest, highest = (1127 * math.log1p(hertz / 700) for hertz in (20, 7600))
    centres = 700 * np.expm1(np.linspace(lowest, highest, PHONES + 2)[1:-1] / 1127)
    time = np.arange(round(phone_s * RATE_HZ)) / RATE_HZ
    rest = np.zeros(len(time))
    tones = [
        rest if phone == SILENCE else np.sin(2 * np.pi * centres[NETWORK_PHONES.index(phone)] * time)
        for phone in phones.split()
    ]
    return (4000 * np.concatenate(tones)).astype(np.int16)


def rejection(**changes: object) -> Rejection:
    """A phone loop in which all phones are equally likely, and no fillers; and what ``changes`` says."""
    usual: dict[str, object] = {
        "phone_bigram": np.full((PHONES, PHONES), -np.log(PHONES)),
        "loop_entry": 3.0,
        "loop_phone": 0.5,
    }
    return Rejection(**{**usual, **changes})  # type: ignore[arg-type]  # the tests say what fits


def write_sung_model(folder: Path, lexicon: Lexicon, rejected: Rejection) -> None:
    """Write all of a model."""
    weights = np.repeat(np.eye(PHONES, dtype=np.float32), 2, axis=0)
    bias = np.full(2 * PHONES, -LOUDNESS, np.float32)
    weights[:2], bias[:2] = 0, 0
    write_model(folder / "am/final.mdl", [Affine("scores", INPUT, (0,), weights, bias)], PHONES)
    write_conf(folder / "conf")
    write_graph(folder / "graph", lexicon, rejected)


def hear(model: Path, phrases: Collection[str] | None, *songs: NDArray[np.int16]) -> list[Heard]:
    """What Vosk hears in each song, listening for ``phrases`` and ``[unk]``; None: for all the model's words."""
    grammar = [] if phrases is None else [json.dumps([*phrases, "[unk]"])]
    answer = subprocess.run(
        [sys.executable, "-c", HEAR, str(model), *grammar],
        input=json.dumps([song.tobytes().hex() for song in songs]) + "\n",
        text=True,
        capture_output=True,
        check=True,
    )
    return [[(word["word"], word["start"], word["end"]) for word in heard] for heard in json.loads(answer.stdout)]


def words(heard: Heard) -> str:
    """The words alone."""
    return " ".join(word for word, _, _ in heard)
