"""Recordings of people: a folder of sound files with an ``index.tsv``, as docs/benchmark.md describes it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError, MissingPartError
from voicecoach.yamlfile import bad_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

INDEX = "index.tsv"
COLUMNS = ("path", "transcript", "speaker", "corpus", "kind", "licence")
WORDS_UNKNOWN = "?"
"""The whole transcript of speech that nobody wrote down."""
APPROXIMATE = "~"
"""A transcript that begins with it does not hold every word."""


class Kind(Enum):
    """What a recording is; the value is its name in the index."""

    COMMAND = "command"
    WORD = "word"
    OTHER_WORD = "other_word"
    PHRASE = "phrase"
    SPEECH = "speech"
    NOISE = "noise"
    SYNTHETIC = "synthetic"
    """A phrase of the coach, spoken by a machine."""


@dataclass(frozen=True, slots=True)
class CorpusRecording:
    """One line of an index."""

    path: Path
    transcript: str
    """Lower case; empty: nobody speaks.  See `WORDS_UNKNOWN` and `APPROXIMATE`."""
    speaker: str
    corpus: str
    kind: Kind


def read_index(folder: Path) -> list[CorpusRecording]:
    """Every recording of ``folder``, in the order of its index.

    Raises:
        BadFileError: There is no index, or something in it is not as it should be; with its line.
    """
    index = folder / INDEX
    try:
        text = index.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFileError(f"{folder} has no {INDEX}; name a folder of recordings (see docs/benchmark.md)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{index} cannot be read ({error}); write it as UTF-8 text") from None
    recordings = list(parse_index(text.splitlines(), index))
    for number, recording in enumerate(recordings, start=2):
        if not recording.path.is_file():
            raise bad_file(index, f"there is no file {recording.path}; put it there or take this line out", number)
    return recordings


def parse_index(lines: Sequence[str], index: Path) -> Iterator[CorpusRecording]:
    """Every recording that the ``lines`` of the file ``index`` name.

    Raises:
        BadFileError: A line is not as it should be.
    """
    header = tuple(lines[0].split("\t")) if lines else ()
    if header != COLUMNS:
        raise bad_file(index, f"the first line must name the columns, parted by tabs: {', '.join(COLUMNS)}")
    if len(lines) == 1:
        raise bad_file(index, "it lists no recording; add a line for each", 2)
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            what = f"{len(cells)} columns, parted by tabs, where there must be {len(COLUMNS)}: {', '.join(COLUMNS)}"
            raise bad_file(index, what, number)
        path, transcript, speaker, corpus, kind, _ = cells
        try:
            recording = CorpusRecording(index.parent / path, transcript, speaker, corpus, Kind(kind))
        except ValueError:
            allowed = ", ".join(one.value for one in Kind)
            raise bad_file(index, f'"{kind}" is no kind of recording; write one of {allowed}', number) from None
        if problem := _problem(recording):
            raise bad_file(index, problem, number)
        yield recording


def _problem(recording: CorpusRecording) -> str | None:
    transcript = recording.transcript
    if transcript != " ".join(transcript.lower().split()):
        return f'the transcript "{transcript}" must be lower case words parted by one blank'
    if (transcript == "") != (recording.kind is Kind.NOISE):
        return "noise, and only noise, has an empty transcript; write ? for speech whose words are not known"
    return None


def write_index(folder: Path, recordings: Iterable[CorpusRecording], licence: str) -> None:
    """Write the index of ``folder``, in which the recordings lie; whole or not at all."""
    rows = [COLUMNS]
    for one in recordings:
        path = one.path.relative_to(folder).as_posix()
        rows.append((path, one.transcript, one.speaker, one.corpus, one.kind.value, licence))
    unfinished = folder / f"{INDEX}.new"
    unfinished.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    unfinished.replace(folder / INDEX)


def sampled(recordings: Iterable[CorpusRecording], most_of_a_text: int, most_of_a_kind: int) -> list[CorpusRecording]:
    """A smaller set that is always the same: so many recordings at most of one transcript, and of one kind."""
    texts: Counter[str] = Counter()
    kinds: Counter[Kind] = Counter()
    chosen = []
    for recording in sorted(recordings, key=lambda one: hashlib.sha256(name_of(one).encode()).digest()):
        may_repeat = recording.kind in {Kind.NOISE, Kind.SPEECH}
        if kinds[recording.kind] < most_of_a_kind and (may_repeat or texts[recording.transcript] < most_of_a_text):
            texts[recording.transcript] += 1
            kinds[recording.kind] += 1
            chosen.append(recording)
    return chosen


def kept_for_tuning(recordings: Iterable[CorpusRecording]) -> list[CorpusRecording]:
    """Those of speakers whom the trainer does not train on, so that costs and thresholds can be chosen by them.

    Raises:
        MissingPartError: The trainer, which knows them, lacks a library.
    """
    try:
        # It needs what nothing else of the benchmark needs.
        from model.recordings import CorpusRecording as TrainersRecording  # noqa: PLC0415 - see above
        from model.recordings import is_for_tuning  # noqa: PLC0415 - see above
    except ImportError as error:
        raise MissingPartError(
            f"who is kept for tuning is known to the trainer: {error}; scripts/train-model --help installs that"
        ) from None
    return [
        one
        for one in recordings
        if is_for_tuning(TrainersRecording(one.path, one.transcript, one.speaker, one.corpus, one.kind.value))
    ]


def name_of(recording: CorpusRecording) -> str:
    """What a recording is called wherever its folder lies; chance is drawn from it."""
    return "/".join(recording.path.parts[-3:])
