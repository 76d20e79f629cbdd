"""``voicecoach hear``: what the ears understand in recordings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.common import print_problems, table
from voicecoach.errors import FOUND_SOMETHING, BadRequestError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.hear_files import FileListener, HeardUtterance
    from voicecoach.languages.commands import Meaning

# Nothing of what the handler needs is imported before it runs: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``hear`` to the commands."""
    hear = commands.add_parser(
        "hear",
        help="say what the ears understand in recordings",
        description="Say what the ears understand in recordings, in the quiet and as in the middle of a routine. Of a "
        "folder with an index.tsv (columns: path, transcript) a table is printed. The exit code is 1 where nothing was "
        "understood in some file.",
    )
    hear.add_argument("files", nargs="+", type=Path, metavar="FILE|FOLDER", help="WAV, FLAC, Ogg, or MP3")
    when = hear.add_mutually_exclusive_group()
    when.add_argument("--at-rest", action="store_true", help="as where no routine is on")
    when.add_argument("--in-routine", action="store_true", help="as in the middle of one (the default)")
    when.add_argument("--phrases", metavar="A,B", help="listen for these alone")
    hear.add_argument("--json", action="store_true", help="one line of JSON for each file")
    hear.set_defaults(handler=_hear)


def _hear(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.hear_files import FileListener, read_index
    from voicecoach.sound_files import read_sound

    print_problems(assembly)
    listener = FileListener(assembly, _phrases(options, assembly))
    code = 0
    for file in options.files:
        if file.is_dir() and options.json:
            for path, transcript in read_index(file):
                print(as_json(path, listener.hear(read_sound(path)), transcript))
            continue
        if file.is_dir():
            print(_table(file, listener))
            continue
        heard = listener.hear(read_sound(file))
        if all(one.phrase is None for one in heard):
            code = FOUND_SOMETHING
        print(as_json(file, heard) if options.json else as_text(file, heard))
    return code


def _phrases(options: argparse.Namespace, assembly: Assembly) -> Collection[str]:
    from voicecoach.plain import plain
    from voicecoach.understanding import Understanding

    if options.phrases is None:
        return Understanding(assembly).listened_for("at rest" if options.at_rest else "in a routine")
    phrases = frozenset(filter(None, map(plain, options.phrases.split(","))))
    if not phrases:
        raise BadRequestError('there is no phrase; name some, parted by commas: --phrases "stop,next one please"')
    return phrases


def as_text(file: Path, heard: Sequence[HeardUtterance]) -> str:
    """A line for each thing that was heard."""
    lines = []
    for one in heard:
        when, sure = f"{one.began_s:.1f}-{one.ended_s:.1f} s", f"confidence {one.confidence:.2f}"
        if one.phrase is None:
            lines.append(f'{file}: not understood: "{one.words}" ({one.refusal or "no phrase"}, {sure}, {when})')
        else:
            meaning = "" if one.meaning is None else f" = {_named(one.meaning)}"
            lines.append(f'{file}: "{one.phrase}"{meaning} ({sure}, {when})')
    return "\n".join(lines or [f"{file}: nothing was heard"])


def _named(meaning: Meaning) -> str:
    return meaning.command.key if meaning.argument is None else f"{meaning.command} {meaning.argument}"


def as_json(file: Path, heard: Sequence[HeardUtterance], said: str | None = None) -> str:
    """The same on one line, for programs; with what was ``said``, where that is known."""
    told = [
        {
            "words": one.words,
            "phrase": one.phrase,
            "command": one.meaning and one.meaning.command.key,
            "argument": one.meaning and one.meaning.argument,
            "confidence": round(one.confidence, 3),
            "recognizer": _rounded(None if one.ears is None else one.ears.recognizer),
            "second_ear": _rounded(None if one.ears is None else one.ears.second),
            "began_s": round(one.began_s, 2),
            "ended_s": round(one.ended_s, 2),
            "refusal": one.refusal,
        }
        for one in heard
    ]
    known = {} if said is None else {"said": said}
    return json.dumps({"file": str(file), **known, "heard": told}, ensure_ascii=False)


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 3)


def _table(folder: Path, listener: FileListener) -> str:
    """What was said and how often it was understood; words that are no phrase had better be nothing."""
    from voicecoach.hear_files import read_index
    from voicecoach.sound_files import read_sound

    said: dict[str, Counter[str]] = {}
    for path, transcript in read_index(folder):
        counts = said.setdefault(transcript if listener.listens_for(transcript) else "", Counter())
        counts[listener.judged(transcript, listener.hear(read_sound(path)))] += 1
    columns = ("understood", "something else", "nothing")
    rows = [("", "said", *columns)] + [
        (words or "anything else", str(counts.total()), *(str(counts[column]) for column in columns))
        for words, counts in sorted(said.items(), key=lambda item: (not item[0], item[0]))
    ]
    return table(rows)
