"""Which words fall on which second of a hold, a breath, a movement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_house import language

from voicecoach.dialogue.cue_schedule import BreathCue, Manner, TalkLevel, cue_schedule, snapped
from voicecoach.dialogue.events import Chime
from voicecoach.routine.plan import Cycle, Hold, Wait, nominal_s
from voicecoach.routine.stretch import Phase, Unit

BREATHS = Cycle(8, (language().plan.breathe_in, language().plan.breathe_out), breathing=True)
LIFTS = Cycle(5, (Phase("Press your heels down and lift", "lift", 3.0), Phase("and lower", "lower", 2.0)))


def heard(
    beat: Wait | Hold | Cycle,
    talk: TalkLevel = TalkLevel.FULL,
    pace: float = 1.0,
    offset_s: float = 0.0,
    breath_cue: BreathCue = BreathCue.WORDS,
) -> str:
    """The score as one line: "1.0 one  2.0 two"."""
    cues = cue_schedule(beat, language(), talk, pace, offset_s, Manner(breath_cue)).cues
    named = ((cue.at_s, f"({cue.sound.value})" if isinstance(cue.sound, Chime) else cue.sound) for cue in cues)
    return "  ".join(f"{at_s:.1f} {sound}" for at_s, sound in named)


@pytest.mark.parametrize(
    ("hold", "talk", "expected"),
    [
        (Hold(3, Unit.COUNTS), TalkLevel.FULL, "1.5 one  3.0 two  4.5 three"),
        (Hold(3, Unit.COUNTS), TalkLevel.BRIEF, "1.5 one  3.0 two  4.5 three"),
        (Hold(3, Unit.COUNTS), TalkLevel.LEAST, "4.5 (done)"),
        (Hold(4, Unit.SECONDS), TalkLevel.FULL, "1.0 one  2.0 two  3.0 three  4.0 four"),
        (
            Hold(30, Unit.SECONDS),
            TalkLevel.FULL,
            "15.0 halfway  25.0 five  26.0 four  27.0 three  28.0 two  29.0 one  30.0 (done)",
        ),
        (Hold(30, Unit.SECONDS), TalkLevel.BRIEF, "27.0 three  28.0 two  29.0 one  30.0 (done)"),
        (Hold(30, Unit.SECONDS), TalkLevel.LEAST, "30.0 (done)"),
        (
            Hold(180, Unit.SECONDS),
            TalkLevel.BRIEF,
            "120.0 one minute left  180.0 (done)",
        ),
        (Hold(300, Unit.SECONDS), TalkLevel.FULL, "180.0 two minutes left  240.0 one minute left  300.0 (done)"),
    ],
)
def test_holds(hold: Hold, talk: TalkLevel, expected: str) -> None:
    assert heard(hold, talk) == expected


def test_the_first_breaths_are_counted_second_by_second() -> None:
    assert heard(BREATHS).startswith(
        "0.0 Breathe in  1.0 two  2.0 three  3.0 four  "
        "4.0 and out  5.0 two  6.0 three  7.0 four  8.0 five  9.0 six  10.0 Breathe in"
    )


def test_later_breaths_are_counted_breath_by_breath_and_the_last_is_announced() -> None:
    assert heard(BREATHS).endswith("30.0 breath four, in  34.0 and out  40.0 breath five, in  44.0 and out  "
                                   "50.0 breath six, in  54.0 and out  60.0 breath seven, in  64.0 and out  "
                                   "70.0 last one, in  74.0 and out")  # fmt: skip


@pytest.mark.parametrize(
    ("talk", "breath_cue", "toned_from_s"),
    [
        (TalkLevel.FULL, BreathCue.WORDS, None),
        (TalkLevel.FULL, BreathCue.WORDS_THEN_TONE, 30.0),
        (TalkLevel.FULL, BreathCue.TONE, 0.0),
        (TalkLevel.BRIEF, BreathCue.WORDS, 30.0),
        (TalkLevel.LEAST, BreathCue.WORDS, 0.0),
    ],
)
def test_tones_lead_breaths_from_the_first_or_after_the_third(
    talk: TalkLevel, breath_cue: BreathCue, toned_from_s: float | None
) -> None:
    cues = cue_schedule(BREATHS, language(), talk, 1.0, manner=Manner(breath_cue)).cues
    tones = [cue.at_s for cue in cues if cue.lasts_s is not None]
    words = [cue.at_s for cue in cues if isinstance(cue.sound, str)]
    if toned_from_s is None:
        assert tones == []
    else:
        assert tones == [at_s for at_s in (0, 4, 10, 14, 20, 24, 30, 34, 40, 44, 50, 54, 60, 64, 70, 74)
                         if at_s >= toned_from_s]  # fmt: skip
        assert all(at_s < toned_from_s for at_s in words)
        assert cues[-1].sound is Chime.DONE


def test_a_tone_lasts_as_long_as_its_breath_but_for_the_turn() -> None:
    tones = cue_schedule(BREATHS, language(), TalkLevel.LEAST, 1.2).cues[:2]
    assert [tone.sound for tone in tones] == [Chime.BREATHE_IN, Chime.BREATHE_OUT]
    assert [tone.lasts_s for tone in tones] == pytest.approx([3.6 * 1.2, 5.6 * 1.2])


def test_where_the_breath_is_held_there_is_no_tone() -> None:
    held = Cycle(
        2,
        (Phase("Breathe in", "in", 4.0), Phase("Hold", "hold", 2.0, is_hold=True), Phase("and out", "out", 6.0)),
        breathing=True,
    )
    assert heard(held, breath_cue=BreathCue.TONE) == "0.0 (in)  6.0 (out)  12.0 (in)  18.0 (out)  24.0 (done)"


def test_numbers_get_softer_towards_the_end_of_a_hold_at_bedtime() -> None:
    def gains_db(offset_s: float = 0.0, *, softens: bool = True) -> list[float]:
        hold, manner = Hold(5, Unit.COUNTS), Manner(softens=softens)
        return [cue.gain_db for cue in cue_schedule(hold, language(), TalkLevel.FULL, 1.0, offset_s, manner).cues]

    assert gains_db(softens=False) == [0.0] * 5
    assert gains_db() == [0.0, -1.5, -3.0, -4.5, -6.0]
    assert gains_db(4.0) == [-3.0, -4.5, -6.0], "also in the rest of a hold"


def test_movements_are_cued_in_full_twice_and_then_numbered() -> None:
    assert heard(LIFTS) == (
        "0.0 Press your heels down and lift  3.0 and lower  5.0 Press your heels down and lift  8.0 and lower  "
        "10.0 three, lift  13.0 lower  15.0 four, lift  18.0 lower  20.0 last one, lift  23.0 lower"
    )


def test_numbers_never_fall_into_the_words_before_them() -> None:
    long_words = Cycle(1, (Phase("Breathe in slowly through your nose", "in", 5.0, counted=True),))
    assert heard(long_words) == "0.0 Breathe in slowly through your nose  3.0 four  4.0 five"


def test_a_long_hold_within_a_movement_is_counted_down() -> None:
    held = Cycle(
        1, (Phase("Lift", "lift", 2.0), Phase("Stay up", "stay", 20.0, is_hold=True), Phase("Lower", "low", 3.0))
    )
    assert heard(held) == ("0.0 Lift  2.0 Stay up  17.0 five  18.0 four  19.0 three  20.0 two  21.0 one  22.0 Lower")


def test_pace_stretches_counts_and_breaths_but_not_seconds() -> None:
    assert heard(Hold(2, Unit.COUNTS), pace=1.2) == "1.8 one  3.6 two"
    assert heard(Hold(2, Unit.SECONDS), pace=1.2) == "1.0 one  2.0 two"
    assert cue_schedule(BREATHS, language(), TalkLevel.FULL, 1.2).length_s == pytest.approx(96.0)


def test_a_hold_goes_on_at_its_second() -> None:
    assert heard(Hold(5, Unit.COUNTS), offset_s=4.0) == "0.5 three  2.0 four  3.5 five"


@pytest.mark.parametrize(
    ("beat", "left_at_s", "taken_up_at_s"),
    [
        (Wait(10.0), 3.3, 3.3),
        (Hold(20, Unit.SECONDS), 7.25, 7.25),
        (Hold(20, Unit.SECONDS), 25.0, 20.0),
        (BREATHS, 37.0, 30.0),
        (LIFTS, 4.9, 0.0),
        (Cycle(1, LIFTS.phases), 4.0, 3.0),
    ],
    ids=["wait", "hold", "hold that is over", "breath", "movement", "single round"],
)
def test_where_a_beat_is_taken_up_again(beat: Wait | Hold | Cycle, left_at_s: float, taken_up_at_s: float) -> None:
    assert snapped(beat, left_at_s) == taken_up_at_s


holds = st.builds(Hold, st.integers(1, 600), st.sampled_from([Unit.SECONDS, Unit.COUNTS]))
cycles = st.builds(Cycle, st.integers(1, 30), st.sampled_from([BREATHS.phases, LIFTS.phases]), st.booleans())


@given(st.one_of(holds, cycles), st.sampled_from(TalkLevel), st.sampled_from([0.7, 1.0, 1.45]), st.floats(0, 700))
def test_no_cue_lies_outside_its_beat_and_all_are_in_order(
    beat: Hold | Cycle, talk: TalkLevel, pace: float, offset_s: float
) -> None:
    offset_s = snapped(beat, min(offset_s, nominal_s(beat)))
    part = cue_schedule(beat, language(), talk, pace, offset_s)
    times = [cue.at_s for cue in part.cues]
    assert times == sorted(times)
    assert all(-1e-9 <= at_s <= part.length_s + 1e-9 for at_s in times)


@given(holds, st.floats(0, 1))
def test_what_is_left_of_a_hold_is_its_own_end(hold: Hold, share: float) -> None:
    """Taking a hold up again gives exactly the cues that had not been heard."""
    offset_s = share * nominal_s(hold)
    whole = cue_schedule(hold, language(), TalkLevel.FULL, 1.0)
    rest = cue_schedule(hold, language(), TalkLevel.FULL, 1.0, offset_s)
    due = [cue for cue in whole.cues if cue.at_s >= offset_s]
    assert [cue.sound for cue in rest.cues] == [cue.sound for cue in due]
    assert [cue.at_s for cue in rest.cues] == pytest.approx([cue.at_s - offset_s for cue in due], abs=1e-6)
