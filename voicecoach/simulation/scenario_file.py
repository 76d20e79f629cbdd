"""Reads scenario files: short YAML of who says what and when, and what must follow; docs/scenarios.md teaches it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from voicecoach import yamlfile
from voicecoach.engines.synthesis.port import Voice
from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import Noise, RoomAcoustics
from voicecoach.simulation.echo_path import LEAST_DELAY_S
from voicecoach.simulation.measures import decibels, distortion, drift_ppm, echo_delay_s, metres, seconds
from voicecoach.simulation.scenario import EVENING, LIMIT_S, ROOM, Scenario, Talker
from voicecoach.simulation.scenario_history import history
from voicecoach.simulation.turn_file import Cast, read_answer, read_turn

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.yamlfile import Node

_NO_NAMES: Final = (PERSON, "coach", "heard", ROOM)
"""Nobody else can be called so: reports use these names."""


_ANY_VERSION: Final = 1_000_000
VERSION: Final = 1
"""Of the files that are read here; one without a version has version 1."""
_PARTS: Final = frozenset(
    {"version", "title", "routine", "person", "others", "room", "preferences", "at", "history", "at most", "answers"}
    | {"turns"}
)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        BadFileError: It cannot be read, or says something that it should not; with file, line and column.
    """
    top = yamlfile.read(path)
    _check_version(top.mapping().get("version"))
    parts = top.mapping(allowed=_PARTS, required={"title", "routine", "turns"})
    soft_bed, left_out = _preferences(parts.get("preferences"))
    others = _others(parts.get("others"))
    cast = Cast(path.parent, others)
    limit_s = seconds(parts["at most"]) if "at most" in parts else LIMIT_S
    at = _moment(parts["at"]) if "at" in parts else EVENING
    return Scenario(
        title=parts["title"].text(),
        routine=parts["routine"].text(),
        turns=tuple(read_turn(node, cast) for node in parts["turns"].sequence()),
        answers=tuple(read_answer(node, cast) for node in parts["answers"].sequence()) if "answers" in parts else (),
        person=_talker(parts.get("person")),
        others=others,
        room=_room(parts.get("room"), limit_s),
        soft_bed=soft_bed,
        left_out=left_out,
        at=at,
        history=history(parts.get("history"), at),
        limit_s=limit_s,
    )


def _check_version(node: Node | None) -> None:
    if node is not None and node.whole_number(1, _ANY_VERSION) > VERSION:
        raise node.error(
            f"this scenario has version {node.text()}, and this voicecoach reads version {VERSION}; use a newer one"
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
        level_db=decibels(parts["level"]) if "level" in parts else usual.level_db,
        distance_m=metres(parts["distance"]) if "distance" in parts else usual.distance_m,
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
    echo_db = None if "echo" not in parts or parts["echo"].text() == "off" else decibels(parts["echo"])
    if echo_db is None and (way := next((key for key in parts if key in ways), None)):
        raise parts[way].error(f'"{way}" is about the echo, and there is none; add "echo: -12 dB"')
    room = RoomAcoustics(
        noise=parts["noise"].choice(Noise) if "noise" in parts else usual.noise,
        noise_db=decibels(parts["noise level"]) if "noise level" in parts else usual.noise_db,
        echo_db=echo_db,
        echo_delay_s=echo_delay_s(parts["echo delay"]) if "echo delay" in parts else usual.echo_delay_s,
        echo_drift_ppm=drift_ppm(parts["echo drift"]) if "echo drift" in parts else usual.echo_drift_ppm,
        distortion=distortion(parts["distortion"]) if "distortion" in parts else usual.distortion,
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


def _moment(node: Node) -> datetime:
    try:
        return datetime.strptime(node.text(), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise node.error(
            f'{node.called} is "{node.text()}"; write a day and a time, such as 2026-01-15 22:00'
        ) from None
