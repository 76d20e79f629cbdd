"""The software sound card itself, heard through sounddevice as the coach uses it, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from soak_lib.virtual_room import ECHO_DB, ROOM_HZ, SPEAKER_HZ, VirtualRoom, missing_part

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.live

TONE_HZ = 750.0
LEVEL = 0.5
TONE_S = 0.6

PLAYS = f"""
import numpy as np, sounddevice
t = np.arange(int({TONE_S} * {SPEAKER_HZ})) / {SPEAKER_HZ}
tone = ({LEVEL} * np.sin(2 * np.pi * {TONE_HZ} * t)).astype(np.float32)
tone = np.concatenate([tone, np.zeros({SPEAKER_HZ} // 4, np.float32)])
sounddevice.play(tone, {SPEAKER_HZ}, blocking=True, blocksize=480, latency=0.1)
"""
"""A process that plays the tone, and a moment of silence, for PortAudio throws away the last buffer of a stream."""

LISTENS = f"""
import sys, numpy as np, sounddevice
blocks = []
with sounddevice.InputStream({ROOM_HZ}, 320, channels=1, callback=lambda block, *_: blocks.append(block[:, 0].copy())):
    while not blocks:
        sounddevice.sleep(5)
    print("listening", flush=True)
    sys.stdin.read()
np.save(sys.argv[1], np.concatenate(blocks))
"""
"""A process that says when it listens, and on the end of its input leaves what it heard in a file."""


def level_of(tone_hz: float, sound: NDArray[np.float32], rate_hz: int) -> float:
    """The greatest amplitude of a tone within ``sound``, judged by windows of 0.1 s."""
    width = rate_hz // 10
    windows = sound[: len(sound) // width * width].reshape(-1, width)
    wave_down = np.exp(-2j * np.pi * tone_hz * np.arange(width) / rate_hz)
    return float(np.abs(windows @ wave_down).max(initial=0.0) * 2 / width)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """The tone as a WAV file."""
    t = np.arange(int(TONE_S * ROOM_HZ)) / ROOM_HZ
    samples = np.round(32767 * LEVEL * np.sin(2 * np.pi * TONE_HZ * t)).astype("<i2")
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, ROOM_HZ, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def microphone_while(room: VirtualRoom, path: Path, sounding: list[str] | Path) -> NDArray[np.float32]:
    """What a process hears through the microphone while a file is said or another process plays."""
    with subprocess.Popen(
        [sys.executable, "-c", LISTENS, str(path)],
        env=room.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as speech_input:
        assert speech_input.stdin is not None
        assert speech_input.stdout is not None
        assert speech_input.stdout.readline() == "listening\n"
        if isinstance(sounding, list):
            subprocess.run(sounding, env=room.environment, check=True)
        else:
            room.say(sounding)
        speech_input.stdin.close()
        assert speech_input.wait(20) == 0
    heard: NDArray[np.float32] = np.load(path)
    return heard


def test_what_a_process_plays_is_found_in_the_recording(virtual_room: VirtualRoom) -> None:
    with virtual_room.record() as recording:
        subprocess.run([sys.executable, "-c", PLAYS], env=virtual_room.environment, check=True)
    heard = recording.heard()
    assert level_of(TONE_HZ, heard, SPEAKER_HZ) == pytest.approx(LEVEL, rel=0.05)
    assert np.ptp(np.flatnonzero(heard)) / SPEAKER_HZ > TONE_S * 0.99


def test_a_recording_can_be_awaited(virtual_room: VirtualRoom) -> None:
    with (
        virtual_room.record() as recording,
        subprocess.Popen([sys.executable, "-c", PLAYS], env=virtual_room.environment),
    ):
        heard = recording.wait_until(lambda sound: level_of(TONE_HZ, sound, SPEAKER_HZ) > LEVEL * 0.9, within_s=20)
    assert len(heard) < len(recording.heard())


def test_what_is_not_played_is_not_heard(virtual_room: VirtualRoom) -> None:
    with virtual_room.record() as recording, pytest.raises(TimeoutError, match="did not come"):
        recording.wait_until(lambda sound: bool(sound.any()), within_s=0.2)
    assert not recording.heard().any()


def test_what_a_person_says_reaches_the_microphone_and_not_the_speaker(
    virtual_room: VirtualRoom, tmp_path: Path, tone: Path
) -> None:
    with virtual_room.record() as recording:
        heard = microphone_while(virtual_room, tmp_path / "heard.npy", tone)
    assert level_of(TONE_HZ, heard, ROOM_HZ) == pytest.approx(LEVEL, rel=0.05)
    assert not recording.heard().any()


@pytest.mark.parametrize(("echo", "expected"), [(False, 0.0), (True, LEVEL * 10 ** (ECHO_DB / 20))])
def test_the_microphone_hears_the_speaker_only_with_an_echo(tmp_path: Path, expected: float, *, echo: bool) -> None:
    if reason := missing_part():
        pytest.skip(reason)
    with VirtualRoom(tmp_path / "room", echo=echo) as room:
        heard = microphone_while(room, tmp_path / "heard.npy", [sys.executable, "-c", PLAYS])
    assert level_of(TONE_HZ, heard, ROOM_HZ) == pytest.approx(expected, rel=0.05, abs=0.001)


def test_a_room_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bin" / "pulseaudio"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho no more rooms tonight >&2; exit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent), prepend=os.pathsep)
    with pytest.raises(RuntimeError, match="did not start: no more rooms tonight"), VirtualRoom(tmp_path / "room"):
        pass


@pytest.mark.parametrize("program", ["pulseaudio", "pactl", "paplay", "parec"])
def test_a_missing_program_is_the_reason_to_skip(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == program else f"/usr/bin/{name}")
    assert missing_part() == f"the software sound card needs {program}"
