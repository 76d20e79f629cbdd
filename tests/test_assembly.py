"""An engine of each kind in one assembly: the toys that ``docs/extending.md`` adds, and what the engines need."""

from __future__ import annotations

import re
import socket
import tomllib
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from toys import canceller, recognizer, sound_card, synthesizer

from voicecoach import app, assembly, doctor
from voicecoach.assembly import Assembly
from voicecoach.engines.audio_io.port import SoundCardError
from voicecoach.engines.needs import Engine
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadRequestError
from voicecoach.probes import probes_of
from voicecoach.settings import ENGINE_KEYS, Settings, clips_folder
from voicecoach.simulation.scenario_file import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

TOP = Path(__file__).resolve().parent.parent
_HARMONICS = [np.sin(np.arange(8000) * 2 * np.pi * 120 * n / MICROPHONE_HZ) / n for n in range(1, 25)]
VOICE = (np.sum(_HARMONICS, axis=0) / 4).astype(np.float32)
"""Half a second of something that the voice activity detector takes for a vowel."""
PATIENCE_S = 10.0
TOYS = Settings(recognizer="toy", synthesizer="toy", audio="toy", echo="toy")


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Assembly:
    """An assembly in which every engine is a toy."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(assembly.RECOGNIZERS, "toy", Engine(lambda _: recognizer.ToyModel(), recognizer.NEEDS))
    monkeypatch.setitem(assembly.SYNTHESIZERS, "toy", Engine(synthesizer.ToySynthesizer, synthesizer.NEEDS))
    monkeypatch.setitem(assembly.AUDIO, "toy", Engine(sound_card.NetworkRoom, sound_card.NEEDS))
    monkeypatch.setitem(assembly.ECHO_CANCELLERS, "toy", Engine(canceller.ToyCanceller, canceller.NEEDS))
    monkeypatch.setattr(Assembly, "second_ears_reader", lambda _: None)  # it would not believe that a vowel is "next"
    return Assembly(TOYS, warn=lambda _line: None)


def heard(toys: Assembly, sound: NDArray[np.float32], played: NDArray[np.float32]) -> list[str]:
    speech_input = toys.speech_input()
    speech_input.listen_for({"next", "stop"})
    blocks = range(0, len(sound), 320)
    utterances = [speech_input.hear(sound[at : at + 320], played[at : at + 320]) for at in blocks]
    return [one.phrase for ended in utterances for one in ended if one.phrase]


def test_another_recogniser_and_another_canceller_are_heard_through(toys: Assembly) -> None:
    silence = np.zeros(MICROPHONE_HZ, np.float32)
    said = np.concatenate([silence, VOICE, silence, silence])
    assert heard(toys, said, np.zeros_like(said)) == ["next"]
    assert heard(toys, said, np.ones_like(said)) == []


def test_another_voice_speaks_and_its_clips_are_kept(toys: Assembly) -> None:
    with toys.synthesizer() as synthesizer:
        clips = toys.clips(synthesizer, 48_000)
        clips.prepare(["Breathe in."])
        assert len(clips.get("Breathe in.")) == pytest.approx(2 * 0.4 * 48_000, rel=0.1)
    assert len(list(clips_folder().iterdir())) == 1


def test_another_sound_card_is_opened_examined_and_listed(
    toys: Assembly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "run_live", lambda one, verbose, **_: 42 if one is toys else int(verbose))
    assert app.run(toys, verbose=False) == 42
    probes = replace(probes_of(toys), microphone_fault=lambda: None)  # nobody sends it a sound
    findings = {finding.about: finding for finding in doctor.examine(probes)}
    assert findings["sound card"].words == "a room at 127.0.0.1, ports 5050 and 5051"
    assert findings["microphone"].well
    assert findings["voice"].words == 'toy en-gb+f3 says "hello" in 0.4 s'
    assert "PortAudio" not in capsys.readouterr().err


@pytest.mark.parametrize("setting", ENGINE_KEYS)
def test_an_engine_that_is_not_there_is_an_error_that_names_those_that_are(setting: str) -> None:
    wrong = Assembly(replace(Settings(), **cast("Any", {setting: "gramophone"})))
    builders: dict[str, Callable[[], object]] = {
        "recognizer": wrong.recognizer,
        "synthesizer": wrong.synthesizer,
        "audio": wrong.sound_card,
        "echo": wrong.echo_canceller,
    }
    with pytest.raises(BadRequestError, match=rf'^{setting} in .* cannot be "gramophone"; write one of: ') as caught:
        builders[setting]()
    assert str(caught.value).endswith(", ".join(assembly.ENGINES[setting]))


@pytest.mark.parametrize("setting", ENGINE_KEYS)
def test_what_an_engine_needs_is_installed_with_the_coach(setting: str) -> None:
    """What the settings name as they come; another engine may have an extra of its own."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    always = named(project["dependencies"])
    extra = always.union(*map(named, project["optional-dependencies"].values()))
    setup = (TOP / "scripts" / "_machine.py").read_text(encoding="utf-8")
    for name, engine in assembly.ENGINES[setting].items():
        is_usual = name == getattr(Settings(), setting)
        assert set(engine.needs.packages) <= (always if is_usual else extra)
        assert all(package in setup for package in engine.needs.system)


def named(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[^\w-]", line)[0] for line in requirements}


def test_the_doctor_says_how_to_install_the_engine_that_speaks_again() -> None:
    assert probes_of(Assembly(Settings())).reinstall_voice == ("espeak-ng",)


@pytest.mark.sound
@pytest.mark.usefixtures("toys")
def test_a_rehearsal_tries_another_voice_with_people_who_speak_as_ever(tmp_path: Path) -> None:
    scenario = tmp_path / "short.yaml"
    scenario.write_text(
        "version: 1\ntitle: Start\nroutine: bedtime\nturns:\n"
        "  - {say: start bedtime routine, after: 1 s}\n  - {expect command: start, within: 2 s}\n",
        encoding="utf-8",
    )
    session = app.rehearse(Assembly(Settings(synthesizer="toy")), load_scenario(scenario))
    assert not session.failures


# --- a microphone and a speaker elsewhere in the house ----------------------------------------------------------------


@pytest.fixture
def ports() -> tuple[int, int]:
    """Two that nobody uses."""
    with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as another:
        one.bind((sound_card.ADDRESS, 0))
        another.bind((sound_card.ADDRESS, 0))
        return one.getsockname()[1], another.getsockname()[1]


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """The other end of a network room."""
    with socket.socket(type=socket.SOCK_DGRAM) as device:
        device.settimeout(PATIENCE_S)
        yield device


def test_a_network_room_hears_and_plays_until_it_is_closed(ports: tuple[int, int], elsewhere: socket.socket) -> None:
    room, caught, ended = sound_card.NetworkRoom(*ports), Queue[Any](), Queue[str]()
    (device,) = room.devices()
    hears = room.open_microphone(device, caught.put, lambda: ended.put("microphone"))
    plays = room.open_speaker(
        device, 48_000, lambda frames: np.full(frames, 0.5, np.float32), lambda: ended.put("speaker")
    )
    elsewhere.sendto(np.full(320, -16_384, "<i2").tobytes(), (sound_card.ADDRESS, ports[0]))
    assert np.array_equal(caught.get(timeout=PATIENCE_S), np.full((320, 1), -0.5, np.float32))
    elsewhere.sendto(b"", (sound_card.ADDRESS, ports[1]))
    assert np.array_equal(np.frombuffer(elsewhere.recv(65_536), "<i2"), np.full(960, 16_384))
    for stream in (hears, plays):
        stream.abort()
        stream.close()
    assert {ended.get(timeout=PATIENCE_S), ended.get(timeout=PATIENCE_S)} == {"microphone", "speaker"}


def test_a_network_room_whose_port_is_taken_says_so(ports: tuple[int, int], elsewhere: socket.socket) -> None:
    elsewhere.bind((sound_card.ADDRESS, ports[0]))
    room = sound_card.NetworkRoom(*ports)
    with pytest.raises(SoundCardError, match=f"port {ports[0]} cannot be had: "):
        room.open_microphone(room.devices()[0], lambda _: None, lambda: None)
