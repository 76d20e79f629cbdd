"""Longer and shorter, slower and faster, louder and quieter, easier and harder, less and more talk: all of it lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.events import SetVolume
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.state import Mode
from voicecoach.person.facts import Fact
from voicecoach.routine.amounts import with_more, with_more_rest

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

PACES = (0.7, 0.85, 1.0, 1.2, 1.45, 1.7)
"""From quick to slow; 1.0 is six breaths a minute."""
VOLUME_STEP_DB = 4.0
MUCH = 2
"""So many steps are "a lot louder"."""
QUIETEST_DB, LOUDEST_DB = -24.0, 0.0
"""As far as words lead; where the settings begin below the quietest, words lead back to there."""


def _dose(t: Transition, direction: int, fact: Fact, remark: str, at_the_end: str) -> None:
    """More or less of the stretch that is on, now and on its other side; between two rounds, of the rest."""
    t.keep_place()
    session = t.session
    resting = session.is_between_rounds
    steps = list(session.plan.steps)
    if resting:
        steps[session.place.step] = with_more_rest(session.step, direction, t.language.plan.rounds.rest_again)
    else:
        steps[session.place.step] = with_more(session.step, direction)
    if steps[session.place.step] == session.step:
        t.say(at_the_end, remember=False)
        return
    t.state = replace(t.state, session=replace(session, plan=replace(session.plan, steps=tuple(steps))))
    if not resting:  # of the stretch itself nobody wants more or less
        t.note(fact, session.step.stretch.key)
    t.say(remark, remember=False)


@handler(stays=True)
def longer(t: Transition) -> None:
    _dose(t, 1, Fact.LONGER, t.words.lengthened, t.words.longest)


@handler(stays=True)
def shorter(t: Transition) -> None:
    _dose(t, -1, Fact.SHORTER, t.words.shortened, t.words.shortest)


def _pace(t: Transition, direction: int, remark: str, at_the_end: str) -> None:
    t.keep_place()
    index = _nearest(PACES, t.state.pace) + direction
    if 0 <= index < len(PACES):
        t.state = replace(t.state, pace=PACES[index])
        t.note(Fact.PACE, value=PACES[index])
        t.say(remark, remember=False)
    else:
        t.say(at_the_end, remember=False)


@handler(stays=True)
def slower(t: Transition) -> None:
    _pace(t, 1, t.words.slowed, t.words.slowest)


@handler(stays=True)
def faster(t: Transition) -> None:
    _pace(t, -1, t.words.quickened, t.words.quickest)


def _volume(t: Transition, steps: int, at_the_end: str) -> None:
    before_db = t.state.volume_db
    lowest_db = min(QUIETEST_DB, t.state.knows.volume_db, before_db)
    volume_db = min(max(before_db + steps * VOLUME_STEP_DB, lowest_db), LOUDEST_DB)
    if volume_db != before_db:
        t.state = replace(t.state, volume_db=volume_db)
        t.actions.append(SetVolume(volume_db))
        t.note(Fact.VOLUME, value=volume_db)
        if t.state.mode is not Mode.CLOSING:  # the last words go on, at the new volume
            t.say(t.words.like_this, remember=False)
    elif t.state.mode is not Mode.CLOSING:
        t.say(at_the_end, remember=False)


@handler(stays=True)
def louder(t: Transition) -> None:
    _volume(t, 1, t.words.loudest)


@handler(stays=True)
def much_louder(t: Transition) -> None:
    _volume(t, MUCH, t.words.loudest)


@handler(stays=True)
def quieter(t: Transition) -> None:
    _volume(t, -1, t.words.quietest)


@handler(stays=True)
def much_quieter(t: Transition) -> None:
    _volume(t, -MUCH, t.words.quietest)


def _nearest(values: tuple[float, ...], value: float) -> int:
    return min(range(len(values)), key=lambda index: abs(values[index] - value))


@handler(stays=True)
def easier(t: Transition) -> None:
    """The easier form; also when the same stretch is come back to tonight."""
    t.keep_place()
    session = t.session
    stretch = session.step.stretch
    t.note(Fact.EASIER, stretch.key)
    t.state = replace(t.state, session=replace(session, easier=session.easier | {stretch.key}))
    t.say(stretch.easier)


@handler(stays=True)
def harder(t: Transition) -> None:
    t.keep_place()
    session = t.session
    stretch = session.step.stretch
    t.note(Fact.HARDER, stretch.key)
    t.state = replace(t.state, session=replace(session, easier=session.easier - {stretch.key}))
    t.say(stretch.harder)


def _talk(t: Transition, talk: int, remark: str, at_the_end: str) -> None:
    if TalkLevel.LEAST <= talk <= TalkLevel.FULL:
        t.keep_place()
        t.state = replace(t.state, talk=TalkLevel(talk))
        t.note(Fact.TALK, value=talk)
        t.say(remark, remember=False)
    else:
        t.say(at_the_end, remember=False)


@handler(stays=True)
def less_talk(t: Transition) -> None:
    _talk(t, t.state.talk - 1, t.words.briefer, t.words.briefest)


@handler(stays=True)
def more_talk(t: Transition) -> None:
    _talk(t, t.state.talk + 1, t.words.fuller, t.words.fullest)
