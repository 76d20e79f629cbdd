"""What a voice pack says of itself, and by which name it keeps a sentence."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields

from voicecoach.errors import VoicecoachError

FORMAT = 1
"""Raise it when packs that were made before should not be used any more."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LONGEST_TEXT = 2_000
_QUIETEST_LUFS, _LOUDEST_LUFS = -40.0, -10.0
_SLOWEST, _FASTEST = 60, 300
_KEY_BYTES = 12


class BadPackError(VoicecoachError):
    """A file is no voice pack, or a broken one; the message says which file and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Who speaks in a pack, how, and of what."""

    name: str
    """Of the pack: letters, digits, dots, lines and underscores."""
    language: str
    """Tag of the language, such as "en-GB"."""
    engine: str
    """Key of the engine that made the clips: `Synthesizer.key`."""
    voice: str
    """As that engine calls it."""
    words_per_minute: int
    """The pace that the engine was asked for."""
    loudness_lufs: float
    """Of every clip, as `loudness.loudness_lufs` measures it."""
    licence: str
    """Under which the sound may be given away, such as "Apache-2.0"."""
    covers: tuple[str, ...] = ()
    """Keys of the routines of which everything is in it; empty: single sentences."""
    about: str = ""
    """What kind of voice it is, for a person."""

    def key(self, sentence: str) -> str:
        """The name of the clip of ``sentence``: a digest of its text and of who speaks, so no other pack's fits."""
        said = json.dumps([FORMAT, sentence, self.language, self.engine, self.voice, self.words_per_minute])
        return hashlib.blake2b(said.encode(), digest_size=_KEY_BYTES).hexdigest()

    def same_voice(self, other: Manifest) -> bool:
        """Whether the same voice of the same engine speaks in both."""
        return (self.engine, self.voice) == (other.engine, other.voice)


def is_pack_name(text: str) -> bool:
    """Whether ``text`` can be the name of a pack, and so of a file that leads nowhere else."""
    return _NAME.fullmatch(text) is not None


def written(manifest: Manifest) -> bytes:
    """The manifest as it stands in a pack."""
    return (json.dumps({"format": FORMAT, **asdict(manifest)}, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest in ``data``.

    Raises:
        ValueError: It does not say what a manifest says; the message tells what is wrong.
    """
    said: object = json.loads(data)
    if not isinstance(said, dict):
        raise ValueError("its manifest is no list of names and values")  # noqa: TRY004 - one kind of error for all
    if said.get("format") != FORMAT:
        raise ValueError(f"it has format {said.get('format')!r}, and this coach reads format {FORMAT}")
    known = {field.name for field in fields(Manifest)}
    if missing := sorted(known - said.keys()):
        raise ValueError(f"its manifest does not tell: {', '.join(missing)}")
    texts = {name: said[name] for name in ("name", "language", "engine", "voice", "licence", "about")}
    for name, text in texts.items():
        if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
            raise ValueError(f'"{name}" in its manifest is no text')
    pace, loudness, covers = said["words_per_minute"], said["loudness_lufs"], said["covers"]
    if not isinstance(pace, int) or not _SLOWEST <= pace <= _FASTEST:
        raise ValueError(f'"words_per_minute" in its manifest is {pace!r}')
    if not isinstance(loudness, int | float) or not _QUIETEST_LUFS <= loudness <= _LOUDEST_LUFS:
        raise ValueError(f'"loudness_lufs" in its manifest is {loudness!r}')
    if not isinstance(covers, list) or not all(isinstance(one, str) for one in covers):
        raise ValueError('"covers" in its manifest is no list of routines')
    if not is_pack_name(texts["name"]):
        raise ValueError('"name" in its manifest is none that a file can have')
    return Manifest(**texts, words_per_minute=pace, loudness_lufs=float(loudness), covers=tuple(covers))
