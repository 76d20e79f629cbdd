"""Builds the engines and joins them to a coach: the only module that does.

The product, rehearsals, the benchmark, the doctor, the sound check and the tests all ask it, so that what one of them
hears or says goes the way that it goes in all.  Another engine is a file in its folder of ``engines/``, a line in one
of the tables here, and its name in the settings; ``docs/extending.md`` adds one of each kind.

More than 300 lines: whatever is built is built here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, TypeVar

from voicecoach.coach import Coach
from voicecoach.console_log import warn
from voicecoach.containment import ContainedClips, contained_memory
from voicecoach.dialogue.state import State
from voicecoach.engines.audio_io import portaudio
from voicecoach.engines.audio_io.keep_awake import SoundCardKeptAwake
from voicecoach.engines.echo import off
from voicecoach.engines.echo.kalman import canceller as kalman
from voicecoach.engines.embedding import google
from voicecoach.engines.meanings import head
from voicecoach.engines.needs import Engine, EngineFile, registered
from voicecoach.engines.recognition import vosk
from voicecoach.engines.recognition.text import TextInput
from voicecoach.engines.synthesis.espeak import synthesizer as espeak
from voicecoach.engines.synthesis.kokoro import synthesizer as kokoro
from voicecoach.engines.synthesis.kokoro import weights
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.gate import VadGatedModel
from voicecoach.hearing.microphone_health import MicrophoneHealth
from voicecoach.hearing.phrases import check_phrases
from voicecoach.hearing.policy import safety_policy
from voicecoach.hearing.second_ear import KnownPhrases, SecondEar
from voicecoach.journal.files import FILE
from voicecoach.journal.store import Journal
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.languages.loading import ENGLISH
from voicecoach.model_selection import advice_on_words, chosen_model, model_to_hear_with
from voicecoach.muting import MuteFile
from voicecoach.remembering import memory_of
from voicecoach.repertoire import Repertoire
from voicecoach.resources import shipped
from voicecoach.routine.pace import USUAL_WORDS_PER_MINUTE
from voicecoach.settings import EchoMode, clips_folder, data_folder, kokoro_folder, settings_file
from voicecoach.speaking.clips import ClipCache, clips_of
from voicecoach.speaking.timeline import Timeline
from voicecoach.supervision import SupervisedCoach
from voicecoach.surroundings import House
from voicecoach.voices.using import shelf_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import SoundCard
    from voicecoach.engines.echo.port import EchoCanceller
    from voicecoach.engines.meanings.port import MeaningReader
    from voicecoach.engines.needs import Needs
    from voicecoach.engines.recognition.port import Model, SpeechInput
    from voicecoach.engines.synthesis.port import PromptClips, Synthesizer
    from voicecoach.hearing.policy import Policy
    from voicecoach.languages.commands import Meaning
    from voicecoach.languages.language import Language
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.loading import Library
    from voicecoach.session_events import Observer
    from voicecoach.settings import Settings
    from voicecoach.speaking.packs.shelf import PackShelf

RECOGNIZERS: dict[str, Engine[Callable[[Callable[[], Path]], Model]]] = {
    "vosk": Engine(lambda folder: vosk.VoskModel(folder()), vosk.NEEDS),
}
"""Each is given what finds the folder of the chosen speech model, for an engine that hears with one."""


def _kokoros_files() -> Iterator[EngineFile]:
    for one in weights.weights():
        yield EngineFile(kokoro_folder() / one.file, one.address, one.bytes, one.sha256)


SYNTHESIZERS: dict[str, Engine[Callable[[], Synthesizer]]] = {
    "espeak": Engine(espeak.EspeakSynthesizer, espeak.NEEDS),
    "kokoro": Engine(lambda: kokoro.KokoroSynthesizer(kokoro_folder()), kokoro.NEEDS, _kokoros_files),
}
SCENARIO_VOICES = "espeak"
"""The synthesiser whose voices scenarios name: their people speak with it, whatever the coach speaks with."""
AUDIO: dict[str, Engine[Callable[[], SoundCard]]] = {
    "portaudio": Engine(portaudio.PortAudio, portaudio.NEEDS),
}
ECHO_CANCELLERS: dict[str, Engine[Callable[[], EchoCanceller]]] = {
    "auto": Engine(kalman.KalmanCanceller, kalman.NEEDS),
    "system": Engine(off.NoCanceller, off.NEEDS),
    "off": Engine(off.NoCanceller, off.NEEDS),
}
ENGINES: Mapping[str, Mapping[str, Engine[Callable[..., object]]]] = {
    "recognizer": RECOGNIZERS,
    "synthesizer": SYNTHESIZERS,
    "audio": AUDIO,
    "echo": ECHO_CANCELLERS,
}
"""For each setting that names an engine, what it may name."""

TOLD_APART: Final = frozenset({Command.NUMBER, Command.START, Command.SWITCH_TO, Command.MINUTES})
"""Commands of which the second ear tells the arguments apart; of the others it knows the command alone."""
_EMBEDDING, _HEAD = "models/speech-embedding/weights.npz", "models/second-ear-en/weights.npz"
_PLAIN_CRIES = 5
"""So many phrases of pain, the first ones, are listened for as ever: one of them may be a single word."""

_Build = TypeVar("_Build")


def class_of(meaning: Meaning) -> str:
    """The key of the second ear's class for a meaning."""
    return meaning.key if meaning.command in TOLD_APART else meaning.command.key


class Assembly(Repertoire):
    """What the settings ask for: words and routines, engines, and the coach that is made of them."""

    def __init__(  # noqa: PLR0913 - what may be another, each by its name
        self,
        settings: Settings,
        library: Library | None = None,
        *,
        warn: Callable[[str], None] = warn,
        make_coach: Callable[..., Coach] = Coach,
        make_timeline: Callable[[int, float, int], Timeline] = Timeline,
        second_ear: Path | None = None,
    ) -> None:
        """Build nothing yet: every part is built when it is asked for.

        Args:
            settings: What the user has set.
            library: The routines; None reads those that ship, then the user's, which may shadow them.
            warn: Is given a line for the person where something is missing and the coach works without.
            make_coach: Takes what `Coach` takes; a test may watch its coach.
            make_timeline: Takes a rate in Hz, a volume in decibels, and the frame at which it begins.
            second_ear: Weights of the second ear; None: those that ship.
        """
        super().__init__(settings, library)
        self._head = second_ear or shipped(_HEAD)
        self._warn, self._make_coach, self._make_timeline = warn, make_coach, make_timeline
        self.language = self._as_fast_as_its_voice(self.language)

    # --- engines, as the settings name them ---

    def recognizer(self, folder: Path | None = None) -> Model:
        """The recogniser.

        Args:
            folder: Of a speech model to hear with instead of the chosen one.

        Raises:
            BadRequestError: The settings name none that there is.
            MissingPartError: Something that it needs is missing, or there is no such model.
            BadFileError: The file of the user's words is broken.
        """
        engine = _registered("recognizer", self.settings.recognizer, RECOGNIZERS)
        return engine.build(lambda: folder or model_to_hear_with(self.settings, self._warn))

    def checked_recognizer(self) -> Model:
        """The recogniser of the settings; which phrases it cannot hear is told.  Raises as `recognizer`."""
        model = self.recognizer()
        if unheard := check_phrases(model, self.all_phrases()):
            for line in [*unheard, advice_on_words(chosen_model(self.settings).folder)]:
                self._warn(line)
        return model

    def echo_canceller(self) -> EchoCanceller:
        """A canceller that has heard nothing yet; raises as `recognizer`."""
        return _registered("echo", self.settings.echo, ECHO_CANCELLERS).build()

    def synthesizer(self, name: str | None = None) -> Synthesizer:
        """The synthesiser, or another one by its name, to be closed; raises as `recognizer`, also when it is used."""
        return _registered("synthesizer", name or self.settings.synthesizer, SYNTHESIZERS).build()

    def sound_card(self) -> SoundCard:
        """Microphones and speakers; raises as `recognizer`."""
        return _registered("audio", self.settings.audio, AUDIO).build()

    def live_sound_card(self) -> SoundCard:
        """The same for a session: its speaker is kept awake where the settings say so."""
        return SoundCardKeptAwake(self.sound_card(), self.settings.keep_awake)

    def peoples_synthesizer(self) -> Synthesizer:
        """What the people of a rehearsal speak with, to be closed; raises as `synthesizer`."""
        return SYNTHESIZERS[SCENARIO_VOICES].build()

    def synthesizer_needs(self) -> Needs:
        """What the synthesiser needs of this machine; raises as `recognizer`."""
        return _registered("synthesizer", self.settings.synthesizer, SYNTHESIZERS).needs

    # --- what is made of them ---

    def speech_input(
        self, model: Model | None = None, adapt: Callable[[Policy], Policy] = lambda policy: policy
    ) -> SpeechInput:
        """What the coach listens with: echo canceller, voice activity, recogniser, endpointing, barge-in guard.

        Args:
            model: Hears; None: that of the settings, and phrases that it cannot hear are told.  Several speech inputs
                may share one, within a thread.
            adapt: Changes the policy: to measure what a rule of it brings.

        Raises:
            VoicecoachError: As `recognizer`.
        """
        model = model or self.checked_recognizer()
        policy = adapt(self.policy())
        return CommandRecognizer(VadGatedModel(model), policy, self.echo_canceller(), self._second_ear())

    def second_ears_reader(self) -> MeaningReader | None:
        """What the second ear reads meanings with; None: none is installed for the language.

        Raises:
            BadFileError: A file of it is broken.
        """
        if self.language.key != ENGLISH or not self._head.exists():
            return None
        google.GoogleEmbedding(shipped(_EMBEDDING))
        return head.HeadOfMeanings(self._head)

    @cached_property
    def _second_ears_parts(self) -> tuple[MeaningReader, KnownPhrases] | None:
        """What all second ears share; where there is none, and there should be, that is told once."""
        try:
            reader = self.second_ears_reader()
        except BadFileError as error:
            self._warn(f"the coach hears with one ear: {error}")
            return None
        if reader is None:
            return None
        return reader, KnownPhrases(partial(self.class_of_phrase, reader), self._meaning, self.phrasebook.in_order())

    def _second_ear(self) -> SecondEar | None:
        if self._second_ears_parts is None:
            return None
        try:
            return SecondEar(google.GoogleEmbedding(shipped(_EMBEDDING)), *self._second_ears_parts)
        except BadFileError as error:  # it has been there, and the coach begins anew in the middle of a night
            self._warn(f"the coach hears with one ear: {error}")
            return None

    def class_of_phrase(self, reader: MeaningReader, phrase: str) -> str | None:
        """The class of a phrase; None for the user's own words, and whatever else ``reader`` has not often heard."""
        meaning = self._meaning(phrase)
        if isinstance(meaning, str) or phrase not in reader.phrases:
            return None
        key = class_of(meaning)
        return key if key in reader.keys else None

    def policy(self) -> Policy:
        """What is asked of the phrases of safety, and by which rules everything is heard."""
        commands = ({Command.STOP}, {Command.HURTS}, SAFETY - {Command.STOP, Command.HURTS})
        stop, hurts, others = map(self.phrasebook.phrases_for, commands)
        plainest = (*self.language.phrases[Command.STOP][:1], *self.language.phrases[Command.HURTS][:_PLAIN_CRIES])
        return safety_policy(
            stop, hurts, others, self._meaning, plain=plainest, unmistakable=self.language.unmistakable
        )

    def text_input(self) -> TextInput:
        """What the coach listens with where nothing sounds: it is told the words."""
        return TextInput()

    def clips(
        self, synthesizer: Synthesizer, rate_hz: int, voice: Voice | None = None, packs: PackShelf | None = None
    ) -> ClipCache:
        """Sentences as sound, kept on disk; in the coach's voice and from its packs, where no others are named."""
        if voice is not None:
            return ClipCache(clips_folder(), voice, rate_hz, synthesizer, self._warn, packs=packs)
        voice, pauses, packs = self.settings.voice, self.settings.pauses, packs or self.voice_packs
        return ClipCache(clips_folder(), voice, rate_hz, synthesizer, self._warn, packs=packs, pauses=pauses)

    @cached_property
    def voice_packs(self) -> PackShelf:
        """What was said in advance; what is wrong with it is told."""
        return shelf_of(self.settings, self.language.code, self._warn)

    def _as_fast_as_its_voice(self, language: Language) -> Language:
        """The language, whose sentences last as long as the voice takes that speaks."""
        durations = language.plan.durations
        slowness = self.voice_packs.slowness(durations.speech_s)
        if slowness is None:
            slowness = USUAL_WORDS_PER_MINUTE / self.settings.voice.words_per_minute
        return replace(language, plan=replace(language.plan, durations=durations.of_a_voice(slowness)))

    @property
    def coach_voice(self) -> Voice:
        """Who speaks: that of the first pack, else that of the settings."""
        for pack in self.voice_packs.packs:
            return Voice(pack.manifest.voice, pack.manifest.words_per_minute)
        return self.settings.voice

    @property
    def spare_voice(self) -> Voice | None:
        """Who says what no pack has; None where there is no pack."""
        return self.settings.voice if self.voice_packs.packs else None

    def is_spare(self, text: str) -> bool:
        """Whether `spare_voice` says ``text``, or a sentence of it."""
        return bool(self.voice_packs.packs) and not all(map(self.voice_packs.has, clips_of(text)))

    def timeline(self, rate_hz: int, position: int = 0) -> Timeline:
        """An empty timeline at the volume of the settings, which begins at a frame."""
        return self._make_timeline(rate_hz, self.settings.volume_db, position)

    def journal(self) -> Journal:
        """The user's own history, to be closed."""
        return Journal(data_folder() / FILE, self._warn)

    def rehearsed_journal(self, path: Path | None, now: Callable[[], datetime], zone: tzinfo) -> Journal:
        """A history that is not the user's own; None: in memory only."""
        return Journal(path, self._warn, now, zone)

    def _meaning(self, phrase: str) -> Meaning | str:
        """Equal for phrases that mean the same; one that is none of the coach's means itself: benchmarks have such."""
        try:
            return self.phrasebook.meaning(phrase)
        except BadRequestError:
            return phrase

    def coach(  # noqa: PLR0913, PLR0917 - see `Coach`
        self,
        speech_input: SpeechInput,
        clips: PromptClips,
        timeline: Timeline,
        journal: Journal,
        observer: Observer | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> Coach:
        """A coach at rest.

        Args:
            speech_input: As for `Coach`, and so are the next two.
            clips: See there.
            timeline: See there.
            journal: What is to be remembered.
            observer: Is told everything that happens.
            now: The time of day, with its zone; None: what the journal's clock says.
        """
        state, memory = (
            self._at_rest(self.tonight(journal, now and now())),
            memory_of(self, journal, MuteFile(None), now),
        )
        health = self._health(state)
        return self._make_coach(state, speech_input, self.phrasebook, clips, timeline, memory, observer, health)

    def supervised_coach(  # noqa: PLR0913, PLR0917 - see `Coach`
        self,
        hear: Callable[[], SpeechInput],
        clips: PromptClips,
        always: Mapping[str, NDArray[np.float32]],
        rate_hz: int,
        journal: Journal,
        observer: Observer | None = None,
        house: House | None = None,
    ) -> SupervisedCoach:
        """A coach at rest that goes on after errors which nobody has foreseen.

        Args:
            hear: Makes what every such coach listens with.
            clips: As for `Coach`.
            always: `always_said` as sound.
            rate_hz: Of the timeline.
            journal: What is to be remembered.
            observer: As for `Coach`; its errors are the caller's business (`ContainedObserver`).
            house: What is around the bed, if anything is.
        """
        house = house or House()
        careful = ContainedClips(clips, always)
        memory = contained_memory(memory_of(self, journal, house.mute_file, None))

        def make(state: State | None, position: int) -> Coach:
            state, timeline = state or self._as_left(memory.tonight(), house), self.timeline(rate_hz, position)
            health = self._health(state)
            coach = (state, hear(), self.phrasebook, careful, timeline, memory, observer, health)
            return self._make_coach(*coach, inbox=house.inbox, onlooker=house.onlooker)

        return SupervisedCoach(make, always[self.language.prompts.gave_up])

    def _health(self, state: State) -> MicrophoneHealth:
        return MicrophoneHealth(processed=self.settings.echo == EchoMode.SYSTEM, deaf=state.deaf)

    def _as_left(self, tonight: Tonight, house: House) -> State:
        """At rest; with the microphone off, where it was when the coach was switched off."""
        state = self._at_rest(tonight)
        off = house.mute_file.read(tonight.now, is_known=tonight.time_is_known)
        return state if off is None else replace(state, muted=True, deaf=True, unmutes_s=off.for_s)

    def _at_rest(self, tonight: Tonight) -> State:
        knows = self.knowledge
        return State(knows, tonight, talk=knows.talk, volume_db=knows.volume_db)


def _registered(setting: str, name: str, engines: Mapping[str, Engine[_Build]]) -> Engine[_Build]:
    return registered(f"{setting} in {settings_file()}", name, engines)
