"""The settings file: what it may say, and what is said about one that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pytest

from voicecoach.assembly import ENGINES, Assembly
from voicecoach.dialogue.cue_schedule import BreathCue, TalkLevel
from voicecoach.dialogue.events import NightSound
from voicecoach.engines.audio_io.keep_awake import KeepAwake
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError, NoHomeError
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact
from voicecoach.person.person import Condition
from voicecoach.person.screening import due
from voicecoach.routine.pace import Pauses
from voicecoach.settings import ENGINE_KEYS, EchoMode, Settings, cache_folder, config_folder, data_folder, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


EVERY_DAY = frozenset(range(7))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.yaml"


def test_what_is_set_by_default_is_there() -> None:
    assert all(getattr(Settings(), key) in offered for key, offered in ENGINES.items())
    assert set(ENGINES) == set(ENGINE_KEYS)


def test_no_file_means_the_defaults(path: Path) -> None:
    assert load_settings(path) == Settings()


def test_a_file_that_says_nothing_means_the_defaults(path: Path) -> None:
    path.write_text("# volume: -3\n")
    assert load_settings(path) == Settings()


def test_everything_can_be_set(path: Path) -> None:
    path.write_text(
        "language: de\n"
        "voice: en-us+m3\nwords_per_minute: 130\nvolume: -14\nusual_routine: wind-down\nsoft_bed: yes\ntalk: brief\n"
        "volume_follows_whisper: no\n"
        "microphone: USB\nspeaker: Headphones\necho: system\nmodel: /models/big\n"
        "recognizer: toy\nsynthesizer: hum\naudio: net\n"
        "quiet_hours: 23:00-07:00\nreminders: [{at: 22:30}]\nask_sleep: yes\nkeep_awake: on\nvoice_pack: calm\n"
        "breath_cue: words then tone\npauses: calm\nafter_session: brown noise\nafter_session_minutes: 30\n"
    )
    assert load_settings(path) == Settings(
        language="de",
        voice=Voice("en-us+m3", 130),
        voice_is_set=True,
        pace_is_set=True,
        voice_pack="calm",
        breath_cue=BreathCue.WORDS_THEN_TONE,
        pauses=Pauses.CALM,
        after_session=NightSound.BROWN,
        after_session_minutes=30,
        volume_db=-14.0,
        usual_routine="wind-down",
        soft_bed=True,
        volume_follows_whisper=False,
        talk=TalkLevel.BRIEF,
        microphone="USB",
        speaker="Headphones",
        echo=EchoMode.SYSTEM,
        recognizer="toy",
        synthesizer="hum",
        audio="net",
        quiet_hours=(time(23), time(7)),
        reminders=((EVERY_DAY, time(22, 30)),),
        ask_sleep=True,
        keep_awake=KeepAwake.ON,
        model="/models/big",
    )


@pytest.mark.parametrize(
    ("written", "days", "at"),
    [
        ("{at: 22:30}", EVERY_DAY, time(22, 30)),
        ("{days: every day, at: '22:30'}", EVERY_DAY, time(22, 30)),
        ("{days: [mon, tue, wed, thu, fri, sat, sun], at: 7:05}", EVERY_DAY, time(7, 5)),
        ("{days: [sun], at: 00:00}", frozenset({6}), time(0)),
        ("{days: [fri, mon, fri], at: 09:00}", frozenset({0, 4}), time(9)),
    ],
)
def test_a_reminder_has_days_and_a_time(path: Path, written: str, days: frozenset[int], at: time) -> None:
    path.write_text(f"reminders:\n  - {written}\n")
    assert load_settings(path).reminders == ((days, at),)


def test_there_may_be_several_reminders_and_they_stay_in_order(path: Path) -> None:
    path.write_text("reminders:\n  - {days: [sat, sun], at: 10:00}\n  - {at: 22:00}\n")
    assert load_settings(path).reminders == ((frozenset({5, 6}), time(10)), (EVERY_DAY, time(22)))


def test_quiet_hours_may_be_written_with_blanks(path: Path) -> None:
    path.write_text("quiet_hours: 13:00 - 14:30\n")
    assert load_settings(path).quiet_hours == (time(13), time(14, 30))


def test_a_reminder_may_come_when_the_quiet_hours_end_and_until_they_begin(path: Path) -> None:
    path.write_text("quiet_hours: 22:00-07:00\nreminders: [{at: 07:00}, {at: 21:59}]\n")
    assert len(load_settings(path).reminders) == 2


def test_what_is_answered_in_the_file_is_not_asked_and_counts_instead_of_what_was_said(path: Path) -> None:
    path.write_text("answers: {osteoporosis: yes, trouble kneeling: no}\n")
    assembly, now = Assembly(load_settings(path)), datetime(2026, 3, 20, 22, tzinfo=UTC)
    journal = Journal(None, pytest.fail, lambda: now, UTC)
    journal.write(Fact.ANSWERED, Condition.OSTEOPOROSIS.value, value=0)
    tonight = assembly.tonight(journal, now)
    assert tonight.conditions == {Condition.OSTEOPOROSIS}
    assert set(due(tonight)) == set(Condition) - {Condition.OSTEOPOROSIS, Condition.KNEELING}
    keys = [step.stretch.key for step in assembly.plan("bedtime", journal, now).steps]
    assert "knee-hug" not in keys


def test_the_dialogue_is_told_of_quiet_hours_reminders_and_sleep() -> None:
    weekend = (frozenset({5, 6}), time(21))
    knows = Assembly(Settings(quiet_hours=(time(22), time(8)), reminders=(weekend,), ask_sleep=True)).knowledge
    assert (knows.quiet_hours, knows.reminders, knows.asks_sleep) == ((time(22), time(8)), (weekend,), True)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("volum: -3\n", ":1:1:", "volume"),
        ("volume: 5\n", ":1:9:", "-40"),
        ("soft_bed: maybe\n", ":1:11:", "yes"),
        ("talk: breef\n", ":1:7:", "brief"),
        ("echo: on\n", ":1:7:", "system"),
        ("volume: -3\nrecognizer: vosc\n", ":2:13:", "write one of: vosk"),
        ("synthesizer: voice\n", ":1:14:", "espeak"),
        ("audio: usb\n", ":1:8:", "portaudio"),
        ("words_per_minute: fast\n", ":1:19:", "number"),
        ("quiet_hours: 23:00\n", ":1:14:", "23:00-07:00"),
        ("quiet_hours: 23:00-25:00\n", ":1:14:", "23:00-07:00"),
        ("quiet_hours: 23:00-07:00-08:00\n", ":1:14:", "23:00-07:00"),
        ("quiet_hours: 23:00-23:00\n", ":1:14:", "23:00-07:00"),
        ("quiet_hours: [23:00, 07:00]\n", ":1:14:", "a list"),
        ("reminders: 22:30\n", ":1:12:", "list"),
        ("reminders: []\n", ":1:12:", "at least one"),
        ("reminders:\n  - 22:30\n", ":2:5:", "key: value"),
        ("reminders:\n  - {days: [mon]}\n", ":2:5:", '"at" is missing'),
        ("reminders:\n  - {day: mon, at: 22:30}\n", ":2:6:", "days"),
        ("reminders:\n  - {at: half past ten}\n", ":2:10:", "22:30"),
        ("reminders:\n  - {at: 24:00}\n", ":2:10:", "22:30"),
        ("reminders:\n  - {at: 22:60}\n", ":2:10:", "22:30"),
        ("reminders:\n  - {days: [mon, tuesday], at: 22:30}\n", ":2:18:", "tue"),
        ("reminders:\n  - {days: weekdays, at: 22:30}\n", ":2:12:", "every day"),
        ("reminders:\n  - {days: [], at: 22:30}\n", ":2:12:", "at least one"),
        ("reminders:\n  - {days: {mon: yes}, at: 22:30}\n", ":2:12:", "mapping"),
        ("reminders:\n  - {at: 22:00}\n  - {at: 06:59}\nquiet_hours: 23:00-07:00\n", ":3:10:", "quiet hours"),
        ("answers: {osteporosis: yes}\n", ":1:11:", "osteoporosis"),
        ("answers: {osteoporosis: perhaps}\n", ":1:25:", "yes or no"),
        ("keep_awake: maybe\n", ":1:13:", "auto, off, on"),
        ("ask_sleep: sometimes\n", ":1:12:", "yes or no"),
        ("- a\n- b\n", ":1:1:", ""),
        ("voice: [a\n", "settings.yaml:", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: Path, text: str, place: str, words: str) -> None:
    path.write_text(text)
    with pytest.raises(BadFileError) as caught:
        load_settings(path, ENGINES)
    assert place in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user number without a name, in an empty environment."""

    def unknown(_number: int) -> None:
        raise KeyError("uid not found")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("folder", [config_folder, data_folder, cache_folder, load_settings])
def test_who_has_no_home_is_told_so_in_one_line(folder: Callable[[], object]) -> None:
    with pytest.raises(NoHomeError, match=r"HOME is not set, and user number [0-9]+ has no name") as error:
        folder()
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("nobody")
def test_who_has_no_home_can_name_the_folders(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, folder in (("CONFIG", config_folder), ("DATA", data_folder), ("CACHE", cache_folder)):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(path.parent / kind))
        assert folder() == path.parent / kind / "voicecoach"
    assert load_settings() == Settings()
