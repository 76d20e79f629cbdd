"""Where somebody speaks: from how far, in which noise, and over how much of the coach's own voice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmark.noise import babble
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation.acoustic_scene import AcousticScene, Noise, RoomAcoustics
from voicecoach.simulation.disturbance import Disturbance, sound_of
from voicecoach.simulation.echo_path import DELAY_S
from voicecoach.simulation.simulated_person import at_level
from voicecoach.speaking.finish import SPEECH_DB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PERSON_DB: Final = -26.0
"""How loud somebody in bed is at the microphone: the root mean square of the speech, relative to full scale."""
_FAR_DB: Final = -36.0
_ROOM_S: Final = 0.4
"""Time in which the sound of a bedroom dies away by 60 dB."""
_TAIL_BEGINS_S: Final = 0.004
SNRS_DB: Final = (24, 18, 12, 6)
ECHOES_DB: Final = (-12, -6, 0)
LATE_S: Final = (0.25, 0.3, 0.4, 0.5, 0.6)
"""How late a wireless speaker may be."""
NIGHT_DB: Final = PERSON_DB - 12.0
"""How loud the night is where nobody speaks."""


class Background(Enum):
    """What is to be heard all the while."""

    FAN = "fan"
    RAIN = "rain"
    SNORING = "snoring"
    BABBLE = "babble"


_OF_THE_ROOM: Final = {Background.FAN: Noise.FAN, Background.RAIN: Noise.RAIN}
"""Those that a `AcousticScene` makes by itself."""


class Distance(Enum):
    """From where somebody speaks; the value is how much louder the direct sound is than the room's, in decibels."""

    CLOSE = None
    """Without any room."""
    NEAR = 8.0
    """From the pillow, half a metre away."""
    FAR = -2.0
    """From the other side of the room, three metres away, and softer by 10 dB."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One kind of night."""

    key: str
    background: Background | None = None
    background_db: float = -66.0
    """Level (RMS, of snoring and babble without their pauses) at the microphone, relative to full scale."""
    echo_db: float | None = None
    """Level of the coach's voice at the microphone relative to `PERSON_DB`; None: it does not get there."""
    echo_delay_s: float = DELAY_S
    distance: Distance = Distance.CLOSE
    level_db: float = PERSON_DB
    """Of what is said, at the microphone."""


QUIET: Final = Surroundings("quiet")
NEAR: Final = Surroundings("near", distance=Distance.NEAR)
FAR: Final = Surroundings("far", distance=Distance.FAR, level_db=_FAR_DB)


def in_noise(background: Background, snr_db: float) -> Surroundings:
    """A person in noise that is softer by ``snr_db``."""
    return Surroundings(f"snr{snr_db:g}.{background.value}", background, PERSON_DB - snr_db)


def over_own_voice(echo_db: float, delay_s: float = DELAY_S) -> Surroundings:
    """A person while the coach speaks, ``echo_db`` louder than they at the microphone."""
    late = "" if delay_s == DELAY_S else late_key(delay_s)
    return Surroundings(f"echo{-echo_db:g}{late}", echo_db=echo_db, echo_delay_s=delay_s)


def late_key(delay_s: float) -> str:
    """What the key of a room with a late speaker ends with."""
    return f"late{1000 * delay_s:.0f}"


def bedroom(
    surroundings: Surroundings, volume_db: float, length: int, talk: Sequence[NDArray[np.float32]], seed: int
) -> AcousticScene:
    """The room with its noise and its echo; nobody speaks yet.

    Args:
        surroundings: What it is like.
        volume_db: At which the coach plays its clips.
        length: Samples for which there is to be noise, at least.
        talk: Recordings of speech, which babble is made of.
        seed: For everything that is left to chance.
    """
    echo_db = None if surroundings.echo_db is None else PERSON_DB + surroundings.echo_db - (SPEECH_DB + volume_db)
    background, rng = surroundings.background, np.random.default_rng([seed, 1])
    if background in _OF_THE_ROOM:
        acoustics = RoomAcoustics(
            _OF_THE_ROOM[background], surroundings.background_db, echo_db, surroundings.echo_delay_s
        )
        return AcousticScene(acoustics, seed)
    room = AcousticScene(RoomAcoustics(echo_db=echo_db, echo_delay_s=surroundings.echo_delay_s), seed)
    if background is not None:
        seconds = length / MICROPHONE_HZ
        noise = (
            sound_of(Disturbance.SNORE, rng, seconds) if background is Background.SNORING else babble(talk, length, rng)
        )
        room.speak(at_level(noise, surroundings.background_db), 0)
    return room


def at_microphone(sound: NDArray[np.float32], surroundings: Surroundings, seed: int) -> NDArray[np.float32]:
    """What the microphone gets of ``sound``, shape (n,): through the air and the room, at its level; shape (m,)."""
    direct_db = surroundings.distance.value
    if direct_db is not None:
        sound = np.asarray(np.convolve(sound, response(direct_db, seed)), np.float32)
    return at_level(sound, surroundings.level_db)


def response(direct_db: float, seed: int) -> NDArray[np.float64]:
    """What arrives of one click: itself, and a room's tail of noise that dies away; shape (n,).

    Args:
        direct_db: Energy of the click relative to the tail's.
        seed: For the tail.
    """
    times = np.arange(round(_ROOM_S * MICROPHONE_HZ)) / MICROPHONE_HZ
    tail = np.random.default_rng([seed, 2]).standard_normal(len(times)) * 10 ** (-3 * times / _ROOM_S)
    tail[times < _TAIL_BEGINS_S] = 0.0
    tail *= np.sqrt(10 ** (-direct_db / 10) / np.sum(tail**2))
    tail[0] = 1.0
    whole: NDArray[np.float64] = tail
    return whole
