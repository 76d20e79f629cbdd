"""Routine files: how doses are read, what is refused and in which words, and whose file counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.routine.dose import read_dose
from voicecoach.routine.loading import Library, check_file, load_library
from voicecoach.routine.stretch import (
    Aid,
    Amount,
    Condition,
    Dose,
    Part,
    Phase,
    Position,
    Reason,
    Routine,
    Sides,
    Source,
    Stretch,
    Unit,
    When,
)
from voicecoach.yamlfile import parse

if TYPE_CHECKING:
    from pathlib import Path

HUG = """\
name: the hug
sources: {"003": An article}
position: on the back
setup: Lie down.
cue: Hug your {side} knee.
cue_short: The {side} knee.
cue_both: Both knees.
release: Let go.
benefit: It feels good.
not_for: [osteoporosis]
easier: Less.
harder: More.
come_out: Let go slowly.
"""
REST = """\
name: a rest
position: on the back
setup: Lie down.
cue: Rest.
cue_short: Rest.
benefit: Rest is good.
easier: Rest less.
harder: Rest more.
come_out: Rest.
"""
BRIDGE = (
    REST.replace("a rest", "the bridge")
    + """\
phases:
  - {say: Up, brief: up, seconds: 4}
  - {say: Stay, brief: stay}
  - {say: Down, brief: down, seconds: 2.5, counted: yes, count_s: 0.5}
"""
)
ROCK = (
    REST.replace("a rest", "rocking")
    + """\
soft_bed: rest
not_with: [pregnancy]
instead: hug
restful: yes
with: {pillow: A pillow helps., towel: So does a towel.}
phases:
  - {say: To and fro, brief: fro, seconds: 4}
"""
)
EVENING = """\
title: An evening
name: evening routine
say: [evening, good evening]
opening: Hello.
closing: Sleep well.
stretches:
  - stretch: hug
    remark: Gently.
    hold: 10 counts
    sides: each
"""
STRETCHES = {"hug": HUG, "rest": REST, "bridge": BRIDGE}


def fill(folder: Path, routines: dict[str, str], stretches: dict[str, str] | None = None) -> Path:
    """Write routine and stretch files by key."""
    (folder / "stretches").mkdir(parents=True, exist_ok=True)
    for key, text in routines.items():
        (folder / f"{key}.yaml").write_text(text, encoding="utf-8")
    for key, text in (STRETCHES if stretches is None else stretches).items():
        (folder / "stretches" / f"{key}.yaml").write_text(text, encoding="utf-8")
    return folder


def told(library: Library) -> list[str]:
    """The problems, without the folders they are in."""
    return [str(problem).rsplit("/", maxsplit=1)[-1] for problem in library.problems]


# --- what is well -----------------------------------------------------------------------------------------------------


def test_a_routine_and_its_stretch_are_read(tmp_path: Path) -> None:
    library = load_library(fill(tmp_path, {"evening": EVENING}))

    assert library.problems == ()
    evening = library.routines["evening"]
    assert (evening.key, evening.title, evening.name) == ("evening", "An evening", "evening routine")
    assert evening.say == ("evening", "good evening")
    assert (evening.opening, evening.closing) == ("Hello.", "Sleep well.")
    entry = evening.entries[0]
    assert entry.remark == "Gently."
    assert entry.dose == Dose(hold=Amount(10, 10, Unit.COUNTS), sides=Sides.EACH)
    hug = entry.stretch
    assert hug is library.stretches["hug"]
    assert (hug.key, hug.name, hug.position) == ("hug", "the hug", Position.ON_BACK)
    assert hug.sources == (Source("003", "An article"),)
    assert hug.cue == "Hug your {side} knee."
    assert hug.not_for == (Reason("osteoporosis"),)
    assert (hug.caution, hug.phases, hug.soft_bed) == ("", (), None)
    assert (hug.not_with, hug.instead, hug.aids, hug.restful) == (frozenset(), None, (), False)


def test_for_whom_a_stretch_is_and_what_helps_is_read(tmp_path: Path) -> None:
    rock = load_library(fill(tmp_path, {}, STRETCHES | {"rock": ROCK})).stretches["rock"]

    assert rock.not_with == {Condition.PREGNANCY}
    assert (rock.instead, rock.soft_bed, rock.restful) == ("hug", "rest", True)
    assert rock.aids == (Aid("pillow", "A pillow helps."), Aid("towel", "So does a towel."))


PARTS = [
    # (what is marked, what is read)
    (["", "", ""], "warm-up main cool-down"),
    (["", "part: warm-up", ""], "main warm-up cool-down"),
    (["", "part: cool-down", "part: cool-down"], "warm-up cool-down cool-down"),
    (["part: main", "", "part: main"], "warm-up main cool-down"),
    ([""], "warm-up"),
    (["part: cool-down"], "cool-down"),
]


@pytest.mark.parametrize(("marks", "parts"), PARTS)
def test_the_first_is_the_warm_up_and_the_last_the_cool_down(tmp_path: Path, marks: list[str], parts: str) -> None:
    entries = [f"  - stretch: rest\n    hold: 5 seconds\n    {mark}\n".replace("    \n", "") for mark in marks]
    text = EVENING[: EVENING.index("  - stretch")] + "".join(entries)

    evening = load_library(fill(tmp_path, {"evening": text})).routines["evening"]

    assert " ".join(entry.part.value for entry in evening.entries) == parts


@pytest.mark.parametrize(("line", "when"), [("", When.ANY), ("when: morning\n", When.MORNING)])
def test_the_time_of_day_of_a_routine_is_read(tmp_path: Path, line: str, when: When) -> None:
    assert load_library(fill(tmp_path, {"evening": line + EVENING})).routines["evening"].when is when


def test_a_part_that_is_marked_stays_marked(tmp_path: Path) -> None:
    marked = EVENING.replace("    remark: Gently.\n", "    part: cool-down\n")
    assert load_library(fill(tmp_path, {"evening": marked})).routines["evening"].entries[0].part is Part.COOL_DOWN


def test_phases_are_read(tmp_path: Path) -> None:
    bridge = load_library(fill(tmp_path, {})).stretches["bridge"]

    assert bridge.phases == (
        Phase("Up", "up", 4.0),
        Phase("Stay", "stay", None),
        Phase("Down", "down", 2.5, counted=True, count_s=0.5),
    )


DOSES = [
    ("hold: 10 counts", Dose(hold=Amount(10, 10, Unit.COUNTS))),
    ("hold: 1 count", Dose(hold=Amount(1, 1, Unit.COUNTS))),
    ("hold: 20-30 seconds", Dose(hold=Amount(20, 30, Unit.SECONDS))),
    ("hold: 20 – 30 Seconds", Dose(hold=Amount(20, 30, Unit.SECONDS))),  # noqa: RUF001 - people paste such dashes
    ("hold: 20 to 30 seconds", Dose(hold=Amount(20, 30, Unit.SECONDS))),
    ("hold: 5-10 minutes", Dose(hold=Amount(300, 600, Unit.SECONDS))),
    ("hold: 30 minutes", Dose(hold=Amount(1800, 1800, Unit.SECONDS))),
    ("hold: 10 breaths", Dose(hold=Amount(10, 10, Unit.BREATHS))),
    ("repeat: 10-15 times", Dose(repeat=Amount(10, 15, Unit.TIMES))),
    ("repeat: 100 times", Dose(repeat=Amount(100, 100, Unit.TIMES))),
    ("repeat: until next", Dose(until_next=True)),
    ("sides: each then both", Dose(sides=Sides.EACH_THEN_BOTH)),
    ("sides: alternating", Dose(sides=Sides.ALTERNATING)),
    ("sets: 2", Dose(sets=2)),
    ("rounds: 3", Dose(sets=3)),
    ("rounds: 2-3", Dose(sets=2, more_sets=1)),
    ("{rounds: 2, rest: 30 s}", Dose(sets=2, rest_s=30)),
    ("{rounds: 2, rest: 30 seconds}", Dose(sets=2, rest_s=30)),
    ("{rounds: 2, rest: 1 min}", Dose(sets=2, rest_s=60)),
    ("{rounds: 1-2, rest: 5 minutes}", Dose(more_sets=1, rest_s=300)),
    ("{rounds: 2, rest: none}", Dose(sets=2, rest_s=0)),
    ("ready: yes", Dose(ready=True)),
    ("side: left", Dose(sides=Sides.LEFT)),
    ("side: right", Dose(sides=Sides.RIGHT)),
    ("sides: left", Dose(sides=Sides.LEFT)),
    ("hold: 20 s", Dose(hold=Amount(20, 20, Unit.SECONDS))),
    ("hold: 1-2 min", Dose(hold=Amount(60, 120, Unit.SECONDS))),
    ("sets: 1-3", Dose(sets=1, more_sets=2)),
    ("{}", Dose()),
]


@pytest.mark.parametrize(("text", "dose"), DOSES)
def test_a_dose_is_read(text: str, dose: Dose) -> None:
    assert read_dose(parse(text, "f").mapping()) == dose


HOLDS = 'write for example "10 counts", "20-30 seconds", "5 minutes" or "10 breaths"'
TIMES = 'write for example "3 times", "10-15 times" or "until next"'
SIDES = "alternating, each, each from the left, each then both, left, none, right"
WRONG_DOSES = [
    ("hold: -10 counts", f'"hold" is negative ("-10 counts"); {HOLDS}'),
    ("hold: 0 seconds", f'"hold" is nothing at all ("0 seconds"); {HOLDS}'),
    ("hold: 30-20 seconds", '"hold" goes from more to less ("30-20 seconds"); write the smaller number first'),
    ("hold: 31 minutes", '"hold" is longer than 30 minutes; write less'),
    ("hold: 20-1801 seconds", '"hold" is longer than 30 minutes; write less'),
    ("hold: 1201 counts", '"hold" is longer than 30 minutes; write less'),
    ("hold: 181 breaths", '"hold" is longer than 30 minutes; write less'),
    ("hold: 10", f'"hold" is "10", but of what? {HOLDS}'),
    ("hold: ten counts", f'"hold" is "ten counts", which I cannot read; {HOLDS}'),
    ("hold: 10 times", f'"hold" is "10 times", which I cannot read; {HOLDS}'),
    ("hold: 1.5 minutes", f'"hold" is "1.5 minutes", which I cannot read; {HOLDS}'),
    ("hold: until next", f'"hold" is "until next", which I cannot read; {HOLDS}'),
    ("repeat: 101 times", '"repeat" is more than 100 times; write less'),
    ("repeat: -1 times", f'"repeat" is negative ("-1 times"); {TIMES}'),
    ("repeat: 3", f'"repeat" is "3", but of what? {TIMES}'),
    ("sets: 11", '"sets" is "11"; write a whole number from 1 to 10'),
    ("sets: 0", '"sets" is "0"; write a whole number from 1 to 10'),
    ("sets: 3-1", '"sets" is "3-1"; write for example "1-3", with at most 10'),
    ("sets: 2-11", '"sets" is "2-11"; write for example "1-3", with at most 10'),
    (
        "sides: both",
        f'"sides" cannot be "both"; write one of: {SIDES}',
    ),
    ("sides: alternate", '"sides" cannot be "alternate"; did you mean "alternating"?'),
]


@pytest.mark.parametrize(("text", "line"), WRONG_DOSES)
def test_a_wrong_dose_is_told(text: str, line: str) -> None:
    with pytest.raises(BadFileError) as error:
        read_dose(parse(text, "f").mapping())
    assert str(error.value) == f"f:1:{text.index(' ') + 2}: {line}"


RESTS = 'write for example "30 seconds", "1 minute" or "none"'
WRONG_ROUNDS = [
    # (the values, the column, what is told)
    ("{rounds: 2, rest: 30}", 19, f'"rest" is "30", but of what? {RESTS}'),
    ("{rounds: 2, rest: a while}", 19, f'"rest" is "a while", which I cannot read; {RESTS}'),
    ("{rounds: 2, rest: 3 breaths}", 19, f'"rest" is "3 breaths", which I cannot read; {RESTS}'),
    ("{rounds: 2, rest: 30-60 s}", 19, f'"rest" is one length; {RESTS}'),
    ("{rounds: 2, rest: 4 s}", 19, '"rest" is "4 s"; write a length from 5 seconds to 5 minutes, or "none"'),
    ("{rounds: 2, rest: 6 min}", 19, '"rest" is "6 min"; write a length from 5 seconds to 5 minutes, or "none"'),
    ("{rounds: 2, rest: -30 s}", 19, f'"rest" is negative ("-30 s"); {RESTS}'),
    ("{rounds: 2, rest: 0 s}", 19, f'"rest" is nothing at all ("0 s"); {RESTS}'),
    ("{rest: 30 s}", 8, '"rest" is between rounds, and there is only one; add "rounds: 2", or leave it out'),
    (
        "{rounds: 1, rest: 30 s}",
        19,
        '"rest" is between rounds, and there is only one; add "rounds: 2", or leave it out',
    ),
    ("{rounds: 11}", 10, '"rounds" is "11"; write a whole number from 1 to 10'),
    ("{rounds: 3 times}", 10, '"rounds" is "3 times"; write a whole number from 1 to 10'),
    ("{rounds: 2, sets: 2}", 19, '"sets" and "rounds" say the same; keep one of them'),
    ("{sides: each, side: left}", 21, '"side" and "sides" say the same; keep one of them'),
    ("{side: both}", 8, '"side" cannot be "both"; write one of: left, right'),
    ("{ready: soon}", 9, '"ready" is "soon"; write yes or no'),
    (
        "{rounds: 2, repeat: until next}",
        21,
        '"until next" goes on by itself, and has no rounds; write how often, or leave them out',
    ),
]


@pytest.mark.parametrize(("text", "column", "line"), WRONG_ROUNDS)
def test_wrong_rounds_are_told(text: str, column: int, line: str) -> None:
    with pytest.raises(BadFileError) as error:
        read_dose(parse(text, "f").mapping())
    assert [str(one) for one in error.value.all] == [f"f:1:{column}: {line}"]


def test_what_a_routine_says_for_all_goes_where_nothing_else_is_said(tmp_path: Path) -> None:
    usual = EVENING.replace("stretches:\n", "rest: 40 s\nready: yes\nstretches:\n") + (
        "    rounds: 2\n"
        "  - {stretch: rest, hold: 5 seconds}\n"
        "  - {stretch: rest, hold: 5 seconds, rounds: 2, rest: 10 s, ready: no}\n"
    )
    evening = load_library(fill(tmp_path, {"evening": usual})).routines["evening"]
    assert [(one.dose.sets, one.dose.rest_s, one.dose.ready) for one in evening.entries] == [
        (2, 40, True),
        (1, None, True),
        (2, 10, False),
    ]


@given(st.from_regex(r"-?[0-9]{0,9}(-| to )?[0-9]{0,9} ?(counts?|breaths|minutes|times)?", fullmatch=True))
def test_a_dose_is_either_right_or_told(text: str) -> None:
    try:
        dose = read_dose(parse(f'hold: "{text}"', "f").mapping())
    except BadFileError:
        return
    assert dose.hold is not None
    assert 0 < dose.hold.low <= dose.hold.high <= 1800


# --- what is not ------------------------------------------------------------------------------------------------------

LETTERS = "cannot be listened for; use lower case letters, blanks and apostrophes"
WRONG_ROUTINES = [
    # (what is changed, into what, the line)
    ("title: An evening\n", "", '1:1: "title" is missing in the file; add a line "title: ..."'),
    ("closing:", "closign:", '5:1: unknown key "closign"; did you mean "closing"?'),
    ("hold: 10", "hodl: 10", '9:5: unknown key "hodl"; did you mean "hold"?'),
    ("hold: 10", "hold: -10", f'9:11: "hold" is negative ("-10 counts"); {HOLDS}'),
    ("stretch: hug", "stretch: hgu", '7:14: there is no stretch "hgu"; did you mean hug?'),
    (
        "stretch: hug",
        "stretch: squat",
        '7:14: there is no stretch "squat"; each stretch is a file in the folder stretches',
    ),
    ("stretch: hug", "streching: hug", '7:5: unknown key "streching"; did you mean "stretch"?'),
    (
        "sides: each",
        "sides: [each]",
        f'10:12: "sides" is a list, and should be one of {SIDES}',
    ),
    (
        "    sides: each\n",
        "",
        '7:5: the stretch "hug" is done on one side at a time; add "sides: each" or "sides: alternating"',
    ),
    (
        "    hold: 10 counts\n",
        "",
        '7:5: the stretch "hug" is held, but for how long? add for example "hold: 20 seconds"',
    ),
    (
        "stretch: hug",
        "stretch: rest",
        '10:12: the stretch "rest" has no sides (its cues never say {side}); leave out "sides"',
    ),
    (
        EVENING[EVENING.index("  - stretch") :],
        "",
        '6:11: "stretches" is empty; write a list of lines beginning with "- "',
    ),
    (
        EVENING[EVENING.index("stretches:") :],
        "stretches: []",
        '6:12: "stretches" is an empty list; write at least one item',
    ),
    (
        "say: [evening, good evening]",
        "say: evening",
        '3:6: "say" is a text, and should be a list of lines beginning with "- "',
    ),
    ("[evening, good", "[Evening, good", f'3:7: "Evening" {LETTERS}'),
    ("[evening, good", "[evening 2, good", f'3:7: "evening 2" {LETTERS}'),
    ("[evening, good", """["'", good""", f"""3:7: "'" {LETTERS}"""),
    ("[evening, good", '["", good', '3:7: item 1 of "say" is empty; write a text'),
    ("Hello.", "Hello {name}.", '4:10: "{name}" means nothing; only {side} and {other side} are filled in'),
    ("Hello.", "Hello {side}.", '4:10: "opening" is said without a side; leave out {side}'),
    ("Hello.", "...", '4:10: "opening" has no words in it; write what the coach should say'),
    ("Hello.", "Hello." * 100, '4:10: "opening" has 600 characters; nobody listens to more than 400'),
    ("say:", "when: night\nsay:", '3:7: "when" cannot be "night"; write one of: any, bedtime, day, morning'),
    (
        "remark: Gently.",
        "part: warmup",
        '8:11: "part" cannot be "warmup"; did you mean "warm-up"?',
    ),
    ("say:", "rest: 30 s\nsay:", '3:7: "rest" is between rounds, and no stretch here has any; add "rounds: 2" to one'),
    ("say:", "ready: soon\nsay:", '3:8: "ready" is "soon"; write yes or no'),
    (
        "hold: 10 counts",
        "hold: 20 minutes\n    rounds: 2",
        '7:5: the stretch "hug" would last 80 minutes in all its rounds; write less, so that it stays within 60',
    ),
    ("stretch: hug\n", "stretch: rest\n    side: left\n", '8:11: "side" and "sides" say the same; keep one of them'),
    (
        "    sides: each\n",
        "    side: middle\n",
        '10:11: "side" cannot be "middle"; write one of: left, right',
    ),
    ("Hello.", "*hello", '4:10: anchors and aliases ("&name", "*name") are not read; write the value itself'),
]


@pytest.mark.parametrize(("old", "new", "line"), WRONG_ROUTINES)
def test_a_wrong_routine_is_told_and_the_others_work(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in EVENING
    other = EVENING.replace("[evening, good evening]", "[other]")

    library = load_library(fill(tmp_path, {"broken": EVENING.replace(old, new), "other": other}))

    assert told(library) == [f"broken.yaml:{line}"]
    assert list(library.routines) == ["other"]


MOVES = "moves, and cannot be held for breaths; write counts or seconds"
WRONG_DOSES_FOR_STRETCHES = [
    (
        "bridge",
        "repeat: 5 times",
        '7:5: the stretch "bridge" has a part that lasts as long as the hold; add for example "hold: 5 seconds"',
    ),
    (
        "bridge",
        "hold: 3 breaths",
        '8:11: the stretch "bridge" moves, and cannot be held for breaths; write counts or seconds',
    ),
    ("rock", "hold: 5 seconds", '8:11: the stretch "rock" moves, each part with a length of its own; leave out "hold"'),
    (
        "rock",
        "repeat: 5 times",
        '7:5: on a soft bed, the stretch "rest" is held, but for how long? add for example "hold: 20 seconds"',
    ),
    (
        "lean",
        "hold: 2 breaths",
        f'8:11: for whom it is ruled out, the stretch "bridge" {MOVES}',
    ),
    (
        "twist",
        "hold: 5 seconds, sides: each then both",
        '9:12: the stretch "twist" has no words for both at once; write "sides: each"',
    ),
    (
        "sided",
        "hold: 5 seconds, sides: each then both",
        '9:12: the stretch "sided" is said one side at a time; write "sides: each"',
    ),
]


@pytest.mark.parametrize(("key", "dose", "line"), WRONG_DOSES_FOR_STRETCHES)
def test_a_dose_that_the_stretch_cannot_have_is_told(tmp_path: Path, key: str, dose: str, line: str) -> None:
    twist = HUG.replace("cue_both: Both knees.\n", "")
    sided = HUG.replace("release: Let go.", "release: Let go of your {side} knee.")
    lean = REST + "not_with: [pregnancy]\ninstead: bridge\n"
    stretches = STRETCHES | {"lean": lean, "rock": ROCK, "twist": twist, "sided": sided}
    lines = dose.split(", ")
    text = EVENING[: EVENING.index("  - stretch")] + "\n    ".join([f"  - stretch: {key}", *lines]) + "\n"

    library = load_library(fill(tmp_path, {"evening": text}, stretches))

    assert told(library) == [f"evening.yaml:{line}"]


WRONG_STRETCHES = [
    ("cue: Hug your {side} knee.\n", "", '1:1: "cue" is missing in the file; add a line "cue: ..."'),
    (
        "cue: Hug your {side} knee.",
        "cue: Hug it.",
        '5:6: "cue" has no {side}, though the other cue has one; name the side in both',
    ),
    (
        "The {side} knee.",
        "The knee.",
        '6:12: "cue_short" has no {side}, though the other cue has one; name the side in both',
    ),
    (
        "The {side} knee.",
        "The {leg} of the {side}.",
        '6:12: "{leg}" means nothing; only {side} and {other side} are filled in',
    ),
    (
        "The {side} knee.",
        "The {side knee.",
        '6:12: "cue_short" has no {side}, though the other cue has one; name the side in both',
    ),
    ("Let go slowly.", "Let your {side} knee go.", '13:11: "come_out" is said without a side; leave out {side}'),
    ("on the back", "on back", '3:11: "position" cannot be "on back"; did you mean "on the back"?'),
    (
        "not_for: [osteoporosis]",
        "not_for: osteoporosis",
        '10:10: "not_for" is a text, and should be a list of lines beginning with "- "',
    ),
    ("harder: More.", "harder: More.\nsoft_bed: hgu", '13:11: there is no stretch "hgu"; did you mean hug?'),
    ("harder: More.", "harder: More.\nsoft_bed: hug", '13:11: "soft_bed" names this very stretch; name another one'),
    (
        "harder: More.",
        "harder: More.\ninstead: rest",
        '13:10: "instead" is never used; add "not_with: [...]", or leave it out',
    ),
    (
        "harder: More.",
        "harder: More.\nnot_with: [pregnancy]\ninstead: rset",
        '14:10: there is no stretch "rset"; did you mean rest?',
    ),
    (
        "harder: More.",
        "harder: More.\nnot_with: [pregnant]",
        '13:12: item 1 of "not_with" cannot be "pregnant"; did you mean "pregnancy"?',
    ),
    (
        "harder: More.",
        "harder: More.\nnot_with: [red flags]",
        "13:12: red flags rule out every stretch; leave it out",
    ),
    (
        "harder: More.",
        "harder: More.\nnot_with: [soft mattress]",
        '13:12: a soft mattress swaps a stretch; write "soft_bed: ..." with the one that takes its place',
    ),
    (
        "harder: More.",
        "harder: More.\nwith: {cushion: Rest on it.}",
        '13:8: unknown key "cushion"; the keys here are: blanket, block, pillow, towel',
    ),
    (
        "harder: More.",
        'harder: More.\nwith: {pillow: "Rest your {side} knee on it."}',
        '13:16: "pillow" is said without a side; leave out {side}',
    ),
    (
        "harder: More.",
        "harder: More.\nwith: {pillow: ...}",
        '13:16: "pillow" has no words in it; write what the coach should say',
    ),
    ("harder: More.", "harder: More.\nrestful: maybe", '13:10: "restful" is "maybe"; write yes or no'),
    (
        "harder: More.",
        "harder: More.\nphases: [{say: Up}]",
        '13:10: "brief" is missing in item 1 of "phases"; add a line "brief: ..."',
    ),
    (
        "harder: More.",
        "harder: More.\nphases: [{say: Up, brief: up, seconds: -1}]",
        '13:40: "seconds" is "-1"; write a number from 1 to 120',
    ),
]


@pytest.mark.parametrize(("old", "new", "line"), WRONG_STRETCHES)
def test_a_wrong_stretch_is_told_with_the_routine_that_needs_it(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert old in HUG
    other = (
        EVENING.replace("[evening, good evening]", "[other]").replace("hug", "rest").replace("    sides: each\n", "")
    )
    folder = fill(tmp_path, {"evening": EVENING, "other": other}, STRETCHES | {"hug": HUG.replace(old, new)})

    library = load_library(folder)

    stretch_line, routine_line = (str(problem) for problem in library.problems)
    assert stretch_line == f"{folder}/stretches/hug.yaml:{line}"
    assert (
        routine_line == f'{folder}/evening.yaml:7:14: the stretch "hug" cannot be used; mend it first: {stretch_line}'
    )
    assert list(library.routines) == ["other"]


def test_two_routines_may_not_be_called_alike(tmp_path: Path) -> None:
    library = load_library(fill(tmp_path, {"early": EVENING, "late": EVENING.replace("good evening", "night")}))

    assert told(library) == [
        'late.yaml:3:7: "evening" already starts the routine early; two that sound alike cannot be told apart'
    ]
    assert list(library.routines) == ["early"]


def test_file_names_that_would_not_do_are_told(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"My Evening": EVENING})
    (folder / "night.yml").write_text(EVENING, encoding="utf-8")
    (folder / ".evening.yaml.swp.yaml").write_text("an editor's", encoding="utf-8")
    (folder / "notes.txt").write_text("anything", encoding="utf-8")

    assert told(load_library(folder)) == [
        "My Evening.yaml:1:1: the name of the file is not made of lower case letters, digits and hyphens; rename it",
        'night.yml:1:1: the name of the file does not end in ".yaml"; rename it',
    ]


# --- whose file counts ------------------------------------------------------------------------------------------------


def test_a_file_of_the_users_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    ours = fill(tmp_path / "ours", {"evening": EVENING, "morning": EVENING.replace("evening", "morning")})
    theirs = fill(
        tmp_path / "theirs",
        {"evening": EVENING.replace("An evening", "My evening")},
        {"hug": HUG.replace("the hug", "the big hug")},
    )

    library = load_library(ours, theirs)

    assert library.problems == ()
    assert library.routines["evening"].title == "My evening"
    assert {entry.stretch.name for r in library.routines.values() for entry in r.entries} == {"the big hug"}


def test_where_the_users_file_is_broken_the_one_that_ships_stays(tmp_path: Path) -> None:
    ours = fill(tmp_path / "ours", {"evening": EVENING})
    theirs = fill(tmp_path / "theirs", {"evening": "title: 1"}, {"hug": "name: 1"})

    library = load_library(ours, theirs)

    assert len(library.problems) == 2
    assert all(str(problem).startswith(str(theirs)) for problem in library.problems)
    assert library.routines["evening"].title == "An evening"


def test_folders_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    nothing = load_library(tmp_path / "nowhere")
    assert (nothing.routines, nothing.stretches, nothing.problems) == ({}, {}, ())


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "routines").write_text("")

    assert "routines:1:1: this folder cannot be read (Not a directory); check its permissions" in told(
        load_library(tmp_path / "routines")
    )


def test_a_folder_that_nobody_may_read_is_told(tmp_path: Path) -> None:
    folder = fill(tmp_path / "locked", {"evening": EVENING})
    folder.chmod(0)
    try:
        if os.access(folder, os.R_OK):
            pytest.skip("root may read everything")
        assert load_library(folder).problems
    finally:
        folder.chmod(0o700)


# --- finding and checking ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["evening", "good evening", "Good  Evening"])
def test_a_routine_is_found_by_key_and_by_spoken_name(tmp_path: Path, name: str) -> None:
    assert load_library(fill(tmp_path, {"evening": EVENING})).routine(name).key == "evening"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("evning", 'there is no routine "evning"; did you mean evening or morning?'),
        ("sleep", 'there is no routine "sleep"; there are: evening, morning'),
    ],
)
def test_a_wrong_name_is_told_with_those_that_come_near(tmp_path: Path, name: str, line: str) -> None:
    library = load_library(fill(tmp_path, {"evening": EVENING, "morning": EVENING.replace("evening", "morning")}))

    with pytest.raises(BadRequestError) as error:
        library.routine(name)
    assert str(error.value) == line


def test_one_file_is_checked_wherever_it_lies(tmp_path: Path) -> None:
    library = load_library(fill(tmp_path / "ours", {"evening": EVENING}))
    desk = tmp_path / "desk"
    desk.mkdir()
    for name, text in {"mine.yaml": EVENING.replace("evening", "mine"), "hop.yaml": HUG}.items():
        (desk / name).write_text(text, encoding="utf-8")

    assert isinstance(check_file(desk / "mine.yaml", library), Routine)
    assert isinstance(check_file(desk / "hop.yaml", library), Stretch)


def test_a_checked_routine_may_use_the_stretches_beside_it(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"mine": EVENING.replace("hug", "hop")}, {"hop": HUG})

    routine = check_file(folder / "mine.yaml", Library())

    assert isinstance(routine, Routine)
    assert routine.entries[0].stretch.key == "hop"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("mine.yaml", "{}", '1:1: "closing" is missing in the file; add a line "closing: ..."'),
        ("hop.yaml", "cue: Hop.", '1:1: "benefit" is missing in the file; add a line "benefit: ..."'),
        ("stretches/hop.yaml", "{}", '1:1: "benefit" is missing in the file; add a line "benefit: ..."'),
        ("mine.txt", EVENING, '1:1: the name of the file does not end in ".yaml"; rename it'),
        (
            "mine.yaml",
            EVENING,
            '3:7: "evening" already starts the routine evening; two that sound alike cannot be told apart',
        ),
        ("mine.yaml", "", '1:1: the file is empty; write lines of the form "key: value"'),
    ],
)
def test_a_checked_file_is_told_what_is_wrong(tmp_path: Path, name: str, text: str, line: str) -> None:
    library = load_library(fill(tmp_path / "ours", {"evening": EVENING}))
    file = fill(tmp_path / "desk", {}, {}) / name
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadFileError) as error:
        check_file(file, library)
    assert str(error.value) == f"{file}:{line}"


def test_a_routine_of_the_library_can_be_checked_where_it_is(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"evening": EVENING})

    assert isinstance(check_file(folder / "evening.yaml", load_library(folder)), Routine)


MISTAKES = st.sampled_from(
    ["", "{", "}", ":", "- ", "\n", "  ", "[", "'", '"', "{side}", "1", "\t", "&a ", "hold", "~"]
)


@given(st.data())
def test_a_file_with_typing_mistakes_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = fill(tmp_path_factory.getbasetemp() / "typed", {})
    for name, text in {"evening.yaml": EVENING, "stretches/bridge.yaml": BRIDGE}.items():
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        (folder / name).write_text(text[:start] + data.draw(MISTAKES) + text[end:], encoding="utf-8")

    library = load_library(folder)

    assert {"hug", "rest"} <= set(library.stretches)
    assert all(len(str(problem).splitlines()) == 1 for problem in library.problems)
    assert len(library.routines) + len(library.problems) >= 1
