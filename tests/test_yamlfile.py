"""YAML for people: every value knows its place, every mistake gets one line."""

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voicecoach import yamlfile
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Tea(Enum):
    GREEN = "green tea"
    BLACK = "black tea"


def top(text: str) -> yamlfile.Node:
    return yamlfile.parse(text, "f")


def value(text: str) -> yamlfile.Node:
    """The value of the key ``k``."""
    return top(text).mapping()["k"]


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML has two parsers, of which a machine may lack the quick one; people must not notice."""
    loader = getattr(yaml, "CSafeLoader", None) if request.param == "libyaml" else yaml.SafeLoader
    if loader is None:
        pytest.skip("this PyYAML was built without libyaml")
    monkeypatch.setattr("voicecoach.yamlfile._LOADER", loader)


# --- what is well -----------------------------------------------------------------------------------------------------


def test_values_are_read_as_what_is_asked_for() -> None:
    parts = top("""
        title: Two   lines
          are one
        count: 3
        share: "0.5"
        tea: green tea
        awake: on
        list: [a, b]
    """).mapping()

    assert parts["title"].text() == "Two lines are one"
    assert parts["count"].whole_number(1, 5) == 3
    assert parts["share"].number(0, 1) == 0.5
    assert parts["tea"].choice(Tea) is Tea.GREEN
    assert parts["awake"].boolean() is True
    assert [item.text() for item in parts["list"].sequence()] == ["a", "b"]


@pytest.mark.parametrize(
    "word", ["yes", "no", "on", "off", "1e3", "0x10", "010", "12:30:00", "2001-01-01", "<<", ".inf"]
)
def test_a_text_is_what_was_written(word: str) -> None:
    assert value(f"k: {word}").text() == word


@pytest.mark.parametrize("word", ["null", "~"])
def test_a_text_may_say_null_in_quotes(word: str) -> None:
    assert value(f'k: "{word}"').text() == word


def test_a_file_of_comments_holds_nothing() -> None:
    assert top("# volume: -8\n").is_nothing
    assert value("k: # later").is_nothing
    assert not value('k: ""').is_nothing


def test_keys_keep_their_order() -> None:
    assert list(top("{b: 1, a: 2, yes: 3}").mapping()) == ["b", "a", "yes"]


@pytest.mark.usefixtures("parser")
def test_every_value_knows_its_place() -> None:
    steps = top("a: 1\nsteps:\n  - x\n  - b: ö, and\n    é: here\n").mapping()["steps"].sequence()

    here = steps[1].mapping()["é"]
    assert (here.file, here.line, here.column, here.called) == ("f", 5, 8, '"é"')
    assert str(steps[0].error("it is too short; write more")) == "f:3:5: it is too short; write more"


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfk: v\n")

    assert yamlfile.read(file).mapping()["k"].text() == "v"


# --- what is not: one line each ---------------------------------------------------------------------------------------

WRONG_VALUES = [
    # (what is asked for, the value, the line)
    ("text", "", 'f:1:3: "k" is empty; write a text'),
    ("text", " null", 'f:1:4: "k" is empty; write a text'),
    ("text", ' ""', 'f:1:4: "k" is empty; write a text'),
    ("text", " [a]", 'f:1:4: "k" is a list, and should be a text'),
    ("text", " {a: b}", 'f:1:4: "k" is a mapping, and should be a text'),
    ("text", ' "\\x07"', "f:1:4: the character U+0007 is not text; take it out"),
    ("sequence", " a", 'f:1:4: "k" is a text, and should be a list of lines beginning with "- "'),
    ("sequence", " []", 'f:1:4: "k" is an empty list; write at least one item'),
    ("mapping", " a", 'f:1:4: "k" is a text, and should be lines of the form "key: value"'),
    ("mapping", "", 'f:1:3: "k" is empty; write lines of the form "key: value"'),
    ("whole number", " 6", 'f:1:4: "k" is "6"; write a whole number from 1 to 5'),
    ("whole number", " 2.0", 'f:1:4: "k" is "2.0"; write a whole number from 1 to 5'),
    ("whole number", " two", 'f:1:4: "k" is "two"; write a whole number from 1 to 5'),
    ("whole number", " " + "9" * 5000, 'f:1:4: "k" is "' + "9" * 37 + '..."; write a whole number from 1 to 5'),
    ("number", " .nan", 'f:1:4: "k" is ".nan"; write a number from 0.5 to 2'),
    ("number", " 1,5", 'f:1:4: "k" is "1,5"; write a number from 0.5 to 2'),
    ("number", " -1", 'f:1:4: "k" is "-1"; write a number from 0.5 to 2'),
    ("boolean", " maybe", 'f:1:4: "k" is "maybe"; write yes or no'),
    ("choice", " gren tea", 'f:1:4: "k" cannot be "gren tea"; did you mean "green tea"?'),
    ("choice", " milk", 'f:1:4: "k" cannot be "milk"; write one of: black tea, green tea'),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "written", "line"), WRONG_VALUES)
@pytest.mark.usefixtures("parser")
def test_a_wrong_value_is_told(asked: str, written: str, line: str) -> None:
    ask: dict[str, Callable[[], object]] = {
        "text": lambda: value(f"k:{written}").text(),
        "sequence": lambda: value(f"k:{written}").sequence(),
        "mapping": lambda: value(f"k:{written}").mapping(),
        "whole number": lambda: value(f"k:{written}").whole_number(1, 5),
        "number": lambda: value(f"k:{written}").number(0.5, 2),
        "boolean": lambda: value(f"k:{written}").boolean(),
        "choice": lambda: value(f"k:{written}").choice(Tea),
    }
    with pytest.raises(BadFileError) as error:
        ask[asked]()
    assert str(error.value) == line


WRONG_KEYS = [
    ("cue: a\nhodl: b", 'f:2:1: unknown key "hodl"; did you mean "hold"?'),
    ("cue: a\ncolour: b", 'f:2:1: unknown key "colour"; the keys here are: cue, hold'),
    ("hold: a", 'f:1:1: "cue" is missing in the file; add a line "cue: ..."'),
    ("cue: a\nhold: b\ncue: c", 'f:3:1: "cue" is here for the second time (first in line 1); keep one'),
    ("? [a]\n: b", "f:1:3: a key must be a word or two, not a list or a mapping"),
    ("~: b", "f:1:1: a key is empty; write a text"),
    ("- cue", 'f:1:1: the file is a list, and should be lines of the form "key: value"'),
    ("", 'f:1:1: the file is empty; write lines of the form "key: value"'),
    ("# nothing yet\n", 'f:1:1: the file is empty; write lines of the form "key: value"'),
    ("just words", 'f:1:1: the file is a text, and should be lines of the form "key: value"'),
]


@pytest.mark.parametrize(("text", "line"), WRONG_KEYS)
@pytest.mark.usefixtures("parser")
def test_a_wrong_key_is_told(text: str, line: str) -> None:
    with pytest.raises(BadFileError) as error:
        top(text).mapping(allowed={"cue", "hold"}, required={"cue"})
    assert str(error.value) == line


BILLION_LAUGHS = """\
a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
"""
NOT_YAML = "this is not YAML; check quotes, colons and the indentation of this line and the one above"
NO_ANCHORS = 'anchors and aliases ("&name", "*name") are not read; write the value itself'
WRONG_FILES = [
    ("k:\n\tv: 1", "f:2:1: a tab stands where only blanks may; indent with blanks"),
    ("cue: Now: breathe", 'f:1:9: a colon and a blank stand inside a text; put quotes around the text: "..."'),
    ("- a\nb: c", f"f:2:1: {NOT_YAML}"),
    ("k: 'a' b", f"f:1:8: {NOT_YAML}"),
    ("k: @a", f"f:1:4: {NOT_YAML}"),
    (BILLION_LAUGHS, f"f:1:4: {NO_ANCHORS}"),
    ("k: *a", f"f:1:4: {NO_ANCHORS}"),
    ("k: !!python/object/apply:os.system [ls]",
     'f:1:4: tags such as "tag:yaml.org,2002:python/object/apply..." are not read; leave it out'),
    ("k: v\n---\nk: w\n", 'f:2:1: a second document begins here; leave out the line "---"'),
    ("[" * 100_000, "f:1:21: this lies in more than 20 lists or mappings; write it flatter"),
    ("k: v\nw: \x00", "f:2:4: the character U+0000 is not text; take it out"),
    ("k: \ud800", "f:1:4: the character U+D800 is not text; take it out"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), WRONG_FILES)
@pytest.mark.usefixtures("parser")
def test_what_is_no_plain_yaml_is_told(text: str, line: str) -> None:
    with pytest.raises(BadFileError) as error:
        top(text)
    assert str(error.value) == line


@pytest.mark.parametrize("escape", [r"\ud800", r"\U00110000", r"\UFFFFFFFF"])
@pytest.mark.usefixtures("parser")
def test_an_escape_that_is_no_character_is_told(escape: str) -> None:
    with pytest.raises(BadFileError, match=r"^f:1:\d+: "):
        top(f'k: "{escape}"')


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_first_byte_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("a: ü\nb: caf".encode() + b"\xe9\n")

    with pytest.raises(BadFileError) as error:
        yamlfile.read(file)

    assert str(error.value) == f"{file}:2:7: the byte 0xE9 is not UTF-8; save the file as UTF-8"


def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as huge:
        huge.truncate(10_000_000)

    with pytest.raises(BadFileError) as error:
        yamlfile.read(file)

    assert str(error.value) == f"{file}:1:1: it is larger than 256 KiB; is it the right file?"


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text("k: v\n".ljust(yamlfile.LARGEST_BYTES, "#"))

    assert yamlfile.read(file).mapping()["k"].text() == "v"


@pytest.mark.timeout(20)  # opening a pipe would wait for ever
def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    told = {
        tmp_path: "this is a folder or a device; name a file",
        pipe: "this is a folder or a device; name a file",
        tmp_path / "no.yaml": "there is no such file; check its name",
        tmp_path / ("x" * 300): "it cannot be read (File name too long); check its name and permissions",
    }
    for path, line in told.items():
        with pytest.raises(BadFileError) as error:
            yamlfile.read(path)
        assert str(error.value) == f"{path}:1:1: {line}"


def test_a_file_that_nobody_may_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text("k: v\n")
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("root may read everything")

    with pytest.raises(BadFileError) as error:
        yamlfile.read(file)

    assert str(error.value) == f"{file}:1:1: it cannot be read (Permission denied); check its name and permissions"


def test_a_name_that_is_no_text_can_still_be_shown(tmp_path: Path) -> None:
    with pytest.raises(BadFileError) as error:
        yamlfile.read(tmp_path / os.fsdecode(b"\xff.yaml"))

    assert (
        str(error.value).encode("utf-8")
        == f"{tmp_path}/\\udcff.yaml:1:1: there is no such file; check its name".encode()
    )


# --- whatever is in it ------------------------------------------------------------------------------------------------

YAML_LIKE = st.lists(
    st.sampled_from([*"[]{}:,-?&*!|>'\"#%@`\n\t a1~", "\r\n", ": ", "- ", "---\n", "? ", "k: ", "\\U", "\u2028", "é"]),
    max_size=40,
).map("".join)


def complaint(ask: Callable[[], object]) -> str:
    """What is said when something is asked for; empty when it is there."""
    try:
        ask()
    except BadFileError as error:
        return str(error)
    return ""


def use(node: yamlfile.Node) -> list[str]:
    """Ask a node, and all that lie in it, for everything; all that it complains of."""
    inner: list[yamlfile.Node] = []
    return [
        complaint(node.text),
        complaint(node.boolean),
        complaint(lambda: node.whole_number(-5, 5)),
        complaint(lambda: node.number(-5, 5)),
        complaint(lambda: node.choice(Tea)),
        complaint(lambda: node.mapping(allowed={"k"}, required={"k"})),
        complaint(lambda: inner.extend(node.sequence())),
        complaint(lambda: inner.extend(node.mapping().values())),
        *(line for one in inner for line in use(one)),
    ]


@given(st.one_of(st.text(), YAML_LIKE))
def test_any_text_gives_a_node_or_one_line(text: str) -> None:
    complaints: list[str] = []
    complaints.append(complaint(lambda: complaints.extend(use(top(text)))))

    assert all(line.startswith("f:") and len(line.splitlines()) == 1 for line in complaints if line)


@given(st.binary())
def test_any_bytes_give_a_node_or_one_line(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    complaints: list[str] = []
    complaints.append(complaint(lambda: complaints.extend(use(yamlfile.read(file)))))

    assert all(line.startswith(f"{file}:") and len(line.splitlines()) == 1 for line in complaints if line)
