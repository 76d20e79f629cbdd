"""The whole coach, live, in a process of its own: heard and spoken to through the software sound card."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import soxr

from soak_lib.live_coach import LiveProcess
from soak_lib.virtual_room import SPEAKER_HZ, VirtualRoom, missing_part
from voicecoach.assembly import Assembly
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.settings import Settings
from voicecoach.speaking.clips import ClipCache
from voicecoach.speaking.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from soak_lib.virtual_room import Recording

pytestmark = [pytest.mark.live, pytest.mark.sound, pytest.mark.timeout(240)]

READY_S: Final = 150
"""How long a busy machine may take to render every sentence for the first time."""
ANSWER_S: Final = 10
"""How long it may take to answer; usually half a second."""
TIMES: Final = 2
"""How often the person says something at most: a busy machine may lose a piece of sound between two programs."""
SOUND: Final = 0.003
"""An amplitude that is no silence (-50 dBFS)."""
SAME: Final = 0.9
"""Two sounds whose normalised correlation is higher are the same one; of two different sentences it is about 0.1."""
COMPARED_HZ: Final = 16_000
BEGINNING_S: Final = 3.0
"""So much of a sentence is enough to know it by."""
LOOKS_EVERY: Final = SPEAKER_HZ // 2
"""Samples of the recording after which it is compared again."""


class LiveCoach(LiveProcess):
    """``voicecoach run`` in a process of its own; within ``with``."""

    def __init__(self, room: VirtualRoom, folder: Path, cache: Path) -> None:
        """As for `LiveProcess`."""
        super().__init__(room, folder, cache)
        self.clips = cache / "voicecoach" / "clips"

    def wait_for(self, pattern: str, *, within_s: float, after: int = 0) -> tuple[int, str]:
        """Wait until a line from number ``after`` on matches; give the number of the next line, and the first group."""
        found = self.find(pattern, within_s=within_s, after=after)
        assert found is not None, f"no line {pattern!r} in {self._lines[after:]}; on stderr: {self.errors()}"
        return found

    def find(self, pattern: str, *, within_s: float, after: int) -> tuple[int, str] | None:
        """As `wait_for`; None where no such line came."""
        found: list[tuple[int, str]] = []

        def is_there() -> bool:
            for number, (_, line) in enumerate(self._lines[after:], start=after + 1):
                if match := re.search(pattern, line):
                    found.append((number, match[1] if match.groups() else line))
                    return True
            return self.process.poll() is not None

        with self._told:
            self._told.wait_for(is_there, within_s)
        return found[0] if found else None

    def heard(self) -> list[str]:
        """What it has understood so far."""
        return [match[1] for _, line in self._lines if (match := re.match(r" *[0-9:.]+ +you +(.*)", line))]

    def interrupt(self) -> int:
        """Press Ctrl-C; give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(ANSWER_S)


class Evening:
    """The coach, the person in bed, and a recording of all that the speaker plays."""

    def __init__(self, room: VirtualRoom, coach: LiveCoach, recording: Recording, folder: Path) -> None:
        self._room = room
        self._coach = coach
        self._recording = recording
        self._folder = folder
        self._line = 0

    def say(self, words: str, times: int = TIMES) -> int:
        """Let the person say ``words``, at most so many times until they are understood.

        Gives the sample of the recording at which they began: the coach is quick.
        """
        wav = self._folder / "person.wav"
        subprocess.run(["espeak-ng", "-v", "en-us+f4", "-s", "140", "-w", str(wav), words], check=True)
        for _ in range(times):
            began = len(self._recording.heard())
            self._room.say(wav)
            understood = self._coach.find(rf"you +{words}$", within_s=ANSWER_S, after=self._line)
            if understood is not None:
                self._line, _ = understood
                return began
        pytest.fail(f"{words!r} was said {times} times and not understood; on stderr: {self._coach.errors()}")

    def mute_microphone(self, *, on: bool) -> int:
        """Mute it, or not; gives the sample of the recording before that."""
        began = len(self._recording.heard())
        self._room.mute(on=on)
        return began

    def says(self, sentence: str) -> None:
        """Wait until the coach begins to say ``sentence``, perhaps with more behind it."""
        self._line, _ = self._coach.wait_for(rf"coach +{re.escape(sentence)}", within_s=ANSWER_S, after=self._line)

    def answer(self) -> str:
        """The sentence that the coach begins to say after it has understood what was said last."""
        self._line, sentence = self._coach.wait_for(r"coach +(\w.*)", within_s=ANSWER_S, after=self._line)
        return sentence

    def wait_until(self, enough: Callable[[NDArray[np.float32]], bool], since: int) -> NDArray[np.float32]:
        """What the speaker played since sample ``since``, when it is enough."""
        return self._recording.wait_until(enough, within_s=ANSWER_S, since=since)

    def is_heard(self, sentence: str, since: int) -> bool:
        """Whether the coach begins to speak ``sentence``, in its own voice, within 5 s of sample ``since``."""
        beginning = self.beginning(sentence)
        shortest = len(beginning) * SPEAKER_HZ // COMPARED_HZ
        longest = shortest + 5 * SPEAKER_HZ
        for enough in range(shortest + LOOKS_EVERY, longest, LOOKS_EVERY):
            played = self.wait_until(lasts(enough), since)
            if likeness(beginning, to_compare(played)) > SAME:
                return True
        return False

    def beginning(self, sentence: str) -> NDArray[np.float32]:
        """The first seconds of ``sentence`` as the coach has it on its shelf, at `COMPARED_HZ`.

        Of several sentences the first: the next one may come late, where it had to be rendered.
        """
        first, *_ = sentences(sentence)
        packs = Assembly(Settings()).voice_packs
        with EspeakSynthesizer() as synthesizer:
            clip = ClipCache(self._coach.clips, Voice(), COMPARED_HZ, synthesizer, pytest.fail, packs=packs).get(first)
        return clip[: round(BEGINNING_S * COMPARED_HZ)]

    def heard(self, since: int) -> NDArray[np.float32]:
        """What the speaker has played since sample ``since``."""
        return self._recording.heard(since)


def lasts(samples: int) -> Callable[[NDArray[np.float32]], bool]:
    """Whether a sound has so many samples."""
    return lambda sound: len(sound) >= samples


def to_compare(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """What was recorded, at `COMPARED_HZ`."""
    resampled: NDArray[np.float32] = soxr.resample(sound, SPEAKER_HZ, COMPARED_HZ)
    return resampled


def likeness(clip: NDArray[np.float32], sound: NDArray[np.float32]) -> float:
    """The highest normalised correlation of ``clip`` with any part of ``sound``: 1.0 where it is in it, loud or not."""
    if len(sound) < len(clip):
        return 0.0
    size = 1 << (len(sound) + len(clip)).bit_length()
    product = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(clip, size))
    correlation = np.fft.irfft(product, size)[: len(sound) - len(clip) + 1]
    energy = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    of_parts = energy[len(clip) :] - energy[: len(energy) - len(clip)]
    of_clip = float(np.sum(clip.astype(np.float64) ** 2))
    return float(np.max(correlation / np.sqrt(np.maximum(of_parts * of_clip, 1e-6))))


def sounds(sound: NDArray[np.float32]) -> bool:
    """Whether anything is heard in it."""
    return bool((np.abs(sound) > SOUND).any())


def sounds_until_s(sound: NDArray[np.float32]) -> float:
    """When the last of it is heard, in seconds from its beginning."""
    heard = np.flatnonzero(np.abs(sound) > SOUND)
    return float(heard[-1]) / SPEAKER_HZ if len(heard) else 0.0


def is_followed_by_silence(sound: NDArray[np.float32]) -> bool:
    """Whether the last second of it is silent."""
    return len(sound) >= SPEAKER_HZ and not sounds(sound[-SPEAKER_HZ:])


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sentence is rendered once for all tests."""
    return tmp_path_factory.mktemp("cache")


@contextmanager
def evening_in(room: VirtualRoom, folder: Path, cache: Path) -> Iterator[tuple[Evening, LiveCoach]]:
    if shutil.which("espeak-ng") is None:
        pytest.skip("the coach and the person in bed need espeak-ng to speak")
    with room.record() as recording, LiveCoach(room, folder, cache) as coach:
        coach.wait_for("I am listening", within_s=READY_S)
        yield Evening(room, coach, recording, folder), coach


@pytest.fixture
def evening(virtual_room: VirtualRoom, tmp_path: Path, cache: Path) -> Iterator[tuple[Evening, LiveCoach]]:
    """An evening that begins when the coach says that it listens."""
    with evening_in(virtual_room, tmp_path, cache) as it:
        yield it


@pytest.fixture
def echoing_evening(tmp_path: Path, cache: Path) -> Iterator[tuple[Evening, LiveCoach]]:
    """The same in a room in which the microphone hears the speaker."""
    if reason := missing_part():
        pytest.skip(reason)
    with VirtualRoom(tmp_path / "room", echo=True) as room, evening_in(room, tmp_path, cache) as it:
        yield it


def test_a_routine_is_started_moved_on_and_stopped_by_voice(evening: tuple[Evening, LiveCoach]) -> None:
    room, coach = evening

    # The coach says that it is there, and is silent then.
    _, welcome = coach.wait_for(r"coach +(\w.*)", within_s=ANSWER_S)
    played = room.wait_until(lambda sound: sounds(sound) and is_followed_by_silence(sound), since=0)
    assert likeness(room.beginning(welcome), to_compare(played)) > SAME

    # "Start bedtime routine": the coach greets, in the words that it tells.
    said = room.say("start bedtime routine")
    greeting = room.answer()
    assert room.is_heard(greeting, since=said)

    # "Next", while the coach is at it: something else is said instead.
    said = room.say("next")
    onward = room.answer()
    assert onward != greeting
    assert room.is_heard(onward, since=said)
    assert likeness(room.beginning(greeting), to_compare(room.heard(said))) < SAME

    # "Stop": silence.
    said = room.say("stop", times=1)
    stopped = room.wait_until(is_followed_by_silence, since=said)
    assert sounds_until_s(stopped) < 4, "the word, and not long after"

    assert coach.interrupt() == 0
    assert "Traceback" not in coach.errors()


def test_stop_over_its_own_sentence_silences_the_speaker(echoing_evening: tuple[Evening, LiveCoach]) -> None:
    room, coach = echoing_evening
    room.wait_until(lambda sound: sounds(sound) and is_followed_by_silence(sound), since=0)

    # The first evening begins with a sentence of twenty seconds; "stop" is said into it.
    room.say("start bedtime routine")
    sentence = room.answer()
    said = room.say("stop", times=1)
    stopped = room.wait_until(is_followed_by_silence, since=said)
    assert len(sentence.split()) > 40  # it would have gone on
    assert sounds_until_s(stopped) < 4, "the word, and not long after"
    assert not [line for line in coach.heard() if line not in ("start bedtime routine", "stop")], "it heard itself"


def test_a_microphone_that_is_muted_is_told_of_within_five_seconds(evening: tuple[Evening, LiveCoach]) -> None:
    room, coach = evening
    room.wait_until(lambda sound: sounds(sound) and is_followed_by_silence(sound), since=0)
    room.say("start bedtime routine")
    room.answer()

    muted = room.mute_microphone(on=True)
    room.says("I cannot hear you. Let us rest here until I can.")
    assert len(room.heard(muted)) < 5 * SPEAKER_HZ
    assert room.is_heard("I cannot hear you.", since=muted)
    assert "every sample is zero" in coach.errors()

    room.mute_microphone(on=False)
    room.says("I can hear you again.")
    assert "Traceback" not in coach.errors()
