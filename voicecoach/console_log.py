"""What a person at a screen is told: what happens, a line at a time; what is wrong; how far the voice has come."""

from __future__ import annotations

import faulthandler
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from tqdm import tqdm

from voicecoach.dialogue.events import Chime
from voicecoach.session_events import Began, EchoFound, MicrophoneOff, MicrophoneOn, SessionEvent, Understood
from voicecoach.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.engines.synthesis.port import Clips


def warn(line: str) -> None:
    """A line for the person at the keyboard, beside what the command prints; one that cannot be printed is lost."""
    with suppress(OSError, ValueError):  # ValueError: the stream is closed
        print(f"voicecoach: {shortened(line)}", file=sys.stderr, flush=True)


def warn_of_hang() -> None:
    """Where each thread is, when one of them has stood still for too long.

    While this runs, no other thread runs Python: stacks are walked that do not change.
    """
    warn("a part of the coach has stood still for too long; where each thread is:")
    with suppress(OSError, ValueError):
        faulthandler.dump_traceback(sys.stderr, all_threads=True)


def prepare(clips: Clips, sentences: Sequence[str], at_work: Callable[[str], None] = lambda _words: None) -> None:
    """Have every sentence rendered before the session; a progress bar shows on a terminal when there is much to do.

    Args:
        clips: Where they are kept.
        sentences: All of them.
        at_work: Is told how far it has come.
    """
    with tqdm(total=len(sentences), desc="voice", unit="sentence", disable=None, leave=False, delay=0.5) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)
            at_work(f"preparing the voice: {done} of {of} sentences")

        clips.prepare(sentences, progress)


class ConsoleLog:
    """Prints what the coach begins to say and what it has understood, each with the minute and second.

    Counts are printed once, as they begin: a screen has no need of every number.
    """

    def __call__(self, event: SessionEvent) -> None:
        match event:
            case Began(beat="wait"):
                pass
            case Began(cues=cues, at_s=at_s, length_s=length_s, beat=beat):
                words = [cue.sound for cue in cues if not isinstance(cue.sound, Chime)]
                shown = words[0] if beat == "sentence" and words else f"({beat}, {length_s:.0f} s) {_ends(words)}"
                self._line(at_s, "coach", shown.strip())
            case EchoFound(delay_s=delay_s, at_s=at_s):
                self._line(at_s, "echo", f"my voice comes back {delay_s * 1000:.0f} ms late")
            case MicrophoneOff(at_s=at_s):
                self._line(at_s, "", "(the microphone is off)")
            case MicrophoneOn(at_s=at_s):
                self._line(at_s, "", "(the microphone is on)")
            case Understood(meaning=None):
                pass
            case Understood(words=words_heard, ended_s=ended_s):
                self._line(ended_s, "you", words_heard)

    @staticmethod
    def _line(at_s: float, who: str, words: str) -> None:
        minutes, seconds = divmod(at_s, 60)
        print(f"{minutes:3.0f}:{seconds:04.1f}  {who:<6}{words}", flush=True)


_FEW = 5


def _ends(words: list[str]) -> str:
    return ", ".join(words) if len(words) <= _FEW else f"{', '.join(words[:2])} … {words[-1]}"
