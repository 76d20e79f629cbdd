"""How an utterance is heard: among noise, near or far, fast or slow; done to features that are easily seen through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_store import steady_noise

from model.store import TrainingUtterance, UtteranceStore

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

from model.features import FLOOR
from model.mixing import NATURAL_PER_DB, WARPS, Disguise, Mixer, batch_of, masked, warp_matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SYNTHETIC = TrainingUtterance("stop", "espeak/en-us", "synthetic")
HUMAN = TrainingUtterance("stop", "gsc", "command")
LOUD = 22.0
"""Natural logarithm of the power of the made-up speech; noise comes at 15, 30 dB below."""


def speech(frames: int) -> NDArray[np.float32]:
    """The same all the time and at every frequency."""
    return np.full((frames, 40), LOUD, np.float32)


UNMASKED = Disguise(masks=False)
"""So that what is left is what the noise and the microphone made of it."""


def examples(
    utterance: TrainingUtterance,
    frames: int,
    count: int = 200,
    noise: UtteranceStore | None = None,
    disguise: Disguise = UNMASKED,
) -> Iterator[NDArray[np.float32]]:
    mixer = Mixer(noise or steady_noise(), disguise)
    for seed in range(count):
        yield mixer.example(speech(frames), utterance, np.random.default_rng(seed))


def loudness(example: NDArray[np.float32]) -> NDArray[np.float32]:
    """(frames,): the mean over frequencies, in dB; a microphone's colour does not change it much."""
    return np.asarray(example.mean(axis=1) / NATURAL_PER_DB, np.float32)


# --- another vocal tract ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", WARPS)
def test_a_warp_keeps_what_is_the_same_at_every_frequency(factor: float) -> None:
    np.testing.assert_allclose(warp_matrix(factor).sum(axis=1), 1, atol=1e-6)


def test_no_warp_changes_nothing() -> None:
    np.testing.assert_allclose(warp_matrix(1.0), np.eye(40), atol=1e-6)


@pytest.mark.parametrize("factor", [0.84, 0.9, 1.1, 1.2])
def test_a_warp_moves_a_formant(factor: float) -> None:
    mel = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(7600 / 700), 42)[1:-1]
    centres_hz = 700 * np.expm1(mel / 1127)
    formant = np.exp(-(((mel - mel[20]) / 100) ** 2))
    moved = warp_matrix(factor) @ formant
    assert np.interp(moved.argmax(), np.arange(40), mel) == pytest.approx(
        1127 * np.log1p(factor * centres_hz[20] / 700), abs=mel[1] - mel[0]
    )


# --- examples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("utterance", [SYNTHETIC, HUMAN], ids=["synthetic", "human"])
@pytest.mark.parametrize("frames", [2, 3, 15, 40, 41, 200, 700])
def test_every_example_is_made_of_numbers(utterance: TrainingUtterance, frames: int) -> None:
    """Also of very short utterances, and of those that are longer than any noise."""
    for example in examples(utterance, frames, count=60):
        assert example.dtype == np.float32
        assert example.shape[1] == 40
        assert np.isfinite(example).all()
        assert example.min() > FLOOR, "a microphone always hisses"


def test_what_an_example_is_made_of_stays_as_it_was() -> None:
    noise, features = steady_noise(), speech(50)
    for seed in range(30):
        Mixer(noise).example(features, SYNTHETIC, np.random.default_rng(seed))
    np.testing.assert_array_equal(features, speech(50))
    np.testing.assert_array_equal(noise.values, steady_noise().values)


def test_digital_silence_can_be_spoken_and_heard() -> None:
    silence = np.full((50, 40), FLOOR, np.float32)
    for seed in range(50):
        assert np.isfinite(Mixer(steady_noise()).example(silence, SYNTHETIC, np.random.default_rng(seed))).all()


def test_the_same_chance_gives_the_same_example() -> None:
    for one, other in zip(examples(HUMAN, 50, 20), examples(HUMAN, 50, 20), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("utterance", "slowest", "fastest", "longest_silence"), [(SYNTHETIC, 0.8, 1.25, 40), (HUMAN, 0.9, 1.12, 25)]
)
def test_pace_and_silence_stay_within_what_people_do(
    utterance: TrainingUtterance, slowest: float, fastest: float, longest_silence: int
) -> None:
    lengths = [len(example) for example in examples(utterance, 1000, noise=steady_noise(frames=2000))]
    assert 1000 / fastest + 3 + 5 - 16 <= min(lengths) < 1000 / fastest + 60
    assert 1000 / slowest - 60 < max(lengths) <= 1000 / slowest + 2 * longest_silence


def test_a_synthetic_voice_is_cut_at_its_ends_at_times_and_a_person_never() -> None:
    """Speech whose first and last three frames are the loudest, so that it shows when they are missing."""
    ends = speech(300)
    ends[[0, 1, 2, -3, -2, -1]] += 5

    def whole(utterance: TrainingUtterance) -> int:
        heard = [
            loudness(Mixer(steady_noise(), UNMASKED).example(ends, utterance, np.random.default_rng(i)))
            for i in range(200)
        ]
        return sum(int(np.ptp(np.flatnonzero(one > one.max() - 2))) > 200 for one in heard)

    assert whole(HUMAN) > 195
    assert 150 < whole(SYNTHETIC) < 190


def test_speech_is_heard_from_very_soft_to_very_loud() -> None:
    levels = [float(loudness(example).max()) - LOUD / NATURAL_PER_DB for example in examples(SYNTHETIC, 100)]
    assert -42 < min(levels) < -30
    assert 3 < max(levels) < 13, "6 dB more, and as much noise again"


@pytest.mark.parametrize(("source", "least_db"), [("recorded", 0), ("babble", 6)])
def test_noise_is_below_speech_and_talk_further_below(source: str, least_db: float) -> None:
    values = np.full((3300, 40), 15, np.float16)
    values[:300, 1:] = -100  # hiss is a tone here, and hardly heard: before the speech begins there is the noise alone
    utterances = [TrainingUtterance("", name, "noise") for name in ("white", *[source] * 10)]
    store = UtteranceStore(values, np.arange(0, 3301, 300), tuple(utterances))
    distances = [float(np.ptp(loudness(example))) for example in examples(SYNTHETIC, 100, noise=store)]
    among_noise = np.array([distance for distance in distances if distance < 37])
    assert 0.6 < len(among_noise) / len(distances) < 0.85, "the rest is in a quiet room"
    assert least_db - 3 < among_noise.min() < least_db + 3
    assert among_noise.max() > 30


def test_the_microphones_hiss_is_some_steps_of_an_integer() -> None:
    """In a quiet room, of noise at an rms of 1000: 0.6 to 10 steps are 64 to 40 dB less."""
    softest = [float(loudness(example).min()) - 15 / NATURAL_PER_DB for example in examples(SYNTHETIC, 100)]
    assert -65 < min(softest) < -58
    quiet = [level for level in softest if level < -40]
    assert len(quiet) > 30


def test_a_milder_disguise_has_less_noise_and_is_not_as_soft() -> None:
    mild = Disguise(noisy=0.0, quietest_db=-10.0, masks=False)
    loudest = [loudness(example).max() for example in examples(HUMAN, 50, disguise=mild)]
    assert min(loudest) > LOUD / NATURAL_PER_DB - 15
    silent = [loudness(example)[:2].max() for example in examples(SYNTHETIC, 50, disguise=mild)]
    assert max(silent) < 15 / NATURAL_PER_DB - 35, "before the speech begins there is nothing but the hiss"


def test_parts_of_an_example_are_hidden_unless_the_disguise_is_without() -> None:
    def bands_alike(disguise: Disguise) -> int:
        """Over all examples, the bands that have one value all the time."""
        found = examples(SYNTHETIC, 60, count=50, disguise=disguise)
        return sum(int((np.ptp(example, axis=0) == 0).sum()) for example in found)

    assert bands_alike(Disguise()) > 50
    assert bands_alike(UNMASKED) == 0


# --- batches ----------------------------------------------------------------------------------------------------------


def test_masking_hides_a_few_bands_and_a_short_time() -> None:
    features = np.random.default_rng(1).normal(10, 3, (80, 40)).astype(np.float32)
    most_bands = most_frames = 0
    for seed in range(100):
        hidden = masked(features.copy(), np.random.default_rng(seed)) == features.mean()
        bands, frames = hidden.all(axis=0), hidden.all(axis=1)
        np.testing.assert_array_equal(hidden, bands | frames[:, None])
        most_bands, most_frames = max(most_bands, bands.sum()), max(most_frames, frames.sum())
    assert 6 < most_bands <= 12
    assert 5 < most_frames <= 9


@pytest.mark.parametrize("frames", [1, 5, 9])
def test_masking_what_is_very_short(frames: int) -> None:
    for seed in range(50):
        assert np.isfinite(masked(speech(frames), np.random.default_rng(seed))).all()


def test_a_batch_repeats_the_last_frame_of_what_is_shorter() -> None:
    rising = np.arange(5, dtype=np.float32)[:, None] + np.zeros(40, np.float32)
    stacked, frames = batch_of([rising, rising[:3]])
    assert stacked.shape == (2, 5, 40)
    assert frames.tolist() == [5, 3]
    assert stacked[:, :, 0].tolist() == [[0, 1, 2, 3, 4], [0, 1, 2, 2, 2]]
