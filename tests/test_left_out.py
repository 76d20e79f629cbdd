"""What is said of tests that were skipped, by a run of pytest on a few made-up ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

SCRIPTS = Path(__file__).parents[1] / "scripts"
TESTS = Path(__file__).resolve().parent

NEEDS_A_PART = """
import pytest
pytest.importorskip("no_such_library", reason='needs the extra "none"')
"""
NEEDS_AN_ENGINE = """
import pytest
@pytest.mark.parametrize("number", [1, 2, 3])
def test_something(number): pytest.skip("needs an engine")
"""
CANNOT_BE_HELPED = """
import pytest
def test_something(): pytest.skip("root may read everything")
"""
IS_WELL = """
def test_something(): pass
"""


def run(folder: Path, *options: str, **files: str) -> tuple[int, str]:
    """Run pytest, with our conftest.py, on test files of these contents; gives the exit code and what it printed."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    shutil.copy(TESTS / "conftest.py", folder)
    for name, contents in files.items():
        (folder / f"test_{name}.py").write_text(contents, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder, env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{SCRIPTS}"},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("options", [(), ("--numprocesses=2",)], ids=["alone", "side by side"])
def test_what_was_left_out_is_named_with_its_number_and_a_way_to_have_it(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    code, printed = run(tmp_path, *options, part=NEEDS_A_PART, engine=NEEDS_AN_ENGINE, well=IS_WELL)
    assert code == 0
    _, said = printed.split("left out")
    assert '    1  needs the extra "none" (the whole of test_part.py)' in said
    assert "    3  needs an engine\n" in said
    assert "scripts/test --all installs what is needed" in said


@pytest.mark.parametrize(
    ("contents", "code"), [(NEEDS_A_PART, 1), (NEEDS_AN_ENGINE, 1), (CANNOT_BE_HELPED, 0), (IS_WELL, 0)]
)
def test_where_nothing_may_be_left_out_it_fails_for_what_could_be_installed(
    tmp_path: Path, contents: str, code: int
) -> None:
    assert run(tmp_path, "--nothing-left-out", one=contents, well=IS_WELL)[0] == code


def test_nothing_is_said_where_nothing_was_left_out(tmp_path: Path) -> None:
    assert "left out" not in run(tmp_path, well=IS_WELL)[1]


def test_what_cannot_be_helped_is_named_without_a_way_to_have_it(tmp_path: Path) -> None:
    _, printed = run(tmp_path, root=CANNOT_BE_HELPED)
    assert "    1  root may read everything" in printed
    assert "--all" not in printed
