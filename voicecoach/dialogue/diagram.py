"""Draws the dialogue's table as a state diagram in Mermaid's language, for ARCHITECTURE.md.

``python -m voicecoach.dialogue.diagram`` prints it; a test holds the page against it.
"""

from __future__ import annotations

from collections import defaultdict

from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import TABLE, Signal

_LABEL_WORDS = 4


def diagram() -> str:
    """The diagram: an arrow for every pair of modes, with what leads from one to the other.

    Triggers that stay in their mode are not drawn; neither is what drops a question, which goes wherever the mode
    behind it goes.
    """
    arrows: dict[tuple[Mode, Mode], list[str]] = defaultdict(list)
    for (trigger, mode), handler in TABLE.items():
        if handler.drops:
            continue
        label = f"({trigger.value})" if isinstance(trigger, Signal) else trigger.value
        for target in sorted(handler.to - {mode}, key=list(Mode).index):
            arrows[mode, target].append(label)
    lines = ["stateDiagram-v2", f"    [*] --> {Mode.REST.value}"]
    order = list(Mode)
    for begin, end in sorted(arrows, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        labels = arrows[begin, end]
        more = f" and {len(labels) - _LABEL_WORDS} more" if len(labels) > _LABEL_WORDS else ""
        lines.append(f"    {begin.value} --> {end.value}: {', '.join(labels[:_LABEL_WORDS])}{more}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram())
