"""Scenario files: what they can say, and what is told to somebody who wrote something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_house import language

from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.reading import read
from voicecoach.routine.stretch import Routine, Source
from voicecoach.simulation.acoustic_scene import MicrophoneFault, Noise, RoomAcoustics
from voicecoach.simulation.disturbance import Disturbance
from voicecoach.simulation.scenario import ALL_ANSWERED, EVENING, Scenario, Talker, usual_night
from voicecoach.simulation.scenario_file import load_scenario
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
    PowerCut,
    SmallTalk,
    Speak,
    Wait,
)

EVERYTHING = """\
title: A rainy night
routine: bedtime
person: {voice: en-us+f2, words per minute: 130, level: -30 dB, distance: 2 m}
others:
  partner: {voice: en-us+m7, distance: 0.5 m}
  radio: {level: -40 dB}
room: {noise: rain, noise level: -50 dB, echo: -12.5 dB, echo delay: 200 ms, echo drift: -50 ppm, distortion: 3 %}
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
  - {say: are you asleep, by: partner, when: two, level: -45 dB}
  - {talk: 1 min, by: radio, level: -50 dB, after: 1 s}
  - {sound: door slam}
  - {sound: cough, for: 3 s, level: -20 dB, when said: four}
  - {microphone muted for: 1 min, after: 2 s}
  - {power cut for: 5 min, when: five, after: 2 s}
  - {microphone: stuck, for: 20 s, when: six}
  - {whisper: next, after: 2 s}
  - {expect voice: soft, within: 1 s}
  - {ends: asleep, within: 30 min}
at: 2026-03-01 06:45
history: new
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
        person=Talker(Voice("en-us+f2", 130), level_db=-30.0, distance_m=2.0),
        others={
            "partner": Talker(Voice("en-us+m7", 150), distance_m=0.5),
            "radio": Talker(level_db=-40.0),
        },
        room=RoomAcoustics(Noise.RAIN, -50.0, -12.5, echo_delay_s=0.2, echo_drift_ppm=-50.0, distortion=0.03),
        soft_bed=True,
        left_out=frozenset({"pigeon", "cobra"}),
        limit_s=2400.0,
        answers=(Speak(f"{path}:13", "next", on=OnWords("say next", ended=True), after_s=2.0),),
        turns=(
            Speak(f"{path}:15", "start bedtime routine", after_s=1.5),
            ExpectCommand(f"{path}:16", Command.START, 0.5),
            ExpectWords(f"{path}:17", "child's pose", 90.0),
            Speak(f"{path}:18", "pause", on=OnWords("hold it there", ended=False)),
            ExpectMode(f"{path}:19", "paused", 1.0),
            ExpectSilence(f"{path}:20", within_s=0.5, for_s=2.0),
            AbsentWords(f"{path}:21", "six", 120.0),
            AbsentCommand(f"{path}:22", None, 2.0),
            AbsentCommand(f"{path}:23", Command.NEXT, 2.0),
            Wait(f"{path}:24", 3600.0),
            Speak(f"{path}:25", "stop", tmp_path / "voices/stop.wav", OnWords("one", ended=True), 3.0),
            Speak(f"{path}:26", "", tmp_path / "voices/snore.wav"),
            Speak(f"{path}:27", "are you asleep", on=OnWords("two", ended=False), by="partner", level_db=-45.0),
            SmallTalk(f"{path}:28", 60.0, "radio", after_s=1.0, level_db=-50.0),
            Disturb(f"{path}:29", Disturbance.DOOR_SLAM),
            Disturb(f"{path}:30", Disturbance.COUGH, 3.0, OnWords("four", ended=True), level_db=-20.0),
            Mute(f"{path}:31", 60.0, after_s=2.0),
            PowerCut(f"{path}:32", 300.0, OnWords("five", ended=False), 2.0),
            Mute(f"{path}:33", 20.0, OnWords("six", ended=False), fault=MicrophoneFault.STUCK),
            Speak(f"{path}:34", "next", after_s=2.0, whispered=True),
            ExpectVoice(f"{path}:35", Loudness.SOFT, 1.0),
            Ends(f"{path}:36", "asleep", 1800.0),
        ),
        at=datetime(2026, 3, 1, 6, 45, tzinfo=UTC),
        history=(),
    )


def test_what_is_not_said_has_a_sound_default(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, SMALLEST))
    assert scenario.person == Talker()
    assert scenario.room == RoomAcoustics()
    assert scenario.room.echo_db is None
    assert scenario.answers == ()
    assert scenario.others == {}
    assert not scenario.soft_bed
    assert scenario.at == EVENING
    assert scenario.history == ALL_ANSWERED


def test_a_file_without_a_version_has_version_1(tmp_path: Path) -> None:
    plain, told = (load_scenario(written(tmp_path, text)) for text in (SMALLEST, f"{SMALLEST}version: 1\n"))
    assert plain == told


def test_every_scene_says_its_version() -> None:
    scenes = sorted((Path(__file__).parent / "scenes").glob("*.yaml"))
    assert [scene.name for scene in scenes if not scene.read_text("utf-8").startswith("version: 1\n")] == []


def test_an_echo_can_be_off(tmp_path: Path) -> None:
    assert load_scenario(written(tmp_path, SMALLEST + "room: {echo: off}\n")).room.echo_db is None


def test_a_person_twice_as_far_away_is_six_decibels_quieter() -> None:
    near, far = Talker(level_db=-26.0, distance_m=1.0), Talker(level_db=-26.0, distance_m=2.0)
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
    ("{say: next, play: next.wav}", "4:5: a turn does one thing, and this does 2; write one of: say, whisper, play, "),
    ("{after: 2 s}", "4:5: a turn does one thing, and this does 0; write one of: say, whisper, play, "),
    ("{saye: next}", '4:6: unknown key "saye"; did you mean "say"?'),
    ("{say: next, words: next}", '4:24: "words" is what a recording says; leave it out, or write "play" for "say"'),
    ("{say: next, when: a, when said: b}", '4:37: one thing is waited for; keep "when" or "when said"'),
    ("{say: next, by: aunt}", '4:21: there is nobody called "aunt"; add a line "aunt: {}" under "others"'),
    ("{say: next, level: 6 dB}", '4:24: "level" is "6 dB"; write a number from -120 to 0 dB'),
    ("{talk: 1 min, by: radio}", '4:23: there is nobody called "radio"'),
    ("{talk: for ever}", '4:12: "talk" is "for ever"; write a number from 0 to 43200 s'),
    ("{talk: 1 min, by: radio, words: a}", '4:30: unknown key "words"; the keys here are: after, by, level, talk, '),
    ("{sound: bark}", '4:13: "sound" cannot be "bark"; write one of: cough, door slam, snore'),
    ("{sound: snore, by: radio}", '4:20: unknown key "by"; the keys here are: after, for, level, sound, when, '),
    ("{sound: snore, for: ever}", '4:25: "for" is "ever"; write a number from 0 to 43200 s'),
    ("{microphone muted for: a while}", '4:28: "microphone muted for" is "a while"; write a number from 0 to 43200 s'),
    ("{microphone muted for: 1 s, level: -3 dB}", '4:33: unknown key "level"; the keys here are: after, '),
    ("{microphone: deaf, for: 1 s}", '4:18: "microphone" cannot be "deaf"; write one of: garbage, lost, muted, stuck'),
    ("{microphone: lost}", '4:5: "for" is missing in'),
    ("{power cut for: a night}", '4:21: "power cut for" is "a night"; write a number from 0 to 43200 s'),
    ("{power cut for: 1 h, by: person}", '4:26: unknown key "by"; the keys here are: after, power cut for, when, '),
    ("{expect: next}", '4:5: "within" is missing in'),
    ("{expect command: nxt, within: 2 s}", '4:22: "expect command" cannot be "nxt"; did you mean "next"?'),
    ("{expect mode: paused?, within: 2 s}", '4:19: "expect mode" cannot be "paused?"; did you mean "paused"?'),
    ("{expect voice: loud, within: 2 s}", '4:20: "expect voice" cannot be "loud"; write one of: soft, usual'),
    ("{whisper: next, words: next}", '4:28: "words" is what a recording says'),
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
    (
        "room: {echo: -6 dB, echo delay: 5 ms}",
        '5:33: "echo delay" is "5 ms"; write a number from 0.025 to 1 s with its unit, such as 40 ms or 0.2 s',
    ),
    ("room: {echo: -6 dB, echo drift: 3 s}", '5:33: "echo drift" is "3 s"; write a number from -500 to 500 ppm'),
    ("room: {echo: -6 dB, distortion: 50 %}", '5:33: "distortion" is "50 %"; write a number from 0 to 10 %'),
    (
        "room: {distortion: 3 %}",
        '5:20: "distortion" is about the echo, and there is none; add "echo: -12 dB"',
    ),
    ("room: {echo: off, echo delay: 1 s}", '5:31: "echo delay" is about the echo, and there is none'),
    (
        "room: {echo: -6 dB, echo drift: -100 ppm}",
        "5:33: before 3600 s are over, the echo would come before the sound; make it positive, or end the night ",
    ),
    ("others: {person: {}}", '5:18: "person" is somebody already; choose another name, such as partner'),
    ("others: {aunt: {height: 2 m}}", '5:17: unknown key "height"; the keys here are: distance, level, voice, '),
    ("preferences: {soft bed: perhaps}", '5:25: "soft bed" is "perhaps"; write yes or no'),
    ("preferences: {left out: []}", '5:25: "left out" is an empty list'),
    ("at: 22:00", '5:5: "at" is "22:00"; write a day and a time, such as 2026-01-15 22:00'),
    ("at: 2026-02-30 22:00", '5:5: "at" is "2026-02-30 22:00"; write a day and a time'),
    ("history: old", '5:10: "history" is a text, and should be lines of the form "key: value"'),
    ("history: {pain: yes}", '5:11: unknown key "pain"; '),
    ("history: {yes to: [gout]}", '5:20: item 1 of "yes to" cannot be "gout"; write one of: artificial hip, '),
    ("history: {yes to: []}", '5:19: "yes to" is an empty list'),
    ("history: {pain ratings: often}", '5:25: "pain ratings" is "often"; write yes or no'),
    ("history: {tips: some}", '5:17: "tips" is "some"; write yes or no'),
    ("history: {sessions: 3}", '5:21: "sessions" is a text, and should be a list'),
    ("history: {sessions: [{pain: [6, 4]}]}", '5:22: "days ago" is missing in item 1 of "sessions"'),
    ("history: {sessions: [{days ago: -1}]}", '5:33: "days ago" is "-1"; write a number from 0 to 3650'),
    (
        "history: {sessions: [{days ago: 1, slept: 7}]}",
        '5:36: unknown key "slept"; the keys here are: days ago, done, ',
    ),
    (
        "history: {sessions: [{days ago: 1, pain: [6]}]}",
        "5:42: pain is a number before the session and one after it; write such as [6, 4]",
    ),
    (
        "history: {sessions: [{days ago: 1, pain: [6, 11]}]}",
        '5:46: item 2 of "pain" is "11"; write a whole',
    ),
    ("at most: forever", '5:10: "at most" is "forever"; write a number'),
    (
        "answers:\n  - {say: next}",
        '6:5: an answer waits for words of the coach; add a line "when: ..." or "when said: ..."',
    ),
    ("answers:\n  - {when: a}", '6:5: write one of "say: words", "whisper: words"'),
    ("version: 2", "5:10: this scenario has version 2, and this voicecoach reads version 1; use a newer one"),
    ("new things: {}\nversion: 2", "6:10: this scenario has version 2"),
    ("version: new", '5:10: "version" is "new"; write a whole number'),
    ("history: {records: [{at: today, what: hurt}]}", '5:26: "at" is "today"; write a day and a time, such as 2026-'),
    ("history: {records: [{at: 2026-01-14 22:00:00}]}", '5:21: "what" is missing'),
    ("history: {records: [], tips: yes}", '5:24: unknown key "tips"'),
    ("roomm: {noise: pink}", '5:1: unknown key "roomm"; did you mean "room"?'),
]


@pytest.mark.parametrize(("part", "message"), BAD_PARTS)
def test_a_bad_part_is_told_with_its_place(tmp_path: Path, part: str, message: str) -> None:
    path = written(tmp_path, SMALLEST + part + "\n")
    with pytest.raises(BadFileError) as error:
        load_scenario(path)
    assert str(error.value).startswith(f"{path}:{message}")


def history_of(tmp_path: Path, text: str) -> tuple[Record, ...]:
    return load_scenario(written(tmp_path, f"{SMALLEST}at: 2026-02-20 22:00\nhistory: {text}\n")).history


NIGHT = datetime(2026, 2, 20, 22, tzinfo=UTC)


def test_somebody_with_a_history_has_answered_all_questions(tmp_path: Path) -> None:
    person = read(history_of(tmp_path, "{yes to: [osteoporosis, soft mattress]}"), UTC)
    assert person.answers.keys() == set(Condition)
    assert {one for one, answer in person.answers.items() if answer.yes} == {
        Condition.OSTEOPOROSIS,
        Condition.SOFT_BED,
    }
    assert all(answer.at < NIGHT for answer in person.answers.values())


@pytest.mark.parametrize(
    ("history", "rating", "tips"),
    [
        ("{tips: no}", False, False),
        ("{pain ratings: yes}", True, False),
        ("{pain ratings: no, tips: yes}", False, True),
    ],
)
def test_a_history_says_what_is_asked_and_told(tmp_path: Path, history: str, rating: bool, tips: bool) -> None:  # noqa: FBT001 - columns of the table
    person = read(history_of(tmp_path, history), UTC)
    assert (person.rating, person.tips) == (rating, tips)


def test_sessions_of_the_past_are_lines_of_a_journal_oldest_first(tmp_path: Path) -> None:
    records = history_of(
        tmp_path,
        "{sessions: [{days ago: 2, routine: wind-down}, "
        "{days ago: 9.5, pain: [6, 4], hurt: [bridge], done: [pigeon]}]}",
    )
    began, ended = NIGHT - timedelta(days=9.5), NIGHT - timedelta(days=9.5, minutes=-12)
    assert [record for record in records if record.at >= began] == [
        Record(began, Fact.SESSION_STARTED, "bedtime"),
        Record(began, Fact.PAIN_BEFORE, value=6.0),
        Record(began, Fact.HURT, "bridge", second=60.0),
        Record(began, Fact.STRETCH_DONE, "pigeon", value=0.0),
        Record(ended, Fact.PAIN_AFTER, value=4.0),
        Record(ended, Fact.SESSION_FINISHED, "bedtime"),
        Record(NIGHT - timedelta(days=2), Fact.SESSION_STARTED, "wind-down"),
        Record(NIGHT - timedelta(days=2, minutes=-12), Fact.SESSION_FINISHED, "wind-down"),
    ]
    assert list(records) == sorted(records, key=lambda record: record.at)


def test_an_echo_may_come_earlier_and_earlier_for_as_long_as_it_does_not_come_before_the_sound(tmp_path: Path) -> None:
    room = "room: {echo: -6 dB, echo delay: 60 ms, echo drift: -100 ppm}\nat most: 5 min\n"
    assert load_scenario(written(tmp_path, SMALLEST + room)).room.echo_drift_ppm == -100.0


def test_what_is_said_is_told_apart_by_who_says_it(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, EVERYTHING))
    assert [turn.where.rpartition(":")[2] for turn in scenario.spoken("partner")] == ["27"]
    assert [turn.where.rpartition(":")[2] for turn in scenario.spoken("radio")] == ["28"]
    assert [turn.where.rpartition(":")[2] for turn in scenario.spoken()] == ["15", "18", "25", "26", "34", "13"]


@pytest.mark.parametrize("key", ["title", "routine", "turns"])
def test_what_every_scenario_needs(tmp_path: Path, key: str) -> None:
    lines = [line for line in SMALLEST.splitlines() if not line.startswith((key, "  -" if key == "turns" else key))]
    with pytest.raises(BadFileError, match=f'"{key}" is missing'):
        load_scenario(written(tmp_path, "\n".join(lines)))


def test_a_usual_night_starts_the_routine_and_says_next_or_ready_where_it_is_asked_for() -> None:
    routine = Routine(
        "bedtime", "Bedtime", "bedtime routine", ("bedtime", "bedtime routine"), (Source("own", ""),), "", ""
    )
    night = usual_night(routine, language())
    assert [turn.words for turn in night.spoken() if isinstance(turn, Speak)] == [
        *("start bedtime routine", "next", "ready")
    ]
    assert night.answers[0].on == OnWords(language().plan.until_next, ended=True)
    assert night.answers[1].on == OnWords(language().plan.rounds.ready, ended=True)
    assert isinstance(night.turns[-1], Ends)
