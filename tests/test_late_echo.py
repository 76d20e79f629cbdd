"""A wireless speaker: its echo is found, removed and followed, and the canceller says when it is unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_echo import PLAYED, SECOND, at_microphone, heard, last, level_db, room_noise, speech, stretched

from voicecoach.engines.audio_io.stream_align import ECHO_LEAD_MOST_S, ECHO_LEAD_S, Caught, Played, StreamAligner
from voicecoach.engines.echo.echo_delay import LONGEST_S
from voicecoach.engines.echo.kalman.canceller import KalmanCanceller
from voicecoach.engines.echo.kalman.loudest_echo import LoudestEcho
from voicecoach.engines.echo.port import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.echo.port import Cleaned

LONG_PLAYED = np.concatenate([PLAYED, speech(20.0, seed=6)])


def echo_of(played: NDArray[np.float32], delay_s: float, echo_db: float = 0.0) -> NDArray[np.float32]:
    return at_microphone(played, echo_db=echo_db, delay_s=delay_s, seed=2)


def cleaned(microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Iterator[tuple[float, Cleaned]]:
    """Block by block, each with the second at which it ended."""
    canceller = KalmanCanceller()
    for at in range(0, len(played), BLOCK):
        yield (at + BLOCK) / SECOND, canceller.remove(microphone[at : at + BLOCK], played[at : at + BLOCK])


@pytest.mark.parametrize("delay_s", [0.25, 0.3, 0.4, 0.5, 0.6, 0.9])
@pytest.mark.parametrize("ppm", [0.0, 100.0])
def test_nothing_but_the_room_is_left_of_a_late_voice(delay_s: float, ppm: float) -> None:
    microphone = stretched(echo_of(PLAYED, delay_s), ppm) + room_noise(len(PLAYED), seed=3)
    canceller = KalmanCanceller()
    left = heard(canceller, microphone, PLAYED)
    assert level_db(last(left, 8.0)) < level_db(last(microphone, 8.0)) - 25
    assert canceller.delay_s == pytest.approx(delay_s + 20 * ppm * 1e-6, abs=0.003)
    assert canceller.drift_ppm == pytest.approx(ppm, abs=3)


def test_a_person_is_heard_over_a_late_voice_as_loud_as_theirs() -> None:
    person = speech(20.0, seed=4)
    person[: 8 * SECOND] = 0.0
    left = heard(KalmanCanceller(), person + echo_of(PLAYED, 0.5) + room_noise(len(PLAYED), seed=3), PLAYED)
    difference = left[: len(person) - BLOCK] - person[: len(left)]
    assert level_db(last(difference, 10.0)) < level_db(last(person, 10.0)) - 10


@pytest.mark.parametrize(("before_s", "after_s"), [(0.04, 0.5), (0.5, 0.04), (0.25, 0.6), (0.4, 0.5)])
def test_another_speaker_is_followed(before_s: float, after_s: float) -> None:
    changed = len(PLAYED)
    echo = np.concatenate([echo_of(LONG_PLAYED, before_s)[:changed], echo_of(LONG_PLAYED, after_s)[changed:]])
    microphone = echo + room_noise(len(echo), seed=3)
    left = heard(KalmanCanceller(), microphone, LONG_PLAYED)
    assert level_db(last(left, 17.0)) < level_db(last(microphone, 17.0)) - 20


def test_an_echo_that_slides_out_of_place_is_followed_without_learning_it_again() -> None:
    """Because of two clocks; when the reference is held back, all that was learned goes with it, to the block."""
    echo = stretched(echo_of(PLAYED, 0.1185), 150.0)
    microphone = echo + room_noise(len(PLAYED), seed=3)
    said = list(cleaned(microphone, PLAYED))
    left = np.concatenate([one.sound for _, one in said])[BLOCK:]
    slid = 11 * SECOND  # 0.1185 s and 150 millionths of 11 s: the filter likes it no later than 0.12 s
    for at in range(slid - SECOND, slid + SECOND, SECOND // 4):
        moment = slice(at, at + SECOND // 4)
        assert level_db(left[moment]) < level_db(microphone[moment]) - 20


class Listener:
    """In the coach's place: it removes the echo and says nothing."""

    def __init__(self) -> None:
        self.canceller = KalmanCanceller()
        self.left: list[NDArray[np.float32]] = []

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        self.left.append(self.canceller.remove(block, played).sound)


@pytest.mark.parametrize("delay_s", [0.1, 0.5, 0.7])
def test_live_too_where_the_reference_is_handed_out_a_little_later(delay_s: float) -> None:
    """As the callbacks bring it: a block to the speaker, a block from the microphone, not always in this order."""
    microphone = echo_of(PLAYED, delay_s) + room_noise(len(PLAYED), seed=3)
    listener, dice = Listener(), np.random.default_rng(7)
    aligner = StreamAligner(listener, SECOND)
    for at in range(0, len(PLAYED), BLOCK):
        block = slice(at, at + BLOCK)
        sounds: list[Caught | Played] = [Played(PLAYED[block]), Caught(microphone[block, np.newaxis], SECOND)]
        for sound in sounds if dice.random() < 0.9 else sounds[::-1]:
            aligner.take(sound)
    assert level_db(last(np.concatenate(listener.left), 8.0)) < level_db(last(microphone, 8.0)) - 25
    found_s = listener.canceller.delay_s
    assert found_s is not None
    assert delay_s - ECHO_LEAD_MOST_S <= found_s <= delay_s - ECHO_LEAD_S + BLOCK / SECOND


# --- what it says of itself -------------------------------------------------------------------------------------------


def unsure(microphone: NDArray[np.float32], played: NDArray[np.float32]) -> list[tuple[float, float, float]]:
    """For each block the second at which it ended, up to which second the canceller is unsure, and how late at most."""
    return [(at, one.unsure_until / SECOND, one.latest_s) for at, one in cleaned(microphone, played)]


def test_until_the_delay_is_known_all_of_the_voice_may_be_in_what_is_left() -> None:
    echo = echo_of(PLAYED, LONGEST_S + 0.1, -12.0)  # too late to be found
    said = list(cleaned(echo + room_noise(len(echo), seed=3), PLAYED))
    assert all(one.unsure_until == round(at * SECOND) for at, one in said)
    assert all(one.latest_s == LONGEST_S for _, one in said)
    powers = np.concatenate([one.loudest_echo_power for at, one in said if at > 5.0])
    echo_powers = np.mean(np.square(echo.reshape(-1, BLOCK)), axis=1)[-len(powers) :]
    assert np.percentile(echo_powers, 90) < np.percentile(powers, 90)


def test_a_late_voice_that_has_just_been_found_is_still_to_be_learned() -> None:
    said = unsure(echo_of(PLAYED, 0.5) + room_noise(len(PLAYED), seed=3), PLAYED)
    learned_at = next(at for at, until, _ in said if until < at)
    assert 1.0 < learned_at < 5.0
    ((until, latest_s),) = {(until, round(latest_s, 2)) for at, until, latest_s in said if at > learned_at}
    assert until == pytest.approx(learned_at, abs=2 * BLOCK / SECOND)
    assert latest_s == 0.5


def test_in_the_usual_room_it_is_sure_within_a_second_and_was_right_before() -> None:
    said = unsure(echo_of(PLAYED, 0.04, -6.0) + room_noise(len(PLAYED), seed=3), PLAYED)
    assert {(until, round(latest_s, 2)) for at, until, latest_s in said if at > 1.0} == {(0.0, 0.04)}


def test_a_person_who_hides_the_echo_is_no_reason_to_doubt_where_it_comes() -> None:
    """The coach's voice steps back for them: then it is 18 dB softer than theirs."""
    person, played = speech(20.0, seed=4), PLAYED.copy()
    person[: 8 * SECOND] = 0.0
    played[8 * SECOND :] *= np.float32(10 ** (-12 / 20))
    said = unsure(person + echo_of(played, 0.04, -6.0) + room_noise(len(played), seed=3), played)
    assert {until for at, until, _ in said if at > 1.0} == {0.0}


def test_a_voice_that_comes_from_elsewhere_is_doubted_within_a_second() -> None:
    changed = len(PLAYED)
    echo = np.concatenate([echo_of(LONG_PLAYED, 0.04)[:changed], echo_of(LONG_PLAYED, 0.5)[changed:]])
    said = unsure(echo + room_noise(len(echo), seed=3), LONG_PLAYED)
    doubted_at, _, _ = next(one for one in said if one[0] > 1.1 and one[1] == one[0])
    assert 20.0 < doubted_at < 21.1
    learned_at, until, _ = next(one for one in said if one[0] > doubted_at and one[1] < one[0])
    assert doubted_at + 0.5 < until < doubted_at + 4.0
    assert until == pytest.approx(learned_at, abs=2 * BLOCK / SECOND)


def test_nobody_is_sure_of_a_voice_before_it_is_seen_to_go() -> None:
    """Beside a person who speaks all the while that takes the four seconds in which it is learned anyway."""
    changed = len(PLAYED)
    echo = np.concatenate([echo_of(LONG_PLAYED, 0.04)[:changed], echo_of(LONG_PLAYED, 0.5)[changed:]])
    person = speech(len(echo) / SECOND, seed=4)
    person[:changed] = 0.0
    said = unsure(echo + person + room_noise(len(echo), seed=3), LONG_PLAYED)
    doubted_at, _, _ = next(one for one in said if one[0] > 1.1 and one[1] == one[0])
    learned_at = next(at for at, until, _ in said if at > doubted_at and until < at)
    assert learned_at > doubted_at + 4.0


def test_what_was_unsure_is_seen_to_be_gone() -> None:
    """From the moment at which it is sure again, next to nothing is left."""
    for before_s, after_s in ((0.065, 0.1445), (0.12, 0.1), (0.04, 0.5), (0.5, 0.04)):
        changed = len(PLAYED)
        echo = np.concatenate([echo_of(LONG_PLAYED, before_s)[:changed], echo_of(LONG_PLAYED, after_s)[changed:]])
        microphone = echo + room_noise(len(echo), seed=3)
        said = list(cleaned(microphone, LONG_PLAYED))
        left = np.concatenate([one.sound for _, one in said])[BLOCK:]
        until = next(one.unsure_until for at, one in said[::-1])
        assert 21 * SECOND < until < 26 * SECOND
        after = slice(until, until + SECOND)
        assert level_db(left[after]) < level_db(microphone[after]) - 17


@pytest.mark.parametrize("gone_s", [2.0, 6.0])
def test_a_microphone_that_was_gone_has_not_taught_that_there_is_no_echo(gone_s: float) -> None:
    """It brings zeros while the coach speaks on."""
    echo = echo_of(PLAYED, 0.1, -6.0)
    microphone = echo + room_noise(len(echo), seed=3)
    back = 8 * SECOND + round(gone_s * SECOND)
    microphone[8 * SECOND : back] = 0.0
    said = list(cleaned(microphone, PLAYED))
    left = np.concatenate([one.sound for _, one in said])[BLOCK:]
    soon = slice(back + SECOND, back + 3 * SECOND)
    assert level_db(left[soon]) < level_db(microphone[soon]) - 20
    loudest = np.concatenate([one.loudest_echo_power for _, one in said])[back // BLOCK :]
    powers = np.mean(np.square(echo.reshape(-1, BLOCK)), axis=1)[back // BLOCK :]
    for at in range(0, 150, 25):
        word = slice(at, at + 25)
        assert np.percentile(powers[word], 90) <= 1.5 * np.percentile(loudest[word], 90)


def test_of_a_speaker_that_is_known_no_more_can_come_back_than_did() -> None:
    """However much somebody speaks over it, and also when its sound comes later than it did."""
    changed, shown = len(PLAYED), []
    echo = np.concatenate([echo_of(LONG_PLAYED, 0.08, -12.0)[:changed], echo_of(LONG_PLAYED, 0.16, -12.0)[changed:]])
    person = speech(len(echo) / SECOND, seed=4)
    said = list(cleaned(echo + person + room_noise(len(echo), seed=3), LONG_PLAYED))
    echoes = np.mean(np.square(echo.reshape(-1, BLOCK)), axis=1)
    for number, (at, one) in enumerate(said):
        if at > 20.5 and one.unsure_until / SECOND >= at - 0.001 and number % 25 == 0:
            word = slice(number - 25, number)
            loudest = np.concatenate([other.loudest_echo_power for _, other in said[word]])
            shown.append(float(10 * np.log10(np.percentile(loudest, 90) / np.percentile(echoes[word], 90))))
    assert shown
    assert min(shown) > -1.5, "the echo is no louder"
    assert np.median(shown) < 8.0


def test_another_speaker_may_be_louder() -> None:
    changed = len(PLAYED)
    echo = np.concatenate([echo_of(LONG_PLAYED, 0.08, -18.0)[:changed], echo_of(LONG_PLAYED, 0.5, -3.0)[changed:]])
    said = list(cleaned(echo + room_noise(len(echo), seed=3), LONG_PLAYED))
    echoes = np.mean(np.square(echo.reshape(-1, BLOCK)), axis=1)
    found = next(n for n, (at, one) in enumerate(said) if at > 21 and one.latest_s > 0.4 and one.latest_s < 0.6)
    after = slice(found + 25, found + 50)
    loudest = np.concatenate([one.loudest_echo_power for _, one in said[after]])
    assert np.percentile(loudest, 90) > np.percentile(echoes[after], 90) / 1.5


def test_a_silent_speaker_has_no_echo_once_nothing_can_be_on_its_way() -> None:
    played = PLAYED.copy()
    played[10 * SECOND :] = 0.0
    said = list(cleaned(room_noise(len(played), seed=3), played))
    later = [one for at, one in said if at > 10.0 + LONGEST_S + 0.5]
    assert all(one.residual_echo_power == one.loudest_echo_power == (0.0,) for one in later)


def test_the_loudest_echo_is_never_less_than_the_echo() -> None:
    """Whatever its delay and level, in half a second, as a word lasts; nor is it very much more."""
    for delay_s in (0.04, 0.4, LONGEST_S):
        for echo_db in (5.0, -10.0, -25.0):
            echo = echo_of(PLAYED, delay_s, echo_db)
            heard_powers, played_powers, echo_powers = (
                np.mean(np.square(sound.reshape(-1, BLOCK)), axis=1)
                for sound in (echo + room_noise(len(echo), seed=3), PLAYED, echo)
            )
            loudest = LoudestEcho()
            at_most = [loudest.take(*powers, 10**-6.6) for powers in zip(heard_powers, played_powers, strict=True)]
            for at in range(0, len(echo_powers) - 25, 25):
                word = slice(at, at + 25)
                assert np.percentile(echo_powers[word], 90) <= 1.5 * np.percentile(at_most[word], 90)
            assert np.percentile(at_most[500:], 90) < 10 * np.percentile(echo_powers[500:], 90)
