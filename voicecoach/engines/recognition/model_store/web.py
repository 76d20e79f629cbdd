"""Asks a server for something; every way in which that can fail is one line for a person."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

PATIENCE_S = (10.0, 30.0)
"""How long a connection may take to come about, and how long a server may then be silent."""
ANSWER_S = 120.0
"""How long it may be until an answer has begun, redirections and all: a server may also never be quite silent."""
SLOWEST_BYTES_PER_S = 1_000
MEASURED_S = 60.0
"""Over how long: one that has sent less in that time would need months."""
LIST_S = 120.0
"""How long a short file, such as the list of models, may take."""
OK = 200
_FIRST_SERVER_ERROR = 500
BLOCK_BYTES = 16_384
"""What comes in one piece at most."""


class CutOffError(VoicecoachError):
    """The connection did not come about, or ended too early: what has come so far is good, and more may come later."""


class TooSlowError(VoicecoachError):
    """It would take too long; what has come so far is good."""


class Patience:
    """How long a server may take for all that is asked of it, and how slowly it may send."""

    def __init__(self, longest_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to wait.

        Args:
            longest_s: For everything together.
            clock: Seconds that never run backwards.
        """
        self._clock = clock
        self._longest_s = longest_s
        self._began = self._measured_from = clock()
        self._bytes = 0

    def came(self, count: int) -> None:
        """So many bytes have come.

        Raises:
            TooSlowError: Patience is at its end.
        """
        now = self._clock()
        self._bytes += count
        measured_s = now - self._measured_from
        if now - self._began > self._longest_s:
            raise TooSlowError(f"it was not done after {_time(self._longest_s)}")
        if measured_s >= MEASURED_S:
            if self._bytes < SLOWEST_BYTES_PER_S * measured_s:
                raise TooSlowError(f"the server sent {self._bytes:,} bytes in {_time(measured_s)}, which is too slow")
            self._measured_from, self._bytes = now, 0


@contextmanager
def answer(
    url: str, headers: Mapping[str, str] | None = None, accept: Collection[int] = (OK,)
) -> Iterator[requests.Response]:
    """What the server says to a request; its body is read in the context, with `body`.

    Args:
        url: http or https.
        headers: What to say beside the usual.
        accept: The status codes that are no error.

    Raises:
        CutOffError: The server cannot be reached, or went away.
        TooSlowError: The answer did not begin within `ANSWER_S`.
        VoicecoachError: It says no, or nothing that can be understood.
    """
    # Bytes are counted and asked for by number, so they must come as they are, not compressed on the way.
    headers = {"Accept-Encoding": "identity", **(headers or {})}
    server = _server(url)
    try:
        with _within(ANSWER_S, lambda: requests.get(url, headers=headers, stream=True, timeout=PATIENCE_S)) as response:
            if response.status_code not in accept:
                raise VoicecoachError(_refusal(url, response.status_code))
            if urlsplit(url).scheme == "https" != urlsplit(response.url).scheme:
                raise VoicecoachError(
                    f"{server} sends us on to {response.url}, where anybody could be; try again later"
                )
            yield response
    except requests.exceptions.SSLError as error:
        raise VoicecoachError(f"{server} cannot prove that it is the one; is this machine's clock right?") from error
    except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError) as error:
        raise CutOffError(f"the connection to {server} was cut off") from error
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout, urllib3.exceptions.HTTPError) as error:
        raise CutOffError(f"{server} cannot be reached, or does not answer") from error
    except (requests.exceptions.RequestException, ValueError) as error:  # a broken redirection is a ValueError
        raise VoicecoachError(f"{url} cannot be fetched ({error}); check the address") from error


def body(response: requests.Response, most_bytes: int, patience: Patience) -> Iterator[bytes]:
    """The body of an answer, piece by piece, as it comes.

    Raises:
        TooSlowError: Patience is at its end.
        VoicecoachError: There is more of it than ``most_bytes``, or the server says so.
    """
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most_bytes:
        most_bytes = 0
    # Not `iter_content`: it comes back only with a whole piece, and a byte every two seconds would be waited for.
    while block := response.raw.read1(BLOCK_BYTES, decode_content=True):
        most_bytes -= len(block)
        if most_bytes < 0:
            raise VoicecoachError(f"{response.url} sends more than it should; nothing was changed")
        yield block
        patience.came(len(block))


def read(url: str, most_bytes: int) -> bytes:
    """All that is at an address.

    Raises:
        VoicecoachError: It cannot be had, or is longer than ``most_bytes``.
    """
    try:
        with answer(url) as response:
            return b"".join(body(response, most_bytes, Patience(LIST_S)))
    except (CutOffError, TooSlowError) as error:
        raise VoicecoachError(f"{error}; check the connection to the internet, or try again later") from error


def _within(longest_s: float, ask: Callable[[], requests.Response]) -> requests.Response:
    """What ``ask`` gives; a thread that is not done in time is left behind."""
    given: list[requests.Response | BaseException] = []

    def work() -> None:
        try:
            given.append(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            given.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(longest_s)
    if not given:
        raise TooSlowError(f"no answer came within {_time(longest_s)}")
    if isinstance(given[0], BaseException):
        raise given[0]
    return given[0]


def _time(seconds: float) -> str:
    for unit, one in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * one:
            return f"{seconds / one:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _server(url: str) -> str:
    """The name of the server that ``url`` asks, as far as it has one."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _refusal(url: str, status: int) -> str:
    if status >= _FIRST_SERVER_ERROR:
        return f"the server has trouble with {url} (it answers {status}); try again later"
    return f"there is nothing to get at {url} (the server answers {status}); check the name or the address"
