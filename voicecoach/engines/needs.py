"""What an engine needs of a machine, in a form that the doctor, a test and a reader can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

Build_co = TypeVar("Build_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What has to be there before an engine can be built."""

    packages: tuple[str, ...] = ()
    """Python packages, as ``pyproject.toml`` names them."""
    system: tuple[str, ...] = ()
    """Packages of Debian, installed with ``sudo apt install``."""
    memory_mb: int
    """About so much memory, on top of Python and numpy, while it works."""


@dataclass(frozen=True, slots=True)
class EngineFile:
    """A published file that an engine needs, such as the weights of a network."""

    path: Path
    """Where it has to lie."""
    url: str
    size_bytes: int
    sha256: str
    """In lower-case hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Engine(Generic[Build_co]):
    """An engine as the assembly registers it."""

    build: Build_co
    """Makes one; raises `MissingPartError` where something that it needs is missing."""
    needs: Needs
    files: Callable[[], Iterable[EngineFile]] = tuple
    """What it needs besides packages, and can be fetched."""


def registered(what: str, name: str, engines: Mapping[str, Engine[Build_co]]) -> Engine[Build_co]:
    """The engine of that name.

    Args:
        what: Who names it, for the message: "recognizer in ~/.config/voicecoach/settings.yaml".
        name: The name.
        engines: All that there are.

    Raises:
        BadRequestError: There is none.
    """
    if name not in engines:
        raise BadRequestError(f'{what} cannot be "{name}"; write one of: {", ".join(engines)}')
    return engines[name]
