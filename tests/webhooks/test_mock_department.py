"""From a suggestion handed over to its answer, with the mock department at the other end and only HTTP between."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi.testclient import TestClient

from app.api.application import create_api
from app.cli.mock_department import Department
from app.webhooks import actions
from app.webhooks.guard import Target, Way
from app.webhooks.lifecycle import Outcome
from app.webhooks.sending import Answer
from tests.support import journey
from tests.support.journey import DRAFTING, World
from tests.webhooks.receiving import SEALER, Post, program


def test_what_is_handed_over_is_acknowledged_and_answered_by_the_departments_program(sqlite_world: World) -> None:
    world = sqlite_world
    post = Post(world.database)
    key = {"X-API-Key": journey.api_key(world, DRAFTING)}
    api = TestClient(create_api(world.database, post.clock), headers=key)
    with world.database.writing() as session:
        made = actions.create(session, program(), post.clock.at, SEALER, actions.Wanted("https://hooks.example.cn/in"))
        secret = actions.reveal(session, program(), post.clock.at, made.id, SEALER)
    asked: list[tuple[str, int]] = []

    def ask(path: str, body: dict[str, Any]) -> int:
        status = int(api.post(path, json=body).status_code)
        asked.append((path.rpartition("/")[2], status))
        return status

    department = Department(secret, ask, post.clock)

    def carried(target: Target, way: Way, headers: Mapping[str, str], body: bytes) -> Answer:
        status, _ = department.receive({name.lower(): value for name, value in headers.items()}, body)
        return Answer(status, None, "")

    post.hooks = replace(post.hooks, post=carried)
    assignment: uuid.UUID = journey.assignment(world, person=3)
    post.spread()
    assert set(post.carry_all()) == {Outcome.ACCEPTED}
    department.stop()
    department.work()
    assert asked == [("acknowledge", 200), ("answer", 200)]
    assert api.get(f"/assignments/{assignment}").json()["state"] == "answered"
    kinds = [item["kind"] for item in api.get("/events").json()["items"]]
    assert kinds[0] == "assignment.delivered"
