"""The API's description of itself: valid, complete, and true of what is answered."""

import ast
import inspect
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app.accounts import signing_in
from app.api import authentication, errors, json_text, receiving, repeating
from app.api.application import DepartmentApi, create_api
from app.api.field_problems import FIELD_CODES, FIELD_PROBLEMS
from app.api.problems import GENERIC, PROBLEMS, kind_of
from app.api.v1 import assignments as routes
from app.assignments import actions as assignments
from app.dispositions import actions as dispositions
from app.idempotency import ledger
from app.kit import database, lifecycle, paging
from app.kit.database import Database
from app.kit.errors import DomainError
from app.permissions import CLIENT_SCOPES
from tests.support import journey
from tests.support.journey import StoppedClock, World

PROBLEM = "application/problem+json"
TOKEN = "/oauth/token"
"""Answers 400 and 401 as RFC 6749 has it."""
READ = {"400", "401", "403", "429", "503", "default"}
OPERATIONS = {
    ("get", "/assignments"): READ | {"422"},
    ("get", "/assignments/{assignment_id}"): READ | {"304", "404", "422"},
    ("get", "/departments"): READ,
    **{
        ("post", f"/assignments/{{assignment_id}}/{verb}"): READ | {"404", "409", "412", "413", "415", "422"}
        for verb in ("acknowledge", "begin", "progress", "send-back", "transfer", "answer")
    },
}
"""Those that departments had first; the others answer at least what READ has."""


@pytest.fixture
def plain_api(sqlite_url: str) -> DepartmentApi:
    return create_api(Database(sqlite_url), StoppedClock())


@pytest.fixture
def described(plain_api: DepartmentApi) -> dict[str, Any]:
    answer = TestClient(plain_api).get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Of one schema of the description; OpenAPI 3.1 schemas are JSON Schema 2020-12."""
    return Draft202012Validator(
        {**schema, "components": described["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_it_is_a_valid_openapi_3_1_document(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    validate(described)


def test_every_route_is_described_with_its_problems(described: dict[str, Any]) -> None:
    found = operations(described)
    answered = {key: set(operation["responses"]) - {"200"} for key, operation in found.items()}
    assert {key: answered[key] for key in OPERATIONS} == OPERATIONS
    assert all(statuses >= READ for statuses in answered.values())
    for (_, path), operation in found.items():
        assert operation["description"]
        assert operation["operationId"]
        own = ("400", "401") if path == TOKEN else ()
        for status, response in operation["responses"].items():
            if status not in ("200", "304", *own):
                assert set(response["content"]) == {PROBLEM}
                assert response["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert response["content"][PROBLEM]["examples"]


def test_every_route_names_its_scope(described: dict[str, Any]) -> None:
    assert {name: scheme["type"] for name, scheme in described["components"]["securitySchemes"].items()} == {
        "bearerKey": "http",
        "headerKey": "apiKey",
        "oauth2": "oauth2",
        "clientBasic": "http",
    }
    flow = described["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == set(CLIENT_SCOPES)
    for (method, path), operation in operations(described).items():
        if path == TOKEN:
            assert operation["security"] == [{"clientBasic": []}, {}]
            continue
        bearer, header, token = operation["security"]
        (scope,) = bearer["bearerKey"]
        assert (header, token) == ({"headerKey": [scope]}, {"oauth2": [scope]})
        assert scope in CLIENT_SCOPES
        if path.startswith("/assignment"):
            assert scope == ("assignments:read" if method == "get" else "assignments:write")


def test_every_field_and_parameter_is_explained_or_plain(described: dict[str, Any]) -> None:
    for operation in operations(described).values():
        for parameter in operation.get("parameters", ()):
            assert parameter["schema"]["description"]
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ())
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description") or "enum" in schema, name


def examples_of_answers(described: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """(Schema, example) of every answer that an operation shows."""
    responses = [one for operation in operations(described).values() for one in operation["responses"].values()]
    for media in (media for response in responses for media in response.get("content", {}).values()):
        for example in media.get("examples", {}).values():
            yield media["schema"], example["value"]


def test_its_examples_fit_its_schemas(described: dict[str, Any]) -> None:
    checked = 0
    for schema in described["components"]["schemas"].values():
        for example in schema.get("examples", ()):
            validator(described, schema).validate(example)
            checked += 1
        for field in schema.get("properties", {}).values():
            for example in field.get("examples", ()):
                validator(described, field).validate(example)
                checked += 1
    for schema, example in examples_of_answers(described):
        validator(described, schema).validate(example)
        checked += 1
    assert checked > 50


def test_what_is_answered_fits_what_is_described(world: World, client: TestClient, anonymous: TestClient) -> None:
    described = anonymous.get("/openapi.json").json()
    found = operations(described)
    first, second = journey.assignment(world, clause=world.clauses[1]), journey.assignment(world)
    wrong = {"reason": 5, "more": 1}
    sent = [
        ("get", "/assignments", None, None),
        ("get", "/assignments", "/assignments?limit=0", None),
        ("get", "/assignments", "/assignments?cursor=x", None),
        ("get", "/departments", None, None),
        ("get", "/assignments/{assignment_id}", f"/assignments/{first}", None),
        ("get", "/assignments/{assignment_id}", f"/assignments/{uuid.uuid4()}", None),
        ("post", "/assignments/{assignment_id}/acknowledge", f"/assignments/{first}/acknowledge", {}),
        ("post", "/assignments/{assignment_id}/acknowledge", f"/assignments/{first}/acknowledge", {}),
        ("post", "/assignments/{assignment_id}/answer", f"/assignments/{first}/answer", wrong),
        ("post", "/assignments/{assignment_id}/answer", f"/assignments/{first}/answer", {"disposition": "adopted"}),
        ("post", "/assignments/{assignment_id}/send-back", f"/assignments/{second}/send-back", {"reason": "x"}),
    ]
    statuses = []
    for method, path, address, body in sent:
        for asking in (client, anonymous):
            answer = asking.request(method, address or path, json=body)
            response = found[method, path]["responses"][str(answer.status_code)]
            schema = response["content"][answer.headers["Content-Type"]]["schema"]
            validator(described, schema).validate(answer.json())
            statuses.append(answer.status_code)
    assert set(statuses) == {200, 400, 401, 404, 409, 422}


@pytest.mark.parametrize("base_path", ["", "/comments"])
def test_it_names_the_address_that_it_is_served_at(plain_api: DepartmentApi, base_path: str) -> None:
    outer = FastAPI(openapi_url=None)
    outer.mount("/api/v1", plain_api)
    client = TestClient(outer, root_path=base_path)
    described = client.get(f"{base_path}/api/v1/openapi.json").json()
    assert described["servers"] == [{"url": f"{base_path}/api/v1"}]
    problem = client.get(f"{base_path}/api/v1/assignments").json()
    address, _, pointer = problem["type"].partition("#/")
    explained: Any = client.get(address).json()
    for step in pointer.split("/"):
        explained = explained[step]
    assert explained["title"]["zh"] == problem["title"]


def raised(module: Any) -> set[str]:
    """The codes with which the module's own lines make errors, and the codes that those errors have by themselves."""
    tree = ast.parse(inspect.getsource(module))
    # Staff only: no route of this API leads there.
    skipped = {"assign", "_held_without_lead", "confirm", "_in_hand", "_remark", "_refuse_foreign_scan"}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name not in skipped]
    codes = set()
    for node in [node for function in functions for node in ast.walk(function)]:
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc if isinstance(node.exc, ast.Call) else ast.Call(node.exc, [], [])
            kind = getattr(module, call.func.id, None) if isinstance(call.func, ast.Name) else None
            if isinstance(kind, type) and issubclass(kind, DomainError):
                codes |= _codes_of(call, kind)
    return codes


def _codes_of(call: ast.Call, kind: type[DomainError]) -> set[str]:
    """A code that a function was given is found where it is given."""
    if not call.args:
        return {kind.code}
    return {call.args[0].value} if isinstance(call.args[0], ast.Constant) else set()


OF_LETTERS = {"confirmation_required"}
"""Refuses what staff record of a letter; no route of this API takes one."""


def test_every_code_that_can_be_raised_has_words() -> None:
    modules = [
        *(assignments, dispositions, signing_in, ledger, database, lifecycle, paging),
        *(authentication, json_text, receiving, repeating, routes),
    ]
    found = {code for module in modules for code in raised(module)}
    assert {"no_such_assignment", "reason_too_long", "wrong_key", "bad_cursor", "duplicate_name"} <= found
    # Two writes of one row read as a change to the client: `repeating` puts it so.
    assert found - {"exists_already"} - OF_LETTERS <= set(PROBLEMS)


ELSEWHERE = {*OF_LETTERS, "confirmation_too_long", "version_of_many", "named_twice", "no_such_consultation"}
"""Of letters, of the body's own limits, of other routes."""


OTHERS = ("/files", "/remove", "/ask", "/cooperating")
"""Writes on an assignment with problems of their own."""


def test_every_write_shows_each_problem_that_it_can_answer_with(described: dict[str, Any]) -> None:
    modules = (assignments, dispositions, ledger, lifecycle, json_text, receiving, repeating, routes)
    # The body's own limits refuse a long reason before the domain does.
    expected = {code for module in modules for code in raised(module)} - {"reason_too_long"} - ELSEWHERE
    for (method, path), operation in operations(described).items():
        if path == TOKEN:
            continue
        shown = {
            code
            for status, response in operation["responses"].items()
            if status not in ("200", "304")
            for code in response["content"][PROBLEM]["examples"]
        }
        is_step = method == "post" and path.startswith("/assignments/") and not path.endswith(OTHERS)
        assert expected <= shown or not is_step
        assert {"missing_key", "wrong_key", "forbidden", "unavailable"} <= shown


def test_every_problem_has_words_in_both_languages() -> None:
    for words in [kind.title for kind in PROBLEMS.values()] + [kind.detail for kind in PROBLEMS.values()]:
        assert re.search("[\u4e00-\u9fff]", words.zh)
        assert not re.search("[\u4e00-\u9fff]", words.en)
    for words in FIELD_PROBLEMS.values():
        assert re.search("[\u4e00-\u9fff]", words.zh)
        assert words.en
    assert set(FIELD_CODES.values()) == set(FIELD_PROBLEMS) - {"invalid"}


def test_a_code_without_words_speaks_for_its_status() -> None:
    for status, code in GENERIC.items():
        assert kind_of("made_up_tomorrow", status) is PROBLEMS[code]
    assert set(errors.CODE_OF_STATUS.values()) <= set(PROBLEMS)
