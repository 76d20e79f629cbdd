"""The story: Ruth is 61, her lower back has ached for some weeks, and kneeling is hard for her.

Her pain grows in the second week, falls in the third, and stays low after two weeks away.  She talks as people do, and
not every answer of hers is clear.  What she says and when is written down here; everything that the coach says and
decides is its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from thirty_nights.visit import (
    Visit,
    after,
    before,
    ends,
    january,
    no_power,
    restful_session,
    says,
    thanks,
    whole_session,
)

if TYPE_CHECKING:
    from voicecoach.simulation.turns import Speak

NAME: Final = "Ruth"
_BASICS: Final = "can we do the bed basics"
_BEDTIME: Final = "let's start the bedtime routine"
_MINUTE: Final = 60.0

_FIRST_ANSWERS: Final = (
    says("no", "bladder or bowel"),
    says("not really", "grown weak lately"),
    says("no i haven't", "hurt yourself lately"),
    says("no", "without knowing why"),
    says("no i haven't", "not yet spoken with a doctor"),
    says("i don't know", "thin or brittle bones"),
    says("nope", "an operation in the last few months"),
    says("no i don't", "an artificial hip"),
    says("a bit", "hands and knees"),
    says("no", "is your mattress soft"),
    says("oh no", "are you pregnant"),
)
_SWAYING: Final = "lean them to the left"
_HUGGING: Final = "draw it gently in"
_CHOICE: Final = "breathe quietly"


def _hurts(words: str, when: str, *then: str) -> tuple[Speak, ...]:
    """Something hurts a while after the coach has said ``when``; and what she answers to the question that follows."""
    first, *others = then
    answers = [says(first, _CHOICE), *(says(other, after_s=12.0) for other in others)]
    return says(words, when, after_s=16.0), *answers


STORY: Final = (
    Visit(
        1,
        january(12, 22, 10),
        "Her first evening with the coach. Nobody has ever measured her bones.",
        (says(_BASICS), *_FIRST_ANSWERS, before("about a four"), after("maybe three"), ends()),
    ),
    Visit(
        2,
        january(13, 22, 5),
        "She has put a pillow beside her.",
        (says("i have a pillow"), *whole_session(_BASICS, "it's a four", "three i think")),
    ),
    Visit(
        3,
        january(14, 22, 15),
        "A quiet evening.",
        (*whole_session(_BASICS, "between three and four", "three or so"), *thanks("thank you so much")),
    ),
    Visit(4, january(15, 22, 0), "A quiet evening.", whole_session(_BASICS, "four", "about three")),
    Visit(
        5,
        january(16, 22, 20),
        "She carried boxes all day. For the first time she wants the longer routine.",
        whole_session(_BEDTIME, "maybe five", "about a five", *_hurts("that hurts", _SWAYING, "can we move on")),
    ),
    Visit(
        6,
        january(17, 22, 10),
        "The same routine once more.",
        whole_session(_BEDTIME, "five", "five", *_hurts("my knee hurts", _SWAYING, "i don't know", "can we move on")),
    ),
    Visit(
        7,
        january(18, 22, 30),
        "Her back has been worse since the boxes.",
        (
            says("how am i doing"),
            says(_BEDTIME, "too early to tell"),
            before("six out of ten"),
            *_hurts("ouch", _SWAYING, "let's end here"),
            ends(),
        ),
    ),
    Visit(
        8,
        january(19, 22, 10),
        "A day of rest behind her. The telephone rings.",
        whole_session(
            _BEDTIME,
            "it's about six",
            "i'd say five",
            says("hang on", "we begin with", after_s=6.0),
            says("okay i'm back", after_s=90.0),
            says("what was that", after_s=8.0),
        ),
    ),
    Visit(
        9,
        january(20, 23, 10),
        "Her doctor has told her that her bones are strong. It is late, and she is tired.",
        (
            says("just ten minutes"),
            says("no i don't", "thin or brittle bones"),
            says("i can't kneel", "hands and knees"),
            before("around six"),
            after("five"),
            ends(),
        ),
    ),
    Visit(
        10,
        january(21, 22, 0),
        "She does not know what to do tonight.",
        (
            says("something for tonight"),
            before("six"),
            says("i'm falling asleep", "and last", after_s=_MINUTE),
            ends("asleep"),
        ),
    ),
    Visit(
        11,
        january(22, 22, 15),
        "A bad day: she has sat in the car for five hours.",
        whole_session(
            _BASICS,
            "it really hurts",
            "eight",
            says("between five and six", "i am sorry that it hurts"),
            *_hurts("it hurts", _HUGGING, "something easier"),
            *_hurts("my back hurts", _HUGGING, "can we move on"),
        ),
    ),
    Visit(
        12,
        january(23, 22, 10),
        "No better.",
        (
            says(_BASICS),
            before("it's a six"),
            after("eight i'd say"),
            says("all right then", "would you like that"),
            ends("asleep"),
        ),
    ),
    Visit(13, january(24, 22, 0), "She has called her doctor.", restful_session(_BASICS, "it's a seven")),
    Visit(
        14,
        january(25, 22, 10),
        "The doctor has found nothing that worries him, and thinks that gentle stretching is fine.",
        (
            says("wind down please"),
            before("mhm siss"),
            says("six i think", "which number is it"),
            ends("asleep"),
        ),
    ),
    Visit(
        15,
        january(26, 22, 27),
        "She is reading, and wants to be reminded.",
        (
            says("remind me at half past ten"),
            says("not now", "ready for your bedtime routine", after_s=2.0),
            says("maybe", "ready for your bedtime routine", after_s=2.0),
            says("i think so", "ready for your bedtime routine", after_s=2.0),
            before("maybe a five"),
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
            "four or so",
            says("i need the bathroom", "now comes cat and cow", after_s=12.0),
            says("i'm back", after_s=150.0),
            no_power(5, "now comes the pelvic tilt", after_s=15.0),
            says("sure", "shall we go on", after_s=2.0),
        ),
    ),
    Visit(17, january(28, 22, 10), "A quiet evening.", whole_session(_BASICS, "five", "i think a four")),
    Visit(
        18,
        january(29, 22, 5),
        "Since last night the file of the history is damaged.",
        (says("am i getting better"), says(_BASICS, after_s=20.0), before("about four"), after("three"), ends()),
        damaged=True,
    ),
    Visit(19, january(30, 22, 15), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(
        20,
        january(31, 22, 10),
        "The last evening before she goes away.",
        (*whole_session(_BASICS, "about a four", "three"), *thanks("thank you coach")),
    ),
    Visit(
        21,
        january(46, 22, 10),
        "Two weeks and a day at her daughter's, without the coach.",
        (
            says(_BASICS),
            says("i don't think so", "trouble with your back or legs"),
            before("maybe five"),
            after("four"),
            ends(),
        ),
    ),
    Visit(
        22,
        january(47, 22, 0),
        "She misses what was left out.",
        (
            says("bring it back"),
            says("i guess so", "shall i bring it back"),
            says("bring it back", "then nothing changes", after_s=4.0),
            says("yes please", "shall i bring it back"),
            says(_BEDTIME, "it is in again"),
            before("five"),
            after("three"),
            ends(),
        ),
    ),
    Visit(
        23,
        january(48, 22, 50),
        "A long day.",
        whole_session("can we do fifteen minutes", "between three and four", "three"),
    ),
    Visit(24, january(49, 22, 10), "A quiet evening.", whole_session(_BASICS, "four", "three")),
    Visit(
        24,
        january(50, 7, 40),
        "She is a little stiff.",
        (says("start morning"), says("about a seven", "how did you sleep"), before("three"), after("two"), ends()),
    ),
    Visit(
        25,
        january(50, 22, 10),
        "The power is cut once more, and she is tired.",
        (
            says(_BASICS),
            before("maybe three"),
            no_power(3, "and last the spinal twist", after_s=30.0),
            says("i don't know", "shall we go on", after_s=2.0),
            ends(),
        ),
    ),
    Visit(26, january(51, 22, 10), "A quiet evening.", whole_session(_BASICS, "three", "about two")),
    Visit(27, january(52, 22, 20), "A quiet evening.", whole_session(_BASICS, "about three", "two")),
    Visit(28, january(53, 22, 10), "She lets the coach choose.", restful_session("something for tonight", "three")),
    Visit(29, january(54, 22, 0), "She lies there, thinks of her sister, and says nothing.", (says(_BASICS), ends())),
    Visit(
        30,
        january(55, 22, 10),
        "The thirtieth night.",
        (
            says("how am i doing"),
            says(_BASICS, after_s=20.0),
            before("about two"),
            after("one"),
            ends(),
            *thanks("thank you very much"),
        ),
    ),
)
