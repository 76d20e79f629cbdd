"""A synthesiser that works in child processes, because what it is made of forgets, hangs, or ends processes.

One child a voice, one sentence at a time into a temporary WAV file, which is checked before it is believed.  A child
that fails is replaced once.  Child and parent exchange lines of JSON:

    {"ready": ...}                      the child's first word, if it can work; else what is wrong
    {"text": ..., "path": ...}          the parent asks, and may add what its engine needs
    {"done": path}                      the WAV is written and closed
    {"unwritable": "..."}               it could not be written, and why
    {"failed": "..."}, {"died": ...}    anything else
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, Self, cast

import numpy as np

from voicecoach.engines.synthesis.port import spoken_text
from voicecoach.errors import BadRequestError, CannotCreateError, VoicecoachError
from voicecoach.wav import NotWavError, read_wav

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Voice

SHORTEST_S_PER_CHARACTER = 0.02
LONGEST_S_PER_CHARACTER = 0.3
LONGEST_FIXED_S = 3.0
"""What a text may last at 150 words a minute.  Ours take 0.06 s a character; "WWW" and "1000000" take far more."""
SILENCE = 100
"""A rendering whose loudest sample (int16) is no louder than this holds no speech."""


class ChildSynthesizer(ABC):
    """Keeps `port.Synthesizer` with a child process for each voice."""

    def __init__(self, patience_s: float) -> None:
        """Prepare to render; nothing is started before the first sentence.

        Args:
            patience_s: How long to wait for one answer of the child.
        """
        self._patience_s = patience_s
        self._children: dict[Voice, ChildProcess] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._closed = 0
        """How often it was closed."""

    # --- what an engine says of itself ---

    @property
    @abstractmethod
    def key(self) -> str:
        """As `port.Synthesizer.key`."""

    @abstractmethod
    def _check(self, voice: Voice) -> None:
        """Raise `BadRequestError` where no child could speak so."""

    @abstractmethod
    def _command(self, voice: Voice) -> Sequence[str]:
        """What starts a child for ``voice``."""

    @abstractmethod
    def _request(self, text: str, voice: Voice) -> dict[str, str]:
        """What the child is asked for ``text``, but for the file to write."""

    @abstractmethod
    def _greeted(self, greeting: dict[str, object]) -> frozenset[str]:
        """The languages of the voice, as far as they are known, by what a child said first.

        Raises:
            VoicecoachError: It cannot work.
            FailedError: It said something else.
        """

    @abstractmethod
    def _report_broken(self, reason: str) -> NoReturn:
        """Raise `MissingPartError` with what to do."""

    # --- the port ---

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
            MissingPartError: What it is made of is missing or broken.
            CannotCreateError: The temporary folder cannot be written to.
        """
        text = spoken_text(sentence)
        if not text:
            raise BadRequestError(f'there is nothing to say in "{sentence}": write a sentence with words in it')
        self._check(voice)
        closed = self._closed
        try:
            return self._render_once(text, voice)
        except FailedError:
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
        except FailedError as failure:
            self._report_broken(str(failure))

    def _render_once(self, text: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        """One try; a child that fails, or brings bad news, is not asked again."""
        try:
            return self._ask(self._child(voice), text, voice)
        except BaseException:
            self._dismiss(voice)
            raise

    def _ask(self, child: ChildProcess, text: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        path = self._temporary_folder() / "sentence.wav"
        path.unlink(missing_ok=True)
        reply = child.ask({**self._request(text, voice), "path": str(path)})
        if "unwritable" in reply:
            _report_unwritable(path.parent, str(reply["unwritable"]))
        if "done" not in reply:
            raise FailedError(str(reply.get("failed", reply)))
        samples, rate_hz = _read_wav(path)
        problem = implausible(samples, rate_hz, text, voice)
        if problem:
            raise FailedError(f'"{text}" {problem}')
        return samples, rate_hz

    def _child(self, voice: Voice) -> ChildProcess:
        if voice not in self._children:
            child = ChildProcess(self._command(voice), self._patience_s)
            self._children[voice] = child  # from now on `close` ends it
            child.languages = self._greeted(child.hear())
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


class FailedError(Exception):
    """A child did not do what it should; worth another try with a fresh one."""


class ChildProcess:
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
            raise FailedError(f"its process said {line[:80]!r}")
        if "died" in reply:
            raise FailedError(f"its process ended: {self._last_complaint() or reply['died']}")
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
                raise FailedError(f"its process did not answer within {self._patience_s:g} s")
            heard = os.read(self._from_child.fileno(), 65536)
            if not heard:
                raise FailedError(f"its process ended: {self._last_complaint() or 'nobody knows why'}")
            self._unread += heard
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _last_complaint(self) -> str:
        """The last line that it wrote to standard error, or nothing."""
        self._complaints.seek(0)
        lines = [line.strip() for line in self._complaints.read().decode(errors="replace").splitlines()]
        return next((line for line in reversed(lines) if line), "")


def _read_wav(path: Path) -> tuple[NDArray[np.int16], int]:
    try:
        sound = read_wav(path)
        samples = sound.mono_int16()
    except (FileNotFoundError, NotWavError) as error:
        raise FailedError(f"it left no readable WAV file ({error})") from error
    if not sound.whole:
        raise FailedError("it left half a WAV file")
    return samples, sound.rate_hz


def _report_unwritable(folder: Path | None, reason: str) -> NoReturn:
    raise CannotCreateError(
        f"cannot write sound into a temporary folder{f', {folder}' if folder else ''}: {reason}; "
        "make room there, or set TMPDIR to another folder"
    )
