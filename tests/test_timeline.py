"""The timeline: what is heard, and when, to the sample."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speaking.timeline import FADE_S, PlayedClip, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
FADE = round(FADE_S * RATE)


def level(value: float, frames: int) -> NDArray[np.float32]:
    """A clip at a constant level, but for one zero at either end: nothing for the timeline to soften."""
    sound = np.full(frames, value, np.float32)
    sound[[0, -1]] = 0.0
    return sound


def noise(frames: int, seed: int) -> NDArray[np.float32]:
    """A quiet clip in which no two samples are alike, zero at either end."""
    sound = np.random.default_rng(seed).uniform(-0.2, 0.2, frames).astype(np.float32)
    if frames:
        sound[[0, -1]] = 0.0
    return sound


def largest_step(sound: NDArray[np.float32]) -> float:
    return float(np.max(np.abs(np.diff(sound))))


# --- places -----------------------------------------------------------------------------------------------------------


def test_nothing_planned_is_silence_of_the_right_shape() -> None:
    timeline = Timeline(RATE)
    block = timeline.read(480)
    assert block.shape == (480,)
    assert block.dtype == np.float32
    assert not block.any()
    assert timeline.position == timeline.busy_until == 480
    assert timeline.read(0).shape == (0,)


@pytest.mark.parametrize("block", [1, 7, 320, 10_000])
def test_the_first_sample_of_a_clip_is_the_frame_it_was_placed_at(block: int) -> None:
    timeline, clip = Timeline(RATE), noise(700, seed=1)
    timeline.place(clip, 1234, "breathe in")
    heard = np.concatenate([timeline.read(block) for _ in range(10_000 // block)])
    expected = np.zeros(len(heard), np.float32)
    expected[1234:1934] = clip
    assert np.array_equal(heard, expected)


def test_a_clip_placed_in_the_past_begins_now_and_says_so() -> None:
    timeline, clip = Timeline(RATE), noise(50, seed=1)
    timeline.read(1000)
    timeline.place(clip, 200, "late")
    assert np.array_equal(timeline.read(60)[:50], clip)
    assert timeline.played() == [PlayedClip("late", 1000, 1050, whole=True)]


def test_what_takes_the_place_of_everything_begins_with_the_next_frame() -> None:
    timeline, before, now = Timeline(RATE), level(0.5, 4000), noise(300, seed=1)
    timeline.place(before, 0, "before")
    timeline.read(1000)
    assert timeline.replace([(500, now, "one"), (0, now, "other")]) == 1000
    heard = timeline.read(1000)
    assert heard[FADE:300].tolist() == now[FADE:].tolist(), "after the fade of what was said before"
    assert heard[500:800].tolist() == now.tolist()
    labels = [(clip.label, clip.began) for clip in timeline.played()]
    assert labels == [("before", 0), ("other", 1000), ("one", 1500)]


def test_nothing_is_replaced_where_one_of_the_clips_is_none() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(300, seed=1), 0, "before")
    with pytest.raises(ValueError, match="one row of float32"):
        timeline.replace([(0, noise(300, seed=2), "good"), (100, np.zeros((2, 2), np.float32), "bad")])
    timeline.read(400)
    assert [clip.label for clip in timeline.played()] == ["before"]


def test_clips_that_replace_keep_their_distances_while_another_thread_reads() -> None:
    timeline, done = Timeline(RATE), threading.Event()

    def read() -> None:
        while not done.is_set():
            timeline.read(7)

    reader = threading.Thread(target=read)
    reader.start()
    begins = [
        (timeline.replace([(offset, noise(4, seed=1), (turn, offset)) for offset in range(0, 300, 50)]), turn)
        for turn in range(200)
    ]
    while timeline.position < timeline.busy_until:
        pass
    done.set()
    reader.join()
    began = {clip.label: clip.began for clip in timeline.played()}
    for begin, turn in begins:
        for offset in range(0, 300, 50):
            assert began.get((turn, offset), begin + offset) == begin + offset


def test_clips_that_overlap_are_added_up() -> None:
    timeline, one, other = Timeline(RATE), noise(100, seed=1), noise(100, seed=2)
    timeline.place(other, 40, "chime")
    timeline.place(one, 0, "words")
    heard = timeline.read(200)
    assert np.array_equal(heard[:40], one[:40])
    assert np.array_equal(heard[40:100], one[40:] + other[:60])
    assert np.array_equal(heard[100:140], other[60:])


def test_too_much_at_once_is_cut_off_at_full_scale() -> None:
    timeline = Timeline(RATE)
    for label in range(3):
        timeline.place(level(-0.8, 100), 0, label)
    heard = timeline.read(100)
    assert heard.min() == -1.0


def test_a_clip_with_hard_edges_neither_clicks_nor_moves() -> None:
    timeline, hard = Timeline(RATE), np.full(4000, 0.5, np.float32)
    timeline.place(hard, 1000, "hard")
    heard = timeline.read(6000)
    assert largest_step(heard) < 0.05
    assert not heard[:1000].any()
    assert not heard[5000:].any()
    assert np.array_equal(heard[1100:4900], hard[100:-100])
    assert np.all(hard == 0.5), "the caller's own sound is left alone"


@pytest.mark.parametrize("sound", [np.zeros((10, 2), np.float32), np.zeros(10, np.int16), np.zeros(10)])
def test_what_is_not_a_row_of_float32_is_refused(sound: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="one row of float32"):
        Timeline(RATE).place(sound, 0, "wrong")


# --- what was played --------------------------------------------------------------------------------------------------


def test_a_clip_is_reported_once_and_only_after_its_last_sample() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(100, seed=1), 10, "cue")
    assert timeline.busy_until == 110
    timeline.read(109)
    assert timeline.played() == []
    assert timeline.sounding() == ("cue",)
    timeline.read(1)
    assert timeline.played() == [PlayedClip("cue", 10, 110, whole=True)]
    assert timeline.sounding() == ()
    assert timeline.played() == []
    assert timeline.busy_until == timeline.position


def test_reports_come_in_the_order_of_their_ends() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(500, seed=1), 0, "long")
    timeline.place(noise(50, seed=2), 100, "short")
    timeline.read(1000)
    assert [clip.label for clip in timeline.played()] == ["short", "long"]


def test_sounding_tells_what_the_next_frame_holds() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(100, seed=1), 0, "now")
    timeline.place(noise(100, seed=2), 60, "soon")
    assert timeline.sounding() == ("now",)
    timeline.read(59)
    assert timeline.sounding() == ("now",)
    timeline.read(1)
    assert timeline.sounding() == ("now", "soon")
    timeline.read(40)
    assert timeline.sounding() == ("soon",)


@pytest.mark.parametrize("at", [0, 480])
def test_a_clip_without_samples_is_over_as_soon_as_its_place_is_reached(at: int) -> None:
    timeline = Timeline(RATE)
    timeline.place(np.zeros(0, np.float32), at, "nothing")
    timeline.read(at)
    assert timeline.played() == [PlayedClip("nothing", at, at, whole=True)]


# --- hush -------------------------------------------------------------------------------------------------------------


def test_hush_fades_what_sounds_within_its_time_and_forgets_the_rest() -> None:
    timeline = Timeline(RATE)
    timeline.place(level(0.5, 4000), 0, "talking")
    timeline.place(level(0.5, 4000), 2000, "planned")
    timeline.read(1000)
    timeline.stop_playback()
    assert timeline.busy_until == 1000 + FADE
    heard = timeline.read(4000)
    assert heard[0] == pytest.approx(0.5), "no step at the beginning of the fade"
    assert np.all(np.diff(heard[:FADE]) <= 0)
    assert largest_step(heard) < 0.02, "no step later"
    assert not heard[FADE:].any()
    assert timeline.played() == [PlayedClip("talking", 0, 1000 + FADE, whole=False)]


def test_what_is_said_after_a_hush_is_not_faded() -> None:
    timeline, answer = Timeline(RATE), noise(500, seed=3)
    timeline.place(level(0.3, 4000), 0, "talking")
    timeline.read(1000)
    timeline.stop_playback()
    timeline.place(answer, 1000 + FADE, "stopped")
    timeline.place(level(0.1, 60), 1010, "chime")
    heard = timeline.read(2000)
    assert np.array_equal(heard[FADE : FADE + 500], answer)
    alone = heard[11:69] - 0.1
    assert np.all(np.diff(alone) <= 0), "under the chime the fade goes on"


def test_a_second_hush_does_not_begin_the_fade_anew() -> None:
    timeline = Timeline(RATE)
    timeline.place(level(0.5, 4000), 0, "talking")
    timeline.read(1000)
    timeline.stop_playback()
    first = timeline.read(FADE // 2)
    timeline.stop_playback()
    heard = np.concatenate([first, timeline.read(1000)])
    assert np.all(np.diff(heard) <= 0)
    assert not heard[FADE:].any()


def test_a_clip_that_would_begin_with_the_hush_is_never_heard_or_reported() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(100, seed=1), 0, "cue")
    timeline.stop_playback()
    assert timeline.busy_until == 0
    assert not timeline.read(500).any()
    assert timeline.played() == []


def test_a_clip_hushed_in_its_last_milliseconds_ends_where_it_would_have_ended() -> None:
    timeline = Timeline(RATE)
    timeline.place(noise(1000, seed=1), 0, "cue")
    timeline.read(990)
    timeline.stop_playback()
    timeline.read(500)
    assert timeline.played() == [PlayedClip("cue", 0, 1000, whole=False)]


# --- loudness ---------------------------------------------------------------------------------------------------------


def test_ducking_steps_back_twelve_decibels_and_comes_forward_again_without_a_click() -> None:
    timeline = Timeline(RATE)
    timeline.place(level(0.5, 3 * RATE), 0, "talking")
    before = timeline.read(RATE)
    timeline.duck(on=True)
    ducked = timeline.read(RATE)
    timeline.duck(on=False)
    after = timeline.read(RATE - 1)
    assert np.allclose(ducked[round(0.06 * RATE) :], 0.5 * 10 ** (-12 / 20), atol=1e-6)
    assert np.allclose(after[round(0.25 * RATE) :], 0.5)
    assert largest_step(np.concatenate([before[1:], ducked, after])) < 0.002


def test_ducking_again_every_block_changes_nothing() -> None:
    once, often = Timeline(RATE), Timeline(RATE)
    for timeline in (once, often):
        timeline.place(noise(RATE, seed=1), 0, "talking")
    once.duck(on=True)
    heard_once = once.read(3200)
    heard_often = []
    for _ in range(10):
        often.duck(on=True)
        heard_often.append(often.read(320))
    assert np.array_equal(heard_once, np.concatenate(heard_often))


def test_ducking_that_changes_its_mind_goes_on_from_where_it_is() -> None:
    timeline = Timeline(RATE)
    timeline.place(level(0.5, RATE), 0, "talking")
    timeline.read(100)
    timeline.duck(on=True)
    down = timeline.read(round(0.03 * RATE))
    timeline.duck(on=False)
    up = timeline.read(round(0.25 * RATE) + 10)
    assert abs(float(up[0]) - float(down[-1])) < 0.002
    assert up[-1] == pytest.approx(0.5)


def test_volume_is_in_decibels_and_moves_without_a_click() -> None:
    timeline = Timeline(RATE, volume_db=-6.0)
    timeline.place(level(0.5, RATE), 0, "talking")
    before = timeline.read(1000)
    timeline.set_volume(-20.0)
    after = timeline.read(1000)
    assert np.allclose(before[1:], 0.5 * 10 ** (-6 / 20))
    assert np.allclose(after[round(0.05 * RATE) :], 0.05)
    assert largest_step(np.concatenate([before[1:], after])) < 0.002


def test_softness_comes_beside_the_volume_and_slowly() -> None:
    timeline = Timeline(RATE, volume_db=-6.0)
    timeline.place(level(0.5, 2 * RATE), 0, "talking")
    before = timeline.read(1000)
    timeline.soften(-6.0)
    softer = timeline.read(RATE)
    timeline.soften(0.0, within_s=0.05)
    after = timeline.read(2000)
    assert np.allclose(softer[round(0.3 * RATE) :], 0.5 * 10 ** (-12 / 20))
    assert np.allclose(after[round(0.05 * RATE) :], before[1:].mean())
    assert largest_step(np.concatenate([before[1:], softer])) < 0.0001
    assert largest_step(np.concatenate([softer, after])) < 0.001


@pytest.mark.parametrize("db", [0.1, float("nan")])
def test_a_volume_above_full_is_refused(db: float) -> None:
    with pytest.raises(ValueError, match="0 dB or less"):
        Timeline(RATE).set_volume(db)


# --- properties -------------------------------------------------------------------------------------------------------

SPAN = 3000
calls = st.lists(
    st.tuples(
        st.integers(0, SPAN),
        st.one_of(
            st.tuples(st.just("place"), st.integers(0, 400), st.integers(0, 900)),
            st.tuples(st.just("hush"), st.just(0), st.just(0)),
            st.tuples(st.just("duck"), st.integers(0, 1), st.just(0)),
            st.tuples(st.just("volume"), st.integers(-40, 0), st.just(0)),
            st.tuples(st.just("soften"), st.integers(-6, 0), st.just(0)),
        ),
    ),
    max_size=8,
).map(lambda pairs: sorted(pairs, key=lambda pair: pair[0]))
Call = tuple[int, tuple[str, int, int]]


def play(script: list[Call], block: int, rate_hz: int = 4000) -> tuple[NDArray[np.float32], list[PlayedClip]]:
    """What is heard when ``script``'s calls are made at their frames and all else is read in blocks of ``block``."""
    timeline, heard = Timeline(rate_hz), [np.zeros(0, np.float32)]

    def read_up_to(frame: int) -> None:
        while timeline.position < frame:
            heard.append(timeline.read(min(block, frame - timeline.position)))

    for number, (frame, (call, first, second)) in enumerate(script):
        read_up_to(frame)
        if call == "place":
            timeline.place(noise(second, seed=number), frame + first - 100, number)
        elif call == "hush":
            timeline.stop_playback()
        elif call == "duck":
            timeline.duck(on=bool(first))
        elif call == "soften":
            timeline.soften(first)
        else:
            timeline.set_volume(first)
    read_up_to(2 * SPAN)
    return np.concatenate(heard), timeline.played()


@given(script=calls, block=st.integers(1, 700))
def test_the_same_calls_give_the_same_samples_in_any_blocks(script: list[Call], block: int) -> None:
    whole, played_whole = play(script, 2 * SPAN)
    parts, played_parts = play(script, block)
    assert np.array_equal(whole, parts)
    assert played_whole == played_parts
    assert np.all(np.abs(whole) <= 1.0)


@given(
    clips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 500)), max_size=6),
    block=st.integers(1, 700),
)
def test_what_is_heard_is_the_sum_of_the_clips_at_their_places(clips: list[tuple[int, int]], block: int) -> None:
    script: list[Call] = [(0, ("place", at + 100, frames)) for at, frames in clips]
    heard, played = play(script, block)
    expected = np.zeros(2 * SPAN)
    for number, (at, frames) in enumerate(clips):
        expected[at : at + frames] += noise(frames, seed=number)
    assert np.allclose(heard, np.clip(expected, -1, 1), atol=1e-6)
    assert sorted((clip.label, clip.began, clip.ended, clip.whole) for clip in played) == [
        (number, at, at + frames, True) for number, (at, frames) in enumerate(clips)
    ]


def test_reading_and_placing_from_two_threads_loses_no_clip() -> None:
    timeline, reported, done = Timeline(RATE), list[PlayedClip](), threading.Event()

    def speaker() -> None:
        while not done.is_set():
            timeline.read(64)
        timeline.read(timeline.busy_until - timeline.position)

    reader = threading.Thread(target=speaker)
    reader.start()
    for label in range(500):
        timeline.place(noise(32, seed=label), timeline.position + 100, label)
        reported += timeline.played()
    done.set()
    reader.join()
    reported += timeline.played()
    assert sorted(str(clip.label) for clip in reported) == sorted(map(str, range(500)))
    assert all(clip.whole and clip.ended - clip.began == 32 for clip in reported)
