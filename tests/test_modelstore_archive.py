"""An archive is unpacked into its folder and nowhere else, or refused in one line."""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_server import packed, snapshot

from voicecoach.engines.recognition.model_store import archive
from voicecoach.engines.recognition.model_store.archive import BadArchiveError, unpack
from voicecoach.errors import VoicecoachError

MODEL = {"m/README": b"a model", "m/am/final.mdl": bytes(range(256)) * 20, "m/conf/": b"", "m/graph/phones/1": b""}


def enough_room(_: int) -> None:
    pass


def members(*entries: tuple[ZipInfo | str, bytes]) -> bytes:
    """A zip file with any members, however bad."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for info, contents in entries:
            target.writestr(info, contents)
    return file.getvalue()


def member(name: str, mode: int = 0, method: int = ZIP_STORED) -> ZipInfo:
    info = ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = method
    return info


class Scene:
    """A folder of somebody's, in which an archive is to be unpacked in a folder of its own."""

    def __init__(self, folder: Path, contents: bytes) -> None:
        self.archive = folder / "model.zip"
        self.archive.write_bytes(contents)
        (folder / "diary.txt").write_text("mine")
        self.before = snapshot(folder)
        self.around = folder
        self.inside = folder / "inside"
        self.told: list[tuple[str, int, int | None]] = []

    def unpack(self) -> None:
        unpack(self.archive, self.inside, enough_room, lambda *told: self.told.append(told))

    def complaint(self) -> str:
        """The line about an archive that is refused; nothing is unpacked from one that says itself what it is."""
        with pytest.raises(BadArchiveError) as caught:
            self.unpack()
        line = str(caught.value)
        assert "\n" not in line
        return line

    def nothing_else_was_touched(self) -> bool:
        after = snapshot(self.around)
        return {name: text for name, text in after.items() if not name.startswith("inside/")} == self.before


def test_folders_and_files_come_out_as_they_are(tmp_path: Path) -> None:
    scene = Scene(tmp_path, packed(MODEL, ZIP_DEFLATED))
    scene.unpack()
    assert snapshot(scene.inside) == {name: text for name, text in MODEL.items() if not name.endswith("/")}
    assert scene.told[-1] == ("unpack", 5127, 5127)
    assert scene.nothing_else_was_touched()


def test_files_do_not_become_programs(tmp_path: Path) -> None:
    scene = Scene(tmp_path, members((member("m/run", stat.S_IFREG | 0o4777), b"#!/bin/sh")))
    scene.unpack()
    assert not (scene.inside / "m/run").stat().st_mode & (0o111 | stat.S_ISUID)


# --- what an archive of a model has no reason to do -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../diary.txt", "m/../../diary.txt", "/etc/cron.d/own", "//server/x", "..", "m/..", "..\\diary.txt",
        "m\\x", "m/\x1b[2J", "m/\nx", "m/\u202etxt.mdl",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    scene = Scene(tmp_path, members(("m/fine", b"x"), (name, b"gotcha")))
    assert "the archive has a path that leads elsewhere in it" in scene.complaint()
    assert not scene.inside.exists()
    assert scene.nothing_else_was_touched()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_a_device(tmp_path: Path, kind: int) -> None:
    scene = Scene(tmp_path, members((member("m/link", kind | 0o777), b"../.."), ("m/link/diary.txt", b"gotcha")))
    assert "the archive has something that is no file in it" in scene.complaint()
    assert not scene.inside.exists()


@pytest.mark.parametrize("name", ["m/" + 199 * "x", "m/" + 70 * "\N{EURO SIGN}"])
def test_a_name_that_is_too_long(tmp_path: Path, name: str) -> None:
    scene = Scene(tmp_path, members((name, b"x")))
    assert "a name that is empty or too long" in scene.complaint()


def test_no_name(tmp_path: Path) -> None:
    contents = bytearray(members(("x", b"")))
    for signature, at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        struct.pack_into("<HH", contents, contents.index(signature) + at, 0, 1)  # the "x" is something else now
    assert "a name that is empty" in Scene(tmp_path, bytes(contents)).complaint()


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_a_way_of_packing_that_cannot_be_unpacked_piece_by_piece(tmp_path: Path, method: int) -> None:
    scene = Scene(tmp_path, members((member("m/x", method=method), bytes(100))))
    assert "packed in an unusual way" in scene.complaint()


def test_a_password(tmp_path: Path) -> None:
    contents = bytearray(members(("m/x", b"secret")))
    contents[contents.index(b"PK\x01\x02") + 8] |= 1
    scene = Scene(tmp_path, bytes(contents))
    assert "a file with a password" in scene.complaint()


def test_a_bomb_that_says_what_it_is(tmp_path: Path) -> None:
    scene = Scene(tmp_path, members((member("m/zeros", method=ZIP_DEFLATED), bytes(5_000_000))))
    assert "would grow far beyond the size of a model" in scene.complaint()
    assert not scene.inside.exists()


def test_a_bomb_that_lies_is_not_unpacked_beyond_what_it_says(tmp_path: Path) -> None:
    contents = bytearray(members((member("m/zeros", method=ZIP_DEFLATED), bytes(5_000_000))))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", contents, contents.index(signature) + at, 1000)
    scene = Scene(tmp_path, bytes(contents))
    scene.complaint()
    assert sum(map(len, snapshot(scene.inside).values())) <= 1000


def test_very_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    scene = Scene(tmp_path, packed({f"m/{number}": b"x" for number in range(4)}))
    assert "the archive has 4 files, far more than a model" in scene.complaint()


def test_a_list_of_files_that_is_too_long_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its end may say that there is one file, or a million."""
    one = packed({"m/x": b"x"})
    begin, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entries = one[begin:end] * 200_000
    bomb = one[:begin] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entries), begin, 0)
    scene = Scene(tmp_path, bomb)
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    assert "the archive lists its files in 9,800,000 bytes" in scene.complaint()
    assert scene.nothing_else_was_touched()


def test_a_model_with_as_many_files_as_may_be_is_unpacked(tmp_path: Path) -> None:
    names = [f"m/{number:04}{'x' * 190}" for number in range(archive.MOST_FILES)]
    scene = Scene(tmp_path, packed(dict.fromkeys(names, b"")))
    scene.unpack()
    assert len(snapshot(scene.inside)) == archive.MOST_FILES


@pytest.mark.parametrize("names", [("m", "m/x"), ("m/x/y", "m/x"), ("m/x", "m/x"), ("m/x", "m/./x"), (".", "m")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_things_in_one_place(tmp_path: Path, names: tuple[str, str]) -> None:
    scene = Scene(tmp_path, members(*((name, b"x") for name in names)))
    assert "two things in one place" in scene.complaint()
    assert scene.nothing_else_was_touched()


@pytest.mark.parametrize("contents", [b"", b"<html>", packed({}), packed({"m/": b""})])
def test_what_is_no_archive_or_has_nothing_in_it(tmp_path: Path, contents: bytes) -> None:
    scene = Scene(tmp_path, contents)
    assert "the archive is " in scene.complaint()


# --- room on the disk -------------------------------------------------------------------------------------------------


def test_room_is_asked_for_before_anything_is_written(tmp_path: Path) -> None:
    scene = Scene(tmp_path, packed(MODEL, ZIP_DEFLATED))

    def refuse(needed: int) -> None:
        raise VoicecoachError(f"no room for {needed}")

    with pytest.raises(VoicecoachError, match=r"^no room for 5127$"):
        unpack(scene.archive, scene.inside, refuse, lambda *_: None)
    assert not scene.inside.exists()


# --- damage -----------------------------------------------------------------------------------------------------------


def test_a_table_of_contents_that_leads_to_before_the_beginning(tmp_path: Path) -> None:
    contents = bytearray(packed(MODEL, ZIP_DEFLATED))
    at = contents.index(b"PK\x05\x06") + 16
    struct.pack_into("<L", contents, at, struct.unpack_from("<L", contents, at)[0] + 9)
    assert "the archive is broken" in Scene(tmp_path, bytes(contents)).complaint()


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_damaged_it_is_unpacked_or_refused_and_nothing_else_is_touched(data: st.DataObject) -> None:
    contents = bytearray(packed(MODEL, ZIP_DEFLATED))
    for _ in range(data.draw(st.integers(1, 4))):
        contents[data.draw(st.integers(0, len(contents) - 1))] = data.draw(st.integers(0, 255))
    length = data.draw(st.one_of(st.just(len(contents)), st.integers(0, len(contents))))
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), bytes(contents[:length]))
        with suppress(BadArchiveError):
            scene.unpack()
        assert scene.nothing_else_was_touched()
