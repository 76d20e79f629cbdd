"""The house is as ARCHITECTURE.md draws it: the diagram comes from the table, imports run downwards."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from voicecoach.dialogue.diagram import diagram, question_table

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "voicecoach"

MAY_KNOW = {
    "routine": {"yamlfile", "problems", "errors"},
    "languages": {"routine", "yamlfile", "problems", "errors"},
    "person": {"routine", "yamlfile", "errors"},
    "dialogue": {"routine", "languages", "person"},
    "engines/echo": {"engines.recognition", "engines.needs"},
    "engines/embedding": {"engines.array_file", "engines.needs", "errors"},
    "engines/meanings": {"engines.array_file", "engines.needs", "errors"},
    "engines/recognition": {"engines.synthesis", "engines.needs", "resources", "errors", "plain", "invocation"},
    "engines/synthesis": {"engines.needs", "errors", "wav", "invocation"},
    "engines/audio_io": {"engines.recognition", "engines.needs", "errors", "invocation"},
    "hearing": {"engines.recognition", "engines.echo", "engines.embedding", "engines.meanings"},
    "speaking": {"engines.synthesis", "routine", "dialogue", "errors", "invocation", "wav", "sound_files"},
    "journal": {"person", "errors"},
    "progress": {"person"},
    "drawing": {
        "progress",
        "person",
        "session_events",
        "session_trace",
        "trace",
        "dialogue",
        "clock_text",
        "engines.synthesis",
        "errors",
    },
    "model_selection": {"engines.recognition", "settings", "errors", "invocation"},
    "service": {"errors", "invocation"},
    "voices": {
        *("speaking", "engines.needs", "engines.recognition", "engines.audio_io", "engines.synthesis"),
        *("settings", "errors", "invocation", "resources"),
    },
}
"""For each folder, what else of the package it may import.  (Speaking knows the names of the dialogue's chimes.)"""
NEVER_IN_THE_CORE = {"time", "threading", "queue", "asyncio", "numpy", "sounddevice", "vosk", "pyttsx3", "random", "os"}


@cache
def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def rooms_known(room: str) -> set[str]:
    known = {
        ".".join(name.split(".")[1 : 3 if name.startswith("voicecoach.engines.") else 2])
        for path in [*(PACKAGE / room).rglob("*.py")] or [PACKAGE / f"{room}.py"]
        for name in imports(path)
        if name.startswith("voicecoach.")
    }
    return known - {room.replace("/", ".")}


@pytest.mark.parametrize("room", sorted(MAY_KNOW))
def test_a_room_knows_only_what_it_may(room: str) -> None:
    assert rooms_known(room) <= MAY_KNOW[room]


@pytest.mark.parametrize("room", ["dialogue", "routine", "languages", "person"])
def test_the_core_is_pure(room: str) -> None:
    """No clock, no thread, no sound, no chance: what happens is a function of what is put in."""
    used = {name.split(".")[0] for path in (PACKAGE / room).rglob("*.py") for name in imports(path)}
    assert not used & NEVER_IN_THE_CORE


OWNERS = {
    "vosk": "engines/recognition/vosk.py",
    "pyttsx3": "engines/synthesis/espeak",
    "ctypes": "engines/synthesis/espeak",
    "sounddevice": "engines/audio_io/portaudio.py",
    "webrtcvad": "hearing/activity.py",
    "paho": "home/mqtt.py",
    "evdev": "buttons/evdev_keys.py",
    "soundfile": "sound_files.py",
}
"""Libraries that end processes, hang, hold devices or open sockets, and who alone may touch each.  Not soxr, numpy and
PIL: what they do is a function of what they are given."""
IN_STRINGS = {"libespeak-ng": "ctypes", "espeak_Initialize": "ctypes", "import vosk": "vosk", "KaldiRecognizer": "vosk"}
"""Words that give a library away where a program is run from a string, or loaded by its file's name."""


@cache
def strings(path: Path) -> str:
    """Every string in a file but its docstrings and other bare ones, which only tell of something."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in bare)
    return "\n".join(node.value for node in found if isinstance(node.value, str))


@pytest.mark.parametrize("library", OWNERS)
def test_each_c_library_has_one_owner(library: str) -> None:
    owner = PACKAGE / OWNERS[library]
    telling = [words for words, names in IN_STRINGS.items() if names == library]
    users = [
        path
        for path in PACKAGE.rglob("*.py")
        if library in {name.split(".")[0] for name in imports(path)} or any(one in strings(path) for one in telling)
    ]
    assert users
    assert [path for path in users if not path.is_relative_to(owner)] == []


ENGINES = {
    ".".join(path.relative_to(PACKAGE / "engines").with_suffix("").parts[:2])
    for path in (PACKAGE / "engines").rglob("*.py")
    if re.search(r"^NEEDS\b", path.read_text(encoding="utf-8"), re.MULTILINE)
} | {"recognition.text"}
"""The file or folder of each engine: they say what they need."""


def test_only_the_assembly_knows_the_engines() -> None:
    """Everybody else knows ports, so another engine is one file and one line."""
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(PACKAGE / "engines")
        and any(f"{name}.".startswith(f"voicecoach.engines.{one}.") for name in imports(path) for one in ENGINES)
    }
    assert knowing == {"assembly.py"}


@pytest.mark.parametrize("port", sorted((PACKAGE / "engines").glob("*/port.py")), ids=lambda port: port.parent.name)
def test_a_port_knows_no_engine(port: Path) -> None:
    ports = {f"voicecoach.engines.{kind}.port" for kind in ("recognition", "synthesis", "audio_io", "echo")}
    known = {name for name in imports(port) if name.startswith("voicecoach.")}
    assert all(any(name == one or name.startswith(f"{one}.") for one in ports) for name in known)


LAYERS = (
    {"__main__"},
    {"cli"},
    {"app"},
    {"sound_check", "live_recording", "rehearsing", "waiting", "house"},
    {"doctor"},
    {"probes", "understanding", "hear_files"},
    {"settings_check"},
    {"assembly"},
    {"supervision", "containment", "remembering"},
    {
        *("coach", "repertoire", "model_selection", "microphone_check", "live", "drawing", "simulation", "console_log"),
        "voices",
    },
    {"microphone_watch", "surroundings", "softness"},
    {"home"},
    {"hearing", "speaking", "settings", "journal", "progress", "trace", "service"},
    {"buttons"},
    {"by_hand"},
    {"session_trace", "setting_values", "sound_files"},
    {"session_events"},
    {"dialogue"},
    {"languages", "person", "engines"},
    {"routine", "jsonlines", "emergency_number"},
    {"yamlfile"},
    {"problems"},
    {"data_lock"},
    {
        *("errors", "resources", "plain", "clock_text", "wav", "shortened"),
        *("standard_streams", "invocation", "ending", "muting"),
    },
)
"""The modules and folders of the package from top to bottom; each may import only what stands on a line below it."""


@cache
def imports_when_run(path: Path) -> set[str]:
    """The modules of the package that a file imports when it is run: not what only its type hints need."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_hints = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in only_hints:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(named & MODULES.keys() or {node.module})
    return found & MODULES.keys()


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def test_every_module_stands_in_one_layer() -> None:
    placed = [name for layer in LAYERS for name in layer]
    assert sorted(placed) == sorted({name.split(".")[1] for name in MODULES if "." in name})


def test_imports_run_downwards() -> None:
    """Those of type hints too: what a module is told about, it knows."""
    height = {name: number for number, layer in enumerate(reversed(LAYERS)) for name in layer}
    upwards = {
        f"{module} imports {name}"
        for module, path in MODULES.items()
        for name in imports(path) & MODULES.keys()
        if "." in name
        and "." in module
        and (above := name.split(".")[1]) != (here := module.split(".")[1])
        and height[above] >= height[here]
    }
    assert upwards == set()


def test_no_import_runs_in_a_circle() -> None:
    """Whatever imports nothing that is left is taken away, until nothing is left; a circle would be."""
    left = {name: imports_when_run(path) - {name} for name, path in MODULES.items()}
    while free := {name for name, known in left.items() if not known & left.keys()}:
        left = {name: known for name, known in left.items() if name not in free}
    assert left == {}


def is_command(node: ast.expr) -> bool:
    """Whether an expression looks like a command: ``command``, ``x.command``, ``Command.STOP``, ``C.STOP``."""
    match node:
        case ast.Name(id="command") | ast.Attribute(attr="command"):
            return True
        case ast.Attribute(value=ast.Name(id="Command" | "C")):
            return True
        case _:
            return False


@pytest.mark.parametrize("folder", ["voicecoach", "tests", "scripts"])
def test_commands_are_compared_by_their_keys(folder: str) -> None:
    """Two that are equal need not be one object, so ``is`` would be false without a word."""
    compared = [
        f"{path.name}:{node.lineno}"
        for path in (TOP / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        if is_command(node.left) or any(map(is_command, node.comparators))
        if not any(isinstance(one, ast.Constant) for one in node.comparators)
    ]
    assert compared == []


LONGEST_FILE = 300
REASON = "More than 300 lines:"


@pytest.mark.parametrize("folder", ["voicecoach", "scripts"])
def test_a_long_file_says_why_at_its_top(folder: str) -> None:
    """A file is one idea; where that takes more, a line of the docstring that begins with `REASON` says why."""
    long = {
        path.relative_to(TOP).as_posix(): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for path in (TOP / folder).rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    }
    assert [name for name, docstring in long.items() if f"\n{REASON}" not in docstring] == []


def test_the_diagram_in_the_page_is_drawn_from_the_table() -> None:
    page = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}\n```" in page, "draw it again: python -m voicecoach.dialogue.diagram"


def test_the_questions_in_the_page_are_listed_from_the_table() -> None:
    page = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert f"\n\n{question_table()}\n\n" in page, "list them again: python -m voicecoach.dialogue.diagram"
