"""Who says the sentences: an engine in one of its voices, or a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadRequestError
from voicecoach.speaking.clips import as_float, as_int16
from voicecoach.speaking.finish import finish
from voicecoach.speaking.packs.shelf import PackShelf

if TYPE_CHECKING:
    from voicecoach.engines.synthesis.port import Synthesizer
    from voicecoach.speaking.disk import Clip
    from voicecoach.speaking.packs.pack import VoicePack


class Speaker(Protocol):
    """Somebody who says sentences."""

    @property
    def name(self) -> str:
        """Heads its column."""

    def say(self, sentence: str) -> Clip | None:
        """``sentence`` as the coach plays it; None where it has no way to say it."""


@dataclass(frozen=True, slots=True)
class EngineSpeaker:
    """An engine that says everything when it is asked."""

    name: str
    synthesizer: Synthesizer
    voice: Voice

    def say(self, sentence: str) -> Clip | None:
        """``sentence``, rendered and finished as all clips are."""
        samples, rate_hz = self.synthesizer.render(sentence, self.voice)
        return as_int16(finish(as_float(samples), rate_hz)), rate_hz


@dataclass(frozen=True, slots=True)
class PackSpeaker:
    """A pack, which says what it has."""

    name: str
    pack: VoicePack

    def say(self, sentence: str) -> Clip | None:
        """``sentence``, whole or in its phrases."""
        return PackShelf([self.pack]).load(sentence)


@dataclass(frozen=True, slots=True)
class EngineVoice:
    """What ``--voice`` names."""

    engine: str
    voice: Voice

    @property
    def name(self) -> str:
        """As it is written."""
        return f"{self.engine}/{self.voice.name}/{self.voice.words_per_minute}"


def engine_voice(written: str) -> EngineVoice:
    """Read "ENGINE/VOICE" or "ENGINE/VOICE/WORDS A MINUTE".

    Raises:
        BadRequestError: It is neither.
    """
    engine, *more = written.split("/")
    match more:
        case [name]:
            return EngineVoice(engine, Voice(name))
        case [name, words] if words.isdecimal():
            return EngineVoice(engine, Voice(name, int(words)))
    raise BadRequestError(f'--voice {written}: write ENGINE/VOICE or ENGINE/VOICE/150, such as "kokoro/af_heart/100"')
