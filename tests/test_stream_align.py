"""What callbacks bring becomes what the coach listens to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.engines.audio_io.stream_align import (
    ECHO_LEAD_MOST_S,
    ECHO_STEADY_S,
    LONGEST_BLOCK,
    MICROPHONE_LATE_S,
    CaptureQueue,
    Caught,
    EchoReference,
    Played,
    StreamAligner,
)
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = MICROPHONE_HZ // 50


class ListeningCoach:
    """Keeps what it was given to listen to."""

    def __init__(self) -> None:
        """Begin without having heard anything."""
        self.blocks: list[NDArray[np.float32]] = []
        self.references: list[NDArray[np.float32]] = []

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        assert block.dtype == played.dtype == np.float32
        assert block.shape == played.shape
        assert block.ndim == 1
        assert len(block) > 0
        self.blocks.append(block)
        self.references.append(played)

    @property
    def heard(self) -> NDArray[np.float32]:
        return np.concatenate([np.zeros(0, np.float32), *self.blocks])


def caught(sound: NDArray[np.float64], rate_hz: int = MICROPHONE_HZ, channels: int = 1) -> Caught:
    """``sound`` as a microphone with so many channels brings it."""
    return Caught(np.repeat(sound.astype(np.float32)[:, np.newaxis], channels, axis=1), rate_hz)


def played(frames: int) -> Played:
    """So many frames of silence, played."""
    return Played(np.zeros(frames, np.float32))


def tone(rate_hz: int, seconds: float, hz: float = 440.0) -> NDArray[np.float64]:
    """A quiet sine."""
    return 0.3 * np.sin(2 * np.pi * hz * np.arange(round(rate_hz * seconds)) / rate_hz)


@pytest.mark.parametrize("channels", [1, 2])
def test_at_16_khz_the_coach_hears_exactly_what_the_microphone_caught(channels: int) -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, 48_000)
    sound = tone(MICROPHONE_HZ, 1.0)
    for block in np.split(sound, 50):
        feed.take(caught(block, channels=channels))
    np.testing.assert_array_equal(coach.heard, sound.astype(np.float32))


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000])
def test_other_rates_are_resampled_without_a_seam(rate_hz: int) -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, 48_000)
    for block in np.split(tone(rate_hz, 2.0), 100):
        feed.take(caught(block, rate_hz))
    heard, expected = coach.heard, tone(MICROPHONE_HZ, 2.0)[: len(coach.heard)]
    assert len(heard) > 1.9 * MICROPHONE_HZ
    # Away from the beginning, where a resampler has no past to look at, it is the same tone to a thousandth.
    np.testing.assert_allclose(heard[2_000:], expected[2_000:], atol=1e-3)


def test_a_microphone_that_comes_back_with_another_rate_is_heard_at_the_right_pitch() -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, 48_000)
    for rate_hz in (44_100, 48_000):
        for block in np.split(tone(rate_hz, 1.0), 50):
            feed.take(caught(block, rate_hz))
    last = coach.heard[-8_000:]
    assert np.argmax(np.abs(np.fft.rfft(last))) * 2 == pytest.approx(440, abs=2)


def test_a_microphone_that_changes_its_rate_in_the_middle_of_a_session_keeps_time_with_the_echo_reference() -> None:
    """A headset comes, the device goes from 16 to 44.1 kHz and back: no time is lost, no pitch changes."""
    coach = ListeningCoach()
    feed = StreamAligner(coach, MICROPHONE_HZ)
    turn_s = 0.02
    heard_until = [0]
    for number, rate_hz in enumerate((16_000, 44_100, 16_000, 48_000)):
        for turn, block in enumerate(np.split(tone(rate_hz, 2.0), round(2.0 / turn_s))):
            begin = (number * 100 + turn) * BLOCK
            feed.take(Played(numbered(begin, BLOCK)))
            feed.take(caught(block, rate_hz))
        heard_until.append(len(coach.heard))
    for begin, end in pairwise(heard_until):
        settled = coach.heard[begin + 4_000 : begin + 20_000]
        assert end - begin == pytest.approx(2 * MICROPHONE_HZ, abs=0.02 * MICROPHONE_HZ)  # a resampler holds some back
        assert np.argmax(np.abs(np.fft.rfft(settled))) == pytest.approx(440, abs=1)
        assert np.abs(settled).max() == pytest.approx(0.3, abs=0.01)
    reference = np.concatenate(coach.references)
    assert (np.diff(reference) == 1).all(), "the reference goes on without a gap"
    assert 0 <= 8 * MICROPHONE_HZ - reference[-1] <= ECHO_LEAD_MOST_S * MICROPHONE_HZ


def test_while_the_microphone_brings_sound_no_silence_is_mixed_in() -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, 48_000)
    late = round(MICROPHONE_LATE_S * 48_000)
    for _ in range(20):
        feed.take(played(late))
        feed.take(caught(np.ones(BLOCK)))
    assert (coach.heard == 1).all()
    assert len(coach.heard) == 20 * BLOCK


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_without_a_microphone_the_coach_gets_its_time_and_is_told_that_nothing_comes(rate_hz: int) -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, rate_hz)
    for second in range(1, 6):
        for _ in range(50):
            feed.take(played(rate_hz // 50))
        assert len(coach.heard) == second * MICROPHONE_HZ
    assert np.isnan(coach.heard).all()
    assert max(len(block) for block in coach.blocks) <= LONGEST_BLOCK
    # Once it is clear that nothing comes, the dialogue moves on with every callback.
    assert {len(block) for block in coach.blocks[5:]} == {BLOCK}


def test_silence_ends_when_the_microphone_is_back() -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, 16_000)
    feed.take(played(16_000))
    assert len(coach.heard) == 16_000
    feed.take(caught(np.ones(BLOCK)))
    feed.take(played(BLOCK))
    assert len(coach.heard) == 16_000 + BLOCK
    assert coach.heard[-1] == 1


@given(
    speaker_hz=st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
    microphone_hz=st.sampled_from([8_000, 16_000, 44_100, 48_000]),
    turns=st.lists(st.tuples(st.booleans(), st.integers(1, 5_000)), max_size=60),
)
def test_whatever_comes_blocks_and_references_have_the_same_length_and_no_time_is_made_up(
    speaker_hz: int, microphone_hz: int, turns: list[tuple[bool, int]]
) -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, speaker_hz)
    seconds = 0.0
    for is_played, frames in turns:
        feed.take(played(frames) if is_played else caught(np.zeros(frames), microphone_hz))
        seconds += frames / (speaker_hz if is_played else microphone_hz)
    assert len(coach.heard) <= round(seconds * MICROPHONE_HZ) + 1


# --- echo reference: each sample is its own number, so that one can see which one was handed out ----------------------


def numbered(begin: int, count: int) -> NDArray[np.float32]:
    """Samples that say when they were played; exact in float32 for a quarter of an hour."""
    return np.arange(begin + 1, begin + count + 1, dtype=np.float32)


def test_the_reference_is_one_unbroken_row_shortly_behind_the_speaker() -> None:
    echo = EchoReference(MICROPHONE_HZ)
    position = 5 * BLOCK
    echo.add(numbered(0, position))  # a speaker asks for its first tenth of a second at once
    taken = []
    for turn in range(100):
        for _ in range(2 * (turn % 2)):  # callbacks often come two by two
            echo.add(numbered(position, BLOCK))
            position += BLOCK
        taken.append(echo.take(BLOCK))
        behind = position - taken[-1][-1]
        assert 0 <= behind <= (ECHO_LEAD_MOST_S + 0.04) * MICROPHONE_HZ
    steps = np.diff(np.concatenate(taken)[2 * BLOCK :])
    assert (steps == 1).all()


@pytest.mark.parametrize("per_turn", [BLOCK + 2, BLOCK - 2], ids=["speaker runs fast", "speaker runs slow"])
def test_when_the_clocks_drift_apart_the_reference_stays_shortly_behind(per_turn: int) -> None:
    echo = EchoReference(MICROPHONE_HZ)
    position = 0
    starved = 0
    for _ in range(5_000):
        echo.add(numbered(position, per_turn))
        position += per_turn
        reference = echo.take(BLOCK)
        if not reference.all():
            starved += 1
            continue
        most = ECHO_LEAD_MOST_S * MICROPHONE_HZ + 2 * ECHO_STEADY_S * 50 * abs(per_turn - BLOCK)
        assert position - reference[-1] <= most, "and it takes a while until that is noticed"
    assert starved < 5_000 // 12, "a gap is the exception, even sixty times as far apart as clocks are"


def test_a_microphone_that_brings_its_sound_by_fits_and_starts_moves_nothing() -> None:
    """What waits for it meanwhile is made up for a moment later, and the echo comes as late as before."""
    echo = EchoReference(MICROPHONE_HZ)
    echo.add(numbered(0, 4 * BLOCK))
    taken = []
    for turn in range(1_000):
        echo.add(numbered((turn + 4) * BLOCK, BLOCK))
        if turn % 50 < 40:  # every second it is a fifth of a second late
            taken.append(echo.take(BLOCK))
        elif turn % 50 == 49:
            taken += [echo.take(BLOCK) for _ in range(10)]
    np.testing.assert_array_equal(np.diff(np.concatenate(taken)), 1)


@pytest.mark.parametrize("burst", [5, 6, 8])
def test_a_speaker_that_asks_by_fits_and_starts_is_not_left_without_a_reference(burst: int) -> None:
    """A tenth of a second and more at once, as some cards do; and once it stands still for a while."""
    echo, taken, position = EchoReference(MICROPHONE_HZ), [], 0
    echo.take(3 * BLOCK)  # the microphone was first
    for turn in range(300):
        if turn not in range(100, 104):
            echo.add(numbered(position, burst * BLOCK))
            position += burst * BLOCK
        taken += [echo.take(BLOCK) for _ in range(burst)]
    later = np.concatenate(taken[-80 * burst :])
    np.testing.assert_array_equal(np.diff(later), 1)
    assert position - later[-1] <= (burst + 8) * BLOCK


@pytest.mark.parametrize(("lead_blocks", "becomes_s"), [(4, 0.08), (6, 0.07), (20, 0.07)])
def test_in_the_beginning_the_reference_is_brought_back_at_once(lead_blocks: int, becomes_s: float) -> None:
    """Where nothing has been learned, nothing is lost; and no further than it must be."""
    echo = EchoReference(MICROPHONE_HZ)
    echo.add(numbered(0, lead_blocks * BLOCK))
    behind = []
    for turn in range(25):
        echo.add(numbered((lead_blocks + turn) * BLOCK, BLOCK))
        behind.append((lead_blocks + turn + 1) * BLOCK - echo.take(BLOCK)[-1])
    assert behind[-1] == pytest.approx(becomes_s * MICROPHONE_HZ, abs=2)


def test_what_nobody_takes_is_not_hoarded() -> None:
    echo = EchoReference(MICROPHONE_HZ)
    for turn in range(200):
        echo.add(numbered(turn * BLOCK, BLOCK))
    assert 200 * BLOCK - echo.take(BLOCK)[-1] <= (ECHO_LEAD_MOST_S + 0.02) * MICROPHONE_HZ


def test_two_late_callbacks_a_minute_move_nothing() -> None:
    """The gaps are made up for, and the reference comes as late as before."""
    echo, behind = EchoReference(MICROPHONE_HZ), []
    echo.add(numbered(0, BLOCK))
    for turn in range(9_000):
        late = turn % 1_500
        if late >= 3:
            echo.add(numbered((turn + 1) * BLOCK if late > 3 else (turn - 2) * BLOCK, BLOCK if late > 3 else 4 * BLOCK))
        reference = echo.take(BLOCK)
        if reference.all():
            behind.append((turn + 2) * BLOCK - reference[-1])
    assert len(set(behind[10:])) == 1


def test_a_speaker_that_was_gone_is_moved_once() -> None:
    """Once it is back, the reference stays where it has come to."""
    for gone in (15, 20, 35, 50):
        for since in range(92, 166, 6):
            echo, behind = EchoReference(MICROPHONE_HZ), []
            for turn in range(600):
                if not since <= turn < since + gone:
                    echo.add(numbered(turn * BLOCK, BLOCK))
                reference = echo.take(BLOCK)
                if turn > since + gone + 10:
                    behind.append(turn * BLOCK - reference[-1])
            assert len(set(behind)) == 1, (gone, since)


def test_a_speaker_that_is_late_again_and_again_is_given_more_time() -> None:
    """Until nothing of the reference is missing any more, and it is not moved again."""
    echo = EchoReference(MICROPHONE_HZ)
    gaps = []
    for turn in range(6_000):
        if turn % 25 < 21:
            echo.add(numbered(turn * BLOCK, BLOCK))
        elif turn % 25 == 24:  # twice a second it is 60 ms late
            echo.add(numbered((turn - 3) * BLOCK, 4 * BLOCK))
        gaps.append(not echo.take(BLOCK).all())
    assert any(gaps[:1_500])
    assert not any(gaps[-3_000:])


def test_a_late_callback_leaves_a_gap_and_moves_nothing() -> None:
    """What was to be handed out in its place comes too late and is thrown away."""
    echo = EchoReference(MICROPHONE_HZ)
    echo.add(numbered(0, 3 * BLOCK))
    before = np.concatenate([echo.take(BLOCK) for _ in range(2)])
    echo.take(BLOCK)
    gap = echo.take(BLOCK)
    echo.add(numbered(3 * BLOCK, 3 * BLOCK))
    after = np.concatenate([echo.take(BLOCK) for _ in range(2)])
    np.testing.assert_array_equal(before, numbered(0, 2 * BLOCK))
    assert not gap.any()
    np.testing.assert_array_equal(after, numbered(4 * BLOCK, 2 * BLOCK))


def test_a_speaker_that_was_gone_begins_anew() -> None:
    echo = EchoReference(MICROPHONE_HZ)
    for _ in range(100):
        assert not echo.take(BLOCK).any()
    given = []
    for turn in range(10):
        echo.add(numbered(turn * BLOCK, BLOCK))
        given.append(echo.take(BLOCK))
    begun = np.concatenate(given)
    begun = begun[begun > 0]
    assert 1 <= begun[0] <= 2 * BLOCK
    assert (np.diff(begun) == 1).all()
    assert begun[-1] >= 10 * BLOCK - (ECHO_LEAD_MOST_S + 0.02) * MICROPHONE_HZ


def test_without_a_speaker_the_reference_is_silence() -> None:
    echo = EchoReference(48_000)
    assert not echo.take(3_200).any()


def test_the_reference_reaches_the_coach_with_the_block_of_the_same_time() -> None:
    coach = ListeningCoach()
    feed = StreamAligner(coach, MICROPHONE_HZ)
    for turn in range(10):
        feed.take(Played(numbered(turn * BLOCK, BLOCK)))
        feed.take(caught(np.zeros(BLOCK)))
    np.testing.assert_array_equal(np.concatenate(coach.references), numbered(0, 10 * BLOCK))


# --- the queue between the threads ------------------------------------------------------------------------------------


def numbers_in(passage: CaptureQueue) -> list[float]:
    """What waits in the queue, by the first sample of each."""
    passage.close()
    sounds = []
    while (sound := passage.get()) is not None:
        sounds.append(float(sound.sound.flat[0]))
    return sounds


def test_sounds_come_out_in_the_order_in_which_they_happened() -> None:
    passage = CaptureQueue()
    passage.put(caught(np.full(1, 1.0)))
    passage.put(Played(np.full(1, 2.0, np.float32)))
    passage.put(caught(np.full(1, 3.0)))
    assert numbers_in(passage) == [1, 2, 3]
    assert passage.dropped == 0


def test_when_nobody_takes_the_oldest_sounds_make_room_and_those_from_the_microphone_are_counted() -> None:
    passage = CaptureQueue(most=4)
    for number in range(0, 10, 2):
        passage.put(caught(np.full(1, float(number))))
        passage.put(Played(np.full(1, number + 1.0, np.float32)))
    assert passage.dropped == 3
    assert numbers_in(passage) == [6, 7, 8, 9]
