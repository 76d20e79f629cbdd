"""The shelf of clips: rendered once, kept, checked, never in the way."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_house import language

from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import MissingPartError, VoicecoachError
from voicecoach.speaking import clips
from voicecoach.speaking.clips import ClipCache, EstimatedClips
from voicecoach.speaking.disk import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Synthesizer

RENDERED_HZ = 22_050


class Engine:
    """What every synthesiser has, for one that needs no process."""

    key = "hum"

    def close(self) -> None:
        """There is nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ToneVoice(Engine):
    """A synthesiser that hums: a tone of one second between half a second of silence on either side."""

    def __init__(self, amplitude: float = 0.3, pitch_hz: float = 440.0) -> None:
        self.rendered: list[str] = []
        self._amplitude = amplitude
        self._pitch_hz = pitch_hz

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        self.rendered.append(sentence)
        pitch_hz = self._pitch_hz * voice.words_per_minute / 150
        silence = np.zeros(RENDERED_HZ // 2)
        tone = self._amplitude * np.sin(2 * np.pi * pitch_hz / RENDERED_HZ * np.arange(RENDERED_HZ))
        return np.round(np.concatenate([silence, tone, silence]) * 32767).astype(np.int16), RENDERED_HZ


class NoVoice(Engine):
    """A synthesiser that must not be asked."""

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        raise MissingPartError(f"asked for {sentence!r} in {voice}")


class AcousticScene:
    """A folder on a disk that outlives shelves, and what the person was warned of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []

    def shelf(self, synthesizer: Synthesizer, voice: Voice | None = None, rate_hz: int = 48_000) -> ClipCache:
        """A shelf as after a fresh start of the program."""
        return ClipCache(self.folder, voice or Voice(), rate_hz, synthesizer, self.warnings.append)

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


@pytest.fixture
def bedroom(tmp_path: Path) -> AcousticScene:
    return AcousticScene(tmp_path / "cache" / "clips")


def strength_db(sound: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound)))))


# --- rendered once ----------------------------------------------------------------------------------------------------


def test_a_sentence_is_rendered_once_and_kept_over_a_restart(bedroom: AcousticScene) -> None:
    voice = ToneVoice()
    shelf = bedroom.shelf(voice)
    first = shelf.get("Breathe in.")
    assert np.array_equal(shelf.get("Breathe in."), first)
    assert voice.rendered == ["Breathe in."]
    assert np.array_equal(bedroom.shelf(NoVoice()).get("Breathe in."), first)
    assert bedroom.warnings == []


def test_a_change_to_a_clip_that_was_handed_out_does_not_reach_the_shelf(bedroom: AcousticScene) -> None:
    shelf = bedroom.shelf(ToneVoice())
    shelf.get("Breathe in.")[:] = 0.0
    assert shelf.get("Breathe in.").any()


def test_prepare_renders_only_what_is_missing_and_tells_how_far_it_is(bedroom: AcousticScene) -> None:
    bedroom.shelf(ToneVoice()).prepare(["One.", "Two."])
    voice, progress = ToneVoice(), list[tuple[int, int]]()
    shelf = bedroom.shelf(voice)
    shelf.prepare(["One.", "Three.", "Two.", "Four.", "Three.", ""], lambda done, of: progress.append((done, of)))
    assert voice.rendered == ["Three.", "Four."]
    assert progress == [(1, 2), (2, 2)]
    shelf.prepare(["Four.", "One."], lambda done, of: progress.append((done, of)))
    assert progress == [(1, 2), (2, 2)], "nothing was missing"
    bedroom.shelf(NoVoice()).prepare(["One.", "Two.", "Three.", "Four."])


def test_blanks_and_line_breaks_make_no_other_sentence(bedroom: AcousticScene) -> None:
    shelf = bedroom.shelf(ToneVoice())
    shelf.get("Breathe in.")
    assert np.array_equal(bedroom.shelf(NoVoice()).get("  Breathe\n in. "), shelf.get("Breathe in."))


@pytest.mark.parametrize("nothing", ["", " ", "...", "\n", " — "])
def test_what_holds_no_words_is_an_empty_clip(bedroom: AcousticScene, nothing: str) -> None:
    shelf = bedroom.shelf(NoVoice())
    shelf.prepare([nothing])
    assert shelf.get(nothing).shape == (0,)


@pytest.mark.parametrize("other", [Voice("en-us+f4"), Voice(words_per_minute=120)])
def test_each_voice_and_each_speed_has_its_own_clips(bedroom: AcousticScene, other: Voice) -> None:
    bedroom.shelf(ToneVoice()).get("Breathe in.")
    with pytest.raises(MissingPartError):
        bedroom.shelf(NoVoice(), other).get("Breathe in.")


def test_a_renderer_that_fails_is_heard_and_loses_nothing(bedroom: AcousticScene) -> None:
    bedroom.shelf(ToneVoice()).get("One.")
    shelf = bedroom.shelf(NoVoice())
    with pytest.raises(VoicecoachError, match=r"asked for 'Two\.'"):
        shelf.prepare(["One.", "Two."])
    assert shelf.get("One.").any()


# --- finished ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100, 48_000])
def test_a_clip_is_trimmed_and_has_the_rate_of_the_timeline(bedroom: AcousticScene, rate_hz: int) -> None:
    shelf = bedroom.shelf(ToneVoice(pitch_hz=440.0), rate_hz=rate_hz)
    clip = shelf.get("Hum.")
    assert shelf.rate_hz == rate_hz
    assert clip.dtype == np.float32
    assert len(clip) / rate_hz == pytest.approx(0.010 + 1.0 + 0.030, abs=0.006)
    assert abs(clip[0]) < 1e-3
    assert abs(clip[-1]) < 1e-3
    spectrum = np.abs(np.fft.rfft(clip[: rate_hz // 2]))
    assert 2 * int(np.argmax(spectrum)) == 440


@pytest.mark.parametrize("amplitude", [0.01, 0.3, 1.0])
def test_all_clips_are_equally_loud(bedroom: AcousticScene, amplitude: float) -> None:
    clip = bedroom.shelf(ToneVoice(amplitude)).get("Hum.")
    assert strength_db(clip[2000:40_000]) == pytest.approx(-20.0, abs=0.5)


def test_a_clip_with_high_peaks_stays_below_them(bedroom: AcousticScene) -> None:
    class Knock(ToneVoice):
        def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
            samples, rate_hz = super().render(sentence, voice)
            samples[15_000] = 32767
            return samples, rate_hz

    clip = bedroom.shelf(Knock(amplitude=0.01), rate_hz=RENDERED_HZ).get("Knock.")
    assert 20 * np.log10(np.max(np.abs(clip))) == pytest.approx(-3.0, abs=0.1)


def test_a_rendering_of_nothing_at_all_is_an_empty_clip(bedroom: AcousticScene) -> None:
    assert bedroom.shelf(ToneVoice(amplitude=0.0)).get("Hm.").shape == (0,)


# --- a disk that lies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"", id="emptied"),
        pytest.param(lambda data: data[: len(data) // 2], id="half written"),
        pytest.param(lambda data: data[:-1], id="one byte short"),
        pytest.param(lambda data: bytes(len(data)), id="zeros after a power cut"),
        pytest.param(lambda data: data[:1000] + bytes([data[1000] ^ 1]) + data[1001:], id="one bit turned"),
        pytest.param(lambda _: b"not a sound at all, but longer than a digest", id="another file"),
        pytest.param(lambda _: b"short", id="shorter than a digest"),
    ],
)
@pytest.mark.parametrize("prepared", [True, False])
def test_a_spoilt_clip_is_rendered_again_and_replaced(
    bedroom: AcousticScene, spoil: Callable[[bytes], bytes], *, prepared: bool
) -> None:
    expected = bedroom.shelf(ToneVoice()).get("Breathe in.")
    (file,) = bedroom.files
    file.write_bytes(spoil(file.read_bytes()))
    voice = ToneVoice()
    shelf = bedroom.shelf(voice)
    if prepared:
        shelf.prepare(["Breathe in."])
    assert np.array_equal(shelf.get("Breathe in."), expected)
    assert voice.rendered == ["Breathe in."]
    assert np.array_equal(bedroom.shelf(NoVoice()).get("Breathe in."), expected)
    assert bedroom.warnings == []


def test_another_engine_never_speaks_with_the_clips_of_the_first(bedroom: AcousticScene) -> None:
    class OtherEngine(ToneVoice):
        key = "hum 2"

    bedroom.shelf(ToneVoice()).prepare(["One."])
    other = OtherEngine()
    bedroom.shelf(other).prepare(["One."])
    assert other.rendered == ["One."]
    assert len(bedroom.files) == 2


@given(samples=st.lists(st.integers(-32767, 32767)), rate_hz=st.sampled_from([16_000, 22_050]))
def test_what_was_packed_is_unpacked_and_players_can_play_it(samples: list[int], rate_hz: int) -> None:
    data = pack((np.array(samples, np.int16), rate_hz))
    clip = unpack(data)
    assert clip is not None
    assert clip[0].tolist() == samples
    assert clip[1] == rate_hz
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnframes(), file.getframerate()) == (len(samples), rate_hz)


# --- a disk that is full, or closed -----------------------------------------------------------------------------------


def raising(number: int) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("owner", "call", "number"),
    [
        pytest.param(Path, "replace", errno.ENOSPC, id="full at the end"),
        pytest.param(os, "fdopen", errno.ENOSPC, id="full at once"),
        pytest.param(tempfile, "mkstemp", errno.EROFS, id="read-only"),
        pytest.param(Path, "mkdir", errno.EACCES, id="not ours"),
    ],
)
def test_where_nothing_can_be_kept_all_works_and_one_line_says_so(
    bedroom: AcousticScene, monkeypatch: pytest.MonkeyPatch, owner: object, call: str, number: int
) -> None:
    voice = ToneVoice()
    shelf = bedroom.shelf(voice)
    monkeypatch.setattr(owner, call, raising(number))
    shelf.prepare(["One.", "Two.", "Three."])
    assert shelf.get("Two.").any()
    assert voice.rendered == ["One.", "Two.", "Three."], "kept in memory"
    (warning,) = bedroom.warnings
    assert str(bedroom.folder) in warning
    assert os.strerror(number) in warning
    assert "\n" not in warning
    monkeypatch.undo()
    assert bedroom.files == [], "nothing half written is left"


def test_a_folder_that_is_a_file_is_no_catastrophe(bedroom: AcousticScene) -> None:
    bedroom.folder.parent.mkdir(parents=True)
    bedroom.folder.write_text("I was here first")
    shelf = bedroom.shelf(ToneVoice())
    shelf.prepare(["One."])
    assert shelf.get("One.").any()
    assert len(bedroom.warnings) == 1
    assert bedroom.folder.read_text() == "I was here first"


def test_stopping_in_the_middle_of_writing_leaves_what_was_there(
    bedroom: AcousticScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    bedroom.shelf(ToneVoice()).get("One.")

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bedroom.shelf(ToneVoice()).get("Two.")
    monkeypatch.undo()
    assert len(bedroom.files) == 1
    assert bedroom.shelf(NoVoice()).get("One.").any()


# --- within bounds ----------------------------------------------------------------------------------------------------


def test_memory_holds_what_was_used_last(bedroom: AcousticScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "mkstemp", raising(errno.ENOSPC))  # so that every clip not in memory is rendered
    clip_bytes = 2 * len(bedroom.shelf(ToneVoice()).get("One."))
    monkeypatch.setattr(clips, "MEMORY_BYTES", 2 * clip_bytes)
    voice = ToneVoice()
    shelf = bedroom.shelf(voice)
    for sentence in ("One.", "Two.", "One.", "Three.", "One.", "Two."):
        shelf.get(sentence)
    assert voice.rendered == ["One.", "Two.", "Three.", "Two."]


def test_the_disk_loses_first_what_was_not_used_for_longest(
    bedroom: AcousticScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    bedroom.shelf(ToneVoice()).prepare(["One.", "Two.", "Three."])
    size = bedroom.files[0].stat().st_size
    week = 7 * 86_400
    for file in bedroom.files:
        os.utime(file, (time.time() - week, time.time() - week))
    bedroom.shelf(NoVoice()).get("Two.")
    monkeypatch.setattr(clips, "DISK_BYTES", 2 * size + size // 2)
    bedroom.shelf(ToneVoice()).prepare(["Four."])
    assert len(bedroom.files) == 2
    bedroom.shelf(NoVoice()).prepare(["Two.", "Four."])


def test_what_was_never_finished_is_swept_away_a_day_later(bedroom: AcousticScene) -> None:
    bedroom.folder.mkdir(parents=True)
    old, young, foreign = (bedroom.folder / name for name in ("old.part", "young.part", "foreign.txt"))
    for file in (old, young, foreign):
        file.write_text("half")
    for file in (old, foreign):
        os.utime(file, (0, 0))
    bedroom.shelf(ToneVoice()).prepare(["One."])
    assert not old.exists()
    assert young.exists(), "somebody may be writing it"
    assert foreign.exists(), "not ours"


# --- without a voice --------------------------------------------------------------------------------------------------


def test_estimated_clips_last_as_long_as_the_sentence_would() -> None:
    estimated = EstimatedClips(16_000, language().durations, words_per_minute=120)
    sentence = "Let both knees fall gently to the right."
    clip = estimated.get(sentence)
    assert len(clip) == round(language().durations.speech_s(sentence, 120) * 16_000)
    assert clip.dtype == np.float32
    assert clip[0] == clip[-1] == 0.0
    assert 0.005 < np.max(np.abs(clip)) <= 0.01
    assert estimated.get("").shape == (0,)
    assert estimated.rate_hz == 16_000
    estimated.prepare([sentence])
