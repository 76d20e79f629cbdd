"""Reads the turns of a scenario file; docs/scenarios.md lists them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import COMMANDS
from voicecoach.plain import plain
from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import MicrophoneFault
from voicecoach.simulation.disturbance import Disturbance
from voicecoach.simulation.measures import decibels, seconds
from voicecoach.simulation.turns import (
    AbsentCommand,
    AbsentWords,
    Act,
    Disturb,
    Ends,
    ExpectCommand,
    ExpectMode,
    ExpectSilence,
    ExpectVoice,
    ExpectWords,
    Loudness,
    Mute,
    OnWords,
    PowerCut,
    SmallTalk,
    Speak,
    Turn,
    Wait,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from voicecoach.languages.commands import Command
    from voicecoach.yamlfile import Node


class _Ending(Enum):
    REST = "rest"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what there is for turns to name."""

    folder: Path
    """Where recordings are."""
    others: Collection[str]


_COMMANDS: Final = {command.key: command for command in COMMANDS}
_SPOKEN: Final = ("say", "whisper", "play")
_SPEAK_OPTIONS: Final = ("words", "by", "level")
_ROOM_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "talk": ("by", "level"),
    "sound": ("for", "level"),
    "microphone": ("for",),
    "microphone muted for": (),
    "power cut for": (),
}
"""What else happens in the bedroom, and what can be said of it."""
_JUDGED: Final[Mapping[str, tuple[str, Callable[[str, Node, float], Turn]]]] = {
    "expect": ("within", lambda where, node, time_s: ExpectWords(where, _words(node), time_s)),
    "expect command": ("within", lambda where, node, time_s: ExpectCommand(where, _command(node), time_s)),
    "expect mode": ("within", lambda where, node, time_s: ExpectMode(where, node.choice(Mode).value, time_s)),
    "expect voice": ("within", lambda where, node, time_s: ExpectVoice(where, node.choice(Loudness), time_s)),
    "expect silence": ("within", lambda where, node, time_s: ExpectSilence(where, time_s, seconds(node))),
    "absent": ("for", lambda where, node, time_s: AbsentWords(where, _words(node), time_s)),
    "absent command": ("for", lambda where, node, time_s: AbsentCommand(where, _command_or_any(node), time_s)),
    "ends": ("within", lambda where, node, time_s: Ends(where, node.choice(_Ending).value, time_s)),
}
"""What a turn can ask of the coach: the name of the time that goes with it, and how to make the turn of both."""
_KINDS: Final = (*_SPOKEN, *_ROOM_OPTIONS, *_JUDGED, "wait")
_WAITING: Final = ("when", "when said", "after")
_TURN_KEYS: Final = (*_KINDS, *_SPEAK_OPTIONS, *_WAITING, "within", "for")


def read_turn(node: Node, cast: Cast) -> Turn:
    kinds = [kind for kind in node.mapping(allowed=_TURN_KEYS) if kind in _KINDS]
    if len(kinds) != 1:
        raise node.error(f"a turn does one thing, and this does {len(kinds)}; write one of: {', '.join(_KINDS)}")
    kind = kinds[0]
    if kind in _SPOKEN:
        return _speak(node, cast)
    if kind in _ROOM_OPTIONS:
        return _in_the_room(kind, node, cast)
    if kind == "wait":
        return Wait(_where(node), seconds(node.mapping(allowed={kind})[kind]))
    time, make = _JUDGED[kind]
    parts = node.mapping(allowed={kind, time}, required={kind, time})
    return make(_where(node), parts[kind], seconds(parts[time]))


def _speak(node: Node, cast: Cast) -> Speak:
    parts = node.mapping(allowed={*_SPOKEN, *_SPEAK_OPTIONS, *_WAITING})
    if len([kind for kind in _SPOKEN if kind in parts]) != 1:
        raise node.error('write one of "say: words", "whisper: words" and "play: file.wav"')
    said = parts.get("say") or parts.get("whisper")
    if said and "words" in parts:
        raise parts["words"].error('"words" is what a recording says; leave it out, or write "play" for "say"')
    return Speak(
        where=_where(node),
        words=_words(said) if said else parts["words"].text() if "words" in parts else "",
        recording=cast.folder / parts["play"].text() if "play" in parts else None,
        on=_on(parts),
        after_s=_after_s(parts),
        by=_by(parts, cast),
        level_db=_level_db(parts),
        whispered="whisper" in parts,
    )


def _in_the_room(kind: str, node: Node, cast: Cast) -> Act:
    parts = node.mapping(allowed={kind, *_ROOM_OPTIONS[kind], *_WAITING})
    where, on, after_s = _where(node), _on(parts), _after_s(parts)
    if kind == "talk":
        return SmallTalk(where, seconds(parts[kind]), _by(parts, cast), on, after_s, _level_db(parts))
    if kind == "sound":
        for_s = seconds(parts["for"]) if "for" in parts else None
        return Disturb(where, parts[kind].choice(Disturbance), for_s, on, after_s, _level_db(parts))
    if kind == "microphone":
        parts = node.mapping(allowed={kind, "for", *_WAITING}, required={"for"})
        return Mute(where, seconds(parts["for"]), on, after_s, parts[kind].choice(MicrophoneFault))
    happens = Mute if kind == "microphone muted for" else PowerCut
    return happens(where, seconds(parts[kind]), on, after_s)


def _on(parts: Mapping[str, Node]) -> OnWords | None:
    if "when" in parts and "when said" in parts:
        raise parts["when said"].error('one thing is waited for; keep "when" or "when said"')
    if "when" in parts:
        return OnWords(_words(parts["when"]), ended=False)
    if "when said" in parts:
        return OnWords(_words(parts["when said"]), ended=True)
    return None


def _after_s(parts: Mapping[str, Node]) -> float:
    return seconds(parts["after"]) if "after" in parts else 0.0


def _level_db(parts: Mapping[str, Node]) -> float | None:
    return decibels(parts["level"]) if "level" in parts else None


def _by(parts: Mapping[str, Node], cast: Cast) -> str:
    name = parts["by"].text() if "by" in parts else PERSON
    if name not in {PERSON, *cast.others}:
        raise parts["by"].error(f'there is nobody called "{name}"; add a line "{name}: {{}}" under "others"')
    return name


def read_answer(node: Node, cast: Cast) -> Speak:
    answer = _speak(node, cast)
    if answer.on is None:
        raise node.error('an answer waits for words of the coach; add a line "when: ..." or "when said: ..."')
    return answer


def _where(node: Node) -> str:
    return f"{node.file}:{node.line}"


def _words(node: Node) -> str:
    text = node.text()
    if not plain(text):
        raise node.error(f'there is no word in "{text}"; write what is said')
    return text


def _command(node: Node) -> Command:
    return node.one_of(_COMMANDS)


def _command_or_any(node: Node) -> Command | None:
    return None if node.text() == "any" else _command(node)
