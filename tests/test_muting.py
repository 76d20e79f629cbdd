"""A microphone that somebody has turned off: nothing is heard, nobody is led on, and so it stays until it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from night import Night
from small_house import EVENING, at_rest, knowledge, language

from voicecoach.dialogue.handlers.pausing import PAUSE_S
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import TABLE, Signal
from voicecoach.muting import MicrophoneOff, MuteFile

if TYPE_CHECKING:
    from pathlib import Path

OFF = "The microphone is off, and I hear nothing. It stays off until somebody turns it on."
OFF_FOR_A_NIGHT = (
    "The microphone is off, and I hear nothing. I listen again in eight hours, or when somebody turns it on."
)
REST = f"{OFF} Let us rest here."
FIRST = "The microphone is off. Turn it on first, so that I hear you if something hurts."
ON = "The microphone is on again, and I listen."
WAITS = "The microphone is on again. Tell me to continue when you like."


def in_a_hold() -> Night:
    return Night().says("start bedtime routine").until("Draw your right knee in").passes(6)


# --- the dialogue -----------------------------------------------------------------------------------------------------


def test_at_rest_it_says_so_and_the_microphone_is_off() -> None:
    night = Night().says("do not listen")
    assert night.passes(10).last == OFF
    assert night.microphone_off == [None]
    assert night.mode is Mode.REST


@pytest.mark.parametrize("words", ["stop listening", "please stop listening", "don't listen now", "close your ears"])
def test_it_is_said_in_several_ways_and_also_in_a_hold(words: str) -> None:
    assert Night().says(words).last == OFF
    night = in_a_hold().says(words)
    assert (night.last, night.mode) == (f"{REST} Come out of the hug slowly.", Mode.PAUSED)


def test_stop_that_goes_on_as_stop_listening_is_obeyed_first_and_followed() -> None:
    night = in_a_hold().says("stop")
    assert (night.mode, night.microphone_off) == (Mode.STOPPED, [])
    night.passes(1).says("stop listening")
    assert (night.last, night.mode) == (f"{REST} Come out of the hug slowly.", Mode.PAUSED)
    assert night.microphone_off == [None]


def test_who_is_told_what_to_do_when_it_hurts_is_heard() -> None:
    night = in_a_hold().says("my legs are numb").passes(1).says("stop listening")
    assert night.microphone_off == []


def test_it_is_on_again_after_the_hours_of_the_settings_and_a_soft_chime_says_so() -> None:
    night = Night(at_rest(knows=knowledge(mute_hours=8))).says("do not listen").passes(10)
    assert night.last == OFF_FOR_A_NIGHT
    assert night.microphone_off == [8 * 3600.0]
    night.passes(8 * 3600 - 30)
    assert night.microphone_on == 0
    night.passes(60)
    assert (night.microphone_on, night.last) == (1, "(done)")
    assert night.says("start bedtime routine").mode is Mode.GREETING


def test_who_turns_it_on_hears_it() -> None:
    night = Night().turns_the_microphone_off().passes(60).turns_the_microphone_on()
    assert (night.last, night.microphone_on) == (ON, 1)


def test_turned_off_twice_it_is_off_and_says_nothing_the_second_time() -> None:
    night = Night().turns_the_microphone_off().passes(10).turns_the_microphone_off()
    assert night.microphone_off == [None]
    assert night.words == [OFF]
    assert Night().turns_the_microphone_on().words == [], "it is on"


def test_in_a_hold_it_leads_out_of_the_stretch_and_rests() -> None:
    night = in_a_hold().turns_the_microphone_off()
    assert night.last == f"{REST} Come out of the hug slowly."
    assert night.mode is Mode.PAUSED
    assert night.passes(60).turns_the_microphone_on().last == WAITS
    assert night.says("continue").until("Draw your right knee in", within_s=30).mode is Mode.GUIDING


@pytest.mark.parametrize("pressed", ["continue", "next", "start bedtime routine", "ready", "easier"])
def test_while_it_is_off_nobody_is_led_on(pressed: str) -> None:
    night = in_a_hold().turns_the_microphone_off().passes(30).presses(pressed)
    assert (night.mode, night.last) == (Mode.PAUSED, FIRST)
    assert Night().turns_the_microphone_off().passes(30).presses("start bedtime routine").last == FIRST


def test_while_it_is_off_stop_and_quieter_still_work_by_hand() -> None:
    night = in_a_hold().turns_the_microphone_off().presses("quieter")
    assert night.volumes_db[-1] < 0
    assert night.presses("stop").mode is Mode.CLOSING


@pytest.mark.parametrize("passes_s", [1.0, 60.0], ids=["over its words", "in the rest"])
def test_stop_by_hand_while_it_is_off_ends_at_once_and_kindly_and_asks_nobody(passes_s: float) -> None:
    night = in_a_hold().turns_the_microphone_off().passes(passes_s).presses("stop")
    pressed = night.now_s
    assert night.passes(1).since(pressed + 0.01) == [], "silent first"
    night.passes(20)
    assert night.last.endswith("Then we end here. Rest well.")
    assert ("Come out of the hug slowly." in night.last) is (passes_s == 1.0), "who has not heard the way out hears it"
    assert night.mode is Mode.REST
    assert not any("Shall we go on" in words for words in night.words)


def test_a_rest_that_lasts_too_long_ends_kindly_and_does_not_say_that_somebody_cannot_be_heard() -> None:
    night = in_a_hold().turns_the_microphone_off().passes(PAUSE_S + 60)
    assert "The microphone is still off, so we end here. Rest well." in night.words
    assert night.mode is Mode.REST


def test_a_question_that_nobody_could_answer_is_dropped() -> None:
    night = Night(history=()).says("start bedtime routine")
    assert night.mode is Mode.ASKING
    assert night.turns_the_microphone_off().mode is Mode.REST
    assert night.passes(5).last == OFF


def test_the_sentence_about_red_flags_is_heard_whole_all_the_same() -> None:
    night = in_a_hold().says("my legs are numb").passes(1).turns_the_microphone_off()
    assert night.microphone_off == [None]
    assert night.last == language().prompts.red_flag


def test_switched_on_again_it_says_that_the_microphone_is_still_off() -> None:
    night = Night(at_rest(muted=True, deaf=True)).opens()
    assert night.last == "I am here. The microphone is still off, as you wanted it."


def test_a_session_is_not_offered_again_to_somebody_who_could_not_answer() -> None:
    before = in_a_hold()
    night = Night(at_rest(muted=True, deaf=True)).opens(before.place_kept, ago_s=60)
    assert night.mode is Mode.REST
    assert night.place_kept is None


def test_a_reminder_waits_until_somebody_can_answer() -> None:
    night = Night().says("remind me").says("one").passes(60).turns_the_microphone_off().passes(3700)
    assert night.words[-1] == OFF
    assert "Ready for your" in night.turns_the_microphone_on().until("Ready for your", within_s=120).last


@pytest.mark.parametrize("mode", Mode)
def test_the_switch_is_heeded_in_every_mode(mode: Mode) -> None:
    assert TABLE[Signal.MUTED, mode].heeded
    assert TABLE[Signal.UNMUTED, mode].heeded


# --- over a restart ---------------------------------------------------------------------------------------------------


def test_what_was_turned_off_is_off_after_a_restart(tmp_path: Path) -> None:
    file = MuteFile(tmp_path / "data" / "microphone-off")
    assert file.read(EVENING, is_known=True) is None
    file.write(None, EVENING, is_known=True)
    assert MuteFile(tmp_path / "data" / "microphone-off").read(EVENING, is_known=True) == MicrophoneOff(None)
    file.clear()
    assert file.read(EVENING, is_known=True) is None
    file.clear()


@pytest.mark.parametrize(
    ("hours_later", "is_known", "left_h"),
    [(3, True, 5), (9, True, 0), (-4, True, 8), (3, False, 8)],
    ids=["in time", "over", "the clock went back", "a clock that cannot be believed"],
)
def test_of_the_time_that_was_set_the_rest_is_left_and_never_too_little(
    tmp_path: Path,
    hours_later: int,
    is_known: bool,  # noqa: FBT001 - a case of the table
    left_h: int,
) -> None:
    file = MuteFile(tmp_path / "microphone-off")
    file.write(8 * 3600.0, EVENING, is_known=True)
    now = EVENING.replace(hour=(EVENING.hour + hours_later) % 24, day=EVENING.day + (EVENING.hour + hours_later) // 24)
    assert file.read(now, is_known=is_known) == MicrophoneOff(left_h * 3600.0)


@pytest.mark.parametrize("text", ["", "{", '{"for_s": "x"}', "[]", '{"for_s": 1e999, "since": 3}', "\x00"])
def test_a_broken_file_means_that_it_is_off(tmp_path: Path, text: str) -> None:
    path = tmp_path / "microphone-off"
    path.write_text(text, encoding="utf-8")
    assert MuteFile(path).read(EVENING, is_known=True) == MicrophoneOff(None)
