"""Which figures are shown, in which order and under which headings, and what each of them should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.listening import SNRS_DB
from benchmark.scoring import NOISE, SENTENCES, SYNTHETIC, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from benchmark.intervals import Figure

_MOST_PHRASES = 12
"""Of the coach's phrases, those that are heard worst are shown; so many at most."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be."""

    to_reach: float
    goal: float | None = None
    at_least: bool = True
    """Otherwise the figure should be so much at most."""

    def reached(self, value: float) -> int:
        """How many of the two ``value`` reaches."""
        bounds = [bound for bound in (self.to_reach, self.goal) if bound is not None]
        return sum(value >= bound if self.at_least else value <= bound for bound in bounds)


def as_share(value: float) -> str:
    """From 0 to 1, or a little more."""
    return f"{value:.3f}".removeprefix("0")


def as_amount(value: float) -> str:
    """Three digits, or as many as stand before the point."""
    return f"{value:#.3g}".rstrip(".") if value < 1000 else f"{value:.0f}"  # noqa: PLR2004 - three digits


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of each model."""

    key: str
    label: str
    goal: Goal | None = None
    write: Callable[[float], str] = as_share


@dataclass(frozen=True, slots=True)
class Section:
    """Rows with something in common."""

    heading: str
    rows: tuple[FigureRow, ...]


def _right(at_least: float, goal: float) -> Goal:
    return Goal(at_least, goal)


def _few(at_most: float, goal: float | None = None) -> Goal:
    return Goal(at_most, goal, at_least=False)


_WITH = {"ten": "ten words", "rest": "coach at rest", "routine": "coach in a routine"}
"""The sets of phrases that everything is heard with."""
_OTHERS = {WORDS: "other single words", SENTENCES: "other phrases and sentences", NOISE: "night and household noise"}
_FALSE_GOALS = {WORDS: _few(0.05, 0.02), SENTENCES: _few(0.02, 0.005), NOISE: _few(0.01, 0.0)}
_WHO = {
    "ten": "ten words, people",
    "digits": "digits zero to ten, people",
    "unheard": "words never heard alone, people",
    SYNTHETIC: "coach's phrases, synthetic persons",
    "rest": "coach at rest, people",
    "routine": "coach in a routine, people",
}
_KEPT = _right(0.85, 0.93)

_GOALS = Section(
    "What is to be reached",
    (
        FigureRow("right.ten", "ten words, right", _right(0.93, 0.97)),
        FigureRow("right.ten.word.stop", '  "stop"', _right(0.97, 0.99)),
        FigureRow("right.unheard", "words never heard alone from people, right", _right(0.91, 0.95)),
        FigureRow("right.digits", "digits zero to ten, right", _right(0.93, 0.97)),
        FigureRow(f"right.{SYNTHETIC}", "coach's phrases, synthetic persons, right", _right(0.98, 0.99)),
        *(
            FigureRow(f"false.{key}.{kind}", f"{label} accepted, {where}", _FALSE_GOALS[kind])
            for kind, label in _OTHERS.items()
            for key, where in _WITH.items()
        ),
        FigureRow("kept.ten@6", "at 6 dB, share of the clean figure, ten words", _KEPT),
        FigureRow("kept.digits@6", "at 6 dB, share of the clean figure, digits", _KEPT),
        FigureRow(f"kept.{SYNTHETIC}@6", "at 6 dB, share of the clean figure, coach's phrases", _KEPT),
        FigureRow("cost.disk_mb", "model on disk, MB", _few(12), as_amount),
        FigureRow("cost.memory_mb", "memory of the process, MB", _few(90), as_amount),
        FigureRow("cost.load_ms", "loading, ms", _few(150), as_amount),
        FigureRow("cost.cpu.talk", "share of one core while somebody talks", _few(0.03)),
        FigureRow("cost.cpu.quiet", "share of one core in a quiet room"),
    ),
)
_ROOMS = {"": "quiet room", **{f"@{snr_db}": f"{snr_db} dB" for snr_db in SNRS_DB}}
_IN_ROOMS = (
    Section(
        "Right, by noise",
        tuple(
            FigureRow(f"right.{key}{at}", f"{who}, {room}") for key, who in _WHO.items() for at, room in _ROOMS.items()
        ),
    ),
    Section(
        "Another phrase accepted than the one that was said (the rest: nothing)",
        tuple(
            FigureRow(f"other.{key}{at}", f"{who}, {room}") for key, who in _WHO.items() for at, room in _ROOMS.items()
        ),
    ),
    *(
        Section(
            f"Falsely accepted: {label}",
            tuple(
                FigureRow(f"false.{key}.{kind}{at}", f"{where}, {room}")
                for key, where in _WITH.items()
                for at, room in _ROOMS.items()
            ),
        )
        for kind, label in _OTHERS.items()
        if kind != NOISE
    ),
    Section(
        "Falsely accepted in an hour of noise",
        tuple(FigureRow(f"hourly.{key}.{NOISE}", where, write=as_amount) for key, where in _WITH.items()),
    ),
)


def sections(keys: Iterable[str], main: Mapping[str, Figure]) -> list[Section]:
    """All rows; those for words are made of the ``keys`` there are.

    Args:
        keys: Of all models.
        main: The figures of the first model: they decide which phrases are shown.
    """
    words = sorted(key for key in keys if ".word." in key and "@" not in key)
    worst = sorted((key for key in words if _is_of(SYNTHETIC, key) and key in main), key=lambda key: main[key].value)
    return [
        _GOALS,
        *_IN_ROOMS,
        *(
            Section(f"Right, by word: {_WHO[who]}", _in_each_room(key for key in words if _is_of(who, key)))
            for who in ("ten", "digits", "unheard")
        ),
        Section("The coach's phrases that were heard worst, synthetic persons", _in_each_room(worst[:_MOST_PHRASES])),
    ]


def _is_of(who: str, key: str) -> bool:
    return key.startswith(f"right.{who}.word.")


def _in_each_room(keys: Iterable[str]) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(f"{key}{at}", f"{key.partition('.word.')[2]}, {room}") for key in keys for at, room in _ROOMS.items()
    )
