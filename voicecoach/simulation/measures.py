"""Values with their units, as scenario files write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from voicecoach.simulation.echo_path import LEAST_DELAY_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.yamlfile import Node

_UNITS_S: Final = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
LONGEST_S: Final = 12 * 3600.0
_MEASURE: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?([a-zA-Z]{1,3}|%)")


def seconds(node: Node) -> float:
    return _measured(node, _UNITS_S, (0.0, LONGEST_S), "2 s", "0.5 s", "10 min")


def decibels(node: Node) -> float:
    return _measured(node, {"dB": 1.0}, (-120.0, 0.0), "-30 dB")


def echo_delay_s(node: Node) -> float:
    return _measured(node, _UNITS_S, (LEAST_DELAY_S, 1.0), "40 ms", "0.2 s")


def drift_ppm(node: Node) -> float:
    return _measured(node, {"ppm": 1.0}, (-500.0, 500.0), "100 ppm", "-50 ppm")


def distortion(node: Node) -> float:
    return _measured(node, {"%": 1.0}, (0.0, 10.0), "3 %") / 100.0


def metres(node: Node) -> float:
    return _measured(node, {"m": 1.0}, (0.1, 10.0), "0.8 m", "2 m")


def _measured(node: Node, units: Mapping[str, float], limits: tuple[float, float], *examples: str) -> float:
    """A number with its unit, in the unit whose factor is 1."""
    written = node.text()
    low, high = limits
    parts = _MEASURE.fullmatch(written)
    factor = units.get(parts[2]) if parts else None
    if not parts or factor is None or not low <= float(parts[1]) * factor <= high:
        unit = next(name for name, factor in units.items() if factor == 1.0)
        wanted = f"a number from {low:g} to {high:g} {unit} with its unit, such as {' or '.join(examples)}"
        raise node.error(f'{node.called} is "{written}"; write {wanted}')
    return float(parts[1]) * factor
