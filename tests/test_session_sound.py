"""A session with the real voice and the real recogniser, looked at on its recording, sample by sample."""

from __future__ import annotations

import ctypes.util
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach import app
from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.languages.commands import Command
from voicecoach.session_events import Began, SessionEvent, Spoke, Understood
from voicecoach.settings import Settings
from voicecoach.simulation.scenario import Scenario
from voicecoach.simulation.turns import ExpectWords, Speak, Wait

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed"),
]

HERE = "this test"
FULL_SCALE = 32768
SETTINGS = Settings(volume_db=0.0)


@dataclass(frozen=True)
class Night:
    events: tuple[SessionEvent, ...]
    coach: NDArray[np.float64]
    """What the coach played, at `MICROPHONE_HZ`."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The first hold of bedtime and the first breaths, with "next" in between: two minutes of a real session."""
    scenario = Scenario(
        title="The first holds",
        routine="bedtime",
        turns=(
            Speak(HERE, "start bedtime routine", after_s=1.0),
            ExpectWords(HERE, "two", within_s=90.0),
            Wait(HERE, 20.0),
            Speak(HERE, "skip this"),
            Speak(HERE, "next", after_s=6.0),
            Speak(HERE, "next", after_s=6.0),
            ExpectWords(HERE, "Breathe in", within_s=60.0),
            Wait(HERE, 20.0),
        ),
    )
    out = tmp_path_factory.mktemp("night")
    session = app.rehearse(Assembly(SETTINGS), scenario, out=out)
    assert session.failures == ()
    with wave.open(str(out / "session.wav")) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, MICROPHONE_HZ)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    return Night(session.events, samples[:, 0] / FULL_SCALE)


def test_every_command_was_understood_by_the_real_recogniser(night: Night) -> None:
    understood = [one.meaning.command for one in night.events if isinstance(one, Understood) and one.meaning]
    assert understood == [Command.START, Command.NEXT, Command.NEXT, Command.NEXT]


@pytest.mark.parametrize("beat", ["hold", "breaths"])
def test_every_count_lies_at_its_planned_sample_in_the_recording(night: Night, beat: str) -> None:
    """Correlate each count's own clip with the recording around its planned place: the peak is there, to the sample."""
    performance = next(one for one in night.events if isinstance(one, Began) and one.beat == beat)
    reach = 400
    assembly = Assembly(SETTINGS)
    with assembly.synthesizer() as synthesizer:
        clips = assembly.clips(synthesizer, MICROPHONE_HZ)
        for cue in performance.cues[:10]:
            assert isinstance(cue.sound, str)
            clip = clips.get(cue.sound).astype(np.float64)
            planned = round((performance.at_s + cue.at_s) * MICROPHONE_HZ)
            around = night.coach[planned - reach : planned + len(clip) + reach]
            peak = int(np.argmax(np.correlate(around, clip, mode="valid")))
            assert abs(peak - reach) <= 1, f"{cue.sound!r} lies {peak - reach} samples from its place"


def test_the_recording_has_no_clicks(night: Night) -> None:
    """Where the coach was cut short by "next", it fades: no step is larger than in undisturbed speech."""
    steps = np.abs(np.diff(night.coach))
    cut = [one.ended_s for one in night.events if isinstance(one, Spoke) and not one.whole]
    assert cut, "somebody said next into a sentence"
    for at_s in cut:
        end = round(at_s * MICROPHONE_HZ)
        assert np.max(steps[end - 32 : end + 32]) < np.max(steps) / 10
