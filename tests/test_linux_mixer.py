"""Whether a device is muted, or a dummy, as the system's own programs print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_sound_card import microphone, speaker

from voicecoach.engines.audio_io.linux_mixer import ask, dummies, muted
from voicecoach.engines.audio_io.port import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicecoach.engines.audio_io.linux_mixer import Ask

HEARS, PLAYS = Direction.MICROPHONE, Direction.SPEAKER
VOLUME = "Volume: front-left: {0} / {0}% / -9.00 dB,   front-right: {0} / {0}% / -9.00 dB\n        balance 0.00\n"
CONTROL = """\
Simple mixer control '{name}',0
  Capabilities: {capabilities}
  Playback channels: Mono
  Capture channels: Mono
  Limits: Playback 0 - 127 Capture 0 - 16
  Mono: {states}
"""


def control(name: str, playback: str = "", capture: str = "") -> str:
    """What amixer prints of a control that is "on", "off" or has no switch."""
    capabilities = ["pvolume", *(["pswitch"] if playback else []), *(["cvolume", "cswitch"] if capture else [])]
    states = "Playback 119 [94%] [-8.00dB]" + (f" [{playback}]" if playback else "")
    states += f" Capture 12 [75%] [18.00dB] [{capture}]" if capture else ""
    return CONTROL.format(name=name, capabilities=" ".join(capabilities), states=states)


def prints(answers: Mapping[str, str]) -> Ask:
    def ask(command: Sequence[str]) -> str:
        return answers.get(" ".join(command), "")

    return ask


@pytest.mark.parametrize(
    ("answers", "what_to_do"),
    [
        ({}, ""),
        ({"pactl get-source-mute @DEFAULT_SOURCE@": "Mute: no\n"}, ""),
        ({"pactl get-source-mute @DEFAULT_SOURCE@": "Mute: yes\n"}, "type: pactl set-source-mute @DEFAULT_SOURCE@ 0"),
        ({"pactl get-source-volume @DEFAULT_SOURCE@": VOLUME.format(74)}, ""),
        (
            {"pactl get-source-volume @DEFAULT_SOURCE@": VOLUME.format(0)},
            "type: pactl set-source-volume @DEFAULT_SOURCE@ 70%",
        ),
    ],
)
def test_a_microphone_of_the_sound_server(answers: dict[str, str], what_to_do: str) -> None:
    assert muted(microphone("default"), HEARS, prints(answers)) == what_to_do


def test_a_speaker_of_the_sound_server() -> None:
    answers = {"pactl get-sink-mute @DEFAULT_SINK@": "Mute: yes\n"}
    assert muted(speaker("default"), PLAYS, prints(answers)) == "type: pactl set-sink-mute @DEFAULT_SINK@ 0"


@pytest.mark.parametrize(
    ("direction", "controls", "what_to_do"),
    [
        (HEARS, [], ""),
        (HEARS, [control("Mic", "off", "on")], ""),
        (HEARS, [control("Mic", "on", "off")], "type: amixer -c 2 sset 'Mic' cap"),
        (HEARS, [control("Mic", capture="off"), control("Line", capture="on")], ""),
        (HEARS, [control("Speaker", "off")], ""),
        (PLAYS, [control("Speaker", "on"), control("Mic", "off", "on")], ""),
        (PLAYS, [control("Speaker", "off"), control("Mic", "on", "on")], "type: amixer -c 2 sset 'Speaker' unmute"),
        (PLAYS, [control("Headphone", "off"), control("Speaker", "on")], ""),
        (PLAYS, [control("Master", "off"), control("Speaker", "on")], "type: amixer -c 2 sset 'Master' unmute"),
        (PLAYS, [control("Master", "on"), control("Headphone", "off")], ""),
    ],
)
def test_a_card_of_its_own(direction: Direction, controls: list[str], what_to_do: str) -> None:
    device = microphone("USB Audio: - (hw:2,0)") if direction is HEARS else speaker("USB Audio: - (hw:2,0)")
    assert muted(device, direction, prints({"amixer -c 2 scontents": "".join(controls)})) == what_to_do


@pytest.mark.parametrize(
    ("sink", "source", "found"),
    [
        ("", "", set()),  # no pactl
        ("alsa_output.usb", "alsa_input.usb", set()),
        ("auto_null", "auto_null.monitor", {HEARS, PLAYS}),
        ("alsa_output.usb", "alsa_output.usb.monitor", {HEARS}),  # the speaker, heard in the wire
        ("alsa_output.usb", "room.monitor", set()),
        ("auto_null", "alsa_input.usb", {PLAYS}),
        ("@DEFAULT_SINK@", "@DEFAULT_SOURCE@", {HEARS, PLAYS}),
    ],
)
def test_a_dummy_is_told_from_a_device(sink: str, source: str, found: set[Direction]) -> None:
    answers = {"pactl get-default-sink": f"{sink}\n", "pactl get-default-source": f"{source}\n"}
    assert dummies(prints(answers)) == found


def test_wireplumber_is_asked_where_there_is_no_pactl() -> None:
    inspected = 'id 52, type PipeWire:Interface:Node\n  * node.name = "{}"\n'
    for name, found in (("auto_null", {HEARS, PLAYS}), ("alsa_output.usb", set())):
        assert dummies(prints({"wpctl inspect @DEFAULT_AUDIO_SINK@": inspected.format(name)})) == found


def test_a_program_that_is_not_there_or_fails_tells_nothing() -> None:
    assert ask(["no such program"]) == ""
    assert ask(["false"]) == ""
    assert ask(["echo", "heard"]) == "heard\n"
