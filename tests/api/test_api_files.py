"""Files with an answer, and released files of the senders, over HTTP: taken, listed, handed out, taken back."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.api import uploading
from app.api.application import DepartmentApi, create_api
from app.dispositions import actions as dispositions
from app.dispositions import files as answer_files
from app.dispositions.models import AnswerFile, Disposition
from app.kit.blobs import DiskBlobs
from app.kit.clamd import ScannerGone
from app.kit.database import Database
from app.mail.attached import Cabinet
from app.screening.models import Passage
from app.submissions import attachments
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import LARGEST_FILE, FileKind, ScanState
from app.submissions.models import DisplayedComment, SubmissionFile
from app.worker import filing
from tests.api.conftest import Client
from tests.support import files, journey
from tests.support.journey import START, StoppedClock, World

PDF = files.pdf()


class Scanner:
    """Finds nothing, or can't be reached."""

    def __init__(self) -> None:
        self.is_gone = False

    def find(self, content: bytes) -> str | None:
        if self.is_gone:
            raise ScannerGone
        return "Eicar" if content == PDF else None


@pytest.fixture
def scanner() -> Scanner:
    return Scanner()


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "files")


@pytest.fixture
def api(database: Database, clock: StoppedClock, blobs: DiskBlobs) -> DepartmentApi:
    return create_api(database, clock, cabinet=Cabinet(blobs, None))


@pytest.fixture
def assignment(world: World) -> uuid.UUID:
    return journey.assignment(world)


def sent(client: TestClient, id: uuid.UUID, content: bytes = PDF, name: str = "签批件.pdf", **more: Any) -> Response:
    return client.post(f"/assignments/{id}/files", files={"file": (name, content)}, **more)


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def answered(client: TestClient, id: uuid.UUID, **more: Any) -> Response:
    return client.post(f"/assignments/{id}/answer", json={"disposition": "adopted", **more})


def returned(world: World, assignment: uuid.UUID, at: datetime) -> None:
    with world.database.writing() as session:
        found = session.scalars(select(Disposition).where(Disposition.assignment_id == assignment)).one()
        dispositions.return_answer(session, world.staff.manager, at, found.suggestion_id, found.revision, "请补充。")


def released(world: World, blobs: DiskBlobs) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """An assignment of a suggestion whose sender sent three files, two of which were released on display."""
    suggestion = journey.approved_suggestion(world)
    assignment = journey.assigned(world, suggestion)[journey.DRAFTING]
    with world.database.writing() as session:
        sender = session.scalars(select(Passage.submission_id)).first()
        assert sender is not None
        shown = session.get(DisplayedComment, sender)
        assert shown is not None
        for place in range(3):
            content = files.png((40, 30 + place))
            row = attachments.row_of(
                NewFile(f"图{place}.png", blobs.put(content), len(content), FileKind.PNG, ScanState.CLEAN, START),
                sender,
                place,
            )
            session.add(row)
        session.flush()
        rows = session.scalars(select(SubmissionFile).order_by(SubmissionFile.place)).all()
        for row in rows[:2]:
            out = blobs.put(files.png((20, 20 + row.place)))
            attachments.release_file(session, world.staff.publisher, START, row.id, "有助于讨论。", out, 77)
        return assignment, [row.id for row in rows]


def test_of_the_senders_files_a_department_gets_the_released_ones_alone(
    world: World, client: TestClient, client_of: Client, blobs: DiskBlobs
) -> None:
    assignment, (first, second, internal) = released(world, blobs)
    path = f"/assignments/{assignment}/attachments"
    page = client.get(path, params={"limit": 1}).json()
    assert [(one["id"], one["name"], one["size"]) for one in page["items"]] == [(str(first), "图0.png", 77)]
    rest = client.get(path, params={"cursor": page["next_cursor"]}).json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([str(second)], None)
    assert client.get(f"{path}/{first}").content == files.png((20, 20))
    assert code(client.get(f"{path}/{internal}")) == (404, "no_such_file")
    elsewhere = journey.assignment(world, person=1)
    assert client.get(f"/assignments/{elsewhere}/attachments").json()["items"] == []
    assert code(client.get(f"/assignments/{elsewhere}/attachments/{first}")) == (404, "no_such_file")
    assert code(client_of("health").get(f"{path}/{first}")) == (404, "no_such_assignment")
    sources = client.get(f"/assignments/{assignment}", params={"expand": "sources"}).json()["sources"]
    assert [one["id"] for one in sources["files"]] == [str(first), str(second)]
    with world.database.writing() as session:
        attachments.withdraw_file(session, world.staff.publisher, START, first, "图中有车牌。")
    assert code(client.get(f"{path}/{first}")) == (404, "no_such_file")


def test_a_scan_from_its_sending_to_the_answer_that_names_it(client: TestClient, assignment: uuid.UUID) -> None:
    made = sent(client, assignment)
    assert made.status_code == 200, made.text
    file = made.json()
    assert (file["name"], file["kind"], file["size"], file["scan_state"]) == (
        "签批件.pdf",
        "pdf",
        len(PDF),
        "not_asked",
    )
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    path = f"/assignments/{assignment}/files"
    assert client.get(path).json() == {"items": [file]}
    taken = client.get(f"{path}/{file['id']}")
    assert taken.content == PDF
    assert taken.headers["Content-Type"] == "application/octet-stream"
    assert taken.headers["Content-Disposition"].startswith("attachment; ")
    final = answered(client, assignment, scan=file["id"])
    assert final.json()["answer"]["scan"] == file["id"]
    assert code(client.post(f"{path}/{file['id']}/remove")) == (409, "not_open")
    assert code(sent(client, assignment)) == (409, "not_open")


def test_the_file_may_be_the_body_itself(client: TestClient, assignment: uuid.UUID) -> None:
    path = f"/assignments/{assignment}/files"
    content = files.png()
    made = client.post(path, content=content, params={"name": "附图"}, headers={"Content-Type": "image/png"})
    assert (made.status_code, made.json()["name"], made.json()["kind"]) == (200, "附图.png", "png")
    unnamed = client.post(path, content=content, headers={"Content-Type": "image/png"})
    assert code(unnamed) == (422, "file_name_required")
    declared = client.post(path, content=content, params={"name": "x"}, headers={"Content-Type": "text/html"})
    assert code(declared) == (415, "unsupported_file_type")


def test_what_a_file_is_its_content_says(client: TestClient, assignment: uuid.UUID) -> None:
    for content, told in (
        (b"", "upload_empty"),
        (b"plain words", "upload_kind"),
        (files.png() + b"PK\x05\x06" + b"\0" * 18, "upload_two_kinds"),
    ):
        assert code(sent(client, assignment, content)) == (422, told)
    assert client.get(f"/assignments/{assignment}/files").json()["items"] == []


def test_a_file_beyond_the_bound_is_refused_in_either_form(client: TestClient, assignment: uuid.UUID) -> None:
    content = b"%PDF-" + b"0" * LARGEST_FILE
    raw = client.post(
        f"/assignments/{assignment}/files",
        content=content,
        params={"name": "x"},
        headers={"Content-Type": "application/pdf"},
    )
    for refused in (sent(client, assignment, content), raw):
        assert code(refused) == (413, "too_large")
        assert refused.json()["parameters"]["limit"] == LARGEST_FILE


def test_a_form_that_is_none_is_refused(client: TestClient, assignment: uuid.UUID) -> None:
    path = f"/assignments/{assignment}/files"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert code(client.post(path, content=b"--x\r\nnothing", headers=broken)) == (400, "malformed_form")
    assert code(client.post(path, files={"other": ("a.pdf", PDF)})) == (422, "upload_empty")
    assert code(client.post(path, json={"file": "x"})) == (415, "unsupported_file_type")


def test_sending_again_under_one_key_adds_one_file(client: TestClient, assignment: uuid.UUID) -> None:
    key = {"Idempotency-Key": "file-1"}
    first, again = sent(client, assignment, headers=key), sent(client, assignment, headers=key)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    beside = sent(client, assignment, data={"idempotency_key": "file-1"})
    assert beside.json() == first.json()
    assert code(sent(client, assignment, files.png(), headers=key)) == (422, "idempotency_key_reused")
    assert code(sent(client, assignment, data={"idempotency_key": "键"})) == (422, "invalid_fields")
    assert len(client.get(f"/assignments/{assignment}/files").json()["items"]) == 1


def test_ten_files_lie_with_an_answer_at_most(client: TestClient, assignment: uuid.UUID, database: Database) -> None:
    first = uuid.UUID(sent(client, assignment).json()["id"])
    with database.writing() as session:
        like = session.get_one(AnswerFile, first)
        for _ in range(answer_files.MOST_FILES - 1):
            copied = {c.key: getattr(like, c.key) for c in AnswerFile.__table__.columns if c.key != "id"}
            session.add(AnswerFile(**copied))
    assert code(sent(client, assignment)) == (422, "too_many_files")


def test_a_file_of_a_draft_can_be_removed_and_one_that_was_answered_with_stays(
    world: World, client: TestClient, clock: StoppedClock, assignment: uuid.UUID
) -> None:
    path = f"/assignments/{assignment}/files"
    kept, dropped = sent(client, assignment).json()["id"], sent(client, assignment, files.png()).json()["id"]
    answered(client, assignment, draft=True, scan=dropped)
    assert client.post(f"{path}/{dropped}/remove").json() == {"id": dropped}
    assert client.get(f"/assignments/{assignment}").json()["answer"]["scan"] is None
    assert code(client.post(f"{path}/{dropped}/remove")) == (404, "no_such_file")
    answered(client, assignment, scan=kept)
    clock.at = START.replace(hour=5)
    returned(world, assignment, clock.at)
    assert code(client.post(f"{path}/{kept}/remove")) == (409, "file_answered_with")
    assert [one["id"] for one in client.get(path).json()["items"]] == [kept]


def test_an_answer_names_no_scan_that_lies_elsewhere(world: World, client: TestClient, assignment: uuid.UUID) -> None:
    other = sent(client, journey.assignment(world)).json()["id"]
    for scan in (other, str(uuid.uuid4())):
        refused = answered(client, assignment, scan=scan)
        assert code(refused) == (422, "no_such_scan")
        assert refused.json()["errors"][0]["field"] == "scan"


def test_another_department_has_none_of_it_and_its_body_is_not_read(
    client: TestClient, client_of: Client, assignment: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = sent(client, assignment).json()["id"]

    def never(*_: object) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr(uploading, "MultipartBody", never)
    other = client_of("health")
    path = f"/assignments/{assignment}/files"
    assert code(sent(other, assignment)) == (404, "no_such_assignment")
    for refused in (other.get(path), other.get(f"{path}/{id}"), other.post(f"{path}/{id}/remove")):
        assert code(refused) == (404, "no_such_assignment")
    reader = client_of(scopes=["assignments:read"])
    assert code(sent(reader, assignment)) == (403, "forbidden")
    assert reader.get(f"{path}/{id}").content == PDF


def test_a_file_waits_for_the_scanner_and_a_harmful_one_is_never_handed_out(
    world: World, clock: StoppedClock, blobs: DiskBlobs, scanner: Scanner, assignment: uuid.UUID
) -> None:
    cabinet = Cabinet(blobs, scanner)
    api = create_api(world.database, clock, cabinet=cabinet)
    client = TestClient(api, headers={"X-API-Key": journey.api_key(world)})
    scanner.is_gone = True
    harmful, plain = (sent(client, assignment, one).json() for one in (PDF, files.png()))
    assert harmful["scan_state"] == "waiting"
    path = f"/assignments/{assignment}/files"
    assert code(client.get(f"{path}/{harmful['id']}")) == (409, "file_not_scanned")
    scanner.is_gone = False
    assert filing.scan_waiting(world.database, filing.Cabinet(blobs, scanner), clock) == 2
    assert code(client.get(f"{path}/{harmful['id']}")) == (409, "file_infected")
    assert client.get(f"{path}/{plain['id']}").status_code == 200
    assert code(sent(client, assignment)) == (422, "upload_infected")
    with world.database.reading() as session:
        assert session.get_one(AnswerFile, uuid.UUID(plain["id"])).scan is ScanState.CLEAN


def test_a_content_that_is_gone_is_told(client: TestClient, assignment: uuid.UUID, blobs: DiskBlobs) -> None:
    file = sent(client, assignment).json()
    blobs.delete(file["sha256"])
    assert code(client.get(f"/assignments/{assignment}/files/{file['id']}")) == (409, "file_lost")


def test_without_a_place_for_files_nothing_is_taken(world: World, clock: StoppedClock, assignment: uuid.UUID) -> None:
    bare = TestClient(create_api(world.database, clock), headers={"X-API-Key": journey.api_key(world)})
    assert code(sent(bare, assignment)) == (503, "unavailable")


def test_one_client_has_only_so_many_files_examined(
    client: TestClient, assignment: uuid.UUID, api: DepartmentApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.state, "uploads", uploading.Throttle(1, uploading.MOST_FILES_WITHIN))
    assert sent(client, assignment).status_code == 200
    refused = sent(client, assignment)
    assert code(refused) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) == 600
