"""Clips that are made elsewhere: the coach's thread waits for neither disk nor synthesiser."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_clips import Engine, ToneVoice

from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import VoicecoachError
from voicecoach.journal.store import Journal
from voicecoach.settings import Settings
from voicecoach.speaking.background import HOPELESS_S, BackgroundClips
from voicecoach.speaking.clips import ClipCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Synthesizer

HELP_S = 30.0
BLOCK = 320
ROOM = np.random.default_rng(0).normal(0.0, 1e-4, BLOCK).astype(np.float32)
"""A block of a quiet room."""


class HeldVoice(ToneVoice):
    """A synthesiser that renders when it may, and can be broken."""

    def __init__(self) -> None:
        super().__init__()
        self.may_render = threading.Event()
        self.asked = threading.Event()
        self.error: Exception | None = None

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        self.asked.set()
        assert self.may_render.wait(HELP_S)
        if self.error is not None:
            raise self.error
        return super().render(sentence, voice)


class Shelf:
    """Background clips over a voice."""

    def __init__(self, folder: Path, voice: Synthesizer) -> None:
        self.told: list[str] = []
        self.now_s = 0.0
        self.cache = ClipCache(folder, Voice(), MICROPHONE_HZ, voice, self.told.append)
        self.clips = BackgroundClips(self.cache, self.told.append, lambda: self.now_s)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Ask again and again, as the coach does with every block."""
        with self.clips._changed:  # noqa: SLF001 - no test should wait by the clock
            assert self.clips._changed.wait_for(is_so, HELP_S)  # noqa: SLF001 - see above


@pytest.fixture
def voice() -> Iterator[HeldVoice]:
    held = HeldVoice()
    yield held
    held.may_render.set()  # a thread that waits must not outlive the test


def test_what_is_kept_comes_from_the_disk_while_the_synthesiser_hangs(tmp_path: Path, voice: HeldVoice) -> None:
    ClipCache(tmp_path, Voice(), MICROPHONE_HZ, ToneVoice(), print).prepare(["Breathe in.", "Breathe out."])
    shelf = Shelf(tmp_path, voice)
    with shelf.clips as clips:
        assert clips.ready("Nobody has said this.") is None
        assert voice.asked.wait(HELP_S)
        shelf.until(lambda: clips.ready("Breathe in. Breathe out.") is not None)
        assert clips.ready("Nobody has said this.") is None
        voice.may_render.set()
        shelf.until(lambda: clips.ready("Nobody has said this.") is not None)
    assert voice.rendered == ["Nobody has said this."]


def test_it_is_the_same_sound_as_without_threads(tmp_path: Path, voice: HeldVoice) -> None:
    text = "One sentence. And another one."
    plainly = ClipCache(tmp_path / "other", Voice(), MICROPHONE_HZ, ToneVoice(), print).get(text)
    voice.may_render.set()
    shelf = Shelf(tmp_path, voice)
    with shelf.clips as clips:
        shelf.until(lambda: clips.ready(text) is not None)
        sound = clips.ready(text)
    assert sound is not None
    assert np.array_equal(sound, plainly)


def test_a_sentence_that_is_asked_for_many_times_is_made_once(tmp_path: Path, voice: HeldVoice) -> None:
    shelf = Shelf(tmp_path, voice)
    with shelf.clips as clips:
        for _ in range(50):
            clips.ready("Breathe.")
        voice.may_render.set()
        shelf.until(lambda: clips.ready("Breathe.") is not None)
    assert voice.rendered == ["Breathe."]


def test_what_was_asked_for_last_is_made_first(tmp_path: Path, voice: HeldVoice) -> None:
    shelf = Shelf(tmp_path, voice)
    with shelf.clips as clips:
        clips.ready("First one.")
        assert voice.asked.wait(HELP_S)
        clips.ready("Second one.")
        shelf.until(lambda: "Second one." in [one[-1] for one in clips._to_render])  # noqa: SLF001 - see `until`
        clips.ready("Third one. Fourth one.")
        shelf.until(lambda: "Fourth one." in [one[-1] for one in clips._to_render])  # noqa: SLF001 - see `until`
        voice.may_render.set()
        shelf.until(lambda: clips.ready("Second one.") is not None)
    assert voice.rendered == ["First one.", "Third one.", "Fourth one.", "Second one."]


@pytest.mark.parametrize("error", [VoicecoachError("the voice is missing"), ZeroDivisionError("unforeseen")])
def test_what_cannot_be_made_is_hopeless_for_a_while(tmp_path: Path, voice: HeldVoice, error: Exception) -> None:
    voice.error = error
    voice.may_render.set()
    shelf = Shelf(tmp_path, voice)
    with shelf.clips as clips:
        assert clips.ready("Breathe.") is None
        shelf.until(lambda: clips.hopeless("Breathe."))
        assert clips.ready("Breathe.") is None
        assert not clips.hopeless("Rest.")
        voice.error = None
        shelf.now_s += HOPELESS_S
        assert not clips.hopeless("Breathe.")
        shelf.until(lambda: clips.ready("Breathe.") is not None)
    assert shelf.told in (["some sentences cannot be spoken: the voice is missing"], [])


def test_nothing_to_say_is_ready(tmp_path: Path, voice: HeldVoice) -> None:
    with Shelf(tmp_path, voice).clips as clips:
        silence = clips.ready("…")
        assert silence is not None
        assert not len(silence)


# --- a session whose synthesiser does not answer ---

HANGING_CHILD = "import time; time.sleep(600)"


class Hanging(Engine):
    """Renders nothing until it is closed."""

    def __init__(self) -> None:
        self._ends = threading.Event()

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        self._ends.wait(HELP_S)
        raise VoicecoachError(f'"{sentence}" never came from {voice}')

    def close(self) -> None:
        self._ends.set()


def with_a_child_that(gets: signal.Signals) -> EspeakSynthesizer:
    """espeak-ng whose child has got a signal after it had spoken."""
    synthesizer = EspeakSynthesizer()
    synthesizer.render("Hello.", Voice())
    for child in synthesizer._children.values():  # noqa: SLF001 - nobody else knows which process it is
        os.kill(child._process.pid, gets)  # noqa: SLF001 - see above
    return synthesizer


FAULTS: dict[str, Callable[[Path], Synthesizer]] = {
    "hangs": lambda _: Hanging(),
    "hangs at its start": lambda _: EspeakSynthesizer((sys.executable, "-c", HANGING_CHILD)),
    "cannot start": lambda folder: EspeakSynthesizer((str(folder / "nothing"),)),
    "is stopped": lambda _: with_a_child_that(signal.SIGSTOP),
    "is killed": lambda _: with_a_child_that(signal.SIGKILL),
    "has no room": lambda _: EspeakSynthesizer(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_stop_is_obeyed_whatever_the_synthesiser_does(
    tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the sample clock within 0.3 s; and the coach's thread gets there while the synthesiser still hangs."""
    assembly = Assembly(Settings())
    text_inputs: list[TextInput] = []

    def hear() -> TextInput:
        text_inputs.append(TextInput())
        return text_inputs[-1]

    with ExitStack() as stack:
        synthesizer = FAULTS[fault](tmp_path)
        stack.callback(synthesizer.close)
        if fault == "has no room":
            monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
        tones = ClipCache(tmp_path / "tones", Voice(), MICROPHONE_HZ, ToneVoice(), print)
        always = {text: tones.get(text) for text in assembly.always_said()}
        cache = ClipCache(tmp_path, Voice(), MICROPHONE_HZ, synthesizer, lambda _: None)
        clips = stack.enter_context(BackgroundClips(cache, lambda _: None))
        journal = stack.enter_context(closing(Journal(None, print)))
        coach = assembly.supervised_coach(hear, clips, always, MICROPHONE_HZ, journal)
        coach.open()
        sound = [coach.process(ROOM) for _ in range(500)]
        for said, blocks in (("start bedtime routine", 100), ("stop", 15)):
            text_inputs[-1].overhear(said, len(sound) * BLOCK, (len(sound) + 1) * BLOCK)
            sound += [coach.process(ROOM) for _ in range(blocks + 1)]
        assert np.any(sound[520:600]), "not even a chime was heard"
        assert not np.any([coach.process(ROOM) for _ in range(100)])
        assert coach.mode == "rest"
        assert len(text_inputs) == 1, "it had to start anew"
