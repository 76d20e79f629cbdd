"""Progress in words and in a table, as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.person.progress import FEWEST, Trend, progress
from voicecoach.progress.periods import A_WEEK, periods

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from voicecoach.person.progress import Progress
    from voicecoach.person.tonight import Tonight

NOTHING_YET: Final = "There is nothing to show yet. After your first session there will be."
HEADINGS: Final = ("week from", "sessions", "minutes", "pain before", "pain after", "sleep")
WEEKS: Final = 8
"""How many weeks a table shows at most."""


def sentences(tonight: Tonight) -> tuple[str, ...]:
    """The summary: this week, the trend, what a session does, sleep, days in a row."""
    if not tonight.person.sessions:
        return (NOTHING_YET,)
    figures = progress(tonight)
    return (_week(figures), *_pain(figures), *_sleep(figures), *_rows(figures))


def weeks(tonight: Tonight) -> tuple[tuple[str, ...], ...]:
    """The table: the latest `WEEKS` weeks with anything in them, oldest first; its headings are `HEADINGS`."""
    return tuple(
        (
            dated(week.first),
            str(week.done),
            f"{week.minutes:.0f}",
            *("-" if mean is None else f"{mean:.1f}" for mean in (week.before, week.after, week.slept)),
        )
        for week in periods(tonight, A_WEEK)[-WEEKS:]
    )


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """`HEADINGS` and rows in columns, flush right."""
    columns = zip(HEADINGS, *rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    return "\n".join(
        "  ".join(word.rjust(width) for word, width in zip(row, widths, strict=True)) for row in (HEADINGS, *rows)
    )


def dated(day: date) -> str:
    """A day as it is written, such as "2 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def counted(number: int, one: str) -> str:
    """So many of something whose plural has an s."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _week(figures: Progress) -> str:
    if not figures.sessions_this_week:
        return "No session in the last seven days; any day is a good one to begin again."
    sessions = counted(figures.sessions_this_week, "session")
    return f"In the last seven days: {sessions}, {counted(round(figures.minutes_this_week), 'minute')} in all."


def _pain(figures: Progress) -> Iterator[str]:
    if figures.before_lately is None or figures.before_earlier is None:
        yield (
            f"It is too early to tell where the pain goes: that takes {2 * FEWEST} ratings before a session within "
            f"eight weeks, and there {'is' if figures.rated == 1 else 'are'} {figures.rated or 'none'}."
        )
    else:
        lately, earlier = f"{figures.before_lately:.1f}", f"{figures.before_earlier:.1f}"
        yield f"Pain before a session was {lately} on average lately, and {earlier} earlier: {_TRENDS[figures.trend]}"
    if figures.effect is Trend.SAME:
        yield "After a session it is about the same as before it."
    elif figures.change is not None:
        way = "lower" if figures.change < 0 else "higher"
        yield f"After a session it is {abs(figures.change):.1f} {way} than before."


_TRENDS: Final = {
    Trend.BETTER: "it has become less.",
    Trend.SAME: "about the same.",
    Trend.WORSE: "it has become more. If it stays so, a doctor or a physical therapist can look for the cause.",
}


def _sleep(figures: Progress) -> Iterator[str]:
    if figures.slept is not None:
        yield f"Sleep was {figures.slept:.1f} of 10 on average in the last two weeks."


def _rows(figures: Progress) -> Iterator[str]:
    if figures.row_now > 1:
        most = "" if figures.row_now == figures.row_longest else f", and once {figures.row_longest}"
        yield f"{figures.row_now} days in a row now{most}."
    elif figures.row_longest > 1:
        yield f"Once it was {figures.row_longest} days in a row."
