"""However long what somebody wrote is, the line about it fits on a screen and says what to do."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.cli.main import main
from voicecoach.shortened import LONGEST_LINE, shortened

if TYPE_CHECKING:
    from pathlib import Path

LONG = {
    "one word": "x" * 10_000,
    "words": "long " * 2_000 + "end",
    "quotes": 'a "b" ' * 1_600 + "end",
    "a path": "/far/away" * 1_100,
}
ADVICE = "did you mean bedtime?"


@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
@pytest.mark.parametrize("message", ['there is no routine "{}"; {}', "{}:3:5: there is no file; {}", "{} is odd; {}"])
def test_a_long_value_leaves_the_advice(message: str, value: str) -> None:
    line = shortened(message.format(value, ADVICE))
    assert len(line) <= LONGEST_LINE
    assert line.endswith(f"; {ADVICE}")
    assert line[:12] == message.format(value, ADVICE)[:12]
    assert " ... " in line


def test_long_advice_is_seen_from_both_ends() -> None:
    line = shortened(
        f'there is no stretch "knee"; there are: {", ".join(f"stretch-{number}" for number in range(900))}'
    )
    assert len(line) == LONGEST_LINE
    assert line.startswith('there is no stretch "knee"; there are: stretch-0, stretch-1, ')
    assert line.endswith(", stretch-899")


@given(st.text(st.characters(exclude_characters="\n"), max_size=70))
def test_what_is_short_stays(text: str) -> None:
    assert shortened(text) == text


def test_lines_are_cut_one_by_one() -> None:
    assert shortened("short\nshort too") == "short\nshort too"
    assert [len(line) for line in shortened("\n".join(["a " * 5_000] * 3)).split("\n")] == [LONGEST_LINE] * 3


# --- every way in for a value -----------------------------------------------------------------------------------------

SETTINGS = {
    "language": "did you mean|there are:",
    "usual_routine": "there are:",
    "voice": "--voices|did you mean|install",
    "volume": "write a number",
    "talk": "write one of: brief, full, least",
    "soft_bed": "write yes or no",
    "echo": "write one of: auto, system, off",
    "recognizer": "write one of: vosk",
    "quiet_hours": "such as 23:00-07:00",
    "reminders": "at: 22:30|lines|list",
    "answers": "lines|key",
    "x": "the keys here are",
}
COMMANDS = [
    ["routines", "show", "{}"],
    ["routines", "check", "{}"],
    ["rehearse", "{}", "--text"],
    ["rehearse", "--text", "--scenario", "{}"],
    ["models", "use", "{}"],
    ["models", "remove", "{}"],
    ["models", "get", "{}"],
    ["models", "words", "add", "{}"],
    ["models", "words", "add", "hygge", "--sounds-like", "{}"],
    ["models", "words", "remove", "{}"],
    ["draw", "{}", "--out", "{}"],
    ["history", "export", "--csv", "{}"],
    ["progress", "--plot", "{}"],
    ["--device-in", "{}", "devices"],
    ["{}"],
    ["rehearse", "--seed", "{}"],
    ["models", "get", "NAME", "--md5", "{}"],
]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    folder = tmp_path / "config" / "voicecoach"
    folder.mkdir(parents=True)
    return folder


def lines_about(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What a command says on standard error, of which every line fits on a screen."""
    capsys.readouterr()
    with suppress(SystemExit):  # a command line that means nothing
        main(arguments)
    lines = capsys.readouterr().err.splitlines()
    assert all(len(line) <= LONGEST_LINE + 100 for line in lines), "and the name of the program"
    return lines


@pytest.mark.parametrize("value", [LONG["one word"], LONG["words"]], ids=["one word", "words"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.usefixtures("config")
def test_a_long_value_on_the_command_line(capsys: pytest.CaptureFixture[str], command: list[str], value: str) -> None:
    lines = lines_about(capsys, *(part.format(value) for part in command))
    assert len([line for line in lines if not line.startswith(("usage: ", " "))]) <= 1, "one clear line"


@pytest.mark.parametrize("value", [LONG["one word"], LONG["words"]], ids=["one word", "words"])
@pytest.mark.parametrize(("key", "advice"), SETTINGS.items())
def test_a_long_value_in_the_settings(
    capsys: pytest.CaptureFixture[str], config: Path, key: str, advice: str, value: str
) -> None:
    (config / "settings.yaml").write_text(f"{key}: {value}\n")
    lines = lines_about(capsys, "rehearse", "bedtime", *([] if key == "voice" else ["--text"]))
    assert lines
    assert re.search(advice, lines[0]), lines[0]
