"""The pure machine: an event and a state in, a new state and actions out.

What happens is read in `table.py`, and for answers in `questions.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import (
    Adjusted,
    Deafened,
    Ended,
    Event,
    Heard,
    HearsAgain,
    ImpossibleEventError,
    Learned,
    LookUp,
    Muted,
    NotUnderstood,
    Opened,
    Reached,
    Recovered,
    Resume,
    Unmuted,
)
from voicecoach.dialogue.handlers.answering import answer
from voicecoach.dialogue.handlers.muting import WHILE_MUTED
from voicecoach.dialogue.handlers.night_sounds import QUIET, end_where_something_begins
from voicecoach.dialogue.handlers.sessions import wait_at_rest
from voicecoach.dialogue.questions import QUESTIONS, is_answer
from voicecoach.dialogue.resuming import changes_of_place
from voicecoach.dialogue.state import Mode, State
from voicecoach.dialogue.table import COMMANDS, TABLE, Signal, Trigger
from voicecoach.dialogue.transition import Transition
from voicecoach.languages.commands import SAFETY, Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.handlers.base import Handler
    from voicecoach.languages.language import Phrasebook

LETTERS_AT_REST: Final = 9
"""So long a phrase must be; of the shorter ones, "more talk" was heard from a snorer once in a minute."""

_SIGNALS: Final[Mapping[type[Event], Signal]] = {
    Opened: Signal.OPENED,
    Learned: Signal.LEARNED,
    Resume: Signal.RESUMED,
    NotUnderstood: Signal.NOT_UNDERSTOOD,
    Recovered: Signal.RECOVERED,
    Deafened: Signal.DEAF,
    HearsAgain: Signal.HEARS,
    Muted: Signal.MUTED,
    Unmuted: Signal.UNMUTED,
    Adjusted: Signal.ADJUSTED,
}
"""The events that mean the same in every state."""
_PROMPTS: Final = {question: row.prompt for question, row in QUESTIONS.items()}


def step(state: State, event: Event) -> tuple[State, tuple[Action, ...]]:
    """What follows when ``event`` happens in ``state``.

    Where that depends on who is there or on the time of day, nothing follows yet but a `LookUp`: the event is put off,
    and happens with the `Learned` that answers it.  Safety commands are never put off.

    Args:
        state: Where the dialogue is.
        event: What happened.  A command that is not valid now, and news of a performance that has been replaced, change
            nothing.

    Returns:
        The new state, and the actions that the coach carries out in their order.

    Raises:
        ImpossibleEventError: The event cannot have happened.  ``state`` is still true.
    """
    if event.at_s < state.now_s:
        raise ImpossibleEventError(f"time ran backwards, from {state.now_s} s to {event.at_s} s")
    trigger = _trigger(state, event)
    if trigger is not None and _looks_up(state, trigger):
        return replace(state, now_s=event.at_s), (LookUp(event),)
    state, actions = _happen(state, event)
    if isinstance(event, Learned) and event.then is not None:
        state, more = _happen(state, replace(event.then, at_s=event.at_s))
        actions += more
    return state, actions


def _happen(state: State, event: Event) -> tuple[State, tuple[Action, ...]]:
    """The same, with everything known that has to be."""
    trigger = _trigger(state, event)
    state = replace(state, now_s=event.at_s)
    if isinstance(event, Learned):
        since_s = state.unknown_since_s
        if since_s is None and not event.tonight.time_is_known:
            since_s = event.at_s
        state = replace(state, tonight=event.tonight, learned_s=event.at_s, unknown_since_s=since_s)
    if trigger is None:
        return state, ()
    by_hand = isinstance(event, Heard) and not event.spoken
    if isinstance(event, Deafened | HearsAgain) or (isinstance(trigger, Command) and not by_hand):
        state = replace(state, deaf=isinstance(event, Deafened))
    if isinstance(trigger, Command) and state.session is not None:
        state = replace(state, session=replace(state.session, heard_s=event.at_s))
    t = Transition(_settled(state, trigger), event, _PROMPTS)
    _handle(t, trigger)
    if state.asked is not None and t.state.token == state.token:
        _let_the_question_go(t)
    end_where_something_begins(t)
    return t.state, (*t.actions, *changes_of_place(state, t.state))


def _trigger(state: State, event: Event) -> Trigger | None:
    """The row of the table that ``event`` means; None for what is late or early."""
    match event:
        case Heard(meaning=meaning):
            if state.muted and meaning.command not in WHILE_MUTED:
                return Signal.UNHEARD
            if meaning.command in valid_commands(state):
                return meaning.command
            return Signal.NOT_UNDERSTOOD if event.spoken else None
        case Ended(token=token):
            if token > state.token:
                raise ImpossibleEventError(f"performance {token} never was; the latest is {state.token}")
            return Signal.SAID if token == state.token and state.playing else None
        case Reached(at_s=at_s):
            return Signal.WAITED if state.deadline_s is not None and at_s >= state.deadline_s else None
        case _:
            return None if _is_moot(state, event) else _SIGNALS[type(event)]


def _is_moot(state: State, event: Event) -> bool:
    """Whether ``event`` says of the microphone what is so already."""
    return isinstance(event, Muted | Deafened | HearsAgain if state.muted else Unmuted)


def _settled(state: State, trigger: Trigger) -> State:
    """``state`` with what the trigger itself ends: a performance, waiting for an answer, a question passed over."""
    if trigger is Signal.SAID:
        return _heard_whole(replace(state, playing=False))
    if isinstance(trigger, Command):
        state = replace(state, unanswered=0)
    asked = state.asked
    if asked is not None and _drops_the_question(state, trigger):
        pending = asked.pending_behind
        return replace(state, mode=asked.behind, asked=None, wanted=None, deadline_s=None, pending_prompt=pending)
    return state


def _let_the_question_go(t: Transition) -> None:
    """A question was dropped at rest by what is done without a word: it is silenced, and rest begins."""
    if t.state.asked is None and t.state.mode in QUIET:
        t.stop_playback()
        wait_at_rest(t)


def _heard_whole(state: State) -> State:
    """``state`` when a performance is over: the listener is where its words have led."""
    leads_to = state.saying.leads_to if state.saying else None
    if state.session is None or leads_to is None:
        return state
    return replace(state, session=replace(state.session, body=leads_to))


def _handle(t: Transition, trigger: Trigger) -> None:
    began_in = t.state.mode
    handler = TABLE[trigger, began_in]
    handler.apply(t)
    ended_in = t.state.mode
    if ended_in not in handler.to and not (handler.stays and ended_in is began_in):
        raise AssertionError(f"{handler.name} led from {began_in.value} to {ended_in.value}, which it does not declare")


def valid_commands(state: State) -> frozenset[Command]:
    """The commands that are heeded in ``state``; nothing else need be listened for."""
    return frozenset(command for command in COMMANDS if _is_valid(command, state))


def valid_phrases(state: State, phrasebook: Phrasebook) -> frozenset[str]:
    """What is to be listened for in ``state``.

    While the coach rests in silence, nights are long, and people talk, snore and watch television: then a short phrase
    is not enough, unless it is a matter of safety.
    """
    commands = valid_commands(state)
    if state.mode not in (Mode.REST, Mode.ASLEEP) or state.playing:
        return phrasebook.phrases_for(commands)
    return phrasebook.phrases_for(commands & SAFETY) | phrasebook.phrases_for(commands, LETTERS_AT_REST)


def _is_valid(command: Command, state: State) -> bool:
    handler = _handler(state, command)
    return _is_answer(state, command) or (handler.heeded and handler is not answer)


# --- what a trigger means in a state ----------------------------------------------------------------------------------


def _handler(state: State, trigger: Trigger) -> Handler:
    """What is done: where the trigger drops an open question, what the mode behind it does."""
    behind = state.asked.behind if state.asked and _drops_the_question(state, trigger) else state.mode
    return TABLE[trigger, behind]


def _drops_the_question(state: State, trigger: Trigger) -> bool:
    return TABLE[trigger, Mode.ASKING].drops and not _is_answer(state, trigger)


def _is_answer(state: State, trigger: Trigger) -> bool:
    return isinstance(trigger, Command) and state.asked is not None and is_answer(state.asked, trigger)


def _looks_up(state: State, trigger: Trigger) -> bool:
    if state.asked is not None and _is_answer(state, trigger):
        if trigger in SAFETY:
            return False
        return QUESTIONS[state.asked.question].looks_up
    return _handler(state, trigger).looks_up
