"""``voicecoach voices``: the voice packs of this machine, and the engines that speak."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli import voice_making
from voicecoach.cli.common import digest, download_bar, table, with_sound_card
from voicecoach.cli.voice_making import named_pack, print_choice, told_already

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.speaking.packs.pack import VoicePack

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

SAMPLES, SAMPLE_WORDS = 3, 6
"""How many sentences are a sample, and of how many words at least."""


def add_parser(commands: Commands) -> None:
    """Add ``voices`` to the commands."""
    voices = commands.add_parser("voices", help="list, hear, choose, get, make and remove voices")
    voices.set_defaults(handler=_list)
    ways = voices.add_subparsers(title="commands", metavar="COMMAND")
    ways.add_parser("list", help="the packs, the engines, and what speaks (the default)").set_defaults(handler=_list)

    preview = ways.add_parser("preview", help="hear a few sentences")
    preview.add_argument("name", nargs="?", metavar="NAME", help="of a pack (default: what speaks)")
    preview.add_argument("--out", type=Path, metavar="FILE", help="write them there as WAV instead")
    preview.set_defaults(handler=_preview)

    use = ways.add_parser("use", help="choose what speaks")
    use.add_argument("name", metavar="NAME|auto|none", help="none: the engine alone")
    use.set_defaults(handler=_use)

    get = ways.add_parser("get", help="fetch a pack, or take a file that was made elsewhere")
    get.add_argument("name", metavar="NAME|URL|FILE", help="of a pack, or the name of an engine that needs files")
    check = get.add_mutually_exclusive_group()
    check.add_argument("--sha256", type=digest(64), metavar="HEX", help="checksum of the file")
    check.add_argument("--unchecked", action="store_true", help="take an address that has no published checksum")
    get.set_defaults(handler=_get)

    remove = ways.add_parser("remove", help="remove a pack")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(handler=_remove)

    voice_making.add_parsers(ways)


def _list(_: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.assembly import SYNTHESIZERS
    from voicecoach.engines.recognition.model_store.disk import size
    from voicecoach.voices.using import chosen_packs, found_packs

    found = found_packs(assembly.language.code, told_already)
    choice = chosen_packs(assembly.settings, found)
    rows = [
        (
            "*" if pack in choice.packs else " ",
            name,
            f"{pack.manifest.voice} of {pack.manifest.engine}",
            f"{len(pack)} sentences",
            size(pack.path.stat().st_size),
            pack.manifest.licence,
            note,
        )
        for packs, note in ((found.shipped, "ships with the coach"), (found.installed, "installed"))
        for name, pack in packs.items()
    ]
    settings = assembly.settings
    engines = [
        (
            "*" if name == settings.synthesizer else " ",
            name,
            settings.voice.name if name == settings.synthesizer else "",
        )
        for name in SYNTHESIZERS
    ]
    print(
        "\n".join(part for part in (table(rows) if rows else "No voice pack is there.", "", table(engines), "") if part)
    )
    print_choice(assembly)
    return 0


@with_sound_card
def _preview(options: argparse.Namespace, assembly: Assembly) -> int:
    import numpy as np

    from voicecoach.engines.audio_io.devices import speaker_rate_hz
    from voicecoach.speaking.packs.shelf import PackShelf
    from voicecoach.voices.playing import FILE_HZ, play, save

    pack = None if options.name is None else named_pack(options.name, assembly)
    settings = assembly.settings
    card = None if options.out else assembly.sound_card()
    rate_hz = FILE_HZ if card is None else speaker_rate_hz(settings.speaker, lambda: card)
    with assembly.synthesizer() as synthesizer:
        clips = assembly.clips(synthesizer, rate_hz, packs=None if pack is None else PackShelf([pack]))
        sound = clips.get(" ".join(_sample(pack, assembly)))
    if card is None:
        save(options.out, sound, rate_hz)
        print(f"{options.out}: {len(sound) / rate_hz:.0f} s")
    else:
        play(sound * np.float32(10 ** (settings.volume_db / 20)), rate_hz, settings.speaker, card)
    return 0


def _sample(pack: VoicePack | None, assembly: Assembly) -> Sequence[str]:
    """A few sentences: of the pack, or of the coach."""
    if pack is None:
        words = assembly.language.prompts
        return words.paused, words.lengthened, words.resting_now
    said = [one.text for one in pack.sentences()]
    longer = [text for text in said if len(text.split()) >= SAMPLE_WORDS] or said
    return longer[:: max(1, len(longer) // SAMPLES)][:SAMPLES]


def _use(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_store.remembered import remember
    from voicecoach.settings import data_folder, settings_file
    from voicecoach.voices.choosing import AUTO, NONE
    from voicecoach.voices.using import REMEMBERED

    if options.name not in {AUTO, NONE}:
        named_pack(options.name, assembly)
    remember(data_folder(), None if options.name == AUTO else options.name, REMEMBERED)
    if assembly.settings.voice_pack is not None:
        said = f"voice_pack: in {settings_file()} says {assembly.settings.voice_pack}"
        print(f"Your choice is kept, but {said}, and that goes before it.")
    print_choice(assembly)
    return 0


def _get(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.assembly import SYNTHESIZERS
    from voicecoach.engines.recognition.model_store.disk import size
    from voicecoach.settings import data_folder, voices_folder
    from voicecoach.voices import getting
    from voicecoach.voices.catalogue import CATALOGUE
    from voicecoach.voices.store import VoiceStore

    if files := [*SYNTHESIZERS[options.name].files()] if options.name in SYNTHESIZERS else []:
        with download_bar() as progress:
            came = getting.get_files(files, data_folder() / options.name, progress)
        print(f"{options.name}: all {len(files)} files are there; {came} came.")
        return 0
    pack = getting.wanted(options.name, options.sha256, CATALOGUE, unchecked=options.unchecked)
    with download_bar() as progress, getting.get(pack, VoiceStore(voices_folder()), progress) as got:
        facts = f"{len(got)} sentences, {size(got.path.stat().st_size)}"
        print(f"{pack.name} is installed: {facts}, {got.manifest.licence}, in {got.path}.")
    print_choice(assembly)
    return 0


def _remove(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_store.remembered import remember, remembered
    from voicecoach.settings import data_folder, voices_folder
    from voicecoach.voices.store import VoiceStore
    from voicecoach.voices.using import REMEMBERED

    VoiceStore(voices_folder()).remove(options.name)
    if remembered(data_folder(), REMEMBERED) == options.name:
        remember(data_folder(), None, REMEMBERED)
    print(f"{options.name} is removed.")
    print_choice(assembly)
    return 0
