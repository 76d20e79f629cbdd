"""``scripts/bench voice``: how well voices are understood, how evenly and how fast they speak, and what they take."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tqdm import tqdm

from benchmark.machine import machine
from benchmark.phrases import shipped_assembly
from benchmark.rows import FigureRow, Goal, Section, as_amount
from benchmark.table import LEGEND, check_writable, text, write
from benchmark.voice import tally
from benchmark.voice.speakers import EngineSpeaker, PackSpeaker, engine_voice
from benchmark.whisper import BASE, Whisper
from voicecoach.console_log import warn
from voicecoach.errors import BadRequestError, MissingPartError, VoicecoachError
from voicecoach.routine.stretch import When
from voicecoach.settings import cache_folder
from voicecoach.speaking.clips import clips_of
from voicecoach.speaking.packs.pack import SUFFIX, VoicePack
from voicecoach.voices.coverage import FASTEST
from voicecoach.voices.using import found_packs

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmark.intervals import Figure
    from benchmark.voice.speakers import Speaker
    from benchmark.voice.tally import Listener, Said
    from voicecoach.assembly import Assembly

HELP = "how well voices are understood, how evenly and how fast they speak"
SENTENCES: Final = 200
SEED: Final = 15
"""Of the choice of sentences, which is the same for all voices and on every machine."""
USUAL_ENGINE: Final = "espeak/en-gb+f3"
_WORST: Final = 5
"""So many misunderstood sentences of each voice are printed."""
_TIMES: Final = 3
"""A pack's clip is read so often; an engine says a sentence once, which takes long enough."""
ROWS: Final = (
    Section(
        "The same sentences, each voice",
        (
            FigureRow("misheard.words", "words that Whisper base misunderstands", Goal(0.04, at_least=False)),
            FigureRow("misheard.sentences", "sentences with such a word"),
            FigureRow(
                "spread_lu", "loudness of sentences, spread (5 to 95 %), LU", Goal(2.0, at_least=False), as_amount
            ),
            FigureRow("pace.mean", "words a minute, mean", write=as_amount),
            FigureRow("pace.fastest", "words a minute, fastest sentence", Goal(FASTEST, at_least=False), as_amount),
            FigureRow("pace.too_fast", f"sentences that are faster than {FASTEST}"),
            FigureRow("minutes", "minutes", write=as_amount),
            FigureRow("cost_ms", "to have a second of it, ms", write=as_amount),
        ),
    ),
    Section(
        "The whole pack",
        (
            FigureRow("pack.clips", "clips", write=as_amount),
            FigureRow("pack.minutes", "minutes", write=as_amount),
            FigureRow("pack.mb", "MB", Goal(14.0, at_least=False), as_amount),
        ),
    ),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen, and that `measure` does it."""
    add = parser.add_argument
    add("--pack", action="append", default=[], metavar="NAME|FILE", help="of a voice (default: every one that ships)")
    add(
        "--voice",
        action="append",
        default=[],
        type=engine_voice,
        metavar="ENGINE/VOICE[/WORDS A MINUTE]",
        help=f"of an engine (default: {USUAL_ENGINE})",
    )
    add("--sentences", type=int, default=SENTENCES, metavar="N", help="how many each of them says (%(default)s)")
    add("--out", type=Path, metavar="FILE", help="also write the table there: FILE.tsv or FILE.md")
    add(
        "--work",
        type=Path,
        default=cache_folder() / "benchmark",
        metavar="DIR",
        help="where Whisper's network is put together (default: %(default)s)",
    )
    parser.set_defaults(measure=measure)


def measure(options: argparse.Namespace) -> None:
    """Measure, and print the table.

    Raises:
        VoicecoachError: Something is missing or broken, or a file cannot be written.
    """
    if options.sentences < 1:
        raise BadRequestError(f"--sentences {options.sentences}: somebody must speak; write 1 or more")
    if options.out:
        check_writable(options.out)
    assembly = shipped_assembly()
    sentences = sample(assembly, options.sentences)
    listener = _listener(options.work, assembly)
    with ExitStack() as stack:
        found, misheard = compare(_speakers(options, assembly, stack), sentences, listener, assembly.language.number)
    origin = _origin(len(sentences), listener)
    print(origin, text(ROWS, found), LEGEND, *["\n".join(misheard)] if misheard else [], sep="\n\n")
    if options.out:
        write(options.out, origin, ROWS, found)


def compare(
    speakers: Iterable[Speaker], sentences: Sequence[str], listener: Listener | None, number: Callable[[int], str]
) -> tuple[dict[str, dict[str, Figure]], list[str]]:
    """The figures of each of ``speakers`` by its name, and what was misunderstood worst, to be read.

    Args:
        speakers: Each says what it can of ``sentences``.
        sentences: The same for all.
        listener: None: nobody listens, and there are no figures of that.
        number: A number in words.

    Raises:
        VoicecoachError: A speaker says none of them, or cannot speak.
    """
    found, misheard = {}, []
    for speaker in speakers:
        sayings = _sayings(speaker, sentences, listener)
        if not sayings:
            raise VoicecoachError(f"{speaker.name} says none of the {len(sentences)} sentences")
        found[speaker.name] = tally.figures(sayings, number)
        if isinstance(speaker, PackSpeaker):
            found[speaker.name] |= tally.pack_figures(speaker.pack)
        worst = list(tally.worst(sayings, number).items())[:_WORST]
        misheard += [f'{speaker.name}: "{sentence}" as "{heard}"' for sentence, heard in worst]
    return found, misheard


def sample(assembly: Assembly, most: int, seed: int = SEED) -> list[str]:
    """So many sentences of the routines for bedtime, drawn by chance; counts and parts of sentences are none."""
    routines = [key for key, routine in assembly.library.routines.items() if routine.when is When.BEDTIME]
    texts = assembly.recordings(*routines)["sessions"]
    every = {one for text in texts for one in clips_of(text) if one[0].isupper() and one[-1] in ".?!"}
    return random.Random(seed).sample(sorted(every), min(most, len(every)))  # noqa: S311 - no secret


def _listener(work: Path, assembly: Assembly) -> Listener | None:
    try:
        return Whisper(BASE, work / "whisper-base", assembly.language.code.split("-", maxsplit=1)[0])
    except MissingPartError as error:
        warn(f"{error}; what it would understand is left out")
        return None


def _speakers(options: argparse.Namespace, assembly: Assembly, stack: ExitStack) -> Iterator[Speaker]:
    """Packs, then engines; each engine is started when its turn comes."""
    found = found_packs(assembly.language.code, warn)
    for wanted in options.pack or found.shipped:
        pack = VoicePack(Path(wanted)) if wanted.endswith(SUFFIX) else found.named(wanted)
        if pack is None:
            raise BadRequestError(f'there is no voice pack "{wanted}"; name one that is installed, or a file')
        yield PackSpeaker(pack.manifest.name, pack)
    for one in options.voice or [engine_voice(USUAL_ENGINE)]:
        yield EngineSpeaker(one.name, stack.enter_context(assembly.synthesizer(one.engine)), one.voice)


def _sayings(speaker: Speaker, sentences: Sequence[str], listener: Listener | None) -> list[Said]:
    sayings = []
    for sentence in tqdm(sentences, desc=speaker.name, disable=None, leave=False):
        times = _TIMES if isinstance(speaker, PackSpeaker) else 1
        took = []
        for _ in range(times):
            began = time.perf_counter()
            clip = speaker.say(sentence)
            took.append(time.perf_counter() - began)
        if clip is not None:
            sayings.append(tally.said(sentence, clip, sorted(took)[len(took) // 2], listener))
    return sayings


def _origin(sentences: int, listener: Listener | None) -> str:
    ears = "Whisper base" if listener else "nobody listened"
    told = ", ".join(value if name == "processor" else f"{name} {value}" for name, value in machine().items())
    return f"{told}\n{sentences} sentences of the routines for bedtime, drawn with seed {SEED}; {ears}"
