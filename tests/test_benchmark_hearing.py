"""Who hears what with which phrases, in which room; and what the command says when it cannot."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from pretended_model import PretendedModel, quiet, say

from benchmark.__main__ import main
from benchmark.contenders import REJECTING
from benchmark.listening import PARTS, SNRS_DB, Hearing, listen, planned, scenes
from benchmark.noise import NoiseShelf
from benchmark.phrases import NEVER_ALONE, TEN_WORDS, Situations, of_each_command, shipped_assembly, situations
from benchmark.product import accepted
from benchmark.recordings import COLUMNS, INDEX, CorpusRecording, Kind
from benchmark.workers import done_to_each
from voicecoach.engines.recognition.model_files import find_model
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError, VoicecoachError
from voicecoach.hearing.command_recognizer import CommandRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

Sound = NDArray[np.float32]
ASSEMBLY = shipped_assembly()


@pytest.fixture(scope="module")
def sets() -> Situations:
    return situations(ASSEMBLY)


def recording(said: str, kind: Kind, path: Path = Path("a/b/clip.flac")) -> CorpusRecording:
    return CorpusRecording(path, said, "ann", "corpus", kind)


# --- who is heard with what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "expected"),
    [
        ("left", Kind.COMMAND, ["ten", "rest", "routine"]),
        ("stop", Kind.COMMAND, ["ten", "rest", "routine", "unheard"]),
        ("forward", Kind.WORD, ["ten", "rest", "routine", "unheard"]),
        ("seven", Kind.WORD, ["ten", "rest", "routine", "digits"]),
        ("eleven", Kind.WORD, ["ten", "rest", "routine"]),
        ("turn it off", Kind.PHRASE, ["ten", "rest", "routine"]),
        ("", Kind.NOISE, ["ten", "rest", "routine"]),
        ("that hurts", Kind.SYNTHETIC, ["routine"]),
        ("start bedtime", Kind.SYNTHETIC, ["rest"]),
        ("seven", Kind.SYNTHETIC, ["digits"]),
        ("marvin", Kind.SYNTHETIC, []),
    ],
)
def test_the_phrases_that_a_recording_is_heard_with(
    sets: Situations, said: str, kind: Kind, expected: list[str]
) -> None:
    found = planned([recording(said, kind)], sets)
    assert [one.key for hearing in found for one in hearing.sets] == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["ten"], [("stop", ["ten"]), ("seven", ["ten"])]),
        (["digits", "unheard"], [("stop", ["unheard"]), ("seven", ["digits"])]),
        (["synthetic"], [("why", ["routine"])]),
        ([], []),
    ],
)
def test_only_a_part(sets: Situations, parts: list[str], expected: list[tuple[str, list[str]]]) -> None:
    every = [recording("stop", Kind.WORD), recording("seven", Kind.WORD), recording("why", Kind.SYNTHETIC)]
    found = planned(every, sets, parts)
    assert [(one.recording.transcript, [phrases.key for phrases in one.sets]) for one in found] == expected


def test_the_coachs_sets_are_what_it_listens_for(sets: Situations) -> None:
    assert {"start bedtime routine", "good night", "stop"} <= sets.rest.phrases
    assert {"next", "pause", "that hurts", "stop"} <= sets.routine.phrases
    assert "next" not in sets.rest.phrases
    assert sets.numbers <= sets.digits.phrases
    assert {"yes", "no"} <= sets.yes_no.phrases
    assert sets.ten.phrases == set(TEN_WORDS)
    assert sets.unheard.phrases == {*TEN_WORDS, *NEVER_ALONE}


def test_each_phrase_of_the_coach_has_a_set(sets: Situations) -> None:
    assert [phrase for phrase in ASSEMBLY.all_phrases() if sets.for_phrase(phrase) is None] == []


def test_each_command_has_a_few_phrases() -> None:
    few = of_each_command(ASSEMBLY, 1)
    assert len(few) == len({ASSEMBLY.phrasebook.meaning(phrase).command for phrase in ASSEMBLY.all_phrases()})
    assert set(few) < set(of_each_command(ASSEMBLY, 12)) < ASSEMBLY.all_phrases()


def test_what_is_listed_by_hand_is_some_of_each_command_and_all_that_is_said(sets: Situations) -> None:
    assert sets.numbers <= sets.digits.by_hand < sets.digits.phrases
    assert sets.routine.phrases.intersection(of_each_command(ASSEMBLY, 12)) <= sets.routine.by_hand
    assert {"stop", "next", "what time is it"} <= sets.routine.by_hand
    assert len(sets.routine.by_hand) < 1000 < len(sets.routine.phrases)
    assert sets.ten.by_hand == sets.ten.phrases


# --- rooms ------------------------------------------------------------------------------------------------------------


def test_a_person_is_heard_in_each_room_and_noise_in_the_quiet_one(sets: Situations) -> None:
    sound, shelf = quiet(0.5, level=0.2), NoiseShelf()
    for kind, expected in ((Kind.WORD, [None, *SNRS_DB]), (Kind.NOISE, [None])):
        hearing = Hearing(recording("stop" if kind is Kind.WORD else "", kind), (sets.ten, sets.rest))
        assert [snr_db for snr_db, _ in scenes(hearing, sound, shelf)] == expected
        assert hearing.trials == 2 * len(expected)


def test_a_recording_sounds_the_same_wherever_its_folder_lies_and_unlike_others(sets: Situations) -> None:
    def heard(path: str) -> Sound:
        hearing = Hearing(recording("stop", Kind.WORD, Path(path)), (sets.ten,))
        return np.concatenate([scene for _, scene in scenes(hearing, quiet(0.2, level=0.1), NoiseShelf())])

    assert np.array_equal(heard("/x/speech/eval/a.flac"), heard("/y/speech/eval/a.flac"))
    assert not np.array_equal(heard("/x/speech/eval/a.flac"), heard("/x/speech/eval/b.flac"))


# --- listening --------------------------------------------------------------------------------------------------------


@dataclass
class Loud:
    """Ears that take every loud sound for the first phrase; they can be sent to another process."""

    phrase: str
    by_hand: bool = False

    def hear(self, phrases: Collection[str], sound: Sound) -> tuple[str, ...]:
        return (self.phrase,) if self.phrase in phrases and np.abs(sound).max() > 0.25 else ()


def loud_stop() -> Loud:
    return Loud("stop")


def loud_go() -> Loud:
    return Loud("go")


@pytest.fixture
def clips(tmp_path: Path) -> list[CorpusRecording]:
    soundfile = pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")
    for name, level in (("loud", 0.5), ("soft", 0.05)):
        soundfile.write(tmp_path / f"{name}.flac", np.full(8000, level), 8000)
    return [recording("stop", Kind.WORD, tmp_path / f"{name}.flac") for name in ("loud", "soft", "loud")]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_model_hears_everything(sets: Situations, clips: Sequence[CorpusRecording], workers: int) -> None:
    hearings = [Hearing(clip, (sets.ten, sets.rest)) for clip in clips]
    heard = list(listen(hearings, {"a": loud_stop, "b": loud_go}, NoiseShelf(), workers))
    quiet_room = [
        {
            name: [(one.heard_with.key, one.accepted) for one in trials if one.snr_db is None]
            for name, trials in of.items()
        }
        for of in heard
    ]
    loud = {"a": [("ten", ("stop",)), ("rest", ("stop",))], "b": [("ten", ("go",)), ("rest", ())]}
    soft = {name: [("ten", ()), ("rest", ())] for name in "ab"}
    assert quiet_room == [loud, soft, loud]
    assert all(len(trials) == 8 for of in heard for trials in of.values())
    assert heard[0]["a"][0].length_s == pytest.approx(1.0 + 2.5)  # resampled


def make_squarer() -> Callable[[int], int]:
    return square


def square(number: int) -> int:
    if number < 0:
        raise BadFileError(f"{number} is below zero")
    return number * number


@pytest.mark.parametrize("workers", [1, 3])
def test_what_is_done_side_by_side_comes_in_order(workers: int) -> None:
    assert list(done_to_each(make_squarer, range(20), workers)) == [number * number for number in range(20)]


def make_witness() -> Callable[[int], int]:
    return lambda _: os.getpid()


@pytest.mark.parametrize(("workers", "elsewhere"), [(1, False), (2, True)])
def test_where_it_is_done(workers: int, elsewhere: bool) -> None:  # noqa: FBT001 - a column of the table
    assert {pid != os.getpid() for pid in done_to_each(make_witness, [1, 2, 3], workers)} == {elsewhere}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_another_process_is_the_same_error(workers: int) -> None:
    with pytest.raises(BadFileError, match="-1 is below zero"):
        list(done_to_each(make_squarer, [3, -1, 2], workers))


def cannot_make() -> Callable[[int], int]:
    raise VoicecoachError("the model is broken")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_made_is_an_error_and_not_a_wait(workers: int) -> None:
    with pytest.raises(VoicecoachError, match="the model is broken"):
        list(done_to_each(cannot_make, [1, 2], workers))


def make_victim() -> Callable[[int], int]:
    return os._exit


def test_a_process_that_is_ended_from_outside_is_an_error_and_not_a_wait() -> None:
    with pytest.raises(VoicecoachError, match="try fewer --workers"):
        list(done_to_each(make_victim, [9, 9, 9], workers=2))


def test_a_scene_goes_through_a_speech_input_in_blocks() -> None:
    night = np.concatenate([quiet(1.0), say("next"), quiet(1.5), say("oh dear"), quiet(1.5), say("stop"), quiet(1.55)])
    speech_input = CommandRecognizer(PretendedModel())
    assert accepted(speech_input, ["next", "stop", "yes"], night) == ("next", "stop")


def test_the_model_that_ships_is_asked_as_the_product_asks_it() -> None:
    """Also phrases that are none of the coach's may be listened for, as the ten words are."""
    model = ASSEMBLY.recognizer(find_model(None))
    assert type(ASSEMBLY.speech_input(model)) is type(ASSEMBLY.speech_input())
    assert accepted(ASSEMBLY.speech_input(model), TEN_WORDS, quiet(0.5)) == ()


def test_a_grammar_for_pocketsphinx() -> None:
    ears = pytest.importorskip("benchmark.sphinx", reason="the benchmark's libraries are not installed")
    assert "public <phrase> = go | stop now;" in ears.jsgf({"stop now", "go"}, rejecting=False)
    assert "(go | stop now) | /1e-20/ <phone>+ | /0.001/ <NULL>" in ears.jsgf({"stop now", "go"}, rejecting=True)


def test_what_whisper_writes_is_looked_up_among_the_phrases() -> None:
    plain = pytest.importorskip("benchmark.night.plain_whisper", reason="the benchmark's libraries are not installed")
    written = iter(["Ten.", "I'm not sure!", "A tent", "Stop. Now!"])
    lengths = list[float]()

    class Clerk:
        def words(self, sound: Sound) -> str:
            lengths.append(len(sound) / MICROPHONE_HZ)
            return next(written)

    number = ASSEMBLY.language.number
    recogniser = plain.PlainWhisper(Clerk(), number)(frozenset({number(10), "i'm not sure", "stop now"}))
    rng = np.random.default_rng(1)
    buzz = np.sign(np.sin(np.arange(MICROPHONE_HZ) * 0.06)) * rng.uniform(0.5, 1.0, MICROPHONE_HZ)
    sound = np.tile(np.concatenate([np.zeros(MICROPHONE_HZ), buzz * 9000, np.zeros(MICROPHONE_HZ // 2)]), 4)
    samples = sound.astype("<i2").tobytes()
    heard = [recogniser.accept(samples[at : at + 700]) for at in range(0, len(samples), 700)]
    assert [words for words in heard if words] == ["ten", "i'm not sure", "a tent", "stop now"]
    assert all(0.9 <= length <= 2 for length in lengths), "what was said, and hardly any silence"


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def noises(tmp_path: Path) -> Path:
    """A folder with a recording in which nobody speaks."""
    soundfile = pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")
    folder = tmp_path / "speech"
    folder.mkdir()
    soundfile.write(folder / "rain.flac", np.random.default_rng(0).normal(0, 0.01, 2 * MICROPHONE_HZ), MICROPHONE_HZ)
    (folder / INDEX).write_text("\t".join(COLUMNS) + "\nrain.flac\t\t\town\tnoise\tMIT\n", encoding="utf-8")
    return folder


def complaint(capsys: pytest.CaptureFixture[str], expected_code: int, *arguments: str | Path) -> str:
    """The one line that the command complains with."""
    assert main(["hearing", *map(str, arguments)]) == expected_code
    told = capsys.readouterr()
    assert not told.out
    (line,) = [line for line in told.err.splitlines() if line.startswith("voicecoach: ")]
    return line


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--speech", "nowhere"], 65, "nowhere has no index.tsv"),
        (["--speech", ".", "--model", "nowhere"], 69, "the speech model nowhere is not there"),
        (["--speech", ".", "--out", "table.txt"], 64, "must end with .md or .tsv"),
        (["--speech", ".", "--out", "nowhere/table.md"], 64, "there is no folder for"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], options: list[str], code: int, says: str
) -> None:
    assert says in complaint(capsys, code, *options)


@pytest.mark.parametrize("wrong", [["--only", "sometimes"], ["--workers", "0"], ["--workers", "x"], ["--part", "eval"]])
def test_an_option_that_means_nothing(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["hearing", "--speech", ".", *wrong])
    assert caught.value.code == 2
    assert wrong[0] in capsys.readouterr().err


REMEDIES = {"pocketsphinx": "scripts/bench", "soundfile": "pip install --upgrade soundfile"}


@pytest.mark.parametrize("library", REMEDIES)
def test_a_library_that_is_missing_is_told_with_what_installs_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "benchmark.sphinx", raising=False)
    (tmp_path / "rain.flac").touch()
    (tmp_path / INDEX).write_text("\t".join(COLUMNS) + "\nrain.flac\t\t\town\tnoise\tMIT\n", encoding="utf-8")
    chosen = ["--model", REJECTING] if library == "pocketsphinx" else []
    told = complaint(capsys, 69, "--speech", tmp_path, *chosen)
    assert library in told
    assert REMEDIES[library] in told


def test_recordings_that_have_nothing_of_what_was_asked_for(capsys: pytest.CaptureFixture[str], noises: Path) -> None:
    assert "has no recording for --only digits" in complaint(capsys, 64, "--speech", noises, "--only", "digits")


def test_a_file_that_is_no_sound(capsys: pytest.CaptureFixture[str], noises: Path) -> None:
    (noises / "rain.flac").write_bytes(b"no sound")
    assert "cannot be read as sound" in complaint(capsys, 65, "--speech", noises)


@pytest.mark.sound
def test_the_table_of_the_model_that_ships(capsys: pytest.CaptureFixture[str], noises: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.tsv"
    measured = ["--only", "ten", "--only", "costs", "--workers", "1", "--out", str(out)]
    assert main(["hearing", "--speech", str(noises), "--quick", *measured]) == 0
    printed = capsys.readouterr().out
    assert "1 noise; 0 speakers" in printed
    (accepted,) = [line for line in printed.splitlines() if line.startswith("night and household noise accepted, ten")]
    assert ".000 (.000-.793)" in accepted  # Wilson's interval of 0 in 1
    rows = [line.split("\t") for line in out.read_text().splitlines()]
    costs = {row[1]: float(row[4]) for row in rows if row[0] == "What is to be reached" and "accepted" not in row[1]}
    assert set(costs) == {
        *("model on disk, MB", "memory of the process, MB", "loading, ms", "share of one core in a quiet room"),
    }
    assert 1 < costs["model on disk, MB"] < 60
    assert costs["model on disk, MB"] < costs["memory of the process, MB"] < 1000
    assert 0 < costs["share of one core in a quiet room"] < 1


def test_the_parts_that_can_be_chosen_are_the_sets(sets: Situations) -> None:
    assert {*PARTS} == {sets.ten.key, sets.rest.key, sets.routine.key, sets.digits.key, sets.unheard.key, "synthetic"}
