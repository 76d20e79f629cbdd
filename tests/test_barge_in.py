"""Everything that may be said in need is heard in the middle of the coach's sentence, and that sentence ends."""

from __future__ import annotations

import ctypes.util
from typing import TYPE_CHECKING

import pytest

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.settings import Settings
from voicecoach.simulation.scenario_file import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

SCENE = """\
title: In need, in the middle of a sentence
routine: bedtime
room: {{echo: -6 dB}}
turns:
  - {{say: start bedtime routine, after: 1 s}}
  - {{say: "{phrase}", when: slow and restful, after: 2 s}}
  - {{expect command: "{command}", within: 1.5 s}}
"""
HOUSE = Assembly(Settings())
TRIED = {Command.STOP: 6, Command.HURTS: 6, Command.RED_FLAG: 6}
"""How many phrases of a command; two of all others."""
PLAINEST = [
    pytest.param(phrase, marks=[pytest.mark.exhaustive] if number else [])
    for one in sorted(SAFETY, key=str)
    for number, phrase in enumerate(HOUSE.language.phrases[one][: TRIED.get(one, 2)])
]
"""What somebody cries: the first phrases of each command, the very first in every run; there are hundreds, and a scene
of sound takes seconds."""
MAY_BE_ANOTHER = {"i can't feel my legs"}
"""The model that ships cannot tell whether it was "leg"; both end the routine."""


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize("phrase", PLAINEST)
def test_what_is_said_in_need_is_heard_over_the_coachs_voice(
    request: pytest.FixtureRequest, tmp_path: Path, phrase: str
) -> None:
    if phrase in MAY_BE_ANOTHER:
        request.applymarker(pytest.mark.xfail(strict=True, reason="it may also have been another phrase"))
    command = HOUSE.phrasebook.meaning(phrase).command.key
    scene = tmp_path / "scene.yaml"
    scene.write_text(SCENE.format(phrase=phrase, command=command), encoding="utf-8")
    session = rehearse(HOUSE, load_scenario(scene))
    assert not session.failures, "\n".join(session.failures)
