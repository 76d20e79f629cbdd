"""The synthesiser: Kokoro-82M, a neural voice, in child processes at low priority.

A sentence takes a PC about as long to render as to say, and a Raspberry Pi 4 three to seven times that: it is for voice
packs and for sentences that are rendered ahead, never for an answer.  The same words are always the same samples, on
one kind of processor.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NoReturn

from voicecoach.engines.needs import Needs
from voicecoach.engines.synthesis.child_synthesizer import ChildSynthesizer, FailedError
from voicecoach.engines.synthesis.espeak.phonemes import Accent
from voicecoach.engines.synthesis.kokoro.symbols import symbols
from voicecoach.engines.synthesis.kokoro.weights import NETWORK, NETWORK_SHA256, VOICES, style_file
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.invocation import to_install, typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voicecoach.engines.synthesis.port import Voice

NEEDS: Final = Needs(packages=("onnxruntime",), system=("espeak-ng",), memory_mb=550)
"""The memory is the child's, for one voice.  espeak-ng only reads the words."""
CHILD: Final = (sys.executable, "-m", "voicecoach.engines.synthesis.kokoro._render_child")
PATIENCE_S: Final = 300.0
"""A sentence of fifteen seconds, on a Raspberry Pi 4 that does something else besides."""
EDITION: Final = 2
"""Raise it when the same words should sound different: clips of before are rendered again."""
OWN_PACE: Final = 150
"""Words a minute that stand for each voice's own pace; these differ, from about 110 to 180."""
SLOWEST, FASTEST = 90, 250
"""Words a minute; beyond, syllables are swallowed."""


class KokoroSynthesizer(ChildSynthesizer):
    """Keeps `port.Synthesizer` with Kokoro."""

    def __init__(self, folder: Path, child: Sequence[str] = CHILD, patience_s: float = PATIENCE_S) -> None:
        """Prepare to render; nothing is started before the first sentence.

        Args:
            folder: Of the network and the voices.
            child: Command of the child process; the folder and the voice are appended.
            patience_s: How long to wait for one answer of the child.
        """
        super().__init__(patience_s)
        self._weights = folder
        self._child_command = tuple(child)

    @property
    def key(self) -> str:
        """The engine, what is done to its sound, and which network it is; "kokoro 2 6e742170"."""
        return f"kokoro {EDITION} {NETWORK_SHA256[:8]}"

    def _check(self, voice: Voice) -> None:
        if voice.name not in VOICES:
            near = get_close_matches(voice.name, VOICES)
            advice = f"did you mean {', '.join(near)}?" if near else f"these are there: {', '.join(VOICES)}"
            raise BadRequestError(f'Kokoro has no English voice "{voice.name}"; {advice}')
        if not SLOWEST <= voice.words_per_minute <= FASTEST:
            raise BadRequestError(
                f"Kokoro cannot speak {voice.words_per_minute} words a minute; choose from {SLOWEST} to {FASTEST}"
            )
        for file in (NETWORK, style_file(voice.name)):
            if not (self._weights / file).is_file():
                self._report_broken(f"{self._weights / file} is not there")

    def _command(self, voice: Voice) -> Sequence[str]:
        return (*self._child_command, str(self._weights), voice.name)

    def _request(self, text: str, voice: Voice) -> dict[str, str]:
        accent = Accent.BRITISH if voice.name.startswith("b") else Accent.AMERICAN
        (row,) = symbols([text], accent)
        return {"symbols": row, "speed": str(voice.words_per_minute / OWN_PACE)}

    def _greeted(self, greeting: dict[str, object]) -> frozenset[str]:
        if greeting.get("missing") == "onnxruntime":
            how = to_install("onnxruntime")
            raise MissingPartError(f"onnxruntime cannot be loaded: {greeting['why']}; install it with: {how}")
        if "missing" in greeting:
            self._report_broken(str(greeting["why"]))
        if "ready" not in greeting:
            raise FailedError(f"its process said {greeting}")
        return frozenset({"en-gb" if str(greeting["ready"]).startswith("b") else "en-us"})

    def _report_broken(self, reason: str) -> NoReturn:
        raise MissingPartError(
            f"Kokoro's files are missing or broken: {reason.rstrip('.!')}; type: {typed('voices get kokoro')}"
        )
