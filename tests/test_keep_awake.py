"""Speakers that sleep on zeros are given noise that nobody hears: the right ones, the same with every start."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_sound_card import FakeCard, speaker

from voicecoach.engines.audio_io import keep_awake
from voicecoach.engines.audio_io.keep_awake import (
    ANSWERS_S,
    LOOP_S,
    NOISE_DB,
    KeepAwake,
    SoundCardKeptAwake,
    default_sink,
    sleeps,
)
from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.audio_io.stream_align import PLAYS
from voicecoach.hearing.activity import VoiceActivityDetector
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HZ = 48_000
SLEEPERS = (
    "vc4-hdmi-0: MAI PCM i2s-hifi-0 (hw:0,0)",
    "HDA NVidia: HDMI 1 (hw:1,7)",
    "bluealsa",
    "JBL Go, Bluetooth",
    "My speaker A2DP",
)
WAKERS = (
    "USB Audio Device: - (hw:1,0)",
    "bcm2835 Headphones: - (hw:0,0)",
    "Debt collector",
    "HDA Intel PCH: ALC257 Analog",
)


def played(which: KeepAwake, name: str, sink: str = "", seconds: float = 10.0) -> NDArray[np.float32]:
    """What a speaker at rest is given, in callbacks of 20 ms."""
    card = FakeCard(speaker(name))
    timeline = Timeline(HZ, -8)
    SoundCardKeptAwake(card, which, lambda: sink).open_speaker(card.plugged[0], HZ, timeline.read, lambda: None)
    stream = card.open_now(Direction.SPEAKER)
    assert stream is not None
    for _ in range(round(seconds * 50)):
        stream.turn()
    return np.concatenate(stream.heard)


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("name", SLEEPERS)
def test_what_sleeps_is_given_noise_at_rest(name: str) -> None:
    sound = played(KeepAwake.AUTO, name)
    assert level_db(sound) == pytest.approx(NOISE_DB, abs=0.1)
    steps = np.round(sound * 32767)
    assert max(map(len, "".join("x" if step else "." for step in steps).split("x"))) < HZ / 1000, "16 bits keep it"


@pytest.mark.parametrize("name", WAKERS)
def test_what_does_not_sleep_is_given_zeros(name: str) -> None:
    assert not played(KeepAwake.AUTO, name).any()


@pytest.mark.parametrize("name", ["default", "pulse", "pipewire", "sysdefault: front"])
def test_behind_a_sound_server_the_server_says_where_the_sound_goes(name: str) -> None:
    assert sleeps(name, lambda: "bluez_output.AC_12_2F.1")
    assert sleeps(name, lambda: "alsa_output.platform-fef00700.hdmi.hdmi-stereo")
    assert not sleeps(name, lambda: "alsa_output.usb-Generic_USB_Audio-00.analog-stereo")
    assert not sleeps(name, lambda: "")


def test_a_card_of_its_own_is_not_asked_about() -> None:
    def never() -> str:
        raise AssertionError("the server does not know of it")

    assert not sleeps("USB Audio Device: - (hw:1,0)", never)


@pytest.mark.parametrize("name", [SLEEPERS[0], WAKERS[0]])
def test_the_settings_have_the_last_word(name: str) -> None:
    assert played(KeepAwake.ON, name).any()
    assert not played(KeepAwake.OFF, name, "bluez_output").any()


def test_it_is_the_same_with_every_start_and_goes_on_without_a_seam() -> None:
    first, again = (played(KeepAwake.ON, "x") for _ in range(2))
    assert np.array_equal(first, again)
    loop = round(LOOP_S * HZ)
    assert np.array_equal(first[:loop], first[loop : 2 * loop])


def test_what_is_played_stays_as_it_is_and_within_full_scale() -> None:
    card, loud = FakeCard(speaker("x")), np.sin(np.arange(HZ) / 10).astype(np.float32)
    given = SoundCardKeptAwake(card, KeepAwake.ON)
    given.open_speaker(card.plugged[0], HZ, lambda frames: loud[:frames], lambda: None)
    stream = card.open_now(Direction.SPEAKER)
    assert stream is not None
    stream.turn()
    assert np.abs(stream.heard[0] - loud[: HZ // 50]).max() < 10 ** (NOISE_DB / 20) * 6
    assert np.abs(stream.heard[0]).max() <= 1.0


def test_hearing_does_not_mind() -> None:
    """As loud at the microphone as it is played: nobody speaks, and the speaker does not count as playing."""
    noise = played(KeepAwake.ON, "x", seconds=20)[::3]
    activity = VoiceActivityDetector()
    activity.add(noise)
    assert activity.quiet_for_s() > 15
    assert np.mean(np.square(noise)) < PLAYS / 10


# --- asking the sound server ------------------------------------------------------------------------------------------


def stands_in(folder: Path, name: str, does: str) -> None:
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{does}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_nobody_can_be_asked(programs: Path) -> None:
    assert programs.is_dir()
    assert default_sink() == ""


def test_pulseaudio_and_pipewire_are_asked(programs: Path) -> None:
    stands_in(programs, "wpctl", "print('  * node.name = \"bluez_output.1\"')")
    assert default_sink() == "bluez_output.1"
    stands_in(programs, "pactl", "print('Server Name: x\\nDefault Sink: alsa_output.hdmi\\nDefault Source: y')")
    assert default_sink() == "alsa_output.hdmi"


@pytest.mark.parametrize("does", ["raise SystemExit(1)", "import sys; sys.stdout.buffer.write(b'\\xff')"])
def test_a_server_that_does_not_answer_is_passed_over(programs: Path, does: str) -> None:
    stands_in(programs, "pactl", does)
    assert default_sink() == ""


def test_a_server_that_hangs_is_not_waited_for(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_awake, "ANSWERS_S", ANSWERS_S / 10)
    stands_in(programs, "pactl", "import time; time.sleep(60)")
    assert default_sink() == ""
