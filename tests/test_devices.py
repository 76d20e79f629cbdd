"""Which device a name means, and what a person is told where none can be opened."""

from __future__ import annotations

import builtins
import os
import sys
from typing import TYPE_CHECKING

import pytest
from fake_sound_card import FakeCard, microphone, speaker

from voicecoach.engines.audio_io.devices import (
    device_problem,
    find,
    listing,
    muted,
    open_error,
    open_problem,
    speaker_rate_hz,
)
from voicecoach.engines.audio_io.port import Device, Direction, Obstacle, SoundCardError
from voicecoach.engines.audio_io.portaudio import PortAudio
from voicecoach.errors import BadRequestError, MissingPartError, NotAllowedError
from voicecoach.standard_streams import libraries_in_log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEARS, PLAYS = Direction.MICROPHONE, Direction.SPEAKER

WEBCAM = microphone("HD Webcam: USB Audio (hw:2,0)", 44_100, 0)
HEADSET = Device("Headset: USB Audio (hw:1,0)", 1, 1, 2, 48_000, frozenset({HEARS}))
HDMI = speaker("vc4-hdmi-0: MAI PCM (hw:0,0)", 48_000, 2)
DEFAULT = Device("default", 3, 32, 32, 44_100, frozenset({PLAYS}))
SYSDEFAULT = Device("sysdefault", 4, 128, 128, 44_100)
ALL = [WEBCAM, HEADSET, HDMI, DEFAULT, SYSDEFAULT]


@pytest.mark.parametrize(
    ("direction", "name", "expected"),
    [
        (HEARS, "webcam", WEBCAM),
        (HEARS, "WEBCAM: usb", WEBCAM),
        (PLAYS, "hdmi", HDMI),
        (PLAYS, "usb audio", HEADSET),  # the webcam has USB audio too, but cannot play
        (HEARS, "headset", HEADSET),
        (PLAYS, "headset", HEADSET),
        (PLAYS, "default", DEFAULT),  # the whole name wins over a part of "sysdefault"
        (PLAYS, "Default", DEFAULT),
        (HEARS, "sysdefault", SYSDEFAULT),
        (HEARS, None, HEADSET),
        (PLAYS, None, DEFAULT),
    ],
)
def test_a_part_of_the_name_is_enough(direction: Direction, name: str | None, expected: Device) -> None:
    assert find(ALL, direction, name) == expected


def test_without_a_default_the_first_device_is_taken() -> None:
    assert find([HDMI, WEBCAM, SYSDEFAULT], HEARS, None) == WEBCAM


@pytest.mark.parametrize(
    ("direction", "name", "beginning", "named", "not_named"),
    [
        (HEARS, "usb audio", "more than one microphone is called", [WEBCAM, HEADSET], [HDMI, DEFAULT]),
        (HEARS, "hdmi", "no microphone is called", [WEBCAM, HEADSET, DEFAULT], [HDMI]),
        (PLAYS, "kitchen", "no speaker is called", [HEADSET, HDMI, DEFAULT], [WEBCAM]),
    ],
)
def test_a_name_that_means_nothing_or_too_much_is_answered_with_the_names_there_are(
    direction: Direction, name: str, beginning: str, named: list[Device], not_named: list[Device]
) -> None:
    with pytest.raises(BadRequestError) as error:
        find(ALL, direction, name)
    line = str(error.value)
    assert line.startswith(f'{beginning} "{name}"')
    assert "\n" not in line
    assert all(device.name in line for device in named)
    assert not any(device.name in line for device in not_named)


def test_a_machine_with_everything_has_no_problem() -> None:
    assert open_problem("webcam", None, lambda: FakeCard(*ALL)) is None


@pytest.mark.parametrize(
    ("plugged", "in_name", "out_name", "said"),
    [
        ([], None, None, ["no microphone and no speaker found", "plug in", "voicecoach devices"]),
        ([HDMI], None, None, ["no microphone found", "plug in a USB microphone"]),
        ([WEBCAM], None, None, ["no speaker found", "plug in a speaker"]),
        ([], "webcam", None, ["no microphone and no speaker found"]),
        ([WEBCAM, HDMI], "headset", None, ['"headset"', "--device-in", WEBCAM.name]),
        ([WEBCAM, HDMI], None, "headset", ['"headset"', "--device-out", HDMI.name]),
    ],
)
def test_one_line_says_what_is_missing_and_what_to_do(
    plugged: list[Device], in_name: str | None, out_name: str | None, said: list[str]
) -> None:
    problem = open_problem(in_name, out_name, lambda: FakeCard(*plugged))
    assert problem is not None
    assert "\n" not in problem
    assert all(words in problem for words in said), problem


def test_a_device_that_is_there_and_will_not_open_is_a_problem_too() -> None:
    card = FakeCard(WEBCAM, HDMI)
    card.refusing = {HDMI.name: "Device or resource busy"}
    problem = open_problem(None, None, lambda: card)
    assert problem is not None
    assert HDMI.name in problem
    assert "Device or resource busy" in problem
    assert "--device-out" in problem


def test_what_the_system_tells_of_it_comes_before_our_guess() -> None:
    card = FakeCard()
    card.obstacles = dict.fromkeys(Direction, Obstacle("you may not open /dev/snd/controlC0", forbidden=True))
    error = open_error(None, None, lambda: card)
    assert isinstance(error, NotAllowedError)
    assert str(error) == "you may not open /dev/snd/controlC0"
    card.obstacles = {HEARS: Obstacle("the microphone is in use by arecord (process 7)")}
    assert isinstance(open_error(None, None, lambda: card), MissingPartError)


def test_a_device_that_will_not_open_because_somebody_has_it_names_them() -> None:
    card = FakeCard(WEBCAM, HDMI)
    card.refusing = {WEBCAM.name: "Device or resource busy"}
    card.obstacles = {HEARS: Obstacle("the microphone is in use by arecord (process 7)")}
    assert open_problem(None, None, lambda: card) == "the microphone is in use by arecord (process 7)"


def test_what_the_system_tells_of_others_does_not_count_for_what_opens() -> None:
    card = FakeCard(WEBCAM, HDMI)
    card.obstacles = dict.fromkeys(Direction, Obstacle("there is no sound card"))
    assert open_problem(None, None, lambda: card) is None


def test_a_muted_device_is_named_with_what_to_type() -> None:
    card = FakeCard(WEBCAM, HDMI)
    assert muted(HEARS, None, lambda: card) is None
    card.muting = {WEBCAM.name: "type: amixer -c 2 sset 'Mic' cap"}
    assert muted(HEARS, "webcam", lambda: card) == (
        f"the microphone \"{WEBCAM.name}\" is muted; type: amixer -c 2 sset 'Mic' cap"
    )
    assert muted(PLAYS, None, lambda: card) is None
    assert muted(PLAYS, "kitchen", lambda: card) is None, "that it is not there is told elsewhere"


def test_a_sound_card_that_cannot_even_list_its_devices_is_a_problem() -> None:
    card = FakeCard(*ALL)
    card.broken = True
    assert "Internal PortAudio error" in str(device_problem(HEARS, None, lambda: card))
    with pytest.raises(MissingPartError, match="Internal PortAudio error"):
        speaker_rate_hz(None, lambda: card)


def test_without_portaudio_one_line_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = builtins.__import__

    def without_portaudio(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the name that __import__ gives it
        locals: Mapping[str, object] | None = None,  # noqa: A002 - the same
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return ordinary(name, globals, locals, fromlist, level)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_portaudio)
    assert open_problem(None, None, PortAudio) == (
        "PortAudio is missing: no microphone or speaker can be opened; install it with: sudo apt install libportaudio2"
    )
    with pytest.raises(MissingPartError):
        speaker_rate_hz(None, PortAudio)


def test_the_timeline_runs_at_the_rate_that_the_speaker_likes() -> None:
    assert speaker_rate_hz(None, lambda: FakeCard(*ALL)) == 44_100
    assert speaker_rate_hz("hdmi", lambda: FakeCard(*ALL)) == 48_000
    with pytest.raises(BadRequestError):
        speaker_rate_hz("kitchen", lambda: FakeCard(*ALL))


def test_the_listing_has_one_device_a_line_and_a_star_at_the_defaults() -> None:
    rows = listing(ALL).splitlines()
    assert len(rows) == len(ALL) + 1
    shown = dict(zip((device.name for device in ALL), rows, strict=False))
    assert all(row.startswith(name) for name, row in shown.items())
    assert "48000 Hz" in shown[HEADSET.name]
    assert "microphone *" in shown[HEADSET.name]
    assert shown[HEADSET.name].endswith("speaker")
    assert shown[DEFAULT.name].endswith("speaker *")
    assert "microphone" not in shown[HDMI.name]
    assert "speaker" not in shown[WEBCAM.name]


def test_an_empty_listing_says_what_to_do() -> None:
    assert "plug in" in listing([])


class NoisyLibrary:
    """Stands in for `sounddevice`: it grumbles on the C level and refuses."""

    class PortAudioError(Exception):
        """As sounddevice's: a text, an error number, and sometimes the system's own words."""

    def __init__(self, *reason: object) -> None:
        self.reason = reason
        self.default = type("default", (), {"device": (0, 0)})

    def check_input_settings(self, *_: object, **__: object) -> None:
        os.write(2, b"Expression 'parameters->channelCount' failed in 'pa_linux_alsa.c'\n")
        raise self.PortAudioError(*self.reason)

    InputStream = check_input_settings


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (("Error opening InputStream: Invalid sample rate", -9997), "Invalid sample rate"),
        (("Device unavailable", -9985), "Device unavailable"),
        (("Unanticipated host error", -9999, (0, -16, "Device or resource busy")), "Device or resource busy"),
        (("Unanticipated host error", -9999, (0, -16, "")), "Unanticipated host error"),
        ((), "no reason given"),
    ],
)
def test_a_refusal_is_the_last_word_of_the_library_and_its_grumbling_goes_into_the_log(
    reason: tuple[object, ...],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", NoisyLibrary(*reason))
    with libraries_in_log(tmp_path / "log"):
        card = PortAudio()
        assert card.refusal(WEBCAM, HEARS) == expected
        with pytest.raises(SoundCardError, match=expected):
            card.open_microphone(WEBCAM, lambda _sound: None, lambda: None)
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "log").read_text().count("pa_linux_alsa.c") == 2
