"""``voicecoach buttons``: shows what is pressed, to write it into the settings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from voicecoach.errors import MissingPartError, NotAllowedError

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handler needs is imported before it runs: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``buttons`` to the commands."""
    buttons = commands.add_parser("buttons", help="show which button is pressed, and what it does")
    buttons.add_argument("--seconds", type=float, metavar="N", help="for so long (default: until Ctrl-C)")
    buttons.set_defaults(handler=_buttons)


def _buttons(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.buttons.mapping import requests
    from voicecoach.buttons.opening import forbidden, needs

    try:
        from voicecoach.buttons.evdev_keys import EvdevKeys, unreadable
    except ImportError as error:
        raise MissingPartError(needs()) from error
    for button in assembly.settings.buttons:
        requests(button, assembly.phrasebook)
    keys = EvdevKeys()
    if not keys.names:
        keys.close()
        if unreadable():
            raise NotAllowedError(forbidden())
        raise MissingPartError("no button is plugged in; plug one in, pair it, or set up its GPIO as a key")
    print(f"Listening to: {', '.join(keys.names)}. Press a button. (Ctrl-C ends.)", flush=True)
    end_s = None if options.seconds is None else time.monotonic() + options.seconds
    try:
        while end_s is None or time.monotonic() < end_s:
            for event in keys.read(0.2):
                if event.down:
                    print(f"{event.key} of {event.device}: {meaning(assembly, event.device, event.key)}", flush=True)
    finally:
        keys.close()
    return 0


def meaning(assembly: Assembly, device: str, key: str) -> str:
    """What the settings say of a key, in words."""
    button = next((one for one in assembly.settings.buttons if one.fits(device, key)), None)
    if button is None:
        return "not in your settings"
    return "; ".join(f"{kind} is {' or '.join(said)}" for kind, said in button.says.items())
