"""From what came of a night to figures, to a table and to JSON; and which stretches a night has."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")

from benchmark import neural
from benchmark.__main__ import main
from benchmark.intervals import Figure, count, hourly, percentile, share
from benchmark.night.attending import Attempt, Attended, NightStretch, What
from benchmark.night.casting import NightCast, cast
from benchmark.night.columns import NightColumn, measured_assembly
from benchmark.night.command import as_json
from benchmark.night.effort import FULL, QUICK, Effort
from benchmark.night.interrupting import Interview, Interviewed, Reply, SaidOver
from benchmark.night.programme import programme
from benchmark.night.rows import as_milliseconds, sections
from benchmark.night.surroundings import NIGHT_DB, QUIET, Background, Surroundings, in_noise, over_own_voice
from benchmark.night.tally import figures
from benchmark.phrases import situations
from benchmark.recordings import COLUMNS, INDEX, CorpusRecording, Kind
from benchmark.rows import FigureRow, Section
from benchmark.table import text
from second_ear.rendering import Clip
from second_ear.voices import KEPT_FOR_MEASURING

if TYPE_CHECKING:
    from benchmark.night.listening import Outcome
    from second_ear.texts import Text
    from second_ear.voices import Speaker

NIGHT = Surroundings("night.rain", Background.RAIN, NIGHT_DB)
WANTED = (
    "stop_to_silence_own_voice_p95_ms",
    "answer_begins_quiet_p95_ms",
    "acceptance_own_voice_echo6_share",
    "acceptance_snr6_share",
    "own_voice_false_accepts",
    "speech_false_accepts_per_h",
    "night_noise_false_accepts_per_h",
)


def said(words: str, speaker: str = "ann", kind: Kind = Kind.COMMAND, number: int = 0) -> CorpusRecording:
    return CorpusRecording(Path(f"a/b/{words}-{speaker}-{number}.flac"), words, speaker, "corpus", kind)


def came_of(
    surroundings: Surroundings,
    *attempts: tuple[CorpusRecording, tuple[str, ...]],
    what: What = What.COMMANDS,
    listens: str = "routine",
    accepted: int | None = None,
    length_s: float = 60.0,
) -> Attended:
    made = tuple(Attempt(*attempt) for attempt in attempts)
    heard = sum(len(attempt.accepted) for attempt in made) if accepted is None else accepted
    return Attended(NightStretch(NightColumn.OURS, what, listens, surroundings), made, heard, length_s)


def replies(how: SaidOver, *delays_s: float | None) -> Interviewed:
    surroundings = over_own_voice(-6) if how is SaidOver.INTO_SENTENCE else QUIET
    interview = Interview(NightColumn.OURS, how, surroundings, (said("stop"),))
    return Interviewed(interview, tuple(Reply(said("stop"), delay_s) for delay_s in delays_s))


# --- acceptance -------------------------------------------------------------------------------------------------------


def test_right_is_exactly_what_was_said_by_place_word_and_voice() -> None:
    machine = said("next", "flite rms", Kind.SYNTHETIC)
    found = figures(
        [
            came_of(QUIET, (said("stop"), ("stop",)), (said("next"), ("next", "next")), (machine, ("next",))),
            came_of(in_noise(Background.FAN, 6), (said("stop"), ("next",))),
            came_of(in_noise(Background.RAIN, 6), (said("stop"), ("stop",))),
        ]
    )
    assert found["right.quiet"] == share(2, 3)
    assert found["right.quiet.people"] == share(1, 2)
    assert found["right.quiet.synthetic"] == share(1, 1)
    assert found["right.quiet.voice.flite"] == share(1, 1)
    assert found["right.quiet.voice.people"] == share(1, 2)
    assert found["right.quiet.word.next"] == share(1, 2)
    assert found["right.snr6.fan"] == share(0, 1)
    assert found["right.snr6"] == share(1, 2)
    assert found["acceptance_snr6_share"].value == pytest.approx((1 / 2) / (2 / 3))
    assert "acceptance_snr6.fan_share" not in found
    assert "acceptance_quiet_share" not in found


def test_over_own_voice_acceptance_is_a_share_of_the_quiet_one() -> None:
    quiet = came_of(QUIET, (said("stop"), ("stop",)), (said("stop"), ()))
    found = figures([quiet, came_of(over_own_voice(-6), (said("stop"), ("stop",)), (said("stop"), ()))])
    assert found["acceptance_own_voice_echo6_share"].value == 1.0
    assert found["right.echo6"] == share(1, 2)


def test_where_nothing_is_right_in_quiet_there_is_no_share_of_it() -> None:
    found = figures([came_of(QUIET, (said("stop"), ())), came_of(over_own_voice(0), (said("stop"), ()))])
    assert not [key for key in found if key.startswith("acceptance")]


# --- false acceptances ------------------------------------------------------------------------------------------------


def test_false_acceptances_are_counted_where_nobody_gives_a_command() -> None:
    word = said("bird", kind=Kind.OTHER_WORD)
    found = figures(
        [
            came_of(QUIET, what=What.SPEECH, accepted=2, length_s=1800),
            came_of(QUIET, what=What.SPEECH, listens="rest", accepted=1, length_s=1800),
            came_of(NIGHT, what=What.NOISE, accepted=1, length_s=7200),
            came_of(replace(NIGHT, key="night.fan"), what=What.NOISE, accepted=0, length_s=7200),
            came_of(replace(NIGHT, key="night.babble"), what=What.NOISE, accepted=9, length_s=7200),
            came_of(QUIET, (word, ("next", "stop")), (word, ()), what=What.WORDS),
            came_of(over_own_voice(-6), what=What.OWN_VOICE, accepted=0, length_s=900),
            came_of(over_own_voice(0), what=What.OWN_VOICE, accepted=3, length_s=900),
        ]
    )
    assert found["speech_false_accepts_per_h"] == hourly(2, 0.5, 0.5)
    assert found["speech_false_accepts_per_h.rest"] == hourly(1, 0.5, 0.5)
    assert found["night_noise_false_accepts_per_h"] == hourly(1, 4.0, 4.0)
    assert found["night_noise_false_accepts_per_h.rain"] == hourly(1, 2.0, 2.0)
    assert found["night_noise_false_accepts_per_h.babble"] == hourly(9, 2.0, 2.0), "and is no noise of the night"
    assert found["word_false_accepts_share"] == share(1, 2)
    assert found["own_voice_false_accepts"] == count(3, 0.5)
    assert found["own_voice_false_accepts.echo6"].value == 0


# --- delays -----------------------------------------------------------------------------------------------------------


def test_delays_are_of_what_was_obeyed() -> None:
    found = figures([replies(SaidOver.INTO_SENTENCE, 0.1, None, 0.3), replies(SaidOver.INTO_SENTENCE, 0.2)])
    assert found["stop_to_silence_own_voice_p50_ms"] == percentile([100, 200, 300], 0.5)
    assert found["stop_to_silence_own_voice_max_ms"] == Figure(300, 3, 300, inf)
    assert found["stopped_own_voice_share"] == share(3, 4)


def test_what_is_never_obeyed_takes_for_ever() -> None:
    found = figures([replies(SaidOver.INTO_PAUSE, None, None)])
    assert found["answer_begins_quiet_p95_ms"] == Figure(inf, 2, inf, inf)
    assert found["answered_quiet_share"] == share(0, 2)


# --- table and JSON ---------------------------------------------------------------------------------------------------


def test_the_table_says_never_and_from_how_many() -> None:
    rows = [Section("How soon", (FigureRow("ms", '"stop", ms', write=as_milliseconds), FigureRow("h", "an hour")))]
    ours = {"ms": Figure(120.4, 80, 110.0, inf), "h": Figure(0.25, 1.5, 0.125, 0.5)}
    theirs = {"ms": Figure(inf, 20, inf, inf)}
    assert text(rows, {"ours": ours, "theirs": theirs}).splitlines() == [
        "How soon        n                 ours         theirs  to reach  goal",
        '"stop", ms     80        120 (110-)     never n=20',
        "an hour     1.5 h  .250 (.125-.500)                 -",
    ]


def test_json_has_a_figure_for_each_key_and_nothing_that_json_lacks() -> None:
    found = {"voicecoach": {"ms": Figure(120.0, 80, 110.0, inf)}, "plain loop": {"ms": Figure(inf, 20, inf, inf)}}
    assert json.loads(as_json(found)) == {
        "ms": {"value": 120.0, "n": 80, "low": 110.0, "high": None},
        "plain_loop/ms": {"value": None, "n": 20, "low": None, "high": None},
    }


def test_each_figure_that_is_promised_has_a_row_of_its_own() -> None:
    goals = sections(())[0]
    assert {row.key for row in goals.rows} == {*WANTED, "cpu_silence_share", "cpu_speech_share"}
    assert all(row.goal for row in goals.rows)


# --- the night --------------------------------------------------------------------------------------------------------

CAST = NightCast(
    commands=tuple(said("next", number=number) for number in range(30)),
    stops=tuple(said("stop", number=number) for number in range(13)),
    answered=(said("next"),),
    words=(said("bird", kind=Kind.OTHER_WORD),),
    speech=(said("the bird stops", kind=Kind.SPEECH),),
    noise=(),
)
ROUTINES = tuple(f"Sentence {number}." for number in range(100))


@pytest.mark.parametrize("effort", [QUICK, FULL], ids=["quick", "full"])
def test_a_night_gives_every_figure_that_is_promised(effort: Effort) -> None:
    night = programme(CAST, ROUTINES, ROUTINES[:5], effort)
    outcomes: list[Outcome] = [
        Interviewed(one, (Reply(one.said[0], 0.1),))
        if isinstance(one, Interview)
        else Attended(one, tuple(Attempt(each, (each.transcript,)) for each in one.said), 0, 60.0)
        for one in night
        if one.column is NightColumn.OURS
    ]
    assert set(WANTED) <= figures(outcomes).keys()


def test_everything_is_said_once_in_quiet_and_all_routines_are_spoken_in_full() -> None:
    ours = [one for one in programme(CAST, ROUTINES, ROUTINES[:5], QUICK) if one.column is NightColumn.OURS]
    sessions = [one for one in ours if isinstance(one, NightStretch)]
    quiet = [word for one in sessions if one.what is What.COMMANDS and one.surroundings is QUIET for word in one.said]
    assert Counter(quiet) == Counter(CAST.commands)
    noisy = [word for one in sessions if one.surroundings.key.startswith("snr6") for word in one.said]
    assert Counter(noisy) == Counter(CAST.commands)
    spoken = [sentence for one in sessions if one.what is What.OWN_VOICE for sentence in one.coach_says]
    assert spoken == list(ROUTINES)


def test_the_other_columns_hear_a_part_of_the_same_night() -> None:
    for effort in (QUICK, FULL):
        night = programme(CAST, ROUTINES, ROUTINES[:5], effort)
        by_column = {
            column: {replace(one, column=NightColumn.OURS) for one in night if one.column is column}
            for column in NightColumn
        }
        assert by_column[NightColumn.PLAIN] == by_column[NightColumn.SPHINX] == by_column[NightColumn.WHISPER]
        assert by_column[NightColumn.PLAIN] < by_column[NightColumn.OURS]


# --- who speaks -------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(tmp_path: Path) -> Path:
    lines = ["\t".join(COLUMNS)]
    for number, (words, kind) in enumerate(
        [("stop", "command"), ("bird", "word"), ("stop the car", "phrase"), ("?", "speech"), ("", "noise")]
    ):
        (tmp_path / f"{number}.flac").touch()
        lines.append(f"{number}.flac\t{words}\tann\tcorpus\t{kind}\tCC0")
    (tmp_path / INDEX).write_text("\n".join(lines) + "\n")
    return tmp_path


def test_people_are_cast_by_what_they_say(
    people: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")  # no synthesiser
    monkeypatch.setenv("XDG_DATA_HOME", str(people / "data"))  # nor Kokoro
    assembly = measured_assembly()
    found = cast(people, assembly, situations(assembly), FULL, people / "work")
    assert [one.transcript for one in found.commands] == ["stop"]
    assert found.stops == found.commands
    assert found.answered == ()  # "stop" has no answer
    assert [one.transcript for one in found.words] == ["bird"]
    assert sorted(one.transcript for one in found.speech) == ["?", "stop the car"]
    assert [one.kind for one in found.noise] == [Kind.NOISE]
    told = capsys.readouterr().err
    assert "until then only people speak" in told
    assert "until then no voice that is nearly human speaks" in told


def test_each_phrase_is_said_by_a_voice_that_is_kept_once_and_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def say(_kokoro: object, _folder: Path, speaker: Speaker, said: list[Text], _rng: object) -> list[Clip]:
        rendered.append(speaker.voice)
        return [Clip(text, speaker.voice, np.full(800, 90, np.int16)) for text in said]

    monkeypatch.setattr(neural, "rendered", say)
    monkeypatch.setattr(neural, "Kokoro", lambda _folder: None)
    monkeypatch.setattr(neural, "_check", lambda _folder: None)
    phrases = [f"phrase {number}" for number in range(60)]
    found = neural.neural_recordings(phrases, 1, tmp_path, tmp_path)
    assert sorted(one.transcript for one in found) == sorted(phrases)
    assert {one.speaker.removeprefix("kokoro ") for one in found} == KEPT_FOR_MEASURING
    assert len(rendered) == 12, "two renderings of each voice: eight phrases, and two"
    assert neural.neural_recordings(phrases, 1, tmp_path, tmp_path) == found
    assert len(rendered) == 12, "nothing is said again"
    assert neural.neural_recordings(phrases, 0, tmp_path, tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--workers", "0"], "write 1 or more"),
        (["--json", "nowhere/f.json"], "there is no folder for nowhere/f.json"),
        (["--out", "figures.txt"], "must end with .md or .tsv"),
        (["--speech", "nowhere"], "nowhere has no index.tsv"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(["--quick", *arguments]) != 0
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
