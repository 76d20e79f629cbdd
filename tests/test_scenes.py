"""Plays every scene in `scenes/`: as text, and through the real synthesiser and the real recogniser."""

from __future__ import annotations

import ctypes.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.session_events import Understood
from voicecoach.settings import Settings
from voicecoach.simulation.scenario_file import load_scenario
from voicecoach.voices.choosing import NONE

if TYPE_CHECKING:
    from voicecoach.languages.commands import Meaning
    from voicecoach.simulation.rehearsed_session import RehearsedSession

SCENES = sorted((Path(__file__).parent / "scenes").glob("*.yaml"))
ONLY_AS_TEXT = {"deep-bedtime", "back-strength", "in-bed-basics", "in-bed-basics-morning", "morning"}
"""Whole routines in which one word is said: they take long and tell no more than `bedtime` does."""
AS_SOUND_EACH_TIME = {
    *("first-evening", "real-answers", "everyday-words", "pause-in-a-hold", "until-next", "volume", "rain"),
    *("stop-and-continue", "stop-and-end", "stop-and-silence", "stop-over-a-sentence"),
    *("whispered-stop", "whispered-next", "whispered-need"),
    *("that-hurts-over-a-sentence", "hurts-skip", "red-flag-over-a-sentence", "nobody-is-locked-out", "shouting"),
    *("echo", "late-echo", "two-at-once", "beside-a-radio", "coughs-and-doors", "snoring"),
    *("microphone-lost", "microphone-muted"),
}
"""What is about hearing itself; of the others, and of a whole routine, `--exhaustive` plays the sound."""


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    return Assembly(Settings())


def test_every_routine_has_a_scene_from_its_first_word_to_its_last(assembly: Assembly) -> None:
    assert assembly.library.routines.keys() <= {scene.stem for scene in SCENES}


@pytest.mark.parametrize("scene", SCENES, ids=lambda path: path.stem)
def test_a_scene_as_text_and_again_as_it_was_recorded(assembly: Assembly, scene: Path, tmp_path: Path) -> None:
    """The whole routines are not played a second time: they tell no more than the shorter scenes."""
    recording = tmp_path / "recorded.yaml"
    session = rehearse(assembly, load_scenario(scene), as_text=True, record=recording)
    assert not session.failures, "\n".join(session.failures)
    if scene.stem in ONLY_AS_TEXT:
        return
    again = rehearse(assembly, load_scenario(recording), as_text=True)
    assert commands(again) == commands(session)
    assert not again.failures, "\n".join(again.failures)


def commands(session: RehearsedSession) -> list[Meaning]:
    """What was understood, in order."""
    return [event.meaning for event in session.events if isinstance(event, Understood) and event.meaning]


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(scene, id=scene.stem, marks=[] if scene.stem in AS_SOUND_EACH_TIME else [pytest.mark.exhaustive])
        for scene in SCENES
        if scene.stem not in ONLY_AS_TEXT
    ],
)
def test_a_scene_as_sound(assembly: Assembly, scene: Path) -> None:
    session = rehearse(assembly, load_scenario(scene))
    assert not session.failures, "\n".join(session.failures)


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
def test_without_a_voice_pack_the_engine_says_everything() -> None:
    house = Assembly(Settings(voice_pack=NONE))
    session = rehearse(house, load_scenario(Path(__file__).parent / "scenes" / "stop-over-a-sentence.yaml"))
    assert not house.voice_packs.packs
    assert not session.failures, "\n".join(session.failures)
