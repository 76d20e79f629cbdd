"""What people say, as text: how much of it means what they meant, and that talk means nothing."""

from __future__ import annotations

import ctypes.util
from functools import cache
from typing import TYPE_CHECKING

import pytest

from heard import hear, missed, table
from understood import CORPUS, Part, Sentence, main, read_corpus, share, shipped_reader
from voicecoach.assembly import Assembly
from voicecoach.errors import BadFileError
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


TWENTY_COMMONEST = (
    *("start the usual", "next", "back", "repeat", "once more", "pause", "continue", "stop", "that hurts", "louder"),
    *(
        "quieter",
        "slower",
        "faster",
        "easier",
        "longer",
        "how long",
        "yes",
        "no",
        "help",
        "good night",
        "ready",
        "done",
    ),
)
NATURAL_WAYS = 12
CORPUS_SENTENCES = read_corpus()
reader = cache(shipped_reader)


def spoken(part: Part) -> list[Sentence]:
    return [one for one in CORPUS_SENTENCES if one.part is part and one.meant and reader().is_a_command(one.meant)]


def test_nearly_all_that_the_templates_were_written_with_is_understood() -> None:
    right, of = share(reader(), spoken(Part.TUNING))
    assert right >= 0.9 * of


def test_what_was_kept_for_measuring_is_understood() -> None:
    right, of = share(reader(), spoken(Part.KEPT))
    assert right >= 0.75 * of


@pytest.mark.parametrize("sentence", read_corpus(CORPUS / "field"), ids=lambda one: one.text)
def test_what_people_were_seen_to_say_means_what_they_meant(sentence: Sentence) -> None:
    assert reader().is_a_command(sentence.meant)
    assert reader().is_right(sentence)


@pytest.mark.parametrize("sentence", [one for one in CORPUS_SENTENCES if not one.meant], ids=lambda one: one.text)
def test_talk_does_nothing(sentence: Sentence) -> None:
    assert reader().means(sentence.text) is None


def test_no_sentence_of_the_corpus_means_something_else() -> None:
    """What is not understood is asked again; what is misunderstood is done."""
    wrong = [one for part in Part for one in spoken(part) if reader().means(one.text) and not reader().is_right(one)]
    assert wrong == []


@pytest.mark.parametrize("meant", TWENTY_COMMONEST)
def test_the_commonest_commands_can_be_said_in_a_dozen_natural_ways(meant: str) -> None:
    ways = [one for one in CORPUS_SENTENCES if one.meant == meant and reader().is_right(one)]
    assert len(ways) >= NATURAL_WAYS


@pytest.mark.parametrize(
    "said",
    ["enough", "no more", "cancel", "that's it", "that's enough", "can we stop", "i want to stop", "shut up"],
)
def test_who_has_had_enough_stops(said: str) -> None:
    assert reader().is_right(Sentence(said, "stop", Part.TUNING))


@pytest.mark.parametrize("said", ["start over", "start this one over", "when should i stop", "i can't stop thinking"])
def test_what_only_sounds_like_stop_does_not(said: str) -> None:
    meaning = reader().means(said)
    assert meaning is None or meaning.command.key != "stop"


def test_sentences_were_set_aside_for_every_meaning_that_has_some() -> None:
    for meant in TWENTY_COMMONEST:
        kept = [one for one in CORPUS_SENTENCES if one.meant == meant and one.part is Part.KEPT]
        of = [one for one in CORPUS_SENTENCES if one.meant == meant]
        assert len(kept) >= len(of) // 4


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--missed"]) == 0
    said = capsys.readouterr().out
    assert "share of all" in said
    assert "does nothing, as it must" in said


def test_a_corpus_that_is_not_as_it_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("next:\n  tuned: [next]\n", encoding="utf-8")
    with pytest.raises(BadFileError, match='unknown key "tuned"'):
        read_corpus(tmp_path)
    assert CORPUS.is_dir()


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
def test_what_voices_say_is_told_as_a_table() -> None:
    sentences = [
        Sentence("next please", "next", Part.KEPT),
        Sentence("start bedtime routine", "start bedtime", Part.KEPT),
        Sentence("the weather was fine on tuesday", "", Part.KEPT),
        Sentence("stop", "", Part.KEPT),
    ]
    seen: list[int] = []
    said = hear(sentences, ["en-us+m3", "en-us+f2"], "espeak", Assembly(Settings()), reader(), seen.append)
    assert seen == [1, 2, 3, 4]
    assert [one.voice for one in said] == ["en-us+m3", "en-us+f2", "en-us+m3", "en-us+f2"]
    assert [one.right for one in said] == [True, True, True, False]
    *_, every = table(said).splitlines()
    assert every.split() == [*["all", "1.000", "of", "2", "1.000", "of", "2", "0", "of", "2", "1", "of", "2"]]
    assert missed(said).startswith('nothing: stop (en-us+f2): "stop" ')
