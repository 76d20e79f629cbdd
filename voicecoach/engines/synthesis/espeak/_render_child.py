"""The child process in which espeak-ng runs, through pyttsx3: one voice, one speed, one sentence at a time.

Run as a script, ``_render_child.py VOICE WORDS_PER_MINUTE``.  It loads pyttsx3 once and forks a fresh worker for every
sentence.  A used engine remembers: a changed rate goes astray, and a sentence sounds and lasts a little different after
each other sentence.  From a fresh one the same words are always the same samples, for 10 ms more.  And a worker may
die, as espeak-ng does when its data are missing.

The protocol is a line of JSON each way.  The child begins with one of

    {"ready": "gmw/en+f3", "languages": ["en-gb"]}  what espeak-ng calls the voice, and what it speaks
    {"missing": "espeak-ng", "why": "..."}          it, or "pyttsx3", cannot be loaded
    {"unknown": "en-gb+f9", "near": ["en-gb+f5"]}   there is no such voice

and then answers each ``{"text": ..., "path": ...}`` with one of

    {"done": path}          the WAV is written and closed
    {"unwritable": "..."}   it could not be written, and why
    {"failed": "..."}       anything else

It ends when its standard input does, which happens at the latest when its parent dies.  It has no time limits; those
are the parent's, who can kill it with its worker.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import json
import os
import select
import signal
import sys
import threading
import time
from ctypes import byref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Reply = dict[str, object]
DIED = "died"
"""Key of the reply that a worker did not live to give."""


class UnknownVoiceError(Exception):
    """espeak-ng has no voice of this name; the argument is a list of names that come near."""


class Engine:
    """A pyttsx3 engine, good for one voice and one sentence.

    espeak-ng takes commands into a queue, which a thread of its own works off.  Every `runAndWait` empties that queue
    when it is not idle; a rate or a voice set just before is then lost, once in some hundred times on a busy machine.
    So each command is waited for before the next one is given.
    """

    def __init__(self) -> None:
        import pyttsx3  # noqa: PLC0415 - its absence is reported over the protocol
        from pyttsx3.drivers import _espeak  # noqa: PLC0415 - what pyttsx3 itself does not offer: queue, variants, rate

        self._espeak = _espeak
        self._engine = pyttsx3.init("espeak")
        self._wait_until_idle()
        self._engine.proxy.setBusy(False)  # from now on settings are applied when they are set, not by `runAndWait`

    def find(self, name: str) -> str:
        """The identifier that pyttsx3 needs: it knows ``gmw/en+f3``, and takes ``en-gb+f3`` for nothing at all."""
        base, _, variant = name.partition("+")
        bases, variants = dict(self._base_names()), dict(self._variant_names())
        if base.lower() not in bases:
            near = [known for known in bases if base and known.startswith(base.lower())][:3]
            near = near or difflib.get_close_matches(base.lower(), bases)
            raise UnknownVoiceError([f"{other}+{variant}" if variant else other for other in near])
        if variant and variant.lower() not in variants:
            near = difflib.get_close_matches(variant.lower(), variants, cutoff=0.5)
            raise UnknownVoiceError([f"{base}+{other}" for other in near])
        return bases[base.lower()] + (f"+{variants[variant.lower()]}" if variant else "")

    def languages(self, identifier: str) -> list[str]:
        """Which languages the voice speaks that `find` gave."""
        base = identifier.partition("+")[0]
        return [
            tag.lower() for voice in self._engine.getProperty("voices") if voice.id == base for tag in voice.languages
        ]

    def use(self, identifier: str, words_per_minute: int) -> None:
        """Set voice and speed, and see that they are set."""
        self._engine.setProperty("voice", identifier)
        self._wait_until_idle()
        self._engine.setProperty("rate", words_per_minute)
        self._wait_until_idle()
        if str(self._engine.getProperty("voice")).lower() != identifier.lower():
            raise UnknownVoiceError([])  # listed but unusable, such as voices of MBROLA without their data
        if self._espeak.dll.espeak_GetParameter(self._espeak.RATE, 1) != words_per_minute:
            raise RuntimeError(f"espeak-ng does not speak {words_per_minute} words a minute")

    def save(self, text: str, path: str) -> None:
        """Speak ``text`` into a WAV file, and come back when it is complete."""
        over = threading.Event()
        self._engine.connect("finished-utterance", lambda **_: over.set())
        self._engine.save_to_file(text, path)
        self._engine.runAndWait()
        over.wait()  # runAndWait may come back too early: espeak-ng's thread writes the file
        self._wait_until_idle()

    def _wait_until_idle(self) -> None:
        while self._espeak.IsPlaying():
            time.sleep(0.0005)

    def _base_names(self) -> Iterator[tuple[str, str]]:
        """What a voice may be called and what it is; later pairs win: a language, a name, an identifier."""
        voices = self._engine.getProperty("voices")
        for voice in reversed(voices):  # the first of several voices for a language is espeak-ng's choice
            if not voice.id.startswith("mb/"):  # MBROLA voices must be asked for by name
                yield from ((language.lower(), voice.id) for language in voice.languages)
        for voice in voices:
            yield voice.name.lower(), voice.id
            yield voice.id.rpartition("/")[2], voice.id
        for voice in voices:
            yield voice.id, voice.id

    def _variant_names(self) -> Iterator[tuple[str, str]]:
        wanted = self._espeak.VOICE()
        wanted.languages = b"variant"
        for voice in self._espeak.ListVoices(byref(wanted)):
            file = voice.identifier.decode().rpartition("/")[2]
            yield file.lower(), file


def greet(name: str, words_per_minute: int) -> Reply:
    """Whether there is an espeak-ng with this voice."""
    try:
        engine = Engine()
        identifier = engine.find(name)
        engine.use(identifier, words_per_minute)
    except UnknownVoiceError as error:
        return {"unknown": name, "near": error.args[0]}
    except ModuleNotFoundError as error:
        return {"missing": "pyttsx3", "why": f"{error}"}
    except Exception as error:  # noqa: BLE001 - whatever pyttsx3 raises, the parent must hear of it
        return {"missing": "espeak-ng", "why": f"{error}" or type(error).__name__}
    return {"ready": identifier, "languages": engine.languages(identifier)}


def render(request: dict[str, str], identifier: str, words_per_minute: int) -> Reply:
    """Do what one line asks."""
    try:
        engine = Engine()
        engine.use(identifier, words_per_minute)
        engine.save(request["text"], request["path"])
    except Exception as error:  # noqa: BLE001 - the same
        return failure(error)
    return {"done": request["path"]}


def failure(error: BaseException | None) -> Reply:
    """What to tell the parent about a sentence that could not be saved."""
    cause = error if error is None or isinstance(error, OSError) else error.__context__
    if isinstance(cause, OSError) and cause.strerror:
        return {"unwritable": cause.strerror}
    return {"failed": f"{error}" or type(error).__name__}


def in_worker(job: Callable[[], Reply]) -> Reply:
    """Do ``job`` in a fork of this process and hand back its reply, whatever becomes of the fork."""
    heard, said = os.pipe()
    worker = os.fork()
    if worker == 0:
        work(job, said)
    os.close(said)
    reply = b""
    while part := next_part(heard, worker):
        reply += part
    os.close(heard)
    _, status = os.waitpid(worker, 0)
    return json.loads(reply) if reply else {DIED: os.waitstatus_to_exitcode(status)}


def next_part(heard: int, worker: int) -> bytes:
    """More of what the worker says, or nothing when it has ended; when the parent is gone, both end here."""
    waiting = select.poll()
    waiting.register(heard, select.POLLIN)
    waiting.register(sys.stdin, 0)  # 0: nothing but that its other end was closed
    if any(stream == sys.stdin.fileno() for stream, _ in waiting.poll()):
        os.kill(worker, signal.SIGKILL)
        os._exit(0)
    return os.read(heard, 65536)


def work(job: Callable[[], Reply], said: int) -> None:
    """The life of a worker."""

    def say_and_go(reply: Reply) -> None:
        os.write(said, json.dumps(reply).encode())
        os._exit(0)

    # ctypes would only print what a callback raises (a full disk), and the end of the sentence would never come.
    sys.unraisablehook = lambda report: say_and_go(failure(report.exc_value))
    say_and_go(job())


def main() -> None:
    name, words_per_minute = sys.argv[1], int(sys.argv[2])
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what pyttsx3 and C libraries print must not disturb the protocol

    def tell(reply: Reply) -> None:
        print(json.dumps(reply), file=replies, flush=True)

    preload()
    greeting = in_worker(lambda: greet(name, words_per_minute))
    tell(greeting)
    while "ready" in greeting:
        line = sys.stdin.readline()
        if not line:
            break
        request = json.loads(line)
        tell(in_worker(lambda: render(request, str(greeting["ready"]), words_per_minute)))  # noqa: B023 - done at once


def preload() -> None:
    """Import what workers need, so that forking is all that they cost; not `pyttsx3.init`, which starts threads."""
    with contextlib.suppress(Exception):  # the first worker meets it again and reports it
        importlib.import_module("pyttsx3.drivers.espeak")


if __name__ == "__main__":
    main()
