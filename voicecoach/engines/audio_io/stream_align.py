"""From the sound that callbacks bring to the blocks that the coach listens to.

Both callbacks put what passed them into one queue, in the order in which it happened: what the microphone caught, and
what the speaker was given.  The coach's thread takes it out again and makes calls of ``coach.listen`` of it.  So the
order of the queue is the only clock in here: how much was played since the last block from the microphone says both
what echo to expect and whether the microphone has fallen silent.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import soxr

from voicecoach.engines.audio_io.channel_mix import ChannelMix
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_WAITING = 500
"""Sounds that may wait in the queue: five seconds of both directions at 20 ms each."""
MICROPHONE_LATE_S = 0.3
"""When the speaker has played so much since the microphone last brought something, the coach learns that nothing comes.
Less would put gaps into the middle of words whenever a busy machine delivers late."""
LONGEST_BLOCK = 3_200
"""The most samples of nothing handed to the coach at once: 0.2 s, as a recogniser may be given at once."""
HEARD_STILL_S = 0.8
"""What the speaker was given may be heard in the room for so long: its latency, the way, and the room itself."""
PLAYS = 10**-7.0
"""Power of a block that can be heard at all: -70 dBFS, which is more than `keep_awake` adds."""
ECHO_LEAD_S = 0.05
"""Between handing out a sample of the echo reference and catching its echo lie the speaker's latency (0.1 s), the way
through the room and the microphone's own latency.  The reference is handed out this much later than it could be, so
that the callbacks of the two directions may come in any order."""
ECHO_LEAD_MOST_S = 0.1
"""How far that may grow before the reference is brought back; later and it could miss its echo."""
ECHO_LEAD_AGAIN_S = 0.07
"""To what, and how long the lead is made where the speaker's callbacks have come too late again and again."""
ECHO_STEADY_S, ECHO_STEADY_FIRST_S = 1.5, 0.3
"""The lead has grown where it was longer all this time; in the beginning, while nothing has been learned, all of this
shorter one.  A callback of the microphone that is late makes it longer too, and those that come after it make that up:
whoever moved the reference for it would undo what has been learned of the room, twice."""
ECHO_HOARDED_MOST_S = 1.0
"""So much is not waited for: what hands it out has stopped."""
ECHO_OWED_MOST_S = 0.2
"""A speaker that is later than this has stopped."""
ECHO_LATE_OFTEN = 3
"""In so many blocks within `ECHO_STEADY_S` the reference came too late, where"""
ECHO_SHORT_S = 0.04
"""no more than this waited in the mean: then it is not the callbacks that are late now and then, but a speaker whose
clock is slower, or that has stood still."""


@dataclass(frozen=True, slots=True)
class Caught:
    """Sound from the microphone."""

    sound: NDArray[np.float32]
    """shape (frames, channels)"""
    rate_hz: int


@dataclass(frozen=True, slots=True)
class Played:
    """Sound that the speaker was given."""

    sound: NDArray[np.float32]
    """shape (frames,), at the timeline's rate"""


class CaptureQueue:
    """The queue between the callbacks and the coach's thread.  It never blocks a callback and never grows too long."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        """Begin empty, with room for ``most`` sounds."""
        # SimpleQueue, because its put() is one uninterrupted piece of C: an audio callback never waits for a lock.
        self._queue: queue.SimpleQueue[Caught | Played | None] = queue.SimpleQueue()
        self._most = most
        self.dropped = 0
        """How many sounds from the microphone were thrown away because the coach's thread could not keep up."""

    def put(self, sound: Caught | Played) -> None:
        """Hand in the latest sound; where the queue is full, the oldest one makes room."""
        while self._queue.qsize() >= self._most:
            try:
                oldest = self._queue.get_nowait()
            except queue.Empty:
                break
            self.dropped += isinstance(oldest, Caught)
        self._queue.put(sound)

    def close(self) -> None:
        """Let `get` return None once what waits has been taken."""
        self._queue.put(None)

    def get(self) -> Caught | Played | None:
        """Wait for the oldest sound; None when the queue was closed."""
        return self._queue.get()


class Listening(Protocol):
    """The side of the coach that listens."""

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Hear and decide; both shape (n,), float32, at `MICROPHONE_HZ`.  ``block`` is NaN where nothing was caught."""


class StreamAligner:
    """Turns sounds, in the order in which they happened, into blocks for the coach.  One thread only."""

    def __init__(self, coach: Listening, speaker_hz: int) -> None:
        """Feed ``coach``, whose timeline runs at ``speaker_hz``."""
        self._coach = coach
        self._speaker_hz = speaker_hz
        self._microphone = _Microphone(1, MICROPHONE_HZ)
        self._echo = EchoReference(speaker_hz)
        self._unheard = 0
        """Speaker frames played since the coach last had something to listen to, or learned that there is nothing."""
        self._lost = False
        """Whether nothing comes from the microphone."""
        self._inaudible = round(HEARD_STILL_S * speaker_hz)
        """Speaker frames since it last played something that can be heard."""

    def take(self, sound: Caught | Played) -> None:
        """Take the next sound and let the coach listen where there is something to listen to."""
        if isinstance(sound, Played):
            self._echo.add(sound.sound)
            audible = len(sound.sound) and float(np.mean(np.square(sound.sound))) > PLAYS
            self._inaudible = 0 if audible else self._inaudible + len(sound.sound)
            self._unheard += len(sound.sound)
            self._lost = self._lost or self._unheard > MICROPHONE_LATE_S * self._speaker_hz
            if self._lost:
                self._listen_to_nothing()
        else:
            self._lost = False
            self._unheard = 0
            self._listen(self._heard(sound))

    def _heard(self, caught: Caught) -> NDArray[np.float32]:
        channels = caught.sound.shape[1]
        if not self._microphone.fits(channels, caught.rate_hz):
            self._microphone = _Microphone(channels, caught.rate_hz)
        speaker_plays = self._inaudible < HEARD_STILL_S * self._speaker_hz
        return self._microphone.heard(caught.sound, speaker_plays=speaker_plays)

    def _listen(self, block: NDArray[np.float32]) -> None:
        if len(block):
            self._coach.listen(block, self._echo.take(len(block)))

    def _listen_to_nothing(self) -> None:
        """Without a microphone the coach still gets its time, as long as the speaker does."""
        samples = self._unheard * MICROPHONE_HZ // self._speaker_hz
        self._unheard = 0
        for begin in range(0, samples, LONGEST_BLOCK):
            self._listen(np.full(min(LONGEST_BLOCK, samples - begin), np.nan, np.float32))


class EchoReference:
    """What the speaker played, as the microphone may hear it soon: the reference for removing echo.

    As a rule each sample is handed out `ECHO_LEAD_S` to `ECHO_LEAD_MOST_S` after the speaker's callback was given it;
    its echo follows within the next few tenths of a second, which an echo canceller finds by itself.  How much later
    it follows must not change, or all that has been learned is wrong.  So where a callback of the speaker is late,
    there is a gap in the reference, and what comes for it later is thrown away; and where one of the microphone is
    late, what waits meanwhile is kept.  Only where the two clocks have drifted apart by a few hundredths of a second,
    or callbacks are late all the time, is the reference moved.
    """

    def __init__(self, rate_hz: int) -> None:
        """Take sound at ``rate_hz``, give it at `MICROPHONE_HZ`."""
        self._resampler = _To16kHz(rate_hz)
        self._waiting = np.zeros(0, np.float32)
        self._lead = round(ECHO_LEAD_S * MICROPHONE_HZ)
        self._owed = 0
        """Samples in whose place there was a gap; they are still to come."""
        self._behind = False
        """Whether nothing is handed out until it lies that lead behind again."""
        self._watch = _Watch(round(ECHO_STEADY_FIRST_S * MICROPHONE_HZ))

    def add(self, sound: NDArray[np.float32]) -> None:
        """The speaker was given ``sound``, shape (frames,)."""
        sound = self._resampler.convert(sound)
        paid = min(self._owed, len(sound))
        self._owed -= paid
        self._waiting = np.concatenate([self._waiting, sound[paid:]])

    def take(self, count: int) -> NDArray[np.float32]:
        """The reference for the next ``count`` samples of the microphone: shape (count,), zeros where there is none."""
        if self._behind:
            if len(self._waiting) < count + self._lead:
                return np.zeros(count, np.float32)
            self._behind, self._watch = False, _Watch(round(ECHO_STEADY_S * MICROPHONE_HZ))
        self._watch.see(len(self._waiting) - count, count)
        self._bring_back(count)
        missing = count - len(self._waiting)
        if missing > 0 and not self._behind:
            return self._with_gap(missing)
        if self._behind:
            return np.zeros(count, np.float32)
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    def _bring_back(self, count: int) -> None:
        """Move the reference, where too much waits all the time, or too little."""
        watch, again = self._watch, round(ECHO_LEAD_AGAIN_S * MICROPHONE_HZ)
        if len(self._waiting) - count > ECHO_HOARDED_MOST_S * MICROPHONE_HZ:
            self._waiting = self._waiting[-(count + self._lead) :]
        elif not watch.is_over:
            return
        elif watch.least > ECHO_LEAD_MOST_S * MICROPHONE_HZ:
            self._waiting = self._waiting[watch.least - again :]
        elif watch.late >= ECHO_LATE_OFTEN and watch.mean < ECHO_SHORT_S * MICROPHONE_HZ:
            self._lead = again
            self._begin_anew()
        self._watch = _Watch(round(ECHO_STEADY_S * MICROPHONE_HZ))

    def _with_gap(self, missing: int) -> NDArray[np.float32]:
        """What there is, and a gap."""
        self._owed += missing
        count = len(self._waiting) + missing
        if self._owed > ECHO_OWED_MOST_S * MICROPHONE_HZ:
            self._begin_anew()
        taken, self._waiting = self._waiting, self._waiting[:0]
        return np.pad(taken, (0, count - len(taken)))

    def _begin_anew(self) -> None:
        self._owed, self._behind = 0, True


class _Watch:
    """How much of the reference is left waiting after each block, over a while; all in samples."""

    def __init__(self, lasts: int) -> None:
        self._lasts = lasts
        self._watched = self._sum = 0
        self.least = lasts + round(ECHO_HOARDED_MOST_S * MICROPHONE_HZ)
        self.late = 0
        """Blocks for which there was not enough."""

    def see(self, left: int, count: int) -> None:
        """So much is left after a block of ``count``; less than nothing where so much is missing."""
        self.least = min(self.least, left)
        self.late += left < 0
        self._watched += count
        self._sum += left * count

    @property
    def is_over(self) -> bool:
        return self._watched >= self._lasts

    @property
    def mean(self) -> float:
        return self._sum / max(1, self._watched)


class _Microphone:
    """One stream of a microphone: so many channels at a rate of its own, made one at `MICROPHONE_HZ`."""

    def __init__(self, channels: int, rate_hz: int) -> None:
        self._format = channels, rate_hz
        self._mix = ChannelMix(channels, rate_hz)
        self._resampler = _To16kHz(rate_hz)

    def fits(self, channels: int, rate_hz: int) -> bool:
        """Whether sound of that kind belongs to this stream."""
        return self._format == (channels, rate_hz)

    def heard(self, sound: NDArray[np.float32], *, speaker_plays: bool) -> NDArray[np.float32]:
        """What is ready after ``sound``, shape (frames, channels): shape (n,)."""
        return self._resampler.convert(self._mix.mix(sound, speaker_plays=speaker_plays))


class _To16kHz:
    """A stream of mono sound at any rate, brought to `MICROPHONE_HZ`."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._stream = None if rate_hz == MICROPHONE_HZ else soxr.ResampleStream(rate_hz, MICROPHONE_HZ, 1, "float32")

    def convert(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of the stream that is ready after ``sound``; it may be empty, the rest comes with the next call."""
        if self._stream is None:
            return sound
        converted: NDArray[np.float32] = self._stream.resample_chunk(sound)
        return converted
