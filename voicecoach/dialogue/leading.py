"""Leading a body: into the position, out of what is held, and back into it.

`Transition.guide` asks these first, so that nobody is counted for who is not there.  Words that lead out are owed
from the moment when something is left (`let_go`) until they have been heard whole: whatever is said next begins with
them, and the `Prompt` knows where they leave the listener.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import WayOut, in_position
from voicecoach.dialogue.state import Mode
from voicecoach.routine.plan import Again, Say, lying_down
from voicecoach.routine.stretch import Position
from voicecoach.routine.ways import FEET_UP, ON_THE_BACK, rests_in

if TYPE_CHECKING:
    from voicecoach.dialogue.body import Body
    from voicecoach.dialogue.state import Prompt, Session, State
    from voicecoach.dialogue.transition import Transition


# --- out --------------------------------------------------------------------------------------------------------------


def letting_go(t: Transition) -> WayOut:
    """Out of what is held, in few words; the listener stays in the position.  No words where nothing is held."""
    session = t.session
    if session.body.owed:
        return session.body.owed
    if not session.is_holding:
        return WayOut("", session.body)
    stretch = session.step.stretch
    words = t.language.plan.on_side(stretch.release_of(session.side), session.side)
    if words and stretch.position in FEET_UP:
        words = f"{words} {t.language.plan.feet_down}"
    return WayOut(words or stretch.come_out, _let_go(session.body))


def _let_go(body: Body) -> Body:
    return replace(body, has_let_go=True, may_hold=False, owed=None)


def let_go(t: Transition) -> None:
    """Have the listener led out of what is held, with whatever is said next."""
    is_led_out(t, letting_go(t))


def still_owed(t: Transition) -> WayOut | None:
    """What has to be said before the beat at the session's place; within a stretch its cue comes anyway."""
    if t.session.body.owed is not None:
        leave_off(t)
    return t.session.body.owed


def way_down(t: Transition) -> WayOut:
    """Out of what is held, and to where one can be left to rest.  No words for somebody who rests already."""
    session = t.session
    if not session.is_holding:
        return lie_down_first(t)
    return letting_go(t) if session.step.stretch.position in ON_THE_BACK else coming_out(t)


def coming_out(t: Transition) -> WayOut:
    """The stretch's own words for somebody whom it hurts."""
    stretch = t.session.step.stretch
    return WayOut(stretch.come_out, in_position(rests_in(stretch.position), has_let_go=True))


def lie_down_first(t: Transition) -> WayOut:
    """How to lie down, for somebody who holds nothing."""
    body, owed = t.session.body, t.session.body.owed
    if owed is not None and owed.leads_to.lies:
        return owed
    words = lying_down(body.may_be, t.language.plan.ways)
    if not words:
        return WayOut("", body)
    first = owed.words if owed else ""
    return WayOut(f"{first} {words}".strip(), in_position(Position.ON_SIDE, has_let_go=True))


def is_led_out(t: Transition, way_out: WayOut) -> Body:
    """Begin to lead out: until the words have been heard, the listener may be anywhere between."""
    before = t.session.body
    if way_out.words:
        between = before.may_be | way_out.leads_to.may_be
        set_body(t, replace(before, may_be=between, way_from=None, owed=way_out))
    return way_out.leads_to


def with_what_is_owed(state: State, prompt: Prompt) -> Prompt:
    """``prompt``, after a way out that was cut short, where there is one and nothing else will tell it.

    What a warning says comes first, and alone.
    """
    owed = state.session.body.owed if state.session and state.mode is not Mode.WARNING else None
    if owed is None:
        return prompt
    first = state.asked.first if state.asked else None
    will_be_said = [one.text for one in (state.pending_prompt, first) if one is not None]
    if owed.words not in prompt.text and any(owed.words in text for text in will_be_said):
        return prompt
    if owed.words in prompt.text:
        return replace(prompt, leads_to=prompt.leads_to or owed.leads_to)
    return replace(prompt, text=f"{owed.words} {prompt.text}", leads_to=prompt.leads_to or owed.leads_to)


def leads_to(session: Session) -> Body | None:
    """Where the beat at the session's place leaves the listener, when it has been heard whole."""
    return _let_go(session.body) if session.step.leads_out(session.place.beat) else None


def set_body(t: Transition, body: Body) -> None:
    """Know so much of the listener from now on."""
    t.state = replace(t.state, session=replace(t.session, body=body))


# --- in ---------------------------------------------------------------------------------------------------------------


def lead_into_position(t: Transition) -> None:
    """To the words that lead into the position, where they are needed; past them, where the listener is there."""
    session = t.session
    step, place = session.step, session.place
    if place.beat < step.moves_at:
        return
    if session.is_in_position:
        if place.beat <= step.arrives_at:
            t.put(replace(place, beat=after_arrival(session), offset_s=0.0, then=None))
        return
    if session.is_between_rounds:
        return
    if place.beat > step.arrives_at:
        here = session.side_start
        t.put(replace(here, beat=step.moves_at, then=here.beat if here.beat >= step.setup_beats else None))
    elif session.body.way_from is None:
        t.put(replace(place, beat=step.moves_at, offset_s=0.0))
    elif place.beat > step.moves_at:
        return
    set_body(t, t.session.body.led_to(step.stretch.position))


def lie_down_to_rest(t: Transition) -> None:
    """Between two rounds: the listener is on the way to where they rest, or lies there."""
    session, body = t.session, t.session.body
    lies = session.step.rounds[session.round].lies
    if lies is None or not session.is_between_rounds or not body.may_be <= {session.step.stretch.position, lies}:
        return
    on_the_way = replace(body, may_be=body.may_be | {lies})
    set_body(t, in_position(lies, has_let_go=True) if session.is_out else on_the_way)


def after_arrival(session: Session) -> int:
    """The beat that follows the way into the position."""
    return session.step.arrives_at + 1 if session.place.then is None else session.place.then


def leave_off(t: Transition) -> None:
    """Within a stretch: the way back in is needed, whether or not the way out was heard."""
    session, body = t.session, t.session.body
    if session.place.beat >= session.step.moves_at:
        may_hold = session.is_holding or body.owed is not None
        set_body(t, replace(body, has_let_go=True, may_hold=may_hold, owed=None))


def way_back_in(t: Transition) -> WayOut | None:
    """Back into what was held before the listener let go: its cue in few words, and then quiet time to follow it.

    Moves the session to that quiet time; None where there is no need.
    """
    session, place = t.session, t.session.place
    step, aims_at = session.step, session.place.aims_at
    cue = step.cue_of_beat[aims_at]
    if not session.body.has_let_go or not session.is_in_position or cue is None:
        return None
    if aims_at == cue or step.leads_out(aims_at):
        return None
    settles_at = step.settles_at(aims_at)
    if aims_at > settles_at:
        then_s = place.offset_s if place.then is None else place.then_s
        t.put(replace(place, beat=settles_at, offset_s=0.0, then=aims_at, then_s=then_s))
    elif aims_at == settles_at:
        t.put(replace(place, offset_s=0.0))
    said = step.beats[cue]
    set_body(t, replace(session.body, may_hold=True))
    leads_to = replace(session.body, has_let_go=False, may_hold=False, owed=None)
    words = said.brief if isinstance(said, Say) else ""
    feet_up = t.language.plan.feet_up if step.stretch.position in FEET_UP else ""
    return WayOut(f"{feet_up} {words}".strip(), leads_to)


def is_taken_up(t: Transition) -> None:
    """A beat of the stretch is performed: its cue leads in, and so the listener has not let go any more."""
    session = t.session
    if isinstance(session.beat, Again) and session.opened_s is None:
        t.state = replace(t.state, session=replace(session, opened_s=t.now_s))
        session = t.session
    if session.body.has_let_go and not session.step.leads_out(session.place.beat):
        set_body(t, replace(session.body, has_let_go=False, may_hold=False))
