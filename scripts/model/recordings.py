"""People's recordings: a folder with an ``index.tsv``, as ``docs/benchmark.md`` describes it.

Which of them are trained on is decided here.  People who said single words must not crowd out the voices that say
everything else (much speech of few words makes a network that knows those words and no others), so a word counts only
so often.  Some speakers are kept for tuning: what decides between two models has heard neither of them.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from model.features import SAMPLE_HZ
from voicecoach.errors import BadFileError
from voicecoach.wav import FASTEST_HZ, SLOWEST_HZ
from voicecoach.yamlfile import bad_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

INDEX = "index.tsv"
COLUMNS = ("path", "transcript", "speaker", "corpus", "kind")
"""Those of the index that matter here; there may be others."""
SHORTEST_S = 0.1
"""Of a recording, in seconds."""
UNSURE = ("?", "~")
"""A transcript that begins like this does not tell the words."""
ONE_SPEAKER = {"picovoice_wake", "picovoice_intent", "mycroft_precise", "mycroft_android"}
"""Corpora that do not tell who speaks; they are parted by clip."""


@dataclass(frozen=True, slots=True)
class CorpusRecording:
    """One line of the index."""

    path: Path
    text: str
    """The words, lower case; empty: nobody speaks.  See `UNSURE`."""
    speaker: str
    corpus: str
    kind: str
    """``command``, ``word``, ``other_word``, ``phrase``, ``speech`` or ``noise``."""


def read_index(folder: Path) -> list[CorpusRecording]:
    """Every recording of ``folder``.

    Raises:
        BadFileError: There is no index, or something in it is not as it should be; with its line.
    """
    index = folder / INDEX
    if not index.is_file():
        raise BadFileError(f"{folder} has no {INDEX}; name the folder of recordings that holds one")
    with index.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        try:
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise bad_file(index, f"the first line names no column {missing[0]}; write {', '.join(COLUMNS)}")
            return [_recording(folder, row, reader.line_num) for row in reader]
        except UnicodeDecodeError as error:
            raise BadFileError(f"{index} is not a text file in UTF-8; write it anew as one") from error


def _recording(folder: Path, row: Mapping[str | None, str | None], line: int) -> CorpusRecording:
    """What one line of the index says."""
    cells = [row.get(column) for column in COLUMNS]
    path, text, speaker, corpus, kind = (cell or "" for cell in cells)
    if None in row or None in row.values():
        raise bad_file(folder / INDEX, "there are not as many columns as in the first line; part them by tabs", line)
    return CorpusRecording(folder / path, text, speaker, corpus, kind)


def is_for_tuning(recording: CorpusRecording, share: float = 0.12) -> bool:
    """Whether the recording, with all others of its speaker, is kept for tuning."""
    nobody = recording.kind == "noise" or recording.corpus in ONE_SPEAKER
    who = recording.path.name if nobody else recording.speaker
    return hashlib.sha256(who.encode()).digest()[0] < share * 256


def for_training(
    recordings: Iterable[CorpusRecording],
    known: Collection[str],
    most_of_a_word: Mapping[str, int],
    rng: np.random.Generator,
) -> list[CorpusRecording]:
    """Those to train on, in a seeded order.

    Args:
        recordings: All there are.
        known: Words that have a pronunciation; a recording with another one is not used.
        most_of_a_word: By kind, how many recordings of the same text at most; without a limit for other kinds.
        rng: Decides which.
    """
    usable = [
        recording
        for recording in recordings
        if not is_for_tuning(recording)
        and not recording.text.startswith(UNSURE)
        and all(word in known for word in recording.text.split())
        and (recording.text or recording.kind == "noise")
    ]
    counted: dict[str, int] = defaultdict(int)
    chosen = []
    for index in rng.permutation(len(usable)):
        recording = usable[int(index)]
        counted[recording.text] += 1
        if counted[recording.text] <= most_of_a_word.get(recording.kind, len(usable)):
            chosen.append(recording)
    return chosen


def read_samples(path: Path) -> NDArray[np.int16]:
    """A recording at 16 kHz, its first channel: (n,).

    Raises:
        BadFileError: It cannot be read, or is too short to hold anything.
    """
    try:
        sound, hertz = soundfile.read(path, dtype="int16", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise BadFileError(f"{path} cannot be read as sound: {error}") from error
    if not SLOWEST_HZ <= hertz <= FASTEST_HZ:
        raise BadFileError(f"{path} cannot be read as sound: its header speaks of {hertz} samples a second")
    if len(sound) < SHORTEST_S * hertz:
        raise BadFileError(f"{path} holds less than {SHORTEST_S} s of sound; take its line out of {INDEX}")
    samples: NDArray[np.int16] = sound[:, 0]
    return samples if hertz == SAMPLE_HZ else np.asarray(soxr.resample(samples, hertz, SAMPLE_HZ), np.int16)


def by_kind(recordings: Sequence[CorpusRecording]) -> dict[str, int]:
    """How many there are of each kind."""
    counts: dict[str, int] = defaultdict(int)
    for recording in recordings:
        counts[recording.kind] += 1
    return dict(counts)
