"""A small house for tests: three stretches, one routine, the real words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from voicecoach.dialogue.state import Knowledge, State
from voicecoach.dialogue.table import WANTED
from voicecoach.languages.language import Language, Phrasebook
from voicecoach.languages.loading import load_language
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.reading import read
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import (
    Amount,
    Dose,
    Entry,
    Phase,
    Position,
    Routine,
    Sides,
    Source,
    Stretch,
    Unit,
    When,
)

if TYPE_CHECKING:
    from voicecoach.languages.commands import Command

_SOURCES = (Source("own", "made up for tests"),)


def stretch(key: str, **changes: Any) -> Stretch:  # noqa: ANN401 - any field of a stretch
    """A stretch that is held, with everything said in a few words."""
    texts: dict[str, Any] = {
        "key": key,
        "name": f"the {key}",
        "sources": _SOURCES,
        "position": Position.ON_BACK,
        "setup": "Lie on your back.",
        "cue": f"Come into the {key}.",
        "cue_short": f"Back into the {key}.",
        "cue_both": None,
        "release": "Let go.",
        "breathing": "",
        "benefit": f"The {key} eases the back.",
        "caution": "",
        "not_for": (),
        "easier": f"Do less of the {key}.",
        "harder": f"Do more of the {key}.",
        "come_out": f"Come out of the {key} slowly.",
    }
    said = texts | changes
    return Stretch(**({"sided": "{side}" in said["cue"]} | said))


HUG = stretch(
    "hug", cue="Draw your {side} knee in.", cue_short="Now the {side} knee.", cue_both="Now both knees together."
)
BRIDGE = stretch(
    "bridge",
    phases=(Phase("Lift your hips", "lift", 2.0), Phase("Hold it", "hold", None), Phase("Lower", "lower", 2.0)),
)
CHILD = stretch(
    "child", position=Position.KNEELING, setup="Come onto your knees.", not_with=frozenset({Condition.KNEELING})
)
TWIST = stretch("twist", cue="Let your knees fall to the {side}.", cue_short="Now to the {side}.")
BELLY = stretch("belly-breathing", name="belly breathing", restful=True)

BEDTIME = Routine(
    key="bedtime",
    title="Bedtime",
    name="bedtime routine",
    say=("bedtime", "bedtime routine"),
    sources=_SOURCES,
    opening="Make yourself comfortable.",
    closing="That was all. Sleep tight.",
    entries=(
        Entry(HUG, Dose(hold=Amount(10, 10, Unit.COUNTS), sides=Sides.EACH_THEN_BOTH)),
        Entry(BRIDGE, Dose(hold=Amount(5, 5, Unit.COUNTS), until_next=True)),
        Entry(CHILD, Dose(hold=Amount(4, 4, Unit.BREATHS))),
        Entry(TWIST, Dose(hold=Amount(20, 30, Unit.SECONDS), sides=Sides.EACH)),
    ),
)
MORNING = Routine(
    key="morning",
    title="Morning",
    name="morning routine",
    say=("morning", "morning routine"),
    sources=_SOURCES,
    opening="Good to see you awake.",
    closing="That was all. Have a good day.",
    entries=(Entry(CHILD, Dose(hold=Amount(2, 2, Unit.BREATHS))),),
    when=When.MORNING,
)
ROUTINES = {routine.key: routine for routine in (BEDTIME, MORNING)}
STRETCHES = {one.key: one for one in (HUG, BRIDGE, CHILD, TWIST, BELLY)}


@cache
def language() -> Language:
    return load_language(wanted=WANTED)


@cache
def phrasebook() -> Phrasebook:
    return Phrasebook(language(), ROUTINES.values())


EVENING = datetime(2026, 3, 2, 21, 40, tzinfo=UTC)
"""A Monday, on which nothing is due."""
ALL_ANSWERED = (
    *(Record(EVENING, Fact.ANSWERED, condition.value, value=0) for condition in Condition),
    Record(EVENING, Fact.RATING, value=0),
)
"""What the journal says of somebody who is asked nothing before a session: all was answered, pain is not asked for."""


SPHINX = stretch("sphinx", position=Position.ON_FRONT, setup="Lie on your front.")
ON_KNEES_AND_FRONT = replace(
    BEDTIME, entries=(BEDTIME.entries[2], Entry(SPHINX, Dose(hold=Amount(20, 20, Unit.SECONDS))), *BEDTIME.entries[2:])
)
"""The child, the sphinx, the child again, the twist."""


@cache
def phrasings(command: Command) -> tuple[str, ...]:
    """Everything that means ``command``, in order: to choose from."""
    return tuple(sorted(phrasebook().phrases_for({command})))


def knowledge(**changes: Any) -> Knowledge:  # noqa: ANN401 - any field of the knowledge
    """What a dialogue knows of this house."""
    return Knowledge(language(), ROUTINES, STRETCHES, "bedtime", **changes)


def with_sphinx() -> State:
    """At rest; the bedtime routine begins on the knees and goes on on the front."""
    knows = replace(knowledge(), routines={"bedtime": ON_KNEES_AND_FRONT}, stretches={**STRETCHES, "sphinx": SPHINX})
    return at_rest(knows=knows)


def at_rest(**changes: Any) -> State:  # noqa: ANN401 - any field of a state
    """A dialogue at rest in this house, with somebody of whom `ALL_ANSWERED` is known."""
    usual: dict[str, Any] = {
        "knows": knowledge(volume_db=changes.get("volume_db", 0.0)),
        "tonight": Tonight(EVENING, read(ALL_ANSWERED, UTC)),
    }
    return State(**(usual | changes))
