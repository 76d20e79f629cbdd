"""The words of one language: phrases that mean commands, and the coach's own sentences.

`loading.py` makes a language of its folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from voicecoach.errors import BadRequestError
from voicecoach.languages import number_ranges
from voicecoach.languages.commands import MINUTES, Command, Meaning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from voicecoach.languages.prompts import Plural, Prompts
    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.routine.plan_words import ListPattern, PlanWords
    from voicecoach.routine.stretch import Condition, Routine

LARGEST_NUMBER = 10
"""Numbers from 0 to this are understood as answers."""
QUARTER_MIN = 15
"""Times of day are said in quarters of an hour."""
HALF_DAY_MIN = 12 * 60
"""A spoken time of day does not tell morning from evening: so many minutes later it comes again."""
_SETS = 64
"""So many sets of phrases are kept, each for a state of the dialogue."""
QUIET_S = 5
"""How long the sound check asks for silence, in seconds; it says so."""
TURN_S = 20
"""How long it listens to the person, in seconds; it says so."""


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How a time of day is said, each in one or more ways.

    ``{hour}`` is the hour that it is, ``{next}`` the one that comes: numbers from one to twelve.
    """

    o_clock: tuple[str, ...]
    quarter_past: tuple[str, ...]
    half_past: tuple[str, ...]
    quarter_to: tuple[str, ...]
    instead: Mapping[str, str]
    """What is said instead of some of these, such as "ein uhr" for "eins uhr"."""


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A question of the first evening."""

    asks: tuple[str, ...]
    """In one or more short questions, each of which can be answered with yes or no."""
    name: str
    """What a stretch is left out for, after "because of"."""


@dataclass(frozen=True, slots=True)
class SoundCheckWords:
    """What the sound check says, with everything filled in."""

    welcome: str
    talk: str
    invitation: str
    thanks: str
    expected: tuple[str, ...]
    """The phrases that the person is asked to say: on, stop, and that it hurts."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that it says."""
        return (self.welcome, self.talk, self.invitation, self.thanks)


@dataclass(frozen=True, slots=True)
class Language:
    """One language, ready to use."""

    key: str
    """The name of its folder, such as "en"."""
    name: str
    """What its speakers call it."""
    code: str
    """Its tag (BCP 47), such as "en-GB"."""
    model: str
    """The speech model that hears it, by name."""
    voice: str
    """The voice that speaks it, by name."""
    phrases: Mapping[Command, tuple[str, ...]]
    """Phrasings of each command, with the slot of its argument, as ``{routine}``; of a number, with words around it."""
    usual: tuple[str, ...]
    """Phrasings of "start" that name no routine."""
    ranges: Mapping[str, tuple[str, ...]]
    """Phrasings of two numbers of which the higher one counts, by the keys of `number_ranges`."""
    heard_props: Mapping[str, tuple[str, ...]]
    """What somebody may call the things that help (`PROPS`)."""
    heard_lengths: Mapping[int, tuple[str, ...]]
    """How so many minutes from now are said, each of `commands.LENGTHS` in one or more ways."""
    unmistakable: frozenset[str]
    """Short phrases of safety that hardly any other word is taken for."""
    numbers: tuple[str, ...]
    """How a number is said, from zero on."""
    clock: ClockWords
    all_of: ListPattern
    """How names are joined."""
    props: Mapping[str, str]
    """What the coach calls the things that help."""
    screening: Mapping[Condition, ConditionWords]
    plan: PlanWords
    prompts: Prompts
    sentences: Mapping[str, str]
    """The prompts without slots, by id, with those that only rows of the dialogue's table say."""
    tips: Mapping[str, str]
    """The tips by key."""
    sound_check: SoundCheckWords

    @property
    def durations(self) -> SpeechDurations:
        """How long sentences last."""
        return self.plan.durations

    def number(self, value: int) -> str:
        """``value`` in words where the language has one, else in digits."""
        return self.numbers[value] if 0 <= value < len(self.numbers) else str(value)

    def digits(self, number: str) -> str:
        """A number to dial, as it is said: digit by digit."""
        return " ".join(self.number(int(digit)) for digit in number)

    def counted(self, prompt: Plural, count: int) -> str:
        """So many of something, with the number filled in: "one session", "three sessions"."""
        return prompt.of(count).format(count=self.number(count))

    def minutes(self, seconds: float) -> str:
        """A length in whole minutes, as it is said."""
        whole = round(seconds / 60)
        return self.counted(self.prompts.minutes, whole) if whole else self.prompts.less_than_a_minute

    def about(self, seconds: float) -> str:
        """An estimated length, as it is said: "about five minutes"."""
        said = self.minutes(seconds)
        return self.prompts.about.format(minutes=said) if round(seconds / 60) else said

    def times(self, minutes: int) -> tuple[str, ...]:
        """How the time ``minutes`` after noon or midnight is said; a whole quarter of an hour."""
        hour, quarter = divmod(minutes % HALF_DAY_MIN // QUARTER_MIN, 4)
        clock = self.clock
        templates = (clock.o_clock, clock.quarter_past, clock.half_past, clock.quarter_to)[quarter]
        said = (text.format(hour=self.number(hour or 12), next=self.number(hour + 1)) for text in templates)
        return tuple(clock.instead.get(time, time) for time in said)

    def listed(self, names: Iterable[str]) -> str:
        """Names joined as a person would: "a, b and c"."""
        return self.all_of.joined(names)


def capitalised(text: str) -> str:
    """``text`` as a sentence, where it begins with a name that is written small; scripts without capitals stay."""
    return text[:1].upper() + text[1:]


class Phrasebook:
    """All phrases of a language, with the spoken names of the routines that there are."""

    def __init__(self, language: Language, routines: Iterable[Routine]) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._of_command: dict[Command, set[str]] = {command: set() for command in (*language.phrases, Command.NUMBER)}
        self._phrases_for = lru_cache(_SETS)(self._found)
        for phrase, meaning, _ in filled_in(language):
            self._add([phrase], meaning)
        for routine in routines:
            for command in _NAME_A_ROUTINE:
                # A routine called "routine" would take the phrases of the usual one.
                said = _filled_in(language.phrases[command], "{routine}", routine.say)
                self._add([phrase for phrase in said if phrase not in self._meanings], Meaning(command, routine.key))

    def _add(self, phrases: Iterable[str], meaning: Meaning) -> None:
        for phrase in phrases:
            self._meanings[phrase] = meaning
            self._of_command[meaning.command].add(phrase)

    def in_order(self) -> tuple[str, ...]:
        """All phrases; of each meaning the plainest first, as the language has them."""
        return tuple(self._meanings)

    def phrases_for(self, commands: Collection[Command], letters: int = 0) -> frozenset[str]:
        """Every phrase that means one of ``commands`` and has at least so many ``letters``."""
        return self._phrases_for(frozenset(commands), letters)

    def _found(self, commands: frozenset[Command], letters: int) -> frozenset[str]:
        every = frozenset[str]().union(*(self._of_command[command] for command in commands))
        return frozenset(phrase for phrase in every if len(phrase.replace(" ", "")) >= letters) if letters else every

    def meaning(self, phrase: str) -> Meaning:
        """What ``phrase`` means.

        Raises:
            BadRequestError: It means nothing.
        """
        try:
            return self._meanings[phrase]
        except KeyError:
            raise BadRequestError(f'"{phrase}" is no phrase of this coach; phrases.yaml lists them') from None


_NAME_A_ROUTINE = (Command.START, Command.SWITCH_TO)


def filled_in(language: Language) -> Iterator[tuple[str, Meaning, str]]:
    """All phrases of a language but those that name a routine: each, what it means, and with its slot as it was."""
    arguments = _arguments(language)
    for number, word in enumerate(language.numbers[: LARGEST_NUMBER + 1]):
        yield word, Meaning(Command.NUMBER, number), word
    for phrase in language.usual:
        yield phrase, Meaning(Command.START), phrase
    yield from _ranges(language)
    for command, phrases in language.phrases.items():
        slot = arguments.get(command)
        if slot is not None:
            for argument, said in slot.said.items():
                for template in phrases:
                    for phrase in _filled_in([template], slot.name, said):
                        yield phrase, Meaning(command, argument), template
        elif command not in _NAME_A_ROUTINE:
            for phrase in phrases:
                yield phrase, Meaning(command), phrase


def _ranges(language: Language) -> Iterator[tuple[str, Meaning, str]]:
    for key, templates in language.ranges.items():
        for template in templates:
            for phrase, number in number_ranges.filled_in(key, template, language.numbers[: LARGEST_NUMBER + 1]):
                yield phrase, Meaning(Command.NUMBER, number), template


@dataclass(frozen=True, slots=True)
class _Slot:
    """What is filled into the phrases of a command."""

    name: str
    said: Mapping[str, Iterable[str]] | Mapping[int, Iterable[str]]
    """For every argument how it is said."""


def _arguments(language: Language) -> Mapping[Command, _Slot]:
    """The slots of the commands whose arguments do not depend on the routines."""
    minutes = _Slot("{minutes}", {number: [language.number(number)] for number in MINUTES})
    times = _Slot("{time}", {time: language.times(time) for time in range(0, HALF_DAY_MIN, QUARTER_MIN)})
    lengths = _Slot("{length}", language.heard_lengths)
    props = _Slot("{prop}", language.heard_props)
    numbers = _Slot("{number}", {number: [language.number(number)] for number in range(LARGEST_NUMBER + 1)})
    return {
        Command.MINUTES: minutes,
        Command.REMIND_AT: times,
        Command.REMIND_IN: lengths,
        Command.LATER_BY: lengths,
        Command.PROP: props,
        Command.NO_PROP: props,
        Command.NUMBER: numbers,
    }


def _filled_in(templates: Iterable[str], slot: str, said: Iterable[str]) -> Iterator[str]:
    return (template.replace(slot, words) for words in said for template in templates)
