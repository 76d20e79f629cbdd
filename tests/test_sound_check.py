"""The sound check in rooms of paper: who is heard how, what is said about it, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from small_house import language

from voicecoach.dialogue.table import COMMANDS
from voicecoach.doctor import exit_code
from voicecoach.engines.echo.port import Cleaned
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.languages.language import Phrasebook
from voicecoach.plain import plain
from voicecoach.settings import EchoMode
from voicecoach.sound_check.conversation import SoundCheck
from voicecoach.sound_check.echo_return import EchoReturn, echo_return
from voicecoach.sound_check.levels import CLIPPED_FRAMES, FRAME, Levels, Span, active_power, decibels, steady_power
from voicecoach.sound_check.live import UntilOver, check_live
from voicecoach.sound_check.measured import Measured, VoiceLevel
from voicecoach.sound_check.verdict import LATEST_ECHO_S, verdict
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.stream_align import Listening

BLOCK: Final = MICROPHONE_HZ // 50
WORDS: Final = language().sound_check
EXPECTED: Final = WORDS.expected
TALK, INVITATION, SENTENCES = WORDS.talk, WORDS.invitation, WORDS.sentences
WORD_S: Final = 0.25
"""A short word: it has been said before a recogniser shows the first sign of it."""
LONGEST_S: Final = 120
"""A check that takes longer has got stuck."""


@cache
def speech(seconds: float, seed: int, level_db: float) -> NDArray[np.float32]:
    """Something like speech: noise in syllables of a fifth of a second, at a level without its pauses."""
    dice = np.random.default_rng(seed)
    samples = round(seconds * MICROPHONE_HZ)
    syllables = np.repeat(dice.random(samples // 3200 + 1) < 0.7, 3200)[:samples]
    syllables[:3200] = True
    return np.asarray(dice.standard_normal(samples) * syllables * 10 ** (level_db / 20), np.float32)


class NoisyClips:
    """Sentences as syllables of noise, at -20 dBFS."""

    rate_hz = MICROPHONE_HZ

    def prepare(self, texts: Sequence[str], progress: object = None) -> None:
        """There is nothing to prepare."""

    def get(self, text: str) -> NDArray[np.float32]:
        return speech(language().durations.speech_s(text, 150), len(text), -20.0)

    ready = get

    def want(self, texts: Iterable[str]) -> None:
        """Everything is there."""

    def hopeless(self, text: str) -> bool:
        return not text


@dataclass
class Removal:
    """A canceller that says how well it does."""

    erle_db: float | None
    fed: int = 0
    echo_db: float | None = None
    delay_s: float | None = None
    drift_ppm: float = 0.0

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        assert len(microphone) == len(played)
        self.fed += len(microphone)
        return Cleaned(microphone, None)


class AttentiveEars(TextInput):
    """Ears that note what they are told of the coach's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def saying(self, words: str) -> None:
        self.said.append(words)


@dataclass(frozen=True)
class Scene:
    """A person, a room, and what the ears and the canceller make of it."""

    noise_db: float = -65.0
    echo_db: float | None = -25.0
    """Relative to what is played; None: it does not get there."""
    delay_s: float = 0.12
    voice_db: float = -30.0
    says: tuple[str, ...] = (*EXPECTED, "pancakes")
    muted: bool = False
    removed_db: float | None = 25.0
    """None: the coach has no canceller of its own."""
    mishears: str = ""
    """What the ears take the coach's own voice for."""


class Evening:
    """A sound check in a scene, twenty milliseconds at a time."""

    def __init__(self, scene: Scene) -> None:
        """Begin, with nothing said yet."""
        self.told: list[str] = []
        self.speech_input = AttentiveEars()
        self.timeline = Timeline(MICROPHONE_HZ)
        self.canceller = Removal(scene.removed_db)
        self.check = SoundCheck(
            self.speech_input,
            self.canceller,
            NoisyClips(),
            self.timeline,
            words=WORDS,
            phrases=EXPECTED,
            tell=self._hear_of,
        )
        self.listener: Listening = self.check
        """Whoever listens in the room."""
        self._scene = scene
        self._dice = np.random.default_rng(7)
        self._now = 0
        self._voice, self._echo = np.zeros((2, LONGEST_S * MICROPHONE_HZ), np.float32)
        self._played = np.zeros(BLOCK, np.float32)
        self._misheard = not scene.mishears

    def turn(self) -> None:
        """Let 20 ms pass."""
        scene = self._scene
        now, end = self._now, self._now + BLOCK
        sound = self._voice[now:end] + self._echo[now:end]
        sound += (self._dice.standard_normal(BLOCK) * 10 ** (scene.noise_db / 20)).astype(np.float32)
        self.listener.listen(np.clip(sound, -1, 1) * np.float32(not scene.muted), self._played)
        self._played = self.timeline.read(BLOCK)
        self._now = end
        if scene.echo_db is not None:
            # What is played now is heard from the next block on, and handed over as played with it.
            at = end + round(scene.delay_s * MICROPHONE_HZ)
            self._echo[at : at + BLOCK] += self._played * np.float32(10 ** (scene.echo_db / 20))
        if TALK in self.timeline.sounding() and not self._misheard:
            self._misheard = True
            self.speech_input.overhear(scene.mishears, end + BLOCK, end + MICROPHONE_HZ)

    def measured(self) -> Measured:
        """Play it to its end; give what was found."""
        while self.check.measured is None:
            assert self._now < (LONGEST_S - 2) * MICROPHONE_HZ, f"stuck after {self.told}"
            self.turn()
        return self.check.measured

    def _hear_of(self, line: str) -> None:
        """Whoever is told that it is their turn speaks: one thing every four seconds."""
        self.told.append(line)
        if line.startswith("your turn"):
            for number, words in enumerate(self._scene.says):
                at = self._now + (1 + 4 * number) * MICROPHONE_HZ
                sound = speech(WORD_S, number, self._scene.voice_db)
                self._voice[at : at + len(sound)] += sound
                self.speech_input.overhear(words, at + len(sound), at + 3 * len(sound))


@cache
def found_in(scene: Scene) -> Measured:
    """What a sound check finds in ``scene``."""
    return Evening(scene).measured()


# --- the conversation -------------------------------------------------------------------------------------------------


def test_it_measures_noise_echo_and_voice() -> None:
    found = found_in(Scene())
    assert found.noise_db == pytest.approx(-65, abs=0.5)
    assert found.echo is not None
    assert found.echo.delay_s == pytest.approx(0.12, abs=0.001)
    assert found.echo.level_db == pytest.approx(-45, abs=1)
    assert found.echo.relative_db == pytest.approx(-25, abs=0.5)
    assert [voice.phrase for voice in found.voices] == ["next", "stop", "that hurts", None]
    assert [voice.level_db for voice in found.voices] == pytest.approx([-30] * 4, abs=1)
    assert not any([found.silent, found.talk_clipped, found.voice_clipped, found.own_words])


def test_it_tells_what_it_finds_as_it_goes() -> None:
    evening = Evening(Scene())
    evening.measured()
    noise, own_voice, turn, *voices = evening.told
    assert noise == "noise      -65 dBFS, quiet enough"
    assert own_voice == (
        "my voice   comes back at -45 dBFS (-25 dB of what was played), 120 ms late; 25 dB of it can be removed"
    )
    assert turn.startswith("your turn: say next, stop, that hurts and anything else")
    assert voices[0] == "you        next, 1.00 sure          -30 dBFS, 35 dB above the noise, 15 dB above my own"
    assert "(no command)" in voices[3]


def test_the_canceller_is_given_every_block() -> None:
    evening = Evening(Scene())
    evening.measured()
    assert evening.canceller.fed == evening.check._levels.position  # noqa: SLF001 - how much was heard


def test_the_ears_are_told_what_it_says() -> None:
    evening = Evening(Scene())
    evening.measured()
    assert evening.speech_input.said == [words for sentence in SENTENCES for words in (plain(sentence), "")]


def test_its_own_invitation_does_not_count_as_the_person() -> None:
    evening = Evening(Scene(says=()))
    while INVITATION not in evening.timeline.sounding():
        evening.turn()
    evening.speech_input.overhear("stop", evening.timeline.position, evening.timeline.busy_until + 2 * MICROPHONE_HZ)
    assert evening.measured().voices == ()


def test_what_it_takes_its_own_voice_for_is_noticed() -> None:
    assert found_in(Scene(mishears="stop")).own_words == ("stop",)


def test_what_it_says_itself_while_it_listens_to_itself_means_nothing() -> None:
    book = Phrasebook(language(), ())
    talk = f" {plain(TALK)} "
    every_phrase = book.phrases_for(COMMANDS)
    assert every_phrase >= set(EXPECTED)
    assert not [phrase for phrase in every_phrase if f" {phrase} " in talk]
    assert all(phrase in plain(INVITATION) for phrase in EXPECTED)
    assert len(set(SENTENCES)) == len(SENTENCES)


def test_broken_samples_are_silence() -> None:
    evening = Evening(Scene())
    while TALK not in evening.timeline.sounding():
        evening.turn()
    for _ in range(10):  # until the first syllable comes back
        evening.turn()
    evening.check.listen(np.full(BLOCK, np.nan, np.float32), np.zeros(BLOCK, np.float32))
    echo = evening.measured().echo
    assert echo is not None
    assert echo.relative_db == pytest.approx(-25, abs=0.5)


# --- the verdict ------------------------------------------------------------------------------------------------------

WELL: Final[dict[str, tuple[Scene, EchoMode]]] = {
    "all as it should be": (Scene(), EchoMode.AUTO),
    "the system removes the echo": (Scene(echo_db=None, removed_db=None), EchoMode.SYSTEM),
    "no echo at all": (Scene(echo_db=None), EchoMode.AUTO),
    "a wireless speaker": (Scene(delay_s=0.5), EchoMode.AUTO),
    "a very late speaker that the system looks after": (Scene(delay_s=0.7, echo_db=-40.0), EchoMode.SYSTEM),
    "a faint echo that nothing removes": (Scene(echo_db=-40.0, removed_db=None), EchoMode.OFF),
    "a voice as loud as the echo, which is removed": (Scene(echo_db=-13.0, voice_db=-32.5), EchoMode.AUTO),
}


@pytest.mark.parametrize("name", WELL)
def test_all_is_well(name: str) -> None:
    scene, mode = WELL[name]
    findings = verdict(found_in(scene), mode)
    assert exit_code(findings) == 0, findings
    assert [finding.about for finding in findings] == ["microphone", "room", "own voice", "understanding"]


AMISS: Final[dict[str, tuple[Scene, EchoMode, str, str]]] = {
    "muted": (Scene(muted=True, says=()), EchoMode.AUTO, "microphone", "every sample is zero: it is muted"),
    "muted, whoever speaks": (Scene(muted=True), EchoMode.AUTO, "microphone", "every sample is zero: it is muted"),
    "nobody speaks": (Scene(says=()), EchoMode.AUTO, "microphone", "you were not heard"),
    "not all is understood": (
        Scene(says=("next", "pancakes")),
        EchoMode.AUTO,
        "understanding",
        '"stop" and "that hurts"',
    ),
    "far too soft": (Scene(voice_db=-56.0, noise_db=-80.0), EchoMode.AUTO, "microphone", "is only -56 dBFS"),
    "a shout": (Scene(voice_db=-2.0), EchoMode.AUTO, "microphone", "your voice overdrives it"),
    "a fan": (Scene(noise_db=-40.0), EchoMode.AUTO, "room", "below your voice and should be 15 dB below"),
    "a fan, and nobody": (Scene(noise_db=-40.0, says=()), EchoMode.AUTO, "room", "10 dB below a soft voice"),
    "the speaker too loud": (Scene(echo_db=-2.0), EchoMode.AUTO, "own voice", "turn the speaker down by"),
    "the speaker far too loud": (Scene(echo_db=20.0), EchoMode.AUTO, "own voice", "it overdrives the microphone"),
    "hears itself": (Scene(mishears="stop"), EchoMode.AUTO, "own voice", 'I took it for "stop"'),
    "little is removed": (Scene(echo_db=-13.0, removed_db=4.0), EchoMode.AUTO, "own voice", "`echo: system`"),
    "the system does nothing": (
        Scene(echo_db=-13.0, removed_db=None),
        EchoMode.SYSTEM,
        "own voice",
        "docs/placement.md",
    ),
    "nothing removes it": (Scene(echo_db=-13.0, removed_db=None), EchoMode.OFF, "own voice", "take `echo: off` out"),
    "a very late speaker": (Scene(delay_s=0.7), EchoMode.AUTO, "own voice", "700 ms late, and falls silent as late"),
}


@pytest.mark.parametrize("name", AMISS)
def test_what_is_amiss_is_named_with_what_to_do(name: str) -> None:
    scene, mode, about, words = AMISS[name]
    findings = verdict(found_in(scene), mode)
    assert exit_code(findings) == 1
    assert words in {finding.about: "" if finding.well else finding.words for finding in findings}[about]


def test_only_one_thing_is_amiss_where_only_one_thing_is() -> None:
    for name in ("a fan", "a shout", "the speaker too loud", "hears itself", "little is removed"):
        scene, mode, about, _ = AMISS[name]
        findings = verdict(found_in(scene), mode)
        assert [finding.about for finding in findings if not finding.well] == [about], name


FINE: Final = Measured(
    silent=False,
    noise_db=-60.0,
    echo=EchoReturn(0.1, -40.0, -20.0),
    removed_db=20.0,
    own_words=(),
    voices=tuple(VoiceLevel(phrase, 1.0, -30.0) for phrase in EXPECTED),
    loudest_db=-30.0,
    talk_clipped=False,
    voice_clipped=False,
    expected=EXPECTED,
)


@pytest.mark.parametrize(
    ("at_the_edge", "beyond"),
    [
        (replace(FINE, noise_db=-45.0), replace(FINE, noise_db=-44.9)),
        (replace(FINE, echo=EchoReturn(0.1, -30.0, -10.0)), replace(FINE, echo=EchoReturn(0.1, -29.9, -9.9))),
        (replace(FINE, removed_db=5.0), replace(FINE, removed_db=4.9)),
        (replace(FINE, echo=EchoReturn(LATEST_ECHO_S, -40, -20)), replace(FINE, echo=EchoReturn(0.601, -40, -20))),
        (replace(FINE, removed_db=None, echo=None), replace(FINE, removed_db=None)),
    ],
)
def test_the_thresholds(at_the_edge: Measured, beyond: Measured) -> None:
    assert exit_code(verdict(at_the_edge, EchoMode.AUTO)) == 0
    assert exit_code(verdict(beyond, EchoMode.AUTO)) == 1


def test_a_door_that_slams_does_not_make_the_voice_louder() -> None:
    assert replace(FINE, voices=(*FINE.voices, VoiceLevel(None, 0.3, -3.0))).voice_db == -30.0


# --- levels and echo --------------------------------------------------------------------------------------------------


def test_levels_do_not_depend_on_the_size_of_blocks() -> None:
    sound = speech(2.0, 1, -20.0)
    whole, pieces = Levels(), Levels()
    whole.add(sound)
    for piece in np.split(sound, [1, 7, 500, 501, 12_345]):
        pieces.add(piece)
    span = Span(0, len(sound))
    assert pieces.position == whole.position == len(sound)
    assert np.array_equal(pieces.powers(span), whole.powers(span))


def test_a_level_is_that_of_its_span_alone() -> None:
    levels = Levels()
    levels.add(np.concatenate([np.full(5 * FRAME, amplitude, np.float32) for amplitude in (0.1, 0.01, 0.1)]))
    inner = levels.powers(Span(5 * FRAME - 3, 10 * FRAME + 3))
    assert [decibels(power) for power in inner] == pytest.approx([-40.0] * 5, abs=0.01)


def test_a_cough_is_no_noise_and_a_pause_no_voice() -> None:
    quiet, loud = np.full(100, 1e-6), np.full(8, 1e-2)
    both = np.concatenate([quiet, loud])
    assert decibels(steady_power(both)) == pytest.approx(-60)
    assert decibels(active_power(both)) == pytest.approx(-20)


@pytest.mark.parametrize(("frames", "clipped"), [(CLIPPED_FRAMES - 1, False), (CLIPPED_FRAMES, True)])
def test_a_knock_is_not_clipping(frames: int, clipped: bool) -> None:  # noqa: FBT001 - a column of a table
    levels = Levels()
    sound = np.zeros(20 * FRAME, np.float32)
    sound[: frames * FRAME : FRAME] = -1.0
    levels.add(sound)
    assert levels.clipped(Span(0, len(sound))) is clipped


def test_a_microphone_is_silent_until_a_single_sample_is_not_zero() -> None:
    levels = Levels()
    levels.add(np.zeros(2 * FRAME, np.float32))
    assert levels.silent
    levels.add(np.append(np.zeros(FRAME - 1), 1e-4).astype(np.float32))
    assert not levels.silent


@pytest.mark.parametrize("delay", [0, 17, 1_600, 8_000, 15_000])
@pytest.mark.parametrize("gain_db", [0.0, -20.0, -40.0])
def test_an_echo_is_found_with_its_delay_and_level(delay: int, gain_db: float) -> None:
    played = speech(5.0, 3, -20.0)
    noise = np.random.default_rng(4).standard_normal(len(played)) * 1e-3
    echo = np.concatenate([np.zeros(delay), played])[: len(played)] * 10 ** (gain_db / 20)
    found = echo_return((echo + noise).astype(np.float32), played, 1e-6)
    assert found is not None
    assert found.delay_s * MICROPHONE_HZ == pytest.approx(delay, abs=4)
    assert found.relative_db == pytest.approx(gain_db, abs=0.5)


@pytest.mark.parametrize("level_db", [-100.0, -60.0, -20.0])
def test_what_was_not_played_is_no_echo(level_db: float) -> None:
    assert echo_return(speech(5.0, 8, level_db), speech(5.0, 3, -20.0), 1e-6) is None


def test_another_sentence_in_the_same_voice_is_no_echo() -> None:
    """A synthesiser makes all sentences of the same few sounds."""
    dice = np.random.default_rng(5)
    sounds = dice.standard_normal((8, MICROPHONE_HZ // 10)).astype(np.float32) * np.float32(0.1)
    played, heard = (np.concatenate(sounds[dice.integers(0, 8, 50)]) for _ in range(2))
    assert echo_return(heard, played, 1e-6) is None


def test_an_echo_that_slides_is_found() -> None:
    """Two clocks that differ by 200 millionths: 16 samples in five seconds."""
    played = speech(5.0, 3, -20.0)
    times = np.arange(len(played)) * (1 + 2e-4) - 1_000
    heard = np.interp(times, np.arange(len(played)), played).astype(np.float32) * np.float32(0.1)
    found = echo_return(heard, played, 1e-9)
    assert found is not None
    assert found.delay_s * MICROPHONE_HZ == pytest.approx(1_000, abs=20)


# --- live -------------------------------------------------------------------------------------------------------------


class PaperRoom:
    """Runs its coach until the coach raises something, or for so many blocks; keeps `sound_check.live.Runner`."""

    def __init__(self, coach: UntilOver, evening: Evening, blocks: int) -> None:
        self._evening, self._blocks = evening, blocks
        evening.listener = coach

    def run(self) -> int:
        for _ in range(self._blocks):
            self._evening.turn()
        return 0


def test_live_it_ends_with_its_last_word() -> None:
    evening = Evening(Scene())
    check = evening.check
    measured = check_live(check, lambda coach: PaperRoom(coach, evening, LONGEST_S * 50))
    assert measured is check.measured
    assert evening.timeline.busy_until == evening.timeline.position, "it has said all that it had to say"


def test_live_it_can_be_broken_off() -> None:
    evening = Evening(Scene())
    with pytest.raises(KeyboardInterrupt):
        check_live(evening.check, lambda coach: PaperRoom(coach, evening, 100))
