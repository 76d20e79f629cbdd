"""Clips for a coach that listens on meanwhile: read and rendered on threads of their own.

A disk can be slow and a synthesiser can hang; the coach's thread waits for neither.  One thread reads what is kept, so
that it comes although the other one, which renders, may be stuck.  What was asked for last is made first: it is what
the listener waits for.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from voicecoach.errors import VoicecoachError
from voicecoach.speaking.clips import clips_of
from voicecoach.speaking.sentences import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.speaking.clips import ClipCache

READ_S: Final = 0.03
"""How long a caller waits for what was not at hand: a clip is read from a memory card in a few milliseconds."""
HOPELESS_S: Final = 30.0
"""A sentence that could not be made is not tried again sooner."""
LEAVE_S: Final = 0.5
"""How long the end waits for the threads; they may hang, and are not needed any more."""

_LOG: Final = logging.getLogger(__name__)


_Order = tuple[int, int, str]
"""Minus the number of the call, the sentence's place in it, and the sentence: the smallest is made first."""


class BackgroundClips:
    """Keeps `PromptClips` over a `ClipCache`, which is for its threads alone from `__enter__` on."""

    def __init__(
        self, cache: ClipCache, warn: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start nothing yet.

        Args:
            cache: Keeps and renders.
            warn: Is told once, in a plain line, that a sentence cannot be spoken; on one of the threads.
            clock: Seconds that never run backwards.
        """
        self._cache, self._warn, self._clock = cache, warn, clock
        self._warned = self._closed = False
        self._changed = threading.Condition()
        """Held while any of what follows is read or changed."""
        self._to_fetch: list[_Order] = []
        self._to_render: list[_Order] = []
        """Both are heaps."""
        self._latest = 0
        """Number of the latest call that ordered something."""
        self._under_way: set[str] = set()
        """What is in one of the heaps, or in a thread's hands."""
        self._later: list[str] = []
        """What nobody waits for; made when nothing else is to be."""
        self._failed: dict[str, float] = {}
        """When it was that a sentence could not be made."""
        self._threads = [
            threading.Thread(target=self._work, args=(self._to_fetch, self._fetch), name="clips", daemon=True),
            threading.Thread(target=self._work, args=(self._to_render, self._render), name="voice", daemon=True),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the threads, or leave them to the calls in which they hang: they are daemons."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(LEAVE_S)

    def prepare(self, texts: Iterable[str]) -> None:
        """Have ``texts`` rendered and kept, one by one, whenever nobody waits for anything else."""
        every = dict.fromkeys(sentence for text in texts for sentence in clips_of(text))
        with self._changed:
            self._later.extend(reversed(every))
            self._changed.notify_all()

    # --- for the coach's thread ---

    def want(self, texts: Iterable[str]) -> None:
        """Have ``texts`` made: see `PromptClips`.  Waits for at most `READ_S`, where not all of it is at hand."""
        every = dict.fromkeys(sentence for text in texts for sentence in clips_of(text))
        missing = [sentence for sentence in every if self._cache.at_hand(sentence) is None]
        if missing and self._order(missing):
            with self._changed:
                self._changed.wait_for(lambda: self._under_way.isdisjoint(missing), READ_S)

    def ready(self, text: str) -> NDArray[np.float32] | None:
        """``text`` as sound, or None: see `PromptClips`.  Waits for nothing."""
        sentences = clips_of(text)
        sounds = [self._cache.at_hand(sentence) for sentence in sentences]
        self._order([sentence for sentence, sound in zip(sentences, sounds, strict=True) if sound is None])
        made = [sound for sound in sounds if sound is not None]
        return joined(made, self._cache.pause) if len(made) == len(sounds) else None

    def hopeless(self, text: str) -> bool:
        """Whether a sentence of ``text`` could not be made; in a while it is tried again."""
        with self._changed:
            return any(self._is_hopeless(sentence) for sentence in clips_of(text))

    def _order(self, sentences: list[str]) -> bool:
        """Have them made, the first of them first; whether any of them was not under way yet."""
        with self._changed:
            new = [one for one in sentences if one not in self._under_way and not self._is_hopeless(one)]
            if new:
                self._latest += 1
                self._under_way.update(new)
                for place, sentence in enumerate(new):
                    heapq.heappush(self._to_fetch, (-self._latest, place, sentence))
                self._changed.notify_all()
            return bool(new)

    def _is_hopeless(self, sentence: str) -> bool:
        return self._clock() - self._failed.get(sentence, -HOPELESS_S) < HOPELESS_S

    # --- the threads ---

    def _work(self, orders: list[_Order], make: Callable[[str], bool]) -> None:
        """Make what was ordered last, again and again."""
        renders = orders is self._to_render
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or orders or (renders and self._later))
                if self._closed:
                    return
                order = heapq.heappop(orders) if orders else (0, 0, self._later.pop())
                sentence = order[2]
                awaited, nothing_left = sentence in self._under_way, not (orders or self._later)
            made = self._made(make if awaited else self._render_unless_kept, sentence)
            with self._changed:
                if made or renders:
                    self._under_way.discard(sentence)
                    if not made:
                        self._failed[sentence] = self._clock()
                else:
                    heapq.heappush(self._to_render, order)
                self._changed.notify_all()
            if renders and nothing_left:
                self._made(self._make_room, sentence)

    def _made(self, make: Callable[[str], bool], sentence: str) -> bool:
        try:
            return make(sentence)
        except VoicecoachError as error:
            self._warn_once(f"some sentences cannot be spoken: {error}")
        except Exception:  # noqa: BLE001 - whatever it was, this thread has to make the next sentence
            if not self._closed:  # else the synthesiser has been closed under it
                _LOG.exception('"%s" could not be made into sound', sentence)
        return False

    def _fetch(self, sentence: str) -> bool:
        return self._cache.fetch(sentence)

    def _render(self, sentence: str) -> bool:
        self._cache.render(sentence)
        return True

    def _render_unless_kept(self, sentence: str) -> bool:
        return self._cache.is_kept(sentence) or self._render(sentence)

    def _make_room(self, _: str) -> bool:
        self._cache.make_room()
        return True

    def _warn_once(self, line: str) -> None:
        if not (self._warned or self._closed):
            self._warned = True
            self._warn(line)
