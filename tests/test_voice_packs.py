"""Voice packs: said in advance, looked up before any engine, and never trusted further than their checksums."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_voice import Hum, Mute, make_pack, pitch_hz

from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadRequestError, CannotCreateError, MissingPartError
from voicecoach.speaking.clips import ClipCache, clips_of
from voicecoach.speaking.loudness import loudness_lufs
from voicecoach.speaking.packs import opus
from voicecoach.speaking.packs.manifest import BadPackError, Manifest, read_manifest, written
from voicecoach.speaking.packs.pack import VoicePack
from voicecoach.speaking.packs.shelf import PackShelf, phrases
from voicecoach.voices.rendering import PackToMake, render_pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SAID = ("Breathe in.", "And let go.", "Rest here a while, as long as you like.")
LOW_HZ, HIGH_HZ = 440, 880


def shelf_of_clips(folder: Path, engine: Hum, *packs: VoicePack) -> ClipCache:
    return ClipCache(folder / "clips", Voice(), 48_000, engine, lambda _line: None, packs=PackShelf(packs))


def spoil(pack: VoicePack, sentence: str, change: Callable[[bytes], bytes]) -> VoicePack:
    """The same file, with the bytes of a clip changed where they lie."""
    data = bytearray(pack.path.read_bytes())
    with zipfile.ZipFile(pack.path) as archive:
        entry = archive.getinfo(f"clips/{pack.manifest.key(sentence)}.opus")
        clip = archive.read(entry)
    at = data.index(clip)
    data[at : at + len(clip)] = change(clip)
    pack.path.write_bytes(data)
    return VoicePack(pack.path)


# --- who says it ------------------------------------------------------------------------------------------------------


def test_a_pack_speaks_before_the_engine(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "low.voicepack", SAID, pitch_hz=LOW_HZ)
    clips = shelf_of_clips(tmp_path, Mute(), pack)
    clips.prepare(SAID)
    assert pitch_hz(clips.get("Breathe in."), 48_000) == LOW_HZ
    assert not (tmp_path / "clips").exists(), "nothing is kept a second time"


def test_what_is_in_no_pack_is_said_by_the_engine_as_loud_as_the_pack(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "low.voicepack", SAID, pitch_hz=LOW_HZ)
    engine = Hum(HIGH_HZ)
    clips = shelf_of_clips(tmp_path, engine, pack)
    clips.prepare(["Breathe in. This is mine alone."])
    assert engine.rendered == ["This is mine alone."]
    ours, theirs = clips.get("Breathe in."), clips.get("This is mine alone.")
    assert (pitch_hz(ours, 48_000), pitch_hz(theirs, 48_000)) == (LOW_HZ, HIGH_HZ)
    assert loudness_lufs(ours, 48_000) == pytest.approx(loudness_lufs(theirs, 48_000), abs=0.5)


def test_the_users_pack_comes_before_the_one_that_ships(tmp_path: Path) -> None:
    shipped = make_pack(tmp_path / "ships.voicepack", SAID, pitch_hz=LOW_HZ)
    own = make_pack(tmp_path / "own.voicepack", SAID[:1], pitch_hz=HIGH_HZ)
    clips = shelf_of_clips(tmp_path, Mute(), own, shipped)
    assert pitch_hz(clips.get(SAID[0]), 48_000) == HIGH_HZ
    assert pitch_hz(clips.get(SAID[1]), 48_000) == LOW_HZ


def test_the_largest_pack_tells_how_slowly_is_spoken(tmp_path: Path) -> None:
    small = make_pack(tmp_path / "mine.voicepack", ["Mine."])
    large = make_pack(tmp_path / "low.voicepack", SAID)
    (first, *_) = large.sentences()
    shelf = PackShelf([small, large])
    assert shelf.slowness(lambda text: first.seconds / 1.3 if text == first.text else 99.0) == pytest.approx(1.3)
    assert PackShelf().slowness(len) is None
    assert (shelf.slowness(lambda _: 0.001), shelf.slowness(lambda _: 999.0)) == (2.0, 0.5), "nobody speaks like that"


def test_of_two_packs_that_say_nearly_everything_the_one_that_speaks_tells_it(tmp_path: Path) -> None:
    own = make_pack(tmp_path / "own.voicepack", SAID[:2])
    shipped = make_pack(tmp_path / "ships.voicepack", SAID)
    (first, *_) = own.sentences()
    reckoned = {one.text: one.seconds for one in shipped.sentences()} | {first.text: first.seconds / 1.5}
    assert PackShelf([own, shipped]).slowness(reckoned.__getitem__) == pytest.approx(1.5)


def test_without_a_pack_everything_is_as_before(tmp_path: Path) -> None:
    engine = Hum()
    clips = shelf_of_clips(tmp_path, engine)
    clips.prepare(SAID)
    assert engine.rendered == list(SAID)
    assert len([*(tmp_path / "clips").iterdir()]) == len(SAID)


# --- whole sentences and phrases --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "cut"),
    [
        ("Breathe in.", ["Breathe in."]),
        ("Here is the bedtime routine: ten stretches, about twelve minutes.",
         ["Here is the bedtime routine:", "ten stretches,", "about twelve minutes."]),
        ("At 10:30, rest.", ["At 10:30,", "rest."]),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_only_where_a_pause_is(sentence: str, cut: list[str]) -> None:
    assert list(phrases(sentence)) == cut


@given(st.text(alphabet="ab ,:;.", max_size=30))
def test_phrases_put_together_are_the_sentence(text: str) -> None:
    for sentence in clips_of(text):
        assert " ".join(phrases(sentence)) == sentence


def test_a_sentence_that_is_not_there_whole_is_said_in_phrases_of_one_pack(tmp_path: Path) -> None:
    parts = ("This is the bridge,", "stretch two", "of ten.")
    pack = make_pack(tmp_path / "low.voicepack", ["This is the bridge,", "stretch two of ten."])
    clips = shelf_of_clips(tmp_path, Mute(), pack)
    assert clips.is_kept("This is the bridge, stretch two of ten.")
    assert len(clips.get("This is the bridge, stretch two of ten.")) / 48_000 == pytest.approx(8 * 0.3 + 0.2, abs=0.15)
    assert not clips.is_kept(" ".join(parts[:1])[:-1])


def test_no_sentence_has_two_voices(tmp_path: Path) -> None:
    one = make_pack(tmp_path / "one.voicepack", ["This is the bridge,"], pitch_hz=LOW_HZ)
    two = make_pack(tmp_path / "two.voicepack", ["stretch two of ten."], pitch_hz=HIGH_HZ)
    engine = Hum(660)
    clips = shelf_of_clips(tmp_path, engine, one, two)
    assert pitch_hz(clips.get("This is the bridge, stretch two of ten."), 48_000) == 660


def test_whole_sentences_come_before_phrases_of_a_pack_that_is_asked_earlier(tmp_path: Path) -> None:
    cut = make_pack(tmp_path / "cut.voicepack", ["Rest,", "and breathe."], pitch_hz=LOW_HZ)
    whole = make_pack(tmp_path / "whole.voicepack", ["Rest, and breathe."], pitch_hz=HIGH_HZ)
    clips = shelf_of_clips(tmp_path, Mute(), cut, whole)
    assert pitch_hz(clips.get("Rest, and breathe."), 48_000) == HIGH_HZ


# --- what is broken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prepared", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda clip: bytes(len(clip)), id="zeros after a power cut"),
        pytest.param(lambda clip: clip[:-1] + bytes([clip[-1] ^ 1]), id="one bit turned"),
    ],
)
def test_a_broken_clip_is_left_out_and_the_engine_says_it(
    tmp_path: Path, change: Callable[[bytes], bytes], *, prepared: bool
) -> None:
    pack = spoil(make_pack(tmp_path / "low.voicepack", SAID), SAID[1], change)
    engine = Hum(HIGH_HZ)
    clips = shelf_of_clips(tmp_path, engine, pack)
    if prepared:
        clips.prepare(SAID)
        assert engine.rendered == [SAID[1]]
    assert pitch_hz(clips.get(SAID[1]), 48_000) == HIGH_HZ
    assert pitch_hz(clips.get(SAID[0]), 48_000) == LOW_HZ
    assert pack.broken() == [SAID[1]], "the doctor can say which"


def test_a_clip_that_is_no_sound_is_left_out(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "low.voicepack", SAID)
    repacked = tmp_path / "other.voicepack"
    with zipfile.ZipFile(pack.path) as old, zipfile.ZipFile(repacked, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, b"hum" if entry.filename.endswith(".opus") else old.read(entry))
    assert VoicePack(repacked).load(SAID[0]) is None
    assert VoicePack(repacked).broken() == [], "only who listens to it can tell"


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        pytest.param(lambda data: data[: len(data) // 2], "its end is not that of a pack", id="half copied"),
        pytest.param(lambda _: b"", "no voice pack", id="empty"),
        pytest.param(
            lambda _: b"a page of something else, longer than any header" * 9, "not that of a pack", id="else"
        ),
        pytest.param(lambda data: data.replace(b'"format": 1', b'"format": 9'), "cannot be used", id="other format"),
    ],
)
def test_a_broken_pack_is_said_to_be_one(tmp_path: Path, spoiled: Callable[[bytes], bytes], why: str) -> None:
    path = make_pack(tmp_path / "low.voicepack", SAID).path
    path.write_bytes(spoiled(path.read_bytes()))
    with pytest.raises(BadPackError, match=why) as caught:
        VoicePack(path)
    assert str(path) in str(caught.value)


def test_an_archive_that_packs_its_files_is_none(tmp_path: Path) -> None:
    path = tmp_path / "packed.voicepack"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", " " * 10_000)
    with pytest.raises(BadPackError, match="packed or locked"):
        VoicePack(path)


MANIFEST = Manifest(
    name="low",
    language="en-GB",
    engine="hum 1",
    voice="low",
    words_per_minute=120,
    loudness_lufs=-20.5,
    licence="CC0-1.0",
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert read_manifest(written(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("name", "../up"),
        ("voice", 3),
        ("words_per_minute", "fast"),
        ("loudness_lufs", 5),
        ("covers", "x"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(key: str, value: object) -> None:
    said = json.loads(written(MANIFEST)) | {key: value}
    with pytest.raises(ValueError, match=r"format|name|voice|words|loudness|covers"):
        read_manifest(json.dumps(said).encode())
    del said[key]
    with pytest.raises(ValueError, match=key):
        read_manifest(json.dumps(said).encode())


def test_another_voices_clip_never_fits() -> None:
    others = [
        replace(MANIFEST, voice="high"),
        replace(MANIFEST, engine="hum 2"),
        replace(MANIFEST, words_per_minute=150),
        replace(MANIFEST, language="de-DE"),
    ]
    keys = {one.key("Breathe in.") for one in (MANIFEST, *others)}
    assert len(keys) == 5


# --- making one -------------------------------------------------------------------------------------------------------


def test_the_same_sentences_make_the_same_pack(tmp_path: Path) -> None:
    one = make_pack(tmp_path / "a" / "low.voicepack", SAID)
    two = make_pack(tmp_path / "b" / "low.voicepack", SAID)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert len(one) == 3
    assert [said.text for said in one.sentences()] == list(SAID)
    with zipfile.ZipFile(one.path) as archive:
        assert archive.testzip() is None
        assert "synthetic voice" in archive.read("README.md").decode()


def test_rendering_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "low.voicepack"
    before = make_pack(file, SAID).path.read_bytes()
    with pytest.raises(BadRequestError, match="nobody"):
        render_pack(file, PackToMake("low", "en-GB", Voice("nobody"), "CC0-1.0", ()), SAID, [Hum()])
    assert file.read_bytes() == before
    assert [*tmp_path.iterdir()] == [file]


class Interrupted(Hum):
    """Is switched off after two sentences."""

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        if len(self.rendered) == 2:
            raise MissingPartError("no power")
        return super().render(sentence, voice)


def test_what_was_rendered_before_an_interruption_is_not_rendered_again(tmp_path: Path) -> None:
    wanted, kept = PackToMake("low", "en-GB", Voice("low"), "CC0-1.0", ()), tmp_path / "clips"
    with pytest.raises(MissingPartError):
        render_pack(tmp_path / "low.voicepack", wanted, SAID, [Interrupted()], kept=kept)
    later = Hum()
    render_pack(tmp_path / "low.voicepack", wanted, SAID, [later], kept=kept)
    assert later.rendered == [SAID[2]]
    whole = make_pack(tmp_path / "whole" / "low.voicepack", SAID)
    assert (tmp_path / "low.voicepack").read_bytes() == whole.path.read_bytes()


def test_what_a_pack_says_already_is_taken_over_from_it(tmp_path: Path) -> None:
    earlier = make_pack(tmp_path / "low.voicepack", SAID[:2])
    hum, wanted = Hum(), PackToMake("low", "en-GB", Voice("low"), "CC0-1.0", ())
    made = render_pack(tmp_path / "low.voicepack", wanted, SAID, [hum], earlier=earlier)
    assert hum.rendered == [SAID[2]]
    whole = make_pack(tmp_path / "whole" / "low.voicepack", SAID)
    assert (tmp_path / "low.voicepack").read_bytes() == whole.path.read_bytes()
    assert made.clips == 3


def test_nothing_is_taken_over_of_another_voice_or_of_a_broken_clip(tmp_path: Path) -> None:
    file = tmp_path / "low.voicepack"
    earlier = make_pack(file, SAID)
    hum, slower = Hum(), PackToMake("low", "en-GB", Voice("low", 90), "CC0-1.0", ())
    render_pack(tmp_path / "slower.voicepack", slower, SAID, [hum], earlier=earlier)
    assert sorted(hum.rendered) == sorted(SAID)
    clip = earlier.opus(SAID[1])
    assert clip is not None
    file.write_bytes(file.read_bytes().replace(clip, bytes(len(clip))))
    again = Hum()
    wanted = PackToMake("low", "en-GB", Voice("low"), "CC0-1.0", ())
    with VoicePack(file) as broken:
        render_pack(file, wanted, SAID, [again], earlier=broken)
    assert again.rendered == [SAID[1]]


def test_several_that_speak_side_by_side_make_the_pack_that_one_makes(tmp_path: Path) -> None:
    many = [f"Breathe in {word}." for word in ("slowly", "deeply", "again", "once more", "now", "with care")]
    wanted, hums = PackToMake("low", "en-GB", Voice("low"), "CC0-1.0", ()), [Hum(), Hum(), Hum()]
    seen: list[int] = []
    render_pack(tmp_path / "low.voicepack", wanted, many, hums, lambda done, _of: seen.append(done))
    assert sorted(sentence for hum in hums for sentence in hum.rendered) == sorted(many)
    assert seen == [1, 2, 3, 4, 5, 6]
    whole = make_pack(tmp_path / "whole" / "low.voicepack", many)
    assert (tmp_path / "low.voicepack").read_bytes() == whole.path.read_bytes()


class Shy(Hum):
    """Says everything but one sentence."""

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        if sentence == SAID[0]:
            raise BadRequestError("that cannot be said")
        return super().render(sentence, voice)


def test_a_sentence_that_cannot_be_said_is_told_and_costs_no_other(tmp_path: Path) -> None:
    wanted, kept = PackToMake("low", "en-GB", Voice("low"), "CC0-1.0", ()), tmp_path / "clips"
    render_pack(tmp_path / "low.voicepack", wanted, SAID[1:], [Shy()], kept=kept)
    assert render_pack(tmp_path / "low.voicepack", wanted, SAID, [Shy()], kept=kept).unsaid == (SAID[0],)


def test_where_a_pack_cannot_be_written_one_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCreateError, match="cannot be written"):
        render_pack(tmp_path / "file" / "x.voicepack", PackToMake("x", "en", Voice(), "CC0", ()), SAID, [Hum()])


@given(st.integers(1, 3000), st.sampled_from([8_000, 16_000, 22_050, 24_000, 48_000]))
def test_opus_keeps_the_length_of_a_sound(tenths_ms: int, rate_hz: int) -> None:
    sound = np.zeros(max(1, tenths_ms * rate_hz // 10_000), np.float32)
    samples, decoded_hz = opus.decoded(opus.encoded(sound, rate_hz))
    assert decoded_hz in opus.RATES_HZ
    assert len(samples) / decoded_hz == pytest.approx(len(sound) / rate_hz, abs=1.5 / min(rate_hz, decoded_hz))


def wav() -> bytes:
    """Sound, but no Opus."""
    memory = io.BytesIO()
    samples: NDArray[np.int16] = np.zeros(100, np.int16)
    with wave.open(memory, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return memory.getvalue()


@pytest.mark.parametrize("data", [b"", b"OggS" + bytes(60), wav()], ids=["nothing", "a header", "a WAV file"])
def test_what_is_not_opus_is_no_clip(data: bytes) -> None:
    with pytest.raises(opus.NotOpusError):
        opus.decoded(data)
