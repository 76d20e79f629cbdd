"""Scenario files: what they can say, and what is told to somebody who wrote something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voicecoach.errors import BadFileError
from voicecoach.language.commands import Command
from voicecoach.room.bedroom import Noise, Room
from voicecoach.room.scenario import (
    AbsentCommand,
    AbsentWords,
    Body,
    Ends,
    ExpectCommand,
    ExpectMode,
    ExpectSilence,
    ExpectWords,
    OnWords,
    Scenario,
    Speak,
    Wait,
    usual_night,
)
from voicecoach.room.scenario_file import load_scenario
from voicecoach.routine.stretch import Routine, Source
from voicecoach.speaking.protocol import Voice

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = """\
title: A rainy night
routine: bedtime
person: {voice: en-us+f2, words per minute: 130, level: -30 dB, distance: 2 m}
room: {noise: rain, noise level: -50 dB, echo: -12.5 dB}
preferences:
  soft bed: yes
  left out: [pigeon, cobra]
at most: 40 min
answers:
  - {when said: say next, after: 2 s, say: next}
turns:
  - {say: start bedtime routine, after: 1.5 s}
  - {expect command: start, within: 500 ms}
  - {expect: "child's pose", within: 1.5 min}
  - {say: pause, when: hold it there}
  - {expect mode: paused, within: 1 s}
  - {expect silence: 2 s, within: 0.5 s}
  - {absent: six, for: 120 s}
  - {absent command: any, for: 2 s}
  - {absent command: next, for: 2 s}
  - {wait: 1 h}
  - {play: voices/stop.wav, words: stop, when said: one, after: 3 s}
  - {play: voices/snore.wav}
  - {ends: asleep, within: 30 min}
"""

SMALLEST = "title: A night\nroutine: bedtime\nturns:\n  - wait: 1 s\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_can_say_all_this(tmp_path: Path) -> None:
    path = written(tmp_path, EVERYTHING)
    assert load_scenario(path) == Scenario(
        title="A rainy night",
        routine="bedtime",
        person=Body(Voice("en-us+f2", 130), level_db=-30.0, distance_m=2.0),
        room=Room(Noise.RAIN, noise_db=-50.0, echo_db=-12.5),
        soft_bed=True,
        left_out=frozenset({"pigeon", "cobra"}),
        limit_s=2400.0,
        answers=(Speak(f"{path}:10", "next", on=OnWords("say next", ended=True), after_s=2.0),),
        turns=(
            Speak(f"{path}:12", "start bedtime routine", after_s=1.5),
            ExpectCommand(f"{path}:13", Command.START, 0.5),
            ExpectWords(f"{path}:14", "child's pose", 90.0),
            Speak(f"{path}:15", "pause", on=OnWords("hold it there", ended=False)),
            ExpectMode(f"{path}:16", "paused", 1.0),
            ExpectSilence(f"{path}:17", within_s=0.5, for_s=2.0),
            AbsentWords(f"{path}:18", "six", 120.0),
            AbsentCommand(f"{path}:19", None, 2.0),
            AbsentCommand(f"{path}:20", Command.NEXT, 2.0),
            Wait(f"{path}:21", 3600.0),
            Speak(f"{path}:22", "stop", tmp_path / "voices/stop.wav", OnWords("one", ended=True), 3.0),
            Speak(f"{path}:23", "", tmp_path / "voices/snore.wav"),
            Ends(f"{path}:24", "asleep", 1800.0),
        ),
    )


def test_what_is_not_said_has_a_sound_default(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, SMALLEST))
    assert scenario.person == Body()
    assert scenario.room == Room()
    assert scenario.room.echo_db is None
    assert scenario.answers == ()
    assert not scenario.soft_bed


def test_an_echo_can_be_off(tmp_path: Path) -> None:
    assert load_scenario(written(tmp_path, SMALLEST + "room: {echo: off}\n")).room.echo_db is None


def test_a_person_twice_as_far_away_is_six_decibels_quieter() -> None:
    near, far = Body(level_db=-26.0, distance_m=1.0), Body(level_db=-26.0, distance_m=2.0)
    assert near.level_at_microphone_db == -26.0
    assert far.level_at_microphone_db == pytest.approx(-32.02, abs=0.01)


BAD_TURNS = [
    (
        "{wait: 3}",
        '4:12: "wait" is "3"; write a number from 0 to 43200 s with its unit, such as 2 s or 0.5 s or 10 min',
    ),
    ("{wait: 3 sec}", '4:12: "wait" is "3 sec"; write a number'),
    ("{wait: -3 s}", '4:12: "wait" is "-3 s"; write a number'),
    ("{wait: soon}", '4:12: "wait" is "soon"; write a number'),
    ("{wait: 9999 h}", '4:12: "wait" is "9999 h"; write a number'),
    ("{wait: 3 s, after: 2 s}", '4:17: unknown key "after"; the keys here are: wait'),
    ("{say: next, within: 2 s}", '4:17: unknown key "within"; did you mean "when"?'),
    ("{say: ''}", '4:11: "say" is empty; write a text'),
    ("{say: '?!'}", '4:11: there is no word in "?!"; write what is said'),
    ("{say: next, play: next.wav}", "4:5: a turn does one thing, and this does 2; write one of: say, play, expect, "),
    ("{after: 2 s}", "4:5: a turn does one thing, and this does 0; write one of: say, play, expect, "),
    ("{saye: next}", '4:6: unknown key "saye"; did you mean "say"?'),
    ("{say: next, words: next}", '4:24: "words" is what a recording says; leave it out, or write "play" for "say"'),
    ("{say: next, when: a, when said: b}", '4:37: the person waits for one thing; keep "when" or "when said"'),
    ("{expect: next}", '4:5: "within" is missing in'),
    ("{expect command: nxt, within: 2 s}", '4:22: "expect command" cannot be "nxt"; did you mean "next"?'),
    ("{expect mode: paused?, within: 2 s}", '4:19: "expect mode" cannot be "paused?"; did you mean "paused"?'),
    ("{absent: six, within: 2 s}", '4:19: unknown key "within"; the keys here are: absent, for'),
    ("{absent command: nothing, for: 2 s}", '4:22: "absent command" cannot be "nothing"; write one of'),
    ("{ends: paused, within: 2 s}", '4:12: "ends" cannot be "paused"; write one of: asleep, rest'),
    ("just words", "4:5: item 1 of "),
]


@pytest.mark.parametrize(("turn", "message"), BAD_TURNS)
def test_a_bad_turn_is_told_with_its_place(tmp_path: Path, turn: str, message: str) -> None:
    path = written(tmp_path, f"title: A night\nroutine: bedtime\nturns:\n  - {turn}\n")
    with pytest.raises(BadFileError) as error:
        load_scenario(path)
    assert str(error.value).startswith(f"{path}:{message}")


BAD_PARTS = [
    ("person: {voice: ''}", '5:17: "voice" is empty'),
    ("person: {words per minute: 900}", '5:28: "words per minute" is "900"; write a whole number from 80 to 300'),
    (
        "person: {level: 3 dB}",
        '5:17: "level" is "3 dB"; write a number from -120 to 0 dB with its unit, such as -30 dB',
    ),
    ("person: {level: -30}", '5:17: "level" is "-30"; write a number from -120 to 0 dB'),
    ("person: {distance: 200 m}", '5:20: "distance" is "200 m"; write a number from 0.1 to 10 m'),
    ("room: {noise: cats}", '5:15: "noise" cannot be "cats"; write one of: fan, none, pink, rain, white'),
    ("room: {echo: loud}", '5:14: "echo" is "loud"; write a number from -120 to 0 dB'),
    ("preferences: {soft bed: perhaps}", '5:25: "soft bed" is "perhaps"; write yes or no'),
    ("preferences: {left out: []}", '5:25: "left out" is an empty list'),
    ("at most: forever", '5:10: "at most" is "forever"; write a number'),
    (
        "answers:\n  - {say: next}",
        '6:5: an answer waits for words of the coach; add a line "when: ..." or "when said: ..."',
    ),
    ("answers:\n  - {when: a}", '6:5: write either "say: words" or "play: file.wav"'),
    ("roomm: {noise: pink}", '5:1: unknown key "roomm"; did you mean "room"?'),
]


@pytest.mark.parametrize(("part", "message"), BAD_PARTS)
def test_a_bad_part_is_told_with_its_place(tmp_path: Path, part: str, message: str) -> None:
    path = written(tmp_path, SMALLEST + part + "\n")
    with pytest.raises(BadFileError) as error:
        load_scenario(path)
    assert str(error.value).startswith(f"{path}:{message}")


@pytest.mark.parametrize("key", ["title", "routine", "turns"])
def test_what_every_scenario_needs(tmp_path: Path, key: str) -> None:
    lines = [line for line in SMALLEST.splitlines() if not line.startswith((key, "  -" if key == "turns" else key))]
    with pytest.raises(BadFileError, match=f'"{key}" is missing'):
        load_scenario(written(tmp_path, "\n".join(lines)))


def test_a_usual_night_starts_the_routine_and_says_next_where_it_is_asked_for() -> None:
    routine = Routine(
        "bedtime", "Bedtime", "bedtime routine", ("bedtime", "bedtime routine"), (Source("own", ""),), "", ""
    )
    night = usual_night(routine)
    assert [speak.words for speak in night.spoken] == ["start bedtime routine", "next"]
    assert night.answers[0].on == OnWords("say next", ended=True)
    assert isinstance(night.turns[-1], Ends)
