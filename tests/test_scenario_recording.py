"""Sessions as scenario files: what is written is read again, and what is recorded plays again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import VoicecoachError
from voicecoach.journal.store import Journal
from voicecoach.languages.commands import Command, Meaning
from voicecoach.live_recording import recorded_live
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.session_events import Spoke, Understood
from voicecoach.settings import Settings
from voicecoach.simulation.acoustic_scene import MicrophoneFault, Noise, RoomAcoustics
from voicecoach.simulation.disturbance import Disturbance
from voicecoach.simulation.rehearsed_session import PerformedAct, RehearsedSession
from voicecoach.simulation.scenario import ALL_ANSWERED, EVENING, Scenario, Talker
from voicecoach.simulation.scenario_file import load_scenario
from voicecoach.simulation.scenario_history import recent_history
from voicecoach.simulation.scenario_recording import SessionRecording, recorded
from voicecoach.simulation.scenario_writing import as_yaml, write_scenario
from voicecoach.simulation.turns import (
    Disturb,
    Ends,
    Mute,
    OnWords,
    PowerCut,
    SmallTalk,
    Speak,
    Turn,
    Wait,
)
from voicecoach.simulation.typed_turns import typed_turns

if TYPE_CHECKING:
    from voicecoach.session_events import SessionEvent

SCENES = Path(__file__).parent / "scenes"


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    return Assembly(Settings())


def reloaded(scenario: Scenario, folder: Path) -> Scenario:
    file = folder / "recorded.yaml"
    write_scenario(file, scenario)
    return load_scenario(file)


# --- writing ----------------------------------------------------------------------------------------------------------

TIMES = st.integers(0, 3_600_000).map(lambda ms: ms / 1000)
LEVELS = st.none() | st.integers(-1200, 0).map(lambda tenths: tenths / 10)
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"])
TEXTS = st.text(LETTERS, max_size=20).map(lambda text: " ".join(text.split()))
WORDS = TEXTS.map(lambda text: f"{text} a".strip())
ON = st.none() | st.builds(OnWords, WORDS, st.booleans())
BY = st.sampled_from(["person", "partner"])
TURNS: st.SearchStrategy[Turn] = st.one_of(
    st.builds(Speak, st.just(""), WORDS, on=ON, after_s=TIMES, by=BY, level_db=LEVELS, whispered=st.booleans()),
    st.builds(SmallTalk, st.just(""), TIMES, BY, ON, TIMES, LEVELS),
    st.builds(Disturb, st.just(""), st.sampled_from(Disturbance), st.none() | TIMES, ON, TIMES, LEVELS),
    st.builds(Mute, st.just(""), TIMES, ON, TIMES, st.sampled_from(MicrophoneFault)),
    st.builds(PowerCut, st.just(""), TIMES, ON, TIMES),
    st.builds(Wait, st.just(""), TIMES),
)
RECORDS = st.builds(
    Record,
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - the zone follows
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    ),
    st.sampled_from(Fact),
    TEXTS,
    st.sampled_from(["", "left"]),
    st.none() | TIMES,
    st.none() | TIMES,
)
SCENARIOS = st.builds(
    Scenario,
    title=WORDS,
    routine=st.sampled_from(["bedtime", "wind-down"]),
    turns=st.lists(TURNS, min_size=1, max_size=6).map(tuple),
    person=st.builds(
        Talker, st.builds(Voice, WORDS, st.integers(80, 300)), st.integers(-90, 0).map(float), st.just(2.5)
    ),
    others=st.just({"partner": Talker(level_db=-30.5)}),
    room=st.sampled_from(
        [
            RoomAcoustics(),
            RoomAcoustics(Noise.RAIN, -50.5),
            RoomAcoustics(Noise.NONE, -60.0, -12.5, 0.2, 100.0, 0.03),
        ]
    ),
    soft_bed=st.booleans(),
    left_out=st.frozensets(st.sampled_from(["pigeon", "knee-hug"])),
    at=st.just(EVENING) | st.just(EVENING + timedelta(days=3, minutes=7)),
    history=st.just(ALL_ANSWERED) | st.lists(RECORDS, max_size=4).map(tuple),
    limit_s=st.sampled_from([3600.0, 7200.5]),
)


def placeless(turn: Turn) -> Turn:
    return replace(turn, where="")


@settings(max_examples=60, deadline=None)
@given(SCENARIOS)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    found = reloaded(scenario, tmp_path_factory.mktemp("scenario"))
    found = replace(found, turns=tuple(map(placeless, found.turns)))
    for field in fields(Scenario):
        assert getattr(found, field.name) == getattr(scenario, field.name), field.name


def test_a_recorded_scenario_says_its_version() -> None:
    assert as_yaml(Scenario("a night", "bedtime", (Wait("", 1.0),))).splitlines() == [
        "version: 1",
        "title: a night",
        "routine: bedtime",
        "turns:",
        "  - {wait: 1 s}",
    ]


def test_only_what_happens_can_be_written() -> None:
    with pytest.raises(ValueError, match="only what happens"):
        as_yaml(Scenario("", "bedtime", (Ends("", "rest", 1.0),)))


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match=r"cannot be written \(No such file or directory\); name another file"):
        write_scenario(tmp_path / "none" / "night.yaml", Scenario("a night", "bedtime", (Wait("", 1.0),)))


# --- when: relative to what the coach said ----------------------------------------------------------------------------


def sentence(words: str, at_s: float) -> Spoke:
    return Spoke(words, at_s, at_s + 1.0, whole=True)


@pytest.mark.parametrize(
    ("spoken", "on", "after_s"),
    [
        ((), None, 8.0),
        ((sentence("Hug your knees.", 6.0),), OnWords("hug your knees", ended=False), 4.0),
        ((sentence("One.", 6.0), sentence("Two.", 8.0)), OnWords("two", ended=False), 2.0),
        ((sentence("Breathe in.", 6.0), sentence("Breathe in.", 8.0)), OnWords("breathe in", ended=False), 4.0),
        ((sentence("Said before the first.", 0.5), sentence("Said later.", 11.0)), None, 8.0),
        ((sentence("One two three four five six seven eight nine ten.", 9.5),),
         OnWords("one two three four five six seven eight", ended=False), 0.5),
        ((sentence("…", 6.0),), None, 8.0),
    ],
)  # fmt: skip
def test_a_turn_waits_for_the_last_words_that_cannot_be_mistaken(
    spoken: tuple[Spoke, ...], on: OnWords | None, after_s: float
) -> None:
    acts = [PerformedAct(Speak("", "start"), 1.0, 2.0), PerformedAct(Speak("", "pause"), 10.0, 10.5)]
    first, second, last = recorded(Scenario("", "bedtime", ()), acts, spoken, 15.0).turns
    assert isinstance(second, Speak)
    assert (second.on, second.after_s) == (on, after_s)
    assert last == Wait("recorded", 4.5)
    assert isinstance(first, Speak)


@pytest.mark.parametrize(
    ("limit_s", "ended_s", "found_s"), [(300.0, 100.0, 300.0), (9e4, 100.0, 3600.0), (9e4, 5e3, 5001.0)]
)
def test_a_recording_may_last_as_long_as_it_did(limit_s: float, ended_s: float, found_s: float) -> None:
    acts = [PerformedAct(Speak("", "start"), 1.0, 2.0)]
    found = recorded(Scenario("", "bedtime", (), limit_s=limit_s), acts, (), ended_s).limit_s
    assert found == pytest.approx(found_s, abs=ended_s)


def commands(session: RehearsedSession) -> list[Meaning]:
    return [event.meaning for event in session.events if isinstance(event, Understood) and event.meaning]


@pytest.mark.parametrize("name", ["a-restless-night", "pause-in-a-hold", "how-am-i-doing", "power-cut"])
def test_a_recorded_live_session_gives_the_same_commands_again(assembly: Assembly, name: str, tmp_path: Path) -> None:
    """What an observer of the coach is told is enough; of a power cut it is told nothing, so that is left out."""
    phrases = {phrase: assembly.phrasebook.meaning(phrase) for phrase in assembly.all_phrases()}
    recording, scenario = SessionRecording(phrases), load_scenario(SCENES / f"{name}.yaml")
    turns = tuple(turn for turn in scenario.turns if not isinstance(turn, PowerCut))
    first = rehearse(assembly, replace(scenario, turns=turns, limit_s=900.0), as_text=True, observer=recording)
    assert recording.routine in {"bedtime", None}
    again = rehearse(assembly, reloaded(recorded(scenario, recording.acts, recording.events), tmp_path), as_text=True)
    assert commands(again) == commands(first)


def test_more_than_a_phrase_is_recorded_as_the_phrase_that_it_means() -> None:
    stop = Meaning(Command.STOP)
    recording = SessionRecording({"please stop": stop, "stop": stop, "next": Meaning(Command.NEXT)})
    recording(Understood("stop stop", stop, 0.9, 1.0, 2.0))
    recording(Understood("lovely", None, 0.9, 3.0, 4.0))
    recording(Understood("please stop", stop, 0.9, 5.0, 6.0))
    assert [act.act.words for act in recording.acts if isinstance(act.act, Speak)] == ["stop", "please stop"]


def live(assembly: Assembly, file: Path, *events: SessionEvent) -> list[str]:
    """What is warned of when a live session of ``events`` is recorded into ``file``."""
    warnings: list[str] = []
    with closing(Journal(None, warnings.append)) as journal:
        journal.write(Fact.LEFT_OUT, "pigeon")
        with recorded_live(file, assembly, journal, warnings.append) as recording:
            assert recording is not None
            journal.write(Fact.LEFT_OUT, "bridge")  # in this session
            for event in events:
                recording(event)
    return warnings


def test_a_live_session_is_written_with_what_the_coach_knew(assembly: Assembly, tmp_path: Path) -> None:
    file = tmp_path / "evening.yaml"
    start = Understood("start wind down", Meaning(Command.START, "wind-down"), 0.9, 7203.0, 7204.0)
    stop = Understood("stop", Meaning(Command.STOP), 0.9, 7209.0, 7210.0)
    warnings = live(
        assembly, file, sentence("I am here.", 1.0), start, sentence("Here is the wind down.", 7205.0), stop
    )
    assert warnings == [
        f"{file} holds what you said and what the coach knows of you; read it before you give it to somebody"
    ]
    scenario = load_scenario(file)
    assert scenario.routine == "wind-down"
    assert [(record.what, record.about) for record in scenario.history] == [(Fact.LEFT_OUT, "pigeon")]
    assert [str(turn) for turn in scenario.turns] == [
        'to say "start wind down" after 1 s',
        'to say "stop" when the coach says "here is the wind down"',
        "to wait 0.1 s",
    ]
    assert timedelta(minutes=119) < scenario.at - datetime.now().replace(tzinfo=UTC) < timedelta(minutes=122)  # noqa: DTZ005 - in a scenario the local time counts as UTC


def test_of_a_live_session_in_which_nothing_was_understood_no_file_is_left(assembly: Assembly, tmp_path: Path) -> None:
    file = tmp_path / "evening.yaml"
    assert live(assembly, file, Understood("lovely", None, 0.9, 3.0, 4.0)) == [
        f"nothing was understood, so there is nothing to record in {file}"
    ]
    assert not file.exists()
    file.write_text("what was there before", encoding="utf-8")
    live(assembly, file)
    assert file.read_text(encoding="utf-8") == "what was there before"


def test_a_live_session_is_not_recorded_unasked(assembly: Assembly) -> None:
    with (
        closing(Journal(None, pytest.fail)) as journal,
        recorded_live(None, assembly, journal, pytest.fail) as recording,
    ):
        assert recording is None


def test_of_a_live_journal_only_what_is_needed_is_recorded() -> None:
    now = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)
    old, lately = now - timedelta(days=40), now - timedelta(days=2)
    kept = (
        Record(old, Fact.ANSWERED, Condition.SOFT_BED.value, value=1.0),
        Record(old, Fact.LEFT_OUT, "pigeon"),
        Record(lately, Fact.SESSION_STARTED, "bedtime"),
    )
    gone = (Record(old, Fact.PAIN_BEFORE, value=7.0), Record(lately, Fact.REMIND_AT, value=1e9))
    assert recent_history((*gone, *kept), now) == kept


# --- typed ------------------------------------------------------------------------------------------------------------


def test_lines_become_turns() -> None:
    assert list(typed_turns(["start bedtime routine\n", "\n", "+30\n", "+ 0.5 s", "?!"])) == [
        Speak("typed", "start bedtime routine"),
        Wait("typed", 1.0),
        Wait("typed", 5.0),
        Wait("typed", 30.0),
        Wait("typed", 0.5),
        Wait("typed", 5.0),
    ]


def test_a_typed_session_is_recorded_and_plays_again(assembly: Assembly, tmp_path: Path) -> None:
    file = tmp_path / "typed.yaml"
    lines = ["start bedtime routine", "+40", "pause", "", "continue", "how long", "nonsense", "stop", "good night"]
    nobody = Scenario("typed", "bedtime", ())
    first = rehearse(assembly, nobody, as_text=True, record=file, turns=typed_turns(lines))
    assert [meaning.command for meaning in commands(first)] == [
        Command.START, Command.PAUSE, Command.CONTINUE, Command("how long"), Command.STOP, Command("good night"),
    ]  # fmt: skip
    again = rehearse(assembly, load_scenario(file), as_text=True)
    assert commands(again) == commands(first)
