"""Going through a routine: on, back, once more, quiet, and on from the very same second."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import in_position
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.between_rounds import end_rest, end_waiting
from voicecoach.dialogue.handlers.pausing import may_doze, pause, rest_until_next
from voicecoach.dialogue.handlers.sessions import finish, note_done
from voicecoach.dialogue.leading import after_arrival, leave_off, let_go, set_body, way_back_in
from voicecoach.dialogue.state import Mode, Place
from voicecoach.person.facts import Fact
from voicecoach.routine.plan import Again, Ready, Rest, Say, Wait

if TYPE_CHECKING:
    from voicecoach.dialogue.body import Body
    from voicecoach.dialogue.state import Session
    from voicecoach.dialogue.transition import Transition

LYING_STILL_S = 60.0
"""After a longer pause somebody who was not on the back is led into the position again."""


def go_to_step(t: Transition, step: int, remark: str = "") -> None:
    """On to the beginning of a stretch, or to the end of the routine; ``remark`` is said before."""
    session = t.session
    # What hurt once too often is taken out of the plan; it is still there only where nothing else is left.
    if step >= len(session.plan.steps) or session.plan.steps[step].stretch.key in session.dropped:
        finish(t, remark)
        return
    let_go(t)
    t.put(Place(step=step))
    begin_anew(t)
    take_up(t, remark)


def begin_anew(t: Transition) -> None:
    """Whatever comes next, it is not what was on: its form is told again, and its way begins where the listener is."""
    session = t.session
    t.state = replace(
        t.state, session=replace(session, body=session.body.left_the_way(), form_told=False, opened_s=None)
    )


def take_up(t: Transition, remark: str = "", *, leads_to: Body | None = None) -> None:
    """Guide on from the session's place, after a remark where there is one.

    The easier form, where it is wanted, is told when the listener is in position: then it stands before the cue.

    Args:
        t: The transition.
        remark: What is said before.
        leads_to: Where the remark leads, where it leads anywhere.
    """
    if t.state.mode is not Mode.GUIDING:
        t.enter(Mode.GUIDING)
        set_body(t, t.session.body.left_the_way())
    _notice_a_long_rest(t)
    session = t.session
    words = "" if session.form_told else _form_words(t)
    now = words and session.is_in_position and session.place.beat >= session.step.setup_beats
    t.state = replace(t.state, session=replace(session, form_words="" if now else words, form_told=bool(now)))
    if now:
        remark = words if session.step.stretch.key in session.hurt else f"{remark} {words}".strip()
    if remark:
        t.say(remark, remember=False, leads_to=leads_to)
    else:
        t.guide()


def _form_words(t: Transition) -> str:
    """The easier form, where the stretch hurt or the form was asked for tonight."""
    session, stretch = t.session, t.session.step.stretch
    if stretch.key in session.hurt:
        return t.words.hurt_easier.format(easier=stretch.easier)
    return stretch.easier if stretch.key in session.easier and not session.place.offset_s else ""


def _notice_a_long_rest(t: Transition) -> None:
    """After a pause that was long, the listener may be anywhere."""
    session = t.session
    long = session.left_at_s is not None and t.now_s - session.left_at_s > LYING_STILL_S
    here = session.body.rested() if long and not session.is_up else session.body
    t.state = replace(t.state, session=replace(session, left_at_s=None, is_up=False, body=here))


def take_out(t: Transition, key: str) -> int:
    """Take a stretch out of tonight's plan; returns the step that comes next, or one too many where none does."""
    session = t.session
    steps, here = session.plan.steps, session.place.step
    kept = tuple(step for step in steps if step.stretch.key != key)
    if not kept:  # a session keeps its last step, and ends
        return len(steps)
    follows = sum(step.stretch.key != key for step in steps[:here])
    place = Place(min(follows, len(kept) - 1))
    t.state = replace(t.state, session=replace(session, plan=replace(session.plan, steps=kept), place=place))
    return follows


def step_after(t: Transition) -> int:
    """The step that comes next.  A stretch that hurt once too often is not come back to."""
    session = t.session
    key = session.step.stretch.key
    return take_out(t, key) if key in session.dropped else session.place.step + 1


def _note_stretch(t: Transition) -> None:
    """Tell the journal how a stretch was left before its end: an open end is done when its first round is over."""
    session, beats = t.session, t.session.step.beats
    opened = next((index for index, beat in enumerate(beats) if isinstance(beat, Again)), len(beats))
    done = session.place.aims_at >= opened
    if done:
        note_done(t)
    else:
        t.note(Fact.STRETCH_SKIPPED, session.step.stretch.key)


@handler(Mode.GUIDING)
def first_beat(t: Transition) -> None:
    """The greeting is not wanted."""
    take_up(t)


@handler(Mode.GUIDING, stays=True)
def greeted(t: Transition) -> None:
    """The greeting has been said, or something that was said into it."""
    if not t.say_pending_prompt():
        take_up(t)


@handler(Mode.PAUSED, Mode.CLOSING, Mode.ASKING, stays=True)
def next_beat(t: Transition) -> None:
    """A beat or a remark has been performed to its end.  Who has not said "ready" all the while is left to rest."""
    if t.state.interjection:
        t.guide()
    elif isinstance(t.session.beat, Ready):
        pause.apply(t)
    else:
        t.has_told()
        _pass_beat(t)


def _pass_beat(t: Transition, *, ready: bool = False) -> None:
    """On to the next beat; to somebody who has said "ready", past the one that would wait for it."""
    session = t.session
    place, beat = session.place, session.beat
    if isinstance(beat, Again):
        _end_open_end(t)
    elif place.beat == session.step.arrives_at:
        _arrive(t, ready=ready)
    elif place.then is not None and place.beat > session.step.arrives_at:
        t.put(Place(place.step, place.then, place.then_s, place.rounds))
        t.guide()
    elif place.beat + 1 < len(session.step.beats):
        following = session.step.past_ready(place.beat + 1) if ready else place.beat + 1
        t.put(replace(place, beat=following, offset_s=0.0))
        _guide_or_end(t)
    else:
        note_done(t)
        go_to_step(t, place.step + 1)


def _guide_or_end(t: Transition) -> None:
    """On with the beat; at the end of an open end that was gone through as often as it may be, nothing is asked."""
    beat = t.session.beat
    if isinstance(beat, Again) and t.session.place.rounds >= beat.most:
        note_done(t)
        go_to_step(t, t.session.place.step + 1, t.words.plenty)
    else:
        t.guide()


def _end_open_end(t: Transition) -> None:
    """Nobody has asked for another round: nobody who is silent is led through more, and nobody is led on in sleep."""
    step = t.session.place.step
    if may_doze(t) and step + 1 < len(t.session.plan.steps):
        rest_until_next(t)
    else:
        note_done(t)
        go_to_step(t, step + 1)


def _arrive(t: Transition, *, ready: bool) -> None:
    """The time to get into the position is over."""
    session = t.session
    at = after_arrival(session)
    following = session.step.past_ready(at) if ready else at
    t.put(replace(session.place, beat=following, offset_s=0.0, then=None))
    set_body(t, in_position(session.step.stretch.position))
    t.guide()


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def next_stretch(t: Transition) -> None:
    t.keep_place()
    _note_stretch(t)
    _leave_for(t, t.session.place.step + 1)


def _leave_for(t: Transition, step: int) -> None:
    """On to a later stretch on request, or to the end, after the way out of what is being held."""
    go_to_step(t, step, t.words.was_last if step >= len(t.session.plan.steps) else "")


@handler(Mode.GUIDING)
def stretch_before(t: Transition) -> None:
    step = t.session.place.step
    go_to_step(t, max(0, step - 1), "" if step else t.words.first_already)


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def beat_done(t: Transition) -> None:
    """ "Ready", "done": what is going on now is over; an open end is enough."""
    t.keep_place()
    session = t.session
    if isinstance(session.beat, Again) or (session.step.dose.until_next and session.place.rounds):
        _note_stretch(t)
        go_to_step(t, session.place.step + 1)
    elif t.state.interjection and isinstance(session.beat, Say):
        t.guide()  # only the remark is over; what comes has yet to be said
    elif session.is_between_rounds:
        end_rest(t)
        t.guide()
    else:
        _pass_beat(t, ready=True)


@handler(stays=True)
def say_it_again(t: Transition) -> None:
    """The sentence that is being said; within a count, the one that told what to do.

    What told that to somebody who has left the position meanwhile is no use to them: they hear what leads them on.
    """
    state = t.state
    if state.mode is Mode.GUIDING and not state.interjection and isinstance(t.session.beat, Say | Again):
        t.guide()
    elif state.mode is Mode.GUIDING and state.interjection and state.saying is not None and _has_left(t.session):
        t.say_prompt(state.saying, remember=False)
    elif state.said is not None:
        t.say_prompt(state.said)


def _has_left(session: Session) -> bool:
    return session.body.has_let_go or not session.is_in_position


@handler(Mode.GUIDING, Mode.CLOSING, Mode.ASKING)
def next_but_one(t: Transition) -> None:
    """ "Next next": over two stretches, or over what is left of the routine."""
    t.keep_place()
    _note_stretch(t)
    follows = t.session.place.step + 1
    steps = t.session.plan.steps
    if follows < len(steps):
        t.note(Fact.STRETCH_SKIPPED, steps[follows].stretch.key)
        follows += 1
    _leave_for(t, follows)


@handler(Mode.GUIDING, Mode.CLOSING)
def go_on(t: Transition) -> None:
    """On from where it was: what was held is led back into, and goes on at the very second."""
    _notice_a_long_rest(t)
    end_waiting(t)
    place, beat = t.session.place, t.session.beat
    if isinstance(beat, Again):
        note_done(t)
        go_to_step(t, place.step + 1)
        return
    leave_off(t)
    back_in = way_back_in(t)
    cue, leads_to = (back_in.words, back_in.leads_to) if back_in else ("", None)
    take_up(t, t.words.go_on.format(cue=cue).strip(), leads_to=leads_to)


@handler(Mode.ASKING, Mode.CLOSING, stays=True)
def carry_on(t: Transition) -> None:
    """ "Continue" while nothing is paused: no more waiting, and no further round; a hold goes on anyway."""
    if isinstance(t.session.beat, Wait) and not t.state.interjection:
        t.keep_place()
        _pass_beat(t)
    elif isinstance(t.session.beat, Rest | Ready | Again):
        beat_done.apply(t)
    else:
        t.say(t.words.not_paused, remember=False)
