"""Ears attend to a stretch of a night: who hears what when, and what belongs to which word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from small_house import language

from benchmark.night.attending import BLOCK, Attempt, NightSetup, NightStretch, What, attend, last_sample, seed_of
from benchmark.night.columns import NightColumn
from benchmark.night.plain_loop import PlainLoop
from benchmark.night.surroundings import QUIET, Surroundings
from benchmark.recordings import CorpusRecording, Kind
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Utterance
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

soundfile = pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")

Sound = NDArray[np.float32]
BEDSIDE = NightSetup(EstimatedClips(MICROPHONE_HZ, language().durations), -8.0, ())
LOUD = 0.02
"""A person's voice is louder than this, the room and `EstimatedClips` are not."""


class Alert:
    """Ears that take everything loud for the first phrase, as soon as it is over."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.microphone: list[Sound] = []
        self.played: list[Sound] = []
        self.somebody_speaks = False
        self.echo_delay_s: float | None = None
        self._phrases: list[str] = []

    def listen_for(self, phrases: Collection[str]) -> None:
        self._phrases = sorted(phrases)

    def saying(self, words: str) -> None:
        self.told.append(words)

    def hear(self, block: Sound, played: Sound) -> list[Utterance]:
        self.microphone.append(block)
        self.played.append(played)
        was_speaking, self.somebody_speaks = self.somebody_speaks, bool(np.abs(block).max() > LOUD)
        phrase = self._phrases[0]
        return [Utterance(phrase, phrase, 1.0, 0, 0)] if was_speaking and not self.somebody_speaks else []


@pytest.fixture
def words(tmp_path: Path) -> tuple[CorpusRecording, ...]:
    recordings: list[CorpusRecording] = []
    for name in ("stop", "stop", "next"):
        path = tmp_path / f"{len(recordings)}.flac"
        soundfile.write(path, np.full(8000, 0.5), MICROPHONE_HZ)
        recordings.append(CorpusRecording(path, name, "ann", "corpus", Kind.COMMAND))
    return tuple(recordings)


def session(*said: CorpusRecording, surroundings: Surroundings = QUIET, **more: object) -> NightStretch:
    return NightStretch(NightColumn.OURS, What.COMMANDS, "routine", surroundings, said, **more)  # type: ignore[arg-type]


def test_what_is_accepted_belongs_to_the_word_before_it(words: tuple[CorpusRecording, ...]) -> None:
    ears = Alert()
    attended = attend(session(*words), ears, {"stop"}, BEDSIDE)
    assert attended.attempts == tuple(Attempt(word, ("stop",)) for word in words)
    assert attended.accepted == 3
    assert attended.length_s == 1.0 + 3 * 0.5 + 2 * 3.0 + 3.0
    assert sum(map(len, ears.microphone)) == attended.length_s * MICROPHONE_HZ
    assert not np.concatenate(ears.played).any()


def test_over_the_coachs_voice_ears_know_what_it_says_and_make_it_step_back(words: tuple[CorpusRecording, ...]) -> None:
    over = Surroundings("over", echo_db=-6.0)
    ears = Alert()
    attend(session(words[0], surroundings=over, coach_says=("Breathe out, now.",)), ears, {"stop"}, BEDSIDE)
    assert ears.told[:4] == ["breathe out now", "", "breathe out now", ""]
    played = np.concatenate(ears.played)
    before, during = played[: 15 * MICROPHONE_HZ], played[15 * MICROPHONE_HZ + 3 * BLOCK :][: 8000 - 4 * BLOCK]
    assert np.abs(before).max() > 1.5 * np.abs(during).max() > 0


def test_a_voice_that_speaks_alone_says_each_sentence_once() -> None:
    ears = Alert()
    attended = attend(session(coach_says=("One sentence.", "Another one.")), ears, {"stop"}, BEDSIDE)
    assert [words for words in ears.told if words] == ["one sentence", "another one"]
    assert attended.attempts == ()
    assert attended.accepted == 0


def test_every_pair_of_ears_hears_the_same_night(words: tuple[CorpusRecording, ...]) -> None:
    hearers = [Alert(), Alert()]
    for ears in hearers:
        attend(session(*words), ears, {"stop"}, BEDSIDE)
    first, second = (np.concatenate(ears.microphone) for ears in hearers)
    assert np.array_equal(first, second)


def test_chance_is_drawn_from_what_is_said_and_where(words: tuple[CorpusRecording, ...]) -> None:
    alike = {seed_of(session(*words)), seed_of(NightStretch(NightColumn.PLAIN, What.COMMANDS, "routine", QUIET, words))}
    assert len(alike) == 1
    others = [session(*words[:2]), session(*words, take=1), session(*words, surroundings=Surroundings("else"))]
    assert len(alike | {seed_of(other) for other in others}) == 4


def test_the_last_sample_of_a_word_is_not_that_of_its_recording() -> None:
    sound = np.concatenate([np.full(100, 0.5), np.full(50, 0.04), np.full(50, 0.02)]).astype(np.float32)
    assert last_sample(sound) == 149  # 22 dB down, and then 28


# --- the plain loop ---------------------------------------------------------------------------------------------------


class Echoing:
    """A recogniser that hears the same in every block."""

    def __init__(self, words: str) -> None:
        self._words = words

    def accept(self, samples: bytes) -> str:
        assert len(samples) == 2 * BLOCK
        return self._words


@pytest.mark.parametrize(("heard", "phrase"), [("stop", "stop"), ("stop stop", None), ("[unk]", None)])
def test_the_plain_loop_takes_a_whole_phrase(heard: str, phrase: str | None) -> None:
    loop = PlainLoop(lambda _: Echoing(heard), frozenset({"stop"}))
    loop.listen_for({"stop"})
    silence = np.zeros(BLOCK, np.float32)
    assert [one.phrase for one in loop.hear(silence, silence)] == [phrase]


def test_the_plain_loop_is_deaf_while_anything_is_played() -> None:
    loop = PlainLoop(lambda _: Echoing("stop"), frozenset({"stop"}))
    loop.listen_for({"stop"})
    silence = np.zeros(BLOCK, np.float32)
    assert loop.hear(silence, silence + np.float32(0.001)) == []
    assert not loop.somebody_speaks


def test_the_plain_loop_makes_a_recogniser_for_new_phrases_only() -> None:
    made: list[frozenset[str]] = []

    def recogniser(phrases: frozenset[str]) -> Echoing:
        made.append(phrases)
        return Echoing("")

    loop = PlainLoop(recogniser, frozenset({"stop", "go"}))
    for phrases in (["stop", "go"], ["go", "stop", "as its author never thought of"], ["go"]):
        loop.listen_for(phrases)
    assert made == [frozenset({"stop", "go"}), frozenset({"go"})]
