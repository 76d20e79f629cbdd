"""Training: what is learnt from, and that it is learnt.  The language has two words, and the phones are easily told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_store import steady_noise, store_of

from model.store import TrainingUtterance

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

import torch

from model.lessons import Lessons, Share
from model.loss import Transcripts, numerator
from model.mixing import Mixer
from model.network import OUTPUTS, Delay, Network, NetworkShape
from model.training import Schedule, Trained, train
from voicecoach.engines.recognition.vocabulary.phones import NETWORK_PHONES, SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from model.store import UtteranceStore

WORDS = {"bah": (("B", "AA"),), "see": (("S", "IY"),), "a": (("AH",), ("EY",))}
SMALL = NetworkShape(width=24, inner=24, delays=(Delay(1, 1),))
SHORT = Schedule(steps=12, frames_a_batch=1200, warm_up=4, rate=5e-3, keep_every=5)
LOUD = {"B": slice(0, 8), "AA": slice(8, 16), "S": slice(24, 32), "IY": slice(32, 40), "AH": slice(16, 24)}
"""The bands where a phone is loud."""


def spoken(*phones: str) -> NDArray[np.float32]:
    """0.12 s of each phone: (frames, 40)."""
    features = np.full((12 * len(phones), 40), 5, np.float32)
    for number, phone in enumerate(phones):
        features[12 * number : 12 * number + 12, LOUD[phone]] = 20
    return features


def number(*phones: str) -> list[int]:
    return [NETWORK_PHONES.index(phone) for phone in phones]


def said(
    text: str, *, kind: str = "synthetic", source: str = "made up"
) -> tuple[TrainingUtterance, NDArray[np.float32]]:
    """An utterance as its words are said."""
    return TrainingUtterance(text, source, kind), spoken(*(phone for word in text.split() for phone in WORDS[word][0]))


def two_words() -> UtteranceStore:
    return store_of(said("bah"), said("see"), said("bah see"), said("see bah"))


def lessons(*stores: UtteranceStore) -> Lessons:
    return Lessons([Share(store) for store in stores or (two_words(),)], WORDS)


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def trained(checkpoint: Path, schedule: Schedule = SHORT, seed: int = 1, learnt: Lessons | None = None) -> Trained:
    return train(learnt or lessons(), Mixer(steady_noise(5)), SMALL, schedule, seed, checkpoint, threads=1)


# --- what is learnt from ----------------------------------------------------------------------------------------------


def test_a_transcript_is_the_phones_of_its_words_with_silence_that_may_be_left_out() -> None:
    phones, optional = lessons().transcript("bah see", chance())
    assert phones == number(SILENCE, "B", "AA", SILENCE, "S", "IY", SILENCE)
    assert optional == [False, False, False, True, False, False, False]


def test_where_nothing_is_said_there_is_silence() -> None:
    assert lessons().transcript("", chance()) == ([0], [False])


def test_of_several_pronunciations_any_is_taken() -> None:
    found = {tuple(lessons().transcript("a", chance(seed))[0]) for seed in range(20)}
    assert found == {tuple(number(SILENCE, phone, SILENCE)) for phone in ("AH", "EY")}


def test_the_bigram_tells_which_phone_follows() -> None:
    bigram = lessons(store_of(*[said("bah see")] * 300)).bigram(chance()).exp()
    np.testing.assert_allclose(bigram.sum(1), 1, atol=1e-5)
    b, aa, s, sil = number("B", "AA", "S", SILENCE)
    assert bigram[b, aa] > 0.9
    assert bigram[aa, sil] == pytest.approx(1 / 3, abs=0.1)
    assert bigram[aa, s] == pytest.approx(2 / 3, abs=0.1)
    assert 0 < bigram[sil, sil] < 1e-4, "silence goes on by itself"
    assert bool((bigram > 0).all()), "and no phone is impossible"


def test_the_normalisation_is_that_of_what_is_heard() -> None:
    mean, deviation = lessons().normalisation(Mixer(steady_noise(5)), chance())
    assert mean.shape == deviation.shape == (40,)
    assert bool((deviation > 0).all())
    silent = lessons(store_of((TrainingUtterance("", "rain", "noise"), np.zeros((50, 40)))))
    assert mean.mean() > silent.normalisation(Mixer(steady_noise(5)), chance())[0].mean() + 1


def rows(found: Lessons, frames: int = 10**6, longest: int = 900, seed: int = 1) -> Counter[tuple[int, int]]:
    """How often an epoch has each row."""
    return Counter(place for batch in found.epoch(frames, longest, chance(seed)) for place in batch)


def test_an_epoch_has_everything_once() -> None:
    assert rows(lessons(two_words(), two_words())) == {(share, row): 1 for share in (0, 1) for row in range(4)}


def test_weights_say_how_often_an_utterance_comes() -> None:
    """By its corpus, or else by its kind; a half is every other time, by chance."""
    store = store_of(
        *[said("bah", kind="speech", source="rare")] * 40, *[said("bah", kind="speech")] * 40, said("see", kind="word")
    )
    counts = rows(Lessons([Share(store, {"rare": 0.5, "speech": 3.0})], WORDS))
    assert 8 < sum(counts[0, row] for row in range(40)) < 32
    assert {counts[0, row] for row in range(40)} == {0, 1}
    assert {counts[0, row] for row in range(40, 80)} == {3}
    assert counts[0, 80] == 1


def test_what_is_no_phrase_may_come_more_often() -> None:
    store = store_of(said("bah see"), said("see"))
    counts = rows(Lessons([Share(store, {"synthetic": 2.0}, phrases={"bah see"}, others=3.0)], WORDS))
    assert (counts[0, 0], counts[0, 1]) == (2, 6)


def test_an_utterance_with_another_word_or_too_long_is_left_out() -> None:
    unknown = (TrainingUtterance("bah humbug", "made up", "synthetic"), spoken("B", "AA"))
    store = store_of(said("bah"), unknown, said("see see see see see see see see"))
    assert rows(lessons(store), longest=200) == {(0, 0): 1}


def test_words_that_nobody_is_to_be_heard_to_say_alone() -> None:
    store = store_of(said("bah"), said("bah", kind="command"), said("bah see", kind="speech"), said("see", kind="word"))
    found = Lessons([Share(store)], WORDS, unheard=("bah",))
    assert set(rows(found)) == {(0, 0), (0, 2), (0, 3)}


def test_batches_are_about_equal_in_size_and_none_is_empty() -> None:
    store = store_of(*[said("bah")] * 30, *[said("bah see bah see")] * 30)
    batches = list(lessons(store).epoch(1000, 900, chance()))
    sizes = [len(batch) * max(store.length(row) for _, row in batch) for batch in batches]
    assert 0 < max(sizes) <= 1000
    assert len(batches) < 10


def test_a_batch_is_features_frames_and_what_is_said() -> None:
    found = lessons()
    features, frames, transcripts = found.load(
        [(0, 0), (0, 2)], Mixer(steady_noise(5)), found.bigram(chance()), chance()
    )
    assert features.shape[0] == 2
    assert features.shape[2] == 40
    assert frames.max() == -(-features.shape[1] // 3)
    assert transcripts.phones[0, :4].tolist() == number(SILENCE, "B", "AA", SILENCE)
    assert transcripts.last.tolist() == [3, 6]


# --- learning ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    checkpoint = tmp_path_factory.mktemp("training") / "network.pt"
    schedule = Schedule(steps=250, frames_a_batch=1200, warm_up=10, rate=1e-2, averaging=0.9, keep_every=1000)
    return trained(checkpoint, schedule, learnt=lessons(two_words(), two_words()))


def fit(network: Network, features: NDArray[np.float32], phones: Sequence[int]) -> float:
    """The score of the best path, and all others, through ``phones``."""
    with torch.no_grad():
        scores = network(torch.from_numpy(features)[None])[0].view(1, -1, OUTPUTS // 2, 2)
    transcript = Transcripts.of([phones], [[False] * len(phones)], torch.zeros(OUTPUTS // 2, OUTPUTS // 2))
    return float(numerator(scores, torch.tensor([scores.shape[1]]), transcript)[0])


@pytest.mark.parametrize(("word", "other"), [("bah", "see"), ("see", "bah")])
def test_a_network_learns_two_words(learnt: Trained, word: str, other: str) -> None:
    """Most of the time: some of the noise is as loud as the words."""
    utterance, features = said(word)
    right = 0
    for seed in range(1000, 1040):
        heard = Mixer(steady_noise(5)).example(features, utterance, chance(seed))
        this, that = (fit(learnt.network, heard, number(SILENCE, *WORDS[one][0], SILENCE)) for one in (word, other))
        right += this > that
    assert right >= 36


def test_what_was_learnt_is_ready_to_be_used(learnt: Trained) -> None:
    assert learnt.step == 250
    assert not learnt.network.training
    assert bool(learnt.network.mean.any()), "it knows the mean of the features"


def test_the_same_seed_gives_the_same_network_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (trained(tmp_path / name, seed=seed) for name, seed in (("1", 1), ("2", 1), ("3", 2)))
    torch.testing.assert_close(first.network.state_dict(), again.network.state_dict())
    assert not torch.allclose(first.network.scores.weight, other.network.scores.weight, atol=1e-3)


class Interrupted(Lessons):
    """Lessons that somebody interrupts."""

    def __init__(self, after: int) -> None:
        """Interrupt when ``after`` batches were learnt from."""
        super().__init__([Share(two_words())], WORDS)
        self.loaded = 0
        self._after = after

    def load(
        self, batch: Sequence[tuple[int, int]], mixer: Mixer, bigram: torch.Tensor, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor, Transcripts]:
        """A batch, or the end."""
        if self.loaded == self._after:
            raise KeyboardInterrupt
        self.loaded += 1
        return super().load(batch, mixer, bigram, rng)


def test_training_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    checkpoint = tmp_path / "network.pt"
    with pytest.raises(KeyboardInterrupt):
        trained(checkpoint, learnt=Interrupted(after=8))
    assert torch.load(checkpoint)["step"] == 5  # one is kept every five
    rest = Interrupted(after=100)
    assert trained(checkpoint, learnt=rest).step == 12
    assert rest.loaded == 12 - 5
    assert torch.load(checkpoint)["step"] == 12
    assert [path.name for path in tmp_path.iterdir()] == ["network.pt"]


def test_training_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    done = trained(tmp_path / "network.pt")
    nothing = Interrupted(after=0)
    again = trained(tmp_path / "network.pt", seed=2, learnt=nothing)
    assert again.step == 12
    torch.testing.assert_close(again.network.state_dict(), done.network.state_dict())


def test_another_round_begins_with_what_the_one_before_has_learnt(tmp_path: Path) -> None:
    """Here it learns nothing more, so that it shows."""
    first, second = tmp_path / "1.pt", tmp_path / "2.pt"
    trained(first)
    still = Schedule(steps=2, rate=0.0, weight_decay=0.0, frames_a_batch=1200)
    found = train(lessons(), Mixer(steady_noise(5)), SMALL, still, 2, second, threads=1, learnt=first)
    assert found.step == torch.load(second)["step"] == 2
    before, after = torch.load(first)["network"], torch.load(second)["network"]
    for name, _ in found.network.named_parameters():
        torch.testing.assert_close(after[name], before[name], msg=f"{name} has changed")


def test_a_round_that_was_interrupted_goes_on_with_itself_and_not_with_the_one_before(tmp_path: Path) -> None:
    first, second = tmp_path / "1.pt", tmp_path / "2.pt"
    trained(first)
    trained(second, seed=2)
    nothing = Interrupted(after=0)
    found = train(nothing, Mixer(steady_noise(5)), SMALL, SHORT, 1, second, threads=1, learnt=first)
    torch.testing.assert_close(found.network.state_dict(), torch.load(second)["average"])


def test_a_checkpoint_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = tmp_path / "network.pt"
    with pytest.raises(KeyboardInterrupt):
        trained(checkpoint, learnt=Interrupted(after=5))
    before = checkpoint.read_bytes()

    def full_disk(_: object, file: Path) -> None:
        file.write_bytes(b"half a check")
        raise OSError(28, "the disk is full")

    monkeypatch.setattr(torch, "save", full_disk)
    with pytest.raises(OSError, match="the disk is full"):
        trained(checkpoint)
    assert checkpoint.read_bytes() == before


def test_a_transcript_that_does_not_fit_teaches_nothing(tmp_path: Path) -> None:
    """Twenty words in a quarter of a second."""
    store = store_of((TrainingUtterance("bah see " * 10, "made up", "speech"), spoken("B", "AA")))
    only_the_transcript = Schedule(steps=3, keep_every=100, small_scores=0.0, weight_decay=0.0)
    found = trained(tmp_path / "network.pt", only_the_transcript, learnt=lessons(store)).network
    torch.manual_seed(1)
    before = dict(Network(SMALL).named_parameters())
    for name, weights in found.named_parameters():
        torch.testing.assert_close(weights, before[name], msg=f"{name} has changed")


def test_nor_does_it_harm_what_the_others_teach(tmp_path: Path) -> None:
    misfit = (TrainingUtterance("bah see " * 10, "made up", "speech"), spoken("B", "AA"))
    found = trained(tmp_path / "network.pt", learnt=lessons(store_of(said("bah"), misfit, said("see")))).network
    torch.manual_seed(1)
    assert not torch.equal(found.scores.weight, Network(SMALL).scores.weight)
    assert all(bool(torch.isfinite(weights).all()) for weights in found.state_dict().values())


def test_a_round_begins_with_what_the_round_before_has_learnt(tmp_path: Path) -> None:
    first = trained(tmp_path / "first.pt")
    still = Schedule(steps=1, frames_a_batch=1200, rate=0.0, keep_every=5)
    second = train(
        lessons(),
        Mixer(steady_noise(5)),
        SMALL,
        still,
        1,
        tmp_path / "second.pt",
        threads=1,
        learnt=tmp_path / "first.pt",
    )
    assert second.step == 1
    torch.testing.assert_close(second.network.scores.weight, first.network.scores.weight, atol=1e-2, rtol=0.1)
    fresh = trained(tmp_path / "third.pt", still).network.scores.weight
    assert not torch.allclose(fresh, first.network.scores.weight, atol=1e-2, rtol=0.1)
