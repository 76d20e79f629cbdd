"""The cue schedule of a beat: which words and chimes fall on which second.

Numbers are placed so that the count lands on the end, never after it.  Everything is computed from the beat alone, so a
hold that is taken up again at second 7.3 goes on with the number that comes next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, IntEnum
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


class BreathCue(Enum):
    """What leads breaths where everything is said; the value is how it is written in the settings.

    Where less is said, tones follow after `_COUNTED_ROUNDS` breaths, and where least is said from the first on.
    """

    WORDS = "words"
    TONE = "tone"
    """A soft tone that rises as long as the breath in and falls as long as the breath out."""
    WORDS_THEN_TONE = "words then tone"
    """Words for as many breaths as are counted, tones from then on."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a beat sounds, besides how much is said."""

    breath_cue: BreathCue = BreathCue.WORDS
    softens: bool = False
    """Whether numbers get softer towards the end of a hold, as at bedtime."""


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
_SOFTEST_DB = -6.0
"""The last number of a hold that softens."""
_TURN_S = 0.4
"""Silence at the turn of a breath that a tone leads."""
_REMINDED_S = 30.0
"""How long "ready" is waited for before the coach says once that there is no hurry."""


def cue_schedule(  # noqa: PLR0913, PLR0917 - what is heard depends on all of it
    beat: TimedBeat,
    language: Language,
    talk: TalkLevel,
    pace: float,
    offset_s: float = 0.0,
    manner: Manner = Manner(),
) -> CueSchedule:
    """What is heard during ``beat`` from ``offset_s`` on.

    Args:
        beat: A timed beat.
        language: The words.
        talk: How much the coach talks.
        pace: Stretches counts and breaths; 1.2 is a fifth slower.
        offset_s: Where to begin, in seconds at pace 1, as `snapped` gives it.
        manner: How it sounds.
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
            cues = _softened(_hold(beat, language, talk)) if manner.softens else _hold(beat, language, talk)
            kind = "hold"
        case Cycle():
            cues = _cycle(beat, language, talk, pace, manner.breath_cue)
            kind = "breaths" if beat.breathing else "movement"
    ahead = [
        replace(cue, at_s=(cue.at_s - offset_s) * tempo, lasts_s=None if cue.lasts_s is None else cue.lasts_s * tempo)
        for cue in cues
        if cue.at_s >= offset_s
    ]
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
        most = 0 if hold.amount >= _MINUTES_FROM_S else _COUNTDOWN[talk]
        yield from (Cue(end_s - number, language.number(number)) for number in range(most, 0, -1))
    yield Cue(end_s, Chime.DONE)


def _softened(cues: Iterator[Cue]) -> Iterator[Cue]:
    """Each of the words a little softer than the one before."""
    every = list(cues)
    words = sum(isinstance(cue.sound, str) for cue in every)
    said = 0
    for cue in every:
        if isinstance(cue.sound, str):
            yield replace(cue, gain_db=_SOFTEST_DB * said / max(1, words - 1))
            said += 1
        else:
            yield replace(cue, gain_db=_SOFTEST_DB)


def _landmarks(seconds: int, language: Language, talk: TalkLevel) -> Iterator[Cue]:
    """Now and then in a long hold: how much is left.  Who lies in one for minutes is left in peace for most of it."""
    if talk is TalkLevel.LEAST:
        return
    if seconds >= _MINUTES_FROM_S:
        for minutes in sorted({seconds // _MINUTE_S // 2, 1}, reverse=True):
            left = language.prompts.minutes_left.format(minutes=language.minutes(minutes * _MINUTE_S))
            yield Cue(seconds - minutes * _MINUTE_S, left)
    elif seconds >= _HALFWAY_FROM_S and talk is TalkLevel.FULL:
        yield Cue(seconds / 2, language.prompts.halfway)


def _cycle(cycle: Cycle, language: Language, talk: TalkLevel, pace: float, breath_cue: BreathCue) -> Iterator[Cue]:
    at_s = 0.0
    for number in range(1, cycle.rounds + 1):
        toned = cycle.breathing and _is_toned(number, talk, breath_cue)
        for index, phase in enumerate(cycle.phases):
            word = "" if toned else _phase_word(cycle, number, index, language, talk)
            if toned and not phase.is_hold:
                yield _tone(phase, at_s, rises=index == 0)
            elif word:
                yield Cue(at_s, word)
            if toned:
                pass
            elif _is_counted(cycle, number, phase, talk):
                taken_s = language.durations.speech_s(word)
                yield from _numbers(phase, at_s, taken_s / pace, language)
            elif phase.is_hold:
                end_s, most = at_s + (phase.seconds or 0.0), _COUNTDOWN[talk]
                yield from (Cue(end_s - left, language.number(left)) for left in range(most, 0, -1))
            at_s += phase.seconds or 0.0
    if talk is TalkLevel.LEAST or (cycle.breathing and _is_toned(cycle.rounds, talk, breath_cue)):
        yield Cue(at_s, Chime.DONE)


def _is_toned(number: int, talk: TalkLevel, breath_cue: BreathCue) -> bool:
    """Whether a tone leads the breath of that number."""
    if talk is TalkLevel.LEAST or breath_cue is BreathCue.TONE:
        return True
    return number > _COUNTED_ROUNDS and (talk is TalkLevel.BRIEF or breath_cue is BreathCue.WORDS_THEN_TONE)


def _tone(phase: Phase, at_s: float, *, rises: bool) -> Cue:
    lasts_s = None if phase.seconds is None else max(_TURN_S, phase.seconds - _TURN_S)
    return Cue(at_s, Chime.BREATHE_IN if rises else Chime.BREATHE_OUT, lasts_s=lasts_s)


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


def _phase_word(cycle: Cycle, number: int, index: int, language: Language, talk: TalkLevel) -> str:
    phase, words = cycle.phases[index], language.prompts
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
