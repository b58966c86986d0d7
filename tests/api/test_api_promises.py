"""Nothing that version 1 promises is taken back: the description is held against a stored copy of it.

A new promise is stored by `python -m tests.api.store_promises`, which refuses to store a broken one.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.api.application import create_api
from app.kit.database import Database
from tests.api.promises import breaks
from tests.support.journey import StoppedClock

STORED = Path(__file__).with_name("openapi-promised.json")
ANSWER = ("paths", "/assignments/{assignment_id}/answer", "post")
LIST = ("paths", "/assignments", "get")
SCHEMAS = ("components", "schemas")


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("promises") / "unused.sqlite3"
    return create_api(Database(f"sqlite:///{path}"), StoppedClock()).openapi()


@pytest.fixture(scope="module")
def promised() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def test_every_promise_is_kept(promised: dict[str, Any], present: dict[str, Any]) -> None:
    assert breaks(promised, present) == []


def test_what_is_new_becomes_a_promise_at_once(promised: dict[str, Any], present: dict[str, Any]) -> None:
    """Otherwise it could be taken back again without anybody noticing."""
    assert breaks(present, promised) == []


def at(described: dict[str, Any], *steps: str) -> Any:
    for step in steps:
        described = described[step]
    return described


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["paths"].pop("/departments"), "get /departments: gone"),
        (lambda d: at(d, *SCHEMAS, "Assignment", "properties").pop("role"), "role is gone"),
        (lambda d: at(d, *SCHEMAS, "Assignment", "properties", "revision").update(type="string"), "another kind"),
        (lambda d: at(d, *SCHEMAS, "AnswerRequest", "required").append("approver"), "approver is demanded"),
        (lambda d: at(d, *SCHEMAS, "AnswerRequest", "properties").pop("draft"), "draft is not taken any more"),
        (lambda d: at(d, *SCHEMAS, "AnswerRequest", "properties", "reason").update(maxLength=10), "stricter"),
        (lambda d: at(d, *SCHEMAS, "DispositionKind", "enum").pop(), "a value is gone"),
        (lambda d: at(d, *LIST, "parameters").pop(0), "parameter state is gone"),
        (lambda d: at(d, *LIST, "parameters")[0].update(required=True), "is demanded"),
        (lambda d: at(d, *ANSWER).update(operationId="reply"), "another operationId"),
        (lambda d: at(d, *ANSWER).update(security=[]), "another scope"),
        (lambda d: at(d, "x-problems").pop("too_large"), "problem too_large"),
        (lambda d: at(d, "x-problems", "too_large").update(status=400), "problem too_large"),
        (lambda d: at(d, *SCHEMAS, "Suggestion", "properties").pop("text"), "suggestion: text is gone"),
    ],
)
def test_a_broken_promise_is_seen(promised: dict[str, Any], change: Callable[[Any], object], told: str) -> None:
    broken = copy.deepcopy(promised)
    change(broken)
    assert any(told in line for line in breaks(promised, broken))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].update({"/new": d["paths"]["/departments"]}),
        lambda d: at(d, *SCHEMAS, "Assignment", "properties").update(more={"type": "string"}),
        lambda d: at(d, *SCHEMAS, "AnswerRequest", "properties").update(more={"type": "string"}),
        lambda d: at(d, *SCHEMAS, "AnswerRequest", "properties", "reason").update(maxLength=9000),
        lambda d: at(d, *LIST, "parameters").append({"in": "query", "name": "more", "schema": {"type": "string"}}),
        lambda d: at(d, "x-problems").update(more={"status": 409}),
        lambda d: at(d, *ANSWER).update(description="Other words."),
    ],
)
def test_what_is_added_breaks_nothing(promised: dict[str, Any], change: Callable[[Any], object]) -> None:
    grown = copy.deepcopy(promised)
    change(grown)
    assert breaks(promised, grown) == []
