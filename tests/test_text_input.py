"""The text input keeps the promise of `SpeechInput` without a recogniser."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.engines.recognition.port import Utterance
from voicecoach.engines.recognition.text import TextInput

BLOCK = np.zeros(320, np.float32)


def hear(speech_input: TextInput, blocks: int) -> list[Utterance]:
    return [utterance for _ in range(blocks) for utterance in speech_input.hear(BLOCK, BLOCK)]


def test_an_utterance_is_heard_in_the_block_in_which_it_ends() -> None:
    speech_input = TextInput()
    speech_input.listen_for(["next one"])
    speech_input.overhear("Next one!", 100, 1000)
    assert hear(speech_input, 3) == []
    assert hear(speech_input, 1) == [Utterance("next one", "next one", 1.0, began=100, ended=1280)]
    assert hear(speech_input, 10) == []


@pytest.mark.parametrize("words", ["next", "next one please", "one next", "nextone"])
def test_only_a_whole_phrase_is_a_phrase(words: str) -> None:
    speech_input = TextInput()
    speech_input.listen_for(["next one"])
    speech_input.overhear(words, 0, 100)
    assert [(heard.words, heard.phrase) for heard in hear(speech_input, 1)] == [(words, None)]


def test_other_phrases_count_from_the_next_utterance_on() -> None:
    speech_input = TextInput()
    speech_input.listen_for(["pause"])
    speech_input.overhear("pause", 0, 640)
    speech_input.overhear("pause", 700, 1200)
    hear(speech_input, 1)
    speech_input.listen_for(["continue"])
    assert [heard.phrase for heard in hear(speech_input, 5)] == ["pause", None]


def test_somebody_speaks_while_a_phrase_is_being_said() -> None:
    speech_input = TextInput()
    speech_input.listen_for(["pause"])
    speech_input.overhear("pause", 400, 900)
    speech_input.overhear("good heavens", 1000, 1500)
    speaks = []
    for _ in range(5):
        speech_input.hear(BLOCK, BLOCK)
        speaks.append(speech_input.somebody_speaks)
    assert speaks == [False, True, False, False, False]


def test_an_apostrophe_is_an_apostrophe_however_it_is_typed() -> None:
    speech_input = TextInput()
    speech_input.listen_for(["what's next"])
    speech_input.overhear("What\N{RIGHT SINGLE QUOTATION MARK}s next?", 0, 100)
    assert hear(speech_input, 1)[0].phrase == "what's next"
