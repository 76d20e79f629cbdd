"""What every command needs of the house, made once and only when it is asked for: words, routines, voice, coach."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from voicecoach.coach import Coach, Memory
from voicecoach.dialogue.script import sentences_of
from voicecoach.dialogue.state import Knowledge, State
from voicecoach.errors import BadRequestError
from voicecoach.language.commands import Command
from voicecoach.language.wording import ENGLISH, Language, Phrasebook, load_language
from voicecoach.resources import shipped
from voicecoach.routine.loading import Library, load_library
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.settings import config_folder, settings_file

if TYPE_CHECKING:
    from voicecoach.happenings import Watcher
    from voicecoach.hearing.protocol import Ears
    from voicecoach.journal.store import Journal
    from voicecoach.routine.plan import Plan
    from voicecoach.settings import Settings
    from voicecoach.speaking.protocol import Clips
    from voicecoach.speaking.timeline import Timeline


class House:
    """The parts that do not depend on the room, and the coach that is made of them."""

    def __init__(self, settings: Settings, library: Library | None = None) -> None:
        """Open the house.

        Args:
            settings: What the user has set.
            library: The routines; None reads those that ship, then the user's, which may shadow them.
        """
        self.settings = settings
        self.library = library or load_library(shipped("routines"), config_folder() / "routines")

    @cached_property
    def language(self) -> Language:
        return load_language(ENGLISH)

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
        return Knowledge(self.language, self.library.routines, self.library.stretches, usual)

    def preferences(self, journal: Journal | None = None) -> Preferences:
        """What is known of the person and the bed, from the settings and the journal."""
        if journal is None:
            return Preferences(soft_bed=self.settings.soft_bed)
        return Preferences(journal.left_out(), self.settings.soft_bed, journal.familiar())

    def plan(self, routine: str, journal: Journal | None = None) -> Plan:
        """What a session of ``routine`` (its key or spoken name) sets out to do."""
        wanted = self.library.routine(routine)
        return make_plan(wanted, self.preferences(journal), self.language.plan, self.library.stretches)

    def sentences(self, *routines: str) -> list[str]:
        """What the sessions of ``routines`` (all, when none is named) are likely to need the voice for."""
        wanted = [self.library.routine(key) for key in routines] or list(self.library.routines.values())
        preferences = self.preferences()
        found = (sentence for routine in wanted for sentence in sentences_of(routine, self.knowledge, preferences))
        return list(dict.fromkeys(found))

    def all_phrases(self) -> frozenset[str]:
        """Everything that can be said to the coach, in any mode."""
        return self.phrasebook.phrases_for(frozenset(Command))

    def coach(  # noqa: PLR0913, PLR0917 - see `Coach`
        self,
        ears: Ears,
        clips: Clips,
        timeline: Timeline,
        journal: Journal,
        watch: Watcher | None = None,
        lead_s: float = 0.0,
    ) -> Coach:
        """A coach at rest; the arguments are those of `Coach`."""
        state = State(
            self.knowledge,
            self.preferences(journal),
            talk=self.settings.talk,
            volume_db=self.settings.volume_db,
            sessions_this_week=journal.sessions_this_week(),
        )
        memory = Memory(journal.write, journal.sessions_this_week, journal.familiar)
        return Coach(state, ears, self.phrasebook, clips, timeline, memory, watch, lead_s)
