"""The documentation's commands are run as they stand, against a server on a port, and its tables are complete."""

import contextlib
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.application import create_api
from app.api.languages import Language
from app.api.problems import FIELD_PROBLEMS, PROBLEMS
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.dispositions.kinds import DispositionKind
from app.kit.database import Database
from app.kit.observing import Figures, Observed
from tests.support import journey
from tests.support.journey import START, StoppedClock, World
from tests.support.parts import ROOT

DOCUMENTS: dict[Language, Path] = {
    "en": ROOT / "docs" / "department-api.md",
    "zh": ROOT / "docs" / "department-api.zh-CN.md",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== end of block ==="
TOLD_EXACTLY = {"type", "status", "code", "state", "event", "role", "draft", "disposition", "reason", "field", "errors"}
"""Members whose values, and not only their kinds, must be as the documentation shows them."""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    database = Database(sqlite_url)
    world = journey.opened(database)
    for minute in range(3):
        journey.assignment(world, clause=world.clauses[1], person=minute, at=START + timedelta(minutes=minute))
    yield world
    database.close()


@contextlib.contextmanager
def serving(world: World) -> Iterator[str]:
    """The API's address on a free port of this machine, as long as the block runs."""
    app = Starlette(routes=[Mount("/api/v1", create_api(world.database, StoppedClock()))])
    config = uvicorn.Config(Observed(app, Figures()), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    # Listening from the start: who connects before the server runs waits in the queue and is answered.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
        finally:
            server.should_exit = True
            thread.join()


def blocks(document: Path) -> list[tuple[str, str]]:
    """The document's blocks of code in order: language and text."""
    return BLOCK.findall(document.read_text(encoding="utf-8"))


def outputs(commands: list[str], folder: Path, **variables: str) -> list[str]:
    """What each block of commands prints, all run one after the other in one shell that stops at the first failure."""
    script = "set -euo pipefail\n" + "".join(f"{block}\nprintf '\\n%s\\n' '{MARK}'\n" for block in commands)
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    return [part.strip() for part in ran.stdout.split(MARK)[:-1]]


def assert_alike(shown: object, printed: object, where: str = "") -> None:
    """Same members, same kinds of values, and the same values where the documentation promises them."""
    assert type(shown) is type(printed), where
    if isinstance(shown, dict) and isinstance(printed, dict):
        assert sorted(shown) == sorted(printed), where
        for name, value in shown.items():
            if name in TOLD_EXACTLY and not isinstance(value, dict):
                assert printed[name] == value, f"{where}.{name}"
            assert_alike(value, printed[name], f"{where}.{name}")
    if isinstance(shown, list) and isinstance(printed, list):
        assert printed, where
        assert_alike(shown[0], printed[0], f"{where}[0]")


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_walk_does_what_it_shows(world: World, tmp_path: Path, document: Path) -> None:
    found = blocks(document)
    commands = [text for language, text in found if language == "sh"]
    with serving(world) as address:
        printed = iter(outputs(commands, tmp_path, YANLU_URL=address, YANLU_KEY=journey.api_key(world)))
    compared = 0
    latest = ""
    for language, text in found:
        if language == "sh":
            latest = next(printed)
        elif language == "json":
            assert_alike(json.loads(text), json.loads(latest))
            compared += 1
        elif latest:
            assert latest.lower() == text.strip()
            compared += 1
    assert compared >= 6
    pages = (tmp_path / "assignments.jsonl").read_text(encoding="utf-8").splitlines()
    states = [[item["state"] for item in json.loads(page)["items"]] for page in pages]
    assert states == [["answered", "sent_back"], ["delivered"]]


@pytest.mark.parametrize("language", DOCUMENTS)
def test_every_problem_stands_in_the_documentation_with_its_words(language: Language) -> None:
    text = DOCUMENTS[language].read_text(encoding="utf-8")
    lines = text.splitlines()
    for code, kind in PROBLEMS.items():
        assert f"| `{code}` | {kind.status} | {kind.title.in_(language)} | {kind.detail.in_(language)} |" in lines
    for code, words in FIELD_PROBLEMS.items():
        assert f"| `{code}` | {words.in_(language)} |" in lines


@pytest.mark.parametrize("language", DOCUMENTS)
def test_every_code_of_the_domain_stands_in_the_documentation(language: Language) -> None:
    text = DOCUMENTS[language].read_text(encoding="utf-8")
    for code in (*AssignmentState, *AssignmentRole, *DispositionKind):
        assert f"| `{code.value}` |" in text


def test_both_documents_have_the_same_commands() -> None:
    english, chinese = ([text for language, text in blocks(one) if language == "sh"] for one in DOCUMENTS.values())
    assert english == chinese
