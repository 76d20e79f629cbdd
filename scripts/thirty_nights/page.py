"""The story as a page to read: what she said, what the coach said that is new, what it changed and why."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from thirty_nights import telling
from thirty_nights.story import NAME
from thirty_nights.telling import COACH, GUIDING
from voicecoach.person.changes import ChangeKind
from voicecoach.person.facts import Fact
from voicecoach.person.levels import dose_at
from voicecoach.routine.planning import swapped
from voicecoach.routine.stretch import Unit
from voicecoach.session_trace import PERSON
from voicecoach.simulation.scenario import ROOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from thirty_nights.living import Lived
    from thirty_nights.telling import SpokenLine
    from voicecoach.assembly import Assembly
    from voicecoach.routine.stretch import Dose, Entry, Stretch

_INTRODUCTION: Final = f"""\
# Thirty nights

{NAME} is 61. Her lower back has ached for some weeks, and kneeling is hard for her. This is how she and the coach get
on for thirty nights within six weeks. Not every answer of hers is clear. What she says, and when, was written
beforehand; what the coach says and decides is its own, played through the whole coach as text.
`scripts/thirty-nights --out FILE.md` plays it anew.

Of the guiding only the names of the stretches are told, between dots. Sentences that are the same every night are told
once. Pain and sleep are from zero to ten.
"""
_WHY: Final = {
    ChangeKind.ONLY_BREATHING: "only breathing, as the back should have rest",
    ChangeKind.RULED_OUT: "left out, because of {condition}",
    ChangeKind.SWAPPED: "another stretch in its place, because of {condition}",
    ChangeKind.LEFT_OUT_FOR_PAIN: "left out, as it hurt in three sessions",
    ChangeKind.EASIER_FIRST: "in its easier form, as it hurt last time",
    ChangeKind.STEP_BACK: "a little less, after two weeks without",
    ChangeKind.MORE: "a little more than the last time",
    ChangeKind.GENTLE: "a little less of everything, as nobody knows how the back is",
    ChangeKind.SHORTENED: "not tonight, to fit into the minutes",
}
_UNITS: Final = {Unit.SECONDS: "s", Unit.COUNTS: "counts", Unit.BREATHS: "breaths", Unit.TIMES: "times"}


def page(story: Sequence[Lived], assembly: Assembly) -> str:
    """``story`` as Markdown."""
    return "\n".join([_INTRODUCTION, *_Chapters(assembly).of(story), *_overview(story, assembly)])


class _Chapters:
    """Tells visit by visit, and keeps in mind what the reader has heard."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._heard: set[str] = set()
        self._doses: dict[tuple[str, str], str] = {}
        """By routine and stretch: how much of it was done there last."""
        words, routines = assembly.language.prompts, assembly.library.routines.values()
        same_every_night = [words.before_you_begin, words.ask_pain_before, words.ask_pain_after, words.ask_slept]
        same_every_night += [text for routine in routines for text in (routine.opening, routine.closing)]
        self._usual = {sentence for text in same_every_night for sentence in telling.sentences(text)}

    def of(self, story: Iterable[Lived]) -> Iterator[str]:
        for lived in story:
            yield from self._chapter(lived)

    def _chapter(self, lived: Lived) -> Iterator[str]:
        yield f"## {_name(lived)}: {_date(lived.visit.at)}\n"
        yield f"*{lived.visit.note}*\n"
        yield from (f"*Printed by the coach: {warning}.*\n" for warning in lived.warnings)
        yield from (f"> {line}  " for line in self._dialogue(lived))
        yield ""
        yield from (f"- {fact}" for fact in self._facts(lived))
        yield ""

    def _dialogue(self, lived: Lived) -> Iterator[str]:
        """Who says what; a number that answers a question that is the same every night is told further down."""
        words = asked = ""
        for who, group in groupby(telling.conversation(lived, self._assembly), key=lambda line: line.who):
            lines = list(group)
            if who == PERSON and asked:
                is_number = lines[0].words in self._assembly.language.numbers
                yield from _told(words if is_number else f"{words} {asked}".strip())
                lines = lines[is_number:]
            elif asked:
                yield from _told(_unanswered(words, asked))
            words = asked = ""
            if who == GUIDING:
                yield f"*... {self._names(*(line.words for line in lines))} ...*"
            elif who == COACH:
                *before, last = (self._news(line) for line in lines)
                for news in before:
                    yield from _told(_unanswered(*news))
                words, asked = last
                if not asked:
                    yield from _told(words)
            else:
                yield from (f"*{line.words}*" if who == ROOM else f"**{NAME}:** {line.words}" for line in lines)

    def _news(self, line: SpokenLine) -> tuple[str, str]:
        """What the reader has not heard, and the question with which it ends, if they have heard that."""
        said = telling.sentences(line.words)
        known = [one for one in said if one in self._heard and (one in self._usual or one.startswith("Here is the"))]
        self._heard.update(said)
        asked = said[-1] if said[-1] in known and said[-1].endswith("?") else ""
        return " ".join(one for one in said if one not in known), asked

    def _facts(self, lived: Lived) -> Iterator[str]:
        done = ", ".join(self._done(lived)) or "nothing to its end"
        yield f"Done in {telling.minutes(lived)} minutes: {done}"
        pain = telling.value(lived, Fact.PAIN_BEFORE), telling.value(lived, Fact.PAIN_AFTER)
        if pain[0] is not None:
            yield f"Pain: {pain[0]} before, {'not asked' if pain[1] is None else pain[1]} after"
        slept = telling.value(lived, Fact.SLEPT)
        if slept is not None:
            yield f"Slept: {slept}"
        for record in lived.noted:
            if record.what is Fact.HURT:
                side = f", {record.side} side" if record.side else ""
                yield f"Hurt: {self._names(record.about)}{side}, {round(record.second or 0)} s after the beginning"
        yield from (f"Changed: {self._change(key)}" for key in telling.noted(lived, Fact.TOLD))

    def _done(self, lived: Lived) -> Iterator[str]:
        """What was done, with how much of it, and how much it was the last time in this routine where that differs."""
        routine = self._assembly.library.routines[telling.noted(lived, Fact.SESSION_STARTED)[0]]
        entries = entries_by_stretch(routine.entries, self._assembly.library.stretches)
        for record in lived.noted:
            if record.what is Fact.STRETCH_DONE:
                entry = entries.get(record.about)
                dose = _dose(dose_at(entry.dose, round(record.value or 0))) if entry else ""
                before = self._doses.get((routine.key, record.about), dose)
                self._doses[routine.key, record.about] = dose
                was = f" (it was {before})" if dose != before else ""
                yield f"{self._names(record.about)} {dose}{was}".strip()

    def _change(self, key: str) -> str:
        """What a change's key says (`person.changes.Change.key`)."""
        kind, condition, items = key.split("|")
        why = _WHY[ChangeKind(kind)].format(condition=condition)
        if condition and "@" in items:
            why = why.replace("because of", "in case of")
        names = self._names(*(item.partition("@")[0] for item in items.split(",")))
        if names:
            return f"{names} ({why})"
        return "fewer breaths, to fit into the minutes" if ChangeKind(kind) is ChangeKind.SHORTENED else why

    def _names(self, *keys: str) -> str:
        return ", ".join(self._assembly.library.stretches[key].name for key in keys if key)


def _unanswered(words: str, asked: str) -> str:
    """What the coach says where nobody answers what it asks, if it asks anything."""
    return f"{words} {asked} *(no answer)*".strip() if asked else words


def _told(words: str) -> Iterator[str]:
    """What the coach says, if anything."""
    if words:
        yield f"**Coach:** {words}"


# --- doses ------------------------------------------------------------------------------------------------------------


def entries_by_stretch(entries: Iterable[Entry], stretches: Mapping[str, Stretch]) -> dict[str, Entry]:
    """A routine's entries by their stretch, and by those that may take its place, with the dose that they have then."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.stretch.key, entry)
        for key in (entry.stretch.instead, entry.stretch.soft_bed):
            if key:
                found.setdefault(key, swapped(entry, stretches[key]))
    return found


def _dose(dose: Dose) -> str:
    amounts = [f"{amount.low} {_UNITS[amount.unit]}" for amount in (dose.repeat, dose.hold) if amount]
    return " ".join([*([f"{dose.sets} sets"] if dose.sets > 1 else []), *amounts])


# --- the table at the end ---------------------------------------------------------------------------------------------


def _overview(story: Iterable[Lived], assembly: Assembly) -> Iterator[str]:
    yield "## All nights\n"
    yield "| night | date | routine | min | pain before | after | worth knowing |"
    yield "|---|---|---|---|---|---|---|"
    for lived in story:
        routines = list(dict.fromkeys(telling.noted(lived, Fact.SESSION_STARTED)))
        titles = [assembly.library.routines[key].title for key in routines]
        pain = (telling.value(lived, fact) for fact in (Fact.PAIN_BEFORE, Fact.PAIN_AFTER))
        rated = ["" if one is None else str(one) for one in pain]
        cells = [_name(lived), f"{lived.visit.at:%a} {lived.visit.at.day} {lived.visit.at:%b}", ", ".join(titles)]
        cells += [str(telling.minutes(lived)), *rated, "; ".join(_worth_knowing(lived))]
        yield f"| {' | '.join(cells)} |"


def _worth_knowing(lived: Lived) -> Iterator[str]:
    if lived.visit.damaged:
        yield "the file was damaged"
    if any(one.who == ROOM for one in lived.session.said):
        yield "the power was cut"
    hurts = len(telling.noted(lived, Fact.HURT))
    if hurts:
        yield "it hurt" if hurts == 1 else f"it hurt {hurts} times"
    if telling.noted(lived, Fact.BROUGHT_BACK):
        yield "brought back"
    kinds = [ChangeKind(key.partition("|")[0]) for key in telling.noted(lived, Fact.TOLD)]
    yield from dict.fromkeys(kind.value for kind in kinds)


def _name(lived: Lived) -> str:
    return f"Morning after night {lived.visit.number}" if lived.visit.morning else f"Night {lived.visit.number}"


def _date(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B}, {at:%H:%M}"
