"""``voicecoach understand``: what a sentence means to the coach, without a microphone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from voicecoach.cli.common import print_problems
from voicecoach.errors import FOUND_SOMETHING, BadRequestError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.understanding import Understood

# Nothing of what the handler needs is imported before it runs: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``understand`` to the commands."""
    understand = commands.add_parser(
        "understand",
        help="say what a sentence means to the coach",
        description="Say what a sentence means to the coach at rest, in a routine, and where it has asked something. "
        "The exit code is 1 where a sentence means nothing anywhere.",
    )
    understand.add_argument(
        "words", nargs="*", metavar="TEXT", help="one sentence; without it, each line of the standard input is one"
    )
    understand.add_argument("--json", action="store_true", help="one line of JSON for each sentence")
    understand.set_defaults(handler=_understand)


def _understand(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.understanding import Understanding, as_heard

    print_problems(assembly)
    sentences = [" ".join(options.words)] if options.words else _lines()
    understanding, code = Understanding(assembly), 0
    for number, sentence in enumerate(sentences):
        words, found = as_heard(sentence, assembly.language), understanding.of(sentence)
        if not words:
            raise BadRequestError(f'"{sentence}" has no words; write what somebody says')
        if all(one.meaning is None for one in found):
            code = FOUND_SOMETHING
        if options.json:
            print(as_json(sentence, words, found))
        else:
            print(as_text(words, found) if not number else "\n" + as_text(words, found))
    return code


def _lines() -> list[str]:
    """The sentences of the standard input.

    Raises:
        BadRequestError: There is none, or it is no text.
    """
    try:
        lines = [line.strip() for line in sys.stdin if line.strip()]
    except UnicodeDecodeError:
        raise BadRequestError("the standard input is not UTF-8; write sentences, one a line") from None
    if not lines:
        raise BadRequestError('there is no sentence; write one: voicecoach understand "can we move on"')
    return lines


def as_text(words: str, found: Sequence[Understood]) -> str:
    """The words, and a line for each situation."""
    width = max(len(one.situation) for one in found)
    return "\n".join([words, *(f"  {one.situation:<{width}}  {one}" for one in found)])


def as_json(sentence: str, words: str, found: Sequence[Understood]) -> str:
    """The same on one line, for programs."""
    told = {
        one.situation: one.meaning
        and {"command": one.meaning.command.key, "argument": one.meaning.argument, "answer": one.answers}
        for one in found
    }
    return json.dumps({"text": sentence, "words": words, "means": told}, ensure_ascii=False)
