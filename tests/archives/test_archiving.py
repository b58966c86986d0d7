"""A consultation counts as archived only when a second person confirms that what was written and read back arrived."""

import io
import uuid
import zipfile
from pathlib import Path

import pytest

from app.archives import actions, queries
from app.archives.actions import Package
from app.archives.bags import check
from app.archives.models import Archive
from app.archives.retention import Retention
from app.backups import stream
from app.exports import ordering
from app.exports import queries as exports
from app.exports.lifecycle import OrderState
from app.kit.errors import Conflict, Forbidden, Unprocessable
from app.tables import metadata
from app.worker import archive_rows, exporting
from app.worker.exporting import Clerk
from tests.support.exporting import clerk, content
from tests.support.journey import START, StoppedClock, World, approved_suggestion, assigned, identity, submit

PAIR = stream.new_pair()
SAID = "建议后厨每天公开。"


def package(world: World, **given: object) -> Package:
    usual = {"file_number": "WS·2026-30-001", "retention": Retention.PERMANENT, "unit": "辽宁省民政厅"}
    return Package(consultation_id=world.consultation.id, **usual | {"is_concluded": True} | given)  # type: ignore[arg-type]


def ordered(world: World, **given: object) -> uuid.UUID:
    with world.database.writing() as session:
        return actions.order(session, world.staff.manager, START, package(world, **given)).order_id


def written(world: World, folder: Path, **given: object) -> uuid.UUID:
    order_id = ordered(world, **given)
    plain = clerk(world, folder)
    with_key = Clerk(plain.keeper, plain.vault, plain.room, stream.read_key(PAIR.public))
    if given.get("with_contacts"):
        with world.database.writing() as session:
            ordering.approve(session, world.staff.publisher, START, order_id)
    assert exporting.write_once(world.database, StoppedClock(), with_key)
    return order_id


def archive(world: World, order_id: uuid.UUID) -> Archive:
    with world.database.reading() as session:
        return queries.of_order(session, order_id)


def confirmed(world: World, order_id: uuid.UUID, sha256: str) -> None:
    with world.database.writing() as session:
        actions.confirm(session, world.staff.publisher, START, order_id, sha256)


def is_archived(world: World) -> bool:
    with world.database.reading() as session:
        return queries.is_archived(session, world.consultation.id)


def test_a_package_holds_originals_decisions_and_answers_and_no_contact(world: World, tmp_path: Path) -> None:
    submit(world, person=1, comment=SAID)
    assigned(world, approved_suggestion(world, people=(2, 3)))
    order_id = written(world, tmp_path)
    data = content(world, tmp_path, order_id)
    found = check(io.BytesIO(data))
    assert found.info["Retention-Period"] == "永久"
    assert found.info["External-Identifier"] == "WS·2026-30-001"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        together = {name.partition("/data/")[2]: packed.read(name).decode() for name in packed.namelist()}
    assert SAID in together["tables/submissions.jsonl"]
    assert "submission.accepted" in together["tables/audit_entries.jsonl"]
    for table, number in {"submissions": 3, "suggestions": 1, "assignments": 1, "suggestion_passages": 2}.items():
        assert together[f"tables/{table}.jsonl"].count("\n") == number, table
    everything = "".join(together.values())
    for person in (1, 2, 3):
        who = identity(person)
        for known in (who.name, who.id_number, who.phone, who.email):
            assert str(known) not in everything
    kept = archive(world, order_id)
    assert (kept.size, kept.parts) == (len(data), found.parts)
    assert not is_archived(world)


def test_contacts_are_sealed_for_the_archive_and_only_after_a_second_person_approved(
    world: World, tmp_path: Path
) -> None:
    submit(world, person=1, comment=SAID)
    order_id = written(world, tmp_path, with_contacts=True)
    with world.database.reading() as session:
        number = exports.order(session, order_id).number
    with zipfile.ZipFile(io.BytesIO(content(world, tmp_path, order_id))) as packed:
        sealed = packed.read(f"{number}/data/contacts.sealed")
    assert identity(1).phone.encode() not in sealed
    opened = stream.opened(io.BytesIO(sealed), stream.read_key(PAIR.private), f"archive|{number}")
    assert identity(1).phone in b"".join(opened).decode()


def test_it_is_archived_once_a_second_person_confirms_what_arrived(world: World, tmp_path: Path) -> None:
    order_id = written(world, tmp_path)
    sha256 = str(archive(world, order_id).sha256)
    with pytest.raises(Unprocessable, match="archive_differs"):
        confirmed(world, order_id, "0" * 64)
    assert not is_archived(world)
    confirmed(world, order_id, f" {sha256.upper()} ")
    assert is_archived(world)
    with pytest.raises(Conflict, match="archive_confirmed"):
        confirmed(world, order_id, sha256)


def test_nobody_confirms_their_own_nor_what_isnt_written(sqlite_world: World) -> None:
    world = sqlite_world
    order_id = ordered(world)
    with pytest.raises(Conflict, match="archive_not_written"):
        confirmed(world, order_id, "0" * 64)
    with world.database.writing() as session:
        exports.order(session, order_id).asked_by = world.staff.publisher.id
    with pytest.raises(Forbidden, match="own_archive"):
        confirmed(world, order_id, "0" * 64)


def test_what_isnt_concluded_isnt_archived(sqlite_world: World) -> None:
    with pytest.raises(Conflict, match="not_concluded"):
        ordered(sqlite_world, is_concluded=False)
    with pytest.raises(Unprocessable, match="file_number_form"):
        ordered(sqlite_world, file_number="a b")


def test_contacts_without_a_key_to_seal_them_for_are_never_written(sqlite_world: World, tmp_path: Path) -> None:
    world = sqlite_world
    order_id = ordered(world, with_contacts=True)
    with world.database.writing() as session:
        ordering.approve(session, world.staff.publisher, START, order_id)
    assert exporting.write_once(world.database, StoppedClock(), clerk(world, tmp_path))
    with world.database.reading() as session:
        assert exports.order(session, order_id).state is OrderState.RUNNING
        assert exports.pieces(session, order_id) == []


def test_erasure_by_time_waits_for_the_archive_and_for_a_hold_to_be_lifted(world: World, tmp_path: Path) -> None:
    id, manager = world.consultation.id, world.staff.manager
    with world.database.reading() as session, pytest.raises(Conflict, match="not_archived"):
        queries.refuse_unkept(session, id)
    order_id = written(world, tmp_path)
    confirmed(world, order_id, str(archive(world, order_id).sha256))
    with world.database.writing() as session:
        queries.refuse_unkept(session, id)
        actions.hold(session, manager, START, id, "行政复议期间。")
    with world.database.reading() as session, pytest.raises(Conflict, match="legal_hold"):
        queries.refuse_unkept(session, id)
    with world.database.writing() as session:
        actions.lift(session, manager, START, id, "复议已结。")
        queries.refuse_unkept(session, id)


def test_every_table_is_decided_about() -> None:
    """Whoever adds one that belongs to a consultation decides here whether it goes to the archive."""
    decided = {*archive_rows.names(), *(name for names in archive_rows.LEFT_OUT.values() for name in names)}
    belongs = {
        table.name
        for table in metadata.tables.values()
        if "consultation_id" in table.c
        or any(key.column.table.name in archive_rows.ARCHIVED for key in table.foreign_keys)
    }
    undecided = belongs - decided
    assert undecided == set()
    assert set(archive_rows.names()) <= metadata.tables.keys()
