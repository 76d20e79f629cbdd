"""Synthetic voices: whose they are, and that they say what was ordered.

Most scenes have engines of their own: small programs that are called flite and festival, and that fail when they are
asked to.  Those with the real ones are skipped where they are not installed.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from shutil import which
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("soundfile", reason='needs the extra "train"')

import soundfile

from model import synthesis
from model.synthesis import (
    ENGINE_SHARES,
    KEPT_BACK_VOICES,
    MARGIN,
    TRAINING_VOICES,
    Engine,
    Order,
    SyntheticVoice,
    random_order,
    speak,
)
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SLT = SyntheticVoice("flite", "slt")
RATE_HZ = 16_000


def order(text: str, voice: SyntheticVoice = SLT, pace: float = 1.0, pitch: float = 1.0, melody: float = 1.0) -> Order:
    return Order(text, voice, pace, pitch, melody)


# --- voices and orders ------------------------------------------------------------------------------------------------


def test_no_network_is_trained_on_a_voice_that_is_kept_back() -> None:
    assert not set(TRAINING_VOICES) & set(KEPT_BACK_VOICES)
    heard = {part for voice in TRAINING_VOICES if voice.engine == "espeak" for part in voice.name.split("+")}
    assert not heard & {"m5", "f4", "klatt3", "Annie", "steph2", "Mike", "aunty", "en-gb-scotland"}
    assert not {SyntheticVoice("flite", "rms"), SyntheticVoice("festival", "ked_diphone")} & set(TRAINING_VOICES)


def test_some_voices_of_every_engine_are_kept_back() -> None:
    assert {voice.engine for voice in KEPT_BACK_VOICES} == {voice.engine for voice in TRAINING_VOICES}
    assert {
        SyntheticVoice("flite", "rms"),
        SyntheticVoice("festival", "ked_diphone"),
        SyntheticVoice("espeak", "en-us+m5"),
    } < {*KEPT_BACK_VOICES}


def orders(count: int, seed: int = 1) -> list[Order]:
    rng = np.random.default_rng(seed)
    return [random_order("stop", TRAINING_VOICES, rng) for _ in range(count)]


def test_orders_are_made_again_from_the_same_seed() -> None:
    assert orders(50) == orders(50)
    assert orders(50) != orders(50, seed=2)


def test_engines_speak_as_often_as_their_share_says() -> None:
    count = Counter(order.voice.engine for order in orders(4000))
    for engine, share in ENGINE_SHARES.items():
        assert count[engine] / 4000 == pytest.approx(share, abs=0.03)


def test_every_voice_speaks_at_some_time_and_no_other() -> None:
    some = (SyntheticVoice("espeak", "en-us+f2"), SyntheticVoice("flite", "slt"), SyntheticVoice("flite", "kal"))
    rng = np.random.default_rng(1)
    assert {random_order("stop", some, rng).voice for _ in range(200)} == set(some)


def test_pace_and_pitch_vary() -> None:
    for values, lowest, highest in (
        ([one.pace for one in orders(500)], 0.65, 1.3),
        ([one.pitch for one in orders(500)], 0.6, 1.5),
        ([one.melody for one in orders(500)], 0.3, 1.7),
    ):
        assert lowest <= min(values) < lowest + 0.05
        assert highest - 0.05 < max(values) <= highest


# --- engines that are made up -----------------------------------------------------------------------------------------

FLITE = """#!/bin/sh
# flite -voice NAME --setf ... -t TEXT -o FILE
while [ $# -gt 1 ]; do
    case $1 in -t) text=$2 ;; -o) file=$2 ;; esac
    shift
done
case $text in
    fails) exit 1 ;;
    rubbish) echo "this is not sound" > "$file" ;;
    hangs) exec tail -f /dev/null ;;
    *) cp "$SOUNDS/$text.wav" "$file" ;;
esac
"""


@pytest.fixture
def flite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, NDArray[np.float32], int], None]:
    """A flite that says what it was taught: a text and its sound."""
    program = tmp_path / "bin" / "flite"
    program.parent.mkdir()
    program.write_text(FLITE)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("SOUNDS", str(tmp_path))

    def teach(text: str, sound: NDArray[np.float32], hertz: int = RATE_HZ) -> None:
        soundfile.write(tmp_path / f"{text}.wav", sound, hertz)

    return teach


def beep(count: int, silence: int = 0, level: float = 0.1) -> NDArray[np.float32]:
    """A tone with silence around it."""
    tone = level * np.sign(np.sin(2 * np.pi * 0.0625 * (np.arange(count) + 0.5)))
    return np.pad(tone, silence).astype(np.float32)


def lengths(*texts: str, workers: int = 1) -> list[int | None]:
    """Samples of each, less what is around them."""
    spoken = speak([order(text) for text in texts], workers)
    return [None if sound is None else len(sound) - 2 * MARGIN + 1 for sound in spoken]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_spoken_comes_in_the_order_of_the_orders(flite: Callable[..., None], workers: int) -> None:
    """Although each voice speaks all of its own at once."""
    flite("long", beep(5000))
    flite("short", beep(1000))
    voices = [SyntheticVoice("flite", name) for name in ("slt", "kal", "awb")]
    ordered = [order(text, voices[n % 3]) for n, text in enumerate(["long", "short", "short", "long", "long"] * 11)]
    spoken = [len(sound) for sound in speak(ordered, workers) if sound is not None]
    assert [length > 5000 for length in spoken] == [one.text == "long" for one in ordered]


def test_an_engine_that_fails_gives_nothing_and_the_others_go_on(
    flite: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis, "_PATIENCE_S", 0.5)
    flite("stop", beep(2000))
    flite("silence", np.zeros(2000, np.float32))
    flite("nothing", np.zeros(0, np.float32))
    assert lengths("stop", "fails", "rubbish", "unheard of", "hangs", "silence", "nothing", "stop") == [
        *(2000, None, None, None, None, None, None, 2000)
    ]


def test_silence_around_is_cut_to_50_ms_and_the_peak_is_half_of_full_scale(flite: Callable[..., None]) -> None:
    for text, sound in (("much", beep(3000, 9000)), ("none", beep(3000)), ("soft", beep(3000, 100, level=0.01))):
        flite(text, sound)
        (spoken,) = speak([order(text)], 1)
        assert spoken is not None
        assert spoken.dtype == np.int16
        loud = np.flatnonzero(spoken)
        assert (loud[0], loud[-1], len(spoken)) == (800, 3799, 4599)
        assert np.abs(spoken).max() == pytest.approx(16_383, abs=1)


def test_another_rate_becomes_16_khz(flite: Callable[..., None]) -> None:
    flite("stop", beep(4000), 8000)
    assert lengths("stop") == [pytest.approx(8000, abs=100)]


def test_nothing_ordered_nothing_spoken() -> None:
    assert list(speak([], 1)) == []


@pytest.mark.parametrize("engine", ["espeak", "flite", "festival"])
def test_an_engine_that_is_missing_is_named_with_its_packages(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(MissingPartError, match=rf"{engine}.*apt-get install {engine}"):
        list(speak([order("stop", SyntheticVoice(engine, "any"))], 1))


# --- the real ones ----------------------------------------------------------------------------------------------------

PACKAGES = {"espeak": "espeak-ng", "flite": "flite", "festival": "festival"}
VOICE_PACKAGES = {"kal_diphone": "festvox-kallpc16k"}
"""Of Debian, for voices that do not come with their engine."""


def said_by(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def need(engine: Engine) -> None:
    """Skip the test where ``engine`` is not installed."""
    program = "espeak-ng" if engine == "espeak" else engine
    if which(program) is None:
        pytest.skip(f"needs {program}: apt-get install {PACKAGES[engine]}")


def need_festival_voice(name: str) -> None:
    """Skip the test where festival is not installed or has no voice of that name; Debian packs most by themselves."""
    need("festival")
    if name not in said_by("festival", "-b", "(print (voice.list))").strip("()\n ").split():
        pytest.skip(f"needs festival's voice {name}: apt-get install {VOICE_PACKAGES[name]}")


def test_every_voice_of_espeak_is_one_that_it_has() -> None:
    """It speaks with another one where it is not, and says nothing about that."""
    need("espeak")
    listed = said_by("espeak-ng", "--voices=variant")
    variants = {line.split("!v/")[1].split()[0] for line in listed.splitlines() if "!v/" in line}
    accents = {line.split()[1] for line in said_by("espeak-ng", "--voices").splitlines()}
    for voice in (*TRAINING_VOICES, *KEPT_BACK_VOICES):
        if voice.engine == "espeak":
            accent, _, variant = voice.name.partition("+")
            assert accent in accents or accent == "en", voice
            assert not variant or variant in variants, voice


def test_every_voice_of_flite_is_one_that_it_has() -> None:
    need("flite")
    there = set(said_by("flite", "-lv").partition(":")[2].split())
    assert {voice.name for voice in (*TRAINING_VOICES, *KEPT_BACK_VOICES) if voice.engine == "flite"} <= there


def speaks_faster_and_slower(voice: SyntheticVoice) -> bool:
    slow, fast = speak([order("let's go on", voice, pace) for pace in (0.7, 1.3)], 1)
    assert slow is not None
    assert fast is not None
    assert all(0.3 < len(sound) / RATE_HZ < 3 for sound in (slow, fast))
    return len(slow) > 1.3 * len(fast)


@pytest.mark.parametrize("voice", [SyntheticVoice("espeak", "en-us+f2"), SLT], ids=lambda voice: voice.engine)
def test_an_engine_speaks_faster_and_slower(voice: SyntheticVoice) -> None:
    need(voice.engine)
    assert speaks_faster_and_slower(voice)


def test_festival_speaks_faster_and_slower() -> None:
    need_festival_voice("kal_diphone")
    assert speaks_faster_and_slower(SyntheticVoice("festival", "kal_diphone"))


@pytest.mark.parametrize("engine", ["espeak", "festival"])
def test_a_voice_that_the_engine_does_not_know_gives_nothing(engine: Engine) -> None:
    need(engine)
    assert list(speak([order("stop", SyntheticVoice(engine, "nobody"))], 1)) == [None]


@pytest.mark.parametrize(
    ("voices", "reason"),
    [
        ("(ked_diphone)", r"needs festival's voice kal_diphone: apt-get install festvox-kallpc16k"),
        ("nil", r"needs festival's voice kal_diphone: apt-get install festvox-kallpc16k"),
        (None, r"needs festival: apt-get install festival"),
        ("(ked_diphone kal_diphone)", ""),
    ],
)
def test_what_a_machine_does_not_have_is_the_reason_to_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voices: str | None, reason: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if voices is not None:
        festival = tmp_path / "festival"
        festival.write_text(f"#!/bin/sh\necho '{voices}'\n", encoding="utf-8")
        festival.chmod(0o755)
    if reason:
        with pytest.raises(pytest.skip.Exception, match=reason):
            need_festival_voice("kal_diphone")
    else:
        need_festival_voice("kal_diphone")
