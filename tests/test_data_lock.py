"""One coach at a time on a data folder, however the one before has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach import data_lock
from voicecoach.data_lock import FILE, data_folder_lock
from voicecoach.errors import AlreadyRunningError

HOLDS = """
import sys
from pathlib import Path
from voicecoach.data_lock import data_folder_lock
with data_folder_lock(Path(sys.argv[1])):
    print("at work", flush=True)
    sys.stdin.read()
"""


def another(folder: Path) -> subprocess.Popen[str]:
    """Another coach, in a process of its own, that is at work."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


def test_the_second_says_so_in_one_line_and_the_first_goes_on(tmp_path: Path) -> None:
    with another(tmp_path) as first:
        with pytest.raises(AlreadyRunningError) as error, data_folder_lock(tmp_path):
            pytest.fail("two coaches")
        line = f"another coach (process {first.pid}) is at work with the history in {tmp_path}; end that one first"
        assert str(error.value) == line
        assert first.poll() is None
        first.communicate()
    with data_folder_lock(tmp_path):
        pass


def test_one_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with another(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
        assert (tmp_path / FILE).read_text() == f"{first.pid}\n"
        with data_folder_lock(tmp_path):
            assert (tmp_path / FILE).read_text() == f"{os.getpid()}\n"


def test_folders_are_apart(tmp_path: Path) -> None:
    with data_folder_lock(tmp_path / "ada"), data_folder_lock(tmp_path / "bob"):
        assert (tmp_path / "ada" / FILE).stat().st_mode & 0o777 == 0o600


def test_a_coach_that_is_a_service_is_ended_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_lock, "_is_of", lambda _process, service: service == "voicecoach.service")
    with (
        data_folder_lock(tmp_path, "voicecoach.service"),
        pytest.raises(AlreadyRunningError, match=r"; type: systemctl --user stop voicecoach\.service$"),
        data_folder_lock(tmp_path, "voicecoach.service"),
    ):
        pass


def test_where_no_file_can_be_made_the_coach_works_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with data_folder_lock(tmp_path / "file" / "data"), data_folder_lock(tmp_path / "file" / "data"):
        pass
