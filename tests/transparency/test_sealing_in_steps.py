"""Many entries are sealed in steps: others write in between, and whoever is killed there leaves nothing that shows."""

from itertools import pairwise

import pytest
from sqlalchemy import func, select

from app.kit.database import Database
from app.kit.errors import Conflict
from app.kit.signing import Signer
from app.transparency import heads, nodes, queries, sealing
from app.transparency.models import LogChunk, LogPlace, WaitingEntry
from app.transparency.verifying import verify
from app.worker.transparency import LogKeeper, seal_if_due
from tests.support.journey import START
from tests.transparency.test_log_sealing import MINUTE, add, number_of, seal, stands

SIGNER = Signer(b"k" * 32)
KEEPER = LogKeeper(SIGNER, None, every_minute=False)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of four leaves, two chunks a step, so that few entries make many steps."""
    monkeypatch.setattr(sealing, "CHUNK", 4)
    monkeypatch.setattr(queries, "CHUNK", 4)
    monkeypatch.setattr("app.transparency.verifying.CHUNK", 4)
    monkeypatch.setattr(sealing, "STEP", 2)
    monkeypatch.setattr(sealing, "SIZES", (16, 64))


def test_others_write_between_the_steps(database: Database) -> None:
    ids = add(database, 40)
    places: list[int] = []

    def pause(_seconds: float) -> None:
        places.append(number_of(database, LogPlace))
        ids.extend(add(database, 1))

    assert seal_if_due(database, KEEPER, START, pause) == 40
    assert len(places) == 64 // 8 - 1
    assert max(after - before for before, after in pairwise([0, *places, 40])) <= 8, "no step writes more entries"
    assert seal_if_due(database, KEEPER, START + MINUTE, pause) == 7
    assert all(stands(database, one) for one in ids[:47])


def test_a_step_holds_two_chunks_at_most(database: Database) -> None:
    add(database, 40)
    with database.reading() as session:
        draft = sealing.draw(session)
    portions = list(sealing.steps(draft))
    assert [len(pieces) for pieces in portions] == [2] * 8
    assert max(len(piece.places) for piece in draft.pieces) <= 4
    assert len(draft) == 40


def test_a_sealer_killed_between_steps_leaves_nothing_that_shows_and_the_next_goes_on(database: Database) -> None:
    first = add(database, 40)
    seen = []

    def killed(_seconds: float) -> None:
        seen.append(number_of(database, LogChunk))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_if_due(database, KEEPER, START, killed)
    assert seen == [2, 4, 6]
    with database.reading() as session:
        assert nodes.size(session) == 0
        assert heads.newest(session, SIGNER) is None
        assert not any(queries.proof_of(session, one, 1) for one in first)
        assert sealing.is_waiting(session)
        assert verify(session, [], SIGNER.public).faults == ()
    later = add(database, 5)
    left = number_of(database, WaitingEntry)
    assert seal_if_due(database, KEEPER, START, lambda _seconds: None) == left
    assert all(stands(database, one) for one in (*first, *later))
    with database.reading() as session:
        assert nodes.size(session) == 1
        assert session.scalar(select(func.count()).select_from(LogPlace)) == 45
        assert verify(session, [], SIGNER.public).faults == ()


def test_a_batch_that_lacks_only_its_leaf_is_closed_although_nothing_waits(database: Database) -> None:
    ids = add(database, 3)
    with database.reading() as session:
        draft = sealing.draw(session)
    with database.writing() as session:
        sealing.keep(session, draft, draft.pieces)
    assert not stands(database, ids[0])
    assert seal(database, 0) == 0
    assert all(stands(database, one) for one in ids)


def test_a_batch_that_another_took_over_is_given_up(database: Database) -> None:
    ids = add(database, 40)
    with database.reading() as session:
        slow = sealing.draw(session)
    assert seal(database, 0) == 40
    with pytest.raises(Conflict), database.writing() as session:
        sealing.keep(session, slow, slow.pieces[:2])
    with pytest.raises(Conflict), database.writing() as session:
        sealing.close(session, slow, START)
    assert all(stands(database, one) for one in ids)


def test_what_another_began_meanwhile_is_not_overlooked(database: Database) -> None:
    add(database, 40)
    with database.reading() as session:
        slow, quick = sealing.draw(session), sealing.draw(session)
    with database.writing() as session:
        sealing.keep(session, quick, quick.pieces[:2])
    with pytest.raises(Conflict), database.writing() as session:
        sealing.keep(session, slow, slow.pieces[:2])
    with pytest.raises(Conflict), database.writing() as session:
        sealing.keep(session, slow, ())
