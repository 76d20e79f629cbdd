"""Nights with a routine of the user's own, as a physiotherapist wrote it down: rounds, rests, one side, "ready"."""

from __future__ import annotations

import ctypes.util
from pathlib import Path

import pytest

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.session_events import Spoke
from voicecoach.settings import Settings
from voicecoach.simulation.scenario import usual_night
from voicecoach.simulation.scenario_file import load_scenario

SHEETS = Path(__file__).parent / "sheets"
SCENES = sorted((SHEETS / "scenes").glob("*.yaml"))


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    return Assembly(Settings(), load_library(shipped("routines"), SHEETS))


@pytest.mark.parametrize("scene", SCENES, ids=lambda path: path.stem)
def test_a_scene_as_text(assembly: Assembly, scene: Path) -> None:
    session = rehearse(assembly, load_scenario(scene), as_text=True)
    assert not session.failures, "\n".join(session.failures)


@pytest.mark.parametrize("key", ["knee-sheet", "wind-down", "back-strength"])
def test_without_a_scenario_somebody_does_the_whole_routine(assembly: Assembly, key: str) -> None:
    """`voicecoach rehearse KEY`: also where "ready" is waited for, and where sleep is the end."""
    night = rehearse(assembly, usual_night(assembly.library.routine(key), assembly.language), as_text=True)
    assert not night.failures, "\n".join(night.failures)
    names = [entry.stretch.name for entry in assembly.library.routines[key].entries]
    spoken = " ".join(str(event.sound) for event in night.events if isinstance(event, Spoke))
    assert [name for name in names if name not in spoken] == []


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(scene, id=scene.stem, marks=[] if scene.stem == "nobody-says-ready" else [pytest.mark.exhaustive])
        for scene in SCENES
    ],
)
def test_a_scene_as_sound(assembly: Assembly, scene: Path) -> None:
    session = rehearse(assembly, load_scenario(scene))
    assert not session.failures, "\n".join(session.failures)
