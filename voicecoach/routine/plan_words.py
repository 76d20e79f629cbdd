"""The words that join the stretches' own sentences to a plan; a language's files fill them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.routine.plan import Say
    from voicecoach.routine.stretch import Phase, Side
    from voicecoach.routine.ways import Movement

BREATHE_IN_S = 4.0
BREATHE_OUT_S = 6.0
"""Six breaths a minute at pace 1."""
SIDE_FORM = "side"
"""The form of the words for the sides that every language has; others are its own."""


@dataclass(frozen=True, slots=True)
class ListPattern:
    """How a list is said: ``{before}`` is all that was said so far, ``{after}`` the item that comes."""

    middle: str
    last: str

    def joined(self, items: Iterable[str]) -> str:
        """``items`` in one text; empty where there are none."""
        said, *others = tuple(items) or ("",)
        for number, item in enumerate(others, start=1):
            pattern = self.last if number == len(others) else self.middle
            said = pattern.format(before=said, after=item)
        return said


@dataclass(frozen=True, slots=True)
class RoundWords:
    """What is said between the rounds of a stretch, and where "ready" is waited for; whole sentences."""

    rest: Mapping[int, str]
    """For each length in seconds that a rest may have: how long it is."""
    rest_again: str
    """The same where the length is known, or little is said."""
    rest_a_breath: str
    """For a rest whose length nobody wrote down."""
    names: tuple[str, ...]
    """The second round, the third and so on."""
    final: str
    """The last of several rounds."""
    ready: str
    """Asks for "ready"."""
    ready_reminder: str

    def name(self, number: int, of: int) -> str:
        """What is said before round ``number`` (from 2) of ``of``."""
        return self.final if number == of else self.names[number - 2]


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Words and durations of one language, as far as plans need them."""

    first: str
    """Names the first stretch; ``{name}`` is its name, as in all of these."""
    then: str
    last: str
    sides: Mapping[str, Mapping[Side, str]]
    """The words for right and left by the name of their form: ``{side}`` in a text becomes the form "side"."""
    not_for: str
    """Who should leave a stretch out; ``{reasons}`` is a list of conditions, joined with ``any_of``."""
    any_of: ListPattern
    until_next: str
    another: str
    once_more: str
    """Leads into the same side once more; ``{cue}`` is how it is done, in few words."""
    feet_down: str
    """Follows what is done with the feet in the air, which nobody is to be left with."""
    feet_up: str
    """To somebody who goes on with it after they have put the feet down."""
    breathe_in: Phase
    breathe_out: Phase
    durations: SpeechDurations
    ways: Mapping[Movement, Say]
    """What is said of each movement from one position to another."""
    rounds: RoundWords

    def on_side(self, text: str, side: Side) -> str:
        """``text`` of a stretch with the words for ``side`` filled in."""
        for form, words in self.sides.items():
            for slot, word in ((form, words.get(side)), (other_form(form), words.get(side.other))):
                if word is not None:
                    text = text.replace(f"{{{slot}}}", word)
        return text


def other_form(form: str) -> str:
    """The slot in which the opposite of a side is said."""
    return f"other {form}"


def side_slots(forms: Collection[str]) -> tuple[str, ...]:
    """The slots that the texts of a stretch with sides may have: ``("side", "other side")``."""
    return tuple(slot for form in forms for slot in (form, other_form(form)))
