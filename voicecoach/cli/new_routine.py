"""``voicecoach routines new``: asks for a routine, and writes its file."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from voicecoach.errors import BadFileError, BadRequestError, CannotCreateError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.routine.draft import DraftEntry
    from voicecoach.routine.stretch import Stretch

    Read = TypeVar("Read")

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

_OPENING = "Take your time, and go only as far as feels good."
_CLOSING = "That was all of it. Rest well."
_HELP = {
    "say": 'What you will say after "start": one to three plain words, lower case, as in "knee sheet".',
    "which": "The numbers of the stretches, in the order in which you want them, as in: 3 12 5. One may come twice.",
    "sides": "each (right, then left), each from the left, alternating, right, or left.",
    "hold": 'How long each hold lasts: "20 seconds", "10 counts", "5 breaths"; a mere number is seconds.',
    "repeat": 'How often in one round: "10 times", "10-15 times"; a mere number is times.',
    "rounds": 'How often the whole is done: "3", or "2-3", which grows with time.',
    "rest": 'Quiet time between two rounds: "30 seconds", "1 minute" or "none"; a mere number is seconds.',
    "ready": 'With yes, the coach waits before each round until you say "ready".',
    "write": "yes writes the file; no leaves everything as it was.",
    "opening": "What the coach says when the routine begins.",
    "closing": "What the coach says when it has ended.",
}
_QUESTIONS = {
    "sides": "On which sides",
    "hold": "How long is it held",
    "repeat": "How many times in one round",
    "rounds": "How many rounds",
    "rest": "How long is the rest between two rounds",
}


def new(options: argparse.Namespace, assembly: Assembly) -> int:
    """Ask, write, check, and say how to begin."""
    from voicecoach.languages.loading import ENGLISH
    from voicecoach.routine.draft import Draft
    from voicecoach.settings import config_folder

    key = "-".join(options.name.lower().replace("-", " ").split())
    path = config_folder() / "routines" / f"{key}.yaml"
    _check_free(key, path, assembly)
    print('A line answers each question; Enter takes what stands in brackets, "?" explains, Ctrl-C leaves.\n')
    say = _ask("say", "What will you call it", key.replace("-", " "), lambda name: _spoken_name(name, key, assembly))
    entries = _entries(assembly)
    ready = _ask("ready", 'Shall I wait for "ready" before each round', "no", _yes_or_no)
    mine = assembly.language.key != ENGLISH  # what is offered is English
    opening = _ask("opening", "What is said at the beginning", "", _said) if mine else _OPENING
    closing = _ask("closing", "And at the end", "", _said) if mine else _CLOSING
    draft = Draft(say, opening, closing, entries, ready)
    _check(draft.text, path, assembly)
    print(f"\n{draft.text}")
    if not _ask("write", f"Write this to {path}", "yes", _yes_or_no):
        print("Nothing was written.")
        return 0
    _write(path, draft.text)
    _tell(key, say, assembly)
    return 0


# --- asking -----------------------------------------------------------------------------------------------------------


def _ask(about: str, question: str, offered: str, read: Callable[[str], Read]) -> Read:
    """What ``read`` makes of the answer; asked until it raises no error that a person can mend."""
    while True:
        typed_in = _line(f"{question}? [{offered}] " if offered else f"{question}? ")
        if typed_in == "?":
            print(f"  {_HELP[about]}")
            continue
        try:
            return read(typed_in or offered)
        except BadFileError as error:
            print(f"  {error.what}")
        except BadRequestError as error:
            print(f"  {error}")


def _line(question: str) -> str:
    try:
        if sys.stdin is not None:  # it is None where the shell closed it
            return input(question).strip()
    except EOFError:
        print()
    raise BadRequestError(
        f'nobody answers "{question.strip()}"; type this in a terminal, or give an answer a line on the standard input'
    )


def _entries(assembly: Assembly) -> tuple[DraftEntry, ...]:
    from voicecoach.routine.draft import DraftEntry

    stretches = list(assembly.library.stretches.values())
    print()
    for number, stretch in enumerate(stretches, start=1):
        print(f"{number:4}  {stretch.name:<28}  {stretch.key:<24}  {stretch.position.value}")
    print()
    chosen = _ask("which", "Which of these, in which order", "", lambda answer: _chosen(answer, stretches))
    return tuple(DraftEntry(stretch, _dose(stretch)) for stretch in chosen)


def _dose(stretch: Stretch) -> dict[str, str]:
    from voicecoach.routine.draft import ONCE, REST, asked_of

    print(f"\n{stretch.name}")
    dose: dict[str, str] = {}
    for key, offered in asked_of(stretch).items():
        dose[key] = _value(key, offered)
    if dose["rounds"] == "1":
        del dose["rounds"]
    else:
        dose["rest"] = _value("rest", REST)
    if dose["repeat"] == ONCE:
        del dose["repeat"]
    return dose


def _value(key: str, offered: str) -> str:
    def read(answer: str) -> str:
        from voicecoach.routine.dose import read_dose
        from voicecoach.routine.draft import completed
        from voicecoach.yamlfile import parse

        answer = completed(key, answer)
        rounds = "rounds: 2\n" if key == "rest" else ""
        read_dose(parse(f"{rounds}{key}: {answer}", "").mapping())
        return answer

    return _ask(key, f"  {_QUESTIONS[key]}", offered, read)


def _chosen(answer: str, stretches: Sequence[Stretch]) -> list[Stretch]:
    numbers = answer.replace(",", " ").split()
    wrong = [number for number in numbers if not number.isdecimal() or not 1 <= int(number) <= len(stretches)]
    if wrong or not numbers:
        what = f'"{wrong[0]}" is none of them' if wrong else "at least one is needed"
        raise BadRequestError(f"{what}; type numbers from 1 to {len(stretches)}, as in: 3 1 7")
    return [stretches[int(number) - 1] for number in numbers]


def _yes_or_no(answer: str) -> bool:
    if answer.lower() not in ("yes", "y", "no", "n"):
        raise BadRequestError("type yes or no")
    return answer.lower() in ("yes", "y")


def _said(answer: str) -> str:
    from voicecoach.routine.spoken import spoken
    from voicecoach.yamlfile import Node

    return spoken(Node("", 1, 1, "this", answer))


def _spoken_name(answer: str, key: str, assembly: Assembly) -> str:
    from voicecoach.model_selection import words_not_heard
    from voicecoach.routine.reading import spoken_name
    from voicecoach.yamlfile import Node

    taken = {said: one.key for one in assembly.library.routines.values() if one.key != key for said in one.say}
    name = spoken_name(Node("", 1, 1, "the name", answer.lower()), taken)
    if unknown := words_not_heard(assembly.settings, name.split()):
        raise BadRequestError(
            f'"{unknown[0]}" is a word that the coach cannot hear; take another one, or first type: '
            f"{typed(f'models words add {unknown[0]}')}"
        )
    return name


# --- the file ---------------------------------------------------------------------------------------------------------


def _check_free(key: str, path: Path, assembly: Assembly) -> None:
    from voicecoach.routine.spoken import key_of

    try:
        key_of(path)
    except BadFileError:
        raise BadRequestError(
            f'"{key[:40]}" will not do as the name of a file; use letters from a to z, digits and hyphens'
        ) from None
    if path.exists():
        raise BadRequestError(f"there is a routine {key} already, in {path}; take another name, or change that file")
    if key in assembly.library.routines:
        raise BadRequestError(f"the coach brings a routine {key} along, which yours would hide; take another name")


def _check(text: str, path: Path, assembly: Assembly) -> None:
    """Refuse to write what could not be used."""
    from tempfile import TemporaryDirectory

    from voicecoach.routine.loading import check_file

    with TemporaryDirectory() as folder:
        from pathlib import Path as Folder

        trial = Folder(folder) / path.name
        trial.write_text(text, encoding="utf-8")
        check_file(trial, assembly.library)


def _write(path: Path, text: str) -> None:
    """All of it or nothing."""
    new_file = path.with_suffix(".new")  # such a file is never read
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            new_file.write_text(text, encoding="utf-8")
            new_file.replace(path)
        finally:
            with suppress(FileNotFoundError):
                new_file.unlink()
    except OSError as error:
        raise CannotCreateError(f"{path} cannot be written ({error.strerror}); check the folder") from error


def _tell(key: str, say: str, assembly: Assembly) -> None:
    from voicecoach.languages.commands import Command

    start = assembly.language.phrases[Command.START][0].replace("{routine}", say)
    print(f'\nIt is written, and nothing is wrong with it. From its next start on, the coach knows it: say "{start}".')
    print(f"To read what will be said:  {typed(f'routines show {key}')}")
    print(f"To hear it before:          {typed(f'rehearse {key} --out {key}')}")
