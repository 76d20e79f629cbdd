"""Session traces: what is written is read again, what is broken is refused, and no trace ever ends a session."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_session import FAILURES, STRETCHES, session
from small_house import language

from voicecoach.cli.main import main
from voicecoach.dialogue.events import Chime, Cue
from voicecoach.dialogue.table import COMMANDS
from voicecoach.drawing.reports import PICTURE, SOUND, TRACE, TRANSCRIPT
from voicecoach.engines.recognition.port import MICROPHONE_HZ, Delivery
from voicecoach.engines.recognition.text import TextInput
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError
from voicecoach.languages.commands import Command, Meaning
from voicecoach.session_events import (
    Began,
    EchoFound,
    Entered,
    LostHearing,
    MicrophoneOff,
    MicrophoneOn,
    RegainedHearing,
    SessionEvent,
    Softened,
    Spoke,
    Understood,
)
from voicecoach.session_trace import Announced, Entry, Failed, Finished, Header, Said, Trace
from voicecoach.sound_check.observed import ObservedSpeechInput
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import Timeline
from voicecoach.trace import TraceWriter, as_text, encoded, opened_trace, read_trace

SECONDS = st.floats(0, 1e6, allow_nan=False)
WORDS = st.text(max_size=20)
SOUNDS = WORDS | st.sampled_from(Chime)
MEANINGS = st.builds(Meaning, st.sampled_from(COMMANDS), st.none() | st.integers(0, 719) | WORDS)
VOICE = st.builds(Voice, WORDS, st.integers(80, 300))
VOICES = st.none() | VOICE
DELIVERIES = st.builds(Delivery, st.floats(-200, 0), st.floats(0, 200), st.floats(0, 1))
ENTRIES: dict[type, st.SearchStrategy[Entry]] = {
    Spoke: st.builds(Spoke, SOUNDS, SECONDS, SECONDS, st.booleans(), st.booleans()),
    Understood: st.builds(
        Understood, WORDS, st.none() | MEANINGS, st.floats(0, 1), SECONDS, SECONDS, WORDS, st.none() | DELIVERIES
    ),
    Began: st.builds(Began, WORDS, st.lists(st.builds(Cue, SECONDS, SOUNDS), max_size=3).map(tuple), SECONDS, SECONDS),
    Entered: st.builds(Entered, WORDS, SECONDS),
    LostHearing: st.builds(LostHearing, WORDS, SECONDS),
    RegainedHearing: st.builds(RegainedHearing, SECONDS),
    MicrophoneOff: st.builds(MicrophoneOff, SECONDS),
    MicrophoneOn: st.builds(MicrophoneOn, SECONDS),
    EchoFound: st.builds(EchoFound, SECONDS, SECONDS),
    Softened: st.builds(Softened, st.floats(-6, 0), SECONDS),
    Said: st.builds(Said, WORDS, SECONDS, SECONDS, WORDS),
    Announced: st.builds(Announced, WORDS, SECONDS),
    Failed: st.builds(Failed, WORDS, SECONDS),
    Finished: st.builds(Finished, WORDS, SECONDS),
}
HEADERS = st.builds(
    Header,
    WORDS,
    WORDS,
    WORDS,
    st.none() | st.integers(0, 2**63),
    VOICES,
    VOICES,
    st.none() | st.floats(-120, 0),
    WORDS,
    VOICES,
    st.dictionaries(WORDS, VOICE),
)
TRACES = st.builds(Trace, HEADERS, st.lists(st.one_of(*ENTRIES.values()), max_size=8).map(tuple))


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home" / kind.lower()))


def never(line: str) -> None:
    pytest.fail(line)


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_whatever_the_coach_tells_has_a_line() -> None:
    assert set(get_args(SessionEvent)) <= set(ENTRIES)


@given(TRACES)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, trace: Trace) -> None:
    file = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    file.write_text(as_text(trace), encoding="utf-8")
    assert read_trace(file) == trace


def test_a_session_is_written_as_it_goes_on(tmp_path: Path) -> None:
    pipe, whole = tmp_path / "trace.jsonl", session()
    os.mkfifo(pipe)
    writer = TraceWriter(pipe, whole.header, never, STRETCHES)
    with pipe.open(encoding="utf-8") as lines:
        assert json.loads(next(lines))["kind"] == "header"
        for entry in whole.events:
            writer(entry)
            assert json.loads(next(lines)) == json.loads(json.dumps(encoded(entry)))
            if isinstance(entry, Spoke) and entry.sound in STRETCHES:
                assert json.loads(next(lines))["kind"] == "stretch"
        writer.close()
        assert not list(lines)


def test_what_another_voice_said_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    voices = Header(
        coach_voice=Voice("bf_emma", 110), spare_voice=Voice("en-gb+f3"), other_voices={"partner": Voice("en-gb+m2")}
    )
    with opened_trace(file, voices, never, is_spare=lambda text: "ten" in text) as writer:
        assert writer is not None
        writer(Spoke("Good night.", 1.0, 2.0, whole=True))
        writer(Spoke("It is ten past ten.", 3.0, 4.0, whole=True))
    read = read_trace(file)
    assert read.header == voices
    assert [(one.sound, one.spare) for one in read.events if isinstance(one, Spoke)] == [
        ("Good night.", False),
        ("It is ten past ten.", True),
    ]


def test_a_reader_that_does_not_read_keeps_nobody_waiting() -> None:
    reading, writing = os.pipe()
    writer = TraceWriter(Path(f"/dev/fd/{writing}"), Header(), lambda _: None)
    for _ in range(5000):  # more than a pipe holds
        writer(Entered("rest", 1.0))
    writer.close(within_s=0.01)
    os.set_blocking(reading, False)
    assert os.read(reading, 20).startswith(b'{"at_s"')
    os.close(reading)  # now the writer ends too
    os.close(writing)


def test_every_line_has_its_second_and_its_kind(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text(as_text(session(failures=FAILURES)), encoding="utf-8")
    first, *rest = lines_of(file)
    assert (first["format"], first["version"]) == ("voicecoach trace", 4)
    assert all(isinstance(line["at_s"], float) for line in rest)
    assert {line["kind"] for line in rest} == {
        "spoke", "understood", "began", "entered", "said", "stretch", "failed", "end",
    }  # fmt: skip


def test_of_a_session_that_was_killed_the_trace_is_of_use() -> None:
    whole = session()
    cut = Trace(whole.header, whole.entries[:-1])
    assert (cut.mode, cut.lasted_s) == ("rest", 141.0)


# --- what is refused --------------------------------------------------------------------------------------------------

HEADER = as_text(Trace(Header(), ())).strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1:1: there is nothing in it"),
        ("title: A night\n", ":1:1: this line is cut short or is no JSON"),
        ('{"kind": "entered"}', ":1:1: this is no session trace"),
        (HEADER.replace('"version": 4', '"version": 5'), ":1:1: this trace has version 5"),
        (HEADER.replace('"version": 4', '"version": "4"'), ':1:1: "version" is "4"; it must be a whole number'),
        (f'{HEADER}\n{{"at_s": 1.0, "kind": "ent', ":2:"),
        (f"{HEADER}\n\n[1, 2]", ":3:1: a line is one JSON object"),
        (f'{HEADER}\n{{"at_s": 1.0, "kind": "danced"}}', ':2:1: there is no kind of line "danced"'),
        (f'{HEADER}\n{{"at_s": "now", "kind": "entered", "mode": "rest"}}', ':2:1: "at_s" is "now"; it must be a num'),
        (f'{HEADER}\n{{"at_s": NaN, "kind": "entered", "mode": "rest"}}', ':2:1: "at_s" is NaN; it must be a number'),
        (f'{HEADER}\n{{"at_s": 1{"0" * 400}, "kind": "entered", "mode": "rest"}}', ':2:1: "at_s" is 1000'),
        (f'{HEADER}\n{{"at_s": 1.0, "kind": "entered"}}', ':2:1: "mode" is missing; it must be a text'),
        (f'{HEADER}\n{{"at_s": 1, "kind": "spoke", "ended_s": 2, "chime": "gong", "whole": true}}', "one of done, in"),
        (f'{HEADER}\n{{"at_s": 1, "kind": "began", "beat": "hold", "cues": [3], "length_s": 1}}', '"cues" is [3]'),
    ],
)
def test_what_is_broken_or_newer_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFileError) as error:
        read_trace(file)
    assert str(error.value).startswith(f"{file}:")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_trace_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"none.jsonl:1:1: it cannot be read \(No such file or directory\)"):
        read_trace(tmp_path / "none.jsonl")


# --- what cannot be written -------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine cannot pretend a full disk")
def test_a_full_disk_is_told_once_and_ends_nothing() -> None:
    warnings: list[str] = []
    writer = TraceWriter(Path("/dev/full"), Header(), warnings.append)
    for event in session().events:
        writer(event)
    writer.close()
    assert warnings == [
        "/dev/full: the trace cannot be written (No space left on device); the session goes on without it"
    ]


def test_a_reader_that_has_gone_is_told_once_and_ends_nothing() -> None:
    warnings: list[str] = []
    reading, writing = os.pipe()
    writer = TraceWriter(Path(f"/dev/fd/{writing}"), Header(), warnings.append)
    os.close(reading)
    for event in session().events:
        writer(event)
    writer.close()
    os.close(writing)
    assert len(warnings) == 1
    assert "Broken pipe" in warnings[0]


def test_a_folder_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    warnings: list[str] = []
    writer = TraceWriter(tmp_path / "none" / "trace.jsonl", Header(), warnings.append)
    writer(Entered("rest", 1.0))
    writer.close()
    assert len(warnings) == 1


# --- who writes and reads them ----------------------------------------------------------------------------------------


def test_the_sound_check_tells_what_it_says_and_hears() -> None:
    told: list[SessionEvent] = []
    timeline, ears = Timeline(MICROPHONE_HZ), TextInput()
    sound = EstimatedClips(MICROPHONE_HZ, language().durations).get("Now you.")
    observed = ObservedSpeechInput(ears, timeline, lambda _: Meaning(Command.NEXT), told.append)
    observed.listen_for(["next"])
    observed.saying("now you")
    ears.overhear("Next!", 100, 400)
    timeline.replace([(0, sound, "Now you.")])
    played = timeline.read(len(sound) + MICROPHONE_HZ)
    heard = observed.hear(played, played)
    assert [one.phrase for one in heard] == ["next"]
    assert not observed.somebody_speaks
    spoke, understood = told
    assert isinstance(spoke, Spoke)
    assert (spoke.sound, spoke.whole) == ("Now you.", True)
    assert isinstance(understood, Understood)
    assert understood.meaning == Meaning(Command.NEXT)
    assert encoded(understood)["words"] == "next"


def test_a_rehearsal_leaves_a_trace_from_which_the_same_reports_are_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, again, trace = tmp_path / "night", tmp_path / "again", tmp_path / "t.jsonl"
    scenario = tmp_path / "night.yaml"
    scenario.write_text(
        "title: A wish\nroutine: wind-down\nturns:\n  - {say: start wind down, after: 1 s}\n"
        "  - {expect: pancakes, within: 20 s}\n"
    )
    options = ["--scenario", str(scenario), "--text", "--out", str(out), "--trace", str(trace)]
    assert main(["rehearse", *options]) == 1
    assert trace.read_bytes() == (out / TRACE).read_bytes()
    assert main(["draw", str(trace), "--out", str(again)]) == 0
    assert "transcript.md and session.png are in" in capsys.readouterr().out
    for report in (TRANSCRIPT, PICTURE):
        assert (again / report).read_bytes() == (out / report).read_bytes()
    assert not (again / SOUND).exists()


def test_no_trace_is_left_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rehearse", "in-bed-basics", "--text"]) == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_doctor_writes_one_only_when_it_listens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--trace", str(tmp_path / "t.jsonl")]) == 64
    assert "add --listen" in capsys.readouterr().err
