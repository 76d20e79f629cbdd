"""What ships: every stretch and figure of the articles, in words that can be spoken to somebody in bed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voicecoach.dialogue.table import WANTED
from voicecoach.languages.loading import load_language
from voicecoach.resources import shipped
from voicecoach.routine.loading import check_file, load_library
from voicecoach.routine.plan import COUNT_S, remaining_s
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.routine.stretch import (
    Amount,
    Condition,
    Dose,
    Entry,
    Part,
    Position,
    Routine,
    Sides,
    Stretch,
    Unit,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = load_library(shipped("routines"))
LANGUAGE = load_language(wanted=WANTED)
STRETCHES = list(LIBRARY.stretches.values())
ROUTINES = list(LIBRARY.routines.values())
ROOT = Path(__file__).resolve().parent.parent

# What each article asks for, stretch by stretch, in its order.  Figures in brackets are ours, where it gives none, or
# where docs/sources.md has a reason to do less; of 001, the sphinx comes before the cobra.
ARTICLES = {
    "in-bed-basics": """
        knee-to-chest: hold 20-30 seconds, each
        cat-cow: [5 times]
        pelvic-tilt: hold 3-5 seconds, [3-4 times]
        spinal-twist: [hold 20-30 seconds], each
    """,
    "deep-bedtime": """
        knee-to-chest: hold 20-30 seconds, 2-3 times, alternating
        childs-pose: hold 30-60 seconds
        cat-cow: 6 times
        pelvic-tilt: [hold 3 seconds], 10-15 times
        supine-twist: hold 30 seconds, each
        seated-forward-bend: hold 30-60 seconds
        sphinx: hold 30-60 seconds
        cobra: hold 15-30 seconds, 2-3 times
        bridge: hold 20-30 seconds
        legs-up-the-wall: hold 300-600 seconds
    """,
    "back-strength": """
        knee-to-chest: hold 20-30 seconds, each then both
        pelvic-tilt: hold 3-5 seconds, 10-15 times
        bridge: hold 3-5 seconds, [5-]15 times
        spinal-twist: hold 20-30 seconds, each
        cat-cow: 6 times
    """,
    "bedtime": """
        knee-hug: hold 10 counts, each then both
        thread-the-needle: hold 10 counts, each
        bridge: hold 5 counts, [3-6 times]
        knees-together-sway: hold 2 breaths, each from the left
        feet-together: hold 5 breaths, until next [at most 3]
        childs-pose: hold 6-10 breaths, until next [at most 2]
        pigeon: hold 20-40 seconds, each
        spinal-twist: hold [6-10] breaths, each
    """,
    "morning": """
        lumbar-rotation: 2-3 times, alternating
        pelvic-tilt: [hold 3 seconds], 3-4 times
        knee-to-chest: hold 10-15 seconds, each
        hamstring-stretch: hold 10-15 seconds, each
        bridge: [hold 3 seconds], 4-5 times
        both-knees-to-chest: [hold 10-15 seconds]
    """,
    "wind-down": """
        belly-breathing: [hold 15 breaths]
        body-scan:
    """,
}
ARTICLES["in-bed-basics-morning"] = ARTICLES["in-bed-basics"]


def told(entry: Entry) -> str:
    """A line of a routine, as the tables above say it."""
    dose = entry.dose
    parts = [f"hold {amount(dose.hold)}" if dose.hold else "", amount(dose.repeat) if dose.repeat else ""]
    parts.append(f"until next at most {dose.at_most}" if dose.until_next else "")
    parts.append("" if dose.sides is Sides.NONE else dose.sides.value)
    return f"{entry.stretch.key}: {', '.join(part for part in parts if part)}".strip()


def amount(of: Amount) -> str:
    figures = f"{of.low}" if of.low == of.high else f"{of.low}-{of.high}"
    return f"{figures} {of.unit.value}"


def table(text: str) -> list[str]:
    return [re.sub(r"[\[\]]", "", line).strip() for line in text.strip().splitlines()]


def test_nothing_is_wrong_with_what_ships() -> None:
    assert LIBRARY.problems == ()


@pytest.mark.parametrize("key", sorted(ARTICLES))
def test_a_routine_asks_for_what_its_article_asks_for(key: str) -> None:
    assert [told(entry) for entry in LIBRARY.routines[key].entries] == table(ARTICLES[key])


def test_every_routine_has_its_table() -> None:
    assert set(LIBRARY.routines) == set(ARTICLES)


def test_every_stretch_is_used() -> None:
    used = {entry.stretch.key for routine in ROUTINES for entry in routine.entries}
    used |= {stretch.soft_bed for stretch in STRETCHES if stretch.soft_bed}

    assert used == set(LIBRARY.stretches)


def test_cat_and_cow_turn_onto_the_back_where_the_bed_is_soft() -> None:
    for key in ("back-strength", "deep-bedtime", "in-bed-basics"):
        plan = make_plan(LIBRARY.routines[key], Preferences(soft_bed=True), LANGUAGE.plan, LIBRARY.stretches)
        keys = [step.stretch.key for step in plan.steps]
        assert "cat-cow-on-back" in keys
        assert "cat-cow" not in keys


MINUTES = {
    "bedtime": (13, 21),
    "deep-bedtime": (14, 23.2),  # rests after bending backward and after the wall, and the way down from it: 48 s
    "in-bed-basics": (4, 7),
    "back-strength": (7, 11),
    "morning": (4, 8),
    "wind-down": (5, 6),
}


@pytest.mark.parametrize("key", sorted(MINUTES))
def test_a_routine_is_neither_hurried_nor_endless(key: str) -> None:
    fewest, most = MINUTES[key]
    plan = make_plan(LIBRARY.routines[key], Preferences(), LANGUAGE.plan, LIBRARY.stretches)

    assert fewest * 60 <= remaining_s(plan, 0, 0, 0.0, 1.0) <= most * 60


def test_every_source_is_in_the_list_of_sources() -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    lines = page.split("## Stretch by stretch")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    routines_of = {(row[0], row[1]): row[2] for row in cells if len(row) == 3}
    articles_of = {row[0]: row[1:] for row in cells if len(row) == 7}
    numbers = articles_of["stretch"]

    for routine in ROUTINES:
        assert routine.sources
        for source in routine.sources:
            assert routine.key in re.split("[, ]+", routines_of[source.article, source.title])
    for stretch in STRETCHES:
        listed = [number for number, place in zip(numbers, articles_of[stretch.key], strict=True) if place]
        assert [source.article for source in stretch.sources] == listed
        assert all((source.article, source.title) in routines_of for source in stretch.sources)


def test_the_examples_of_the_readme_will_do(tmp_path: Path) -> None:
    readme = shipped("routines/README.md").read_text(encoding="utf-8")
    routine_text, stretch_text = re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL)[:2]
    (tmp_path / "stretches").mkdir()
    (tmp_path / "my-evening.yaml").write_text(routine_text, encoding="utf-8")
    (tmp_path / "stretches" / "ankle-circles.yaml").write_text(stretch_text, encoding="utf-8")

    assert isinstance(check_file(tmp_path / "my-evening.yaml", LIBRARY), Routine)
    assert isinstance(check_file(tmp_path / "stretches" / "ankle-circles.yaml", LIBRARY), Stretch)


# --- the words --------------------------------------------------------------------------------------------------------

SENTENCES = (
    *("setup", "cue", "cue_short", "cue_both", "release", "breathing"),
    *("benefit", "caution", "easier", "harder", "come_out"),
)
WORDS_ALLOWED = {"cue": (8, 25), "cue_both": (8, 25), "cue_short": (3, 16), "release": (2, 15), "setup": (6, 35)}
LISTENED_FOR = {*LANGUAGE.numbers, *(phrase for phrases in LANGUAGE.phrases.values() for phrase in phrases)}
NEVER_SAID = {
    *("next", "stop", "repeat", "again", "ready", "pause", "start", "continue", "skip", "done"),
    *("ouch", "hurt", "hurts", "numb", "tingling"),
    *("must", "force"),
}


def sentences(stretch: Stretch) -> Iterator[tuple[str, str]]:
    """Everything that is said of a stretch, with the field it stands in."""
    for name in SENTENCES:
        text = getattr(stretch, name)
        if text:
            yield name, text.replace("{side}", "right").replace("{other side}", "left")


def reasons(stretch: Stretch) -> list[str]:
    """Who must not do a stretch, as it is said."""
    return [reason.said for reason in stretch.not_for]


def sayings() -> Iterator[tuple[str, str]]:
    """Everything that files make the coach say, with its place."""
    for stretch in STRETCHES:
        yield f"{stretch.key}: name", stretch.name
        yield from ((f"{stretch.key}: {name}", text) for name, text in sentences(stretch))
        for phase in stretch.phases:
            for text in (phase.say, phase.brief):
                yield f"{stretch.key}: phase", text.replace("{side}", "right").replace("{other side}", "left")
        yield from ((f"{stretch.key}: not_for", text) for text in reasons(stretch))
        yield from ((f"{stretch.key}: with {aid.prop}", aid.say) for aid in stretch.aids)
    for routine in ROUTINES:
        yield f"{routine.key}: name", routine.name
        yield f"{routine.key}: opening", routine.opening
        yield f"{routine.key}: closing", routine.closing
        for entry in routine.entries:
            began = ("remark", entry.remark), ("setup", entry.stretch.setup), ("cue", entry.stretch.cue)
            filled = ((name, text.replace("{side}", "right").replace("{other side}", "left")) for name, text in began)
            yield from ((f"{routine.key}: {name}", text) for name, text in filled if text)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def pieces(text: str) -> list[str]:
    """What stands between two breaths of the voice."""
    return [" ".join(words(piece)) for piece in re.split(r"[.,;:?]", text)]


@pytest.mark.parametrize(("place", "text"), list(sayings()))
def test_a_text_is_calm_and_no_command(place: str, text: str) -> None:
    assert re.fullmatch(r"[A-Za-z ,.?']+", text), f"{place}: letters and quiet punctuation only"
    assert not set(words(text)) & NEVER_SAID
    assert not set(pieces(text)) & LISTENED_FOR


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.key)
def test_sentences_are_short_and_whole(stretch: Stretch) -> None:
    for name, text in sentences(stretch):
        fewest, most = WORDS_ALLOWED.get(name, (3, 26))
        assert fewest <= len(words(text)) <= most, f"{name}: {text}"
        assert text.endswith("."), f"{name}: {text}"
        assert text[0].isupper(), f"{name}: {text}"
    for aid in stretch.aids:
        assert aid.prop in words(aid.say)
        assert len(words(aid.say)) <= 15
        assert aid.say.endswith(".")


def shortest_hold_s(stretch: Stretch) -> float:
    """The shortest hold that any routine asks of a stretch."""
    entries = [entry for routine in ROUTINES for entry in routine.entries if entry.stretch.key == stretch.key]
    holds = [entry.dose.hold for entry in entries if entry.dose.hold]
    return min((hold.low * (COUNT_S if hold.unit is Unit.COUNTS else 1.0) for hold in holds), default=0.0)


@pytest.mark.parametrize("stretch", [one for one in STRETCHES if one.phases], ids=lambda stretch: stretch.key)
def test_the_words_of_a_phase_fit_into_it(stretch: Stretch) -> None:
    for phase in stretch.phases:
        assert LANGUAGE.durations.speech_s(phase.say) < (phase.seconds or shortest_hold_s(stretch)), phase.say


def test_no_name_is_heard_twice() -> None:
    names = [stretch.name for stretch in STRETCHES]

    assert len(names) == len(set(names))


def test_who_must_not_is_said_in_one_breath() -> None:
    for stretch in STRETCHES:
        assert len(words(" or ".join(reasons(stretch)))) <= 20, stretch.key


def test_knee_hugs_are_not_for_brittle_bones() -> None:
    for key in ("knee-hug", "knee-to-chest", "both-knees-to-chest"):
        assert "osteoporosis" in reasons(LIBRARY.stretches[key])


KNEELING = {Position.HANDS_AND_KNEES, Position.KNEELING}
LOADED = {  # bends or twists the spine under load, or presses on the belly
    *("knee-hug", "knee-to-chest", "both-knees-to-chest", "seated-forward-bend", "spinal-twist", "supine-twist"),
}


def test_answers_rule_out_what_is_not_for_somebody() -> None:
    for stretch in STRETCHES:
        if stretch.position in KNEELING:
            assert Condition.KNEELING in stretch.not_with, stretch.key
        if stretch.position is Position.ON_FRONT or stretch.key in LOADED or "a baby on the way" in reasons(stretch):
            assert Condition.PREGNANCY in stretch.not_with, stretch.key
        if stretch.key in LOADED or "osteoporosis" in reasons(stretch):
            assert Condition.OSTEOPOROSIS in stretch.not_with, stretch.key
        if any(re.search("operation|injury", reason) for reason in reasons(stretch)):
            assert Condition.INJURY in stretch.not_with, stretch.key


def test_what_takes_a_place_is_for_somebody() -> None:
    """What is named instead helps in at least one of the cases in which it is needed."""
    for stretch in STRETCHES:
        if stretch.instead:
            assert stretch.not_with - LIBRARY.stretches[stretch.instead].not_with, stretch.key


def test_breathing_is_for_everybody() -> None:
    restful = {stretch.key for stretch in STRETCHES if stretch.restful}

    assert restful == {"belly-breathing", "body-scan"}
    assert all(not LIBRARY.stretches[key].not_with for key in restful)


def test_every_routine_has_a_warm_up_and_a_cool_down_and_its_time() -> None:
    for routine in ROUTINES:
        assert routine.entries[0].part is Part.WARM_UP
        assert routine.entries[-1].part is Part.COOL_DOWN
    assert {routine.key for routine in ROUTINES if routine.when is When.MORNING} == {"morning", "in-bed-basics-morning"}
    assert {routine.key for routine in ROUTINES if routine.when is When.DAY} == {"back-strength"}


def test_the_recogniser_knows_every_spoken_name() -> None:
    vocabulary = shipped("models/voicecoach-en") / "graph" / "words.txt"
    if not vocabulary.exists():
        pytest.skip("the model that ships has no list of words")
    known = {line.split()[0] for line in vocabulary.read_text(encoding="utf-8").splitlines()}

    assert {word for routine in ROUTINES for name in routine.say for word in name.split()} <= known


def test_doses_are_within_reason() -> None:
    doses: list[Dose] = [entry.dose for routine in ROUTINES for entry in routine.entries]

    assert all(dose.sets == 1 for dose in doses)
    assert all(dose.hold.low >= 2 for dose in doses if dose.hold)
