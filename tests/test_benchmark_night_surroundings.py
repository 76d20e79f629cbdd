"""The bedrooms of the benchmark: how loud noise, echo and people are, and how a room answers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.night.surroundings import (
    FAR,
    NEAR,
    PERSON_DB,
    QUIET,
    Background,
    at_microphone,
    bedroom,
    in_noise,
    over_own_voice,
    response,
)
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.speaking.finish import SPEECH_DB

Sound = NDArray[np.float32]
VOLUME_DB = -8.0


def tone(seconds: float, hertz: float = 440.0) -> Sound:
    at = np.arange(round(seconds * MICROPHONE_HZ)) / MICROPHONE_HZ
    return (0.3 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def level_db(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


TALK = [tone(1.0, 100.0 * number) for number in range(2, 10)]


@pytest.mark.parametrize("background", Background)
@pytest.mark.parametrize("snr_db", [24, 6])
def test_noise_is_as_much_softer_than_the_person_as_was_asked_for(background: Background, snr_db: int) -> None:
    length = 8 * MICROPHONE_HZ
    surroundings = in_noise(background, snr_db)
    heard = bedroom(surroundings, VOLUME_DB, length, TALK, 1).hear(length)
    pauses_db = 6.0 if background is Background.SNORING else 0.5  # breaths are measured without what is between them
    assert PERSON_DB - snr_db - pauses_db < level_db(heard) < PERSON_DB - snr_db + 0.5


@pytest.mark.parametrize("echo_db", [-12, 0])
def test_the_coachs_voice_is_as_loud_beside_the_person_as_was_asked_for(echo_db: int) -> None:
    room = bedroom(over_own_voice(echo_db), VOLUME_DB, 0, (), 1)
    clip_db = SPEECH_DB + VOLUME_DB
    played = np.random.default_rng(0).normal(0, 10 ** (clip_db / 20), 2 * MICROPHONE_HZ).astype(np.float32)
    heard = []
    for at in range(0, len(played), 320):
        heard.append(room.hear(320))
        room.play(played[at : at + 320])
    assert level_db(np.concatenate(heard)[MICROPHONE_HZ:]) == pytest.approx(PERSON_DB + echo_db, abs=1.0)


def test_people_are_as_loud_as_they_are_far() -> None:
    heard = {one.key: at_microphone(tone(2.0), one, 3) for one in (QUIET, NEAR, FAR)}
    assert level_db(heard["quiet"]) == pytest.approx(PERSON_DB, abs=0.2)
    assert level_db(heard["near"][: 2 * MICROPHONE_HZ]) == pytest.approx(PERSON_DB, abs=1.0)
    assert level_db(heard["far"][: 2 * MICROPHONE_HZ]) == pytest.approx(PERSON_DB - 10, abs=1.0)


@pytest.mark.parametrize("direct_db", [8.0, -2.0])
def test_a_room_answers_with_a_tail_that_dies_away(direct_db: float) -> None:
    made = response(direct_db, 5)
    assert made[0] == 1.0
    tail = np.square(made[1:])
    assert 10 * np.log10(1 / tail.sum()) == pytest.approx(direct_db, abs=0.01)
    early, late = tail[: round(0.1 * MICROPHONE_HZ)].sum(), tail[round(0.2 * MICROPHONE_HZ) :].sum()
    assert 10 * np.log10(early / late) > 25  # 60 dB in 0.4 s
