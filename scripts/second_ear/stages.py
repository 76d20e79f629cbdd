"""The stages of the training, each with what it leaves in a folder; what is there is not made again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np
from tqdm import tqdm

from model.store import write_store
from second_ear.dressing import Dresser
from second_ear.faster_kokoro import FasterKokoro
from second_ear.negatives import negatives
from second_ear.rendering import TUNING_VOICES, rendered, rendering_file, write_clips
from second_ear.rows import FORMANT_VOICES, OTHER, SHAPE, WORD, formants, kokoros, night, people
from second_ear.takes import takes
from second_ear.texts import PEOPLES_WORDS, Phrases, texts, ways_in_turn
from second_ear.training import export, gathered, known, stores_in, train
from second_ear.upbringing import UPBRINGINGS
from second_ear.voices import random_speaker
from second_ear.weighing import Weigher, fitted, shares, two_ears_table, write_lines
from voicecoach.assembly import Assembly
from voicecoach.engines.synthesis.kokoro.network import Kokoro
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.settings import Settings, kokoro_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from second_ear.rows import Rows
    from second_ear.upbringing import Upbringing
    from second_ear.weighing import Line, Share, Take

NEGATIVES: Final = 6_000
A_RENDERING: Final = 8
"""Texts: more would be said in one breath, fewer cost more."""
CHUNK: Final = 25
"""Renderings of which the rows are kept together."""
WIDENING: Final = 50_000
"""The number of the first rendering of other short phrases."""
FORMANTS: Final = 3_000
FEWEST: Final = 25
"""So often a class must have been said by voices of Kokoro, to be one; people count less, with fewer dressings."""
FEWEST_OF_A_PHRASE: Final = 5
"""The same of a phrase, to be judged: of voices that it has never heard, the ear takes 0.97 of these for what they are
in a quiet room, and 0.7 of those that were said less often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a second ear depends on, other than this code."""

    speech: Path | None = None
    """Folder of people's recordings; None: synthetic voices only."""
    kokoro: Path | None = None
    """Folder of Kokoro's weights; None: that of the coach."""
    seed: int = 1
    renderings: int = 375
    widening: int = 0
    """Renderings beside these, of the other short phrases (`texts.ways`)."""
    steps: int | None = None
    """Of training; None: those of each upbringing."""
    unheard: tuple[str, ...] = ()
    """Phrases that no person is heard to say."""
    share: tuple[int, int] = (1, 1)
    """Of renderings and rows only those of this worker, the first of one: several may work side by side."""
    faster: bool = False
    """Whether Kokoro is computed by OpenVINO."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the stages work, and on what."""

    work: Path
    recipe: Recipe

    def render(self) -> None:
        """Kokoro says phrases and what is none: ``work/kokoro/00000.npz`` and so on."""
        folder, weights = self.work / "kokoro", self.recipe.kokoro or kokoro_folder()
        folder.mkdir(parents=True, exist_ok=True)
        phrases, rng = Phrases(), np.random.default_rng([self.recipe.seed, 1])
        plain = texts(phrases, negatives(phrases, NEGATIVES, rng), rng)
        others = ways_in_turn(phrases, np.random.default_rng([self.recipe.seed, 5]))
        kokoro: Kokoro | None = None
        for number in tqdm(self._numbers(), "Kokoro", disable=None):
            own = np.random.default_rng([self.recipe.seed, 2, number])
            said = plain if number < WIDENING else others
            speaker, batch = random_speaker(own), list(islice(said, A_RENDERING))
            file = rendering_file(folder, number)
            worker, workers = self.recipe.share
            if number % workers == worker - 1 and not file.exists():
                kokoro = kokoro or (FasterKokoro(weights) if self.recipe.faster else Kokoro(weights))
                write_clips(file, rendered(kokoro, weights, speaker, batch, own))

    def _numbers(self, step: int = 1) -> list[int]:
        """Of all renderings, or every so many of each kind."""
        widening = range(WIDENING, WIDENING + self.recipe.widening, step)
        return [*range(0, self.recipe.renderings, step), *widening]

    def rows(self) -> None:
        """Everything that there is so far, as rows: ``work/rows``, for each upbringing a store of each part."""
        worker, workers = self.recipe.share
        for upbringing in UPBRINGINGS:
            rng = np.random.default_rng([self.recipe.seed, 3])
            dresser = Dresser(self.recipe.speech, rng, upbringing)
            for name, make in self._parts(upbringing, dresser)[worker - 1 :: workers]:
                folder = self._rows_of(upbringing) / name
                if not folder.exists():
                    write_store(folder, tqdm(make(), name, disable=None), np.float16, SHAPE)

    def _rows_of(self, upbringing: Upbringing) -> Path:
        return self.work / "rows" / upbringing.name

    def _parts(self, how: Upbringing, dresser: Dresser) -> list[tuple[str, Callable[[], Iterable[Rows]]]]:
        """What rows are made of, each by its name; those that take longest lie apart, for several workers."""
        rngs, phrases, speech = self._rng_of, Phrases(), self.recipe.speech
        folder, of_renderings = self.work / "kokoro", []
        for first in self._numbers(CHUNK):
            numbers = range(first, first + CHUNK)
            if all(rendering_file(folder, number).exists() for number in numbers):
                make = partial(kokoros, folder, numbers, dresser, how.copies, rngs(first))
                of_renderings.append((f"kokoro-{first:05}", make))
        of_people = [] if speech is None else [("people", partial(people, speech, phrases, dresser, how, rngs(1)))]
        return [
            *of_people,
            ("formants", partial(formants, phrases, FORMANTS, dresser, FORMANT_VOICES, rngs(2))),
            ("night", partial(night, speech, dresser, how, rngs(3))),
            *of_renderings,
        ]

    def _rng_of(self, part: int) -> np.random.Generator:
        return np.random.default_rng([self.recipe.seed, 4, part])

    def train(self, out: Path) -> None:
        """A network of each upbringing, of all rows that there are, side by side in one file."""
        keys, trusted = self._known()
        heads = []
        for upbringing in UPBRINGINGS:
            stores = stores_in(self._rows_of(upbringing))
            pieces = gathered(stores, keys, kept_voices=TUNING_VOICES, unheard=self.recipe.unheard)
            heads.append(train(pieces, len(keys), self.recipe.steps or upbringing.steps, self.recipe.seed))
        out.parent.mkdir(parents=True, exist_ok=True)
        export(heads, keys, trusted, out)

    def _known(self) -> tuple[list[str], list[str]]:
        """The classes, and the phrases that may be judged: what was said often enough in every upbringing."""
        phrases, unheard = Phrases(), self.recipe.unheard
        each = []
        for upbringing in UPBRINGINGS:
            stores = stores_in(self._rows_of(upbringing))
            of_voices = {name: stores[name] for name in ("kokoro", "people")}
            fewest, of_a_phrase = FEWEST * upbringing.copies, FEWEST_OF_A_PHRASE * upbringing.copies
            each.append(
                known(of_voices, phrases.of_class, fewest, of_a_phrase, kept_voices=TUNING_VOICES, unheard=unheard)
            )
        heard, trusted = (set[str].intersection(*map(set, some)) for some in zip(*each, strict=True))
        keys = [key for key in phrases.of_class if key in heard]
        return [*keys, *(f"{WORD}{word}" for word in PEOPLES_WORDS), OTHER], sorted(trusted)

    def weigh(self, head: Path) -> None:
        """What both ears make of what is kept for tuning, with that ``head``, and what they are worth together.

        Raises:
            BadRequestError: There are no recordings of people.
            MissingPartError: There is no such head.
        """
        if self.recipe.speech is None:
            raise BadRequestError("what the ears are worth is measured with people's recordings: --speech DIR")
        if not head.exists():
            raise MissingPartError(f"{head} is not there; train it first")
        alone, _ = self._heard(self.recipe.speech, self.work / "no head")
        both, lines = self._heard(self.recipe.speech, head)
        write_lines(self.work / "lines.jsonl", lines)
        print(two_ears_table(alone, both))
        offset, recognizer, ear = fitted(lines)
        print(f"offset={offset:.3f}, of_recognizer={recognizer:.3f}, of_ear={ear:.3f}")

    def _heard(self, speech: Path, head: Path) -> tuple[dict[str, Share], list[Line]]:
        """What is made of the takes with that ``head``; without a second ear where there is none."""
        sources: list[str] = []
        said = takes(speech, self.work / "kokoro", np.random.default_rng([self.recipe.seed, 6]))
        weigher = Weigher(Assembly(Settings(), second_ear=head))
        lines = [*weigher.lines(_noting(said, sources))]
        return shares(sources, lines), lines


def _noting(said: Iterable[Take], sources: list[str]) -> Iterator[Take]:
    for take in tqdm(said, "takes", disable=None):
        sources.append(take.source)
        yield take
