"""The synthesiser: pyttsx3 and espeak-ng, kept in child processes because they forget, hang and end processes.

One fresh child a voice: `_render_child.py`, with its protocol.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from voicecoach.engines.needs import Needs
from voicecoach.engines.synthesis.child_synthesizer import ChildSynthesizer, FailedError
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.invocation import to_install

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.engines.synthesis.port import Voice

NEEDS: Final = Needs(packages=("pyttsx3",), system=("espeak-ng",), memory_mb=40)
"""The memory is the children's, one a voice."""
CHILD = (sys.executable, "-P", str(Path(__file__).with_name("_render_child.py")))
"""Run by path, so that it starts fast and works however the package itself was found."""
PATIENCE_S = 10.0
"""Starting a child takes 0.1 s and a sentence 0.02 s; a slow and busy machine may take fifty times that."""
SLOWEST, FASTEST = 80, 450
"""Words a minute that espeak-ng can speak; it silently takes the nearest of these for any other."""


class EspeakSynthesizer(ChildSynthesizer):
    """Keeps `port.Synthesizer` with espeak-ng."""

    def __init__(self, child: Sequence[str] = CHILD, patience_s: float = PATIENCE_S) -> None:
        """Prepare to render; nothing is started before the first sentence.

        Args:
            child: Command of the child process; the voice and the words a minute are appended.
            patience_s: How long to wait for one answer of the child.
        """
        super().__init__(patience_s)
        self._child_command = tuple(child)

    @property
    def key(self) -> str:
        """The engine and the version of what drives it; "espeak pyttsx3-2.99"."""
        return _key()

    def _check(self, voice: Voice) -> None:
        if not SLOWEST <= voice.words_per_minute <= FASTEST:
            raise BadRequestError(
                f"espeak-ng cannot speak {voice.words_per_minute} words a minute; choose from {SLOWEST} to {FASTEST}"
            )

    def _command(self, voice: Voice) -> Sequence[str]:
        return (*self._child_command, voice.name, str(voice.words_per_minute))

    def _request(self, text: str, voice: Voice) -> dict[str, str]:  # noqa: ARG002 - the child was started with it
        return {"text": text}

    def _greeted(self, greeting: dict[str, object]) -> frozenset[str]:
        if greeting.get("missing") == "pyttsx3":
            how = to_install("pyttsx3")
            raise MissingPartError(f"pyttsx3 cannot be loaded: {greeting['why']}; install it with: {how}")
        if "missing" in greeting:
            self._report_broken(str(greeting["why"]))
        if "unknown" in greeting:
            near = greeting.get("near")
            names = ", ".join(map(str, near)) if isinstance(near, list) else ""
            advice = f"did you mean {names}?" if names else "this lists them: espeak-ng --voices"
            raise BadRequestError(f'espeak-ng has no voice "{greeting["unknown"]}" that it can use; {advice}')
        if "ready" not in greeting:
            raise FailedError(f"its process said {greeting}")
        languages = greeting.get("languages")
        return frozenset(map(str, languages)) if isinstance(languages, list) else frozenset()

    def _report_broken(self, reason: str) -> NoReturn:
        raise MissingPartError(
            f"espeak-ng is missing or broken: {reason.rstrip('.!')}; install it with: sudo apt install espeak-ng"
        )


@cache
def _key() -> str:
    try:
        return f"espeak pyttsx3-{metadata.version('pyttsx3')}"
    except metadata.PackageNotFoundError:  # `render` says so, and how to install it
        return "espeak"
