"""Ten minutes of live sessions, four at a time beside a busy process, while this and that goes wrong."""

from __future__ import annotations

import argparse

import pytest

from soak_lib.live import soak
from soak_lib.virtual_room import missing_part

pytestmark = [pytest.mark.live, pytest.mark.sound, pytest.mark.timeout(900)]


def test_nothing_dies_and_no_urgent_word_is_lost_twice(capsys: pytest.CaptureFixture[str]) -> None:
    if reason := missing_part():
        pytest.skip(reason)
    options = argparse.Namespace(live=4, minutes=None, commands=15, at_once=4, seed=7)
    assert soak(options) == 0, capsys.readouterr().out
