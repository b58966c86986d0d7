"""Fields that nobody asked for: refused, or without effect."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.permissions import Role
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from tests.support import journey
from tests.support.app import ENTRY, filled, press, serving, signed_in
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
MORE = {"state": "published", "received_at": "2020-01-01", "actor_id": "1", "is_admin": "1", "revision_by": "x"}


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def bodies(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(Method and path, the schema of each body that it takes)."""
    shapes = described["components"]["schemas"]
    content = [
        (f"{method} {path}", operation.get("requestBody", {}).get("content", {}).get("application/json", {}))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    named = [
        (where, str(one.get("$ref", "")).rpartition("/")[2])
        for where, body in content
        for schema in [body.get("schema", {})]
        for one in (schema, *schema.get("anyOf", ()))
    ]
    return [(where, shapes[name]) for where, name in named if name]


def test_every_body_of_the_api_refuses_what_it_does_not_know(browser: TestClient) -> None:
    found = bodies(browser.get("/api/v1/openapi.json").json())
    assert len(found) > 5
    assert [where for where, schema in found if schema.get("additionalProperties") is not False] == []


def test_a_decision_takes_nothing_but_its_own_fields(browser: TestClient, world: World) -> None:
    receipt = journey.submit(world)
    with world.database.reading() as session:
        id = session.scalars(select(Submission.id).where(Submission.receipt_number == receipt.number)).one()
    page = f"/staff/submissions/{id}"
    assert press(signed_in(browser, Role.SCREENER), page, "/accept", **MORE).status_code == 303
    with world.database.reading() as session:
        row = session.get_one(Submission, id)
        assert row.state is SubmissionState.ACCEPTED
        assert row.received_at == journey.START


@pytest.mark.parametrize("name", ["title[]", "title[0]", "Title", "title ", "title.x"])
def test_a_field_by_another_spelling_is_another_field(browser: TestClient, world: World, name: str) -> None:
    page = browser.get(FORM).text
    assert browser.post(FORM, data=filled(page, **ENTRY) | {name: "另一个题目"}).status_code == 303
    with world.database.reading() as session:
        assert session.scalars(select(Submission.title)).one() == ENTRY["title"]
