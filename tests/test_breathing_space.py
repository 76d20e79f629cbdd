"""Pauses at commas and between sentences: calm, usual, brisk; and what is counted stays in its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_voice import Hum
from small_house import language

from voicecoach.engines.synthesis.port import Voice
from voicecoach.routine.pace import Pauses
from voicecoach.speaking.breathing_space import commas, with_room
from voicecoach.speaking.clips import ClipCache

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 24_000


def words(*lengths_s: float, pause_s: float = 0.15, floor: float = 0.0) -> NDArray[np.float32]:
    """Tones of some lengths, with pauses between them in which hardly anything is heard."""
    dice = np.random.default_rng(0)
    parts = []
    for length_s in lengths_s:
        tone = 0.3 * np.sin(2 * np.pi * 300 * np.arange(round(length_s * RATE)) / RATE)
        parts += [tone, floor * dice.standard_normal(round(pause_s * RATE))]
    return np.concatenate(parts[:-1]).astype(np.float32)


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Breathe in.", 0),
        ("Bend your knees, and roll onto your side, whichever you like.", 2),
        ("Pillow, towel, and a block: all of them help!", 3),
        ("breath four, in", 0),
        ("At 10,30 we rest.", 0),
    ],
)
def test_room_is_given_at_the_commas_of_sentences(sentence: str, places: int) -> None:
    assert commas(sentence) == places


@pytest.mark.parametrize("floor", [0.0, 0.001])
def test_a_pause_becomes_longer_and_no_word_changes(floor: float) -> None:
    sound = words(0.5, 0.7, floor=floor)
    longer = with_room(sound, RATE, 1, 0.2)
    assert len(longer) == len(sound) + round(0.2 * RATE)
    assert np.array_equal(longer[: round(0.5 * RATE)], sound[: round(0.5 * RATE)])
    assert np.array_equal(longer[-round(0.7 * RATE) :], sound[-round(0.7 * RATE) :])
    assert np.max(np.abs(np.diff(longer))) <= np.max(np.abs(np.diff(sound))) + 1e-6, "nothing clicks"


def test_the_longest_pauses_are_taken_and_no_more_than_there_are() -> None:
    sound = np.concatenate([words(0.3, 0.3, pause_s=0.08), np.zeros(round(0.2 * RATE), np.float32), words(0.3)])
    longer = with_room(sound, RATE, 1, 0.5)
    assert np.array_equal(longer[: round(0.68 * RATE)], sound[: round(0.68 * RATE)]), "not in the short one"
    assert len(with_room(sound, RATE, 7, 0.5)) == len(sound) + 2 * round(0.5 * RATE)


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(RATE, np.float32), words(1.0)])
def test_where_there_is_no_pause_everything_stays(sound: NDArray[np.float32]) -> None:
    assert np.array_equal(with_room(sound, RATE, 2, 0.2), sound)


@pytest.mark.parametrize(("pauses", "between_s"), [(Pauses.CALM, 0.7), (Pauses.USUAL, 0.3), (Pauses.BRISK, 0.2)])
def test_between_sentences_it_is_as_quiet_as_the_settings_say(tmp_path: Path, pauses: Pauses, between_s: float) -> None:
    clips = ClipCache(tmp_path, Voice(), RATE, Hum(), lambda _line: None, pauses=pauses)
    one, both = clips.get("Rest."), clips.get("Rest. Rest.")
    assert (len(both) - 2 * len(one)) / RATE == pytest.approx(between_s, abs=0.001)


def test_what_is_planned_knows_of_the_pauses() -> None:
    durations = language().durations
    calm = durations.with_pauses(Pauses.CALM)
    assert durations.with_pauses(Pauses.USUAL) == durations
    assert calm.speech_s("Rest.") == durations.speech_s("Rest.")
    assert calm.speech_s("Rest, and sleep. Well.") == pytest.approx(durations.speech_s("Rest, and sleep. Well.") + 0.6)
    assert durations.with_pauses(Pauses.BRISK).speech_s("Rest. Sleep.") < durations.speech_s("Rest. Sleep.")
