"""``voicecoach models``: the speech models of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.cli import model_words
from voicecoach.cli.common import digest, download_bar, table
from voicecoach.errors import BadRequestError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

CHECKSUMS = {"md5": 32, "sha256": 64}
"""What an archive can be checked by, and how many digits that has."""
FIXED_GRAPH = "large, and most likely with a fixed graph: then it cannot be used"


def add_parser(commands: Commands) -> None:
    """Add ``models`` to the commands."""
    _add_model_commands(commands.add_parser("models", help="list, choose, get and remove speech models; add words"))


def _add_model_commands(models: argparse.ArgumentParser) -> None:
    models.set_defaults(handler=_list, published=False, catalogue=None)
    commands = models.add_subparsers(title="commands", metavar="COMMAND")

    listing = commands.add_parser("list", help="what ships, what is installed, and what is used (the default)")
    listing.add_argument("--published", action="store_true", help="also what can be had from the internet")
    _add_catalogue(listing)
    listing.set_defaults(handler=_list)

    use = commands.add_parser("use", help="choose the model to hear with")
    use.add_argument("name", metavar="NAME|FOLDER|auto", help="auto: a general one where memory allows")
    use.set_defaults(handler=_use)

    get = commands.add_parser("get", help="fetch a published model from the internet")
    get.add_argument("name", metavar="NAME|URL", help="such as vosk-model-small-en-us-0.15")
    check = get.add_mutually_exclusive_group()
    for algorithm, digits in CHECKSUMS.items():
        check.add_argument(f"--{algorithm}", type=digest(digits), metavar="HEX", help="checksum of the archive")
    check.add_argument("--unchecked", action="store_true", help="take an archive that has no published checksum")
    _add_catalogue(get)
    get.set_defaults(handler=_get)

    remove = commands.add_parser("remove", help="remove a model that was fetched")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(handler=_remove)

    model_words.add_parser(commands)


def _add_catalogue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalogue", metavar="URL", help="another list of models than the publisher's")


def _list(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_files import SHIPPED_MODEL
    from voicecoach.engines.recognition.model_store.choosing import SHIPPED_NAME, memory_bytes
    from voicecoach.engines.recognition.model_store.disk import bytes_in, size
    from voicecoach.engines.recognition.model_store.names import language_of
    from voicecoach.engines.recognition.model_store.store import Installed, ModelStore
    from voicecoach.model_selection import chosen_model
    from voicecoach.resources import shipped
    from voicecoach.settings import models_folder

    choice = chosen_model(assembly.settings)
    ships = shipped(SHIPPED_MODEL)
    fetched = ModelStore(models_folder()).installed()
    models = {Installed(SHIPPED_NAME, ships, bytes_in(ships)): "ships with the coach"}
    models |= dict.fromkeys(fetched, "installed")
    if all(model.folder != choice.folder for model in models):
        note = "a folder of yours" if choice.folder.is_dir() else "is not there"
        models[Installed(str(choice.folder), choice.folder, bytes_in(choice.folder))] = note
    rows = [
        (
            "*" if model.folder == choice.folder else " ",
            model.name,
            language_of(model.name) or "?",
            f"{size(model.size_bytes)} on disk",
            f"about {size(memory_bytes(model.size_bytes))} of memory",
            note,
        )
        for model, note in models.items()
    ]
    print(f"{table(rows)}\n")
    _print_choice(assembly)
    if options.published:
        _list_published(options, {model.name for model in models})
    return 0


def _list_published(options: argparse.Namespace, installed: Collection[str]) -> None:
    from voicecoach.engines.recognition.model_store.catalogue import fetch_catalogue
    from voicecoach.engines.recognition.model_store.choosing import memory_bytes
    from voicecoach.engines.recognition.model_store.disk import size
    from voicecoach.engines.recognition.model_store.getting import USUAL_TIMES

    models = [model for model in fetch_catalogue(_catalogue(options)) if model.hears and not model.obsolete]
    rows = [
        (
            " ",
            model.name,
            model.language,
            f"{size(model.size_bytes)} to fetch",
            f"about {size(memory_bytes(USUAL_TIMES * model.size_bytes))} of memory",
            "installed" if model.name in installed else FIXED_GRAPH if model.has_fixed_graph else "",
        )
        for model in sorted(models, key=lambda model: (model.language, model.size_bytes))
    ]
    print(f"\nPublished, and there with: {typed('models get NAME')}\n\n{table(rows)}")


def _use(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_files import find_model
    from voicecoach.engines.recognition.model_store.choosing import (
        AUTO,
        SHIPPED_NAME,
        available_memory_bytes,
        memory_bytes,
        named,
    )
    from voicecoach.engines.recognition.model_store.disk import bytes_in, size
    from voicecoach.engines.recognition.model_store.names import is_name
    from voicecoach.engines.recognition.model_store.remembered import remember
    from voicecoach.engines.recognition.model_store.store import ModelStore
    from voicecoach.settings import data_folder, models_folder, settings_file

    if options.name == AUTO:
        remember(data_folder(), None)
    else:
        installed = ModelStore(models_folder()).installed()
        folder = named(options.name, installed)
        if is_name(options.name) and not folder.exists():
            there = ", ".join([SHIPPED_NAME, *(model.name for model in installed)])
            raise BadRequestError(
                f'no model "{options.name}" is installed; there are: {there}; others come with "voicecoach '
                'models get NAME"'
            )
        folder = find_model(str(folder))
        is_known = options.name in {SHIPPED_NAME, *(model.name for model in installed)}
        remember(data_folder(), options.name if is_known else str(folder.absolute()))
        needed, available = memory_bytes(bytes_in(folder)), available_memory_bytes()
        if available is not None and available < needed:
            print(f"{folder.name} needs about {size(needed)} of memory, and {size(available)} are free right now.")
    if assembly.settings.model is not None:
        by = "--model" if options.model else f"model: in {settings_file()}"
        print(f"Your choice is kept, but {by} names {assembly.settings.model}, and that goes before it.")
    _print_choice(assembly)
    return 0


def _get(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_files import problem_with
    from voicecoach.engines.recognition.model_store import getting
    from voicecoach.engines.recognition.model_store.catalogue import fetch_catalogue
    from voicecoach.engines.recognition.model_store.choosing import SHIPPED_NAME
    from voicecoach.engines.recognition.model_store.disk import size
    from voicecoach.engines.recognition.model_store.store import ModelStore
    from voicecoach.settings import models_folder

    store = ModelStore(models_folder())
    name = getting.name_of(options.name)
    if name == SHIPPED_NAME:
        raise BadRequestError(f"{name} ships with the coach; there is nothing to get")
    there = store.find(name)
    if there and not problem_with(there.folder):
        print(f"{name} is installed already.")
        return 0
    checksum = next((getting.Checksum(kind, vars(options)[kind]) for kind in CHECKSUMS if vars(options)[kind]), None)
    model = getting.wanted(
        options.name, checksum, lambda: fetch_catalogue(_catalogue(options)), unchecked=options.unchecked
    )
    if model.checksum is None:
        print(f"There is no checksum of {name}: whether it is what its publisher made is not checked, as you said.")
    if model.has_fixed_graph:
        print(f"{name} is {FIXED_GRAPH}; whether that is so will show when it is here.")
    with download_bar() as progress:
        installed = getting.get(model, store, progress)
    print(f"{name} is installed: {size(installed.size_bytes)} in {installed.folder}.")
    _print_choice(assembly)
    return 0


def _remove(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_store.choosing import SHIPPED_NAME
    from voicecoach.engines.recognition.model_store.remembered import remember, remembered
    from voicecoach.engines.recognition.model_store.store import ModelStore
    from voicecoach.settings import data_folder, models_folder

    if options.name == SHIPPED_NAME:
        raise BadRequestError(f"{SHIPPED_NAME} ships with the coach and stays")
    ModelStore(models_folder()).remove(options.name)
    if remembered(data_folder()) == options.name:
        remember(data_folder(), None)
    print(f"{options.name} is removed.")
    _print_choice(assembly)
    return 0


def _print_choice(assembly: Assembly) -> None:
    from voicecoach.model_selection import chosen_model

    choice = chosen_model(assembly.settings)
    print(f"The coach hears with {choice.folder.name}, {choice.why}.")


def _catalogue(options: argparse.Namespace) -> str:
    from voicecoach.engines.recognition.model_store.catalogue import CATALOGUE_URL

    return options.catalogue or CATALOGUE_URL
