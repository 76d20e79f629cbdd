"""The port of speech synthesis: a sentence in a voice becomes samples.

An engine is one file or folder beside this one, with a class that keeps `Synthesizer` and a constant ``NEEDS``.  Its
samples are trimmed, levelled, resampled and kept on disk by `speaking`, the same for every engine, and reach the coach
as `Clips`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Voice:
    """Which voice speaks, and how fast."""

    name: str = "en-gb+f3"
    """As the engine calls it; the default is espeak-ng's, whose voices may have a variant after ``+``."""
    words_per_minute: int = 150
    """About; each engine's clock is its own."""


class PromptClips(Protocol):
    """Sentences as sound for somebody who cannot wait: what has to be made first is made elsewhere meanwhile."""

    def want(self, texts: Iterable[str]) -> None:
        """Have ``texts`` made from now on; for what is nearly there it may wait some hundredths of a second."""

    def ready(self, text: str) -> NDArray[np.float32] | None:
        """``text`` as sound: shape (n,), float32 in -1..1, silence trimmed from both ends.

        None: not yet; it is being made from now on, ask again.
        """

    def hopeless(self, text: str) -> bool:
        """Whether ``text`` could not be made; it is tried again when somebody asks for it some time later."""


class Clips(PromptClips, Protocol):
    """The same for somebody who can wait; then everything is ready."""

    @property
    def rate_hz(self) -> int:
        """Sample rate of every clip."""

    def prepare(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make sure that ``texts`` can be had at once; ``progress(done, of)`` is called along the way."""

    def get(self, text: str) -> NDArray[np.float32]:
        """``text`` as sound, as `ready` has it."""


class Synthesizer(Protocol):
    """Turns one sentence into sound, slowly.  For one thread; close it, or use it as a context manager."""

    @property
    def key(self) -> str:
        """The engine's name, and whatever else its sound depends on besides text and voice, such as its version.

        Sound that was kept under another key is rendered again.
        """

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        """``sentence`` in ``voice``: samples of shape (n,), int16, and their rate in Hz.

        Of any loudness, with silence at its ends as it comes; the same words always give the same samples.

        Raises:
            BadRequestError: There is no such voice or speed, or nothing to say.
            MissingPartError: What the engine needs is missing or broken.
            VoicecoachError: It cannot be spoken for another reason; the message says what to do.
        """

    def close(self) -> None:
        """Give back what it holds.  The next `render` would start anew."""

    def __enter__(self) -> Self:
        """Itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """`close`."""


@runtime_checkable
class KnowsVoices(Protocol):
    """What a `Synthesizer` may be, too: one that can tell for which languages a voice is made."""

    def languages(self, voice: Voice) -> frozenset[str]:
        """Tags of the languages that ``voice`` speaks, such as "en-gb".

        None where it is not known, as before anything was rendered in it.
        """


def spoken_text(sentence: str) -> str:
    """``sentence`` on one line, without what cannot be spoken; empty when it holds neither letter nor digit."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in sentence).split())
    return text if any(letter.isalnum() for letter in text) else ""
