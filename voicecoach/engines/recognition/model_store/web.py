"""Asks a server for something; every way in which that can fail is one line for a person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

PATIENCE_S = (10.0, 30.0)
"""How long a connection may take to come about, and how long a server may then be silent."""
OK = 200
_FIRST_SERVER_ERROR = 500
BLOCK_BYTES = 16_384
"""What comes in one piece: small, because a piece that is cut off is lost whole."""


class CutOffError(VoicecoachError):
    """The connection did not come about, or ended too early: what has come so far is good, and more may come later."""


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
        VoicecoachError: It says no, or nothing that can be understood.
    """
    # Bytes are counted and asked for by number, so they must come as they are, not compressed on the way.
    headers = {"Accept-Encoding": "identity", **(headers or {})}
    server = _server(url)
    try:
        with requests.get(url, headers=headers, stream=True, timeout=PATIENCE_S) as response:
            if response.status_code not in accept:
                raise VoicecoachError(_refusal(url, response.status_code))
            if urlsplit(url).scheme == "https" != urlsplit(response.url).scheme:
                raise VoicecoachError(
                    f"{server} sends us on to {response.url}, where anybody could be; try again later"
                )
            yield response
    except requests.exceptions.SSLError as error:
        raise VoicecoachError(f"{server} cannot prove that it is the one; is this machine's clock right?") from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise CutOffError(f"the connection to {server} was cut off") from error
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
        raise CutOffError(f"{server} cannot be reached, or does not answer") from error
    except (requests.exceptions.RequestException, ValueError) as error:  # a broken redirection is a ValueError
        raise VoicecoachError(f"{url} cannot be fetched ({error}); check the address") from error


def body(response: requests.Response, most_bytes: int) -> Iterator[bytes]:
    """The body of an answer, piece by piece.

    Raises:
        VoicecoachError: There is more of it than ``most_bytes``, or the server says so.
    """
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most_bytes:
        most_bytes = 0
    for block in response.iter_content(BLOCK_BYTES):
        most_bytes -= len(block)
        if most_bytes < 0:
            raise VoicecoachError(f"{response.url} sends more than it should; nothing was changed")
        yield block


def read(url: str, most_bytes: int) -> bytes:
    """All that is at an address.

    Raises:
        VoicecoachError: It cannot be had, or is longer than ``most_bytes``.
    """
    try:
        with answer(url) as response:
            return b"".join(body(response, most_bytes))
    except CutOffError as error:
        raise VoicecoachError(f"{error}; check the connection to the internet, or try again later") from error


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
