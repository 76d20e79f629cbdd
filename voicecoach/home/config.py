"""Where the broker is, what this room is called, what of it may be told: a small file that nobody else may read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voicecoach import yamlfile
from voicecoach.settings import config_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.yamlfile import Node

FILE: Final = "home.yaml"
PORT: Final = 1883
TLS_PORT: Final = 8883
NAME: Final = "Voicecoach"
_IDENTITIES: Final = (
    Path("/sys/firmware/devicetree/base/serial-number"),
    Path("/etc/machine-id"),
    Path("/etc/hostname"),
)
"""What tells this machine from every other, the best first: a Raspberry Pi has its number in the chip, and copies of a
card share everything else."""
_KEYS: Final = frozenset({"broker", "port", "user", "password", "tls", "ca", "name", "id", "share", "discovery"})


class Share(StrEnum):
    """What is told to the house only where the person wants it."""

    PAIN = "pain"
    """Ratings of pain, that something hurt, that a red flag was told."""
    SLEEP = "sleep"
    """That somebody fell asleep; how they slept."""
    PROGRESS = "progress"
    """The picture of ``voicecoach progress --plot``, which has both in it."""


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """How to reach the house; the field's name is the key in the file, unless said otherwise."""

    broker: str
    """A name or an address."""
    port: int = PORT
    user: str | None = None
    password: str | None = None
    tls: bool = False
    ca: str | None = None
    """A file with the certificate of who signed the broker's; None: those that the system trusts."""
    name: str = NAME
    """Of this room: "Bedroom, room 12"."""
    id: str = ""
    """What tells this coach from all others, in letters and digits; empty: made of the machine's own number."""
    share: frozenset[Share] = frozenset()
    discovery: str = "homeassistant"
    """The first part of the topics under which Home Assistant looks for devices."""

    @property
    def identity(self) -> str:
        """`id`, or what stands for it."""
        return self.id or machine_identity()

    def shares(self, what: Share) -> bool:
        """Whether ``what`` may be told."""
        return what in self.share


def home_file() -> Path:
    """The file; that it is there means that the house is turned on."""
    return config_folder() / FILE


def load_home(path: Path | None = None) -> HomeConfig | None:
    """Read it; None where there is none.

    Raises:
        BadFileError: It says something that it should not; with file, line and column.
    """
    path = path or home_file()
    if not path.exists():
        return None
    given = yamlfile.read(path).mapping(allowed=_KEYS, required={"broker"})
    text = {key: given[key].exact_text() for key in ("user", "password", "ca", "name", "discovery") if key in given}
    tls = given["tls"].boolean() if "tls" in given else False
    return HomeConfig(
        given["broker"].text(),
        port=given["port"].whole_number(1, 65_535) if "port" in given else TLS_PORT if tls else PORT,
        tls=tls,
        id=_id(given["id"]) if "id" in given else "",
        share=frozenset(one.choice(Share) for one in given["share"].sequence()) if "share" in given else frozenset(),
        **text,
    )


def save_home(config: HomeConfig, path: Path | None = None) -> Path:
    """Write it, readable by nobody else, whole or not at all; returns where.

    Raises:
        OSError: It cannot be written.
    """
    path = path or home_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(as_text(config))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return path


def as_text(config: HomeConfig) -> str:
    """The file's contents; what is as it comes is left out."""
    usual = HomeConfig(config.broker, port=TLS_PORT if config.tls else PORT)
    lines = [
        "# Where the house is; voicecoach home connect writes this file, and voicecoach home remove takes it away.",
        f"broker: {_quoted(config.broker)}",
    ]
    if config.port != usual.port:
        lines.append(f"port: {config.port}")
    for key in ("user", "password", "ca", "name", "id", "discovery"):
        value = getattr(config, key)
        if value != getattr(usual, key):
            lines.append(f"{key}: {_quoted(value)}")
    if config.tls:
        lines.append("tls: yes")
    if config.share:
        lines.append(f"share: [{', '.join(sorted(config.share))}]")
    return "\n".join([*lines, ""])


def machine_identity(files: Sequence[Path] = _IDENTITIES) -> str:
    """Twelve letters and digits that stay the same, and are another machine's or another user's nowhere.

    They are made of the machine's own number and do not tell it.
    """
    for file in files:
        try:
            number = file.read_bytes().strip(b"\0\n ")
        except OSError:
            continue
        if number:
            return sha256(b"voicecoach %s %d" % (number, os.getuid())).hexdigest()[:12]
    return sha256(b"voicecoach %d" % os.getuid()).hexdigest()[:12]


def _id(node: Node) -> str:
    text = node.text()
    if not text.isascii() or not text.isalnum():
        raise node.error(f'{node.called} is "{text}"; write letters and digits only')
    return text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
