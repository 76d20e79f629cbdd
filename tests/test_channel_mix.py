"""One channel out of several: whatever is wrong with the others, the voice in the good one is heard as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.engines.audio_io.channel_mix import ChannelMix
from voicecoach.engines.audio_io.stream_align import Caught, Played, StreamAligner
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

HZ = 48_000
BLOCK = HZ // 50
NOISE_DB, VOICE_DB, OWN_DB = -66.0, -30.0, -24.0
SECONDS = 12


@dataclass(frozen=True)
class Channel:
    """What is in one channel."""

    voice_db: float | None = 0.0
    """Of the voice, beside a good channel; None: it is not in there."""
    noise_db: float | None = NOISE_DB
    upside_down: bool = False
    own_voice_db: float | None = -12.0
    """Of what the speaker plays, beside what it plays."""
    offset: float = 0.0
    late: int = 0
    """Frames by which the voice comes later."""


GOOD = Channel()
DEAD = Channel(None, None, own_voice_db=None)
LOOPBACK = Channel(None, None, own_voice_db=0.0)
FAULTS = {
    "both good": (GOOD, GOOD),
    "one is weaker": (GOOD, Channel(-6.0)),
    "dead left": (DEAD, GOOD),
    "dead right": (GOOD, DEAD),
    "upside down": (GOOD, Channel(upside_down=True)),
    "upside down and weaker": (GOOD, Channel(-4.0, upside_down=True)),
    "the speaker's sound": (GOOD, LOOPBACK),
    "the speaker's sound, left, with a noise of its own": (Channel(None, -80.0, own_voice_db=0.0), GOOD),
    "a constant": (GOOD, Channel(None, None, own_voice_db=None, offset=0.4)),
    "a microphone on a constant": (GOOD, Channel(offset=0.2)),
    "much noisier": (GOOD, Channel(noise_db=-40.0)),
    "nothing but hum": (GOOD, Channel(None, -35.0)),
    "further away": (GOOD, Channel(-3.0, late=12)),
    "six: four microphones, one of them upside down, one dead, the speaker's": (
        GOOD,
        Channel(-1.0),
        Channel(-2.0, upside_down=True),
        GOOD,
        DEAD,
        LOOPBACK,
    ),
}


def db(sound: NDArray[np.float64] | NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def linear(level_db: float | None) -> float:
    return 0.0 if level_db is None else float(10 ** (level_db / 20))


class Evening:
    """The speaker plays for two seconds, then somebody says something, again and again."""

    def __init__(self, channels: tuple[Channel, ...], seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        frames = SECONDS * HZ
        second = np.arange(frames) / HZ % 4
        said = (second > 2.5) & (second < 3.7) & (np.arange(frames) / HZ % 0.4 < 0.3)
        self.own = np.where(second < 2.0, linear(OWN_DB) * rng.standard_normal(frames), 0.0)
        self.voice = np.where(said, linear(VOICE_DB) * _coloured(rng, frames), 0.0)
        self.said = said
        self.sound = np.stack([self._heard(one, rng) for one in channels], axis=1).astype(np.float32)
        self.mixed = self._mix(len(channels))

    def _heard(self, channel: Channel, rng: np.random.Generator) -> NDArray[np.float64]:
        voice = linear(channel.voice_db) * np.roll(self.voice, channel.late) * (-1.0 if channel.upside_down else 1.0)
        own = linear(channel.own_voice_db) * self.own
        return voice + own + linear(channel.noise_db) * rng.standard_normal(len(voice)) + channel.offset

    def _mix(self, channels: int) -> NDArray[np.float32]:
        mix = ChannelMix(channels, HZ)
        second = np.arange(len(self.own)) / HZ % 4
        parts = []
        for begin in range(0, len(self.own), BLOCK):
            plays = bool(second[begin] < 2.3)
            parts.append(mix.mix(self.sound[begin : begin + BLOCK], speaker_plays=plays))
        return np.concatenate(parts)

    def level_db(self) -> float:
        """Of the voice in the mix: its projection on what was said, beside a good channel."""
        late = slice(4 * HZ, None)
        share = float(self.mixed[late] @ self.voice[late] / (self.voice[late] @ self.voice[late]))
        return 20 * float(np.log10(abs(share) + 1e-9))

    def first_words_db(self) -> float:
        first = slice(round(2.6 * HZ), round(3.7 * HZ))
        share = float(self.mixed[first] @ self.voice[first] / (self.voice[first] @ self.voice[first]))
        return 20 * float(np.log10(abs(share) + 1e-9))

    def noise_db(self) -> float:
        second = np.arange(len(self.own)) / HZ
        quiet = (second > 4) & (second % 4 > 2.1) & (second % 4 < 2.5)
        return db(self.mixed[quiet])

    def own_db(self) -> float:
        second = np.arange(len(self.own)) / HZ
        return db(self.mixed[(second > 4.1) & (second % 4 < 1.9)])


def _coloured(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    """Noise with the slope of speech."""
    sound = np.convolve(rng.standard_normal(frames), np.ones(24), "same")
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


@pytest.mark.parametrize("name", FAULTS)
def test_the_voice_is_as_loud_as_in_a_good_channel(name: str) -> None:
    evening = Evening(FAULTS[name])
    assert abs(evening.level_db()) < 1.0
    assert abs(evening.first_words_db()) < 3.0, "it is learned within the first words"


@pytest.mark.parametrize("name", FAULTS)
def test_the_noise_is_no_louder_than_in_a_good_channel(name: str) -> None:
    assert Evening(FAULTS[name]).noise_db() < NOISE_DB + 1.0


@pytest.mark.parametrize("name", [name for name in FAULTS if "speaker's" in name])
def test_what_the_speaker_plays_is_no_louder_than_in_a_microphone(name: str) -> None:
    assert Evening(FAULTS[name]).own_db() < OWN_DB - 12.0 + 1.0


@pytest.mark.parametrize("right", [1.0, -1.0, 0.0])
def test_a_tone_from_the_first_moment_on(right: float) -> None:
    """Nobody has spoken yet, and nothing is known: a channel that is upside down must not take the other away."""
    tone = 0.1 * np.sin(2 * np.pi * 200 * np.arange(MICROPHONE_HZ) / MICROPHONE_HZ)
    mix = ChannelMix(2, MICROPHONE_HZ)
    sound = np.stack([tone, right * tone], axis=1).astype(np.float32)
    mixed = np.concatenate([mix.mix(sound[i : i + 320], speaker_plays=False) for i in range(0, len(sound), 320)])
    assert db(mixed) == pytest.approx(db(tone), abs=1.0)


def test_two_good_channels_are_averaged_to_the_sample() -> None:
    sound = np.repeat(Evening((GOOD,)).sound, 2, axis=1)
    mix = ChannelMix(2, HZ)
    for begin in range(0, len(sound), BLOCK):
        block = sound[begin : begin + BLOCK]
        assert np.array_equal(mix.mix(block, speaker_plays=False), block[:, 0])


def test_one_channel_is_left_as_it_is() -> None:
    sound = Evening((GOOD,)).sound
    mix = ChannelMix(1, HZ)
    for begin in range(0, len(sound), BLOCK):
        assert np.array_equal(
            mix.mix(sound[begin : begin + BLOCK], speaker_plays=False), sound[begin : begin + BLOCK, 0]
        )


@pytest.mark.parametrize("name", ["dead right", "upside down", "much noisier", "the speaker's sound"])
def test_no_click_is_heard_when_the_shares_change(name: str) -> None:
    """A slow tone, so that any step would show; it comes and goes softly, and the channels change their parts."""
    frames = 6 * HZ
    times = np.arange(frames) / HZ
    tone = 0.2 * np.sin(2 * np.pi * 90 * times) * np.sin(np.pi * times / 1.5) ** 2
    rng = np.random.default_rng(1)
    sound = np.stack([tone, {"upside down": -tone, "dead right": 0 * tone}.get(name, 0.1 * tone)], axis=1)
    sound[3 * HZ :] = sound[3 * HZ :, ::-1]  # at a moment of silence
    sound += linear(-80.0) * rng.standard_normal(sound.shape) * (name != "dead right")
    mix = ChannelMix(2, HZ)
    blocks = [mix.mix(sound[i : i + BLOCK].astype(np.float32), speaker_plays=False) for i in range(0, frames, BLOCK)]
    mixed = np.concatenate(blocks)
    steps = np.abs(np.diff(mixed))
    steepest = 0.2 * 2 * np.pi * 90 / HZ
    assert steps.max() < 2.0 * steepest + 10 * linear(-80.0)


def test_a_stuck_microphone_gives_zeros_at_once() -> None:
    mix = ChannelMix(2, HZ)
    stuck = np.full((BLOCK, 2), 0.4, np.float32)
    assert not any(mix.mix(stuck, speaker_plays=False).any() for _ in range(10))


@given(
    st.integers(1, 6),
    st.lists(
        st.tuples(
            st.integers(0, 700), st.sampled_from([0.0, 1e-9, 1e-3, 1.0, float("nan"), float("inf")]), st.booleans()
        ),
        max_size=12,
    ),
)
def test_whatever_comes_as_much_goes_on_and_all_of_it_is_finite(
    channels: int, blocks: list[tuple[int, float, bool]]
) -> None:
    mix, rng = ChannelMix(channels, HZ), np.random.default_rng(5)
    for frames, scale, plays in blocks:
        with np.errstate(invalid="ignore"):
            sound = (scale * rng.uniform(-1, 1, (frames, channels))).astype(np.float32)
        mixed = mix.mix(sound, speaker_plays=plays)
        assert mixed.shape == (frames,)
        assert mixed.dtype == np.float32
        assert np.isfinite(mixed).all()
        assert np.abs(mixed).max(initial=0.0) <= 4.0


def test_the_aligner_mixes_and_knows_when_the_speaker_plays() -> None:
    """A channel that carries only the speaker's sound is not taken for the microphone, however loud it is."""

    class Coach:
        heard: list[NDArray[np.float32]] = []  # noqa: RUF012 - one test

        def listen(self, block: NDArray[np.float32], _played: NDArray[np.float32]) -> None:
            self.heard.append(block)

    evening, coach = Evening((GOOD, LOOPBACK)), Coach()
    feed = StreamAligner(coach, HZ)
    for begin in range(0, len(evening.own), BLOCK):
        feed.take(Played(evening.own[begin : begin + BLOCK].astype(np.float32)))
        feed.take(Caught(evening.sound[begin : begin + BLOCK], HZ))
    heard = np.concatenate(coach.heard)
    seconds = np.arange(len(heard)) / MICROPHONE_HZ
    assert db(heard[(seconds > 4.1) & (seconds % 4 < 1.9)]) < OWN_DB - 12.0 + 1.0


@pytest.mark.parametrize("name", ["upside down", "upside down and weaker", "much noisier", "dead left"])
def test_a_voice_never_turns_round_on_its_way(name: str) -> None:
    """Which way up is all the same; to turn would lead through silence."""
    for seed in range(4):
        evening = Evening(FAULTS[name], seed)
        said = [
            float(evening.mixed[at : at + BLOCK] @ evening.voice[at : at + BLOCK])
            for at in range(0, len(evening.voice), BLOCK)
            if evening.said[at : at + BLOCK].all()
        ]
        assert len(set(np.sign(said))) == 1


def test_before_anybody_has_spoken_what_the_speaker_plays_is_not_taken_for_a_microphone() -> None:
    """It was silent while the speaker was: that it comes to life with the speaker tells what it is."""
    rng = np.random.default_rng(2)
    own = linear(OWN_DB) * rng.standard_normal(6 * HZ) * (np.arange(6 * HZ) // (2 * HZ) != 1)
    sound = np.stack([linear(-12.0) * own + linear(NOISE_DB) * rng.standard_normal(len(own)), own], axis=1)
    mix = ChannelMix(2, HZ)
    parts = [
        mix.mix(sound[at : at + BLOCK].astype(np.float32), speaker_plays=not 2.3 < at / HZ < 4.0)
        for at in range(0, len(own), BLOCK)
    ]
    assert db(np.concatenate(parts)[round(4.2 * HZ) :]) < OWN_DB - 12.0 + 1.0
