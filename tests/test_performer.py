"""Performances whose clips are not all there when they begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.dialogue.events import Chime, Cue, Perform
from voicecoach.speaking.performer import BETWEEN_S, GIVE_UP_S, SOON_S, Performer
from voicecoach.speaking.sentences import sentences
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

RATE_HZ = 1000
BLOCK = 20
APOLOGY = "I cannot say that."
HOLD = Perform(1, tuple(Cue(float(n), str(n)) for n in range(1, 6)), 5.0, "hold")


@dataclass
class SlowClips:
    """Each sentence lasts half a second and is there from its second on; those without one are there at once."""

    there_s: dict[str, float] = field(default_factory=dict)
    hopeless_ones: set[str] = field(default_factory=set)
    now_s: float = 0.0
    wanted: list[str] = field(default_factory=list)

    def want(self, texts: Iterable[str]) -> None:
        self.wanted = list(texts)

    def ready(self, text: str) -> NDArray[np.float32] | None:
        if any(self.there_s.get(one, 0.0) > self.now_s or one in self.hopeless_ones for one in sentences(text)):
            return None
        return np.full(500 * len(sentences(text)), 0.5, np.float32)

    def hopeless(self, text: str) -> bool:
        return not self.hopeless_ones.isdisjoint(sentences(text))


class Speaker:
    """Plays a performance block by block and notes what is heard when."""

    def __init__(self, clips: SlowClips) -> None:
        self.clips = clips
        self.timeline = Timeline(RATE_HZ)
        self.performer = Performer(self.timeline, clips, APOLOGY)
        self.began_s: float | None = None
        self.ended: list[int] = []

    def perform(self, performance: Perform) -> Speaker:
        begun = self.performer.perform(performance, self.timeline.position)
        if begun is not None:
            self.began_s = begun / RATE_HZ
        return self

    def passes(self, seconds: float) -> Speaker:
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            self.timeline.read(BLOCK)
            self.clips.now_s = self.timeline.position / RATE_HZ
            if begun := self.performer.go_on(self.timeline.position):
                self.began_s = begun[1] / RATE_HZ
            token = self.performer.ended(self.timeline.position)
            self.ended += [] if token is None else [token]
        return self

    def heard(self) -> list[tuple[float, object]]:
        return [(one.began / RATE_HZ, one.label) for one in self.timeline.played()]


def sentence(text: str, token: int = 1) -> Perform:
    return Perform(token, (Cue(0.0, text),))


def test_with_everything_at_hand_it_begins_at_once() -> None:
    speaker = Speaker(SlowClips()).perform(sentence("Rest now. Breathe.")).passes(2)
    assert speaker.heard() == [(0.0, "Rest now. Breathe.")]
    assert speaker.ended == [1]


def test_what_comes_soon_is_waited_for_and_said_whole() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 0.2})).perform(sentence("Rest now. Breathe.")).passes(3)
    assert speaker.heard() == [(0.2, "Rest now. Breathe.")]
    assert speaker.began_s == 0.2
    assert speaker.ended == [1]


def test_after_a_while_a_chime_and_what_is_there_and_then_the_rest() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 4.0})).perform(sentence("Rest now. Breathe.")).passes(8)
    heard = speaker.heard()
    assert [label for _, label in heard] == [Chime.COMING, "Rest now.", "Breathe."]
    assert heard[0][0] == SOON_S
    assert heard[2][0] == 4.0
    assert speaker.ended == [1]


def test_what_is_missing_at_the_beginning_holds_back_what_follows_it() -> None:
    speaker = Speaker(SlowClips({"Rest now.": 2.0})).perform(sentence("Rest now. Breathe.")).passes(8)
    assert speaker.heard()[1:] == [(2.0, "Rest now."), (2.0 + 0.5 + BETWEEN_S, "Breathe.")]


def test_what_never_comes_is_apologised_for() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 1e9})).perform(sentence("Breathe.")).passes(GIVE_UP_S + 3)
    assert [label for _, label in speaker.heard()] == [Chime.COMING, APOLOGY]
    assert speaker.ended == [1]


def test_what_cannot_be_made_is_not_waited_for() -> None:
    speaker = Speaker(SlowClips(hopeless_ones={"Breathe."})).perform(sentence("Rest now. Breathe.")).passes(4)
    assert [label for _, label in speaker.heard()] == [Chime.COMING, "Rest now.", APOLOGY]
    assert speaker.ended == [1]


def test_without_even_an_apology_it_goes_on() -> None:
    speaker = Speaker(SlowClips({APOLOGY: 1e9}, {"Breathe."})).perform(sentence("Breathe.")).passes(4)
    assert [label for _, label in speaker.heard()] == [Chime.COMING]
    assert speaker.ended == [1]


def test_a_count_keeps_its_seconds_whatever_is_missing() -> None:
    speaker = Speaker(SlowClips({"3": 3.1, "4": 4.5})).perform(HOLD).passes(8)
    begins = SOON_S
    assert speaker.began_s == begins
    assert [(round(at_s - begins, 3), label) for at_s, label in speaker.heard()] == [
        (1.0, "1"),
        (2.0, "2"),
        (3.0, "3"),
        (4.0, Chime.COMING),
        (5.0, "5"),
    ]
    assert speaker.ended == [1]


def test_another_performance_takes_the_place_of_what_is_late() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 1.0})).perform(sentence("Breathe.")).passes(0.1)
    speaker.perform(sentence("Rest now.", token=2)).passes(4)
    assert [label for _, label in speaker.heard()] == ["Rest now."]
    assert speaker.ended == [2]


def test_stopping_forgets_what_is_late() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 1.0})).perform(sentence("Rest now. Breathe.")).passes(0.4)
    speaker.performer.stop()
    begin = len(speaker.passes(0.1).heard())
    assert begin
    assert speaker.passes(4).heard() == []
    assert speaker.ended == []


def test_while_it_waits_there_is_silence() -> None:
    speaker = Speaker(SlowClips({"Breathe.": 1.0})).perform(sentence("Rest now.")).passes(0.1)
    speaker.perform(sentence("Breathe.", token=2))
    assert not np.any(speaker.timeline.read(300)[20:])


@given(
    st.lists(st.sampled_from(["One day.", "Two nights.", "Three hours.", "Four breaths."]), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from(["One day.", "Two nights.", "Three hours."]), st.floats(0.0, 8.0)),
    st.sets(st.sampled_from(["Two nights.", "Four breaths."])),
)
def test_every_performance_ends_and_nothing_is_said_twice_or_at_once(
    said: list[str], there_s: dict[str, float], hopeless: set[str]
) -> None:
    speaker = Speaker(SlowClips(there_s, hopeless)).perform(sentence(" ".join(said))).passes(30)
    heard = speaker.heard()
    spoken = [one for _, label in heard if isinstance(label, str) and label != APOLOGY for one in sentences(label)]
    assert spoken == said[: len(spoken)]
    assert speaker.ended == [1]
    assert all(later[0] > earlier[0] for earlier, later in pairwise(heard))
