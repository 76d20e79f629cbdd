"""The same done to many things, in this process or in several side by side."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from functools import cache, partial
from threading import Thread
from typing import TYPE_CHECKING, TypeVar, cast

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Thing = TypeVar("_Thing")
_Outcome = TypeVar("_Outcome")


def done_to_each(
    make: Callable[[], Callable[[_Thing], _Outcome]], things: Sequence[_Thing], workers: int
) -> Iterator[_Outcome]:
    """What is done to each of ``things``, in their order.

    Args:
        make: Called once in each process, gives what is done to a thing; can be pickled where there are several.
        things: Can be pickled too.
        workers: Processes; with 1 it is done in this one.

    Raises:
        VoicecoachError: Raised by what is done, or a process was ended from outside.
    """
    if workers == 1:
        yield from map(make(), things)
        return
    # Fresh processes, since a copy of one that has threads may stand still.
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, fresh, partial(_begin, make))
    try:
        yield from cast("Iterator[_Outcome]", pool.map(_do, things))
    except BrokenProcessPool:
        raise VoicecoachError(
            "one of the processes was ended from outside, perhaps for want of memory; try fewer --workers"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


_MAKE: ContextVar[Callable[[], Callable[[object], object]]] = ContextVar("_MAKE")
"""Of this process."""


def _begin(make: Callable[[], Callable[[_Thing], _Outcome]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches every process; the one who waits says something
    Thread(target=_end_with_parent, daemon=True).start()
    _MAKE.set(cast("Callable[[], Callable[[object], object]]", make))


def _end_with_parent() -> None:
    """A pool that is killed cannot send its processes home."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


@cache
def _made() -> Callable[[object], object]:
    """Made for the first thing and not when the process begins, so that its errors reach the one who waits."""
    return _MAKE.get()()


def _do(thing: object) -> object:
    return _made()(thing)
