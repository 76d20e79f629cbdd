"""What will have to be said: the voice has it ready before a session begins.

`likely_sentences` are those of a session in which little is said; `possible_sentences` those of any, in whatever form
and on whatever side, with each name and number that stands alone in a sentence.  What is put together from several of
these (so many stretches, in so many minutes) is made when it is known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.cue_schedule import TalkLevel, cue_schedule
from voicecoach.dialogue.handlers.status import IN_MINUTES_FROM_S, STEP_S, TO_THE_SECOND_S
from voicecoach.dialogue.script import closing, greeting
from voicecoach.dialogue.warnings import warnings
from voicecoach.languages.commands import MINUTES
from voicecoach.languages.language import HALF_DAY_MIN, QUARTER_MIN, capitalised
from voicecoach.languages.prompts import PROMPTS, Plural
from voicecoach.person.choosing import offered
from voicecoach.routine.plan import Again, Cycle, Say, Way
from voicecoach.routine.planning import Preferences, make_plan, swapped
from voicecoach.routine.stretch import Form, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from voicecoach.dialogue.state import Knowledge
    from voicecoach.languages.language import Language
    from voicecoach.routine.plan import Step
    from voicecoach.routine.stretch import Entry, Routine, Stretch

SENTENCE: Final = re.compile(r"(?<=[.?!])\s+(?=\S)")
"""Between two sentences of a text: as `speaking.clips` cuts it."""
LONGEST_MIN = 60
"""Sessions are shorter than this many minutes."""
LONGEST_HOLD_MIN = 11
_SECONDS = (*range(1, TO_THE_SECOND_S), *range(TO_THE_SECOND_S, round(IN_MINUTES_FROM_S) + 1, STEP_S))
"""How a hold's rest is told in seconds (`handlers.status`)."""
MOST = 20
"""Of anything that is counted in a sentence."""
MOST_BREATHS = 40
"""Of a night on which there is nothing else: they grow from `person.adapting.BREATHS` on."""


def likely_sentences(routine: Routine, knows: Knowledge, preferences: Preferences) -> list[str]:
    """What a session of ``routine`` is likely to need, in the order in which it will."""
    language = knows.language
    plan = make_plan(routine, preferences, language.plan, knows.stretches)
    found = dict.fromkeys((*_fixed(language), *said_in_need(knows)))
    found[greeting(plan, language)] = None
    found[closing(plan, language)] = None
    for step in plan.steps:
        found.update(dict.fromkeys(_of_step(step, language)))
    return [sentence for sentence in found if sentence]


def possible_sentences(knows: Knowledge) -> list[str]:
    """Everything that can be said in a few words, in no order."""
    language = knows.language
    found = dict.fromkeys((*_fixed(language), *said_in_need(knows)))
    found.update(dict.fromkeys(_filled_in(knows)))
    for stretch in knows.stretches.values():
        found.update(dict.fromkeys(_warnings(stretch, language)))
    for routine in knows.routines.values():
        found.update(dict.fromkeys((routine.hello, routine.opening, routine.closing)))
        for entry in routine.entries:
            for step in _every_form(routine, entry, knows):
                found.update(dict.fromkeys(_of_step(step, language)))
    return [sentence for sentence in found if sentence]


def said_in_need(knows: Knowledge) -> tuple[str, ...]:
    """What is said to somebody who is unwell or calls for help: it must never be waited for."""
    words = knows.language.prompts
    return (
        *warnings(knows.language, knows.emergency_number),
        *(words.emergency_over, words.fine, words.dizzy, words.dizzy_after, words.ended_for_tonight, words.cramp),
        *(words.tingling, words.leg_pain, words.sorry, words.hurt_resting),
    )


def _fixed(language: Language) -> Iterator[str]:
    """The coach's own sentences that need nothing filled in, and the numbers."""
    yield from language.numbers
    yield from (question for condition in language.screening.values() for question in condition.asks)
    yield from language.sentences.values()
    words = language.prompts
    for name in PROMPTS:
        for text in forms(getattr(words, name)):
            # Of a text with slots, the sentences without: each is a clip of its own.
            texts = SENTENCE.split(text) if "{" in text else [text]
            yield from (one for one in texts if "{" not in one)


def forms(prompt: str | Plural) -> tuple[str, ...]:
    """The texts of a prompt, one where it has no forms for numbers."""
    return tuple(prompt.forms.values()) if isinstance(prompt, Plural) else (prompt,)


# --- prompts with something filled in ---------------------------------------------------------------------------------


def _filled_in(knows: Knowledge) -> Iterator[str]:
    """Each prompt that has one slot, with everything that it may be filled with."""
    language, words = knows.language, knows.language.prompts
    values = _values(knows)
    for name, prompt in PROMPTS.items():
        if len(prompt.slots) == 1 and name != "about":  # which is never a sentence
            text, (slot,) = getattr(words, name), prompt.slots
            one = text.of(1) if isinstance(text, Plural) else text
            given = values.get((name, slot), values.get(slot, ()))
            yield from (capitalised(one.format(**{slot: value}).strip()) for value in given)
    counted = (language.counted(words.left, count) for count in range(1, MOST))
    yield from counted
    yield from (words.in_breath_number.format(number=language.number(count)) for count in range(1, MOST_BREATHS))
    yield from (language.plan.on_side(words.this_side, side) for side in (Side.RIGHT, Side.LEFT))
    sessions = (language.counted(words.sessions, count) for count in range(1, MOST))
    yield from (words.progress.format(sessions=said) for said in sessions)


def _values(knows: Knowledge) -> Mapping[str | tuple[str, str], Iterable[str]]:
    """What may stand in each slot, or in that of one prompt."""
    language, stretches = knows.language, list(knows.stretches.values())
    names = [stretch.name for stretch in stretches]
    return {
        "name": names,
        "stretches": names,
        "routine": [routine.name for routine in knows.routines.values()],
        "routines": [language.listed(offered(knows.routines.values(), late=late)) for late in (False, True)],
        "prop": language.props.values(),
        "tip": [tip.text for tip in knows.tips],
        "hours": [
            *(language.counted(language.prompts.hours, count) for count in range(1, MOST)),
            *(said[0] for said in language.heard_lengths.values()),
        ],
        "rest": [
            *(language.counted(language.prompts.seconds, count) for count in _SECONDS),
            *(language.counted(language.prompts.breaths, count) for count in range(1, MOST_BREATHS)),
            *(language.minutes(60.0 * count) for count in range(1, LONGEST_HOLD_MIN)),
        ],
        "time": [time for at in range(0, HALF_DAY_MIN, QUARTER_MIN) for time in language.times(at)[:1]],
        "minutes": [language.about(60.0 * count) for count in range(LONGEST_MIN)],
        ("ask_cut", "minutes"): [language.minutes(60.0 * count) for count in MINUTES],
        ("minutes_left", "minutes"): [language.minutes(60.0 * count) for count in range(1, MOST)],
        "effect": ("", language.prompts.effect_better),
        "come_out": [*(stretch.come_out for stretch in stretches), language.prompts.sorry],
        "easier": [stretch.easier for stretch in stretches],
        "cue": [cue for stretch in stretches for cue in _short_cues(stretch, language)],
        "phase": [],
    }


def _short_cues(stretch: Stretch, language: Language) -> Iterator[str]:
    """For each side; for no side, or both, only where its words name none."""
    said = (language.plan.on_side(stretch.cue_short, side) for side in Side)
    yield from (cue for cue in said if "{" not in cue)


# --- stretches --------------------------------------------------------------------------------------------------------


def _every_form(routine: Routine, entry: Entry, knows: Knowledge) -> Iterator[Step]:
    """A stretch of ``routine``, and what may take its place: at every place, in every form, with every prop."""
    others = (knows.stretches.get(key or "") for key in (entry.stretch.soft_bed, entry.stretch.instead))
    for one in (entry, *(swapped(entry, other) for other in others if other)):
        forms = [replace(one, form=form, props=_all_props(one.stretch)) for form in Form]
        plan = make_plan(replace(routine, entries=(*forms, one)), Preferences(), knows.language.plan)
        yield from plan.steps
        once = replace(one, dose=replace(one.dose, repeat=None))
        if one.dose.more_sets:
            most = replace(one, dose=replace(one.dose, sets=one.dose.sets + one.dose.more_sets))
            yield from make_plan(replace(routine, entries=(most,)), Preferences(), knows.language.plan).steps
        yield from make_plan(replace(routine, entries=(once, once, once)), Preferences(), knows.language.plan).steps


def _warnings(stretch: Stretch, language: Language) -> Iterator[str]:
    """Who should leave a stretch out, whatever the person has been asked."""
    conditions = [reason.condition for reason in stretch.not_for if reason.condition]
    for count in range(len(conditions) + 1):
        for answered in combinations(conditions, count):
            said = [reason.said for reason in stretch.not_for if reason.condition not in answered]
            if said:
                yield language.plan.not_for.format(reasons=language.plan.any_of.joined(said))


def _all_props(stretch: Stretch) -> frozenset[str]:
    return frozenset(aid.prop for aid in stretch.aids)


def _of_step(step: Step, language: Language) -> Iterator[str]:
    words, stretch = language.prompts, step.stretch
    for beat in step.beats:
        match beat:
            case Say(text=text, brief=brief):
                yield from (text, brief)
            case Again(prompt=prompt, another=another):
                yield from (prompt.text, another.text)
            case Way(movements=movements):
                yield from (text for said in movements.values() for text in (said.text, said.brief))
            case _:
                for talk in TalkLevel:
                    cues = cue_schedule(beat, language, talk, 1.0).cues
                    yield from (cue.sound for cue in cues if isinstance(cue.sound, str))
                if isinstance(beat, Cycle):  # of more rounds than these
                    yield from (phase.brief for phase in beat.phases)
                    yield from (words.last_round.format(phase=phase.brief) for phase in beat.phases)
                    numbers = [] if beat.breathing else map(language.number, range(1, MOST))
                    first = beat.phases[0].brief
                    yield from (words.in_round_number.format(number=number, phase=first) for number in numbers)
    yield from (stretch.benefit, stretch.easier, stretch.harder)
    yield from (words.hurt.format(come_out=stretch.come_out), words.too_hard.format(come_out=stretch.come_out))
    yield f"{words.deaf_rest} {stretch.come_out}"
    yield words.hurt_easier.format(easier=stretch.easier)
    yield words.coming.format(name=stretch.name)
