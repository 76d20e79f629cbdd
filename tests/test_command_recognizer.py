"""What the recogniser of commands hears: whole phrases, at once, each of them once.

The sound here is written in the language of `pretended_model`: the times are exact, and so are the expectations.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pretended_model import ENDPOINT_S, TRAITS, WORDS, PretendedModel, PretendedRecognizer, quiet, say

from voicecoach.engines.recognition.port import MICROPHONE_HZ, Alternative, Partial, Result, Utterance
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.phrases import check_phrases, missing_words
from voicecoach.hearing.policy import BackgroundRules, EndpointRules, PhrasePolicy, Policy

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import RecognizerTraits

ENDPOINT, BACKGROUND = EndpointRules(), BackgroundRules()
BLOCK_S = 0.02
BLOCK = round(BLOCK_S * MICROPHONE_HZ)
GUIDING = ["next", "stop", "how long", "that hurts"]
ASKING = ["yes", "no", "stop"]
FOR_NOTHING_AND_FOR_ALL = 2
"""Recognisers that are made before anything is said."""
RESTING = ["start bedtime", "start bedtime routine"]


def heard_in(recognizer: CommandRecognizer, block: NDArray[np.float32]) -> list[Utterance]:
    """What ends in ``block``, while the speaker is silent."""
    return recognizer.hear(block, np.zeros_like(block))


def hear(recognizer: CommandRecognizer, *sounds: NDArray[np.float32], block: int = BLOCK) -> list[Utterance]:
    """Everything that ``recognizer`` hears in ``sounds``, one after the other."""
    sound = np.concatenate(sounds)
    return [
        utterance for at in range(0, len(sound), block) for utterance in heard_in(recognizer, sound[at : at + block])
    ]


def listening(phrases: Collection[str], model: PretendedModel | None = None) -> CommandRecognizer:
    """Ears that have been listening to a silent room for a while."""
    recognizer = CommandRecognizer(model or PretendedModel())
    recognizer.listen_for(phrases)
    assert hear(recognizer, quiet(2.0)) == []
    return recognizer


def phrases_of(utterances: list[Utterance]) -> list[str | None]:
    return [utterance.phrase for utterance in utterances]


# --- whole phrases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words", "phrase"),
    [
        ("next", "next", "next"),
        ("how long", "how long", "how long"),
        ("long", "long", None),
        ("next next stop", "next next stop", None),
        ("oh dear", "[unk] [unk]", None),
        ("oh stop dear", "[unk] stop [unk]", None),
        ("stop oh dear", "stop [unk] [unk]", None),
        ("yes", "[unk]", None),
    ],
)
def test_only_a_whole_phrase_is_accepted(said: str, words: str, phrase: str | None) -> None:
    (utterance,) = hear(listening(GUIDING), say(said), quiet(2.0))
    assert (utterance.words, utterance.phrase) == (words, phrase)


def test_an_utterance_tells_when_it_was_noticed_and_when_it_was_accepted() -> None:
    model = PretendedModel(lag_s=0.2)
    (utterance,) = hear(listening(GUIDING, model), say("next"), quiet(2.0))
    began_s, ended_s = utterance.began / MICROPHONE_HZ, utterance.ended / MICROPHONE_HZ
    assert began_s == pytest.approx(2.0 + 0.2, abs=2 * BLOCK_S)
    assert ended_s == pytest.approx(2.0 + 0.3 + ENDPOINT.endpoint_silence_s, abs=2 * BLOCK_S)


DOUBTFUL = PretendedModel(doubts={"stop": {"next": -1.0}, "yes": {"[unk]": -3.0}})
"""Hears "stop" with a confidence of 0.73, and "yes" with one of 0.95."""


@pytest.mark.parametrize(("said", "phrase"), [("stop", None), ("yes", "yes"), ("no", "no")])
def test_what_is_not_sure_is_heard_but_not_obeyed(said: str, phrase: str | None) -> None:
    (utterance,) = hear(listening(["stop", "next", "yes", "no"], DOUBTFUL), say(said), quiet(2.0))
    assert (utterance.words, utterance.phrase) == (said, phrase)


def test_a_phrase_may_be_easier_or_harder_to_accept_than_the_others() -> None:
    recognizer = CommandRecognizer(DOUBTFUL, Policy({"stop": PhrasePolicy(0.7), "yes": PhrasePolicy(0.99)}))
    recognizer.listen_for(["stop", "next", "yes"])
    said = hear(recognizer, quiet(1.0), say("stop"), quiet(1.0), say("yes"), quiet(2.0))
    assert phrases_of(said) == ["stop", None]


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "phrases", "noise", "waits_s"),
    [
        ("stop", GUIDING, 0.0, ENDPOINT.endpoint_silence_s),
        ("start bedtime routine", RESTING, 0.0, ENDPOINT.endpoint_silence_s),
        ("start bedtime", RESTING, 0.0, ENDPOINT_S),
        # In noise nobody can tell by loudness that a voice has fallen silent; the recogniser does it by the sound.
        ("stop", GUIDING, 0.09, ENDPOINT_S),
        # What is no phrase has time.
        ("long", GUIDING, 0.0, ENDPOINT_S),
    ],
)
def test_a_phrase_is_accepted_as_soon_as_the_voice_falls_silent(
    said: str, phrases: list[str], noise: float, waits_s: float
) -> None:
    spoken = say(said)
    (utterance,) = hear(listening(phrases), np.maximum(spoken, np.float32(noise)), quiet(2.0, noise))
    waited_s = utterance.ended / MICROPHONE_HZ - 2.0 - len(spoken) / MICROPHONE_HZ
    assert waited_s == pytest.approx(waits_s, abs=2 * BLOCK_S)


def test_a_pause_for_breath_does_not_end_a_phrase_that_may_go_on() -> None:
    said = hear(listening(RESTING), say("start bedtime"), quiet(0.4), say("routine"), quiet(2.0))
    assert phrases_of(said) == ["start bedtime routine"]


def test_words_that_have_only_just_shown_must_stand_for_a_moment() -> None:
    # "how" shows 0.7 s after it began, "how long" 0.34 s later: by then the voice has been silent long enough.
    said = hear(listening(GUIDING, PretendedModel(lag_s=0.7)), say("how long"), quiet(2.0))
    assert phrases_of(said) == ["how long"]
    assert said[0].ended / MICROPHONE_HZ == pytest.approx(2.0 + 0.34 + 0.7 + 0.1, abs=2 * BLOCK_S)


def test_a_phrase_that_a_sentence_begins_with_is_not_obeyed() -> None:
    assert phrases_of(hear(listening(GUIDING), say("stop"), quiet(0.2), say("oh dear"), quiet(2.0))) == [None]


@pytest.mark.parametrize("between_s", [0.45, 0.6, 1.0, 3.0])
def test_the_same_word_said_twice_is_two_commands(between_s: float) -> None:
    said = hear(listening(GUIDING), say("next"), quiet(between_s), say("next"), quiet(2.0))
    assert phrases_of(said) == ["next", "next"]
    assert said[0].ended <= said[1].began


def test_no_stop_is_heard_inside_running_speech() -> None:
    recognizer = listening(GUIDING)
    babble = [say(words) for words in ("oh dear", "stop", "oh", "stop", "dear dear")]
    pauses = [quiet(0.2)] * len(babble)
    sounds = [sound for pair in zip(babble, pauses, strict=True) for sound in pair]
    assert phrases_of(hear(recognizer, *sounds, quiet(2.0))) == [None]


# --- urgent -----------------------------------------------------------------------------------------------------------


class UnsureOf(PretendedModel):
    """Has a recogniser that does not know for sure what a word was, and others that do."""

    def __init__(self, word: str, *, the: int, lag_s: float) -> None:
        """Doubt ``word`` in the recogniser that was made after ``the`` others."""
        super().__init__(lag_s)
        self._word, self._the = word, the

    def recognizer(self, phrases: Collection[str]) -> PretendedRecognizer:
        self.doubts = {self._word: {"[unk]": 0.0}} if len(self.grammars) == self._the else {}
        return super().recognizer(phrases)


URGENT = Policy(dict.fromkeys(["stop", "that hurts"], PhrasePolicy(urgent=True)))


def in_need(model: PretendedModel | None = None) -> CommandRecognizer:
    """Ears in a silent room for which "stop" and "that hurts" are urgent."""
    recognizer = CommandRecognizer(model or PretendedModel(lag_s=0.1), URGENT)
    recognizer.listen_for(GUIDING)
    assert hear(recognizer, quiet(2.0)) == []
    return recognizer


@pytest.mark.parametrize(
    ("said", "phrase", "waits_s"),
    [
        ("stop", "stop", ENDPOINT.urgent_silence_s),
        ("that hurts", "that hurts", ENDPOINT.urgent_silence_s),
        ("next", "next", ENDPOINT.endpoint_silence_s),
    ],
)
def test_what_is_urgent_is_accepted_almost_at_once(said: str, phrase: str, waits_s: float) -> None:
    spoken = say(said)
    (utterance,) = hear(in_need(), spoken, quiet(2.0))
    waited_s = utterance.ended / MICROPHONE_HZ - 2.0 - len(spoken) / MICROPHONE_HZ
    assert utterance.phrase == phrase
    assert waited_s == pytest.approx(waits_s, abs=2 * BLOCK_S)


def test_what_is_urgent_is_obeyed_also_when_more_is_said_after_it() -> None:
    said = hear(in_need(), say("stop"), quiet(0.2), say("oh dear"), quiet(2.0))
    assert phrases_of(said) == ["stop", None]


def test_stop_said_in_panic_is_one_stop() -> None:
    assert phrases_of(hear(in_need(), say("stop stop stop"), quiet(2.0))) == ["stop"]


def test_what_was_tried_too_soon_is_heard_again_to_its_end() -> None:
    """At first "stop" could as well be "next"; nothing of what follows is lost, nor what came before."""
    model = PretendedModel(lag_s=0.1, doubts={"stop": {"next": 0.0}})
    said = hear(in_need(model), say("stop"), quiet(0.2), say("oh dear"), quiet(2.0), say("next"), quiet(1.0))
    assert [utterance.words for utterance in said] == ["stop [unk] [unk]", "next"]
    assert phrases_of(said) == [None, "next"]


AT_ONCE = Policy({"stop": PhrasePolicy(urgent=True, at_once=True)})
MAY_GO_ON = ["stop", "next", "stop routine"]


def going_on(phrases: Collection[str] = MAY_GO_ON) -> CommandRecognizer:
    """Ears in a silent room for which "stop" waits for nothing, also where it may be the beginning of more."""
    recognizer = CommandRecognizer(PretendedModel(lag_s=0.1), AT_ONCE)
    recognizer.listen_for(phrases)
    assert hear(recognizer, quiet(2.0)) == []
    return recognizer


def test_stop_does_not_wait_for_more_that_may_follow() -> None:
    (alone,) = hear(going_on(["stop", "next"]), say("stop"), quiet(3.0))
    (beginning,) = hear(going_on(), say("stop"), quiet(3.0))
    assert alone == beginning


@pytest.mark.parametrize(
    ("rest", "obeyed"),
    [
        ([quiet(0.04), say("routine")], ["stop routine"]),
        ([quiet(0.1), say("routine")], ["stop", "stop routine"]),
        ([quiet(0.6), say("routine")], ["stop", "stop routine"]),
        ([quiet(2.0), say("routine")], ["stop", None]),
        ([quiet(0.1), say("oh dear")], ["stop", None]),
        ([quiet(0.1), say("routine oh")], ["stop", None]),
        ([quiet(0.6), say("stop")], ["stop", "stop"]),
        ([quiet(0.6), say("next")], ["stop", "next"]),
        ([quiet(0.1), say("routine"), quiet(1.0), say("next")], ["stop", "stop routine", "next"]),
    ],
)
def test_where_stop_was_the_beginning_of_more_that_follows(
    rest: list[NDArray[np.float32]], obeyed: list[str | None]
) -> None:
    said = hear(going_on(), say("stop"), *rest, quiet(2.0))
    assert phrases_of(said) == obeyed
    assert all(one.ended <= other.began for one, other in pairwise(said))


def test_what_follows_on_stop_may_be_valid_only_after_it() -> None:
    recognizer = going_on(["stop", "next"])
    said = hear(recognizer, say("stop"), quiet(0.1))
    recognizer.listen_for(MAY_GO_ON)
    said += hear(recognizer, say("routine"), quiet(2.0))
    assert phrases_of(said) == ["stop", "stop routine"]


def test_phrases_of_one_meaning_do_not_wait_for_each_other() -> None:
    recognizer = CommandRecognizer(PretendedModel(), Policy(meaning=lambda phrase: phrase.split()[0]))
    recognizer.listen_for(RESTING)
    spoken = say("start bedtime")
    (utterance,) = hear(recognizer, quiet(2.0), spoken, quiet(2.0))
    waited_s = utterance.ended / MICROPHONE_HZ - 2.0 - len(spoken) / MICROPHONE_HZ
    assert waited_s == pytest.approx(ENDPOINT.endpoint_silence_s, abs=2 * BLOCK_S)


# --- other talk -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pause_s", "said", "phrase"),
    [
        (ENDPOINT_S + 0.1, "next", None),
        (ENDPOINT_S + 1.0, "next", "next"),
        (ENDPOINT_S + 0.1, "stop", "stop"),
        (ENDPOINT_S + 0.1, "that hurts", "that hurts"),
    ],
)
def test_a_piece_of_other_talk_is_not_meant_for_the_coach_unless_it_is_urgent(
    pause_s: float, said: str, phrase: str | None
) -> None:
    heard = hear(in_need(), say("oh dear"), quiet(pause_s), say(said), quiet(2.0))
    assert phrases_of(heard) == [None, phrase]


def test_a_command_that_was_taken_for_talk_is_no_talk() -> None:
    """It is refused as a piece of what went before; the next one does not stand beside that any more."""
    heard = hear(in_need(), say("oh dear"), quiet(0.8), *[say("next"), quiet(0.7)] * 3, quiet(2.0))
    assert phrases_of(heard) == [None, None, "next", "next"]


def test_after_a_command_the_next_one_may_follow_at_once() -> None:
    heard = hear(in_need(), say("next"), quiet(0.5), say("how long"), quiet(2.0))
    assert phrases_of(heard) == ["next", "how long"]


def test_who_is_much_louder_than_the_talk_beside_is_somebody_else() -> None:
    """A television talks on while a person in the room speaks."""
    soft_talk = quiet(1.0, 0.1001)
    assert phrases_of(hear(in_need(), soft_talk, quiet(0.9), say("next"), quiet(2.0)))[-1] == "next"
    loud_talk = quiet(1.0, 0.39)
    assert phrases_of(hear(in_need(), loud_talk, quiet(0.9), say("next"), quiet(2.0)))[-1] is None


def test_stop_is_heard_from_somebody_who_is_louder_than_the_talk_that_goes_on() -> None:
    """Nobody waits for a television to take a breath."""
    television = quiet(3.0, 0.1001)
    assert phrases_of(hear(in_need(), television, quiet(0.6), say("stop"), television))[0] == "stop"


def test_a_command_of_a_moment_ago_is_no_talk_that_a_stop_must_be_louder_than() -> None:
    """ "Repeat!  Stop!" - with what is left of the coach's answer in between."""
    rest_of_echo = quiet(0.3, 0.1001)
    sounds = [say("how long"), quiet(0.5), rest_of_echo, quiet(0.6), say("stop")]
    _, stop = hear(in_need(), *sounds, quiet(0.5, 0.1001))
    assert stop.phrase == "stop"
    assert stop.ended <= (2.0 + 0.1) * MICROPHONE_HZ + len(np.concatenate(sounds))


def test_a_stop_over_talk_is_heard_again_when_it_was_not_over_yet() -> None:
    television = quiet(3.0, 0.1001)
    heard = hear(
        in_need(UnsureOf("stop", the=FOR_NOTHING_AND_FOR_ALL, lag_s=0.1)),
        television,
        quiet(0.6),
        say("stop"),
        television,
    )
    assert phrases_of(heard)[0] == "stop"


@pytest.mark.parametrize(
    ("television", "phrases"),
    [
        (0.1001, ["next"]),  # 12 dB softer
        (0.15, []),  # 9 dB
    ],
)
def test_a_person_who_stands_out_from_a_television_is_heard(television: float, phrases: list[str]) -> None:
    """It talks on before and after, and the recogniser knows no end of it."""
    assert [phrase for phrase in phrases_of(hear(in_need(), *amid(television))) if phrase] == phrases


def test_a_television_that_has_talked_all_evening_does_not_hide_who_stands_out() -> None:
    talk = [part for _ in range(2 * BACKGROUND.recurring_times) for part in (quiet(1.0, 0.1001), quiet(1.0))]
    assert [phrase for phrase in phrases_of(hear(in_need(), *talk, *amid(0.1001))) if phrase] == ["next"]


def amid(television: float) -> list[NDArray[np.float32]]:
    """Somebody says "next" in a pause of other talk, too short for the recogniser to find an end."""
    return [quiet(2.0, television), quiet(0.3), say("next"), quiet(0.3), quiet(2.0, television), quiet(2.0)]


def test_a_stop_that_is_as_loud_as_the_talk_around_it_is_a_part_of_it() -> None:
    talk = quiet(3.0, 0.39)
    assert phrases_of(hear(in_need(), talk, quiet(0.6), say("stop"), talk, quiet(2.0))) == [None]


def snoring(times: int, level: float = 0.39) -> NDArray[np.float32]:
    """Somebody snores: every two and a half seconds something that is no word.  "Next" has a level of 0.4."""
    return np.concatenate([np.concatenate([quiet(0.8, level), quiet(1.7)]) for _ in range(times)])


@pytest.mark.parametrize(
    ("times", "level", "said", "phrase"),
    [
        (BACKGROUND.recurring_times - 1, 0.39, "next", "next"),
        (BACKGROUND.recurring_times, 0.39, "next", None),
        (BACKGROUND.recurring_times, 0.39, "stop", "stop"),
        (BACKGROUND.recurring_times, 0.1001, "next", "next"),
    ],
)
def test_where_somebody_snores_a_phrase_must_be_louder_unless_it_is_urgent(
    times: int, level: float, said: str, phrase: str | None
) -> None:
    heard = hear(in_need(), snoring(times, level), quiet(0.5), say(said), quiet(2.0))
    assert phrases_of(heard) == [None] * times + [phrase]


def test_every_other_breath_of_a_snorer_is_soft_and_does_not_count() -> None:
    breaths = [snoring(1, level) for level in (0.39, 0.1001, 0.39, 0.1001, 0.1001, 0.39, 0.1001)]
    heard = hear(in_need(), *breaths, quiet(0.5), say("next"), quiet(2.0))
    assert phrases_of(heard) == [None] * (len(breaths) + 1)


def test_where_somebody_snores_a_mere_guess_is_not_even_a_stop() -> None:
    model = PretendedModel(lag_s=0.1, doubts={"stop": {"[unk]": 0.5}})
    recognizer = CommandRecognizer(model, Policy({"stop": PhrasePolicy(0.3, urgent=True)}))
    recognizer.listen_for(["stop"])
    sounds = quiet(1.0), say("stop"), quiet(1.0), snoring(BACKGROUND.recurring_times, 0.45), say("stop"), quiet(1.0)
    assert phrases_of(hear(recognizer, *sounds)) == ["stop", *[None] * BACKGROUND.recurring_times, None]


def test_nobody_snores_a_whole_sentence() -> None:
    recognizer = CommandRecognizer(PretendedModel())
    recognizer.listen_for(RESTING)
    heard = hear(
        recognizer, snoring(BACKGROUND.recurring_times, 0.65), quiet(1.0), say("start bedtime routine"), quiet(1.0)
    )
    assert phrases_of(heard) == [*[None] * BACKGROUND.recurring_times, "start bedtime routine"]


def test_it_is_forgotten_when_the_snoring_has_been_over_for_a_while() -> None:
    heard = hear(
        in_need(), snoring(BACKGROUND.recurring_times), quiet(BACKGROUND.recurring_window_s), say("next"), quiet(2.0)
    )
    assert phrases_of(heard) == [None] * BACKGROUND.recurring_times + ["next"]


# --- another set of phrases -------------------------------------------------------------------------------------------


def test_other_phrases_count_from_the_next_utterance_on() -> None:
    recognizer = listening(GUIDING)
    recognizer.listen_for(ASKING)
    assert phrases_of(hear(recognizer, say("yes"), quiet(2.0), say("next"), quiet(2.0))) == ["yes", None]


def test_the_same_phrases_again_change_nothing() -> None:
    model = PretendedModel()
    recognizer = listening(GUIDING, model)
    made = len(model.grammars)
    said = []
    for part in np.array_split(say("how long"), 10):
        recognizer.listen_for(tuple(reversed(GUIDING)))
        said += hear(recognizer, part)
    said += hear(recognizer, quiet(2.0))
    assert phrases_of(said) == ["how long"]
    assert len(model.grammars) == made


def test_an_utterance_under_way_is_heard_to_its_end_with_the_phrases_it_began_with() -> None:
    recognizer = listening(GUIDING)
    said = hear(recognizer, say("how"))
    recognizer.listen_for(ASKING)
    said += hear(recognizer, quiet(0.04), say("long"), quiet(2.0), say("yes"), quiet(2.0))
    assert phrases_of(said) == ["how long", "yes"]


@pytest.mark.parametrize("begun_s", [0.02, 0.1, 0.3, 0.5])
def test_a_word_that_had_begun_but_did_not_show_yet_is_not_lost(begun_s: float) -> None:
    recognizer = listening(GUIDING, PretendedModel(lag_s=0.6))
    word = say("yes", word_s=0.6)
    begun = round(begun_s * MICROPHONE_HZ)
    said = hear(recognizer, word[:begun])
    recognizer.listen_for(ASKING)
    said += hear(recognizer, word[begun:], quiet(2.0))
    assert phrases_of(said) == ["yes"]


def test_what_was_accepted_is_not_heard_again_with_other_phrases() -> None:
    recognizer = listening(GUIDING)
    said = hear(recognizer, say("stop"), quiet(ENDPOINT.endpoint_silence_s + 2 * BLOCK_S))
    assert phrases_of(said) == ["stop"]
    recognizer.listen_for(ASKING)
    assert hear(recognizer, quiet(2.0)) == []


def test_what_was_only_just_said_is_heard_when_the_phrases_change_before_it_shows() -> None:
    # A whole word, said before the change, shows in the pre-roll of the new recogniser.
    recognizer = listening(GUIDING, PretendedModel(lag_s=0.6))
    hear(recognizer, say("yes", word_s=0.2), quiet(0.35))
    recognizer.listen_for(ASKING)
    assert phrases_of(hear(recognizer, quiet(2.0))) == ["yes"]


def test_what_a_new_recogniser_makes_of_sound_from_before_is_placed_where_it_was_said() -> None:
    model = PretendedModel(lag_s=0.6)
    recognizer = listening(GUIDING, model)
    assert hear(recognizer, say("yes", word_s=0.2), quiet(0.35)) == []
    model.lag = 0
    recognizer.listen_for(ASKING)
    (utterance,) = hear(recognizer, quiet(1.0))
    assert utterance.phrase == "yes"
    assert utterance.began / MICROPHONE_HZ == pytest.approx(2.0, abs=0.2)
    assert utterance.ended / MICROPHONE_HZ <= 2.0 + 0.2 + 0.35


def test_somebody_who_never_pauses_cannot_hold_up_a_change_of_phrases() -> None:
    model = PretendedModel()
    recognizer = listening(GUIDING, model)
    babble = say("oh dear " * 20)
    hear(recognizer, babble[:MICROPHONE_HZ])
    cut = []
    for seconds in range(1, round(ENDPOINT.patience_s) + 2):
        recognizer.listen_for(RESTING if seconds % 2 else ASKING)
        cut += hear(recognizer, babble[seconds * MICROPHONE_HZ : (seconds + 1) * MICROPHONE_HZ])
    assert phrases_of(cut) == [None]
    assert (cut[0].ended - 2 * MICROPHONE_HZ) / MICROPHONE_HZ == pytest.approx(1.0 + ENDPOINT.patience_s, abs=BLOCK_S)
    assert model.grammars[-1] == set(ASKING)


def test_phrases_that_change_twice_within_an_utterance_end_as_the_last_ones() -> None:
    model = PretendedModel()
    recognizer = listening(GUIDING, model)
    said = hear(recognizer, say("how"))
    recognizer.listen_for(RESTING)
    recognizer.listen_for(ASKING)
    said += hear(recognizer, quiet(0.04), say("long"), quiet(1.0))
    assert phrases_of(said) == ["how long"]
    assert model.grammars[-1] == set(ASKING)


# --- what is no command -----------------------------------------------------------------------------------------------


def test_endless_babble_is_cut_off() -> None:
    recognizer = listening(GUIDING)
    (first,) = hear(recognizer, say("oh dear " * 17))
    assert first.phrase is None
    assert (first.ended - first.began) / MICROPHONE_HZ == pytest.approx(ENDPOINT.longest_s, abs=BLOCK_S)


@pytest.mark.parametrize(("said", "speaks"), [("next", True), ("oh next", True), ("long", True), ("oh dear", False)])
def test_somebody_speaks_while_words_of_a_phrase_are_heard(said: str, *, speaks: bool) -> None:
    recognizer = listening(GUIDING)
    assert not recognizer.somebody_speaks
    hear(recognizer, say(said))
    assert recognizer.somebody_speaks is speaks
    hear(recognizer, quiet(2.0))
    assert not recognizer.somebody_speaks


def test_silence_is_no_utterance() -> None:
    assert hear(listening(GUIDING), quiet(12.0)) == []


def test_a_word_that_vanishes_again_was_nothing() -> None:
    model = ScriptedModel([Partial(""), Partial("next"), Partial("")])
    recognizer = CommandRecognizer(model)
    recognizer.listen_for(GUIDING)
    hear(recognizer, quiet(2 * BLOCK_S))
    assert recognizer.somebody_speaks
    assert hear(recognizer, quiet(BLOCK_S)) == []
    assert not recognizer.somebody_speaks


def test_nothing_is_heard_before_there_are_phrases() -> None:
    recognizer = CommandRecognizer(PretendedModel())
    assert phrases_of(hear(recognizer, say("stop"), quiet(2.0))) == [None]


@pytest.mark.parametrize("block", [50, 320, 3200, 3201, 16_000, 1_000_000])
def test_the_length_of_a_block_does_not_matter(block: int) -> None:
    recognizer = CommandRecognizer(PretendedModel())
    recognizer.listen_for(GUIDING)
    sounds = quiet(0.3), say("next"), quiet(1.0), say("how long"), quiet(1.0)
    assert phrases_of(hear(recognizer, *sounds, block=block)) == ["next", "how long"]


def test_a_block_without_samples_is_no_trouble() -> None:
    nothing = np.zeros(0, np.float32)
    assert heard_in(CommandRecognizer(PretendedModel()), nothing) == []


@pytest.mark.filterwarnings("error")
def test_samples_that_are_no_numbers_are_silence() -> None:
    recognizer = listening(GUIDING)
    broken = np.array([np.nan, np.inf, -np.inf] * 1000, np.float32)
    assert phrases_of(hear(recognizer, broken, say("next"), broken, quiet(2.0))) == ["next"]


# --- words that the model lacks ---------------------------------------------------------------------------------------


def test_phrases_with_words_that_the_model_lacks_are_left_out_and_named() -> None:
    model = PretendedModel(lacks=["hurts", "long"])
    phrases = [*GUIDING, "long long", "that hurts long"]
    assert missing_words(model, phrases) == {"hurts", "long"}
    assert check_phrases(model, phrases) == [
        '"how long" cannot be heard: the speech model lacks "long"',
        '"long long" cannot be heard: the speech model lacks "long"',
        '"that hurts" cannot be heard: the speech model lacks "hurts"',
        '"that hurts long" cannot be heard: the speech model lacks "hurts" and "long"',
    ]
    said = hear(listening(phrases, model), say("stop"), quiet(2.0))
    assert phrases_of(said) == ["stop"]
    assert model.grammars[-1] == {"next", "stop"}


# --- whatever a recogniser does ---------------------------------------------------------------------------------------


@dataclass
class ScriptedModel:
    """Makes recognisers that answer what the script says, whatever they hear."""

    script: list[Partial | Result]

    @property
    def traits(self) -> RecognizerTraits:
        return TRAITS

    def knows(self, word: str) -> bool:
        return word in WORDS

    def phones(self, word: str) -> None:
        del word

    def recognizer(self, phrases: Collection[str]) -> ScriptedModel:
        del phrases
        return self

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        assert len(block) > 0
        return self.script.pop() if self.script else Partial("")

    def finish(self) -> Result:
        found = next((outcome for outcome in self.script if isinstance(outcome, Result)), None)
        return found or Result((Alternative("", 0.0),))


some_words = st.sampled_from(["", *GUIDING, *RESTING, *ASKING, "[unk]", "next [unk]", "how", "now"])
alternatives = st.builds(Alternative, some_words, st.floats(-1000, 1000))
results = st.lists(alternatives, min_size=1, max_size=4).map(
    lambda listed: Result(tuple(sorted(listed, key=lambda alternative: -alternative.log_likelihood)))
)
outcomes = st.one_of(st.builds(Partial, some_words), st.builds(Partial, some_words), results)
grammars = st.sampled_from([GUIDING, RESTING, ASKING, []])
blocks = st.integers(0, 8000).map(lambda count: quiet(count / MICROPHONE_HZ, 0.5 * (count % 2)))


@given(st.lists(outcomes, max_size=60), st.lists(st.one_of(grammars, blocks), max_size=60))
def test_whatever_the_recogniser_says_utterances_come_in_order_and_do_not_overlap(
    script: list[Partial | Result], events: list[list[str] | NDArray[np.float32]]
) -> None:
    recognizer = CommandRecognizer(ScriptedModel(script))
    heard, last, allowed = 0, 0, set[str]()
    for event in events:
        if isinstance(event, list):
            recognizer.listen_for(event)
            allowed.update(event)
            continue
        heard += len(event)
        for utterance in heard_in(recognizer, event):
            assert last <= utterance.began < utterance.ended <= heard
            assert utterance.words
            assert utterance.phrase is None or utterance.phrase in allowed
            assert 0.0 <= utterance.confidence <= 1.0
            last = utterance.ended
