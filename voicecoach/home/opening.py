"""Turns the house on for a live session, where it is wanted; where not, nothing of MQTT is even imported."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError
from voicecoach.home.config import home_file, load_home
from voicecoach.invocation import to_install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from voicecoach.by_hand import Inbox
    from voicecoach.home.link import HomeLink, Window


class Opening:
    """A house that may be opened."""

    def __init__(self, window: Window, link: Callable[..., HomeLink]) -> None:
        """Show it nothing yet."""
        self.window = window
        """To be shown each state of the dialogue."""
        self._make, self._link = link, None

    _link: HomeLink | None

    def start(self, microphone_is_open: Callable[[], bool]) -> None:
        """Begin to speak with it.

        Args:
            microphone_is_open: Whether the stream of the microphone is open just now.
        """
        self._link = self._make(microphone_is_open=microphone_is_open)
        self._link.start()

    def close(self) -> None:
        """Take leave."""
        if self._link is not None:
            self._link.close()


@contextmanager
def opened_home(
    inbox: Inbox,
    routines: Mapping[str, str],
    usual: str,
    warn: Callable[[str], None],
    progress: Callable[[], bytes | None],
) -> Iterator[Opening | None]:
    """The house, which is closed in the end; None where it is off, or cannot be.

    Args:
        inbox: Where to put what is asked for.
        routines: Keys of the routines by their titles.
        usual: Key of the usual one.
        warn: Is given a line for the person.
        progress: Draws the picture of the weeks, a PNG.
    """
    opening = _opening(inbox, routines, usual, warn, progress)
    try:
        yield opening
    finally:
        if opening is not None:
            opening.close()


def _opening(
    inbox: Inbox,
    routines: Mapping[str, str],
    usual: str,
    warn: Callable[[str], None],
    progress: Callable[[], bytes | None],
) -> Opening | None:
    try:
        config = load_home()
    except BadFileError as error:
        warn(f"the house stays off: {error}")
        return None
    if config is None:
        return None
    try:
        from voicecoach.home.link import HomeLink, Window  # noqa: PLC0415 - see above
        from voicecoach.home.messages import Offer  # noqa: PLC0415 - the same
    except ImportError:
        warn(f"the house is turned on, and paho-mqtt is not installed; type: {to_install('paho-mqtt')}")
        return None
    window, offer = Window(), Offer(routines, usual)

    def link(microphone_is_open: Callable[[], bool]) -> HomeLink:
        return HomeLink(
            config,
            inbox,
            window,
            offer=offer,
            warn=warn,
            microphone_is_open=microphone_is_open,
            progress=progress,
            is_wanted=lambda: home_file().exists(),
        )

    return Opening(window, link)
