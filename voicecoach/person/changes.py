"""What is different tonight from what the routine asks for, so that the coach can say so: once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet


class ChangeKind(Enum):
    """Why a plan differs from its routine, in the order in which it is told; the value stands in the journal."""

    ONLY_BREATHING = "only breathing"
    """`Change.rest` tells why."""
    RULED_OUT = "ruled out"
    SWAPPED = "swapped"
    """Where one condition does both, this follows `RULED_OUT` at once, so that one sentence can tell of the two."""
    LEFT_OUT_FOR_PAIN = "left out for pain"
    EASIER_FIRST = "easier first"
    """It hurt the last time."""
    STEP_BACK = "step back"
    """After a break."""
    MORE = "more"
    GENTLE = "gentle"
    """It is not known how the back is tonight: every dose is at its low end."""
    SHORTENED = "shortened"
    """Cut to the minutes that were asked for."""


class Rest(Enum):
    """Why there is only breathing tonight, the weightiest first."""

    RED_FLAG = "red flag"
    """An answer of the first evening: a professional comes first."""
    UNCLEAR = "unclear"
    """It is not known whether there is a red flag."""
    WORSE = "worse"
    """The back has felt worse after stretching, twice in a row."""
    PAIN = "pain"
    """It hurts too much tonight."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different, for one reason."""

    kind: ChangeKind
    stretches: tuple[str, ...] = ()
    """Keys, in the order of the routine; those that are left out, swapped for another, or done differently."""
    condition: Condition | None = None
    """What rules them out."""
    occasions: tuple[str, ...] = ()
    """For each stretch (one, where there is none) what makes this worth telling anew: a level, a night; else empty.
    Where a condition rules it out and nobody is sure of that, the day on which it was asked."""
    rest: Rest | None = None
    """Why there is only breathing: always given with `ChangeKind.ONLY_BREATHING`, and with no other kind."""

    @property
    def is_unclear(self) -> bool:
        """Whether nobody knows if the condition holds."""
        return self.condition is not None and any(self.occasions)

    @property
    def key(self) -> str:
        """What the journal remembers of it (`Fact.TOLD`); it never changes for the same change."""
        items = ",".join(_item(*each) for each in self._items())
        return f"{self.kind.value}|{self.condition.value if self.condition else ''}|{items}"

    def not_in(self, told: AbstractSet[str]) -> Change | None:
        """What has not been told of it, if anything."""
        head, _, _ = self.key.rpartition("|")
        before = {item for key in told if key.startswith(f"{head}|") for item in key.rpartition("|")[2].split(",")}
        left = [item for item in self._items() if _item(*item) not in before]
        if not left:
            return None
        return replace(
            self,
            stretches=tuple(stretch for stretch, _ in left if stretch),
            occasions=tuple(occasion for _, occasion in left),
        )

    def _items(self) -> list[tuple[str, str]]:
        stretches = self.stretches or ("",)
        return list(zip(stretches, self.occasions or ("",) * len(stretches), strict=True))


def _item(stretch: str, occasion: str) -> str:
    return f"{stretch}@{occasion}" if occasion else stretch


@dataclass(frozen=True, slots=True)
class Difference:
    """A change of one stretch, before those for the same reason are put together."""

    kind: ChangeKind
    stretch: str = ""
    condition: Condition | None = None
    occasion: str = ""
    rest: Rest | None = None


def put_together(differences: Iterable[Difference], told: AbstractSet[str], most: int) -> tuple[Change, ...]:
    """The changes that have not been told, one for each reason, the weightiest first.

    Args:
        differences: In the order of the routine.
        told: Keys of changes that have been told.
        most: How many changes are worth telling in one night.  What lasts comes up again, and so it waits for what is
            for tonight: nothing is ever more without a word.
    """
    groups: dict[tuple[ChangeKind, Condition | None, Rest | None], list[Difference]] = {}
    for one in differences:
        groups.setdefault((one.kind, one.condition, one.rest), []).append(one)
    changes = [
        Change(kind, tuple(one.stretch for one in group if one.stretch), condition, _occasions(group), rest)
        for (kind, condition, rest), group in groups.items()
    ]
    new = sorted((change for each in changes if (change := each.not_in(told))), key=_weight)
    return tuple(sorted(sorted(new, key=lambda change: change.kind in _LASTING)[:most], key=_weight))


def _occasions(group: Iterable[Difference]) -> tuple[str, ...]:
    return tuple(one.occasion for one in group)


_KINDS, _CONDITIONS = list(ChangeKind), list(Condition)
_BY_CONDITION = {ChangeKind.RULED_OUT, ChangeKind.SWAPPED}
_LASTING = _BY_CONDITION | {ChangeKind.LEFT_OUT_FOR_PAIN}


def _weight(change: Change) -> tuple[int, int, int]:
    """Sorts by kind; what one condition does stays together."""
    kind = _KINDS.index(change.kind)
    if change.kind not in _BY_CONDITION or change.condition is None:
        return kind, 0, 0
    return _KINDS.index(ChangeKind.RULED_OUT), _CONDITIONS.index(change.condition), kind
