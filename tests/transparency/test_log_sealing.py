"""The sealer: everything that was committed gets one place for good, whatever happens beside it, and proofs hold."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.kit.database import Database
from app.kit.signing import Signer
from app.transparency import heads, ledger, nodes, queries, sealing, tree
from app.transparency.commitments import commitment
from app.transparency.models import EntryKind, LogBatch, LogChunk, LogEntry, LogNode, LogPlace, WaitingEntry
from app.transparency.sealing import SIZES, batch_leaf
from tests.support.journey import START

MINUTE = timedelta(minutes=1)
SIGNER = Signer(b"k" * 32)
WHERE = uuid.UUID(int=7)
TABLES = (LogEntry, WaitingEntry, LogPlace, LogBatch, LogChunk, LogNode)


def add(database: Database, number: int = 1) -> list[uuid.UUID]:
    """Entries that are committed but not sealed."""
    with database.writing() as session:
        made = [
            ledger.entry(EntryKind.OUTCOME, START, {"n": n}, subject=uuid.uuid4(), consultation_id=WHERE)
            for n in range(number)
        ]
        session.add_all(made)
    return [entry.id for entry in made]


def seal(database: Database, minute: int) -> int | None:
    with database.writing() as session:
        return sealing.seal(session, START + minute * MINUTE)


def stands(database: Database, entry_id: uuid.UUID, size: int | None = None) -> bool:
    """Whether the proof leads from the entry's own fields to the head of that size."""
    with database.reading() as session:
        size = nodes.size(session) if size is None else size
        proof, head = queries.proof_of(session, entry_id, size), heads.of_size(session, SIGNER, size)
        entry = session.get_one(LogEntry, entry_id)
    if proof is None or head is None:
        return False
    leaf = tree.leaf_hash(entry.commitment)
    for whole in [_climbed(leaf, proof.batch_place, _bytes(proof.batch_path))]:
        if not tree.is_included(leaf, proof.batch_place, proof.batch_size, _bytes(proof.batch_path), whole):
            return False
        path = _bytes(proof.path)
        return tree.is_included(
            batch_leaf(proof.batch_size, whole), proof.place, size, path, bytes.fromhex(head.root)
        ) and head.is_signed_by(SIGNER.public)
    return False


def _climbed(leaf: bytes, place: int, path: Sequence[bytes]) -> bytes:
    """The head of a batch, whose size is a power of two."""
    for level, step in enumerate(path):
        leaf = tree.node_hash(step, leaf) if place >> level & 1 else tree.node_hash(leaf, step)
    return leaf


def _bytes(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


def number_of(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_entered_is_provable_from_the_next_batch_on_and_for_ever(database: Database) -> None:
    first = add(database, 3)
    assert not any(stands(database, one) for one in first)
    assert seal(database, 0) == 3
    second = add(database, 20)
    assert not stands(database, second[0])
    assert [seal(database, minute) for minute in (1, 2, 3, 4)] == [20, 0, 0, 0]
    for size in (2, 3, 4, 5):
        assert all(stands(database, one, size) for one in (*first, *second))
    assert not stands(database, second[0], 1)
    assert number_of(database, WaitingEntry) == 0


def test_heads_of_all_sizes_grow_out_of_each_other(database: Database) -> None:
    for minute in range(9):
        add(database, minute % 3)
        seal(database, minute)
    with database.reading() as session:
        leaves = _bytes(queries.leaves(session, 0, 100))
        roots = [bytes.fromhex(str(getattr(heads.of_size(session, SIGNER, n), "root", ""))) for n in range(10)]
        for second in range(1, 10):
            assert roots[second] == tree.root(leaves[:second])
            for first in range(1, second + 1):
                path = _bytes(queries.consistency(session, first, second))
                assert tree.is_consistent(first, second, roots[first], roots[second], path)
        assert _bytes(queries.leaves(session, 7, 1)) == leaves[7:8]
        with pytest.raises(ValueError, match="long"):
            queries.consistency(session, 3, 10)
        assert heads.of_size(session, SIGNER, 10) is heads.of_size(session, SIGNER, 0) is None


def test_the_log_tells_neither_how_much_came_in_nor_in_which_order(database: Database) -> None:
    """One leaf a minute whatever came in, and the same number of leaves under it for one entry and for sixteen."""
    for minute, number in enumerate((0, 1, 16, 17, 0)):
        add(database, number)
        assert seal(database, minute) == number
    with database.reading() as session:
        assert list(session.scalars(select(LogBatch.size).order_by(LogBatch.number))) == [16, 16, 16, 256, 16]
        assert len(set(queries.leaves(session, 0, 9))) == 5
        places = list(session.scalars(select(LogPlace.place).where(LogPlace.batch == 2).order_by(LogPlace.entry_id)))
    assert sorted(places) == list(range(16))
    assert places != sorted(places)  # one chance in 16! that this fails by luck


def test_a_minute_has_one_batch(database: Database) -> None:
    with database.writing() as session:
        assert sealing.seal(session, START) == 0
    add(database)
    with database.writing() as session:
        assert sealing.seal(session, START + timedelta(seconds=59)) is None
        assert sealing.seal(session, START - MINUTE) is None
    assert seal(database, 1) == 1


def test_what_is_committed_late_is_sealed_with_the_next_batch(database: Database) -> None:
    """Its id and instant are before those of entries that are sealed already."""
    with database.writing() as session:
        late = ledger.entry(EntryKind.OUTCOME, START - MINUTE, {"n": 1})
    add(database, 2)
    seal(database, 0)
    with database.writing() as session:
        session.add(late)
    assert seal(database, 1) == 1
    assert stands(database, late.id)


def test_two_sealers_at_once_make_one_batch(database: Database) -> None:
    ids, barrier, done = add(database, 40), Barrier(2), []

    def work() -> None:
        barrier.wait()
        done.append(seal(database, 0))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done, key=str) == [40, None]
    assert (number_of(database, LogBatch), number_of(database, LogPlace)) == (1, 40)
    assert all(stands(database, one) for one in ids)


def test_a_sealer_that_dies_before_its_commit_leaves_nothing(database: Database) -> None:
    ids = add(database, 3)
    sealed = []

    def killed() -> None:
        with database.writing() as session:
            sealed.append(sealing.seal(session, START))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert sealed == [3]
    assert [number_of(database, table) for table in (LogBatch, LogPlace, LogNode, LogChunk)] == [0, 0, 0, 0]
    assert seal(database, 0) == 3
    assert all(stands(database, one) for one in ids)


def test_more_than_a_batch_holds_waits_for_the_next_minute(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SIZES", SIZES[:1])
    ids = add(database, 20)
    assert [seal(database, minute) for minute in range(3)] == [16, 4, 0]
    assert all(stands(database, one) for one in ids)


def test_a_batch_of_several_chunks(database: Database) -> None:
    ids = add(database, 300)
    assert seal(database, 0) == 300
    assert number_of(database, LogChunk) == 16
    assert all(stands(database, one) for one in ids[::37])


def test_erasure_forgets_the_salt_and_leaves_every_proof(database: Database) -> None:
    ids = add(database, 2)
    with database.writing() as session:
        ledger.forget(session, WHERE, session.get_one(LogEntry, ids[0]).subject or WHERE)
    seal(database, 0)
    with database.writing() as session:
        ledger.forget(session, WHERE, session.get_one(LogEntry, ids[1]).subject or WHERE)
    assert all(stands(database, one) for one in ids)
    with database.reading() as session:
        assert [session.get_one(LogEntry, one).salt for one in ids] == [None, None]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__tablename__)
def test_the_store_lets_the_log_only_grow(database: Database, table: type) -> None:
    add(database, 1)
    seal(database, 0)
    add(database, 1)
    column = {LogEntry: "commitment", LogNode: "hash", LogChunk: "leaves", LogBatch: "tops"}.get(table)
    change = f"{column} = {column}" if column else "entry_id = entry_id"
    for statement in (delete(table), text(f"UPDATE {table.__tablename__} SET {change}")):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(statement)
    assert number_of(database, table) > 0


def test_a_forgotten_salt_never_comes_back(database: Database) -> None:
    ids = add(database, 1)
    for salt in (b"s" * 32, b""):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(update(LogEntry).values(salt=salt))
    with database.reading() as session:
        assert session.get_one(LogEntry, ids[0]).salt is not None


def test_a_tally_counts_receipts_that_have_no_outcome(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    subjects = [uuid.uuid4() for _ in range(8)]
    with database.writing() as session:
        for subject in subjects:
            session.add(ledger.entry(EntryKind.RECEIPT, START, {}, subject=subject, consultation_id=WHERE))
        for subject in (*subjects[:5], subjects[0], uuid.uuid4()):
            session.add(ledger.entry(EntryKind.OUTCOME, START, {}, subject=subject, consultation_id=WHERE))
        session.add(ledger.entry(EntryKind.REOPENED, START, {}, subject=subjects[6], consultation_id=WHERE))
        elsewhere = uuid.UUID(int=8)
        session.add(ledger.entry(EntryKind.OUTCOME, START, {}, subject=subjects[7], consultation_id=elsewhere))
        session.flush()
        assert queries.tally(session, WHERE) == queries.Tally(8, 3)
        assert queries.tally(session, uuid.UUID(int=9)) == queries.Tally(0, 0)


def test_the_audit_logs_head_is_entered_once_an_hour(database: Database) -> None:
    entered = []
    for minutes in (0, 1, 59, 61, 119, 120):
        with database.writing() as session:
            entered.append(ledger.countersign(session, START.replace(minute=0) + minutes * MINUTE, minutes, "00"))
    assert entered == [True, False, False, True, False, True]


def test_a_commitment_binds_every_field_and_hides_it() -> None:
    fields = {"number": "1", "title": "题", "clauses": [["a", "b"]]}
    whole = commitment("receipt", START, b"s" * 32, fields)
    others = [
        commitment("outcome", START, b"s" * 32, fields),
        commitment("receipt", START + timedelta(microseconds=1), b"s" * 32, fields),
        commitment("receipt", START, b"t" * 32, fields),
        *(commitment("receipt", START, b"s" * 32, {**fields, name: "x"}) for name in fields),
        *(commitment("receipt", START, b"s" * 32, {k: v for k, v in fields.items() if k != name}) for name in fields),
        commitment("receipt", START, b"s" * 32, {**fields, "more": None}),
    ]
    assert whole not in others
    assert len(set(others)) == len(others)


def test_a_hundred_thousand_entries_fit_one_batch() -> None:
    assert SIZES[-1] >= 100_000
    assert all(size & (size - 1) == 0 for size in SIZES)
