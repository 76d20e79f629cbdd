"""The clip cache: every sentence as sound, rendered once, kept on disk, the ones used last at hand in memory.

A text of several sentences is several clips.  What a voice pack says comes from there, and only the rest is rendered.
On disk a clip has the synthesiser's rate, in memory that of the timeline.  The disk is a convenience: when it is full
or read-only, the cache says so once and goes on without it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
import soxr

from voicecoach.engines.synthesis.port import spoken_text
from voicecoach.routine.pace import Pauses
from voicecoach.speaking.breathing_space import commas, with_room
from voicecoach.speaking.disk import ClipFolder
from voicecoach.speaking.finish import finish
from voicecoach.speaking.packs.shelf import PackShelf
from voicecoach.speaking.sentences import joined, pause_s, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Synthesizer, Voice
    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.speaking.disk import Clip

MEMORY_BYTES = 24_000_000
"""Of clips as int16: about four minutes of speech at 48 kHz, a sixth of what the whole process may take."""
DISK_BYTES = 500_000_000
"""About three hours of speech.  Where no pack speaks, all that the coach may say of what ships is an hour, 160 MB."""


class ClipCache:
    """Sentences in one voice as sound, at one rate.

    For one thread; but `at_hand` may be asked by any, and `fetch` by another one than the rest.
    """

    def __init__(  # noqa: PLR0913 - what is kept, where, and who makes it
        self,
        folder: Path,
        voice: Voice,
        rate_hz: int,
        synthesizer: Synthesizer,
        warn: Callable[[str], None],
        *,
        packs: PackShelf | None = None,
        pauses: Pauses = Pauses.USUAL,
    ) -> None:
        """Begin; nothing is read, written or rendered yet.

        Args:
            folder: Where clips are kept; made when the first one is.
            voice: Who speaks all of them.
            rate_hz: Rate of the sound that is handed out.
            synthesizer: Asked for what is not kept.
            warn: Told, at most once and in one plain line, that clips cannot be kept.
            packs: Asked first; None: there are none.
            pauses: How long the voice pauses between sentences and within them.
        """
        self._pauses = pauses
        self._packs = packs or PackShelf()
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

    @property
    def pause(self) -> int:
        """Samples of silence between two sentences."""
        return round(pause_s(self._voice.words_per_minute, self._pauses) * self._rate_hz)

    def prepare(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make sure that ``texts`` can be had at once; only what is missing is rendered.

        Args:
            texts: Of one or more sentences, in any order, with or without repetitions.
            progress: Called after each rendering with their number so far and in all; never when nothing is missing.

        Raises:
            VoicecoachError: A sentence cannot be rendered.
        """
        every = dict.fromkeys(sentence for text in texts for sentence in clips_of(text))
        missing = [sentence for sentence in every if not self._is_sound(sentence)]
        for done, sentence in enumerate(missing, start=1):
            self.render(sentence)
            if progress is not None:
                progress(done, len(missing))
        if missing:
            self.make_room()

    def make_room(self) -> None:
        """Remove what has not been used for longest, where the folder has grown too large."""
        self._folder.make_room(DISK_BYTES)

    def get(self, text: str) -> NDArray[np.float32]:
        """``text`` as sound: shape (n,), float32 in -1..1, from and to silence; empty when it holds no words.

        Raises:
            VoicecoachError: A sentence of it is not kept and cannot be rendered.
        """
        return joined([self._had(sentence) for sentence in clips_of(text)], self.pause)

    def want(self, texts: Iterable[str]) -> None:
        """Nothing has to be made ahead: `ready` waits."""

    def ready(self, text: str) -> NDArray[np.float32]:
        """As `get`: one waits until it is."""
        return self.get(text)

    def hopeless(self, text: str) -> bool:  # noqa: ARG002 - the port has it
        """Nothing is: `ready` raises instead."""
        return False

    # --- sentence by sentence; each as `clips_of` gives it ---

    def at_hand(self, sentence: str) -> NDArray[np.float32] | None:
        """The clip of ``sentence`` if it is in memory: shape (n,), float32."""
        samples = self._at_hand.get(sentence)
        return None if samples is None else as_float(samples)

    def is_kept(self, sentence: str) -> bool:
        """Whether ``sentence`` is at hand, in a pack or on the disk, by its name; it may yet turn out to be broken."""
        return sentence in self._at_hand or self._packs.has(sentence) or self._folder.has(sentence, self._voice)

    def fetch(self, sentence: str) -> bool:
        """Read ``sentence`` into memory, so that it is at hand; whether it was kept."""
        clip = self._kept(sentence)
        if clip is not None:
            self._at_hand.put(sentence, self._as_played(sentence, clip))
        return clip is not None

    def render(self, sentence: str) -> None:
        """Render ``sentence`` and keep it; raises as `prepare`."""
        samples, rate_hz = self._synthesizer.render(sentence, self._voice)
        clip = as_int16(finish(as_float(samples), rate_hz)), rate_hz
        try:
            self._folder.store(sentence, self._voice, clip)
        except OSError as error:
            self._warn_once(error)
        self._at_hand.put(sentence, self._as_played(sentence, clip))

    def _had(self, sentence: str) -> NDArray[np.float32]:
        sound = self.at_hand(sentence)
        if sound is None:
            if not self.fetch(sentence):
                self.render(sentence)
            sound = self.at_hand(sentence)
        if sound is None:
            raise AssertionError("a clip is kept in memory until the next one comes")
        return sound

    def _is_sound(self, sentence: str) -> bool:
        return sentence in self._at_hand or self._packs.is_sound(sentence) or self._on_disk(sentence) is not None

    def _kept(self, sentence: str) -> Clip | None:
        return self._packs.load(sentence) or self._on_disk(sentence)

    def _on_disk(self, sentence: str) -> Clip | None:
        return self._folder.load(sentence, self._voice)

    def _as_played(self, sentence: str, clip: Clip) -> NDArray[np.int16]:
        samples, rate_hz = clip
        sound = with_room(as_float(samples), rate_hz, commas(sentence), self._pauses.more_at_commas_s)
        return as_int16(soxr.resample(sound, rate_hz, self._rate_hz))

    def _warn_once(self, error: OSError) -> None:
        if not self._warned:
            self._warned = True
            self._warn(
                f"spoken sentences cannot be kept in {self._folder.path}: {error.strerror or error}; the coach works "
                "without, but starts more slowly; make room there, or make the folder writable"
            )


def clips_of(text: str) -> list[str]:
    """The sentences of ``text`` as they are rendered and kept; none where there is nothing to say."""
    return [sentence for sentence in map(spoken_text, sentences(spoken_text(text))) if sentence]


class EstimatedClips:
    """Clips without a voice: a quiet tone as long as the sentence would be.  For tests and rehearsals in text."""

    def __init__(self, rate_hz: int, durations: SpeechDurations, words_per_minute: int = 150) -> None:
        self._rate_hz = rate_hz
        self._durations = durations
        self._words_per_minute = words_per_minute

    @property
    def rate_hz(self) -> int:
        return self._rate_hz

    def prepare(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """There is nothing to prepare."""

    def get(self, text: str) -> NDArray[np.float32]:
        """A tone of 220 Hz that swells to -40 dBFS and away again for as long as ``text`` is estimated to last."""
        frames = round(self._durations.speech_s(text, self._words_per_minute) * self._rate_hz)
        tone: NDArray[np.float64] = np.sin(np.arange(frames) * (2 * np.pi * 220 / self._rate_hz))
        return (0.01 * tone * np.hanning(frames)).astype(np.float32)

    def want(self, texts: Iterable[str]) -> None:
        """There is nothing to make."""

    def ready(self, text: str) -> NDArray[np.float32]:
        """As `get`."""
        return self.get(text)

    def hopeless(self, text: str) -> bool:  # noqa: ARG002 - the port has it
        """Nothing is."""
        return False


class _AtHand:
    """The clips used last, up to a number of bytes; a clip larger than that is kept until the next one comes.

    For any number of threads.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._clips: OrderedDict[str, NDArray[np.int16]] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, sentence: str) -> bool:
        return sentence in self._clips

    def get(self, sentence: str) -> NDArray[np.int16] | None:
        with self._lock:
            if sentence in self._clips:
                self._clips.move_to_end(sentence)
            return self._clips.get(sentence)

    def put(self, sentence: str, samples: NDArray[np.int16]) -> None:
        with self._lock:
            before = self._clips.pop(sentence, None)
            self._bytes += samples.nbytes - (0 if before is None else before.nbytes)
            self._clips[sentence] = samples
            while self._bytes > self._most_bytes and len(self._clips) > 1:
                _, oldest = self._clips.popitem(last=False)
                self._bytes -= oldest.nbytes


def as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Samples in -1..1, of the same shape."""
    return samples.astype(np.float32) / np.float32(32767)


def as_int16(sound: NDArray[np.float32]) -> NDArray[np.int16]:
    """Samples of 16 bits, of the same shape; what is too loud is cut."""
    return np.round(np.clip(sound, -1.0, 1.0) * 32767).astype(np.int16)
