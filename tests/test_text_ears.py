"""Ears without a recogniser keep the promise of `hearing.protocol.Ears`."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.hearing.protocol import Utterance
from voicecoach.room.text_ears import TextEars

BLOCK = np.zeros(320, np.float32)


def hear(ears: TextEars, blocks: int) -> list[Utterance]:
    return [utterance for _ in range(blocks) for utterance in ears.hear(BLOCK, BLOCK)]


def test_an_utterance_is_heard_in_the_block_in_which_it_ends() -> None:
    ears = TextEars()
    ears.listen_for(["next one"])
    ears.overhear("Next one!", 100, 1000)
    assert hear(ears, 3) == []
    assert hear(ears, 1) == [Utterance("next one", "next one", 1.0, began=100, ended=1280)]
    assert hear(ears, 10) == []


@pytest.mark.parametrize("words", ["next", "next one please", "one next", "nextone"])
def test_only_a_whole_phrase_is_a_phrase(words: str) -> None:
    ears = TextEars()
    ears.listen_for(["next one"])
    ears.overhear(words, 0, 100)
    assert [(heard.words, heard.phrase) for heard in hear(ears, 1)] == [(words, None)]


def test_other_phrases_count_from_the_next_utterance_on() -> None:
    ears = TextEars()
    ears.listen_for(["pause"])
    ears.overhear("pause", 0, 640)
    ears.overhear("pause", 700, 1200)
    hear(ears, 1)
    ears.listen_for(["continue"])
    assert [heard.phrase for heard in hear(ears, 5)] == ["pause", None]


def test_somebody_speaks_while_a_phrase_is_being_said() -> None:
    ears = TextEars()
    ears.listen_for(["pause"])
    ears.overhear("pause", 400, 900)
    ears.overhear("good heavens", 1000, 1500)
    speaks = []
    for _ in range(5):
        ears.hear(BLOCK, BLOCK)
        speaks.append(ears.somebody_speaks)
    assert speaks == [False, True, False, False, False]


def test_an_apostrophe_is_an_apostrophe_however_it_is_typed() -> None:
    ears = TextEars()
    ears.listen_for(["what's next"])
    ears.overhear("What\N{RIGHT SINGLE QUOTATION MARK}s next?", 0, 100)
    assert hear(ears, 1)[0].phrase == "what's next"
