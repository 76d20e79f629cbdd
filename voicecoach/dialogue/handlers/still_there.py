"""After many rounds without a "next": is anybody still there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.asking import go_back
from voicecoach.dialogue.handlers.guiding import go_to_step, note_done
from voicecoach.dialogue.handlers.sessions import end
from voicecoach.dialogue.state import Place
from voicecoach.person.facts import Fact
from voicecoach.routine.plan import Again

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


def enough(t: Transition) -> None:
    note_done(t)
    go_to_step(t, t.session.place.step + 1)


def another_round(t: Transition) -> None:
    session = t.session
    if isinstance(session.beat, Again):
        t.put(Place(session.place.step, session.beat.to, 0.0, 1))
    go_back(t)


def fell_asleep(t: Transition) -> None:
    """Who does not say "next" for so long has fallen asleep."""
    end(t, Fact.FELL_ASLEEP, t.words.resting_now, asleep=True)
