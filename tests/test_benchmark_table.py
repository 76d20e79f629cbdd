"""Figures become a table to read, or a file to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmark.intervals import Figure
from benchmark.rows import FigureRow, Goal, Section, as_amount, as_share, sections
from benchmark.table import check_writable, markdown, tab_separated, text, write
from voicecoach.errors import BadRequestError, VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = [
    Section(
        "Of everything",
        (
            FigureRow("right.ten", "ten words, right", Goal(0.93, 0.97)),
            FigureRow("never.measured", "never measured"),
            FigureRow("cost.load_ms", "loading, ms", Goal(150, at_least=False), as_amount),
        ),
    ),
    Section("Of nothing", (FigureRow("never.measured", "never measured"),)),
]
MODELS = {
    "ours": {"right.ten": Figure(0.95, 200, 0.91, 0.975), "cost.load_ms": Figure(32.125, 5, 30.0, 40.0)},
    "theirs": {"right.ten": Figure(1.0, 200, 0.981, 1.0)},
}


def test_a_table_for_the_terminal() -> None:
    assert text(SECTIONS, MODELS).splitlines() == [
        "Of everything       n                 ours                 theirs  to reach     goal",
        "ten words, right  200  .950 (.910-.975) +   1.000 (.981-1.000) ++   >= .930  >= .970",
        "loading, ms         5  32.1 (30.0-40.0) +                       -    <= 150",
    ]


def test_a_table_as_markdown() -> None:
    assert markdown(SECTIONS, MODELS).splitlines() == [
        "| Of everything | n | ours | theirs | to reach | goal |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| ten words, right | 200 | .950 (.910-.975) + | 1.000 (.981-1.000) ++ | >= .930 | >= .970 |",
        "| loading, ms | 5 | 32.1 (30.0-40.0) + | - | <= 150 |  |",
    ]


def test_a_table_as_tab_separated_values() -> None:
    assert [line.split("\t") for line in tab_separated(SECTIONS, MODELS).splitlines()] == [
        ["section", "figure", "model", "n", "value", "low", "high", "to reach", "goal"],
        ["Of everything", "ten words, right", "ours", "200", "0.95", "0.91", "0.975", "0.93", "0.97"],
        ["Of everything", "ten words, right", "theirs", "200", "1", "0.981", "1", "0.93", "0.97"],
        ["Of everything", "loading, ms", "ours", "5", "32.125", "30", "40", "150", ""],
    ]


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, ".000"), (0.0184, ".018"), (0.9996, "1.000"), (1.0, "1.000"), (1.25, "1.250")]
)
def test_a_share(value: float, written: str) -> None:
    assert as_share(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0.00"), (0.0184, "0.0184"), (4.9512, "4.95"), (72.0, "72.0"), (150, "150"), (1534.2, "1534")],
)
def test_an_amount(value: float, written: str) -> None:
    assert as_amount(value) == written


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        (Goal(0.93, 0.97), 0.92, 0),
        (Goal(0.93, 0.97), 0.93, 1),
        (Goal(0.93, 0.97), 0.97, 2),
        (Goal(0.05, 0.02, at_least=False), 0.06, 0),
        (Goal(0.05, 0.02, at_least=False), 0.05, 1),
        (Goal(0.05, 0.02, at_least=False), 0.0, 2),
        (Goal(90, at_least=False), 10, 1),
    ],
)
def test_a_goal_is_reached(goal: Goal, value: float, reached: int) -> None:
    assert goal.reached(value) == reached


# --- which rows -------------------------------------------------------------------------------------------------------


def rows_of(*keys: str, values: tuple[float, ...] = ()) -> dict[str, list[str]]:
    """The labels under each heading, where these figures were measured."""
    figures = {key: Figure(value, 1, 0, 1) for key, value in zip(keys, values or (0.5,) * len(keys), strict=True)}
    wanted = sections(keys, figures)
    return {one.heading: labels for one in wanted if (labels := [row.label for row in one.rows if row.key in figures])}


def test_each_figure_has_its_row() -> None:
    keys = (
        "right.ten",
        "right.ten@6",
        "other.digits@18",
        "false.rest.sentences@12",
        "hourly.routine.noise",
        "kept.ten@6",
        "right.unheard",
        "right.ten.word.stop",
        "right.ten.word.stop@6",
        "cost.cpu.talk",
    )
    assert rows_of(*keys) == {
        "What is to be reached": [
            "ten words, right",
            '  "stop"',
            "words never heard alone from people, right",
            "at 6 dB, share of the clean figure, ten words",
            "share of one core while somebody talks",
        ],
        "Right, by noise": [
            "ten words, people, quiet room",
            "ten words, people, 6 dB",
            "words never heard alone, people, quiet room",
        ],
        "Another phrase accepted than the one that was said (the rest: nothing)": ["digits zero to ten, people, 18 dB"],
        "Falsely accepted: other phrases and sentences": ["coach at rest, 12 dB"],
        "Falsely accepted in an hour of noise": ["coach in a routine"],
        "Right, by word: ten words, people": ["stop, quiet room", "stop, 6 dB"],
    }


def test_the_phrases_that_are_heard_worst_come_first_and_are_few() -> None:
    keys = tuple(f"right.synthetic.word.phrase {letter}" for letter in "abcdefghijklmnop")
    values = tuple(1 - n / 16 for n in range(16))
    (labels,) = rows_of(*keys, values=values).values()
    assert labels == [f"phrase {letter}, quiet room" for letter in "ponmlkjihgfe"]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "begins"), [("t.tsv", "section\tfigure"), ("t.md", "a Pi\n\n25 clips\n\n| Of every")])
def test_the_name_of_a_file_says_its_format(tmp_path: Path, name: str, begins: str) -> None:
    check_writable(tmp_path / name)
    write(tmp_path / name, "a Pi\n25 clips", SECTIONS, MODELS)
    assert (tmp_path / name).read_text().startswith(begins)


@pytest.mark.parametrize(
    ("name", "says"), [("t.json", "must end with .md or .tsv"), ("nowhere/t.md", "there is no folder for")]
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, name: str, says: str
) -> None:
    with pytest.raises(BadRequestError, match=says):
        check_writable(tmp_path / name)


def test_a_file_that_cannot_be_written_after_all_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "t.md").mkdir()
    with pytest.raises(VoicecoachError, match="the figures are in the table above") as caught:
        write(tmp_path / "t.md", "", SECTIONS, MODELS)
    assert "\n" not in str(caught.value)
