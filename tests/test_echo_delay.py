"""How late the echo comes is heard in a second or two of speech, whatever else is to be heard, and never made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_echo import PLAYED, ROOM_DB, SECOND, at_microphone, room_noise, speech, stretched

from voicecoach.dialogue.events import Chime
from voicecoach.engines.echo.echo_delay import LONGEST_S, EchoDelay, Look
from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.speaking import chimes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_S = 0.002


def looks(
    delay: EchoDelay, microphone: NDArray[np.float32], played: NDArray[np.float32], block: int = BLOCK
) -> list[tuple[float, Look]]:
    """What came of every look, and how many seconds after the beginning."""
    found = []
    for at in range(0, len(played), block):
        look = delay.take(microphone[at : at + block], played[at : at + block])
        if look is not None:
            found.append((min(at + block, len(played)) / SECOND, look))
    return found


def echo_of(played: NDArray[np.float32], delay_s: float, echo_db: float = -6.0) -> NDArray[np.float32]:
    return at_microphone(played, echo_db=echo_db, delay_s=delay_s, seed=2)


@pytest.mark.parametrize("delay_s", [0.0, 0.025, 0.04, 0.15, 0.25, 0.4, 0.6, 0.9])
@pytest.mark.parametrize("echo_db", [6.0, -6.0, -20.0])
def test_it_is_known_within_two_and_a_half_seconds(delay_s: float, echo_db: float) -> None:
    delay = EchoDelay()
    found = looks(delay, echo_of(PLAYED, delay_s, echo_db) + room_noise(len(PLAYED), 3), PLAYED)
    assert [look for _, look in found].count(Look.NEW) == 1
    assert next(at for at, look in found if look is Look.NEW) <= 2.5
    assert {look for at, look in found if at > 2.5} == {Look.CONFIRMED}
    assert delay.seconds == pytest.approx(delay_s, abs=SAME_S)


@pytest.mark.parametrize("block", [1_000, 441, 8_000])
def test_the_length_of_a_block_does_not_matter(block: int) -> None:
    delay = EchoDelay()
    looks(delay, echo_of(PLAYED, 0.4), PLAYED, block)
    assert delay.seconds == pytest.approx(0.4, abs=SAME_S)


@pytest.mark.parametrize("person_db", [-26.0, -16.0])
def test_it_is_heard_while_somebody_speaks_all_the_time(person_db: float) -> None:
    """At the same level, and 10 dB louder than the echo."""
    delay = EchoDelay()
    looks(delay, echo_of(PLAYED, 0.5, 0.0) + speech(20.0, seed=4, level_db=person_db), PLAYED)
    assert delay.seconds == pytest.approx(0.5, abs=SAME_S)


def test_it_is_heard_beneath_noise() -> None:
    noise = room_noise(len(PLAYED), 3) * np.float32(10 ** ((-34.0 - ROOM_DB) / 20))
    delay = EchoDelay()
    looks(delay, echo_of(PLAYED, 0.5, -12.0) + noise, PLAYED)
    assert delay.seconds == pytest.approx(0.5, abs=SAME_S)


@pytest.mark.parametrize("ppm", [-300.0, 300.0])
def test_two_clocks_move_it_and_it_is_followed(ppm: float) -> None:
    delay = EchoDelay()
    found = looks(delay, stretched(echo_of(PLAYED, 0.3), ppm) + room_noise(len(PLAYED), 3), PLAYED)
    assert [look for _, look in found].count(Look.NEW) == 1
    assert delay.seconds == pytest.approx(0.3 + 19.5 * ppm * 1e-6, abs=SAME_S)


@pytest.mark.parametrize(("before_s", "after_s"), [(0.04, 0.5), (0.5, 0.04), (0.25, 0.6)])
def test_another_speaker_is_noticed_at_once_and_known_two_seconds_later(before_s: float, after_s: float) -> None:
    changed = 10 * SECOND
    microphone = np.concatenate([echo_of(PLAYED, before_s)[:changed], echo_of(PLAYED, after_s)[changed:]])
    delay = EchoDelay()
    found = [(at - 10.0, look) for at, look in looks(delay, microphone + room_noise(len(PLAYED), 3), PLAYED)]
    later = [(at, look) for at, look in found if at > 0]
    assert next(at for at, look in later if look is not Look.CONFIRMED) <= 1.1
    assert next(at for at, look in later if look is Look.NEW) <= 2.0
    assert delay.seconds == pytest.approx(after_s, abs=SAME_S)


@pytest.mark.parametrize("heard", ["nothing", "noise", "somebody", "too late"])
def test_where_there_is_no_echo_none_is_made_up(heard: str) -> None:
    microphone = {
        "nothing": np.zeros_like(PLAYED),
        "noise": room_noise(len(PLAYED), 3),
        "somebody": speech(20.0, seed=9),
        "too late": echo_of(PLAYED, LONGEST_S + 0.2, 0.0),
    }[heard]
    delay = EchoDelay()
    assert {look for _, look in looks(delay, microphone, PLAYED)} <= {Look.MISSED}
    assert delay.seconds is None


def test_while_the_coach_is_silent_nothing_is_looked_for() -> None:
    assert looks(EchoDelay(), speech(5.0, seed=9), np.zeros(5 * SECOND, np.float32)) == []


@pytest.mark.parametrize("chime", Chime)
def test_a_chime_is_like_itself_at_many_delays_and_says_nothing(chime: Chime) -> None:
    sound = chimes.render(chime, MICROPHONE_HZ)
    played = np.tile(np.pad(sound, (0, 2 * SECOND - len(sound))), 5)
    delay = EchoDelay()
    assert looks(delay, echo_of(played, 0.4, 0.0) + room_noise(len(played), 3), played) == []


def test_an_echo_is_not_missed_before_it_can_have_come() -> None:
    """A sentence begins after a silence: for half a second nothing of it comes back."""
    played = PLAYED.copy()
    played[8 * SECOND : 12 * SECOND] = 0.0
    found = looks(EchoDelay(), echo_of(played, 0.5) + room_noise(len(played), 3), played)
    assert Look.MISSED not in {look for at, look in found if at > 3.0}
