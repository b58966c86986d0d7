"""What is installed is pinned, hashed, and named without saying where it comes from."""

import re
import subprocess
import tomllib

import pytest

from tests.support.parts import ROOT

LOCKS = ("boot", "runtime", "extras", "dev", "security", "fuzz")
REGISTRY_SHAPES = (
    r"https?://[^\s\"')]*/(simple|pypi|npm|debian)\b",
    r"https?://(pypi|files|registry|mirrors?)\.",
    r"--(extra-)?index-url\b",
    r"--find-links\b",
    r"\bregistry\s*=\s*\"?http",
)


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text()


def _blocks(name: str) -> list[str]:
    return [block for block in re.split(r"\n(?=\S)", _lock(name).strip()) if not block.startswith("#")]


def _pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", _lock(name), flags=re.MULTILINE))


def _normal(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    for block in _blocks(name):
        assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address(name: str) -> None:
    assert "://" not in _lock(name)
    assert " @ " not in _lock(name)


def test_the_locks_hold_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {_normal(item) for item in project["dependencies"]} <= _pins("runtime").keys()
    extras = dict(project["optional-dependencies"])
    assert {_normal(item) for item in extras.pop("dev")} <= _pins("dev").keys()
    for asked in extras.values():
        assert {_normal(item) for item in asked} <= _pins("extras").keys()
    assert set((ROOT / "requirements" / "boot.in").read_text().split("\n")[1:-1]) <= _pins("boot").keys()


def test_tests_run_on_the_versions_that_are_served() -> None:
    assert _pins("runtime").items() <= _pins("extras").items() <= _pins("dev").items()


def test_installing_the_tests_tools_does_not_change_the_installer() -> None:
    boot, dev = _pins("boot"), _pins("dev")
    assert {name: dev[name] for name in boot.keys() & dev} == {name: boot[name] for name in boot.keys() & dev}


def test_no_tracked_file_names_a_registry() -> None:
    pattern = "|".join(REGISTRY_SHAPES)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    assert ROOT / "pyproject.toml" in paths
    texts = ((path, path.read_bytes().decode(errors="replace")) for path in paths if path.is_file())
    found = [f"{path}: {match[0]}" for path, text in texts for match in re.finditer(pattern, text)]
    # This file alone says what it looks for.
    assert [line for line in found if "test_locks.py" not in line] == []


@pytest.mark.parametrize(
    "line",
    [
        "url = https://packages.example.org" + "/simple/",
        "https://" + "pypi.example.org",
        "pip install --index" + "-url x",
        "--find-links /srv",
        "registry = " + '"https://npm.example.org"',
    ],
)
def test_a_registry_would_be_seen(line: str) -> None:
    assert re.search("|".join(REGISTRY_SHAPES), line)
