"""The person in bed: at a level, from a voice or from recordings of every kind."""

from __future__ import annotations

import re
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_house import language

from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Delivery
from voicecoach.errors import BadFileError
from voicecoach.plain import plain
from voicecoach.settings import Settings
from voicecoach.simulation.simulated_person import SimulatedPerson, at_level, read_recording
from voicecoach.simulation.small_talk import SMALL_TALK
from voicecoach.simulation.turns import SmallTalk, Speak
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def rms_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


def tone(seconds: float, hz: float = 440.0, rate_hz: int = MICROPHONE_HZ) -> NDArray[np.float32]:
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * times)).astype(np.float32)


def write_wav(path: Path, sound: NDArray[np.float32], rate_hz: int, width: int = 2, channels: int = 1) -> Path:
    """A WAV file with ``sound`` on every channel."""
    full = 2 ** (8 * width - 1)
    samples = np.round(np.repeat(sound.astype(np.float64), channels) * (full - 1)).astype("<i8")
    if width == 1:
        samples += 128
    data = samples.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        file.writeframes(data)
    return path


# --- levels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("db", [-50.0, -26.0, -9.0])
def test_speech_is_brought_to_its_level(db: float) -> None:
    assert rms_db(at_level(tone(1.0), db)) == pytest.approx(db, abs=0.1)


def test_pauses_do_not_count_towards_the_level() -> None:
    spoken, pause = tone(0.5), np.zeros(MICROPHONE_HZ, np.float32)
    assert rms_db(at_level(np.concatenate([spoken, pause, spoken]), -26.0)[:8000]) == pytest.approx(-26.0, abs=0.2)


def test_shouting_is_as_loud_as_asked_for_and_left_to_the_microphone_to_clip() -> None:
    assert np.abs(at_level(tone(0.5), 0.0)).max() == pytest.approx(2**0.5, rel=0.01)


@pytest.mark.parametrize("samples", [0, 1, 100, 16_000])
def test_silence_stays_silence(samples: int) -> None:
    silence = np.zeros(samples, np.float32)
    assert np.array_equal(at_level(silence, -26.0), silence)


# --- recordings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 2), (8000, 1), (48_000, 3)])
def test_recordings_of_all_kinds_are_read(tmp_path: Path, width: int, rate_hz: int, channels: int) -> None:
    path = write_wav(tmp_path / "a.wav", tone(0.5, rate_hz=rate_hz), rate_hz, width, channels)
    sound = read_recording(path, "scene.yaml:3")
    assert sound.dtype == np.float32
    assert len(sound) == pytest.approx(8000, abs=2)
    middle = slice(1000, 7000)
    assert np.allclose(sound[middle], tone(0.5)[middle], atol=0.02)


def test_a_recording_is_read_for_a_minute_at_most(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "long.wav", tone(70.0, rate_hz=8000), 8000)
    assert len(read_recording(path, "")) == 60 * MICROPHONE_HZ


def test_a_recording_cut_in_the_middle_of_a_sample_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "cut.wav", tone(1.0), MICROPHONE_HZ, channels=2)
    path.write_bytes(path.read_bytes()[:20_001])
    assert len(read_recording(path, "")) == (20_001 - 44) // 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file"),
        (b"", "cannot be read (it is cut short)"),
        (b"RIFF", "cannot be read"),
        (b"ID3 this is an MP3 " * 20, "cannot be read (file does not start with RIFF id)"),
    ],
)
def test_what_is_no_recording_is_told_in_one_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFileError) as error:
        read_recording(path, "scene.yaml:3")
    assert str(error.value).startswith("scene.yaml:3: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_recording_without_sound_is_told(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "silent.wav", np.zeros(8000, np.float32), MICROPHONE_HZ)
    with pytest.raises(BadFileError, match="holds no sound"):
        read_recording(path, "scene.yaml:3")


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_recording(tmp_path, "scene.yaml:3")


# --- the person -------------------------------------------------------------------------------------------------------


def test_the_person_says_words_and_plays_recordings_at_one_level(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", tone(0.5), MICROPHONE_HZ)
    turns = [Speak("", "pause"), Speak("", "", recording=path)]
    person = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -30.0)
    person.prepare(turns)
    for turn in turns:
        assert rms_db(person.say(turn, at=0)) == pytest.approx(-30.0, abs=3.0)


def test_a_turn_can_be_softer_or_louder_than_usual() -> None:
    person = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -30.0)
    usual = rms_db(person.say(Speak("", "pause"), at=0))
    assert rms_db(person.say(Speak("", "pause", level_db=-50.0), at=0)) == pytest.approx(usual - 20.0, abs=0.01)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 30.0, 120.0])
def test_small_talk_lasts_as_long_as_it_should(seconds: float) -> None:
    radio = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -40.0)
    talk = SmallTalk("", seconds, by="radio")
    radio.prepare([talk])
    sound = radio.talk(talk)
    assert len(sound) == round(seconds * MICROPHONE_HZ)
    if seconds >= 30.0:
        assert rms_db(sound) == pytest.approx(-40.0, abs=3.0)
        assert np.diff(np.flatnonzero(np.abs(sound) > 1e-4)).max() < MICROPHONE_HZ, "nobody falls silent for long"


def test_no_sentence_of_the_small_talk_is_a_command() -> None:
    """It shares words with commands, so that a rehearsal tells something, but none of it is one."""
    phrases = Assembly(Settings()).all_phrases()
    sentences = {plain(part) for sentence in SMALL_TALK for part in [sentence, *re.split(r"[.,;:]", sentence)]}
    assert not sentences & phrases
    words = {word for sentence in sentences for word in sentence.split()}
    assert words >= {"stop", "next", "back", "repeat", "pause", "continue", "yes", "no", "ready", "done"}


def test_what_is_said_can_be_overheard() -> None:
    overheard: list[tuple[str, int, int, Delivery]] = []
    person = SimulatedPerson(
        EstimatedClips(MICROPHONE_HZ, language().durations), -30.0, lambda *said: overheard.append(said)
    )
    sound = person.say(Speak("", "pause"), at=500)
    assert overheard == [("pause", 500, 500 + len(sound), Delivery(-30.0, 30.0, 1.0))]


def test_a_whisper_is_softer_and_in_another_voice() -> None:
    overheard: list[Delivery] = []
    usual, whispers = (EstimatedClips(MICROPHONE_HZ, language().durations, pace) for pace in (150, 100))
    person = SimulatedPerson(usual, -30.0, lambda *said: overheard.append(said[-1]), whispers)
    person.prepare([Speak("", "pause", whispered=True)])
    spoken, whispered = person.say(Speak("", "pause"), at=0), person.say(Speak("", "pause", whispered=True), at=9000)
    assert len(whispered) > len(spoken)
    assert [(one.level_db, one.voicing) for one in overheard] == [(-30.0, 1.0), (-45.0, 0.0)]


def test_a_missing_recording_is_told_before_the_night_begins(tmp_path: Path) -> None:
    person = SimulatedPerson(EstimatedClips(MICROPHONE_HZ, language().durations), -30.0)
    with pytest.raises(BadFileError, match=r"scene.yaml:3: there is no file"):
        person.prepare([Speak("scene.yaml:3", "", recording=tmp_path / "none.wav")])


def test_a_voice_at_another_rate_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="16000 Hz"):
        SimulatedPerson(EstimatedClips(48_000, language().durations), -30.0)
