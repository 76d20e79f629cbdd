"""``voicecoach models words``: words of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.errors import MissingPartError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``words`` to the commands of ``voicecoach models``."""
    words = commands.add_parser("words", help="words that you have added to those of the model")
    words.set_defaults(handler=_list)
    ways = words.add_subparsers(title="commands", metavar="COMMAND")
    ways.add_parser("list", help="the words and how they are said (the default)").set_defaults(handler=_list)
    add = ways.add_parser("add", help="add a word, or say anew how it is said")
    add.add_argument("word", metavar="WORD")
    add.add_argument("--sounds-like", metavar="WORDS", help='how it is said, in words that sound so, as in "hue guh"')
    add.set_defaults(handler=_add)
    remove = ways.add_parser("remove", help="remove a word that was added")
    remove.add_argument("word", metavar="WORD")
    remove.set_defaults(handler=_remove)


def _list(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.engines.recognition.vocabulary.added_words import added_words
    from voicecoach.settings import data_folder

    words = added_words(data_folder())
    for word in sorted(words):
        print("\n".join(f"{word}  {' '.join(phones)}" for phones in words[word]))
    if not words:
        print(f"No words were added; to add one, type: {typed('models words add WORD')}")
    return 0


def _add(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_files import SHIPPED_MODEL
    from voicecoach.engines.recognition.model_store.choosing import SHIPPED_NAME
    from voicecoach.engines.recognition.vocabulary.added_words import add_word
    from voicecoach.engines.recognition.vocabulary.lexicon import read_lexicon
    from voicecoach.model_selection import LEXICON, chosen_model, takes_words
    from voicecoach.resources import shipped
    from voicecoach.settings import data_folder

    used = chosen_model(assembly.settings).folder
    folder = used if takes_words(used) else shipped(SHIPPED_MODEL)
    if not takes_words(folder):
        raise MissingPartError(f"no words can be added to {folder}, which has no {LEXICON}; install voicecoach again")
    added = add_word(data_folder(), options.word, options.sounds_like, read_lexicon(folder / LEXICON))
    before = " or ".join(" ".join(phones) for phones in added.instead_of)
    instead = f", no longer as {before}," if before else ""
    print(f'"{added.word}" is heard as {" ".join(added.pronunciation)}{instead} from the next start on.')
    if used != folder:
        print(f"But the coach hears with {used.name}, which takes no words; {SHIPPED_NAME} does.")
    return 0


def _remove(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.engines.recognition.vocabulary.added_words import remove_word
    from voicecoach.engines.recognition.vocabulary.lexicon import as_word
    from voicecoach.settings import data_folder

    remove_word(data_folder(), options.word)
    print(f'"{as_word(options.word)}" is removed.')
    return 0
