"""The second ear: what it hears, what it is worth beside the recogniser, and what it may never do."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pretended_model import PretendedModel, quiet, say

from voicecoach.assembly import Assembly
from voicecoach.engines.meanings.head import HeadOfMeanings
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError
from voicecoach.hearing.acceptance import Refusal
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.decoder import DecoderSession, Hypothesis
from voicecoach.hearing.grammar import Grammar, Match
from voicecoach.hearing.loudness import Loudness
from voicecoach.hearing.policy import Policy, RedecodingRules, Rules, SecondEarRules, safety_policy
from voicecoach.hearing.redecoding import ForegroundRedecode
from voicecoach.hearing.second_ear import END_ROWS, KnownPhrases, Opinion, SecondEar
from voicecoach.hearing.two_ears import TwoEars
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Utterance

STEP = 1280
RULES = SecondEarRules(offset=0.0, of_recognizer=0.5, of_ear=0.5, most_nats=7.0, alone=0.9, longest_s=3.0)


class Levels:
    """An embedding of one number: the mean of each step."""

    size, step, reach = 1, STEP, STEP

    def __init__(self) -> None:
        self.reset()
        self.heard = 0

    def reset(self) -> None:
        self._rest = np.zeros(0, np.int16)

    def process(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        self.heard += len(samples)
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // STEP * STEP
        self._rest = sound[whole:]
        return np.asarray(sound[:whole].reshape(-1, STEP).mean(axis=1, keepdims=True) / 32767, np.float32)


@dataclass
class Hears:
    """A reader that takes everything for the same."""

    likely: Mapping[str, float]
    phrases: frozenset[str] = frozenset({"next", "stop", "yes", "no", "start bedtime", "that hurts"})
    pieces: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.likely)

    def read(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        self.pieces.append(rows)
        return np.array([*self.likely.values()], np.float32)


def known(reader: Hears) -> KnownPhrases:
    return KnownPhrases(lambda phrase: phrase if phrase in reader.keys else None)


PHRASES = ("next", "stop", "that hurts", "yes", "no", "how long")


def ears(
    likely: Mapping[str, float], rules: SecondEarRules = RULES, reads: type[Hears] = Hears, **doubts: float
) -> CommandRecognizer:
    """A recogniser that is sure of what it hears but for ``doubts``: how much likelier something else is, in nats."""
    policy = replace(safety_policy(["stop"], ["that hurts"], []), rules=Rules(second_ear=rules))
    model = PretendedModel(doubts={word: {"[unk]": nats} for word, nats in doubts.items()})
    reader = reads(likely)
    recognizer = CommandRecognizer(model, policy, second_ear=SecondEar(Levels(), reader, known(reader)))
    recognizer.listen_for(PHRASES)
    return recognizer


def heard(recognizer: CommandRecognizer, sound: NDArray[np.float32], played: str = "") -> list[Utterance]:
    recognizer.saying(played)
    whole = np.concatenate([quiet(1.0), sound, quiet(1.5)])
    blocks = (whole[at : at + 320] for at in range(0, len(whole), 320))
    return [one for block in blocks for one in recognizer.hear(block, np.zeros_like(block))]


def obeyed(utterances: list[Utterance]) -> list[str]:
    return [one.phrase for one in utterances if one.phrase is not None]


# --- what it hears ----------------------------------------------------------------------------------------------------


def session(seconds: float) -> DecoderSession:
    decoder = DecoderSession(PretendedModel())
    decoder.grammar = Grammar.of(PHRASES)
    decoder.hold(np.concatenate([quiet(1.0, 0.25), quiet(seconds - 1.0, 0.5)]))
    decoder.hypothesis = Hypothesis("next", began=round(1.2 * MICROPHONE_HZ), changed=0)
    return decoder


def test_it_hears_what_was_said_from_before_it_was_noticed() -> None:
    reader = Hears({"next": 0.6, "yes": 0.3})
    ear = SecondEar(Levels(), reader, known(reader))
    found = ear.opinion(session(2.0), round(1.2 * MICROPHONE_HZ))
    assert found is not None
    assert found.phrase == "next"
    assert [found.of(phrase) for phrase in ("next", "yes", "no")] == [pytest.approx(0.6), pytest.approx(0.3), None]
    rows = reader.pieces[0]
    assert rows[0] == pytest.approx(0.25, abs=0.001)
    assert rows[-1] == pytest.approx(0.5, abs=0.001)


def test_block_by_block_it_hears_the_same_and_nothing_twice() -> None:
    at_once, streamed = Hears({"next": 0.6}), Hears({"next": 0.6})
    whole = session(2.0)
    SecondEar(Levels(), at_once, known(at_once)).opinion(whole, round(1.2 * MICROPHONE_HZ))
    embedding = Levels()
    ear, decoder = SecondEar(embedding, streamed, known(streamed)), session(1.3)
    for _ in range(35):
        ear.follow(decoder)
        decoder.hold(quiet(0.02, 0.5))
    ear.opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert streamed.pieces[0] == pytest.approx(at_once.pieces[0])
    assert embedding.heard == round(1.8 * MICROPHONE_HZ)


def test_it_rests_while_nobody_speaks() -> None:
    embedding, reader = Levels(), Hears({"next": 0.6})
    ear, decoder = SecondEar(embedding, reader, known(reader)), session(2.0)
    decoder.hypothesis = None
    ear.follow(decoder)
    assert embedding.heard == 0


def test_it_judges_only_phrases_that_are_valid_and_mean_one_thing() -> None:
    reader = Hears({"start": 0.5, "next": 0.2, "other": 0.3})
    classes = {"start bedtime": "start", "start": "start", "next": "next"}
    several = KnownPhrases(classes.get, lambda phrase: phrase)
    decoder = session(2.0)
    decoder.grammar = Grammar.of(["start bedtime", "start", "next", "grandmother"])
    found = SecondEar(Levels(), reader, several).opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert found is not None
    assert found.phrase == "next"
    assert found.of("start bedtime") is None, "or start something else?"
    assert found.of("grandmother") is None


def test_what_cannot_be_meant_now_takes_no_share_from_what_can_be() -> None:
    reader = Hears({"next": 0.5, "number six": 0.45})
    classes = {"next": "next", "six": "number six"}
    decoder = session(2.0)
    decoder.grammar = Grammar.of(["next"])
    found = SecondEar(Levels(), reader, KnownPhrases(classes.get)).opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert found is not None
    assert found.of("next") == pytest.approx(0.5 / 0.55)
    assert found.confidence == pytest.approx(0.5), "alone it must be surer than of all that people say"


def test_where_short_phrases_do_not_count_it_hears_no_long_one_in_their_place() -> None:
    """At rest "louder" is not listened for, since televisions say it."""
    reader = Hears({"louder": 0.99})
    classes = {"louder": "louder", "a bit louder please": "louder"}
    decoder = session(2.0)
    decoder.grammar = Grammar.of(["a bit louder please"])
    known_here = KnownPhrases(classes.get, lambda _: "louder", list(classes))
    found = SecondEar(Levels(), reader, known_here).opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert found is not None
    assert found.phrase is None
    assert found.of("a bit louder please") == pytest.approx(0.99)


def test_what_it_hears_alone_has_the_name_that_the_language_gives_it_first() -> None:
    """ "Stop", not the shorter "quit": transcripts name it, and rules that are for plain words go by it."""
    reader = Hears({"stop": 0.99})
    decoder = session(2.0)
    decoder.grammar = Grammar.of(["quit", "stop now", "stop"])
    known_here = KnownPhrases(dict.fromkeys(decoder.grammar.phrases, "stop").get, lambda _: "stop", ["stop", "quit"])
    found = SecondEar(Levels(), reader, known_here).opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert found is not None
    assert found.phrase == "stop"


@pytest.mark.parametrize(
    ("whole", "end", "phrase", "confidence"),
    [
        ({"next": 0.2}, {"next": 0.97}, "next", 0.97),  # amid talk that began before it a word is only that
        ({"next": 0.97}, {"next": 0.2}, "next", 0.97),
        ({"stop": 0.96, "next": 0.01}, {"stop": 0.02, "next": 0.97}, "stop", 0.96),  # a cry is not hidden
        ({"stop": 0.02, "next": 0.97}, {"stop": 0.96, "next": 0.01}, "stop", 0.96),
    ],
)
def test_of_a_long_utterance_it_hears_the_end_by_itself_too(
    whole: Mapping[str, float], end: Mapping[str, float], phrase: str, confidence: float
) -> None:
    class Amid(Hears):
        def read(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
            self.likely = end if len(rows) <= END_ROWS else whole
            return super().read(rows)

    reader, decoder = Amid(whole), session(2.5)
    decoder.grammar = Grammar.of(PHRASES, urgent=["stop"])
    found = SecondEar(Levels(), reader, known(reader)).opinion(decoder, 0)
    assert found is not None
    assert found.phrase == phrase
    assert found.confidence == pytest.approx(confidence)


def test_of_next_to_nothing_it_has_no_opinion() -> None:
    reader = Hears({"next": 0.6})
    decoder = DecoderSession(PretendedModel())
    decoder.hold(quiet(0.2))
    assert SecondEar(Levels(), reader, known(reader)).opinion(decoder, 0) is None


# --- what both are worth ----------------------------------------------------------------------------------------------


def opinion(likely: float | None, phrase: str | None = None, confidence: float = 0.0) -> Opinion:
    shares = {} if likely is None else {"next": likely, "stop": likely}
    return Opinion(shares, phrase, confidence, str)


def weighed(phrase: str, confidence: float, likely: float | None) -> float:
    policy = replace(safety_policy(["stop"], [], []), rules=Rules(second_ear=RULES))
    return TwoEars(policy).weighed(Match(phrase, phrase, confidence), opinion(likely)).confidence


def test_a_confidence_is_that_of_both() -> None:
    assert weighed("next", 0.9, 0.9) == pytest.approx(0.9)
    assert weighed("next", 0.6, 0.99) > 0.9
    assert weighed("next", 0.95, 0.01) < 0.5
    assert weighed("next", 1.0, 0.0) == pytest.approx(0.5)


def test_a_phrase_of_safety_is_worth_what_the_recogniser_gives_it_at_least() -> None:
    assert weighed("stop", 0.95, 0.0) == 0.95
    assert weighed("stop", 0.2, 0.99) > 0.8


@pytest.mark.parametrize(
    ("recognizer", "second", "heard_first"),
    [(1.0, 0.0, False), (1.0, 0.1, True), (0.95, 0.05, False), (0.95, 0.5, True), (0.5, 0.9, True), (0.5, 0.1, False)],
)
def test_each_ear_may_be_a_little_unsure(recognizer: float, second: float, *, heard_first: bool) -> None:
    """With the rules that ship; whom the second ear does not hear at all is believed the second time."""
    policy = Policy()
    likely = Opinion({"next": second}, None, 0.0, str)
    both = TwoEars(policy).weighed(Match("next", "next", recognizer), likely).confidence
    assert (both >= policy.of("next").least_confidence) is heard_first


def test_what_it_does_not_know_the_recogniser_decides_alone() -> None:
    assert weighed("next", 0.87, None) == 0.87


# --- the whole ears ---------------------------------------------------------------------------------------------------


def test_they_agree() -> None:
    (utterance,) = heard(ears({"next": 0.99}), say("next"))
    assert utterance.phrase == "next"
    assert utterance.ears is not None
    assert utterance.ears.second == pytest.approx(0.99)


def test_what_the_recogniser_doubts_is_obeyed_where_the_second_ear_is_sure() -> None:
    assert obeyed(heard(ears({"next": 0.0}, next=0.0), say("next"))) == []
    assert obeyed(heard(ears({"next": 0.999}, next=0.0), say("next"))) == ["next"]


@pytest.mark.parametrize(("pause_s", "phrases"), [(0.0, ["next"]), (5.0, ["next"]), (10.0, [])])
def test_what_it_does_not_hear_is_refused_and_believed_when_it_is_said_again_soon(
    pause_s: float, phrases: list[str]
) -> None:
    """A snorer says "go on" every twenty seconds."""
    recognizer = ears({"next": 0.0001})
    assert [one.refusal for one in heard(recognizer, say("next"))] == [Refusal.DOUBTED.value]
    heard(recognizer, quiet(pause_s))
    assert obeyed(heard(recognizer, say("next"))) == phrases


@pytest.mark.parametrize("cry", ["stop", "that hurts"])
def test_it_takes_no_cry_back(cry: str) -> None:
    assert obeyed(heard(ears({"stop": 0.0, "that hurts": 0.0}), say(cry))) == [cry]


@pytest.mark.parametrize("phrase", ["next", "stop"])
def test_it_speaks_up_where_the_recogniser_has_heard_something_else(phrase: str) -> None:
    (utterance,) = heard(ears({phrase: 0.95}), say("oh"))
    assert utterance.phrase == phrase
    assert utterance.confidence == pytest.approx(0.95)
    assert obeyed(heard(ears({phrase: 0.85}), say("oh"))) == []


def test_it_speaks_up_for_who_stands_out_from_a_television() -> None:
    """Whose words the recogniser knows no end of."""
    television = quiet(2.0, 0.1001)
    sound = np.concatenate([television, quiet(0.3), say("oh"), quiet(0.3), television, quiet(2.0)])

    class Person(Hears):
        def read(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
            return super().read(rows) * np.float32(rows.max() > 0.2)  # louder than the television

    assert obeyed(heard(ears({"next": 0.95}, reads=Person), sound)) == ["next"]
    assert obeyed(heard(ears({"next": 0.85}, reads=Person), sound)) == []
    recognizer = ears({"next": 0.95}, reads=Person)
    recognizer.listen_for([*PHRASES, "next dear"])
    assert obeyed(heard(recognizer, sound)) == [], "more may follow"


def test_sound_without_a_word_is_no_phrase_to_it() -> None:
    """A cough stands out from a quiet room."""
    assert obeyed(heard(ears({"next": 0.99}), quiet(0.3, 0.09))) == []


@pytest.mark.parametrize(
    ("being_said", "by_itself", "is_candidate"),
    [
        ("oh dear", Match("oh", None, 0.5), True),
        ("oh dear", Match("", None, 1.0), False),
        ("oh dear", Match("next", "next", 1.0), True),
        ("oh stop", Match("oh", None, 0.5), False),  # the cry would be lost with what it is a part of
        ("oh stop", Match("stop", "stop", 1.0), True),
        ("stop", Match("stop", "stop", 1.0), False),  # it is decoded as a whole
    ],
)
def test_what_of_the_foreground_is_heard_by_itself(being_said: str, by_itself: Match, *, is_candidate: bool) -> None:
    decoder = session(2.5)
    decoder.grammar = Grammar.of(PHRASES, urgent=["stop"])
    decoder.hypothesis = Hypothesis(being_said, began=MICROPHONE_HZ, changed=0)
    decoder.alone = lambda sound: by_itself  # type: ignore[method-assign]  # noqa: ARG005
    loudness = Loudness()
    loudness.ended_foreground_s = lambda: 1.0  # type: ignore[method-assign]
    candidate = ForegroundRedecode(RedecodingRules()).candidate(decoder, loudness, settled=0)
    assert (candidate is not None) is is_candidate


@pytest.mark.parametrize(("cry", "other"), [("stop", "that hurts"), ("that hurts", "stop")])
def test_nothing_harmless_stands_in_for_a_cry_that_was_heard_uncertainly(cry: str, other: str) -> None:
    both = TwoEars(replace(safety_policy(["stop"], ["that hurts"], []), rules=Rules(second_ear=RULES)))
    doubted = Match(cry, cry, 0.29)
    assert both.instead_of(doubted, opinion(None, "next", 0.98), MICROPHONE_HZ) is None
    assert both.instead_of(doubted, opinion(None, other, 0.98), MICROPHONE_HZ) == Match(cry, other, 0.98)


def test_nothing_harmless_stands_in_for_words_with_a_cry_among_them() -> None:
    both = TwoEars(replace(safety_policy(["stop"], ["that hurts"], []), rules=Rules(second_ear=RULES)))
    assert both.instead_of(Match("oh stop", None, 0.0), opinion(None, "yes", 0.98), MICROPHONE_HZ) is None
    assert both.instead_of(Match("oh dear", None, 0.0), opinion(None, "yes", 0.98), MICROPHONE_HZ) is not None


@pytest.mark.parametrize(
    ("words", "spoken_up"),
    [
        ("ready floor harder", False),  # "ready for the holidays"
        ("it is ready my [unk]", False),
        ("ready [unk]", True),  # one word behind it may be noise
        ("i am ready", True),
        ("are we ready", True),
        ("do we need are ready", False),  # "the cake was nearly ready"
        ("should i have shoots you", False),
        ("read me more words", True),  # not the phrase: the recogniser may have misheard it
    ],
)
def test_talk_that_begins_like_a_phrase_is_not_heard_as_one(words: str, *, spoken_up: bool) -> None:
    both = TwoEars(replace(Policy(), rules=Rules(second_ear=RULES)))
    instead = both.instead_of(Match(words, None, 0.5), opinion(None, "ready", 0.98), MICROPHONE_HZ)
    assert (instead is not None) is spoken_up


def test_a_longer_phrase_of_the_same_meaning_is_not_more_words_behind_a_shorter_one() -> None:
    meaning = {"skip": "next", "skip this one": "next", "next": "next"}
    both = TwoEars(replace(Policy(meaning=lambda text: meaning.get(text, text)), rules=Rules(second_ear=RULES)))
    heard_so = Match("i want skip this one", None, 0.5)
    assert both.instead_of(heard_so, opinion(None, "next", 0.98), MICROPHONE_HZ) is not None


def test_a_cry_is_heard_whatever_comes_after_it() -> None:
    both = TwoEars(replace(safety_policy(["stop"], [], []), rules=Rules(second_ear=RULES)))
    assert both.instead_of(Match("stop it now", None, 0.5), opinion(None, "stop", 0.98), MICROPHONE_HZ) is not None


def test_who_was_surely_heard_is_not_taken_for_saying_something_else() -> None:
    """Else who says "next" again and again would always be heard to say "yes"."""
    recognizer = ears({"next": 0.0001, "yes": 0.98})
    assert [one.refusal for one in heard(recognizer, say("next"))] == [Refusal.DOUBTED.value]
    assert obeyed(heard(recognizer, say("next"))) == ["next"]


def test_but_a_cry_is_heard_in_place_of_what_is_doubted() -> None:
    assert obeyed(heard(ears({"next": 0.0001, "stop": 0.98}), say("next"))) == ["stop"]


@pytest.mark.parametrize("nats", [-2.2, -2.6, -3.5])
def test_however_sure_the_recogniser_was_what_is_said_again_is_believed(nats: float) -> None:
    recognizer = ears({"next": 0.0001}, next=nats)
    first = heard(recognizer, say("next"))
    assert [one.refusal for one in first] == [Refusal.DOUBTED.value]
    assert obeyed(heard(recognizer, say("next"))) == ["next"]


def test_of_what_the_coach_spoke_into_it_has_no_opinion() -> None:
    reader = Hears({"next": 0.6})
    ear, decoder = SecondEar(Levels(), reader, known(reader)), session(1.5)
    ear.follow(decoder)
    ear.forget(decoder)
    decoder.hold(quiet(4.0, 0.5))
    ear.follow(decoder)
    assert ear.opinion(decoder, round(1.2 * MICROPHONE_HZ)) is None


def test_of_what_began_while_the_coach_spoke_it_has_no_opinion_however_long_ago_that_is_over() -> None:
    reader = Hears({"next": 0.6})
    ear, decoder = SecondEar(Levels(), reader, known(reader)), session(2.0)
    ear.forget(decoder)
    decoder.hold(quiet(1.2, 0.5))
    assert ear.opinion(decoder, round(1.9 * MICROPHONE_HZ)) is None
    assert ear.opinion(decoder, round(2.2 * MICROPHONE_HZ)) is not None
    assert len(reader.pieces[0]) == round(1.2 * MICROPHONE_HZ) // STEP, "and nothing of what the coach said is in it"


def test_what_belongs_to_an_utterance_before_is_not_heard_again() -> None:
    reader = Hears({"next": 0.6})
    ear, decoder = SecondEar(Levels(), reader, known(reader)), session(2.0)
    decoder.claimed = round(0.96 * MICROPHONE_HZ)
    ear.opinion(decoder, round(1.2 * MICROPHONE_HZ))
    assert len(reader.pieces[0]) == 13


class Breaks(Hears):
    """Cannot read."""

    def read(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        raise RuntimeError(f"{len(rows)} rows for weights of another network")


def test_where_it_breaks_the_other_ear_hears_on() -> None:
    reader = Breaks({"next": 0.9})
    recognizer = CommandRecognizer(PretendedModel(), second_ear=SecondEar(Levels(), reader, known(reader)))
    recognizer.listen_for(PHRASES)
    assert obeyed(heard(recognizer, say("next"))) == ["next"]
    assert obeyed(heard(recognizer, say("how long"))) == ["how long"]


def test_talk_is_no_phrase_to_it() -> None:
    assert obeyed(heard(ears({"next": 0.99}), say("oh dear " * 8))) == []


def test_it_is_not_asked_beside_the_coachs_own_voice() -> None:
    assert obeyed(heard(ears({"next": 0.99}), say("oh"), played="oh dear")) == []
    assert obeyed(heard(ears({"next": 0.0}), say("next"), played="oh dear")) == ["next"]


def test_it_can_be_left_out() -> None:
    assert obeyed(heard(ears({"next": 0.99}, replace(RULES, listens=False)), say("oh"))) == []
    assert Policy().rules.second_ear.listens


# --- its network ------------------------------------------------------------------------------------------------------


def write_head(file: Path, classes: tuple[str, ...], phrases: Sequence[str] = ("next",), members: int = 1) -> None:
    wide = 4
    rng = np.random.default_rng(1)
    shapes = {
        "scale": (96,),
        "shift": (96,),
        "first": (288, wide),
        "first_bias": (wide,),
        "second": (3 * wide, wide),
        "second_bias": (wide,),
        "attention": (wide, 1),
        "attention_bias": (1,),
        "out": (2 * wide, len(classes)),
        "out_bias": (len(classes),),
    }
    arrays = {name: (rng.standard_normal((members, *shape)) / 10).astype(np.float16) for name, shape in shapes.items()}
    np.savez(file, keys=np.array(classes), phrases=np.array(phrases), **arrays)  # type: ignore[arg-type]


def test_a_head_gives_a_share_to_each_class_and_leaves_the_rest_to_what_is_none(tmp_path: Path) -> None:
    write_head(tmp_path / "weights.npz", ("next", "~none", "stop", "~go"))
    reader = HeadOfMeanings(tmp_path / "weights.npz")
    assert reader.keys == ("next", "stop")
    assert reader.phrases == {"next"}
    rows = np.random.default_rng(2).standard_normal((9, 96)).astype(np.float32)
    likely = reader.read(rows)
    assert likely.shape == (2,)
    assert (likely >= 0).all()
    assert likely.sum() < 1.0
    assert reader.read(rows[:1]).shape == (2,)


def test_what_several_networks_find_likely_is_their_mean(tmp_path: Path) -> None:
    file, rows = tmp_path / "weights.npz", np.random.default_rng(2).standard_normal((9, 96)).astype(np.float32)
    write_head(file, ("next", "~none", "stop"), members=2)
    both = HeadOfMeanings(file).read(rows)
    with np.load(file) as arrays:
        stacked, names = dict(arrays), {"keys", "phrases"}
    each = []
    for place in range(2):
        member = {name: array if name in names else array[place : place + 1] for name, array in stacked.items()}
        np.savez(file, **member)
        each.append(HeadOfMeanings(file).read(rows))
    assert both == pytest.approx(np.mean(each, axis=0), abs=1e-6)
    assert each[0] != pytest.approx(each[1], abs=1e-3)


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("next", "next"),
        ("start my routine", "start"),
        ("start bedtime routine", None),
        ("five", None),
        ("longer", "longer"),
        ("grandmother", None),
    ],
)
def test_a_phrase_belongs_to_a_class_of_its_own_meaning_or_to_none(
    phrase: str, key: str | None, tmp_path: Path
) -> None:
    """Where a routine's own class is unknown, its name is not judged as "start something"."""
    file = tmp_path / "weights.npz"
    write_head(file, ("next", "start", "number 4", "number", "longer", "~none"), phrases=[phrase])
    house = Assembly(Settings(), second_ear=file)
    reader = house.second_ears_reader()
    assert reader is not None
    assert house.class_of_phrase(reader, phrase) == key
    assert house.class_of_phrase(reader, "pause") is None, "it has not been heard"


def test_a_head_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no second ear"):
        HeadOfMeanings(tmp_path / "weights.npz")
    (tmp_path / "weights.npz").write_bytes(b"nonsense")
    with pytest.raises(BadFileError, match="no second ear"):
        HeadOfMeanings(tmp_path / "weights.npz")


@pytest.mark.parametrize(
    "changed",
    [
        {"keys": np.array(["next"])},
        {"first": np.zeros((1, 7, 4), np.float16)},
        {"out": np.zeros((1, 8, 5), np.float16)},
        {"out": np.zeros((2, 8, 2), np.float16)},
        {"scale": np.zeros((0, 96), np.float16)},  # of another number of networks
    ],
)
def test_a_head_whose_parts_do_not_fit_is_refused_before_anybody_speaks(
    tmp_path: Path, changed: dict[str, NDArray[Any]]
) -> None:
    file = tmp_path / "weights.npz"
    write_head(file, ("next", "~none"))
    with np.load(file) as arrays:
        np.savez(file, **{**arrays, **changed})
    with pytest.raises(BadFileError, match="no second ear"):
        HeadOfMeanings(file)


def test_a_file_without_a_network_is_refused(tmp_path: Path) -> None:
    write_head(tmp_path / "weights.npz", ("next", "~none"), members=0)
    with pytest.raises(BadFileError, match="no network"):
        HeadOfMeanings(tmp_path / "weights.npz")


@given(st.integers(0, 2**32 - 1))
def test_a_damaged_file_is_a_head_or_none(seed: int) -> None:
    """Whatever bytes of it change."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "weights.npz"
        write_head(file, ("next", "~none"))
        with np.load(file) as arrays:
            np.savez_compressed(file, **arrays)
        data, rng = bytearray(file.read_bytes()), np.random.default_rng(seed)
        for place in rng.integers(len(data), size=3):
            data[place] = rng.integers(256)
        file.write_bytes(data)
        with suppress(BadFileError):
            HeadOfMeanings(file)
