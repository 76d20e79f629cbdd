"""The story: Ruth is 61, her lower back has ached for some weeks, and kneeling is hard for her.

Her pain grows in the second week, falls in the third, and stays low after two weeks away.  What she says and when is
written down here; everything that the coach says and decides is its own.
"""

from __future__ import annotations

from typing import Final

from thirty_nights.visit import Visit, after, before, ends, january, no_power, restful_session, says, whole_session

NAME: Final = "Ruth"
_BASICS: Final = "start bed basics"
_BEDTIME: Final = "start bedtime"
_MINUTE: Final = 60.0

_FIRST_ANSWERS: Final = (
    says("no", "bladder or bowel"),
    says("no", "grown weak lately"),
    says("no", "bad fall lately"),
    says("no", "without knowing why"),
    says("no", "which is osteoporosis"),
    says("no", "an operation in the last few months"),
    says("yes", "hands and knees"),
    says("no", "is your mattress soft"),
    says("no", "are you pregnant"),
)
_THREADING_HURTS: Final = says("that hurts", "press your right knee away", after_s=16.0)
_HUGGING_HURTS: Final = says("that hurts", "draw it gently in", after_s=16.0)


def _then(words: str) -> tuple[str, str]:
    """What she answers to the question that follows "that hurts"."""
    return words, "breathe quietly"


STORY: Final = (
    Visit(
        1,
        january(12, 22, 10),
        "Her first evening with the coach.",
        (says(_BASICS), *_FIRST_ANSWERS, before("four"), after("three"), ends()),
    ),
    Visit(
        2,
        january(13, 22, 5),
        "She has put a pillow beside her.",
        (says("i have a pillow"), *whole_session(_BASICS, "four", "three")),
    ),
    Visit(3, january(14, 22, 15), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(4, january(15, 22, 0), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(
        5,
        january(16, 22, 20),
        "She carried boxes all day. For the first time she wants the longer routine.",
        whole_session(_BEDTIME, "five", "five", _THREADING_HURTS, says(*_then("next"))),
    ),
    Visit(
        6,
        january(17, 22, 10),
        "The same routine once more.",
        whole_session(_BEDTIME, "five", "five", _THREADING_HURTS, says(*_then("next"))),
    ),
    Visit(
        7,
        january(18, 22, 30),
        "Her back has been worse since the boxes.",
        (
            says("how am i doing"),
            says(_BEDTIME, "too early to tell"),
            before("six"),
            _THREADING_HURTS,
            says(*_then("end here")),
            ends(),
        ),
    ),
    Visit(8, january(19, 22, 10), "A day of rest behind her.", whole_session(_BEDTIME, "six", "five")),
    Visit(9, january(20, 23, 10), "It is late, and she is tired.", whole_session("ten minutes", "six", "five")),
    Visit(
        10,
        january(21, 22, 0),
        "She does not know what to do tonight.",
        (says("something for tonight"), before("six"), says("good night", "and last", after_s=_MINUTE), ends("asleep")),
    ),
    Visit(
        11,
        january(22, 22, 15),
        "A bad day: she has sat in the car for five hours.",
        whole_session(
            _BASICS, "six", "eight", _HUGGING_HURTS, says(*_then("easier")), _HUGGING_HURTS, says(*_then("next"))
        ),
    ),
    Visit(
        12,
        january(23, 22, 10),
        "No better.",
        (says(_BASICS), before("six"), after("eight"), says("yes", "would you like that"), ends("asleep")),
    ),
    Visit(13, january(24, 22, 0), "She has called her doctor.", restful_session(_BASICS, "seven")),
    Visit(
        14,
        january(25, 22, 10),
        "The doctor has found nothing that worries him, and thinks that gentle stretching is fine.",
        restful_session("start wind down", "six"),
    ),
    Visit(
        15,
        january(26, 22, 27),
        "She is reading, and wants to be reminded.",
        (
            says("remind me at half past ten"),
            says("later", "ready for your bedtime routine", after_s=2.0),
            says("yes", "ready for your bedtime routine", after_s=2.0),
            before("five"),
            after("four"),
            ends(),
        ),
    ),
    Visit(
        16,
        january(27, 22, 10),
        "A thunderstorm.",
        whole_session(
            _BASICS,
            "five",
            "four",
            no_power(5, "now comes the pelvic tilt", after_s=15.0),
            says("yes", "shall we go on", after_s=2.0),
        ),
    ),
    Visit(17, january(28, 22, 10), "A quiet evening.", whole_session(_BASICS, "five", "four")),
    Visit(
        18,
        january(29, 22, 5),
        "Since last night the file of the history is damaged.",
        (says("how am i doing"), says(_BASICS, after_s=20.0), before("four"), after("three"), ends()),
        damaged=True,
    ),
    Visit(19, january(30, 22, 15), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(20, january(31, 22, 10), "The last evening before she goes away.", whole_session(_BASICS, "four", "three")),
    Visit(
        21,
        january(46, 22, 10),
        "Two weeks and a day at her daughter's, without the coach.",
        (says(_BASICS), says("no", "trouble with your back or legs"), before("five"), after("four"), ends()),
    ),
    Visit(
        22,
        january(47, 22, 0),
        "She misses what was left out.",
        (
            says("bring it back"),
            says("yes", "shall i bring it back"),
            says(_BEDTIME, "it is in again"),
            before("five"),
            after("three"),
            ends(),
        ),
    ),
    Visit(23, january(48, 22, 50), "A long day.", whole_session("fifteen minutes", "four", "three")),
    Visit(24, january(49, 22, 10), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(
        24,
        january(50, 7, 40),
        "She is a little stiff.",
        (says("start morning"), says("seven", "how did you sleep"), before("three"), after("two"), ends()),
    ),
    Visit(
        25,
        january(50, 22, 10),
        "The power is cut once more, and she is tired.",
        (
            says(_BASICS),
            before("three"),
            no_power(3, "and last the spinal twist", after_s=30.0),
            says("no", "shall we go on", after_s=2.0),
            ends(),
        ),
    ),
    Visit(26, january(51, 22, 10), "A quiet evening.", whole_session(_BASICS, "three", "two")),
    Visit(27, january(52, 22, 20), "A quiet evening.", whole_session(_BASICS, "three", "two")),
    Visit(28, january(53, 22, 10), "She lets the coach choose.", restful_session("something for tonight", "three")),
    Visit(29, january(54, 22, 0), "A quiet evening.", whole_session(_BASICS, "two", "one")),
    Visit(
        30,
        january(55, 22, 10),
        "The thirtieth night.",
        (says("how am i doing"), says(_BASICS, after_s=20.0), before("two"), after("one"), ends()),
    ),
)
