"""Nights with a routine of the user's own, as a physiotherapist wrote it down: rounds, rests, one side, "ready"."""

from __future__ import annotations

import ctypes.util
from pathlib import Path

import pytest

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings
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
