"""scripts/environment installs what the locks changed, nothing else, and says in one line what a machine lacks.

A stand-in for Python notes what it is called for; the real installation is what every `make test` has been through.
"""

import subprocess
from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.parts import ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_fresh_machine_gets_installer_lock_and_project(machine: Machine) -> None:
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.made_venv()
    boot, lock, project = machine.installed()
    assert boot.startswith("-r /dev/fd/")
    assert lock == "-r requirements/runtime.lock"
    assert project == "-e ."


def test_a_second_run_does_nothing(machine: Machine) -> None:
    machine.run()
    for lock in (machine.project / "requirements").iterdir():
        lock.touch()
    done = machine.run()
    assert (done.returncode, done.stdout, machine.log.read_text()) == (0, "", "")


def test_a_changed_lock_is_installed_again(machine: Machine) -> None:
    machine.run()
    with (machine.project / "requirements/runtime.lock").open("a") as lock:
        lock.write("# another pin\n")
    machine.run()
    assert machine.installed()[1:] == ["-r requirements/runtime.lock"]
    assert not machine.made_venv()


def test_a_changed_declaration_installs_the_project_alone(machine: Machine) -> None:
    machine.run()
    with (machine.project / "pyproject.toml").open("a") as declaration:
        declaration.write("# another command\n")
    machine.run()
    assert machine.installed() == ["-e ."]


def test_what_the_tests_need_holds_what_the_service_needs(machine: Machine) -> None:
    machine.run("dev")
    assert machine.installed()[1] == "-r requirements/dev.lock"
    machine.run("runtime")
    assert machine.installed() == []


def test_what_the_service_needs_is_not_enough_for_the_tests(machine: Machine) -> None:
    machine.run("runtime")
    machine.run("dev")
    assert machine.installed()[1:] == ["-r requirements/dev.lock"]


def test_every_locked_package_is_checked_by_its_hash(machine: Machine) -> None:
    machine.run("dev")
    calls = [line for line in machine.log.read_text().splitlines() if " -r " in line]
    assert len(calls) == 2
    assert all("--require-hashes" in call for call in calls)


def test_a_machine_without_a_wheel_of_uv_uses_pip(machine: Machine) -> None:
    done = machine.run(INSTALLER="uv", FAKE_NO_UV="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.installed()[0] == "-r requirements/boot.lock"
    assert machine.installed()[2:] == ["-r requirements/runtime.lock", "-e ."]


def test_the_boot_lock_without_uv_is_whole() -> None:
    lock = ROOT / "requirements/boot.lock"
    (line,) = [line for line in (ROOT / "scripts/environment").read_text().splitlines() if "sed '" in line]
    program = line.split("'")[1]
    rest = subprocess.run(["sed", program, lock], capture_output=True, text=True, check=True).stdout
    before, _, after = lock.read_text().partition("uv==")
    assert after
    assert rest.startswith(before)
    assert "uv==" not in rest
    assert all(
        line.startswith("    --hash=")
        for line in set(lock.read_text().splitlines()) - set(rest.splitlines())
        if not line.startswith("uv==")
    )


def test_a_moved_folder_gets_an_environment_of_its_own(machine: Machine, tmp_path: Path) -> None:
    machine.run()
    machine.project = machine.project.rename(tmp_path / "moved")
    machine.run()
    assert machine.made_venv()
    assert len(machine.installed()) == 3


def test_another_python_gets_an_environment_of_its_own(machine: Machine) -> None:
    machine.run()
    machine.run(FAKE_VERSION="3.13.0")
    assert machine.made_venv()


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"PYTHON": "/nowhere/python3"}, "sudo apt-get install python3 python3-venv"),
        ({"FAKE_OLD": "1", "FAKE_VERSION": "3.10.4"}, "is Python 3.10.4"),
        ({"FAKE_NO_VENV": "1"}, "sudo apt-get install python3-venv"),
    ],
)
def test_what_is_missing_is_said_in_one_line(machine: Machine, env: dict[str, str], told: str) -> None:
    done = machine.run(**env)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Yanlu: ")
    assert told in line
    assert not (machine.project / ".venv").exists()


def test_an_interrupted_installation_is_taken_up_again(machine: Machine) -> None:
    machine.run()
    (machine.project / ".venv/.runtime").unlink()
    machine.run()
    assert machine.installed()[1:] == ["-r requirements/runtime.lock"]
