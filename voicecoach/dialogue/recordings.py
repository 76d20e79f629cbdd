"""What has to be said in advance so that a voice which cannot speak on the spot says all that the coach may say.

Sentences of which there are few are recorded whole, also those that are made of several names.  Of which there are too
many, they are recorded in phrases, cut only where a pause is: "Here is the bedtime routine:", "ten stretches,", "about
twelve minutes."  Nothing is glued into a sentence.
"""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.sentences import LONGEST_MIN, MOST, SENTENCE, forms, likely_sentences, possible_sentences
from voicecoach.dialogue.telling import changes_told
from voicecoach.person.adapting import prepare
from voicecoach.person.changes import Change, ChangeKind
from voicecoach.person.person import Answer, Condition, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from voicecoach.dialogue.state import Knowledge
    from voicecoach.routine.planning import Preferences
    from voicecoach.routine.stretch import Routine

PAUSE: Final = re.compile(r"(?<=[,:;])\s+(?=\S)")
"""Where a sentence may be cut: as `speaking.packs.shelf` cuts it."""
_IN_PHRASES: Final = (
    *("greeting", "greeting_restful", "where", "where_side", "where_both"),
    *("where_round", "ask_resume_round"),
)
"""Prompts of which there are too many sentences."""
_IN_ROUNDS: Final = ("where_round", "ask_resume_round")
"""Those whose numbers are of rounds, of which there are `_MOST_ROUNDS`."""
_MOST_ROUNDS: Final = 5
_SLOT: Final = re.compile(r"\{([^{}]+)\}")
_NUMBER, _OF = "number", "of"
"""Slots that belong together: the first is never more than the second."""
_CHANGED: Final = {
    1: (ChangeKind.MORE, ChangeKind.EASIER_FIRST, ChangeKind.LEFT_OUT_FOR_PAIN),
    2: (ChangeKind.MORE, ChangeKind.EASIER_FIRST),
}
"""How many stretches change in one night in the same way, and in which; more of them hardly ever do."""


def recordings(
    knows: Knowledge, routines: Iterable[Routine], preferences: Preferences, now: datetime
) -> dict[str, list[str]]:
    """Texts to be said in advance, by the kind of them, in no order and with repetitions.

    Args:
        knows: Words, routines and stretches.
        routines: Of which sessions everything is to be said.
        preferences: As for `likely_sentences`.
        now: Any time; answers are given at it.
    """
    routines = list(routines)
    return {
        "sessions": [text for routine in routines for text in likely_sentences(routine, knows, preferences)],
        "everything in few words": possible_sentences(knows),
        "what is different tonight": [*_news(knows, routines, now), *_changes(knows, routines)],
        "phrases": [*_phrases(knows)],
    }


def _news(knows: Knowledge, routines: Iterable[Routine], now: datetime) -> Iterator[str]:
    """What the answers of the first evening change in a routine, whatever they are."""
    for routine in routines:
        for count in range(1, len(Condition) + 1):
            for held in combinations(Condition, count):
                answers = {one: Answer(one in held, now) for one in Condition}
                tonight = Tonight(now, Person(answers=answers))
                changes = prepare(routine, tonight, knows.language.plan, knows.stretches).changes
                yield from changes_told(changes, knows)


def _changes(knows: Knowledge, routines: Iterable[Routine]) -> Iterator[str]:
    """What changes from night to night, for one stretch and for two of a routine."""
    for routine in routines:
        keys = list(dict.fromkeys(entry.stretch.key for entry in routine.entries))
        for count, kinds in _CHANGED.items():
            for some in combinations(keys, count):
                for text in changes_told([Change(kind, stretches=some) for kind in kinds], knows):
                    yield from [text] if count == 1 else PAUSE.split(text)


def _phrases(knows: Knowledge) -> Iterator[str]:
    """Every phrase of the prompts that are recorded in phrases."""
    words, values = knows.language.prompts, _values(knows)
    rounds = {slot: values[slot][:_MOST_ROUNDS] for slot in (_NUMBER, _OF)}
    for name in _IN_PHRASES:
        for text in forms(getattr(words, name)):
            for phrase in (phrase for sentence in SENTENCE.split(text) for phrase in PAUSE.split(sentence)):
                yield from _filled(phrase, {**values, **(rounds if name in _IN_ROUNDS else {})})


def _filled(phrase: str, values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    slots = list(dict.fromkeys(_SLOT.findall(phrase)))
    if not values.keys() >= set(slots):  # a sentence that is recorded elsewhere
        return
    for chosen in product(*(values[slot] for slot in slots)):
        filled = dict(zip(slots, chosen, strict=True))
        if slots != [_NUMBER, _OF] or values[_OF].index(filled[_NUMBER]) <= values[_OF].index(filled[_OF]):
            yield phrase.format(**filled)


def _values(knows: Knowledge) -> Mapping[str, Sequence[str]]:
    language = knows.language
    longest = max((len(routine.entries) for routine in knows.routines.values()), default=0)
    numbers = [language.number(count) for count in range(1, min(longest, MOST) + 1)]
    return {
        "routine": [routine.name for routine in knows.routines.values()],
        "stretches": [language.counted(language.prompts.stretches, count) for count in range(1, longest + 1)],
        "minutes": list(dict.fromkeys(language.about(60.0 * count) for count in range(LONGEST_MIN))),
        "name": [stretch.name for stretch in knows.stretches.values()],
        _NUMBER: numbers,
        _OF: numbers,
        **{form: [sides[side] for side in (Side.RIGHT, Side.LEFT)] for form, sides in language.plan.sides.items()},
    }
