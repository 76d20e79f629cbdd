"""An evening as a page: when, who, and what is said, word by word, with the counts in a few words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from evening_pages.living import Performed, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evening_pages.living import Evening, Moment

_INDEX: Final = """\
# Evenings, word by word

What is said on a first and on a tenth evening with each routine: times, the coach's words, the person's, and the quiet
between them. The person lies in bed, answers no to every question about their health, tells of a little pain, and says
"next" where the coach asks for it; nothing hurts, and nothing goes wrong. Counts are told in few words.

"Say next to leave this one out" is not repeated where the next stretch has the same reasons, to somebody who has done
the first; who left that out hears it again.

The dialogue plays them by itself, with no sound: a sentence lasts as long as it would. `scripts/evenings` writes these
pages anew, and a test holds them against what it would write.

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


def page(evening: Evening, moments: Iterable[Moment]) -> str:
    """``moments`` of ``evening`` as Markdown."""
    lines = [f"| {_clock(moment.at_s)} | {_cells(moment)} |" for moment in moments if _cells(moment)]
    title = f"# {evening.routine.title}: {_which(evening)}\n"
    began = f"It is {evening.at:%H:%M}. [All evenings](README.md)\n"
    return "\n".join([title, began, "| time | who | what is said |", "|---|---|---|", *lines, ""])


def _which(evening: Evening) -> str:
    number = "first" if evening.number == 1 else "tenth"
    return f"the {number} time"


def _cells(moment: Moment) -> str:
    """Who, and what; nothing for what has no words."""
    match moment:
        case Said(words=words):
            return f"**person** | **{words}**"
        case Performed(beat="wait", length_s=length_s):
            return f" | *quiet, {length_s:.0f} s*"
        case Performed(beat=beat) if beat in _LEADS:
            return f"coach | *{_counted(moment)}*"
        case Performed(words=words):
            return f"coach | {' '.join(words)}" if words else ""


def _counted(performed: Performed) -> str:
    """A count in few words: "holds, 20 s: halfway, five ... one"."""
    words = performed.words
    if performed.beat == "hold":
        told = ", ".join(_runs(words))
    else:
        phrases = [word for word in words if not word.isalpha() or word in ("in", "out")]
        short = phrases if len(phrases) <= _FEW else [*phrases[: _FEW - 2], "...", *phrases[-2:]]
        told = " / ".join(short)
    return f"{_LEADS[performed.beat]}, {performed.length_s:.0f} s: {told}"


def _runs(words: Iterable[str]) -> Iterator[str]:
    """Numbers that follow each other as the first and the last of them."""
    for is_number, run in groupby(words, key=lambda word: word.isalpha() and word != "halfway"):
        said = list(run)
        yield f"{said[0]} ... {said[-1]}" if is_number and len(said) > 1 else ", ".join(said)


def _clock(at_s: float) -> str:
    return f"{int(at_s) // 60}:{int(at_s) % 60:02d}"
