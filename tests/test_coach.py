"""The coach as a function of sound: words in at the microphone, samples out at the speaker, to the sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_house import EVENING, at_rest, knowledge, language, phrasebook

from voicecoach.coach import Coach
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Delivery
from voicecoach.engines.recognition.text import TextInput
from voicecoach.hearing.microphone_health import MicrophoneHealth
from voicecoach.person.facts import Fact
from voicecoach.person.tonight import Tonight
from voicecoach.session_events import (
    Began,
    EchoFound,
    Entered,
    LostHearing,
    RegainedHearing,
    SessionEvent,
    Softened,
    Spoke,
    Understood,
)
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import Timeline
from voicecoach.surroundings import Memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.dialogue.events import Chime, Note
    from voicecoach.dialogue.state import State
    from voicecoach.engines.recognition.port import Utterance

BLOCK = 320


@dataclass
class Bed:
    """A coach with ears that are told what is said, and a microphone that is fed silence."""

    block: int = BLOCK
    state: State = field(default_factory=at_rest)
    health: MicrophoneHealth | None = None
    """None: silence is taken for a room in which nobody speaks."""
    events: list[SessionEvent] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    place: str | None = None
    place_ago_s: float = 60.0
    looked_up: int = 0
    """How often the coach asked what the journal says."""
    sound: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.speech_input = TextInput()
        memory = Memory(self.notes.append, self.tonight, self.keep_place, self.forget_place, self.kept_place)
        clips = EstimatedClips(MICROPHONE_HZ, language().durations)
        timeline = Timeline(MICROPHONE_HZ)
        self.coach = Coach(
            self.state, self.speech_input, phrasebook(), clips, timeline, memory, self.events.append, self.health
        )

    def tonight(self) -> Tonight:
        self.looked_up += 1
        now = EVENING + timedelta(seconds=self.coach.now_s)
        return Tonight(now, at_rest().tonight.person)

    def keep_place(self, text: str) -> None:
        self.place = text

    def forget_place(self) -> None:
        self.place = None

    def kept_place(self) -> tuple[str, float] | None:
        return None if self.place is None else (self.place, self.place_ago_s)

    def say(self, words: str, delivery: Delivery | None = None) -> Bed:
        now = self.coach.timeline.position
        self.speech_input.overhear(words, now, now + BLOCK, delivery)
        return self.passes(2 * BLOCK / MICROPHONE_HZ)

    def passes(self, seconds: float) -> Bed:
        for _ in range(round(seconds * MICROPHONE_HZ / self.block)):
            self.sound.append(self.coach.process(np.zeros(self.block, np.float32)))
        return self

    def until(self, words: str, within_s: float = 600.0) -> Bed:
        end_s = self.coach.now_s + within_s
        while True:
            before = len(self.events)
            self.passes(0.1)
            begun = [one for one in self.events[before:] if isinstance(one, Began)]
            if any(words == one.beat or words in str(one.cues[:1]) for one in begun):
                return self
            assert self.coach.now_s < end_s, f"never began: {words!r}"

    def spoken(self) -> list[str | Chime]:
        return [one.sound for one in self.events if isinstance(one, Spoke)]


def test_silence_in_silence_out() -> None:
    bed = Bed().passes(5)
    assert not np.any(np.concatenate(bed.sound))
    assert bed.coach.resting


def test_the_words_of_the_listener_start_the_routine() -> None:
    bed = Bed().say("start bedtime routine").passes(60)
    assert str(bed.spoken()[0]).startswith("Here is the bedtime routine")
    assert Entered("greeting", bed.events[1].at_s) in bed.events  # type: ignore[union-attr]
    assert (Fact.SESSION_STARTED, "bedtime") in [(note.fact, note.about) for note in bed.notes]


def test_words_that_are_no_phrase_are_told_and_do_nothing() -> None:
    bed = Bed().say("open the window").passes(1)
    assert [one.meaning for one in bed.events if isinstance(one, Understood)] == [None]
    assert bed.coach.resting


def test_how_late_its_own_voice_comes_back_is_told_once_and_again_where_that_has_changed() -> None:
    bed = Bed().passes(1)
    for delay_s in (0.4, 0.404, 0.396, 0.15, 0.15):
        bed.speech_input.echo_delay_s = delay_s
        bed.passes(0.5)
    told = [(one.delay_s, round(one.at_s)) for one in bed.events if isinstance(one, EchoFound)]
    assert told == [(0.4, 1), (0.15, 2)]


def test_every_count_begins_at_its_planned_sample() -> None:
    bed = Bed().say("start bedtime").until("hold").passes(20)
    hold = next(one for one in bed.events if isinstance(one, Began) and one.beat == "hold")
    planned = [round((hold.at_s + cue.at_s) * MICROPHONE_HZ) for cue in hold.cues]
    numbers = [one for one in bed.events if isinstance(one, Spoke) and one.began_s >= hold.at_s]
    assert [round(one.began_s * MICROPHONE_HZ) for one in numbers[: len(planned)]] == planned
    sound = np.concatenate(bed.sound)
    for at in planned:
        assert not np.any(sound[at - 200 : at]), "silence before the number"
        assert np.any(sound[at : at + 20]), "and the number at its sample"


def test_counts_do_not_drift_over_a_long_time() -> None:
    bed = Bed().say("start bedtime").until("or next to move on").say("next").until("breaths").passes(45)
    breaths = next(one for one in bed.events if isinstance(one, Began) and one.beat == "breaths")
    since = [one for one in bed.events if isinstance(one, Spoke) and one.began_s >= breaths.at_s]
    ins = [one.began_s - breaths.at_s for one in since if one.sound in ("Breathe in", "last one, in")]
    assert [round(after_s * MICROPHONE_HZ) for after_s in ins] == [0, 160_000, 320_000, 480_000]


def test_stop_is_silent_within_ten_milliseconds() -> None:
    bed = Bed().say("start bedtime").passes(3)
    assert np.any(bed.sound[-1])
    bed.say("stop")
    decided = next(one for one in bed.events if isinstance(one, Entered) and one.mode == "stopped")
    silent_from = round((decided.at_s + 0.010) * MICROPHONE_HZ)
    bed.passes(1.5)
    assert not np.any(np.concatenate(bed.sound)[silent_from:])


def test_a_pause_goes_on_with_the_next_number() -> None:
    bed = Bed().say("start bedtime").until("hold").passes(7)
    bed.say("pause").passes(120).say("continue").passes(15)
    numbers = [sound for sound in bed.spoken() if sound in ("three", "four", "five", "six", "seven")]
    assert numbers[:5] == ["three", "four", "five", "six", "seven"]


def test_the_coach_steps_back_while_somebody_gives_a_command() -> None:
    loud, ducked = Bed().say("start bedtime").passes(3), Bed().say("start bedtime").passes(3)
    now = ducked.coach.timeline.position
    ducked.speech_input.overhear("pause", now, now + 5 * MICROPHONE_HZ)
    loud.passes(1)
    ducked.passes(1)
    level = [np.sqrt(np.mean(np.concatenate(bed.sound[-25:]) ** 2)) for bed in (loud, ducked)]
    assert 20 * np.log10(level[1] / level[0]) == pytest.approx(-12, abs=1)


@pytest.mark.parametrize("block", [160, 320, 1600])
def test_the_size_of_the_blocks_does_not_change_a_sample_of_a_count(block: int) -> None:
    """Decisions are made once a block, so a performance may begin a block later; what it holds is the same."""
    bed = Bed(block=block).say("start bedtime").until("hold").passes(20)
    hold = next(one for one in bed.events if isinstance(one, Began) and one.beat == "hold")
    sound = np.concatenate(bed.sound)
    begin = round(hold.at_s * MICROPHONE_HZ)
    first, tenth = (begin + round(s * MICROPHONE_HZ) for s in (1.5, 15.0))
    assert not np.any(sound[first - 100 : first])
    assert np.any(sound[first : first + 20])
    assert np.any(sound[tenth : tenth + 20])


def test_the_same_night_gives_the_same_samples() -> None:
    one, other = (Bed().say("start bedtime").passes(40).say("how long").passes(30) for _ in range(2))
    assert np.array_equal(np.concatenate(one.sound), np.concatenate(other.sound))


def test_the_place_is_kept_with_every_beat_and_offered_when_the_coach_is_switched_on_again() -> None:
    bed = Bed().say("start bedtime").until("hold")
    assert bed.place is not None
    again = Bed(place=bed.place)
    again.coach.open()
    again.passes(5).say("yes").passes(1)
    assert again.spoken()[0] == "We were at the hug. Shall we go on?"
    assert again.coach.mode == "guiding"
    again.say("good night").passes(1)
    assert again.place is None


def test_a_coach_that_is_switched_on_says_so() -> None:
    bed = Bed()
    bed.coach.open()
    assert str(bed.passes(8).spoken()[0]).startswith("I am here.")


def test_at_rest_the_time_is_looked_up_twice_a_minute_and_never_for_stop() -> None:
    bed = Bed(block=16_000)
    bed.coach.open()
    bed.passes(10)
    assert bed.looked_up == 1
    bed.passes(3 * 3600)
    assert bed.looked_up == 1 + 3 * 120
    bed.say("stop")
    assert bed.looked_up == 1 + 3 * 120


def test_the_journal_is_asked_once_for_what_depends_on_it_and_never_in_a_stretch() -> None:
    bed = Bed().say("start bedtime")
    assert bed.looked_up == 1
    bed.until("hold").say("how long").say("that hurts").passes(8).say("next").passes(3).say("stop")
    assert bed.looked_up == 1
    entered = [one.mode for one in bed.events if isinstance(one, Entered)]
    assert entered == ["greeting", "guiding", "hurt", "guiding", "stopped"], "each once"


def test_a_microphone_that_brings_zeros_is_told_of_and_the_session_rests() -> None:
    bed = Bed(health=MicrophoneHealth()).say("start bedtime routine").passes(4)
    assert [one.why for one in bed.events if isinstance(one, LostHearing)] == ["zeros"]
    assert bed.coach.mode == "paused"


def test_who_is_understood_is_heard_whatever_the_samples_look_like() -> None:
    bed = Bed(health=MicrophoneHealth()).say("start bedtime routine").passes(10).say("continue").passes(1)
    assert any(isinstance(one, RegainedHearing) for one in bed.events)
    assert bed.coach.mode == "guiding"


def test_a_coach_that_was_deaf_before_it_was_started_anew_tells_it_only_once() -> None:
    bed = Bed(state=at_rest(deaf=True), health=MicrophoneHealth(deaf=True)).passes(10)
    assert not any(isinstance(one, LostHearing | RegainedHearing) for one in bed.events)


# --- whispers ---------------------------------------------------------------------------------------------------------

WHISPER, VOICE = Delivery(-45.0, 20.0, 0.4), Delivery(-30.0, 30.0, 0.9)


class EchoAsHeard(TextInput):
    """Remembers the echo reference."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[np.ndarray] = []

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        self.played.append(played)
        return super().hear(block, played)


def told(bed: Bed) -> list[float]:
    return [one.gain_db for one in bed.events if isinstance(one, Softened)]


def test_a_whisper_is_answered_softly_until_somebody_speaks() -> None:
    bed = Bed().say("start bedtime routine").passes(5).say("pause", WHISPER).passes(8)
    assert told(bed) == [-6.0]
    softened = next(one for one in bed.events if isinstance(one, Softened))
    answer = next(one for one in bed.events if isinstance(one, Spoke) and one.began_s >= softened.at_s and one.whole)
    assert answer.began_s == softened.at_s  # the answer itself is soft
    assert told(bed.say("continue", WHISPER).passes(5)) == [-6.0]
    assert told(bed.say("pause", VOICE).passes(5)) == [-6.0, 0.0]


def test_the_echo_reference_is_as_soft_as_what_is_played() -> None:
    """Whoever takes the echo out must be told what really sounded, the change of its level too."""
    bed = Bed()
    ears = bed.coach._speech_input = bed.speech_input = EchoAsHeard()  # noqa: SLF001 - ears that remember
    bed.coach._update_grammar()  # noqa: SLF001 - and know the phrases
    bed.say("start bedtime routine").passes(5).say("next", WHISPER).passes(3)
    assert told(bed) == [-6.0]
    assert np.array_equal(np.concatenate(ears.played[1:]), np.concatenate(bed.sound[:-1]))


def test_whom_to_call_is_said_at_full_volume_at_once() -> None:
    whispered = Bed().say("start bedtime routine").passes(5).say("next", WHISPER).passes(5)
    spoken = Bed().say("start bedtime routine").passes(5).say("next").passes(5)
    for bed in (whispered, spoken):
        bed.say("call for help", WHISPER if bed is whispered else None).passes(3)
    assert told(whispered) == [-6.0, 0.0]
    heard, usual = (np.concatenate(bed.sound)[-2 * MICROPHONE_HZ :] for bed in (whispered, spoken))
    assert np.array_equal(heard, usual)


def test_nobody_has_to_be_answered_softly() -> None:
    bed = Bed(state=at_rest(knows=knowledge(follows_whispers=False)))
    assert told(bed.say("start bedtime routine").passes(5).say("next", WHISPER).passes(3)) == []
