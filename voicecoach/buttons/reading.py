"""Reads a button of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.buttons.mapping import Button
from voicecoach.buttons.presses import Kind

if TYPE_CHECKING:
    from voicecoach.yamlfile import Node


def read_button(node: Node) -> Button:
    """A key, and what its presses stand for.

    Raises:
        BadFileError: It says something that it should not; with file, line and column.
    """
    given = node.mapping(allowed={"key", "device", *Kind}, required={"key"})
    says = {kind: _phrases(given[kind]) for kind in Kind if kind in given}
    if not says:
        raise node.error("this button does nothing; write what it stands for, such as press: next")
    return Button(given["key"].text(), given["device"].text() if "device" in given else "", says)


def _phrases(node: Node) -> tuple[str, ...]:
    return tuple(one.text() for one in node.sequence()) if node.is_sequence else (node.text(),)
