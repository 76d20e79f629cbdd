"""``voicecoach home``: lamps, buttons and switches of the house, by MQTT."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError, BadRequestError, CannotCreateError, MissingPartError, NoFileError
from voicecoach.invocation import to_install, typed

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.home.config import HomeConfig

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415


def _needs() -> str:
    return f"it needs paho-mqtt, which is not installed; type: {to_install('paho-mqtt')}"


def add_parser(commands: Commands) -> None:
    """Add ``home`` to the commands."""
    home = commands.add_parser("home", help="tell Home Assistant how it goes, and be pressed by it (MQTT)")
    home.set_defaults(handler=_status)
    ways = home.add_subparsers(title="commands", metavar="COMMAND")
    ways.add_parser("status", help="say whether it is on, and try the broker (the default)").set_defaults(
        handler=_status
    )
    connect = ways.add_parser("connect", help="try a broker, and use it from the next start on")
    connect.set_defaults(handler=_connect)
    connect.add_argument(
        "broker", metavar="HOST", help="name or address of the MQTT broker, such as homeassistant.local"
    )
    connect.add_argument("--port", type=int, metavar="N", help="(default: 1883, with --tls 8883)")
    connect.add_argument("--user", metavar="NAME", help="a user of the broker; the password is asked for")
    connect.add_argument("--password-file", type=Path, metavar="FILE", help="read the password there instead")
    connect.add_argument("--tls", action="store_true", help="encrypt")
    connect.add_argument("--ca", metavar="FILE", help="with --tls: the certificate of who signed the broker's")
    connect.add_argument("--name", metavar="NAME", help='of this room, such as "Bedroom, room 12"')
    connect.add_argument("--id", metavar="ID", help="instead of one that is made of this machine's number")
    connect.add_argument(
        "--share",
        action="append",
        choices=("pain", "sleep", "progress", "nothing"),
        help="tell this too; may be given several times (default: what was shared before, at first nothing)",
    )
    ways.add_parser("remove", help="turn it off, and leave nothing with the broker").set_defaults(handler=_remove)


def _connect(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.home.config import HomeConfig, Share, save_home

    if options.id and not (options.id.isascii() and options.id.isalnum()):
        raise BadRequestError(f'--id is "{options.id}"; write letters and digits only')
    before = _before() or HomeConfig(options.broker)
    tls = options.tls or options.ca is not None
    config = HomeConfig(
        options.broker,
        port=options.port or (8883 if tls else 1883),
        user=options.user,
        password=_password(options),
        tls=tls,
        ca=options.ca and str(Path(options.ca).absolute()),
        name=options.name or before.name,
        id=options.id or before.id,
        share=before.share if options.share is None else frozenset(map(Share, set(options.share) - {"nothing"})),
        discovery=before.discovery,
    )
    _try(config)
    try:
        file = save_home(config)
    except OSError as error:
        raise CannotCreateError(
            f"your settings cannot be written ({error.strerror}); free or open that folder"
        ) from error
    print(f"{config.broker} lets the coach in. Written to {file}, which only you may read.")
    print(f'This room is "{config.name}" ({config.identity}). Shared beside how it goes: {_shared(config)}.')
    print(f"It begins when the coach is started again; where it is a service, type: {typed('service install')}")
    return 0


def _before() -> HomeConfig | None:
    from voicecoach.home.config import load_home

    try:
        return load_home()
    except BadFileError:  # it is written anew
        return None


def _status(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.home.config import home_file, load_home

    config = load_home()
    if config is None:
        print(f"The house is off. To turn it on, type: {typed('home connect HOST')}")
        return 0
    print(f'{home_file()}: "{config.name}" ({config.identity}) at {config.broker}, port {config.port}')
    print(f"Shared beside how it goes: {_shared(config)}.")
    _try(config)
    print("The broker answers, and lets the coach read and write.")
    return 0


def _remove(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.home.config import home_file, load_home

    config = load_home()
    if config is None:
        print("The house is off already.")
        return 0
    home_file().unlink(missing_ok=True)  # first: a coach that is at work takes its leave when it is gone
    try:
        from voicecoach.home.connecting import remove_from
    except ImportError as error:
        raise MissingPartError(f"to take away what the broker keeps, {_needs()}") from error
    clean = remove_from(config)
    print("The house is off, and the broker keeps nothing of this coach any more." if clean else _LEFT)
    return 0 if clean else 1


_LEFT = "The house is off, but another program keeps telling the broker of this coach; end it, and type this again."


def _try(config: HomeConfig) -> None:
    try:
        from voicecoach.home.connecting import try_broker
    except ImportError as error:
        raise MissingPartError(_needs()) from error
    try_broker(config)


def _password(options: argparse.Namespace) -> str | None:
    password = _asked_password(options)
    if password is not None and not password.isprintable():
        raise BadRequestError("a password with characters that cannot be printed cannot be kept; give it another")
    return password or None


def _asked_password(options: argparse.Namespace) -> str | None:
    if options.password_file is not None:
        try:
            text: str = options.password_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NoFileError(f"{options.password_file} cannot be read; name a file with the password") from error
        return text.strip("\r\n")
    if options.user is None:
        return None
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass(f'Password of "{options.user}" at {options.broker}: ')


def _shared(config: HomeConfig) -> str:
    return ", ".join(sorted(config.share)) or "nothing"
