"""The fixed sentences: what a professional should look at, and whom to call.  Nothing is asked, nothing is promised.

A routine that is on is over.  Whom to call is said again and again, for somebody may come in who did not hear it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Heard
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import rest
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.warnings import warning
from voicecoach.languages.commands import EMERGENCIES, Command
from voicecoach.person.facts import Fact
from voicecoach.person.person import Condition

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

WARNED_S = 60.0
"""How long the sentence about red flags can be asked for again."""
CALL_AGAIN_S = 20.0
"""How long it is quiet before it is said again whom to call."""
CALLS = 4
"""How often it is said again, until somebody speaks."""
STAYS_S = 600.0
"""How long the coach waits after that for a word."""


@handler(Mode.WARNING)
def red_flag(t: Transition) -> None:
    """The one fixed sentence; a routine that is on is over."""
    _warn(t, Command.RED_FLAG, Fact.RED_FLAG)


@handler(Mode.WARNING, stays=True)
def emergency(t: Transition) -> None:
    """Whom to call, at once, and that the coach cannot."""
    match t.event:
        case Heard(meaning=meaning):
            _warn(t, meaning.command, Fact.EMERGENCY)
        case other:
            raise AssertionError(f"{other} is no cry for help")


def _warn(t: Transition, of: Command, fact: Fact) -> None:
    """Say what is fixed; before the next session it is asked whether there are red flags."""
    session = t.state.session
    t.note(fact, session.step.stretch.key if session else "")
    if session and t.state.mode is not Mode.CLOSING:
        t.note(Fact.SESSION_ENDED_EARLY, session.plan.routine.key)
    t.enter(Mode.WARNING)
    t.state = replace(t.state, warned_of=of, wanted=None, falls_asleep=False)
    t.say(fixed_words(t))
    t.state = replace(t.state, session=None)
    answers = dict(t.person.answers)
    answers.pop(Condition.RED_FLAGS, None)
    t.remember(replace(t.person, answers=answers))


def fixed_words(t: Transition) -> str:
    """The sentence that has to be heard whole."""
    return warning(t.state.warned_of, t.language, t.state.knows.emergency_number)


def _is_emergency(t: Transition) -> bool:
    return t.state.warned_of in EMERGENCIES


@handler(stays=True)
def let_it_be_said(t: Transition) -> None:
    """The fixed sentence is said to its end, and then once more for whoever asks."""
    if not t.state.playing:
        t.say(fixed_words(t))


@handler(stays=True)
def emergency_after_all(t: Transition) -> None:
    """Whom to call goes before every other warning; it is not begun anew while it is being said."""
    if _is_emergency(t):
        let_it_be_said.apply(t)
    else:
        emergency.apply(t)


@handler(stays=True)
def warned(t: Transition) -> None:
    """The fixed sentence has been said; for a while it can be heard again."""
    if not _is_emergency(t):
        t.wait_in_quiet(WARNED_S)
    else:
        t.wait_in_quiet(CALL_AGAIN_S if t.state.unanswered < CALLS else STAYS_S)


@handler(Mode.REST, stays=True)
def warned_long(t: Transition) -> None:
    """Nobody spoke: whom to call once more, and how to end it; at last, rest."""
    if not _is_emergency(t) or t.state.unanswered >= CALLS:
        rest(t)
        return
    t.say(f"{fixed_words(t)} {t.words.emergency_over}")
    t.state = replace(t.state, unanswered=t.state.unanswered + 1)


@handler(Mode.REST, stays=True)
def all_is_well(t: Transition) -> None:
    """ "I am fine": no need to say it again; what warns of red flags is still heard whole."""
    if t.state.playing and not _is_emergency(t):
        return
    rest(t)
    t.say(t.words.fine)
