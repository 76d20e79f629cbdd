"""The whole coach is told to stop, and asked things; how late it is is how late its ears are, and a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_house import language

from benchmark.night.attending import BLOCK
from benchmark.night.columns import NightColumn, measured_assembly
from benchmark.night.interrupting import Interview, SaidOver, interview, silent_from
from benchmark.night.surroundings import QUIET
from benchmark.recordings import CorpusRecording, Kind
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Utterance
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import FADE_S

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

soundfile = pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")

ASSEMBLY = measured_assembly()
BLOCK_MS = 1000 * BLOCK / MICROPHONE_HZ
LOUD = 0.02


class AtOnce(EstimatedClips):
    """Sentences that are as loud at their beginning and end as in their middle."""

    def get(self, sentence: str) -> NDArray[np.float32]:
        return np.full(len(super().get(sentence)), 0.01, np.float32)


CLIPS = AtOnce(MICROPHONE_HZ, language().durations)


class Late:
    """Ears that take everything loud for one phrase, a while after it is over."""

    somebody_speaks = False
    echo_delay_s: None = None

    def __init__(self, phrase: str, late_blocks: int) -> None:
        self._phrase, self._late = phrase, late_blocks
        self._quiet_blocks = late_blocks + 1
        self._valid: frozenset[str] = frozenset()

    def listen_for(self, phrases: Collection[str]) -> None:
        self._valid = frozenset(phrases)

    def saying(self, words: str) -> None:
        pass

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        assert len(block) == len(played)
        self._quiet_blocks = 0 if np.abs(block).max() > LOUD else self._quiet_blocks + 1
        if self._quiet_blocks != self._late or self._phrase not in self._valid:
            return []
        return [Utterance(self._phrase, self._phrase, 1.0, 0, 0)]


@pytest.fixture
def word(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "word.flac", np.full(10 * BLOCK, 0.5), MICROPHONE_HZ)
    return tmp_path / "word.flac"


def delays_ms(word: Path, said: str, ears: Late, how: SaidOver, times: int = 3) -> list[float | None]:
    recording = CorpusRecording(word, said, "ann", "corpus", Kind.COMMAND)
    replies = interview(Interview(NightColumn.OURS, how, QUIET, (recording,) * times), ears, ASSEMBLY, CLIPS).replies
    return [None if reply.delay_s is None else round(reply.delay_s * 1000, 3) for reply in replies]


@pytest.mark.parametrize("late_blocks", [1, 12])
def test_silence_begins_when_stop_was_heard_and_what_sounded_has_faded(word: Path, late_blocks: int) -> None:
    """It also shows that the coach goes on after each time, and can be stopped again."""
    found = delays_ms(word, "stop", Late("stop", late_blocks), SaidOver.INTO_SENTENCE)
    least = late_blocks * BLOCK_MS
    assert len(found) == 3
    assert all(delay is not None and least <= delay <= least + BLOCK_MS + FADE_S * 1000 for delay in found)


@pytest.mark.parametrize("late_blocks", [1, 12])
@pytest.mark.parametrize("said", ["how long", "next", "why"])
def test_an_answer_begins_when_the_command_was_heard(word: Path, said: str, late_blocks: int) -> None:
    found = delays_ms(word, said, Late(said, late_blocks), SaidOver.INTO_PAUSE)
    least = late_blocks * BLOCK_MS
    assert len(found) == 3
    assert all(delay is not None and least <= delay <= least + 2 * BLOCK_MS for delay in found)


@pytest.mark.parametrize(
    ("said", "heard", "how"),
    [
        ("stop", "next", SaidOver.INTO_SENTENCE),
        ("how long", "why", SaidOver.INTO_PAUSE),
        ("why", "nothing", SaidOver.INTO_PAUSE),
    ],
)
def test_what_is_not_understood_is_not_obeyed(word: Path, said: str, heard: str, how: SaidOver) -> None:
    assert delays_ms(word, said, Late(heard, 1), how, times=2) == [None, None]


def test_a_coach_that_is_never_where_it_is_to_be_is_asked_nothing(word: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.night.interrupting._TO_PAUSE", {})
    monkeypatch.setattr("benchmark.night.interrupting._PATIENCE_S", 0.5)
    assert delays_ms(word, "why", Late("why", 1), SaidOver.INTO_PAUSE) == []


SECOND = MICROPHONE_HZ


@pytest.mark.parametrize(
    ("sounding", "decided_s", "silent_s"),
    [
        ([(0.0, 1.0)], 0.9, 1.0),
        ([(0.0, 1.0), (3.0, 4.0)], 0.9, 1.0),  # what is said much later is no part of it
        ([(0.0, 1.0), (1.2, 1.5)], 1.1, 1.5),  # a pause between two words is no silence
        ([(0.0, 1.0), (1.5, 2.0)], 1.9, 2.0),  # nor one before it was decided
        ([(0.0, 1.0), (3.0, 4.0)], 1.5, 1.0),  # but a long one may have begun already
        ([], 0.5, None),
    ],
)
def test_where_silence_begins(sounding: list[tuple[float, float]], decided_s: float, silent_s: float | None) -> None:
    parts = [np.arange(round(begin * SECOND), round(end * SECOND)) for begin, end in sounding]
    audible = np.concatenate([np.zeros(0, np.int64), *parts])
    found = silent_from(audible, round(decided_s * SECOND))
    assert found == (None if silent_s is None else round(silent_s * SECOND))
