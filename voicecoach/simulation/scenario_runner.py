"""Runs the turns of a scenario: performs acts when it is time, and judges what the coach does.

A turn is a generator that is resumed after every block, so that waiting reads like waiting.  A turn that fails is noted
down and the next one begins, because a night that goes on tells more than one that breaks off.
"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final, Protocol

from voicecoach.clock_text import clock
from voicecoach.session_trace import Failed
from voicecoach.simulation.session_monitor import Cursor, Observation, SessionMonitor
from voicecoach.simulation.turns import (
    AbsentCommand,
    AbsentWords,
    Act,
    Disturb,
    Ends,
    ExpectCommand,
    ExpectMode,
    ExpectSilence,
    ExpectVoice,
    ExpectWords,
    Mute,
    OnWords,
    PowerCut,
    SmallTalk,
    Speak,
    Turn,
    Wait,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from voicecoach.simulation.scenario import Scenario

BLOCK_S: Final = 0.02
"""How often a turn is resumed."""
_MOST_QUOTED: Final = 6
_LONGEST_QUOTED: Final = 60


class Stage(Protocol):
    """Lets something happen in the bedroom."""

    def act(self, act: Act, at_s: float) -> tuple[float, float]:
        """Do it at ``at_s``, or as soon as the same mouth is free; returns when it begins and is done, in seconds."""


class ScenarioRunner:
    """Runs one scenario."""

    def __init__(
        self, scenario: Scenario, monitor: SessionMonitor, stage: Stage, turns: Iterable[Turn] | None = None
    ) -> None:
        """Prepare to play.

        Args:
            scenario: Its turns are played, and its answers can be given.
            monitor: What turns wait for and are judged by.
            stage: Lets things happen.
            turns: Played instead of the scenario's own; each is asked for when the one before is done.
        """
        self.failures: list[Failed] = []
        """One line for each turn that did not come about, with its place in the file."""
        self.at: Turn | None = None
        """The turn that is going on."""
        self._turns = scenario.turns if turns is None else turns
        self._monitor, self._stage = monitor, stage
        self._since_s = 0.0
        """When the turn before was done."""
        self._begun, self._said = Cursor(monitor.begun), Cursor(monitor.said)
        self._understood, self._endings = Cursor(monitor.understood), Cursor(monitor.endings)

    def play(self) -> Generator[None]:
        """All turns, one after the other; to be resumed every `BLOCK_S`."""
        for turn in self._turns:
            self.at = turn
            self._since_s = yield from self._turn(turn)
        self.at = None

    def answer(self, answer: Speak) -> Generator[None]:
        """Give ``answer`` whenever its words are said, for as long as this is resumed."""
        begun, said = Cursor(self._monitor.begun), Cursor(self._monitor.said)
        while answer.on is not None:
            observation = yield from self._words(answer.on, begun, said)
            due_s = observation.at_s + answer.after_s
            yield from self._until(due_s - BLOCK_S)
            self._stage.act(answer, due_s)

    def break_off(self, reason: str) -> None:
        """Note that the rehearsal ends, for ``reason``, before its turns do."""
        if self.at is not None:
            self._failed(self.at, reason, self._monitor.now_s)

    # --- turns: each returns the second at which it was done ----------------------------------------------------------

    def _turn(self, turn: Turn) -> Generator[None, None, float]:
        match turn:
            case Speak() | SmallTalk() | Disturb() | Mute() | PowerCut():
                going = self._act(turn)
            case ExpectWords():
                going = self._expect_words(turn)
            case ExpectCommand():
                going = self._expect_command(turn)
            case ExpectMode() | ExpectVoice():
                going = self._expect_state(turn)
            case ExpectSilence():
                going = self._expect_silence(turn)
            case AbsentWords():
                going = self._absent(turn, self._begun)
            case AbsentCommand():
                going = self._absent(turn, self._understood)
            case Wait():
                going = self._wait(turn)
            case Ends():
                going = self._end(turn)
        return going

    def _act(self, turn: Act) -> Generator[None, None, float]:
        from_s = self._since_s
        if turn.on is not None:
            self._said.skip_before(self._since_s)
            observation = yield from self._words(turn.on, self._begun, self._said)
            from_s = observation.at_s
        due_s = from_s + turn.after_s
        yield from self._until(due_s - BLOCK_S)
        began_s, done_s = self._stage.act(turn, due_s)
        yield from self._until(done_s)
        self._skip_before(began_s)  # hearing may be quick: an answer before the last letter is an answer too
        return done_s

    def _expect_words(self, turn: ExpectWords) -> Generator[None, None, float]:
        deadline_s = self._since_s + turn.within_s
        instead: list[str] = []
        while True:
            while observation := self._begun.next():
                if observation.has(turn.words) and observation.at_s <= deadline_s:
                    return observation.at_s
                instead.append(observation.text)
            if self._monitor.now_s > deadline_s:
                return self._failed(turn, f"heard instead: {_quoted(instead)}", deadline_s)
            yield

    def _expect_command(self, turn: ExpectCommand) -> Generator[None, None, float]:
        deadline_s = self._since_s + turn.within_s
        instead: list[str] = []
        while True:
            while observation := self._understood.next():
                if observation.command == turn.command and observation.at_s <= deadline_s:
                    return max(observation.at_s, self._since_s)
                instead.append(
                    f"{observation.text} ({observation.command.key})" if observation.command else observation.text
                )
            if self._monitor.now_s > deadline_s:
                return self._failed(turn, f"understood instead: {_quoted(instead)}", deadline_s)
            yield

    def _expect_state(self, turn: ExpectMode | ExpectVoice) -> Generator[None, None, float]:
        deadline_s = self._since_s + turn.within_s
        wanted = turn.mode if isinstance(turn, ExpectMode) else turn.loudness.value
        while (found := self._monitor.mode if isinstance(turn, ExpectMode) else self._monitor.loudness.value) != wanted:
            if self._monitor.now_s > deadline_s:
                return self._failed(turn, f'it was "{found}"', deadline_s)
            yield
        return self._monitor.now_s

    def _expect_silence(self, turn: ExpectSilence) -> Generator[None, None, float]:
        deadline_s = self._since_s + turn.within_s
        while True:
            silent_s = self._monitor.silent_since_s
            if silent_s is not None and (done_s := max(silent_s, self._since_s) + turn.for_s) <= self._monitor.now_s:
                return done_s
            if self._monitor.now_s > deadline_s and (silent_s is None or silent_s > deadline_s):
                return self._failed(turn, "the coach could be heard", self._monitor.now_s)
            yield

    def _absent(self, turn: AbsentWords | AbsentCommand, reader: Cursor) -> Generator[None, None, float]:
        end_s = self._since_s + turn.for_s
        while True:
            while observation := reader.next():
                if observation.at_s <= end_s and _is_what_must_be_absent(turn, observation):
                    self._failed(turn, f'heard "{observation.text}"', observation.at_s)
            if self._monitor.now_s > end_s:
                self._skip_before(end_s)
                return end_s
            yield

    def _wait(self, turn: Wait) -> Generator[None, None, float]:
        end_s = self._since_s + turn.seconds
        yield from self._until(end_s)
        self._skip_before(end_s)
        return end_s

    def _end(self, turn: Ends) -> Generator[None, None, float]:
        deadline_s = self._since_s + turn.within_s
        while (ending := self._endings.next()) is None:
            if self._monitor.now_s > deadline_s:
                return self._failed(turn, f'it was "{self._monitor.mode}"', deadline_s)
            yield
        if turn.mode not in {None, ending.text}:
            return self._failed(turn, f'it ended in "{ending.text}"', ending.at_s)
        return max(ending.at_s, self._since_s)

    # --- waiting ------------------------------------------------------------------------------------------------------

    def _until(self, at_s: float) -> Generator[None]:
        while self._monitor.now_s < at_s:
            yield

    @staticmethod
    def _words(on: OnWords, begun: Cursor, said: Cursor) -> Generator[None, None, Observation]:
        reader = said if on.ended else begun
        while True:
            while observation := reader.next():
                if observation.has(on.words):
                    return observation
            yield

    def _skip_before(self, at_s: float) -> None:
        for reader in (self._begun, self._said, self._understood, self._endings):
            reader.skip_before(at_s)

    def _failed(self, turn: Turn, instead: str, at_s: float) -> float:
        self.failures.append(Failed(f"{turn.where}: {turn}, {instead} (at {clock(at_s)})", at_s))
        return at_s


def _is_what_must_be_absent(turn: AbsentWords | AbsentCommand, observation: Observation) -> bool:
    if isinstance(turn, AbsentWords):
        return observation.has(turn.words)
    return observation.command is not None and turn.command in {None, observation.command}


def _quoted(sentences: list[str]) -> str:
    """The last of ``sentences``, the long ones shortened."""
    quoted = [f'"{shorten(sentence, _LONGEST_QUOTED, placeholder=" …")}"' for sentence in sentences[-_MOST_QUOTED:]]
    return ", ".join(quoted) or "nothing"
