"""A line that cannot be printed ends nothing; what C libraries print is in the log, and our own lines are not."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import pytest

from voicecoach import standard_streams
from voicecoach.console_log import ConsoleLog, warn
from voicecoach.languages.commands import Command, Meaning
from voicecoach.session_events import Understood
from voicecoach.standard_streams import LossyStream, in_order, libraries_in_log, non_blocking_output, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOP = Path(__file__).resolve().parent.parent


class Broken(io.StringIO):
    """Refuses everything."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def write(self, _: str) -> int:
        raise self._error

    def flush(self) -> None:
        raise self._error


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


CANNOT_BE_WRITTEN: dict[str, Callable[[], io.StringIO | None]] = {
    "a full disk": lambda: Broken(OSError(28, "No space left on device")),
    "nobody reads": lambda: Broken(BrokenPipeError(32, "Broken pipe")),
    "the terminal has gone": lambda: Broken(OSError(5, "Input/output error")),
    "closed": closed,
    "never there": lambda: None,
}


BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""As a person's shell has it: what was printed may wait until the process ends."""


@contextmanager
def broken_streams(how: str) -> Iterator[None]:
    """Not a fixture: between the set-up of a test and the test, pytest puts streams of its own there."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("tuple[TextIO, TextIO]", (CANNOT_BE_WRITTEN[how](), CANNOT_BE_WRITTEN[how]()))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


@pytest.mark.parametrize("how", CANNOT_BE_WRITTEN)
def test_whatever_is_printed_in_a_session_ends_nothing(how: str) -> None:
    with broken_streams(how), in_order(), non_blocking_output():
        print("I am listening.", flush=True)
        ConsoleLog()(Understood("stop", Meaning(Command.STOP), 1.0, began_s=0.0, ended_s=1.0))
        print("something is wrong", file=sys.stderr)
        warn("the microphone has gone")


@pytest.mark.parametrize("how", CANNOT_BE_WRITTEN)
def test_a_warning_ends_no_command_either(how: str) -> None:
    with broken_streams(how), in_order():
        warn("a routine is broken")


def test_what_is_printed_comes_out_whole_and_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    with in_order(), non_blocking_output():
        for number in range(200):
            print(number)
        warn("that was all")
    out, err = capsys.readouterr()
    assert out.split() == [str(number) for number in range(200)]
    assert err == "voicecoach: that was all\n"


def test_a_terminal_that_is_held_holds_up_nobody() -> None:
    """Somebody pressed Ctrl-S, or reads in "less"."""
    hears, says = os.pipe()
    with os.fdopen(says, "w", encoding="utf-8") as pipe:
        stream = LossyStream(pipe)
        for _ in range(5 * standard_streams.MOST_WAITING):
            stream.write("x" * 1000)
        assert os.read(hears, 1000) == b"x" * 1000
        os.close(hears)
        stream.close()


def test_a_letter_that_the_terminal_cannot_show_is_written_as_it_can_be(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as file:
        stream = LossyStream(file)
        stream.write("child\N{RIGHT SINGLE QUOTATION MARK}s pose\n")
        stream.close()
    assert (tmp_path / "out").read_text(encoding="ascii") == "child\\u2019s pose\n"


# --- what C libraries print -------------------------------------------------------------------------------------------


def test_the_words_of_libraries_are_in_the_log_and_ours_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with os.fdopen(2, "w", 1, encoding="utf-8", closefd=False) as ours:
        monkeypatch.setattr(sys, "stderr", ours)
        with libraries_in_log(tmp_path / "deep" / "log"):
            os.write(2, b"ALSA lib pcm.c:2666: Unknown PCM\n")
            thread = threading.Thread(target=warn, args=["the microphone has gone"])
            thread.start()
            thread.join()
        os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "voicecoach: the microphone has gone\nafterwards\n"
    assert (tmp_path / "deep" / "log").read_text() == "ALSA lib pcm.c:2666: Unknown PCM\n"


def test_where_no_log_can_be_written_the_words_are_lost_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with libraries_in_log(tmp_path / "file" / "log"):
        os.write(2, b"ALSA lib\n")
    assert capfd.readouterr().err == ""


def test_the_log_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standard_streams, "LARGEST_LOG_BYTES", 100)
    log = tmp_path / "log"
    for evening in range(3):
        with libraries_in_log(log):
            os.write(2, b"%d" % evening * 101)
    assert log.read_text() == "2" * 101
    assert log.with_name("log.old").read_text() == "1" * 101
    with log.open("ab") as file:
        shorten(file.fileno())
    assert log.read_text() == ""


# --- as processes -----------------------------------------------------------------------------------------------------

SESSION = """
import os, sys
from voicecoach.console_log import warn
from voicecoach.standard_streams import in_order, libraries_in_log, non_blocking_output
from pathlib import Path
with in_order():
    standard = all(Path(f"/proc/self/fd/{number}").exists() for number in range(3))
with in_order(), libraries_in_log(Path(sys.argv[1], "log")), non_blocking_output():
    with open(Path(sys.argv[1], "history"), "w") as history:
        for _ in range(50):
            print("a line of a session")
            warn("a warning")
            os.write(2, b"ALSA lib\\n")
        history.write(f"kept {standard and history.fileno() > 2}")
sys.exit(7)
"""


@pytest.mark.parametrize(
    "redirection",
    ["> /dev/full", "2> /dev/full", "> /dev/full 2>&1", ">&-", "2>&-", "<&- >&- 2>&-", "| true", "2>&1 | true"],
)
def test_a_process_without_its_streams_goes_on_to_its_own_end(tmp_path: Path, redirection: str) -> None:
    script = tmp_path / "session.py"
    script.write_text(SESSION)
    # The exit code of the session, not of what reads from it.
    command = f'{{ "{sys.executable}" "{script}" "{tmp_path}"; echo $? > "{tmp_path}/code"; }} {redirection}'
    subprocess.run(["sh", "-c", command], cwd=TOP, env=BUFFERED | {"PYTHONPATH": str(TOP)}, timeout=200, check=False)
    assert (tmp_path / "history").read_text() == "kept True"
    assert (tmp_path / "log").read_text() == "ALSA lib\n" * 50
    assert (tmp_path / "code").read_text().strip() == "7"


@pytest.mark.long
@pytest.mark.parametrize("arguments", ["routines", "routines show bedtime", "--help", "models"])
def test_a_full_disk_is_one_line_and_a_reader_who_leaves_none(arguments: str) -> None:
    program = f'"{sys.executable}" -m voicecoach {arguments}'

    def run(redirection: str) -> str:
        command = ["sh", "-c", f"{program} {redirection}"]
        return subprocess.run(command, cwd=TOP, env=BUFFERED, capture_output=True, text=True, check=False).stderr

    line = "voicecoach: No space left on device; make room on the disk, or print elsewhere\n"
    assert run("> /dev/full") == ("" if arguments == "--help" else line)
    assert run("| true") == ""
