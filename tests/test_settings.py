"""The settings file: what it may say, and what is said about one that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voicecoach.dialogue.score import Talk
from voicecoach.errors import BadFileError
from voicecoach.settings import Echo, Settings, load_settings
from voicecoach.speaking.protocol import Voice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.yaml"


def test_no_file_means_the_defaults(path: Path) -> None:
    assert load_settings(path) == Settings()


def test_a_file_that_says_nothing_means_the_defaults(path: Path) -> None:
    path.write_text("# volume: -3\n")
    assert load_settings(path) == Settings()


def test_everything_can_be_set(path: Path) -> None:
    path.write_text(
        "voice: en-us+m3\nwords_per_minute: 130\nvolume: -14\nusual_routine: wind-down\nsoft_bed: yes\ntalk: brief\n"
        "microphone: USB\nspeaker: Headphones\necho: system\nmodel: /models/big\n"
    )
    assert load_settings(path) == Settings(
        voice=Voice("en-us+m3", 130),
        volume_db=-14.0,
        usual_routine="wind-down",
        soft_bed=True,
        talk=Talk.BRIEF,
        microphone="USB",
        speaker="Headphones",
        echo=Echo.SYSTEM,
        model="/models/big",
    )


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("volum: -3\n", ":1:1:", "volume"),
        ("volume: 5\n", ":1:9:", "-40"),
        ("soft_bed: maybe\n", ":1:11:", "yes"),
        ("talk: breef\n", ":1:7:", "brief"),
        ("echo: on\n", ":1:7:", "system"),
        ("words_per_minute: fast\n", ":1:19:", "number"),
        ("- a\n- b\n", ":1:1:", ""),
        ("voice: [a\n", "settings.yaml:", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: Path, text: str, place: str, words: str) -> None:
    path.write_text(text)
    with pytest.raises(BadFileError) as caught:
        load_settings(path)
    assert place in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
