"""Reads one routine file or one stretch file, and checks that what it says can be spoken and done."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.routine.dose import DOSE_KEYS, read_dose
from voicecoach.routine.stretch import (
    PROPS,
    SETTLE_S,
    Aid,
    Condition,
    Entry,
    Part,
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
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from voicecoach.errors import BadFileError
    from voicecoach.routine.stretch import Dose
    from voicecoach.yamlfile import Node

STRETCHES = "stretches"
"""The folder, beside the routine files, where stretch files lie."""
LONGEST_TEXT = 400
"""Characters of one spoken text; more than this is a lecture."""
LONGEST_PHASE_S = 120
LONGEST_SETTLE_S = 60

_STRETCH_REQUIRED = frozenset(
    {"name", "position", "setup", "cue", "cue_short", "benefit", "easier", "harder", "come_out"}
)
_STRETCH_OPTIONAL = frozenset(
    {
        *("sources", "cue_both", "release", "breathing", "caution", "phases", "settle"),
        *("not_for", "not_with", "instead", "soft_bed", "props", "with", "restful"),
    }
)
_STRETCH_KEYS = _STRETCH_REQUIRED | _STRETCH_OPTIONAL
_ROUTINE_REQUIRED = frozenset({"title", "name", "say", "opening", "closing", "stretches"})
_ROUTINE_KEYS = _ROUTINE_REQUIRED | {"sources", "when"}
_ENTRY_KEYS = DOSE_KEYS | {"stretch", "remark", "part"}
_PHASE_KEYS = frozenset({"say", "brief", "seconds", "counted", "count_s"})

_NEVER_IN_NOT_WITH = {
    Condition.RED_FLAGS: "red flags rule out every stretch; leave it out",
    Condition.SOFT_BED: 'a soft mattress swaps a stretch; write "soft_bed: ..." with the one that takes its place',
}

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPOKEN_NAME = re.compile(r"[a-z][a-z']*( [a-z][a-z']*)*")
_SIDE = re.compile(r"\{(?:other )?side\}")


def key_of(path: Path) -> str:
    """What a file is called in routines and on the command line: its name without ``.yaml``.

    Raises:
        BadFileError: The name would not do as a key.
    """
    if path.suffix != ".yaml":
        raise yamlfile.bad_file(path, 'the name of the file does not end in ".yaml"; rename it')
    if not _KEY.fullmatch(path.stem):
        what = "the name of the file is not made of lower case letters, digits and hyphens; rename it"
        raise yamlfile.bad_file(path, what)
    return path.stem


def looks_like_a_stretch(path: Path) -> bool:
    """Whether a file is meant as a stretch: by the folder it lies in, or else by what it says.

    Raises:
        BadFileError: It cannot be read at all.
    """
    if path.absolute().parent.name == STRETCHES:
        return True
    top = yamlfile.read(path)
    keys = top.mapping().keys() if top.is_mapping else frozenset()
    return "stretches" not in keys and not keys.isdisjoint(_STRETCH_KEYS - _ROUTINE_KEYS)


# --- stretches --------------------------------------------------------------------------------------------------------


def read_stretch(path: Path, known: Collection[str]) -> Stretch:
    """The stretch of a file.

    Args:
        path: The file.
        known: Keys of all stretches that ``soft_bed`` and ``instead`` may name.

    Raises:
        BadFileError: The file does not say what it should.
    """
    key = key_of(path)
    parts = yamlfile.read(path).mapping(allowed=_STRETCH_KEYS, required=_STRETCH_REQUIRED)
    _check_sides_are_named(parts)
    not_with = _conditions(parts.get("not_with"))
    return Stretch(
        key=key,
        name=_spoken(parts["name"]),
        sources=_sources(parts.get("sources")),
        position=parts["position"].choice(Position),
        setup=_spoken(parts["setup"]),
        cue=_spoken(parts["cue"], sided=True),
        cue_short=_spoken(parts["cue_short"], sided=True),
        cue_both=_spoken(parts["cue_both"]) if "cue_both" in parts else None,
        release=_optional(parts.get("release"), sided=True),
        breathing=_optional(parts.get("breathing"), sided=True),
        benefit=_spoken(parts["benefit"]),
        caution=_optional(parts.get("caution")),
        not_for=_texts(parts.get("not_for")),
        easier=_spoken(parts["easier"]),
        harder=_spoken(parts["harder"]),
        come_out=_spoken(parts["come_out"]),
        phases=tuple(_phase(node) for node in parts["phases"].sequence()) if "phases" in parts else (),
        props=_texts(parts.get("props")),
        settle_s=parts["settle"].number(1, LONGEST_SETTLE_S) if "settle" in parts else SETTLE_S,
        soft_bed=_other(parts.get("soft_bed"), key, known),
        not_with=not_with,
        instead=_instead(parts.get("instead"), key, known, not_with),
        aids=_aids(parts.get("with")),
        restful="restful" in parts and parts["restful"].boolean(),
    )


def _conditions(node: Node | None) -> frozenset[Condition]:
    """Answers of the first evening that rule the stretch out."""
    found: set[Condition] = set()
    for item in node.sequence() if node else ():
        condition = item.choice(Condition)
        if condition in _NEVER_IN_NOT_WITH:
            raise item.error(_NEVER_IN_NOT_WITH[condition])
        found.add(condition)
    return frozenset(found)


def _instead(node: Node | None, key: str, known: Collection[str], not_with: Collection[Condition]) -> str | None:
    if node and not not_with:
        raise node.error(f'{node.called} is never used; add "not_with: [...]", or leave it out')
    return _other(node, key, known)


def _other(node: Node | None, key: str, known: Collection[str]) -> str | None:
    """The key of another stretch than this one."""
    if node is None:
        return None
    if (other := _one_of(node, known)) == key:
        raise node.error(f"{node.called} names this very stretch; name another one")
    return other


def _aids(node: Node | None) -> tuple[Aid, ...]:
    """How each prop is used."""
    if node is None:
        return ()
    return tuple(Aid(prop, _spoken(say)) for prop, say in node.mapping(allowed=PROPS).items())


def _check_sides_are_named(parts: Mapping[str, Node]) -> None:
    """A cue that names its side needs a short form that does, or nobody knows which side has its turn."""
    cue, short = parts["cue"], parts["cue_short"]
    if bool(_SIDE.search(cue.text())) != bool(_SIDE.search(short.text())):
        missing = short if _SIDE.search(cue.text()) else cue
        raise missing.error(f"{missing.called} has no {{side}}, though the other cue has one; name the side in both")


def _phase(node: Node) -> Phase:
    parts = node.mapping(allowed=_PHASE_KEYS, required={"say", "brief"})
    return Phase(
        say=_spoken(parts["say"], sided=True),
        brief=_spoken(parts["brief"], sided=True),
        seconds=parts["seconds"].number(1, LONGEST_PHASE_S) if "seconds" in parts else None,
        counted="counted" in parts and parts["counted"].boolean(),
        count_s=parts["count_s"].number(0.5, 5) if "count_s" in parts else 1.0,
    )


# --- routines ---------------------------------------------------------------------------------------------------------


def read_routine(
    path: Path, stretches: Mapping[str, Stretch], broken: Mapping[str, BadFileError], taken: Mapping[str, str]
) -> Routine:
    """The routine of a file.

    Args:
        path: The file.
        stretches: All stretches that there are, by key.
        broken: What is wrong with the stretches that cannot be used, by key.
        taken: The spoken names of the other routines, and the keys of those.

    Raises:
        BadFileError: The file, or a stretch file that it needs, does not say what it should.
    """
    key = key_of(path)
    parts = yamlfile.read(path).mapping(allowed=_ROUTINE_KEYS, required=_ROUTINE_REQUIRED)
    return Routine(
        key=key,
        title=parts["title"].text(),
        name=_spoken(parts["name"]),
        say=tuple(_spoken_name(node, taken) for node in parts["say"].sequence()),
        sources=_sources(parts.get("sources")),
        opening=_spoken(parts["opening"]),
        closing=_spoken(parts["closing"]),
        entries=_with_parts([_entry(node, stretches, broken) for node in parts["stretches"].sequence()]),
        when=parts["when"].choice(When) if "when" in parts else When.ANY,
    )


def _with_parts(entries: list[Entry]) -> tuple[Entry, ...]:
    """Where nothing is marked, the first entry is the warm-up and the last one the cool-down."""
    marked = {entry.part for entry in entries}
    for index, part in ((0, Part.WARM_UP), (-1, Part.COOL_DOWN)):
        if part not in marked and entries[index].part is Part.MAIN:
            entries[index] = replace(entries[index], part=part)
    return tuple(entries)


def _entry(node: Node, stretches: Mapping[str, Stretch], broken: Mapping[str, BadFileError]) -> Entry:
    parts = node.mapping(allowed=_ENTRY_KEYS, required={"stretch"})
    named = parts["stretch"]
    if named.text() in broken and named.text() not in stretches:
        raise named.error(f'the stretch "{named.text()}" cannot be used; mend it first: {broken[named.text()]}')
    stretch = stretches[_one_of(named, stretches)]
    dose = read_dose(parts)
    _check_dose_fits(node, parts, dose, stretch, f'the stretch "{stretch.key}"')
    for why, key in (("on a soft bed", stretch.soft_bed), ("for whom it is ruled out", stretch.instead)):
        if other := stretches.get(key or ""):
            _check_hold_fits(node, parts, dose, other, f'{why}, the stretch "{other.key}"')
    part = parts["part"].choice(Part) if "part" in parts else Part.MAIN
    return Entry(stretch, dose, _optional(parts.get("remark")), part)


def _check_dose_fits(entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, called: str) -> None:
    """Refuse a dose that could not be done with this stretch, which messages call ``called``."""
    _check_hold_fits(entry, parts, dose, stretch, called)
    _check_sides_fit(entry, parts, dose, stretch, called)


def _check_hold_fits(entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, called: str) -> None:
    open_phases = [phase for phase in stretch.phases if phase.seconds is None]
    if dose.hold is None and not stretch.phases:
        raise entry.error(f'{called} is held, but for how long? add for example "hold: 20 seconds"')
    if dose.hold is None and open_phases:
        raise entry.error(f'{called} has a part that lasts as long as the hold; add for example "hold: 5 seconds"')
    if dose.hold and stretch.phases and not open_phases:
        raise parts["hold"].error(f'{called} moves, each part with a length of its own; leave out "hold"')
    if dose.hold and open_phases and dose.hold.unit is Unit.BREATHS:
        raise parts["hold"].error(f"{called} moves, and cannot be held for breaths; write counts or seconds")


def _check_sides_fit(entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, called: str) -> None:
    if dose.sides is Sides.NONE and stretch.sided:
        raise entry.error(f'{called} is done on one side at a time; add "sides: each" or "sides: alternating"')
    if dose.sides is Sides.NONE:
        return
    if not stretch.sided:
        raise parts["sides"].error(f'{called} has no sides (its cues never say {{side}}); leave out "sides"')
    if dose.sides is Sides.EACH_THEN_BOTH:
        if stretch.cue_both is None:
            raise parts["sides"].error(f'{called} has no words for both at once; write "sides: each"')
        if stretch.phases or _SIDE.search(stretch.release + stretch.breathing):
            raise parts["sides"].error(f'{called} is said one side at a time; write "sides: each"')


# --- texts ------------------------------------------------------------------------------------------------------------


def _spoken(node: Node, *, sided: bool = False) -> str:
    """A text that the coach will say; ``{side}`` and ``{other side}`` are filled in only where ``sided``."""
    text = node.text()
    if len(text) > LONGEST_TEXT:
        raise node.error(f"{node.called} has {len(text)} characters; nobody listens to more than {LONGEST_TEXT}")
    if not any(letter.isalnum() for letter in text):
        raise node.error(f"{node.called} has no words in it; write what the coach should say")
    if not sided and _SIDE.search(text):
        raise node.error(f"{node.called} is said without a side; leave out {{side}}")
    brace = re.search(r"[^\s{]*[{}][^\s}]*\}?", _SIDE.sub("", text))
    if brace:
        raise node.error(f'"{brace.group()}" means nothing; only {{side}} and {{other side}} are filled in')
    return text


def _optional(node: Node | None, *, sided: bool = False) -> str:
    return _spoken(node, sided=sided) if node else ""


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(_spoken(item) for item in node.sequence()) if node else ()


def _sources(node: Node | None) -> tuple[Source, ...]:
    """Articles by number: ``"003": its title``."""
    return tuple(Source(article, title.text()) for article, title in node.mapping().items()) if node else ()


def _spoken_name(node: Node, taken: Mapping[str, str]) -> str:
    name = node.text()
    if not _SPOKEN_NAME.fullmatch(name):
        raise node.error(f'"{name[:40]}" cannot be listened for; use lower case letters a to z, blanks and apostrophes')
    if name in taken:
        raise node.error(
            f'"{name}" already starts the routine {taken[name]}; two that sound alike cannot be told apart'
        )
    return name


def _one_of(node: Node, known: Iterable[str]) -> str:
    """The key of a stretch."""
    key = node.text()
    if key not in (keys := sorted(known)):
        near = get_close_matches(key, keys, n=3)
        advice = f"did you mean {' or '.join(near)}?" if near else "each stretch is a file in the folder stretches"
        raise node.error(f'there is no stretch "{key[:40]}"; {advice}')
    return key
