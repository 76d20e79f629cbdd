"""``voicecoach routines new`` and ``voicecoach routines check``, as a person types them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from voicecoach.cli.main import main
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.stretch import Amount, Dose, Sides, Unit

SHEET = Path(__file__).parent / "sheets" / "knee-sheet.yaml"
"""What a physiotherapist wrote down, as a routine."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's routines are; nobody's own are read or written."""
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    return tmp_path / "config" / "voicecoach" / "routines"


class Terminal:
    """Types commands and answers, and keeps what was printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._patch = capsys, monkeypatch
        self.code, self.out, self.err = 0, "", ""

    def types(self, *arguments: str, answers: str = "") -> Terminal:
        """A command, and an answer a line."""
        self._patch.setattr("sys.stdin", io.StringIO(answers))
        self._capsys.readouterr()
        self.code = main(arguments)
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return self


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


def number_of(terminal: Terminal, name: str) -> str:
    """The number with which a stretch is chosen."""
    out = terminal.types("routines", "new", "numbers", answers="\n").out
    return next(line.split()[0] for line in out.splitlines() if line[6:].startswith(name))


# --- new --------------------------------------------------------------------------------------------------------------


def test_a_sheet_is_written_by_answering(terminal: Terminal, folder: Path) -> None:
    bridge, knee = number_of(terminal, "the bridge"), number_of(terminal, "knee to chest")
    answers = [
        "",  # called as typed
        f"{bridge} {knee}",
        *("", "10", "3", ""),  # the bridge: held as offered, ten times, three rounds, half a minute of rest
        *("left", "20", "", "2", "1 minute"),  # knee to chest: the left one, twenty seconds, once, two rounds
        *("no", "yes"),
    ]
    done = terminal.types("routines", "new", "Knee Sheet", answers="\n".join(answers) + "\n")

    assert done.code == 0, done.err
    library = load_library(shipped("routines"), folder)
    assert library.problems == ()
    routine = library.routines["knee-sheet"]
    assert routine.say == ("knee sheet", "knee sheet routine")
    assert [(entry.stretch.key, entry.dose) for entry in routine.entries] == [
        ("bridge", Dose(Amount(5, 5, Unit.SECONDS), Amount(10, 10, Unit.TIMES), sets=3, rest_s=30)),
        ("knee-to-chest", Dose(Amount(20, 20, Unit.SECONDS), sides=Sides.LEFT, sets=2, rest_s=60)),
    ]
    assert 'say "start knee sheet"' in done.out
    assert "routines show knee-sheet" in done.out
    assert "rehearse knee-sheet" in done.out
    assert [path.name for path in folder.iterdir()] == ["knee-sheet.yaml"]


def test_enter_takes_what_is_offered(terminal: Terminal, folder: Path) -> None:
    knee = number_of(terminal, "knee to chest")
    assert terminal.types("routines", "new", "knees", answers=f"\n{knee}\n\n\n\n\n\n\n").code == 0
    dose = load_library(shipped("routines"), folder).routines["knees"].entries[0].dose
    assert dose == Dose(Amount(20, 20, Unit.SECONDS), sides=Sides.EACH)


ASKED_AGAIN = [
    # (the answers before the good ones, what is told)
    (["?"], 'What you will say after "start"'),
    (["bedtime"], '"bedtime" already starts the routine bedtime'),
    (["Sheet No. 1"], "cannot be listened for"),
    (["xyzzy"], '"xyzzy" is a word that the coach cannot hear'),
    (["", "99"], '"99" is none of them; type numbers from 1 to'),
    (["", "one"], '"one" is none of them'),
    (["", "1", "?"], 'How long each hold lasts: "20 seconds"'),
    (["", "1", "two hours"], "which I cannot read"),
    (["", "1", "40 minutes"], "is longer than 30 minutes"),
    (["", "1", "", "", "30"], "write a whole number from 1 to 10"),
    (["", "1", "", "", "2", "an hour"], "which I cannot read"),
]


@pytest.mark.parametrize(("answers", "told"), ASKED_AGAIN, ids=lambda one: " ".join(one)[:30])
def test_what_will_not_do_is_told_and_asked_again(
    terminal: Terminal, folder: Path, answers: list[str], told: str
) -> None:
    done = terminal.types("routines", "new", "knees", answers="\n".join(answers) + "\n")
    assert told in done.out
    assert done.code == 64, "then the answers ended"
    assert "nobody answers" in done.err
    assert not list(folder.glob("*")), "nothing half-written is left"


def test_breaking_off_leaves_nothing(terminal: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(question: str) -> str:
        if "Write this" in question:
            raise KeyboardInterrupt
        return "1" if "Which" in question else ""

    monkeypatch.setattr("builtins.input", interrupted)
    done = terminal.types("routines", "new", "knees")
    assert (done.code, done.err.strip()) == (130, "voicecoach: broken off")
    assert not list(folder.glob("*"))


def test_without_anybody_at_the_keyboard_it_says_so(terminal: Terminal) -> None:
    assert terminal.types("routines", "new", "knees").code == 64
    assert "type this in a terminal" in terminal.err


def test_no_is_no(terminal: Terminal, folder: Path) -> None:
    done = terminal.types("routines", "new", "knees", answers="\n1\n\n\n\n\nno\n")
    assert done.code == 0
    assert "Nothing was written." in done.out
    assert not list(folder.glob("*"))


@pytest.mark.parametrize(
    ("name", "told"),
    [("bedtime", "the coach brings a routine bedtime along"), ("über", "will not do as the name of a file")],
)
def test_a_name_that_cannot_be_is_told_before_anything_is_asked(terminal: Terminal, name: str, told: str) -> None:
    done = terminal.types("routines", "new", name)
    assert (done.code, done.out) == (64, "")
    assert told in done.err


def test_what_is_there_is_never_written_over(terminal: Terminal, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "knees.yaml").write_text("mine")
    assert "there is a routine knees already" in terminal.types("routines", "new", "knees").err
    assert (folder / "knees.yaml").read_text() == "mine"


# --- check ------------------------------------------------------------------------------------------------------------

FULL_OF_MISTAKES = """\
title: Mine
name: my routine
say: [My Knees, xyzzy]
opening: "%s"
closing: Done.
when: noon
stretches:
  - stretch: brigde
    rest: 30 seconds
  - stretch: bridge
    hold: 5
    repeat: 10 times
    rounds: 30
  - stretch: knee-to-chest
    hold: 20 seconds
    side: middle
    colour: red
"""


def test_everything_that_is_wrong_is_told_at_once(terminal: Terminal, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(FULL_OF_MISTAKES % ("long " * 100))
    done = terminal.types("routines", "check")
    assert done.code == 65
    places = [line.split("mine.yaml:")[1].split(": ")[0] for line in done.err.splitlines()]
    assert places == ["3:7", "4:10", "6:7", "8:14", "9:11", "11:11", "13:13", "16:11", "17:5"]


def test_the_start_names_one_and_how_many_more(terminal: Terminal, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(FULL_OF_MISTAKES % "Hello.")
    lines = terminal.types("routines").err.splitlines()
    assert len(lines) == 2
    assert "and 7 more there; to see them all, type: " in lines[1]


def test_a_program_can_read_it(terminal: Terminal, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(FULL_OF_MISTAKES % "Hello.")
    done = terminal.types("routines", "check", "bedtime", "mine", "--json")
    assert (done.code, done.err) == (65, "")
    well, broken = json.loads(done.out)
    assert (well["kind"], well["name"], well["problems"]) == ("routine", "bedtime routine", [])
    assert broken["file"].endswith("mine.yaml")
    assert broken["problems"][0]["line"] == 3
    assert broken["problems"][0]["problem"].startswith('"My Knees" cannot be listened for')


@pytest.mark.parametrize(
    ("named", "kind"), [("bedtime", "routine"), ("bedtime routine", "routine"), ("bridge", "stretch")]
)
def test_what_is_there_can_be_checked_by_its_name(terminal: Terminal, named: str, kind: str) -> None:
    done = terminal.types("routines", "check", named)
    assert (done.code, done.err) == (0, "")
    assert f": well, {kind} " in done.out


def test_a_name_that_is_not_there_is_told(terminal: Terminal) -> None:
    done = terminal.types("routines", "check", "bedtme")
    assert (done.code, done.out) == (66, "")
    assert "there is no such file, routine or stretch" in done.err


def test_without_routines_of_ones_own_it_is_told_how_to_write_one(terminal: Terminal) -> None:
    assert "routines new NAME" in terminal.types("routines", "check").out


def test_words_that_are_not_heard_are_told(terminal: Terminal, folder: Path) -> None:
    folder.mkdir(parents=True)
    text = SHEET.read_text(encoding="utf-8").replace("knee sheet", "xyzzy sheet")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    done = terminal.types("routines", "check", "mine")
    assert done.code == 65
    assert '"xyzzy" is a word that the coach cannot hear' in done.err


def test_the_sheet_of_the_page_is_well(terminal: Terminal) -> None:
    assert terminal.types("routines", "check", str(SHEET)).code == 0


def test_the_page_shows_the_sheet_as_it_is() -> None:
    page = (SHEET.parent.parent.parent / "docs" / "routines.md").read_text(encoding="utf-8")
    assert f"```yaml\n{SHEET.read_text(encoding='utf-8')}```" in page
