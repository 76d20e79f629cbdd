"""Sentences on the person: what has changed in their plan, and how they are doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.person.adapting import ChangeKind
from voicecoach.person.progress import Trend, progress

if TYPE_CHECKING:
    from voicecoach.dialogue.state import Knowledge
    from voicecoach.language.wording import Language
    from voicecoach.person.adapting import Change
    from voicecoach.person.tonight import Tonight


def change_told(change: Change, knows: Knowledge) -> str:
    """One short sentence."""
    language, words = knows.language, knows.language.sentences
    one, many = {
        ChangeKind.ONLY_BREATHING: (words.change_only_breathing,) * 2,
        ChangeKind.RULED_OUT: (words.change_ruled_out, words.changes_ruled_out),
        ChangeKind.SWAPPED: (words.change_swapped,) * 2,
        ChangeKind.LEFT_OUT_FOR_PAIN: (words.change_left_out_for_pain, words.changes_left_out_for_pain),
        ChangeKind.EASIER_FIRST: (words.change_easier_first, words.changes_easier_first),
        ChangeKind.STEP_BACK: (words.change_step_back,) * 2,
        ChangeKind.MORE: (words.change_more,) * 2,
        ChangeKind.SHORTENED: (words.change_shortened,) * 2,
    }[change.kind]
    names = [knows.stretches[key].name if key in knows.stretches else key for key in change.stretches]
    return (many if len(names) > 1 else one).format(
        stretches=language.listed(names) if names else "",
        condition=language.screening[change.condition].name if change.condition else "",
    )


def progress_told(tonight: Tonight, language: Language) -> str:
    """Two honest sentences: sessions, and pain as far as there is enough to tell."""
    words, figures = language.sentences, progress(tonight)
    sessions = language.counted(figures.sessions_this_week, words.sessions_one, words.sessions_many)
    done = words.progress.format(sessions=sessions) if figures.sessions_this_week else words.progress_none
    pain = {
        Trend.TOO_EARLY: words.pain_too_early,
        Trend.BETTER: words.pain_better,
        Trend.SAME: words.pain_same,
        Trend.WORSE: words.pain_worse,
    }[figures.trend]
    return f"{done} {pain}"
