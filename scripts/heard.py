"""``scripts/phrases --voice V``: how much of what people say is understood as sound, said by an engine of synthesis.

Each sentence is said by one of the voices in turn, and heard by fresh ears in the situation in which it would be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np
import soxr

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.synthesis.port import Voice
from voicecoach.hear_files import FileListener
from voicecoach.speaking.clips import as_float
from voicecoach.speaking.finish import finish
from voicecoach.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from understood import Reader, Sentence
    from voicecoach.assembly import Assembly
    from voicecoach.hear_files import HeardUtterance

_LEVEL: Final = 0.05
"""RMS of what is said, relative to full scale: -26 dB, a person at a metre."""
_WORDS_PER_MINUTE: Final = 150
_USUAL: Final = "in a routine"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and what came of it."""

    sentence: Sentence
    voice: str
    as_text: bool
    """Whether it is understood as text."""
    heard: tuple[HeardUtterance, ...]
    right: bool
    """Whether it was understood as it was meant; where it must do nothing, that it did nothing."""


def hear(  # noqa: PLR0913, PLR0917 - what there is to say, who says it, and who tells what was meant
    sentences: Sequence[Sentence],
    voices: Sequence[str],
    engine: str,
    assembly: Assembly,
    reader: Reader,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Said]:
    """Say and hear every sentence.

    Raises:
        VoicecoachError: The engine, or a voice of it, cannot be had.
    """
    understanding = Understanding(assembly)
    listeners: dict[str, FileListener] = {}
    found: dict[int, Said] = {}
    turns = list(zip(range(len(sentences)), sentences, cycle(voices), strict=False))
    with assembly.synthesizer(engine) as synthesizer:
        for number, sentence, voice in sorted(turns, key=lambda turn: turn[2]):  # another voice is another process
            meant = [one.situation for one in understanding.of(sentence.text) if one.meaning is not None]
            situation = _USUAL if _USUAL in meant or not meant else meant[0]
            if situation not in listeners:
                listeners[situation] = FileListener(assembly, understanding.listened_for(situation))
            samples, rate_hz = synthesizer.render(sentence.text, Voice(voice, _WORDS_PER_MINUTE))
            heard = listeners[situation].hear(_as_said(samples, rate_hz))
            phrases = [one.phrase for one in heard if one.phrase is not None]
            right = bool(phrases) and all(reader.is_meant(sentence, reader.means(phrase)) for phrase in phrases)
            as_text = reader.is_right(sentence)
            found[number] = Said(sentence, voice, as_text, heard, right if sentence.meant else not phrases)
            progress(len(found))
    return [found[number] for number in sorted(found)]


def _as_said(samples: NDArray[np.int16], rate_hz: int) -> NDArray[np.float32]:
    sound = finish(as_float(samples), rate_hz)
    at_microphone = np.asarray(soxr.resample(sound, rate_hz, MICROPHONE_HZ), np.float32)
    level = float(np.sqrt(np.mean(np.square(at_microphone)))) if len(at_microphone) else 0.0
    return at_microphone * np.float32(_LEVEL / level) if level else at_microphone


def table(said: Sequence[Said]) -> str:
    """A line for each voice, and one for all: what is understood of all sentences, and of what is as text."""
    lines = [f"{'':16} {'understood':>16} {'of those as text':>17} {'something else':>15} {'taken from talk':>16}"]
    voices = sorted({one.voice for one in said})
    for voice in [*voices, None]:
        ours = [one for one in said if voice in {one.voice, None}]
        meant, talk = [one for one in ours if one.sentence.meant], [one for one in ours if not one.sentence.meant]
        textual = [one for one in meant if one.as_text]
        wrong = sum(not one.right and any(h.phrase for h in one.heard) for one in meant)
        cells = (_share(meant), _share(textual), f"{wrong} of {len(meant)}", f"{_wrong(talk)} of {len(talk)}")
        lines.append(f"{voice or 'all':16} {cells[0]:>16} {cells[1]:>17} {cells[2]:>15} {cells[3]:>16}")
    return "\n".join(lines)


def _share(said: Sequence[Said]) -> str:
    right = sum(one.right for one in said)
    return f"{right / len(said):.3f} of {len(said)}" if said else "-"


def _wrong(said: Sequence[Said]) -> int:
    return sum(not one.right for one in said)


def missed(said: Sequence[Said]) -> str:
    """A line for each sentence that was not right: what was said, and what was heard."""
    lines = []
    for one in said:
        if not one.right:
            heard = "; ".join(f'"{h.phrase or h.words}" {h.confidence:.2f} {h.refusal}'.rstrip() for h in one.heard)
            lines.append(f"{one.sentence.meant or 'nothing'}: {one.sentence.text} ({one.voice}): {heard or 'silence'}")
    return "\n".join(lines)
