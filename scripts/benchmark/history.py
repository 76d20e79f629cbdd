"""``scripts/bench history``: what ten years of nightly history cost on the disk, and before a plan is made."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.intervals import Figure, middle
from benchmark.machine import machine
from benchmark.phrases import shipped_assembly
from benchmark.rows import FigureRow, Goal, Section, as_amount
from benchmark.table import LEGEND, text
from voicecoach.journal.store import Journal
from voicecoach.person.adapting import prepare
from voicecoach.person.choosing import choose
from voicecoach.person.facts import Fact, Record
from voicecoach.person.tonight import Tonight
from voicecoach.simulation.scenario import EVENING, answered

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from voicecoach.assembly import Assembly

HELP = "what ten years of nightly history cost"
NIGHTS = 3650
_RUNS = 5
_ROUTINE_LASTS = timedelta(minutes=15)


def add_options(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""
    parser.set_defaults(measure=measure)


def measure(_: argparse.Namespace) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures(shipped_assembly(), Path(folder) / "journal.sqlite3")
    most = {"mb": 20.0, "plan_ms": 100.0}
    rows = (
        FigureRow("mb", f"history of {NIGHTS} nights on the disk, MB", Goal(most["mb"], at_least=False), as_amount),
        FigureRow("open_ms", "opening it and reading everything once, ms", write=as_amount),
        FigureRow("person_ms", "who the person is, after a line was written, ms", write=as_amount),
        FigureRow(
            "plan_ms", "tonight's plan, the person included, ms", Goal(most["plan_ms"], at_least=False), as_amount
        ),
        FigureRow("ten_ms", "the same, cut to ten minutes, ms", Goal(most["plan_ms"], at_least=False), as_amount),
        FigureRow("choose_ms", '"something for tonight", ms', write=as_amount),
    )
    print(", ".join(value if name == "processor" else f"{name} {value}" for name, value in machine().items()))
    print(f"\n{text([Section('Ten years of nights', rows)], {'voicecoach': figures})}\n\n{LEGEND}")


def _figures(assembly: Assembly, path: Path) -> dict[str, Figure]:
    now = EVENING + timedelta(days=NIGHTS)
    _fill(assembly, path)
    opened = [_milliseconds(lambda: Journal(path, print, lambda: now).close()) for _ in range(_RUNS)]
    journal = Journal(path, print, lambda: now)
    library, words = assembly.library, assembly.language.plan

    def person() -> Tonight:
        journal.add(Record(now, Fact.PACE, value=1.0))
        return Tonight(now, journal.person())

    def plan(minutes: int | None) -> None:
        prepare(library.routines["bedtime"], person(), words, library.stretches, minutes)

    costs: dict[str, Callable[[], object]] = {
        "person_ms": person,
        "plan_ms": lambda: plan(None),
        "ten_ms": lambda: plan(10),
        "choose_ms": lambda: choose(library.routines, person()),
    }
    figures = {key: middle([_milliseconds(cost) for _ in range(_RUNS)]) for key, cost in costs.items()}
    journal.close()
    size = path.stat().st_size / 1e6
    return {"mb": Figure(size, 1, size, size), "open_ms": middle(opened), **figures}


def _fill(assembly: Assembly, path: Path) -> None:
    journal = Journal(path, print, lambda: EVENING)
    for record in _nights(assembly):
        journal.add(record)
    journal.close()


def _nights(assembly: Assembly) -> Iterator[Record]:
    """Every night one of the routines, with pain before and after, every stretch, and now and then one that hurts."""
    yield from answered(EVENING)
    for night, routine in enumerate(islice(cycle(assembly.library.routines.values()), NIGHTS)):
        began = EVENING + timedelta(days=night)
        yield Record(began, Fact.SESSION_STARTED, routine.key)
        yield Record(began, Fact.PAIN_BEFORE, value=3 + night % 4)
        for place, entry in enumerate(routine.entries):
            key = entry.stretch.key
            if (night + place) % 50 == 0:
                yield Record(began, Fact.HURT, key, side="right", second=60.0 * place)
            yield Record(began + timedelta(minutes=place), Fact.STRETCH_DONE, key, value=0)
        yield Record(began + _ROUTINE_LASTS, Fact.SESSION_FINISHED, routine.key)
        yield Record(began + _ROUTINE_LASTS, Fact.PAIN_AFTER, value=2 + night % 4)


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return 1000 * (time.process_time() - began)
