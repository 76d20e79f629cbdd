"""What the coach knows and can say, as the settings ask for it: language, phrases, routines, and tonight's plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import PlayNightSound
from voicecoach.dialogue.recordings import recordings
from voicecoach.dialogue.sentences import likely_sentences, possible_sentences
from voicecoach.dialogue.state import Knowledge
from voicecoach.dialogue.table import COMMANDS, WANTED
from voicecoach.dialogue.warnings import warnings
from voicecoach.emergency_number import number_here
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.journal.local_time import HERE
from voicecoach.languages.language import Phrasebook
from voicecoach.languages.loading import ENGLISH, LANGUAGES, load_language
from voicecoach.person.adapting import prepare
from voicecoach.person.person import Answer, Person
from voicecoach.person.tips import load_tips
from voicecoach.person.tonight import Tonight
from voicecoach.person.wall_time import local
from voicecoach.resources import shipped
from voicecoach.routine.loading import Library, load_library
from voicecoach.routine.planning import Preferences
from voicecoach.routine.texts import missing_words
from voicecoach.settings import config_folder, settings_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from voicecoach.journal.store import Journal
    from voicecoach.languages.language import Language
    from voicecoach.routine.plan import Plan
    from voicecoach.routine.stretch import Routine
    from voicecoach.settings import Settings


class Repertoire:
    """Routines, words and what is known of the person: everything that makes no sound."""

    def __init__(self, settings: Settings, library: Library | None = None) -> None:
        """Read what the settings ask for.

        Args:
            settings: What the user has set.
            library: The routines; None reads those that ship, then the user's, which may shadow them.

        Raises:
            BadRequestError: There is no such language.
            BadFileError: The language is not complete.
        """
        self.language = _with_pauses(_language(settings), settings)
        self.settings = _with_its_voice_and_model(settings, self.language)
        self.library = library or _library(self.language)

    @cached_property
    def phrasebook(self) -> Phrasebook:
        return Phrasebook(self.language, self.library.routines.values())

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the dialogue knows; a usual routine that is not there is an error that names the near ones."""
        try:
            usual = self.library.routine(self.settings.usual_routine).key
        except BadRequestError as error:
            raise BadRequestError(f"usual_routine in {settings_file()}: {error}") from None
        return Knowledge(
            self.language,
            self.library.routines,
            self.library.stretches,
            usual,
            talk=self.settings.talk,
            volume_db=self.settings.volume_db,
            tips=load_tips(self.language.tips),
            reminders=self.settings.reminders,
            quiet_hours=self.settings.quiet_hours,
            asks_sleep=self.settings.ask_sleep,
            mute_hours=self.settings.mute_hours,
            follows_whispers=self.settings.volume_follows_whisper,
            breath_cue=self.settings.breath_cue,
            night_sound=PlayNightSound(self.settings.after_session, 60.0 * self.settings.after_session_minutes),
            emergency_number=self.settings.emergency_number or number_here(),
        )

    def tonight(self, journal: Journal, now: datetime | None = None) -> Tonight:
        """Who is there, as far as the journal and the settings know.

        Args:
            journal: The history; it also knows where the person lives.
            now: The time, with its zone; None: what the journal's clock says.
        """
        person = journal.person()
        now, is_known = journal.told_time() if now is None else (now, True)
        return self._tonight(person, now, journal.zone, is_known=is_known)

    def _tonight(self, person: Person, now: datetime, zone: tzinfo, *, is_known: bool = True) -> Tonight:
        now = local(now, zone)
        written = {condition: Answer(yes, now) for condition, yes in self.settings.answers.items()}
        person = replace(person, answers={**person.answers, **written})
        return Tonight(now, person, self.settings.soft_bed, zone, is_known)

    def plan(self, routine: str, journal: Journal | None = None, now: datetime | None = None) -> Plan:
        """What a session of ``routine`` (its key or spoken name) sets out to do.

        Args:
            routine: What is done.
            journal: For whom; None: for somebody of whom nothing is known.
            now: When; None: at this moment.
        """
        wanted = self.library.routine(routine)
        nobody = self._tonight(Person(), now or datetime.now(UTC), HERE)
        tonight = nobody if journal is None else self.tonight(journal, now)
        return prepare(wanted, tonight, self.language.plan, self.library.stretches).plan

    def sentences(self, *routines: str) -> list[str]:
        """What the sessions of ``routines`` (all, when none is named) are likely to need the voice for."""
        wanted = [self.library.routine(key) for key in routines] or list(self.library.routines.values())
        preferences = Preferences(soft_bed=self.settings.soft_bed)
        found = (sentence for routine in wanted for sentence in likely_sentences(routine, self.knowledge, preferences))
        return list(dict.fromkeys(found))

    def always_said(self) -> tuple[str, ...]:
        """What the coach must be able to say whatever has failed."""
        words = self.language.prompts
        return (
            words.recovered,
            words.words_missing,
            words.gave_up,
            *warnings(self.language, self.knowledge.emergency_number),
        )

    def possible_sentences(self) -> list[str]:
        """What any session may need it for besides, except what is put together from several names and numbers."""
        return possible_sentences(self.knowledge)

    def recordings(self, *routines: str) -> dict[str, list[str]]:
        """What a voice pack has to say so that the coach says nothing else, by the kind of it.

        Args:
            routines: Keys of those whose sessions it is for; none: all, and the sound check.
        """
        wanted = [self.library.routine(key) for key in routines]
        knows = self._knowledge_of(wanted) if wanted else self.knowledge
        preferences = Preferences(soft_bed=self.settings.soft_bed)
        found = recordings(knows, knows.routines.values(), preferences, datetime.now(UTC))
        return found if wanted else {**found, "sound check": [*self.language.sound_check.sentences]}

    def _knowledge_of(self, routines: Sequence[Routine]) -> Knowledge:
        """The knowledge, as if there were only some routines and their stretches."""
        known = self.library.stretches
        stretches = {
            key: known[key]
            for routine in routines
            for entry in routine.entries
            for key in (entry.stretch.key, entry.stretch.soft_bed or "", entry.stretch.instead or "")
            if key in known
        }
        return replace(self.knowledge, routines={one.key: one for one in routines}, stretches=stretches)

    def all_phrases(self) -> frozenset[str]:
        """Everything that can be said to the coach, in any mode."""
        return self.phrasebook.phrases_for(COMMANDS)


def read_language(settings: Settings) -> Language:
    """The language of the settings, which may be the user's own.

    Raises:
        BadRequestError: There is no such language.
        BadFileError: It is not complete.
    """
    return load_language(settings.language, (LANGUAGES, config_folder() / "languages"), wanted=WANTED)


def _language(settings: Settings) -> Language:
    try:
        return read_language(settings)
    except BadRequestError as error:
        raise BadRequestError(f"language in {settings_file()}: {error}") from None


def _with_pauses(language: Language, settings: Settings) -> Language:
    """The language, whose sentences last as long as their pauses have it."""
    plan = replace(language.plan, durations=language.plan.durations.with_pauses(settings.pauses))
    return replace(language, plan=plan)


def _library(language: Language) -> Library:
    """What ships and what is the user's, in words of ``language``, which has them all or is not offered."""
    ours, theirs = shipped("routines"), config_folder() / "routines"
    if missing := missing_words(language.key, ours, theirs):
        lines = "\n".join(str(problem) for problem in missing)
        raise BadFileError(f"the language {language.key} is not complete:\n{lines}")
    return load_library(ours, theirs, language=language.key, side_forms=tuple(language.plan.sides))


def _with_its_voice_and_model(settings: Settings, language: Language) -> Settings:
    """Where nothing was set, a language is spoken by its own voice and heard with its own model."""
    voice = settings.voice
    if not settings.voice_is_set and voice.name == Voice().name:
        voice = replace(voice, name=language.voice)
    # In English, the model that was chosen with `voicecoach models use` comes before the one that ships.
    model = settings.model or (None if language.key == ENGLISH else language.model)
    return replace(settings, voice=voice, model=model)
