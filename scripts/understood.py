"""``scripts/phrases``: how much of what people say is understood, as text, by the corpus in ``tests/phrases``.

A sentence is understood where it is a phrase of the meaning that stands above it.  Meanings that are no commands yet
are left out.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.languages.commands import LENGTHS, Command, Meaning
from voicecoach.repertoire import Repertoire
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings
from voicecoach.understanding import as_heard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voicecoach.languages.language import Language, Phrasebook

CORPUS = Path(__file__).parents[1] / "tests" / "phrases"
NOTHING = "nothing"
"""The file of what must do nothing."""
_MEANT: Mapping[str, tuple[Meaning, ...]] = {
    "start the usual": (Meaning(Command.START),),
    "start bedtime": (Meaning(Command.START, "bedtime"), Meaning(Command("switch to"), "bedtime")),
    "start wind down": (Meaning(Command.START, "wind-down"), Meaning(Command("switch to"), "wind-down")),
    "minutes 10": (Meaning(Command.MINUTES, 10),),
    **{f"pain {number}": (Meaning(Command.NUMBER, number),) for number in range(11)},
    "pain 0": (Meaning(Command.NUMBER, 0), Meaning(Command.NO_PAIN)),
    "pain 5": (Meaning(Command.NUMBER, 5), Meaning(Command.HALF)),
    **{
        f"hours {number}": (
            Meaning(Command.NUMBER, number),
            *(Meaning(command, 60 * number) for command in (Command.LATER_BY, Command.REMIND_IN)),
        )
        for number in range(11)
    },
    **{f"in minutes {number}": (Meaning(Command.LATER_BY, number),) for number in LENGTHS},
    **{f"remind me in minutes {number}": (Meaning(Command.REMIND_IN, number),) for number in LENGTHS},
}
"""What the keys of the corpus mean that are no keys of commands."""


class Part(Enum):
    """What a sentence is there for."""

    TUNING = "tuning"
    """To write templates with."""
    KEPT = "kept"
    """To measure with."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that people say."""

    text: str
    meant: str
    """The key above it; "" where it must do nothing."""
    part: Part


def read_corpus(folder: Path = CORPUS) -> list[Sentence]:
    """All sentences.

    Raises:
        BadFileError: A file is not as README.md there describes it.
    """
    found = []
    parts = {part.value for part in Part}
    for path in sorted(folder.glob("*.yaml")):
        for key, node in yamlfile.read(path).mapping().items():
            if path.stem == NOTHING:
                found += [Sentence(one.text(), "", Part.KEPT) for one in node.sequence()]
                continue
            for part, sentences in node.mapping(allowed=parts).items():
                found += [Sentence(one.text(), key, Part(part)) for one in sentences.sequence()]
    return found


class Reader:
    """Knows what sentences mean."""

    def __init__(self, language: Language, phrasebook: Phrasebook) -> None:
        self._language, self._phrasebook = language, phrasebook
        self._commands = set(language.phrases)

    def is_a_command(self, meant: str) -> bool:
        """Whether the coach has what is meant."""
        return meant in _MEANT or Command(meant) in self._commands

    def means(self, text: str) -> Meaning | None:
        """What ``text`` means in some situation."""
        try:
            return self._phrasebook.meaning(as_heard(text, self._language))
        except BadRequestError:
            return None

    def is_right(self, sentence: Sentence) -> bool:
        """Whether ``sentence`` is understood as it was meant; where it must do nothing, that it does."""
        return self.is_meant(sentence, self.means(sentence.text))

    def is_meant(self, sentence: Sentence, found: Meaning | None) -> bool:
        """Whether what was ``found`` is what ``sentence`` means; where it must do nothing, that it is nothing."""
        if not sentence.meant:
            return found is None
        return found in _MEANT.get(sentence.meant, (Meaning(Command(sentence.meant)),))


def shipped_reader() -> Reader:
    """For the phrases that ship."""
    repertoire = Repertoire(Settings(), load_library(shipped("routines")))
    return Reader(repertoire.language, repertoire.phrasebook)


def share(reader: Reader, sentences: Iterable[Sentence]) -> tuple[int, int]:
    """How many of ``sentences`` are right, and how many there are."""
    right = [reader.is_right(one) for one in sentences]
    return sum(right), len(right)


def table(reader: Reader, corpus: Sequence[Sentence]) -> str:
    """A line for each meaning, and one for all: how many are understood, of those for tuning and of those kept."""
    lines = [f"{'':24} {'tuning':>9} {'kept':>9}"]
    spoken = [one for one in corpus if one.meant and reader.is_a_command(one.meant)]
    for meant in [*dict.fromkeys(one.meant for one in spoken), ""]:
        cells = []
        for part in Part:
            right, of = share(reader, (one for one in spoken if one.part is part and meant in {one.meant, ""}))
            cells.append(f"{right:>4} of{of:>3}" if meant else f"{right / max(1, of):9.3f}")
        lines.append(f"{meant or 'share of all':24} {' '.join(cells)}")
    right, of = share(reader, (one for one in corpus if not one.meant))
    lines.append(f"{'does nothing, as it must':24} {right:>4} of {of}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/phrases", description="How much of what people say is understood, as text, by its meaning."
    )
    parser.add_argument("--missed", action="store_true", help="list the sentences for tuning that are not understood")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="DIR", help="of sentences (%(default)s)")
    parser.add_argument("--voice", action="append", default=[], metavar="V", help="have the kept sentences said; again")
    parser.add_argument("--each", action="store_true", help="have each voice say every sentence, not one in turn")
    parser.add_argument("--engine", default="kokoro", help="that has the voices (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        reader, corpus = shipped_reader(), read_corpus(options.corpus)
        if options.voice:
            return _hear(options, reader, [one for one in corpus if one.part is Part.KEPT])
    except VoicecoachError as error:
        print(f"phrases: {error}", file=sys.stderr)
        return error.exit_code
    print(table(reader, corpus))
    if options.missed:
        print()
        for one in corpus:
            if one.part is Part.TUNING and reader.is_a_command(one.meant) and not reader.is_right(one):
                print(f"{one.meant}: {one.text}")
    return 0


def _hear(options: argparse.Namespace, reader: Reader, kept: Sequence[Sentence]) -> int:
    # What goes through the ears needs many more modules than what goes by text.
    from tqdm import tqdm  # noqa: PLC0415

    from heard import hear, missed  # noqa: PLC0415
    from heard import table as table_of_sound  # noqa: PLC0415
    from voicecoach.assembly import Assembly  # noqa: PLC0415

    spoken = [one for one in kept if not one.meant or reader.is_a_command(one.meant)]
    if options.each:
        spoken = [one for one in spoken for _ in options.voice]  # said by the voices in turn
    with tqdm(total=len(spoken), desc="said", unit="sentence", disable=None, leave=False) as bar:

        def progress(done: int) -> None:
            bar.update(done - bar.n)

        said = hear(spoken, options.voice, options.engine, Assembly(Settings()), reader, progress)
    print(table_of_sound(said))
    if options.missed:
        print(f"\n{missed(said)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
