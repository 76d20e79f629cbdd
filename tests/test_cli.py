"""The command line, as a person types it: what it prints, what it returns, one plain line when something is wrong."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
import wave
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voicecoach.cli.main import COMMANDS, main
from voicecoach.journal.looking import records_in
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact, Record

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings, routines or cache are read or written by a test."""
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    return tmp_path


@pytest.fixture
def config(a_home_of_its_own: Path) -> Path:
    folder = a_home_of_its_own / "config" / "voicecoach"
    (folder / "routines").mkdir(parents=True)
    return folder


class Typed:
    """What came of a command."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        capsys.readouterr()
        try:
            self.code = main(arguments)
        except SystemExit as leaving:
            self.code = int(leaving.code or 0)
        captured = capsys.readouterr()
        self.out, self.err = captured.out, captured.err


def test_routines_are_listed_with_their_length(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "routines")
    assert typed.code == 0
    assert [line.split()[0] for line in typed.out.splitlines()] == [
        "back-strength", "bedtime", "deep-bedtime", "in-bed-basics", "in-bed-basics-morning", "morning", "wind-down",
    ]  # fmt: skip
    assert all(" min " in line for line in typed.out.splitlines())


def test_a_routine_is_shown_with_times(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "routines", "show", "bedtime")
    assert typed.code == 0
    assert "Bedtime Stretches To Relieve Lower Back Pain (003)" in typed.out
    assert "  0:00.0  Here is the bedtime routine: eight stretches" in typed.out
    assert "And last, the spinal twist." in typed.out


def test_a_name_that_is_nearly_right_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "routines", "show", "bedtme")
    assert (typed.code, typed.out) == (64, "")
    assert typed.err == 'voicecoach: there is no routine "bedtme"; did you mean bedtime or deep-bedtime?\n'


def test_a_rehearsal_as_text_leaves_sound_transcript_and_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typed(capsys, "rehearse", "in-bed-basics", "--text", "--out", str(tmp_path / "night"))
    assert typed.code == 0
    assert "you   start in bed basics" in typed.out or "you   start bed basics" in typed.out
    transcript = (tmp_path / "night" / "transcript.md").read_text(encoding="utf-8")
    assert "Everything came about as it should." in transcript
    assert (tmp_path / "night" / "session.png").read_bytes().startswith(b"\x89PNG")
    with wave.open(str(tmp_path / "night" / "session.wav")) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (2, 16_000)
        assert sound.getnframes() > 120 * 16_000


def test_a_scenario_that_does_not_come_about_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "night.yaml"
    scenario.write_text(
        "title: A wish\nroutine: wind-down\nturns:\n"
        "  - say: start wind down\n    after: 1 s\n  - expect: pancakes\n    within: 20 s\n"
    )
    typed = Typed(capsys, "rehearse", "--scenario", str(scenario), "--text")
    assert typed.code == 1
    assert f"{scenario}:6" in typed.err
    assert "pancakes" in typed.err


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("night.yaml", "title: x\nroutine: wind-down\ntunes: []\n", ":3:1:"),
        ("night.yaml", "title: x\nroutine: wind-down\nturns:\n  - say: hello\n    after: soon\n", ":5:12:"),
        ("night.yaml", "title: x\nroutine: [\n", "night.yaml:"),
    ],
)
def test_a_bad_scenario_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, expected: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    typed = Typed(capsys, "rehearse", "--scenario", str(path), "--text")
    assert typed.code == 65
    assert expected in typed.err
    assert len(typed.err.splitlines()) == 1


def test_a_scenario_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    typed = Typed(capsys, "rehearse", "--scenario", str(tmp_path / "none.yaml"), "--text")
    assert typed.code == 66
    assert len(typed.err.splitlines()) == 1


def test_a_typed_rehearsal_is_recorded_and_plays_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "typed.yaml"
    monkeypatch.setattr("sys.stdin", io.StringIO("start wind down\n+20\npause\n\n"))
    typed = Typed(capsys, "rehearse", "wind-down", "--type", "--record", str(file))
    assert (typed.code, typed.err) == (0, "")
    assert typed.out.startswith("Type what the person says; an empty line lets 5 seconds pass")
    again = Typed(capsys, "rehearse", "--scenario", str(file), "--text")
    said = [line.split()[1:] for line in again.out.splitlines()]
    assert [words for words in said if words[:1] == ["you"]] == [
        ["you", "start", "wind", "down"],
        ["you", "pause"],
    ]


def test_a_recording_that_cannot_be_written_is_told_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none" / "typed.yaml"
    typed = Typed(capsys, "rehearse", "wind-down", "--text", "--record", str(file))
    assert (typed.code, typed.out) == (73, "")
    assert (
        typed.err
        == f"voicecoach: {file} cannot be written (No such file or directory); name another file with --record\n"
    )


def test_a_rehearsal_remembers_in_a_history_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, history = tmp_path / "first.yaml", tmp_path / "second.yaml", tmp_path / "nights.sqlite3"
    first.write_text(
        "title: A cut\nroutine: wind-down\nturns:\n  - {say: start wind down, after: 1 s}\n"
        "  - {expect: we begin with, within: 1 min}\n"
    )
    second.write_text(
        "title: The next day\nroutine: wind-down\nat: 2026-01-16 22:00\nhistory: new\nturns:\n"
        "  - {say: start wind down, after: 1 s}\n  - {expect: here is the wind down, within: 2 s}\n"
    )
    for scenario in (first, second):  # who has answered everything in the first is asked nothing in the second
        typed = Typed(capsys, "rehearse", "--scenario", str(scenario), "--text", "--history", str(history))
        assert (typed.code, typed.err) == (0, "")
    assert sum(record.what is Fact.SESSION_STARTED for record in records_in(history)) == 2
    assert not (tmp_path / "data").exists()


@pytest.fixture
def two_sessions(a_home_of_its_own: Path) -> Path:
    """A history with two sessions of yesterday and the day before."""
    path = a_home_of_its_own / "data" / "voicecoach" / "journal.sqlite3"
    with closing(Journal(path, pytest.fail)) as journal:
        for days in (2, 1):
            began = datetime.now(UTC) - timedelta(days=days)
            journal.add(Record(began, Fact.SESSION_STARTED, "bedtime"))
            journal.add(Record(began + timedelta(minutes=10), Fact.SESSION_FINISHED, "bedtime"))
    return path


@pytest.mark.usefixtures("two_sessions")
def test_progress_is_told_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "progress", "--plot", str(tmp_path / "progress.png"))
    assert (typed.code, typed.err) == (0, "")
    assert typed.out.startswith("In the last seven days: 2 sessions, 20 minutes in all.")
    assert (tmp_path / "progress.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("two_sessions")
def test_the_history_can_be_taken_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "history", "export", "--csv", str(tmp_path / "mine.csv"))
    assert (typed.code, typed.err) == (0, "")
    lines = (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "time,what,about,side,second,value"
    assert [line.split(",")[1] for line in lines[1:]] == ["session started", "session finished"] * 2


def test_the_history_can_be_deleted(two_sessions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "history", "delete", "--yes")
    assert (typed.code, typed.err) == (0, "")
    assert not two_sessions.exists()
    assert Typed(capsys, "progress").out == "There is nothing to show yet. After your first session there will be.\n"


def test_a_scenario_of_an_unknown_routine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "night.yaml"
    path.write_text("title: x\nroutine: bedtme\nturns:\n  - say: hello\n    after: 1 s\n")
    typed = Typed(capsys, "rehearse", "--scenario", str(path), "--text")
    assert typed.code == 64
    assert "did you mean bedtime" in typed.err


def test_an_out_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    typed = Typed(capsys, "rehearse", "wind-down", "--text", "--out", str(tmp_path / "file" / "night"))
    assert typed.code == 73
    assert "--out" in typed.err
    assert len(typed.err.splitlines()) == 1


def test_a_routine_of_the_users_own_is_found_and_may_shadow(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dose = (TOP / "routines" / "wind-down.yaml").read_text(encoding="utf-8")
    words = (TOP / "routines" / "text" / "en" / "routines" / "wind-down.yaml").read_text(encoding="utf-8")
    mine = words.replace("title: Wind down", "title: My own evening") + dose
    (config / "routines" / "wind-down.yaml").write_text(mine)
    typed = Typed(capsys, "routines")
    assert "My own evening" in typed.out


def test_a_broken_routine_is_named_and_the_others_still_work(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config / "routines" / "mine.yaml").write_text("title: Mine\nstretches: []\n")
    typed = Typed(capsys, "routines")
    assert typed.code == 0
    assert "mine.yaml:" in typed.err
    assert len(typed.out.splitlines()) == 7


def test_checking_files(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = config / "routines" / "mine.yaml"
    broken.write_text("titel: Mine\n")
    typed = Typed(capsys, "routines", "check", str(TOP / "routines" / "bedtime.yaml"), str(broken))
    assert typed.code == 65
    assert "bedtime.yaml: well" in typed.out
    assert "mine.yaml:1:1:" in typed.err


def test_settings_that_are_wrong_stop_everything_with_their_place(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "settings.yaml").write_text("volume: loud\n")
    typed = Typed(capsys, "routines")
    assert typed.code == 78
    assert "settings.yaml:1:9:" in typed.err


def test_the_doctor_works_with_settings_that_are_wrong(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config / "settings.yaml").write_text("volume: loud\n")
    typed = Typed(capsys, "doctor")
    assert typed.code == 1
    assert "no  settings:" in typed.out


def test_the_doctor_looks_at_what_the_settings_name(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config / "settings.yaml").write_text("model: /no/such/model\n")
    typed = Typed(capsys, "doctor")
    assert "no  model: " in typed.out
    assert "/no/such/model" in typed.out


def test_a_sound_check_without_devices_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "--device-in", "no such microphone", "doctor", "--listen")
    assert typed.code == 1
    assert typed.out.startswith("no  sound card: ")


def test_a_sound_check_is_not_made_with_settings_that_are_wrong(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "settings.yaml").write_text("echo: loud\n")
    typed = Typed(capsys, "doctor", "--listen")
    assert typed.code == 78
    assert "settings.yaml:1:7:" in typed.err


def test_a_usual_routine_that_is_not_there_names_the_settings(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config / "settings.yaml").write_text("usual_routine: bedtme\n")
    typed = Typed(capsys, "rehearse", "wind-down", "--text")
    assert typed.code == 64
    assert "settings.yaml" in typed.err
    assert "did you mean bedtime" in typed.err


def test_a_full_disk_behind_the_output_is_one_line() -> None:
    command = f"{shlex.quote(sys.executable)} -m voicecoach routines show bedtime > /dev/full"
    done = subprocess.run(["sh", "-c", command], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 74
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["rehearse", "--seed", "minus"], ["rehearse", "--seed", "-1"], ["frobnicate"]])
def test_a_command_line_that_means_nothing(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert Typed(capsys, *arguments).code == 64


def test_a_command_has_a_file_of_its_name_and_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "--help")
    assert typed.code == 0
    named = re.findall(r"^    (\w+) ", typed.out, re.MULTILINE)
    assert named == [command.__name__.rpartition(".")[2] for command in COMMANDS]


@pytest.mark.parametrize(
    ("arguments", "verbose"),
    [
        ([], False),
        (["--verbose"], True),
        (["run"], False),
        (["run", "--verbose"], True),
        (["--verbose", "run"], True),
        (["--tell"], True),  # as in earlier versions
        (["run", "--tell"], True),
    ],
)
def test_what_is_understood_is_printed_only_where_it_is_wished(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, *, verbose: bool
) -> None:
    monkeypatch.setattr("voicecoach.app.run", lambda _, *, verbose, **__: int(verbose))
    assert main(arguments) == int(verbose)


def test_the_old_name_of_an_option_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--tell" not in Typed(capsys, "run", "--help").out


def test_options_of_the_default_command_count_for_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typed(capsys, "--model", str(tmp_path / "nothing"), "rehearse", "wind-down")
    assert typed.code == 69
    assert str(tmp_path / "nothing") in typed.err


def test_a_model_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys, "rehearse", "wind-down", "--model", str(tmp_path / "nothing"))
    assert typed.code == 69
    assert str(tmp_path / "nothing") in typed.err
    assert len(typed.err.splitlines()) == 1
