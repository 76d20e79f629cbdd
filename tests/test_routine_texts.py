"""What is done and what is said lie in two files: how they come together, and what is told when they do not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from test_routine_files import BRIDGE, EVENING, HUG, REST, fill

from voicecoach.errors import BadFileError
from voicecoach.routine.loading import Library, check_file, load_library
from voicecoach.routine.stretch import Aid, Phase, Stretch

if TYPE_CHECKING:
    from pathlib import Path

HUG_DOSE = """\
sources: {"003": An article}
position: on the back
sides: [right, left, both]
with: [pillow, towel]
uses: {easier: [pillow]}
"""
HUG_WORDS = """\
name: die Umarmung
setup: Leg dich hin.
cue: Zieh dein {side's} Knie heran.
cue_short: Das {side's} Knie {to the side}.
cue_both: Beide Knie.
release: Lass los.
benefit: Das tut gut.
easier: Mit einem Kissen.
harder: Mehr.
come_out: Lass langsam los.
with: {towel: Nimm das Handtuch., pillow: Ein Kissen hilft.}
"""
BRIDGE_DOSE = """\
position: on the back
phases: [{seconds: 4}, {seconds: hold}, {seconds: 2.5, counted: yes, count_s: 0.5}]
"""
BRIDGE_WORDS = """\
name: die Brücke
setup: Leg dich hin.
cue: Hoch und runter.
cue_short: Hoch.
phases: [{say: Hoch, brief: hoch}, {say: Bleib, brief: bleib}, {say: Runter, brief: runter}]
benefit: Das stärkt.
easier: Weniger.
harder: Mehr.
come_out: Komm herunter.
"""
EVENING_DOSE = """\
when: bedtime
stretches:
  - {stretch: hug, hold: 10 counts, sides: each then both}
  - {stretch: bridge, hold: 5 seconds}
  - {stretch: hug, hold: 20 counts, sides: each}
"""
EVENING_WORDS = """\
title: Ein Abend
name: Abendübung
say: [abend, schöner abend]
opening: Hallo.
closing: Schlaf gut.
remarks: {hug: Ganz sacht.}
"""
FORMS = ("side", "side's", "to the side")


def german(folder: Path, **changed: str) -> Path:
    """A folder of routines in German; what is ``changed`` goes by "hug_words", "evening_dose" and so on."""
    doses = {"hug": HUG_DOSE, "bridge": BRIDGE_DOSE}
    said = {"hug": HUG_WORDS, "bridge": BRIDGE_WORDS}
    fill(
        folder,
        {"evening": changed.get("evening_dose", EVENING_DOSE)},
        {key: changed.get(f"{key}_dose", text) for key, text in doses.items()},
    )
    words = folder / "text" / "de"
    fill(words, {}, {key: changed.get(f"{key}_words", text) for key, text in said.items()})
    fill(words / "routines", {"evening": changed.get("evening_words", EVENING_WORDS)}, {})
    return folder


def loaded(*folders: Path) -> Library:
    return load_library(*folders, language="de", side_forms=FORMS)


def test_a_stretch_is_its_dose_and_its_words(tmp_path: Path) -> None:
    library = loaded(german(tmp_path))

    assert library.problems == ()
    hug, bridge = library.stretches["hug"], library.stretches["bridge"]
    assert (hug.name, hug.cue, hug.sided, hug.cue_both) == (
        "die Umarmung",
        "Zieh dein {side's} Knie heran.",
        True,
        "Beide Knie.",
    )
    assert hug.aids == (Aid("pillow", "Ein Kissen hilft."), Aid("towel", "Nimm das Handtuch."))
    assert (hug.easier_props, hug.harder_props) == (frozenset({"pillow"}), frozenset[str]())
    assert not bridge.sided
    assert bridge.phases == (
        Phase("Hoch", "hoch", 4.0),
        Phase("Bleib", "bleib", None),
        Phase("Runter", "runter", 2.5, counted=True, count_s=0.5),
    )


def test_a_routine_is_its_order_and_its_words(tmp_path: Path) -> None:
    evening = loaded(german(tmp_path)).routines["evening"]

    assert (evening.title, evening.say) == ("Ein Abend", ("abend", "schöner abend"))
    assert [entry.remark for entry in evening.entries] == ["Ganz sacht.", "", ""]
    assert [entry.stretch.key for entry in evening.entries] == ["hug", "bridge", "hug"]


def test_a_file_of_the_users_has_its_words_in_it_in_whatever_language(tmp_path: Path) -> None:
    theirs = fill(tmp_path / "theirs", {"evening": EVENING.replace("    remark: Gently.\n", "")}, {"hug": HUG})

    library = loaded(german(tmp_path / "ours"), theirs)

    assert library.problems == ()
    assert library.stretches["hug"].name == "the hug"
    assert library.stretches["hug"].aids == ()
    assert library.stretches["bridge"].name == "die Brücke"
    assert library.routines["evening"].title == "An evening"
    assert library.routines["evening"].entries[0].remark == ""


def test_who_changes_only_the_doses_keeps_the_words_that_ship(tmp_path: Path) -> None:
    theirs = fill(tmp_path / "theirs", {"evening": EVENING_DOSE.replace("5 seconds", "9 seconds")}, {})

    evening = loaded(german(tmp_path / "ours"), theirs).routines["evening"]

    assert evening.title == "Ein Abend"
    assert [entry.dose.hold and entry.dose.hold.low for entry in evening.entries] == [10, 9, 20]


def test_a_users_folder_may_have_words_of_its_own(tmp_path: Path) -> None:
    theirs = fill(tmp_path / "theirs", {}, {"hug": HUG})
    fill(theirs / "text" / "de", {}, {"hug": HUG_WORDS.replace("with:", "# with:")})

    assert loaded(theirs).stretches["hug"].name == "die Umarmung"
    assert load_library(theirs).stretches["hug"].name == "the hug"


WRONG = [
    # (what is changed, from what, into what, the file and place, what is told)
    ("hug_words", "name: die Umarmung\n", "", "text/de/stretches/hug.yaml:1:1", '"name" is missing in the file'),
    ("hug_words", "name:", "position: sitting\nname:", "text/de/stretches/hug.yaml:1:1", 'unknown key "position"'),
    ("hug_words", "{to the side}", "{to side}", "text/de/stretches/hug.yaml:4:12", '"{to side}" means nothing; only'),
    ("hug_words", "Das {side's} Knie {to the side}", "Das Knie", "text/de/stretches/hug.yaml:4:12", "has no {side}"),
    (
        "hug_words",
        "Mehr.",
        "Dein {side's} Knie.",
        "text/de/stretches/hug.yaml:9:9",
        "means nothing; only {side} and {other side} are",
    ),
    (
        "hug_words",
        "cue_both: Beide Knie.\n",
        "",
        "stretches/hug.yaml:3:8",
        '"both" in "sides" and the words "cue_both"',
    ),
    ("hug_dose", ", both]", "]", "text/de/stretches/hug.yaml:5:11", '"both" in "sides" and the words "cue_both"'),
    ("hug_dose", "[right, left, both]", "[left]", "stretches/hug.yaml:3:8", "must be [right, left] or"),
    ("hug_words", "towel: Nimm", "block: Nimm", "text/de/stretches/hug.yaml:11:8", 'unknown key "block"'),
    (
        "hug_words",
        "{towel: Nimm das Handtuch., ",
        "{",
        "text/de/stretches/hug.yaml:11:7",
        '"towel" is missing in "with"',
    ),
    ("hug_words", "with: {", "# with: {", "stretches/hug.yaml:4:7", "nobody says how these help"),
    ("hug_dose", "with: [pillow, towel]\n", "", "text/de/stretches/hug.yaml:11:7", "no prop helps here"),
    ("hug_dose", "[pillow, towel]", "[pillow, sofa]", "stretches/hug.yaml:4:16", 'cannot be "sofa"'),
    ("hug_dose", "{easier: [pillow]}", "{easier: [sofa]}", "stretches/hug.yaml:5:17", 'cannot be "sofa"'),
    ("bridge_words", ", {say: Runter, brief: runter}", "", "text/de/stretches/bridge.yaml:5:9", "has 2 items"),
    ("bridge_words", "brief: bleib", "seconds: 3", "text/de/stretches/bridge.yaml:5:49", 'unknown key "seconds"'),
    ("bridge_dose", "{seconds: 4}", "{say: Up}", "stretches/bridge.yaml:2:11", 'unknown key "say"'),
    ("bridge_dose", "seconds: hold", "seconds: held", "stretches/bridge.yaml:2:34", '"seconds" is "held"'),
    ("evening_words", "{hug: Ganz", "{hgu: Ganz", "text/de/routines/evening.yaml:6:11", 'did you mean "hug"'),
    ("evening_words", "opening: Hallo.\n", "", "text/de/routines/evening.yaml:1:1", '"opening" is missing'),
    ("evening_words", "abend,", "Abend,", "text/de/routines/evening.yaml:3:7", '"Abend" cannot be listened for'),
    ("evening_dose", "stretches:", "streches:", "evening.yaml:2:1", 'unknown key "streches"'),
]


@pytest.mark.parametrize(("what", "old", "new", "told_of"), [(*row[:3], row[3:]) for row in WRONG])
def test_what_does_not_fit_is_told(tmp_path: Path, what: str, old: str, new: str, told_of: tuple[str, str]) -> None:
    place, line = told_of
    right = {
        "hug_dose": HUG_DOSE,
        "hug_words": HUG_WORDS,
        "bridge_dose": BRIDGE_DOSE,
        "bridge_words": BRIDGE_WORDS,
        "evening_dose": EVENING_DOSE,
        "evening_words": EVENING_WORDS,
    }[what]
    assert old in right

    problem = str(loaded(german(tmp_path, **{what: right.replace(old, new, 1)})).problems[0])

    assert problem.startswith(f"{tmp_path}/{place}: ")
    assert line in problem


SPOKEN = {
    "hug_words": "die Umarmung|Leg dich|Zieh dein|Das {|Beide Knie|Lass los|Das tut|Mit einem|Mehr|Lass langsam|Nimm",
    "bridge_words": "die Brücke|Leg dich|Hoch und|Hoch.|say: Hoch|brief: hoch|Das stärkt|Weniger",
    "evening_words": "Abendübung|abend,|Hallo|Schlaf|Ganz",
}
"""The beginning of every text that is said."""


@pytest.mark.parametrize("harm", ["{nam}", "{", "}", "{}", "{side.pop}", "%s", "%(side)s"])
@pytest.mark.parametrize(
    ("what", "text"), [(what, text) for what, texts in SPOKEN.items() for text in texts.split("|")]
)
def test_no_text_is_loaded_that_could_not_be_said(tmp_path: Path, what: str, text: str, harm: str) -> None:
    right = {"hug_words": HUG_WORDS, "bridge_words": BRIDGE_WORDS, "evening_words": EVENING_WORDS}[what]
    assert text in right
    quoted = re.sub(rf"(: |\{{|\[|, )((?:[a-z]+: )?){re.escape(text)}", rf"\1\2{text} {harm} ", right, count=1)

    problems = loaded(german(tmp_path, **{what: quoted})).problems

    assert quoted != right
    assert problems


def test_a_dose_that_nobody_says_anything_to_is_told(tmp_path: Path) -> None:
    folder = fill(tmp_path, {}, {"hug": HUG_DOSE})

    assert str(load_library(folder).problems[0]) == (
        f"{folder}/stretches/hug.yaml:1:1: nobody has written what is said; write it here, or into "
        f"{folder}/text/en/stretches/hug.yaml"
    )


def test_a_file_of_words_is_checked_with_its_dose(tmp_path: Path) -> None:
    library = loaded(german(tmp_path))
    words = tmp_path / "text" / "de" / "stretches" / "hug.yaml"

    assert isinstance(check_file(words, library), Stretch)

    words.write_text(HUG_WORDS.replace("benefit:", "benefits:"), encoding="utf-8")
    with pytest.raises(BadFileError, match=r'text/de/stretches/hug.yaml:7:1: unknown key "benefits"'):
        check_file(words, library)


def test_a_stretch_of_a_user_that_says_no_sides_is_judged_by_its_words(tmp_path: Path) -> None:
    stretches = load_library(fill(tmp_path, {}, {"hug": HUG, "rest": REST, "bridge": BRIDGE})).stretches
    assert [key for key, stretch in stretches.items() if stretch.sided] == ["hug"]
