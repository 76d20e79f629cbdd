"""The coach: the whole journey of a block of sound, from the microphone to the speaker.

0. `MicrophoneWatch` looks whether the block can be the sound of a room; `Deafened` and `HearsAgain` tell of it.  The
   `Inbox` gives one thing that was asked for by hand.  While the microphone is off, nothing is heard.
1. `Coach.listen` gives a block to the speech input, together with what the speaker played meanwhile (the echo
   reference), and gets back utterances: the ones that were accepted as a phrase which is valid now, and the rest.
2. An utterance becomes an event, `Heard` or `NotUnderstood`.  So do the end of a performance, `Ended`, a deadline of
   the dialogue that has come, `Reached`, being switched on, `Opened` or `Resume`, and what was looked up, `Learned`.
3. `dialogue.machine.step` turns its state and an event into a new state and actions.  How softly they are spoken
   follows the person's own voice: `Softness`.
4. Actions are carried out: a `Perform` places clips on the timeline, a `LookUp` reads the journal and comes back as an
   event, a `Note` is written down.  What goes to disk comes last.
5. The new state says which phrases are valid now; the speech input listens for these from the next utterance on.
6. `Timeline.read` hands the clips to the speaker, sample by sample: in rehearsal by `Coach.process`, block by block in
   turn with 1 to 5; in live use by the speaker's own thread.

The clock is the number of samples that the timeline has played, and nothing else; the time of day comes in as data.

More than 300 lines: it is the whole journey, in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.by_hand import event_of
from voicecoach.dialogue.events import (
    CloseMicrophone,
    Ended,
    Learned,
    LookUp,
    Opened,
    OpenMicrophone,
    Perform,
    PlayNightSound,
    Reached,
    Recovered,
    Resume,
    SetVolume,
    StopPlayback,
    Unmuted,
)
from voicecoach.dialogue.machine import step, valid_phrases
from voicecoach.dialogue.state import Mode
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.microphone_watch import MicrophoneWatch
from voicecoach.plain import plain
from voicecoach.session_events import (
    Began,
    EchoFound,
    Entered,
    MicrophoneOff,
    MicrophoneOn,
    Softened,
    Spoke,
    understood,
)
from voicecoach.softness import Softness
from voicecoach.speaking.performer import Performer
from voicecoach.speaking.timeline import SOFTEN_S, VOLUME_S
from voicecoach.surroundings import can_wait, unobserved, unseen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.by_hand import Inbox
    from voicecoach.dialogue.events import Action, Chime, Event
    from voicecoach.dialogue.state import State
    from voicecoach.engines.recognition.port import SpeechInput, Utterance
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.hearing.microphone_health import MicrophoneHealth
    from voicecoach.languages.language import Phrasebook
    from voicecoach.session_events import Observer
    from voicecoach.speaking.timeline import Timeline
    from voicecoach.surroundings import Memory, Onlooker

ECHO_MOVES_S: Final = 0.01
"""A delay of the echo that differs by less is the same: two clocks move it a little all the time."""


class Coach:
    """Joins hearing, dialogue and speaking.

    `open`, `listen` and `process` belong to one thread.  In live use another thread reads `timeline`, which is all that
    the two share; its position may move between any two lines of this class.  So the time of a block, or of being
    switched on, is taken once, at its beginning, and all events and actions that follow from it carry that time: none
    is older than the one before it, however long the recogniser, the synthesiser or the disk has taken in between.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the coach is where everything meets
        self,
        state: State,
        speech_input: SpeechInput,
        phrasebook: Phrasebook,
        clips: PromptClips,
        timeline: Timeline,
        memory: Memory,
        observer: Observer | None = None,
        health: MicrophoneHealth | None = None,
        inbox: Inbox | None = None,
        onlooker: Onlooker | None = None,
    ) -> None:
        """Put a coach together.

        Args:
            state: Where the dialogue begins.
            speech_input: Turns microphone blocks into utterances.
            phrasebook: Turns phrases into commands.
            clips: Turns sentences into sound, at the timeline's rate.
            timeline: Where sound is placed to be played.
            memory: The journal, and the time of day.
            observer: Gets every session event, as soon as it is over.
            health: Tells when the microphone brings nothing that could be heard; None: it is trusted.
            inbox: What is asked for by hand; None: nothing is.
            onlooker: Is shown each state of the dialogue.
        """
        self.timeline = timeline
        self._state = state
        self._entered = state.mode
        """The latest mode that was observed."""
        self._speech_input = speech_input
        self._phrasebook = phrasebook
        self._performer = Performer(timeline, clips, state.knows.language.prompts.words_missing)
        self._memory = memory
        self._observe = observer or unobserved
        self._watch = MicrophoneWatch(health, deaf=state.deaf)
        self._inbox = inbox
        self._show = onlooker or unseen
        self._played = np.zeros(0, np.float32)
        """The latest block of the speaker: `process` uses it as the echo reference for the next one."""
        self._sounding: tuple[object, ...] = ()
        """The clips that the speech input knows to be playing."""
        self._echo_delay_s: float | None = None
        """The latest delay of the echo that was observed."""
        self._softness, self._soft_db = Softness(), 0.0
        """Whether whispers are answered, and the gain that follows from it."""
        self._block_at = timeline.position
        """The time of everything that follows from the latest block, in samples of the timeline."""
        timeline.set_volume(state.volume_db)
        self._update_grammar()

    # --- seen from outside --------------------------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Seconds on the coach's own clock, when the latest block came in."""
        return self._block_at / self.timeline.rate_hz

    @property
    def mode(self) -> str:
        """What the coach is doing: the value of a `dialogue.state.Mode`."""
        return self._state.mode.value

    @property
    def state(self) -> State:
        """Where the dialogue is: all that another coach needs to go on."""
        return self._state

    @property
    def listens(self) -> bool:
        """Whether the microphone may be open."""
        return not self._state.muted

    @property
    def resting(self) -> bool:
        """Whether no session is on and nothing is being said."""
        return self._state.mode in (Mode.REST, Mode.ASLEEP) and not self._state.playing

    # --- sound in, sound out ------------------------------------------------------------------------------------------

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Both halves in turn: hear a block, play a block of the same length.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`, which must be the timeline's rate too.

        Returns:
            shape (n,), float32: what the speaker plays next.
        """
        if self.timeline.rate_hz != MICROPHONE_HZ:
            raise ValueError(f"block by block, a timeline runs at {MICROPHONE_HZ} Hz, not {self.timeline.rate_hz} Hz")
        if len(self._played) != len(block):
            self._played = np.zeros(len(block), np.float32)
        self.listen(block, self._played)
        self._played = self.timeline.read(len(block))
        return self._played

    def open(self) -> None:
        """Say that the coach is there, or offer to go on with a session in which the power was cut."""
        self._block_at = self.timeline.position
        kept = self._memory.kept_place()
        self._dispatch(Opened(self.now_s) if kept is None else Resume(*kept, self.now_s))

    def recover(self) -> None:
        """Say that the coach is there again, after one before it failed, and go on in its state."""
        self._block_at = self.timeline.position
        self._dispatch(Recovered(self.now_s))

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Hear a block and do what follows from it; the sound of it is on the timeline afterwards.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; NaN where nothing was caught.
            played: shape (n,), what the speaker played meanwhile, at the same rate.
        """
        self._block_at = self.timeline.position
        self._take_request()
        if self._state.muted:
            block = np.full_like(block, np.nan)
        else:
            self._check_microphone(block, played)
        self._announce_own_speech()
        for utterance in self._speech_input.hear(block, played):
            if not self._state.muted:  # nothing that was begun before is heard to its end either
                self._on_utterance(utterance, len(block))
        self.timeline.duck(self._speech_input.somebody_speaks)
        self._report_echo()
        self._report_playback()
        if began := self._performer.go_on(self._block_at):
            self._tell_of(*began)
        if (token := self._performer.ended(self._block_at)) is not None:
            self._dispatch(Ended(token, self.now_s))
        if self._state.deadline_s is not None and self.now_s >= self._state.deadline_s:
            self._dispatch(Reached(self.now_s))

    def _check_microphone(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Let the dialogue know when nobody can be heard any more, and when they can again."""
        if found := self._watch.look(block, played, self.now_s):
            self._observe(found[0])
            self._dispatch(found[1])

    def _take_request(self) -> None:
        """What was asked for by hand; and the microphone that was turned off for a time."""
        if self._inbox is not None and (request := self._inbox.take()) is not None:
            self._dispatch(event_of(request, self._state, self.now_s))
        if self._state.unmutes_s is not None and self.now_s >= self._state.unmutes_s:
            self._dispatch(Unmuted(self.now_s, by_hand=False))

    def _announce_own_speech(self) -> None:
        """Let the barge-in guard know which words are the coach's own."""
        sounding = self.timeline.sounding()
        if sounding != self._sounding:
            self._sounding = sounding
            self._speech_input.saying(plain(" ".join(sound for sound in sounding if isinstance(sound, str))))

    def _report_echo(self) -> None:
        found_s, told_s = self._speech_input.echo_delay_s, self._echo_delay_s
        if found_s is not None and (told_s is None or abs(found_s - told_s) > ECHO_MOVES_S):
            self._echo_delay_s = found_s
            self._observe(EchoFound(found_s, self.now_s))

    def _report_playback(self) -> None:
        rate_hz = self.timeline.rate_hz
        for clip in self.timeline.played():
            # Only the performer places clips, and labels them with what they are.
            sound: str | Chime = clip.label  # type: ignore[assignment]
            self._observe(Spoke(sound, clip.began / rate_hz, clip.ended / rate_hz, clip.whole))

    def _on_utterance(self, utterance: Utterance, block_length: int) -> None:
        meaning = self._phrasebook.meaning(utterance.phrase) if utterance.phrase else None
        heard = understood(utterance, meaning, self.now_s, block_length)
        self._observe(heard)
        if meaning is not None:
            self._watch.understood()
            self._softness = self._softness.heard(meaning, utterance.delivery)
        if (event := heard.event) is not None:
            self._dispatch(event)

    def _dispatch(self, event: Event) -> None:
        """Take a step of the dialogue and carry out its actions."""
        before = self._state
        self._state, actions = step(before, event)
        self._softness = self._softness.followed(before, event, self._state)
        self._soften()
        for action in sorted(actions, key=can_wait):
            self._carry_out(action)
        self._show(self._state, actions, self.now_s)
        if self._state.mode is not self._entered:
            self._entered = self._state.mode
            self._observe(Entered(self.mode, self.now_s))
        self._update_grammar()

    def _soften(self) -> None:
        """Speak as softly as the person does, before the answer begins; what must be heard is loud at once."""
        gain_db = self._softness.gain_db(self._state)
        if gain_db != self._soft_db:
            self._soft_db = gain_db
            at_once = self._softness.at_once or (self._softness.soft and not gain_db)
            self.timeline.soften(gain_db, VOLUME_S if at_once else SOFTEN_S)
            self._observe(Softened(gain_db, self.now_s))

    def _update_grammar(self) -> None:
        self._speech_input.listen_for(valid_phrases(self._state, self._phrasebook))

    def _carry_out(self, action: Action) -> None:
        match action:
            case Perform():
                begins = self._performer.perform(action, self._block_at)
                if begins is not None:
                    self._tell_of(action, begins)
            case StopPlayback():
                self._performer.stop()
            case SetVolume(db=db):
                self.timeline.set_volume(db)
            case PlayNightSound(sound=sound, lasts_s=lasts_s):
                self.timeline.play_night_sound(sound, lasts_s)
            case LookUp(then=event):
                self._dispatch(Learned(self._memory.tonight(), self.now_s, event))
            case CloseMicrophone():
                self._observe(MicrophoneOff(self.now_s))
                self._memory.keep(action)
            case OpenMicrophone():
                self._watch.begin_anew()
                self._observe(MicrophoneOn(self.now_s))
                self._memory.keep(action)
            case _:
                self._memory.keep(action)

    def _tell_of(self, performance: Perform, begins: int) -> None:
        at_s = begins / self.timeline.rate_hz
        self._observe(Began(performance.beat, performance.cues, at_s, performance.length_s))
