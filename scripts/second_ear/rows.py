"""What is learnt from: rows of the embedding, of everything that is said or is to be heard, each with its class."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from model.recordings import UNSURE, is_for_tuning, read_index, read_samples
from model.store import TrainingUtterance
from model.synthesis import TRAINING_VOICES, SyntheticVoice, random_order, speak
from second_ear.dressing import Dresser, loud_rms
from second_ear.negatives import negatives, sounds
from second_ear.rendering import read_clips
from second_ear.texts import NONE, PEOPLES_WORDS, texts
from voicecoach.engines.embedding.google import SIZE, GoogleEmbedding
from voicecoach.errors import BadFileError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from model.recordings import CorpusRecording
    from second_ear.texts import Phrases
    from second_ear.upbringing import Upbringing

    Rows = tuple[TrainingUtterance, NDArray[np.generic]]

SAMPLE_HZ: Final = 16_000
SHAPE: Final = (SIZE,)
WORD: Final = "~"
"""Begins the class of a word that is no phrase, but that many people said (`PEOPLES_WORDS`)."""
OTHER: Final = "~none"
"""The class of everything else."""
LONGEST_PIECE_S: Final = 4.0
FORMANT_NEGATIVES: Final = 0.35
"""Share of what is no phrase, of what voices of rules say."""


class Embedder:
    """Sound as rows."""

    def __init__(self) -> None:
        self._embedding = GoogleEmbedding(shipped("models/speech-embedding/weights.npz"))

    def rows(self, sound: NDArray[np.int16]) -> NDArray[np.float16]:
        """Shape (k, 96), of ``sound`` after silence."""
        self._embedding.reset()
        return self._embedding.process(sound).astype(np.float16)


def class_said(words: str, meaning: str) -> str:
    """The class of ``words``, which have this meaning as a phrase."""
    if meaning != NONE:
        return meaning
    return f"{WORD}{words}" if words in PEOPLES_WORDS else OTHER


def kokoros(files: Path, numbers: range, dresser: Dresser, copies: int, rng: np.random.Generator) -> Iterator[Rows]:
    """Of the renderings with those numbers, each text in several dressings."""
    embedder = Embedder()
    for clip in read_clips(files, numbers):
        told = TrainingUtterance(clip.text.words, clip.speaker, class_said(clip.text.words, clip.text.meaning))
        for _ in range(copies):
            yield told, embedder.rows(dresser.dressed(clip.sound, rng, human=False))


def formants(
    phrases: Phrases, amount: int, dresser: Dresser, voices: Sequence[SyntheticVoice], rng: np.random.Generator
) -> Iterator[Rows]:
    """Of voices of rules, which cost next to nothing: all ways to say something, and near misses."""
    said = texts(phrases, negatives(phrases, amount // 3, rng), rng, FORMANT_NEGATIVES)
    chosen = [next(said) for _ in range(amount)]
    orders = [random_order(one.words, voices, rng, {"espeak": 0.7, "flite": 0.3, "festival": 0.0}) for one in chosen]
    embedder = Embedder()
    for text, order, sound in zip(chosen, orders, speak(orders, 1), strict=True):
        if sound is not None:
            source = f"{order.voice.engine}/{order.voice.name}"
            told = TrainingUtterance(text.words, source, class_said(text.words, text.meaning))
            yield told, embedder.rows(dresser.dressed(sound, rng, human=False))


FORMANT_VOICES: Final = tuple(one for one in TRAINING_VOICES if one.engine in {"espeak", "flite"})


def people(
    speech: Path, phrases: Phrases, dresser: Dresser, upbringing: Upbringing, rng: np.random.Generator
) -> Iterator[Rows]:
    """Of people's recordings, those for training."""
    embedder, classes = Embedder(), classes_of(phrases)
    like_a_phrase = {sounds(phrase) for phrase in classes}
    for recording in _chosen(speech, classes, upbringing, rng):
        key = NONE if recording.text.startswith(UNSURE) else classes.get(recording.text, NONE)
        if key == NONE and sounds(recording.text) in like_a_phrase:
            continue  # "know" is "no"
        try:
            sound = read_samples(recording.path)
        except BadFileError:
            continue
        told = TrainingUtterance(recording.text, recording.corpus, class_said(recording.text, key))
        for _ in range(1 if key == NONE else upbringing.peoples_copies):
            yield told, embedder.rows(dresser.dressed(_piece(sound, recording, key, rng), rng, human=True))


def _chosen(
    speech: Path, classes: Mapping[str, str], upbringing: Upbringing, rng: np.random.Generator
) -> list[CorpusRecording]:
    usable = [one for one in read_index(speech) if not is_for_tuning(one) and one.kind != "noise"]
    counted: Counter[str] = Counter()
    chosen = []
    for number in rng.permutation(len(usable)):
        recording = usable[int(number)]
        alike = "speech" if recording.kind == "speech" else recording.text
        counted[alike] += 1
        if counted[alike] <= _most(recording, classes, upbringing):
            chosen.append(recording)
    return chosen


def _most(recording: CorpusRecording, classes: Mapping[str, str], upbringing: Upbringing) -> int:
    if recording.text in classes:
        return upbringing.most_of_a_word
    of_kind = {"speech": upbringing.most_sentences, "phrase": upbringing.most_of_a_phrase}
    return of_kind.get(recording.kind, upbringing.most_of_another_word)


def _piece(
    sound: NDArray[np.int16], recording: CorpusRecording, key: str, rng: np.random.Generator
) -> NDArray[np.int16]:
    """All of a word or a phrase, some of a sentence that is none."""
    longest = round(LONGEST_PIECE_S * SAMPLE_HZ)
    if recording.kind != "speech" or key != NONE:
        return sound[:longest]
    length = min(len(sound), round(rng.uniform(0.8, LONGEST_PIECE_S) * SAMPLE_HZ))
    begin = int(rng.integers(len(sound) - length + 1))
    return sound[begin : begin + length]


def night(speech: Path | None, dresser: Dresser, upbringing: Upbringing, rng: np.random.Generator) -> Iterator[Rows]:
    """Of what is no speech."""
    embedder = Embedder()
    for recording in read_index(speech) if speech else ():
        if recording.kind == "noise" and not is_for_tuning(recording):
            sound = read_samples(recording.path)[: 4 * SAMPLE_HZ].astype(np.float32) / np.float32(32767)
            sound *= np.float32(10 ** (rng.uniform(-45, -18) / 20) / (loud_rms(sound) + 1e-6))
            padded = np.pad(sound, SAMPLE_HZ // 4).astype(np.float32)
            yield TrainingUtterance("", recording.corpus, OTHER), embedder.rows(dresser.amid_noise(padded, 1e-3, rng))
    for _ in range(upbringing.night):
        noise = dresser.noise(round(rng.uniform(1.0, 4.0) * SAMPLE_HZ), rng)
        level = np.float32(10 ** (rng.uniform(-50, -18) / 20))
        yield TrainingUtterance("", "made", OTHER), embedder.rows(dresser.amid_noise(noise * level, 1e-3, rng))


def classes_of(phrases: Phrases) -> dict[str, str]:
    """The class of every phrase."""
    return {phrase: key for key, said in phrases.all_of_class.items() for phrase in said}
