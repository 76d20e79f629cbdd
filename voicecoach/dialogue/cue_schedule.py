"""The cue schedule of a beat: which words and chimes fall on which second.

Numbers are placed so that the count lands on the end, never after it.  Everything is computed from the beat alone, so a
hold that is taken up again at second 7.3 goes on with the number that comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import floor
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Chime, Cue
from voicecoach.routine.plan import COUNT_S, Cycle, Hold, Ready, Rest, Wait, follows_pace, nominal_s
from voicecoach.routine.stretch import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.languages.language import Language
    from voicecoach.routine.plan import TimedBeat
    from voicecoach.routine.stretch import Phase


class TalkLevel(IntEnum):
    """How much the coach talks."""

    LEAST = 0
    """Names and short cues; chimes instead of counting."""
    BRIEF = 1
    """Short cues, short counts."""
    FULL = 2


@dataclass(frozen=True, slots=True)
class CueSchedule:
    """The cues of a timed beat, or of the rest of one, and how long it takes."""

    cues: tuple[Cue, ...]
    length_s: float
    kind: str
    """"wait", "hold", "breaths" or "movement"."""


_ALL_COUNTED_S = 10
"""Holds up to this many seconds are counted from one; longer ones are counted down at their end."""
_COUNTDOWN = {TalkLevel.LEAST: 0, TalkLevel.BRIEF: 3, TalkLevel.FULL: 5}
_HALFWAY_FROM_S, _MINUTES_FROM_S = 20, 120
_MINUTE_S = 60
_COUNTED_ROUNDS = 3
"""How many rounds of breathing are counted second by second; later ones are counted breath by breath."""
_FULL_ROUNDS = 2
"""How many rounds of a movement are cued in full."""
_LED_ROUNDS = 1
"""How many rounds are led and not numbered, even where less is said: nobody counts what is not known yet."""
_BETWEEN_WORDS_S = 0.1
_REMINDED_S = 30.0
"""How long "ready" is waited for before the coach says once that there is no hurry."""


def cue_schedule(
    beat: TimedBeat, language: Language, talk: TalkLevel, pace: float, offset_s: float = 0.0
) -> CueSchedule:
    """What is heard during ``beat`` from ``offset_s`` on.

    Args:
        beat: A timed beat.
        language: The words.
        talk: How much the coach talks.
        pace: Stretches counts and breaths; 1.2 is a fifth slower.
        offset_s: Where to begin, in seconds at pace 1, as `snapped` gives it.
    """
    tempo = pace if follows_pace(beat) else 1.0
    match beat:
        case Wait() | Rest():
            cues: Iterator[Cue] = iter(())
            kind = "wait"
        case Ready():
            cues = iter((Cue(_REMINDED_S, beat.reminder.text),))
            kind = "wait"
        case Hold():
            cues = _hold(beat, language, talk)
            kind = "hold"
        case Cycle():
            cues = _cycle(beat, language, talk, pace)
            kind = "breaths" if beat.breathing else "movement"
    ahead = [Cue((cue.at_s - offset_s) * tempo, cue.sound) for cue in cues if cue.at_s >= offset_s]
    return CueSchedule(tuple(ahead), max(0.0, nominal_s(beat) - offset_s) * tempo, kind)


def snapped(beat: TimedBeat, offset_s: float) -> float:
    """Where a beat that was left at ``offset_s`` is taken up again, in seconds at pace 1.

    A hold goes on at the very second.  A breath cannot be taken up in its middle: breathing and movements go on from
    the beginning of the round, or of the phase where there is only one round.
    """
    offset_s = min(max(0.0, offset_s), nominal_s(beat))
    if not isinstance(beat, Cycle) or not beat.round_s:
        return offset_s
    if beat.rounds > 1:
        return floor(offset_s / beat.round_s) * beat.round_s
    begun = 0.0
    for phase in beat.phases:
        if begun + (phase.seconds or 0.0) > offset_s:
            break
        begun += phase.seconds or 0.0
    return begun


def _hold(hold: Hold, language: Language, talk: TalkLevel) -> Iterator[Cue]:
    end_s = nominal_s(hold)
    step_s = COUNT_S if hold.unit is Unit.COUNTS else 1.0
    counted = hold.unit is Unit.COUNTS or hold.amount <= _ALL_COUNTED_S
    if counted and talk > TalkLevel.LEAST:
        yield from (Cue(number * step_s, language.number(number)) for number in range(1, hold.amount + 1))
        return
    if not counted:
        yield from _landmarks(hold.amount, language, talk)
        yield from (Cue(end_s - number, language.number(number)) for number in range(_COUNTDOWN[talk], 0, -1))
    yield Cue(end_s, Chime.DONE)


def _landmarks(seconds: int, language: Language, talk: TalkLevel) -> Iterator[Cue]:
    """Now and then in a long hold: how much is left."""
    if talk is TalkLevel.LEAST:
        return
    if seconds >= _MINUTES_FROM_S:
        for minutes in range((seconds - 1) // _MINUTE_S, 0, -1):
            left = language.prompts.minutes_left.format(minutes=language.minutes(minutes * _MINUTE_S))
            yield Cue(seconds - minutes * _MINUTE_S, left)
    elif seconds >= _HALFWAY_FROM_S and talk is TalkLevel.FULL:
        yield Cue(seconds / 2, language.prompts.halfway)


def _cycle(cycle: Cycle, language: Language, talk: TalkLevel, pace: float) -> Iterator[Cue]:
    at_s = 0.0
    for number in range(1, cycle.rounds + 1):
        for index, phase in enumerate(cycle.phases):
            word = _phase_word(cycle, number, index, language, talk)
            if word:
                yield Cue(at_s, word)
            if _is_counted(cycle, number, phase, talk):
                taken_s = language.durations.speech_s(word) if isinstance(word, str) else 0.0
                yield from _numbers(phase, at_s, taken_s / pace, language)
            elif phase.is_hold:
                end_s, most = at_s + (phase.seconds or 0.0), _COUNTDOWN[talk]
                yield from (Cue(end_s - left, language.number(left)) for left in range(most, 0, -1))
            at_s += phase.seconds or 0.0
    if talk is TalkLevel.LEAST:
        yield Cue(at_s, Chime.DONE)


def _is_counted(cycle: Cycle, number: int, phase: Phase, talk: TalkLevel) -> bool:
    if not phase.counted or talk is TalkLevel.LEAST:
        return False
    return number <= _COUNTED_ROUNDS if cycle.breathing and talk is TalkLevel.FULL else not cycle.breathing


def _numbers(phase: Phase, at_s: float, taken_s: float, language: Language) -> Iterator[Cue]:
    """The numbers from "two" on, as long as they do not fall into the phase's own words."""
    for number in range(2, round((phase.seconds or 0.0) / phase.count_s) + 1):
        after_s = (number - 1) * phase.count_s
        if after_s >= taken_s + _BETWEEN_WORDS_S:
            yield Cue(at_s + after_s, language.number(number))


def _phase_word(cycle: Cycle, number: int, index: int, language: Language, talk: TalkLevel) -> str | Chime:
    phase, words = cycle.phases[index], language.prompts
    if talk is TalkLevel.LEAST and cycle.breathing:
        return Chime.BREATHE_OUT if index else Chime.BREATHE_IN
    in_full = _COUNTED_ROUNDS if cycle.breathing else _FULL_ROUNDS
    if cycle.rounds == 1 or number <= (in_full if talk is TalkLevel.FULL else _LED_ROUNDS if talk else 0):
        return phase.say
    if index or talk is TalkLevel.LEAST:
        return phase.brief
    if number == cycle.rounds:
        return words.last_in if cycle.breathing else words.last_round.format(phase=phase.brief)
    if cycle.breathing:
        return words.in_breath_number.format(number=language.number(number))
    return words.in_round_number.format(number=language.number(number), phase=phase.brief)
