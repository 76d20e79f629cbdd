"""A new command, added as a contributor would: its phrases, its name, its row in the table, and its handler."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent

NAME = '    NECK = "my neck hurts"\n'
PHRASES = ("my neck hurts:", "  - my neck hurts", "  - my neck is sore")
ROW = "C.NECK: (_, _, neck, neck, neck, neck, instead, neck, _, _),\n"
HANDLER = '''

@handler(stays=True)
def neck(t: Transition) -> None:
    """ "My neck hurts": the easier form, which every stretch has."""
    t.say(t.session.step.stretch.easier)
'''
SCENE = """
from night import Night

night = Night().says("start bedtime routine").until("five").says("my neck is sore")
print(night.mode.value, night.last, night.until("six").last)
"""


def after(path: Path, pattern: str, text: str) -> None:
    """Write ``text`` into a file, after the first line that matches."""
    before, line, rest = re.split(f"(?m)^({pattern}\n)", path.read_text(encoding="utf-8"), maxsplit=1)
    path.write_text(before + line + text + rest, encoding="utf-8")


def checkout(folder: Path) -> Path:
    """The code and its tests, to be changed."""
    for name in ("voicecoach", "tests"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "scenes"))
    shutil.copy(TOP / "pyproject.toml", folder)
    (folder / "scripts").mkdir()
    return folder


def python(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{folder / 'tests'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_command_is_phrases_a_name_a_row_and_a_handler(tmp_path: Path) -> None:
    package = checkout(tmp_path) / "voicecoach"
    english = next(
        path for path in (package / "languages").rglob("*.yaml") if "  - say that again\n" in path.read_text()
    )
    indent = re.findall(r"(?m)^( *)commands:\n( +)", english.read_text(encoding="utf-8"))[0][1]
    after(english, "commands:", "".join(f"{indent}{line}\n" for line in PHRASES))
    after(package / "languages" / "commands.py", "class Command.*", NAME)
    table = package / "dialogue" / "table.py"
    after(table, r"from voicecoach.dialogue.state import .*", "from voicecoach.dialogue.handlers.safety import neck\n")
    after(table, r"_ROWS: .*", ROW)
    with (package / "dialogue" / "handlers" / "safety.py").open("a", encoding="utf-8") as safety:
        safety.write(HANDLER)

    assert python(tmp_path, "-c", SCENE) == "guiding Do less of the hug. six\n"
    python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_dialogue_table.py")
