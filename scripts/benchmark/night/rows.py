"""Which figures of the night are shown, in which order and under which headings, and what each of them should be."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from benchmark.night.surroundings import ECHOES_DB, LATE_S, SNRS_DB, Background, late_key
from benchmark.night.tally import NEURAL, PEOPLE, SYNTHETIC
from benchmark.rows import FigureRow, Goal, Section, as_amount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

NIGHT_H = 8
_NOISES = {
    "fan": "fan",
    "rain": "rain",
    "snoring": "snoring",
    "babble": "talk of five people",
    "recorded": "recorded noise",
}
_WHOSE = {
    PEOPLE: "people",
    SYNTHETIC: "synthetic persons (voices of rules)",
    NEURAL: "voices that are nearly human (Kokoro)",
}
_VOICES = {PEOPLE: "people", "espeak": "espeak-ng", "flite": "flite", "festival": "festival", "kokoro": "Kokoro"}


def as_milliseconds(value: float) -> str:
    """Whole ones; what never came is said so."""
    return "never" if isinf(value) else f"{value:.0f}"


def _most(to_reach: float, goal: float | None = None) -> Goal:
    return Goal(to_reach, goal, at_least=False)


_GOALS = Section(
    "What is to be reached",
    (
        FigureRow(
            "stop_to_silence_own_voice_p95_ms",
            '"stop" over own voice to silence, p95, ms',
            _most(300, 150),
            as_milliseconds,
        ),
        FigureRow(
            "answer_begins_quiet_p95_ms", "other commands to answer, quiet, p95, ms", _most(400), as_milliseconds
        ),
        FigureRow(
            "acceptance_own_voice_echo6_share", "right over own voice at -6 dB, of what is right in quiet", Goal(0.95)
        ),
        FigureRow("acceptance_snr6_share", "right at 6 dB SNR, of what is right in quiet", Goal(0.90)),
        FigureRow("own_voice_false_accepts", "coach's own voice: phrases accepted", _most(0), as_amount),
        FigureRow("speech_false_accepts_per_h", "running speech: phrases accepted an hour", _most(0.5, 0.1), as_amount),
        FigureRow("night_noise_false_accepts_per_h", "night noise: phrases accepted an hour", _most(0), as_amount),
        FigureRow("cpu_silence_share", "share of one core in silence", _most(0.01)),
        FigureRow("cpu_speech_share", "share of one core while somebody talks", _most(0.06)),
    ),
)
_SURROUNDINGS = {
    "quiet": "quiet room",
    "near": "near, in a room",
    "far": "far, in a room",
    **{
        key: label
        for snr_db in SNRS_DB
        for key, label in (
            (f"snr{snr_db}", f"{snr_db} dB SNR"),
            *((f"snr{snr_db}.{one.value}", f"  {one.value}") for one in Background),
        )
    },
    **{f"echo{-echo_db}": f"over own voice at {echo_db} dB" for echo_db in ECHOES_DB},
}
_DELAYS = tuple(
    row
    for key, obeyed, label in (
        ("stop_to_silence_own_voice", "stopped_own_voice_share", '"stop" over own voice at -6 dB to silence'),
        ("answer_begins_quiet", "answered_quiet_share", "other commands to answer, quiet"),
    )
    for row in (
        *(
            FigureRow(f"{key}_{part}_ms", f"{label}, {part}, ms", write=as_milliseconds)
            for part in ("p50", "p95", "max")
        ),
        FigureRow(obeyed, "  obeyed"),
    )
)
_FALSE = (
    tuple(
        row
        for rest, where in (("", "routine"), (".rest", "at rest"))
        for row in (
            FigureRow(f"speech_false_accepts_per_h{rest}", f"running speech, {where}, an hour", write=as_amount),
            FigureRow(f"word_false_accepts_share{rest}", f"single other words, {where}, share of the words"),
            FigureRow(f"night_noise_false_accepts_per_h{rest}", f"night noise, {where}, an hour", write=as_amount),
            *(
                FigureRow(f"night_noise_false_accepts_per_h{rest}.{key}", f"  {label}", write=as_amount)
                for key, label in _NOISES.items()
            ),
        )
    )
    + tuple(
        FigureRow(
            f"own_voice_false_accepts.echo{-echo_db}", f"own voice at {echo_db} dB, phrases in all", write=as_amount
        )
        for echo_db in ECHOES_DB
    )
    + tuple(
        FigureRow(
            f"own_voice_false_accepts.echo0{late_key(late_s)}",
            f"  at 0 dB, {late_s * 1000:.0f} ms late",
            write=as_amount,
        )
        for late_s in LATE_S
    )
)
_COSTS = (
    FigureRow("cpu_silence_share", "share of one core in silence"),
    FigureRow("cpu_speech_share", "share of one core while somebody talks"),
    FigureRow("cpu_own_voice_share", "share of one core while somebody talks over own voice"),
    FigureRow("night_cpu_s", f"processor seconds of {NIGHT_H} hours at rest, extrapolated", write=as_amount),
    FigureRow("memory_mb", "memory of the process, MB", write=as_amount),
    FigureRow("start_up_ms", "from its start until it listens, ms", write=as_amount),
)


def sections(keys: Collection[str]) -> list[Section]:
    """All rows; those for words are made of the ``keys`` there are."""
    words = sorted(key.removeprefix("right.quiet.word.") for key in keys if key.startswith("right.quiet.word."))
    return [
        _GOALS,
        Section("Commands, right", tuple(FigureRow(f"right.{key}", label) for key, label in _SURROUNDINGS.items())),
        *(Section(f"Commands, right, {label}", tuple(_rows_for(f".{key}"))) for key, label in _WHOSE.items()),
        Section(
            "Commands, right, by voice, quiet room",
            tuple(FigureRow(f"right.quiet.voice.{key}", label) for key, label in _VOICES.items()),
        ),
        Section(
            "Commands, right, by word, quiet room",
            tuple(FigureRow(f"right.quiet.word.{word}", word) for word in words),
        ),
        Section("Falsely accepted", _FALSE),
        Section("How soon, on the clock of the samples", _DELAYS),
        Section("Costs", _COSTS),
    ]


def _rows_for(whose: str) -> Iterable[FigureRow]:
    return (FigureRow(f"right.{key}{whose}", label) for key, label in _SURROUNDINGS.items() if "." not in key)
