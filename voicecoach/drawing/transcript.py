"""A session as a page to read: who said what when, what was understood, and what did not come about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.clock_text import clock
from voicecoach.session_events import Began, Entered, SessionEvent, Spoke, Understood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.simulation.rehearsal import RehearsedSession, Said
    from voicecoach.simulation.scenario import Scenario

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


def transcript(session: RehearsedSession) -> str:
    """``session`` as Markdown."""
    parts = [f"# {session.scenario.title}", _figures(session), _outcome(session.failures)]
    rows = sorted(_rows(session), key=lambda row: row.at_s)
    names = session.stretches
    for number, chapter in enumerate(_chapters(rows, [at_s for at_s, _ in names])):
        if chapter:
            parts.append(f"## {names[number - 1][1].capitalize() if number else 'Beginning'}")
            parts.append(_table(["time", "who", "words", "command", "confidence"], map(_cells, chapter)))
    return "\n\n".join(parts) + "\n"


def _figures(session: RehearsedSession) -> str:
    scenario = session.scenario
    coach = _voice(session.coach_voice) if session.coach_voice else "as text, without a voice"
    person = f"{_voice(scenario.person.voice)}, {scenario.person.level_at_microphone_db:.0f} dB at the microphone"
    figures = {
        "routine": session.plan.routine.title if session.plan else scenario.routine,
        "length": clock(session.lasted_s),
        "ended in mode": session.mode,
        "seed": str(session.seed),
        "coach": coach,
        "person": person if session.coach_voice else "as text, without a voice",
        "bedroom": _scene(scenario),
    }
    return _table(["", ""], ([name, value] for name, value in figures.items()))


def _voice(voice: Voice) -> str:
    return f"{voice.name}, {voice.words_per_minute} words a minute"


def _scene(scenario: Scenario) -> str:
    room = scenario.room
    noise = "no noise" if room.noise.value == "none" else f"{room.noise.value} noise at {room.noise_db:g} dB"
    return f"{noise}, {'no echo' if room.echo_db is None else f'echo at {room.echo_db:g} dB'}"


def _outcome(failures: Sequence[str]) -> str:
    if not failures:
        return "Everything came about as it should."
    return "\n".join(["**What did not come about:**", "", *(f"- {_safe(failure)}" for failure in failures)])


# --- rows -------------------------------------------------------------------------------------------------------------


def _rows(session: RehearsedSession) -> Iterator[_Row]:
    """All rows; those of the same moment in the order in which they are read: person, ears, mode, coach."""
    yield from (_said(said) for said in session.said)
    for event in session.events:
        match event:
            case Understood():
                yield _understood(event)
            case Entered(mode=mode, at_s=at_s):
                yield _Row(at_s, "", f"*{mode}*")
            case _:
                pass
    for kind, spoken in _performances(session.events):
        yield from _counted(spoken) if kind in _COUNTED else map(_spoken, spoken)


def _said(said: Said) -> _Row:
    return _Row(said.began_s, said.who, said.words or "*a recording*")


def _understood(heard: Understood) -> _Row:
    command = "no command"
    if heard.meaning is not None:
        argument = heard.meaning.argument
        command = heard.meaning.command.value + (f" ({argument})" if argument is not None else "")
    return _Row(heard.ended_s, "ears", heard.words, command, f"{heard.confidence:.2f}")


def _spoken(spoke: Spoke) -> _Row:
    return _Row(spoke.began_s, "coach", _words(spoke))


def _words(spoke: Spoke) -> str:
    words = spoke.sound if isinstance(spoke.sound, str) else f"*chime: {spoke.sound.value}*"
    return words if spoke.whole else f"{words} *(cut short)*"


def _performances(events: Iterable[SessionEvent]) -> Iterator[tuple[str, list[Spoke]]]:
    """What was spoken in each performance, with its kind."""
    began = [event for event in events if isinstance(event, Began)]
    starts = [performance.at_s for performance in began]
    spoken: list[list[Spoke]] = [[] for _ in range(len(began) + 1)]
    for event in events:
        if isinstance(event, Spoke):
            spoken[bisect_right(starts, event.began_s)].append(event)
    yield from zip(["", *(performance.beat for performance in began)], spoken, strict=True)


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
