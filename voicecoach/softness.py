"""A whisper is answered softly: how much softer the coach speaks than its volume says.

Somebody who lies beside a sleeping partner whispers "next".  From there on the coach is softer, until they speak with
their voice again, ask for more, or need something.  A whisper has no voice in it, and is softer than the same person's
voice usually is; somebody who speaks from the other end of the room is only softer, and must not be answered softly.

All of it is a value, computed from what was understood and the state of the dialogue; thresholds were measured
(docs/decisions/0037).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import Adjustable, Adjusted, Heard, Learned
from voicecoach.dialogue.handlers.changes import QUIETEST_DB
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.wanted import Question
from voicecoach.languages.commands import SAFETY, Command

if TYPE_CHECKING:
    from voicecoach.dialogue.events import Event
    from voicecoach.dialogue.state import State
    from voicecoach.engines.recognition.port import Delivery
    from voicecoach.languages.commands import Meaning

SOFTER_DB: Final = -6.0
"""So much softer a whisper is answered: plainly softer, and words are still understood from a pillow."""
WHISPERED: Final = 0.6
"""Voicing below this is a whisper's, where it is also softer than usual."""
VOICED: Final = 0.7
"""Voicing above this is a voice's, however soft; between the two nobody can tell, and nothing changes."""
ABOVE_ROOM_DB: Final = 10.0
"""What stands out less from the room tells nothing: noise has no voice in it either, and a coach that is softer would
not be understood there."""
BELOW_USUAL_DB: Final = 6.0
"""So much softer than the person's usual voice a whisper is, where that is known; whispers are softer by 15 or more."""
REMEMBERED: Final = 9
"""The usual level is the median of so many of the latest phrases that were spoken with a voice: some minutes."""
ENOUGH: Final = 3
"""With fewer it is not known yet."""
NEED: Final = SAFETY - {Command.STOP}
"""Answered at full volume, whispered or not; "stop" is answered with silence."""
_LOUDER: Final = frozenset({Command("louder"), Command("much louder")})
_QUIETER: Final = frozenset({Command("quieter"), Command("much quieter")})
_AT_REST: Final = frozenset({Mode.REST, Mode.ASLEEP})


@dataclass(frozen=True, slots=True)
class Softness:
    """Whether the coach speaks softly, and what that is judged by."""

    soft: bool = False
    wants_more: bool = False
    """Whether somebody has asked for a louder coach since rest: then no whisper makes it softer."""
    at_once: bool = False
    """Whether what was heard last is answered loudly from the first syllable on."""
    usual_db: tuple[float, ...] = ()
    """Levels of the latest phrases that were spoken with a voice, relative to full scale; at most `REMEMBERED`."""

    def heard(self, meaning: Meaning, delivery: Delivery | None) -> Softness:
        """After a phrase was understood; ``delivery``: how it was said, None where that is not known."""
        command = meaning.command
        after = replace(self if delivery is None else self._judged(delivery), at_once=command in NEED)
        if command in _LOUDER:
            return replace(after, soft=False, wants_more=True)
        if command in _QUIETER:
            return replace(after, wants_more=False)
        return replace(after, soft=False) if after.at_once else after

    def followed(self, before: State, event: Event, after: State) -> Softness:
        """After a step of the dialogue.

        What begins without a word said (a reminder, a button) begins at full volume; and with rest it is forgotten that
        somebody wanted more.
        """
        if isinstance(event, Adjusted) and event.what is Adjustable.VOLUME:
            return replace(self, soft=False, wants_more=after.volume_db > before.volume_db)
        if before.mode in _AT_REST and after.mode not in _AT_REST and not _was_spoken(event):
            return replace(self, soft=False, wants_more=False)
        return replace(self, wants_more=False) if after.mode in _AT_REST and self.wants_more else self

    def gain_db(self, state: State) -> float:
        """How much softer to speak now, `SOFTER_DB` to 0, beside the volume.

        Never where it matters that everybody hears it, and never softer than the quietest volume that words lead to.
        """
        if not self.soft or not state.knows.follows_whispers or _must_be_heard(state):
            return 0.0
        return min(0.0, max(SOFTER_DB, QUIETEST_DB - state.volume_db))

    def _judged(self, delivery: Delivery) -> Softness:
        if delivery.above_room_db < ABOVE_ROOM_DB:
            return self
        if delivery.voicing > VOICED:
            return replace(self, soft=False, usual_db=(*self.usual_db, delivery.level_db)[-REMEMBERED:])
        whispered = delivery.voicing < WHISPERED and self._is_softer_than_usual(delivery.level_db)
        return replace(self, soft=True) if whispered and not self.wants_more else self

    def _is_softer_than_usual(self, level_db: float) -> bool:
        return len(self.usual_db) < ENOUGH or level_db <= median(self.usual_db) - BELOW_USUAL_DB


def _must_be_heard(state: State) -> bool:
    """Whether the coach says whom to call, that a doctor comes first, or that it cannot hear."""
    asks_of_red_flags = state.asked is not None and state.asked.question is Question.ONLY_BREATHE
    return state.mode is Mode.WARNING or asks_of_red_flags or (state.deaf and not state.muted)


def _was_spoken(event: Event) -> bool:
    if isinstance(event, Learned) and event.then is not None:
        event = event.then
    return isinstance(event, Heard) and event.spoken
