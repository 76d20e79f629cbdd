"""What each ear says of recordings that are kept for tuning, through the product's own ears; and what they are worth.

Everything that is heard gives a line: what was said, what the recogniser made of it, and what the second ear did.  From
these lines the weights of `hearing.policy.SecondEarRules` are fitted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from unittest import mock

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hear_files import FileListener
from voicecoach.hearing.acceptance import Acceptance, Refused
from voicecoach.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.assembly import Assembly
    from voicecoach.hearing.acceptance import Candidate, Verdict

USUAL: Final = "in a routine"


@dataclass(frozen=True, slots=True)
class Take:
    """Something to be heard."""

    words: str
    """What is said; "" where it is no phrase, or unknown."""
    source: str
    """Who says it, and how."""
    sound: NDArray[np.float32]
    """Shape (n,), at `MICROPHONE_HZ`."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was made of an utterance."""

    take: int
    words: str
    source: str
    phrase: str | None
    """The recogniser's."""
    is_right: bool
    confidence: float
    second: float | None
    """How likely the second ear takes that phrase."""
    other: str | None
    """What the second ear takes for the likeliest."""
    other_is_right: bool
    other_confidence: float
    urgent: bool
    lasted_s: float
    refusal: str
    """Why it was refused; "" where it was obeyed."""
    is_obeyed_rightly: bool = False
    """Whether what was obeyed, the recogniser's phrase or another one, means what was said."""


class _Noting(Acceptance):
    """Judges as ever, and notes what there was to judge."""

    noted: Final[list[tuple[Candidate, Verdict]]] = []

    def judge(self, candidate: Candidate, level_db: float) -> Verdict:
        verdict = super().judge(candidate, level_db)
        self.noted.append((candidate, verdict))
        return verdict


class Weigher:
    """Hears takes, each with fresh ears in the situation in which it would be said."""

    def __init__(self, assembly: Assembly, situation: str | None = None) -> None:
        """Load the models.

        Args:
            assembly: Of the product.
            situation: What all is heard in; None: what the phrase belongs to, and in a routine what is none.
        """
        self._assembly, self._understanding, self._situation = assembly, Understanding(assembly), situation
        self._listener = lru_cache(None)(lambda name: FileListener(assembly, self._understanding.listened_for(name)))
        self._policy = assembly.policy()

    def lines(self, takes: Iterable[Take]) -> Iterator[Line]:
        """What is made of ``takes``, nothing where nothing was heard."""
        with mock.patch("voicecoach.hearing.command_recognizer.Acceptance", _Noting):
            for number, take in enumerate(takes):
                _Noting.noted.clear()
                self._listener(self._situation or self._where(take.words)).hear(take.sound)
                for candidate, verdict in _Noting.noted:
                    yield self._line(number, take, candidate, verdict)

    def _where(self, words: str) -> str:
        meant = [one.situation for one in self._understanding.of(words) if one.meaning is not None] if words else []
        return USUAL if USUAL in meant or not meant else meant[0]

    def _line(self, number: int, take: Take, candidate: Candidate, verdict: Verdict) -> Line:
        match, opinion = candidate.match, candidate.opinion
        return Line(
            number,
            take.words,
            take.source,
            match.phrase,
            self._is_right(take.words, match.phrase),
            match.confidence,
            None if opinion is None or match.phrase is None else opinion.of(match.phrase),
            None if opinion is None else opinion.phrase,
            opinion is not None and self._is_right(take.words, opinion.phrase),
            0.0 if opinion is None else opinion.confidence,
            match.phrase is not None and self._policy.of(match.phrase).urgent,
            (candidate.ended - candidate.began) / MICROPHONE_HZ,
            verdict.why.value if isinstance(verdict, Refused) else "",
            not isinstance(verdict, Refused) and self._is_right(take.words, verdict.phrase),
        )

    def _is_right(self, words: str, phrase: str | None) -> bool:
        if not words or phrase is None:
            return False
        return self._policy.meaning(words) == self._policy.meaning(phrase)


def write_lines(file: Path, lines: Iterable[Line]) -> None:
    """One JSON a line."""
    with file.open("w", encoding="utf-8") as out:
        for line in lines:
            print(json.dumps(asdict(line)), file=out)


@dataclass(frozen=True, slots=True)
class Share:
    """Of the takes of one kind."""

    takes: int
    understood: float
    """Share of them of which something was obeyed rightly."""
    falsely: float
    """Share of them of which something was obeyed that was not said."""


def shares(sources: Sequence[str], lines: Iterable[Line]) -> dict[str, Share]:
    """What was obeyed of each kind of takes.

    Args:
        sources: Of all takes, in their order.
        lines: What was made of them; nothing was obeyed of a take without a line.
    """
    obeyed = [one for one in lines if not one.refusal]
    right = {one.take for one in obeyed if one.is_obeyed_rightly}
    false = {one.take for one in obeyed if not one.is_obeyed_rightly}
    kinds: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        kinds.setdefault(source, []).append(number)
    return {
        kind: Share(
            len(numbers),
            len(right.intersection(numbers)) / len(numbers),
            len(false.intersection(numbers)) / len(numbers),
        )
        for kind, numbers in sorted(kinds.items())
    }


def two_ears_table(alone: Mapping[str, Share], both: Mapping[str, Share]) -> str:
    """Markdown: what is understood and what is taken falsely, by the recogniser alone and by both ears."""
    rows = ["| | takes | speech model alone | both ears |", "|---|---|---|---|"]
    for kind, one in alone.items():
        other = both[kind]
        rows.append(
            f"| {kind} | {one.takes} | {one.understood:.3f} / {one.falsely:.3f} "
            f"| {other.understood:.3f} / {other.falsely:.3f} |"
        )
    return "\n".join(rows)


def fitted(lines: Sequence[Line], most_nats: float = 7.0) -> NDArray[np.float64]:
    """Offset, weight of the recogniser, weight of the second ear: a logistic regression, slightly ridged."""
    judged = [one for one in lines if one.phrase is not None and one.second is not None]
    sides = np.array(
        [[1.0, _log_odds(one.confidence, most_nats), _log_odds(one.second or 0.0, most_nats)] for one in judged]
    )
    right = np.array([one.is_right for one in judged], float)
    weights = np.zeros(3)
    for _ in range(50):
        likely = 1.0 / (1.0 + np.exp(-sides @ weights))
        slope = sides.T @ (right - likely) - 0.1 * weights
        curve = (sides * (likely * (1 - likely))[:, None]).T @ sides + 0.1 * np.eye(3)
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def _log_odds(probability: float, most: float) -> float:
    least = 1.0 / (1.0 + np.exp(most))
    bounded = min(max(probability, least), 1.0 - least)
    return float(np.log(bounded / (1.0 - bounded)))
