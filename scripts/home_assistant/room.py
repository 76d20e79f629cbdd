"""A bedroom for Home Assistant to look at: the dialogue alone, in real time, without a sound."""

from __future__ import annotations

import sys
import time

from night import Night

from voicecoach.by_hand import Inbox, event_of
from voicecoach.dialogue.events import Action, Note
from voicecoach.home.config import HomeConfig, Share
from voicecoach.home.link import HomeLink, Window
from voicecoach.home.messages import Offer


class NotedNight(Night):
    """A night whose notes are seen."""

    def __init__(self) -> None:
        self.noted: list[Note] = []
        super().__init__()

    def _do(self, action: Action) -> None:
        if isinstance(action, Note):
            self.noted.append(action)
        super()._do(action)


def main(port: int, share: str) -> None:
    """Live, until somebody ends it."""
    inbox, window, night = Inbox(), Window(), NotedNight()
    link = HomeLink(
        HomeConfig("127.0.0.1", port, id="room12", share=frozenset(map(Share, filter(None, share.split(","))))),
        inbox,
        window,
        offer=Offer({"Bedtime": "bedtime", "Morning": "morning"}, "bedtime"),
        warn=print,
        microphone_is_open=lambda: not night.state.muted,
        progress=lambda: b"\x89PNG of nothing",
    )
    link.start()
    before_s = time.monotonic()
    while True:
        if (request := inbox.take()) is not None:
            night._put(event_of(request, night.state, night.now_s))  # noqa: SLF001 - as a coach does
        now_s = time.monotonic()
        night.passes(now_s - before_s)
        before_s = now_s
        window(night.state, tuple(night.noted), night.now_s)
        night.noted.clear()
        time.sleep(0.05)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
