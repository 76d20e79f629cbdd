"""Whom to call: the country of the time zone tells, or the user does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voicecoach import emergency_number
from voicecoach.emergency_number import number_here, number_of, zone_here
from voicecoach.errors import BadFileError
from voicecoach.repertoire import Repertoire
from voicecoach.settings import Settings, load_settings
from voicecoach.settings_check import check_emergency_number

if TYPE_CHECKING:
    from pathlib import Path

TABLE = [
    "# country\tcoordinates\tzone\tcomment",
    "GB\t+513030-0000731\tEurope/London",
    "US\t+404251-0740023\tAmerica/New_York\tEastern",
    "AU\t-3352+15113\tAustralia/Sydney\tNew South Wales",
    "DE\t+5230+01322\tEurope/Berlin\tmost of Germany",
]


@pytest.mark.parametrize(
    ("zone", "number"),
    [
        ("Europe/London", "999"),
        ("America/New_York", "911"),
        ("Australia/Sydney", "000"),
        ("Europe/Berlin", "112"),
        ("Europe/Lon", "112"),
        ("Etc/UTC", "112"),
        ("", "112"),
        (None, "112"),
    ],
)
def test_the_country_of_the_time_zone_tells(zone: str | None, number: str) -> None:
    assert number_of(zone, TABLE) == number


def test_the_zone_is_what_tz_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Pacific/Auckland")
    assert zone_here() == "Pacific/Auckland"


def test_or_where_the_local_time_leads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TZ", raising=False)
    zone = tmp_path / "zones" / "Europe" / "Rome"
    zone.parent.mkdir(parents=True)
    zone.touch()
    link = tmp_path / "localtime"
    link.symlink_to(zone)
    monkeypatch.setattr(emergency_number, "_ZONES", tmp_path / "zones")
    monkeypatch.setattr(emergency_number, "_LOCALTIME", link)
    assert zone_here() == "Europe/Rome"


def test_or_what_is_written_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(emergency_number, "_LOCALTIME", tmp_path / "none")
    written = tmp_path / "timezone"
    written.write_text("Asia/Tokyo\n")
    monkeypatch.setattr(emergency_number, "_TIMEZONE", written)
    assert zone_here() == "Asia/Tokyo"
    monkeypatch.setattr(emergency_number, "_TIMEZONE", tmp_path / "none")
    assert zone_here() is None
    assert number_here() == "112"


@pytest.mark.parametrize(
    ("written", "number"), [("112", "112"), ("911", "911"), ("000", "000"), ('"1 1 2"', "112"), ("10177", "10177")]
)
def test_what_is_written_is_what_is_said(tmp_path: Path, written: str, number: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(f"emergency_number: {written}\n")
    settings = load_settings(file)
    assert settings.emergency_number == number
    assert Repertoire(settings).knowledge.emergency_number == number
    assert check_emergency_number(settings) == f"{number}, as you set it"


@pytest.mark.parametrize("written", ["none", "+49 112", "1", "123456789", "112a", "[112]"])
def test_what_cannot_be_dialled_is_refused_with_its_place(tmp_path: Path, written: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(f"emergency_number: {written}\n")
    with pytest.raises(BadFileError, match=r"settings.yaml:1:19: "):
        load_settings(file)


def test_the_doctor_says_which_one_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert "for the time zone America/New_York; " in check_emergency_number(Settings())
    assert "write emergency_number in the settings" in check_emergency_number(Settings())


def test_what_is_said_in_an_emergency_is_ready_whatever_happens() -> None:
    house = Repertoire(Settings(emergency_number="911"))
    words = house.language.prompts
    call = words.emergency.format(digits="nine one one")
    assert {call, f"{call} {words.emergency_chest}", f"{call} {words.emergency_fell}", words.red_flag} <= set(
        house.always_said()
    )
    assert {call, words.cramp, words.tingling, words.dizzy} <= set(house.sentences("bedtime"))
