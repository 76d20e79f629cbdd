"""From what was accepted to figures: what is right, what is another phrase, and how sure a share is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.intervals import Figure, hourly, middle, relative, share
from benchmark.phrases import PhraseSet
from benchmark.recordings import CorpusRecording, Kind
from benchmark.scoring import Outcome, Trial, figures

TEN = PhraseSet("ten", frozenset({"stop", "go", "yes"}))


def trial(
    said: str,
    *accepted: str,
    kind: Kind = Kind.COMMAND,
    snr_db: int | None = None,
    heard_with: PhraseSet = TEN,
    length_s: float = 3.0,
) -> Trial:
    recording = CorpusRecording(Path("clip.flac"), said, "somebody", "corpus", kind)
    return Trial(recording, heard_with, snr_db, accepted, length_s)


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "accepted", "outcome"),
    [
        ("stop", ["stop"], Outcome.RIGHT),
        ("stop", [], Outcome.NOTHING),
        ("stop", ["go"], Outcome.OTHER),
        ("stop", ["stop", "go"], Outcome.OTHER),
        ("stop", ["go", "stop"], Outcome.OTHER),
        ("stop", ["stop", "stop"], Outcome.OTHER),  # nobody said it twice
        ("marvin", [], Outcome.NOTHING),
        ("marvin", ["stop"], Outcome.OTHER),
        ("do not stop", ["stop"], Outcome.OTHER),  # the word is in it, and yet it is no order
        ("?", ["stop"], Outcome.OTHER),
        ("~stop", ["stop"], Outcome.OTHER),  # more may have been said than is written
        ("", ["stop"], Outcome.OTHER),
    ],
)
def test_an_outcome(said: str, accepted: list[str], outcome: Outcome) -> None:
    assert trial(said, *accepted).outcome is outcome


@pytest.mark.parametrize(
    ("said", "kind", "keys"),
    [
        ("stop", Kind.COMMAND, {"right.ten", "other.ten", "right.ten.word.stop"}),
        ("go", Kind.WORD, {"right.ten", "other.ten", "right.ten.word.go"}),  # the words decide, not the kind
        ("yes", Kind.SYNTHETIC, {"right.synthetic", "other.synthetic", "right.synthetic.word.yes"}),
        ("marvin", Kind.OTHER_WORD, {"false.ten.words"}),
        ("up", Kind.COMMAND, {"false.ten.words"}),  # a command elsewhere
        ("turn the light off", Kind.PHRASE, {"false.ten.sentences"}),
        ("?", Kind.SPEECH, {"false.ten.sentences"}),
        ("", Kind.NOISE, {"false.ten.noise", "hourly.ten.noise"}),
    ],
)
def test_where_a_recording_counts(said: str, kind: Kind, keys: set[str]) -> None:
    assert figures([trial(said, kind=kind)]).keys() == keys


def test_shares_are_of_the_phrases_that_were_said() -> None:
    found = figures([trial("stop", "stop"), trial("stop"), trial("go", "yes"), trial("yes", "yes"), trial("marvin")])
    assert (found["right.ten"].value, found["right.ten"].n) == (0.5, 4)
    assert found["other.ten"].value == 0.25
    assert found["right.ten.word.stop"].value == 0.5
    assert found["false.ten.words"] == share(0, 1)


def test_noise_has_figures_of_its_own_and_a_share_of_the_clean_one() -> None:
    clean = [trial("stop", "stop"), trial("stop", "stop"), trial("go", "go"), trial("go", "go"), trial("go")]
    noisy = [trial("stop", "stop", snr_db=6), trial("go", snr_db=6)]
    found = figures(clean + noisy)
    assert found["right.ten"].value == 0.8
    assert found["right.ten@6"].value == 0.5
    assert found["kept.ten@6"].value == pytest.approx(0.5 / 0.8)
    assert found["kept.ten@6"].n == 2


def test_nothing_is_a_share_of_nothing() -> None:
    assert "kept.ten@6" not in figures([trial("stop"), trial("stop", snr_db=6)])


def test_noise_is_counted_by_the_hour() -> None:
    half_an_hour = [trial("", *accepted, kind=Kind.NOISE, length_s=900) for accepted in (["stop", "go"], [])]
    found = figures(half_an_hour)
    assert found["hourly.ten.noise"].value == 4.0  # phrases
    assert found["false.ten.noise"].value == 0.5  # recordings


# --- intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_as_published(hits: int, n: int, low: float, high: float) -> None:
    found = share(hits, n)
    assert (found.value, found.n) == (hits / n, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000), st.data())
def test_a_share_lies_within_its_interval_and_the_interval_within_0_and_1(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    found, rest = share(hits, n), share(n - hits, n)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found.low == pytest.approx(1 - rest.high, abs=1e-9)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)],  # exact; Byar's come close
)
def test_byars_interval_is_close_to_the_exact_one(events: int, low: float, high: float) -> None:
    found = hourly(events, hours=2.0, n=7)
    assert (found.value, found.n) == (events / 2, 7)
    assert found.low * 2 == pytest.approx(low, abs=0.03)
    assert found.high * 2 == pytest.approx(high, abs=0.03)


def test_a_figure_as_a_share_of_another() -> None:
    assert relative(Figure(0.25, 9, 0.125, 0.375), Figure(0.5, 50, 0.4, 0.6)) == Figure(0.5, 9, 0.25, 0.75)


def test_the_median_of_runs_comes_with_the_least_and_the_greatest() -> None:
    assert middle([5.0, 1.0, 2.0]) == Figure(2.0, 3, 1.0, 5.0)
