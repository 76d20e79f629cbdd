"""Soaking: what counts as growth, who lies beside the coach, and a few minutes of it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from soak_lib import simulated
from soak_lib.footprint import Footprint, footprint
from soak_lib.growth import MEMORY_MB, growth
from soak_lib.live_session import understood_as
from soak_lib.sleeper import Sleeper
from voicecoach.assembly import Assembly
from voicecoach.settings import Settings
from voicecoach.simulation.small_talk import SMALL_TALK

if TYPE_CHECKING:
    from pathlib import Path

USUAL = Footprint(memory_mb=100.0, childrens_memory_mb=30.0, files=12, threads=3, python_threads=2, children=1)


def hours(*changes: dict[str, float]) -> list[Footprint]:
    return [replace(USUAL, **change) for change in changes]  # type: ignore[arg-type]


# --- growth -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("memory_mb", 100.0 + MEMORY_MB),
        ("childrens_memory_mb", 30.0 + MEMORY_MB),
        ("files", 12),
        ("threads", 3),
        ("python_threads", 2),
        ("children", 1),
    ],
)
def test_what_grows_is_named_and_what_is_let_pass_is_not(field: str, most: float) -> None:
    assert growth(hours({}, *[{field: most}] * 7)) == []
    (line,) = growth(hours({}, *[{field: most + 1}] * 7))
    assert line.startswith(field.removesuffix("_mb").replace("_", " "))


def test_what_is_given_back_has_not_grown() -> None:
    assert growth(hours({}, {"memory_mb": 200.0, "files": 40}, {}, {})) == []
    assert growth(hours(*[{}] * 6, {"children": 3}, {})) == []


def test_an_hour_alone_has_nothing_to_be_compared_with() -> None:
    assert growth(hours({})) == []


# --- a footprint ------------------------------------------------------------------------------------------------------


def test_files_threads_and_children_are_counted(tmp_path: Path) -> None:
    before = footprint()
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    sleeping = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with (tmp_path / "open").open("w"), subprocess.Popen(sleeping, stdin=subprocess.PIPE) as child:
        thread.start()
        during = footprint()
        ends.set()
        thread.join()
        child.communicate()
    after = footprint()
    assert (during.children, during.threads) == (before.children + 1, before.threads + 1)
    assert during.files >= before.files + 2, "the file, and the pipe to the child"
    assert (after.children, after.files) == (before.children, before.files)
    assert before.memory_mb > 1.0


# --- who lies there ---------------------------------------------------------------------------------------------------


def said_by(seed: int, mode: str, *, wants_session: bool = True) -> list[tuple[int, str]]:
    """What somebody says within an hour, and in which second."""
    sleeper = Sleeper(seed, ["bedtime", "morning"])
    words = ((second, sleeper.says(second, mode, wants_session=wants_session)) for second in range(3600))
    return [(second, one) for second, one in words if one is not None]


@pytest.mark.parametrize("mode", ["rest", "asleep", "asking", "guiding"])
def test_the_seed_decides_what_is_said(mode: str) -> None:
    assert said_by(1, mode) == said_by(1, mode) != said_by(2, mode)
    assert {words for _, words in said_by(1, mode)} <= set(Sleeper(1, ["bedtime", "morning"]).vocabulary)


def test_a_session_is_begun_only_in_an_hour_that_has_one() -> None:
    assert all(words in ("start bedtime", "start morning") for _, words in said_by(3, "rest"))
    assert not any(words.startswith("start") for _, words in said_by(3, "rest", wants_session=False))


def test_every_word_of_a_session_is_one_that_the_coach_knows() -> None:
    known = Assembly(Settings()).all_phrases()
    sleeper = Sleeper(0, ["bedtime"])
    assert set(sleeper.vocabulary) - set(SMALL_TALK) <= known


@pytest.mark.parametrize(
    ("said", "line", "obeyed"),
    [
        ("that hurts", "02:10 you     that hurts", True),
        ("that hurts", "02:10 you     it hurts", True),
        ("that hurts", "02:10 you     stop", False),
        ("that hurts", "02:10 coach   I am sorry that it hurts", False),
        ("start bedtime routine", "00:07 you     start bedtime", True),
        ("start bedtime routine", "00:07 you     start wind down", False),
    ],
)
def test_a_command_is_obeyed_in_whatever_words_that_mean_the_same(said: str, line: str, *, obeyed: bool) -> None:
    assert bool(re.search(understood_as(said), line)) is obeyed


# --- a few minutes ----------------------------------------------------------------------------------------------------


def minutes(folder: Path) -> list[simulated.Row]:
    """Three "hours" of a minute: a session, and two of rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulated, "HOUR_S", 60.0)
        return list(simulated.live(3, 1, 3, folder, everything_said=False))


@pytest.mark.sound
def test_minutes_of_sessions_and_rest_leave_nothing_behind(tmp_path: Path) -> None:
    """In a process of its own: what other tests leave in memory, and give back one day, is none of it."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        rows = process.submit(minutes, tmp_path).result()
    assert [row.hour for row in rows] == [1, 2, 3]
    assert rows[0].said > 0
    assert growth([row.footprint for row in rows]) == []
