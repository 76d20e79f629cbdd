"""``voicecoach voices render`` and ``check``: making a pack, and what packs do not say."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import FOUND_SOMETHING, BadRequestError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.speaking.packs.pack import VoicePack

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

SHOWN = 20
"""So many sentences that are not covered are printed where nobody asks for all of them."""


def add_parsers(ways: Commands) -> None:
    """Add ``render`` and ``check`` to ``voices``."""
    render = ways.add_parser("render", help="make a pack with an engine of this machine")
    render.add_argument("name", metavar="NAME", help="of the pack")
    render.add_argument("--routine", action="append", default=[], metavar="ROUTINE", help="only for this one; again")
    render.add_argument("--missing", action="store_true", help="only what no pack says yet")
    render.add_argument("--engine", metavar="ENGINE", help="that speaks (default: that of the settings)")
    render.add_argument("--voice", metavar="VOICE", help="of the engine (default: that of the settings)")
    render.add_argument("--words-per-minute", type=int, metavar="N", help="how fast (default: as the settings say)")
    render.add_argument("--licence", default="not told", metavar="NAME", help="of the sound, such as Apache-2.0")
    render.add_argument("--bits-per-second", type=int, default=16_000, metavar="N", help="of the sound (%(default)s)")
    render.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that speak side by side (1)")
    render.add_argument("--about", default="", metavar="TEXT", help="what kind of voice it is")
    render.add_argument("--anew", action="store_true", help="also what the pack of that name already says")
    render.add_argument("--out", type=Path, metavar="FILE", help="write it there, to be copied to another machine")
    render.set_defaults(handler=_render)

    cover = ways.add_parser("check", help="say what is not covered, and what is broken or too fast")
    cover.add_argument("name", nargs="?", metavar="NAME", help="of a pack (default: all that speaks)")
    cover.add_argument("--routine", action="append", default=[], metavar="ROUTINE", help="only for this one; again")
    cover.add_argument("--all", action="store_true", help="print every sentence that is not covered")
    cover.set_defaults(handler=_check)


def _render(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.engines.recognition.model_store.disk import size
    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.settings import clips_folder, voices_folder
    from voicecoach.speaking.packs.manifest import is_pack_name
    from voicecoach.voices.rendering import PackToMake, render_pack
    from voicecoach.voices.store import VoiceStore

    if not is_pack_name(options.name) or options.name in {"auto", "none"}:
        raise BadRequestError(f'"{options.name}" cannot be the name of a pack; take letters, digits and lines')
    if options.jobs < 1:
        raise BadRequestError(f"--jobs {options.jobs}: somebody must speak; write 1 or more")
    usual, store = assembly.settings.voice, VoiceStore(voices_folder())
    voice = Voice(options.voice or usual.name, options.words_per_minute or usual.words_per_minute)
    covers = tuple(options.routine or assembly.library.routines)
    wanted = PackToMake(
        options.name, assembly.language.code, voice, options.licence, covers, options.about, options.bits_per_second
    )
    sentences = _sentences(options.routine, assembly)
    if options.missing:
        sentences = [one for one in sentences if not assembly.voice_packs.has(one)]
    if not sentences:
        print("There is nothing to say that no pack says.")
        return 0
    path = options.out or store.file(options.name)
    with ExitStack() as stack:
        earlier = None if options.anew or not path.exists() else _earlier(path, stack)
        progress = stack.enter_context(_bar(len(sentences)))
        speaking = [stack.enter_context(assembly.synthesizer(options.engine)) for _ in range(options.jobs)]
        made = render_pack(path, wanted, sentences, speaking, progress, clips_folder(), earlier)
    print(f"{path}: {made.clips} sentences, {made.seconds / 60:.0f} minutes, {size(path.stat().st_size)}.")
    for sentence in made.unsaid:
        print(f"  not said: {sentence}")
    if not options.out:
        print_choice(assembly)
    return FOUND_SOMETHING if made.unsaid else 0


def _earlier(path: Path, stack: ExitStack) -> VoicePack | None:
    """The pack that is there, of which clips can be taken over."""
    from voicecoach.console_log import warn
    from voicecoach.speaking.packs.manifest import BadPackError
    from voicecoach.speaking.packs.pack import VoicePack

    try:
        return stack.enter_context(VoicePack(path))
    except BadPackError as error:
        warn(f"{error}; so everything is rendered anew")
        return None


def _check(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.speaking.packs.shelf import PackShelf
    from voicecoach.voices.coverage import FASTEST, coverage, too_fast

    shelf = assembly.voice_packs if options.name is None else PackShelf([named_pack(options.name, assembly)])
    broken = [f"{pack.path.stem}: {text}" for pack in shelf.packs for text in pack.broken()]
    found = coverage(shelf, _sentences(options.routine, assembly))
    fast = too_fast([one for pack in shelf.packs for one in pack.sentences()])
    names = ", ".join(pack.path.stem for pack in shelf.packs) or "no pack"
    print(f"{names}: {found.wanted - len(found.missing)} of {found.wanted} sentences ({100 * found.share:.1f} %)")
    _print_some("not covered", found.missing, every=options.all)
    _print_some("broken", broken, every=options.all)
    _print_some(
        f"faster than {FASTEST} words a minute", [f"{pace:.0f}: {text}" for text, pace in fast], every=options.all
    )
    return FOUND_SOMETHING if found.missing or broken else 0


def _print_some(what: str, lines: Sequence[str], *, every: bool) -> None:
    if lines:
        print(f"{what}: {len(lines)}")
        shown = lines if every else lines[:SHOWN]
        print("\n".join(f"  {line}" for line in shown))
        if len(shown) < len(lines):
            print(f'  ... "{typed("voices check --all")}" prints all')


def _sentences(routines: Sequence[str], assembly: Assembly) -> list[str]:
    """Every sentence and phrase that is to be had in advance."""
    from voicecoach.speaking.clips import clips_of

    texts = (text for kind in assembly.recordings(*routines).values() for text in kind)
    return list(dict.fromkeys(sentence for text in texts for sentence in clips_of(text)))


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int, int], None]]:
    from tqdm import tqdm

    with tqdm(total=total, desc="voice", unit="sentence", disable=None, leave=False) as bar:

        def progress(done: int, _of: int) -> None:
            bar.update(done - bar.n)

        yield progress


def named_pack(name: str, assembly: Assembly) -> VoicePack:
    """The pack of that name.

    Raises:
        BadRequestError: There is none.
    """
    from voicecoach.voices.using import found_packs

    found = found_packs(assembly.language.code, told_already)
    pack = found.named(name)
    if pack is None:
        names = ", ".join(dict.fromkeys([*found.shipped, *found.installed]))
        there = f"there are: {names}" if names else "there is none"
        raise BadRequestError(f'no voice pack "{name}" is installed; {there}; others come with "{typed("voices get")}"')
    return pack


def told_already(_line: str) -> None:
    """Of a broken pack: the assembly has said so when it was built."""


def print_choice(assembly: Assembly) -> None:
    """Say what the coach speaks with, and why."""
    from voicecoach.voices.using import chosen_packs, found_packs

    settings = assembly.settings
    choice = chosen_packs(settings, found_packs(assembly.language.code, told_already))
    engine = f"{settings.synthesizer} {settings.voice.name}"
    if choice.packs:
        first, *others = (pack.path.stem for pack in choice.packs)
        besides = f", besides it with {', '.join(others)}" if others else ""
        print(f"The coach speaks with {first}{besides}, {choice.why}; what is in none is said by {engine}.")
    else:
        print(f"The coach speaks with {engine}, {choice.why}.")
