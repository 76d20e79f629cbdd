"""Writes scenario files: what `scenario_file.load_scenario` reads, line by line as a person would write it.

Written are the acts, the waits and what surrounds them; what was asked of the coach is for a person to add.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from voicecoach.errors import CannotCreateError
from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import MicrophoneFault, RoomAcoustics
from voicecoach.simulation.scenario import ALL_ANSWERED, EVENING, LIMIT_S, Talker
from voicecoach.simulation.scenario_file import VERSION
from voicecoach.simulation.scenario_history import NEW, RECORD_TIME
from voicecoach.simulation.turns import Disturb, Mute, PowerCut, SmallTalk, Speak, Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from voicecoach.person.facts import Record
    from voicecoach.simulation.scenario import Scenario
    from voicecoach.simulation.turns import Act, OnWords

Written = Speak | SmallTalk | Disturb | Mute | PowerCut | Wait
"""The turns that can be written."""
_PLAIN: Final = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
"""Texts that need no quotes."""
_PLACES: Final = 3
"""Decimals of seconds and decibels."""


def as_yaml(scenario: Scenario) -> str:
    """``scenario`` as the contents of a file.

    Raises:
        ValueError: It has no turn, or one that is none of `Written`.
    """
    return "\n".join([*_head(scenario), *_history(scenario.history), *_turns(scenario)]) + "\n"


def write_scenario(path: Path, scenario: Scenario) -> None:
    """Write ``scenario`` into the file ``path``.

    Raises:
        VoicecoachError: It cannot be written there.
    """
    _tried(path, lambda: path.write_text(as_yaml(scenario), encoding="utf-8"))


def check_writable(path: Path) -> None:
    """Try, before a session, whether `write_scenario` will be able to write; errors are the same."""
    _tried(path, lambda: path.open("a", encoding="utf-8").close())


def _tried(path: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotCreateError(f"{path} cannot be written ({reason}); name another file with --record") from None


def _head(scenario: Scenario) -> Iterator[str]:
    yield f"version: {VERSION}"
    yield f"title: {_quoted(scenario.title)}"
    yield f"routine: {_quoted(scenario.routine)}"
    if scenario.at != EVENING:
        yield f"at: {scenario.at:%Y-%m-%d %H:%M}"
    if scenario.limit_s != LIMIT_S:
        yield f"at most: {_seconds(scenario.limit_s)}"
    if scenario.person != Talker():
        yield f"person: {_talker(scenario.person)}"
    if scenario.others:
        yield "others:"
        yield from (f"  {_quoted(name)}: {_talker(talker)}" for name, talker in scenario.others.items())
    if scenario.room != RoomAcoustics():
        yield f"room: {_room(scenario.room)}"
    preferences = {"soft bed": "yes"} if scenario.soft_bed else {}
    if scenario.left_out:
        preferences["left out"] = f"[{', '.join(map(_quoted, sorted(scenario.left_out)))}]"
    if preferences:
        yield f"preferences: {_flow(preferences)}"


def _history(records: tuple[Record, ...]) -> Iterator[str]:
    if not records:
        yield f"history: {NEW}"
    elif records != ALL_ANSWERED:
        yield "history:"
        yield "  records:"
        yield from (f"    - {_record(record)}" for record in records)


def _turns(scenario: Scenario) -> Iterator[str]:
    if scenario.answers:
        yield "answers:"
        yield from (f"  - {_turn(answer)}" for answer in scenario.answers)
    if not scenario.turns:
        raise ValueError("a scenario without turns cannot be read again")
    yield "turns:"
    for turn in scenario.turns:
        if not isinstance(turn, Written):
            raise ValueError(f"only what happens can be written, not {turn}")  # noqa: TRY004 - a value, not a type, is wrong
        yield f"  - {_turn(turn)}"


def _turn(turn: Written) -> str:
    match turn:
        case Wait(seconds=for_s):
            return _flow({"wait": _seconds(for_s)})
        case Speak(recording=None):
            fields = {"whisper" if turn.whispered else "say": _quoted(turn.words)}
        case Speak():
            fields = {"play": _quoted(str(turn.recording)), **({"words": _quoted(turn.words)} if turn.words else {})}
        case SmallTalk():
            fields = {"talk": _seconds(turn.for_s)}
        case Disturb():
            repeated = {} if turn.for_s is None else {"for": _seconds(turn.for_s)}
            fields = {"sound": turn.sound.value, **repeated}
        case Mute(fault=MicrophoneFault.MUTED):
            fields = {"microphone muted for": _seconds(turn.for_s)}
        case Mute():
            fields = {"microphone": turn.fault.value, "for": _seconds(turn.for_s)}
        case PowerCut():
            fields = {"power cut for": _seconds(turn.for_s)}
    return _flow(fields | _when(turn.on, turn.after_s) | _manner(turn))


def _when(on: OnWords | None, after_s: float) -> dict[str, str]:
    waited = {} if on is None else {"when said" if on.ended else "when": _quoted(on.words)}
    return waited | ({"after": _seconds(after_s)} if after_s else {})


def _manner(act: Act) -> dict[str, str]:
    """Who does it, and how loudly."""
    fields = {}
    if isinstance(act, Speak | SmallTalk) and act.by != PERSON:
        fields["by"] = _quoted(act.by)
    if isinstance(act, Speak | SmallTalk | Disturb) and act.level_db is not None:
        fields["level"] = _decibels(act.level_db)
    return fields


def _talker(talker: Talker) -> str:
    voice = {"voice": _quoted(talker.voice.name), "words per minute": str(talker.voice.words_per_minute)}
    return _flow(voice | {"level": _decibels(talker.level_db), "distance": f"{_number(talker.distance_m)} m"})


def _room(room: RoomAcoustics) -> str:
    fields = {"noise": room.noise.value, "noise level": _decibels(room.noise_db)}
    if room.echo_db is not None:
        fields |= {
            "echo": _decibels(room.echo_db),
            "echo delay": _seconds(room.echo_delay_s),
            "echo drift": f"{_number(room.echo_drift_ppm)} ppm",
            "distortion": f"{_number(100 * room.distortion)} %",
        }
    return _flow(fields)


def _record(record: Record) -> str:
    fields = {"at": f"{record.at:{RECORD_TIME}}", "what": record.what.value}
    fields |= {"about": _quoted(record.about)} if record.about else {}
    fields |= {"side": _quoted(record.side)} if record.side else {}
    fields |= {"second": _number(record.second)} if record.second is not None else {}
    fields |= {"value": _number(record.value)} if record.value is not None else {}
    return _flow(fields)


# --- values -----------------------------------------------------------------------------------------------------------


def _flow(fields: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in fields.items())}}}"


def _quoted(text: str) -> str:
    """Text that YAML cannot take for something else; JSON's quotes are YAML's."""
    plain = _PLAIN.fullmatch(text) and text != "null"
    return text if plain else json.dumps(text, ensure_ascii=False)


def _seconds(seconds: float) -> str:
    return f"{_number(seconds)} s"


def _decibels(db: float) -> str:
    return f"{_number(db)} dB"


def _number(value: float) -> str:
    """At most `_PLACES` decimals, none where there are none, and never an exponent."""
    return f"{value:.{_PLACES}f}".rstrip("0").rstrip(".")
