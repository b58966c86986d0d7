"""The published disposition report for programs: the file that everybody can save, and none before it is published."""

import hashlib

import pytest
from fastapi.testclient import TestClient

from app.api.v1.report_shapes import Report
from app.dispositions.kinds import DispositionKind
from app.reporting import actions, queries
from app.reporting.models import ReportEdition
from tests.support import journey, outcomes
from tests.support.journey import SLUG, World

PATH = f"/consultations/{SLUG}/report"


def published(world: World) -> ReportEdition:
    ids = [journey.approved_suggestion(world, text=f"第{n}条意见。", people=(n,)) for n in range(1, 4)]
    for suggestion_id in ids:
        outcomes.answered(world, suggestion_id, DispositionKind.ADOPTED)
    outcomes.told(world, ids)
    at, where = world.consultation.closes_at, world.consultation.id
    with world.database.writing() as session:
        return actions.conclude(session, world.staff.manager, at, where, "感谢参与。", world.vault)


def another(world: World, first: ReportEdition) -> None:
    """A further edition, which lists nothing."""
    named = {name: getattr(first, name) for name in ("consultation_id", "figures", "published_by", "published_at")}
    with world.database.writing() as session:
        session.add(ReportEdition(**named, number=2, rows=0, reason="更正。", sha256="f" * 64))


def test_a_program_gets_the_published_file_byte_for_byte(
    world: World, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = published(world)
    monkeypatch.setattr(queries, "ROWS_AT_ONCE", 2)
    answer = client.get(PATH)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert hashlib.sha256(answer.content).hexdigest() == edition.sha256
    content = answer.json()
    assert (content["edition"], len(content["rows"])) == (1, 3)


def test_what_is_described_is_what_is_sent(world: World, client: TestClient) -> None:
    published(world)
    content = client.get(PATH).json()
    described = Report.model_validate(content).model_dump(mode="json")
    for part in ((), ("figures",), ("figures", "occupations"), ("figures", "clauses", 0), ("rows", 0)):
        ours, theirs = described, content
        for name in part:
            ours, theirs = ours[name], theirs[name]
        assert ours.keys() == theirs.keys(), part


def test_the_newest_edition_is_given_and_earlier_ones_where_they_are_asked_for(
    world: World, client: TestClient
) -> None:
    another(world, published(world))
    newest, first = client.get(PATH), client.get(PATH, params={"edition": 1})
    assert (newest.json()["edition"], first.json()["edition"]) == (2, 1)
    tag = first.headers["ETag"]
    assert tag != newest.headers["ETag"]
    same = client.get(PATH, params={"edition": 1}, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(PATH, params={"edition": 0}).json()["code"] == "invalid_fields"


def test_there_is_none_before_it_is_published(world: World, client: TestClient, anonymous: TestClient) -> None:
    for path, code in (
        (PATH, "no_such_report"),
        (f"{PATH}?edition=1", "no_such_report"),
        ("/consultations/none/report", "consultation_not_found"),
    ):
        missing = client.get(path)
        assert (missing.status_code, missing.json()["code"]) == (404, code)
    assert anonymous.get(PATH).json()["code"] == "missing_key"
