"""Holds the phrases of a language against one another: no two meanings may be said, or heard, with the same words.

Three things go wrong otherwise, and each is an error that names both places.

- A phrase that means two things.  Slots are filled in for that: "in ten minutes" is one of "in {minutes} minutes".
- A phrase that begins with a word of safety, as "stop the music" would with "stop".  Such a word is obeyed as soon as
  it stands, before the rest is said; and it must not wait for a rest.  Only what stops too may begin with "stop"
  (`STOPS_TOO`): it follows.  Safety in several words, as "no more", may go on: the endpointer then waits a little for
  the rest.
- A phrase that ends with a phrase of safety, as "don't stop" would: what is lost at the beginning of an utterance
  leaves the other meaning.  Among words of need that may be: "tingling" is told what "my foot is tingling" would be
  told in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.languages.commands import SAFETY, STOPS_TOO, Command
from voicecoach.languages.language import filled_in
from voicecoach.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.languages.commands import Meaning
    from voicecoach.languages.language import Language
    from voicecoach.yamlfile import Node

Origins = dict[str, tuple["Meaning", "Node | None"]]


def refuse_clashes(language: Language, origin: Mapping[tuple[Command, str], Node]) -> None:
    """Compare every phrase with every other.

    Args:
        language: Whose phrases they are.
        origin: The template that a phrase of a command, before its slots are filled in, is from.

    Raises:
        BadFileError: Two of them clash; each such pair of templates is told once.
    """
    problems = Problems()
    said: Origins = {}
    told: set[tuple[int, object]] = set()

    def clash(node: Node, other: Meaning, other_node: Node | None, what: str) -> None:
        if (pair := (id(node), other_node and id(other_node))) not in told:
            told.add(pair)
            with problems:
                raise node.error(what.format(other=_named(other, other_node)))

    for phrase, meaning, template in filled_in(language):
        node = origin.get((meaning.command, template))
        before = said.setdefault(phrase, (meaning, node))
        if before[0] != meaning and node is not None:
            clash(node, *before, f'"{phrase}" already means {{other}}; choose other words')
    safety = {phrase: of for phrase, of in said.items() if of[0].command in SAFETY}
    may_begin, may_end = ({phrase.split()[place] for phrase in safety} for place in (0, -1))
    for phrase, (meaning, node) in said.items():
        words = phrase.split()
        if node is None or (words[0] not in may_begin and words[-1] not in may_end):
            continue
        first = safety.get(words[0])
        follows = first is not None and first[0].command == Command.STOP and meaning.command in STOPS_TOO
        if first is not None and first[0].command != meaning.command and not follows:
            clash(node, *first, f'"{phrase}" begins with {{other}}, which is obeyed at once; begin with another word')
        for length in range(1, len(words)):
            last = safety.get(" ".join(words[-length:]))
            if last is not None and last[0].command != meaning.command and meaning.command not in SAFETY:
                clash(node, *last, f'"{phrase}" ends with what means {{other}}; end with other words')
    problems.raise_any()


def _named(meaning: Meaning, node: Node | None) -> str:
    """What a phrase of somewhere else means, and where that is."""
    if node is None:
        return f'"the number {meaning.argument}"' if meaning.command == Command.NUMBER else f'"{meaning.command}"'
    argument = "" if meaning.argument is None else f" {meaning.argument}"
    return f'"{meaning.command}{argument}" (line {node.line}: "{node.text()}")'
