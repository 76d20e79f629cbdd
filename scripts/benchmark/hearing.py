"""``scripts/bench hearing``: how well the coach understands people, and how little else it takes for words."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from benchmark.contenders import PEERS, opener
from benchmark.costs import costs
from benchmark.listening import PARTS, listen, noise_shelf, planned
from benchmark.machine import machine
from benchmark.phrases import MOST_OF_A_COMMAND, NEVER_ALONE, of_each_command, shipped_assembly, situations
from benchmark.recordings import Kind, kept_for_tuning, read_index, sampled
from benchmark.rows import sections
from benchmark.scenes import in_quiet_room
from benchmark.scoring import SYNTHETIC, figures
from benchmark.table import LEGEND, check_writable, text, write
from voicecoach.engines.recognition.model_files import find_model
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.settings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmark.contenders import Contender
    from benchmark.intervals import Figure
    from benchmark.listening import Hearing
    from benchmark.noise import NoiseShelf
    from benchmark.recordings import CorpusRecording
    from benchmark.scoring import Trial
    from voicecoach.assembly import Assembly

HELP = "how well people are understood, and what else is taken for words"
COSTS = "costs"
"""What can be measured by itself besides `PARTS`."""
_COST_S = 30.0
"""How long the sounds are that the processor's share is measured with."""


@dataclass(frozen=True, slots=True)
class HearingEffort:
    """How much is measured."""

    most_of_a_text: int
    most_of_a_kind: int
    """Of the recordings; see `sampled`."""
    phrases_of_a_command: int
    persons: int
    """Synthetic ones, for each phrase."""
    runs: int
    """Of which the costs are the median."""


FULL = HearingEffort(
    most_of_a_text=sys.maxsize, most_of_a_kind=sys.maxsize, phrases_of_a_command=MOST_OF_A_COMMAND, persons=3, runs=5
)
QUICK = HearingEffort(most_of_a_text=2, most_of_a_kind=30, phrases_of_a_command=1, persons=1, runs=3)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen, and that `measure` does it."""
    add = parser.add_argument
    add("--speech", type=Path, required=True, metavar="DIR", help="recordings with an index.tsv (docs/benchmark.md)")
    add(
        "--model",
        action="append",
        metavar="MODEL",
        help=f"folder of a Vosk model, or {' or '.join(PEERS)}; several make a column each (default: the shipped one)",
    )
    add("--quick", action="store_true", help="a small sample, always the same")
    add(
        "--part",
        choices=("all", "tuning"),
        default="all",
        help="tuning: only speakers that the trainer keeps for choosing costs and thresholds (default: %(default)s)",
    )
    add(
        "--only",
        action="append",
        choices=(*PARTS, COSTS),
        help="only this set of phrases, synthetic persons, or the costs; may be repeated (default: everything)",
    )
    add(
        "--unheard",
        type=_words,
        default=NEVER_ALONE,
        metavar="WORD,WORD",
        help=f"words that the model's training heard no person say alone (default: {','.join(NEVER_ALONE)})",
    )
    add("--out", type=Path, metavar="FILE", help="also write the table there: FILE.tsv or FILE.md")
    add("--workers", type=_count, default=os.cpu_count() or 1, help="processes that listen (default: %(default)s)")
    add(
        "--work",
        type=Path,
        default=cache_folder() / "benchmark",
        metavar="DIR",
        help="where the clips of synthetic voices are kept (default: %(default)s)",
    )
    parser.set_defaults(measure=measure)


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word for word in listed.lower().split(",") if word)


def _count(number: str) -> int:
    if not number.isdecimal() or not int(number):
        raise argparse.ArgumentTypeError(f"{number} is not a number from 1 on")
    return int(number)


def measure(options: argparse.Namespace) -> None:
    """Measure, and print the table.

    Raises:
        VoicecoachError: Recordings or models cannot be used, or the table cannot be written.
    """
    if options.out:
        check_writable(options.out)
    effort = QUICK if options.quick else FULL
    parts = options.only or (*PARTS, COSTS)
    assembly = shipped_assembly()
    models = named(options.model or [None])
    load = {name: opener(model) for name, model in models.items()}
    people = _people(options.speech, options.part, effort)
    shelf = noise_shelf(people)
    recordings = people + (_synthetic(assembly, effort, options.work) if SYNTHETIC in parts else [])
    sets = situations(assembly, options.unheard)
    found = _heard(planned(recordings, sets, parts), load, shelf, options.workers)
    if COSTS in parts:
        sounds = _cost_sounds(shelf)
        for name, model in tqdm(models.items(), desc="costs", unit="model", disable=None):
            phrases = sets.routine.by_hand if model in PEERS else sets.routine.phrases
            found[name] |= costs(model, phrases, sounds, effort.runs)
    every = {key for figures_of_model in found.values() for key in figures_of_model}
    if not every:
        raise BadRequestError(f"{options.speech} has no recording for --only {' '.join(parts)}")
    chosen, origin = sections(every, next(iter(found.values()))), _origin(recordings, shelf, options)
    print(origin, text(chosen, found), LEGEND, sep="\n\n")
    if options.out:
        write(options.out, origin, chosen, found)


def _people(folder: Path, part: str, effort: HearingEffort) -> list[CorpusRecording]:
    every = read_index(folder)
    wanted = kept_for_tuning(every) if part == "tuning" else every
    if not wanted:
        raise BadRequestError(f"none of the speakers of {folder} is kept for tuning; leave out --part")
    return sampled(wanted, effort.most_of_a_text, effort.most_of_a_kind)


def _heard(
    hearings: Sequence[Hearing], load: Mapping[str, Callable[[], Contender]], shelf: NoiseShelf, workers: int
) -> dict[str, dict[str, Figure]]:
    """The figures of each model."""
    trials: dict[str, list[Trial]] = {name: [] for name in load}
    with tqdm(
        total=len(load) * sum(one.trials for one in hearings), desc="listening", unit="clip", disable=None
    ) as bar:
        for heard in listen(hearings, load, shelf, workers):
            for name, of_model in heard.items():
                trials[name] += of_model
                bar.update(len(of_model))
    return {name: figures(of_model) for name, of_model in trials.items()}


def named(models: Sequence[str | None]) -> dict[str, str]:
    """What each model is called in the table, and what `opener` takes.

    Raises:
        MissingPartError: There is no such model, or it is broken.
    """
    found: dict[str, str] = {}
    for model in models:
        opened = model if model in PEERS else str(find_model(model).resolve())
        short = Path(opened).name
        found[opened if short in found else short] = opened
    return found


def _synthetic(assembly: Assembly, effort: HearingEffort, work: Path) -> list[CorpusRecording]:
    from benchmark.synthetic import synthetic_recordings  # noqa: PLC0415 - it needs what reads sound, and no table does

    phrases = of_each_command(assembly, effort.phrases_of_a_command)
    try:
        return synthetic_recordings(phrases, effort.persons, work)
    except MissingPartError as error:
        print(f"voicecoach: {error}; until then the coach's phrases are left out", file=sys.stderr)
        return []


def _cost_sounds(shelf: NoiseShelf) -> dict[str, NDArray[np.float32]]:
    """Talk, and nothing."""
    length = round(_COST_S * MICROPHONE_HZ)
    sounds = {"quiet": np.zeros(length, np.float32)}
    if shelf.talk:
        sounds["talk"] = np.resize(np.concatenate(shelf.talk), length)
    return {name: in_quiet_room(sound, np.random.default_rng(0)) for name, sound in sounds.items()}


def _origin(recordings: Sequence[CorpusRecording], shelf: NoiseShelf, options: argparse.Namespace) -> str:
    """What was listened to, and on what machine."""
    kinds = Counter(recording.kind for recording in recordings)
    speakers = len({one.speaker for one in recordings if one.kind not in {Kind.SYNTHETIC, Kind.NOISE}})
    part = "" if options.part == "all" else f", {options.part} part"
    counted = ", ".join(f"{n} {kind.value.replace('_', ' ')}" for kind, n in kinds.items())
    return "\n".join(
        [
            ", ".join(value if name == "processor" else f"{name} {value}" for name, value in machine().items()),
            f"{options.speech}{part}{', a sample' if options.quick else ''}: {counted}; {speakers} speakers",
            f"noise mixed in, each as often as the others: {', '.join(shelf.sources)}",
        ]
    )
