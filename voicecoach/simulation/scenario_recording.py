"""Makes a scenario of a session: what was said, and when, relative to what the coach said before.

A turn waits for words of the coach where some are near, so that the recorded scenario fits although the coach has
changed a little: its pauses, its voice, a sentence somewhere else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.languages.commands import Command
from voicecoach.plain import plain
from voicecoach.session_events import Spoke, Understood
from voicecoach.session_trace import PERSON
from voicecoach.simulation.measures import LONGEST_S
from voicecoach.simulation.rehearsed_session import PerformedAct
from voicecoach.simulation.scenario import LIMIT_S
from voicecoach.simulation.turns import OnWords, SmallTalk, Speak, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from voicecoach.languages.commands import Meaning
    from voicecoach.session_events import SessionEvent
    from voicecoach.simulation.scenario import Scenario
    from voicecoach.simulation.turns import Act

HERE: Final = "recorded"
"""Where the turns of a recorded scenario are, before it has a file."""
LEAD_S: Final = 1.0
"""From the beginning of the recording of a live session to its first words."""
_MOST_WORDS: Final = 8
"""So many of a sentence's words are waited for."""
_SETTLES_S: Final = 0.1
"""How long after the last act the scenario goes on at least, for the coach to hear it."""


class SessionRecording:
    """An observer that remembers what a scenario of a live session needs, and nothing else.

    It begins with the first words that are understood: hours may have passed until then, and a rehearsed coach does not
    say that it is there.
    """

    def __init__(self, phrases: Mapping[str, Meaning]) -> None:
        """Begin.

        Args:
            phrases: What can be said, and what it means.
        """
        self.events: list[Spoke] = []
        self.acts: list[PerformedAct] = []
        """The person's words, as far as they were understood."""
        self.began_s = 0.0
        """The second of the session at which the recording begins."""
        self.routine: str | None = None
        """Key of the first routine that was asked for by its name."""
        self._phrases = phrases

    def __call__(self, event: SessionEvent) -> None:
        match event:
            case Spoke():
                if self.acts and event.began_s - self.began_s >= self.acts[0].began_s:
                    began_s, ended_s = event.began_s - self.began_s, event.ended_s - self.began_s
                    self.events.append(replace(event, began_s=began_s, ended_s=ended_s))
            case Understood(meaning=meaning) if meaning is not None:
                if not self.acts:
                    self.began_s = max(0.0, event.began_s - LEAD_S)
                said = Speak(HERE, self._phrase(event.words, meaning))
                self.acts.append(PerformedAct(said, event.began_s - self.began_s, event.ended_s - self.began_s))
                if meaning.command == Command.START and isinstance(meaning.argument, str):
                    self.routine = self.routine or meaning.argument
            case _:
                pass

    def _phrase(self, words: str, meaning: Meaning) -> str:
        """What was said; where that was more than a phrase ("stop stop"), the shortest phrase that means the same."""
        if words in self._phrases:
            return words
        return min((phrase for phrase, means in self._phrases.items() if means == meaning), key=len, default=words)


def recorded(
    scenario: Scenario, acts: Iterable[PerformedAct], events: Iterable[SessionEvent], ended_s: float = 0.0
) -> Scenario:
    """``scenario`` with the turns of what really happened instead of its own.

    Args:
        scenario: Everything else: who, where, when, what went before, and how long it may become.
        acts: What was said and happened beside the coach.
        events: What the coach told.
        ended_s: When the session was over; what comes after the last act can be left to replay's own end.
    """
    spoken = sorted(
        ((event.began_s, event.sound) for event in events if isinstance(event, Spoke) and isinstance(event.sound, str)),
        key=lambda sentence: sentence[0],
    )
    turns = tuple(_turns(sorted(acts, key=lambda act: act.began_s), spoken, ended_s))
    lasts_s = sum(turn.seconds if isinstance(turn, Wait) else turn.after_s for turn in turns) + ended_s
    return replace(scenario, turns=turns, answers=(), limit_s=min(scenario.limit_s, max(LIMIT_S, lasts_s)))


def _turns(acts: Sequence[PerformedAct], spoken: Sequence[tuple[float, str]], ended_s: float) -> Iterator[Act | Wait]:
    before_began_s = before_done_s = 0.0
    for act in acts:
        since = [sentence for sentence in spoken if before_began_s <= sentence[0] <= act.began_s]
        anchor = _anchor(since)
        from_s = before_done_s if anchor is None else anchor[0]
        on = None if anchor is None else OnWords(anchor[1], ended=False)
        yield replace(act.act, on=on, after_s=min(LONGEST_S, max(0.0, act.began_s - from_s)))
        before_began_s, before_done_s = act.began_s, _done_s(act)
    yield Wait(HERE, min(LONGEST_S, max(_SETTLES_S, ended_s - before_done_s)))


def _done_s(act: PerformedAct) -> float:
    """When the turn after ``act`` begins: what the person says is waited for, everything else goes on meanwhile."""
    waited_for = isinstance(act.act, Speak | SmallTalk) and act.act.by == PERSON
    return act.ended_s if waited_for else act.began_s


def _anchor(since: Sequence[tuple[float, str]]) -> tuple[float, str] | None:
    """The last sentence whose words no earlier one since the act before has: when it began, and those words."""
    for number in reversed(range(len(since))):
        at_s, sentence = since[number]
        words = " ".join(plain(sentence).split()[:_MOST_WORDS])
        if words and not any(f" {words} " in f" {plain(earlier)} " for _, earlier in since[:number]):
            return at_s, words
    return None
