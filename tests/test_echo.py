"""The coach's own voice is taken out of the microphone, whatever the room and the clocks; a person's voice stays."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_echo import (
    PLAYED,
    ROOM_DB,
    SECOND,
    at_microphone,
    heard,
    last,
    level_db,
    room_noise,
    speech,
    stretched,
)

from voicecoach.engines.echo.kalman.adaptive_filter import AdaptiveFilter
from voicecoach.engines.echo.kalman.canceller import KalmanCanceller
from voicecoach.engines.echo.kalman.clock_drift import ClockDrift
from voicecoach.engines.echo.kalman.echo_reference import Reference
from voicecoach.engines.echo.kalman.postfilter import Postfilter
from voicecoach.engines.echo.kalman.residual_echo import ResidualEcho
from voicecoach.engines.echo.off import NoCanceller
from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ


@pytest.mark.parametrize(
    ("delay_s", "echo_db", "ppm"),
    [(0.04, -6.0, 0.0), (0.04, 6.0, 0.0), (0.24, -6.0, 0.0), (0.04, -6.0, 100.0), (0.04, -6.0, -100.0)],
)
def test_nothing_but_the_room_is_left_of_the_coachs_voice(delay_s: float, echo_db: float, ppm: float) -> None:
    echo = at_microphone(PLAYED, echo_db=echo_db, delay_s=delay_s, seed=2)
    microphone = stretched(echo, ppm) + room_noise(len(PLAYED), seed=3)
    canceller = KalmanCanceller()
    left = heard(canceller, microphone, PLAYED)
    assert level_db(last(left, 8.0)) < level_db(last(microphone, 8.0)) - 25
    assert canceller.drift_ppm == pytest.approx(ppm, abs=3)
    assert canceller.erle_db is not None
    assert canceller.erle_db > 15
    assert canceller.echo_db == pytest.approx(echo_db, abs=2)


def test_a_room_without_an_echo_stays_as_it_is() -> None:
    """Headphones, or a speaker that is turned off: what the canceller makes up itself must not sound like words."""
    room = room_noise(len(PLAYED), seed=3)
    canceller = KalmanCanceller()
    left = heard(canceller, room, PLAYED)
    assert level_db(last(left, 12.0)) == pytest.approx(ROOM_DB, abs=2)
    power = canceller.remove(room[-BLOCK:], PLAYED[-BLOCK:]).residual_echo_power
    assert power is not None
    assert 10 * np.log10(max(power) + 1e-20) < ROOM_DB - 5


def test_an_echo_that_comes_where_there_was_none_is_learned() -> None:
    """Somebody turns the speaker on in the middle of the night."""
    played = np.concatenate([PLAYED, speech(45.0, seed=6)])
    echo = at_microphone(played, echo_db=-6, delay_s=0.04, seed=2)
    echo[: len(PLAYED)] = 0.0
    microphone = echo + room_noise(len(echo), seed=3)
    left = heard(KalmanCanceller(), microphone, played)
    assert level_db(last(left, 5.0)) < level_db(last(microphone, 5.0)) - 20
    soon = slice(25 * SECOND, 35 * SECOND)
    assert level_db(left[soon]) < level_db(microphone[soon]) - 10


def test_a_clock_that_changes_its_pace_is_followed_while_a_person_speaks() -> None:
    """Sound servers make up for two clocks by changing the pace of one every few seconds."""
    played = np.concatenate([PLAYED, speech(40.0, seed=6)])
    ppm = np.repeat([80.0, 60.0, 80.0, 60.0, 80.0, 60.0], 10 * SECOND)
    person = speech(60.0, seed=4)
    person[np.arange(len(person)) // SECOND % 4 < 3] = 0.0
    echo = stretched(at_microphone(played, echo_db=-12, delay_s=0.14, seed=2), ppm)
    left = heard(KalmanCanceller(), person + echo + room_noise(len(echo), seed=3), played)
    difference = left[: len(person) - BLOCK] - person[: len(left)]
    assert level_db(last(difference, 40.0)) < level_db(last(echo, 40.0)) - 12
    assert level_db(last(difference, 40.0)) < level_db(last(person, 40.0)) - 20


def test_a_loud_person_is_not_taken_for_an_echo() -> None:
    person = speech(20.0, seed=4, level_db=-14)
    echo = at_microphone(PLAYED, echo_db=-18, delay_s=0.04, seed=2)
    canceller = KalmanCanceller()
    heard(canceller, echo + room_noise(len(echo), seed=3), PLAYED)
    left = heard(canceller, person + echo + room_noise(len(echo), seed=3), PLAYED)
    difference = left[: len(person) - BLOCK] - person[: len(left)]
    assert level_db(difference) < level_db(echo)


def test_it_is_quiet_from_the_first_word_on() -> None:
    """Before it has learned the room, it is turned down instead."""
    echo = at_microphone(PLAYED, echo_db=-6, delay_s=0.04, seed=2)
    left = heard(KalmanCanceller(), echo + room_noise(len(echo), seed=3), PLAYED)
    assert level_db(left[: 2 * SECOND]) < level_db(echo[: 2 * SECOND]) - 15


def test_a_person_is_heard_over_it_as_if_the_coach_were_silent() -> None:
    """At an echo as loud as the person, and both speak all the time: the hardest case."""
    person = speech(20.0, seed=4)
    person[: 6 * SECOND] = 0.0
    echo = at_microphone(PLAYED, echo_db=0, delay_s=0.04, seed=2)
    left = heard(KalmanCanceller(), person + echo + room_noise(len(echo), seed=3), PLAYED)
    difference = left[: len(person) - BLOCK] - person[: len(left)]
    assert level_db(last(difference, 12.0)) < level_db(last(person, 12.0)) - 10


def test_while_the_coach_is_silent_the_microphone_passes_as_it_is() -> None:
    person = speech(3.0, seed=4)
    left = heard(KalmanCanceller(), person, np.zeros_like(person))
    np.testing.assert_allclose(left, person[: len(left)], atol=1e-6)


def test_another_place_for_the_speaker_is_learned_again() -> None:
    before = at_microphone(PLAYED, echo_db=-6, delay_s=0.04, seed=2)
    after = at_microphone(-PLAYED, echo_db=-6, delay_s=0.07, seed=5)
    canceller = KalmanCanceller()
    heard(canceller, before + room_noise(len(before), seed=3), PLAYED)
    left = heard(canceller, after + room_noise(len(after), seed=3), PLAYED)
    assert level_db(last(left, 5.0)) < level_db(last(after, 5.0)) - 20


@pytest.mark.parametrize("block", [1, 160, 320, 441, 5000])
def test_the_length_of_a_block_does_not_matter(block: int) -> None:
    played = PLAYED[:SECOND]
    echo = at_microphone(played, echo_db=-6, delay_s=0.04, seed=2)
    expected = heard(KalmanCanceller(), echo, played)
    np.testing.assert_allclose(heard(KalmanCanceller(), echo, played, block), expected, atol=1e-6)


def test_at_first_nothing_is_known() -> None:
    canceller = KalmanCanceller()
    assert (canceller.erle_db, canceller.echo_db, canceller.drift_ppm) == (None, None, 0.0)


def test_switched_off_the_microphone_stays_as_it_is_and_nothing_is_known_of_an_echo() -> None:
    person = speech(1.0, seed=4)
    cleaned = NoCanceller().remove(person, PLAYED[: len(person)])
    assert cleaned.sound is person
    assert cleaned.residual_echo_power is None


# --- its parts --------------------------------------------------------------------------------------------------------


def test_the_filter_says_how_unsure_it_is() -> None:
    echo = at_microphone(PLAYED, echo_db=-6, delay_s=0.04, seed=2)
    filter_ = AdaptiveFilter()
    residual_echo_power = [
        float(filter_.take(echo[at : at + BLOCK], PLAYED[at : at + BLOCK]).residual_echo_power.sum())
        / (float(np.sum(np.square(PLAYED[at : at + BLOCK]))) + 1e-3)
        for at in range(0, 10 * SECOND, BLOCK)
    ]
    assert np.median(residual_echo_power[-100:]) < np.median(residual_echo_power[:20]) / 10


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_an_echo_that_was_left_is_measured_while_somebody_speaks(share: float) -> None:
    """At the level of the person; the share is one of amplitude."""
    expected = at_microphone(PLAYED, echo_db=0, delay_s=0.04, seed=2)
    left = share * expected + speech(20.0, seed=4) * share * np.float32(0.5)
    residual = ResidualEcho(BLOCK // 2 + 1)
    blocks = [slice(at, at + BLOCK) for at in range(0, len(expected), BLOCK)]
    shares = [
        residual.share(*(np.fft.rfft(sound[block]).astype(np.complex64) for sound in (left, expected)))
        for block in blocks
    ]
    assert np.median(shares[50:]) == pytest.approx(share**2, rel=0.3)


@pytest.mark.parametrize("noise_db", [-120.0, -50.0])
@pytest.mark.parametrize("ppm", [-250.0, -20.0, 20.0, 100.0])
def test_the_drift_of_two_clocks_is_measured(ppm: float, noise_db: float) -> None:
    echo = stretched(at_microphone(PLAYED, echo_db=-6, delay_s=0.1, seed=2), ppm)
    echo += room_noise(len(echo), seed=3) * np.float32(10 ** ((noise_db - ROOM_DB) / 20))
    drift = ClockDrift()
    blocks = (slice(at, at + BLOCK) for at in range(0, len(PLAYED), BLOCK))
    measured = [found for part in blocks if (found := drift.take(echo[part], PLAYED[part])) is not None]
    assert measured
    assert np.median(measured) == pytest.approx(ppm, rel=0.1)


@pytest.mark.parametrize("silent", ["both", "microphone", "speaker", "unrelated"])
def test_no_drift_is_made_up_where_there_is_no_echo(silent: str) -> None:
    nothing = np.zeros_like(PLAYED)
    microphone = nothing if silent in {"both", "microphone"} else speech(20.0, seed=9)
    played = nothing if silent in {"both", "speaker"} else PLAYED
    drift = ClockDrift()
    blocks = (slice(at, at + BLOCK) for at in range(0, len(PLAYED), BLOCK))
    assert all(drift.take(microphone[part], played[part]) is None for part in blocks)


@pytest.mark.parametrize("ppm", [0.0, 100.0, -100.0])
def test_the_reference_is_a_tone_again_of_another_pitch(ppm: float) -> None:
    """Where the clocks have gone apart by a block, one is left out or given twice, and it says so."""
    hz = 1000  # a block holds whole periods, so a jump by a block is not to be heard
    tone = np.sin(2 * np.pi * hz / MICROPHONE_HZ * np.arange(600 * SECOND)).astype(np.float32)
    reference = Reference()
    reference.ppm = ppm
    given, later = zip(*(reference.take(tone[at : at + BLOCK]) for at in range(0, len(tone), BLOCK)), strict=True)
    wanted = np.sin(2 * np.pi * hz / MICROPHONE_HZ * (1 - ppm * 1e-6) * np.arange(len(tone), dtype=np.float64))
    late = 80  # samples, in the beginning
    heard_again = np.concatenate(given)[3 * BLOCK :]
    assert np.abs(heard_again - wanted[3 * BLOCK - late : -late]).max() < 0.005
    assert sum(later) == pytest.approx(-ppm * 1e-6 * len(tone) / BLOCK, abs=1)


@pytest.mark.parametrize("held_back", [0, 60, 100])
@pytest.mark.parametrize("ppm", [0.0, 100.0])
@pytest.mark.parametrize("silent_blocks", [0, 1, 95, 123, 124, 125, 126, 400])
def test_silence_changes_nothing_in_the_reference(silent_blocks: int, ppm: float, held_back: int) -> None:
    """It costs nothing, and what follows it is what would have followed next to nothing."""
    given = []
    for filling in (np.float32(0.0), np.float32(1e-30)):
        rng, reference = np.random.default_rng(3), Reference()
        reference.ppm, reference.held_back = ppm, held_back
        before, after = (rng.standard_normal((150, BLOCK)).astype(np.float32) for _ in range(2))
        played = [*before, *([np.full(BLOCK, filling)] * silent_blocks), *after]
        given.append([reference.take(block) for block in played])
    for (silent, later), (nearly, nearly_later) in zip(*given, strict=True):
        assert later == nearly_later
        assert silent == pytest.approx(nearly, abs=1e-25)


def test_in_a_long_silence_the_reference_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = Reference()
    reference.ppm = 100.0
    for _ in range(2 * SECOND // BLOCK):
        reference.take(np.zeros(BLOCK, np.float32))
    monkeypatch.setattr(Reference, "_block", lambda *_: pytest.fail("it is computed"))
    assert not reference.take(np.zeros(BLOCK, np.float32))[0].any()


def test_the_filter_follows_a_reference_that_has_become_earlier_or_later_by_a_block() -> None:
    """So nothing has to be learned again when the clocks have gone apart by a block."""
    echo = at_microphone(PLAYED, echo_db=-6, delay_s=0.1, seed=2)
    for blocks in (1, -1):
        filter_ = AdaptiveFilter()
        for at in range(0, 10 * SECOND, BLOCK):
            filter_.take(echo[at : at + BLOCK], PLAYED[at : at + BLOCK])
        filter_.shift(blocks)
        ahead = blocks * BLOCK
        left = [
            filter_.take(echo[at : at + BLOCK], PLAYED[at + ahead : at + ahead + BLOCK]).left
            for at in range(10 * SECOND, 13 * SECOND, BLOCK)
        ]
        assert level_db(np.concatenate(left[25:])) < level_db(echo[round(10.5 * SECOND) : 13 * SECOND]) - 10


def test_the_postfilter_leaves_what_is_surely_no_echo() -> None:
    sound, nothing = speech(1.0, seed=4), np.zeros(BLOCK + 1, np.float32)
    postfilter = Postfilter()
    given = [postfilter.take(sound[at : at + BLOCK], nothing) for at in range(0, len(sound), BLOCK)]
    np.testing.assert_allclose(np.concatenate(given)[BLOCK:], sound[:-BLOCK], atol=1e-5)


def test_the_postfilter_turns_down_what_may_be_all_echo_by_20_db() -> None:
    sound, everything = speech(1.0, seed=4), np.full(BLOCK + 1, 1e9, np.float32)
    postfilter = Postfilter()
    given = [postfilter.take(sound[at : at + BLOCK], everything) for at in range(0, len(sound), BLOCK)]
    np.testing.assert_allclose(np.concatenate(given)[BLOCK:], 0.1 * sound[:-BLOCK], atol=1e-5)
