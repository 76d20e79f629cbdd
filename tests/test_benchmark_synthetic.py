"""Synthetic persons are spoken once, kept as a folder of recordings, and never with a voice of the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")

from benchmark.recordings import Kind
from benchmark.synthetic import synthetic_recordings
from model.synthesis import KEPT_BACK_VOICES, TRAINING_VOICES
from voicecoach.errors import VoicecoachError
from voicecoach.sound_files import read_sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from model.synthesis import Order

PHRASES = ["next", "that hurts"]


class Speaker:
    """Says everything as the same hum, except what it cannot say."""

    def __init__(self, cannot: str = "") -> None:
        self.orders: list[Order] = []
        self._cannot = cannot

    def __call__(self, orders: Iterable[Order]) -> Iterator[NDArray[np.int16] | None]:
        for order in orders:
            self.orders.append(order)
            yield None if order.text == self._cannot else np.full(1600, 16384, np.int16)


def test_each_phrase_is_said_by_several_voices_that_no_model_was_trained_on(tmp_path: Path) -> None:
    speaker = Speaker()
    found = synthetic_recordings(PHRASES, 4, tmp_path, speaker)
    assert [one.transcript for one in found] == ["next"] * 4 + ["that hurts"] * 4
    assert {one.kind for one in found} == {Kind.SYNTHETIC}
    voices = {order.voice for order in speaker.orders}
    assert voices <= set(KEPT_BACK_VOICES)
    assert not voices & set(TRAINING_VOICES)
    assert len(voices) > 1
    sound = read_sound(found[0].path)
    assert sound.shape == (1600,)
    assert sound == pytest.approx(0.5, abs=1e-3)


def test_they_are_spoken_once(tmp_path: Path) -> None:
    first = synthetic_recordings(PHRASES, 2, tmp_path, Speaker())
    again = Speaker()
    assert synthetic_recordings(PHRASES, 2, tmp_path, again) == first
    assert again.orders == []


def test_other_phrases_are_other_persons(tmp_path: Path) -> None:
    first = synthetic_recordings(PHRASES, 2, tmp_path, Speaker())
    other = synthetic_recordings(["stop"], 2, tmp_path, Speaker())
    assert {one.path for one in first}.isdisjoint(one.path for one in other)


def test_a_voice_that_fails_says_nothing(tmp_path: Path) -> None:
    found = synthetic_recordings(PHRASES, 2, tmp_path, Speaker(cannot="next"))
    assert [one.transcript for one in found] == ["that hurts"] * 2


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file")
    with pytest.raises(VoicecoachError, match="name another folder with --work"):
        synthetic_recordings(PHRASES, 1, tmp_path / "work", Speaker())
