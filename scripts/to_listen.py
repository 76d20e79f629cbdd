"""``python -m to_listen SESSION.wav FILE.opus``: a rehearsed session as a small file that any browser plays.

The recording has the coach on the left and the microphone on the right; a person who listens wants both at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.speaking.packs.opus import encoded
from voicecoach.wav import read_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS_PER_SECOND: Final = 20_000
PERSON_DB: Final = 6.0
"""The person is raised by so much: who lies in bed is softer at the microphone than a speaker beside one's ear."""


def together(recording: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both channels as one: shape (n,), from (n, 2), float32 in -1..1."""
    both = recording[:, 0] + recording[:, 1] * np.float32(10 ** (PERSON_DB / 20))
    return np.clip(both, -1.0, 1.0)


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    recording = read_wav(source)
    target.write_bytes(encoded(together(recording.samples()), recording.rate_hz, BITS_PER_SECOND))


if __name__ == "__main__":
    main()
