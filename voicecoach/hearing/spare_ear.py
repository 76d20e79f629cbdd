"""The second ear as the recogniser asks it: where there is none, or it fails, the recogniser hears on alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from voicecoach.hearing.second_ear import LEAD_S

if TYPE_CHECKING:
    from voicecoach.hearing.barge_in import BargeInGuard
    from voicecoach.hearing.decoder import DecoderSession
    from voicecoach.hearing.second_ear import Opinion, SecondEar

_LOG: Final = logging.getLogger(__name__)


class SpareEar:
    """It is not asked beside the coach's own voice, of which something may be left."""

    def __init__(self, ear: SecondEar | None, guard: BargeInGuard) -> None:
        """Ask ``ear``, if there is one, while the coach does not speak, as ``guard`` knows."""
        self._ear, self._guard = ear, guard

    def follow(self, decoder: DecoderSession) -> None:
        """Let it hear what is new."""
        if self._ear is None:
            return
        try:
            if self._guard.coach_speaks:
                self._ear.forget(decoder)
            else:
                self._ear.follow(decoder)
        except Exception:  # noqa: BLE001 - whatever it was, the recogniser hears on
            self._give_up()

    def opinion(self, decoder: DecoderSession, began: int, lead_s: float = LEAD_S) -> Opinion | None:
        """What it makes of what was noticed at sample ``began``, and began so much earlier; None: nothing."""
        if self._ear is None or self._guard.coach_speaks:
            return None
        try:
            return self._ear.opinion(decoder, began, lead_s)
        except Exception:  # noqa: BLE001 - the same
            self._give_up()
            return None

    def _give_up(self) -> None:
        _LOG.exception("the second ear fails; the coach hears with one ear")
        self._ear = None
