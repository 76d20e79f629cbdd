"""PocketSphinx as its documentation shows it: its endpointer in front of a decoder with a grammar of the phrases."""

from __future__ import annotations

from pocketsphinx import Config, Decoder

from benchmark.night.endpointed import EndpointedRecogniser
from benchmark.sphinx import jsgf


class PlainSphinx:
    """PocketSphinx with the English model of its wheel; calling it makes a recogniser, the only valid one."""

    def __init__(self) -> None:
        self._decoder = Decoder(Config(loglevel="FATAL", lm=None, bestpath=False))
        self._utterance_underway = False
        self._grammars = 0

    def __call__(self, phrases: frozenset[str]) -> EndpointedRecogniser:
        known = [phrase for phrase in phrases if all(self._decoder.lookup_word(word) for word in phrase.split())]
        self.end()
        self._grammars += 1
        name = f"grammar{self._grammars}"
        self._decoder.add_jsgf_string(name, jsgf(known, rejecting=False))
        self._decoder.activate_search(name)
        return EndpointedRecogniser(self)

    def take(self, speech: bytes) -> None:
        """Decode ``speech``, which begins or continues an utterance."""
        if not self._utterance_underway:
            self._decoder.start_utt()
            self._utterance_underway = True
        self._decoder.process_raw(speech)

    def end(self) -> str:
        """End the utterance under way, if any, and give its words."""
        if not self._utterance_underway:
            return ""
        self._utterance_underway = False
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return heard.hypstr if heard else ""
