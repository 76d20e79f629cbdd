"""A session trace: everything that happened in a session, one line of JSON each, with its second on the sample clock.

Live sessions, rehearsals and the sound check write it when asked; transcript and picture are made from it.  It holds no
sound; it holds the words that were heard, because that is what asking for one means.  docs/trace.md is its reference.

More than 300 lines: what is written and how it is read again stand together, so that neither changes alone.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import Chime, Cue
from voicecoach.dialogue.table import COMMANDS
from voicecoach.engines.recognition.port import Delivery
from voicecoach.engines.synthesis.port import Voice
from voicecoach.jsonlines import read_lines
from voicecoach.languages.commands import Meaning
from voicecoach.session_events import (
    Began,
    EchoFound,
    Entered,
    LostHearing,
    MicrophoneOff,
    MicrophoneOn,
    RegainedHearing,
    Softened,
    Spoke,
    Understood,
)
from voicecoach.session_trace import Announced, Failed, Finished, Header, Said, Trace, with_spare_voice, with_stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from voicecoach.jsonlines import Line
    from voicecoach.session_trace import Entry

FORMAT: Final = "voicecoach trace"
VERSION: Final = 4
CLOSE_S: Final = 2.0
"""How long a session that is over waits for its trace to be written."""
_COMMANDS: Final = {command.key: command for command in COMMANDS}


# --- writing ----------------------------------------------------------------------------------------------------------


class TraceWriter:
    """An observer that writes a trace, line by line, as the session goes on.

    A thread of its own writes, so that nobody waits for a disk or for the reader of a pipe.  A trace that cannot be
    written (a full disk, a reader that has gone) is warned of once and ends nothing.
    """

    def __init__(
        self,
        path: Path,
        header: Header,
        warn: Callable[[str], None],
        announcements: Mapping[str, str] | None = None,
        is_spare: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        """Begin the file anew.

        Args:
            path: Where to write.
            header: What is known of the session.
            warn: Is given one line for the person when the file cannot be written, perhaps on another thread.
            announcements: Names of stretches, by the sentences that announce them.
            is_spare: Whether another voice than the coach's says a text.
        """
        self._is_spare = is_spare
        self._path, self._warn, self._announcements = path, warn, announcements or {}
        self._entries: SimpleQueue[Entry | None] = SimpleQueue()
        self._given_up = False
        self._thread = Thread(target=self._work, args=(header,), name="trace", daemon=True)
        self._thread.start()

    def __call__(self, event: Entry) -> None:
        if not self._given_up:
            self._entries.put(event)

    def close(self, within_s: float = CLOSE_S) -> None:
        """Write what is left, unless that takes longer than ``within_s`` seconds."""
        self._entries.put(None)
        self._thread.join(within_s)

    def _work(self, header: Header) -> None:
        try:
            with self._path.open("w", encoding="utf-8", buffering=1) as file:
                file.write(_line(encoded_header(header)))
                entries = with_spare_voice(iter(self._entries.get, None), self._is_spare)
                for entry in with_stretches(entries, self._announcements):
                    file.write(_line(encoded(entry)))
        except (OSError, ValueError) as error:  # ValueError: what UTF-8 or JSON cannot say
            self._given_up = True
            self._warn(_warning(self._path, error))


def _warning(path: Path, error: OSError | ValueError) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{path}: the trace cannot be written ({reason}); the session goes on without it"


@contextmanager
def opened_trace(
    path: Path | None,
    header: Header,
    warn: Callable[[str], None],
    announcements: Mapping[str, str] | None = None,
    is_spare: Callable[[str], bool] = lambda _text: False,
) -> Iterator[TraceWriter | None]:
    """A `TraceWriter` that is closed in the end; None for no path."""
    writer = None if path is None else TraceWriter(path, header, warn, announcements, is_spare)
    try:
        yield writer
    finally:
        if writer is not None:
            writer.close()


def write_trace(path: Path, trace: Trace, warn: Callable[[str], None]) -> None:
    """Write a whole ``trace`` at once; as with `TraceWriter`, no failure ends anything."""
    try:
        path.write_text(as_text(trace), encoding="utf-8")
    except (OSError, ValueError) as error:
        warn(_warning(path, error))


def as_text(trace: Trace) -> str:
    """A whole ``trace`` as the contents of a file."""
    return "".join(map(_line, (encoded_header(trace.header), *map(encoded, trace.entries))))


def _line(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, allow_nan=False) + "\n"


def encoded_header(header: Header) -> dict[str, object]:
    """The first line of a trace."""
    return {"at_s": 0.0, "kind": "header", "format": FORMAT, "version": VERSION, **asdict(header)}


def encoded(entry: Entry) -> dict[str, object]:
    """The line of an ``entry``."""
    kind, fields = _fields(entry)
    at_s = entry.began_s if isinstance(entry, Spoke | Understood | Said) else entry.at_s
    return {"at_s": at_s, "kind": kind, **fields}


def _fields(entry: Entry) -> tuple[str, dict[str, object]]:
    fields: tuple[str, dict[str, object]]
    match entry:
        case Spoke(sound, _, ended_s, whole, spare):
            spared = {"spare": True} if spare else {}
            fields = "spoke", {"ended_s": ended_s, **_sound(sound), "whole": whole, **spared}
        case Understood(words, meaning, confidence, _, ended_s, refusal, delivery):
            found = {"command": meaning.command.key, "argument": meaning.argument} if meaning else {"command": None}
            heard: dict[str, object] = {
                "ended_s": ended_s,
                "words": words,
                **found,
                "confidence": confidence,
                "refusal": refusal,
                **({} if delivery is None else asdict(delivery)),
            }
            fields = "understood", heard
        case Began(beat, cues, _, length_s):
            listed = [{"at_s": cue.at_s, **_sound(cue.sound), **_how(cue)} for cue in cues]
            fields = "began", {"beat": beat, "length_s": length_s, "cues": listed}
        case Entered(mode):
            fields = "entered", {"mode": mode}
        case LostHearing() | RegainedHearing() | EchoFound() | MicrophoneOff() | MicrophoneOn() | Softened():
            fields = _fields_of_hearing(entry)
        case Said(words, _, ended_s, who):
            fields = "said", {"ended_s": ended_s, "who": who, "words": words}
        case Announced(name):
            fields = "stretch", {"name": name}
        case Failed(message):
            fields = "failed", {"message": message}
        case Finished(mode):
            fields = "end", {"mode": mode}
    return fields


def _fields_of_hearing(
    entry: LostHearing | RegainedHearing | EchoFound | MicrophoneOff | MicrophoneOn | Softened,
) -> tuple[str, dict[str, object]]:
    match entry:
        case LostHearing(why):
            return "deaf", {"why": why}
        case RegainedHearing():
            return "hears", {}
        case EchoFound(delay_s):
            return "echo", {"delay_s": delay_s}
        case MicrophoneOff():
            return "microphone off", {}
        case MicrophoneOn():
            return "microphone on", {}
        case Softened(gain_db):
            return "softened", {"gain_db": gain_db}


def _sound(sound: str | Chime) -> dict[str, object]:
    return {"sentence": sound} if isinstance(sound, str) else {"chime": sound.value}


def _how(cue: Cue) -> dict[str, object]:
    how = {"gain_db": cue.gain_db or None, "lasts_s": cue.lasts_s}
    return {key: value for key, value in how.items() if value is not None}


# --- reading ----------------------------------------------------------------------------------------------------------


def read_trace(path: Path) -> Trace:
    """Read a trace.

    Raises:
        BadFileError: It cannot be read, is no trace, is broken, or was written by a newer version; with file and line.
    """
    first, *rest = read_lines(path, "name a file that --trace has written")
    return Trace(_header(first), tuple(_entry(line) for line in rest))


def _header(line: Line) -> Header:
    if line.get("kind") != "header" or line.get("format") != FORMAT:
        raise line.error("this is no session trace; name a file that --trace has written")
    version = line.whole_number("version")
    if version > VERSION:
        raise line.error(
            f"this trace has version {version}, and this voicecoach reads them up to version {VERSION}; use a newer one"
        )
    return Header(
        source=line.text("source"),
        title=line.text("title"),
        routine=line.text("routine"),
        seed=None if line.get("seed") is None else line.whole_number("seed"),
        coach_voice=_voice(line, "coach_voice"),
        spare_voice=_voice(line, "spare_voice"),
        person_voice=_voice(line, "person_voice"),
        other_voices=_voices(line),
        person_level_db=None if line.get("person_level_db") is None else line.number("person_level_db"),
        room=line.text("room"),
    )


def _voices(line: Line) -> dict[str, Voice]:
    if line.get("other_voices") is None:
        return {}
    others = line.part("other_voices")
    return {name: voice for name in others.names() if (voice := _voice(others, name)) is not None}


def _voice(line: Line, key: str) -> Voice | None:
    if line.get(key) is None:
        return None
    voice = line.part(key)
    return Voice(voice.text("name"), voice.whole_number("words_per_minute"))


def _entry(line: Line) -> Entry:
    kind = line.text("kind")
    if kind not in _DECODERS:
        raise line.error(f'there is no kind of line "{kind}"; the kinds are {", ".join(_DECODERS)}')
    return _DECODERS[kind](line, line.number("at_s"))


def _understood(line: Line, at_s: float) -> Understood:
    meaning = None
    if line.get("command") is not None:
        meaning = Meaning(line.one_of("command", _COMMANDS), _argument(line))
    confidence, ended_s = line.number("confidence"), line.number("ended_s")
    return Understood(line.text("words"), meaning, confidence, at_s, ended_s, line.text("refusal"), _delivery(line))


def _delivery(line: Line) -> Delivery | None:
    if line.get("voicing") is None:
        return None
    return Delivery(line.number("level_db"), line.number("above_room_db"), line.number("voicing"))


def _argument(line: Line) -> str | int | None:
    argument = line.get("argument")
    if argument is None:
        return None
    return line.text("argument") if isinstance(argument, str) else line.whole_number("argument")


def _decoded_sound(line: Line) -> str | Chime:
    return line.choice("chime", Chime) if line.get("chime") is not None else line.text("sentence")


def _decoded_cue(line: Line) -> Cue:
    gain_db = 0.0 if line.get("gain_db") is None else line.number("gain_db")
    lasts_s = None if line.get("lasts_s") is None else line.number("lasts_s")
    return Cue(line.number("at_s"), _decoded_sound(line), gain_db, lasts_s)


def _began(line: Line, at_s: float) -> Began:
    cues = tuple(map(_decoded_cue, line.parts("cues")))
    return Began(line.text("beat"), cues, at_s, line.number("length_s"))


_DECODERS: Final[Mapping[str, Callable[[Line, float], Entry]]] = {
    "spoke": lambda line, at_s: Spoke(
        _decoded_sound(line),
        at_s,
        line.number("ended_s"),
        line.flag("whole"),
        spare=line.get("spare") is not None and line.flag("spare"),
    ),
    "understood": _understood,
    "began": _began,
    "entered": lambda line, at_s: Entered(line.text("mode"), at_s),
    "deaf": lambda line, at_s: LostHearing(line.text("why"), at_s),
    "hears": lambda _, at_s: RegainedHearing(at_s),
    "echo": lambda line, at_s: EchoFound(line.number("delay_s"), at_s),
    "microphone off": lambda _, at_s: MicrophoneOff(at_s),
    "microphone on": lambda _, at_s: MicrophoneOn(at_s),
    "softened": lambda line, at_s: Softened(line.number("gain_db"), at_s),
    "said": lambda line, at_s: Said(line.text("words"), at_s, line.number("ended_s"), line.text("who")),
    "stretch": lambda line, at_s: Announced(line.text("name"), at_s),
    "failed": lambda line, at_s: Failed(line.text("message"), at_s),
    "end": lambda line, at_s: Finished(line.text("mode"), at_s),
}
