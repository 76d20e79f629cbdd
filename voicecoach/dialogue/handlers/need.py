"""What somebody needs who has a cramp, a sharp pain, pins and needles, is dizzy, or cannot do what is asked.

First out of the stretch, with a few words of first aid, then quiet.  Whoever does not answer is led on to nothing.  The
sentences follow what ``docs/advice.md`` names; none says what it is, or that it will pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.asking import ask_at_last, asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import take_up
from voicecoach.dialogue.handlers.pausing import grow_quiet
from voicecoach.dialogue.handlers.safety import is_dropped, leave_what_hurts, pause_after_pain, step_left_after_pain
from voicecoach.dialogue.handlers.sessions import close, end, rest
from voicecoach.dialogue.handlers.unheard import untold_way_out
from voicecoach.dialogue.handlers.warning import red_flag
from voicecoach.dialogue.leading import is_led_out, lie_down_first
from voicecoach.dialogue.state import Mode, Question
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

CRAMP_S = 20.0
"""How long a cramp is given before it is asked whether it has let go."""
TINGLING_S = 40.0
"""The same for pins and needles: they take a minute or so once nothing presses any more."""


def lead_out(t: Transition) -> str:
    """Into `Mode.HURT`, from which nothing goes on by itself; the words out of the stretch, where they are untold."""
    t.keep_place()
    out = untold_way_out(t)
    t.enter(Mode.HURT)
    is_led_out(t, out)
    t.state = replace(t.state, session=replace(t.session, form_told=False))
    return out.words


def _key(t: Transition) -> str:
    return t.session.step.stretch.key


# --- pain that is sharp, or runs down the leg -------------------------------------------------------------------------


@handler(Mode.HURT, stays=True)
def sharp_pain(t: Transition) -> None:
    """As what hurts, and the stretch is left for tonight."""
    leave_what_hurts(t, for_tonight=True)


@handler(Mode.HURT, stays=True)
def leg_pain(t: Transition) -> None:
    leave_what_hurts(t, t.words.leg_pain, for_tonight=True)


@handler(stays=True)
def leg_pain_at_rest(t: Transition) -> None:
    t.say(_lying(t, f"{t.words.sorry} {t.words.leg_pain}"))


def _lying(t: Transition, words: str) -> str:
    """``words``; where a session is closing, after how to lie down, for who has not been told."""
    return words if t.state.session is None else f"{lie_down_first(t).words} {words}".strip()


# --- cramp ------------------------------------------------------------------------------------------------------------


@handler(Mode.ASKING)
def cramp(t: Transition) -> None:
    """How to let it go; later, whether to go on."""
    t.note(Fact.CRAMP, _key(t), side=t.session.side)
    t.ask_after(f"{lead_out(t)} {t.words.cramp}".strip(), Question.CRAMP)


@handler(stays=True)
def cramp_at_rest(t: Transition) -> None:
    t.say(_lying(t, t.words.cramp))


def go_on_after_cramp(t: Transition) -> None:
    """The same side from its beginning; never what hurt once too often."""
    if is_dropped(t):
        go_back(t)
        return
    t.put(t.session.side_start)
    take_up(t, t.words.on_then)


def rest_here(t: Transition) -> None:
    """Into a pause, which ends by itself."""
    pause_after_pain.apply(t)


# --- pins and needles -------------------------------------------------------------------------------------------------


@handler(Mode.ASKING)
def tingling(t: Transition) -> None:
    """Another position first; later, whether it has gone."""
    t.note(Fact.TINGLING, _key(t), side=t.session.side)
    t.ask_after(f"{lead_out(t)} {t.words.tingling}".strip(), Question.TINGLING)


@handler(Mode.ASKING)
def tingling_at_rest(t: Transition) -> None:
    words = _lying(t, t.words.tingling)
    if t.state.mode is Mode.CLOSING:
        rest(t, Mode.ASLEEP if t.state.falls_asleep else Mode.REST)
    t.ask_after(words, Question.TINGLING)


def tingling_gone(t: Transition) -> None:
    """In a session a pause: whoever is well goes on with a word."""
    if t.state.session is None:
        go_back(t, t.words.fine)
    elif step_left_after_pain(t) is not None:
        end(t, Fact.SESSION_ENDED_EARLY, t.words.ended_early)
    else:
        t.enter(Mode.PAUSED)
        grow_quiet(t)
        t.say(t.words.tingling_gone, remember=False)


def tingling_stays(t: Transition) -> None:
    """Also where nobody answers: better said once too often.  "No" before it is asked is no answer yet."""
    if asked(t).first is not None:
        ask_at_last(t)
    else:
        red_flag.apply(t)


# --- dizzy ------------------------------------------------------------------------------------------------------------


@handler(Mode.CLOSING)
def dizzy(t: Transition) -> None:
    """Lie still; after a while the session is over."""
    t.note(Fact.DIZZY, _key(t))
    words = f"{lead_out(t)} {t.words.dizzy}".strip()
    close(t, Fact.SESSION_ENDED_EARLY)
    t.say(words)
    last = t.prompt(f"{t.words.ended_for_tonight} {t.words.dizzy_after}")
    t.state = replace(t.state, pending_prompt=last)


@handler(stays=True)
def dizzy_at_rest(t: Transition) -> None:
    t.say(_lying(t, f"{t.words.dizzy} {t.words.dizzy_after}"))


# --- too hard ---------------------------------------------------------------------------------------------------------


@handler(Mode.HURT, stays=True)
def too_hard(t: Transition) -> None:
    """The easier form is offered, or the next one; where that has been offered, the stretch is left for tonight."""
    key, session = _key(t), t.session
    offered = t.state.mode is Mode.HURT or key in session.easier | session.hurt
    way_out = lead_out(t)
    session = t.session
    if offered:
        t.note(Fact.STRETCH_SKIPPED, key)
        t.state = replace(t.state, session=replace(session, dropped=session.dropped | {key}))
    else:
        t.note(Fact.EASIER, key)
        t.state = replace(t.state, session=replace(session, easier=session.easier | {key}))
    words = t.words.too_hard_twice if offered else t.words.too_hard
    t.say(words.format(come_out=way_out).strip(), must=True)


@handler(stays=True)
def need_nothing(t: Transition) -> None:
    t.say(_lying(t, t.words.need_nothing))
