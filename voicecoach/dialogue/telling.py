"""Sentences on the person: what has changed in their plan, and how they are doing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from voicecoach.languages.language import QUARTER_MIN, capitalised
from voicecoach.languages.prompts import Plural
from voicecoach.person.changes import ChangeKind, Rest
from voicecoach.person.progress import Trend, progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.dialogue.state import Knowledge
    from voicecoach.languages.language import Language
    from voicecoach.person.changes import Change
    from voicecoach.person.tonight import Tonight


MOST_NAMED = 3
"""So many stretches of which there is more are named; nobody keeps a longer list in mind in the dark."""
FIRST_NAMED = 2
"""Of more than that, so many are named."""
HOUR_MIN = 60


def changes_told(changes: Sequence[Change], knows: Knowledge) -> list[str]:
    """A short sentence for each change, and one for two where one condition rules out some and swaps others."""
    told: list[str] = []
    for before, change in pairwise((None, *changes)):
        if before and change and _belong_together(before, change):
            told[-1] = _ruled_out_and_swapped(before, change, knows)
        elif change:
            told.append(_told(change, knows))
    return told


def _belong_together(before: Change, after: Change) -> bool:
    kinds = (before.kind, after.kind)
    return kinds == (ChangeKind.RULED_OUT, ChangeKind.SWAPPED) and before.condition is after.condition


def _ruled_out_and_swapped(out: Change, swapped: Change, knows: Knowledge) -> str:
    language = knows.language
    names = [language.listed(named(change.stretches, knows)) for change in (out, swapped)]
    prompts = language.prompts
    prompt = prompts.change_ruled_out_and_swapped_unclear if out.is_unclear else prompts.change_ruled_out_and_swapped
    words = prompt.of(len(out.stretches))
    return words.format(condition=_condition(out, language), ruled_out=names[0], swapped=names[1])


def _told(change: Change, knows: Knowledge) -> str:
    language, words = knows.language, knows.language.prompts
    if change.rest is not None:
        return {
            Rest.RED_FLAG: words.change_rest_red_flag,
            Rest.UNCLEAR: words.change_rest_unclear,
            Rest.WORSE: words.change_rest_worse,
            Rest.PAIN: words.change_rest_pain,
        }[change.rest]
    names = named(change.stretches, knows)
    if change.kind is ChangeKind.MORE and len(names) > MOST_NAMED:
        first = replace(change, stretches=change.stretches[:FIRST_NAMED], occasions=change.occasions[:FIRST_NAMED])
        return f"{_told(first, knows)} {words.change_more_of_many}"
    by_kind: dict[ChangeKind, str | Plural] = {
        ChangeKind.RULED_OUT: words.change_ruled_out_unclear if change.is_unclear else words.change_ruled_out,
        ChangeKind.SWAPPED: words.change_swapped_unclear if change.is_unclear else words.change_swapped,
        ChangeKind.LEFT_OUT_FOR_PAIN: words.change_left_out_for_pain,
        ChangeKind.EASIER_FIRST: words.change_easier_first,
        ChangeKind.STEP_BACK: words.change_step_back,
        ChangeKind.MORE: words.change_more,
        ChangeKind.GENTLE: words.change_gentle,
        ChangeKind.SHORTENED: words.change_shortened,
    }
    prompt = by_kind[change.kind]
    text = prompt.of(len(names)) if isinstance(prompt, Plural) else prompt
    return capitalised(text.format(stretches=language.listed(names), condition=_condition(change, language)))


def _condition(change: Change, language: Language) -> str:
    return language.screening[change.condition].name if change.condition else ""


def named(keys: Iterable[str], knows: Knowledge) -> list[str]:
    """The names of some stretches; the key itself of one that there is no more."""
    return [knows.stretches[key].name if key in knows.stretches else key for key in keys]


def time_told(tonight: Tonight, language: Language) -> str:
    """What time it is, to the minute; or that nobody can tell."""
    words, now = language.prompts, tonight.now
    if not tonight.time_is_known:
        return words.time_unknown
    if now.minute % QUARTER_MIN == 0:
        return words.time_is.format(time=language.times(now.hour * HOUR_MIN + now.minute)[0])
    past = now.minute <= HOUR_MIN // 2
    minutes = language.counted(words.minutes, now.minute if past else HOUR_MIN - now.minute)
    hour = language.number((now.hour + (not past) - 1) % 12 + 1)
    return (words.time_past if past else words.time_to).format(minutes=minutes, hour=hour)


def progress_told(tonight: Tonight, language: Language) -> str:
    """Two honest sentences: sessions, and pain as far as there is enough to tell.

    That a session does good is told where it is so, but not to somebody whose pain grows over the weeks.
    """
    words, figures = language.prompts, progress(tonight)
    sessions = language.counted(words.sessions, figures.sessions_this_week)
    done = words.progress.format(sessions=sessions) if figures.sessions_this_week else words.progress_none
    pain = {
        Trend.TOO_EARLY: words.pain_too_early,
        Trend.BETTER: words.pain_better,
        Trend.SAME: words.pain_same,
        Trend.WORSE: words.pain_worse,
    }[figures.trend]
    effect = words.effect_better if figures.effect is Trend.BETTER else ""
    return f"{done} {pain.format(effect=effect)}"
