"""Makes a voice pack: every sentence is rendered, finished as all clips are, and kept as Opus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.errors import BadRequestError
from voicecoach.speaking.finish import SPEECH_LUFS, finish
from voicecoach.speaking.packs.manifest import Manifest
from voicecoach.speaking.packs.opus import BITS_PER_SECOND
from voicecoach.speaking.packs.writing import PackWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.engines.synthesis.port import Synthesizer, Voice

CARD: Final = """# {name}

A synthetic voice: {voice} of {engine}, at {words_per_minute} words a minute. No person said any of this.

Licence: {licence}. Made with `voicecoach voices render`; every clip is Opus in Ogg, and `sentences.jsonl` tells what
each one says.
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a pack came to."""

    clips: int
    seconds: float
    opus_bytes: int
    unsaid: tuple[str, ...]
    """Sentences that the engine could not say; they are left to whatever speaks besides the pack."""


@dataclass(frozen=True, slots=True)
class PackToMake:
    """What a pack is to be."""

    name: str
    language: str
    """Its tag."""
    voice: Voice
    licence: str
    covers: tuple[str, ...]
    """Keys of the routines."""
    about: str = ""
    bits_per_second: int = BITS_PER_SECOND


def render_pack(
    path: Path,
    wanted: PackToMake,
    sentences: Sequence[str],
    synthesizer: Synthesizer,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Rendered:
    """Make the pack ``path`` of ``sentences``; the same engine makes the same file of the same sentences.

    Args:
        path: The file; what is there stays until the new one is whole.
        wanted: Name, voice and licence.
        sentences: As `speaking.clips.clips_of` gives them, or phrases of them.
        synthesizer: Says them.
        progress: Called after each with their number so far and in all.

    Raises:
        CannotCreateError: The file cannot be written.
        VoicecoachError: The engine cannot speak at all.
    """
    manifest = Manifest(
        name=wanted.name,
        language=wanted.language,
        engine=synthesizer.key,
        voice=wanted.voice.name,
        words_per_minute=wanted.voice.words_per_minute,
        loudness_lufs=SPEECH_LUFS,
        licence=wanted.licence,
        covers=wanted.covers,
        about=wanted.about,
    )
    card = CARD.format(
        name=manifest.name,
        voice=manifest.voice,
        engine=manifest.engine,
        words_per_minute=manifest.words_per_minute,
        licence=manifest.licence,
    )
    every = list(dict.fromkeys(sentences))
    seconds, opus_bytes, clips, unsaid = 0.0, 0, 0, []
    with PackWriter(path, manifest, card, wanted.bits_per_second) as pack:
        for done, sentence in enumerate(every, start=1):
            try:
                samples, rate_hz = synthesizer.render(sentence, wanted.voice)
            except BadRequestError:
                if not clips:  # there is no such voice
                    raise
                unsaid.append(sentence)
                continue
            sound = finish(samples.astype(np.float32) / np.float32(32767), rate_hz)
            size = pack.add(sentence, sound, rate_hz)
            if size:
                clips, opus_bytes, seconds = clips + 1, opus_bytes + size, seconds + len(sound) / rate_hz
            else:
                unsaid.append(sentence)
            progress(done, len(every))
    return Rendered(clips, seconds, opus_bytes, tuple(unsaid))
