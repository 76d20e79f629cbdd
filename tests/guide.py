"""``docs/extending.md`` as a list of steps that can be followed in a copy of the checkout, as a contributor would."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "extending.md"
HOME = "~/.config/"
"""Where the user's settings are: in a copy, in its folder ``config``."""

_CODE = re.compile(
    r"^(?P<told>(?:(?!```)[^\n#|][^\n]*\n)+)\n```(?:python|yaml|markdown)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_WAYS = (
    re.compile(r"In `(?P<path>[^`]+)`, (?P<way>below|above) the line that begins with `(?P<anchor>[^`]+)`:$"),
    re.compile(r"In `(?P<path>[^`]+)`, (?P<way>in place of) the line that begins with `(?P<anchor>[^`]+)`:$"),
    re.compile(r"In `(?P<path>[^`]+)`, at its (?P<way>end):$"),
    re.compile(r"A (?P<way>new) file, `(?P<path>[^`]+)`:$"),
    re.compile(r"(?P<way>Copy) `(?P<source>[^`]+)` to `(?P<path>[^`]+)`\. Its heart:$"),
)


@dataclass(frozen=True)
class Step:
    """One block of code, and what the sentence before it says to do with it."""

    section: str
    way: str
    path: str
    text: str
    anchor: str = ""
    source: str = ""

    def follow(self, folder: Path) -> None:
        """Do it in a copy of the checkout."""
        path = folder / (f"config/{self.path.removeprefix(HOME)}" if self.path.startswith(HOME) else self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        match self.way:
            case "Copy":
                shutil.copy(TOP / self.source, path)
            case "new":
                assert not path.exists(), f"{path} is there already"
                path.write_text(self.text, encoding="utf-8")
            case "end":
                before = path.read_text(encoding="utf-8") if path.exists() else ""
                path.write_text(before + self.text, encoding="utf-8")
            case _:
                self._change(path)

    def _change(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (at,) = (number for number, line in enumerate(lines) if line.startswith(self.anchor))
        if self.way == "in place of":
            lines[at] = self.text
        else:
            lines.insert(at + (self.way == "below"), self.text)
        path.write_text("".join(lines), encoding="utf-8")


def steps(*sections: str) -> list[Step]:
    """The steps of some sections of the page, in order; of all, where none is named."""
    parts = re.split(r"^##+ (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [
        _step(section, code["told"], code["text"])
        for section, text in zip(parts[1::2], parts[2::2], strict=True)
        for code in _CODE.finditer(text)
    ]
    return [step for step in found if not sections or step.section in sections]


def _step(section: str, told: str, text: str) -> Step:
    said = re.sub(r"\n", " ", told.strip())
    for way in _WAYS:
        if match := way.search(said):
            return Step(section, text=text, **match.groupdict())
    raise AssertionError(f"{section}: what is done with the code after this sentence? {said}")


def checkout(folder: Path) -> Path:
    """A copy of what a contributor changes, in ``folder``."""
    for name in ("voicecoach", "tests", "routines", "docs"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "ARCHITECTURE.md"):
        shutil.copy(TOP / name, folder)
    (folder / "scripts").mkdir()
    shutil.copytree(TOP / "scripts" / "soak_lib", folder / "scripts" / "soak_lib")  # conftest.py has a room of it
    (folder / "models").symlink_to(TOP / "models")
    return folder


def python(folder: Path, *arguments: str) -> str:
    """What Python prints on ``arguments`` in such a copy, whose settings and caches are its own."""
    own = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{folder / 'tests'}", "PATH": "", **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
