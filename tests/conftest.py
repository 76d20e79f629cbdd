"""Fixtures that several test files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from virtual_room import VirtualRoom, missing_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A busy machine is no reason for a property to fail.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def virtual_room(tmp_path: Path) -> Iterator[VirtualRoom]:
    """A software sound card without an echo; where the machine lacks the parts, the test is skipped."""
    if reason := missing_part():
        pytest.skip(reason)
    with VirtualRoom(tmp_path / "room") as room:
        yield room
