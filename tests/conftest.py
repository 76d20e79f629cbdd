"""Fixtures that several test files share, and what is said of tests that were left out."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from left_out import could_be_had, left_out

from soak_lib.virtual_room import VirtualRoom, missing_part
from voicecoach.languages import loading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.languages.commands import Wanted
    from voicecoach.languages.language import Language

# A busy machine is no reason for a property to fail.
settings.register_profile("any machine", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("quick" if os.environ.get("VOICECOACH_TESTS") == "quick" else "any machine")

SAMPLED = {
    "test_a_scene_with_a_speaker_that_takes_blocks_whenever_it_likes": 3,
    "test_a_session_that_is_killed_loses_nothing": 7,
    "test_over_the_night_in_which_the_clocks_are_set": 7,
    "test_two_weeks_of_nights": 7,
}
"""Tests with many values that take seconds each: one in so many belongs to a usual run, the others are exhaustive.
The numbers share no factor with how many values there are of a kind, so that each kind comes."""

LONG = (
    *("acoustic_scene", "channel_mix", "clips", "echo", "echo_delay", "echo_path", "gate", "kaldi_model", "late_echo"),
    *("home_broker", "house", "models_cli", "modelstore_download", "supervision"),
    *("modelstore_getting", "packaging", "progress_plot", "rehearsal", "scripts", "sound_check", "synthesizer"),
    *("models", "modelstore_archive", "scenario_recording", "session_picture"),
    *("thirty_nights", "two_threads", "vocabulary_added_words", "vocabulary_graph", "vocabulary_hearing"),
)
"""Files whose tests take seconds, or start many processes; a single such test is marked ``long`` where it stands."""
QUICK_SCENES = (
    "[first-evening]",
    "[hurts-easier]",
    "[pause-in-a-hold]",
    "[questions]",
    "[red-flag]",
    "[stop-and-continue]",
)
"""Of those that are played as text; the others are long."""


def pytest_configure() -> None:
    with suppress(ValueError):  # not the main thread: then nobody has set it there
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as in a terminal, also where nohup runs the tests


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.path.stem.removeprefix("test_")
        is_long_scene = name == "scenes" and not item.name.endswith(QUICK_SCENES)
        if name in LONG or name.startswith("benchmark_") or is_long_scene:
            item.add_marker(pytest.mark.long)
    for test, one_in in SAMPLED.items():
        values = sorted((item for item in items if item.name.startswith(f"{test}[")), key=lambda item: item.nodeid)
        for number, item in enumerate(values):
            if number % one_in:
                item.add_marker(pytest.mark.exhaustive)


@pytest.fixture(autouse=True, scope="session")
def _the_languages_that_ship_are_read_once() -> Iterator[None]:
    """Nothing changes their files, and hundreds of tests read them."""
    read, kept = loading._read, {}  # noqa: SLF001 - the one place where every language is read

    def read_once(key: str, folder: Path, wanted: Wanted) -> Language:
        if folder.parent != loading.LANGUAGES:
            return read(key, folder, wanted)
        asked_for = folder, frozenset(wanted.commands), frozenset(wanted.sentences)
        if asked_for not in kept:
            kept[asked_for] = read(key, folder, wanted)
        return kept[asked_for]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_read", read_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_log_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What libraries print in a test is not written into the log of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def virtual_room(tmp_path: Path) -> Iterator[VirtualRoom]:
    """A software sound card without an echo; where the machine lacks the parts, the test is skipped."""
    if reason := missing_part():
        pytest.skip(reason)
    with VirtualRoom(tmp_path / "room") as room:
        yield room


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nothing-left-out",
        action="store_true",
        help="fail where a test was skipped for something that could be installed",
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--nothing-left-out") and could_be_had(_left_out(session.config)):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reasons = _left_out(config)
    if not reasons:
        return
    terminalreporter.section("left out")
    for reason, count in reasons.items():
        terminalreporter.line(f"{count:5}  {reason}")
    if could_be_had(reasons):
        terminalreporter.line("scripts/test --all installs what is needed and runs these too.")


def _left_out(config: pytest.Config) -> dict[str, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return left_out(reporter.stats.get("skipped", ())) if reporter else {}
