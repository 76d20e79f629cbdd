"""The sets of phrases that are listened for in the benchmark; those of the coach come from the coach itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from voicecoach.assembly import Assembly
from voicecoach.dialogue.machine import valid_phrases
from voicecoach.dialogue.state import Asked, Mode, Question, State
from voicecoach.languages.commands import Command
from voicecoach.languages.language import LARGEST_NUMBER
from voicecoach.person.tonight import Tonight
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings
from voicecoach.simulation.scenario import EVENING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from benchmark.recordings import CorpusRecording

TEN_WORDS = ("up", "down", "left", "right", "on", "off", "go", "stop", "yes", "no")
"""The commands of the Speech Commands data set (Warden, 2018), which others report figures for."""
MOST_OF_A_COMMAND = 12
"""So many phrases of a command are said in a benchmark at most."""
_SHORTEST = 6
NEVER_ALONE = ("stop", "yes", "no", "go", "forward", "backward", "follow")
"""Words that a training with `--unheard` of these leaves out of what people say by themselves."""


@dataclass(frozen=True, slots=True)
class PhraseSet:
    """What is listened for in one situation."""

    key: str
    phrases: frozenset[str]
    listed: frozenset[str] = frozenset()
    """Those of them that a list made by hand would have (see `by_hand`); none: all of them."""

    @property
    def by_hand(self) -> frozenset[str]:
        """What is listened for by those who have no templates of phrases."""
        return self.listed or self.phrases


@dataclass(frozen=True, slots=True)
class Situations:
    """Every set of phrases, and who is heard with which."""

    ten: PhraseSet
    rest: PhraseSet
    routine: PhraseSet
    digits: PhraseSet
    """The coach has asked for a number; much else can be said too."""
    yes_no: PhraseSet
    pain: PhraseSet
    """The coach has asked how the back is."""
    emergency: PhraseSet
    """Somebody has called for help."""
    unheard: PhraseSet
    """The ten words and `never_alone`."""
    numbers: frozenset[str]
    """The answers to that question, from zero to ten."""
    never_alone: frozenset[str]
    """Words that perhaps no person said by themselves in the training."""

    def for_person(self, recording: CorpusRecording) -> tuple[PhraseSet, ...]:
        """The sets with which a recording of a person, or of noise, is heard."""
        asked = (self.digits,) if recording.transcript in self.numbers else ()
        unheard = (self.unheard,) if recording.transcript in self.never_alone else ()
        return (self.ten, self.rest, self.routine, *asked, *unheard)

    def for_phrase(self, phrase: str) -> PhraseSet | None:
        """The coach's set with which a synthetic person who says ``phrase`` is heard; None where it is no phrase."""
        every = (self.routine, self.rest, self.digits, self.yes_no, self.pain, self.emergency)
        return next((one for one in every if phrase in one.phrases), None)


@cache
def shipped_assembly() -> Assembly:
    """The coach as it ships, without the user's own settings and routines: everybody measures the same."""
    return Assembly(Settings(), load_library(shipped("routines")))


def situations(assembly: Assembly, never_alone: Collection[str] = NEVER_ALONE) -> Situations:
    """The phrases that the coach of ``assembly`` listens for in some typical situations, and the ten words."""
    at_rest = State(assembly.knowledge, Tonight(EVENING))
    guiding = replace(at_rest, mode=Mode.GUIDING)

    listed = by_hand(assembly)

    def heeded(key: str, state: State) -> PhraseSet:
        phrases = valid_phrases(state, assembly.phrasebook)
        return PhraseSet(key, phrases, phrases & listed)

    return Situations(
        ten=PhraseSet("ten", frozenset(TEN_WORDS)),
        rest=heeded("rest", at_rest),
        routine=heeded("routine", guiding),
        digits=heeded("digits", _asking(at_rest, Question.REMIND)),
        yes_no=heeded("yes_no", _asking(at_rest, Question.READY)),
        pain=heeded("pain", _asking(at_rest, Question.PAIN_BEFORE)),
        emergency=heeded("emergency", replace(at_rest, mode=Mode.WARNING, warned_of=Command.CHEST)),
        unheard=PhraseSet("unheard", frozenset([*TEN_WORDS, *never_alone])),
        numbers=frozenset(assembly.language.numbers[: LARGEST_NUMBER + 1]),
        never_alone=frozenset(never_alone),
    )


def _asking(state: State, question: Question) -> State:
    return replace(state, mode=Mode.ASKING, asked=Asked(question, state.mode))


def of_each_command(assembly: Assembly, most: int) -> list[str]:
    """Phrases of the coach: all of a command, or ``most`` of them spread over the alphabet where it has more.

    Half of all phrases begin a routine; left alone they would decide every figure.
    """
    by_command: Mapping[str, list[str]] = defaultdict(list)
    for phrase in sorted(assembly.all_phrases()):
        by_command[assembly.phrasebook.meaning(phrase).command.key].append(phrase)
    return [phrase for phrases in by_command.values() for phrase in _spread(phrases, most)]


@cache
def by_hand(assembly: Assembly) -> frozenset[str]:
    """The phrases that somebody would list who writes a grammar by hand.

    The templates stand for ten thousand phrases.  PocketSphinx with as many takes 0.8 s for a second of speech, and
    gigabytes of memory.  So it is given a list as people make it, and so is the plain loop: every single word, and of
    each command the shortest phrases and all that are said in the benchmark.
    """
    of_a_command: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(assembly.all_phrases(), key=lambda phrase: (len(phrase.split()), phrase)):
        of_a_command[assembly.phrasebook.meaning(phrase).command.key].append(phrase)
    shortest = {phrase for phrases in of_a_command.values() for phrase in phrases[:_SHORTEST]}
    words = {phrase for phrase in assembly.all_phrases() if " " not in phrase}
    return frozenset(words | shortest).union(of_each_command(assembly, MOST_OF_A_COMMAND))


def _spread(phrases: list[str], most: int) -> Iterable[str]:
    if len(phrases) <= most:
        return phrases
    return [phrases[len(phrases) * place // most] for place in range(most)]
