"""Lets a speech input attend to a stretch of a night: somebody says one thing after another; the coach may speak on.

What is accepted changes nothing: the coach says its sentences to their end, so that every column hears the same
night.  Its voice steps back while somebody speaks, and the speech input is told its words, as `Coach.listen` does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from itertools import cycle, zip_longest
from math import inf
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmark.night.surroundings import at_microphone, bedroom
from benchmark.recordings import name_of
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.plain import plain
from voicecoach.sound_files import read_sound
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from benchmark.night.columns import NightColumn
    from benchmark.night.surroundings import Surroundings
    from benchmark.recordings import CorpusRecording
    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.engines.synthesis.port import Clips

Sound: TypeAlias = NDArray[np.float32]
BLOCK: Final = MICROPHONE_HZ // 50
_QUIET_BEFORE_S: Final = 1.0
_COACH_BEFORE_S: Final = 15.0
"""How long the coach has spoken before somebody speaks over it: the echo canceller knows the room by then."""
_AFTER_S: Final = 3.0
"""Quiet after the last thing that is said."""
_BREATH_S: Final = 0.4
"""Between two sentences of the coach."""
AUDIBLE_DB: Final = -25.0
"""The last sample of a word is the last that lies no further below its loudest."""


class What(Enum):
    """What is said, or what there is instead."""

    COMMANDS = "commands"
    SPEECH = "speech"
    WORDS = "words"
    NOISE = "noise"
    OWN_VOICE = "own voice"


@dataclass(frozen=True, slots=True)
class NightStretch:
    """A stretch of a night, for one pair of speech_input."""

    column: NightColumn
    what: What
    listens: str
    """The key of the set of phrases that is listened for: "routine" or "rest"."""
    surroundings: Surroundings
    said: tuple[CorpusRecording, ...] = ()
    """One after the other, each whole."""
    gap_s: float = 3.0
    """Between two of them."""
    coach_says: tuple[str, ...] = ()
    """Sentences: over and over while there is something `said`, otherwise once."""
    lasts_s: float = 0.0
    """At least."""
    take: int = 0
    """Which of several that differ in nothing but chance."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something said, and what was accepted before the next thing was said."""

    said: CorpusRecording
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attended:
    """What came of a session."""

    session: NightStretch
    attempts: tuple[Attempt, ...]
    accepted: int
    """Phrases, in the whole session."""
    length_s: float


@dataclass(frozen=True, slots=True)
class _Spoken:
    recording: CorpusRecording
    began: int
    sound: Sound


@dataclass(frozen=True, slots=True)
class NightSetup:
    """What every session has in common."""

    clips: Clips
    """The coach's sentences at `MICROPHONE_HZ`."""
    volume_db: float
    """At which they are played."""
    talk: Sequence[Sound]
    """Recordings of speech, which babble is made of."""


def attend(session: NightStretch, speech_input: SpeechInput, phrases: Collection[str], bedside: NightSetup) -> Attended:
    """Let a speech input that has heard nothing yet hear a session.

    Args:
        session: What is said, and where.
        speech_input: Whose.
        phrases: What they listen for.
        bedside: Everything else.

    Raises:
        VoicecoachError: A recording cannot be used.
    """
    seed = seed_of(session)
    said = list(_one_after_the_other(session, seed))
    timeline = Timeline(MICROPHONE_HZ, bedside.volume_db)
    length = _length(session, said, _place(session, bedside.clips, timeline, said))
    room = bedroom(session.surroundings, bedside.volume_db, length, bedside.talk, seed)
    for one in said:
        room.speak(one.sound, one.began)
    speech_input.listen_for(phrases)
    accepted: list[tuple[int, str]] = []
    played = np.zeros(BLOCK, np.float32)
    sounding: tuple[object, ...] = ()
    for at in range(0, length, BLOCK):
        if timeline.sounding() != sounding:
            sounding = timeline.sounding()
            speech_input.saying(plain(" ".join(map(str, sounding))))
        accepted += [(at, one.phrase) for one in speech_input.hear(room.hear(BLOCK), played) if one.phrase]
        timeline.duck(speech_input.somebody_speaks)
        played = timeline.read(BLOCK)
        room.play(played)
    return Attended(session, tuple(_attempts(said, accepted)), len(accepted), length / MICROPHONE_HZ)


def seed_of(session: NightStretch) -> int:
    """A number that depends on what is said and where alone: every column hears the same."""
    what = f"{session.what.value} {session.surroundings.key} {session.take}"
    names = [what, *map(name_of, session.said), *session.coach_says[:1]]
    return int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:6])


def last_sample(sound: Sound) -> int:
    """The place of the last sample of ``sound`` that lies within `AUDIBLE_DB` of its loudest."""
    levels = np.abs(sound)
    return int(np.flatnonzero(levels >= levels.max() * 10 ** (AUDIBLE_DB / 20))[-1])


def _one_after_the_other(session: NightStretch, seed: int) -> Iterator[_Spoken]:
    before_s = _COACH_BEFORE_S if session.coach_says else _QUIET_BEFORE_S
    at = round(before_s * MICROPHONE_HZ)
    for recording in session.said:
        sound = at_microphone(read_sound(recording.path), session.surroundings, seed)
        yield _Spoken(recording, at, sound)
        at += len(sound) + round(session.gap_s * MICROPHONE_HZ)


def _place(session: NightStretch, clips: Clips, timeline: Timeline, said: Sequence[_Spoken]) -> int:
    """Place what the coach says; returns where its last sentence ends."""
    until = said[-1].began + len(said[-1].sound) if said else 0
    sentences: Iterable[str] = cycle(session.coach_says) if said else session.coach_says
    at = 0
    for sentence in sentences:
        if said and at > until:
            break
        sound = clips.get(sentence)
        timeline.place(sound, at, sentence)
        at += len(sound) + round(_BREATH_S * MICROPHONE_HZ)
    return at


def _length(session: NightStretch, said: Sequence[_Spoken], coach_ends: int) -> int:
    """Samples, in whole blocks."""
    ends = said[-1].began + len(said[-1].sound) if said else coach_ends
    least = max(ends + _AFTER_S * MICROPHONE_HZ, session.lasts_s * MICROPHONE_HZ)
    return -(-round(least) // BLOCK) * BLOCK


def _attempts(said: Sequence[_Spoken], accepted: Sequence[tuple[int, str]]) -> Iterator[Attempt]:
    """Whatever is accepted before the next thing is said belongs to the one before."""
    for one, after in zip_longest(said, said[1:]):
        ends = after.began if after else inf
        yield Attempt(one.recording, tuple(phrase for at, phrase in accepted if one.began <= at < ends))
