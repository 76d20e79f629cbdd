"""The table itself: every pair of mode and trigger is decided, safety always works, no mode is a trap."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from night import Night, happens
from small_house import at_rest, language, phrasebook

from voicecoach.dialogue.events import Ended, Heard, ImpossibleEventError
from voicecoach.dialogue.handlers import asking
from voicecoach.dialogue.machine import valid_commands, valid_phrases
from voicecoach.dialogue.questions import QUESTIONS, is_answer
from voicecoach.dialogue.screening_parts import parts_of
from voicecoach.dialogue.state import Asked, Mode, Question
from voicecoach.dialogue.table import COMMANDS, TABLE, WANTED, Signal
from voicecoach.languages.commands import SAFETY, Command, Meaning
from voicecoach.person.person import Condition

IN_A_STRETCH = {command for command in COMMANDS if TABLE[command, Mode.GUIDING].heeded}
"""What can wait for a quiet moment is not among them: the fewer phrases there are the better they are heard."""
IN_A_PAUSE = {command for command in COMMANDS if TABLE[command, Mode.PAUSED].heeded}
DURING = (Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.ASKING, Mode.HURT)
BEFORE_A_SESSION = {Question.NEWS, Question.SCREEN, Question.SLEPT, Question.PAIN_BEFORE}
"""Asked one after the other by `starting.ask_next`."""
WAITING = (Mode.PAUSED, Mode.STOPPED, Mode.ASKING, Mode.HURT)


def test_every_pair_is_decided() -> None:
    assert set(TABLE) == {(trigger, mode) for trigger in (*COMMANDS, *Signal) for mode in Mode}


def test_every_command_that_code_names_has_a_row() -> None:
    named = {name: getattr(Command, name) for name in vars(Command) if name.isupper()}
    assert len(named) > 10
    assert set(named.values()) | SAFETY <= set(COMMANDS)


def test_what_a_row_says_can_be_said_as_it_is() -> None:
    assert set(WANTED.sentences) <= language().sentences.keys()
    assert not [one for one in language().sentences.values() if "{" in one]


def test_a_handler_made_of_a_sentence_says_it_and_all_goes_on() -> None:
    night = Night().says("start bedtime routine").until("five").says("help")
    assert (night.mode, night.last) == (Mode.GUIDING, language().prompts.help)
    assert night.until("six").mode is Mode.GUIDING


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("command", sorted(SAFETY, key=str), ids=str)
def test_safety_words_are_heeded_in_every_mode(command: Command, mode: Mode) -> None:
    assert TABLE[command, mode].heeded


@pytest.mark.parametrize("mode", DURING)
@pytest.mark.parametrize("command", sorted(IN_A_STRETCH, key=str), ids=str)
def test_what_is_heeded_in_a_stretch_is_heeded_all_through_a_routine(command: Command, mode: Mode) -> None:
    """Exceptions: what has not begun cannot be left out or change sides, and what hurts is not made longer."""
    exceptions = {
        (Command("never again"), Mode.GREETING),
        (Command("other side"), Mode.GREETING),
        (Command("longer"), Mode.HURT),
        (Command("shorter"), Mode.HURT),
    }
    assert TABLE[command, mode].heeded or (command, mode) in exceptions


def test_start_sounds_like_stop_and_is_not_heeded_in_a_stretch() -> None:
    assert Command.START not in IN_A_STRETCH
    assert Command.START in IN_A_PAUSE


@pytest.mark.parametrize("command", sorted(IN_A_PAUSE, key=str), ids=str)
def test_what_is_heeded_in_a_pause_is_heeded_after_stop(command: Command) -> None:
    assert TABLE[command, Mode.STOPPED].heeded


@pytest.mark.parametrize("command", sorted(COMMANDS, key=str), ids=str)
def test_every_command_is_heeded_in_a_quiet_moment_or_is_an_answer(command: Command) -> None:
    quiet = (Mode.REST, Mode.PAUSED, Mode.STOPPED)
    answers = {answer for row in QUESTIONS.values() for answer in row.answers}
    assert command in answers or any(TABLE[command, mode].heeded for mode in quiet)


@pytest.mark.parametrize("question", Question)
def test_every_question_has_its_answers_and_every_answer_reaches_them(question: Question) -> None:
    answers = QUESTIONS[question].answers
    assert Command.NO in answers, "whoever does not want to answer can say so"
    assert Command.UNSURE in answers, "and so can whoever does not know"
    assert not SAFETY & set(answers), "what is said in need is never taken for an answer"
    reaching = {"answer", "answer_or_instead", "answer_or_go_back"}
    assert {TABLE[command, Mode.ASKING].name for command in answers} <= reaching


@pytest.mark.parametrize("command", sorted(SAFETY, key=str), ids=str)
def test_words_of_need_are_about_what_was_asked_or_drop_the_question(command: Command) -> None:
    questions = [Asked(question, Mode.REST) for question in Question if question is not Question.SCREEN]
    questions += [Asked(Question.SCREEN, Mode.REST, part) for part in parts_of(Condition, language())]
    about = [(one.question, one.about.rpartition(" ")[0]) for one in questions if is_answer(one, command)]
    assert about == {
        Command.CANNOT_KNEEL: [(Question.SCREEN, "trouble kneeling")],
        Command.HURTS: [(Question.PAIN_BEFORE, ""), (Question.PAIN_AFTER, "")],
    }.get(command, [])
    assert TABLE[command, Mode.ASKING].name == ("answer_or_instead" if about else "instead")


@pytest.mark.parametrize("mode", WAITING)
def test_every_mode_that_waits_has_an_end_by_itself(mode: Mode) -> None:
    assert TABLE[Signal.WAITED, mode].to & {Mode.REST, Mode.CLOSING}


def test_rest_can_be_reached_from_every_mode() -> None:
    arrows = {(mode, target) for (_, mode), handler in TABLE.items() if not handler.drops for target in handler.to}
    safe = {Mode.REST}
    while more := {begin for begin, end in arrows if end in safe} - safe:
        safe |= more
    assert safe == set(Mode)


def test_single_words_do_not_start_anything_at_rest() -> None:
    """At rest nobody means "next" or "back": a word from the television must do nothing."""
    keys = ("next", "back", "ready", "yes", "no", "number", "repeat")
    unheeded = {Command(key) for key in keys}
    assert not unheeded & valid_commands(at_rest())
    assert all(len(phrase.split()) > 1 for phrase in phrasebook().phrases_for({Command.START}))


def test_a_short_phrase_is_not_enough_in_the_silence_of_a_night_unless_it_is_a_matter_of_safety() -> None:
    valid, safety = valid_phrases(at_rest(), phrasebook()), phrasebook().phrases_for(SAFETY)
    assert safety < valid
    assert not {"help", "louder", "more talk", "remind me"} & valid
    assert {"speak louder", "please talk more", "good night", "start bedtime", "ten minutes"} < valid


@pytest.mark.parametrize("mode", [Mode.REST, Mode.ASLEEP])
def test_each_command_can_be_given_in_that_silence_too(mode: Mode) -> None:
    state = replace(at_rest(), mode=mode)
    valid = valid_phrases(state, phrasebook())
    mute = {one for one in valid_commands(state) if not phrasebook().phrases_for({one}) & valid}
    assert not mute


def test_one_word_is_enough_to_a_coach_that_speaks() -> None:
    state, _ = happens(at_rest(), Heard(Meaning(Command("help")), 1.0))
    assert "louder" in valid_phrases(state, phrasebook())


def test_every_command_has_two_phrasings() -> None:
    few = {command for command in COMMANDS if len(phrasebook().phrases_for({command})) < 2}
    assert not few


def test_numbers_are_heard_only_as_answers() -> None:
    state = at_rest()
    assert Command.NUMBER not in valid_commands(state)
    state, _ = happens(state, Heard(Meaning(Command.REMIND_ME), 1.0))
    assert Command.NUMBER in valid_commands(state)
    assert Command.YES not in valid_commands(state)


@pytest.mark.parametrize(
    "event",
    [
        Heard(Meaning(Command.START, "no such routine"), 5.0),
        Heard(Meaning(Command.STOP), 4.0),
        Ended(99, 5.0),
    ],
    ids=["unknown routine", "time runs backwards", "a performance that never was"],
)
def test_an_impossible_event_raises_and_changes_nothing(event: Heard | Ended) -> None:
    state = at_rest(now_s=4.5)
    before = (state.mode, state.token, state.session, state.now_s)
    with pytest.raises(ImpossibleEventError):
        happens(state, event)
    assert (state.mode, state.token, state.session, state.now_s) == before


def test_news_of_a_performance_that_was_replaced_changes_nothing() -> None:
    state, _ = happens(at_rest(), Heard(Meaning(Command.START, "bedtime"), 1.0))
    state, _ = happens(state, Heard(Meaning(Command.NEXT), 2.0))
    after, actions = happens(state, Ended(1, 3.0))
    assert actions == ()
    assert after.session == state.session


def test_every_phrase_means_what_the_file_says() -> None:
    for command, phrases in language().phrases.items():
        for phrase in phrases:
            if "{" not in phrase:
                assert phrasebook().meaning(phrase).command == command


@pytest.mark.parametrize("question", sorted(set(Question) - BEFORE_A_SESSION, key=str))
def test_every_question_of_the_table_is_asked_by_a_handler(question: Question) -> None:
    handlers = Path(asking.__file__).parent.glob("*.py")
    asking_it = re.compile(rf"(t\.ask(_after)?\(.*|\(t, )Question\.{question.name}\b")
    assert any(asking_it.search(path.read_text(encoding="utf-8")) for path in handlers)
