"""What the benchmark's night consists of: every stretch of it, for every column."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from benchmark.night.attending import NightStretch, What
from benchmark.night.columns import NightColumn
from benchmark.night.interrupting import Interview, SaidOver
from benchmark.night.surroundings import (
    FAR,
    NEAR,
    NIGHT_DB,
    QUIET,
    Background,
    Surroundings,
    in_noise,
    over_own_voice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmark.night.casting import NightCast
    from benchmark.night.effort import Effort

Stretch: TypeAlias = NightStretch | Interview
_Thing = TypeVar("_Thing")

STOP_ECHO_DB = -6
"""How loud the coach's own voice is over which "stop" is timed."""
_TOGETHER = 12
"""Things said in one stretch: few enough to share the stretches out, so many that it is worth while to begin one."""
_SENTENCES_TOGETHER = 48
_RECORDED_TOGETHER = 24
_NOISE_S = 120.0
"""How long a stretch is in which nobody speaks."""


def programme(
    cast: NightCast,
    routines: Sequence[str],
    usual: Sequence[str],
    effort: Effort,
    columns: Iterable[NightColumn] = NightColumn,
) -> list[Stretch]:
    """Every stretch.

    Args:
        cast: Who says what.
        routines: The sentences of all routines.
        usual: The sentences over which commands are given.
        effort: How much of it.
        columns: Who hears it.
    """
    stretches: list[Stretch] = []
    for column in columns:
        every = 1 if column is NightColumn.OURS else effort.baselines_every
        parts: tuple[Iterator[Stretch], ...] = (
            _commands(column, cast, usual, effort),
            _interviews(column, cast),
            _talk(column, cast, effort),
            _noise(column, cast, effort),
            _own_voice(column, routines, effort),
        )
        # Each part by itself, so that a smaller share of the stretches has something of everything.
        stretches += chain.from_iterable(list(part)[::every] for part in parts)
    return stretches


def _commands(column: NightColumn, cast: NightCast, usual: Sequence[str], effort: Effort) -> Iterator[NightStretch]:
    for surroundings in (QUIET, NEAR, FAR):
        for said in _parts(cast.commands, _TOGETHER):
            yield NightStretch(column, What.COMMANDS, "routine", surroundings, said)
    backgrounds = tuple(Background)
    for snr_db in effort.snrs_db:
        for place, background in enumerate(backgrounds):
            commands = cast.commands if effort.every_background else cast.commands[place :: len(backgrounds)]
            for said in _parts(commands, _TOGETHER):
                yield NightStretch(column, What.COMMANDS, "routine", in_noise(background, snr_db), said)
    for echo_db in effort.echoes_db:
        for said in _parts(cast.commands, _TOGETHER):
            yield NightStretch(column, What.COMMANDS, "routine", over_own_voice(echo_db), said, coach_says=tuple(usual))


def _interviews(column: NightColumn, cast: NightCast) -> Iterator[Interview]:
    for said in _parts(cast.stops, _TOGETHER):
        yield Interview(column, SaidOver.INTO_SENTENCE, over_own_voice(STOP_ECHO_DB), said)
    for said in _parts(cast.answered, _TOGETHER):
        yield Interview(column, SaidOver.INTO_PAUSE, QUIET, said)


def _talk(column: NightColumn, cast: NightCast, effort: Effort) -> Iterator[NightStretch]:
    for listens in _listens(effort):
        for said in _parts(cast.speech, _SENTENCES_TOGETHER):
            yield NightStretch(column, What.SPEECH, listens, QUIET, said, gap_s=0.6)
        for said in _parts(cast.words, _SENTENCES_TOGETHER):
            yield NightStretch(column, What.WORDS, listens, QUIET, said, gap_s=1.5)


def _noise(column: NightColumn, cast: NightCast, effort: Effort) -> Iterator[NightStretch]:
    recorded = Surroundings("night.recorded", level_db=NIGHT_DB)
    for listens in _listens(effort):
        for background in (Background.FAN, Background.RAIN, Background.SNORING, Background.BABBLE):
            night = Surroundings(f"night.{background.value}", background, NIGHT_DB)
            for part in range(round(effort.noise_s / _NOISE_S)):
                yield NightStretch(column, What.NOISE, listens, night, lasts_s=_NOISE_S, take=part)
        for said in _parts(cast.noise, _RECORDED_TOGETHER):
            yield NightStretch(column, What.NOISE, listens, recorded, said, gap_s=0.5)


def _own_voice(column: NightColumn, routines: Sequence[str], effort: Effort) -> Iterator[NightStretch]:
    rooms = [over_own_voice(echo_db) for echo_db in effort.own_voice_echoes_db]
    # The others are deaf while the speaker sounds: how late its sound comes is a matter of the coach's own hearing.
    late = [over_own_voice(0, delay_s) for delay_s in effort.late_s] if column is NightColumn.OURS else []
    for room in rooms + late:
        for sentences in _parts(routines, _SENTENCES_TOGETHER):
            yield NightStretch(column, What.OWN_VOICE, "routine", room, coach_says=sentences)


def _listens(effort: Effort) -> tuple[str, ...]:
    return ("routine", "rest") if effort.at_rest else ("routine",)


def _parts(things: Sequence[_Thing], most: int) -> Iterator[tuple[_Thing, ...]]:
    """``things``, so many at a time."""
    for at in range(0, len(things), most):
        yield tuple(things[at : at + most])
