"""A step with more or less of it: what "longer" and "shorter" do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.routine.plan import Cycle, Hold, Rest, Say
from voicecoach.routine.stretch import Unit

if TYPE_CHECKING:
    from voicecoach.routine.plan import Beat, Step

_REST_S = 15.0
_SHORTEST_REST_S, _LONGEST_REST_S = 5.0, 300.0
_LONGER = {Unit.SECONDS: 10, Unit.COUNTS: 5}
_SHORTEST = {Unit.SECONDS: 5, Unit.COUNTS: 3}
_LONGEST_S = 600
_MOST_ROUNDS = 60


def with_more(step: Step, direction: int) -> Step:
    """``step`` with longer (``direction`` 1) or shorter (-1) holds and more or fewer rounds, within reason."""
    return replace(step, beats=tuple(_more(beat, direction) for beat in step.beats))


def _more(beat: Beat, direction: int) -> Beat:
    match beat:
        case Hold(amount=amount, unit=unit):
            changed = amount + direction * _LONGER[unit]
            return replace(beat, amount=max(min(amount, _SHORTEST[unit]), min(changed, max(amount, _LONGEST_S))))
        case Cycle(rounds=rounds) if rounds > 1 or direction > 0:
            changed = rounds + direction * (2 if rounds > 2 else 1)  # noqa: PLR2004 - two of many, one of few
            return replace(beat, rounds=max(1, min(changed, max(rounds, _MOST_ROUNDS))))
        case _:
            return beat


def with_more_rest(step: Step, direction: int, words: str) -> Step:
    """``step`` with longer (``direction`` 1) or shorter (-1) rests between its rounds, within reason.

    ``words`` lead into a rest without telling its length, which has become another one.
    """
    rests = {index for index, beat in enumerate(step.beats) if isinstance(beat, Rest)}
    changed = [_more_rest(beat, direction) for beat in step.beats]
    beats = (Say(words, words) if index + 1 in rests else beat for index, beat in enumerate(changed))
    return step if tuple(changed) == step.beats else replace(step, beats=tuple(beats))


def _more_rest(beat: Beat, direction: int) -> Beat:
    if not isinstance(beat, Rest):
        return beat
    seconds = beat.seconds + direction * _REST_S
    seconds = max(min(beat.seconds, _SHORTEST_REST_S), min(seconds, max(beat.seconds, _LONGEST_REST_S)))
    return replace(beat, seconds=seconds)
