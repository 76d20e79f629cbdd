"""Whatever happens, in whatever order: the dialogue stays whole, keeps its place, and has a way out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night, happens
from small_house import ALL_ANSWERED, EVENING, at_rest, knowledge, phrasebook, phrasings

from voicecoach.dialogue.events import Deafened, Ended, Event, Heard, HearsAgain, Learned, Opened, Reached, Resume
from voicecoach.dialogue.machine import valid_commands
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import COMMANDS
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.reading import read
from voicecoach.person.tips import Tip
from voicecoach.person.tonight import Tonight
from voicecoach.routine.plan import Again
from voicecoach.routine.stretch import When

SESSION = (Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.CLOSING)
GOES_ON_WITHOUT = {Command("i can't kneel"), Command("i can't lie on my front")}
"""What needs that is left out, and the rest goes on."""
STOPS = phrasebook().phrases_for({Command.STOP})
KNEELS = Record(EVENING, Fact.ANSWERED, Condition.KNEELING.value, value=1)
RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
WORSE = [
    Record(EVENING - timedelta(days=1, minutes=minutes), what, about, value=value)
    for minutes, what, about, value in (
        (12, Fact.SESSION_STARTED, "bedtime", None),
        (11, Fact.PAIN_BEFORE, "", 1),
        (2, Fact.SESSION_FINISHED, "bedtime", None),
        (1, Fact.PAIN_AFTER, "", 5),
    )
]
HISTORIES = (ALL_ANSWERED, (), RATES_PAIN, (*RATES_PAIN, *WORSE))
"""Somebody who is asked nothing, somebody new, somebody who is asked for pain, and one whose pain rose last time."""
EVERYTHING_ON = knowledge(
    tips=(Tip("warm", "Warmth does many backs good.", When.ANY, ()),),
    reminders=((frozenset(range(7)), time(22)),),
    quiet_hours=(time(2), time(6)),
    asks_sleep=True,
)

phrases = st.sampled_from(COMMANDS).flatmap(lambda one: st.sampled_from(phrasings(one)))
lengths = st.sampled_from([0.0, 0.3, 1.7, 4.0, 11.0, 35.0, 400.0])
nights = st.lists(st.tuples(phrases, lengths), max_size=25)
histories = st.sampled_from(HISTORIES)


def lived(events: list[tuple[str, float]], history: tuple[Record, ...] = ALL_ANSWERED) -> Night:
    night = Night(at_rest(knows=EVERYTHING_ON), history).says("start bedtime routine").passes(12)
    for phrase, seconds in events:
        night.says(phrase).passes(seconds)
        whole(night)
    return night


def whole(night: Night) -> None:
    """Everything that must be true after every event."""
    state = night.state
    assert valid_commands(state) >= SAFETY
    assert (state.asked is not None) == (state.mode is Mode.ASKING)
    if state.mode in SESSION:
        assert state.session is not None
        place, steps = state.session.place, state.session.plan.steps
        assert 0 <= place.step < len(steps)
        assert 0 <= place.beat < len(steps[place.step].beats)
        assert place.offset_s >= 0
    if state.mode not in (Mode.GREETING, Mode.GUIDING):
        assert state.deadline_s is not None or state.playing, "who waits has a time limit, or is still speaking"
    if state.mode in (Mode.GREETING, Mode.GUIDING):
        assert state.playing, "who guides has something to perform"
    assert state.wanted is None or state.mode is Mode.ASKING
    assert state.pending_prompt is None or state.mode in (Mode.GREETING, Mode.STOPPED, Mode.HURT, Mode.CLOSING)
    assert (night.place_kept is not None) >= (state.mode in (Mode.GUIDING, Mode.PAUSED, Mode.HURT))
    assert -24 <= state.volume_db <= 0
    assert 0.5 < state.pace < 2
    for words in night.words[-6:]:
        sentences = re.split(r"(?<=[.?!]) ", words)
        assert all(one != other for one, other in pairwise(sentences)), f"nothing is said twice in a breath: {words}"


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(nights, histories)
def test_any_night_stays_whole_and_ends_by_itself(events: list[tuple[str, float]], history: tuple[Record, ...]) -> None:
    night = lived(events, history)
    night.passes(7200)
    if night.state.mode is Mode.ASKING:
        night.passes(7200)
    assert night.mode in (Mode.REST, Mode.ASLEEP)
    assert night.state.session is None
    assert night.place_kept is None


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(nights, histories, st.sampled_from(sorted(phrasebook().phrases_for(SAFETY))))
def test_words_of_need_are_heeded_whatever_goes_on(
    events: list[tuple[str, float]], history: tuple[Record, ...], words: str
) -> None:
    night = lived(events, history)
    asked, warned = night.state.asked, night.mode is Mode.WARNING
    night.says(words)
    now = night.state.asked
    assert asked is None or now is None or now.prompt != asked.prompt, (
        "no question outlives them; one may be asked anew"
    )
    if phrasebook().meaning(words).command not in GOES_ON_WITHOUT:
        assert night.mode not in (Mode.GUIDING, Mode.GREETING), "nothing goes on"
    if phrasebook().meaning(words).command == Command.RED_FLAG or (warned and words not in STOPS):
        assert night.mode is Mode.WARNING


@settings(max_examples=100, deadline=None)
@given(nights, histories)
def test_what_was_ruled_out_or_dropped_is_not_guided_through(
    events: list[tuple[str, float]], history: tuple[Record, ...]
) -> None:
    night = lived(events, (*history, KNEELS))
    session = night.state.session
    if Fact.ASK_AGAIN.value in night.facts:
        return  # what was answered is forgotten then
    if night.mode is Mode.GUIDING and session is not None:
        assert session.step.stretch.key not in {*session.dropped, "child"}


times = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it has one
places = st.sampled_from(
    ["", "{}", '{"routine":"bedtime","stretches":["hug"],"step":0}', '{"routine":"bedtime","stretches":["x"],"step":0}']
)
events = st.lists(
    st.tuples(
        st.one_of(
            phrases.map(lambda phrase: Heard(phrasebook().meaning(phrase), 0.0)),
            st.integers(0, 40).map(lambda late: Ended(late, 0.0)),
            st.just(Reached(0.0)),
            st.just(Opened(0.0)),
            st.just(Deafened(0.0)),
            st.just(HearsAgain(0.0)),
            st.builds(lambda now: Learned(Tonight(now, read(WORSE, UTC)), 0.0), times),
            st.builds(lambda text, ago_s: Resume(text, ago_s, 0.0), places, st.floats(-100, 10_000)),
        ),
        st.floats(0, 500),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(events)
def test_events_in_any_order_however_late_or_early_leave_a_defined_state(happenings: list[tuple[Event, float]]) -> None:
    """Not a night that could be, but whatever the rest of the house might do wrong: nothing raises, nothing breaks."""
    state, now_s = at_rest(knows=EVERYTHING_ON), 0.0
    for happened, after_s in happenings:
        now_s += after_s
        event = replace(happened, at_s=now_s)
        if isinstance(event, Ended):  # so many performances late, 0 for the latest
            event = replace(event, token=max(0, state.token - event.token))
        state, _ = happens(state, event)
        assert state.now_s == now_s
        assert valid_commands(state) >= SAFETY
        assert (state.asked is not None) == (state.mode is Mode.ASKING)
        in_session = state.asked.behind if state.asked else state.mode
        assert (state.session is not None) == (in_session in SESSION)


@settings(max_examples=150, deadline=None)
@given(nights)
def test_stop_silences_whatever_goes_on(events: list[tuple[str, float]]) -> None:
    night = lived(events)
    night.says("stop")
    assert not night.state.playing
    stopped = night.now_s
    assert night.passes(1.9).since(stopped + 0.01) == []


@settings(max_examples=150, deadline=None)
@given(nights, st.sampled_from(["how long", "why", "where are we", "louder", "slower", "help", "less talk", "repeat"]))
def test_a_question_never_moves_the_place(events: list[tuple[str, float]], question: str) -> None:
    night = lived(events)
    if night.mode is not Mode.GUIDING or night.state.session is None:
        return
    before = night.place
    night.says(question)
    assert night.state.session is not None
    after = night.place
    assert (after.step, after.beat, after.rounds) == (before.step, before.beat, before.rounds)
    assert after.offset_s == before.offset_s


@settings(max_examples=100, deadline=None)
@given(nights, st.floats(1, 280))
def test_a_pause_keeps_the_second_however_long(events: list[tuple[str, float]], seconds: float) -> None:
    night = lived(events)
    if night.mode.value != "guiding":
        return
    session = night.state.session
    assert session is not None
    before, at_open_end = night.place, isinstance(session.beat, Again)
    night.says("pause").passes(seconds)
    assert night.mode.value == "paused"
    assert night.place == before
    assert night.says("continue").mode.value == "guiding"
    after = night.place
    if at_open_end:
        assert after.step == before.step + 1, "what is over is not asked about again"
    elif after.then == before.beat:
        assert after.then_s == before.offset_s, "the way back in is told first"
    else:
        assert (after.step, after.beat, after.rounds) == (before.step, before.beat, before.rounds)
