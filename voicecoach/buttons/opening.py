"""Turns the buttons of the settings on for a live session; where there are none, evdev is not even imported."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from voicecoach.buttons.mapping import requests
from voicecoach.errors import BadRequestError
from voicecoach.invocation import to_install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voicecoach.buttons.mapping import Button
    from voicecoach.by_hand import Inbox
    from voicecoach.languages.language import Phrasebook


def needs() -> str:
    """What is missing where there is no evdev."""
    return f"buttons need evdev, which is not installed; type: {to_install('evdev')}"


@contextmanager
def opened_buttons(
    buttons: Sequence[Button], phrasebook: Phrasebook, inbox: Inbox, warn: Callable[[str], None]
) -> Iterator[None]:
    """Listen to ``buttons``, and put what they mean into ``inbox``; what is wrong is warned of.

    Args:
        buttons: Of the settings.
        phrasebook: What phrases mean.
        inbox: Where to put what is asked for.
        warn: Is given a line for the person.
    """
    meant = []
    for button in buttons:
        try:
            meant.append((button, requests(button, phrasebook)))
        except BadRequestError as error:
            warn(f"{button.key} of the buttons does nothing: {error}")
    if not meant:
        yield
        return
    try:
        from voicecoach.buttons.evdev_keys import EvdevKeys, unreadable  # noqa: PLC0415 - see above
        from voicecoach.buttons.listener import ButtonListener  # noqa: PLC0415 - the same
    except ImportError:
        warn(needs())
        yield
        return
    if unreadable():
        warn(forbidden())
    listener = ButtonListener(EvdevKeys(), meant, inbox)
    listener.start()
    try:
        yield
    finally:
        listener.close()


def forbidden() -> str:
    """What to type so that buttons may be read."""
    import getpass  # noqa: PLC0415 - hardly ever

    return (
        f"there are buttons that this user may not read; type: sudo usermod -aG input {getpass.getuser()}, "
        "and log in again"
    )
