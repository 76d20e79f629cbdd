"""The rehearsal of rehearsals: turns are played in time, and judged rightly."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_coach import FakeCoach, Reply
from small_house import language

from voicecoach.dialogue.events import Cue
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.languages.commands import Command
from voicecoach.simulation.acoustic_scene import Noise, RoomAcoustics
from voicecoach.simulation.disturbance import Disturbance
from voicecoach.simulation.power_cuts import RestartableCoach
from voicecoach.simulation.rehearsal import BLOCK, Rehearsal
from voicecoach.simulation.scenario import Scenario, Talker
from voicecoach.simulation.simulated_person import SimulatedPerson
from voicecoach.simulation.turns import (
    AbsentCommand,
    AbsentWords,
    Disturb,
    Ends,
    ExpectCommand,
    ExpectMode,
    ExpectSilence,
    ExpectVoice,
    ExpectWords,
    Loudness,
    Mute,
    OnWords,
    SmallTalk,
    Speak,
    Turn,
    Wait,
)
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.simulation.rehearsed_session import RehearsedSession

BLOCK_S = BLOCK / MICROPHONE_HZ
QUIET = RoomAcoustics(noise=Noise.NONE)
LULLABY = "Sleep, my little one, sleep."
COUNT = tuple(Cue(float(second), word) for second, word in enumerate(["one", "two", "three", "four", "five"], start=1))


def rehearsed(
    coach: FakeCoach, *turns: Turn, answers: tuple[Speak, ...] = (), limit_s: float = 60.0
) -> RehearsedSession:
    scenario = Scenario("a scene", "bedtime", turns, answers, room=QUIET, limit_s=limit_s)
    return rehearsal(coach, scenario).run()


def rehearsal(coach: FakeCoach, scenario: Scenario, seed: int = 0) -> Rehearsal:
    person = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -26.0, coach.speech_input.overhear)
    return Rehearsal(RestartableCoach(lambda: coach, coach.speech_input), coach.recorder, person, scenario, seed)


@pytest.fixture
def perfect_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without noise of its own: the first sample that is not zero is that of what was said."""
    monkeypatch.setattr("voicecoach.simulation.rehearsal.MICROPHONE_NOISE_DB", None)


# --- the person speaks in time ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("perfect_microphone")
def test_the_person_speaks_after_so_many_seconds_to_the_sample() -> None:
    coach = FakeCoach()
    session = rehearsed(coach, Speak("", "hello", after_s=1.25), Wait("", 0.1))
    microphone = np.concatenate(coach.heard)
    first = int(np.flatnonzero(microphone)[0])
    assert session.said[0].began_s == 1.25
    assert first == pytest.approx(1.25 * MICROPHONE_HZ, abs=2)  # the voice itself begins at zero


@pytest.mark.parametrize(
    ("ended", "after_s", "expected_s"),
    [(False, 0.0, 3.0), (False, 0.7, 3.7), (True, 0.0, None), (True, 1.0, None)],
)
def test_the_person_speaks_when_the_coach_does(ended: bool, after_s: float, expected_s: float | None) -> None:  # noqa: FBT001 - a table
    coach = FakeCoach(says={3.0: LULLABY})
    session = rehearsed(coach, Speak("", "hello", on=OnWords("little one", ended=ended), after_s=after_s))
    whole_s = len(EstimatedClips(MICROPHONE_HZ, language().durations).get(LULLABY)) / MICROPHONE_HZ
    expected_s = 3.0 + whole_s + after_s if expected_s is None else expected_s
    assert session.said[0].began_s == pytest.approx(expected_s, abs=2 * BLOCK_S)
    assert not session.failures


def test_a_number_in_a_count_is_a_moment_like_any_other() -> None:
    coach = FakeCoach(counts={2.0: COUNT})
    session = rehearsed(coach, Speak("", "pause", on=OnWords("four", ended=False)))
    assert session.said[0].began_s == pytest.approx(6.0, abs=2 * BLOCK_S)


def test_what_was_planned_and_hushed_is_not_taken_for_said() -> None:
    replies = {"stop": Reply(Command.STOP, stop_playback=True)}
    coach = FakeCoach(counts={1.0: COUNT}, replies=replies)
    session = rehearsed(
        coach, Speak("", "stop", on=OnWords("two", ended=False)), AbsentWords("", "four", 5.0), Wait("", 0.1)
    )
    assert not session.failures


def test_answers_are_given_every_time_beside_the_turns() -> None:
    coach = FakeCoach(says={1.0: "Say next.", 5.0: "Say next.", 9.0: "Say next."})
    answer = Speak("", "next", on=OnWords("say next", ended=True), after_s=1.0)
    session = rehearsed(coach, Wait("", 14.0), answers=(answer,))
    assert [said.words for said in session.said] == ["next"] * 3
    prompt_s = len(EstimatedClips(MICROPHONE_HZ, language().durations).get("Say next.")) / MICROPHONE_HZ
    assert [said.began_s for said in session.said] == pytest.approx(
        [at_s + prompt_s + 1.0 for at_s in (1.0, 5.0, 9.0)], abs=2 * BLOCK_S
    )


def test_only_what_is_said_after_the_turn_before_is_waited_for() -> None:
    coach = FakeCoach(says={1.0: "Little lamb.", 4.0: "Sleep now.", 8.0: "Little star."})
    session = rehearsed(coach, ExpectWords("", "sleep", 6.0), Speak("", "hm", on=OnWords("little", ended=True)))
    assert session.said[0].began_s > 8.0


def test_a_sentence_cut_short_has_not_been_said() -> None:
    coach = FakeCoach(says={1.0: LULLABY}, replies={"stop": Reply(Command.STOP, stop_playback=True)})
    stop = Speak("", "stop", on=OnWords("little", ended=False))
    session = rehearsed(coach, stop, Speak("f:2", "hm", on=OnWords("little", ended=True)), limit_s=10.0)
    assert [said.words for said in session.said] == ["stop"]


def test_a_mouth_says_one_thing_at_a_time() -> None:
    coach = FakeCoach(says={1.0: "Say next."})
    answer = Speak("", "a long answer to a short question", on=OnWords("say next", ended=False))
    session = rehearsed(
        coach, Speak("", "something else", on=OnWords("say next", ended=False), after_s=0.2), answers=(answer,)
    )
    first, second = session.said
    assert first.ended_s < second.began_s


# --- what else can be heard -------------------------------------------------------------------------------------------

PARTNER = Talker(level_db=-30.0)


def rehearsed_with_others(coach: FakeCoach, *turns: Turn, answers: tuple[Speak, ...] = ()) -> RehearsedSession:
    scenario = Scenario("", "", turns, answers, others={"partner": PARTNER}, room=QUIET, limit_s=60.0)
    others = {
        "partner": SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), PARTNER.level_at_microphone_db)
    }
    person = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -26.0, coach.speech_input.overhear)
    return Rehearsal(
        RestartableCoach(lambda: coach, coach.speech_input), coach.recorder, person, scenario, others=others
    ).run()


def test_somebody_else_speaks_at_the_same_time() -> None:
    coach = FakeCoach()
    partner, person = rehearsed_with_others(
        coach,
        Speak("", "did you lock the front door this evening", by="partner", after_s=1.0),
        Speak("", "I did", after_s=0.5),
    ).said
    assert (partner.who, partner.began_s, person.who, person.began_s) == ("partner", 1.0, "person", 1.5)
    assert person.ended_s < partner.ended_s
    assert np.concatenate(coach.heard)[round(1.1 * MICROPHONE_HZ) : round(1.4 * MICROPHONE_HZ)].any()


def test_each_mouth_says_one_thing_at_a_time() -> None:
    says = [Speak("", "a long story about a door", by="partner"), Speak("", "and another one", by="partner")]
    first, second = rehearsed_with_others(FakeCoach(), *says).said
    assert first.ended_s < second.began_s


def test_the_ears_of_a_rehearsal_as_text_hear_the_person_only() -> None:
    coach = FakeCoach(replies=START)
    session = rehearsed_with_others(coach, Speak("", "start", by="partner"), Wait("", 3.0))
    assert session.mode == "rest"


@pytest.mark.usefixtures("perfect_microphone")
@pytest.mark.parametrize(
    ("turn", "words", "lasts_s"),
    [
        (SmallTalk("", 3.0, "partner", after_s=1.0), "(small talk)", 3.0),
        (Disturb("", Disturbance.DOOR_SLAM, after_s=1.0), "(door slam)", 0.8),
        (Disturb("", Disturbance.SNORE, 5.0, after_s=1.0), "(snore)", 5.0),
    ],
)
def test_the_turns_go_on_while_something_is_heard(turn: Turn, words: str, lasts_s: float) -> None:
    coach = FakeCoach(says={1.5: LULLABY})
    session = rehearsed_with_others(coach, turn, ExpectWords("", "sleep", 0.6), Wait("", 6.0))
    assert session.failures == ()
    (heard,) = session.said
    assert (heard.words, heard.began_s) == (words, 1.0)
    assert heard.ended_s == pytest.approx(1.0 + lasts_s)
    sounds = np.flatnonzero(np.abs(np.concatenate(coach.heard)) > 1e-4) / MICROPHONE_HZ
    assert sounds.min() >= 1.0
    assert sounds.max() <= heard.ended_s


@pytest.mark.usefixtures("perfect_microphone")
@pytest.mark.parametrize("disturbance", Disturbance)
def test_a_disturbance_is_as_loud_as_it_should_be_and_has_its_seed(disturbance: Disturbance) -> None:
    def heard(seed: int, level_db: float | None) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        coach = FakeCoach()
        turns = (Disturb("", disturbance, 2.0, level_db=level_db), Wait("", 3.0))
        rehearsal(coach, Scenario("", "", turns, room=QUIET), seed).run()
        return np.concatenate(coach.heard)

    usual, again, softer, other = heard(1, None), heard(1, None), heard(1, disturbance.usual_db - 20.0), heard(2, None)
    assert np.array_equal(usual, again)
    assert not np.array_equal(usual, other)
    unclipped = np.abs(usual) < 1.0
    assert np.allclose(softer[unclipped] * 10.0, usual[unclipped], atol=1e-5)


def test_a_muted_microphone_hears_nothing_for_a_while() -> None:
    coach = FakeCoach()
    session = rehearsed_with_others(
        coach, SmallTalk("", 9.0, by="partner"), Mute("", 2.0, after_s=3.0), ExpectSilence("", 0.0, 1.0), Wait("", 5.0)
    )
    sound = np.concatenate(coach.heard)
    assert not sound[3 * MICROPHONE_HZ : 5 * MICROPHONE_HZ].any()
    assert sound[: 3 * MICROPHONE_HZ].any()
    assert sound[5 * MICROPHONE_HZ :].any()
    assert [said.words for said in session.said] == ["(small talk)", "(microphone muted)"]


# --- turns that come about --------------------------------------------------------------------------------------------

START = {"start": Reply(Command.START, mode="guiding", sentence=LULLABY)}
STOP = {"stop": Reply(Command.STOP, stop_playback=True, mode="stopped")}
END = {"good night": Reply(Command("good night"), mode="asleep")}
BEGUN = Speak("", "start", after_s=1.0)


@pytest.mark.parametrize(
    "turns",
    [
        (ExpectWords("", "my little ONE", 0.5),),
        (ExpectWords("", "Sleep my little", 0.5),),
        (ExpectCommand("", Command.START, 0.5),),
        (ExpectMode("", "guiding", 0.5),),
        (ExpectVoice("", Loudness.USUAL, 0.0),),
        (ExpectCommand("", Command.START, 0.5), ExpectMode("", "guiding", 0.5), ExpectWords("", "sleep", 0.5)),
        (Wait("", 5.0), AbsentWords("", "little", 5.0)),
        (Wait("", 5.0), AbsentCommand("", None, 5.0)),
        (Speak("", "stop", after_s=0.2), ExpectSilence("", 0.1, 2.0), ExpectMode("", "stopped", 0.0)),
        (Speak("", "good night"), Ends("", "asleep", 1.0)),
        (Speak("", "good evening"), AbsentCommand("", None, 3.0)),
        (Speak("", "good night"), AbsentCommand("", Command.STOP, 3.0)),
    ],
)
def test_what_comes_about_is_no_failure(turns: tuple[Turn, ...]) -> None:
    coach = FakeCoach(replies=START | STOP | END)
    assert rehearsed(coach, BEGUN, *turns).failures == ()


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (
            ExpectWords("f:7", "knee", 2.0),
            f'f:7: expected "knee" within 2 s, heard instead: "{LULLABY}", "One more." (at 00:03.',
        ),
        (ExpectWords("f:7", "lit", 1.0), 'f:7: expected "lit" within 1 s, heard instead'),
        (ExpectWords("f:7", "one more", 1.0), 'f:7: expected "one more" within 1 s'),
        (
            ExpectCommand("f:7", Command.NEXT, 1.0),
            'f:7: expected the command "next" within 1 s, understood instead: "start (start)"',
        ),
        (ExpectVoice("f:7", Loudness.SOFT, 1.0), 'f:7: expected a soft voice within 1 s, it was "usual"'),
        (ExpectMode("f:7", "paused", 1.0), 'f:7: expected the mode "paused" within 1 s, it was "guiding"'),
        (ExpectSilence("f:7", 0.1, 0.5), "f:7: expected silence within 0.1 s, for 0.5 s, the coach could be heard"),
        (AbsentWords("f:7", "little", 3.0), f'f:7: expected no "little" for 3 s, heard "{LULLABY}"'),
        (AbsentCommand("f:7", None, 3.0), 'f:7: expected no command for 3 s, heard "start"'),
        (AbsentCommand("f:7", Command.START, 3.0), 'f:7: expected no start for 3 s, heard "start"'),
        (Ends("f:7", "rest", 1.0), 'f:7: expected the session to end in "rest" within 1 s, it was "guiding"'),
        (
            Speak("f:7", "hm", on=OnWords("knee", ended=False)),
            'f:7: to say "hm" when the coach says "knee", but the rehearsal came to its limit of 10 s',
        ),
    ],
)
def test_what_does_not_come_about_is_told_with_its_place(turn: Turn, message: str) -> None:
    coach = FakeCoach(says={3.3: "One more."}, replies=START)
    failures = rehearsed(coach, BEGUN, turn, limit_s=10.0).failures
    assert len(failures) == 1
    assert failures[0].startswith(message)


def test_an_ending_of_the_wrong_kind_is_told_at_once() -> None:
    coach = FakeCoach(replies=START | END)
    session = rehearsed(coach, BEGUN, Speak("", "good night"), Ends("f:9", "rest", 50.0))
    assert session.failures[0].startswith(
        'f:9: expected the session to end in "rest" within 50 s, it ended in "asleep"'
    )
    assert session.lasted_s < 10.0


def test_a_sentence_a_moment_too_late_is_too_late() -> None:
    coach = FakeCoach(counts={1.0: (Cue(2.01, "two"),)})
    assert len(rehearsed(coach, ExpectWords("", "two", 3.005)).failures) == 1


def test_silence_counts_from_the_turn_before() -> None:
    assert rehearsed(FakeCoach(), Wait("", 3.0), ExpectSilence("", 0.5, 1.0)).lasted_s == pytest.approx(4.0, abs=0.05)


def test_silence_that_is_broken_is_no_silence() -> None:
    coach = FakeCoach(says={1.0: "One.", 2.0: "Two.", 3.0: "Three.", 4.0: "Four."})
    session = rehearsed(coach, Wait("", 1.1), ExpectSilence("f:3", 0.5, 2.0))
    assert len(session.failures) == 1


def test_each_sentence_answers_one_expectation() -> None:
    coach = FakeCoach(says={1.0: "In.", 3.0: "Out.", 5.0: "In."})
    once = rehearsed(coach, ExpectWords("", "in", 2.0), ExpectWords("", "in", 5.0))
    assert once.failures == ()
    assert once.lasted_s == pytest.approx(5.5, abs=0.5)


def test_a_night_goes_on_after_a_failure() -> None:
    coach = FakeCoach(says={1.0: "One.", 4.0: "Two."})
    session = rehearsed(coach, ExpectWords("f:1", "three", 2.0), ExpectWords("f:2", "two", 3.0))
    assert [failure.split(":")[1] for failure in session.failures] == ["1"]


def test_the_end_of_a_session_counts_once() -> None:
    coach = FakeCoach(modes={1.0: "guiding", 2.0: "rest"})
    session = rehearsed(coach, Ends("f:1", "rest", 5.0), Ends("f:2", "rest", 5.0))
    assert [failure.split(":")[1] for failure in session.failures] == ["2"]


def test_rest_before_anything_began_is_no_ending() -> None:
    assert len(rehearsed(FakeCoach(), Ends("f:1", "rest", 5.0)).failures) == 1


# --- the same night again ---------------------------------------------------------------------------------------------


def scene_with_everything() -> Scenario:
    turns = (Speak("", "start", after_s=0.5), Wait("", 4.0))
    return Scenario("a scene", "bedtime", turns, room=RoomAcoustics(Noise.RAIN, -40.0, echo_db=-12.0))


def test_the_same_seed_gives_the_same_samples(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        rehearsal(FakeCoach(replies=START), scene_with_everything(), seed).run(tmp_path / name)
    first, second, third = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == second
    assert first != third


def test_the_recording_has_the_coach_on_the_left_and_the_microphone_on_the_right(tmp_path: Path) -> None:
    coach = FakeCoach(says={1.0: LULLABY})
    scenario = Scenario("a scene", "bedtime", (Speak("", "hello", after_s=3.5), Wait("", 1.0)), room=QUIET)
    session = rehearsal(coach, scenario).run(tmp_path / "session.wav")
    with wave.open(str(tmp_path / "session.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, MICROPHONE_HZ, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    left, right = (np.flatnonzero(np.abs(channel) > 20) / MICROPHONE_HZ for channel in sound.T)
    assert len(sound) == round(session.lasted_s * MICROPHONE_HZ)
    assert 1.0 <= left.min() < 1.3  # the tone swells
    assert left.max() < 3.5
    assert 3.5 <= right.min() < 3.6


def test_the_microphone_hears_the_coach_where_there_is_an_echo() -> None:
    for echo_db in (None, -12.0):
        coach = FakeCoach(says={0.5: LULLABY})
        rehearsal(coach, Scenario("", "", (Wait("", 3.0),), room=RoomAcoustics(Noise.NONE, echo_db=echo_db))).run()
        loudest = np.abs(np.concatenate(coach.heard)).max()  # the microphone's own noise is never heard so loudly
        assert (loudest > 0.001) == (echo_db is not None)


class BreaksOff(FakeCoach):
    """A coach that fails after three seconds."""

    def process(
        self, block: np.ndarray[tuple[int], np.dtype[np.float32]]
    ) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        if self.timeline.position > 3 * MICROPHONE_HZ:
            raise KeyboardInterrupt
        return super().process(block)


def test_a_rehearsal_that_breaks_off_leaves_what_it_has(tmp_path: Path) -> None:
    coach = BreaksOff(says={1.0: LULLABY})
    broken = rehearsal(coach, Scenario("a scene", "bedtime", (Wait("", 10.0),), room=QUIET))
    with pytest.raises(KeyboardInterrupt):
        broken.run(tmp_path / "session.wav")
    with wave.open(str(tmp_path / "session.wav")) as file:
        assert file.getnframes() == pytest.approx(3 * MICROPHONE_HZ, abs=2 * BLOCK)
    assert broken.session.lasted_s == pytest.approx(3.0, abs=2 * BLOCK_S)
    assert broken.session.events


def test_the_coach_may_finish_its_sentence() -> None:
    session = rehearsed(FakeCoach(says={1.0: LULLABY}), Wait("", 1.5))
    assert (
        session.lasted_s > 1.0 + len(EstimatedClips(MICROPHONE_HZ, language().durations).get(LULLABY)) / MICROPHONE_HZ
    )
