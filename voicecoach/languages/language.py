"""The words of one language: phrases that mean commands, and the coach's own sentences.

A language is one YAML file beside this module.  It is checked when it is loaded: every command has at least two
phrasings, no phrase means two things, no sentence is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.errors import BadRequestError
from voicecoach.languages.commands import MINUTES, Command, Meaning
from voicecoach.routine.planning import PlanWords
from voicecoach.routine.stretch import PROPS, Condition, Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from voicecoach.routine.stretch import Routine
    from voicecoach.yamlfile import Node

ENGLISH = Path(__file__).with_name("en.yaml")
"""The words of the only language that there is so far."""
_THE_USUAL = "start the usual"
LARGEST_NUMBER = 10
"""Numbers from 0 to this are understood as answers."""
QUARTER_MIN = 15
"""Times of day are said in quarters of an hour."""
HALF_DAY_MIN = 12 * 60
"""A spoken time of day does not tell morning from evening: so many minutes later it comes again."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Everything the coach says of its own accord; the field's name tells when.  Braces are filled in by `format`."""

    screen_first: str
    screen_again: str
    screen_red_flag: str
    ask_pain_before: str
    ask_pain_after: str
    ask_slept: str
    ask_rest: str
    rest_then: str
    sorry_worse: str
    will_ask_anew: str
    rating_on: str
    rating_off: str
    tips_on: str
    tips_off: str
    tip: str
    has_prop: str
    has_no_prop: str
    ask_resume: str
    resume_not: str
    change_ruled_out: str
    changes_ruled_out: str
    change_swapped: str
    change_as_well: str
    change_more: str
    change_step_back: str
    change_easier_first: str
    changes_easier_first: str
    change_left_out_for_pain: str
    changes_left_out_for_pain: str
    change_shortened: str
    change_rest_red_flag: str
    change_rest_worse: str
    change_rest_pain: str
    welcome: str
    greeting: str
    before_you_begin: str
    nothing_left: str
    can_do: str
    progress_none: str
    progress: str
    pain_too_early: str
    pain_better: str
    pain_same: str
    pain_worse: str
    effect_better: str
    sessions_one: str
    sessions_many: str
    ask_remind: str
    will_remind: str
    will_remind_at: str
    quiet_then: str
    kept_quiet: str
    ask_ready: str
    ask_later: str
    late_enough: str
    ask_bring_back: str
    ask_bring_them_back: str
    still_left_out: str
    brought_back: str
    brought_them_back: str
    nothing_to_bring_back: str
    sleep_well: str
    first_already: str
    was_last: str
    round_more: str
    paused: str
    still_paused: str
    go_on: str
    not_paused: str
    lengthened: str
    shortened: str
    longest: str
    shortest: str
    slowed: str
    quickened: str
    slowest: str
    quickest: str
    loudest: str
    quietest: str
    like_this: str
    briefer: str
    briefest: str
    fuller: str
    fullest: str
    time_left: str
    left_many: str
    left_one: str
    left_none: str
    coming: str
    coming_none: str
    where: str
    where_side: str
    where_both: str
    help: str
    help_paused: str
    help_stopped: str
    ask_leave_out: str
    left_out: str
    kept: str
    ask_switch: str
    ask_still_there: str
    ask_go_on: str
    on_then: str
    hurt: str
    hurt_twice: str
    hurt_twice_again: str
    sorry: str
    hurt_again: str
    hurt_easier: str
    hurt_resting: str
    red_flag: str
    ended_early: str
    breathed: str
    resting_now: str
    stretches_one: str
    stretches_many: str
    minutes_one: str
    minutes_many: str
    hours_one: str
    hours_many: str
    less_than_a_minute: str
    about: str
    and_: str
    in_breath_number: str
    last_in: str
    in_round_number: str
    last_round: str
    halfway: str
    minutes_left: str


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How a time of day is said; ``{hour}`` is a number from one to twelve."""

    hour: str
    o_clock: str
    quarter_past: str
    half_past: str
    quarter_to: str
    """With the hour that is to come."""


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """A question of the first evening."""

    ask: str
    name: str
    """What a stretch is left out for, after "because of"."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language, ready to use."""

    phrases: Mapping[Command, tuple[str, ...]]
    """Phrasings of each command, with the slot of its argument, as ``{routine}``; numbers are not among them."""
    usual: tuple[str, ...]
    """Phrasings of "start" that name no routine."""
    numbers: tuple[str, ...]
    """How a number is said, from zero on."""
    clock: ClockWords
    props: Mapping[str, str]
    """How the things that help (`PROPS`) are said."""
    screening: Mapping[Condition, ConditionWords]
    plan: PlanWords
    sentences: Sentences

    def number(self, value: int) -> str:
        """``value`` in words where the language has one, else in digits."""
        return self.numbers[value] if 0 <= value < len(self.numbers) else str(value)

    def counted(self, value: int, one: str, many: str) -> str:
        """``one`` or ``many`` of something, with the number filled in."""
        return one if value == 1 else many.format(count=self.number(value))

    def minutes(self, seconds: float) -> str:
        """A length in whole minutes, as it is said."""
        whole = round(seconds / 60)
        if whole < 1:
            return self.sentences.less_than_a_minute
        return self.counted(whole, self.sentences.minutes_one, self.sentences.minutes_many)

    def about(self, seconds: float) -> str:
        """An estimated length, as it is said: "about five minutes"."""
        said = self.minutes(seconds)
        return said if said == self.sentences.less_than_a_minute else self.sentences.about.format(minutes=said)

    def times(self, minutes: int) -> tuple[str, ...]:
        """How the time ``minutes`` after noon or midnight is said; a whole quarter of an hour."""
        hour, quarter = divmod(minutes % HALF_DAY_MIN // QUARTER_MIN, 4)
        words = self.clock
        past, to = self.number(hour or 12), self.number(hour + 1)
        if quarter == 0:
            return words.o_clock.format(hour=past), words.hour.format(hour=past)
        template, said = ((words.quarter_past, past), (words.half_past, past), (words.quarter_to, to))[quarter - 1]
        return (template.format(hour=said),)

    def listed(self, names: Iterable[str]) -> str:
        """Names joined as a person would: "a, b and c"."""
        *most, last = names
        return f"{', '.join(most)} {self.sentences.and_} {last}" if most else last


def load_language(path: Path) -> Language:
    """Read a language file.

    Raises:
        BadFileError: It cannot be read, or says something that it should not; with file, line and column.
    """
    top = yamlfile.read(path).mapping(allowed=_PARTS, required=_PARTS)
    phrases = _phrases(top["commands"])
    usual = phrases.pop(_THE_USUAL)
    return Language(
        phrases={Command(key): said for key, said in phrases.items()},
        usual=usual,
        numbers=tuple(node.text() for node in top["numbers"].sequence()),
        clock=_clock_words(top["clock"]),
        props={prop: said.text() for prop, said in top["props"].mapping(allowed=PROPS, required=PROPS).items()},
        screening=_screening(top["screening"]),
        plan=_plan_words(top["plan"]),
        sentences=_sentences(top["sentences"]),
    )


_PARTS = frozenset({"commands", "numbers", "clock", "props", "screening", "plan", "sentences"})
_WITHOUT_PHRASES = frozenset({Command.NUMBER})
_FEWEST_PHRASINGS = 2


def _phrases(node: Node) -> dict[str, tuple[str, ...]]:
    keys = {command.value for command in Command if command not in _WITHOUT_PHRASES} | {_THE_USUAL}
    phrases: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for key, said in node.mapping(allowed=keys, required=keys).items():
        listed = []
        for phrase in said.sequence():
            text = phrase.text()
            if text in owner:
                raise phrase.error(f'"{text}" already means "{owner[text]}"; choose other words')
            owner[text] = key
            listed.append(text)
        if len(listed) < _FEWEST_PHRASINGS:
            raise said.error(f'"{key}" has {len(listed)} phrasing; write at least {_FEWEST_PHRASINGS}')
        phrases[key] = tuple(listed)
    return phrases


def _clock_words(node: Node) -> ClockWords:
    names = {field.name for field in fields(ClockWords)}
    return ClockWords(**{name: said.text() for name, said in node.mapping(allowed=names, required=names).items()})


def _screening(node: Node) -> dict[Condition, ConditionWords]:
    keys, parts = {condition.value for condition in Condition}, {"ask", "name"}
    asked: dict[Condition, ConditionWords] = {}
    for key, words in node.mapping(allowed=keys, required=keys).items():
        said = words.mapping(allowed=parts, required=parts)
        asked[Condition(key)] = ConditionWords(said["ask"].text(), said["name"].text())
    return asked


def _plan_words(node: Node) -> PlanWords:
    names = {field.name for field in fields(PlanWords)}
    parts = node.mapping(allowed=names, required=names)
    texts = {name: parts[name].text() for name in names - {"breathe_in", "breathe_out"}}
    return PlanWords(
        **texts, breathe_in=_counted_phase(parts["breathe_in"]), breathe_out=_counted_phase(parts["breathe_out"])
    )


def _counted_phase(node: Node) -> Phase:
    keys = {"say", "brief", "seconds"}
    parts = node.mapping(allowed=keys, required=keys)
    return Phase(parts["say"].text(), parts["brief"].text(), parts["seconds"].number(1, 20), counted=True)


def _sentences(node: Node) -> Sentences:
    names = {field.name for field in fields(Sentences)}
    keys = {name.rstrip("_") for name in names}
    parts = node.mapping(allowed=keys, required=keys)
    return Sentences(**{name: parts[name.rstrip("_")].text() for name in names})


class Phrasebook:
    """All phrases of a language, with the spoken names of the routines that there are."""

    def __init__(self, language: Language, routines: Iterable[Routine]) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._of_command: dict[Command, set[str]] = {command: set() for command in Command}
        arguments = _arguments(language)
        for command, phrases in language.phrases.items():
            if command in arguments:
                self._add_filled_in(phrases, command, arguments[command])
            elif command is not Command.START:
                self._add(phrases, Meaning(command))
        self._add(language.usual, Meaning(Command.START))
        for number, word in enumerate(language.numbers[: LARGEST_NUMBER + 1]):
            self._add([word], Meaning(Command.NUMBER, number))
        for routine in routines:
            # A routine called "routine" would take the phrases of the usual one.
            said = _filled_in(language.phrases[Command.START], "{routine}", routine.say)
            self._add([phrase for phrase in said if phrase not in self._meanings], Meaning(Command.START, routine.key))

    def _add_filled_in(self, templates: Iterable[str], command: Command, slot: _Slot) -> None:
        for argument, said in slot.said.items():
            self._add(_filled_in(templates, slot.name, said), Meaning(command, argument))

    def _add(self, phrases: Iterable[str], meaning: Meaning) -> None:
        for phrase in phrases:
            self._meanings[phrase] = meaning
            self._of_command[meaning.command].add(phrase)

    def phrases_for(self, commands: Collection[Command]) -> frozenset[str]:
        """Every phrase that means one of ``commands``."""
        return frozenset(phrase for command in commands for phrase in self._of_command[command])

    def meaning(self, phrase: str) -> Meaning:
        """What ``phrase`` means.

        Raises:
            BadRequestError: It means nothing.
        """
        try:
            return self._meanings[phrase]
        except KeyError:
            raise BadRequestError(f'"{phrase}" is no phrase of this coach; the language file lists them') from None


@dataclass(frozen=True, slots=True)
class _Slot:
    """What is filled into the phrases of a command."""

    name: str
    said: Mapping[str | int, Iterable[str]]
    """For every argument how it is said."""


def _arguments(language: Language) -> Mapping[Command, _Slot]:
    """The slots of the commands whose arguments are the same for every house."""
    minutes = _Slot("{minutes}", {number: [language.number(number)] for number in MINUTES})
    times = _Slot("{time}", {time: language.times(time) for time in range(0, HALF_DAY_MIN, QUARTER_MIN)})
    props = _Slot("{prop}", {prop: [said] for prop, said in language.props.items()})
    return {Command.MINUTES: minutes, Command.REMIND_AT: times, Command.PROP: props, Command.NO_PROP: props}


def _filled_in(templates: Iterable[str], slot: str, said: Iterable[str]) -> Iterator[str]:
    return (template.replace(slot, words) for words in said for template in templates)
