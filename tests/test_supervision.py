"""No way to die: whatever the coach calls may fail, and yet it speaks, obeys "stop" and keeps the session."""

from __future__ import annotations

from contextlib import closing
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from voicecoach.assembly import Assembly
from voicecoach.containment import ContainedObserver
from voicecoach.dialogue.events import Chime
from voicecoach.dialogue.state import Mode
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.errors import BrokenError
from voicecoach.journal.store import Journal
from voicecoach.session_events import Began, Spoke
from voicecoach.settings import Settings
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import Timeline
from voicecoach.supervision import MOST_FAILURES, WITHIN_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.session_events import SessionEvent
    from voicecoach.supervision import SupervisedCoach

BLOCK = 320
ROOM = np.random.default_rng(0).normal(0.0, 1e-4, BLOCK).astype(np.float32)
"""A block of a quiet room."""
SORRY = "Something went wrong in me. I am with you again."


class Unforeseen(Exception):  # noqa: N818 - whatever it is
    """What nobody has thought of."""


class Faults:
    """Which call is to fail, and how often."""

    def __init__(self) -> None:
        self.call = ""
        self.times = 0
        self.failed = 0

    def arm(self, call: str, times: int = 1) -> None:
        self.call, self.times, self.failed = call, times, 0

    def may_fail(self, call: str) -> None:
        if fnmatch(call, self.call) and self.failed < self.times:
            self.failed += 1
            raise Unforeseen(call)


class Faulty:
    """Anything, whose calls may fail."""

    def __init__(self, inner: object, kind: str, faults: Faults) -> None:
        self._inner, self._kind, self._faults = inner, kind, faults

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it is
        part = getattr(self._inner, name)
        if not callable(part):
            self._faults.may_fail(f"{self._kind}.{name}")
            return part

        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - see above
            self._faults.may_fail(f"{self._kind}.{name}")
            return part(*arguments, **named)

        return call


class FaultyTimeline(Timeline):
    """A timeline that may fail, on the coach's side and on the speaker's."""

    def __init__(self, faults: Faults, *given: Any) -> None:  # noqa: ANN401 - see `Faulty`
        self._faults = Faults()
        super().__init__(*given)
        self._faults = faults

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - see `Faulty`
        if not name.startswith("_"):
            super().__getattribute__("_faults").may_fail(f"timeline.{name}")
        return super().__getattribute__(name)


class Bed:
    """A person with a supervised coach whose parts may fail; what is said is taken as it is written."""

    def __init__(self, journal: Journal) -> None:
        self.faults = Faults()
        self.events: list[SessionEvent] = []
        self.sound: list[NDArray[np.float32]] = []
        assembly = Assembly(Settings(), make_timeline=lambda *given: FaultyTimeline(self.faults, *given))
        estimated = EstimatedClips(MICROPHONE_HZ, assembly.language.durations)
        clips = Faulty(estimated, "clips", self.faults)
        self.coach: SupervisedCoach = assembly.supervised_coach(
            self._hear,
            cast("PromptClips", clips),
            {text: estimated.get(text) for text in assembly.always_said()},
            MICROPHONE_HZ,
            cast("Journal", Faulty(journal, "journal", self.faults)),
            ContainedObserver(Faulty(self.events, "observer", self.faults).append),
        )
        self.coach.open()
        self.passes(20)

    def _hear(self) -> SpeechInput:
        self._text_input, self._hears_since = TextInput(), len(self.sound)
        return cast("SpeechInput", Faulty(self._text_input, "ears", self.faults))

    def say(self, words: str) -> None:
        now = (len(self.sound) - self._hears_since) * BLOCK
        self._text_input.overhear(words, now, now + BLOCK)
        self.passes(2 * BLOCK / MICROPHONE_HZ)

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds * MICROPHONE_HZ / BLOCK)):
            self.sound.append(self.coach.process(ROOM))

    def until(self, is_so: Callable[[], bool], within_s: float) -> float:
        """Let time pass until it is; how long that took."""
        began_s = self.coach.now_s
        while not is_so():
            self.passes(0.1)
            assert self.coach.now_s < began_s + within_s
        return self.coach.now_s - began_s

    def in_a_hold(self) -> None:
        """Start the routine, and wait for a hold in it."""
        self.say("start bedtime routine")
        while self.coach.mode == "asking":
            self.say("no")
            self.passes(1)
        self.until(self.holds, 300)
        self.passes(3)

    def holds(self) -> bool:
        begun = [one.beat for one in self.events if isinstance(one, Began)]
        return begun[-1:] == ["hold"]

    def heard(self, since: int) -> list[str | Chime]:
        return [one.sound for one in self.events[since:] if isinstance(one, Spoke)]

    def loud_s(self, seconds: float) -> float:
        """How many of the next seconds are not silent."""
        begin = len(self.sound)
        self.passes(seconds)
        return float(np.mean([np.any(block) for block in self.sound[begin:]]) * seconds)


@pytest.fixture
def bed() -> Iterator[Bed]:
    with closing(Journal(None, lambda _: None)) as journal:
        yield Bed(journal)


CALLS = (
    "clips.want",
    "clips.ready",
    "ears.hear",
    "ears.saying",
    "ears.listen_for",
    "ears.somebody_speaks",
    "journal.write",
    "journal.keep_place",
    "timeline.position",
    "timeline.replace",
    "timeline.sounding",
    "timeline.duck",
    "timeline.played",
    "timeline.read",
    "timeline.rate_hz",
)
"""Everything that the coach calls while "next" is said into a hold."""


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_costs_no_session(bed: Bed, call: str) -> None:
    bed.in_a_hold()
    bed.faults.arm(call)
    began = len(bed.sound)
    bed.say("next")
    bed.passes(2.5)
    assert bed.faults.failed == 1, "nothing has called it"
    assert np.any(bed.sound[began:][-100:]), "two seconds later the coach is silent"
    assert bed.coach.mode == "guiding"
    stops(bed)
    goes_on(bed)


def stops(bed: Bed) -> None:
    bed.say("stop")
    assert bed.coach.mode == "stopped"
    assert bed.loud_s(0.2) == 0, '"stop" is not obeyed at once'


def goes_on(bed: Bed) -> None:
    bed.say("continue")
    assert bed.coach.mode == "guiding"
    assert bed.loud_s(3.0) > 1.0


@pytest.mark.parametrize("call", ["clips.ready", "journal.write", "journal.keep_place", "observer.append"])
def test_what_it_can_do_without_may_fail_for_ever(bed: Bed, call: str) -> None:
    bed.in_a_hold()
    bed.faults.arm(call, times=10_000)
    for _ in range(3):
        bed.say("next")
        bed.passes(8)
    assert bed.faults.failed
    assert bed.coach.mode == "guiding"
    stops(bed)


def test_where_a_sentence_cannot_be_had_there_is_a_chime_and_an_apology(bed: Bed) -> None:
    bed.in_a_hold()
    bed.faults.arm("clips.ready", times=10_000)
    since = len(bed.events)
    bed.say("next")
    bed.passes(8)
    assert bed.heard(since)[1:3] == [Chime.COMING, "I cannot say that just now."]


def test_a_stop_that_fails_is_a_stop(bed: Bed) -> None:
    bed.in_a_hold()
    bed.faults.arm("timeline.stop_playback")
    bed.say("stop")
    assert bed.faults.failed == 1
    assert bed.coach.mode == "stopped"
    bed.passes(2)
    assert bed.loud_s(5) == 0


def test_it_says_that_something_went_wrong_and_takes_up_the_hold(bed: Bed) -> None:
    bed.in_a_hold()
    since = len(bed.events)
    bed.faults.arm("ears.hear")
    bed.passes(6)
    assert SORRY in bed.heard(since)
    bed.until(bed.holds, 5)


@pytest.mark.parametrize(
    ("words", "mode"), [("pause", "paused"), ("stop", "stopped"), ("that hurts", "hurt"), ("numb", "warning")]
)
def test_it_never_leads_on_where_it_did_not(bed: Bed, words: str, mode: str) -> None:
    bed.in_a_hold()
    bed.say(words)
    bed.faults.arm("ears.hear")
    bed.passes(20)
    assert bed.faults.failed == 1
    assert bed.coach.mode == mode


def test_a_question_is_asked_again(bed: Bed) -> None:
    bed.say("start bedtime routine")
    bed.passes(2)
    assert bed.coach.mode == "asking"
    since = len(bed.events)
    bed.faults.arm("ears.hear")
    bed.passes(20)
    begun = [str(one.cues[0].sound) for one in bed.events[since:] if isinstance(one, Began)]
    assert begun[0] == SORRY
    assert begun[1].startswith("Is there numbness between your legs")


def test_the_warning_is_heard_whole(bed: Bed) -> None:
    bed.in_a_hold()
    bed.say("numb")
    bed.faults.arm("timeline.sounding")
    bed.passes(30)
    [warning] = [
        one for one in bed.events if isinstance(one, Spoke) and "emergency help" in str(one.sound) and one.whole
    ]
    assert str(warning.sound).startswith(SORRY)


@pytest.mark.parametrize("asleep", [False, True])
def test_nobody_is_woken(bed: Bed, asleep: bool) -> None:  # noqa: FBT001 - a table's column
    if asleep:
        bed.say("good night")
        bed.passes(10)
        assert bed.coach.mode == "asleep"
    since = len(bed.events)
    bed.faults.arm("timeline.played")
    bed.passes(5)
    assert bed.heard(since) == [Chime.COMING]
    bed.say("start bedtime routine")
    assert bed.coach.mode == "asking"


@pytest.mark.parametrize("call", ["ears.hear", "timeline.read", "timeline.*"])
def test_the_third_time_within_ten_minutes_it_says_so_and_gives_up(bed: Bed, call: str) -> None:
    bed.in_a_hold()
    for _ in range(MOST_FAILURES - 1):
        bed.faults.arm(call)
        bed.passes(5)
    bed.faults.arm(call, times=10_000)
    began = len(bed.sound)
    told = rf"3 times within 10 minutes, the last time with: {call.replace('*', '[a-z_]+')}; start it again"
    with pytest.raises(BrokenError, match=told):
        bed.passes(10)
    assert np.mean([np.any(block) for block in bed.sound[began:]]) > 0.5, "it says that it ends"


def test_failures_that_lie_far_apart_do_not_add_up(bed: Bed) -> None:
    for _ in range(MOST_FAILURES + 1):
        bed.faults.arm("ears.hear")
        bed.passes(WITHIN_S / (MOST_FAILURES - 1) + 10)
        assert bed.faults.failed == 1
    assert bed.coach.mode == Mode.REST.value


def test_what_cannot_be_made_anew_is_given_up_at_once(bed: Bed) -> None:
    bed.faults.arm("ears.listen_for", times=10_000)
    bed.say("start bedtime routine")
    with pytest.raises(BrokenError):
        bed.passes(10)


def test_the_log_has_the_traceback(bed: Bed, caplog: pytest.LogCaptureFixture) -> None:
    bed.faults.arm("ears.hear")
    bed.passes(1)
    assert "the coach failed in mode rest" in caplog.text
    assert "Traceback" in caplog.text
    assert "Unforeseen: ears.hear" in caplog.text


def test_the_clock_never_goes_back(bed: Bed) -> None:
    bed.in_a_hold()
    before_s = bed.coach.now_s
    bed.faults.arm("ears.hear")
    bed.passes(1)
    assert bed.coach.now_s == pytest.approx(before_s + 1, abs=0.05)
