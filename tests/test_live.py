"""Evenings in the live room, with devices of paper: what the listener hears, and how it all ends."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_sound_card import FakeCard, FakeStream, microphone, speaker

from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.audio_io.stream_align import MOST_WAITING
from voicecoach.errors import MissingPartError
from voicecoach.live import CHECK_S, SWITCH_S, LiveRunner
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RATE_HZ = 48_000
LOUD = np.full(320, 0.5, np.float32)
"""A block in which somebody speaks."""
HELP_S = 10.0
"""How long a scene waits for the coach's thread before it calls it stuck."""


class PaperCoach:
    """Answers every loud block with a second of sound, and can be made to fail or to be slow."""

    def __init__(self) -> None:
        """Begin at rest."""
        self.timeline = Timeline(RATE_HZ)
        # Half a wave: it begins and ends so softly that the timeline plays every sample as it is.
        self.answer = (0.5 * np.sin(np.pi * np.arange(1, RATE_HZ) / RATE_HZ)).astype(np.float32)
        self.error: BaseException | None = None
        self.samples = 0
        """How many samples it has listened to."""
        self.listened = threading.Condition()
        self.may_work = threading.Event()
        self.may_work.set()
        self.threads: set[str] = set()
        self.listened_late = threading.Event()
        """Whether it was given something to listen to after the fifth second of sound."""

    def failed(self, error: Exception) -> None:
        """It does not go on."""
        raise error

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        assert len(block) == len(played)
        self.threads.add(threading.current_thread().name)
        assert self.may_work.wait(HELP_S)
        if self.timeline.position > 5 * RATE_HZ:
            self.listened_late.set()
        if self.error is not None:
            raise self.error
        if block.max() > 0.4:
            self.timeline.place(self.answer, self.timeline.position, "answer")
        with self.listened:
            self.samples += len(block)
            self.listened.notify()


class Evening:
    """A live room on a fake sound card.  Every tenth of a second, the next line of the script happens."""

    def __init__(self, *script: Callable[[Evening], None], until: signal.Signals = signal.SIGTERM) -> None:
        """Play ``script`` a tenth of a second a line, then send the signal ``until``."""
        self.in_step = True
        """Whether time stands still until the coach's thread has heard everything: paper is faster than any room."""
        self.coach = PaperCoach()
        self.card = FakeCard(microphone(), speaker())
        self.listens = True
        """Whether the microphone may be open."""
        self.told: list[str] = []
        self.now_s = 0.0
        self._script = iter(script)
        self._until = until
        self.room = LiveRunner(
            self.coach,
            None,
            None,
            self.told.append,
            card=self.card,
            listens=lambda: self.listens,
            clock=lambda: self.now_s,
            wait=self._wait,
        )

    def _wait(self, seconds: float) -> None:
        for _ in range(round(seconds / CHECK_S)):
            self.now_s += CHECK_S
            for _ in range(5):
                self.card.turn()
        if self.in_step and "coach" in {thread.name for thread in threading.enumerate()}:
            self._let_the_coach_hear()
        line = next(self._script, None)
        if line is None:
            signal.raise_signal(self._until)
        else:
            line(self)

    def _let_the_coach_hear(self) -> None:
        brought = sum(stream.brought for stream in self.card.streams)
        with self.coach.listened:
            assert self.coach.listened.wait_for(lambda: self.coach.error or self.coach.samples >= brought, HELP_S)

    def open_now(self, direction: Direction) -> FakeStream:
        """The stream that is open now."""
        stream = self.card.open_now(direction)
        assert stream is not None
        return stream

    @property
    def heard(self) -> NDArray[np.float32]:
        """All that came out of the speaker, however often it was opened."""
        return np.concatenate([block for stream in self.card.streams for block in stream.heard])


# --- lines of scripts -------------------------------------------------------------------------------------------------


def quiet(_: Evening) -> None:
    """Nothing happens."""


def somebody_speaks(evening: Evening) -> None:
    evening.open_now(Direction.MICROPHONE).turn(LOUD)


def the_speaker_is_pulled_out(evening: Evening) -> None:
    evening.card.plugged.remove(speaker())


def the_speaker_is_plugged_in(evening: Evening) -> None:
    evening.card.plugged.append(speaker())


def nobody_noticed(_: Evening) -> None:
    pytest.fail("the evening should have ended by now")


LEAVING = (quiet,)
"""The room lets time pass once more as it ends, for the last sound to fade."""


def seconds(count: float) -> tuple[Callable[[Evening], None], ...]:
    """So many seconds in which nothing happens."""
    return (quiet,) * round(count / CHECK_S)


# --- scenes -----------------------------------------------------------------------------------------------------------


def test_what_is_said_into_the_microphone_is_answered_from_the_speaker() -> None:
    evening = Evening(quiet, somebody_speaks, quiet, *seconds(1.5))
    assert evening.room.run() == 0
    np.testing.assert_array_equal(np.trim_zeros(evening.heard), evening.coach.answer)
    assert evening.told == []


def test_a_microphone_that_is_turned_off_is_closed_and_opened_again_while_the_speaker_plays_on() -> None:
    open_at: list[bool] = []

    def the_microphone_is_turned_off(evening: Evening) -> None:
        evening.in_step, evening.listens = False, False

    def and_on(evening: Evening) -> None:
        evening.listens = True

    def look(evening: Evening) -> None:
        is_open = evening.card.open_now(Direction.MICROPHONE) is not None
        assert evening.room.microphone_is_open is is_open
        open_at.append(is_open)

    evening = Evening(
        quiet, look, the_microphone_is_turned_off, quiet, look, *seconds(2), look, and_on, *seconds(0.5), look
    )
    assert evening.room.run() == 0
    assert open_at == [True, False, False, True]
    assert len([stream for stream in evening.card.streams if stream.direction is Direction.SPEAKER]) == 1
    assert evening.told == []


def test_a_microphone_that_is_off_from_the_beginning_is_not_opened() -> None:
    evening = Evening(*seconds(2))
    evening.in_step, evening.listens = False, False
    assert evening.room.run() == 0
    assert [stream for stream in evening.card.streams if stream.direction is Direction.MICROPHONE] == []


def test_the_room_is_ready_once_and_not_before_both_devices_are_at_work() -> None:
    ready_at_s = []

    def the_microphone_wakes_up(evening: Evening) -> None:
        evening.card.asleep.clear()

    evening = Evening(
        *seconds(1),
        the_microphone_wakes_up,
        *seconds(1),
        the_speaker_is_pulled_out,
        *seconds(1),
        the_speaker_is_plugged_in,
        *seconds(3),
    )
    evening.card.asleep.add(microphone().name)
    evening.room.run(ready=lambda: ready_at_s.append(evening.now_s))
    assert ready_at_s == pytest.approx([1.2])


def test_the_coach_works_on_one_thread_of_its_own_which_ends_its_work_before_the_room_closes() -> None:
    def the_coach_is_at_it(evening: Evening) -> None:
        evening.in_step = False
        evening.coach.may_work.clear()
        somebody_speaks(evening)
        threading.Timer(0.05, lambda: answers_at_last(evening.coach)).start()

    def answers_at_last(coach: PaperCoach) -> None:
        coach.timeline.place(coach.answer, coach.timeline.position, "answer")
        coach.may_work.set()

    evening = Evening(quiet, the_coach_is_at_it)
    assert evening.room.run() == 0
    assert evening.coach.threads == {"coach"}
    assert "coach" not in {thread.name for thread in threading.enumerate()}
    assert not evening.coach.timeline.sounding(), "what it still said is not heard"


ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_fades_the_sound_out_and_ends_it_cleanly(number: signal.Signals) -> None:
    evening = Evening(somebody_speaks, quiet, quiet, until=number)
    handlers = [signal.getsignal(one) for one in ENDS]
    assert evening.room.run() == 0
    assert all(stream.closed for stream in evening.card.streams)
    assert [signal.getsignal(one) for one in ENDS] == handlers

    sound = evening.heard
    assert sound.max() > 0.1, "it was speaking"
    assert not sound[-RATE_HZ // 10 :].any(), "the fade was played to its end before the speaker was closed"
    assert np.abs(np.diff(sound)).max() < 0.01, "a fade, not a click"


def test_an_error_in_the_coach_ends_the_evening_with_that_error() -> None:
    def the_coach_breaks(evening: Evening) -> None:
        evening.coach.error = ZeroDivisionError("in the coach")
        somebody_speaks(evening)
        (thread,) = (thread for thread in threading.enumerate() if thread.name == "coach")
        thread.join(HELP_S)

    evening = Evening(quiet, the_coach_breaks, *LEAVING, nobody_noticed)
    with pytest.raises(ZeroDivisionError, match="in the coach"):
        evening.room.run()
    assert all(stream.closed for stream in evening.card.streams)


def test_an_error_in_the_timeline_is_not_lost_in_the_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    evening = Evening(quiet, *LEAVING, nobody_noticed)

    def broken(_frames: int) -> NDArray[np.float32]:
        raise IndexError("in the timeline")

    monkeypatch.setattr(evening.coach.timeline, "read", broken)
    with pytest.raises(IndexError, match="in the timeline"):
        evening.room.run()
    assert all(stream.closed for stream in evening.card.streams)


def test_when_the_speaker_is_pulled_out_in_mid_sentence_it_goes_on_at_the_same_sample() -> None:
    evening = Evening(
        somebody_speaks,
        quiet,
        *seconds(0.3),
        the_speaker_is_pulled_out,
        *seconds(5),
        the_speaker_is_plugged_in,
        *seconds(8),
    )
    evening.room.run()
    assert evening.told == ["The speaker is gone. I keep looking for it.", "The speaker is back."]
    assert len([stream for stream in evening.card.streams if stream.direction is Direction.SPEAKER]) == 2
    np.testing.assert_array_equal(np.trim_zeros(evening.heard), evening.coach.answer)


def test_while_the_speaker_is_away_the_clock_of_the_session_stands_still() -> None:
    positions = []

    def note(evening: Evening) -> None:
        positions.append(evening.coach.timeline.position)

    evening = Evening(*seconds(1), the_speaker_is_pulled_out, note, *seconds(20), note)
    evening.room.run()
    assert positions[0] == positions[1] > 0


def test_without_a_microphone_the_coach_goes_on_listening_to_silence() -> None:
    def the_microphone_is_pulled_out(evening: Evening) -> None:
        evening.card.plugged.remove(microphone())

    def the_coach_still_listens(evening: Evening) -> None:
        assert evening.coach.listened_late.wait(HELP_S)

    evening = Evening(quiet, the_microphone_is_pulled_out, *seconds(8), the_coach_still_listens)
    assert evening.room.run() == 0


def test_a_coach_too_slow_to_listen_is_told_of_once_and_the_sound_goes_on() -> None:
    def the_coach_is_busy(evening: Evening) -> None:
        evening.in_step = False
        evening.coach.may_work.clear()

    def the_coach_is_free(evening: Evening) -> None:
        evening.coach.may_work.set()

    a_while = seconds(MOST_WAITING / 50)
    evening = Evening(the_coach_is_busy, *a_while, the_coach_is_free, *seconds(1))
    assert evening.room.run() == 0
    assert evening.told == ["This machine is too busy to listen all the time: some of what was said has been lost."]
    assert evening.coach.timeline.position >= (MOST_WAITING / 50) * RATE_HZ


def test_a_device_missing_at_the_start_is_an_error() -> None:
    evening = Evening(*seconds(1))
    evening.card.refusing[speaker().name] = "Device or resource busy"
    with pytest.raises(MissingPartError, match="USB speaker"):
        evening.room.run()
    assert all(stream.closed for stream in evening.card.streams)


def test_threads_switch_quickly_during_the_run_only() -> None:
    during = []
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(0.004)
    try:
        Evening(lambda _: during.append(sys.getswitchinterval())).room.run()
        assert during == pytest.approx([SWITCH_S])
        assert sys.getswitchinterval() == pytest.approx(0.004)
    finally:
        sys.setswitchinterval(before_s)
