"""Draws the dialogue's two tables for ARCHITECTURE.md: a state diagram in Mermaid's language, a table in Markdown.

``python -m voicecoach.dialogue.diagram`` prints both; a test holds the page against them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from voicecoach.dialogue.questions import QUESTIONS
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import TABLE, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.dialogue.questions import AnswerHandler, QuestionRow
    from voicecoach.dialogue.state import Question

_LABEL_WORDS = 4


def diagram() -> str:
    """The modes: an arrow for every pair of them, with what leads from one to the other.

    Triggers that stay in their mode are not drawn; neither is what drops a question, which goes wherever the mode
    behind it goes.
    """
    arrows: dict[tuple[Mode, Mode], list[str]] = defaultdict(list)
    for (trigger, mode), handler in TABLE.items():
        if handler.drops:
            continue
        label = f"({trigger.value})" if isinstance(trigger, Signal) else trigger.key
        for target in sorted(handler.to - {mode}, key=list(Mode).index):
            arrows[mode, target].append(label)
    lines = ["stateDiagram-v2", f"    [*] --> {Mode.REST.value}"]
    order = list(Mode)
    for begin, end in sorted(arrows, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        labels = arrows[begin, end]
        more = ", and more" if len(labels) > _LABEL_WORDS else ""
        lines.append(f"    {begin.value} --> {end.value}: {', '.join(labels[:_LABEL_WORDS])}{more}")
    return "\n".join(lines)


def question_table() -> str:
    """The questions, a line each: when it is asked, what follows from which answer, and what silence does."""
    head = ("| question | asked | answers | silence |", "|---|---|---|---|")
    return "\n".join([*head, *(_line(question, row) for question, row in QUESTIONS.items())])


def _line(question: Question, row: QuestionRow) -> str:
    again = "asked again, then " if row.twice else ""
    silence = f"{row.wait_s:.0f} s, {again}{_named(row.silence)}"
    return f"| {question.value} | {row.asked} | {'; '.join(_answers(row))} | {silence} |"


def _answers(row: QuestionRow) -> Iterator[str]:
    """Answers that lead to the same are told together."""
    commands: dict[str, list[str]] = defaultdict(list)
    for command, handler in row.answers.items():
        commands[_named(handler)].append(command.key)
    return (f"{', '.join(said)}: {follows}" for follows, said in commands.items())


def _named(handler: AnswerHandler) -> str:
    return f"*{handler.__name__.replace('_', ' ')}*"


if __name__ == "__main__":
    print(diagram(), question_table(), sep="\n\n")
