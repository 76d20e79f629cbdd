"""The synthesiser: what becomes of a sentence when all is well, and when its child process fails in some way."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.synthesis.child_synthesizer import implausible
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice, spoken_text
from voicecoach.errors import BadRequestError, MissingPartError, VoicecoachError
from voicecoach.invocation import to_install

if TYPE_CHECKING:
    from collections.abc import Iterator


def espeak_is_here() -> bool:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        return False
    return True


real = pytest.mark.skipif(not espeak_is_here(), reason="needs espeak-ng: sudo apt install espeak-ng")

# --- a child that fails -----------------------------------------------------------------------------------------------

CHILD = """
import json, os, struct, sys, time
folder, lives = sys.argv[1], sys.argv[2].split(",")
with open(folder + "/lives", "a+") as file:
    file.write("+")
    file.seek(0)
    life = lives[min(len(file.read()), len(lives)) - 1]

def tell(**reply):
    print(json.dumps(reply), flush=True)

def wav(samples, channels=1, bits=16):
    data = struct.pack(f"<{len(samples)}h", *samples)
    form = struct.pack("<HHIIHH", 1, channels, 22050, 44100, 2, bits)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", len(data)) + data

speech = [(k % 100 - 50) * 200 for k in range(66150)]
if life == "is born dead":
    sys.exit("Error processing file 'phontab': No such file or directory.\\n")
if life == "babbles":
    print("Audio saved")
if life == "knows better":
    tell(welcome=True)
if life == "lists":
    print("[1]", flush=True)
if life == "has no pyttsx3":
    tell(missing="pyttsx3", why="No module named 'pyttsx3'")
if life == "has no espeak":
    tell(missing="espeak-ng", why="no library!")
tell(ready="fake")
for line in sys.stdin:
    request = json.loads(line)
    sound = {
        "stutters": speech * 10,
        "swallows": speech[:2000],
        "whispers": [k % 3 for k in speech],
        "is mute": [],
    }.get(life, speech)
    content = wav(sound, 2, 8) if life == "speaks in stereo" else wav(sound)
    if life == "stops half way":
        content = content[:-20000]
    if life == "hangs":
        time.sleep(600)
    if life == "dies":
        os.kill(os.getpid(), 9)
    if life != "writes nothing" and not (life == "grows lazy" and request["text"] == "Two."):
        with open(request["path"], "wb") as file:
            file.write(content)
    if life == "loses its worker":
        tell(died=1)
    elif life == "gives up":
        tell(failed="cannot")
    elif life == "finds no room":
        tell(unwritable="No space left on device")
    else:
        tell(done=request["path"])
"""

MISHAPS = [
    "is born dead",
    "babbles",
    "knows better",
    "lists",
    "stutters",
    "swallows",
    "whispers",
    "is mute",
    "speaks in stereo",
    "stops half way",
    "dies",
    "writes nothing",
    "loses its worker",
    "gives up",
]
SENTENCE = "Let both knees fall gently to the right, and turn your head to the left."


class Nursery:
    """Synthesisers whose child processes live as they are told, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._script = folder / "child.py"
        self._script.write_text(CHILD)
        self._open: list[EspeakSynthesizer] = []

    def synthesizer(self, *lives: str, patience_s: float = 30.0) -> EspeakSynthesizer:
        command = (sys.executable, "-I", "-S", str(self._script), str(self._folder), ",".join(lives))
        self._open.append(EspeakSynthesizer(command, patience_s))
        return self._open[-1]

    @property
    def born(self) -> int:
        lives = self._folder / "lives"
        return len(lives.read_text()) if lives.exists() else 0

    def close(self) -> None:
        for synthesizer in self._open:
            synthesizer.close()


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path)
    yield nursery
    nursery.close()


def test_one_child_serves_one_voice_and_starts_with_its_first_sentence(nursery: Nursery) -> None:
    synthesizer = nursery.synthesizer("is well")
    assert nursery.born == 0
    samples, rate_hz = synthesizer.render(SENTENCE, Voice())
    assert (len(samples), rate_hz) == (66_150, 22_050)
    assert samples.dtype == np.int16
    synthesizer.render("One.", Voice())
    assert nursery.born == 1
    synthesizer.render(SENTENCE, Voice(words_per_minute=140))
    assert nursery.born == 2


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_child_that_fails_once_is_replaced(nursery: Nursery, mishap: str) -> None:
    samples, _ = nursery.synthesizer(mishap, "is well").render(SENTENCE, Voice())
    assert len(samples) == 66_150
    assert nursery.born == 2


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_child_that_fails_again_is_reported_in_one_plain_line(nursery: Nursery, mishap: str) -> None:
    with pytest.raises(MissingPartError) as caught:
        nursery.synthesizer(mishap).render(SENTENCE, Voice())
    message = str(caught.value)
    assert message.startswith("espeak-ng is missing or broken: ")
    assert message.endswith("; install it with: sudo apt install espeak-ng")
    assert "\n" not in message
    assert nursery.born == 2


def test_a_child_that_hangs_is_not_waited_for_for_ever(nursery: Nursery) -> None:
    with pytest.raises(MissingPartError, match=r"did not answer within 0\.3 s"):
        nursery.synthesizer("hangs", patience_s=0.3).render(SENTENCE, Voice())


def test_the_sound_of_an_earlier_sentence_is_never_taken_for_this_one(nursery: Nursery) -> None:
    synthesizer = nursery.synthesizer("grows lazy")
    synthesizer.render("One.", Voice())
    with pytest.raises(MissingPartError, match="no readable WAV file"):
        synthesizer.render("Two.", Voice())


def test_what_a_dying_child_complained_of_is_in_the_message(nursery: Nursery) -> None:
    with pytest.raises(MissingPartError, match="'phontab': No such file or directory; install it"):
        nursery.synthesizer("is born dead").render(SENTENCE, Voice())


@pytest.mark.parametrize(
    ("life", "message"),
    [
        (
            "has no pyttsx3",
            f"pyttsx3 cannot be loaded: No module named 'pyttsx3'; install it with: {to_install('pyttsx3')}",
        ),
        ("has no espeak", "espeak-ng is missing or broken: no library; install it with: sudo apt install espeak-ng"),
    ],
)
def test_a_missing_part_is_not_tried_twice(nursery: Nursery, life: str, message: str) -> None:
    with pytest.raises(MissingPartError) as caught:
        nursery.synthesizer(life).render(SENTENCE, Voice())
    assert str(caught.value) == message
    assert nursery.born == 1


def test_a_full_temporary_folder_is_named(nursery: Nursery) -> None:
    with pytest.raises(VoicecoachError, match=r"temporary folder, .*: No space left on device; make room"):
        nursery.synthesizer("finds no room").render(SENTENCE, Voice())
    assert nursery.born == 1


def test_a_temporary_folder_that_is_not_there_is_named(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at all")
    with pytest.raises(VoicecoachError, match="temporary folder, /nowhere/at all: No such file or directory; make"):
        nursery.synthesizer("is well").render(SENTENCE, Voice())


def test_a_system_without_any_temporary_folder_is_said_plainly(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    with pytest.raises(VoicecoachError, match="into a temporary folder: No usable temporary directory found"):
        nursery.synthesizer("is well").render(SENTENCE, Voice())


def test_after_closing_nothing_is_left_and_it_can_be_used_again(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with nursery.synthesizer("is well") as synthesizer:
        synthesizer.render("One.", Voice())
        assert len(list(temporary.iterdir())) == 1
    assert list(temporary.iterdir()) == []
    synthesizer.close()
    synthesizer.render("One.", Voice())
    assert nursery.born == 2


# --- bad requests -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["", "  ", "...", "— !"])
def test_a_sentence_without_words_is_refused(nursery: Nursery, nothing: str) -> None:
    with pytest.raises(BadRequestError, match="nothing to say"):
        nursery.synthesizer("is well").render(nothing, Voice())
    assert nursery.born == 0


@pytest.mark.parametrize("words_per_minute", [-1, 0, 79, 451])
def test_a_speed_that_espeak_does_not_have_is_refused(nursery: Nursery, words_per_minute: int) -> None:
    with pytest.raises(BadRequestError, match="choose from 80 to 450"):
        nursery.synthesizer("is well").render("One.", Voice(words_per_minute=words_per_minute))
    assert nursery.born == 0


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("  Breathe\n\tin. ", "Breathe in."),
        ("Breathe\x00in.", "Breathe in."),
        ("… - !", ""),
        ("7", "7"),
        ("Ça va?", "Ça va?"),
    ],
)
def test_what_is_spoken_of_a_sentence(sentence: str, text: str) -> None:
    assert spoken_text(sentence) == text


@pytest.mark.parametrize(
    ("seconds", "text", "words_per_minute", "plausible"),
    [
        (0.8, "One.", 150, True),
        (0.8, "7", 150, True),
        (4.4, SENTENCE, 150, True),
        (8.3, SENTENCE, 80, True),
        (1.6, SENTENCE, 450, True),
        (3.0, "WWW.", 150, True),
        (0.5, SENTENCE, 150, False),
        (1.0, SENTENCE, 80, False),
        (60.0, SENTENCE, 150, False),
        (6.0, "One.", 150, False),
        (0.0, "One.", 150, False),
    ],
)
def test_which_lengths_are_plausible(seconds: float, text: str, words_per_minute: int, *, plausible: bool) -> None:
    samples = np.full(round(seconds * 22_050), 1000, np.int16)
    assert (implausible(samples, 22_050, text, Voice(words_per_minute=words_per_minute)) is None) == plausible


# --- a pyttsx3 that misbehaves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accident", "message"),
    [
        ("raise ModuleNotFoundError(\"No module named 'pyttsx3'\")", "pip install pyttsx3"),
        ("raise RuntimeError('no eSpeak here!')", "no eSpeak here; install it with: sudo apt install espeak-ng"),
    ],
)
def test_a_pyttsx3_that_cannot_be_loaded_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, accident: str, message: str
) -> None:
    (tmp_path / "pyttsx3").mkdir()
    (tmp_path / "pyttsx3" / "__init__.py").write_text(accident)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with EspeakSynthesizer() as synthesizer, pytest.raises(MissingPartError, match=message):
        synthesizer.render("One.", Voice())


PYTTSX3 = {
    "__init__.py": """
import os, threading, wave
from types import SimpleNamespace
from pyttsx3.drivers import _espeak

mishap = os.environ["MISHAP"]

class Engine:
    proxy = SimpleNamespace(setBusy=lambda busy: None)
    voice = "gmw/en"

    def connect(self, topic, callback):
        self.over = callback

    def getProperty(self, name):
        if name == "voice":
            return self.voice
        return [SimpleNamespace(id=name, name=name[4:], languages=["en"]) for name in ("gmw/en", "gmw/en-us")]

    def setProperty(self, name, value):
        if name == "rate" and mishap != "loses the rate":
            _espeak.rate = value
        if name == "voice" and mishap != "has the voice on paper only":
            self.voice = value

    def save_to_file(self, text, path):
        self.path = path

    def runAndWait(self):
        if mishap == "comes back early":
            threading.Timer(0.05, self.write).start()
        else:
            self.write()

    def write(self):
        with wave.open(self.path, "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes(bytes([0, 9]) * 22050)
        self.over(name=None, completed=True)

def init(driver):
    return Engine()
""",
    "drivers/__init__.py": "",
    "drivers/espeak.py": "print('noise on standard output')",
    "drivers/_espeak.py": """
import ctypes
from types import SimpleNamespace

RATE, rate = 1, 175
VOICE = type("VOICE", (ctypes.Structure,), {})
ListVoices = lambda wanted: [SimpleNamespace(identifier=b"!v/f3")]
IsPlaying = lambda: False
dll = SimpleNamespace(espeak_GetParameter=lambda name, current: rate)
""",
}


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A pyttsx3 that has no espeak-ng behind it and does what the variable MISHAP says."""
    for name, program in PYTTSX3.items():
        file = tmp_path / "pyttsx3" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return monkeypatch


def test_an_engine_that_comes_back_before_it_has_spoken_is_waited_for(misbehaving: pytest.MonkeyPatch) -> None:
    misbehaving.setenv("MISHAP", "comes back early")
    with EspeakSynthesizer() as synthesizer:
        samples, _ = synthesizer.render("One.", Voice("en+f3"))
    assert len(samples) == 22_050


@pytest.mark.parametrize(
    ("mishap", "error", "message"),
    [
        ("loses the rate", MissingPartError, "does not speak 150 words a minute"),
        ("has the voice on paper only", BadRequestError, r'no voice "en-us\+f3" that it can use'),
    ],
)
def test_settings_that_an_engine_loses_are_noticed(
    misbehaving: pytest.MonkeyPatch, mishap: str, error: type[VoicecoachError], message: str
) -> None:
    misbehaving.setenv("MISHAP", mishap)
    with EspeakSynthesizer() as synthesizer, pytest.raises(error, match=message):
        synthesizer.render("One.", Voice("en-us+f3"))


# --- the real thing ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakSynthesizer]:
    with EspeakSynthesizer() as synthesizer:
        yield synthesizer


@real
@pytest.mark.sound
def test_the_voices_that_we_speak_of_exist_and_differ(espeak: EspeakSynthesizer) -> None:
    names = ["en-gb+f3", "en-gb", "en-us+f4", "en-gb+m3", "en-gb-x-rp", "gmw/en-us", "EN-US+F2", "English (Scotland)"]
    spoken = {name: espeak.render("Breathe in.", Voice(name)) for name in names}
    assert {rate_hz for _, rate_hz in spoken.values()} == {22_050}
    assert len({samples.tobytes() for samples, _ in spoken.values()}) == len(names)


@real
@pytest.mark.sound
def test_a_voice_may_be_called_by_its_language_or_by_its_identifier(espeak: EspeakSynthesizer) -> None:
    by_language, _ = espeak.render("Breathe in.", Voice("en-us+f4"))
    by_identifier, _ = espeak.render("Breathe in.", Voice("gmw/en-us+f4"))
    assert np.array_equal(by_language, by_identifier)


@real
@pytest.mark.sound
def test_the_same_words_are_the_same_samples_whatever_was_said_before(espeak: EspeakSynthesizer) -> None:
    sentences = [SENTENCE, "One.", "In, lift."]
    first = [espeak.render(sentence, Voice())[0] for sentence in sentences]
    again = [espeak.render(sentence, Voice())[0] for sentence in reversed(sentences)]
    with EspeakSynthesizer() as fresh:
        elsewhere = [fresh.render(sentence, Voice())[0] for sentence in sentences[1:]]
    assert all(map(np.array_equal, first, reversed(again)))
    assert all(map(np.array_equal, first[1:], elsewhere))


@real
@pytest.mark.sound
def test_speech_is_as_fast_as_it_was_asked_for(espeak: EspeakSynthesizer) -> None:
    seconds = [len(espeak.render(SENTENCE, Voice(words_per_minute=speed))[0]) / 22_050 for speed in (100, 150, 200)]
    assert seconds[0] / seconds[1] == pytest.approx(1.5, rel=0.1)
    assert seconds[1] / seconds[2] == pytest.approx(200 / 150, rel=0.1)


@real
@pytest.mark.sound
@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("en-gb+f9", r'no voice "en-gb\+f9" .*did you mean en-gb\+f'),
        ("en-bg+f3", r"did you mean .*en-gb\+f3"),
        ("english", r"did you mean english \("),
        ("", "espeak-ng --voices"),
        ("klingon-opera", r"no voice \"klingon-opera\""),
    ],
)
def test_an_unknown_voice_is_refused_with_names_that_come_near(
    espeak: EspeakSynthesizer, name: str, advice: str
) -> None:
    with pytest.raises(BadRequestError, match=advice):
        espeak.render("One.", Voice(name))


@real
@pytest.mark.sound
def test_missing_data_of_espeak_are_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(tmp_path))
    with (
        EspeakSynthesizer() as synthesizer,
        pytest.raises(MissingPartError, match=r"phontab.*sudo apt install espeak-ng"),
    ):
        synthesizer.render("One.", Voice())


@real
@pytest.mark.sound
def test_a_temporary_folder_that_vanishes_is_reported_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with EspeakSynthesizer() as synthesizer:
        synthesizer.render("One.", Voice())
        shutil.rmtree(temporary)
        with pytest.raises(VoicecoachError, match=r"temporary folder, .*: No such file or directory"):
            synthesizer.render("Two.", Voice())


def children(pid: int) -> set[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for children in lists for child in children.read_text().split()}


@real
@pytest.mark.sound
def test_a_child_that_was_killed_between_two_sentences_is_replaced() -> None:
    before = children(os.getpid())
    with EspeakSynthesizer() as synthesizer:
        first, _ = synthesizer.render("One.", Voice())
        (child,) = children(os.getpid()) - before
        os.kill(child, signal.SIGKILL)
        again, _ = synthesizer.render("One.", Voice())
    assert np.array_equal(first, again)
    assert children(os.getpid()) <= before


def python(program: str) -> subprocess.Popen[bytes]:
    """Another Python that runs ``program``, with pipes to and from it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def ends(watched: int) -> bool:
    """Whether the process of this descriptor ends by itself; given 20 seconds, needed are none."""
    ended, _, _ = select.select([watched], [], [], 20.0)
    os.close(watched)
    return bool(ended)


@real
@pytest.mark.sound
def test_the_child_dies_with_its_parent() -> None:
    program = (
        "from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer\n"
        "from voicecoach.engines.synthesis.port import Voice\n"
        "synthesizer = EspeakSynthesizer()\n"
        "synthesizer.render('One.', Voice())\n"
        "print('spoken', flush=True)\n"
        "input()\n"
    )
    with python(program) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"spoken\n"
        (child,) = children(parent.pid)
        watched = os.pidfd_open(child)
        parent.kill()
    assert ends(watched)


def test_a_worker_that_hangs_dies_when_nobody_waits_for_it_any_more() -> None:
    program = (
        "import time\n"
        "from voicecoach.engines.synthesis.espeak._render_child import in_worker\n"
        "in_worker(lambda: print('working', flush=True) or time.sleep(60))\n"
    )
    with python(program) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"working\n"
        (worker,) = children(child.pid)
        watched = os.pidfd_open(worker)
        child.stdin.close()
        assert child.wait(timeout=20) == 0
        assert ends(watched)


@pytest.mark.parametrize(
    ("job", "reply"),
    [
        ("{'done': 'here'}", {"done": "here"}),
        ("os._exit(7)", {"died": 7}),
        ("os.kill(os.getpid(), 9)", {"died": -9}),
        ("sys.unraisablehook(Report(OSError(28, 'No space left')))", {"unwritable": "No space left"}),
        ("sys.unraisablehook(Report(ValueError('odd')))", {"failed": "odd"}),
    ],
)
def test_a_worker_s_reply_reaches_its_parent_whatever_becomes_of_it(job: str, reply: dict[str, object]) -> None:
    program = (
        "import json, os, sys\n"
        "from voicecoach.engines.synthesis.espeak._render_child import in_worker\n"
        "class Report:\n"
        "    def __init__(self, error):\n"
        "        self.exc_value = error\n"
        f"print(json.dumps(in_worker(lambda: {job})))\n"
    )
    with python(program) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.read()) == reply
