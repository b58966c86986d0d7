"""Where a department wants its final answers signed, its programs say who approved them, as its office does."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.offices import actions as offices
from tests.support import journey
from tests.support.journey import START, World

SIGNED = {"approver": "王某", "dated_on": START.date().isoformat(), "document_number": "民函〔2026〕12号"}
GIVEN = {"disposition": "adopted"}


@pytest.fixture
def path(world: World) -> str:
    with world.database.writing() as session:
        offices.set_signed(session, world.staff.office_head, START, True)
    return f"/assignments/{journey.assignment(world)}/answer"


@pytest.mark.parametrize("missing", list(SIGNED))
def test_what_is_missing_is_told(client: TestClient, path: str, missing: str) -> None:
    body: dict[str, Any] = GIVEN | {name: value for name, value in SIGNED.items() if name != missing}
    refused = client.post(path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "approval_required")
    assert refused.json()["parameters"] == {"missing": missing}


def test_a_draft_needs_none_of_it_and_a_whole_answer_is_taken(client: TestClient, path: str) -> None:
    assert client.post(path, json=GIVEN | {"draft": True}).status_code == 200
    assert client.post(path, json=GIVEN | {"approver": " "}).json()["code"] == "approval_required"
    whole = client.post(path, json=GIVEN | SIGNED)
    assert (whole.status_code, whole.json()["state"]) == (200, "answered")


def test_many_answers_are_held_to_it_too(world: World, client: TestClient, path: str) -> None:
    id = path.split("/")[2]
    refused = client.post("/assignment-answers", json=GIVEN | {"assignments": [id]})
    assert (refused.status_code, refused.json()["code"]) == (422, "approval_required")
