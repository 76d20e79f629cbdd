"""Devices vanish and come back; the keeper sees it and opens them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_sound_card import FakeCard, FakeStream, microphone, speaker

from voicecoach.engines.audio_io.device_supervisor import FIRST_CALL_S, SILENT_S, DeviceSupervisor, StreamSlot
from voicecoach.engines.audio_io.port import Device, Direction
from voicecoach.errors import BadRequestError, MissingPartError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.device_supervisor import Watchdog
    from voicecoach.engines.audio_io.port import Stream

TICK_S = 0.1
MICROPHONE, SPEAKER = Direction.MICROPHONE, Direction.SPEAKER


class Bedside:
    """A keeper with its two lines, a sound card of lists, and a clock that a scene moves by hand."""

    def __init__(self, *plugged: Device, name_in: str | None = None, name_out: str | None = None) -> None:
        """Plug in ``plugged``; open nothing yet."""
        self.card = FakeCard(*plugged)
        self.now_s = 100.0
        self.sounding = False
        self.told: list[str] = []
        self.opened_at: list[float] = []
        self.microphone = StreamSlot(MICROPHONE, name_in, self._open_microphone)
        self.speaker = StreamSlot(SPEAKER, name_out, self._open_speaker)
        self.keeper = DeviceSupervisor(
            self.card,
            (self.microphone, self.speaker),
            clock=lambda: self.now_s,
            interruptible=lambda: not self.sounding,
            warn=self.told.append,
        )

    def _open_microphone(self, device: Device, pulse: Watchdog) -> Stream:
        return self.card.open_microphone(device, lambda _sound: pulse.beat(), pulse.end)

    def _open_speaker(self, device: Device, pulse: Watchdog) -> Stream:
        def fill(frames: int) -> NDArray[np.float32]:
            pulse.beat()
            return np.zeros(frames, np.float32)

        return self.card.open_speaker(device, 48_000, fill, pulse.end)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, with callbacks and with the keeper's look ten times a second."""
        for _ in range(round(seconds / TICK_S)):
            self.card.turn()
            self.now_s += TICK_S
            restarts = self.card.restarts
            self.keeper.check()
            if self.card.restarts > restarts:
                self.opened_at.append(self.now_s)

    def lives(self, direction: Direction) -> bool:
        """Whether the device in ``direction`` is open and calls back."""
        return (self.microphone if direction is MICROPHONE else self.speaker).lives

    def stream(self, direction: Direction) -> FakeStream:
        """The stream that is open in ``direction``."""
        stream = self.card.open_now(direction)
        assert stream is not None, f"the {direction.value} is not open"
        return stream


def test_two_healthy_devices_are_left_alone() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    first = room.stream(MICROPHONE), room.stream(SPEAKER)
    room.pass_time(60)
    assert (room.stream(MICROPHONE), room.stream(SPEAKER)) == first
    assert room.card.restarts == 0
    assert room.told == []


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("says_so", [True, False], ids=["finished_callback fires", "callbacks just cease"])
def test_a_device_that_is_pulled_out_and_plugged_in_again_is_opened_again(
    direction: Direction,
    says_so: bool,  # noqa: FBT001 - a case of the table
) -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(5)
    lost = room.stream(direction)
    room.card.plugged.remove(lost.device)
    if says_so:
        lost.on_end()
    room.pass_time(1)
    assert lost.aborted
    assert lost.closed
    assert room.told == [f"The {direction.value} is gone. I keep looking for it."]

    room.card.plugged.append(lost.device)
    room.pass_time(6)
    assert room.stream(direction) is not lost
    assert room.told[1:] == [f"The {direction.value} is back."]
    assert room.stream(Direction.MICROPHONE).device == microphone()
    assert room.stream(Direction.SPEAKER).device == speaker()


def test_a_device_is_known_by_its_name_when_its_number_has_changed() -> None:
    room = Bedside(microphone("USB mic", index=3), speaker(), name_in="usb")
    room.keeper.open()
    room.pass_time(1)
    room.card.plugged[0] = microphone("Webcam", index=3)
    room.pass_time(3)
    assert room.card.open_now(MICROPHONE) is None, "the webcam is not what was asked for"
    room.card.plugged.append(microphone("USB mic", index=7))
    room.pass_time(6)
    assert room.stream(MICROPHONE).device.index == 7


def test_silence_of_a_callback_counts_as_death_only_after_a_while() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    lost = room.stream(MICROPHONE)
    room.card.plugged.remove(lost.device)
    room.pass_time(SILENT_S - TICK_S)
    assert not lost.closed
    room.pass_time(3 * TICK_S)
    assert lost.closed


def test_a_stream_may_take_its_time_to_its_first_callback() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    asleep = room.stream(SPEAKER)
    room.card.plugged.remove(asleep.device)  # nothing calls back, and nothing says why
    room.pass_time(FIRST_CALL_S - TICK_S)
    assert not asleep.closed
    room.pass_time(3 * TICK_S)
    assert asleep.closed


def test_a_lost_device_is_looked_for_less_and_less_often_and_then_at_a_steady_pace() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    room.card.plugged.clear()
    for direction in Direction:
        room.stream(direction).on_end()
    began_s = room.now_s
    room.pass_time(20)
    waits = np.diff([began_s, *room.opened_at])
    assert waits == pytest.approx([0.6, 1.0, 2.0, 5.0, 5.0, 5.0], abs=1.5 * TICK_S)
    assert len(room.told) == 2, "each loss is told once, not at every attempt"


def test_after_a_recovery_the_next_loss_is_met_as_quickly_as_the_first() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    for _ in range(3):
        room.pass_time(10)
        room.stream(MICROPHONE).on_end()
        room.pass_time(1)
        assert room.lives(MICROPHONE)
    assert room.card.restarts == 3


def test_what_is_being_said_is_not_cut_for_a_lost_microphone() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    speaking = room.stream(SPEAKER)
    room.sounding = True
    room.stream(MICROPHONE).on_end()
    room.pass_time(10)
    assert room.stream(SPEAKER) is speaking
    room.sounding = False
    room.pass_time(1)
    assert speaking.closed
    assert room.lives(MICROPHONE)
    assert room.lives(SPEAKER)


def test_the_speaker_goes_on_while_the_microphone_stays_away() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    room.card.plugged.remove(microphone())
    room.pass_time(30)
    assert room.lives(SPEAKER)
    assert room.told == ["The microphone is gone. I keep looking for it."]


def test_a_device_that_refuses_for_a_while_and_a_sound_card_that_lists_nothing_are_waited_for() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    room.card.refusing[speaker().name] = "Device or resource busy"
    room.stream(SPEAKER).on_end()
    room.pass_time(4)
    assert not room.lives(SPEAKER)
    assert room.lives(MICROPHONE)
    room.card.refusing.clear()
    room.card.broken = True
    room.pass_time(6)
    assert not room.lives(MICROPHONE)
    room.card.broken = False
    room.pass_time(6)
    assert room.lives(MICROPHONE)
    assert room.lives(SPEAKER)
    assert room.told[-2:] == ["The microphone is back.", "The speaker is back."]


def test_both_at_once_and_in_mid_sentence() -> None:
    room = Bedside(microphone(), speaker())
    room.keeper.open()
    room.pass_time(1)
    room.sounding = True
    room.card.plugged.clear()
    room.pass_time(10)
    room.card.plugged = [speaker(), microphone()]
    room.pass_time(6)
    assert room.lives(MICROPHONE)
    assert room.lives(SPEAKER)
    assert sorted(room.told[-2:]) == ["The microphone is back.", "The speaker is back."]


@pytest.mark.parametrize(
    ("plugged", "names", "refusing", "error", "said"),
    [
        ([], (None, None), {}, MissingPartError, "no microphone found"),
        ([microphone()], (None, None), {}, MissingPartError, "no speaker found"),
        ([microphone(), speaker()], ("webcam", None), {}, BadRequestError, '"webcam"'),
        ([microphone(), speaker()], (None, None), {"USB speaker": "busy"}, MissingPartError, "(busy)"),
    ],
)
def test_at_the_first_opening_a_missing_device_is_an_error_and_nothing_stays_open(
    plugged: list[Device],
    names: tuple[str | None, str | None],
    refusing: dict[str, str],
    error: type[Exception],
    said: str,
) -> None:
    room = Bedside(*plugged, name_in=names[0], name_out=names[1])
    room.card.refusing = refusing
    with pytest.raises(error) as raised:
        room.keeper.open()
    assert said in str(raised.value)
    assert all(stream.closed for stream in room.card.streams)


def test_a_device_that_is_not_wanted_is_closed_at_once_and_nobody_misses_it() -> None:
    room = Bedside(microphone(), speaker())
    wanted = [True]
    room.microphone.is_wanted = lambda: wanted[0]
    room.keeper.open()
    room.pass_time(5)
    speaking, listening = room.stream(SPEAKER), room.stream(MICROPHONE)
    wanted[0] = False
    room.pass_time(TICK_S)
    assert listening.closed
    room.pass_time(60)
    assert room.card.open_now(MICROPHONE) is None
    assert (room.told, room.card.restarts, room.keeper.all_live) == ([], 0, True)
    wanted[0] = True
    room.pass_time(1)
    assert room.lives(MICROPHONE)
    assert room.stream(SPEAKER) is speaking, "the speaker was not touched"
    assert room.told == []


def test_a_device_that_is_not_wanted_at_the_start_is_not_even_opened() -> None:
    room = Bedside(microphone(), speaker())
    room.microphone.is_wanted = lambda: False
    room.keeper.open()
    room.pass_time(5)
    room.card.plugged.remove(speaker())
    room.pass_time(2)
    room.card.plugged.append(speaker())
    room.pass_time(10)
    assert [stream for stream in room.card.streams if stream.direction is MICROPHONE] == []
    assert room.lives(SPEAKER)


def test_a_device_that_is_gone_when_it_is_wanted_again_is_looked_for() -> None:
    room = Bedside(microphone(), speaker())
    wanted = [False]
    room.microphone.is_wanted = lambda: wanted[0]
    room.keeper.open()
    room.pass_time(1)
    room.card.plugged.remove(microphone())
    wanted[0] = True
    room.pass_time(2)
    assert room.told == ["The microphone is gone. I keep looking for it."]
    room.card.plugged.append(microphone())
    room.pass_time(10)
    assert room.lives(MICROPHONE)
    assert room.told[1:] == ["The microphone is back."]
