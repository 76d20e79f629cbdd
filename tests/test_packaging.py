"""What goes out of the house: the wheel is complete, works without the checkout, and every version is pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parent.parent
PACKED = {
    name: f"voicecoach/_data/{name}"
    for name in (
        *("routines", "models/second-ear-en", "models/speech-embedding", "models/voicecoach-en"),
        "models/voices",
    )
}
"""Folders of the checkout, and where a wheel has them."""


def python(*arguments: str | Path, cwd: Path, path: Path | None = None) -> str:
    """Run Python on arguments, with ``path`` before everything that is installed, and return what it prints."""
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(
        [sys.executable, "-P", *arguments], cwd=cwd, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def build_wheel(source: Path, into: Path) -> Path:
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    python("-m", "pip", "wheel", *offline, "--wheel-dir", into, source, cwd=into)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel, and nothing else, was installed."""
    folder = tmp_path_factory.mktemp("installed")
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile")
    python("-m", "pip", "install", *offline, "--target", folder, wheel, cwd=folder)
    return folder


def contents(wheel: Path) -> dict[str, int]:
    """The files of a wheel with their checksums, its metadata left out."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            file.filename: file.CRC
            for file in archive.infolist()
            if not PurePosixPath(file.filename).parts[0].endswith(".dist-info")
        }


def files_of(folder: str) -> set[str]:
    """Everything that belongs to the project in a folder of the checkout."""
    everything = (path.relative_to(CHECKOUT) for path in (CHECKOUT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in everything if "__pycache__" not in path.parts}


# --- the wheel --------------------------------------------------------------------------------------------------------


def test_a_wheel_holds_the_package_the_routines_and_the_model_and_nothing_else(wheel: Path) -> None:
    expected = files_of("voicecoach")
    for here, there in PACKED.items():
        packed = {there + name.removeprefix(here) for name in files_of(here)}
        assert packed, f"{here} is empty"
        expected |= packed
    assert set(contents(wheel)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "voicecoach/py.typed",
        "voicecoach/languages/en/prompts.yaml",
        "voicecoach/person/tips.yaml",
        "voicecoach/_data/routines/bedtime.yaml",
        "voicecoach/_data/routines/text/en/routines/bedtime.yaml",
    ],
)
def test_a_wheel_holds_what_is_not_code(wheel: Path, name: str) -> None:
    assert name in contents(wheel)


def test_a_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    python("-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path, cwd=CHECKOUT)
    (source,) = tmp_path.glob("*.tar.gz")
    assert contents(build_wheel(source, tmp_path)) == contents(wheel)


def test_an_editable_install_copies_nothing(tmp_path: Path) -> None:
    build = "import sys, hatchling.build; hatchling.build.build_editable(sys.argv[1])"
    python("-c", build, tmp_path, cwd=CHECKOUT)
    (wheel,) = tmp_path.glob("*.whl")
    assert set(contents(wheel)) == {"_voicecoach.pth"}


@pytest.mark.parametrize("name", ["routines", "models/voicecoach-en"])
def test_an_installed_coach_finds_what_it_was_shipped_with(installed: Path, tmp_path: Path, name: str) -> None:
    ask = "import sys; from voicecoach.resources import shipped; print(shipped(sys.argv[1]))"
    found = Path(python("-c", ask, name, cwd=tmp_path, path=installed).strip())
    assert found == installed / "voicecoach" / "_data" / name
    assert found.is_dir()


@pytest.mark.parametrize("command", [("-m", "voicecoach"), ("bin/voicecoach",)])
def test_an_installed_coach_lists_its_routines(installed: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    start = [installed / part if part.startswith("bin/") else part for part in command]
    assert "bedtime" in python(*start, "routines", cwd=tmp_path, path=installed)


# --- the constraints --------------------------------------------------------------------------------------------------


def pins() -> dict[str, str]:
    """The constraints: version by name."""
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def asked_for() -> list[Requirement]:
    """What pyproject.toml names: to run, to test, to check and to build."""
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    project = declared["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in (*declared["build-system"]["requires"], *project["dependencies"], *extras)]


def test_the_constraints_are_names_and_versions_in_order_each_once() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in pinned)
    names = [line.split("==")[0] for line in pinned]
    assert names == sorted(set(names))


@pytest.mark.parametrize("requirement", asked_for(), ids=str)
def test_what_is_asked_for_is_pinned_to_a_version_that_suits(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_what_that_needs_is_pinned_too() -> None:
    missing = set()
    ahead = [requirement.name for requirement in asked_for()]
    seen = set(ahead)
    while ahead:
        name = ahead.pop()
        if canonicalize_name(name) not in pins():
            missing.add(name)
        needed = {need.name for need in needs(name)}
        ahead += needed - seen
        seen |= needed
    assert missing == set()


def needs(name: str) -> list[Requirement]:
    """What an installed package needs on this machine; nothing where it is not installed."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    every = [Requirement(line) for line in lines]
    return [need for need in every if need.marker is None or need.marker.evaluate({"extra": ""})]
