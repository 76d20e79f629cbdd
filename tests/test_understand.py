"""``voicecoach understand``: what a sentence means, in each situation."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from voicecoach.assembly import Assembly
from voicecoach.cli.main import main
from voicecoach.languages.commands import Command, Meaning
from voicecoach.settings import Settings
from voicecoach.understanding import Understanding, Understood

if TYPE_CHECKING:
    from collections.abc import Mapping

understanding = cache(lambda: Understanding(Assembly(Settings())))


def meanings(text: str) -> Mapping[str, Understood]:
    return {one.situation: one for one in understanding().of(text)}


@pytest.mark.parametrize(
    ("text", "situation", "said"),
    [
        ("Can we move on?", "in a routine", "next"),
        ("can we move on", "at rest", "nothing"),
        ("Let's start the bedtime routine", "at rest", "start bedtime"),
        ("stop", "at rest", "stop"),
        ("Stop, stop, stop!", "in a routine", "stop"),
        ("9", "asked for pain", "number 9, as an answer"),
        ("Nine out of ten.", "asked for pain", "number 9, as an answer"),
        ("9 out of 10", "asked for pain", "number 9, as an answer"),
        ("in 2 hours", "asked for hours", "in a while 120, as an answer"),
        ("9", "in a routine", "nothing"),
        ("yes please", "asked yes or no", "yes, as an answer"),
        ("I didn\N{RIGHT SINGLE QUOTATION MARK}t catch that", "asked yes or no", "repeat"),
        ("I'm ready", "asked if ready", "ready, as an answer"),
        ("carry on", "in a pause", "continue"),
        ("11", "asked for pain", "nothing"),
        ("when should I stop", "in a routine", "nothing"),
    ],
)
def test_a_sentence_means_what_the_coach_would_do(text: str, situation: str, said: str) -> None:
    assert str(meanings(text)[situation]) == said


def test_what_is_urgent_means_the_same_everywhere() -> None:
    found = meanings("that hurts").values()
    assert {one.meaning for one in found} == {Meaning(Command.HURTS)}


def test_a_sentence_is_told_by_situation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["understand", "can", "we", "move", "on"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["can we move on", "  at rest          nothing", "  in a routine     next"]


def test_what_means_nothing_anywhere_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["understand", "hello there"]) == 1
    assert "  in a routine     nothing" in capsys.readouterr().out


def test_lines_are_read_where_no_sentence_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("next\n\n  one more time, please \n"))
    assert main(["understand", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["text"] for one in told] == ["next", "one more time, please"]
    assert told[1]["words"] == "one more time please"
    assert told[1]["means"]["in a routine"] == {"command": "once more", "argument": None, "answer": False}
    assert told[1]["means"]["at rest"] is None


@pytest.mark.parametrize(
    ("words", "stdin", "told"), [([], "\n", "there is no sentence; write one"), (["?!"], "", '"?!" has no words')]
)
def test_what_is_no_sentence_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], stdin: str, told: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    assert main(["understand", *words]) == 64
    assert told in capsys.readouterr().err
