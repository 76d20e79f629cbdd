"""A sound card made of software, for tests of the live path on machines without sound hardware.

A private PulseAudio holds a bedroom of two null sinks.  ALSA's default device leads there, and so does PortAudio's::

       coach ──► speaker ──────────────► Recording
                    ╎ (echo, -12 dB)
                    ▼
    person, hum ──► room ──► microphone ──► coach

Nothing of it reaches the machine's own sound server, its configuration or its home folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from numpy.typing import NDArray

SPEAKER_HZ: Final = 48_000
ROOM_HZ: Final = 16_000
ECHO_DB: Final = -12
HUM_DB: Final = -66
"""Of a room at night at the microphone, dBFS: one that brings nothing but zeros is dead, and the coach says so."""

START_S: Final = 20
"""How long a busy machine may take to start PulseAudio or a recording, in seconds."""
ROOMS_AT_A_TIME: Final = 2
"""On a machine with two cores; a coach takes a quarter of one."""
LOOK_S: Final = 0.1
"""Between two looks for a place."""
SAY_S: Final = 60
"""The longest that a person may speak at once, in seconds."""

# Without `norewinds` an idle null sink sleeps for up to two seconds before it plays what comes.
_BEDROOM: Final = """\
load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native
load-module module-null-sink sink_name=speaker rate={speaker_hz} channels=1 norewinds=1
load-module module-null-sink sink_name=room rate={room_hz} channels=1 norewinds=1
load-module module-sine sink=room frequency=100
set-default-sink speaker
set-default-source room.monitor
"""
# Without `adjust_time` the echo would be played faster or slower now and then, to keep it just so late.
_ECHO: Final = (
    "load-module module-loopback source=speaker.monitor sink=room latency_msec=40 adjust_time=0 "
    "source_dont_move=true sink_dont_move=true\n"
)
_ALSA: Final = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "the virtual room" } }
ctl.!default { type pulse }
"""


def missing_part() -> str | None:
    """What this machine lacks for a virtual room, as the reason for a skipped test; None when it has everything."""
    for program in ("pulseaudio", "pactl", "pacat", "paplay", "parec"):
        if shutil.which(program) is None:
            return f"the software sound card needs {program}"
    if not any(Path("/usr").glob("lib*/**/alsa-lib/libasound_module_pcm_pulse.so")):
        return "the software sound card needs ALSA's plugin for PulseAudio (Debian: libasound2-plugins)"
    return None


class VirtualRoom:
    """A bedroom with a speaker, a microphone and, perhaps, an echo; it is there within ``with``."""

    def __init__(self, folder: Path, *, echo: bool = False, waits: bool = True) -> None:
        """Plan a room.

        Args:
            folder: Where its files go; made if missing.  The path must be short, for a socket lies in it.
            echo: Whether the microphone hears the speaker, at `ECHO_DB`.
            waits: Whether to wait until few other rooms on this machine are at work.
        """
        self._folder = folder
        self._echo = echo
        self._waits = waits
        self._closing = ExitStack()
        self.environment = os.environ | {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
            "JACK_NO_START_SERVER": "1",
        }
        """For the process that is to use this room's speaker and microphone."""

    def __enter__(self) -> Self:
        """Start PulseAudio.

        Raises:
            RuntimeError: It did not start; the message holds what it said.
        """
        place = _a_place_on_this_machine() if self._waits else None
        self.furnish()
        bedroom = _BEDROOM + (_ECHO if self._echo else "")
        (self._folder / "bedroom.pa").write_text(
            bedroom.format(folder=self._folder, speaker_hz=SPEAKER_HZ, room_hz=ROOM_HZ), encoding="utf-8"
        )
        with ExitStack() as undoing:
            if place is not None:
                undoing.callback(place.close)
            self._start(undoing)
            self._turn_down("module-sine.c", HUM_DB)
            if self._echo:
                self._turn_down("module-loopback.c", ECHO_DB)
            self._closing = undoing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def furnish(self) -> None:
        """Leave what a program needs that looks for the room before it is there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / "asound.conf").write_text(_ALSA, encoding="utf-8")

    def say(self, sound: Path) -> None:
        """Let the person in bed say a WAV file, to its end."""
        command = ["paplay", "--device=room", str(sound)]
        subprocess.run(command, env=self.environment, check=True, timeout=SAY_S, stdin=subprocess.DEVNULL)

    def mute(self, *, on: bool) -> None:
        """Mute the microphone, or let it hear again."""
        self._pactl("set-source-mute", "room.monitor", str(int(on)))

    def record(self) -> Recording:
        """What the speaker plays, from here on, within ``with``."""
        return Recording(self.environment)

    def _start(self, undoing: ExitStack) -> None:
        log = undoing.enter_context((self._folder / "log").open("wb"))
        command = ["pulseaudio", "-n", f"--file={self._folder}/bedroom.pa", "--daemonize=no", "--use-pid-file=no"]
        command += ["--exit-idle-time=-1", "--disable-shm=yes", "--realtime=no", "--high-priority=no"]
        outside = ("PULSE_SERVER", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY")  # ways to the desktop's own sound server
        mine = {name: value for name, value in self.environment.items() if name not in outside}
        daemon = subprocess.Popen(command, env=mine, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        undoing.callback(_end, daemon)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PulseAudio did not start: {(self._folder / 'log').read_text(encoding='utf-8')}")
            time.sleep(0.02)

    def _turn_down(self, source: str, level_db: int) -> None:
        (number,) = (
            line.split()[0] for line in self._pactl("list", "short", "sink-inputs").splitlines() if source in line
        )
        self._pactl("set-sink-input-volume", number, f"{level_db}dB")

    def _answers(self) -> bool:
        try:
            self._pactl("info")
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return False
        return True

    def _pactl(self, *arguments: str) -> str:
        command = ["pactl", *arguments]
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=START_S
        )
        return done.stdout


class Recording:
    """The speaker's sound, gathered while it is played; within ``with``."""

    CHUNK: Final = SPEAKER_HZ // 20
    """Samples that arrive at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._chunks: list[NDArray[np.int16]] = []
        self._arrival = threading.Condition()
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        command = ["parec", "--device=speaker.monitor", "--raw", "--format=s16le", "--channels=1"]
        command += [f"--rate={SPEAKER_HZ}", "--latency-msec=20"]
        with ExitStack() as undoing:
            process = subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            listener = threading.Thread(target=self._listen, args=(process,), daemon=True)
            undoing.callback(listener.join)
            undoing.callback(_end, process)
            listener.start()
            self._wait_for_chunks(1)
            self._closing = undoing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._closing:
            if kind is None:
                self._wait_for_chunks(len(self._chunks) + 2)  # what was played a moment ago is still on its way

    def heard(self, since: int = 0) -> NDArray[np.float32]:
        """What was played so far, from sample ``since`` on: shape (n,), float32 in -1..1 at `SPEAKER_HZ`."""
        with self._arrival:
            return _joined(self._chunks)[since:]

    def wait_until(
        self, enough: Callable[[NDArray[np.float32]], bool], *, within_s: float, since: int = 0
    ) -> NDArray[np.float32]:
        """Listen until ``enough`` says of what was `heard` since sample ``since`` that it is; return that.

        Raises:
            TimeoutError: It was not, within ``within_s`` seconds.
        """
        found: list[NDArray[np.float32]] = []

        def is_enough() -> bool:
            found[:] = [_joined(self._chunks)[since:]]
            return enough(found[0])

        with self._arrival:
            if not self._arrival.wait_for(is_enough, within_s):
                raise TimeoutError(f"what was awaited did not come from the speaker within {within_s} s")
        return found[0]

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        sound = process.stdout
        if sound is None:
            raise ValueError("the process needs a pipe")
        while chunk := sound.read(2 * self.CHUNK):
            with self._arrival:
                self._chunks.append(np.frombuffer(chunk[: len(chunk) // 2 * 2], "<i2"))
                self._arrival.notify_all()
        sound.close()

    def _wait_for_chunks(self, count: int) -> None:
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self._chunks) >= count, START_S):
                raise TimeoutError("no sound comes from the virtual speaker")


def _a_place_on_this_machine() -> IO[bytes]:
    """Wait until few other tests of this user have a room: they go by the clock.  Closed, it lets one more in."""
    folder = Path(tempfile.gettempdir())
    places = [(folder / f"voicecoach-virtual-room-{os.getuid()}-{n}.lock").open("wb") for n in range(ROOMS_AT_A_TIME)]
    while True:
        for number, place in enumerate(places):
            with suppress(BlockingIOError):
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for other in (*places[:number], *places[number + 1 :]):
                    other.close()
                return place
        time.sleep(LOOK_S)


def _joined(chunks: list[NDArray[np.int16]]) -> NDArray[np.float32]:
    return np.concatenate([np.zeros(0, np.int16), *chunks]).astype(np.float32) / np.float32(32768)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
