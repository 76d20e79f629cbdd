"""PocketSphinx with the English model of its wheel, its own endpointer, and a grammar of the same phrases.

Left as its documentation shows it, it takes nearly every sound for some phrase: a JSGF grammar has no place for
anything else.  So it can also be given one, as the coach's model has: a row of any phones, or nothing at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pocketsphinx import Config, Decoder, Endpointer, get_model_path

from voicecoach.engines.recognition.vocabulary.phones import PHONES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

MODEL = Path(get_model_path())
_PHONE_WORD = "phone_"
"""What the names of the words begin with that stand for a phone; no English word does."""
_OTHER_WEIGHT, _NOTHING_WEIGHT = 1e-20, 1e-3
"""How likely a row of phones and nothing at all are, beside a phrase (1).  Tried with recordings of people and the ten
words: from 1e-22 to 1e-14, right falls from .77 to .67 and other words falsely accepted from .09 to .06."""
_FULL_SCALE = 32767


class Sphinx:
    """Keeps the promise of `contenders.Contender`."""

    by_hand = True

    def __init__(self, *, rejecting: bool) -> None:
        """Load the model; ``rejecting``: with a place in the grammar for what is no phrase."""
        # Without a search for the best path in the lattice: after a loop of phones it takes minutes.
        self._decoder = Decoder(Config(loglevel="FATAL", lm=None, bestpath=False))
        self._rejecting = rejecting
        for phone in PHONES if rejecting else ():
            self._decoder.add_word(_PHONE_WORD + phone.lower(), phone, update=phone == PHONES[-1])
        self._clean_state = self._decoder.get_cmn(update=False)
        self._grammars: dict[frozenset[str], str] = {}

    def hear(self, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
        """The phrases that are accepted in ``sound``."""
        known = frozenset(phrase for phrase in phrases if self._knows(phrase))
        self._decoder.activate_search(self._grammar(known))
        self._decoder.set_cmn(self._clean_state)
        return tuple(words for words in self._utterances(sound) if words in known)

    def _knows(self, phrase: str) -> bool:
        return all(self._decoder.lookup_word(word) is not None for word in phrase.split())

    def _grammar(self, phrases: frozenset[str]) -> str:
        """The name of the decoder's grammar for ``phrases``, made when it is needed first."""
        if phrases not in self._grammars:
            name = f"grammar{len(self._grammars)}"
            self._decoder.add_jsgf_string(name, jsgf(phrases, rejecting=self._rejecting))
            self._grammars[phrases] = name
        return self._grammars[phrases]

    def _utterances(self, sound: NDArray[np.float32]) -> Iterator[str]:
        """The words of each utterance that the endpointer finds."""
        endpointer = Endpointer()
        samples = (np.clip(sound, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes()
        size: int = endpointer.frame_bytes
        underway = False
        for at in range(0, len(samples) - size + 1, size):
            speech = endpointer.process(samples[at : at + size])
            if speech is not None:
                if not underway:
                    self._decoder.start_utt()
                    underway = True
                self._decoder.process_raw(speech)
            if underway and not endpointer.in_speech:
                underway = False
                yield self._ended()
        if underway:
            yield self._ended()

    def _ended(self) -> str:
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return heard.hypstr if heard else ""


def jsgf(phrases: Collection[str], *, rejecting: bool) -> str:
    """A grammar (Java Speech Grammar Format) of ``phrases``, one at a time; ``rejecting``: or of something else."""
    phrase = " | ".join(sorted(phrases))
    if not rejecting:
        return f"#JSGF V1.0;\ngrammar phrases;\npublic <phrase> = {phrase};\n"
    phone = " | ".join(_PHONE_WORD + phone.lower() for phone in PHONES)
    heard = f"/1/ ({phrase}) | /{_OTHER_WEIGHT}/ <phone>+ | /{_NOTHING_WEIGHT}/ <NULL>"
    return f"#JSGF V1.0;\ngrammar phrases;\n<phone> = {phone};\npublic <phrase> = {heard};\n"
