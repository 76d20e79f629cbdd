"""Every question that the coach asks, in one table: when, in which words, what each answer means, what silence does.

While a question is open the dialogue is in `Mode.ASKING`, and what was going on waits behind it.  What is said then is
looked up here first.  A command that is no answer is done by the cell of `table.py`: mostly the question is dropped,
and the command is done as if nothing had been asked.  What is not understood is asked once more in other words, and so
is what nobody answers where the question says ``twice``; after that its ``silence`` follows.

`Command.UNSURE` is an answer to every question, and like silence it takes the careful form: what is not known to be
well is treated as though it were not, and what nobody has agreed to is not done.  `Command.LIKELY` ("I think so")
accepts what is offered where that does no harm; elsewhere it is not sure either.

A new question is a member of `state.Question`, a row here, and a handler that says ``t.ask(Question.…)``.
ARCHITECTURE.md lists the table (`diagram.py`).

More than 300 lines: it is one table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.asking import give_time, give_time_to_get_up, go_back
from voicecoach.dialogue.handlers.carrying_on import carry_on_there, leave_it_there, resume_prompt
from voicecoach.dialogue.handlers.changing import cut, cut_prompt, restart
from voicecoach.dialogue.handlers.need import (
    CRAMP_S,
    TINGLING_S,
    go_on_after_cramp,
    rest_here,
    tingling_gone,
    tingling_stays,
)
from voicecoach.dialogue.handlers.positions import never_on_front, never_on_knees, not_tonight
from voicecoach.dialogue.handlers.rating import (
    ask_nothing_after,
    ask_nothing_before,
    be_gentle,
    how_much,
    note_pain_after,
    note_pain_before,
    note_sleep,
    pain_before_prompt,
    rest_instead,
    which_pain,
)
from voicecoach.dialogue.handlers.reminders import (
    begin_reminded,
    no_new_reminder,
    no_reminder,
    not_now,
    put_off,
    put_off_by,
    remind_in_hours,
    remind_then,
)
from voicecoach.dialogue.handlers.screening import (
    ask_what_is_new,
    ask_what_may_be_new,
    condition_does_not_hold,
    condition_holds,
    condition_unsure,
    leave_open,
    nothing_new,
    only_breathe,
    only_breathe_prompt,
    screening_prompt,
    take_carefully,
)
from voicecoach.dialogue.handlers.sessions import say_quiet_farewell
from voicecoach.dialogue.handlers.starting import ask_next, stay, switch
from voicecoach.dialogue.handlers.wishes import (
    bring_back,
    bring_back_prompt,
    bring_nothing_back,
    keep,
    leave_out,
    leave_out_tonight,
)
from voicecoach.dialogue.screening_parts import condition_of
from voicecoach.dialogue.state import Question
from voicecoach.languages.commands import Command as C  # noqa: N817 - short, as in `table.py`
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.state import Asked
    from voicecoach.dialogue.transition import PromptText, Transition

AnswerHandler = Callable[["Transition"], None]

LIES_DOWN_S = 8.0
"""How long somebody is given to lie down and feel how their back is, before they are asked."""
ANSWER_S = 10.0
"""How long an answer is waited for, where a question does not say otherwise."""
MOST_TIMES = 3
"""So often a question is asked of somebody who says something; of nobody, twice at most."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """All about one question."""

    asked: str
    """When it is asked, for the reader."""
    prompt: PromptText
    """How it is asked, given what it is about."""
    answers: Mapping[C, AnswerHandler]
    """What follows from each answer.  ``NO`` and ``UNSURE`` are always among them, the safety commands never."""
    silence: AnswerHandler
    """What follows when there is no answer."""
    again: PromptText = lambda t, _: t.words.say_yes_or_no
    """What is said when an answer was not understood: what can be answered.  After silence, the question follows."""
    shorter: PromptText | None = None
    """How it is asked then, where ``prompt`` is long."""
    about: str = ""
    """What `Asked.about` holds, where it holds something."""
    twice: bool = True
    """Whether it is asked a second time before its silence follows."""
    whole: bool = False
    """Whether it has to be heard to its end before an answer to it counts: a "no" to the half of it is none."""
    wait_s: float = ANSWER_S
    """How long an answer is waited for, each time, from the end of the prompt."""
    quiet_s: float = 0.0
    """How long it is quiet before it is asked, after what is said first (`Transition.ask_after`)."""
    looks_up: bool = True
    """Whether the journal and the clock are looked at before an answer: most answers begin, plan or date something."""
    need: Callable[[Asked], Mapping[C, AnswerHandler]] = lambda _: {}
    """Words of need that are about just what was asked: what follows from them here, instead of the question's end."""


def _cannot_kneel(asked: Asked) -> Mapping[C, AnswerHandler]:
    """ "I can't kneel", to the question whether that is hard, is a yes."""
    is_asked = asked.about and condition_of(asked.about) is Condition.KNEELING
    return {C.CANNOT_KNEEL: condition_holds} if is_asked else {}


def _it_hurts(asked: Asked) -> Mapping[C, AnswerHandler]:
    """ "It hurts", to the question how much, is no number yet; whoever keeps saying it wants none."""
    return {C.HURTS: how_much} if asked.times < MOST_TIMES and asked.first is None else {}


_TAKES_TIME: Mapping[C, AnswerHandler] = {C.PAUSE: give_time, C.GET_UP: give_time_to_get_up}
"""While no session is on, whoever asks for a moment is asked again after it; in a session they want a pause."""


def _offer(yes: AnswerHandler, no: AnswerHandler) -> Mapping[C, AnswerHandler]:
    """The answers to what is offered: "all right" accepts it, "not now" and "maybe" do not."""
    return {C.YES: yes, C.ALL_RIGHT: yes, C.NO: no, C.UNSURE: no, C.LATER: no}


def _kind_offer(yes: AnswerHandler, no: AnswerHandler) -> Mapping[C, AnswerHandler]:
    """The same of what does nobody harm, and can be ended with a word: "I think so" accepts it, too."""
    return {**_offer(yes, no), C.LIKELY: yes}


QUESTIONS: Mapping[Question, QuestionRow] = {
    # --- switched on again ---
    Question.RESUME: QuestionRow(
        asked="after a power cut in a session, within two hours",
        about="the place that was kept, as text",
        prompt=resume_prompt,
        answers={
            **_kind_offer(carry_on_there, leave_it_there),
            C.CONTINUE: carry_on_there,
            **_TAKES_TIME,
        },
        silence=leave_it_there,
    ),
    # --- before a session ---
    Question.SCREEN: QuestionRow(
        asked="before a session, about each condition that is not known, was answered half a year ago, or was not sure "
        "a week ago",
        about="a question about a condition, as `screening_parts` has it",
        prompt=screening_prompt,
        answers={
            C.YES: condition_holds,
            C.NO: condition_does_not_hold,
            C.UNSURE: condition_unsure,
            C.NEXT: leave_open,
            C.CONTINUE: leave_open,
            C.LATER: leave_open,
            **_TAKES_TIME,
        },
        silence=take_carefully,
        whole=True,
        need=_cannot_kneel,
    ),
    Question.NEWS: QuestionRow(
        asked="before a session, after two weeks or more without one",
        prompt=lambda t, _: t.words.ask_news,
        answers={
            C.YES: ask_what_is_new,
            C.UNSURE: ask_what_is_new,
            C.NO: nothing_new,
            C.FINE: nothing_new,
            C.NEXT: ask_what_is_new,
            C.CONTINUE: ask_what_is_new,
            C.LATER: ask_what_is_new,
            **_TAKES_TIME,
        },
        silence=ask_what_may_be_new,
        whole=True,
    ),
    Question.ONLY_BREATHE: QuestionRow(
        asked="after a red flag in the screening",
        about="key of the routine that was wanted",
        prompt=only_breathe_prompt,
        answers={**_offer(only_breathe, rest_instead), C.UNSURE: only_breathe, **_TAKES_TIME},
        silence=go_back,
        shorter=lambda t, _: t.words.ask_breathe,
        whole=True,
    ),
    Question.SLEPT: QuestionRow(
        asked="before the first morning routine of a day, where the settings want it",
        prompt=lambda t, _: t.words.ask_slept,
        answers={
            C.NUMBER: note_sleep,
            C.HALF: note_sleep,
            C.NO: ask_next,
            C.UNSURE: ask_next,
            C.NEXT: ask_next,
            C.CONTINUE: ask_next,
            C.LATER: ask_next,
            **_TAKES_TIME,
        },
        silence=ask_next,
        again=lambda t, _: f"{t.words.sleep_scale} {t.words.which_number}",
        twice=False,
    ),
    Question.PAIN_BEFORE: QuestionRow(
        asked="before a session, where the person rates pain",
        prompt=pain_before_prompt,
        answers={
            C.NUMBER: note_pain_before,
            C.NO_PAIN: note_pain_before,
            C.HALF: note_pain_before,
            C.UNSURE: be_gentle,
            C.RATING_OFF: ask_nothing_before,
            C.NO: ask_next,
            C.NEXT: ask_next,
            C.CONTINUE: ask_next,
            C.LATER: ask_next,
            **_TAKES_TIME,
        },
        silence=be_gentle,
        again=which_pain,
        twice=False,
        need=_it_hurts,
    ),
    # --- in a session ---
    Question.SWITCH: QuestionRow(
        asked="another routine is asked for in a session",
        about="key of the other routine",
        prompt=lambda t, key: t.words.ask_switch.format(routine=t.state.knows.routines[key].name),
        answers=_kind_offer(switch, stay),
        silence=go_back,
    ),
    Question.RESTART: QuestionRow(
        asked='"the routine again" in a session',
        prompt=lambda t, _: t.words.ask_restart.format(routine=t.session.plan.routine.name),
        answers=_kind_offer(restart, stay),
        silence=go_back,
        looks_up=False,
    ),
    Question.CUT: QuestionRow(
        asked="fewer minutes are asked for in a session than are left",
        about="so many minutes",
        prompt=cut_prompt,
        answers=_kind_offer(cut, stay),
        silence=go_back,
        looks_up=False,
    ),
    Question.LEAVE_OUT: QuestionRow(
        asked='"never again" in a stretch',
        about="key of the stretch",
        prompt=lambda t, _: t.words.ask_leave_out.format(name=t.session.step.stretch.name),
        answers={**_offer(leave_out, keep), C.UNSURE: leave_out_tonight},
        silence=leave_out_tonight,
        looks_up=False,
    ),
    # --- what is needed ---
    Question.CRAMP: QuestionRow(
        asked="after a cramp, when it has had time to let go",
        prompt=lambda t, _: t.words.ask_cramp,
        answers={
            **_offer(go_on_after_cramp, rest_here),
            C.CONTINUE: go_on_after_cramp,
            C.FINE: go_on_after_cramp,
        },
        silence=rest_here,
        quiet_s=CRAMP_S,
        looks_up=False,
    ),
    Question.TINGLING: QuestionRow(
        asked="after pins and needles, when another position has had time to help",
        prompt=lambda t, _: t.words.ask_tingling,
        answers={C.YES: tingling_gone, C.FINE: tingling_gone, C.NO: tingling_stays, C.UNSURE: tingling_stays},
        silence=tingling_stays,
        quiet_s=TINGLING_S,
        looks_up=False,
    ),
    Question.ON_KNEES: QuestionRow(
        asked="when somebody cannot kneel, where that is not known",
        prompt=lambda t, _: t.words.ask_no_kneeling,
        answers=_offer(never_on_knees, not_tonight),
        silence=go_back,
    ),
    Question.ON_FRONT: QuestionRow(
        asked="when somebody cannot lie on the front, where not all of that is left out",
        prompt=lambda t, _: t.words.ask_no_front,
        answers=_offer(never_on_front, not_tonight),
        silence=go_back,
    ),
    # --- after a session ---
    Question.PAIN_AFTER: QuestionRow(
        asked="after a session that was gone through, where pain was rated before it",
        prompt=lambda t, _: t.words.ask_pain_after,
        answers={
            C.NUMBER: note_pain_after,
            C.NO_PAIN: note_pain_after,
            C.HALF: note_pain_after,
            C.RATING_OFF: ask_nothing_after,
            C.NO: go_back,
            C.UNSURE: go_back,
            C.NEXT: go_back,
            C.LATER: go_back,
            **_TAKES_TIME,
        },
        silence=say_quiet_farewell,
        again=which_pain,
        twice=False,
        quiet_s=LIES_DOWN_S,
        need=_it_hurts,
    ),
    Question.REST: QuestionRow(
        asked="when pain was higher after a session, the second time in a row",
        about="key of the routine that was gone through",
        prompt=lambda t, _: t.words.ask_rest,
        answers={**_kind_offer(only_breathe, rest_instead), **_TAKES_TIME},
        silence=go_back,
        shorter=lambda t, _: t.words.ask_breathe,
        whole=True,
    ),
    # --- at any time ---
    Question.BRING_BACK: QuestionRow(
        asked='"bring it back", where something was left out',
        prompt=bring_back_prompt,
        answers=_offer(bring_back, bring_nothing_back),
        silence=go_back,
    ),
    Question.REMIND: QuestionRow(
        asked='"remind me"',
        prompt=lambda t, _: t.words.ask_remind,
        answers={
            C.NUMBER: remind_in_hours,
            C.LATER_BY: remind_then,
            C.REMIND_IN: remind_then,
            C.NO: no_reminder,
            C.UNSURE: no_new_reminder,
        },
        silence=go_back,
        again=lambda t, _: t.words.say_hours,
    ),
    Question.READY: QuestionRow(
        asked="at the time of a reminder, after a soft chime",
        about="key of the usual routine",
        prompt=lambda t, key: t.words.ask_ready.format(routine=t.state.knows.routines[key].name),
        answers={
            C.YES: begin_reminded,
            C.ALL_RIGHT: begin_reminded,
            C.LIKELY: begin_reminded,
            C.READY: begin_reminded,
            C.NO: not_now,
            C.LATER: put_off,
            C.REMIND_ME: put_off,
            C.UNSURE: put_off,
            C.LATER_BY: put_off_by,
            C.REMIND_IN: put_off_by,
            C.MINUTES: put_off_by,
            C.PAUSE: give_time,
            C.GET_UP: put_off,
        },
        silence=go_back,
        twice=False,
    ),
}


def is_answer(asked: Asked, command: C) -> bool:
    """Whether ``command`` answers the question that is open."""
    return answer_to(asked, command) is not None


def answer_to(asked: Asked, command: C) -> AnswerHandler | None:
    """What follows when ``command`` is said to the question that is open; None where it is no answer."""
    row = QUESTIONS[asked.question]
    follows = row.answers.get(command) or row.need(asked).get(command)
    return row.answers.get(C.UNSURE) if follows is None and command == C.LIKELY else follows
