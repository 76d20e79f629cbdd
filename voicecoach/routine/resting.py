"""The rest between two rounds of a stretch: out of it, quiet time, and the name of the round that comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.routine.plan import Rest, Say, lying_down
from voicecoach.routine.plan_words import BREATHE_IN_S, BREATHE_OUT_S
from voicecoach.routine.stretch import Position
from voicecoach.routine.ways import RESTS_IN, rests_in

if TYPE_CHECKING:
    from voicecoach.routine.plan import Beat
    from voicecoach.routine.plan_words import PlanWords
    from voicecoach.routine.stretch import Dose, Stretch

LIE_DOWN_FROM_S = 20
"""For a shorter rest it is not worth lying down and getting up again."""
A_BREATH_S = BREATHE_IN_S + BREATHE_OUT_S
"""A rest whose length nobody wrote down."""


def rest_before(number: int, dose: Dose, stretch: Stretch, words: PlanWords) -> tuple[list[Beat], Position | None]:
    """What comes before round ``number`` (from 2), and where the listener lies then, if not in the stretch's position.

    How long the rest is, is said before the first one.
    """
    said, lies = words.rounds, None
    beats: list[Beat] = []
    rest_s = A_BREATH_S if dose.rest_s is None else float(dose.rest_s)
    if rest_s:
        way_out, lies = _way_out(stretch, rest_s, words)
        length = said.rest_a_breath if dose.rest_s is None else said.rest[dose.rest_s]
        first = number == 2  # noqa: PLR2004 - before the first round nobody rests
        out: list[Beat] = [Say(way_out, way_out)] if way_out else []
        beats += [*out, Say(length if first else said.rest_again, said.rest_again), Rest(rest_s, lies)]
    name = said.name(number, dose.sets)
    return [*beats, Say(name, name)], lies


def _way_out(stretch: Stretch, rest_s: float, words: PlanWords) -> tuple[str, Position | None]:
    """The words that lead to where one can rest, and where that is."""
    if stretch.position in RESTS_IN and rest_s >= LIE_DOWN_FROM_S:
        if stretch.release:  # it has just been said
            return lying_down(frozenset({stretch.position}), words.ways), Position.ON_SIDE
        return stretch.come_out, rests_in(stretch.position)
    return ("" if stretch.release else stretch.come_out), None
