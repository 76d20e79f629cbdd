"""``voicecoach devices``: list microphones and speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.cli.common import with_sound_card

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands


def add_parser(commands: Commands) -> None:
    """Add ``devices`` to the commands."""
    commands.add_parser("devices", help="list microphones and speakers").set_defaults(handler=_devices)


@with_sound_card
def _devices(_: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.audio_io.devices import listing, open_error  # noqa: PLC0415 - the coach must start fast
    from voicecoach.engines.audio_io.port import Direction  # noqa: PLC0415 - the same

    devices = assembly.sound_card().devices()
    if not any(device.serves(direction) for device in devices for direction in Direction) and (
        error := open_error(None, None, assembly.sound_card)
    ):
        raise error
    print(listing(devices))
    return 0
