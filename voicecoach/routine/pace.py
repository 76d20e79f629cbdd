"""How long sentences last, without a voice: so that a plan can tell its length before anything is rendered.

The figures are a language's (``durations`` in its ``language.yaml``), fitted to its usual voice; another one takes so
many times as long (`SpeechDurations.slowness`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

USUAL_WORDS_PER_MINUTE = 150
"""The pace that the figures are for."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001 - a typographic apostrophe belongs to its word
_COMMA = re.compile(r"[,;:…–—](?=\s)")  # noqa: RUF001 - dashes are what is meant
_FULL_STOP = re.compile(r"[.!?](?=\s)")


class Pauses(Enum):
    """How long the coach pauses; the value is how it is written in the settings."""

    CALM = "calm"
    """For somebody who is going to sleep."""
    USUAL = "usual"
    """As the voice has them within a sentence."""
    BRISK = "brisk"

    @property
    def between_s(self) -> float:
        """Between two sentences, at `USUAL_WORDS_PER_MINUTE`; espeak-ng makes 0.3 s there."""
        return _BETWEEN_S[self]

    @property
    def more_at_commas_s(self) -> float:
        """Added where a sentence has a comma, whatever the pace."""
        return _MORE_AT_COMMAS_S if self is Pauses.CALM else 0.0


_BETWEEN_S = {Pauses.CALM: 0.7, Pauses.USUAL: 0.3, Pauses.BRISK: 0.2}
_MORE_AT_COMMAS_S = 0.2


@dataclass(frozen=True, slots=True)
class SpeechDurations:
    """What the parts of a sentence cost, in seconds at `USUAL_WORDS_PER_MINUTE`."""

    ends_s: float
    """What every sentence costs: the lengthened last syllable, the lead-in and the tail."""
    consonant_s: float
    vowel_s: float
    """A syllable costs as much."""
    stress_s: float
    """A word that is not one of the little ones."""
    comma_s: float
    full_stop_s: float
    digit_s: float
    """Numbers in figures are a rough guess: "10" is a short word and "17" a long one."""
    vowels: str
    """The letters that syllables are made of, lower case; every other letter is a consonant."""
    one_consonant: tuple[str, ...] = ()
    """Letters that stand together for one consonant, as "sh"; the same letter twice is one anyway."""
    mute_endings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Ends of words whose vowel is not heard, each with the longer ends in which it is: ``("ed", ("ted", "ded"))``."""
    little_words: frozenset[str] = frozenset()
    """Words that are hurried over."""
    slowness: float = 1.0
    """How much longer than that the voice takes which speaks."""

    def speech_s(self, sentence: str, words_per_minute: int = USUAL_WORDS_PER_MINUTE) -> float:
        """About how many seconds ``sentence`` lasts as a clip at ``words_per_minute``; 0.0 when it holds no words."""
        return _speech_s(self, sentence, words_per_minute)

    def with_pauses(self, pauses: Pauses) -> SpeechDurations:
        """The same, with other pauses than the usual."""
        more_s = pauses.between_s - Pauses.USUAL.between_s
        return replace(
            self, comma_s=self.comma_s + pauses.more_at_commas_s, full_stop_s=max(0.0, self.full_stop_s + more_s)
        )

    def of_a_voice(self, slowness: float) -> SpeechDurations:
        """The same for a voice that takes so many times as long."""
        return replace(self, slowness=slowness)

    def syllables(self, word: str) -> int:
        """How many syllables ``word`` (lower case) has, by the vowels that are written and heard; at least one."""
        vowels = len(_syllable(self.vowels).findall(word))
        mute = any(word.endswith(end) and not word.endswith(heard) for end, heard in self.mute_endings)
        return max(1, vowels - mute)

    def consonants(self, word: str) -> int:
        """How many consonants ``word`` (lower case) has."""
        return len(_consonant(self.vowels, self.one_consonant).findall(word))


@lru_cache(maxsize=16)
def _syllable(vowels: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(vowels)}]+")


@lru_cache(maxsize=16)
def _consonant(vowels: str, one_consonant: tuple[str, ...]) -> re.Pattern[str]:
    together = "".join(f"{re.escape(letters)}|" for letters in one_consonant)
    return re.compile(rf"{together}([^\W\d_{re.escape(vowels)}])\1?")


@lru_cache(maxsize=4096)
def _speech_s(durations: SpeechDurations, sentence: str, words_per_minute: int) -> float:
    words = _WORD.findall(sentence.lower())
    digits = sum(letter.isdigit() for letter in sentence)
    if not words and not digits:
        return 0.0
    said = sentence.strip(" .,:;!?…")
    seconds = (
        durations.ends_s
        + durations.consonant_s * sum(durations.consonants(word) for word in words)
        + durations.vowel_s * sum(durations.syllables(word) for word in words)
        + durations.stress_s * sum(word not in durations.little_words for word in words)
        + durations.comma_s * len(_COMMA.findall(said))
        + durations.full_stop_s * len(_FULL_STOP.findall(said))
        + durations.digit_s * digits
    )
    return seconds * durations.slowness * USUAL_WORDS_PER_MINUTE / words_per_minute
