"""Texts that are no phrase of the coach, most of them nearly one: the ear has to tell them apart."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from wordfreq import top_n_list

from model.words import all_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from second_ear.texts import Phrases

COMMON: Final = 15_000
"""Words: any of them may stand for one that sounds nearly like it."""
SINGLE: Final = 2_500
"""The commonest words, which are also said alone."""
SHARES: Final[Mapping[str, float]] = {"alike": 0.2, "pieces": 0.2, "within": 0.3, "single": 0.15, "talk": 0.15}
BEFORE: Final = (
    *("he said", "she never", "i wonder if", "they always", "when did you", "my brother", "we used to", "did they"),
    *("do you remember", "tell her", "it was", "there was a", "you know", "nobody", "the man", "i thought", "if only"),
)
AFTER: Final = (
    *("of the house", "yesterday morning", "in the garden", "with my sister", "when i was young", "said the doctor"),
    *("at the station", "for the neighbours", "about the weather", "last summer", "on the radio", "because of him"),
    *("and then we left", "with the dog", "down by the river", "like everybody else", "under the table"),
)
TALK: Final = (
    *("where did you put the newspaper", "the kettle is boiling again", "i spoke to your cousin this morning"),
    *("they are digging up our street", "have you seen my slippers", "it was raining all day in the north"),
    *("the film was rather dull", "who left the gate open", "we should visit them at easter", "how was your day"),
    *("i bought some pears at the market", "the bus was late as usual", "she is getting married in june"),
    *("did you remember to water the plants", "that programme is on tonight", "what shall we cook on friday"),
    *("the minister answered questions about the budget", "a cold front moves in from the west this evening"),
    *("and that brings us to the end of the programme", "she closed the door behind her", "he looked at the sea"),
    *("the match ended two all", "our reporter is at the scene", "nobody had expected that answer"),
    *("i dreamt about the old house", "your feet are freezing", "there is somebody at the door", "oh that reminds me"),
    *("mum rang while you were out", "i need to see the dentist", "the moon is very bright", "shall i open the window"),
    *(
        "are you warm enough",
        "the baby is crying",
        "i can hear the rain",
        "he plays the piano so well",
        "what a surprise",
    ),
    *("you were talking in your sleep", "my pillow is too flat", "it is half past something", "goodness me", "hm"),
    *("well i suppose so", "what was her name", "that dog has been barking for hours", "it is only the wind"),
    *("come to bed darling", "give me a kiss", "i told you so", "the lamp is broken", "they will be here by noon"),
)


def negatives(phrases: Phrases, amount: int, rng: np.random.Generator) -> list[str]:
    """So many texts; none is a phrase of the coach."""
    makers = {
        "alike": _alike(phrases, rng),
        "pieces": _pieces(phrases, rng),
        "within": _within(phrases, rng),
        "single": _any(top_n_list("en", SINGLE), rng),
        "talk": _any(TALK, rng),
    }
    names, taken = list(SHARES), {sounds(phrase) for phrase in phrases.every}
    found = list[str]()
    while len(found) < amount:
        text = next(makers[names[int(rng.choice(len(names), p=[SHARES[name] for name in names]))]])
        letters = text.replace(" ", "").replace("'", "")
        if sounds(text) not in taken and letters.isalpha() and letters.isascii():
            found.append(text)
    return found


def sounds(text: str) -> str:
    """How ``text`` is said, so that "know" is "no"."""
    lexicon = all_words()
    return " ".join(min("".join(said) for said in lexicon.get(word, ((word,),))) for word in text.split())


def _any(texts: Sequence[str], rng: np.random.Generator) -> Iterator[str]:
    while True:
        yield texts[int(rng.integers(len(texts)))]


def _phrase(phrases: Phrases, rng: np.random.Generator) -> str:
    keys = list(phrases.of_class)
    return phrases.said_of(keys[int(rng.integers(len(keys)))], rng)


def _pieces(phrases: Phrases, rng: np.random.Generator) -> Iterator[str]:
    """Phrases that break off, or of which the beginning is missing."""
    while True:
        words = _phrase(phrases, rng).split()
        if len(words) > 1:
            cut = int(rng.integers(1, len(words)))
            yield " ".join(words[:cut] if rng.random() < 0.6 else words[cut:])  # noqa: PLR2004 - more begin than end


def _within(phrases: Phrases, rng: np.random.Generator) -> Iterator[str]:
    """Sentences with a phrase in them."""
    before, after = _any(BEFORE, rng), _any(AFTER, rng)
    while True:
        phrase, way = _phrase(phrases, rng), rng.random()
        yield f"{next(before)} {phrase}" if way < 0.4 else f"{phrase} {next(after)}"  # noqa: PLR2004 - about as often


def _alike(phrases: Phrases, rng: np.random.Generator) -> Iterator[str]:
    """Phrases of which a word is another that sounds nearly like it; where only one word is left, that one."""
    near = _neighbours(phrases.words)
    while True:
        words = _phrase(phrases, rng).split()
        places = [place for place, word in enumerate(words) if near.get(word)]
        if places:
            place = places[int(rng.integers(len(places)))]
            others = near[words[place]]
            words[place] = others[int(rng.integers(len(others)))]
            yield " ".join(words)


def _neighbours(words: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """For each of ``words`` the common words that differ from it in one phone."""
    lexicon, common = all_words(), top_n_list("en", COMMON)
    holes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for word in common:
        for said in lexicon.get(word, ()):
            for hole in _holes(said):
                holes[hole].add(word)
    return {
        word: sorted(
            other
            for other in {other for said in lexicon.get(word, ()) for hole in _holes(said) for other in holes[hole]}
            if not set(lexicon[other]) & set(lexicon[word])
        )
        for word in words
    }


def _holes(phones: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """With each phone left out, and with a gap before each: two words that share one differ in a phone at most."""
    for place in range(len(phones)):
        yield (*phones[:place], "_", *phones[place + 1 :])
    for place in range(len(phones) + 1):
        yield (*phones[:place], "_", *phones[place:])
