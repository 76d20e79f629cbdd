"""Live sessions in virtual rooms, several at a time beside a busy process, and a table of what came of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np

from soak_lib.live_session import GUIDED, RESTING, URGENT, Session, live_session
from soak_lib.virtual_room import missing_part
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import MissingPartError
from voicecoach.speaking.disk import pack
from voicecoach.speaking.finish import finish

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

VOICES: Final = (Voice("en-us+m3", 140), Voice("en-gb+f4", 140), Voice("en-us+f2", 130))
WORDS: Final = (*RESTING, *GUIDED, *sorted(URGENT), "continue", "no")
MOST_LOST: Final = 0.2
"""A share of all commands that is lost, and the run has failed; so has one in which nothing was said."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command line can say of it."""
    parser.add_argument("--live", type=int, metavar="SESSIONS", help="run so many live sessions in virtual rooms")
    parser.add_argument("--minutes", type=float, default=None, help="begin no session after so many minutes")
    parser.add_argument("--commands", type=int, default=40, help="said in each (40)")
    parser.add_argument("--at-once", type=int, default=2, help="sessions at a time (2)")


def soak(options: argparse.Namespace) -> int:
    """Run the sessions; 0 where none died, few commands were lost, and no urgent one that was said twice.

    Raises:
        MissingPartError: This machine lacks what a virtual room needs.
    """
    if reason := missing_part():
        raise MissingPartError(reason)
    until_s = time.monotonic() + 60 * (options.minutes if options.minutes is not None else 1e9)
    sessions: list[Session] = []
    with TemporaryDirectory(prefix="soak-") as folder, _busy_process(), ThreadPoolExecutor(options.at_once) as pool:
        top = Path(folder)
        words = [_spoken(voice, top / f"person-{number}") for number, voice in enumerate(VOICES)]
        _warm_up(options.seed, top, words[0])

        def run(number: int) -> Session | None:
            if time.monotonic() > until_s:
                return None
            seed = options.seed + number
            place = top / str(number)
            place.mkdir()
            return live_session(seed, options.commands, place, top / "cache", words[seed % len(words)])

        for done in as_completed([pool.submit(run, number) for number in range(options.live)]):
            session = done.result()
            if session is not None:
                sessions.append(session)
                _print_row(session)
    return _sum_up(sessions)


def _warm_up(seed: int, top: Path, words: Mapping[str, Path]) -> None:
    """Have the clips rendered once, not by each session at the same time."""
    place = top / "first"
    place.mkdir()
    live_session(seed, 0, place, top / "cache", words)


def _spoken(voice: Voice, folder: Path) -> dict[str, Path]:
    """A file of each of `WORDS`."""
    folder.mkdir()
    files = {}
    with EspeakSynthesizer() as synthesizer:
        for words in WORDS:
            samples, rate_hz = synthesizer.render(words, voice)
            sound = finish(samples.astype(np.float32) / np.float32(32768), rate_hz)
            files[words] = folder / f"{words.replace(' ', '-')}.wav"
            files[words].write_bytes(pack((np.round(sound * 32767).astype(np.int16), rate_hz)))
    return files


@contextmanager
def _busy_process() -> Iterator[None]:
    """Something else that computes as fast as it can."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _print_row(session: Session) -> None:
    urgent, others = session.lost(urgent=True), session.lost(urgent=False)
    lost = ", ".join(f"{one.words} ({one.fault or 'no fault'})" for one in (*urgent, *others)) or "-"
    print(f"seed {session.seed:>4}  {len(session.said):>3} said  lost: {lost}", flush=True)
    for one in urgent:
        again = "and obeyed the second time" if one.again_s is not None else "AND LOST AGAIN"
        print(f"           {one.words}: heard {one.instead}; {again}", flush=True)
    if session.died:
        print(f"  DIED: {session.died}", flush=True)


def _sum_up(sessions: Sequence[Session]) -> int:
    said = [one for session in sessions for one in session.said]
    dead = [session for session in sessions if session.died]
    print(f"\n{'sessions':<24}{len(sessions):>6}   commands{len(said):>7}   at once on {os.cpu_count()} cores")
    print(f"{'deaths':<24}{len(dead):>6}")
    for name, chosen in (
        ("urgent", [one for one in said if one.words in URGENT]),
        ("others", [one for one in said if one.words not in URGENT]),
        ("while something is wrong", [one for one in said if one.fault]),
    ):
        took = sorted(one.obeyed_s for one in chosen if one.obeyed_s is not None)
        lost = len(chosen) - len(took)
        p50, p95 = (statistics.median(took), took[ceil(0.95 * len(took)) - 1]) if took else (float("nan"),) * 2
        print(f"{name:<24}{len(chosen):>6}   lost {lost:>4}   understood after p50 {p50:.2f} s, p95 {p95:.2f} s")
    print(f"{'urgent, lost twice':<24}{sum(len(session.lost_twice) for session in sessions):>6}")
    deaf = [taken for session in sessions for taken in session.deaf_s]
    told = [taken for taken in deaf if taken is not None]
    print(f"{'microphone muted':<24}{len(deaf):>6}   untold{len(deaf) - len(told):>4}   told after at most ", end="")
    print(f"{max(told, default=float('nan')):.1f} s")
    lost = sum(one.obeyed_s is None for one in said)
    lost_twice = any(session.lost_twice for session in sessions)
    return 1 if dead or len(told) < len(deaf) or lost_twice or lost >= MOST_LOST * len(said) else 0
