"""The sound check itself: be quiet, listen to me, now you.

Like the coach it is a function of sound: blocks of the microphone come in, sentences are written onto a timeline, and
the only clock is the count of samples.  What is heard is measured and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.echo_delay import LONGEST_S
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.languages.language import QUIET_S, TURN_S
from voicecoach.plain import plain
from voicecoach.sound_check.echo_return import echo_return
from voicecoach.sound_check.levels import Levels, Span, active_power, decibels, steady_power
from voicecoach.sound_check.measured import Measured, VoiceLevel, noise_line, own_voice_line, voice_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.echo.port import EchoCanceller
    from voicecoach.engines.recognition.port import SpeechInput, Utterance
    from voicecoach.engines.synthesis.port import Clips
    from voicecoach.languages.language import SoundCheckWords
    from voicecoach.sound_check.echo_return import EchoReturn
    from voicecoach.speaking.timeline import Timeline

TAIL_S: Final = LONGEST_S + 0.2
"""From the last sample that the speaker took until its echo has died away: buffers, the air, the room."""
BEFORE_NOTICED_S: Final = 0.3
"""An utterance is noticed this long after it began; its level is measured from there."""


class SoundCheck:
    """What `LiveRunner` runs for a sound check; `listen` belongs to one thread."""

    def __init__(  # noqa: PLR0913 - as for the coach, this is where everything meets
        self,
        speech_input: SpeechInput,
        canceller: EchoCanceller,
        clips: Clips,
        timeline: Timeline,
        *,
        words: SoundCheckWords,
        phrases: Collection[str],
        tell: Callable[[str], None],
    ) -> None:
        """Begin; the first sentence lies on the timeline after the first block.

        Args:
            speech_input: Hears what the person says, through an echo canceller of its own.
            canceller: Removes the coach's voice for the measurement, beside the one of the speech input.
            clips: Sentences as sound, at the timeline's rate.
            timeline: Where sound is placed to be played.
            words: What is said.
            phrases: What is listened for.
            tell: Is given a line for the person at the screen whenever there is something to tell.
        """
        self.timeline = timeline
        self._speech_input = speech_input
        self._canceller = canceller
        self._clips = clips
        self._words = words
        self._tell = tell
        self._levels = Levels()
        self._heard: list[Utterance] = []
        """What was understood in the latest block."""
        self._block = np.zeros((2, 0), np.float32)
        """That block: the microphone, and what was played."""
        self._measured: Measured | None = None
        self._conversation = self._converse()
        speech_input.listen_for(phrases)

    @property
    def measured(self) -> Measured | None:
        """What was found; None until the conversation is over."""
        return self._measured

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Measure a block and go on with the conversation; what is said is on the timeline afterwards.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`.
            played: shape (n,), what the speaker played meanwhile, at the same rate.
        """
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        self._block = np.stack([block, played])
        self._levels.add(block)
        self._heard = self._speech_input.hear(block, played)
        self._canceller.remove(block, played)
        next(self._conversation, None)

    def _converse(self) -> Iterator[None]:
        """The whole conversation; each `yield` waits for the next block."""
        yield from self._say(self._words.welcome)

        quiet = yield from self._wait(QUIET_S)
        noise_power = steady_power(self._levels.powers(quiet))
        self._tell(noise_line(decibels(noise_power)))

        talk, (microphone, played), own_words = yield from self._listen_to_itself()
        echo = echo_return(microphone, played, noise_power)
        removed_db = self._canceller.erle_db if echo is not None else None
        self._tell(own_voice_line(echo, removed_db))

        yield from self._say(self._words.invitation)
        self._tell(f"your turn: say {', '.join(self._words.expected)} and anything else, for {TURN_S} seconds")
        turn, voices = yield from self._listen_to_the_person(decibels(noise_power), echo)

        measured = Measured(
            silent=self._levels.silent,
            noise_db=decibels(noise_power),
            echo=echo,
            removed_db=removed_db,
            own_words=own_words,
            voices=voices,
            loudest_db=decibels(active_power(self._levels.powers(turn))),
            talk_clipped=self._levels.clipped(talk),
            voice_clipped=self._levels.clipped(turn),
            expected=self._words.expected,
        )
        yield from self._say(self._words.thanks)
        self._measured = measured

    def _listen_to_itself(self) -> Generator[None, None, tuple[Span, NDArray[np.float32], tuple[str, ...]]]:
        """Speak; gives when, microphone and speaker meanwhile (shape (2, n)), and the phrases wrongly understood."""
        blocks: list[NDArray[np.float32]] = []
        words: list[str] = []
        first = self._levels.position
        for _ in self._say(self._words.talk):
            yield
            blocks.append(self._block)
            words += (heard.phrase for heard in self._heard if heard.phrase is not None and heard.began >= first)
        return Span(first, self._levels.position), np.concatenate(blocks, axis=1), tuple(words)

    def _listen_to_the_person(
        self, noise_db: float, echo: EchoReturn | None
    ) -> Generator[None, None, tuple[Span, tuple[VoiceLevel, ...]]]:
        """Listen for `TURN_S` and tell what is understood; gives when, and what."""
        voices: list[VoiceLevel] = []
        first = self._levels.position
        for _ in self._wait(TURN_S):
            yield
            # What began earlier was the coach's own invitation.
            for utterance in (heard for heard in self._heard if heard.began >= first):
                voice = VoiceLevel(utterance.phrase, utterance.confidence, self._level_db(utterance, first))
                voices.append(voice)
                self._tell(voice_line(voice, noise_db, echo))
        return Span(first, self._levels.position), tuple(voices)

    def _level_db(self, utterance: Utterance, earliest: int) -> float:
        began = max(earliest, utterance.began - round(BEFORE_NOTICED_S * MICROPHONE_HZ))
        return decibels(active_power(self._levels.powers(Span(began, utterance.ended))))

    def _say(self, sentence: str) -> Iterator[None]:
        """Say a sentence and wait until its echo has died away."""
        self.timeline.replace([(0, self._clips.get(sentence), sentence)])
        self._speech_input.saying(plain(sentence))
        while self.timeline.position < self.timeline.busy_until:
            yield
        self._speech_input.saying("")
        yield from self._wait(TAIL_S)

    def _wait(self, seconds: float) -> Generator[None, None, Span]:
        """Let so much sound of the microphone pass; gives the span of it."""
        first = self._levels.position
        while self._levels.position < first + round(seconds * MICROPHONE_HZ):
            yield
        return Span(first, self._levels.position)
