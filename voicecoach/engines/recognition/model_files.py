"""Finds the speech model, and makes sure that Vosk will not fall over it.

Vosk and Kaldi end the process, without a word to the person, over some broken files, and load others in silence and
then hear nothing.  So a folder is looked through first.  A model that carries checksums, as the one that ships does, is
compared with them; any other is tried out in a child process, whose end does not matter.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from voicecoach.errors import MissingPartError
from voicecoach.invocation import typed
from voicecoach.resources import shipped

SHIPPED_MODEL = "models/voicecoach-en"
"""The model that comes with the coach."""
CHECKSUMS = "SHA256SUMS"
"""In a model's folder: the checksums of its files, as ``sha256sum`` writes and checks them."""
TRIAL = (sys.executable, "-P", "-m", "voicecoach.engines.recognition.vosk")
"""Command that tries the model whose folder is appended; a module, since only the engine's file may touch Vosk."""
TRIAL_PATIENCE_S = 120.0
"""A large model on a slow card takes this long to load at most."""
_NEEDED = ("am/final.mdl", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
_FEATURES = ("conf/mfcc.conf", "conf/fbank.conf")
_FIXED_GRAPH = "graph/HCLG.fst"
_REINSTALL = "install voicecoach again, or name the folder of another Vosk model with --model"


def find_model(setting: str | None) -> Path:
    """The folder of the model to hear with; Vosk can load it.

    Args:
        setting: A folder that the person named; None takes the model that ships.

    Raises:
        MissingPartError: There is no model there, or it is broken, or it cannot be given phrases.
    """
    folder = shipped(SHIPPED_MODEL) if setting is None else Path(setting).expanduser()
    problem = problem_with(folder)
    if problem:
        advice = _REINSTALL if setting is None else _another()
        raise MissingPartError(f"the speech model {folder} {problem}; {advice}")
    return folder


def _another() -> str:
    get = typed("models get vosk-model-small-en-us-0.15")
    return f"name the folder of a Vosk model that takes a grammar with --model, or get one: {get}"


def problem_with(folder: Path) -> str | None:
    """What is wrong with the model in ``folder``, if anything: words that go on where its name ends."""
    try:
        return _problem(folder)
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def write_checksums(folder: Path) -> None:
    """Have the model in ``folder``, which Vosk was seen to load, compared with what it is now from here on."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file != folder / CHECKSUMS)
    lines = (f"{_sha256(file)}  {file.relative_to(folder).as_posix()}\n" for file in files)
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _problem(folder: Path) -> str | None:
    if not folder.exists():
        return "is not there"
    if not folder.is_dir():
        return "is a file, not a folder (an archive must be unpacked)"
    problem = _incomplete(folder)
    if problem:
        return problem
    return _altered(folder) if (folder / CHECKSUMS).is_file() else _unusable(folder)


def _incomplete(folder: Path) -> str | None:
    if (folder / _FIXED_GRAPH).is_file() and not (folder / "graph/HCLr.fst").is_file():
        return "has a fixed graph, which cannot be given phrases to listen for"
    for name in _NEEDED:
        file = folder / name
        if not file.is_file():
            return f"lacks {name}"
        if file.stat().st_size == 0:
            return f"is broken: {name} is empty"
    if not any((folder / name).is_file() for name in _FEATURES):
        return f"lacks {' or '.join(_FEATURES)}"
    return None


def _altered(folder: Path) -> str | None:
    """Compare the files with the checksums that came with them."""
    for line in (folder / CHECKSUMS).read_text(encoding="utf-8", errors="replace").splitlines():
        expected, _, name = line.partition("  ")
        file = folder / name
        if not file.is_file():
            return f"lacks {name}"
        if _sha256(file) != expected:
            return f"is broken: {name} is not what {CHECKSUMS} says"
    return None


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:  # piece by piece: a file of a large model may be larger than the memory
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unusable(folder: Path) -> str | None:
    """Have a child process load the model and hear a second of silence."""
    try:
        trial = subprocess.run(  # noqa: S603 - our own interpreter and module; the folder is only read
            [*TRIAL, str(folder)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},  # it finds what this process found
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRIAL_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not load within {TRIAL_PATIENCE_S:.0f} s"
    if trial.returncode == -signal.SIGKILL:
        return "was stopped by the system while it was tried: it needs more memory than is free"
    return "cannot be used by Vosk: a file in it is broken" if trial.returncode else None
