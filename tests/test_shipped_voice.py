"""The voice pack that ships says all that the coach says, slowly, evenly, and no word over another."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.assembly import Assembly
from voicecoach.dialogue.cue_schedule import BreathCue, Manner, TalkLevel, cue_schedule
from voicecoach.resources import shipped
from voicecoach.routine.plan import Cycle, Hold, once
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.settings import Settings
from voicecoach.speaking.clips import as_float, clips_of
from voicecoach.speaking.loudness import loudness_lufs
from voicecoach.voices.coverage import coverage, too_fast
from voicecoach.voices.using import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.plan import Beat
    from voicecoach.speaking.packs.pack import VoicePack

MOST_BYTES = 14_000_000
MOST_SPREAD_LU = 2.0
LOUD_ENOUGH_S = 0.8
"""What is shorter has no loudness that is gated as that of a sentence."""


@pytest.fixture(scope="module")
def house() -> Assembly:
    return Assembly(Settings())


@pytest.fixture(scope="module")
def pack(house: Assembly) -> VoicePack:
    (only,) = house.voice_packs.packs
    return only


def every_sentence(house: Assembly) -> Iterator[str]:
    for texts in house.recordings().values():
        for text in texts:
            yield from clips_of(text)


def test_one_pack_ships_small_enough_and_says_what_it_is(pack: VoicePack) -> None:
    assert [pack.path] == list(shipped(SHIPPED).glob("*.voicepack"))
    assert pack.path.stat().st_size < MOST_BYTES
    assert pack.manifest.licence == "Apache-2.0"
    assert pack.manifest.language == "en-GB"
    with zipfile.ZipFile(pack.path) as archive:
        assert "A synthetic voice" in archive.read("README.md").decode()


def test_it_says_everything_that_the_coach_says(house: Assembly) -> None:
    assert coverage(house.voice_packs, every_sentence(house)).missing == ()


def test_every_clip_of_it_comes_to_its_checksum(pack: VoicePack) -> None:
    assert list(pack.broken()) == []


def test_nothing_in_it_is_faster_than_is_good_at_bedtime(pack: VoicePack) -> None:
    assert too_fast(pack.sentences()) == []


def test_its_sentences_are_as_loud_as_each_other(pack: VoicePack) -> None:
    some = [one.text for one in pack.sentences() if one.seconds > LOUD_ENOUGH_S][::7]
    clips = [clip for text in some if (clip := pack.load(text))]
    loudness = [loudness_lufs(as_float(samples), rate_hz) for samples, rate_hz in clips]
    low, high = np.percentile(loudness, [5, 95])
    assert high - low <= MOST_SPREAD_LU


def test_a_plan_reckons_with_the_voice_that_speaks(house: Assembly, pack: VoicePack) -> None:
    reckoned = sum(house.language.durations.speech_s(one.text) for one in pack.sentences())
    assert reckoned == pytest.approx(sum(one.seconds for one in pack.sentences()), rel=0.05)


@pytest.mark.parametrize("talk", TalkLevel)
@pytest.mark.parametrize("breath_cue", BreathCue)
def test_no_count_falls_into_the_word_before(
    house: Assembly, pack: VoicePack, talk: TalkLevel, breath_cue: BreathCue
) -> None:
    seconds = {one.text: one.seconds for one in pack.sentences()}
    for beat in timed_beats(house):
        cues = cue_schedule(beat, house.language, talk, 1.0, manner=Manner(breath_cue)).cues
        words = [(cue.at_s, cue.sound) for cue in cues if isinstance(cue.sound, str)]
        for (at_s, word), (next_s, after) in pairwise(words):
            assert at_s + sum(seconds[one] for one in clips_of(word)) <= next_s, (word, after)


def timed_beats(house: Assembly) -> Iterator[Hold | Cycle]:
    for routine in house.library.routines.values():
        plan = make_plan(routine, Preferences(), house.language.plan, house.library.stretches)
        beats: Iterator[Beat] = (beat for step in plan.steps for beat in once(step))
        yield from (beat for beat in beats if isinstance(beat, Hold | Cycle))
