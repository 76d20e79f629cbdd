"""A session that never was, with a bit of everything: for transcripts and pictures."""

from __future__ import annotations

from small_house import BEDTIME, STRETCHES, language

from voicecoach.dialogue.events import Chime, Cue
from voicecoach.languages.commands import Command, Meaning
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.session_events import Began, Entered, SessionEvent, Spoke, Understood
from voicecoach.simulation.rehearsal import RehearsedSession, Said
from voicecoach.simulation.scenario import Scenario

NUMBERS = ("one", "two", "three", "four", "five", "six")

HAPPENINGS: tuple[SessionEvent, ...] = (
    Understood("start bedtime routine", Meaning(Command.START, "bedtime"), 0.97, 1.0, 2.5),
    Began("sentence", (Cue(0.0, "Here is the bedtime routine."),), 2.5, 0.0),
    Entered("greeting", 2.5),
    Spoke("Here is the bedtime routine.", 2.5, 4.5, whole=True),
    Entered("guiding", 4.5),
    Began("sentence", (Cue(0.0, "We begin with the hug."),), 4.5, 0.0),
    Spoke("We begin with the hug.", 4.5, 6.0, whole=True),
    Began("hold", tuple(Cue(number * 1.5, word) for number, word in enumerate(NUMBERS, start=1)), 6.0, 15.0),
    *(Spoke(word, 6 + number * 1.5, 6.4 + number * 1.5, whole=True) for number, word in enumerate(NUMBERS, start=1)),
    Understood("[unk] | lovely", None, 0.41, 16.0, 17.0),
    Understood("pause", Meaning(Command.PAUSE), 0.9, 17.5, 18.0),
    Entered("paused", 18.0),
    Began("sentence", (Cue(0.0, "We rest here."),), 18.0, 0.0),
    Spoke("We rest here.", 18.0, 18.7, whole=False),
    Entered("guiding", 130.0),
    Began("breaths", (Cue(0.0, Chime.BREATHE_IN), Cue(4.0, Chime.BREATHE_OUT)), 130.0, 10.0),
    Spoke(Chime.BREATHE_IN, 130.0, 130.5, whole=True),
    Spoke(Chime.BREATHE_OUT, 134.0, 134.5, whole=True),
    Began("sentence", (Cue(0.0, "And last, the twist."),), 140.0, 0.0),
    Spoke("And last, the twist.", 140.0, 141.0, whole=True),
    Entered("rest", 141.0),
)
SAID = (Said("start bedtime routine", 1.0, 2.5), Said("", 16.0, 17.0), Said("pause", 17.5, 18.0))
FAILURES = ('scene.yaml:7: expected "six" within 10 s, heard instead: nothing (at 02:13.4)',)


def session(
    events: tuple[SessionEvent, ...] = HAPPENINGS,
    said: tuple[Said, ...] = SAID,
    failures: tuple[str, ...] = (),
    lasted_s: float = 142.0,
) -> RehearsedSession:
    return RehearsedSession(
        scenario=Scenario("A made-up night", "bedtime", ()),
        seed=3,
        events=events,
        said=said,
        failures=failures,
        lasted_s=lasted_s,
        mode="rest",
        plan=make_plan(BEDTIME, Preferences(), language().plan, STRETCHES),
    )
