"""The whole API under schemathesis: whatever is sent, what is answered is as described, and nothing is a 5xx.

A planted fault in an application of the test's own is found by the same run.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from hypothesis import HealthCheck, Phase
from pydantic import BaseModel
from schemathesis.core.failures import Failure, FailureGroup
from starlette.types import ASGIApp

from app.api.application import create_api
from app.api.limiting import Buckets
from app.kit.blobs import DiskBlobs
from app.kit.crypto import Sealer
from app.mail.attached import Cabinet
from tests.support import journey
from tests.support.journey import StoppedClock, World

EXAMPLES = 3
"""For each operation; the walk through all of them is what takes the time."""
STEPS = 5
QUIET = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    stateful_step_count=STEPS,
)
WAITS = {"/events"}
"""A long poll may wait for as long as it is asked to."""


BEYOND_SCHEMAS = ["2xx", "3xx", "400", "401", "403", "404", "409", "410", "412", "415", "422", "429"]
"""What a request that fits its schema may be answered with: whether a reason is due, a cursor was made here, or a
consultation exists, no schema can say. A 5xx is never among them."""


def schema_of(app: ASGIApp) -> Any:
    checks = {"positive_data_acceptance": {"expected-statuses": BEYOND_SCHEMAS}}
    config = schemathesis.Config.from_dict({"checks": checks})
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config)


def explored(schema: Any, key: str) -> list[str]:
    """What is wrong with the answers to generated requests, one line each, by all checks."""
    found: list[str] = []
    for result in schema.get_all_operations():
        found += _explored(result.ok(), key)
    return found


def _explored(operation: Any, key: str) -> list[str]:
    found: list[str] = []

    @QUIET
    @hypothesis.given(case=operation.as_strategy())
    def run(case: Any) -> None:
        found.extend(f"{operation.label}: {line}" for line in told(case, key))

    run()
    return found


def told(case: Any, key: str) -> Iterator[str]:
    """Sends one request with the key."""
    if case.path in WAITS and case.query:
        case.query.pop("wait", None)
    try:
        case.call_and_validate(headers={"X-API-Key": key})
    except FailureGroup as group:
        yield from (f"{type(one).__name__} {one}" for one in group.exceptions)
    except Failure as failure:
        yield f"{type(failure).__name__} {failure}"


def walked(schema: Any, key: str) -> None:
    """Goes on from answers to the operations that their ids lead to; raises what is wrong."""

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            if case.path in WAITS and case.query:
                case.query.pop("wait", None)
            return {"headers": {"X-API-Key": key}}

    Walk.run(settings=QUIET)


@pytest.fixture
def key_and_api(sqlite_world: World, tmp_path: Path) -> tuple[str, ASGIApp]:
    """A key that may everything, of a department with assignments in every place."""
    world = sqlite_world
    for person in range(3):
        journey.assignment(world, person=person)
    journey.submit(world)
    sealer = Sealer({"test": b"s" * 32}, "test")
    cabinet = Cabinet(DiskBlobs(tmp_path), None)
    buckets = Buckets(burst=100_000)
    api = create_api(world.database, StoppedClock(), world.intake, sealer=sealer, cabinet=cabinet, buckets=buckets)
    return journey.api_key(world), api


def test_every_operation_answers_as_it_is_described(key_and_api: tuple[str, ASGIApp]) -> None:
    key, api = key_and_api
    assert explored(schema_of(api), key) == []


def test_a_walk_from_answer_to_answer_finds_nothing_wrong(key_and_api: tuple[str, ASGIApp]) -> None:
    key, api = key_and_api
    walked(schema_of(api), key)


class Thing(BaseModel):
    """What the planted faults answer with."""

    id: int
    made_at: datetime


def planted() -> FastAPI:
    """Each of its operations has one fault."""
    faulty = FastAPI()

    @faulty.get("/broken/{number}", response_model=Thing)
    def broken(number: int) -> Any:
        return JSONResponse({}, 500 if number >= 0 else 200)

    @faulty.get("/lying", responses={200: {"model": Thing}}, response_model=None)
    def lying() -> Any:
        return {"id": "one"}

    return faulty


def test_planted_faults_are_found_by_the_same_run() -> None:
    found = explored(schema_of(planted()), "none")
    assert any("GET /broken/{number}" in line and "ServerError" in line for line in found)
    assert any("GET /lying" in line and "JsonSchemaError" in line for line in found)
