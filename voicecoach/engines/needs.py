"""What an engine needs of a machine, in a form that the doctor, a test and a reader can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

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
class Engine(Generic[Build_co]):
    """An engine as the assembly registers it."""

    build: Build_co
    """Makes one; raises `MissingPartError` where something that it needs is missing."""
    needs: Needs
