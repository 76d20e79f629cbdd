"""``scripts/bench``: what is promised of the coach's hearing, measured in one night, beside what others do."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from benchmark.machine import machine
from benchmark.night.casting import cast
from benchmark.night.columns import NightColumn, measured_assembly, measured_columns
from benchmark.night.cost_sounds import cost_sounds
from benchmark.night.costs import costs
from benchmark.night.effort import FULL, QUICK
from benchmark.night.listening import outcomes
from benchmark.night.programme import programme
from benchmark.night.rows import sections
from benchmark.night.tally import figures
from benchmark.phrases import situations
from benchmark.recordings import Kind
from benchmark.table import LEGEND, check_writable, text, write
from voicecoach.console_log import prepare
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.settings import cache_folder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from benchmark.intervals import Figure
    from benchmark.night.casting import NightCast
    from benchmark.night.listening import Outcome


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen, and that `measure` does it."""
    add = parser.add_argument
    add("--speech", type=Path, metavar="DIR", help="recordings with an index.tsv (default: synthetic persons alone)")
    add("--quick", action="store_true", help="a small sample, always the same, in less than five minutes")
    add("--json", type=Path, metavar="FILE", help="also write every figure there: {key: {value, n, low, high}}")
    add("--out", type=Path, metavar="FILE", help="also write the table there: FILE.tsv or FILE.md")
    add("--workers", type=int, default=os.cpu_count() or 1, help="processes that listen (default: %(default)s)")
    add(
        "--work",
        type=Path,
        default=cache_folder() / "benchmark",
        metavar="DIR",
        help="where the clips of synthetic voices are kept (default: %(default)s)",
    )
    parser.set_defaults(measure=measure)


def measure(options: argparse.Namespace) -> None:
    """Measure, and print the table.

    Raises:
        VoicecoachError: Something is missing or broken, or a file cannot be written.
    """
    _check(options)
    effort = QUICK if options.quick else FULL
    assembly = measured_assembly()
    sets = situations(assembly)
    everybody = cast(options.speech, assembly, sets, effort, options.work)
    sentences, usual = assembly.sentences(), assembly.sentences(assembly.settings.usual_routine)
    columns = measured_columns(quick=options.quick)
    found: dict[str, dict[str, Figure]] = {}
    with assembly.synthesizer() as synthesizer:
        clips = assembly.clips(synthesizer, MICROPHONE_HZ)
        prepare(clips, sentences)
        sounds = cost_sounds(everybody.speech, usual, clips, assembly.settings.volume_db, sets, effort)
    for column in tqdm(columns, desc="costs", disable=None):
        found[column.value] = costs(column, sounds, effort.runs)
    del sounds
    stretches = programme(everybody, sentences, usual, effort, columns)
    came_of_it: dict[NightColumn, list[Outcome]] = defaultdict(list)
    with tqdm(outcomes(stretches, everybody.talk, options.workers), "listening", len(stretches), disable=None) as bar:
        for stretch, outcome in zip(stretches, bar, strict=True):
            came_of_it[stretch.column].append(outcome)
    for column, of_column in came_of_it.items():
        found[column.value] |= figures(of_column)
    rows, origin = sections(found[NightColumn.OURS.value].keys()), _origin(everybody, options)
    print(origin, text(rows, found), LEGEND, sep="\n\n")
    if options.json:
        _write_json(options.json, found)
    if options.out:
        write(options.out, origin, rows, found)


def as_json(found: Mapping[str, Mapping[str, Figure]]) -> str:
    """The figures of each column: ours by their keys, those of another with its name and a slash before them.

    What is infinite, because it never came or cannot be bounded, is null.
    """
    values = {}
    for column, figures_of_column in found.items():
        before = "" if column == NightColumn.OURS.value else f"{column.replace(' ', '_')}/"
        for key, figure in figures_of_column.items():
            told = {"value": figure.value, "n": figure.n, "low": figure.low, "high": figure.high}
            values[before + key] = {name: None if isinf(number) else number for name, number in told.items()}
    return json.dumps(values, indent=1) + "\n"


def _check(options: argparse.Namespace) -> None:
    if options.workers < 1:
        raise BadRequestError(f"--workers {options.workers}: somebody must listen; write 1 or more")
    if options.out:
        check_writable(options.out)
    if options.json and not options.json.absolute().parent.is_dir():
        raise BadRequestError(f"there is no folder for {options.json}; make it, or name another file")


def _write_json(path: Path, found: Mapping[str, Mapping[str, Figure]]) -> None:
    try:
        path.write_text(as_json(found), encoding="utf-8")
    except OSError as error:
        raise VoicecoachError(
            f"{path} cannot be written ({error.strerror}); the figures are in the table above"
        ) from None


def _origin(everybody: NightCast, options: argparse.Namespace) -> str:
    """On what machine, and who was heard."""
    said = {
        "commands": everybody.commands,
        '"stop" by the clock': everybody.stops,
        "other words": everybody.words,
        "sentences": everybody.speech,
    }
    people = Counter(one.speaker for each in said.values() for one in each if one.kind is not Kind.SYNTHETIC)
    counted = ", ".join(f"{len(each)} {name}" for name, each in said.items())
    folder = f"{options.speech} and synthetic persons" if options.speech else "synthetic persons"
    return "\n".join(
        [
            ", ".join(value if name == "processor" else f"{name} {value}" for name, value in machine().items()),
            f"{folder}{', a sample' if options.quick else ''}: {counted}; {len(people)} speakers who are people",
        ]
    )
