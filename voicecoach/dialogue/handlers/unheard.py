"""While nobody can be heard: say so, rest, and go on only when asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import WayOut
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.pausing import grow_quiet
from voicecoach.dialogue.handlers.safety import out_of_pain, step_left_after_pain
from voicecoach.dialogue.handlers.sessions import end
from voicecoach.dialogue.leading import coming_out, is_led_out, lie_down_first
from voicecoach.dialogue.state import Mode
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

UNHEARD_S = 300.0
"""How long a question waits for somebody who cannot be heard."""


@handler(Mode.PAUSED, Mode.CLOSING, stays=True)
def rest_unheard(t: Transition) -> None:
    rest_saying(t, t.words.deaf_rest, t.words.deaf)


def rest_saying(t: Transition, words: str, words_at_the_end: str) -> None:
    """Say why first, and then how to leave the stretch: nobody stays in it for as long as this may last.

    Args:
        t: In a session.
        words: Why, and that the session rests.
        words_at_the_end: Only why: for where nothing of the session is left.
    """
    t.keep_place()
    out = untold_way_out(t)
    if t.state.mode is not Mode.HURT:
        t.put(t.session.side_start)
    elif step_left_after_pain(t) is not None:
        end(
            t,
            Fact.SESSION_ENDED_EARLY,
            " ".join(part for part in (words_at_the_end, out.words, t.words.ended_early) if part),
        )
        return
    is_led_out(t, out)
    t.enter(Mode.PAUSED)
    grow_quiet(t)
    t.state = replace(t.state, wanted=None)
    t.say(f"{words} {out.words}".strip(), remember=False)
    if t.session.is_up and out.words:  # "repeat" must not send them off again
        t.state = replace(t.state, said=t.prompt(out.words, out.leads_to))


def untold_way_out(t: Transition) -> WayOut:
    """How to leave the stretch, where it has begun and the listener has not been told yet."""
    session = t.session
    if t.state.mode is Mode.HURT:
        return out_of_pain(t) if t.state.pending_prompt is not None else WayOut("", session.body)
    return coming_out(t) if session.is_holding else lie_down_first(t)


@handler(Mode.PAUSED, Mode.CLOSING, stays=True)
def drop_question(t: Transition) -> None:
    """In a session rest, without the question; before one it stays open, and after one there is nothing to wait for."""
    if t.state.session is None:
        t.say(t.words.deaf_rest, remember=False)
    elif asked(t).behind is Mode.CLOSING:
        go_back(t, t.words.deaf)
    else:
        question = asked(t)
        t.state = replace(t.state, mode=question.behind, pending_prompt=question.pending_behind)
        rest_unheard.apply(t)


@handler(stays=True)
def say_continue(t: Transition) -> None:
    t.say(t.words.hears_continue, remember=False)
    t.state = replace(t.state, unanswered=0)


@handler(stays=True)
def ask_now(t: Transition) -> None:
    """The question that was open, once more."""
    prompt = asked(t).prompt
    t.say_prompt(replace(prompt, text=f"{t.words.hears} {prompt.text}"))
    t.state = replace(t.state, unanswered=0)
