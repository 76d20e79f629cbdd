"""What a pack would have to say, what it does not, and what it says too fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_up_voice import make_pack

from voicecoach.assembly import Assembly
from voicecoach.settings import Settings
from voicecoach.speaking.clips import clips_of
from voicecoach.speaking.packs.pack import Recorded
from voicecoach.speaking.packs.shelf import PackShelf
from voicecoach.voices.coverage import coverage, too_fast

if TYPE_CHECKING:
    from pathlib import Path

MOST_MINUTES = 94
"""So much speech, which the voice that ships takes a fifth longer for, 14 MB hold at 16,000 bits a second."""


def test_what_is_not_covered_is_told_once(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "low.voicepack", ["Rest.", "Breathe,", "and rest."])
    found = coverage(PackShelf([pack]), ["Rest.", "Breathe, and rest.", "Get up.", "Get up.", "Breathe, and get up."])
    assert found.missing == ("Get up.", "Breathe, and get up.")
    assert found.share == pytest.approx(0.5)
    assert coverage(PackShelf(), []).share == 1.0


def test_what_is_said_too_fast_is_told() -> None:
    slow = Recorded("a", "Put your hands beside your chest, and push back slowly.", 3.5)
    fast = Recorded("b", "Walk your hands back, and rise onto your knees.", 2.0)
    short = Recorded("c", "Breathe in.", 0.5)
    ((text, words_per_minute),) = too_fast([slow, fast, short])
    assert text == fast.text
    assert words_per_minute == pytest.approx(240)


def test_all_that_the_coach_says_fits_into_a_pack() -> None:
    house = Assembly(Settings())
    every = {sentence for texts in house.recordings().values() for text in texts for sentence in clips_of(text)}
    usual = house.language.durations.of_a_voice(1.0)
    minutes = sum(usual.speech_s(sentence) for sentence in every) / 60
    assert minutes < MOST_MINUTES
    assert not [sentence for sentence in every if "{" in sentence or "about about" in sentence.lower()]


def test_a_routine_by_itself_needs_less() -> None:
    house = Assembly(Settings())
    one, every = (sum(map(len, house.recordings(*routines).values())) for routines in (["wind-down"], []))
    assert 0 < one < 0.6 * every
