"""Power cuts in a rehearsal: without power the coach is silent and deaf, and what comes back is a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_coach import FakeCoach

from voicecoach.hearing.protocol import MICROPHONE_HZ
from voicecoach.room.power import Clock, Powered
from voicecoach.room.text_ears import TextEars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voicecoach.hearing.protocol import Utterance

BLOCK = MICROPHONE_HZ // 50
SENTENCE = "Breathe in slowly, and let it go again, as slowly as you like."


class Switched(FakeCoach):
    """Notes at which sample it was switched on; None for the first one, which has nothing to say."""

    opened_at: int | None = None

    def open(self) -> None:
        self.opened_at = self.timeline.position


class Listening(TextEars):
    """Remembers all that was to be heard."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[NDArray[np.float32]] = []

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        self.blocks += [block, played]
        return super().hear(block, played)


class House:
    """Makes coaches and remembers them; the first one has something to say."""

    def __init__(self, says: Mapping[float, str] | None = None) -> None:
        self.coaches: list[Switched] = []
        self.ears = Listening()
        """Beside those of the coaches themselves."""
        self._says = [says or {}]
        self.powered = Powered(self._make, self.ears)

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
    house = House({1.0: SENTENCE})
    sound = house.passes(3)
    assert np.any(sound[at(1) : at(2)])
    assert len(house.coaches) == 1
    assert house.powered.timeline is house.coaches[0].timeline


def test_without_power_there_is_no_sound_and_afterwards_nothing_of_what_was_planned() -> None:
    house = House({1.0: SENTENCE})
    house.powered.cut(at(2), at(12))
    sound = house.passes(20)
    assert np.any(sound[at(1.5) : at(2)])
    assert not np.any(sound[at(2) :])


def test_without_power_the_coach_hears_nothing() -> None:
    house = House()
    house.powered.cut(at(1), at(2))
    house.passes(3)
    first, second = house.coaches
    assert len(first.heard) == at(1) / BLOCK
    assert len(second.heard) == at(1) / BLOCK


def test_ears_that_outlive_the_coach_hear_silence_meanwhile() -> None:
    house = House()
    house.powered.cut(at(1), at(2))
    house.passes(3)
    heard = np.concatenate(house.ears.blocks)
    assert len(heard) == 2 * at(1)
    assert not np.any(heard)


def test_the_new_coach_is_switched_on_where_the_night_is() -> None:
    house = House()
    house.powered.cut(at(1), at(61))
    house.passes(62)
    first, second = house.coaches
    assert first.opened_at is None
    assert second.opened_at == at(61)
    assert house.powered.timeline.position == at(62)


def test_the_power_may_go_again() -> None:
    house = House()
    for second in (1, 4):
        house.powered.cut(at(second), at(second + 1))
        house.passes(3)
    assert [coach.opened_at for coach in house.coaches] == [None, at(2), at(5)]


def test_a_cut_that_is_ordered_for_later_does_not_end_the_one_that_is_on() -> None:
    house = House()
    house.powered.cut(at(1), at(5))
    house.passes(2)
    house.powered.cut(at(7), at(8))
    house.passes(8)
    assert [coach.opened_at for coach in house.coaches] == [None, at(5), at(8)]


def test_two_cuts_that_overlap_are_one() -> None:
    house = House()
    house.powered.cut(at(1), at(5))
    house.powered.cut(at(3), at(4))
    house.passes(7)
    assert [coach.opened_at for coach in house.coaches] == [None, at(5)]


@pytest.mark.parametrize("mode", ["rest", "guiding"])
def test_a_cut_is_no_end_of_a_session(mode: str) -> None:
    house = House()
    house.coaches[0].mode = mode
    house.powered.cut(at(1), at(2))
    house.passes(1.5)
    assert (house.powered.mode, house.powered.resting) == (mode, mode == "rest")


def test_the_clock_goes_with_the_night_over_a_cut() -> None:
    evening = datetime(2026, 1, 15, 22, tzinfo=UTC)
    clock = Clock(evening)
    assert clock() == evening
    house = House()
    clock.goes_with(house.powered)
    house.powered.cut(at(1), at(31))
    for passed in (0.5, 15, 45):
        house.passes(passed - house.powered.timeline.position / MICROPHONE_HZ)
        assert clock() == evening + timedelta(seconds=passed)
