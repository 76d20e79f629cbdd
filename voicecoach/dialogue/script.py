"""A plan read out in advance: every sentence and count with the second at which it will be heard.

For people who want to read a routine before they lie down to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from voicecoach.dialogue.cue_schedule import TalkLevel, cue_schedule
from voicecoach.dialogue.events import Chime
from voicecoach.routine.plan import Again, Cycle, Hold, Say, beat_s, once, remaining_s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.languages.language import Language
    from voicecoach.routine.plan import Beat, Plan


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """Something that will be heard."""

    at_s: float
    """Estimated seconds from the beginning of the session."""
    text: str


def greeting(
    plan: Plan, language: Language, pace: float = 1.0, news: Iterable[str] = (), *, greeted: bool = False
) -> str:
    """What is said when a session of ``plan`` begins, with sentences on what is new in it.

    "Good morning" comes first; not to somebody who has been ``greeted`` with it before the questions.
    """
    words = language.prompts
    restful = all(step.stretch.restful for step in plan.steps)
    named = (words.greeting_restful if restful else words.greeting).format(
        routine=plan.routine.name,
        stretches=language.counted(words.stretches, len(plan.steps)),
        minutes=language.about(remaining_s(plan, 0, 0, 0.0, pace)),
    )
    hello = [plan.routine.hello] if plan.routine.hello and not greeted else []
    if only_breathes(plan):
        return " ".join([*hello, named, *news])
    before = words.before_you_rest if restful else words.before_you_begin
    return " ".join([*hello, named, plan.routine.opening, *news, before])


def closing(plan: Plan, language: Language) -> str:
    """What is said when a session of ``plan`` has been gone through."""
    return language.prompts.breathed if only_breathes(plan) else plan.routine.closing


def only_breathes(plan: Plan) -> bool:
    """Whether nothing is left in ``plan`` of what its routine stretches: then the routine's own words do not fit."""
    stretching = any(not entry.stretch.restful for entry in plan.routine.entries)
    return stretching and all(step.stretch.restful for step in plan.steps)


def script(plan: Plan, language: Language, talk: TalkLevel = TalkLevel.FULL, pace: float = 1.0) -> Iterator[ScriptLine]:
    """Every line of a session in which the listener says nothing but "next" where it is asked for."""
    hello = greeting(plan, language, pace)
    yield ScriptLine(0.0, hello)
    at_s = plan.durations.speech_s(hello)
    for step in plan.steps:
        for beat in once(step):
            yield from _lines(beat, language, talk, pace, at_s)
            at_s += beat_s(beat, pace, plan.durations)
    for beat in plan.ending:
        yield from _lines(beat, language, talk, pace, at_s)
        at_s += beat_s(beat, pace, plan.durations)
    yield ScriptLine(at_s, closing(plan, language))


def _lines(beat: Beat, language: Language, talk: TalkLevel, pace: float, at_s: float) -> Iterator[ScriptLine]:
    match beat:
        case Say(text=text, brief=brief):
            spoken = text if talk is TalkLevel.FULL else brief
            if spoken:
                yield ScriptLine(at_s, spoken)
        case Again(prompt=prompt):
            yield ScriptLine(at_s, prompt.text)
        case Hold() | Cycle():
            for cue in cue_schedule(beat, language, talk, pace).cues:
                yield ScriptLine(at_s + cue.at_s, f"({cue.sound.value})" if isinstance(cue.sound, Chime) else cue.sound)


def length_s(plan: Plan, language: Language) -> float:
    """Estimated length of a session in seconds, with its first and last words."""
    said, durations = (greeting(plan, language), closing(plan, language)), plan.durations
    spoken = sum(durations.speech_s(text) for text in said)
    beats = (*chain.from_iterable(once(step) for step in plan.steps), *plan.ending)
    return spoken + sum(beat_s(beat, 1.0, durations) for beat in beats)
