"""Fetches a large file in pieces that add up, however often the connection is cut or the machine switched off.

What has come so far lies in a *part*.  Beside it a small file remembers which file of which server it is a part of, so
that the rest can be asked for (RFC 9110, section 14).  A server that does not give a rest, or has another file by now,
is asked for the whole again.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.model_store import web
from voicecoach.engines.recognition.model_store.disk import size
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path

    import requests

Progress = Callable[[str, int, int | None], None]
"""Is told what is being done, how many bytes of it are done, and of how many; None where that is not known."""
_PARTIAL = 206
_NO_SUCH_RANGE = 416
MOST_BYTES = 5_000_000_000
"""The largest file that is fetched where nobody says how large it is; the publisher's largest has 2.7 GB."""
LONGEST_S = 6 * 3600.0
"""How long a command may fetch, however often it must begin again: 2.7 GB come in that time with a megabit a second."""
ROOM_STEP_BYTES = 10_000_000
"""How much room there must be at any time while a file of unknown size comes."""
_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})")
_LENGTH = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a part is a part of."""

    url: str
    length: int | None
    """Bytes of the whole file, where the server told."""
    version: str | None
    """What the server called this very version of the file: its entity tag, or its date."""

    @staticmethod
    def of(url: str, response: requests.Response) -> _Origin:
        """What an answer with the whole file says about it."""
        length = response.headers.get("Content-Length", "")
        tag = response.headers.get("ETag")
        strong = tag if tag and not tag.startswith("W/") else None  # a weak one does not promise the same bytes
        return _Origin(
            url,
            int(length) if _LENGTH.fullmatch(length) else None,
            strong or response.headers.get("Last-Modified"),
        )


class Download:
    """One file on its way."""

    def __init__(  # noqa: PLR0913 - the clock stands for time, and only tests replace it
        self,
        url: str,
        part: Path,
        size_bytes: int | None,
        require_room: Callable[[int], None],
        progress: Progress,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Fetch nothing yet.

        Args:
            url: Where the file is.
            part: Where to put it; what is there of it already is not fetched again.
            size_bytes: What it is known to have; a file of another size is refused.  None: up to `MOST_BYTES`.
            require_room: Is told how many bytes are still to come, before they do, and may raise; where that is not
                known, again and again how many may come next.
            progress: Is told how far it is.
            clock: Seconds that never run backwards.
        """
        self._url = url
        self._part = part
        self._size_bytes = size_bytes
        self._require_room = require_room
        self._progress = progress
        self._clock = clock

    def run(self) -> None:
        """Fetch the file, and go on by itself as long as that leads further.

        Raises:
            VoicecoachError: It cannot be had, or not all of it now; what has come is kept.
        """
        furthest = self._have()
        patience = web.Patience(LONGEST_S, self._clock)
        while True:
            try:
                self._fetch(patience)
            except (web.CutOffError, web.TooSlowError) as error:
                have = self._have()
                if have <= furthest or isinstance(error, web.TooSlowError):
                    kept = f"{size(have)} of it are kept, and to go on, " if have else "to try again, "
                    raise VoicecoachError(
                        f"{self._url} could not be fetched: {error}; {kept}give the same command once more"
                    ) from error
                furthest = have
            else:
                return

    def _have(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _fetch(self, patience: web.Patience) -> None:
        """Fetch what is missing, as far as one connection leads."""
        origin = _origin_of(self._part)
        if origin is None or origin.url != self._url or not self._have() or not self._fetch_rest(origin, patience):
            self._fetch_whole(patience)

    def _fetch_rest(self, origin: _Origin, patience: web.Patience) -> bool:
        """Go on where the part ends; tells whether that could be done."""
        have = self._have()
        if have == origin.length:
            return True
        headers = {"Range": f"bytes={have}-"} | ({"If-Range": origin.version} if origin.version else {})
        with web.answer(self._url, headers, (web.OK, _PARTIAL, _NO_SUCH_RANGE)) as response:
            given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            fits = given is not None and (int(given[1]), int(given[2])) == (have, origin.length)
            if response.status_code != _PARTIAL or not fits:
                return False  # the file is another one by now, or the server always gives the whole
            self._receive(response, origin, have, patience)
        return True

    def _fetch_whole(self, patience: web.Patience) -> None:
        with web.answer(self._url) as response:
            origin = _Origin.of(self._url, response)
            self._require_size(origin)
            self._part.unlink(missing_ok=True)  # first, so that no part is ever taken for that of another file
            _origin_file(self._part).write_text(json.dumps(asdict(origin)), encoding="utf-8")
            self._receive(response, origin, 0, patience)

    def _require_size(self, origin: _Origin) -> None:
        """Refuse, while the part is still there, what is most likely a page that says something else."""
        if self._size_bytes is not None and origin.length not in {None, self._size_bytes}:
            raise VoicecoachError(
                f"{self._url} has {origin.length:,} bytes there, and should have {self._size_bytes:,}; nothing was "
                "changed, so try again later"
            )

    def _receive(self, response: requests.Response, origin: _Origin, have: int, patience: web.Patience) -> None:
        """Add the body of an answer to the part."""
        total = self._size_bytes if origin.length is None else origin.length
        most_bytes = MOST_BYTES if total is None else min(total, MOST_BYTES)
        self._require_room(ROOM_STEP_BYTES if total is None else total - have)
        room_until = have + ROOM_STEP_BYTES
        with self._part.open("ab") as part:
            for block in web.body(response, most_bytes - have, patience):
                part.write(block)
                have += len(block)
                if total is None and have >= room_until:
                    self._require_room(ROOM_STEP_BYTES)
                    room_until = have + ROOM_STEP_BYTES
                self._progress("download", have, total)
        if total is not None and have != total:
            raise web.CutOffError("the server ended it too early")


def _origin_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _origin_of(part: Path) -> _Origin | None:
    """What is remembered of a part; None where nothing is that makes sense."""
    try:
        return _Origin(**json.loads(_origin_file(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
