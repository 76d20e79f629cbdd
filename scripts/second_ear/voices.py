"""Who speaks for training: the English voices of Kokoro that are not kept for measuring, and blends of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.engines.synthesis.espeak.phonemes import Accent
from voicecoach.engines.synthesis.kokoro.network import read_style
from voicecoach.engines.synthesis.kokoro.weights import VOICES, style_file

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

KEPT_FOR_MEASURING: Final = frozenset({"af_nicole", "am_onyx", "bf_isabella", "bm_lewis", "am_fenrir", "af_kore"})
"""Nothing is trained or chosen with them."""
TRAINING_VOICES: Final = tuple(name for name in VOICES if name not in KEPT_FOR_MEASURING)
BLENDED: Final = 0.5
"""So often somebody who speaks is a blend of two voices."""
SLOWEST, FASTEST = 0.8, 1.3
"""Times a voice's own pace."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice, or a new one between two."""

    voice: str
    other: str
    share: float
    """Of the other one: 0 to 0.5."""
    speed: float

    @property
    def accent(self) -> Accent:
        """How the words are read: as the voice that has the greater share reads them."""
        return Accent.BRITISH if self.voice.startswith("b") else Accent.AMERICAN

    def style(self, folder: Path) -> NDArray[np.float32]:
        """As `kokoro.network` takes it, from the weights in ``folder``."""
        one, other = (read_style(folder / style_file(name)) for name in (self.voice, self.other))
        return one * (1.0 - self.share) + other * self.share


def random_speaker(rng: np.random.Generator) -> Speaker:
    """Any voice of those for training, or a blend of two of the same sex."""
    voice = TRAINING_VOICES[int(rng.integers(len(TRAINING_VOICES)))]
    alike = [name for name in TRAINING_VOICES if name[1] == voice[1] and name != voice]
    other = alike[int(rng.integers(len(alike)))]
    share = float(rng.uniform(0.2, 0.5)) if rng.random() < BLENDED else 0.0
    return Speaker(voice, other, share, float(rng.uniform(SLOWEST, FASTEST)))
