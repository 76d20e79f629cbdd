"""Talks to the whole coach, to see how soon it does as it is told: on the clock of the samples.

The coach is brought to where it is to be by commands that its speech input is made to report; what is measured is
said aloud.  The speaker plays a block right after the microphone's block that it follows from; what a sound card adds
comes on top.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmark.night.attending import BLOCK, last_sample
from benchmark.night.surroundings import at_microphone, bedroom
from benchmark.recordings import name_of
from voicecoach.dialogue.state import Mode
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Utterance
from voicecoach.session_events import Began, Entered, Understood
from voicecoach.simulation.scenario import ALL_ANSWERED, EVENING
from voicecoach.sound_files import read_sound
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from benchmark.night.columns import NightColumn
    from benchmark.night.surroundings import Surroundings
    from benchmark.recordings import CorpusRecording
    from voicecoach.assembly import Assembly
    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.engines.synthesis.port import Clips
    from voicecoach.session_events import SessionEvent

AUDIBLE: Final = 1e-4
"""Of full scale (-80 dB): what the speaker plays below it is silence."""
_ACQUAINTED_S: Final = 15.0
"""How long the coach has been speaking in the room before the first word."""
_SPOKEN_S: Final = 0.5
"""How long a sentence has been going on before a word is said into it."""
_UNSPOKEN_S: Final = 1.5
"""How long it would go on after the word, at least."""
_MOMENTS: Final = 10
"""A word is said at one of so many moments, 20 ms apart: a recogniser works in steps of 0.2 s, and a coach that takes
equally long each time would meet all words at the same point of a step."""
_QUIET_S: Final = 1.0
"""How long the coach has been silent before it is asked something."""
_WINDOW_S: Final = 2.5
"""After the word; what comes later is no answer."""
_SILENCE_S: Final = 0.3
"""A shorter one is a pause."""
_PROMPT_EVERY_S: Final = 8.0
_PATIENCE_S: Final = 120.0
"""In which the coach must be where it is to be."""
_START: Final = "start bedtime routine"
_AFRESH: Final = {Mode.REST: _START, Mode.ASLEEP: _START, Mode.CLOSING: _START, Mode.WARNING: "stop"}
_TO_SPEAKING: Final[Mapping[Mode, str]] = _AFRESH | {
    Mode.GUIDING: "next",
    Mode.PAUSED: "continue",
    Mode.STOPPED: "continue",
    Mode.ASKING: "pause",
    Mode.HURT: "next",
}
_TO_PAUSE: Final[Mapping[Mode, str]] = _AFRESH | dict.fromkeys(
    (Mode.GREETING, Mode.GUIDING, Mode.STOPPED, Mode.ASKING, Mode.HURT), "pause"
)


class SaidOver(Enum):
    """Into what a word is said."""

    INTO_SENTENCE = "into a sentence"
    """The coach is to fall silent."""
    INTO_PAUSE = "into a pause"
    """The coach is to answer."""


@dataclass(frozen=True, slots=True)
class Interview:
    """A number of commands to one coach."""

    column: NightColumn
    how: SaidOver
    surroundings: Surroundings
    said: tuple[CorpusRecording, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command came to."""

    said: CorpusRecording
    delay_s: float | None
    """From the last sample of the words to the first of the silence, or of the answer; None: it was not obeyed."""


@dataclass(frozen=True, slots=True)
class Interviewed:
    """What came of an interview; a command for which the coach could not be made ready is left out."""

    interview: Interview
    replies: tuple[Reply, ...]


def interview(planned: Interview, speech_input: SpeechInput, assembly: Assembly, clips: Clips) -> Interviewed:
    """Give the commands.

    Args:
        planned: Which, and where.
        speech_input: The coach's; it has heard nothing yet.
        assembly: Everything else of it.
        clips: Its sentences at `MICROPHONE_HZ`.

    Raises:
        VoicecoachError: A recording cannot be used.
    """
    names = [planned.how.value, planned.surroundings.key, *map(name_of, planned.said)]
    seed = int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:6])
    conversation = _Conversation(planned.surroundings, speech_input, assembly, clips, seed)
    ask = conversation.interrupt if planned.how is SaidOver.INTO_SENTENCE else conversation.ask
    return Interviewed(planned, tuple(reply for one in planned.said for reply in ask(one)))


class _Prompted:
    """A speech input that can be made to hear something."""

    def __init__(self, speech_input: SpeechInput) -> None:
        self._speech_input = speech_input
        self._prompts: list[str] = []
        self._heard = 0

    def tell(self, phrase: str) -> None:
        self._prompts.append(phrase)

    def listen_for(self, phrases: Collection[str]) -> None:
        self._speech_input.listen_for(phrases)

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        self._heard += len(block)
        prompts, self._prompts = self._prompts, []
        told = [Utterance(phrase, phrase, 1.0, self._heard, self._heard) for phrase in prompts]
        return told + self._speech_input.hear(block, played)

    def saying(self, words: str) -> None:
        self._speech_input.saying(words)

    @property
    def somebody_speaks(self) -> bool:
        return self._speech_input.somebody_speaks

    @property
    def echo_delay_s(self) -> float | None:
        return self._speech_input.echo_delay_s


class _Conversation:
    """One coach, one room, and all that the speaker played."""

    def __init__(
        self, surroundings: Surroundings, speech_input: SpeechInput, assembly: Assembly, clips: Clips, seed: int
    ) -> None:
        volume_db = assembly.settings.volume_db
        self._surroundings, self._seed, self._clips = surroundings, seed, clips
        self._dice = np.random.default_rng(seed)
        self._meaning_of = assembly.phrasebook.meaning
        self._room = bedroom(surroundings, volume_db, 0, (), seed)
        self._speech_input = _Prompted(speech_input)
        timeline = Timeline(MICROPHONE_HZ, volume_db)
        journal = assembly.rehearsed_journal(None, lambda: EVENING, UTC)
        for record in ALL_ANSWERED:  # the questions of a first evening are not what is interrupted
            journal.add(record)
        self._coach = assembly.coach(self._speech_input, clips, timeline, journal, self._watch)
        self._speaker = [np.zeros(BLOCK, np.float32)]
        """What it played since the first sample of the night; it cannot have played anything in the first block."""
        self._silent_blocks = 0
        self._performed: Began | None = None
        self._understood: list[Understood] = []
        self._stopped: int | None = None
        """The microphone's sample at which the coach decided to be silent, if it did so since the last word began."""

    # --- what is said, and what it comes to ---------------------------------------------------------------------------

    def interrupt(self, said: CorpusRecording) -> Iterator[Reply]:
        """Say something into a sentence: how long until the speaker is silent and stays so?"""
        sound = at_microphone(read_sound(said.path), self._surroundings, self._seed)
        goes_on_s = (len(sound) + _MOMENTS * BLOCK) / MICROPHONE_HZ + _UNSPOKEN_S
        if self._bring(_TO_SPEAKING, lambda: self._is_amid_a_sentence(goes_on_s)):
            for _ in range(int(self._dice.integers(_MOMENTS))):
                self._block()
            at, audible = self._say(sound)
            silent = silent_from(audible, self._stopped) if self._stopped else None
            yield Reply(said, None if silent is None else (silent - at - last_sample(sound)) / MICROPHONE_HZ)

    def ask(self, said: CorpusRecording) -> Iterator[Reply]:
        """Say something to a coach that pauses: how long until its answer begins?"""
        sound = at_microphone(read_sound(said.path), self._surroundings, self._seed)
        if self._bring(_TO_PAUSE, self._is_pausing):
            at, audible = self._say(sound)
            understood = [one.meaning for one in self._understood if one.meaning is not None]
            obeyed = understood == [self._meaning_of(said.transcript)] and len(audible)
            yield Reply(said, (audible[0] - at - last_sample(sound)) / MICROPHONE_HZ if obeyed else None)

    def _say(self, sound: NDArray[np.float32]) -> tuple[int, NDArray[np.int64]]:
        """Say it; returns its first sample, and all samples from there on at which the speaker was to be heard."""
        at, first_block = self._room.position, len(self._speaker) - 1
        self._room.speak(sound, at)
        self._understood.clear()
        self._stopped = None
        for _ in range(-(-(len(sound) + round(_WINDOW_S * MICROPHONE_HZ)) // BLOCK)):
            self._block()
        played = np.concatenate(self._speaker[first_block:])
        return at, at + np.flatnonzero(np.abs(played) > AUDIBLE)

    # --- bringing the coach to where it is to be ----------------------------------------------------------------------

    def _bring(self, prompts: Mapping[Mode, str], is_ready: Callable[[], bool]) -> bool:
        """Let time go by, with a prompt now and then, until all is ready; False: it does not come to that."""
        for number in range(round(_PATIENCE_S * MICROPHONE_HZ / BLOCK)):
            if is_ready():
                return True
            if number % round(_PROMPT_EVERY_S * MICROPHONE_HZ / BLOCK) == 0 and self._mode in prompts:
                self._speech_input.tell(prompts[self._mode])
            self._block()
        return False

    def _is_amid_a_sentence(self, goes_on_s: float) -> bool:
        if self._mode is not Mode.GUIDING or self._performed is None or self._coach.now_s < _ACQUAINTED_S:
            return False
        now_s = self._coach.now_s - self._performed.at_s
        for cue in self._performed.cues:
            if isinstance(cue.sound, str):
                ends_s = cue.at_s + len(self._clips.get(cue.sound)) / MICROPHONE_HZ
                if cue.at_s + _SPOKEN_S <= now_s <= ends_s - goes_on_s:
                    return True
        return False

    def _is_pausing(self) -> bool:
        return self._mode is Mode.PAUSED and self._silent_blocks * BLOCK >= _QUIET_S * MICROPHONE_HZ

    @property
    def _mode(self) -> Mode:
        return Mode(self._coach.mode)

    # --- time goes by -------------------------------------------------------------------------------------------------

    def _block(self) -> None:
        played = self._coach.process(self._room.hear(BLOCK))
        self._room.play(played)
        self._speaker.append(played)
        self._silent_blocks = 0 if played.any() else self._silent_blocks + 1

    def _watch(self, event: SessionEvent) -> None:
        match event:
            case Began():
                self._performed = event
            case Understood():
                self._understood.append(event)
            case Entered(mode=Mode.STOPPED.value):
                self._stopped = self._room.position


def silent_from(audible: NDArray[np.int64], decided: int) -> int | None:
    """The first sample of the silence that a decision led to; None: there was none.

    Args:
        audible: The samples at which something sounded, in order, of a time that began with sound.
        decided: The sample at which it was decided; the silence may have begun before, in a pause between two words.
    """
    later = np.append(audible[1:], np.iinfo(np.int64).max)
    ends = audible[(later - audible > _SILENCE_S * MICROPHONE_HZ) & (later > decided)]
    return int(ends[0]) + 1 if len(ends) else None
