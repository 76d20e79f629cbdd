"""One transition of the dialogue: the draft on which a handler writes the new state and the actions.

A `Transition` lives for the length of one `step`; seen from outside, the step is a pure function.

More than 300 lines: one class, whose methods write on the same draft.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.dialogue import leading
from voicecoach.dialogue.cue_schedule import Manner, TalkLevel, cue_schedule
from voicecoach.dialogue.events import Cue, Note, Perform, StopPlayback
from voicecoach.dialogue.state import Asked, Mode, Place, Prompt
from voicecoach.person.wall_time import local
from voicecoach.routine.plan import ANSWER_S, Again, Cycle, Hold, Ready, Rest, Say, Wait, Way
from voicecoach.routine.stretch import Side, When
from voicecoach.routine.ways import way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from voicecoach.dialogue.body import Body
    from voicecoach.dialogue.events import Action, Chime, Event
    from voicecoach.dialogue.state import Question, Session, State
    from voicecoach.languages.language import Language
    from voicecoach.languages.prompts import Prompts
    from voicecoach.person.facts import Fact
    from voicecoach.person.person import Person
    from voicecoach.person.tonight import Tonight

PromptText: TypeAlias = "Callable[[Transition, str], str]"
"""How a question is asked, given what it is about."""

_AFTER_THE_CHIME_S = 1.2


class Transition:
    """A state being changed and the actions collected on the way."""

    def __init__(self, state: State, event: Event, prompts: Mapping[Question, PromptText]) -> None:
        """Begin with ``state``, in which ``event`` has happened; ``prompts``: how each question is asked."""
        self.state = state
        self.event = event
        self._prompts = prompts
        self.actions: list[Action] = []

    # --- reading ------------------------------------------------------------------------------------------------------

    @property
    def language(self) -> Language:
        return self.state.knows.language

    @property
    def words(self) -> Prompts:
        return self.state.knows.language.prompts

    @property
    def now_s(self) -> float:
        return self.state.now_s

    @property
    def time_of_day(self) -> datetime:
        """What time it is, from when it was learned and how long ago that was."""
        learned, ago_s = self.state.tonight.now, self.now_s - self.state.learned_s
        return local(learned + timedelta(seconds=ago_s), self.state.tonight.clocks)

    @property
    def tonight(self) -> Tonight:
        """Who is there, now."""
        return replace(self.state.tonight, now=self.time_of_day)

    @property
    def person(self) -> Person:
        return self.state.tonight.person

    @property
    def session(self) -> Session:
        """The session under way; only handlers of modes that have one ask for it."""
        if self.state.session is None:
            raise AssertionError(f"mode {self.state.mode.value!r} has no session")
        return self.state.session

    # --- writing ------------------------------------------------------------------------------------------------------

    def enter(self, mode: Mode) -> None:
        """Go into ``mode``; what was asked and waited for in the old one is over."""
        self.state = replace(self.state, mode=mode, unanswered=0, deadline_s=None, asked=None, pending_prompt=None)

    def wait(self, seconds: float) -> None:
        """Give the listener ``seconds`` from now."""
        self.state = replace(self.state, deadline_s=self.now_s + seconds)

    def wait_in_quiet(self, seconds: float) -> None:
        """The same, now that nothing is being said any more."""
        self.state = replace(self.state, playing=False, interjection=False)
        self.wait(seconds)

    def note(
        self,
        fact: Fact,
        about: str = "",
        *,
        side: Side = Side.NONE,
        second: float | None = None,
        value: float | None = None,
    ) -> None:
        """Have ``fact`` written into the journal."""
        self.actions.append(Note(fact, about, self.now_s, side.value, second, value))

    def remember(self, person: Person) -> None:
        """Know the person so from now on, before the journal tells it again."""
        self.state = replace(self.state, tonight=replace(self.state.tonight, person=person))

    def stop_playback(self) -> None:
        """Silence, at once; the place is kept."""
        self.keep_place()
        self.actions.append(StopPlayback())
        self.state = replace(self.state, playing=False, interjection=False, deadline_s=None)

    def say(
        self,
        text: str,
        *,
        remember: bool = True,
        must: bool = False,
        chime: Chime | None = None,
        leads_to: Body | None = None,
    ) -> None:
        """Say a sentence in between, in place of whatever is playing; the place is kept.

        Args:
            text: The sentence.
            remember: Whether "repeat" says it again.
            must: Whether it has to be heard whole: what is said into it is answered, and then it is said again.
            chime: What is heard before it.
            leads_to: Where it leaves the listener, when it has been heard whole.
        """
        self.say_prompt(self.prompt(text, leads_to), remember=remember, must=must, chime=chime)

    def prompt(self, text: str, leads_to: Body | None = None) -> Prompt:
        """A new prompt, which is not the same as any other."""
        prompt = Prompt(self.state.latest_prompt + 1, text, leads_to)
        self.state = replace(self.state, latest_prompt=prompt.id)
        return prompt

    def say_prompt(
        self, prompt: Prompt, *, remember: bool = True, must: bool = False, chime: Chime | None = None
    ) -> None:
        """Say a prompt that is there already, or say it again; otherwise like `say`."""
        self.keep_place()
        prompt = leading.with_what_is_owed(self.state, prompt)
        text = prompt.text
        cues = (Cue(0.0, chime), Cue(_AFTER_THE_CHIME_S, text)) if chime else (Cue(0.0, text),)
        self._perform(cues, saying=prompt, interjection=True)
        if remember:
            self.state = replace(self.state, said=prompt)
        if must:
            self.state = replace(self.state, pending_prompt=prompt)

    def say_in_two(self, first: str, quiet_s: float, then: str) -> None:
        """Say something in between, and after ``quiet_s`` seconds of quiet the rest of it; "repeat" says both."""
        self.keep_place()
        prompt = self.prompt(f"{first} {then}")
        cues = (Cue(0.0, first), Cue(self.language.durations.speech_s(first) + quiet_s, then))
        self._perform(cues, saying=prompt, interjection=True)
        self.state = replace(self.state, said=prompt)

    def sound(self, chime: Chime) -> None:
        """Sound a chime in between; the place is kept."""
        self.keep_place()
        self._perform((Cue(0.0, chime),), interjection=True)

    def is_saying(self, prompt: Prompt) -> bool:
        """Whether ``prompt`` is what the latest performance says or said."""
        return self.state.saying is not None and self.state.saying.id == prompt.id

    def say_pending_prompt(self) -> bool:
        """Something has been said to its end: say what it broke into again; whether there was such a thing."""
        pending_prompt = self.state.pending_prompt
        if pending_prompt is None or self.is_saying(pending_prompt):
            self.state = replace(self.state, pending_prompt=None)
            return False
        self.say_prompt(pending_prompt, must=True)
        return True

    def ask(self, question: Question, about: str = "", *, before: str = "", chime: Chime | None = None) -> None:
        """Open a question; what is going on waits behind it.

        Args:
            question: What is asked; its row of `questions.py` has the words.
            about: What it is about, as its row says.
            before: Said before it, the first time.
            chime: Heard before everything.
        """
        self.keep_place()
        before_it = self.state.asked
        behind = before_it.behind if before_it else self.state.mode
        pending_behind = before_it.pending_behind if before_it else self.state.pending_prompt
        prompt = self.prompt(self._prompts[question](self, about))
        asked = replace(prompt, text=f"{before} {prompt.text}".strip())
        if behind is Mode.GUIDING:  # nobody holds anything until they have answered
            leading.let_go(self)
        self.enter(Mode.ASKING)
        self.say_prompt(asked, chime=chime)
        self.state = replace(self.state, asked=Asked(question, behind, about, prompt, pending_behind))

    def ask_after(self, first: str, question: Question, about: str = "") -> None:
        """Open a question that is asked only after something has been said, and the quiet that its row names.

        Args:
            first: What is said now; where a stretch waits behind the question, it has to be heard whole.
            question: As in `ask`.
            about: As in `ask`.
        """
        behind = self.state.mode
        said, prompt = self.prompt(first), self.prompt(self._prompts[question](self, about))
        self.enter(Mode.ASKING)
        self.say_prompt(said)
        pending = said if behind is Mode.HURT else None
        self.state = replace(self.state, asked=Asked(question, behind, about, prompt, pending, first=said))

    def keep_place(self) -> None:
        """Note the second within the beat, before something else is performed."""
        if self.state.session is not None:
            self.put(self.state.place_at(self.now_s))

    def put(self, place: Place) -> None:
        """Move the session to ``place``; the beat there has yet to be performed."""
        self.state = replace(self.state, session=replace(self.session, place=place), playing=False)

    def guide(self) -> None:
        """Perform the beat at the session's place, and go on from there.

        Who is not in the position of the stretch is led into it first, whatever the place.
        """
        if self.state.mode is not Mode.GUIDING:
            self.enter(Mode.GUIDING)
        owed = leading.still_owed(self)
        if owed is not None:
            self.say(owed.words, remember=False, leads_to=owed.leads_to)
            return
        leading.lead_into_position(self)
        leading.lie_down_to_rest(self)
        session, state = self.session, self.state
        if session.form_words and session.place.beat >= session.step.setup_beats:
            self.state = replace(state, session=replace(session, form_words="", form_told=True))
            self.say(session.form_words, remember=False)
            return
        back_in = leading.way_back_in(self)
        if back_in is not None:
            self.say(back_in.words, remember=False, leads_to=back_in.leads_to)
            return
        leading.is_taken_up(self)
        session, state = self.session, self.state
        beat = session.beat
        match beat:
            case Say() | Again():
                self._say_beat(beat)
            case Wait() | Hold() | Cycle() | Rest() | Ready():
                manner = Manner(state.knows.breath_cue, softens=session.plan.routine.when is When.BEDTIME)
                part = cue_schedule(beat, self.language, state.talk, state.pace, session.place.offset_s, manner)
                self._perform(part.cues, part.length_s, part.kind)
            case Way():
                raise AssertionError("a way begins somewhere")

    def _say_beat(self, beat: Say | Again) -> None:
        """Say the sentence at the session's place, unless less talk leaves it out or it has been told."""
        session = self.session
        text = _text(beat, self.state.talk, session.place.rounds)
        once = isinstance(beat, Say) and beat.once
        if not text or (once and self._told in session.told):
            self._skip_unspoken()
            return
        if once and self._was_just_told(beat):
            self._skip_warning()
            return
        prompt = self.prompt(text, leading.leads_to(session))
        self._perform((Cue(0.0, text),), self._quiet_after(beat, text), saying=prompt)
        # A remark that less talk would leave out is not what somebody in a hold wants to hear again.
        if isinstance(beat, Again) or beat.brief:
            self.state = replace(self.state, said=prompt)

    def _quiet_after(self, beat: Say | Again, text: str) -> float:
        """How long saying ``text`` lasts with the time to answer it, in seconds; 0.0 where nothing is asked."""
        return self.language.durations.speech_s(text) + ANSWER_S if isinstance(beat, Again) else 0.0

    def has_told(self) -> None:
        """The sentence at the session's place has been heard whole."""
        session, step = self.session, self.session.step
        if isinstance(session.beat, Say) and session.beat.once:
            self.state = replace(self.state, session=replace(session, told=session.told | {self._told}))
        elif isinstance(step.beats[session.place.beat], Way):
            moved = session.moved.union(way(session.body.came_from, step.stretch.position))
            self.state = replace(self.state, session=replace(session, moved=moved))

    @property
    def _told(self) -> tuple[str, int]:
        return self.session.step.stretch.key, self.session.place.beat

    def _was_just_told(self, beat: Say | Again) -> bool:
        """Whether the stretch before, which was done, has begun with the same words of caution."""
        session = self.session
        if not session.place.step:
            return False
        before = session.plan.steps[session.place.step - 1]
        key = before.stretch.key
        told = any(one == beat and (key, index) in session.told for index, one in enumerate(before.beats))
        return told and key in session.done

    def _skip_warning(self) -> None:
        """Words of caution that need not be repeated, and the time to leave the stretch out."""
        session, place, step = self.session, self.session.place, self.session.step
        self.state = replace(self.state, session=replace(session, told=session.told | {self._told}))
        following = place.beat + 1
        skips_wait = following < step.moves_at and isinstance(step.beats[following], Wait)
        self.put(replace(place, beat=following + skips_wait, offset_s=0.0))
        self.guide()

    def _skip_unspoken(self) -> None:
        """A sentence that is left out when less is said: the next beat follows at once (a plan ends with none)."""
        place = self.session.place
        self.put(replace(place, beat=place.beat + 1, offset_s=0.0))
        self.guide()

    def _perform(
        self,
        cues: tuple[Cue, ...],
        length_s: float = 0.0,
        kind: str = "sentence",
        *,
        saying: Prompt | None = None,
        interjection: bool = False,
    ) -> None:
        token = self.state.token + 1
        self.actions.append(Perform(token, cues, length_s, kind))
        self.state = replace(
            self.state,
            token=token,
            playing=True,
            interjection=interjection,
            saying=saying,
            began_s=self.now_s,
            deadline_s=None,
        )


def _text(beat: Say | Again, talk: TalkLevel, rounds: int) -> str:
    if isinstance(beat, Again):
        beat = beat.another if rounds else beat.prompt
    return beat.text if talk is TalkLevel.FULL else beat.brief
