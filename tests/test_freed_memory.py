"""Freed memory is given back to the system when a session is over, and at no other time."""

from __future__ import annotations

import ctypes
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach import freed_memory
from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.freed_memory import FreedMemory
from voicecoach.journal.store import Journal
from voicecoach.session_events import Entered, Softened
from voicecoach.settings import Settings
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from voicecoach.session_events import SessionEvent

BLOCK = 320


@pytest.mark.parametrize(
    ("event", "given_back"),
    [
        (Entered("rest", 1.0), 1),
        (Entered("asleep", 1.0), 1),
        (Entered("guiding", 1.0), 0),
        (Entered("paused", 1.0), 0),
        (Softened(-6.0, 1.0), 0),
    ],
)
def test_it_is_given_back_at_rest(event: SessionEvent, given_back: int) -> None:
    calls: list[None] = []
    FreedMemory(lambda: calls.append(None))(event)
    assert len(calls) == given_back


def test_where_the_system_has_no_such_thing_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    freed_memory.trim()


def test_a_coach_that_has_stopped_and_gone_to_rest_gives_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[None] = []
    monkeypatch.setattr(freed_memory, "trim", lambda: calls.append(None))
    house, heard = Assembly(Settings()), TextInput()
    clips = EstimatedClips(MICROPHONE_HZ, house.language.durations)
    with closing(Journal(None, pytest.fail)) as journal:
        coach = house.coach(heard, clips, house.timeline(MICROPHONE_HZ), journal)
        for words, times in (("start bedtime routine", 0), ("stop", 1), ("good night", 1)):
            at = round(coach.now_s * MICROPHONE_HZ)
            heard.overhear(words, at, at + BLOCK)
            calls.clear()
            for _ in range(50 * 30):
                coach.process(np.full(BLOCK, 1e-4, np.float32))
            assert len(calls) == times, coach.mode
