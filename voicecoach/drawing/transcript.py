"""A session as a page to read: who said what when, what was understood, and what did not come about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.clock_text import clock
from voicecoach.session_events import (
    Began,
    Entered,
    LostHearing,
    MicrophoneOff,
    MicrophoneOn,
    RegainedHearing,
    SessionEvent,
    Softened,
    Spoke,
    Understood,
)
from voicecoach.session_trace import REHEARSAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.session_trace import Header, Said, Trace

_COUNTED: Final = frozenset({"hold", "breaths", "movement"})
"""Performances of many short cues, which share rows."""
_LONGEST_ROW: Final = 90
"""Characters after which a new row begins with the next phase of a movement."""
_FIRST_NUMBERS: Final = 3
_GAP: Final = " … "


@dataclass(frozen=True, slots=True)
class _Row:
    at_s: float
    who: str
    words: str
    command: str = ""
    confidence: str = ""


def transcript(session: Trace) -> str:
    """``session`` as Markdown."""
    parts = [f"# {session.header.title}", _figures(session), *_outcome(session)]
    rows = sorted(_rows(session), key=lambda row: row.at_s)
    names = session.stretches
    for number, chapter in enumerate(_chapters(rows, [named.at_s for named in names])):
        if chapter:
            parts.append(f"## {names[number - 1].name.capitalize() if number else 'Beginning'}")
            parts.append(_table(["time", "who", "words", "command", "confidence"], map(_cells, chapter)))
    return "\n\n".join(parts) + "\n"


def _figures(session: Trace) -> str:
    header = session.header
    figures = {
        "routine": header.routine,
        "length": clock(session.lasted_s),
        "ended in mode": session.mode,
        "seed": "" if header.seed is None else str(header.seed),
        "coach": _voice(header, header.coach_voice),
        "what the voice pack has not": header.spare_voice.name if header.spare_voice else "",
        "person": _person(header),
        **{name: _voice(header, voice) for name, voice in header.other_voices.items()},
        "bedroom": header.room,
    }
    return _table(["", ""], ([name, value] for name, value in figures.items() if value))


def _person(header: Header) -> str:
    """Whose voice a rehearsal had; of people who are really there nothing is known."""
    level = "" if header.person_level_db is None else f", {header.person_level_db:.0f} dB at the microphone"
    return _voice(header, header.person_voice) + level if header.source == REHEARSAL else ""


def _voice(header: Header, voice: Voice | None) -> str:
    if voice is not None:
        return f"{voice.name}, {voice.words_per_minute} words a minute"
    return "as text, without a voice" if header.source == REHEARSAL else ""


def _outcome(session: Trace) -> Iterator[str]:
    """What did not come about; without a scenario there is nothing that should have."""
    if session.failures:
        yield "\n".join(["**What did not come about:**", "", *(f"- {_safe(failure)}" for failure in session.failures)])
    elif session.header.source == REHEARSAL:
        yield "Everything came about as it should."


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(session: Trace) -> Iterator[_Row]:
    """All rows; those of the same moment in the order in which they are read: person, what was heard, mode, coach."""
    yield from (_said(said) for said in session.said)
    for event in session.events:
        match event:
            case Understood():
                yield _understood(event)
            case Entered(mode=mode, at_s=at_s):
                yield _Row(at_s, "", f"*{mode}*")
            case LostHearing(why=why, at_s=at_s):
                yield _Row(at_s, "", f"*the microphone cannot be heard: {why}*")
            case RegainedHearing(at_s=at_s):
                yield _Row(at_s, "", "*the microphone can be heard again*")
            case MicrophoneOff(at_s=at_s):
                yield _Row(at_s, "", "*the microphone is off*")
            case MicrophoneOn(at_s=at_s):
                yield _Row(at_s, "", "*the microphone is on again*")
            case Softened(gain_db=gain_db, at_s=at_s):
                yield _Row(at_s, "", f"*softer: {gain_db:g} dB*" if gain_db else "*as loudly as before*")
            case _:
                pass
    for began, spoken in performances(session.events):
        is_counted = began is not None and began.beat in _COUNTED
        yield from _counted(spoken) if is_counted else map(_spoken, spoken)


def _said(said: Said) -> _Row:
    return _Row(said.began_s, said.who, said.words or "*a recording*")


def _understood(heard: Understood) -> _Row:
    command = "no command"
    if heard.meaning is not None:
        argument = heard.meaning.argument
        command = heard.meaning.command.key + (f" ({argument})" if argument is not None else "")
    return _Row(heard.ended_s, "heard", heard.words, command, f"{heard.confidence:.2f}")


def _spoken(spoke: Spoke) -> _Row:
    return _Row(spoke.began_s, "coach, in the other voice" if spoke.spare else "coach", _words(spoke))


def _words(spoke: Spoke) -> str:
    words = spoke.sound if isinstance(spoke.sound, str) else f"*chime: {spoke.sound.value}*"
    return words if spoke.whole else f"{words} *(cut short)*"


def performances(events: Iterable[SessionEvent]) -> Iterator[tuple[Began | None, list[Spoke]]]:
    """Each performance with what was spoken in it; None: before the first one."""
    began = [event for event in events if isinstance(event, Began)]
    starts = [performance.at_s for performance in began]
    spoken: list[list[Spoke]] = [[] for _ in range(len(began) + 1)]
    for event in events:
        if isinstance(event, Spoke):
            spoken[bisect_right(starts, event.began_s)].append(event)
    yield from zip([None, *began], spoken, strict=True)


def _counted(spoken: Sequence[Spoke]) -> Iterator[_Row]:
    """Rows of about a line each; long runs of single words keep their beginning and their end."""
    at_s, line = 0.0, ""
    for run in _runs(spoken):
        words = _GAP.join(map(_words, _abridged(run)))
        if line and len(line) + len(words) > _LONGEST_ROW:
            yield _Row(at_s, "coach", line)
            line = ""
        at_s, line = (at_s, f"{line}{_GAP}{words}") if line else (run[0].began_s, words)
    if line:
        yield _Row(at_s, "coach", line)


def _runs(spoken: Sequence[Spoke]) -> Iterator[list[Spoke]]:
    """Each phrase of several words with the single words (numbers, mostly) that follow it."""
    run: list[Spoke] = []
    for spoke in spoken:
        if run and not _is_number(spoke):
            yield run
            run = []
        run.append(spoke)
    if run:
        yield run


def _is_number(spoke: Spoke) -> bool:
    return isinstance(spoke.sound, str) and spoke.sound.isalpha()


def _abridged(run: Sequence[Spoke]) -> list[Spoke]:
    return [*run[:_FIRST_NUMBERS], *run[-1:]] if len(run) > _FIRST_NUMBERS + 1 else list(run)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def _chapters(rows: Sequence[_Row], starts: Sequence[float]) -> Iterator[Sequence[_Row]]:
    """``rows``, which are in order of time, parted at ``starts``; one chapter more than there are starts."""
    places = [bisect_left(rows, start, key=lambda row: row.at_s) for start in starts]
    for begin, end in pairwise([0, *places, len(rows)]):
        yield rows[begin:end]


def _cells(row: _Row) -> list[str]:
    return [clock(row.at_s), row.who, row.words, row.command, row.confidence]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_safe, line))} |" for line in lines)


def _safe(text: str) -> str:
    return text.replace("|", "\\|")
