"""What a stretch is, and how much of it a routine asks for.

These are the routine files as frozen values.  `loading.py` makes them from YAML, `plan.py` turns them into timed beats.

The values of the enums are ids: they stand in files and in the journal, are the same in every language, and are never
said.

More than 300 lines: it is nearly all docstrings, and what a routine is made of is looked up in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

SETTLE_S = 4.0
"""Quiet time to follow a cue, unless the stretch says otherwise."""


class Position(Enum):
    """How the body lies; a routine moves between positions as little as it can."""

    ON_BACK = "on the back"
    ON_BACK_KNEES_BENT = "on the back, knees bent"
    ON_BACK_SHINS_LEVEL = "on the back, shins level"
    """The feet in the air, as high as the knees."""
    ON_SIDE = "on the side"
    ON_FRONT = "on the front"
    HANDS_AND_KNEES = "hands and knees"
    KNEELING = "kneeling"
    SITTING = "sitting"
    STANDING = "standing"
    """Out of bed."""
    LEGS_UP = "legs up the wall"


class Unit(Enum):
    """What a dose is counted in."""

    SECONDS = "seconds"
    COUNTS = "counts"
    """A slow count, spoken aloud; one count lasts `plan.COUNT_S` seconds at pace 1."""
    BREATHS = "breaths"
    TIMES = "times"


class Side(Enum):
    """The side of the body that something is done on."""

    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"
    NONE = ""

    @property
    def other(self) -> Side:
        """The opposite, where there is one."""
        return {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}.get(self, self)


class Sides(Enum):
    """Which sides a stretch is done on, and in which order."""

    NONE = "none"
    EACH = "each"
    """Right, then left, the whole dose on one side before the other."""
    EACH_THEN_BOTH = "each then both"
    """Right, left, then both at once (knee hugs)."""
    LEFT_FIRST = "each from the left"
    """Left, then right."""
    ALTERNATING = "alternating"
    """Right, left, right, left: one movement at a time."""
    RIGHT = "right"
    """The right side, and no other."""
    LEFT = "left"


class Condition(Enum):
    """What the first evening asks for, in this order."""

    RED_FLAGS = "red flags"
    """Numbness between the legs, bladder or bowel, weakness, a fall, fever or loss of weight, a past cancer."""
    OSTEOPOROSIS = "osteoporosis"
    INJURY = "recent injury or surgery"
    HIP = "artificial hip"
    """However old: a joint that must not be bent, turned or crossed far."""
    KNEELING = "trouble kneeling"
    """Or getting on hands and knees."""
    SOFT_BED = "soft mattress"
    PREGNANCY = "pregnancy"


class Form(Enum):
    """Which form of a stretch."""

    EASIER = -1
    USUAL = 0
    HARDER = 1


class Part(Enum):
    """What an entry is to its routine."""

    WARM_UP = "warm-up"
    MAIN = "main"
    COOL_DOWN = "cool-down"


class When(Enum):
    """The time of day that a routine is for."""

    MORNING = "morning"
    BEDTIME = "bedtime"
    DAY = "day"
    """What strengthens and wakes: nothing for the evening."""
    ANY = "any"

    @property
    def ends_in_sleep(self) -> bool:
        """Whether somebody who does such a routine may fall asleep over it."""
        return self in (When.BEDTIME, When.ANY)


PROPS = frozenset({"blanket", "block", "pillow", "towel"})
"""What lies about near a bed and can make a stretch kinder: ids, as the values above."""


KEPT_WORDS = frozenset({"caution", "not_for"})
"""What is left out for somebody who knows a stretch, unless its file keeps it."""


@dataclass(frozen=True, slots=True)
class Aid:
    """How a prop makes a stretch kinder."""

    prop: str
    """One of `PROPS`."""
    say: str
    """Said to somebody who has it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much: a lower and an upper end (equal where the article names one figure) and what is counted."""

    low: int
    high: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a movement that is repeated: what is said as it begins, and how long it lasts."""

    say: str
    """Full words, said in the first rounds, such as "Breathe in and lift your chest"."""
    brief: str
    """A word or two for the later rounds, such as "In, lift"."""
    seconds: float | None
    """Length at pace 1; None means: as long as the dose's hold."""
    counted: bool = False
    """Whether this phase is counted aloud ("in … two … three … four"); its first word stands for "one"."""
    count_s: float = 1.0
    """Seconds from one spoken number to the next, at pace 1."""
    is_hold: bool = False
    """Whether this phase is a long hold, whose last seconds are counted down."""


@dataclass(frozen=True, slots=True)
class Source:
    """The article that a routine or a stretch was taken from; every fact in the file can be traced to it."""

    article: str
    """Number of the article in the project's list (docs), such as ``"003"``; ``"own"`` for one of ours."""
    title: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody must not do a stretch."""

    said: str
    """A noun phrase that is read out: "a recent hip operation"."""
    condition: Condition | None = None
    """What of the first evening it is about; who has answered no to that does not hear it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch, shared by all routines that use it.  Every text is a sentence that the coach can speak as it is.

    ``{side}`` in a text becomes the language's word for the side, ``{other side}`` that for its opposite.
    """

    key: str
    """The file's name without ``.yaml``; what a routine calls it."""
    name: str
    """What the coach calls it aloud, without a full stop: "child's pose"."""
    sources: tuple[Source, ...]
    position: Position
    setup: str
    """How to get into the starting position, said in full when the position changes or the first time."""
    cue: str
    """What to do, in full, on the first side or the first round."""
    cue_short: str
    """The same in a few words, for the other side and for repeats."""
    cue_both: str | None
    """For `Sides.EACH_THEN_BOTH`: what to do with both at once."""
    release: str
    """How to come out of it, from wherever within it, in a few words: "Slowly let go"; `release_of` tells of a side."""
    breathing: str
    benefit: str
    """The answer to "why"."""
    caution: str
    not_for: tuple[Reason, ...]
    """Who must not do it."""
    easier: str
    """A sentence that turns it into its easier form."""
    harder: str
    """A sentence that turns it into its harder form."""
    come_out: str
    """Words to leave the stretch gently after "that hurts"."""
    phases: tuple[Phase, ...] = ()
    """For stretches that move: one round of the movement.  Empty for stretches that are only held."""
    sided: bool = False
    """Whether it is done on one side at a time."""
    settle_s: float = SETTLE_S
    """Quiet time to follow a cue before the count begins."""
    release_both: str | None = None
    """How to come out of what was done with both at once, where ``release`` does not tell."""
    recover_s: float = 0.0
    """Quiet time to follow the release before anything else is asked."""
    every_time: frozenset[str] = frozenset()
    """Which of `KEPT_WORDS` are said however often the person has done it."""
    soft_bed: str | None = None
    """Key of the stretch that takes its place on a soft mattress."""
    not_with: frozenset[Condition] = frozenset()
    """Answers of the first evening that rule it out."""
    instead: str | None = None
    """Key of the stretch that serves the same purpose for somebody whom ``not_with`` rules out."""
    in_place: Dose | None = None
    """How much of it is done where it takes another's place; None: as much as was asked of the other."""
    aids: tuple[Aid, ...] = ()
    easier_props: frozenset[str] = frozenset()
    """Those of `PROPS` that the words of the easier form ask for, so that nothing more is said of them."""
    harder_props: frozenset[str] = frozenset()
    """The same for the harder form."""
    restful: bool = False
    """Whether it is only breathing and resting, and so is left even on a night on which the back should have rest."""

    def release_of(self, side: Side) -> str:
        """How to come out of what is done on ``side``."""
        return self.release_both or self.release if side is Side.BOTH else self.release


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a stretch a routine asks for."""

    hold: Amount | None = None
    """How long it is held: seconds, counts or breaths.  None for a movement without a hold."""
    repeat: Amount | None = None
    """How many rounds or repetitions (unit TIMES); None means once."""
    until_next: bool = False
    """"As many times as is comfortable": again and again until the listener says "next"."""
    at_most: int | None = None
    """With ``until_next``: after how many rounds the coach goes on by itself; None: as the time allows."""
    sides: Sides = Sides.NONE
    sets: int = 1
    """How often the whole is done, on all its sides; a routine file, and the coach, call these rounds."""
    more_sets: int = 0
    """How many sets may be added to these as it grows easy."""
    rest_s: int | None = None
    """Seconds of rest between two sets, 0 for none; None: for a breath."""
    ready: bool = False
    """Whether the coach waits for "ready" before each set."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a routine: a stretch, its dose, and what this routine says about it before it begins.

    A routine file knows nothing of the person: ``form``, ``props`` and ``level`` are filled in for a night.
    """

    stretch: Stretch
    dose: Dose
    remark: str = ""
    part: Part = Part.MAIN
    form: Form = Form.USUAL
    props: frozenset[str] = frozenset()
    """Those of `PROPS` that the person has."""
    level: int = 0
    """How far the dose has grown from its lower end, in steps (`person.levels`)."""


@dataclass(frozen=True, slots=True)
class Routine:
    """An order of stretches with doses."""

    key: str
    """The file's name without ``.yaml``: "bedtime"."""
    title: str
    """For people to read: "Bedtime stretches"."""
    name: str
    """What the coach calls it aloud, after "the": "bedtime routine"."""
    say: tuple[str, ...]
    """What the listener may call it after "start", lower case: ("bedtime", "bedtime routine")."""
    sources: tuple[Source, ...]
    opening: str
    """Said when it starts, after its name and length."""
    closing: str
    """Said when it ends."""
    entries: tuple[Entry, ...] = field(default=())
    when: When = When.ANY
    hello: str = ""
    """Said before anything else, as "Good morning" is."""
