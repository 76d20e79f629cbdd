"""What the coach's ears make of recordings, put together exactly as in the product: for bug reports, and to measure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.assembly import Assembly
    from voicecoach.engines.recognition.port import Ears
    from voicecoach.languages.commands import Meaning

BLOCK: Final = MICROPHONE_HZ // 50
BEFORE_S, AFTER_S = 0.5, 2.0
"""Of silence around each recording: somebody speaks into a quiet room, and then waits for what comes of it."""
INDEX: Final = "index.tsv"
_PATH, _TRANSCRIPT = "path", "transcript"
"""The columns of an index that are read; others may stand beside them."""


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """One thing that was heard in a recording."""

    words: str
    """The recogniser's; "[unk]" for what is in no phrase."""
    phrase: str | None
    meaning: Meaning | None
    """Of the phrase; None where there is none, or where it is none of the coach's."""
    confidence: float
    began_s: float
    ended_s: float
    """When it was decided.  Both from the beginning of the recording."""
    refusal: str
    """Why it was not obeyed (`hearing.acceptance.Refusal`); empty where it was."""
    ears: Ears | None = None
    """How sure each ear was of it."""


class FileListener:
    """Fresh ears for every recording, of one model and for the same phrases."""

    def __init__(self, assembly: Assembly, phrases: Collection[str]) -> None:
        """Load the model.

        Args:
            assembly: Builds the ears.
            phrases: What can be said: lower case, words parted by one blank.

        Raises:
            VoicecoachError: The recogniser cannot be had.
        """
        self._assembly, self._phrases = assembly, frozenset(phrases)
        self._model = assembly.recognizer()
        known = self._phrases.intersection(assembly.all_phrases())
        self._meanings = {phrase: assembly.phrasebook.meaning(phrase) for phrase in known}

    def hear(self, sound: NDArray[np.float32]) -> tuple[HeardUtterance, ...]:
        """All that is heard in ``sound``, shape (n,), float32 in -1..1 at `MICROPHONE_HZ`, in order."""
        ears = self._assembly.speech_input(self._model)
        ears.listen_for(self._phrases)
        before = round(BEFORE_S * MICROPHONE_HZ)
        whole = np.pad(sound.astype(np.float32), (before, round(AFTER_S * MICROPHONE_HZ)))
        silence = np.zeros(BLOCK, np.float32)
        blocks = (whole[at : at + BLOCK] for at in range(0, len(whole), BLOCK))
        heard = (one for block in blocks for one in ears.hear(block, silence[: len(block)]))
        return tuple(
            HeardUtterance(
                one.words,
                one.phrase,
                None if one.phrase is None else self._meanings.get(one.phrase),
                one.confidence,
                (one.began - before) / MICROPHONE_HZ,
                (one.ended - before) / MICROPHONE_HZ,
                one.refusal if one.phrase is None else "",
                one.ears,
            )
            for one in heard
        )

    def listens_for(self, words: str) -> bool:
        """Whether ``words`` are one of the phrases."""
        return words in self._phrases

    def judged(self, said: str, heard: Collection[HeardUtterance]) -> str:
        """What became of what was ``said``: "understood", "something else", or "nothing"."""
        phrases = [one.phrase for one in heard if one.phrase is not None]
        if not phrases:
            return "nothing"
        meant = self._meanings.get(said, said)
        alike = said in self._phrases and all(self._meanings.get(one, one) == meant for one in phrases)
        return "understood" if alike else "something else"


def read_index(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each recording that the ``index.tsv`` of ``folder`` names, and what is said in it, lower case.

    Raises:
        BadFileError: There is no index, or it has not the columns "path" and "transcript".
    """
    index = folder / INDEX
    try:
        with index.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadFileError(f"{index} cannot be read ({reason}); a folder of recordings has one") from None
    for number, row in enumerate(rows, start=2):
        path, transcript = row.get(_PATH), row.get(_TRANSCRIPT)
        if not path or transcript is None:
            raise BadFileError(f"{index}, line {number}: it has no {_PATH} or {_TRANSCRIPT}; the first line names both")
        yield folder / path, transcript.strip().lower()
