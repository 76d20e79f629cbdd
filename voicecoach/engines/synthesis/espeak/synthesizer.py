"""The synthesiser: pyttsx3 and espeak-ng, kept in child processes because they forget, hang and end processes.

One fresh child a voice (`_render_child.py`, with its protocol), one sentence at a time into a temporary WAV file, which
is checked before it is believed.  A child that fails is replaced once.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NoReturn, Self, cast

import numpy as np

from voicecoach.engines.needs import Needs
from voicecoach.engines.synthesis.port import spoken_text
from voicecoach.errors import BadRequestError, CannotCreateError, MissingPartError, VoicecoachError
from voicecoach.wav import NotWavError, read_wav

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Voice

NEEDS: Final = Needs(packages=("pyttsx3",), system=("espeak-ng",), memory_mb=40)
"""The memory is the children's, one a voice."""
CHILD = (sys.executable, "-P", str(Path(__file__).with_name("_render_child.py")))
"""Run by path, so that it starts fast and works however the package itself was found."""
PATIENCE_S = 10.0
"""Starting a child takes 0.1 s and a sentence 0.02 s; a slow and busy machine may take fifty times that."""
SLOWEST, FASTEST = 80, 450
"""Words a minute that espeak-ng can speak; it silently takes the nearest of these for any other."""
SHORTEST_S_PER_CHARACTER = 0.02
LONGEST_S_PER_CHARACTER = 0.3
LONGEST_FIXED_S = 3.0
"""What a text may last at 150 words a minute.  Ours take 0.06 s a character; "WWW" and "1000000" take far more."""
SILENCE = 100
"""A rendering whose loudest sample (int16) is no louder than this holds no speech."""


class EspeakSynthesizer:
    """Keeps `port.Synthesizer` with espeak-ng."""

    def __init__(self, child: Sequence[str] = CHILD, patience_s: float = PATIENCE_S) -> None:
        """Prepare to render; nothing is started before the first sentence.

        Args:
            child: Command of the child process; the voice and the words a minute are appended.
            patience_s: How long to wait for one answer of the child.
        """
        self._command = tuple(child)
        self._patience_s = patience_s
        self._children: dict[Voice, _Child] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._closed = 0
        """How often it was closed."""

    @property
    def key(self) -> str:
        """The engine and the version of what drives it; "espeak pyttsx3-2.99"."""
        return _key()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        """``sentence`` in ``voice``: samples of shape (n,), int16, and their rate in Hz.

        Raises:
            BadRequestError: There is no such voice or speed, or nothing to say.
            MissingPartError: espeak-ng or pyttsx3 is missing or broken.
            CannotCreateError: The temporary folder cannot be written to.
        """
        text = spoken_text(sentence)
        if not text:
            raise BadRequestError(f'there is nothing to say in "{sentence}": write a sentence with words in it')
        if not SLOWEST <= voice.words_per_minute <= FASTEST:
            raise BadRequestError(
                f"espeak-ng cannot speak {voice.words_per_minute} words a minute; choose from {SLOWEST} to {FASTEST}"
            )
        closed = self._closed
        try:
            return self._render_once(text, voice)
        except _FailedError:
            if self._closed != closed:  # by another thread: it must not be left with a new child
                raise VoicecoachError("the voice was closed while it rendered") from None
            return self._render_last(text, voice)

    def close(self) -> None:
        """End the child processes and remove the temporary folder.  The next `render` would start anew."""
        self._closed += 1
        for voice in list(self._children):
            self._dismiss(voice)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def languages(self, voice: Voice) -> frozenset[str]:
        """Keeps `port.KnowsVoices`: what ``voice`` speaks, once something was rendered in it."""
        child = self._children.get(voice)
        return child.languages if child else frozenset()

    def _render_last(self, text: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        try:
            return self._render_once(text, voice)
        except _FailedError as failure:
            _report_broken(str(failure))

    def _render_once(self, text: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        """One try; a child that fails, or brings bad news, is not asked again."""
        try:
            return self._ask(self._child(voice), text, voice)
        except BaseException:
            self._dismiss(voice)
            raise

    def _ask(self, child: _Child, text: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        path = self._temporary_folder() / "sentence.wav"
        path.unlink(missing_ok=True)
        reply = child.ask({"text": text, "path": str(path)})
        if "unwritable" in reply:
            _report_unwritable(path.parent, str(reply["unwritable"]))
        if "done" not in reply:
            raise _FailedError(str(reply.get("failed", reply)))
        samples, rate_hz = _read_wav(path)
        problem = implausible(samples, rate_hz, text, voice)
        if problem:
            raise _FailedError(f'"{text}" {problem}')
        return samples, rate_hz

    def _child(self, voice: Voice) -> _Child:
        if voice not in self._children:
            child = _Child((*self._command, voice.name, str(voice.words_per_minute)), self._patience_s)
            self._children[voice] = child  # from now on `close` ends it
            child.languages = _checked_greeting(child.hear())
        return self._children[voice]

    def _dismiss(self, voice: Voice) -> None:
        child = self._children.pop(voice, None)
        if child is not None:
            child.close()

    def _temporary_folder(self) -> Path:
        if self._folder is None:
            try:
                self._folder = tempfile.TemporaryDirectory(prefix="voicecoach-")
            except OSError as error:  # without a file name where the system has no temporary folder at all
                _report_unwritable(error.filename and Path(error.filename).parent, error.strerror or str(error))
        return Path(self._folder.name)


@cache
def _key() -> str:
    try:
        return f"espeak pyttsx3-{metadata.version('pyttsx3')}"
    except metadata.PackageNotFoundError:  # `render` says so, and how to install it
        return "espeak"


def implausible(samples: NDArray[np.int16], rate_hz: int, text: str, voice: Voice) -> str | None:
    """What shows that ``samples`` are not ``text`` spoken in ``voice``, or None."""
    seconds, slowness = len(samples) / rate_hz, 150 / voice.words_per_minute
    shortest = len(text) * SHORTEST_S_PER_CHARACTER * slowness
    longest = LONGEST_FIXED_S + len(text) * LONGEST_S_PER_CHARACTER * slowness
    if not shortest <= seconds <= longest:
        return f"came out {seconds:.1f} s long, not between {shortest:.1f} and {longest:.1f} s"
    if np.max(np.abs(samples.astype(np.int32))) <= SILENCE:
        return "came out as silence"
    return None


class _FailedError(Exception):
    """A child did not do what it should; worth another try with a fresh one."""


class _Child:
    """A child process and its pipes."""

    def __init__(self, command: Sequence[str], patience_s: float) -> None:
        self._patience_s = patience_s
        self.languages: frozenset[str] = frozenset()
        """What its voice speaks, as far as it has said."""
        self._complaints = os.fdopen(os.memfd_create("complaints"), "w+b")
        self._unread = b""
        self._process = subprocess.Popen(  # noqa: S603 - our own script; the voice is an argument, not a shell's word
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the parent alone
        )
        self._to_child = cast("IO[bytes]", self._process.stdin)
        self._from_child = cast("IO[bytes]", self._process.stdout)

    def ask(self, request: dict[str, str]) -> dict[str, object]:
        """Send one line and hear the answer."""
        with suppress(BrokenPipeError):  # a dead child is found when its answer does not come
            self._to_child.write(json.dumps(request).encode() + b"\n")
        return self.hear()

    def hear(self) -> dict[str, object]:
        """The next line that the child says."""
        line = self._line()
        try:
            reply = json.loads(line)
        except ValueError:
            reply = None
        if not isinstance(reply, dict):
            raise _FailedError(f"its process said {line[:80]!r}")
        if "died" in reply:
            raise _FailedError(f"its process ended: {self._last_complaint() or reply['died']}")
        return reply

    def close(self) -> None:
        """End the process and its worker: at once, for they have nothing to lose."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._to_child, self._from_child, self._complaints):
            stream.close()

    def _line(self) -> bytes:
        until = time.monotonic() + self._patience_s
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._from_child], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise _FailedError(f"its process did not answer within {self._patience_s:g} s")
            heard = os.read(self._from_child.fileno(), 65536)
            if not heard:
                raise _FailedError(f"its process ended: {self._last_complaint() or 'nobody knows why'}")
            self._unread += heard
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _last_complaint(self) -> str:
        """The last line that it wrote to standard error, or nothing."""
        self._complaints.seek(0)
        lines = [line.strip() for line in self._complaints.read().decode(errors="replace").splitlines()]
        return next((line for line in reversed(lines) if line), "")


def _checked_greeting(greeting: dict[str, object]) -> frozenset[str]:
    """The languages that the voice speaks, as far as it is known."""
    if greeting.get("missing") == "pyttsx3":
        raise MissingPartError(f"pyttsx3 cannot be loaded: {greeting['why']}; install it with: pip install pyttsx3")
    if "missing" in greeting:
        _report_broken(str(greeting["why"]))
    if "unknown" in greeting:
        near = greeting.get("near")
        names = ", ".join(map(str, near)) if isinstance(near, list) else ""
        advice = f"did you mean {names}?" if names else "this lists them: espeak-ng --voices"
        raise BadRequestError(f'espeak-ng has no voice "{greeting["unknown"]}" that it can use; {advice}')
    if "ready" not in greeting:
        raise _FailedError(f"its process said {greeting}")
    languages = greeting.get("languages")
    return frozenset(map(str, languages)) if isinstance(languages, list) else frozenset()


def _read_wav(path: Path) -> tuple[NDArray[np.int16], int]:
    try:
        sound = read_wav(path)
        samples = sound.mono_int16()
    except (FileNotFoundError, NotWavError) as error:
        raise _FailedError(f"it left no readable WAV file ({error})") from error
    if not sound.whole:
        raise _FailedError("it left half a WAV file")
    return samples, sound.rate_hz


def _report_broken(reason: str) -> NoReturn:
    raise MissingPartError(
        f"espeak-ng is missing or broken: {reason.rstrip('.!')}; install it with: sudo apt install espeak-ng"
    )


def _report_unwritable(folder: Path | None, reason: str) -> NoReturn:
    raise CannotCreateError(
        f"cannot write sound into a temporary folder{f', {folder}' if folder else ''}: {reason}; "
        "make room there, or set TMPDIR to another folder"
    )
