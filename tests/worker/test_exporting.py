"""Ordered files are written whole or not at all, whatever happens to the worker, and hold what they should."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from sqlalchemy import func, select

from app.exports import actions, ordering, queries, running
from app.exports.keeping import Lost
from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn, OrderState
from app.exports.models import ExportPiece, Frozen, OrderedRecord
from app.kit.blobs import DiskBlobs
from app.permissions import operator
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission, SubmitterIdentity
from app.worker import export_rows, exporting, filing
from app.worker.export_rows import Portion, Source
from tests.support import journey
from tests.support.exporting import NAMED, PURPOSE, approved, asked, clerk, content, found, table, written
from tests.support.journey import START, StoppedClock, World, submit

LATER = START + timedelta(days=36500)
"""When whatever nothing refers to is old enough to be removed."""
EVERYTHING = {"kind": ExportKind.IDENTITIES, "columns": tuple(IdentityColumn)}


class Killed(BaseException):
    """Ends a worker without another word, like a signal that can't be caught."""


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a portion, and a few rows a piece."""
    monkeypatch.setattr(export_rows, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "PIECE", 300)


def several(world: World, number: int = 5) -> None:
    for person in range(number):
        submit(world, person=person, comment=f"建议{person}：周末也开放。", at=START - timedelta(minutes=9 - person))


def after_portion(monkeypatch: pytest.MonkeyPatch, number: int, act: object) -> None:
    """The file's source as it is, but something happens when so many portions were read."""
    real = export_rows.source_of

    def disturbed(*of: object) -> Source:
        source = real(*of)  # type: ignore[arg-type]

        def portions(database: object) -> Iterator[Portion]:
            for place, portion in enumerate(source.portions(database), 1):  # type: ignore[arg-type]
                yield portion
                if place == number:
                    act()  # type: ignore[operator]

        return Source(source.headings, source.total, portions)

    monkeypatch.setattr(exporting, "source_of", disturbed)


def die() -> None:
    raise Killed


def pieces(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ExportPiece)) or 0


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.mark.usefixtures("_small")
def test_all_that_had_arrived_is_in_the_file_once_and_in_order(world: World, tmp_path: Path) -> None:
    several(world)
    submit(world, person=6, at=START + timedelta(seconds=1))
    headings, *rows = table(world, tmp_path, order_id := written(world, tmp_path))
    order = found(world, order_id)
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row[9][:3] for row in rows] == ["建议0", "建议1", "建议2", "建议3", "建议4"]
    assert (order.rows, order.total, order.state) == (5, 5, OrderState.READY)
    assert {row[-1] for row in rows} == {order.number}
    assert all(word in headings[-1] for word in (order.number, "测试manager", "2026-05-11 09:30:00", PURPOSE))


@pytest.mark.parametrize("file_format", list(ExportFormat))
@pytest.mark.usefixtures("_small")
def test_a_worker_that_dies_leaves_nothing_to_take_and_the_next_begins_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: ExportFormat
) -> None:
    several(world)
    order_id = asked(world, format=file_format, **EVERYTHING)
    approved(world, order_id)
    clock, at_hand = StoppedClock(), clerk(world, tmp_path)
    with monkeypatch.context() as patched:
        after_portion(patched, 2, die)
        with pytest.raises(Killed):
            exporting.write_once(world.database, clock, at_hand)
    assert found(world, order_id).state is OrderState.RUNNING
    assert not exporting.write_once(world.database, clock, at_hand), "its lease still holds"
    clock.at += running.LEASE
    assert exporting.write_once(world.database, clock, at_hand)
    order = found(world, order_id)
    assert (order.state, order.rows, order.attempts) == (OrderState.READY, 5, 2)
    assert order.size == len(content(world, tmp_path, order_id))
    filing.remove_orphans(world.database, filing.Cabinet(DiskBlobs(tmp_path / "files"), None), LATER)
    assert len(files(tmp_path)) == pieces(world), "what the dead one left is gone"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OrderedRecord)) == 5
    assert not list((tmp_path / "exports").glob("*"))


@pytest.mark.usefixtures("_small")
def test_one_that_is_given_up_while_it_is_written_ends_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(world)
    order_id = asked(world)

    def give_up() -> None:
        with world.database.writing() as session:
            ordering.cancel(session, world.staff.manager, START, order_id)

    after_portion(monkeypatch, 2, give_up)
    at_hand = clerk(world, tmp_path)
    exporting.write_once(world.database, StoppedClock(), at_hand)
    assert found(world, order_id).state is OrderState.CANCELLED
    exporting.remove_expired(world.database, at_hand, StoppedClock())
    assert not pieces(world)
    assert not files(tmp_path)


@pytest.mark.usefixtures("_small")
def test_a_stop_of_exports_puts_the_one_in_hand_back(
    sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(sqlite_world)
    order_id, at_hand = asked(sqlite_world), clerk(sqlite_world, tmp_path)

    def change(verb: object) -> None:
        with sqlite_world.database.writing() as session:
            verb(session, operator("tests"), START, Frozen.EXPORTS, "核查。")  # type: ignore[operator]

    with monkeypatch.context() as patched:
        after_portion(patched, 1, lambda: change(actions.freeze))
        exporting.write_once(sqlite_world.database, StoppedClock(), at_hand)
    assert found(sqlite_world, order_id).state is OrderState.QUEUED
    assert not exporting.write_once(sqlite_world.database, StoppedClock(), at_hand)
    change(actions.lift)
    assert exporting.write_once(sqlite_world.database, StoppedClock(), at_hand)
    assert len(table(sqlite_world, tmp_path, order_id)) == 6


@pytest.mark.usefixtures("_small")
def test_a_worker_that_is_asked_to_end_puts_the_order_back(sqlite_world: World, tmp_path: Path) -> None:
    several(sqlite_world)
    order_id, stop = asked(sqlite_world), Event()
    stop.set()
    exporting.write_once(sqlite_world.database, StoppedClock(), clerk(sqlite_world, tmp_path), stop)
    order = found(sqlite_world, order_id)
    assert (order.state, order.attempts, order.rows) == (OrderState.QUEUED, 0, 0)


def test_a_fault_is_tried_again_and_in_the_end_told(
    sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(sqlite_world)
    order_id, clock = asked(sqlite_world), StoppedClock()

    def full() -> None:
        raise OSError("No space left on device")

    after_portion(monkeypatch, 1, full)
    for _ in range(running.MOST_ATTEMPTS):
        exporting.write_once(sqlite_world.database, clock, clerk(sqlite_world, tmp_path))
        clock.at += running.LEASE
    order = found(sqlite_world, order_id)
    assert order.state is OrderState.FAILED
    assert order.failure
    assert order.failure.startswith("OSError")


@pytest.mark.usefixtures("_small")
def test_no_part_of_a_file_can_be_read_where_it_is_kept(sqlite_world: World, tmp_path: Path) -> None:
    several(sqlite_world)
    order_id = written(sqlite_world, tmp_path, **EVERYTHING)
    assert "测试甲".encode() in content(sqlite_world, tmp_path, order_id)
    assert not any("测试".encode() in path.read_bytes() for path in files(tmp_path))


def test_a_piece_in_anothers_place_is_refused(sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    order_id = written(sqlite_world, tmp_path)
    with sqlite_world.database.writing() as session:
        (piece,) = queries.pieces(session, order_id)
        session.add(ExportPiece(order_id=order_id, place=1, sha256=piece.sha256, size=piece.size))
    with pytest.raises(Lost):
        content(sqlite_world, tmp_path, order_id)


def test_after_its_time_nothing_is_left_of_a_file(world: World, tmp_path: Path) -> None:
    submit(world)
    order_id, clock = written(world, tmp_path, **EVERYTHING), StoppedClock()
    at_hand = clerk(world, tmp_path)
    assert exporting.remove_expired(world.database, at_hand, clock) == 0
    clock.at += running.KEPT_FOR_WITH_IDENTITIES
    exporting.remove_expired(world.database, at_hand, clock)
    assert found(world, order_id).state is OrderState.EXPIRED
    assert exporting.remove_expired(world.database, at_hand, clock) == 1
    assert not pieces(world)
    assert not files(tmp_path)


def test_pieces_of_a_file_are_nobodys_orphans(sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    order_id = written(sqlite_world, tmp_path)
    filing.remove_orphans(sqlite_world.database, filing.Cabinet(DiskBlobs(tmp_path / "files"), None), LATER)
    assert content(sqlite_world, tmp_path, order_id)


def test_the_words_are_masked_and_no_sender_is_named(sqlite_world: World, tmp_path: Path) -> None:
    with sqlite_world.database.writing() as session:
        session.merge(sqlite_world.consultation)
    receipt = submit(sqlite_world, comment="请打电话13812345678联系我。")
    text = content(sqlite_world, tmp_path, written(sqlite_world, tmp_path)).decode()
    assert receipt.number in text
    assert not any(told in text for told in ("13812345678", "测试甲", journey.id_number(0), "person0@example.com"))


def test_only_the_chosen_columns_are_there(sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    headings, row = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, **NAMED))
    assert headings[5:7] == ["姓名", "联系电话"]
    assert row[5:7] == ["测试甲", "13900000000"]
    assert journey.id_number(0) not in row


def test_of_who_was_erased_nothing_is_there(sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    with sqlite_world.database.writing() as session:
        sqlite_world.vault.erase(session, session.scalars(select(SubmitterIdentity)).one())
    _, row = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, **EVERYTHING))
    assert set(row[5:10]) == {"（已应本人申请删除）"}


@pytest.mark.parametrize("state", [SubmissionState.QUARANTINED, SubmissionState.REFERRED, SubmissionState.WITHDRAWN])
def test_what_is_for_few_eyes_is_in_no_file(sqlite_world: World, tmp_path: Path, state: SubmissionState) -> None:
    submit(sqlite_world)
    with sqlite_world.database.writing() as session:
        session.scalars(select(Submission)).one().state = state
    assert len(table(sqlite_world, tmp_path, written(sqlite_world, tmp_path))) == 1


def test_period_and_state_narrow_a_file(sqlite_world: World, tmp_path: Path) -> None:
    several(sqlite_world)
    begin, end = START - timedelta(minutes=8), START - timedelta(minutes=6)
    rows = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, since=begin, until=end))
    assert [row[9][:3] for row in rows[1:]] == ["建议1", "建议2"]
    rows = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, only_state="accepted"))
    assert len(rows) == 1


def test_a_workbook_says_on_every_page_whose_copy_it_is(sqlite_world: World, tmp_path: Path) -> None:
    several(sqlite_world, 2)
    order_id = written(sqlite_world, tmp_path, format=ExportFormat.XLSX, **NAMED)
    order = found(sqlite_world, order_id)
    book = openpyxl.load_workbook(io.BytesIO(content(sqlite_world, tmp_path, order_id)))
    (sheet,) = book
    for place in (sheet["A1"].value, sheet.oddFooter.left.text, book.properties.description):
        assert all(
            word in str(place) for word in ("内部资料，注意保密", order.number, "测试manager", "测试publisher", PURPOSE)
        )
    assert [cell.value for cell in sheet[3]][5:] == ["测试甲", "13900000000", order.number]


def test_results_and_assignments_stand_in_their_files(sqlite_world: World, tmp_path: Path) -> None:
    suggestion = journey.approved_suggestion(sqlite_world, clause=sqlite_world.clauses[0], people=(0, 1))
    journey.assigned(sqlite_world, suggestion, cooperating=["finance"])
    _, result = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, kind=ExportKind.RESULTS))
    assert result[3] == "助餐点周末照常开放，并提前公布一周菜单。"
    assert "测试" not in "".join(result)
    rows = table(sqlite_world, tmp_path, written(sqlite_world, tmp_path, kind=ExportKind.ASSIGNMENTS))[1:]
    assert sorted(row[5] for row in rows) == ["牵头", "配合"]
