"""What is around the bed in a live session: the house, buttons, and whether the microphone is off."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from voicecoach.buttons.opening import opened_buttons
from voicecoach.by_hand import Inbox
from voicecoach.containment import ContainedOnlooker
from voicecoach.home.opening import opened_home
from voicecoach.journal.files import FILE as JOURNAL
from voicecoach.muting import FILE as MUTE_FILE
from voicecoach.muting import MuteFile
from voicecoach.settings import data_folder
from voicecoach.surroundings import House

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.home.opening import Opening


class LiveHouse:
    """A house, and what begins once there is a coach."""

    def __init__(self, house: House, home: Opening | None) -> None:
        """Begin nothing yet."""
        self.house = house
        self._home = home

    def begin(self, microphone_is_open: Callable[[], bool]) -> None:
        """The coach is there.

        Args:
            microphone_is_open: Whether the stream of the microphone is open just now.
        """
        if self._home is not None:
            self._home.start(microphone_is_open)


@contextmanager
def live_house(assembly: Assembly, warn: Callable[[str], None]) -> Iterator[LiveHouse]:
    """What is around the bed, as the settings say; it is closed in the end.

    Args:
        assembly: The routines that can be chosen.
        warn: Is given a line for the person.
    """
    inbox = Inbox()
    titles = {routine.title: key for key, routine in assembly.library.routines.items()}
    with (
        opened_home(inbox, titles, assembly.knowledge.usual_routine, warn, progress_picture) as home,
        opened_buttons(assembly.settings.buttons, assembly.phrasebook, inbox, warn),
    ):
        onlooker = ContainedOnlooker(home.window) if home else None
        yield LiveHouse(House(inbox, onlooker, MuteFile(mute_file())), home)


def mute_file() -> Path:
    """That it is there means that somebody has turned the microphone off."""
    return data_folder() / MUTE_FILE


def microphone_is_off() -> str:
    """What to say of it to somebody at the keyboard, and what to do."""
    return (
        "The microphone is off, as somebody wanted it. A switch or a button turns it on; so does deleting "
        f"{mute_file()} before the coach is started."
    )


def progress_picture() -> bytes | None:
    """The picture of ``voicecoach progress --plot``, a PNG; None where there is nothing to draw yet."""
    from voicecoach.drawing.png import write_png  # noqa: PLC0415 - a session need not wait for it
    from voicecoach.drawing.progress_layout import sheet  # noqa: PLC0415 - the same
    from voicecoach.journal.looking import tonight_in  # noqa: PLC0415 - the same

    drawing = sheet(tonight_in(data_folder() / JOURNAL))
    if drawing is None:
        return None
    picture = BytesIO()
    write_png(drawing, picture)
    return picture.getvalue()
