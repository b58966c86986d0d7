"""The commands that the README promises are there and say what they do."""

import re
import subprocess

import pytest

from tests.support.parts import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
PROMISED = {"setup", "run", "test", "check", "fmt", "help"}


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))


def _make(*words: str) -> str:
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_help_lists_every_target_and_is_what_make_alone_does() -> None:
    listed = re.findall(r"^  make ([a-z-]+) +\S", _make("help"), flags=re.MULTILINE)
    assert set(listed) == _targets() >= PROMISED
    assert _make() == _make("help")


def test_no_target_is_taken_for_a_file() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    assert set(phony.split()) == _targets()


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readme_exist(readme: str) -> None:
    named = set(re.findall(r"(?:^|`)(?:\$ )?make ([a-z-]+)", (ROOT / readme).read_text(), flags=re.MULTILINE))
    assert {"run", "test"} <= named <= _targets()


def test_what_is_served_is_installed_without_the_tools_of_the_tests() -> None:
    assert "environment runtime" in _make("-n", "setup")
    assert "environment runtime" in _make("-n", "run")
    assert "environment dev" in _make("-n", "test")


def test_the_demonstration_takes_the_place_of_the_shell() -> None:
    assert "exec .venv/bin/yanlu demo" in _make("-n", "run")


def test_continuous_integration_checks_all_and_skips_nothing() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
    assert "export YANLU_TEST_NO_SKIPS=1" in script
    assert script.splitlines()[-1] == "exec make check"
    assert re.search(r"^check:(?:.*\n\t.*)*\n\t@\$\(MAKE\) test$", MAKEFILE, flags=re.MULTILINE)
