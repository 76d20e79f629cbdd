"""The transcript: everything in its order, and short enough to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_session import FAILURES, session

from voicecoach.clock_text import clock
from voicecoach.drawing.transcript import transcript
from voicecoach.engines.synthesis.port import Voice
from voicecoach.session_events import Began, LostHearing, RegainedHearing, Spoke
from voicecoach.session_trace import REHEARSAL, Announced, Header, Said, Trace
from voicecoach.simulation.rehearsed_session import header_of
from voicecoach.simulation.scenario import Scenario


def chapters(page: str) -> dict[str, list[list[str]]]:
    """The cells of each table, by the heading above it."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|") and "---" not in line:
            cells = line.replace("\\|", "\0").strip("|").split("|")
            found.setdefault(heading, []).append([cell.strip().replace("\0", "|") for cell in cells])
    return found


def test_a_session_reads_from_top_to_bottom() -> None:
    tables = chapters(transcript(session()))
    assert list(tables) == ["A made-up night", "Beginning", "The hug", "The twist"]
    assert tables["Beginning"] == [
        ["time", "who", "words", "command", "confidence"],
        ["00:01.0", "person", "start bedtime routine", "", ""],
        ["00:02.5", "heard", "start bedtime routine", "start (bedtime)", "0.97"],
        ["00:02.5", "", "*greeting*", "", ""],
        ["00:02.5", "coach", "Here is the bedtime routine.", "", ""],
    ]
    assert tables["The hug"][1:] == [
        ["00:04.5", "", "*guiding*", "", ""],
        ["00:04.5", "coach", "We begin with the hug.", "", ""],
        ["00:07.5", "coach", "one … two … three … six", "", ""],
        ["00:16.0", "person", "*a recording*", "", ""],
        ["00:17.0", "heard", "[unk] | lovely", "no command", "0.41"],
        ["00:17.5", "person", "pause", "", ""],
        ["00:18.0", "heard", "pause", "pause", "0.90"],
        ["00:18.0", "", "*paused*", "", ""],
        ["00:18.0", "coach", "We rest here. *(cut short)*", "", ""],
        ["02:10.0", "", "*guiding*", "", ""],
        ["02:10.0", "coach", "*chime: in* … *chime: out*", "", ""],
    ]


def test_others_are_called_by_their_names() -> None:
    said = (Said("are you asleep", 1.0, 2.0, "partner"), Said("(door slam)", 3.0, 3.8, "room"))
    rows = chapters(transcript(session((), said)))["Beginning"][1:]
    assert [cells[1:3] for cells in rows] == [["partner", "are you asleep"], ["room", "(door slam)"]]


def test_the_figures_are_on_top() -> None:
    header = header_of(Scenario("A made-up night", "bedtime", ()), 3, "Bedtime", Voice("en-gb+f3", 150))
    figures = dict(chapters(transcript(replace(session(), header=header)))["A made-up night"])
    assert figures["routine"] == "Bedtime"
    assert figures["length"] == "02:22.0"
    assert figures["seed"] == "3"
    assert figures["coach"] == "en-gb+f3, 150 words a minute"
    assert figures["person"] == "en-us+m3, 150 words a minute, -26 dB at the microphone"
    assert figures["bedroom"] == "pink noise at -66 dB, no echo"


def test_a_rehearsal_as_text_does_not_claim_a_voice() -> None:
    figures = dict(chapters(transcript(session()))["A made-up night"])
    assert figures["coach"] == figures["person"] == "as text, without a voice"


def test_what_did_not_come_about_is_listed() -> None:
    assert "Everything came about as it should." in transcript(session())
    page = transcript(session(failures=FAILURES))
    assert "Everything came about" not in page
    assert f"- {FAILURES[0]}" in page


def test_when_nothing_could_be_heard_is_told_with_its_reason() -> None:
    page = transcript(session((LostHearing("zeros", 3.0), RegainedHearing(8.0)), said=()))
    assert "*the microphone cannot be heard: zeros*" in page
    assert "*the microphone can be heard again*" in page


def test_a_session_without_stretches_is_one_chapter() -> None:
    whole = session()
    entries = tuple(entry for entry in whole.entries if not isinstance(entry, Announced))
    assert list(chapters(transcript(Trace(whole.header, entries)))) == ["A made-up night", "Beginning"]


def test_of_a_live_session_only_what_is_known_is_told() -> None:
    page = transcript(Trace(Header(title="An evening", coach_voice=Voice("en-gb+f3", 150)), session().entries))
    figures = dict(chapters(page)["An evening"])
    assert set(figures) - {""} == {"length", "ended in mode", "coach"}
    assert "came about" not in page


def test_who_speaks_is_told() -> None:
    spoken = (
        Spoke("Good night.", 1.0, 3.0, whole=True),
        Spoke("It is ten past ten.", 4.0, 6.0, whole=True, spare=True),
    )
    header = Header(
        REHEARSAL,
        "Two voices",
        coach_voice=Voice("bf_emma", 110),
        spare_voice=Voice("en-gb+f3"),
        other_voices={"partner": Voice("en-gb+m2")},
    )
    found = chapters(transcript(replace(session(spoken, said=()), header=header)))
    figures = dict(found["Two voices"])
    assert figures["coach"] == "bf_emma, 110 words a minute"
    assert figures["what the voice pack has not"] == "en-gb+f3"
    assert figures["partner"] == "en-gb+m2, 150 words a minute"
    assert [row[1] for row in found["Beginning"][1:]] == ["coach", "coach, in the other voice"]


@pytest.mark.parametrize(
    ("words", "row"),
    [
        (["one"], "one"),
        (["one", "two", "three", "four"], "one … two … three … four"),
        (["one", "two", "three", "four", "five"], "one … two … three … five"),
        (["Breathe in", "two", "three", "four"], "Breathe in … two … three … four"),
        (["and out", "two", "three", "four", "five", "six"], "and out … two … three … six"),
    ],
)
def test_counts_keep_their_beginning_and_their_end(words: list[str], row: str) -> None:
    spoken = [Spoke(word, float(number), number + 0.5, whole=True) for number, word in enumerate(words)]
    page = transcript(session((Began("hold", (), 0.0, 99.0), *spoken), said=()))
    assert [cells[2] for cells in chapters(page)["Beginning"][1:]] == [row]


def test_many_breaths_take_several_rows() -> None:
    words = ["Breathe in", "two", "three", "four", "and out", "two", "three", "four", "five", "six"] * 5
    spoken = [Spoke(word, float(number), number + 0.5, whole=True) for number, word in enumerate(words)]
    rows = chapters(transcript(session((Began("breaths", (), 0.0, 99.0), *spoken), said=())))["Beginning"][1:]
    assert len(rows) > 1
    assert all(len(cells[2]) <= 90 and cells[2].startswith(("Breathe in", "and out")) for cells in rows)
    assert " … ".join(cells[2] for cells in rows).count("Breathe in") == 5


@pytest.mark.parametrize(
    ("at_s", "shown"),
    [(0.0, "00:00.0"), (59.94, "00:59.9"), (59.96, "01:00.0"), (754.25, "12:34.2"), (6000, "100:00.0")],
)
def test_the_clock(at_s: float, shown: str) -> None:
    assert clock(at_s) == shown
