"""``docs/extending.md`` is true: whoever follows it, step by step, has added one thing of each kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from guide import PAGE, TOP, Step, checkout, python, steps

from voicecoach.dialogue.diagram import diagram, question_table
from voicecoach.hearing.microphone_health import Deafness
from voicecoach.microphone_check import WORDS
from voicecoach.settings import ENGINE_KEYS

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("A command", "A command with words of its own", "A command that does something new")
ENGINES = ("A recogniser", "A voice engine", "An echo canceller", "A room")
ADDED = "(new|Copy)"
TEXT = PAGE.read_text(encoding="utf-8")
MADE = {step.path for step in steps() if re.fullmatch(ADDED, step.way)}

NECK = """
from night import Night

night = Night().says("start bedtime routine").until("five").says("my neck feels stiff")
print(night.mode.value, "|", night.last, "|", night.until("{then}").last)
"""
NEW = """
from night import Night

night = Night().says("who are you")
print(night.mode.value, "|", night.last)
night.passes(9).says("start bedtime routine").until("five").says("i am so cold").passes(30)
print(night.mode.value, "|", night.last, "|", night.says("continue").until("six").mode.value)
"""
ANSWERED = """
from night import Night

for answer in ("yes", "no", "(silence)"):
    night = Night().says("start bedtime routine").until("five").says("my neck is stiff")
    asked = night.mode.value, night.last
    night.passes(3)
    if answer != "(silence)":
        night.says(answer)
    easier = "Do less of the hug." in night.words
    print(*asked, answer, easier, night.passes(32).mode.value, sep=" | ")
"""
ENGINES_BUILT = """
from voicecoach.assembly import ENGINES, Assembly
from voicecoach.doctor import examine
from voicecoach.probes import probes_of
from voicecoach.settings import load_settings

one = Assembly(load_settings(engines=ENGINES))
for engine in (one.recognizer(), one.synthesizer(), one.sound_card(), one.echo_canceller()):
    print(type(engine).__module__)
found = {finding.about: finding.words for finding in examine(probes_of(one))}
print(*(found[about] for about in ("voice", "sound card", "microphone", "speaker")), sep="\\n")
"""


def follow(folder: Path, *sections: str) -> set[str]:
    """Do what some sections say; returns the files that are touched."""
    followed = steps(*sections)
    assert followed
    for step in followed:
        step.follow(folder)
    return {step.path for step in followed}


def figures(kind: str) -> list[int]:
    """What the table at the top of the page says of ``kind``: how many files are written, and how many are changed."""
    (row,) = re.findall(rf"^\|[^|]*\[{kind}\][^|]*\| ?([^|]*) ?\| ([^|]*)\|$", TEXT, re.MULTILINE)
    return [int(re.match(r"\d*", cell)[0] or 0) for cell in row]  # type: ignore[index]  # it matches anything


def counted(*sections: str) -> list[int]:
    """The same, as the steps of the page have it; the tests' own files and the settings do not count."""
    ours = [step for step in steps(*sections) if not step.path.startswith(("tests/", "~"))]
    written = {step.path for step in ours if re.fullmatch(ADDED, step.way)}
    return [len(written), len({step.path for step in ours} - written)]


@pytest.mark.long
def test_a_command_does_what_it_should(tmp_path: Path) -> None:
    follow(checkout(tmp_path), "A command")
    assert python(tmp_path, "-c", NECK.format(then="six")) == "guiding | Do less of the hug. | six\n"
    own = ("tests/test_dialogue_table.py", "tests/test_invented_language.py::test_a_language_has_what_english_has")
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own)


@pytest.mark.long
def test_commands_with_words_and_deeds_of_their_own(tmp_path: Path) -> None:
    follow(checkout(tmp_path), *COMMANDS[1:])
    assert python(tmp_path, "-c", NEW).splitlines() == [
        "rest | I am your coach for stretches in bed.",
        "paused | Come out of the hug slowly. We rest here. Take all the time you need. | guiding",
    ]
    own = ("tests/test_dialogue_table.py", "tests/test_language.py", "tests/test_invented_language.py")
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own, "-k", "not test_what_is_read_can_be_said")


@pytest.mark.long
def test_a_question_is_asked_and_answered(tmp_path: Path) -> None:
    follow(checkout(tmp_path), "A command", "A question")
    asked = "asking | Let go. Shall I make this one easier? Yes or no?"
    assert python(tmp_path, "-c", ANSWERED).splitlines() == [
        f"{asked} | yes | True | guiding",
        f"{asked} | no | False | guiding",
        f"{asked} | (silence) | False | guiding",
    ]
    page = tmp_path / "ARCHITECTURE.md"
    drawn, listed = python(tmp_path, "-m", "voicecoach.dialogue.diagram").rstrip("\n").split("\n\n")
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(diagram(), drawn).replace(question_table(), listed), encoding="utf-8")
    own = (
        "tests/test_dialogue_table.py",
        "tests/test_architecture.py::test_the_diagram_in_the_page_is_drawn_from_the_table",
        "tests/test_architecture.py::test_the_questions_in_the_page_are_listed_from_the_table",
        "tests/test_invented_language.py::test_a_language_has_what_english_has",
    )
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own)


@pytest.mark.long
def test_a_routine_and_a_stretch_can_be_read_and_checked(tmp_path: Path) -> None:
    written = follow(checkout(tmp_path), "A routine and a stretch")
    lines = python(tmp_path, "-m", "voicecoach", "routines", "show", "tired-feet").splitlines()
    assert lines[0] == "For tired feet"
    assert any(line.endswith("Circle your left foot.") for line in lines)
    files = sorted(path for path in written if path.startswith("routines/"))
    assert len(python(tmp_path, "-m", "voicecoach", "routines", "check", *files).splitlines()) == len(files)
    own = (
        "tests/test_shipped_routines.py",
        "tests/test_scenes.py",
        "-k",
        "not sound and (shipped or feet or first_word)",
    )
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own)


@pytest.mark.long
def test_an_engine_of_each_kind_is_built_and_examined(tmp_path: Path) -> None:
    follow(checkout(tmp_path), *ENGINES)
    assert python(tmp_path, "-c", ENGINES_BUILT).splitlines() == [
        *(f"voicecoach.engines.{kind}.toy" for kind in ("recognition", "synthesis", "audio_io", "echo")),
        'toy en-gb+f3 says "hello" in 0.4 s',
        "a room at 127.0.0.1, ports 5050 and 5051",
        WORDS[Deafness.LOST],  # nobody sends it anything
        "can be opened",
    ]
    settings = (tmp_path / "config" / "voicecoach" / "settings.yaml").read_text(encoding="utf-8")
    assert {line.split(":")[0] for line in settings.splitlines()} == set(ENGINE_KEYS)
    own = [
        f"tests/test_architecture.py::test_{name}"
        for name in ("only_the_assembly_knows_the_engines", "imports_run_downwards", "a_room_knows_only_what_it_may")
    ]
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *own)


# --- the page itself --------------------------------------------------------------------------------------------------


def test_every_block_of_code_is_a_step() -> None:
    assert len(steps()) == TEXT.count("```") / 2


@pytest.mark.parametrize("step", [step for step in steps() if step.source], ids=lambda step: step.source)
def test_the_heart_of_a_toy_is_that_of_its_file(step: Step) -> None:
    assert step.text in (TOP / step.source).read_text(encoding="utf-8")


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"(?<=`)(?:voicecoach|tests|scripts|routines|docs)/[\w./-]+(?=`)", TEXT)) | {
        f"docs/{link}" for link in re.findall(r"\]\((?!#)([^)#]+)", TEXT)
    }
    assert len(named) > 30
    assert sorted(name for name in named - MADE if "KEY" not in name and not (TOP / name).exists()) == []


def test_every_anchor_within_the_page_is_a_heading() -> None:
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^##+ (.*)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def test_a_language_is_the_files_that_the_page_names() -> None:
    text = TEXT.split("\n## A language\n")[1].split("\n## ")[0]
    files = {path.name for path in (TOP / "tests" / "languages" / "xx").iterdir()}
    assert set(re.findall(r"`(\w+\.yaml)`", text)) == files


def test_the_figures_are_those_of_the_steps() -> None:
    for command in COMMANDS:
        assert figures(command.lower()) == counted(command)
    assert figures("a question") == counted("A question")
    written, changed = counted("A routine and a stretch")
    assert figures("a routine") == [written // 2, changed]
    assert {tuple(counted(kind)) for kind in ENGINES} == {tuple(figures("a recogniser"))}
