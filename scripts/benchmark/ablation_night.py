"""The night that rules of hearing are left out in: a little of everything that a rule is there for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from benchmark.night.attending import NightStretch, What, last_sample
from benchmark.night.columns import NightColumn
from benchmark.night.interrupting import Interview, SaidOver
from benchmark.night.surroundings import NIGHT_DB, QUIET, Background, Surroundings, in_noise, over_own_voice
from benchmark.phrases import situations
from benchmark.recordings import CorpusRecording, Kind
from benchmark.synthetic import synthetic_recordings
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.grammar import Grammar
from voicecoach.sound_files import read_sound, write_sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmark.night.casting import NightCast
    from benchmark.night.programme import Stretch
    from voicecoach.assembly import Assembly

_Thing = TypeVar("_Thing")
PARTS: Final = {
    "q": "commands in quiet",
    "n": "commands in noise that is 12 dB softer",
    "e": "commands over the coach's own voice at -6 dB",
    "c": "'stop' over babble that is 9 dB softer",
    "h": "'stop', whispered over the coach's own voice",
    "p": "phrases at rest with a pause in their middle",
    "s": "running speech",
    "t": "single sentences",
    "w": "single words",
    "z": "snoring",
    "o": "the coach's own voice at 0 dB",
    "l": "how soon",
}
_SPEECH_TOGETHER: Final = 48
_COMMANDS_TOGETHER: Final = 12
_SNORING_S, _SNORING_PARTS = 120.0, 8
_CRY: Final = replace(in_noise(Background.BABBLE, 9), key="cry")
_WHISPER: Final = replace(over_own_voice(-12), key="whisper", level_db=-45.0)
"""The coach's voice is 7 dB louder than the whisper."""
_PAUSE: Final = replace(QUIET, key="pause")
_PAUSE_S: Final = 0.45
_SENTENCE_S: Final = 3.0
"""Between two sentences that somebody says now and then."""


def ablation_night(everybody: NightCast, assembly: Assembly, work: Path) -> Iterator[tuple[str, Stretch]]:
    """Every stretch, with the letter of its part; clips are kept in ``work``.

    Raises:
        VoicecoachError: Something is missing or broken.
    """
    usual = tuple(assembly.sentences(assembly.settings.usual_routine))
    yield from (("q", _commands(QUIET, said)) for said in _parts(everybody.commands, _COMMANDS_TOGETHER))
    for place, background in enumerate(Background):
        for said in _parts(everybody.commands[place :: len(Background)], _COMMANDS_TOGETHER):
            yield "n", _commands(in_noise(background, 12), said)
    for said in _parts(everybody.commands, _COMMANDS_TOGETHER):
        yield "e", replace(_commands(over_own_voice(-6), said), coach_says=usual)
    for said in _parts(everybody.stops, _COMMANDS_TOGETHER):
        yield "c", _commands(_CRY, said)
        yield "h", replace(_commands(_WHISPER, said), coach_says=usual)
        yield "l", Interview(NightColumn.OURS, SaidOver.INTO_SENTENCE, over_own_voice(-6), said)
    for said in _parts(everybody.answered, _COMMANDS_TOGETHER):
        yield "l", Interview(NightColumn.OURS, SaidOver.INTO_PAUSE, QUIET, said)
    for said in _parts(with_pauses(assembly, work), _COMMANDS_TOGETHER):
        yield "p", replace(_commands(_PAUSE, said), listens="rest")
    yield from _no_commands(everybody)
    for words in _parts(assembly.sentences()[::3], _SPEECH_TOGETHER):
        own_voice = NightStretch(NightColumn.OURS, What.OWN_VOICE, "routine", over_own_voice(0), coach_says=words)
        yield "o", own_voice


def _no_commands(everybody: NightCast) -> Iterator[tuple[str, Stretch]]:
    for said in _parts(everybody.speech, _SPEECH_TOGETHER):
        yield "s", NightStretch(NightColumn.OURS, What.SPEECH, "routine", QUIET, said, gap_s=0.6)
        talk = replace(QUIET, key="night.talk")
        yield "t", NightStretch(NightColumn.OURS, What.NOISE, "routine", talk, said, gap_s=_SENTENCE_S)
    for said in _parts(everybody.words, _SPEECH_TOGETHER):
        yield "w", NightStretch(NightColumn.OURS, What.WORDS, "routine", QUIET, said, gap_s=1.5)
    snoring = Surroundings("night.snoring", Background.SNORING, NIGHT_DB)
    for part in range(_SNORING_PARTS):
        yield "z", NightStretch(NightColumn.OURS, What.NOISE, "routine", snoring, lasts_s=_SNORING_S, take=part)


def with_pauses(assembly: Assembly, work: Path) -> list[CorpusRecording]:
    """Phrases that begin with another one that means something else, with a pause after that; from synthetic persons.

    Raises:
        VoicecoachError: As `synthetic.synthetic_recordings`.
    """
    phrases = situations(assembly).rest.phrases
    policy = assembly.policy()
    beginnings = Grammar.of(phrases, policy.meaning).beginnings
    cut = sorted(
        (begun, phrase.removeprefix(f"{begun} "))
        for phrase in phrases
        for begun in beginnings
        if phrase.startswith(f"{begun} ") and policy.meaning(phrase) != policy.meaning(begun)
    )[::3]
    begun, rest = (synthetic_recordings(list(words), 1, work) for words in zip(*cut, strict=True))
    folder = work / "with-pauses"
    folder.mkdir(parents=True, exist_ok=True)
    silence = np.zeros(round(_PAUSE_S * MICROPHONE_HZ), np.float32)
    recordings = []
    for number, (first, second) in enumerate(zip(begun, rest, strict=True)):
        sound = np.concatenate([_trimmed(read_sound(first.path)), silence, _trimmed(read_sound(second.path))])
        path, words = folder / f"{number:04}.flac", f"{first.transcript} {second.transcript}"
        write_sound(path, (sound * 32767).astype(np.int16))
        recordings.append(CorpusRecording(path, words, first.speaker, "synthetic", Kind.SYNTHETIC))
    return recordings


def _trimmed(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """``sound`` without the silence before it and after."""
    return sound[len(sound) - 1 - last_sample(sound[::-1]) : last_sample(sound) + 1]


def _commands(surroundings: Surroundings, said: tuple[CorpusRecording, ...]) -> NightStretch:
    return NightStretch(NightColumn.OURS, What.COMMANDS, "routine", surroundings, said)


def _parts(things: Sequence[_Thing], most: int) -> Iterator[tuple[_Thing, ...]]:
    for at in range(0, len(things), most):
        yield tuple(things[at : at + most])
