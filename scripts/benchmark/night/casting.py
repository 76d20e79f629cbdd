"""Who says what: people from a folder of recordings, and synthetic persons."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.neural import neural_recordings
from benchmark.night.talk import SENTENCES, WORDS
from benchmark.phrases import of_each_command
from benchmark.recordings import Kind, read_index, sampled
from benchmark.synthetic import synthetic_recordings
from voicecoach.errors import MissingPartError
from voicecoach.languages.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from benchmark.night.effort import Effort
    from benchmark.phrases import Situations
    from benchmark.recordings import CorpusRecording
    from voicecoach.assembly import Assembly

STOP = "stop"
_SILENT_ANSWERS = frozenset({Command.STOP, Command.PAUSE})
"""What the coach does without a word, at least when it pauses already."""
_MOST_TALK = 40
_SINGLE = frozenset({Kind.COMMAND, Kind.WORD, Kind.OTHER_WORD})
_RUNNING = frozenset({Kind.PHRASE, Kind.SPEECH})


@dataclass(frozen=True, slots=True)
class NightCast:
    """Everything that is said, by what it is; each in an order that chance decided once."""

    commands: tuple[CorpusRecording, ...]
    """Phrases that are valid in a routine."""
    stops: tuple[CorpusRecording, ...]
    """The word "stop"."""
    answered: tuple[CorpusRecording, ...]
    """Commands that have an answer to be heard."""
    words: tuple[CorpusRecording, ...]
    """Single words that are no such phrase."""
    speech: tuple[CorpusRecording, ...]
    noise: tuple[CorpusRecording, ...]

    @property
    def talk(self) -> tuple[CorpusRecording, ...]:
        """What babble is made of."""
        return self.speech[:_MOST_TALK]


def cast(  # noqa: PLR0913, PLR0917 - who, of whom, how many
    folder: Path | None,
    assembly: Assembly,
    situations: Situations,
    effort: Effort,
    work: Path,
    kept: Callable[[list[CorpusRecording]], list[CorpusRecording]] = list,
) -> NightCast:
    """Choose who says what.

    Args:
        folder: Recordings of people; None: synthetic persons say everything.
        assembly: The coach's.
        situations: Its phrases.
        effort: How many.
        work: Where the clips of synthetic voices are kept.
        kept: Which of the recordings count.

    Raises:
        BadFileError: The folder is not as it should be.
        MissingPartError: There is no folder, and no synthesiser either.
    """
    valid = situations.routine.phrases
    phrases = [phrase for phrase in of_each_command(assembly, effort.phrases_of_a_command) if phrase in valid]
    people = sampled(kept(read_index(folder)), effort.of_a_text, effort.of_a_kind) if folder else []
    try:
        commands, stops = (
            synthetic_recordings(phrases, effort.persons, work),
            synthetic_recordings([STOP], effort.stops, work),
        )
        words = [] if folder else synthetic_recordings(WORDS, effort.talkers, work)
        speech = [] if folder else synthetic_recordings(SENTENCES, effort.talkers, work)
    except MissingPartError as error:
        if folder is None:
            raise
        print(f"voicecoach: {error}; until then only people speak", file=sys.stderr)
        commands, stops, words, speech = [], [], [], []
    try:
        commands = [*commands, *neural_recordings(phrases, effort.neural, work)]
    except MissingPartError as error:
        print(f"voicecoach: {error}; until then no voice that is nearly human speaks", file=sys.stderr)
    said = [one for one in people if one.transcript in valid]
    others = [one for one in people if one.transcript not in valid]
    commands = _shuffled([*said, *commands])
    command_of = assembly.phrasebook.meaning
    return NightCast(
        commands=tuple(commands),
        stops=tuple(_shuffled([*(one for one in said if one.transcript == STOP), *stops]))[: effort.stops],
        answered=tuple(one for one in commands if command_of(one.transcript).command not in _SILENT_ANSWERS)[
            : effort.answers
        ],
        words=tuple(_shuffled([*(one for one in others if one.kind in _SINGLE), *words])),
        speech=tuple(_shuffled([*(one for one in others if one.kind in _RUNNING), *speech])),
        noise=tuple(one for one in others if one.kind is Kind.NOISE),
    )


def _shuffled(recordings: Iterable[CorpusRecording]) -> list[CorpusRecording]:
    """All of them, in an order that is always the same."""
    return sampled(recordings, sys.maxsize, sys.maxsize)
