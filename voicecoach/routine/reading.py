"""Reads one routine file, and checks that what it says can be spoken and done."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.problems import Problems
from voicecoach.routine.dose import DEFAULT_KEYS, DOSE_KEYS, read_defaults, read_dose
from voicecoach.routine.dose_fit import misfits
from voicecoach.routine.spoken import key_of, sources, spoken, stretch_key
from voicecoach.routine.stretch import Entry, Part, Position, Routine, When
from voicecoach.routine.stretch_file import STRETCH_KEYS
from voicecoach.routine.texts import STRETCHES
from voicecoach.yamlfile import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from voicecoach.errors import BadFileError
    from voicecoach.routine.stretch import Stretch
    from voicecoach.routine.texts import Texts

_ROUTINE_WORDS_REQUIRED = frozenset({"title", "name", "say", "opening", "closing"})
_ROUTINE_WORDS = _ROUTINE_WORDS_REQUIRED | {"hello", "remarks", "setups", "cues", "releases"}
_ROUTINE_REQUIRED = _ROUTINE_WORDS_REQUIRED | {"stretches"}
_ROUTINE_KEYS = _ROUTINE_REQUIRED | DEFAULT_KEYS | {"sources", "when", "hello"}
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
        BadFileError: The file, that of its words, or a stretch file that it needs, does not say what it should.  The
            error has everything that is wrong (`BadFileError.all`).
    """
    key, problems = key_of(path), Problems()
    parts, words = texts.added_to(
        path, problems, allowed=_ROUTINE_KEYS, required=_ROUTINE_REQUIRED, words=_ROUTINE_WORDS
    )
    said = {**parts, **words}
    routine = Routine(
        key=key,
        title=problems.part(said, "title", Node.text, ""),
        name=problems.part(said, "name", spoken, ""),
        say=problems.part(said, "say", lambda node: _spoken_names(node, taken), ()),
        sources=problems.part(parts, "sources", sources, ()),
        opening=problems.part(said, "opening", spoken, ""),
        closing=problems.part(said, "closing", spoken, ""),
        hello=problems.part(said, "hello", spoken, ""),
        when=problems.part(parts, "when", _time_of_day, When.ANY),
    )
    usual = {name: parts[name] for name in DEFAULT_KEYS if name in parts}
    with problems:
        read_defaults(usual)
    with problems:
        entries = _entries(parts["stretches"], stretches, broken, usual) if "stretches" in parts else ()
        _check_used(usual, entries)
        entries = _with_own_words(entries, words, parts["stretches"], texts) if entries else ()
        routine = replace(routine, entries=_with_remarks(entries, words.get("remarks")))
    problems.raise_first()
    return routine


def _time_of_day(node: Node) -> When:
    return node.choice(When)


def _entries(
    listed: Node, stretches: Mapping[str, Stretch], broken: Mapping[str, BadFileError], usual: Mapping[str, Node]
) -> tuple[Entry, ...]:
    problems, entries = Problems(), list[Entry]()
    for node in listed.sequence():
        with problems:
            entries.append(_entry(node, stretches, broken, usual))
    problems.raise_first()
    return _with_parts(entries)


def _check_used(usual: Mapping[str, Node], entries: Collection[Entry]) -> None:
    """Refuse a rest that nobody will ever have."""
    if "rest" in usual and entries and not any(entry.dose.sets + entry.dose.more_sets > 1 for entry in entries):
        raise usual["rest"].error('"rest" is between rounds, and no stretch here has any; add "rounds: 2" to one')


def _with_remarks(entries: tuple[Entry, ...], remarks: Node | None) -> tuple[Entry, ...]:
    """Remarks from the file of words, by stretch: each is said where the stretch comes for the first time."""
    if remarks is None:
        return entries
    texts = remarks.mapping(allowed={entry.stretch.key for entry in entries})
    said = {key: spoken(text) for key, text in texts.items()}
    return tuple(replace(entry, remark=said.pop(entry.stretch.key, entry.remark)) for entry in entries)


def _with_own_words(
    entries: tuple[Entry, ...], words: Mapping[str, Node], listed: Node, texts: Texts
) -> tuple[Entry, ...]:
    """The entries with what this routine says of their stretches: how they begin and end.

    They may begin in another position than usual, or with another phase.
    """
    sided = {entry.stretch.key: entry.stretch.sided for entry in entries}
    said = {
        name: {
            key: spoken(text, texts.side_slots if sided[key] and name != "setups" else ())
            for key, text in words[name].mapping(allowed=sided).items()
        }
        if name in words
        else {}
        for name in ("setups", "cues", "releases")
    }
    changed = (
        _with_beginning(entry, node.mapping(), said["setups"], said["cues"])
        for entry, node in zip(entries, listed.sequence(), strict=True)
    )
    return tuple(_with_release(entry, said["releases"]) for entry in changed)


def _with_release(entry: Entry, releases: Mapping[str, str]) -> Entry:
    stretch = entry.stretch
    release = releases.get(stretch.key, stretch.release)
    return entry if release == stretch.release else replace(entry, stretch=replace(stretch, release=release))


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


def _entry(
    node: Node, stretches: Mapping[str, Stretch], broken: Mapping[str, BadFileError], usual: Mapping[str, Node]
) -> Entry:
    problems, dose, stretch = Problems(), None, None
    parts = node.known(problems, allowed=_ENTRY_KEYS, required={"stretch"})
    if "stretch" in parts:
        with problems:
            stretch = _stretch(parts["stretch"], stretches, broken)
    with problems:
        dose = read_dose(parts, usual)
    if stretch and dose and not problems.found:
        problems.found += misfits(node, parts, dose, stretch, stretches)
    remark = problems.part(parts, "remark", spoken, "")
    part = problems.part(parts, "part", _part, Part.MAIN)
    problems.raise_first()
    if stretch is None or dose is None:
        raise AssertionError("what could not be read has been told")
    return Entry(stretch, dose, remark, part)


def _stretch(named: Node, stretches: Mapping[str, Stretch], broken: Mapping[str, BadFileError]) -> Stretch:
    if named.text() in broken and named.text() not in stretches:
        raise named.error(f'the stretch "{named.text()}" cannot be used; mend it first: {broken[named.text()]}')
    return stretches[stretch_key(named, stretches)]


def _part(node: Node) -> Part:
    return node.choice(Part)


def _spoken_names(node: Node, taken: Mapping[str, str]) -> tuple[str, ...]:
    problems, names = Problems(), list[str]()
    for item in node.sequence():
        with problems:
            names.append(spoken_name(item, taken))
    problems.raise_first()
    return tuple(names)


def spoken_name(node: Node, taken: Mapping[str, str]) -> str:
    """What a routine is called after "start".

    Args:
        node: The name.
        taken: The spoken names of the other routines, and the keys of those.
    """
    name = node.text()
    if name != name.lower() or not _SPOKEN_NAME.fullmatch(name):
        raise node.error(f'"{name[:40]}" cannot be listened for; use lower case letters, blanks and apostrophes')
    if name in taken:
        raise node.error(
            f'"{name}" already starts the routine {taken[name]}; two that sound alike cannot be told apart'
        )
    return name
