"""Every kind of error has an exit code of ``sysexits.h``, and the page of the service has them all."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from voicecoach import errors
from voicecoach.cli.main import main
from voicecoach.errors import FOUND_SOMETHING, UNFORESEEN, VoicecoachError

TOP = Path(__file__).resolve().parent.parent
PAGE = (TOP / "docs" / "service.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| (\d+) \| (\w*) ?\| .* \|$", PAGE, re.MULTILINE))
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, VoicecoachError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_of_error_is_in_the_table(kind: type[VoicecoachError]) -> None:
    assert str(kind.exit_code) in TABLE


def test_the_table_has_nothing_else_and_its_names_are_those_of_the_system() -> None:
    ours = {str(kind.exit_code) for kind in KINDS} | {"0", str(FOUND_SOMETHING), str(UNFORESEEN), "130"}
    assert set(TABLE) == ours
    assert {code: name for code, name in TABLE.items() if int(code) in range(64, 79)} == {
        str(getattr(os, name)): name for name in TABLE.values() if name
    }


def test_no_code_is_given_elsewhere() -> None:
    """So that the table is whole: other kinds have the code of one of these."""
    given = re.compile(r"^\s+exit_code = [A-Z1-9]", re.MULTILINE)
    files = (TOP / "voicecoach").rglob("*.py")
    assert [file.name for file in files if given.search(file.read_text(encoding="utf-8"))] == ["errors.py"]


def test_an_error_that_nobody_thought_of_leaves_its_traceback_and_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError("in the coach")

    monkeypatch.setattr("voicecoach.app.run", broken)
    assert main([]) == UNFORESEEN
    assert "ZeroDivisionError: in the coach" in capsys.readouterr().err
