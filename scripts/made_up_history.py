"""A person who never was, for pictures and tests: pain that eases, a bad week, evenings without the coach.

``python -m made_up_history FILE.png|FILE.html [NIGHTS]`` draws the progress of such a person; the picture in the README
is drawn by ``scripts/draw-progress``.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from math import sin
from pathlib import Path

from voicecoach.cli.progress import draw
from voicecoach.person.facts import Fact
from voicecoach.person.person import PastSession, Person
from voicecoach.person.tonight import Tonight

AWAY, ENDS_EARLY, TELLS_OF_SLEEP = 0.2, 0.1, 0.7
"""How likely that is on a night."""
LAST_NIGHT = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


def made_up(nights: int, *, rating: bool = True, seed: int = 7) -> Tonight:
    """The evening after ``nights`` nights, of which about every fifth was spent without the coach."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    sessions: list[PastSession] = []
    slept: list[tuple[datetime, int]] = []
    for night in range(nights):
        began = LAST_NIGHT - timedelta(days=nights - 1 - night, minutes=chance.randrange(90))
        pain = 6.2 - 3.4 * night / max(nights, 30) + 0.8 * sin(night / 3) + chance.gauss(0, 0.7)
        before, after = _rating(pain), _rating(pain - 1.1 + chance.gauss(0, 0.7))
        minutes, ending = chance.choice([9, 11, 12, 14, 14, 16, 18]), Fact.SESSION_FINISHED
        if chance.random() < ENDS_EARLY:
            minutes, ending = 5, Fact.SESSION_ENDED_EARLY
        if night and chance.random() < AWAY:
            continue
        ended = began + timedelta(minutes=minutes)
        ratings = (before, after) if rating else (None, None)
        sessions.append(PastSession("bedtime", began, ended, ending, (), *ratings))
        if rating and chance.random() < TELLS_OF_SLEEP:
            slept.append((began + timedelta(hours=9), _rating(9.0 - 0.7 * pain + chance.gauss(0, 0.8))))
    now = LAST_NIGHT + timedelta(hours=12)
    return Tonight(now, Person(sessions=tuple(sessions), slept=tuple(slept)))


def _rating(value: float) -> int:
    return max(0, min(10, round(value)))


if __name__ == "__main__":
    file, *nights = sys.argv[1:]
    print(draw(made_up(int(nights[0]) if nights else 30), Path(file)))
