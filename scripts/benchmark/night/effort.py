"""How much is measured: everything, or what fits into five minutes."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from benchmark.night.surroundings import ECHOES_DB, LATE_S, SNRS_DB


@dataclass(frozen=True, slots=True)
class Effort:
    """How many of everything."""

    of_a_text: int
    of_a_kind: int
    """Of people's recordings; see `recordings.sampled`."""
    phrases_of_a_command: int
    persons: int
    """Voices of rules for each phrase of a routine."""
    neural: int
    """Voices of Kokoro for each."""
    talkers: int
    """Synthetic persons for each sentence and word that is no command."""
    stops: int
    answers: int
    """Latencies are measured with so many commands at most."""
    snrs_db: tuple[int, ...]
    every_background: bool
    """Whether each command is said in each noise; otherwise in one of them, in turn."""
    echoes_db: tuple[int, ...]
    own_voice_echoes_db: tuple[int, ...]
    late_s: tuple[float, ...]
    """How late the coach's own voice comes, at 0 dB, beside the usual delay."""
    at_rest: bool
    """Whether false acceptances are counted at rest too."""
    noise_s: float
    """Of each kind of noise at night."""
    baselines_every: int
    """The other columns get every so manieth stretch of the night."""
    runs: int
    """Of the processor's costs."""
    cost_s: float
    night_s: float
    """How long the sounds are that the costs, and those of a night, are measured with."""


FULL = Effort(
    of_a_text=sys.maxsize,
    of_a_kind=sys.maxsize,
    phrases_of_a_command=3,
    persons=2,
    neural=1,
    talkers=6,
    stops=200,
    answers=200,
    snrs_db=SNRS_DB,
    every_background=True,
    echoes_db=ECHOES_DB,
    own_voice_echoes_db=ECHOES_DB,
    late_s=LATE_S,
    at_rest=True,
    noise_s=1800.0,
    baselines_every=3,
    runs=5,
    cost_s=60.0,
    night_s=600.0,
)
QUICK = Effort(
    of_a_text=2,
    of_a_kind=60,
    phrases_of_a_command=2,
    persons=1,
    neural=0,
    talkers=2,
    stops=80,
    answers=60,
    snrs_db=(6,),
    every_background=False,
    echoes_db=(-6,),
    own_voice_echoes_db=(0,),
    late_s=(),
    at_rest=False,
    noise_s=120.0,
    baselines_every=3,
    runs=3,
    cost_s=20.0,
    night_s=60.0,
)
