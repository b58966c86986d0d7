"""Files that come with a comment: chosen once, kept whatever else is wrong, stored with it, internal until released."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.kit.blobs import DiskBlobs, key_of
from app.permissions import Role
from app.submissions import public_numbers
from app.submissions.file_kinds import LARGEST_FILE, ScanState
from app.submissions.models import DisplayedComment, Submission, SubmissionFile
from app.web.public import files_part, receiving
from tests.support.app import ENTRY, errors_of, hidden, press, serving, signed_in, words
from tests.support.files import EICAR, clamd, docx, jpeg, pdf, png
from tests.support.journey import SLUG, StoppedClock, World, decide

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def taking(sqlite_world: World) -> World:
    with sqlite_world.database.writing() as session:
        decide(session, session.get_one(Consultation, sqlite_world.consultation.id), takes_files=True)
    return sqlite_world


@contextmanager
def visited(world: World, folder: Path, clock: StoppedClock | None = None, **given: Any) -> Iterator[TestClient]:
    with serving(world.database, clock or StoppedClock(), files_url=folder.as_uri(), **given) as client:
        yield client


def send(client: TestClient, files: Sequence[tuple[str, bytes]], page: str | None = None, **changed: Any) -> Any:
    """As a browser sends the form of the page, files chosen."""
    carried = hidden(page or client.get(FORM).text)
    chosen = [("files", (name, content, "text/html")) for name, content in files]
    nothing = [("files", ("", b"", "application/octet-stream"))]
    return client.post(FORM, data=ENTRY | carried | changed, files=chosen or nothing)


def stored(world: World) -> list[SubmissionFile]:
    with world.database.reading() as session:
        return list(session.scalars(select(SubmissionFile).order_by(SubmissionFile.place)))


def kept_names(page: str) -> list[str]:
    labels = lxml.html.fromstring(page).xpath("//input[@name='remove_file']/../span/span")
    return [label.text_content().strip() for label in labels]


def test_files_are_stored_with_the_comment_by_their_content(taking: World, tmp_path: Path) -> None:
    sent = [("说明.pdf", pdf()), ("../图.exe", jpeg()), ("a.docx", docx())]
    with visited(taking, tmp_path) as client:
        answer = send(client, sent)
        assert answer.status_code == 303, words(answer.text)
        receipt = words(client.get(answer.headers["location"]).text)
    rows = stored(taking)
    assert [row.name for row in rows] == ["说明.pdf", "图.exe.jpg", "a.docx"]
    assert [DiskBlobs(tmp_path).get(row.sha256) for row in rows] == [content for _name, content in sent]
    assert {row.scan for row in rows} == {ScanState.NOT_ASKED}
    for row in rows:
        assert row.name in receipt
        assert row.sha256[:12] in receipt


def test_a_consultation_that_takes_none_has_no_field_and_refuses_them(sqlite_world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with visited(sqlite_world, folder) as client:
        page = client.get(FORM).text
        assert 'type="file"' not in page
        assert "multipart" not in page
        assert send(client, [("a.pdf", pdf())], page).status_code == 415
    assert stored(sqlite_world) == []
    assert not folder.exists()


def test_nobody_chooses_a_file_twice(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("a.pdf", pdf()), ("b.png", png())], phone="1")
        assert bounced.status_code == 422
        assert set(errors_of(bounced.text)) == {"phone"}
        assert kept_names(bounced.text) == ["a.pdf", "b.png"]
        again = send(client, [("c.jpg", jpeg())], bounced.text, phone="2")
        assert kept_names(again.text) == ["a.pdf", "b.png", "c.jpg"]
        assert send(client, [], again.text).status_code == 303
    assert [row.name for row in stored(taking)] == ["a.pdf", "b.png", "c.jpg"]


def test_files_travel_over_the_page_that_shows_everything_once_more(taking: World, tmp_path: Path) -> None:
    with taking.database.writing() as session:
        decide(session, session.get_one(Consultation, taking.consultation.id), checks_answers=True)
    with visited(taking, tmp_path) as client:
        checked = send(client, [("a.pdf", pdf())])
        assert checked.status_code == 200
        assert "a.pdf" in words(checked.text)
        changed = client.post(FORM, data=hidden(checked.text) | {"step": "change"})
        assert kept_names(changed.text) == ["a.pdf"]
        assert client.post(FORM, data=hidden(checked.text) | {"step": "send"}).status_code == 303
    assert [row.name for row in stored(taking)] == ["a.pdf"]


def test_a_file_is_removed_and_the_same_one_is_taken_once(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("a.pdf", pdf()), ("again.pdf", pdf()), ("b.png", png())], phone="1")
        assert kept_names(bounced.text) == ["again.pdf", "b.png"]
        assert send(client, [], bounced.text, remove_file=[key_of(png())]).status_code == 303
    assert [row.name for row in stored(taking)] == ["again.pdf"]


def test_a_refused_file_is_named_and_the_others_stay(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("a.pdf", pdf()), ("b.exe", b"MZ\x90\0"), ("<b>.html", b"<script>")])
        assert bounced.status_code == 422
        said = errors_of(bounced.text)["files"]
        assert "b.exe" in said
        assert "<b>.html" in said
        assert "<b>" not in bounced.text
        assert kept_names(bounced.text) == ["a.pdf"]
        assert ENTRY["comment"] in words(bounced.text)
        assert send(client, [], bounced.text).status_code == 303
    assert [row.name for row in stored(taking)] == ["a.pdf"]


def test_a_file_that_is_too_large_loses_nobody_s_words(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("film.pdf", b"%PDF-" + bytes(LARGEST_FILE)), ("a.pdf", pdf())])
        assert bounced.status_code == 422
        assert "film.pdf" in errors_of(bounced.text)["files"]
        assert kept_names(bounced.text) == ["a.pdf"]
        assert ENTRY["comment"] in words(bounced.text)


def test_five_files_and_no_sixth(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [(f"{n}.png", png((10 + n, 10))) for n in range(6)])
        assert "5.png" in errors_of(bounced.text)["files"]
        assert kept_names(bounced.text) == [f"{n}.png" for n in range(5)]


def test_words_are_bounded_as_in_every_other_form(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        carried = ENTRY | hidden(client.get(FORM).text)
        huge = {"comment": "x" * receiving.MOST_BYTES_OF_WORDS}
        assert client.post(FORM, data=carried | huge).status_code == 413
        assert client.post(FORM, data=carried | huge, files={"files": ("a.pdf", pdf())}).status_code == 413


def test_a_list_of_files_belongs_to_one_form(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("a.pdf", pdf())], phone="1")
        stolen = hidden(bounced.text)["files_kept"]
        assert kept_names(send(client, [], phone="1", files_kept=stolen).text) == []
        assert kept_names(send(client, [], phone="1", files_kept="x" * 40).text) == []


def test_a_file_that_was_chosen_too_long_ago_is_asked_for_again(taking: World, tmp_path: Path) -> None:
    clock = StoppedClock()
    with visited(taking, tmp_path, clock) as client:
        first = send(client, [("a.pdf", pdf())], phone="1")
        clock.at += files_part.KEPT_FOR - timedelta(hours=1)
        second = send(client, [("b.png", png())], first.text, phone="1")
        assert kept_names(second.text) == ["a.pdf", "b.png"]
        clock.at += timedelta(hours=1)
        late = send(client, [], second.text)
        assert "a.pdf" in errors_of(late.text)["files"]
        assert kept_names(late.text) == ["b.png"]


def test_what_is_gone_from_where_files_are_kept_is_asked_for_again(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        bounced = send(client, [("a.pdf", pdf())], phone="1")
        DiskBlobs(tmp_path).delete(key_of(pdf()))
        assert "a.pdf" in errors_of(send(client, [], bounced.text).text)["files"]


def test_the_same_form_sent_twice_is_one_comment(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        page = client.get(FORM).text
        first, second = (send(client, [("a.pdf", pdf())], page) for _ in range(2))
        assert first.headers["location"] == second.headers["location"]
        assert send(client, [("b.png", png())], page).status_code == 409
    assert len(stored(taking)) == 1


def test_one_client_has_only_so_many_files_looked_at(
    taking: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.services.UPLOADS", 2)
    with visited(taking, tmp_path) as client:
        bounced = send(client, [(f"{n}.png", png((10 + n, 10))) for n in range(3)])
        assert kept_names(bounced.text) == ["0.png", "1.png"]
        assert "2.png" in errors_of(bounced.text)["files"]


def test_where_too_many_come_at_once_the_words_are_taken(
    taking: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visited(taking, tmp_path) as client:
        taken = [receiving._turns.acquire(blocking=False) for _ in range(receiving.MOST_AT_ONCE)]
        assert all(taken)
        try:
            bounced = send(client, [("a.pdf", pdf())])
        finally:
            for _ in taken:
                receiving._turns.release()
        assert "a.pdf" in errors_of(bounced.text)["files"]
        assert ENTRY["comment"] in words(bounced.text)


def test_a_place_for_files_that_is_full_loses_no_words(taking: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with visited(taking, tmp_path / "file") as client:
        bounced = send(client, [("a.pdf", pdf())])
        assert "a.pdf" in errors_of(bounced.text)["files"]
        assert ENTRY["comment"] in words(bounced.text)


def test_what_the_scanner_finds_is_not_taken(taking: World, tmp_path: Path) -> None:
    with clamd() as fake, visited(taking, tmp_path, clamd=fake.address) as client:
        bounced = send(client, [("a.pdf", pdf(more=f"% {EICAR.decode()}\n")), ("b.png", png())])
        assert "a.pdf" in errors_of(bounced.text)["files"]
        assert kept_names(bounced.text) == ["b.png"]
        assert send(client, [], bounced.text).status_code == 303
    assert [(row.name, row.scan) for row in stored(taking)] == [("b.png", ScanState.CLEAN)]


def test_a_scanner_that_is_gone_keeps_nobody_from_commenting(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path, clamd=f"unix://{tmp_path}/nobody") as client:
        assert send(client, [("a.pdf", pdf())]).status_code == 303
        [row] = stored(taking)
        assert row.scan is ScanState.WAITING
        page = f"/staff/submissions/{row.submission_id}"
        shown = signed_in(client, Role.SCREENER).get(page)
        assert "/files/" not in shown.text.partition("<main")[2]
        carried = hidden(shown.text)
        refused = client.post(f"{page}/files/{row.id}", data={"csrf_token": carried["csrf_token"]})
        assert refused.status_code == 409
        assert refused.content.find(b"%PDF") < 0


def _one_with_file(world: World, client: TestClient, name: str, content: bytes) -> tuple[str, SubmissionFile]:
    assert send(client, [(name, content)]).status_code == 303
    row = stored(world)[-1]
    return f"/staff/submissions/{row.submission_id}", row


def _entries(world: World, action: str) -> list[AuditEntry]:
    with world.database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_staff_save_a_file_and_that_stays_known(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        page, row = _one_with_file(taking, client, "报告 “1”.pdf", pdf())
        answer = press(signed_in(client, Role.SCREENER), page, f"/files/{row.id}")
    assert answer.content == pdf()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6")
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    [entry] = _entries(taking, "file.opened")
    assert entry.detail["sha256"] == row.sha256


def test_who_may_not_open_files_gets_none(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        page, row = _one_with_file(taking, client, "a.pdf", pdf())
        client.cookies.clear()
        assert client.post(f"{page}/files/{row.id}", data={"csrf_token": ""}).status_code in (303, 401)
        shown = signed_in(client, Role.MANAGER).get(page)
        assert f"/files/{row.id}" not in shown.text
        refused = client.post(f"{page}/files/{row.id}", data={"csrf_token": hidden(shown.text)["csrf_token"]})
        assert refused.status_code == 403
    assert _entries(taking, "file.opened") == []


def test_a_file_is_public_only_by_a_decision_and_without_the_place(taking: World, tmp_path: Path) -> None:
    photograph = jpeg(place=True)
    with visited(taking, tmp_path) as client:
        page, row = _one_with_file(taking, client, "现场.jpg", photograph)
        public = f"/consultations/{SLUG}/files/{row.id}"
        assert client.get(public).status_code == 404
        signed_in(client, Role.PUBLISHER)
        assert press(client, page, f"/files/{row.id}/release", reason="").status_code == 422
        assert press(client, page, f"/files/{row.id}/release", reason="图示说明了意见。").status_code == 303
        client.cookies.clear()
        with taking.database.reading() as session:
            number = public_numbers.written(session.get_one(DisplayedComment, row.submission_id).number)
        assert public in client.get(f"/consultations/{SLUG}/comments/{number}").text
        got = client.get(public)
        assert got.status_code == 200
        assert b"CameraMaker" in photograph
        assert b"CameraMaker" not in got.content
        assert got.headers["content-disposition"].startswith("attachment")
        signed_in(client, Role.PUBLISHER)
        assert press(client, page, f"/files/{row.id}/withdraw", reason="图中有车牌。").status_code == 303
        assert client.get(public).status_code == 404
    [entry] = _entries(taking, "file.released")
    assert entry.detail["reason"] == "图示说明了意见。"


def test_a_released_file_goes_with_its_opinion(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        page, row = _one_with_file(taking, client, "a.pdf", pdf())
        public = f"/consultations/{SLUG}/files/{row.id}"
        signed_in(client, Role.PUBLISHER)
        press(client, page, f"/files/{row.id}/release", reason="有助于讨论。")
        assert client.get(public).content == pdf()
        assert press(client, page, "/take-down", reason="含他人信息。", why="privacy").status_code == 303
        assert client.get(public).status_code == 404


def test_a_file_belongs_to_its_submission(taking: World, tmp_path: Path) -> None:
    with visited(taking, tmp_path) as client:
        _page, row = _one_with_file(taking, client, "a.pdf", pdf())
        with taking.database.reading() as session:
            other = session.scalars(select(Submission.id).where(Submission.id != row.submission_id)).first()
        wrong = other or row.id
        token = hidden(signed_in(client, Role.SCREENER).get("/staff").text)["csrf_token"]
        answer = client.post(f"/staff/submissions/{wrong}/files/{row.id}", data={"csrf_token": token})
        assert answer.status_code == 404
