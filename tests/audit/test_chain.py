"""The chain of seals: nothing is skipped, two sealers don't meet, and every way of tampering is found and named."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.audit import queries, record
from app.audit.heads import KeptHead, kept
from app.audit.sealing import head, seal, tail
from app.audit.verifying import Fault, Report, links, verify
from app.kit.database import Database
from app.kit.signing import Signer
from tests.audit.tampering import CLERK, NOW, add, seal_all, sealed, tamper, unguard
from tests.support.racing import at_once

SIGNER = Signer(b"k" * 32)
AT_5 = "(SELECT entry_id FROM audit_seals WHERE position = 5)"
MOVED_UP = ("UPDATE audit_seals SET position = -position - 1 WHERE position >= 5",)
INSERTED_AT_5 = (
    "INSERT INTO audit_seals (position, entry_id, seal, sealed_at)"
    " SELECT 5, u.entry_id, s.seal, s.sealed_at FROM audit_unsealed u, audit_seals s WHERE s.position = 1"
)
BACK_IN_PLACE = ("UPDATE audit_seals SET position = -position WHERE position < 0",)


def report(database: Database, heads: Sequence[KeptHead] = (), *keys: str) -> Report:
    with database.reading() as session:
        return verify(session, heads, keys)


def exported(database: Database, signer: Signer | None = None) -> KeptHead:
    with database.reading() as session:
        return kept(head(session), signer)


def found(database: Database, heads: Sequence[KeptHead] = ()) -> tuple[Fault, int | None] | None:
    fault = report(database, heads).fault
    return (fault.fault, fault.position) if fault else None


def test_a_chain_that_nobody_touched_is_whole(database: Database) -> None:
    sealed(database, 7)
    add(database, 2, first=7)
    told = report(database, [exported(database)])
    assert (told.checked, told.unsealed, told.head.position, told.fault) == (7, 2, 7, None)
    with database.reading() as session:
        assert tail(session).oldest == NOW + timedelta(seconds=7)


def test_an_empty_chain_is_whole(database: Database) -> None:
    told = report(database)
    assert (told.checked, told.head.position, told.fault) == (0, 0, None)


def test_an_entry_committed_late_is_sealed_all_the_same(database: Database) -> None:
    """It began before others that are sealed by now: by its instant and its id it stands before them."""
    with database.writing() as session:
        record(session, CLERK, NOW + timedelta(hours=1), "first.sealed", ("submission", 1))
    seal_all(database)
    with database.writing() as session:
        record(session, CLERK, NOW, "committed.late", ("submission", 2))
    assert seal_all(database) == 1
    with database.reading() as session:
        order = [link.entry.action for link in links(session) if link.entry]
    assert order == ["first.sealed", "committed.late"]
    assert found(database) is None


@pytest.mark.postgres
def test_an_entry_still_being_written_is_left_to_the_next_batch(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.writing() as slow:
        record(slow, CLERK, NOW, "slow", ("submission", 1))
        slow.flush()
        add(database, 3)
        assert seal_all(database) == 3
    assert seal_all(database) == 1
    assert found(database) is None
    database.close()


def test_two_sealers_at_once_make_one_chain(database: Database) -> None:
    add(database, 40)

    def work() -> int:
        with database.writing() as session:
            return seal(session, NOW, most=25)

    done = at_once([work, work])
    assert not [error for error in done if isinstance(error, Exception)]
    while seal_all(database):
        pass
    told = report(database)
    assert (told.checked, told.fault) == (40, None)


def test_batches_continue_the_chain(database: Database) -> None:
    add(database, 7)
    with database.writing() as session:
        assert [seal(session, NOW, most=3), seal(session, NOW, most=3), seal(session, NOW, most=3)] == [3, 3, 1]
    assert found(database) is None


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([f"DELETE FROM audit_entries WHERE id = {AT_5}"], (Fault.DELETED, 5)),
        (["DELETE FROM audit_seals WHERE position = 5"], (Fault.DELETED, 5)),
        (
            [
                f"DELETE FROM audit_entries WHERE id = {AT_5}",
                "DELETE FROM audit_seals WHERE position = 5",
                "UPDATE audit_seals SET position = 1 - position WHERE position > 5",
                *BACK_IN_PLACE,
            ],
            (Fault.DELETED, 5),
        ),
        ([f"UPDATE audit_entries SET actor_id = 'nobody' WHERE id = {AT_5}"], (Fault.ALTERED, 5)),
        ([f"UPDATE audit_entries SET detail = '{{}}' WHERE id = {AT_5}"], (Fault.ALTERED, 5)),
        ([f"UPDATE audit_entries SET source = NULL WHERE id = {AT_5}"], (Fault.ALTERED, 5)),
        ([f"UPDATE audit_entries SET result = 'refused' WHERE id = {AT_5}"], (Fault.ALTERED, 5)),
        (
            [
                "UPDATE audit_seals SET position = -8 WHERE position = 5",
                "UPDATE audit_seals SET position = 5 WHERE position = 8",
                *BACK_IN_PLACE,
            ],
            (Fault.ALTERED, 5),
        ),
        (["DELETE FROM audit_unsealed"], (Fault.INSERTED, None)),
        (["DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_unsealed)"], (Fault.DELETED, None)),
    ],
)
def test_tampering_is_found_where_it_begins(
    database: Database, statements: list[str], expected: tuple[Fault, int | None]
) -> None:
    sealed(database, 12)
    add(database, 1, first=12)
    tamper(database, statements)
    assert found(database) == expected


def test_entries_that_changed_places_are_told_apart_from_altered_ones(database: Database) -> None:
    """Each seal stays where it was, and two entries under them are exchanged."""
    sealed(database, 12)
    with database.reading() as session:
        fifth, eighth = (link.entry for link in links(session) if link.position in (5, 8))
    assert fifth
    assert eighth
    spelled = {
        entry.id: f"'{entry.id if database.engine.dialect.name != 'sqlite' else entry.id.replace('-', '')}'"
        for entry in (fifth, eighth)
    }
    nobody = f"'{uuid.UUID(int=0)}'"
    tamper(
        database,
        [
            f"UPDATE audit_seals SET entry_id = {nobody} WHERE position = 5",
            f"UPDATE audit_seals SET entry_id = {spelled[fifth.id]} WHERE position = 8",
            f"UPDATE audit_seals SET entry_id = {spelled[eighth.id]} WHERE position = 5",
        ],
    )
    assert found(database) == (Fault.REORDERED, 5)


def test_an_entry_put_in_between_is_found(database: Database) -> None:
    sealed(database, 12)
    add(database, 1, first=12)
    tamper(
        database,
        [
            *MOVED_UP,
            *BACK_IN_PLACE,
            INSERTED_AT_5,
            "DELETE FROM audit_unsealed",
        ],
    )
    assert found(database) == (Fault.INSERTED, 5)


def test_a_cut_tail_shows_by_a_head_that_was_taken_away(database: Database) -> None:
    sealed(database, 12)
    head_of_12 = exported(database)
    tamper(
        database,
        [
            "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE position > 9)",
            "DELETE FROM audit_seals WHERE position > 9",
        ],
    )
    assert found(database) is None
    assert found(database, [head_of_12]) == (Fault.CUT, 10)


def test_a_chain_sealed_anew_after_the_cut_differs_from_the_head(database: Database) -> None:
    sealed(database, 12)
    heads = [exported(database)]
    tamper(
        database,
        [
            "DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_seals WHERE position > 9)",
            "DELETE FROM audit_seals WHERE position > 9",
        ],
    )
    add(database, 5, first=30)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_unsealed SELECT id FROM audit_entries e"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id)"
        )
    seal_all(database)
    assert found(database) is None
    assert found(database, heads) == (Fault.REWRITTEN, 12)


def test_a_head_that_somebody_else_signed_is_refused(database: Database) -> None:
    sealed(database, 3)
    other = Signer(b"x" * 32)
    own, foreign = exported(database, SIGNER), exported(database, other)
    assert report(database, [own], SIGNER.public).fault is None
    assert report(database, [own, foreign], SIGNER.public, other.public).fault is None
    for forged in (foreign, exported(database)):
        told = report(database, [own, forged], SIGNER.public).fault
        assert told
        assert told.fault is Fault.FORGED_HEAD


def test_the_list_still_shows_what_is_sealed(database: Database) -> None:
    sealed(database, 3)
    with database.reading() as session:
        assert len(queries.latest(session, None, 10).items) == 3


def test_without_its_guards_the_store_lets_everything_through(database: Database) -> None:
    """So that the tests above tamper at all."""
    sealed(database, 3)
    unguard(database)
    with database.engine.begin() as connection:
        assert connection.exec_driver_sql("DELETE FROM audit_entries").rowcount == 3
