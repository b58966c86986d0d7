"""The documentation's commands and programs are run as they stand, against a server on a port; its tables are whole."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.application import create_api
from app.api.field_problems import FIELD_PROBLEMS
from app.api.languages import Language
from app.api.problems import PROBLEMS
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.dispositions.kinds import DispositionKind
from app.kit.observing import Figures, Observed
from tests.api.column import DEPARTMENT, Column
from tests.support import journey
from tests.support.journey import World
from tests.support.parts import ROOT

DOCUMENTS: dict[Language, Path] = {
    "en": ROOT / "docs" / "department-api.md",
    "zh": ROOT / "docs" / "department-api.zh-CN.md",
}
PART = re.compile(r"^(###) |^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== end of block ==="
LEFT_OUT = "…"
TOLD_EXACTLY = {
    *("type", "status", "code", "state", "event", "role", "draft", "disposition", "reason", "field", "errors"),
    *("kind", "phase", "remark", "more"),
}
"""Members whose values, and not only their kinds, must be as the documentation shows them."""
MEANWHILE: dict[int, Callable[[Column], None]] = {
    5: Column.put_in_order,
    9: Column.return_one,
    10: Column.conclude,
    12: Column.hand_over_more,
}
"""What happens elsewhere before the documentation's nth step."""


@pytest.fixture
def column(sqlite_world: World) -> Column:
    column = Column(sqlite_world)
    column.hand_over(5)
    return column


@contextlib.contextmanager
def serving(column: Column) -> Iterator[str]:
    """The API's address on a free port of this machine, as long as the block runs."""
    app = Starlette(routes=[Mount("/api/v1", create_api(column.world.database, column.clock))])
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


def blocks(document: Path) -> list[tuple[int, str, str]]:
    """The document's blocks of code in order: the step in which it stands (0 before the first), language and text."""
    found: list[tuple[int, str, str]] = []
    step = 0
    for heading, language, text in PART.findall(document.read_text(encoding="utf-8")):
        if heading:
            step += 1
        else:
            found.append((step, language, text))
    return found


class Reader:
    """Somebody who types what the documentation says, in one shell that stops at the first failure."""

    def __init__(self, folder: Path, errors: IO[str], **variables: str) -> None:
        self.folder = folder
        self.variables = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
        self.shell = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=self.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
        self.typed("set -euo pipefail\n")

    def run(self, language: str, text: str) -> str:
        """What the block prints."""
        if language == "python":
            return self.ran([sys.executable, "-c", text])
        if language == "java":
            return self.compiled(text)
        self.typed(f"{text}\nprintf '\\n%s\\n' '{MARK}'\n")
        printed: list[str] = []
        assert self.shell.stdout is not None
        for line in self.shell.stdout:
            if line.strip() == MARK:
                return "".join(printed).strip()
            printed.append(line)
        raise AssertionError(f"it ended with {self.shell.wait()}: {text}")

    def typed(self, text: str) -> None:
        assert self.shell.stdin is not None
        self.shell.stdin.write(text)
        self.shell.stdin.flush()

    def ran(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    def compiled(self, text: str) -> str:
        """Nothing where there is no compiler: the documentation says when it was compiled."""
        if not shutil.which("javac"):
            return ""
        (self.folder / "Yanlu.java").write_text(text, encoding="utf-8")
        self.ran(["javac", "--release", "8", "-Xlint:-options", "-encoding", "UTF-8", "Yanlu.java"])
        read = json.loads(self.ran(["java", "-Dfile.encoding=UTF-8", "Yanlu"]))
        (item,) = read["items"]
        return self.ran(["java", "-Dfile.encoding=UTF-8", "Yanlu", item["id"]])

    def leave(self) -> None:
        self.shell.communicate(timeout=60)


@contextlib.contextmanager
def reading(folder: Path, **variables: str) -> Iterator[Reader]:
    """At the end nothing may have been complained of."""
    with (folder / "complaints").open("w+", encoding="utf-8") as errors:
        reader = Reader(folder, errors, **variables)
        try:
            yield reader
        finally:
            reader.leave()
        errors.seek(0)
        assert errors.read() == ""


def assert_alike(shown: object, printed: object, where: str = "") -> None:
    """Same members but those left out, same kinds of values, the same values where the documentation promises them."""
    assert type(shown) is type(printed), where
    if isinstance(shown, dict) and isinstance(printed, dict):
        told = {name: value for name, value in shown.items() if name != LEFT_OUT}
        assert sorted(told) == sorted(printed if told == shown else told.keys() & printed.keys()), where
        for name, value in told.items():
            if name in TOLD_EXACTLY and not isinstance(value, dict):
                assert printed[name] == value, f"{where}.{name}"
            assert_alike(value, printed[name], f"{where}.{name}")
    if isinstance(shown, list) and isinstance(printed, list):
        assert printed, where
        assert_alike(shown[0], printed[0], f"{where}[0]")


def test_the_story_goes_as_it_is_told(column: Column, tmp_path: Path) -> None:
    """In English; the Chinese page has the same blocks, as the test below holds."""
    compared, latest, reached = 0, "", 0
    key = journey.api_key(column.world, DEPARTMENT)
    with serving(column) as address, reading(tmp_path, YANLU_URL=address, YANLU_KEY=key) as reader:
        for step, language, text in blocks(DOCUMENTS["en"]):
            if step != reached and step in MEANWHILE:
                MEANWHILE[step](column)
            reached = step
            if language in ("sh", "python", "java"):
                latest = reader.run(language, text)
            elif language == "json":
                assert_alike(json.loads(text), json.loads(latest))
                compared += 1
            elif latest:
                assert latest.lower() == text.strip()
                compared += 1
    assert (compared, reached) == (15, 13)
    pages = (tmp_path / "assignments.jsonl").read_text(encoding="utf-8").splitlines()
    states = [[item["state"] for item in json.loads(page)["items"]] for page in pages]
    assert states == [["confirmed", "sent_back"], ["transferred", "confirmed"], ["confirmed"]]
    assert column.states()[5:] == [AssignmentState.ACKNOWLEDGED] * 2, "the program's"
    assert int((tmp_path / "position.txt").read_text()) == column.last_position()
    if shutil.which("javac"):
        assert latest.count("已征求各市意见。") == 0
        assert column.notes() == ["已征求各市意见。"]


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


def test_both_documents_have_the_same_commands_answers_and_programs() -> None:
    english, chinese = map(blocks, DOCUMENTS.values())
    assert english == chinese
