"""The same scenes and properties with the speaker on a thread of its own: nothing that it does makes an event old.

While the coach took the time anew for each event, half of the scenes and most of the properties failed here.
"""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quiet_room import quiet
from restless_speaker import PACES, RestlessCoach, RestlessSpeaker, RestlessTimeline, Slowness
from small_house import at_rest, language, phrasebook, phrasings

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.dialogue.table import COMMANDS
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.journal.store import Journal
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.session_events import Began, Entered, SessionEvent, Spoke, Understood
from voicecoach.settings import Settings
from voicecoach.simulation.scenario_file import load_scenario
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.surroundings import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.dialogue.events import Note

BLOCK = 320
SCENES = sorted((Path(__file__).parent / "scenes").glob("*.yaml"))
MUCH_LIKE_BEDTIME = {
    "deep-bedtime",
    "ten-minutes",
    "back-strength",
    "in-bed-basics",
    "in-bed-basics-morning",
    "morning",
    "wind-down",
}
NEEDED = sorted(phrasebook().phrases_for(SAFETY - {Command("i can't kneel"), Command("i can't lie on my front")}))
"""After these nothing goes on by itself."""


@pytest.fixture
def restless(request: pytest.FixtureRequest) -> Iterator[RestlessSpeaker]:
    """A speaker of that seed and pace."""
    seed, pace = request.param
    speaker = RestlessSpeaker(seed, PACES[pace])
    yield speaker
    speaker.leaves()


def restless_assembly(speaker: RestlessSpeaker) -> Assembly:
    """Every coach that it makes has that speaker."""
    return Assembly(
        Settings(), make_coach=RestlessCoach, make_timeline=lambda *given: RestlessTimeline(speaker, *given)
    )


def every_scene_with_some_pace() -> Iterator[tuple[Path, tuple[int, str]]]:
    """Each scene once, each pace with every fourth; of the whole routines in which one word is said, one."""
    for n, scene in enumerate(scene for scene in SCENES if scene.stem not in MUCH_LIKE_BEDTIME):
        yield scene, (n, list(PACES)[n % len(PACES)])


@pytest.mark.parametrize(
    ("scene", "restless"),
    [pytest.param(scene, way, id=f"{scene.stem}-{way[1]}") for scene, way in every_scene_with_some_pace()],
    indirect=["restless"],
)
def test_a_scene_with_a_speaker_that_takes_blocks_whenever_it_likes(scene: Path, restless: RestlessSpeaker) -> None:
    session = rehearse(restless_assembly(restless), load_scenario(scene), as_text=True)
    assert not session.failures, "\n".join(session.failures)


class Bed:
    """A person in a small house, whose coach has a restless speaker."""

    def __init__(self, seed: int, pace: Slowness) -> None:
        self.events: list[SessionEvent] = []
        self.notes: list[Note] = []
        self.place: list[str] = []
        self.speaker = RestlessSpeaker(seed, pace)
        self.speech_input = TextInput()
        self.timeline = RestlessTimeline(self.speaker, MICROPHONE_HZ)
        memory = Memory(self.notes.append, lambda: at_rest().tonight, self.place.append, self.place.clear, lambda: None)
        clips = EstimatedClips(MICROPHONE_HZ, language().durations)
        self.coach = RestlessCoach(
            at_rest(), self.speech_input, phrasebook(), clips, self.timeline, memory, self.events.append
        )
        self.samples = 0

    def close(self) -> None:
        self.speaker.leaves()

    def passes(self, seconds: float) -> np.ndarray:
        sound = [np.zeros(0, np.float32)]
        for _ in range(round(seconds * MICROPHONE_HZ / BLOCK)):
            sound.append(self.coach.process(quiet(BLOCK)))
            self.samples += BLOCK
        return np.concatenate(sound)

    def says(self, words: str) -> None:
        self.speech_input.overhear(words, self.samples, self.samples + BLOCK)
        self.passes(2 * BLOCK / MICROPHONE_HZ)


def moments(events: list[SessionEvent]) -> list[float]:
    """When the coach decided something, in the order in which it was told."""
    return [
        one.at_s if isinstance(one, Entered) else one.ended_s for one in events if isinstance(one, Entered | Understood)
    ]


phrases = st.sampled_from(COMMANDS).flatmap(lambda one: st.sampled_from(phrasings(one)))
paces = st.sampled_from(list(PACES.values()))
seeds = st.integers(0, 2**16)


@settings(max_examples=60, deadline=None)
@given(
    seeds,
    paces,
    st.lists(st.tuples(phrases, st.sampled_from([0.1, 0.5, 2.0, 7.0])), max_size=8),
    st.sampled_from(NEEDED),
)
def test_whatever_is_said_time_never_runs_backwards_and_need_is_heeded(
    seed: int, pace: Slowness, events: list[tuple[str, float]], need: str
) -> None:
    with closing(Bed(seed, pace)) as bed:
        bed.says("start bedtime routine")
        for words, seconds in events:
            bed.says(words)
            bed.passes(seconds)
        bed.says(need)
        assert bed.coach.mode not in {"guiding", "greeting"}
        times = moments(bed.events)
        assert all(before <= after for before, after in pairwise(times))


@settings(max_examples=30, deadline=None)
@given(seeds, paces)
def test_the_counts_of_a_hold_lie_at_their_samples_from_its_beginning(seed: int, pace: Slowness) -> None:
    """All cues of a performance are placed between two blocks of the speaker, or none is."""
    with closing(Bed(seed, pace)) as bed:
        bed.says("start bedtime routine")
        bed.passes(45)
        began = [one for one in bed.events if isinstance(one, Began) and one.beat == "hold"]
        assert began
        for hold in began:
            planned = {round((hold.at_s + cue.at_s) * MICROPHONE_HZ): cue.sound for cue in hold.cues}
            within = range(min(planned), max(planned) + 1)
            spoken = {
                at: one.sound
                for one in bed.events
                if isinstance(one, Spoke) and one.whole and (at := round(one.began_s * MICROPHONE_HZ)) in within
            }
            assert spoken.items() <= planned.items()


@settings(max_examples=30, deadline=None)
@given(seeds, paces, st.floats(1, 30))
def test_stop_is_silence_from_the_block_that_is_taken_after_it_was_heard(
    seed: int, pace: Slowness, after_s: float
) -> None:
    with closing(Bed(seed, pace)) as bed:
        bed.says("start bedtime routine")
        bed.passes(after_s)
        bed.says("stop")
        # What the speaker had taken before is still on its way to the listener; then comes nothing but the fade.
        bed.passes(bed.speaker.ahead / MICROPHONE_HZ + 0.02)
        assert not bed.passes(1.5).any()


@pytest.mark.parametrize("pace", PACES.values(), ids=PACES.keys())
def test_a_look_up_during_which_the_speaker_plays_on_does_not_make_what_was_heard_old(
    pace: Slowness, tmp_path: Path
) -> None:
    speaker = RestlessSpeaker(0, pace)
    timeline, speech_input, seen = RestlessTimeline(speaker, MICROPHONE_HZ), TextInput(), list[SessionEvent]()
    with closing(Journal(tmp_path / "journal.sqlite3", pytest.fail)) as journal:
        coach = restless_assembly(speaker).coach(
            speech_input, EstimatedClips(MICROPHONE_HZ, language().durations), timeline, journal, seen.append
        )
        coach.open()
        for n, words in enumerate(["start bedtime routine", "no", "no", "three", "ready", "remind me"] * 3):
            at = n * 10 * BLOCK
            speech_input.overhear(words, at, at + BLOCK)
            for _ in range(10):
                coach.process(quiet(BLOCK))
    speaker.leaves()
    assert len([one for one in seen if isinstance(one, Understood)]) == 18
