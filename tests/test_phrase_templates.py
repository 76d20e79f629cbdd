"""Templates of phrases: what they stand for, and what is told about one that is wrong."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach import yamlfile
from voicecoach.dialogue.table import WANTED
from voicecoach.errors import BadFileError
from voicecoach.languages.commands import Command, Meaning
from voicecoach.languages.language import Phrasebook
from voicecoach.languages.loading import LANGUAGES, load_language
from voicecoach.languages.phrase_templates import MOST_PHRASES, Rules

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
please: (please|would you)
this: "[this|that] one"
polite: <please> now
only here:
  - here
  - over here
"""


def rules(text: str = RULES) -> Rules:
    nodes = yamlfile.parse(text, "phrases.yaml").mapping()
    return Rules({name: node.sequence() if node.is_sequence else (node,) for name, node in nodes.items()})


def phrases(template: str, text: str = RULES) -> list[str]:
    node = yamlfile.parse(f'- "{template}"', "phrases.yaml").sequence()[0]
    return list(rules(text).phrases(node))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("go on", ["go on"]),
        ("[please] go on", ["go on", "please go on"]),
        ("(go|move) on", ["go on", "move on"]),
        ("go|move on", ["go", "move on"]),
        ("[really|very] slow", ["slow", "really slow", "very slow"]),
        ("hurt[s]", ["hurt", "hurts"]),
        ("go on [<please>]", ["go on", "go on please", "go on would you"]),
        ("<polite>", ["please now", "would you now"]),
        ("skip <this>", ["skip one", "skip this one", "skip that one"]),
        ("<only here>", ["here", "over here"]),
        ("just {minutes} minutes [please]", ["just {minutes} minutes", "just {minutes} minutes please"]),
        ("[a [little]] bit", ["bit", "a bit", "a little bit"]),
        ("(a|a) bit", ["a bit"]),
        ("  (go | move)   on ", ["go on", "move on"]),
    ],
)
def test_a_template_stands_for_phrases(template: str, said: list[str]) -> None:
    assert phrases(template) == said


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("[please go on", '"[" at character 1 of "[please go on" is never closed; write "]" where it ends'),
        ("go (on", '"(" at character 4 of "go (on" is never closed; write ")"'),
        ("please] go", '"]" at character 7 of "please] go" closes nothing; take it out'),
        ("[please) go", '")" at character 8 of "[please) go" closes "["; write "]"'),
        ("go <plaese>", "there is no rule <plaese>; did you mean <please>?"),
        ("go <xyz>", "there is no rule <xyz>; there are: <please>, <this>, <polite>, <only here>"),
        ("go <please", '"<" at character 4 of "go <please" stands alone; write the name of a rule as <please>'),
        ("go > on", '">" at character 4'),
        ("()", "is followed by a way to say nothing; write [ ] around what may be left out"),
        ("(go|) on", '"(" at character 1 of "(go|) on" is followed by a way to say nothing'),
        ("go on|", "is followed by a way to say nothing"),
        ("[please] [now]", "all of this template may be left out; put something that is always said outside of [ ]"),
        ("[" * 30 + "a" + "]" * 30, "more than 20 brackets lie in one another"),
        (" ".join(["(a|b|c)"] * 8), f"stands for 6561 phrases; make several of it, with at most {MOST_PHRASES} each"),
        (" ".join(["(a|b|c)"] * 60), "make several of it"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_told(template: str, told: str) -> None:
    with pytest.raises(BadFileError, match=rf"^phrases.yaml:1:3: .*{re.escape(told)}"):
        phrases(template)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("please: <please> now", "phrases.yaml:1:9: a rule cannot be a part of itself (<please> in <please>)"),
        (
            "a: <b>\nb: <c>\nc: <a>",
            "a rule cannot be a part of itself (<a> in <c> in <b> in <a>); write one of them out",
        ),
        ("a: <b>", "phrases.yaml:1:4: there is no rule <b>; there are: <a>"),
        ("a1: now", 'a rule cannot be called "a1"'),
        ("a: (now", '"(" at character 1 of "(now" is never closed'),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(text: str, told: str) -> None:
    with pytest.raises(BadFileError, match=re.escape(told)):
        rules(text)


def test_rules_that_double_each_other_are_counted_and_not_written_out() -> None:
    letters = "abcdefghijklmnopqr"
    text = "a: x\n" + "\n".join(f"{new}: (<{old}>|<{old}> <{old}>)" for old, new in pairwise(letters))
    with pytest.raises(BadFileError, match="make several of it"):
        phrases("<r>", text)


def test_a_long_chain_of_rules_is_refused() -> None:
    names = [f"{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]
    chain = "\n".join(f"{one}: <{two}> x" for one, two in pairwise(names)) + f"\n{names[-1]}: y"
    for text in (chain, "\n".join(reversed(chain.splitlines()))):
        with pytest.raises(BadFileError, match="more than 20 rules lie in one another"):
            rules(text)


def read_or_told(node: yamlfile.Node) -> tuple[tuple[str, ...], str]:
    try:
        return rules("a: b").phrases(node), ""
    except BadFileError as problem:
        return (), str(problem)


TYPED = st.text(alphabet="ab []()|<>{}", min_size=1, max_size=24).filter(str.strip)


@settings(max_examples=300)
@given(TYPED)
def test_whatever_is_typed_stands_for_phrases_or_is_told(text: str) -> None:
    node = yamlfile.parse(f"- '{text}'", "phrases.yaml").sequence()[0]
    found, problem = read_or_told(node)
    if problem:
        assert problem.startswith("phrases.yaml:1:3: ")
        return
    assert 1 <= len(found) == len(set(found)) <= MOST_PHRASES
    for phrase in found:
        assert phrase == " ".join(phrase.split())
        assert not set(phrase) & set("[]()|<>")


# --- in a language ----------------------------------------------------------------------------------------------------

IN_A_FILE = [
    # (what is put instead of "    - skip this one", what is told)
    ("    - '[please skip this'", r'"\[" at character 1 of "\[please skip this" is never closed'),
    ("    - 'stop talking'", r'"stop talking" begins with "stop" \(line \d+: "stop"\), which is obeyed at once'),
    ("    - 'do not stop'", r'"do not stop" ends with what means "stop" \(line \d+: "stop"\); end with other words'),
    ("    - 'so far that hurts'", r'ends with what means "that hurts"'),
    ("    - '(please|now) pause'", r'"please pause" already means "next" \(line \d+: ".*"\); choose other words'),
    ("    - '(twelve|ten) minutes'", r'"ten minutes" already means "minutes 10" \(line \d+: ".*"\)'),
    ("    - 'remind me at noon'", ""),
    ("    - 'skip this <one>'", "there is no rule <one>"),
    ("    - 'skip {prop}'", r'"\{prop\}" is not filled in here'),
]  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Path:
    folder = tmp_path / "en"
    folder.mkdir()
    for file in (LANGUAGES / "en").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "phrases.yaml"


def with_next(file: Path, line: str, expansions: str = "") -> None:
    text = file.read_text(encoding="utf-8")
    assert "\n  next:\n" in text
    file.write_text(text.replace("\n  next:\n", f"\n  next:\n{line}\n") + expansions, encoding="utf-8")


@pytest.mark.parametrize(("line", "expected"), IN_A_FILE)
def test_phrases_that_would_be_mistaken_are_refused(told: Path, line: str, expected: str) -> None:
    with_next(told, line)
    if not expected:
        load_language(folders=[told.parent.parent], wanted=WANTED)
        return
    with pytest.raises(BadFileError, match=expected) as caught:
        load_language(folders=[told.parent.parent], wanted=WANTED)
    assert re.match(rf"{told}:\d+:\d+: ", str(caught.value))


def test_a_rule_that_nobody_needs_is_told(told: Path) -> None:
    text = told.read_text(encoding="utf-8")
    begin, found, rest = text.partition("expansions:\n")
    text = f"{begin}{found}  gladly: very gladly\n{rest}" if found else f"{text}\nexpansions: {{gladly: gladly}}\n"
    told.write_text(text, encoding="utf-8")
    with pytest.raises(BadFileError, match="nothing uses the rule <gladly>; use it, or leave it out"):
        load_language(folders=[told.parent.parent], wanted=WANTED)


def test_a_slot_must_be_said_in_every_phrase(told: Path) -> None:
    text = told.read_text(encoding="utf-8")
    told.write_text(
        text.replace("\n  minutes:\n", "\n  minutes:\n    - 'about [{minutes}] minutes'\n"), encoding="utf-8"
    )
    with pytest.raises(BadFileError, match=r'"about minutes" does not say \{minutes\} once'):
        load_language(folders=[told.parent.parent], wanted=WANTED)


def test_two_places_of_one_clash_are_told_once(told: Path) -> None:
    with_next(told, "    - '(please|will you) (pause|stop)'")
    with pytest.raises(BadFileError) as caught:
        load_language(folders=[told.parent.parent], wanted=WANTED)
    assert len(str(caught.value).splitlines()) <= 4


def test_a_number_is_understood_within_what_is_said_around_it(told: Path) -> None:
    text = told.read_text(encoding="utf-8")
    if "\n  number:\n" not in text:
        text = text.replace("\ncommands:\n", "\ncommands:\n  number: ['about {number}', '{number} out of x']\n")
    told.write_text(text, encoding="utf-8")
    phrasebook = Phrasebook(load_language(folders=[told.parent.parent], wanted=WANTED), ())
    assert phrasebook.meaning("about nine") == Meaning(Command.NUMBER, 9)
