"""What the doctor finds, and what it says about it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import pytest

from voicecoach.doctor import CHECKS, Finding, examine, exit_code, report
from voicecoach.engines.audio_io.port import Direction
from voicecoach.errors import BadFileError, MissingPartError
from voicecoach.hearing.microphone_health import Deafness
from voicecoach.microphone_check import WORDS
from voicecoach.probes import Probes
from voicecoach.settings_check import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def probes(tmp_path: Path) -> Probes:
    """A coach in good health."""
    model = tmp_path / "voicecoach-en"
    (model / "graph").mkdir(parents=True)
    (model / "graph" / "words.txt").write_text("<eps> 0\nnext 1\n[unk] 2\nstop 3\n#0 4\n")
    (model / "final.mdl").write_bytes(bytes(5_000_000))
    (tmp_path / "cache" / "clips").mkdir(parents=True)
    (tmp_path / "cache" / "clips" / "a.npy").write_bytes(bytes(12_000))
    (tmp_path / "settings.yaml").write_text("voice: en-gb+f3\n")
    return Probes(
        model=model,
        why_model="because it ships with the coach",
        missing_words=list,
        second_ear=lambda: "knows 3 meanings",
        advice_on_words="type: voicecoach models words add WORD",
        voice="espeak en-gb+f3",
        reinstall_voice=("espeak-ng",),
        render=lambda _word: 0.42,
        sound_card=lambda: "PortAudio 19.7.0",
        device_problem=lambda _direction: None,
        microphone_fault=lambda: None,
        microphone_is_off=lambda: False,
        cache=tmp_path / "cache",
        settings=tmp_path / "settings.yaml",
        read_settings=lambda: None,
        named={about: lambda: "as it should be" for about in NAMED},
        broken_routines=list,
        clock=lambda: "30 November 2026, 22:15",
        free_bytes=lambda _folder: 12_000_000_000,
        python=(3, 11, 2),
    )


def found(probes: Probes, about: str) -> Finding:
    """The one finding about ``about``."""
    (finding,) = (finding for finding in examine(probes) if finding.about == about)
    return finding


def test_a_microphone_that_somebody_has_turned_off_is_not_opened_to_be_examined(probes: Probes) -> None:
    never = raising(AssertionError("it was opened"))
    off = replace(probes, microphone_is_off=lambda: True, device_problem=never, microphone_fault=never)
    assert found(off, "microphone") == Finding("microphone", well=True, words="is off, as somebody wanted it")


def raising(error: Exception) -> Callable[..., NoReturn]:
    """Something that always raises ``error``."""

    def fail(*_: object) -> NoReturn:
        raise error

    return fail


def test_a_healthy_coach_gets_a_line_for_each_check_and_exit_code_0(probes: Probes) -> None:
    findings = examine(probes)
    assert [finding.about for finding in findings] == list(CHECKS)
    assert exit_code(findings) == 0
    lines = report(findings).splitlines()
    assert all(line.startswith("ok  ") for line in lines[:-1])
    assert "ok  model: voicecoach-en, 5 MB, 2 words (because it ships with the coach)" in lines
    assert "ok  sound card: PortAudio 19.7.0" in lines
    assert f"ok  clip cache: {probes.cache}, 12 kB" in lines
    assert f"ok  settings: {probes.settings}" in lines
    assert "ok  disk: 12 GB free" in lines
    assert "ok  clock: 30 November 2026, 22:15" in lines
    assert "ok  Python: 3.11.2" in lines
    assert lines[-1] == "All is well."


def test_what_need_not_be_there_yet_is_well(probes: Probes, tmp_path: Path) -> None:
    fresh = replace(
        probes,
        cache=tmp_path / "not" / "yet",
        settings=tmp_path / "none.yaml",
        read_settings=raising(FileNotFoundError("none.yaml")),
    )
    assert exit_code(examine(fresh)) == 0
    assert str(tmp_path / "none.yaml") in found(fresh, "settings").words
    assert not (tmp_path / "not").exists(), "the doctor only looks"


def test_a_model_without_a_word_list_is_well(probes: Probes) -> None:
    (probes.model / "graph" / "words.txt").unlink()
    words = "voicecoach-en, 5 MB (because it ships with the coach)"
    assert found(probes, "model") == Finding("model", well=True, words=words)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 1)])
def test_supported_pythons_are_well(probes: Probes, version: tuple[int, int, int]) -> None:
    assert found(replace(probes, python=version), "Python").well


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_other_pythons_are_not(probes: Probes, version: tuple[int, int, int]) -> None:
    finding = found(replace(probes, python=version), "Python")
    assert not finding.well
    assert "3.11 to 3.13" in finding.words


def test_no_model(probes: Probes, tmp_path: Path) -> None:
    finding = found(replace(probes, model=tmp_path / "gone"), "model")
    assert not finding.well
    assert str(tmp_path / "gone") in finding.words
    assert "which is taken because it ships with the coach; name the folder of another with --model" in finding.words


def test_words_that_the_model_lacks_are_named(probes: Probes) -> None:
    finding = found(replace(probes, missing_words=lambda: {"tingling", "ouch"}), "model")
    assert not finding.well
    assert '"ouch", "tingling"' in finding.words
    assert finding.words.endswith("will not be understood; type: voicecoach models words add WORD")


def test_of_many_missing_words_a_few_are_named(probes: Probes) -> None:
    words = found(replace(probes, missing_words=lambda: [f"word{i:02}" for i in range(40)]), "model").words
    assert '"word04" and 35 more words' in words
    assert "word05" not in words


@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_a_voice_that_says_nothing_is_not_well(probes: Probes, seconds: float) -> None:
    finding = found(replace(probes, render=lambda _word: seconds), "voice")
    assert not finding.well
    assert "espeak-ng" in finding.words


def test_a_missing_device_is_told_for_its_own_direction_only(probes: Probes) -> None:
    problems = {Direction.MICROPHONE: "no microphone found; plug in a USB microphone", Direction.SPEAKER: None}
    sick = replace(probes, device_problem=problems.__getitem__)
    assert found(sick, "microphone") == Finding("microphone", well=False, words=str(problems[Direction.MICROPHONE]))
    assert found(sick, "speaker").well


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_cache_that_cannot_be_written(probes: Probes, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = found(replace(probes, cache=tmp_path / "file" / below), "clip cache")
    assert not finding.well
    assert str(tmp_path / "file") in finding.words


@pytest.mark.parametrize("fault", Deafness)
def test_a_microphone_that_brings_no_sound_is_not_well(probes: Probes, fault: Deafness) -> None:
    finding = found(replace(probes, microphone_fault=lambda: fault), "microphone")
    assert finding == Finding("microphone", well=False, words=WORDS[fault])


def test_broken_routines_are_listed_with_their_places(probes: Probes) -> None:
    broken = ["mine.yaml:3:5: no stretch is called plnk", "yours.yaml:1:1: not a routine"]
    finding = found(replace(probes, broken_routines=lambda: broken), "routines")
    assert not finding.well
    assert all(line in finding.words for line in broken)
    assert "2 cannot be used" in finding.words


def test_a_full_disk(probes: Probes) -> None:
    finding = found(replace(probes, free_bytes=lambda _folder: 3_000_000), "disk")
    assert not finding.well
    assert "only 3 MB free" in finding.words


def with_named(about: str, probes: Probes, fail: Callable[..., NoReturn]) -> Probes:
    return replace(probes, named={**probes.named, about: fail})


@pytest.mark.parametrize(
    ("about", "sick"),
    [
        ("model", lambda probes, fail: replace(probes, missing_words=fail)),
        ("voice", lambda probes, fail: replace(probes, render=fail)),
        ("sound card", lambda probes, fail: replace(probes, sound_card=fail)),
        ("microphone", lambda probes, fail: replace(probes, device_problem=fail)),
        ("microphone", lambda probes, fail: replace(probes, microphone_fault=fail)),
        ("speaker", lambda probes, fail: replace(probes, device_problem=fail)),
        ("settings", lambda probes, fail: replace(probes, read_settings=fail)),
        ("routines", lambda probes, fail: replace(probes, broken_routines=fail)),
        *((about, partial(with_named, about)) for about in NAMED),
        ("disk", lambda probes, fail: replace(probes, free_bytes=fail)),
    ],
)
def test_an_error_in_one_check_is_a_finding_and_the_others_go_on(
    probes: Probes, about: str, sick: Callable[[Probes, Callable[..., NoReturn]], Probes]
) -> None:
    told = sick(probes, raising(MissingPartError("one plain line; do this")))
    assert found(told, about) == Finding(about, well=False, words="one plain line; do this")

    unforeseen = sick(probes, raising(ZeroDivisionError("by chance")))
    findings = examine(unforeseen)
    assert [finding.about for finding in findings] == list(CHECKS)
    assert "ZeroDivisionError: by chance" in found(unforeseen, about).words
    assert exit_code(findings) == 1


def test_the_report_of_a_sick_coach_ends_with_how_many_things_need_help(probes: Probes) -> None:
    sick = replace(
        probes,
        read_settings=raising(BadFileError("settings.yaml:1:3: unknown key voise; did you mean voice?")),
        render=raising(MissingPartError("espeak-ng is missing; install it with: sudo apt install espeak-ng")),
    )
    lines = report(examine(sick)).splitlines()
    assert "no  settings: settings.yaml:1:3: unknown key voise; did you mean voice?" in lines
    assert "no  voice: espeak-ng is missing; install it with: sudo apt install espeak-ng" in lines
    assert lines[-1] == f"2 of {len(CHECKS)} need your help."
