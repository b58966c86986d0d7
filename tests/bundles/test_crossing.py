"""Whatever happens to the files on their way, and to the commands: each record arrives once, and none is lost."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.bundles import arrivals, exporting, file_format, importing, queries
from app.bundles.directions import Direction
from app.bundles.exporting import again, export, forget
from app.bundles.importing import take_in
from app.bundles.models import Bundle
from app.bundles.refusals import BundleRefused
from app.clarifications import actions as clarifications
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import AskerKind
from app.kit.errors import Conflict
from app.rights import actions as rights
from app.rights import asking
from app.rights.lifecycle import RequestKind
from app.rights.models import RightsRequest
from app.rights.sealing import Contact
from app.submissions import actions as submissions
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.lifecycle import DisplayState, EndedClass, HoldReason
from app.submissions.models import DisplayedComment, GuardWord, Submission
from app.submissions.queries import sealed_identity
from tests.support.bundling import Sides
from tests.support.dump import dump
from tests.support.journey import OPERATOR, START, submit

LATER = START + timedelta(days=1)


class Killed(Exception):
    pass


def sent(sides: Sides, number: int) -> None:
    """So many comments at the form outside."""
    sides.goes_out()
    site = sides.outside
    for person in range(number):
        submit(site, person=person, comment=f"第{person}条建议，周末开放。")


def arrived(sides: Sides) -> int:
    with sides.inner.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def files(sides: Sides, number: int) -> list[Path]:
    """A bundle for each of so many comments."""
    sent(sides, number)
    return export(sides.outer, sides.between, START, most=1)


def test_without_anything_new_there_is_no_file(sides: Sides) -> None:
    sent(sides, 1)
    sides.goes_in()
    # The outer side hears that its bundle arrived, and nothing of its own comes back to it.
    assert [one.records for one in sides.goes_out()] == [0]
    assert sides.goes_in() == []
    assert sides.goes_out() == []


def test_the_same_file_again_changes_nothing(sides: Sides) -> None:
    [path] = files(sides, 1)
    take_in(sides.inner, path, START)
    before = dump(sides.inner.database)
    taken = take_in(sides.inner, path, START)
    assert (taken.is_known, taken.records) == (True, 1)
    assert dump(sides.inner.database) == before


def test_a_missing_file_is_named(sides: Sides) -> None:
    first, _second, third = files(sides, 3)
    with pytest.raises(BundleRefused, match="bundle 3, and 1 to 2 comes first"):
        take_in(sides.inner, third, START)
    take_in(sides.inner, first, START)
    with pytest.raises(BundleRefused, match="bundle 3, and 2 comes first"):
        take_in(sides.inner, third, START)
    assert arrived(sides) == 1


def test_an_import_that_was_killed_goes_on_where_it_was(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(sides, 3)
    [path] = export(sides.outer, sides.between, START)
    apply, times = importing.apply, iter(range(9))

    def killed(*given: Any) -> None:
        if next(times) == 2:
            raise Killed
        apply(*given)

    monkeypatch.setattr(importing, "AT_ONCE", 2)
    with monkeypatch.context() as patched:
        patched.setattr(importing, "apply", killed)
        with pytest.raises(Killed):
            take_in(sides.inner, path, START)
    assert arrived(sides) == 2
    taken = take_in(sides.inner, path, START)
    assert (taken.records, taken.begun_at) == (3, 2)
    assert arrived(sides) == 3


def test_another_bundle_waits_for_one_that_is_half_taken_in(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = files(sides, 2)

    def killed(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(importing, "apply", killed)
        with pytest.raises(Killed):
            take_in(sides.inner, first, START)
    with pytest.raises(BundleRefused, match="bundle 1 is only half taken in"):
        take_in(sides.inner, second, START)


@pytest.mark.parametrize("where", ["write", "put_in_place", "_give_out"])
def test_an_export_that_was_killed_leaves_no_half_file_and_loses_nothing(
    sides: Sides, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    sent(sides, 1)

    def killed(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(file_format if where == "write" else exporting, where, killed)
        with pytest.raises(Killed):
            export(sides.outer, sides.between, START)
    assert not [path for path in sides.between.iterdir() if Direction.INWARD in path.name]
    [path] = export(sides.outer, sides.between, START)
    assert take_in(sides.inner, path, START).records == 1


def test_a_lost_file_is_given_out_again_until_it_is_forgotten(sides: Sides) -> None:
    [path] = files(sides, 1)
    content = path.read_bytes()
    path.unlink()
    assert again(sides.outer, sides.between, START, 1).read_bytes() == content
    take_in(sides.inner, path, START)
    assert forget(sides.outer, START, LATER) == []
    sides.goes_out()
    assert forget(sides.outer, START, START) == []
    assert again(sides.outer, sides.between, START, 1).read_bytes() == content
    assert [kept.name for kept in forget(sides.outer, START, LATER)] == [path.name]
    assert forget(sides.outer, START, LATER) == []
    with pytest.raises(BundleRefused, match="has taken in bundle 1, and it was forgotten"):
        again(sides.outer, sides.between, START, 1)
    with sides.outer.database.reading() as session:
        noted = select(AuditEntry.record_id).where(AuditEntry.action == "bundle.forgotten")
        assert session.scalars(noted).all() == ["inward 1"]
        row = queries.get(session, Direction.INWARD, 1)
        assert isinstance(row, Bundle)
        assert queries.standing(row, Direction.INWARD) == "acknowledged"


def test_the_other_version_is_told_of(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "schema", lambda: "another")
        [path] = export(sides.inner, sides.between, START)
    with pytest.raises(BundleRefused, match="bring both sides to one version"):
        take_in(sides.outer, path, START)


def test_another_comment_than_the_receipt_promises_is_refused(sides: Sides) -> None:
    sent(sides, 1)
    with sides.outer.database.reading() as session:
        id = session.scalars(select(Submission.id)).one()
        record = dict(arrivals.said_of(session, sides.outer.keepers.vault, id))
    record["row"] = {**record["row"], "comment": "别的话。"}
    with (
        pytest.raises(BundleRefused, match="not the one that its receipt promises"),
        sides.inner.database.writing() as s,
    ):
        arrivals.store(s, sides.inner.keepers.vault, record, 1)
    assert arrived(sides) == 0


def test_files_and_decisions_about_the_display_cross(sides: Sides) -> None:
    sides.goes_out()
    site = sides.outside
    content = b"%PDF-1.4 invented"
    key = sides.outer.blobs.put(content)
    submit(site, files=[NewFile("附件.pdf", key, len(content), FileKind.PDF, ScanState.CLEAN, START)])
    sides.goes_in()
    assert sides.inner.blobs.get(key) == content
    with sides.inner.database.writing() as session:
        id = session.scalars(select(Submission.id)).one()
        submissions.take_down(session, sides.world.staff.screener, START, id, EndedClass.ADVERTISING, "含有广告。")
    assert [one.records for one in sides.goes_out()] == [1]
    with sides.outer.database.reading() as session:
        assert session.get_one(DisplayedComment, id).state is DisplayState.TAKEN_DOWN


def test_what_is_gone_inside_is_gone_outside(sides: Sides) -> None:
    def outside() -> list[str]:
        sides.goes_out()
        with sides.outer.database.reading() as session:
            return list(session.scalars(select(GuardWord.word)))

    with sides.inner.database.writing() as session:
        session.add(GuardWord(word="某词", reason=HoldReason.ADVERTISING, remark="内部", struck=False, added_at=START))
    assert outside() == ["某词"]
    with sides.inner.database.writing() as session:
        session.delete(session.get_one(GuardWord, "某词"))
    assert outside() == []


def test_an_erasure_that_was_asked_outside_and_granted_inside_is_done_on_both(sides: Sides) -> None:
    sent(sides, 1)
    sides.goes_in()
    with sides.outer.database.writing() as session:
        row = session.scalars(select(Submission)).one()
        asking.ask(
            session, OPERATOR, START, sides.outer.keepers.letters, row, RequestKind.DELETE, "请删除。", Contact()
        )
    sides.goes_in()
    with sides.inner.database.writing() as session:
        request = session.scalars(select(RightsRequest)).one()
        assert sides.inner.keepers.letters.words(request) == "请删除。"
        rights.grant(
            session, sides.world.staff.manager, START, sides.inner.keepers, request.id, request.revision, "已删除。"
        )
    sides.goes_out()
    for house in (sides.inner, sides.outer):
        with house.database.reading() as session:
            sealed = sealed_identity(session, row.id)
            assert sealed is not None
            assert house.keepers.vault.is_erased(sealed)
            assert session.scalars(select(RightsRequest.answer)).one() == "已删除。"


def test_each_side_keeps_a_record_of_what_crossed(sides: Sides) -> None:
    sent(sides, 1)
    sides.goes_in()
    for house, actions in (
        (sides.outer, {"bundle.begun", "bundle.imported", "bundle.exported", "bundle.given_out"}),
        (
            sides.inner,
            {"bundle.begun", "bundle.imported", "bundle.exported", "bundle.given_out", "submission.carried_in"},
        ),
    ):
        with house.database.reading() as session:
            assert actions <= set(session.scalars(select(AuditEntry.action)))


def test_nobody_asks_a_sender_whom_no_question_reaches(sides: Sides) -> None:
    sent(sides, 1)
    sides.goes_in()
    asker = Asker(AskerKind.DESK, sides.world.staff.screener.id)
    with sides.inner.database.reading() as session:
        id = session.scalars(select(Submission.id)).one()
    with sides.inner.database.writing() as session, pytest.raises(Conflict, match="nobody_to_ask"):
        clarifications.ask(session, sides.world.staff.screener, START, id, asker, "哪个助餐点？", timedelta(days=7))
