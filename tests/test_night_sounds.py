"""Rain and brown noise after the last word: soft, without a seam, gone within half an hour; off unless asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from night import Night
from small_house import at_rest, knowledge

from voicecoach.dialogue.events import NightSound, PlayNightSound
from voicecoach.dialogue.state import Mode
from voicecoach.speaking.night_sounds import Bed
from voicecoach.speaking.timeline import Timeline

RATE = 16_000
SOUNDS = pytest.mark.parametrize("sound", [NightSound.RAIN, NightSound.BROWN])


def level_db(sound: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound))) + 1e-12))


# --- the sound --------------------------------------------------------------------------------------------------------


@SOUNDS
@given(blocks=st.lists(st.integers(1, 5000), min_size=1, max_size=8))
def test_it_is_the_same_in_whatever_blocks_it_is_read(sound: NightSound, blocks: list[int]) -> None:
    whole = Bed(sound, RATE, 100, 60.0).read(0, sum(blocks))
    bed, at, parts = Bed(sound, RATE, 100, 60.0), 0, []
    for frames in blocks:
        parts.append(bed.read(at, frames))
        at += frames
    assert np.array_equal(np.concatenate(parts), whole)
    assert not whole[:100].any()


@SOUNDS
def test_it_is_soft_and_swells_and_has_no_seam(sound: NightSound) -> None:
    heard = Bed(sound, RATE, 0, 1200.0).read(0, 60 * RATE)
    tenths = [level_db(heard[at : at + RATE // 10]) for at in range(10 * RATE, 50 * RATE, RATE // 10)]
    assert level_db(heard[: RATE // 10]) < -70
    assert max(tenths) < -35, "sentences are at -20 dB"
    assert max(tenths) - min(tenths) < 12, "nothing drops out"
    assert abs(np.corrcoef(heard[10 * RATE : 20 * RATE], heard[20 * RATE : 30 * RATE])[0, 1]) < 0.1, "no loop"


@SOUNDS
@pytest.mark.parametrize("minutes", [1, 20, 30])
def test_it_fades_to_nothing_in_its_time(sound: NightSound, minutes: int) -> None:
    bed = Bed(sound, RATE, 0, 60.0 * minutes)
    levels = [level_db(bed.read(round(share * 60 * minutes * RATE), RATE)) for share in (0.2, 0.5, 0.7, 0.97)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] - levels[3] > 20
    assert not bed.is_over(60 * minutes * RATE - 1)
    assert bed.is_over(60 * minutes * RATE)
    assert not bed.read(60 * minutes * RATE, 100).any()


def test_it_goes_within_seconds_when_somebody_has_had_enough() -> None:
    timeline = Timeline(RATE)
    timeline.play_night_sound(NightSound.RAIN, 1200.0)
    assert level_db(timeline.read(20 * RATE)[-RATE:]) > -60
    timeline.play_night_sound(NightSound.NONE, 0.0)
    assert timeline.read(10 * RATE)[:RATE].any()
    assert not timeline.read(RATE).any()
    assert timeline.sounding() == ()
    assert timeline.played() == [], "it is no clip"


def test_a_sentence_lies_over_it() -> None:
    timeline = Timeline(RATE)
    timeline.play_night_sound(NightSound.RAIN, 1200.0)
    timeline.place(np.full(RATE, 0.25, np.float32), 10 * RATE, "Rest.")
    heard = timeline.read(12 * RATE)
    assert heard[10 * RATE + 100 : 11 * RATE - 100].mean() == pytest.approx(0.25, abs=0.01)
    assert [clip.label for clip in timeline.played()] == ["Rest."]


# --- when it is heard -------------------------------------------------------------------------------------------------


def night(sound: NightSound = NightSound.NONE) -> Night:
    return Night(at_rest(knows=knowledge(night_sound=PlayNightSound(sound, 1200.0)))).opens().passes(10)


def rains(night: Night) -> bool:
    return night.state.night_sounds


def to_the_end(night: Night) -> Night:
    for _ in range(200):
        if night.state.mode in {Mode.REST, Mode.ASLEEP}:
            break
        night.passes(30)
    return night


def test_it_is_off_unless_somebody_asks() -> None:
    assert not rains(to_the_end(night().says("start bedtime")))


def test_after_the_last_word_of_an_evening_it_rains_where_the_settings_say_so() -> None:
    session = night(NightSound.RAIN).says("start bedtime").passes(60)
    assert not rains(session)
    assert rains(to_the_end(session))


def test_rain_please_is_answered_and_comes_later() -> None:
    session = night().says("start bedtime").passes(60).says("rain please")
    assert session.last == "There will be rain after the last word."
    assert not rains(session)
    assert rains(to_the_end(session.passes(5)))


def test_no_rain_is_for_later_too() -> None:
    session = night(NightSound.RAIN).says("start bedtime").passes(60).says("no rain")
    assert session.last == "Then it is quiet after the last word."
    assert not rains(to_the_end(session.passes(5)))


@pytest.mark.parametrize("words", ["no more rain", "stop"])
def test_at_rest_it_comes_and_goes_at_a_word(words: str) -> None:
    resting = night().says("rain please")
    assert rains(resting)
    assert not rains(resting.passes(60).says(words))


def test_who_begins_something_is_not_rained_upon() -> None:
    assert not rains(night().says("rain please").passes(30).says("start bedtime"))
