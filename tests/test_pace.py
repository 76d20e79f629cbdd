"""How long sentences last: by estimate, and measured."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
from small_house import language

from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.speaking.finish import finish

speech_s, syllables = language().durations.speech_s, language().durations.syllables

MEASURED_S = {
    "One.": 0.54,
    "Two.": 0.48,
    "Seven.": 0.66,
    "Ten.": 0.49,
    "Right.": 0.47,
    "Good.": 0.41,
    "Yes.": 0.53,
    "In.": 0.44,
    "And out.": 0.67,
    "Breathe in.": 0.73,
    "Breathe out slowly.": 1.20,
    "In, lift.": 0.91,
    "Out, round.": 1.10,
    "Next: child's pose.": 1.93,
    "Ready?": 0.57,
    "Hold.": 0.58,
    "Let go.": 0.77,
    "Slowly let go.": 1.17,
    "Now the left side.": 1.28,
    "And the other side.": 1.14,
    "Both knees now.": 1.12,
    "Ten seconds left.": 1.22,
    "Halfway.": 0.78,
    "Well done.": 0.77,
    "Last one.": 0.86,
    "Good night.": 0.69,
    "Pausing. Say continue when you are ready.": 2.77,
    "I stopped. Say continue, or good night.": 3.08,
    "Next: knee to chest. Lie on your back with your knees bent.": 3.92,
    "Lie on your back with your knees bent and your feet flat on the bed.": 3.75,
    "Bring your right knee up to your chest and hold it with both hands.": 3.93,
    "Hold for ten slow counts.": 1.87,
    "Keep breathing, long and easy.": 2.07,
    "Let your shoulders sink into the mattress.": 2.42,
    "Breathe in through your nose, and let your belly rise.": 2.95,
    "Breathe out through your mouth, as long as you can.": 2.77,
    "Let both knees fall gently to the right, and turn your head to the left.": 4.21,
    "Press the small of your back flat into the bed, and hold for five seconds.": 4.74,
    "This eases the muscles along your spine and makes room between the vertebrae.": 4.65,
    "Do this as many times as is comfortable, and say next when you have had enough.": 4.95,
    "Welcome. Tonight we do the bedtime routine: eight stretches, about fifteen minutes.": 5.93,
    "If anything hurts, say that hurts, and we will stop at once.": 4.13,
    "That was the last stretch. Sleep well.": 2.71,
    "Please stop now, and call a doctor today: numbness like this must be looked at.": 5.25,
    "Slide one hand under the small of your back; there should be just a little room.": 4.75,
    "There are three stretches left, about six minutes.": 3.10,
    "We are at the fourth of eight stretches: supine twist.": 3.38,
    "Cross your right ankle over your left knee, reach through, and pull the thigh towards you.": 5.35,
    "Straighten your legs, let your arms rest beside you, palms up, and close your eyes.": 5.68,
    "Come onto your hands and knees, slowly, with your wrists under your shoulders.": 4.83,
    "Sit back on your heels and stretch your arms forward until your forehead rests on the bed.": 5.34,
    "I did not understand the number. From zero to ten, how much does your back hurt?": 5.43,
    "Do you have osteoporosis? Say yes or no.": 3.37,
    "Skipped.": 0.63,
    "A little louder.": 1.04,
    "Easier: keep the other foot flat on the bed, and hold behind the thigh instead of the knee.": 5.94,
    "Tighten your stomach, lift your hips until your body makes a straight line, and breathe.": 5.44,
    "Feel your feet. Feel your calves. Feel your thighs, heavy and warm.": 5.23,
    "Four, three, two, one.": 2.29,
    "Scoot close to the headboard, turn sideways, and swing both legs up against the wall.": 5.81,
    "Once more.": 0.87,
    "Sixteen.": 0.78,
    "Twenty seconds.": 1.18,
    "The small of your back, your belly, and your chest: let them all go soft.": 4.65,
    "Okay, we leave out cat cow from now on.": 2.94,
    "It stretches the hips and the buttocks, which pull on the lower back when they are tight.": 4.97,
}
"""Finished clips of espeak-ng 1.51's en-gb+f3 at 150 words a minute."""


def errors(measured_s: dict[str, float]) -> list[float]:
    """How far off each estimate is, as a fraction of the truth."""
    return [speech_s(sentence) / seconds - 1 for sentence, seconds in measured_s.items()]


def test_estimates_are_near_the_voice() -> None:
    long = {sentence: seconds for sentence, seconds in MEASURED_S.items() if seconds > 2.0}
    assert np.mean(np.abs(errors(MEASURED_S))) < 0.06
    assert np.mean(np.abs(errors(long))) < 0.035
    assert np.max(np.abs(errors(MEASURED_S))) < 0.3


def test_over_a_whole_session_errors_even_out() -> None:
    assert sum(map(speech_s, MEASURED_S)) == pytest.approx(sum(MEASURED_S.values()), rel=0.01)


def test_twice_the_speed_takes_half_the_time() -> None:
    sentence = "Let your shoulders sink into the mattress."
    assert speech_s(sentence, 75) == pytest.approx(2 * speech_s(sentence, 150))


@pytest.mark.parametrize("nothing", ["", " ", "...", "\n"])
def test_no_words_take_no_time(nothing: str) -> None:
    assert speech_s(nothing) == 0.0


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("Breathe in and out.", "Breathe in, and out."),
        ("Breathe in, and out.", "Breathe in. And out."),
        ("Hold for seconds.", "Hold for 10 seconds."),
        ("Hold for 5 seconds.", "Hold for 15 seconds."),
        ("Rest a while.", "Rest a while - and then some."),
    ],
)
def test_pauses_and_figures_take_time(shorter: str, longer: str) -> None:
    assert speech_s(shorter) < speech_s(longer)


@pytest.mark.parametrize(
    ("word", "number"),
    [("one", 1), ("knee", 1), ("breathe", 1), ("belly", 2), ("gentle", 2), ("lifted", 2), ("pulled", 1), ("hmm", 1)],
)
def test_syllables_are_counted_by_the_vowels_that_are_heard(word: str, number: int) -> None:
    assert syllables(word) == number


@pytest.mark.sound
def test_the_voice_on_this_machine_speaks_as_fast_as_the_one_that_was_measured() -> None:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        pytest.skip("needs espeak-ng: sudo apt install espeak-ng")
    spoken_s = {}
    with EspeakSynthesizer() as synthesizer:
        for sentence in MEASURED_S:
            samples, rate_hz = synthesizer.render(sentence, Voice())
            spoken_s[sentence] = len(finish(samples.astype(np.float32) / np.float32(32768), rate_hz)) / rate_hz
    assert np.mean(np.abs(errors(spoken_s))) < 0.07
