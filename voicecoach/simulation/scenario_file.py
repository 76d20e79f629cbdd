"""Reads scenario files: short YAML of who says what and when, and what must follow; docs/scenarios.md teaches it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from voicecoach import yamlfile
from voicecoach.dialogue.state import Mode
from voicecoach.engines.synthesis.port import Voice
from voicecoach.languages.commands import Command
from voicecoach.plain import plain
from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import Noise, RoomAcoustics
from voicecoach.simulation.disturbance import Disturbance
from voicecoach.simulation.echo_path import LEAST_DELAY_S
from voicecoach.simulation.scenario import (
    EVENING,
    LIMIT_S,
    ROOM,
    AbsentCommand,
    AbsentWords,
    Act,
    Disturb,
    Ends,
    ExpectCommand,
    ExpectMode,
    ExpectSilence,
    ExpectWords,
    Mute,
    OnWords,
    PowerCut,
    Scenario,
    SmallTalk,
    Speak,
    Talker,
    Turn,
    Wait,
)
from voicecoach.simulation.scenario_history import history

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from voicecoach.yamlfile import Node

_UNITS_S: Final = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_LONGEST_S: Final = 12 * 3600.0
_MEASURE: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?) ?([a-zA-Z]{1,3}|%)")
_NO_NAMES: Final = (PERSON, "coach", "ears", ROOM)
"""Nobody else can be called so: reports use these names."""


_PARTS: Final = frozenset(
    {"title", "routine", "person", "others", "room", "preferences", "at", "history", "at most", "answers", "turns"}
)


class _Ending(Enum):
    REST = "rest"
    ASLEEP = "asleep"


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        BadFileError: It cannot be read, or says something that it should not; with file, line and column.
    """
    parts = yamlfile.read(path).mapping(allowed=_PARTS, required={"title", "routine", "turns"})
    soft_bed, left_out = _preferences(parts.get("preferences"))
    others = _others(parts.get("others"))
    cast = _Cast(path.parent, others)
    limit_s = _seconds(parts["at most"]) if "at most" in parts else LIMIT_S
    at = _moment(parts["at"]) if "at" in parts else EVENING
    return Scenario(
        title=parts["title"].text(),
        routine=parts["routine"].text(),
        turns=tuple(_turn(node, cast) for node in parts["turns"].sequence()),
        answers=tuple(_answer(node, cast) for node in parts["answers"].sequence()) if "answers" in parts else (),
        person=_talker(parts.get("person")),
        others=others,
        room=_room(parts.get("room"), limit_s),
        soft_bed=soft_bed,
        left_out=left_out,
        at=at,
        history=history(parts.get("history"), at),
        limit_s=limit_s,
    )


# --- person, room, preferences ----------------------------------------------------------------------------------------


def _talker(node: Node | None) -> Talker:
    usual = Talker()
    if node is None:
        return usual
    parts = node.mapping(allowed={"voice", "words per minute", "level", "distance"})
    name = parts["voice"].text() if "voice" in parts else usual.voice.name
    pace = parts["words per minute"].whole_number(80, 300) if "words per minute" in parts else None
    return Talker(
        voice=Voice(name, pace or usual.voice.words_per_minute),
        level_db=_decibels(parts["level"]) if "level" in parts else usual.level_db,
        distance_m=_metres(parts["distance"]) if "distance" in parts else usual.distance_m,
    )


def _others(node: Node | None) -> dict[str, Talker]:
    talkers = node.mapping() if node else {}
    for name, talker in talkers.items():
        if name in _NO_NAMES:
            raise talker.error(f'"{name}" is somebody already; choose another name, such as partner')
    return {name: _talker(talker) for name, talker in talkers.items()}


def _room(node: Node | None, limit_s: float) -> RoomAcoustics:
    usual = RoomAcoustics()
    if node is None:
        return usual
    ways = {"echo delay", "echo drift", "distortion"}
    parts = node.mapping(allowed={"noise", "noise level", "echo", *ways})
    echo_db = None if "echo" not in parts or parts["echo"].text() == "off" else _decibels(parts["echo"])
    if echo_db is None and (way := next((key for key in parts if key in ways), None)):
        raise parts[way].error(f'"{way}" is about the echo, and there is none; add "echo: -12 dB"')
    room = RoomAcoustics(
        noise=parts["noise"].choice(Noise) if "noise" in parts else usual.noise,
        noise_db=_decibels(parts["noise level"]) if "noise level" in parts else usual.noise_db,
        echo_db=echo_db,
        echo_delay_s=_echo_delay_s(parts["echo delay"]) if "echo delay" in parts else usual.echo_delay_s,
        echo_drift_ppm=_drift_ppm(parts["echo drift"]) if "echo drift" in parts else usual.echo_drift_ppm,
        distortion=_distortion(parts["distortion"]) if "distortion" in parts else usual.distortion,
    )
    if room.echo_delay_s + limit_s * room.echo_drift_ppm * 1e-6 < LEAST_DELAY_S:
        raise parts["echo drift"].error(
            f"before {limit_s:g} s are over, the echo would come before the sound; make it positive, or end the night "
            'sooner with "at most: 5 min", or write a longer "echo delay"'
        )
    return room


def _preferences(node: Node | None) -> tuple[bool, frozenset[str]]:
    """Whether the bed is soft, and which stretches are left out."""
    parts = node.mapping(allowed={"soft bed", "left out"}) if node else {}
    soft_bed = parts["soft bed"].boolean() if "soft bed" in parts else False
    left_out = parts["left out"].sequence() if "left out" in parts else ()
    return soft_bed, frozenset(stretch.text() for stretch in left_out)


# --- turns ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who and what there is for turns to name."""

    folder: Path
    """Where recordings are."""
    others: Collection[str]


_SPOKEN: Final = ("say", "play")
_SPEAK_OPTIONS: Final = ("words", "by", "level")
_ROOM_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "talk": ("by", "level"),
    "sound": ("for", "level"),
    "microphone muted for": (),
    "power cut for": (),
}
"""What else happens in the bedroom, and what can be said of it."""
_JUDGED: Final[Mapping[str, tuple[str, Callable[[str, Node, float], Turn]]]] = {
    "expect": ("within", lambda where, node, seconds: ExpectWords(where, _words(node), seconds)),
    "expect command": ("within", lambda where, node, seconds: ExpectCommand(where, node.choice(Command), seconds)),
    "expect mode": ("within", lambda where, node, seconds: ExpectMode(where, node.choice(Mode).value, seconds)),
    "expect silence": ("within", lambda where, node, seconds: ExpectSilence(where, seconds, _seconds(node))),
    "absent": ("for", lambda where, node, seconds: AbsentWords(where, _words(node), seconds)),
    "absent command": ("for", lambda where, node, seconds: AbsentCommand(where, _command_or_any(node), seconds)),
    "ends": ("within", lambda where, node, seconds: Ends(where, node.choice(_Ending).value, seconds)),
}
"""What a turn can ask of the coach: the name of the time that goes with it, and how to make the turn of both."""
_KINDS: Final = (*_SPOKEN, *_ROOM_OPTIONS, *_JUDGED, "wait")
_WAITING: Final = ("when", "when said", "after")
_TURN_KEYS: Final = (*_KINDS, *_SPEAK_OPTIONS, *_WAITING, "within", "for")


def _turn(node: Node, cast: _Cast) -> Turn:
    kinds = [kind for kind in node.mapping(allowed=_TURN_KEYS) if kind in _KINDS]
    if len(kinds) != 1:
        raise node.error(f"a turn does one thing, and this does {len(kinds)}; write one of: {', '.join(_KINDS)}")
    kind = kinds[0]
    if kind in _SPOKEN:
        return _speak(node, cast)
    if kind in _ROOM_OPTIONS:
        return _in_the_room(kind, node, cast)
    if kind == "wait":
        return Wait(_where(node), _seconds(node.mapping(allowed={kind})[kind]))
    time, make = _JUDGED[kind]
    parts = node.mapping(allowed={kind, time}, required={kind, time})
    return make(_where(node), parts[kind], _seconds(parts[time]))


def _speak(node: Node, cast: _Cast) -> Speak:
    parts = node.mapping(allowed={*_SPOKEN, *_SPEAK_OPTIONS, *_WAITING})
    if len([kind for kind in _SPOKEN if kind in parts]) != 1:
        raise node.error('write either "say: words" or "play: file.wav"')
    if "say" in parts and "words" in parts:
        raise parts["words"].error('"words" is what a recording says; leave it out, or write "play" for "say"')
    return Speak(
        where=_where(node),
        words=_words(parts["say"]) if "say" in parts else parts["words"].text() if "words" in parts else "",
        recording=cast.folder / parts["play"].text() if "play" in parts else None,
        on=_on(parts),
        after_s=_after_s(parts),
        by=_by(parts, cast),
        level_db=_level_db(parts),
    )


def _in_the_room(kind: str, node: Node, cast: _Cast) -> Act:
    parts = node.mapping(allowed={kind, *_ROOM_OPTIONS[kind], *_WAITING})
    where, on, after_s = _where(node), _on(parts), _after_s(parts)
    if kind == "talk":
        return SmallTalk(where, _seconds(parts[kind]), _by(parts, cast), on, after_s, _level_db(parts))
    if kind == "sound":
        for_s = _seconds(parts["for"]) if "for" in parts else None
        return Disturb(where, parts[kind].choice(Disturbance), for_s, on, after_s, _level_db(parts))
    happens = Mute if kind == "microphone muted for" else PowerCut
    return happens(where, _seconds(parts[kind]), on, after_s)


def _on(parts: Mapping[str, Node]) -> OnWords | None:
    if "when" in parts and "when said" in parts:
        raise parts["when said"].error('one thing is waited for; keep "when" or "when said"')
    if "when" in parts:
        return OnWords(_words(parts["when"]), ended=False)
    if "when said" in parts:
        return OnWords(_words(parts["when said"]), ended=True)
    return None


def _after_s(parts: Mapping[str, Node]) -> float:
    return _seconds(parts["after"]) if "after" in parts else 0.0


def _level_db(parts: Mapping[str, Node]) -> float | None:
    return _decibels(parts["level"]) if "level" in parts else None


def _by(parts: Mapping[str, Node], cast: _Cast) -> str:
    name = parts["by"].text() if "by" in parts else PERSON
    if name not in {PERSON, *cast.others}:
        raise parts["by"].error(f'there is nobody called "{name}"; add a line "{name}: {{}}" under "others"')
    return name


def _answer(node: Node, cast: _Cast) -> Speak:
    answer = _speak(node, cast)
    if answer.on is None:
        raise node.error('an answer waits for words of the coach; add a line "when: ..." or "when said: ..."')
    return answer


def _where(node: Node) -> str:
    return f"{node.file}:{node.line}"


# --- values -----------------------------------------------------------------------------------------------------------


def _words(node: Node) -> str:
    text = node.text()
    if not plain(text):
        raise node.error(f'there is no word in "{text}"; write what is said')
    return text


def _command_or_any(node: Node) -> Command | None:
    return None if node.text() == "any" else node.choice(Command)


def _moment(node: Node) -> datetime:
    try:
        return datetime.strptime(node.text(), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise node.error(
            f'{node.called} is "{node.text()}"; write a day and a time, such as 2026-01-15 22:00'
        ) from None


def _seconds(node: Node) -> float:
    return _measured(node, _UNITS_S, (0.0, _LONGEST_S), "2 s", "0.5 s", "10 min")


def _decibels(node: Node) -> float:
    return _measured(node, {"dB": 1.0}, (-120.0, 0.0), "-30 dB")


def _echo_delay_s(node: Node) -> float:
    return _measured(node, _UNITS_S, (LEAST_DELAY_S, 1.0), "40 ms", "0.2 s")


def _drift_ppm(node: Node) -> float:
    return _measured(node, {"ppm": 1.0}, (-500.0, 500.0), "100 ppm", "-50 ppm")


def _distortion(node: Node) -> float:
    return _measured(node, {"%": 1.0}, (0.0, 10.0), "3 %") / 100.0


def _metres(node: Node) -> float:
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
