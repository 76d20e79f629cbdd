"""An evening as a page: when, who, and what is said, word by word, with the counts in a few words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.transcript import performances

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evening_pages.living import Evening
    from voicecoach.session_events import Began, Spoke
    from voicecoach.session_trace import Trace

_INDEX: Final = """\
# Evenings, word by word

What is said on a first and on a tenth evening with each routine: times, the coach's words, the person's, and the quiet
between them. The person lies in bed, answers no to every question about their health, tells of a little pain, and says
"next" where the coach asks for it; nothing hurts, and nothing goes wrong. Counts are told in few words.

`scripts/evenings` plays them through the whole coach as text and writes these pages anew; a test holds them against
what it would write. [The thirty nights](../../scripts/thirty_nights/story.py) tell of a longer time, with everything
that may go wrong (`scripts/thirty-nights --out FILE.md`).

| routine | | |
|---|---|---|
"""
_LEADS: Final = {"hold": "holds", "breaths": "counts breaths", "movement": "leads"}
_FEW: Final = 8
"""So many words of a movement are told; of more, the first and the last."""


def index(evenings: Iterable[Evening]) -> str:
    """The page that leads to all others."""
    rows: list[str] = []
    for routine, both in groupby(evenings, key=lambda one: one.routine):
        links = " | ".join(f"[{_which(one)}]({one.file})" for one in both)
        rows.append(f"| {routine.title} | {links} |")
    return _INDEX + "\n".join(rows) + "\n"


def page(evening: Evening, trace: Trace) -> str:
    """``trace`` of ``evening`` as Markdown."""
    rows = sorted([*_person(trace), *_coach(trace)], key=lambda row: row[0])
    lines = [f"| {_clock(at_s)} | {who} | {words} |" for at_s, who, words in rows]
    title = f"# {evening.routine.title}: {_which(evening)}\n"
    began = f"It is {evening.at:%H:%M}. [All evenings](README.md)\n"
    return "\n".join([title, began, "| time | who | what is said |", "|---|---|---|", *lines, ""])


def _which(evening: Evening) -> str:
    number = "first" if evening.number == 1 else "tenth"
    return f"the {number} time"


def _person(trace: Trace) -> Iterator[tuple[float, str, str]]:
    for said in trace.said:
        yield said.began_s, "**person**", f"**{said.words}**"


def _coach(trace: Trace) -> Iterator[tuple[float, str, str]]:
    for began, spoken in performances(trace.events):
        if began is not None and began.beat == "wait":
            yield began.at_s, "", f"*quiet, {began.length_s:.0f} s*"
        elif began is not None and began.beat in _LEADS:
            yield began.at_s, "coach", f"*{_counted(began, spoken)}*"
        else:
            yield from ((one.began_s, "coach", _words(one)) for one in spoken)


def _counted(began: Began, spoken: Sequence[Spoke]) -> str:
    """A count in few words: "holds, 20 s: halfway, five ... one"."""
    words = [_words(one) for one in spoken]
    if began.beat == "hold":
        told = ", ".join(_runs(words))
    else:
        phrases = [word for word in words if not word.isalpha() or word in ("in", "out")]
        short = phrases if len(phrases) <= _FEW else [*phrases[: _FEW - 2], "...", *phrases[-2:]]
        told = " / ".join(short)
    return f"{_LEADS[began.beat]}, {began.length_s:.0f} s: {told}"


def _runs(words: Iterable[str]) -> Iterator[str]:
    """Numbers that follow each other as the first and the last of them."""
    for is_number, run in groupby(words, key=lambda word: word.isalpha() and word != "halfway"):
        said = list(run)
        yield f"{said[0]} ... {said[-1]}" if is_number and len(said) > 1 else ", ".join(said)


def _words(spoke: Spoke) -> str:
    words = spoke.sound if isinstance(spoke.sound, str) else f"({spoke.sound.value})"
    return words if spoke.whole else f"{words} (cut short)"


def _clock(at_s: float) -> str:
    return f"{int(at_s) // 60}:{int(at_s) % 60:02d}"
