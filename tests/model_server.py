"""A web server on this machine that has models to give, and all the bad habits that servers and connections have.

It answers as a good server does, with ranges and entity tags, except where a test has it *twist* its next answers.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from email.message import Message
    from pathlib import Path

LIST = "/models.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one request."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_after: int | None = None
    """Bytes of the body after which the connection ends; None: all of them are sent."""
    never: bool = False
    """Nothing at all is said."""
    pause_after: int | None = None
    """Bytes of the body after which the server waits until it is told to go on."""
    go_on: Event = field(default_factory=Event)


Twist: TypeAlias = "Callable[[Answer], Answer]"
"""A bad habit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    path: str
    begin: int | None
    """The first byte that was asked for; None: the whole."""
    version: str | None
    """The version that this was a part of (If-Range)."""


class ModelServer:
    """Files at addresses; every request is written down in `asked`."""

    def __init__(self) -> None:
        """Open a port of this machine; nobody else can reach it."""
        self.asked: list[Asked] = []
        self._files: dict[str, bytes] = {LIST: b"[]"}
        self._twists: dict[str, deque[Twist]] = {}
        self._over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """The address of a file."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    @property
    def catalogue(self) -> str:
        """The address of the list of models."""
        return self.url(LIST)

    def give(self, path: str, body: bytes) -> str:
        """Have a file, in place of one that may have been there; gives its address."""
        self._files[path] = body
        return self.url(path)

    def publish(self, name: str, archive: bytes, **differently: object) -> str:
        """Have an archive, and list it as the publisher does; ``differently`` takes the place of what is so."""
        url = self.give(f"/{name}.zip", archive)
        entry = {
            "name": name,
            "url": url,
            "md5": hashlib.md5(archive, usedforsecurity=False).hexdigest(),
            "size": len(archive),
            "lang": "en-us",
            "lang_text": "US English",
            "type": "small",
            "obsolete": "false",
        }
        listed = json.loads(self._files[LIST])
        self.give(LIST, json.dumps([*listed, entry | differently]).encode())
        return url

    def twist(self, path: str, *twists: Twist) -> None:
        """Have the next answers about a file go wrong, one after another; those after them are good."""
        self._twists.setdefault(path, deque()).extend(twists)

    def asked_for(self, path: str) -> list[Asked]:
        """The requests for one file."""
        return [asked for asked in self.asked if asked.path == path]

    def _answer(self, asked: Asked) -> Answer:
        if asked.path not in self._files:
            return Answer(404)
        answer = _good_answer(self._files[asked.path], asked)
        twists = self._twists.get(asked.path)
        return twists.popleft()(answer) if twists else answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = _asked(self.path, self.headers)
                server.asked.append(asked)
                answer = server._answer(asked)
                if answer.never:
                    server._over.wait()
                    return
                with suppress(ConnectionError):  # whoever asked may not want to hear all of it
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    body = answer.body[: answer.cut_after]
                    if answer.pause_after is not None:
                        self.wfile.write(body[: answer.pause_after])
                        body = body[answer.pause_after :]
                        answer.go_on.wait()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _asked(path: str, headers: Message) -> Asked:
    wanted = re.fullmatch(r"bytes=([0-9]+)-", headers.get("Range", ""))
    return Asked(path, int(wanted[1]) if wanted else None, headers.get("If-Range"))


def _good_answer(body: bytes, asked: Asked) -> Answer:
    """As RFC 9110 has it: a rest of the same version, or else the whole."""
    tag = tag_of(body)
    if asked.begin is None or asked.version not in {None, tag}:
        return Answer(200, {"Content-Length": str(len(body)), "ETag": tag}, body)
    if asked.begin >= len(body):
        return Answer(416, {"Content-Range": f"bytes */{len(body)}"})
    rest = body[asked.begin :]
    place = f"bytes {asked.begin}-{len(body) - 1}/{len(body)}"
    return Answer(206, {"Content-Length": str(len(rest)), "ETag": tag, "Content-Range": place}, rest)


def tag_of(body: bytes) -> str:
    """The entity tag of a file: another one where anything in it is another."""
    return f'"{hashlib.sha256(body).hexdigest()[:12]}"'


# --- bad habits -------------------------------------------------------------------------------------------------------


def cut(after: int) -> Twist:
    """The connection ends too early."""
    return lambda answer: replace(answer, cut_after=after)


def pauses(after: int, go_on: Event) -> Twist:
    """Something comes, and then nothing until ``go_on`` is set."""
    return lambda answer: replace(answer, pause_after=after, go_on=go_on)


def corrupt(answer: Answer) -> Answer:
    """One bit comes over wrong."""
    middle = len(answer.body) // 2
    flipped = bytes([answer.body[middle] ^ 1])
    return replace(answer, body=answer.body[:middle] + flipped + answer.body[middle + 1 :])


def says(**headers: str | None) -> Twist:
    """Headers say something else, or, with None, nothing; ``Content_Length`` is Content-Length."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}

    def twisted(answer: Answer) -> Answer:
        together = {**answer.headers, **changed}
        return replace(answer, headers={name: value for name, value in together.items() if value is not None})

    return twisted


def both(first: Twist, second: Twist) -> Twist:
    """One bad habit after another in the same answer."""
    return lambda answer: second(first(answer))


def sends(body: bytes, *, status: int = 200) -> Twist:
    """Something else comes, as if it were what was asked for."""
    return lambda _: Answer(status, {"Content-Length": str(len(body))}, body)


def refuses(status: int) -> Twist:
    """The server says no."""
    return lambda _: Answer(status, {"Content-Length": "0"})


def redirects(to: str) -> Twist:
    """The file has moved."""
    return lambda _: Answer(302, {"Location": to, "Content-Length": "0"})


def keeps_silent(_: Answer) -> Answer:
    """The server takes the request and never says a word."""
    return Answer(0, never=True)


# --- what it gives ----------------------------------------------------------------------------------------------------


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as target:
        for name, contents in files.items():
            target.writestr(name, contents)
    return archive.getvalue()


def packed_folder(folder: Path) -> bytes:
    """A zip file of a folder, which is the one thing at its top, as the publisher's archives have it."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return packed({file.relative_to(folder.parent).as_posix(): file.read_bytes() for file in files})


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder that a person sees, to compare with later."""
    files = (file for file in folder.rglob("*") if file.is_file())
    named = ((file.relative_to(folder), file) for file in files)
    return {name.as_posix(): file.read_bytes() for name, file in named if not name.parts[0].startswith(".")}
