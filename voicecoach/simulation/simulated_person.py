"""A simulated talker: words into sound, by a synthetic voice or from a recording, at a level."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np
import soxr

from voicecoach.engines.recognition.port import MICROPHONE_HZ, Delivery
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError
from voicecoach.simulation.small_talk import SMALL_TALK
from voicecoach.simulation.turns import SmallTalk, Speak
from voicecoach.wav import NotWavError, read_wav

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Clips

_ACTIVE_FRAME: Final = MICROPHONE_HZ // 50
_ACTIVE_DB: Final = -30.0
"""Frames quieter than this, relative to the loudest, are pauses and do not count towards the level."""
_LONGEST_RECORDING_S: Final = 60.0
_TALK_PAUSE_S: Final = 0.4
WHISPER: Final = Voice("en-us+whisper", 150)
"""The voice in which everybody whispers."""
WHISPER_DB: Final = -15.0
"""How much softer than somebody's voice their whisper is, at least."""
_CLEARLY_DB: Final = 30.0
"""How far what is overheard is above the room."""


class SimulatedPerson:
    """Says what a scenario asks for: the person in bed, somebody beside them, a radio."""

    def __init__(
        self,
        clips: Clips,
        level_db: float,
        overheard: Callable[[str, int, int, Delivery], None] | None = None,
        whispers: Clips | None = None,
    ) -> None:
        """Give the person a voice.

        Args:
            clips: Sentences as sound at `MICROPHONE_HZ`.
            level_db: Level (RMS of the speech, without its pauses) at the microphone, relative to full scale.
            overheard: Gets the words, first and last microphone sample of everything said, and how: the speech input
                of a rehearsal without sound.
            whispers: Sentences as they sound in a whisper; None: the person never whispers.
        """
        if clips.rate_hz != MICROPHONE_HZ:
            raise ValueError(f"the person's voice must be at {MICROPHONE_HZ} Hz, not {clips.rate_hz}")
        self._clips, self._level_db, self._overheard = clips, level_db, overheard
        self._whispers = clips if whispers is None else whispers
        self._recordings: dict[Path, NDArray[np.float32]] = {}

    def prepare(self, turns: Iterable[Speak | SmallTalk]) -> None:
        """Have everything at hand that will be said.

        Raises:
            BadFileError: A recording cannot be read.
        """
        sentences: list[str] = []
        whispered: list[str] = []
        for turn in turns:
            if isinstance(turn, SmallTalk):
                sentences += SMALL_TALK
            elif turn.whispered:
                whispered.append(turn.words)
            elif turn.recording is None:
                sentences.append(turn.words)
            else:
                self._recordings[turn.recording] = read_recording(turn.recording, turn.where)
        self._clips.prepare(tuple(dict.fromkeys(sentences)))
        if whispered:
            self._whispers.prepare(tuple(dict.fromkeys(whispered)))

    def say(self, turn: Speak, at: int, *, muted: bool = False) -> NDArray[np.float32]:
        """What the person says in ``turn``, as sound at the microphone, beginning at sample ``at``: shape (n,).

        Where the microphone is ``muted``, it is not overheard.
        """
        clips = self._whispers if turn.whispered else self._clips
        sound = clips.get(turn.words) if turn.recording is None else self._recordings[turn.recording]
        if self._overheard is not None and turn.words and not muted:
            delivery = Delivery(self._level(turn), _CLEARLY_DB, voicing=float(not turn.whispered))
            self._overheard(turn.words, at, at + len(sound), delivery)
        return at_level(sound, self._level(turn))

    def talk(self, turn: SmallTalk) -> NDArray[np.float32]:
        """Small talk for as long as ``turn`` wants it, as sound at the microphone: shape (n,).

        It is cut off at its end, perhaps in the middle of a word, as a radio is when somebody turns it off.
        """
        pause = np.zeros(round(_TALK_PAUSE_S * MICROPHONE_HZ), np.float32)
        length = round(turn.for_s * MICROPHONE_HZ)
        parts = [pause[:0]]
        sentences = cycle(SMALL_TALK)
        while sum(map(len, parts)) < length:
            parts += [self._clips.get(next(sentences)), pause]
        return at_level(np.concatenate(parts)[:length], self._level(turn))

    def _level(self, turn: Speak | SmallTalk) -> float:
        if turn.level_db is not None:
            return turn.level_db
        return self._level_db + (WHISPER_DB if isinstance(turn, Speak) and turn.whispered else 0.0)


def at_level(sound: NDArray[np.float32], level_db: float) -> NDArray[np.float32]:
    """``sound``, shape (n,) at `MICROPHONE_HZ`, with its speech at ``level_db`` (RMS, relative to full scale).

    Peaks of very loud speech go beyond -1..1, for a microphone to clip them.  Silence stays silence.
    """
    whole = len(sound) // _ACTIVE_FRAME * _ACTIVE_FRAME
    frames = sound[:whole].reshape(-1, _ACTIVE_FRAME) if whole else sound.reshape(1, -1)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1) if len(sound) else np.zeros(1)
    loudest = float(power.max())
    if loudest == 0.0:
        return sound
    active = float(power[power > loudest * 10.0 ** (_ACTIVE_DB / 10.0)].mean())
    return np.asarray(sound * (10.0 ** (level_db / 20.0) / active**0.5), np.float32)


def read_recording(path: Path, where: str) -> NDArray[np.float32]:
    """A WAV file as sound at `MICROPHONE_HZ`: shape (n,), float32 in -1..1; channels are averaged.

    Args:
        path: The file: PCM of 8 to 32 bits at any rate; no more than the first minute is read.
        where: What asks for it, ``file:line:column``, for the error.

    Raises:
        BadFileError: It is not there, or no such WAV.
    """
    try:
        recording = read_wav(path, _LONGEST_RECORDING_S)
    except FileNotFoundError as error:
        raise BadFileError(f"{where}: there is no file {path}; write its path relative to the scenario") from error
    except NotWavError as error:
        raise BadFileError(f"{where}: {path} cannot be read ({error}); it must be a WAV file of PCM samples") from error
    samples = recording.samples()
    if not samples.any():
        raise BadFileError(f"{where}: {path} holds no sound; record it again")
    mono = samples.mean(axis=1)
    return np.asarray(soxr.resample(mono, recording.rate_hz, MICROPHONE_HZ), np.float32)
