"""Synthetic voices: espeak-ng, flite and festival, as Debian packs them.

Some voices are kept back: no network is trained on them, so that it can be measured with voices that it never heard.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import Pool
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import soundfile
import soxr

from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    _Shorts: TypeAlias = ctypes._Pointer[ctypes.c_short]  # noqa: SLF001 - only its stub names the type

Engine: TypeAlias = Literal["espeak", "flite", "festival"]

SAMPLE_HZ = 16_000
MARGIN = 800
"""Samples of silence that stay before and after the speech."""
_QUIET = 4e-3
"""Of full scale: what lies below before and after the speech is cut off."""
_BATCH = 24
"""Utterances that an engine is started for."""

_ACCENTS = ("en-us", "en-us", "en-us", "en", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc")
_VARIANTS = (
    *("", "m1", "m2", "m3", "m4", "m6", "m7", "m8", "f1", "f2", "f3", "f5", "klatt", "klatt2", "klatt4", "klatt6"),
    *("Alex", "Alicia", "Andrea", "Andy", "Denis", "Diogo", "Gene", "Henrique", "Hugo", "Lee", "Marco", "Mario"),
    *("Michael", "adam", "anika", "antonio", "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward"),
    *("grandma", "grandpa", "gustave", "iven", "iven2", "john", "kaukovalta", "linda", "marcelo", "max", "michel"),
    *("miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "steph3"),
    *("travis", "victor", "zac", "croak", "whisper", "whisperf"),
)
_KEPT_BACK_VARIANTS = ("m5", "f4", "klatt3", "Annie", "steph2", "Mike", "aunty")
_KEPT_BACK_ACCENT = "en-gb-scotland"


@dataclass(frozen=True, slots=True)
class SyntheticVoice:
    """One speaker of one engine."""

    engine: Engine
    name: str
    """As the engine knows it; for espeak-ng accent and variant, such as ``en-us+f2``."""


@dataclass(frozen=True, slots=True)
class Order:
    """One utterance to speak."""

    text: str
    voice: SyntheticVoice
    pace: float
    """Times as fast as the voice speaks by itself."""
    pitch: float
    """Times as high; festival has no such setting."""
    melody: float
    """Times as lively: how far the pitch moves; neither has it that."""


def _espeak_voices(accents: Sequence[str], variants: Sequence[str]) -> tuple[SyntheticVoice, ...]:
    return tuple(
        SyntheticVoice("espeak", f"{accent}+{variant}".rstrip("+")) for accent in accents for variant in variants
    )


TRAINING_VOICES = (
    *_espeak_voices(_ACCENTS, _VARIANTS),
    *(SyntheticVoice("flite", name) for name in ("slt", "awb", "kal", "kal16")),
    *(SyntheticVoice("festival", name) for name in ("cmu_us_slt_arctic_hts", "kal_diphone")),
)
KEPT_BACK_VOICES = (
    *_espeak_voices(tuple(dict.fromkeys(_ACCENTS)), _KEPT_BACK_VARIANTS),
    *_espeak_voices((_KEPT_BACK_ACCENT,), ("", "m1", "m3", "f1", "f2", "Andy", "linda")),
    SyntheticVoice("flite", "rms"),
    SyntheticVoice("festival", "ked_diphone"),
)
ENGINE_SHARES: Mapping[Engine, float] = {"espeak": 0.72, "flite": 0.17, "festival": 0.11}
"""How much each engine speaks: espeak-ng has many voices, the others sound more like people."""


def random_order(
    text: str,
    voices: Sequence[SyntheticVoice],
    rng: np.random.Generator,
    shares: Mapping[Engine, float] = ENGINE_SHARES,
) -> Order:
    """``text`` in one of ``voices``: first an engine by its share, then any of its voices, pace and pitch."""
    engines = sorted({voice.engine for voice in voices})
    weights = np.array([shares[engine] for engine in engines])
    engine = engines[int(rng.choice(len(engines), p=weights / weights.sum()))]
    able = [voice for voice in voices if voice.engine == engine]
    voice = able[int(rng.integers(len(able)))]
    return Order(text, voice, float(rng.uniform(0.65, 1.3)), float(rng.uniform(0.6, 1.5)), float(rng.uniform(0.3, 1.7)))


def speak(orders: Iterable[Order], workers: int = 2) -> Iterator[NDArray[np.int16] | None]:
    """Speak ``orders``, in their order.

    Args:
        orders: What to say.
        workers: Processes that speak side by side.

    Yields:
        (n,) at 16 kHz, at half of full scale, with 50 ms of silence around it; None where the engine failed.

    Raises:
        MissingPartError: An engine is not installed.
    """
    orders = list(orders)
    check_engines({order.voice.engine for order in orders})
    places = sorted(range(len(orders)), key=lambda place: (orders[place].voice.engine, orders[place].voice.name))
    batches = []
    for _, same in groupby(places, key=lambda place: orders[place].voice):
        alike = list(same)
        batches += [alike[start : start + _BATCH] for start in range(0, len(alike), _BATCH)]
    spoken: list[NDArray[np.int16] | None] = [None] * len(orders)
    with Pool(workers) as pool:
        jobs = ([orders[place] for place in batch] for batch in batches)
        for batch, sounds in zip(batches, pool.imap(_speak_batch, jobs), strict=True):
            for place, sound in zip(batch, sounds, strict=True):
                spoken[place] = sound
    yield from spoken


def check_engines(engines: Iterable[Engine]) -> None:
    """Make sure that ``engines`` can speak.

    Raises:
        MissingPartError: One cannot; the message names the Debian packages to install.
    """
    packages = {
        "espeak": ("espeak-ng", "espeak-ng"),
        "flite": ("flite", "flite"),
        "festival": ("festival", "festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts"),
    }
    for engine in engines:
        program, needed = packages[engine]
        if which(program) is None:
            raise MissingPartError(f"the synthetic voices need {program}: apt-get install {needed}")


def _speak_batch(orders: Sequence[Order]) -> list[NDArray[np.int16] | None]:
    """Speak some orders of one voice."""
    speakers = {"espeak": _espeak_batch, "flite": _flite_batch, "festival": _festival_batch}
    return [_trimmed(sound) for sound in speakers[orders[0].voice.engine](orders)]


_Sound: TypeAlias = tuple["NDArray[np.float32]", int] | None
"""Samples of full scale 1 and their rate."""


def _trimmed(sound: _Sound) -> NDArray[np.int16] | None:
    """At 16 kHz and half of full scale, with little silence around it; None where there is no speech."""
    if sound is None or not len(sound[0]):
        return None
    samples, hertz = sound
    if hertz != SAMPLE_HZ:
        samples = np.asarray(soxr.resample(samples, hertz, SAMPLE_HZ), np.float32)
    peak = np.abs(samples).max()
    if not np.isfinite(peak) or peak < _QUIET:
        return None
    samples = samples / peak * 0.5
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    samples = np.pad(samples, MARGIN)[loud[0] : loud[-1] + 2 * MARGIN]
    return np.asarray(samples * np.iinfo(np.int16).max, np.int16)


# --- espeak-ng, in this process: a worker of its own ------------------------------------------------------------------

_RATE, _PITCH, _RANGE = 1, 3, 4
"""Its numbers for what can be set."""
_RETRIEVAL = 1
_UTF8 = 1
_WORDS_PER_MINUTE = 165
_MIDDLE = 50
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Espeak:
    """The library, which keeps one state a process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._hertz = self._library.espeak_Initialize(2, 0, None, 0)  # 2: synchronous, into the callback
        self._pieces: list[NDArray[np.int16]] = []
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def __call__(self, order: Order) -> _Sound:
        if self._library.espeak_SetVoiceByName(order.voice.name.encode()):
            return None
        for number, value in (
            (_RATE, _WORDS_PER_MINUTE * order.pace),
            (_PITCH, _MIDDLE * order.pitch),
            (_RANGE, _MIDDLE * order.melody),
        ):
            self._library.espeak_SetParameter(number, round(value), 0)
        self._pieces = []
        text = order.text.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        if not self._pieces:
            return None
        samples = np.concatenate(self._pieces).astype(np.float32)
        return np.asarray(samples / np.iinfo(np.int16).max, np.float32), self._hertz

    def _take(self, samples: _Shorts, count: int, _events: object) -> int:
        """Keep a piece of sound; 0 tells espeak-ng to go on."""
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


_espeak: _Espeak | None = None


def _espeak_batch(orders: Sequence[Order]) -> list[_Sound]:
    global _espeak  # noqa: PLW0603 - the library itself has one state a process
    if _espeak is None:
        _espeak = _Espeak()
    return [_espeak(order) for order in orders]


# --- flite and festival, as programs ----------------------------------------------------------------------------------

_FLITE_PITCH_HZ = 125
_FLITE_SPREAD_HZ = 18
_PATIENCE_S = 120


def _flite_batch(orders: Sequence[Order]) -> list[_Sound]:
    sounds = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for order in orders:
            file.unlink(missing_ok=True)
            settings = {
                "duration_stretch": 1 / order.pace,
                "int_f0_target_mean": _FLITE_PITCH_HZ * order.pitch,
                "int_f0_target_stddev": _FLITE_SPREAD_HZ * order.melody,
            }
            set_to = [part for name, value in settings.items() for part in ("--setf", f"{name}={value:.2f}")]
            _run(["flite", "-voice", order.voice.name, *set_to, "-t", order.text, "-o", str(file)])
            sounds.append(_read(file))
    return sounds


def _festival_batch(orders: Sequence[Order]) -> list[_Sound]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.wav" for number in range(len(orders))]
        lines = [f"(voice_{orders[0].voice.name})"]
        for order, file in zip(orders, files, strict=True):
            lines.append(f"(Parameter.set 'Duration_Stretch {1 / order.pace:.2f})")
            lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{order.text}")) "{file}")')
        script = Path(folder) / "say.scm"
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _run(["festival", "-b", str(script)])
        return [_read(file) for file in files]


def _run(command: list[str]) -> None:
    """Run an engine; whether it worked, or took for ever, shows in what it wrote: it writes only what it has spoken."""
    silent = subprocess.DEVNULL
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 - a fixed program; words of letters only
            command, stdin=silent, stdout=silent, stderr=silent, check=False, timeout=_PATIENCE_S
        )


def _read(file: Path) -> _Sound:
    try:
        samples, hertz = soundfile.read(file, dtype="float32")
    except (OSError, soundfile.LibsndfileError):
        return None
    return samples, hertz
