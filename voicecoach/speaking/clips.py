"""The clip cache: every sentence as sound, rendered once, kept on disk, the ones used last at hand in memory.

On disk a clip has the synthesiser's rate, in memory that of the timeline.  The disk is a convenience: when it is full
or read-only, the cache says so once and goes on without it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
import soxr

from voicecoach.engines.synthesis.port import spoken_text
from voicecoach.speaking.disk import ClipFolder
from voicecoach.speaking.finish import finish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Synthesizer, Voice
    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.speaking.disk import Clip

MEMORY_BYTES = 24_000_000
"""Of clips as int16: about four minutes of speech at 48 kHz, a sixth of what the whole process may take."""
DISK_BYTES = 200_000_000
"""About an hour and a quarter of speech: many routines in a few voices."""


class ClipCache:
    """Sentences in one voice as sound, at one rate.  For one thread."""

    def __init__(
        self,
        folder: Path,
        voice: Voice,
        rate_hz: int,
        synthesizer: Synthesizer,
        warn: Callable[[str], None],
    ) -> None:
        """Begin; nothing is read, written or rendered yet.

        Args:
            folder: Where clips are kept; made when the first one is.
            voice: Who speaks all of them.
            rate_hz: Rate of the sound that is handed out.
            synthesizer: Asked for what is not kept.
            warn: Told, at most once and in one plain line, that clips cannot be kept.
        """
        self._folder = ClipFolder(folder, synthesizer.key)
        self._voice = voice
        self._rate_hz = rate_hz
        self._synthesizer = synthesizer
        self._warn = warn
        self._warned = False
        self._at_hand = _AtHand(MEMORY_BYTES)

    @property
    def rate_hz(self) -> int:
        """Sample rate of every clip."""
        return self._rate_hz

    def prepare(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make sure that ``sentences`` can be had at once; only what is missing is rendered.

        Args:
            sentences: In any order, with or without repetitions.
            progress: Called after each rendering with their number so far and in all; never when nothing is missing.

        Raises:
            VoicecoachError: A sentence cannot be rendered.
        """
        texts = dict.fromkeys(text for text in map(spoken_text, sentences) if text)
        missing = [text for text in texts if text not in self._at_hand and self._kept(text) is None]
        for done, text in enumerate(missing, start=1):
            self._at_hand.put(text, self._resampled(self._render(text)))
            if progress is not None:
                progress(done, len(missing))
        if missing:
            self._folder.make_room(DISK_BYTES)

    def get(self, sentence: str) -> NDArray[np.float32]:
        """``sentence`` as sound: shape (n,), float32 in -1..1, from and to silence; empty when it holds no words.

        Raises:
            VoicecoachError: It is not kept and cannot be rendered.
        """
        text = spoken_text(sentence)
        if not text:
            return np.zeros(0, np.float32)
        samples = self._at_hand.get(text)
        if samples is None:
            samples = self._resampled(self._kept(text) or self._render(text))
            self._at_hand.put(text, samples)
        return _as_float(samples)

    def _render(self, text: str) -> Clip:
        samples, rate_hz = self._synthesizer.render(text, self._voice)
        clip = _as_int16(finish(_as_float(samples), rate_hz)), rate_hz
        try:
            self._folder.store(text, self._voice, clip)
        except OSError as error:
            self._warn_once(error)
        return clip

    def _kept(self, text: str) -> Clip | None:
        return self._folder.load(text, self._voice)

    def _resampled(self, clip: Clip) -> NDArray[np.int16]:
        samples, rate_hz = clip
        return _as_int16(soxr.resample(_as_float(samples), rate_hz, self._rate_hz))

    def _warn_once(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            self._warn(
                f"spoken sentences cannot be kept in {self._folder.path}: {error.strerror or error}; the coach works "
                "without, but starts more slowly; make room there, or make the folder writable"
            )


class EstimatedClips:
    """Clips without a voice: a quiet tone as long as the sentence would be.  For tests and rehearsals in text."""

    def __init__(self, rate_hz: int, durations: SpeechDurations, words_per_minute: int = 150) -> None:
        self._rate_hz = rate_hz
        self._durations = durations
        self._words_per_minute = words_per_minute

    @property
    def rate_hz(self) -> int:
        return self._rate_hz

    def prepare(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """There is nothing to prepare."""

    def get(self, sentence: str) -> NDArray[np.float32]:
        """A tone of 220 Hz that swells to -40 dBFS and away again for as long as the sentence is estimated to last."""
        frames = round(self._durations.speech_s(sentence, self._words_per_minute) * self._rate_hz)
        tone: NDArray[np.float64] = np.sin(np.arange(frames) * (2 * np.pi * 220 / self._rate_hz))
        return (0.01 * tone * np.hanning(frames)).astype(np.float32)


class _AtHand:
    """The clips used last, up to a number of bytes; a clip larger than that is kept until the next one comes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._clips: OrderedDict[str, NDArray[np.int16]] = OrderedDict()

    def __contains__(self, text: str) -> bool:
        return text in self._clips

    def get(self, text: str) -> NDArray[np.int16] | None:
        if text in self._clips:
            self._clips.move_to_end(text)
        return self._clips.get(text)

    def put(self, text: str, samples: NDArray[np.int16]) -> None:
        self._clips[text] = samples
        self._bytes += samples.nbytes
        while self._bytes > self._most_bytes and len(self._clips) > 1:
            _, oldest = self._clips.popitem(last=False)
            self._bytes -= oldest.nbytes


def _as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32767)


def _as_int16(sound: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.round(np.clip(sound, -1.0, 1.0) * 32767).astype(np.int16)
