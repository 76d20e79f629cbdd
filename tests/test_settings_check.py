"""What the settings name is looked at before the night; what is wrong is told with its place and what to write."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest
from fake_sound_card import FakeCard, microphone, speaker

from voicecoach import settings_check
from voicecoach.assembly import ENGINES, Assembly
from voicecoach.cli.main import main
from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.needs import Engine, Needs
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import VoicecoachError
from voicecoach.invocation import to_install
from voicecoach.person.person import DayPart, Person
from voicecoach.settings import Settings, load_settings
from voicecoach.settings_check import check_engines, check_reminders, check_volume

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    folder = tmp_path / "config" / "voicecoach"
    folder.mkdir(parents=True)
    return folder


def problem_of(check: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(VoicecoachError) as caught:
        check(*arguments)
    return str(caught.value)


# --- what doctor says of a file of settings ---------------------------------------------------------------------------

WRONG = [
    # (the settings, the line about them, whose place is {file}:...)
    ("usual_routine: bedtiem", 'usual routine: {file}:1:16: there is no routine "bedtiem"; did you mean bedtime'),
    ("soft_bed: yes\nlanguage: eng", 'language: {file}:2:11: there is no language "eng"; did you mean "en"?'),
    ("volume: -40", "volume: {file}:1:9: -40 dB can hardly be heard; write -8"),
    ("quiet_hours: 22:00-07:00\nreminders: [{at: 22:30}]", "settings: {file}:2:18: 22:30 is in the quiet hours"),
    ("reminders: [{at: half past ten}]", "settings: {file}:1:18: "),
    ("synthesizer: espeek", 'settings: {file}:1:14: "synthesizer" cannot be "espeek"; write one of: espeak'),
    ("model: /no/such/model", "model: no speech model in /no/such/model"),
    ("words_per_minute: 20", "settings: {file}:1:19: "),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_the_doctor_names_the_place_and_what_to_write(
    config: Path, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    file = config / "settings.yaml"
    file.write_text(text)
    assert main(["doctor"]) == 1
    assert f"no  {line.format(file=file)}" in capsys.readouterr().out


@pytest.mark.sound
def test_a_voice_for_another_language_is_not_well(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = config / "settings.yaml"
    file.write_text("talk: brief\nvoice: de+f3\n")
    main(["doctor"])
    out = capsys.readouterr().out
    assert f'no  voice: {file}:2:8: "de+f3" is a voice for de, and the language is English (en-GB); write a' in out
    file.write_text("voice: en-gb+f33\n")
    main(["doctor"])
    assert f'no  voice: {file}:1:8: espeak-ng has no voice "en-gb+f33" that it can use; did' in capsys.readouterr().out


def test_settings_that_are_well_are_told_as_they_will_be(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "usual_routine: wind down\nvolume: -12\nreminders: [{days: [sun, mon], at: 9:05}, {at: 22:30}]\n"
    (config / "settings.yaml").write_text(text)
    main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert "ok  language: English (en)" in lines
    assert "ok  usual routine: wind down" in lines
    assert "ok  volume: -12 dB" in lines
    assert "ok  reminders: 09:05 mon sun, 22:30 every day" in lines
    assert "ok  engines: recognizer vosk, synthesizer espeak, audio portaudio, echo auto" in lines


# --- each by itself ---------------------------------------------------------------------------------------------------


class Speaks:
    """Knows its voices."""

    def __init__(self, *languages: str) -> None:
        self._languages = frozenset(languages)

    def languages(self, _: Voice) -> frozenset[str]:
        return self._languages


def required(voice: str, *languages: str) -> None:
    assembly = Assembly(Settings())
    settings_check.require_language(Speaks(*languages), Voice(voice), assembly.language)  # type: ignore[arg-type]


@pytest.mark.parametrize("languages", [("en-us",), ("en",), ("de", "en-gb-scotland"), ()])
def test_a_voice_for_the_language_or_one_of_which_nothing_is_known_is_well(languages: tuple[str, ...]) -> None:
    required("somebody", *languages)


def test_klingon_is_not_english() -> None:
    assert problem_of(required, "klingon", "piqd") == (
        '"klingon" is a voice for piqd, and the language is English (en-GB); write a voice for that, such as en-gb+f3'
    )


def test_what_was_asked_for_at_a_time_of_day_is_told_with_the_volume() -> None:
    person = Person(volumes_db={DayPart.NIGHT: -24.0, DayPart.DAY: -8.0})
    assert check_volume(Settings(), person) == "-8 dB, at night -24 dB, as asked"
    assert check_volume(Settings(volume_db=-40.0), Person(volumes_db=dict.fromkeys(DayPart, -8.0)))


def test_a_volume_that_was_asked_for_and_cannot_be_heard() -> None:
    said = problem_of(check_volume, Settings(), Person(volumes_db={DayPart.MORNING: -36.0}))
    assert said == 'in the morning -36 dB, which can hardly be heard; say "louder" in the morning'


def test_reminders_are_told_with_their_days() -> None:
    assert check_reminders(Settings()) == "none"
    assert check_reminders(Settings(reminders=((frozenset({0, 4}), time(22, 30)),))) == "22:30 mon fri"


def test_an_engine_whose_package_is_missing(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (config / "settings.yaml").write_text("recognizer: owl\n")
    owl = Engine(lambda _: None, Needs(packages=("owl-that-hears",), memory_mb=1))
    monkeypatch.setitem(ENGINES, "recognizer", {"vosk": ENGINES["recognizer"]["vosk"], "owl": owl})
    said = problem_of(check_engines, load_settings())
    how = to_install("owl-that-hears")
    assert said.startswith(f"{config / 'settings.yaml'}:1:13: owl needs what is not installed; type: {how}, or")
    assert said.endswith("or write another recognizer: vosk")


def test_a_device_that_the_settings_name_is_told_with_its_place(config: Path) -> None:
    (config / "settings.yaml").write_text("microphone: USB\n")
    card = FakeCard(microphone("Webcam", 44_100, 0), speaker("Headphones", 48_000, 1))
    assembly = Assembly(load_settings())
    assembly.sound_card = lambda: card  # type: ignore[method-assign]
    said = settings_check.device_problem(assembly, Direction.MICROPHONE)
    assert said is not None
    assert said.startswith(f'{config / "settings.yaml"}:1:13: no microphone is called "USB"; ')
    assert settings_check.device_problem(assembly, Direction.SPEAKER) is None


def test_a_setting_that_is_not_in_the_file_has_no_place() -> None:
    assert str(settings_check.placed("voice", "it is gone")) == "it is gone"
