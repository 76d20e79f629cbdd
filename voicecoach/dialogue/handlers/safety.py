"""Stop, and "that hurts".  These work in every mode, at once, and never urge anybody on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import WayOut
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_to_step, step_after, stretch_before, take_up
from voicecoach.dialogue.handlers.pausing import grow_quiet
from voicecoach.dialogue.handlers.sessions import close, come_out_first, end, rest
from voicecoach.dialogue.leading import coming_out, is_led_out, let_go, lie_down_first
from voicecoach.dialogue.state import Mode, Place
from voicecoach.person.facts import Fact
from voicecoach.routine.ways import ON_THE_BACK

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

QUIET_AFTER_STOP_S = 2.0
"""Silence after "stop" before the coach asks how to go on, or says its last words."""
STOPPED_S = 30.0
"""After that question, silence for this long means that the session is over."""
HURT_S = 25.0
"""How long an answer to "easier, next, or end" is waited for."""
TOO_OFTEN = 2
"""When something hurts so often in one session, the stretch is left, and ending is offered first."""


@handler(Mode.STOPPED, Mode.CLOSING)
def stop(t: Transition) -> None:
    """Silent at once; the place is kept.

    By hand, while nobody can be heard, it is the end: the question how to go on could not be answered.
    """
    if t.state.deaf:
        stop_for_good.apply(t)
        return
    t.stop_playback()
    let_go(t)
    t.enter(Mode.STOPPED)
    grow_quiet(t)
    t.wait(QUIET_AFTER_STOP_S)


@handler(Mode.CLOSING)
def end_here(t: Transition) -> None:
    """ "Done" or "no" after "stop"."""
    words = _last_words(t)
    t.stop_playback()
    end(t, Fact.SESSION_ENDED_EARLY, words)


@handler(Mode.CLOSING)
def end_after_pain(t: Transition) -> None:
    """The end; how to come out of the stretch is still said, if it has not been."""
    end(t, Fact.SESSION_ENDED_EARLY, _last_words(t))


@handler(Mode.CLOSING)
def stop_for_good(t: Transition) -> None:
    """ "Stop" where it can only mean the end: silent at once all the same, the last words come after the silence."""
    words = _last_words(t)
    t.stop_playback()
    close(t, Fact.SESSION_ENDED_EARLY)
    t.state = replace(t.state, pending_prompt=t.prompt(words))
    t.wait(QUIET_AFTER_STOP_S)


def _last_words(t: Transition) -> str:
    """The end, after the way out of the stretch where that has not been told."""
    if t.state.mode is Mode.HURT and t.state.pending_prompt:
        return f"{out_of_pain(t).words} {t.words.ended_early}"
    return come_out_first(t, t.words.ended_early)


@handler(stays=True)
def say_last_words(t: Transition) -> None:
    if t.state.pending_prompt is not None:
        t.say_prompt(t.state.pending_prompt)


@handler(stays=True)
def stopped_waits(t: Transition) -> None:
    if not t.say_pending_prompt():
        t.wait_in_quiet(STOPPED_S)


@handler(Mode.REST, stays=True)
def stopped_long(t: Transition) -> None:
    """The quiet after "stop" is over: ask how to go on; later, end with no more than the way out."""
    if t.state.unanswered:
        t.note(Fact.SESSION_ENDED_EARLY, t.session.plan.routine.key)
        words = come_out_first(t)
        rest(t)
        if words:
            t.say(words)
        return
    t.say(t.words.ask_go_on, must=True)
    t.state = replace(t.state, unanswered=t.state.unanswered + 1)


@handler(Mode.HURT)
def hurt(t: Transition) -> None:
    """Out of the stretch, gently, at once; then the listener chooses."""
    leave_what_hurts(t)


def leave_what_hurts(t: Transition, advice: str = "", *, for_tonight: bool = False) -> None:
    """Out of the stretch, with a word of ``advice``; ``for_tonight`` it is not come back to at all."""
    t.keep_place()
    session, leaving = t.session, t.state.mode is not Mode.HURT
    key, hurts = session.step.stretch.key, session.hurts + leaving
    if leaving:
        t.note(Fact.HURT, key, side=session.side, second=round(t.now_s - session.began_s, 1))
    dropped = session.dropped | {key} if for_tonight or hurts >= TOO_OFTEN else session.dropped
    hurt_tonight = session.hurt | {key}
    t.state = replace(
        t.state, session=replace(session, hurt=hurt_tonight, hurts=hurts, dropped=dropped, form_told=False)
    )
    out = out_of_pain(t) if leaving or t.state.pending_prompt else WayOut("", t.session.body)
    t.enter(Mode.HURT)
    is_led_out(t, out)
    words = t.words.hurt_twice if key in dropped else t.words.hurt
    t.say(words.format(come_out=f"{out.words} {advice}".strip()).strip(), must=True)


def choice_after_pain(t: Transition) -> str:
    """What is offered, in a few words."""
    return t.words.hurt_twice_again if is_dropped(t) else t.words.hurt_again


def is_dropped(t: Transition) -> bool:
    """Whether the stretch hurt once too often tonight."""
    return t.session.step.stretch.key in t.session.dropped


def out_of_pain(t: Transition) -> WayOut:
    """How to leave the stretch; where nobody is in it, a word of comfort, and how to lie down where that is needed."""
    session, step = t.session, t.session.step
    begun = step.setup_beats if step.stretch.position in ON_THE_BACK else step.arrives_at + 1
    if session.place.beat >= begun and not session.is_out:
        return coming_out(t)
    down = lie_down_first(t)
    if down.words.startswith(t.words.sorry):  # it was told already, and cut short
        return down
    # Whoever was on the way somewhere has not come there; from where they lie now, the next way begins.
    return WayOut(f"{t.words.sorry} {down.words}".strip(), replace(down.leads_to, way_from=None))


@handler(stays=True)
def comfort(t: Transition) -> None:
    """ "That hurts" while no stretch is on."""
    t.say(t.words.hurt_resting)


@handler(stays=True)
def offer_again(t: Transition) -> None:
    """The choice again; first the way out of the stretch, for as long as it has not been heard whole."""
    if t.state.pending_prompt:
        t.say_prompt(t.state.pending_prompt, must=True)
    else:
        t.say(choice_after_pain(t))


@handler(stays=True)
def hurt_waits(t: Transition) -> None:
    if not t.say_pending_prompt():
        t.wait_in_quiet(HURT_S)


@handler(Mode.CLOSING, stays=True)
def hurt_unanswered(t: Transition) -> None:
    """Ask once more; then let the person be."""
    if t.state.unanswered:
        end(t, Fact.SESSION_ENDED_EARLY, t.words.ended_early)
        return
    t.say(choice_after_pain(t))
    t.state = replace(t.state, unanswered=t.state.unanswered + 1)


@handler(Mode.GUIDING, stays=True)
def easier_after_pain(t: Transition) -> None:
    """The same side from its beginning, in the easier form; never what hurt once too often.

    That it hurt is written down and serves for the next time; the easier form is not asked for for good.
    """
    if is_dropped(t):
        offer_again.apply(t)
        return
    t.put(t.session.side_start)
    take_up(t)


@handler(Mode.PAUSED, Mode.CLOSING, Mode.ASKING)
def pause_after_pain(t: Transition) -> None:
    """Quiet; afterwards the side begins anew, it is not taken up where it hurt."""
    left = step_left_after_pain(t)
    if left is not None:
        go_to_step(t, left)
        return
    t.enter(Mode.PAUSED)
    grow_quiet(t)
    t.say(t.words.paused, remember=False)


def step_left_after_pain(t: Transition) -> int | None:
    """Move the session to where it can be paused; where nothing is left to do there, the step after the last one."""
    if not is_dropped(t):
        t.put(t.session.side_start)
        return None
    step = step_after(t)
    if step >= len(t.session.plan.steps):
        return step
    t.put(Place(step))
    return None


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def skip_after_pain(t: Transition) -> None:
    t.note(Fact.STRETCH_SKIPPED, t.session.step.stretch.key)
    go_to_step(t, step_after(t))


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def two_after_pain(t: Transition) -> None:
    t.note(Fact.STRETCH_SKIPPED, t.session.step.stretch.key)
    step = step_after(t)
    steps = t.session.plan.steps
    if step < len(steps):
        t.note(Fact.STRETCH_SKIPPED, steps[step].stretch.key)
        step += 1
    go_to_step(t, step)


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def back_after_pain(t: Transition) -> None:
    """The stretch before; what hurt once too often is taken out first, and may have been the only one."""
    if is_dropped(t):
        go_to_step(t, max(0, step_after(t) - 1))
    else:
        stretch_before.apply(t)
