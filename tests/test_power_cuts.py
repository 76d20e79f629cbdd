"""Power cuts in a rehearsal: without power the coach is silent and deaf, and what comes back is a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_coach import FakeCoach

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.simulation.power_cuts import RestartableCoach, SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Utterance

BLOCK = MICROPHONE_HZ // 50
SENTENCE = "Breathe in slowly, and let it go again, as slowly as you like."


class Switched(FakeCoach):
    """Notes at which sample it was switched on; None for the first one, which has nothing to say."""

    opened_at: int | None = None

    def open(self) -> None:
        self.opened_at = self.timeline.position


class Listening(TextInput):
    """Remembers all that was to be heard."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[NDArray[np.float32]] = []

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        self.blocks += [block, played]
        return super().hear(block, played)


class Assembly:
    """Makes coaches and remembers them; the first one has something to say."""

    def __init__(self, says: Mapping[float, str] | None = None) -> None:
        self.coaches: list[Switched] = []
        self.speech_input = Listening()
        """Beside those of the coaches themselves."""
        self._says = [says or {}]
        self.powered = RestartableCoach(self._make, self.speech_input)

    def _make(self) -> Switched:
        self.coaches.append(Switched(says=self._says.pop() if self._says else {}))
        return self.coaches[-1]

    def passes(self, seconds: float) -> NDArray[np.float32]:
        """What the speaker plays meanwhile."""
        blocks = round(seconds * MICROPHONE_HZ / BLOCK)
        return np.concatenate([self.powered.process(np.ones(BLOCK, np.float32)) for _ in range(blocks)])


def at(second: float) -> int:
    return round(second * MICROPHONE_HZ)


def test_with_power_it_is_the_coach_itself() -> None:
    assembly = Assembly({1.0: SENTENCE})
    sound = assembly.passes(3)
    assert np.any(sound[at(1) : at(2)])
    assert len(assembly.coaches) == 1
    assert assembly.powered.timeline is assembly.coaches[0].timeline


def test_without_power_there_is_no_sound_and_afterwards_nothing_of_what_was_planned() -> None:
    assembly = Assembly({1.0: SENTENCE})
    assembly.powered.cut(at(2), at(12))
    sound = assembly.passes(20)
    assert np.any(sound[at(1.5) : at(2)])
    assert not np.any(sound[at(2) :])


def test_without_power_the_coach_hears_nothing() -> None:
    assembly = Assembly()
    assembly.powered.cut(at(1), at(2))
    assembly.passes(3)
    first, second = assembly.coaches
    assert len(first.heard) == at(1) / BLOCK
    assert len(second.heard) == at(1) / BLOCK


def test_ears_that_outlive_the_coach_hear_silence_meanwhile() -> None:
    assembly = Assembly()
    assembly.powered.cut(at(1), at(2))
    assembly.passes(3)
    heard = np.concatenate(assembly.speech_input.blocks)
    assert len(heard) == 2 * at(1)
    assert not np.any(heard)


def test_the_new_coach_is_switched_on_where_the_night_is() -> None:
    assembly = Assembly()
    assembly.powered.cut(at(1), at(61))
    assembly.passes(62)
    first, second = assembly.coaches
    assert first.opened_at is None
    assert second.opened_at == at(61)
    assert assembly.powered.timeline.position == at(62)


def test_the_power_may_go_again() -> None:
    assembly = Assembly()
    for second in (1, 4):
        assembly.powered.cut(at(second), at(second + 1))
        assembly.passes(3)
    assert [coach.opened_at for coach in assembly.coaches] == [None, at(2), at(5)]


def test_a_cut_that_is_ordered_for_later_does_not_end_the_one_that_is_on() -> None:
    assembly = Assembly()
    assembly.powered.cut(at(1), at(5))
    assembly.passes(2)
    assembly.powered.cut(at(7), at(8))
    assembly.passes(8)
    assert [coach.opened_at for coach in assembly.coaches] == [None, at(5), at(8)]


def test_two_cuts_that_overlap_are_one() -> None:
    assembly = Assembly()
    assembly.powered.cut(at(1), at(5))
    assembly.powered.cut(at(3), at(4))
    assembly.passes(7)
    assert [coach.opened_at for coach in assembly.coaches] == [None, at(5)]


@pytest.mark.parametrize("mode", ["rest", "guiding"])
def test_a_cut_is_no_end_of_a_session(mode: str) -> None:
    assembly = Assembly()
    assembly.coaches[0].mode = mode
    assembly.powered.cut(at(1), at(2))
    assembly.passes(1.5)
    assert (assembly.powered.mode, assembly.powered.resting) == (mode, mode == "rest")


def test_the_clock_goes_with_the_night_over_a_cut() -> None:
    evening = datetime(2026, 1, 15, 22, tzinfo=UTC)
    clock = SimulatedClock(evening)
    assert clock() == evening
    assembly = Assembly()
    clock.goes_with(assembly.powered)
    assembly.powered.cut(at(1), at(31))
    for passed in (0.5, 15, 45):
        assembly.passes(passed - assembly.powered.timeline.position / MICROPHONE_HZ)
        assert clock() == evening + timedelta(seconds=passed)
