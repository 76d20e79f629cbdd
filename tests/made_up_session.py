"""A session that never was, with a bit of everything: for transcripts and pictures."""

from __future__ import annotations

from voicecoach.dialogue.events import Chime, Cue
from voicecoach.languages.commands import Command, Meaning
from voicecoach.session_events import Began, Entered, SessionEvent, Spoke, Understood
from voicecoach.session_trace import Failed, Finished, Said, Trace, with_stretches
from voicecoach.simulation.rehearsed_session import header_of
from voicecoach.simulation.scenario import Scenario

STRETCHES = {"We begin with the hug.": "the hug", "And last, the twist.": "the twist"}
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
) -> Trace:
    header = header_of(Scenario("A made-up night", "bedtime", ()), seed=3, routine="Bedtime")
    failed = (Failed(failure, lasted_s) for failure in failures)
    return Trace(header, (*said, *with_stretches(events, STRETCHES), *failed, Finished("rest", lasted_s)))
