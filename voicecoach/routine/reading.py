"""Reads one routine file, and checks that what it says can be spoken and done."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.routine.dose import DOSE_KEYS, read_dose
from voicecoach.routine.spoken import SLOT, key_of, optional, sources, spoken, stretch_key
from voicecoach.routine.stretch import Entry, Part, Position, Routine, Sides, Unit, When
from voicecoach.routine.stretch_file import STRETCH_KEYS
from voicecoach.routine.texts import STRETCHES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.errors import BadFileError
    from voicecoach.routine.stretch import Dose, Stretch
    from voicecoach.routine.texts import Texts
    from voicecoach.yamlfile import Node

_ROUTINE_WORDS_REQUIRED = frozenset({"title", "name", "say", "opening", "closing"})
_ROUTINE_WORDS = _ROUTINE_WORDS_REQUIRED | {"hello", "remarks", "setups", "cues"}
_ROUTINE_REQUIRED = _ROUTINE_WORDS_REQUIRED | {"stretches"}
_ROUTINE_KEYS = _ROUTINE_REQUIRED | {"sources", "when", "hello"}
_ENTRY_KEYS = DOSE_KEYS | {"stretch", "remark", "part", "position", "setup", "cue", "from_phase"}
_SPOKEN_NAME = re.compile(r"[^\W\d_][^\W\d_']*( [^\W\d_][^\W\d_']*)*")


def looks_like_a_stretch(path: Path) -> bool:
    """Whether a file is meant as a stretch: by the folder it lies in, or else by what it says.

    Raises:
        BadFileError: It cannot be read at all.
    """
    if path.absolute().parent.name == STRETCHES:
        return True
    top = yamlfile.read(path)
    keys = top.mapping().keys() if top.is_mapping else frozenset()
    return "stretches" not in keys and not keys.isdisjoint(STRETCH_KEYS - _ROUTINE_KEYS)


def read_routine(
    path: Path,
    stretches: Mapping[str, Stretch],
    broken: Mapping[str, BadFileError],
    taken: Mapping[str, str],
    texts: Texts,
) -> Routine:
    """The routine of a file.

    Args:
        path: The file.
        stretches: All stretches that there are, by key.
        broken: What is wrong with the stretches that cannot be used, by key.
        taken: The spoken names of the other routines, and the keys of those.
        texts: Where its words are, if they are not in the file itself.

    Raises:
        BadFileError: The file, that of its words, or a stretch file that it needs, does not say what it should.
    """
    key = key_of(path)
    parts, words = texts.added_to(path, allowed=_ROUTINE_KEYS, required=_ROUTINE_REQUIRED, words=_ROUTINE_WORDS)
    said = {**parts, **words}
    entries = _with_parts([_entry(node, stretches, broken) for node in parts["stretches"].sequence()])
    return Routine(
        key=key,
        title=said["title"].text(),
        name=spoken(said["name"]),
        say=tuple(_spoken_name(node, taken) for node in said["say"].sequence()),
        sources=sources(parts.get("sources")),
        opening=spoken(said["opening"]),
        closing=spoken(said["closing"]),
        entries=_with_remarks(_with_beginnings(entries, words, parts["stretches"]), words.get("remarks")),
        hello=optional(said.get("hello")),
        when=parts["when"].choice(When) if "when" in parts else When.ANY,
    )


def _with_remarks(entries: tuple[Entry, ...], remarks: Node | None) -> tuple[Entry, ...]:
    """Remarks from the file of words, by stretch: each is said where the stretch comes for the first time."""
    if remarks is None:
        return entries
    texts = remarks.mapping(allowed={entry.stretch.key for entry in entries})
    said = {key: spoken(text) for key, text in texts.items()}
    return tuple(replace(entry, remark=said.pop(entry.stretch.key, entry.remark)) for entry in entries)


def _with_beginnings(entries: tuple[Entry, ...], words: Mapping[str, Node], listed: Node) -> tuple[Entry, ...]:
    """The entries that begin otherwise than their stretch usually does: in another position, or with another phase."""
    keys = {entry.stretch.key for entry in entries}
    said = {
        name: {key: spoken(text) for key, text in words[name].mapping(allowed=keys).items()} if name in words else {}
        for name in ("setups", "cues")
    }
    return tuple(
        _with_beginning(entry, node.mapping(), said["setups"], said["cues"])
        for entry, node in zip(entries, listed.sequence(), strict=True)
    )


def _with_beginning(
    entry: Entry, parts: Mapping[str, Node], setups: Mapping[str, str], cues: Mapping[str, str]
) -> Entry:
    stretch, key = entry.stretch, entry.stretch.key
    setup = spoken(parts["setup"]) if "setup" in parts else setups.get(key, "")
    cue = spoken(parts["cue"]) if "cue" in parts else cues.get(key, "")
    for name, text, where in (("position", setup, "setups"), ("from_phase", cue, "cues")):
        if name in parts and not text:
            raise parts[name].error(f'nobody says how "{key}" begins here; add its text to "{where}" among the words')
    first = parts["from_phase"].whole_number(1, max(1, len(stretch.phases))) - 1 if "from_phase" in parts else 0
    changed = replace(
        stretch,
        position=parts["position"].choice(Position) if "position" in parts else stretch.position,
        setup=setup or stretch.setup,
        cue=cue or stretch.cue,
        phases=stretch.phases[first:] + stretch.phases[:first],
    )
    return entry if changed == stretch else replace(entry, stretch=changed)


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
    stretch = stretches[stretch_key(named, stretches)]
    dose = read_dose(parts)
    _check_dose_fits(node, parts, dose, stretch, f'the stretch "{stretch.key}"')
    for why, key in (("on a soft bed", stretch.soft_bed), ("for whom it is ruled out", stretch.instead)):
        if other := stretches.get(key or ""):
            _check_hold_fits(node, parts, dose, other, f'{why}, the stretch "{other.key}"')
    part = parts["part"].choice(Part) if "part" in parts else Part.MAIN
    return Entry(stretch, dose, optional(parts.get("remark")), part)


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
        if stretch.phases or SLOT.search(stretch.release + stretch.breathing):
            raise parts["sides"].error(f'{called} is said one side at a time; write "sides: each"')


def _spoken_name(node: Node, taken: Mapping[str, str]) -> str:
    name = node.text()
    if name != name.lower() or not _SPOKEN_NAME.fullmatch(name):
        raise node.error(f'"{name[:40]}" cannot be listened for; use lower case letters, blanks and apostrophes')
    if name in taken:
        raise node.error(
            f'"{name}" already starts the routine {taken[name]}; two that sound alike cannot be told apart'
        )
    return name
