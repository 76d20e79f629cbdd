"""Calls of the coach that may fail and end nothing: it can do without their answers.

A line that is not written down, an observer that fails, a clip that cannot be had cost no more than themselves.
"""

# ruff: noqa: BLE001 - to bear whatever is raised is what all of this is for

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.state import State
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.person.tonight import Tonight
    from voicecoach.session_events import Observer, SessionEvent
    from voicecoach.surroundings import Memory, Onlooker

_LOG: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")


def contained_memory(memory: Memory, clock: Callable[[], float] = time.monotonic) -> Memory:
    """``memory``, of whose calls none raises that the coach can go on without.

    What cannot be written is not; who cannot be looked up is as they were when it last worked.  The kept place is read
    only at the start.

    Args:
        memory: The journal, and the time of day.
        clock: Seconds that nobody sets.
    """
    tonight = _WithTheLatest(memory.tonight, clock)
    return replace(
        memory,
        write=_contained(memory.write),
        tonight=tonight,
        mute=_contained(memory.mute),
        unmute=_contained(memory.unmute),
        keep_place=_contained(memory.keep_place),
        forget_place=_contained(memory.forget_place),
    )


def _contained(call: Callable[_P, None]) -> Callable[_P, None]:
    """``call``, whose errors are logged and end nothing."""

    def careful(*arguments: _P.args, **named: _P.kwargs) -> None:
        try:
            call(*arguments, **named)
        except Exception:
            _LOG.exception("nothing was written down; the session goes on without it")

    return careful


class _WithTheLatest:
    """Asks for the latest, and falls back on the one before, to which time has passed; the first one must be had."""

    def __init__(self, ask: Callable[[], Tonight], clock: Callable[[], float]) -> None:
        self._ask, self._clock = ask, clock
        self._latest: Tonight | None = None
        self._asked_s = 0.0

    def __call__(self) -> Tonight:
        now_s = self._clock()
        try:
            self._latest, self._asked_s = self._ask(), now_s
        except Exception:
            if self._latest is None:
                raise
            _LOG.exception("the person could not be looked up; they are taken as before")
        return replace(self._latest, now=self._latest.now + timedelta(seconds=now_s - self._asked_s))


class ContainedObserver:
    """An observer that is not asked again once it has failed."""

    def __init__(self, observer: Observer) -> None:
        """Observe with ``observer``."""
        self._observer: Observer | None = observer

    def __call__(self, event: SessionEvent) -> None:
        """Hand the event on."""
        if self._observer is not None:
            try:
                self._observer(event)
            except Exception:
                _LOG.exception("an observer failed; the session goes on unobserved by it")
                self._observer = None


class ContainedOnlooker:
    """The same for an onlooker."""

    def __init__(self, onlooker: Onlooker) -> None:
        """Show everything to ``onlooker``."""
        self._onlooker: Onlooker | None = onlooker

    def __call__(self, state: State, actions: Sequence[Action], now_s: float) -> None:
        """Show a state."""
        if self._onlooker is not None:
            try:
                self._onlooker(state, actions, now_s)
            except Exception:
                _LOG.exception("an onlooker failed; the session goes on unseen by it")
                self._onlooker = None


class ContainedClips:
    """Clips that never raise; a few sentences are in memory from the beginning."""

    def __init__(self, clips: PromptClips, always: Mapping[str, NDArray[np.float32]]) -> None:
        """Hand on what ``clips`` has.

        Args:
            clips: Asked first.
            always: What can always be said, whatever happens to ``clips``: texts, as `Clips.get` has them.
        """
        self._clips = clips
        self._always = always
        self._failing = False

    def want(self, texts: Iterable[str]) -> None:
        """As `PromptClips.want`; where that fails, so will `ready`."""
        with suppress(Exception):
            self._clips.want(texts)

    def ready(self, text: str) -> NDArray[np.float32] | None:
        """As `PromptClips.ready`."""
        if text in self._always:
            return self._always[text]
        try:
            sound = self._clips.ready(text)
        except Exception:
            if not self._failing:  # it is asked again with every block
                _LOG.exception('no clip of "%s" can be had', text)
            self._failing = True
            return None
        self._failing = False
        return sound

    def hopeless(self, text: str) -> bool:
        """As `PromptClips.hopeless`; also where clips fail."""
        if text in self._always:
            return False
        try:
            return self._failing or self._clips.hopeless(text)
        except Exception:
            _LOG.exception('whether "%s" can be had is unknown', text)
            return True
