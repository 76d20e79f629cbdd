"""An engine of each kind, registered the way that a contributor would: one line of the assembly and one setting."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
import pytest
from fake_sound_card import FakeCard, microphone, speaker
from pretended_model import TRAITS

from voicecoach import app, assembly, doctor
from voicecoach.assembly import Assembly
from voicecoach.engines.echo.port import Cleaned
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Alternative, Partial, Result
from voicecoach.errors import BadRequestError
from voicecoach.settings import ENGINE_KEYS, Settings, clips_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.engines.needs import Needs
    from voicecoach.engines.synthesis.port import Voice

TOP = Path(__file__).resolve().parent.parent
_HARMONICS = [np.sin(np.arange(8000) * 2 * np.pi * 120 * n / MICROPHONE_HZ) / n for n in range(1, 25)]
VOICE = (np.sum(_HARMONICS, axis=0) / 4).astype(np.float32)
"""Half a second of something that the voice activity detector takes for a vowel."""
TOYS = Settings(recognizer="toy", synthesizer="toy", audio="toy", echo="toy")


class ToyRecognizer:
    """Takes whatever is loud for "next", and half a second without it for its end."""

    traits = TRAITS

    def __init__(self) -> None:
        self._quiet = 0
        self._said = ""

    def knows(self, word: str) -> bool:
        return bool(word)

    def recognizer(self, phrases: object) -> ToyRecognizer:
        del phrases
        return ToyRecognizer()

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        is_loud = np.abs(block).max() > 0.1
        self._quiet = 0 if is_loud else self._quiet + len(block)
        self._said = "next" if is_loud else self._said
        return self.finish() if self._said and self._quiet > MICROPHONE_HZ // 2 else Partial(self._said)

    def finish(self) -> Result:
        said, self._said = self._said, ""
        return Result((Alternative(said, 0.0),))


class ToySynthesizer:
    """Hums a second for whatever it is to say."""

    key = "toy 1"

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        del sentence, voice
        return np.round(8000 * np.sin(np.arange(MICROPHONE_HZ) / 8)).astype(np.int16), MICROPHONE_HZ

    def close(self) -> None:
        """It holds nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It holds nothing."""


class ToyCanceller:
    """Takes away everything while something is played."""

    erle_db: float | None = 60.0
    echo_db: float | None = None
    drift_ppm = 0.0

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        return Cleaned(microphone * np.float32(not played.any()), None)


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Assembly:
    """An assembly in which every engine is a toy."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(assembly.RECOGNIZERS, "toy", lambda _folder: ToyRecognizer())
    monkeypatch.setitem(assembly.SYNTHESIZERS, "toy", ToySynthesizer)
    monkeypatch.setitem(assembly.AUDIO, "toy", lambda: FakeCard(microphone(), speaker()))
    monkeypatch.setitem(assembly.ECHO_CANCELLERS, "toy", ToyCanceller)
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
        assert len(clips.get("Breathe in.")) == pytest.approx(48_000, rel=0.1)
    assert len(list(clips_folder().iterdir())) == 1


def test_another_sound_card_is_opened_examined_and_listed(
    toys: Assembly, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "run_live", lambda one, tell, **_: 42 if one is toys else int(tell))
    assert app.run(toys, tell=False) == 42
    patient = doctor.patient_of(toys)
    findings = {finding.about: finding for finding in doctor.examine(patient)}
    assert findings["sound card"].words == "a card of paper"
    assert findings["microphone"].well
    assert findings["voice"].words == 'toy en-gb+f3 says "hello" in 1.0 s'
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


@pytest.mark.parametrize(
    "engine",
    [
        "recognition.vosk",
        "synthesis.espeak.synthesizer",
        "audio_io.portaudio",
        "echo.kalman.canceller",
        "echo.off",
    ],
)
def test_what_an_engine_needs_is_installed_with_the_coach(engine: str) -> None:
    needs: Needs = import_module(f"voicecoach.engines.{engine}").NEEDS
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = {re.split(r"[^\w-]", line)[0] for line in project["dependencies"]}
    assert set(needs.packages) <= installed
    setup = (TOP / "scripts" / "_machine.py").read_text(encoding="utf-8")
    assert all(package in setup for package in needs.system)
