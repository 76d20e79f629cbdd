"""From "start" to the first words of a routine: what has to be asked is asked, then the plan of the night is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.events import Heard, ImpossibleEventError
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_on
from voicecoach.dialogue.handlers.sessions import rest, say_greeting, take_volume
from voicecoach.dialogue.screening_parts import parts_due
from voicecoach.dialogue.state import Mode, Question, Session, Wanted
from voicecoach.languages.language import LARGEST_NUMBER
from voicecoach.person.adapting import MOST_CHANGES, prepare
from voicecoach.person.choosing import choose, time_of_day
from voicecoach.person.facts import Fact
from voicecoach.person.progress import day_of
from voicecoach.person.screening import asks_for_news, carefully
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition
    from voicecoach.person.adapting import Change, Prepared


# --- what is asked for ------------------------------------------------------------------------------------------------


def heard(t: Transition) -> str | int | None:
    """What the phrase that was heard carries."""
    return t.event.meaning.argument if isinstance(t.event, Heard) else None


def heard_number(t: Transition, most: int = LARGEST_NUMBER) -> int:
    """The number that was heard."""
    value = heard(t)
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ImpossibleEventError(f"{value!r} is no number from 0 to {most}")
    return value


def asked_routine(t: Transition) -> str:
    """Key of the routine that the listener has asked for; the usual one where none was named."""
    key = str(heard(t) or t.state.knows.usual_routine)
    if key not in t.state.knows.routines:
        raise ImpossibleEventError(f"there is no routine {key!r}")
    return key


@handler(Mode.ASKING, Mode.GREETING, Mode.REST, looks_up=True)
def greet(t: Transition) -> None:
    want(t, asked_routine(t), t.event.minutes if isinstance(t.event, Heard) else None)


@handler(Mode.ASKING, Mode.GREETING, Mode.REST, looks_up=True)
def begin_short(t: Transition) -> None:
    """ "Ten minutes": the usual routine, cut to them."""
    want(t, t.state.knows.usual_routine, heard_minutes(t))


@handler(Mode.ASKING, Mode.GREETING, Mode.REST, looks_up=True)
def begin_something(t: Transition) -> None:
    """ "Something for tonight": what suits the hour and the person, chosen when it is known how their back is."""
    want(t, "")


@handler(stays=True, looks_up=True)
def cut_short(t: Transition) -> None:
    """ "Ten minutes" into the greeting: the same routine, cut to them."""
    minutes = heard_minutes(t)
    session = t.session
    prepared = _prepared(t, session.plan.routine.key, minutes, session.pain_before, gentle=session.gentle)
    if prepared.plan.steps:
        told = _told(t, prepared)
        t.state = replace(t.state, session=replace(t.session, plan=prepared.plan, minutes=minutes, changes=told))
    say_greeting(t)


def heard_minutes(t: Transition) -> int:
    """The number of minutes that was heard."""
    minutes = heard(t)
    if not isinstance(minutes, int) or minutes < 1:
        raise ImpossibleEventError(f"{minutes!r} is no number of minutes")
    return minutes


# --- another routine in the middle of one -----------------------------------------------------------------------------


@handler(Mode.ASKING, Mode.GUIDING)
def offer_switch(t: Transition) -> None:
    """Another routine is asked for in the middle of one; the same one goes on."""
    key = asked_routine(t)
    if key == t.session.plan.routine.key:
        go_on.apply(t)
    else:
        t.ask(Question.SWITCH, key)


def switch(t: Transition) -> None:
    routine = asked(t).about
    t.note(Fact.SESSION_ENDED_EARLY, t.session.plan.routine.key)
    want(t, routine)


def stay(t: Transition) -> None:
    go_back(t, t.words.on_then if asked(t).behind is Mode.GUIDING else "")


# --- what is asked before ---------------------------------------------------------------------------------------------


def want(t: Transition, routine: str, minutes: int | None = None) -> None:
    """Somebody wants a session (``routine`` as in `Wanted`): ask what has to be known first, then begin it."""
    if t.state.mode not in (Mode.REST, Mode.ASLEEP):
        t.enter(Mode.REST)
    questions = tuple(_questions(t, routine))
    hello = t.state.knows.routines[routine].hello if routine and questions else ""
    wanted = Wanted(routine, minutes, questions, greeted=bool(hello))
    t.state = replace(t.state, session=None, falls_asleep=False, wanted=wanted)
    screened = any(question is Question.SCREEN for question, _ in questions)
    words = t.words.screen_again if t.person.sessions else t.words.screen_first
    ask_next(t, f"{hello} {words if screened else ''}".strip())


def _questions(t: Transition, routine: str) -> list[tuple[Question, str]]:
    tonight, knows = t.tonight, t.state.knows
    questions = [(Question.NEWS, "")] if asks_for_news(tonight) else []
    questions.extend((Question.SCREEN, part) for part in parts_due(tonight, knows.language))
    slept = tonight.person.slept
    when = knows.routines[routine].when if routine else time_of_day(tonight.now.hour)
    if knows.asks_sleep and when is When.MORNING and not (slept and day_of(slept[-1][0]) == day_of(tonight.now)):
        questions.append((Question.SLEPT, ""))
    if tonight.person.rating:
        questions.append((Question.PAIN_BEFORE, ""))
    return questions


def wanted(t: Transition) -> Wanted:
    """The session that the open questions lead to; only what follows from their answers asks for it."""
    if t.state.wanted is None:
        raise AssertionError("nobody wants a session")
    return t.state.wanted


def ask_next(t: Transition, before: str = "") -> None:
    """The next question, or the session itself when all have been asked."""
    session = wanted(t)
    if not session.questions:
        begin(t, session)
        return
    (question, about), *others = session.questions
    t.state = replace(t.state, wanted=replace(session, questions=tuple(others)))
    t.ask(question, about, before=before)


# --- the beginning ----------------------------------------------------------------------------------------------------


def begin(t: Transition, wanted: Wanted) -> None:
    """Begin a session with the plan of this night: name it, say how long it takes and what is new."""
    take_habits(t)
    routine = wanted.routine or choose(t.state.knows.routines, carefully(t.tonight), wanted.pain_before)
    prepared = _prepared(t, routine, wanted.minutes, wanted.pain_before, gentle=wanted.gentle)
    if not prepared.plan.steps:
        rest(t)
        t.say(t.words.nothing_left)
        return
    session = Session(
        prepared.plan,
        began_s=t.now_s,
        minutes=wanted.minutes,
        pain_before=wanted.pain_before,
        gentle=wanted.gentle,
        greeted=wanted.greeted,
    )
    t.state = replace(t.state, session=session, wanted=None, falls_asleep=False, laters=0, wakes_s=None)
    t.note(Fact.SESSION_STARTED, routine, value=wanted.minutes)
    if wanted.pain_before is not None:
        t.note(Fact.PAIN_BEFORE, value=wanted.pain_before)
    t.state = replace(t.state, session=replace(session, changes=_told(t, prepared)))
    t.enter(Mode.GREETING)
    say_greeting(t)


def take_habits(t: Transition) -> None:
    """The pace, the talk and the volume that were asked for last."""
    take_volume(t)
    person = t.person
    pace = t.state.pace if person.pace is None else person.pace
    talk = t.state.talk if person.talk is None else TalkLevel(min(max(person.talk, TalkLevel.LEAST), TalkLevel.FULL))
    t.state = replace(t.state, pace=pace, talk=talk)


def _prepared(t: Transition, routine: str, minutes: int | None, pain: int | None, *, gentle: bool) -> Prepared:
    """The plan of this night; what has been asked and not answered is taken as though it held."""
    knows, tonight = t.state.knows, carefully(t.tonight)
    wanted = knows.routines[routine]
    return prepare(wanted, tonight, t.language.plan, knows.stretches, minutes, t.state.pace, pain, gentle=gentle)


def _told(t: Transition, prepared: Prepared) -> tuple[Change, ...]:
    """What is new in the plan and is going to be told, once."""
    changes = prepared.changes[:MOST_CHANGES]
    for change in changes:
        t.note(Fact.TOLD, change.key)
    t.remember(replace(t.person, told=t.person.told | {change.key for change in changes}))
    return changes
