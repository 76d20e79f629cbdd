"""What is asked for by hand: it becomes what a phrase would have been, and no flood of it holds the coach up."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import pytest
from small_house import at_rest, phrasebook
from test_coach import BLOCK, Bed

from voicecoach.by_hand import FRESH_S, MOST_WAITING, Adjust, Do, Inbox, Listen, Request
from voicecoach.coach import Coach
from voicecoach.dialogue.events import Adjustable
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.session_events import Entered, MicrophoneOff, MicrophoneOn, Understood
from voicecoach.speaking.timeline import Timeline


def do(*phrases: str, minutes: int | None = None) -> Do:
    return Do(tuple(phrasebook().meaning(phrase) for phrase in phrases), minutes)


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class BedWithButtons(Bed):
    """A coach with an inbox."""

    inbox: Inbox = field(default_factory=Inbox)

    def __post_init__(self) -> None:
        super().__post_init__()
        before = self.coach
        memory, clips, timeline = before._memory, before._performer._clips, Timeline(16_000)  # noqa: SLF001 - the same again
        self.coach = Coach(
            self.state, self.speech_input, phrasebook(), clips, timeline, memory, self.events.append, inbox=self.inbox
        )

    def press(self, request: Request) -> BedWithButtons:
        assert self.inbox.put(request)
        self.passes(0.1)
        return self


def listens(bed: Bed) -> bool:
    return bed.coach.listens


def modes(bed: Bed) -> list[str]:
    return [one.mode for one in bed.events if isinstance(one, Entered)]


def test_a_button_starts_a_routine_also_with_a_single_press_at_rest() -> None:
    bed = BedWithButtons().press(do("start bedtime routine"))
    assert modes(bed) == ["greeting"]
    assert not [one for one in bed.events if isinstance(one, Understood)], "nobody said it"


def test_one_button_pauses_and_goes_on() -> None:
    toggle = do("continue", "pause")
    bed = BedWithButtons()
    bed.press(do("start bedtime routine")).until("hold")
    bed.press(do("pause", "continue"))
    assert bed.coach.mode == "paused"
    bed.press(toggle)
    assert bed.coach.mode == "guiding"


def test_what_a_phrase_could_not_do_a_button_cannot_either() -> None:
    bed = BedWithButtons()
    bed.press(do("start bedtime routine")).until("hold")
    before = len(modes(bed))
    bed.press(do("start morning routine"))
    assert len(modes(bed)) == before, "while it guides, start means nothing"


def test_minutes_are_what_the_session_is_cut_to() -> None:
    bed = BedWithButtons().press(do("start bedtime routine", minutes=5))
    assert bed.coach.state.session is not None
    assert bed.coach.state.session.minutes == 5


def test_a_slider_sets_the_volume_and_the_talk_and_nothing_is_said() -> None:
    bed = BedWithButtons()
    bed.press(Adjust(Adjustable.VOLUME, -12.0)).press(Adjust(Adjustable.TALK, 1)).press(Adjust(Adjustable.VOLUME, -99))
    assert (bed.coach.state.volume_db, bed.coach.state.talk) == (-24.0, 1)
    assert bed.coach.resting


def test_while_the_microphone_is_off_nothing_is_heard_whatever_it_brings() -> None:
    bed = BedWithButtons().press(Listen(on=False))
    assert listens(bed) is False
    bed.say("start bedtime routine").passes(15)
    assert bed.coach.mode == "rest"
    assert not [one for one in bed.events if isinstance(one, Understood)]
    bed.press(Listen(on=True))
    assert listens(bed) is True
    bed.passes(5)
    bed.say("start bedtime routine")
    assert bed.coach.mode == "greeting"
    switched = [type(one) for one in bed.events if isinstance(one, MicrophoneOff | MicrophoneOn)]
    assert switched == [MicrophoneOff, MicrophoneOn]


# --- the inbox --------------------------------------------------------------------------------------------------------


def test_a_flood_leaves_a_few_and_stop_comes_before_them() -> None:
    inbox = Inbox()
    taken = [inbox.put(do("next")) for _ in range(1000)]
    assert taken.count(True) == MOST_WAITING
    assert inbox.put(do("stop"))
    assert inbox.take() == do("stop")
    assert inbox.take() is None


def test_the_switch_is_never_dropped_and_the_last_word_counts() -> None:
    inbox = Inbox()
    for on, _ in product((False, True), range(500)):
        inbox.put(do("next"))
        assert inbox.put(Listen(on))
        assert inbox.put(Listen(on))
    switched = [one for one in iter(inbox.take, None) if isinstance(one, Listen)]
    assert switched == [Listen(on=True)]


@pytest.mark.parametrize(("later_s", "is_done"), [(FRESH_S - 1, True), (FRESH_S + 1, False)])
def test_what_could_not_be_done_for_long_is_not_done_later(later_s: float, is_done: bool) -> None:  # noqa: FBT001 - a case
    clock = Clock()
    inbox = Inbox(clock)
    inbox.put(Listen(on=False))
    inbox.put(do("next"))
    clock.now_s = later_s
    assert inbox.take() == Listen(on=False), "but the switch is"
    assert (inbox.take() == do("next")) is is_done


def test_stop_by_voice_is_obeyed_in_the_same_block_also_under_a_flood() -> None:
    """So many requests are twenty times what the house takes; scripts/many-bedrooms --flood has a real recogniser."""
    stopped: list[list[float]] = []
    for flood in (0, 4):
        bed = BedWithButtons()
        bed.say("start bedtime routine").until("Draw your right knee in").passes(3)
        bed.speech_input.overhear("stop", bed.coach.timeline.position, bed.coach.timeline.position + 3 * BLOCK)
        for _ in range(10):
            for _ in range(flood):
                bed.inbox.put(Adjust(Adjustable.VOLUME, -3.0))
                bed.inbox.put(do("louder"))
            bed.passes(BLOCK / MICROPHONE_HZ)
        stopped.append([one.at_s for one in bed.events if isinstance(one, Entered) and one.mode == "stopped"])
    assert stopped[0] == stopped[1]
    assert len(stopped[0]) == 1


def test_a_coach_takes_one_request_with_each_block() -> None:
    bed = BedWithButtons(state=at_rest())
    for _ in range(MOST_WAITING):
        bed.inbox.put(Adjust(Adjustable.VOLUME, -3.0))
    bed.passes(0.02 * 3)
    left = len(list(iter(bed.inbox.take, None)))
    assert left == MOST_WAITING - 3
