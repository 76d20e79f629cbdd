"""From what was accepted in each recording to figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from benchmark.intervals import Figure, hourly, relative, share
from benchmark.recordings import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from benchmark.phrases import PhraseSet
    from benchmark.recordings import CorpusRecording

SYNTHETIC = "synthetic"
"""In a key, in place of a set of phrases: each phrase of the coach, with the set that it belongs to."""
WORDS, SENTENCES, NOISE = "words", "sentences", "noise"
"""What can be accepted wrongly."""
_GROUP = {
    Kind.COMMAND: WORDS,
    Kind.WORD: WORDS,
    Kind.OTHER_WORD: WORDS,
    Kind.PHRASE: SENTENCES,
    Kind.SPEECH: SENTENCES,
    Kind.NOISE: NOISE,
    Kind.SYNTHETIC: SENTENCES,
}


class Outcome(Enum):
    """What a model made of one recording; exactly one of these is true."""

    RIGHT = "right"
    """Exactly the phrase that was said was accepted, once, and nothing beside it.  Another phrase with the same meaning
    is not right."""
    OTHER = "other"
    """Something was accepted that was not said: another phrase, beside the right one or instead of it; the right one a
    second time; any phrase at all where none that is listened for was said, also where what was said contains it."""
    NOTHING = "nothing"
    """No phrase was accepted: it was not heard, not understood, or not with enough confidence.  Where no phrase was
    said, this is as it should be."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording, heard once."""

    recording: CorpusRecording
    heard_with: PhraseSet
    snr_db: int | None
    """None: in a quiet room."""
    accepted: tuple[str, ...]
    length_s: float
    """Of the whole scene."""

    @property
    def is_command(self) -> bool:
        """Whether a phrase that is listened for is said, word for word; all else is to be left alone."""
        return self.recording.transcript in self.heard_with.phrases

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        if not self.accepted:
            return Outcome.NOTHING
        return Outcome.RIGHT if self.accepted == (self.recording.transcript,) else Outcome.OTHER


def figures(trials: Iterable[Trial]) -> dict[str, Figure]:
    """What the trials of one model come to.

    Args:
        trials: All of them, in any order.

    Returns:
        Figures by key.  A key is what was counted, with which phrases, perhaps a part of the recordings, and the
        signal-to-noise ratio where there was noise:

        - ``right.ten``, ``right.ten.word.stop``, ``right.ten@6``: of the phrases said, the share that came out `RIGHT`;
        - ``other.ten``: of the phrases said, the share that came out `OTHER`;
        - ``false.rest.words@18``: of the recordings in which no phrase is said, the share that came out `OTHER`;
        - ``hourly.routine.noise``: phrases accepted in an hour in which nobody speaks;
        - ``kept.ten@6``: the share of the clean figure that is right in noise.
    """
    counted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    noises: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        for key, hit in _counts(trial):
            counted[key] += 1
            hits[key] += hit
        if _group(trial) == NOISE:
            noises[f"hourly.{trial.heard_with.key}.{NOISE}"].append(trial)
    found = {key: share(hits[key], n) for key, n in counted.items()}
    found |= {key: _hourly(of_one_set) for key, of_one_set in noises.items()}
    return found | dict(_kept(found))


def _counts(trial: Trial) -> Iterator[tuple[str, bool]]:
    """Every key that ``trial`` counts for, and whether it is a hit there."""
    at = "" if trial.snr_db is None else f"@{trial.snr_db}"
    is_right, is_other = trial.outcome is Outcome.RIGHT, trial.outcome is Outcome.OTHER
    if not trial.is_command:
        yield f"false.{trial.heard_with.key}.{_group(trial)}{at}", is_other
        return
    who = SYNTHETIC if trial.recording.kind is Kind.SYNTHETIC else trial.heard_with.key
    yield f"right.{who}{at}", is_right
    yield f"other.{who}{at}", is_other
    yield f"right.{who}.word.{trial.recording.transcript}{at}", is_right


def _hourly(noises: Sequence[Trial]) -> Figure:
    hours = sum(trial.length_s for trial in noises) / 3600
    return hourly(sum(len(trial.accepted) for trial in noises), hours, len(noises))


def _group(trial: Trial) -> str:
    return _GROUP[trial.recording.kind]


def _kept(found: Mapping[str, Figure]) -> Iterator[tuple[str, Figure]]:
    """How much of each clean figure noise leaves."""
    for key, figure in found.items():
        clean, _, noisy = key.partition("@")
        what, _, which = clean.partition(".")
        if what == "right" and noisy and ".word." not in clean and found[clean].value:
            yield f"kept.{which}@{noisy}", relative(figure, found[clean])
