"""Tells an observer what a sound check says and hears, for its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.session_events import Spoke, understood

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import SpeechInput, Utterance
    from voicecoach.languages.commands import Meaning
    from voicecoach.session_events import Observer
    from voicecoach.speaking.timeline import Timeline


class ObservedSpeechInput:
    """Another speech input, of whose utterances, and of the sentences played meanwhile, an observer is told."""

    def __init__(
        self, inner: SpeechInput, timeline: Timeline, meaning: Callable[[str], Meaning], observer: Observer
    ) -> None:
        """Observe ``inner``.

        Args:
            inner: What hears.
            timeline: Where the sound check places its sentences; the seconds of the trace are its own.
            meaning: What a phrase means.
            observer: Is told.
        """
        self._inner, self._timeline, self._meaning, self._observe = inner, timeline, meaning, observer

    def listen_for(self, phrases: Collection[str]) -> None:
        self._inner.listen_for(phrases)

    def saying(self, words: str) -> None:
        self._inner.saying(words)

    @property
    def somebody_speaks(self) -> bool:
        return self._inner.somebody_speaks

    @property
    def echo_delay_s(self) -> float | None:
        return self._inner.echo_delay_s

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        heard = self._inner.hear(block, played)
        rate_hz = self._timeline.rate_hz
        now_s = self._timeline.position / rate_hz
        for clip in self._timeline.played():
            self._observe(Spoke(str(clip.label), clip.began / rate_hz, clip.ended / rate_hz, clip.whole))
        for one in heard:
            meaning = self._meaning(one.phrase) if one.phrase else None
            self._observe(understood(one, meaning, now_s, len(block)))
        return heard
