"""Which microphone and which speaker: chosen by name, because a device's number changes whenever one is plugged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.engines.audio_io.port import Direction, SoundCardError
from voicecoach.errors import BadRequestError, MissingPartError, NotAllowedError, VoicecoachError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.engines.audio_io.port import Device, SoundCard

    OpenCard = Callable[[], SoundCard]
    """Builds the sound card; raises `MissingPartError` where something that it needs is missing."""

OPTION = {Direction.MICROPHONE: "--device-in", Direction.SPEAKER: "--device-out"}
"""The option of the command line that names a device."""
TO_PLUG_IN = {Direction.MICROPHONE: "a USB microphone", Direction.SPEAKER: "a speaker"}
HOW_TO_CHOOSE = (
    "* is taken when nothing else is asked for; --device-in NAME and --device-out NAME take any part of a name."
)


def find(devices: Sequence[Device], direction: Direction, name: str | None) -> Device:
    """The one device for ``direction`` that ``name`` means.

    Args:
        devices: What the sound card lists.
        direction: Only devices with channels in this direction count.
        name: Any part of the device's name, in small or capital letters; a whole name wins over parts of longer ones.
            None for the system's default.

    Raises:
        MissingPartError: there is no device at all for this direction.
        BadRequestError: no device, or more than one, is called ``name``; the message lists what there is.
    """
    able = [device for device in devices if device.serves(direction)]
    if not able:
        raise MissingPartError(nothing_found(direction))
    if name is None:
        return next((device for device in able if direction in device.usual), able[0])
    wanted = name.casefold()
    exact = [device for device in able if device.name.casefold() == wanted]
    matching = exact or [device for device in able if wanted in device.name.casefold()]
    if len(matching) == 1:
        return matching[0]
    trouble = "no {} is called" if not matching else "more than one {} is called"
    raise BadRequestError(
        f'{trouble.format(direction.value)} "{name}"; {OPTION[direction]} takes a part of one of these names: '
        f"{_names(matching or able)}"
    )


def device_problem(direction: Direction, name: str | None, open_card: OpenCard) -> str | None:
    """One plain line: why ``name`` cannot be used for ``direction`` and what to do; None when it can be opened."""
    error = device_error(direction, name, open_card)
    return None if error is None else str(error)


def open_problem(in_name: str | None, out_name: str | None, open_card: OpenCard) -> str | None:
    """One plain line: why the coach cannot run live with these two devices, and what to do; None when it can."""
    error = open_error(in_name, out_name, open_card)
    return None if error is None else str(error)


def device_error(direction: Direction, name: str | None, open_card: OpenCard) -> VoicecoachError | None:
    """As `device_problem`, with the exit code that belongs to it."""
    try:
        card = open_card()
        devices = card.devices()
        if not any(device.serves(direction) for device in devices):
            return _hindered(card, direction) or MissingPartError(nothing_found(direction))
        device = find(devices, direction, name)
    except (BadRequestError, MissingPartError) as error:
        return error
    except SoundCardError as error:
        return MissingPartError(f"no {direction.value} can be listed ({error}); {_what_to_do(direction)}")
    refusal = card.refusal(device, direction)
    if refusal:
        return _hindered(card, direction) or MissingPartError(refused(direction, device, refusal))
    return None


def open_error(in_name: str | None, out_name: str | None, open_card: OpenCard) -> VoicecoachError | None:
    """As `open_problem`, with the exit code that belongs to it."""
    errors = {
        direction: error
        for direction, name in ((Direction.MICROPHONE, in_name), (Direction.SPEAKER, out_name))
        if (error := device_error(direction, name, open_card))
    }
    if [str(error) for error in errors.values()] == [nothing_found(direction) for direction in Direction]:
        return MissingPartError(nothing_at_all())
    return next(iter(errors.values()), None)


def muted(direction: Direction, name: str | None, open_card: OpenCard) -> str | None:
    """One plain line when the device that ``name`` means is there and muted; None when it is not, or who knows."""
    try:
        card = open_card()
        device = find(card.devices(), direction, name)
    except (BadRequestError, MissingPartError, SoundCardError):
        return None
    what_to_do = card.muted(device, direction)
    return f'the {direction.value} "{device.name}" is muted; {what_to_do}' if what_to_do else None


def _hindered(card: SoundCard, direction: Direction) -> VoicecoachError | None:
    obstacle = card.obstacle(direction)
    if obstacle is None:
        return None
    return NotAllowedError(obstacle.words) if obstacle.forbidden else MissingPartError(obstacle.words)


def nothing_at_all() -> str:
    """The line for a machine without any device."""
    what = " and ".join(TO_PLUG_IN.values())
    return f"no microphone and no speaker found; plug in {what}, then type: {typed('devices')}"


def nothing_found(direction: Direction) -> str:
    """The line for a machine without any device in ``direction``."""
    return f"no {direction.value} found; {_what_to_do(direction)}"


def refused(direction: Direction, device: Device, reason: str) -> str:
    """The line for a device that is there and will not open."""
    return (
        f'the {direction.value} "{device.name}" cannot be opened ({reason}); '
        f"close what else uses it, or name another one with {OPTION[direction]}"
    )


def speaker_rate_hz(name: str | None, open_card: OpenCard) -> int:
    """The sample rate that the speaker ``name`` likes best, and at which the coach's timeline should run.

    Raises:
        BadRequestError: ``name`` means no speaker, or several.
        MissingPartError: there is no sound card or no speaker.
    """
    try:
        return find(open_card().devices(), Direction.SPEAKER, name).rate_hz
    except SoundCardError as error:
        raise MissingPartError(f"no speaker can be listed ({error}); {_what_to_do(Direction.SPEAKER)}") from error


def listing(devices: Sequence[Device]) -> str:
    """The devices as a table for people, one a line; defaults bear a star."""
    if not devices:
        return nothing_at_all()
    width = max(len(device.name) for device in devices)
    rows = [
        f"{device.name:<{width}}  {device.rate_hz:>6} Hz"
        f"  {_mark(device, Direction.MICROPHONE):<12}  {_mark(device, Direction.SPEAKER)}".rstrip()
        for device in devices
    ]
    return "\n".join([*rows, HOW_TO_CHOOSE])


def _mark(device: Device, direction: Direction) -> str:
    if not device.serves(direction):
        return ""
    return f"{direction.value} *" if direction in device.usual else direction.value


def _what_to_do(direction: Direction) -> str:
    return f"plug in {TO_PLUG_IN[direction]}, then type: {typed('devices')}"


def _names(devices: Sequence[Device]) -> str:
    return ", ".join(f'"{device.name}"' for device in devices)
