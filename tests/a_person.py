"""People for tests: what a history looks like, written down in a line or two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from small_house import language

from voicecoach.person.facts import Fact
from voicecoach.person.person import Answer, Condition, Outing, PastSession
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library

NOW = datetime(2026, 3, 20, 22, 0, tzinfo=UTC)
LIBRARY = load_library(shipped("routines"))
WORDS = replace(language().plan, until_next="Say next when you have had enough.")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def yes(*conditions: Condition, at: datetime = NOW) -> dict[Condition, Answer]:
    """These were answered with yes, all others with no."""
    return {condition: Answer(condition in conditions, at) for condition in Condition}


def session(
    days_ago: float, *outings: Outing, routine: str = "bedtime", pain: tuple[int, int] | None = None
) -> PastSession:
    """A session that was gone through, so many days before `NOW`; ``pain`` before and after."""
    before, after = pain or (None, None)
    began = ago(days_ago)
    return PastSession(routine, began, began + timedelta(minutes=12), Fact.SESSION_FINISHED, outings, before, after)


def done(*keys: str, level: int = 0) -> tuple[Outing, ...]:
    return tuple(Outing(key, done=True, level=level) for key in keys)


def hurt(key: str) -> Outing:
    """It hurt, and the easier form was done to its end."""
    return Outing(key, done=True, hurt=1)


def history(
    story: str, key: str, every_days: float = 1.0, level: int = 0, routine: str = "in-bed-basics"
) -> tuple[PastSession, ...]:
    """Sessions with one stretch up to yesterday, a sign for each day, the latest last.

    ``+`` it was done, ``!`` it hurt, ``~`` "shorter" was said in it, ``s`` it was skipped, ``x`` it was done, and the
    back felt worse after the session, ``o`` it was done in another routine, ``.`` there was no session.
    """
    signs = {
        "+": Outing(key, done=True, level=level),
        "x": Outing(key, done=True, level=level),
        "o": Outing(key, done=True, level=level),
        "!": Outing(key, done=True, hurt=1, level=level),
        "~": Outing(key, done=True, changed=True, level=level),
        "s": Outing(key, done=False),
    }
    days = [(len(story) - index) * every_days for index in range(len(story))]
    return tuple(
        session(day, signs[sign], routine="another" if sign == "o" else routine, pain=(4, 6) if sign == "x" else None)
        for day, sign in zip(days, story, strict=True)
        if sign != "."
    )
