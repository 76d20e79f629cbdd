"""Whatever happens, in whatever order: the dialogue stays whole, keeps its place, and has a way out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import at_rest, phrasebook

from voicecoach.dialogue.events import Ended, Event, Heard, Learned, Opened, Reached
from voicecoach.dialogue.machine import step, valid_commands
from voicecoach.dialogue.state import Mode
from voicecoach.language.commands import SAFETY, Command

PHRASES = sorted(phrasebook().phrases_for(frozenset(Command)))
SESSION = (Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.CLOSING)

phrases = st.sampled_from(PHRASES)
lengths = st.sampled_from([0.0, 0.3, 1.7, 4.0, 11.0, 35.0, 400.0])
nights = st.lists(st.tuples(phrases, lengths), max_size=25)


def lived(happenings: list[tuple[str, float]]) -> Night:
    night = Night().says("start bedtime routine").passes(12)
    for phrase, seconds in happenings:
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
    if state.mode in (Mode.PAUSED, Mode.STOPPED, Mode.ASKING, Mode.HURT, Mode.CLOSING, Mode.WARNING):
        assert state.deadline_s is not None or state.playing, "who waits has a time limit, or is still speaking"
    if state.mode in (Mode.GREETING, Mode.GUIDING):
        assert state.playing, "who guides has something to perform"
    assert -24 <= state.volume_db <= 0
    assert 0.5 < state.pace < 2


@settings(max_examples=300, deadline=None)
@given(nights)
def test_any_night_stays_whole_and_ends_by_itself(happenings: list[tuple[str, float]]) -> None:
    night = lived(happenings)
    night.passes(7200)
    if night.state.mode is Mode.ASKING:
        night.passes(7200)
    assert night.mode in (Mode.REST, Mode.ASLEEP)
    assert night.state.session is None


events = st.lists(
    st.tuples(
        st.one_of(
            phrases.map(lambda phrase: Heard(phrasebook().meaning(phrase), 0.0)),
            st.integers(0, 40).map(lambda late: Ended(late, 0.0)),
            st.just(Reached(0.0)),
            st.just(Opened(0.0)),
            st.integers(0, 9).map(lambda sessions: Learned(sessions, frozenset(), 0.0)),
        ),
        st.floats(0, 500),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(events)
def test_events_in_any_order_however_late_or_early_leave_a_defined_state(happenings: list[tuple[Event, float]]) -> None:
    """Not a night that could be, but whatever the rest of the house might do wrong: nothing raises, nothing breaks."""
    state, now_s = at_rest(), 0.0
    for happening, after_s in happenings:
        now_s += after_s
        event = replace(happening, at_s=now_s)
        if isinstance(event, Ended):  # so many performances late, 0 for the latest
            event = replace(event, token=max(0, state.token - event.token))
        state, _ = step(state, event)
        assert state.now_s == now_s
        assert valid_commands(state) >= SAFETY
        assert (state.asked is not None) == (state.mode is Mode.ASKING)
        in_session = state.asked.behind if state.asked else state.mode
        assert (state.session is not None) == (in_session in SESSION)


@settings(max_examples=150, deadline=None)
@given(nights)
def test_stop_silences_whatever_goes_on(happenings: list[tuple[str, float]]) -> None:
    night = lived(happenings)
    night.says("stop")
    assert not night.state.playing
    stopped = night.now_s
    assert night.passes(1.9).since(stopped + 0.01) == []


@settings(max_examples=150, deadline=None)
@given(nights, st.sampled_from(["how long", "why", "where are we", "louder", "slower", "help", "less talk", "repeat"]))
def test_a_question_never_moves_the_place(happenings: list[tuple[str, float]], question: str) -> None:
    night = lived(happenings)
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
def test_a_pause_keeps_the_second_however_long(happenings: list[tuple[str, float]], seconds: float) -> None:
    night = lived(happenings)
    if night.mode.value != "guiding":
        return
    before = night.place
    night.says("pause").passes(seconds)
    assert night.mode.value == "paused"
    assert night.place == before
    assert night.says("continue").mode.value == "guiding"
    assert night.place == before
