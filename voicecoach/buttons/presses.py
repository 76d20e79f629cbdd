"""One press, two, or a long one.  Pure; times are seconds of any clock that runs forwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TWICE_WITHIN_S: Final = 0.4
"""How soon after the first press the second one follows."""
LONG_S: Final = 0.8
"""A key that is down for so long is pressed long; it counts while it is still down."""

_EPSILON: Final = 1e-6
"""Seconds are no exact numbers."""


class Kind(StrEnum):
    """How a key is pressed; the value is how it is written in the settings."""

    ONCE = "press"
    TWICE = "twice"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Press:
    """A key has been pressed."""

    key: str
    kind: Kind


@dataclass(slots=True)
class _Key:
    since_s: float
    """When it went down or, after one press, when it was let go."""
    is_down: bool
    second: bool = False
    """Whether this is the second press."""


class Presses:
    """Follows keys.  What means nothing is not waited for: where two presses of a key do not, one counts at once."""

    def __init__(self, wanted: Mapping[str, Collection[Kind]]) -> None:
        """Begin with all keys up.

        Args:
            wanted: Which kinds mean something, for each key.
        """
        self._wanted = wanted
        self._keys: dict[str, _Key] = {}

    def take(self, key: str, now_s: float, *, down: bool) -> list[Press]:
        """A key has gone down or up; the presses that are known by that."""
        wanted = self._wanted.get(key, ())
        before = self._keys.get(key)
        if down:
            return self._down(key, before, wanted, now_s)
        if before is None or not before.is_down:
            return []
        del self._keys[key]
        if before.second:
            return [Press(key, Kind.TWICE)]
        if Kind.TWICE in wanted:
            self._keys[key] = _Key(now_s, is_down=False)
            return []
        return [Press(key, Kind.ONCE)] if Kind.ONCE in wanted else []

    def _down(self, key: str, before: _Key | None, wanted: Collection[Kind], now_s: float) -> list[Press]:
        if before is not None and before.is_down:
            return []
        second = before is not None
        if not second and set(wanted) == {Kind.ONCE}:
            return [Press(key, Kind.ONCE)]
        if wanted:
            self._keys[key] = _Key(now_s, is_down=True, second=second)
        return []

    def due(self, now_s: float) -> list[Press]:
        """The presses that are known by the time that has passed."""
        found = []
        for key, state in list(self._keys.items()):
            long = state.is_down and Kind.LONG in self._wanted[key] and now_s - state.since_s >= LONG_S - _EPSILON
            if long or (not state.is_down and now_s - state.since_s >= TWICE_WITHIN_S - _EPSILON):
                del self._keys[key]
                kind = Kind.LONG if long else Kind.ONCE
                if kind in self._wanted[key]:
                    found.append(Press(key, kind))
        return found

    @property
    def is_waiting(self) -> bool:
        """Whether time alone may tell something."""
        return bool(self._keys)
