"""The commands in ``scripts/`` on a pretended machine: what they install, when, and what they say."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pretended_machine import CHECKOUT, Machine

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

COMMANDS = ["scripts/coach", "scripts/test", "scripts/lint", ".ci/run"]
LIBRARIES = "lacks libportaudio2\nlacks espeak-ng\n"
INSTALL = "apt-get --option DPkg::Lock::Timeout=120 install --yes --no-install-recommends"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def set_up(machine: Machine) -> Machine:
    """A machine on which the coach has been started before."""
    assert machine.start("scripts/coach").returncode == 0
    machine.calls()
    return machine


def venv_call(machine: Machine) -> str:
    return f"venv {machine.checkout}/.venv"


# --- the files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*COMMANDS, "scripts/_setup.sh"])
def test_its_syntax_is_right(command: str) -> None:
    subprocess.run(["bash", "-n", CHECKOUT / command], check=True)


@pytest.mark.parametrize("command", COMMANDS)
def test_it_can_be_executed(command: str) -> None:
    assert os.access(CHECKOUT / command, os.X_OK)


# --- the first start and the next -------------------------------------------------------------------------------------


def test_the_first_start_sets_up_and_hands_the_arguments_over(machine: Machine) -> None:
    done = machine.start("scripts/coach", "rehearse", "two words", "", "--out", "*")
    assert done.stdout.splitlines() == ["<rehearse>", "<two words>", "<>", "<--out>", "<*>"]
    assert machine.calls() == [venv_call(machine), "pip check out ."]
    assert machine.logs() == []


def test_the_second_start_does_nothing_and_says_nothing(set_up: Machine) -> None:
    done = set_up.start("scripts/coach", "doctor")
    assert (done.stdout, done.stderr, done.returncode) == ("<doctor>\n", "", 0)
    assert set_up.calls() == []


def test_what_is_turned_on_brings_its_packages_along(set_up: Machine, tmp_path: Path) -> None:
    set_up.start("scripts/coach", "home", "connect", "broker")
    assert set_up.calls() == ["pip check out .[home]"]
    settings = tmp_path / "home" / ".config" / "voicecoach"
    settings.mkdir(parents=True)
    (settings / "home.yaml").touch()
    set_up.start("scripts/coach")
    assert set_up.calls() == [], "it is there"
    (settings / "settings.yaml").write_text("volume: -8\nbuttons:\n  - {key: KEY_A, press: next}\n", encoding="utf-8")
    set_up.start("scripts/coach")
    assert set_up.calls()[-1] == "pip check out .[home,buttons]"


def test_the_exit_code_is_the_coachs(set_up: Machine) -> None:
    assert set_up.start("scripts/coach", COACH_EXITS="2").returncode == 2


def test_it_can_be_started_through_a_link(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "coach"
    link.symlink_to(machine.checkout / "scripts" / "coach")
    assert machine.start(str(link), "devices").stdout == "<devices>\n"
    assert machine.calls() == [venv_call(machine), "pip check out ."]


def test_the_coach_is_told_what_was_typed_for_it(machine: Machine, tmp_path: Path) -> None:
    machine.set("voicecoach", '#!/bin/sh\necho "$VOICECOACH_CALLED"\n')
    link = tmp_path / "my coach"
    link.symlink_to(machine.checkout / "scripts" / "coach")
    for command in (str(machine.checkout / "scripts" / "coach"), str(link)):
        assert machine.start(command).stdout == f"{command}\n"


# --- what makes it set up again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "scripts/_setup.sh"])
def test_other_requirements_are_installed_into_the_same_environment(set_up: Machine, name: str) -> None:
    with (set_up.checkout / name).open("a", encoding="utf-8") as file:
        file.write("# something new\n")
    assert set_up.start("scripts/coach").returncode == 0
    assert set_up.calls() == ["pip check out ."]
    assert set_up.start("scripts/coach").returncode == 0
    assert set_up.calls() == []


def test_another_python_gets_another_environment(set_up: Machine) -> None:
    set_up.set("python", "python 3.13.5 /usr\n")
    assert set_up.start("scripts/coach").returncode == 0
    assert set_up.calls() == [venv_call(set_up), "pip check out ."]


def test_nothing_of_an_old_environment_is_left_in_the_new_one(machine: Machine) -> None:
    machine.start("scripts/test")
    left_over = machine.checkout / ".venv" / "lib" / "python3.11" / "left over.py"
    left_over.parent.mkdir(parents=True)
    left_over.touch()
    machine.set("python", "python 3.13.5 /usr\n")
    machine.start("scripts/coach")
    assert not left_over.exists()
    machine.calls()
    machine.start("scripts/test")
    assert "pip check out .[test,home]" in machine.calls()


def test_a_checkout_that_was_moved_gets_another_environment(set_up: Machine) -> None:
    moved = set_up.checkout.rename(set_up.checkout.with_name("moved"))
    set_up.checkout = moved
    assert set_up.start("scripts/coach", "doctor").stdout == "<doctor>\n"
    assert set_up.calls() == [f"venv {moved}/.venv", "pip moved ."]


@pytest.mark.parametrize("moment", ["on-venv", "on-pip"])
def test_a_set_up_that_was_cut_short_is_mended(machine: Machine, moment: str) -> None:
    machine.set(moment, "kill -9 $PPID")
    assert machine.start("scripts/coach").returncode == -9
    machine.set(moment, "")
    machine.calls()
    assert machine.start("scripts/coach", "doctor").stdout == "<doctor>\n"
    assert machine.calls() == [venv_call(machine), "pip check out ."]


def test_a_repair_that_was_cut_short_is_mended(set_up: Machine) -> None:
    (set_up.checkout / "constraints.txt").write_text("numpy==2.0.0\n", encoding="utf-8")
    set_up.set("on-pip", "kill -9 $PPID")
    set_up.start("scripts/coach")
    set_up.set("on-pip", "")
    set_up.calls()
    assert set_up.start("scripts/coach").returncode == 0
    assert set_up.calls() == [venv_call(set_up), "pip check out ."]


def test_two_starts_at_once_set_up_once(machine: Machine) -> None:
    gate = machine.gate("second-waits")
    machine.set("on-pip", f'read -r _ < "{gate}"')
    with (
        machine.begin("scripts/coach", "one") as first,
        gate.open("w") as go,  # open as soon as pip waits at it
        machine.begin("scripts/coach", "two") as second,
    ):
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        go.write("now\n")
        go.flush()
        outputs = [process.communicate(timeout=30)[0] for process in (first, second)]
    assert outputs == ["<one>\n", "<two>\n"]
    assert machine.calls() == [venv_call(machine), "pip check out ."]


# --- where the environment lies ---------------------------------------------------------------------------------------


def test_another_folder_can_be_named(machine: Machine, tmp_path: Path) -> None:
    done = machine.start("scripts/coach", "doctor", VOICECOACH_VENV="../python 3.12")
    assert done.stdout == "<doctor>\n"
    assert machine.calls() == [f"venv {tmp_path}/python 3.12", "pip check out ."]


def test_a_folder_with_something_else_in_it_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    diary = tmp_path / "home" / "diary"
    diary.write_text("dear diary", encoding="utf-8")
    done = machine.start("scripts/coach", VOICECOACH_VENV=str(diary.parent))
    assert done.returncode == 78
    assert "holds something else than a virtual environment" in done.stderr
    assert list(diary.parent.iterdir()) == [diary]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_of_somebody_else_is_set_up_in_the_cache_folder(machine: Machine, tmp_path: Path) -> None:
    machine.checkout.chmod(0o555)
    assert machine.start("scripts/coach", "doctor").stdout == "<doctor>\n"
    machine.checkout.chmod(0o755)
    assert machine.calls()[0].startswith(f"venv {tmp_path}/home/.cache/voicecoach/venv-")


def test_a_named_python_is_used(machine: Machine, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "programs" / "python3", tmp_path / "my python")
    machine.remove("python3")
    assert machine.start("scripts/coach", "doctor", PYTHON=str(tmp_path / "my python")).stdout == "<doctor>\n"


# --- when pip fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("NewConnectionError(...): Failed to establish a new connection", "the internet cannot be reached"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: No matching distribution found for vosk", "ERROR: No matching distribution found for vosk"),
        ("something nobody thought of", "the log says why"),
    ],
)
def test_a_failing_pip_is_one_line_with_the_reason_and_the_log(machine: Machine, words: str, line: str) -> None:
    machine.set("on-pip", f"echo '{words}'; exit 1")
    done = machine.start("scripts/coach")
    (log,) = machine.logs()
    assert done.returncode == 69
    last = done.stderr.splitlines()[-1]
    assert line in last
    assert last.endswith(str(log))
    assert words in log.read_text(encoding="utf-8")


def test_after_a_failing_pip_only_that_is_done_again(machine: Machine) -> None:
    machine.set("on-pip", "exit 1")
    machine.start("scripts/coach")
    machine.set("on-pip", "")
    machine.calls()
    assert machine.start("scripts/coach").returncode == 0
    assert machine.calls() == ["pip check out ."]


def test_the_coach_still_starts_when_the_tests_could_not_be_set_up(set_up: Machine) -> None:
    set_up.set("on-pip", "exit 1")
    assert set_up.start("scripts/lint").returncode == 69
    assert set_up.start("scripts/coach", "doctor").stdout == "<doctor>\n"


# --- Debian packages --------------------------------------------------------------------------------------------------


def test_root_installs_what_is_missing_before_the_environment_is_made(machine: Machine) -> None:
    machine.set("lacks", f"{LIBRARIES}lacks python3-venv\n")
    assert machine.start("scripts/coach").returncode == 0
    assert machine.calls() == [
        f"{INSTALL} libportaudio2 espeak-ng python3-venv",
        venv_call(machine),
        "pip check out .",
    ]


def test_lists_of_packages_are_fetched_only_when_they_are_needed(machine: Machine, tmp_path: Path) -> None:
    machine.set("lacks", LIBRARIES)
    machine.set(
        "on-apt-get",
        f'case "$*" in *update) touch "{tmp_path}/lists" ;; *) test -e "{tmp_path}/lists" || exit 100 ;; esac',
    )
    assert machine.start("scripts/coach").returncode == 0
    assert [call.split()[3] for call in machine.calls()[:3]] == ["install", "update", "install"]


def test_a_library_that_goes_missing_later_is_installed_without_a_new_set_up(set_up: Machine) -> None:
    set_up.set("lacks", "lacks espeak-ng\n")
    assert set_up.start("scripts/coach", "doctor").stdout == "<doctor>\n"
    assert set_up.calls() == [f"{INSTALL} espeak-ng"]


def test_somebody_who_may_use_sudo_is_not_asked(machine: Machine) -> None:
    machine.set("user", "1000")
    machine.set("lacks", LIBRARIES)
    assert machine.start("scripts/coach").returncode == 0
    assert machine.calls()[:2] == ["sudo", f"{INSTALL} libportaudio2 espeak-ng"]


@pytest.mark.parametrize(
    ("has_sudo", "line"),
    [
        (True, "Please type:  sudo apt-get install --yes libportaudio2 espeak-ng"),
        (False, "Please type:  su -c 'apt-get install --yes libportaudio2 espeak-ng'"),
    ],
)
def test_without_rights_there_is_one_line_to_type_and_it_goes_on(
    machine: Machine, line: str, *, has_sudo: bool
) -> None:
    machine.set("user", "1000")
    machine.set("lacks", LIBRARIES)
    machine.set("on-sudo", "exit 1")
    if not has_sudo:
        machine.remove("sudo")
    done = machine.start("scripts/coach", "doctor")
    assert done.stderr.count("Please type") == 1
    assert done.stderr.splitlines()[0].endswith(line)
    assert done.stdout == "<doctor>\n"
    assert machine.calls() == [venv_call(machine), "pip check out ."]


def test_somebody_at_the_keyboard_is_asked_for_the_password(machine: Machine) -> None:
    machine.set("user", "1000")
    machine.set("lacks", LIBRARIES)
    machine.set("on-sudo", "exit 1")
    code, shown = machine.start_at_terminal("scripts/coach")
    assert code == 0
    assert "sudo asks for your password to install them" in shown
    assert machine.calls()[:2] == ["sudo", f"{INSTALL} libportaudio2 espeak-ng"]


def test_somebody_who_gives_no_password_sees_the_line_to_type_and_it_goes_on(machine: Machine) -> None:
    machine.set("user", "1000")
    machine.set("lacks", LIBRARIES)
    machine.set("on-sudo", "exit 1")
    machine.set("on-password", "exit 1")
    code, shown = machine.start_at_terminal("scripts/coach")
    assert code == 0
    assert "Please type:  sudo apt-get install --yes libportaudio2 espeak-ng" in shown
    assert machine.calls() == [venv_call(machine), "pip check out ."]


def test_without_rights_and_without_venv_it_cannot_go_on(machine: Machine) -> None:
    machine.set("user", "1000")
    machine.set("lacks", "lacks python3-venv\n")
    machine.set("on-sudo", "exit 1")
    done = machine.start("scripts/coach")
    assert done.returncode == 69
    assert "sudo apt-get install --yes python3-venv\n" in done.stderr
    assert machine.calls() == []


def test_a_failing_apt_get_is_one_line_and_it_goes_on(machine: Machine) -> None:
    machine.set("lacks", LIBRARIES)
    machine.set("on-apt-get", "echo 'E: Unable to locate package espeak-ng'; exit 100")
    done = machine.start("scripts/coach", "doctor")
    (log,) = machine.logs()
    (line,) = [line for line in done.stderr.splitlines() if "could not" in line]
    assert "E: Unable to locate package espeak-ng" in line
    assert line.endswith(str(log))
    assert done.stdout == "<doctor>\n"


def test_a_system_other_than_debian_is_told_what_is_missing(machine: Machine) -> None:
    machine.set("lacks", LIBRARIES)
    machine.remove("apt-get")
    done = machine.start("scripts/coach", "doctor")
    assert "what Debian calls libportaudio2 espeak-ng" in done.stderr
    assert done.stdout == "<doctor>\n"


# --- Python -----------------------------------------------------------------------------------------------------------


def test_a_python_that_does_not_suit_is_one_line(machine: Machine) -> None:
    machine.set("python", "python 3.9.2 /usr\nunfit it needs Python 3.11, 3.12 or 3.13, and python3 is 3.9.2\n")
    done = machine.start("scripts/coach")
    assert (done.returncode, done.stdout) == (69, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("voicecoach: it needs Python 3.11, 3.12 or 3.13, and python3 is 3.9.2; PYTHON=")
    assert machine.calls() == []


def test_another_python_of_the_machine_is_used_when_it_suits(machine: Machine, tmp_path: Path) -> None:
    shutil.move(tmp_path / "programs" / "python3", tmp_path / "programs" / "python3.12")
    machine.program("python3", "echo python 3.14.0 /usr; echo unfit it is too new\n")
    assert machine.start("scripts/coach", "doctor").stdout == "<doctor>\n"


def test_a_machine_without_python_gets_one(machine: Machine, tmp_path: Path) -> None:
    shutil.move(tmp_path / "programs" / "python3", tmp_path / "python3")
    machine.set("on-apt-get", f'cp "{tmp_path}/python3" "{tmp_path}/programs/python3"')
    assert machine.start("scripts/coach", "doctor").stdout == "<doctor>\n"
    assert machine.calls()[0] == f"{INSTALL} python3-venv"


def test_a_named_python_that_does_not_exist_is_one_line(machine: Machine) -> None:
    done = machine.start("scripts/coach", PYTHON="python4")
    assert done.returncode == 69
    (line,) = done.stderr.splitlines()
    assert "there is no python4 that works" in line


# --- tests and checks -------------------------------------------------------------------------------------------------


EVERYTHING = "check out: -m pytest --numprocesses=auto --dist=worksteal -m not live and not exhaustive"
LIVE = "check out: -m pytest --numprocesses=3 --dist=worksteal -m live"
SIDE_BY_SIDE = {EVERYTHING, LIVE}
"""Either may begin first."""


def test_the_tests_are_run_in_the_checkout_with_what_only_they_need(machine: Machine) -> None:
    assert machine.start("scripts/test").returncode == 0
    apt_get, venv, pip, *runs = machine.calls()
    assert apt_get.startswith(f"{INSTALL} pulseaudio pulseaudio-utils")
    assert (venv, pip) == (venv_call(machine), "pip check out .[test,home]")
    assert set(runs) == SIDE_BY_SIDE


@pytest.mark.parametrize("fails", ["not exhaustive", "-m live"])
def test_every_test_is_run_whichever_fails(machine: Machine, fails: str) -> None:
    machine.set("on-module", f'case "$*" in *"{fails}") exit 1 ;; esac')
    assert machine.start("scripts/test").returncode == 1
    assert set(machine.calls()[-2:]) == SIDE_BY_SIDE


def test_what_the_live_tests_say_is_shown_and_last(machine: Machine) -> None:
    machine.set("on-module", 'case "$*" in *"-m live") echo three lived ;; *pytest*) echo all others passed ;; esac')
    done = machine.start("scripts/test")
    assert done.stdout.split("\n") == ["all others passed", "three lived", ""]


def test_some_tests_are_chosen_as_pytest_chooses_them(machine: Machine) -> None:
    machine.set("on-module", "exit 5")
    assert machine.start("scripts/test", "-k", "two words").returncode == 5
    assert machine.calls()[-1] == "check out: -m pytest -k two words"


def test_the_quick_tests_need_no_sound_card_and_say_what_they_leave_out(machine: Machine) -> None:
    done = machine.start("scripts/test", "--quick", "-x")
    assert done.returncode == 0
    *others, pytest_call = machine.calls()
    assert others == [venv_call(machine), "pip check out .[test]"]
    assert "-m not sound and not live and not long and not exhaustive --ignore=tests/trainer -x" in pytest_call
    assert "left out; scripts/test has them" in done.stderr


def test_the_exhaustive_tests_are_those_that_go_by_no_clock(machine: Machine) -> None:
    assert machine.start("scripts/test", "--exhaustive", "-x").returncode == 0
    assert machine.calls()[-1] == "check out: -m pytest --numprocesses=auto --dist=worksteal -m not live -x"


def test_a_usual_run_says_which_values_it_leaves_out(machine: Machine) -> None:
    assert "scripts/test --exhaustive has them" in machine.start("scripts/test").stderr


def test_the_exit_code_of_the_quick_tests_is_pytests(set_up: Machine) -> None:
    set_up.set("on-module", "exit 2")
    assert set_up.start("scripts/test", "--quick").returncode == 2


def test_all_tests_need_the_trainer_its_voices_and_the_benchmark_and_leave_nothing_out(machine: Machine) -> None:
    assert machine.start("scripts/test", "--all").returncode == 0
    apt_get, _, pip, *runs = machine.calls()
    assert {"festival", "flite", "pulseaudio"} <= set(apt_get.split())
    assert pip == "pip check out .[test,buttons,bench,train,dev,home]"
    assert set(runs) == {call.replace("pytest", "pytest --nothing-left-out", 1) for call in SIDE_BY_SIDE}


def test_continuous_integration_runs_what_a_person_runs(machine: Machine) -> None:
    machine.set("on-module", 'case "$*" in *pytest*) exit 1 ;; esac')
    assert machine.start(".ci/run").returncode == 1
    ours = machine.calls()
    assert machine.start("scripts/test", "--all").returncode == 1
    assert machine.start("scripts/lint").returncode == 0
    assert sorted(call for call in ours if "check out: " in call) == sorted(
        call for call in machine.calls() if "check out: " in call
    )


def test_the_tests_share_the_environment_of_the_coach(set_up: Machine) -> None:
    for program in ("pulseaudio", "paplay", "parec", "pactl"):
        set_up.program(program, "")
    set_up.start("scripts/test")
    pip, *runs = [call for call in set_up.calls() if "apt-get" not in call]
    assert pip == "pip check out .[test,home]"
    assert set(runs) == SIDE_BY_SIDE
    set_up.start("scripts/coach")
    assert set_up.calls() == []


def test_without_rights_the_tests_are_run_without_a_sound_card(machine: Machine) -> None:
    machine.set("user", "1000")
    machine.set("on-sudo", "exit 1")
    done = machine.start("scripts/test")
    assert "sudo apt-get install --yes pulseaudio pulseaudio-utils" in done.stderr
    assert set(machine.calls()[-2:]) == SIDE_BY_SIDE


@pytest.mark.parametrize(("fails", "code"), [("none", 0), ("ruff check", 1), ("ruff format", 1), ("mypy", 1)])
def test_every_check_is_made_whichever_fails(machine: Machine, fails: str, code: int) -> None:
    machine.set("on-module", f'case "$*" in *"{fails}"*) exit 1 ;; esac')
    assert machine.start("scripts/lint").returncode == code
    _, pip, *checks = machine.calls()
    assert pip == "pip check out .[test,dev]"
    assert checks == ["check out: -m ruff check .", "check out: -m ruff format --check .", "check out: -m mypy"]


@pytest.mark.parametrize(("length", "code"), [(72, 0), (73, 1)])
def test_the_subject_of_the_latest_commit_is_short(set_up: Machine, length: int, code: int) -> None:
    set_up.program("git", f"echo {'x' * length}\n")
    done = set_up.start("scripts/lint")
    assert done.returncode == code
    assert ("has 73 characters" in done.stderr) == bool(code)


# --- what scripts/_machine.py says of a machine -----------------------------------------------------------------------


@pytest.fixture
def facts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("_machine", CHECKOUT / "scripts" / "_machine.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_python_that_runs_the_tests_suits() -> None:
    command = [sys.executable, "-I", str(CHECKOUT / "scripts" / "_machine.py")]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert lines[0] == f"python {platform.python_version()} {sys.base_prefix}"
    assert not [line for line in lines if line.startswith("unfit")]


@pytest.mark.parametrize(
    ("version", "processor", "largest", "reason"),
    [
        ((3, 10, 14), "x86_64", 2**63 - 1, "needs Python 3.11, 3.12 or 3.13"),
        ((3, 11, 0), "x86_64", 2**63 - 1, ""),
        ((3, 13, 9), "aarch64", 2**63 - 1, ""),
        ((3, 14, 0), "aarch64", 2**63 - 1, "needs Python 3.11, 3.12 or 3.13"),
        ((3, 11, 2), "armv7l", 2**31 - 1, "64-bit"),
        ((3, 11, 2), "aarch64", 2**31 - 1, "64-bit"),
        ((3, 13, 0), "riscv64", 2**63 - 1, "64-bit"),
    ],
)
def test_which_pythons_and_machines_suit(  # noqa: PLR0913, PLR0917 - the columns of a table
    facts: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
    processor: str,
    largest: int,
    reason: str,
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "maxsize", largest)
    monkeypatch.setattr(platform, "machine", lambda: processor)
    assert reason in facts.unfitness()
    assert bool(reason) == bool(facts.unfitness())


@pytest.mark.parametrize(
    ("processor", "in_venv", "packages"),
    [
        ("x86_64", False, ["python3-venv"]),
        ("x86_64", True, []),
        ("aarch64", False, ["libatomic1", "python3-venv"]),
        ("aarch64", True, ["libatomic1"]),
    ],
)
def test_what_is_missing_is_named_by_its_package(
    facts: ModuleType, monkeypatch: pytest.MonkeyPatch, processor: str, packages: list[str], *, in_venv: bool
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: processor)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    monkeypatch.setattr(ctypes, "CDLL", _load_nothing)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(sys, "prefix", "/venv" if in_venv else sys.base_prefix)
    assert facts.lacking() == ["libportaudio2", "espeak-ng", *packages]


def _load_nothing(library: str) -> None:
    raise OSError(f"{library}: cannot open shared object file")


def test_nothing_is_missing_where_everything_is(facts: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: f"lib{name}.so.2")
    monkeypatch.setattr(ctypes, "CDLL", str)
    assert facts.lacking() == []
