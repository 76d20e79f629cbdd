"""The way from nothing to a model, in stages.

What a stage makes lies in a folder of its own; a stage whose folder is there is not done again.  Whoever changes what a
stage does removes its folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

from model.lessons import Lessons, Share
from model.mixing import Disguise, Mixer
from model.network import Network, NetworkShape
from model.noise import noise_segments
from model.preparing import write_features, write_recordings
from model.prompts import Amounts, prompts
from model.recordings import for_training, is_for_tuning, read_index, read_samples
from model.store import TrainingUtterance, read_store, write_store
from model.synthesis import TRAINING_VOICES, random_order, speak
from model.taking_over import taken_over
from model.training import Schedule, Trained, keep, train
from model.words import all_words, coach_phrases
from second_ear.rendering import all_clips, is_of_tuning
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

NOISE_MINUTES = 60
MEASURED = 256
"""Utterances that batch norm measures where a model is gone on from."""
MOST_OF_A_WORD = {"command": 160, "word": 160, "other_word": 160, "phrase": 60}
WEIGHTS: Mapping[str, float] = {"speechocean762": 1.4, "speech": 3.0, "phrase": 0.5}
"""How often an utterance comes in an epoch, by corpus or kind.  People who say many different words are worth the
most; speechocean762 is large and one-sided; the few words that are said alone must not crowd out the others."""


@dataclass(frozen=True, slots=True)
class Round:
    """A part of the training, in which the rate rises once and falls once."""

    schedule: Schedule = field(default_factory=Schedule)
    disguise: Disguise = field(default_factory=Disguise)
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    """Of what people say, by corpus or kind."""
    formant: float = 1.0
    """Weight of what voices of rules say."""
    neural: float = 1.0
    """Weight of what Kokoro says."""
    neural_others: float = 1.0
    """So many times as often comes what it says that is no phrase."""


SINGLE_WORDS = {"command": 3.0, "word": 3.0, "other_word": 3.0, "phrase": 1.0}
MILD = Disguise(noisy=0.6, least_snr_db=2.0, quietest_db=-30.0, masks=False)
_TODAY = Round(
    Schedule(steps=4_000, rate=5e-4, dropout=0.0),
    MILD,
    {**WEIGHTS, **SINGLE_WORDS, "speechocean762": 3.0, "speech": 6.0},
    formant=0.3,
    neural=6.0,
    neural_others=3.0,
)
ROUNDS = (
    Round(),
    Round(Schedule(steps=8_000, rate=1e-3, dropout=0.0), MILD, {**WEIGHTS, **SINGLE_WORDS}),
    _TODAY,
    replace(
        _TODAY,
        schedule=Schedule(steps=2_000, rate=4e-4, dropout=0.0),
        weights={**_TODAY.weights, "speechocean762": 5.0, "speech": 12.0},
        neural_others=4.0,
    ),
)
"""First all that is hard; then what people will say, as they will say it; then the phrases of today, by voices that are
nearly human, and so much more of what is none that running speech is not taken for them: twice, the second time more of
it."""


def shortened(rounds: Sequence[Round], steps: int) -> tuple[Round, ...]:
    """The same rounds in about so many steps altogether, for a try."""
    share = steps / sum(part.schedule.steps for part in rounds)
    times = [max(1, round(share * part.schedule.steps)) for part in rounds]
    return tuple(replace(part, schedule=replace(part.schedule, steps=n)) for part, n in zip(rounds, times, strict=True))


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a model depends on, other than this code."""

    seed: int = 1
    speech: Path | None = None
    """Folder of people's recordings; None: synthetic voices only."""
    unheard: tuple[str, ...] = ()
    """Words that no person is heard to say alone."""
    clips: Path | None = None
    """Folder of what Kokoro said, `second_ear.rendering`; None: other voices only."""
    taken_from: Path | None = None
    """A model that this one goes on from, in the rounds that are left; None: from nothing."""
    amounts: Amounts = field(default_factory=Amounts)
    copies: int = 2
    """Variants of each utterance, every second one in a room; what else happens to them happens in training."""
    shape: NetworkShape = field(default_factory=NetworkShape)
    rounds: tuple[Round, ...] = ROUNDS

    @property
    def steps(self) -> int:
        """Of all rounds."""
        return sum(part.schedule.steps for part in self.rounds)


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folder where the stages leave what they made."""

    folder: Path
    recipe: Recipe
    workers: int = 2
    threads: int = 1

    def check(self) -> None:
        """Make sure, before an hour of work, that what was named is there.

        Raises:
            VoicecoachError: There are no recordings, or no clips.
        """
        if self.recipe.speech is not None:
            read_index(self.recipe.speech)
        if self.recipe.clips is not None and next(all_clips(self.recipe.clips), None) is None:
            raise MissingPartError(
                f"{self.recipe.clips} holds no clips of Kokoro's; name the folder kokoro in what"
                " scripts/train-second-ear render --work DIR left: --clips DIR/kokoro"
            )

    def synthetic_samples(self) -> Path:
        """What synthetic voices say."""
        folder = self.folder / "synthetic.samples"
        if not folder.exists():
            rng = np.random.default_rng([self.recipe.seed, 1])
            texts = prompts(self.recipe.amounts, rng)
            orders = [random_order(text, TRAINING_VOICES, rng) for text in texts]
            sounds = tqdm(speak(orders, self.workers), "synthetic voices", len(orders))
            rows = (
                (TrainingUtterance(order.text, f"{order.voice.engine}/{order.voice.name}", "synthetic"), sound)
                for order, sound in zip(orders, sounds, strict=True)
                if sound is not None
            )
            write_store(folder, rows, np.int16)
        return folder

    def human_samples(self) -> Path | None:
        """What people say, if there are recordings."""
        folder = self.folder / "human.samples"
        if self.recipe.speech is None:
            return None
        if not folder.exists():
            rng = np.random.default_rng([self.recipe.seed, 2])
            chosen = for_training(read_index(self.recipe.speech), all_words(), MOST_OF_A_WORD, rng)
            spoken = [recording for recording in chosen if recording.kind != "noise"]
            write_recordings(folder, spoken, self.workers)
        return folder

    def neural_samples(self) -> Path | None:
        """What Kokoro says, if it was rendered."""
        folder = self.folder / "neural.samples"
        if self.recipe.clips is None:
            return None
        if not folder.exists():
            rows = (
                (TrainingUtterance(clip.text.words, clip.speaker, "synthetic"), clip.sound)
                for clip in all_clips(self.recipe.clips)
                if not is_of_tuning(clip)
            )
            write_store(folder, rows, np.int16)
        return folder

    def samples(self) -> list[Path]:
        """All of them."""
        found = [self.synthetic_samples(), self.human_samples(), self.neural_samples()]
        return [folder for folder in found if folder is not None]

    def features(self, samples: Path) -> Path:
        """Features of the variants of what is in ``samples``."""
        folder = samples.with_suffix(".features")
        if not folder.exists():
            write_features(folder, samples, self.recipe.copies, self.recipe.seed, self.workers)
        return folder

    def noise(self) -> Path:
        """Noise to train among."""
        folder = self.folder / "noise.features"
        if not folder.exists():
            rng = np.random.default_rng([self.recipe.seed, 3])
            talk = read_store(self.human_samples() or self.synthetic_samples())
            segments = noise_segments(list(self._recorded_noise()), talk, NOISE_MINUTES, rng)
            write_store(folder, segments, np.float16, (40,))
        return folder

    def _recorded_noise(self) -> Iterator[NDArray[np.int16]]:
        for recording in read_index(self.recipe.speech) if self.recipe.speech else ():
            if recording.kind == "noise" and not is_for_tuning(recording):
                yield read_samples(recording.path)

    def lessons(self, part: Round) -> Lessons:
        """Everything to learn from in a round."""
        shares = [Share(read_store(self.features(self.synthetic_samples())), {"synthetic": part.formant})]
        human, neural = self.human_samples(), self.neural_samples()
        if human is not None:
            shares.append(Share(read_store(self.features(human)), part.weights))
        if neural is not None:
            weights = {"synthetic": part.neural}
            shares.append(Share(read_store(self.features(neural)), weights, set(coach_phrases()), part.neural_others))
        shares.append(Share(read_store(self.noise())))  # in which nothing is said
        return Lessons(shares, all_words(), self.recipe.unheard)

    def network(self) -> Trained:
        """The trained network; each round leaves a checkpoint that the next begins with."""
        name = "-".join(("network", *(("without", *self.recipe.unheard) if self.recipe.unheard else ())))
        trained, learnt = None, self._taken_over()
        for number, part in enumerate(self.recipe.rounds, start=1):
            checkpoint = self.folder / f"{name}-{number}.pt"
            trained = train(
                self.lessons(part),
                Mixer(read_store(self.noise()), part.disguise),
                self.recipe.shape,
                part.schedule,
                self.recipe.seed + 1000 * (number - 1),
                checkpoint,
                self.threads,
                learnt,
            )
            learnt = checkpoint
        if trained is None:
            raise ValueError("a recipe without a round trains nothing")
        return trained

    def _taken_over(self) -> Path | None:
        """A checkpoint of the model that this one goes on from."""
        if self.recipe.taken_from is None:
            return None
        checkpoint, rng = self.folder / "taken-over.pt", np.random.default_rng([self.recipe.seed, 4])
        if not checkpoint.exists():
            part = self.recipe.rounds[0]
            heard = self.lessons(part).some(MEASURED, Mixer(read_store(self.noise()), part.disguise), rng)
            keep(checkpoint, taken_over(self.recipe.taken_from, self.recipe.shape, heard), part.schedule)
        return checkpoint


def load_network(checkpoint: Path, shape: NetworkShape) -> Network:
    """The averaged network of a checkpoint."""
    network = Network(shape)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    network.eval()
    return network
