"""A store knows the key and hash by which its people are counted, and goes on under others only when told to."""

from sqlalchemy import delete, select

from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.schema_marks import SchemaMark
from app.submissions import index_mark
from app.submissions.vault import Vault
from tests.support import journey
from tests.support.journey import World
from tests.support.racing import at_once

SEALER = Sealer({"test": b"s" * 32}, "test")
OWN, OTHER_KEY = Vault(SEALER, b"i" * 32, "sha256"), Vault(SEALER, b"j" * 32, "sha256")
OTHER_HASH = Vault(SEALER, b"i" * 32, "sm3")


def mark(database: Database) -> str | None:
    with database.reading() as session:
        return session.scalar(select(SchemaMark.value).where(SchemaMark.name == index_mark.NAME))


def fits(database: Database, vault: Vault) -> bool:
    with database.reading() as session:
        return index_mark.fits(session, vault)


def test_until_somebody_has_written_the_mark_follows_the_settings(world: World) -> None:
    assert mark(world.database) is None
    for vault in (OWN, OTHER_KEY, OTHER_HASH, OWN):
        assert index_mark.settle(world.database, vault)
        assert mark(world.database) == vault.index_mark()
    assert len({vault.index_mark() for vault in (OWN, OTHER_KEY, OTHER_HASH)}) == 3


def test_processes_that_begin_at_once_agree(world: World) -> None:
    assert at_once([lambda: index_mark.settle(world.database, OWN)] * 3) == [True] * 3
    assert mark(world.database) == OWN.index_mark()


def test_once_somebody_has_written_another_key_or_hash_is_refused(world: World) -> None:
    assert index_mark.settle(world.database, OWN)
    journey.submit(world)
    for vault in (OTHER_KEY, OTHER_HASH):
        assert not fits(world.database, vault)
        assert not index_mark.settle(world.database, vault)
    assert mark(world.database) == OWN.index_mark()
    assert index_mark.settle(world.database, OWN)


def test_a_store_from_before_there_were_marks_takes_the_present_one(world: World) -> None:
    journey.submit(world)
    with world.database.writing() as session:
        session.execute(delete(SchemaMark).where(SchemaMark.name == index_mark.NAME))
    assert index_mark.settle(world.database, OWN)
    assert not index_mark.settle(world.database, OTHER_KEY)


def test_a_store_goes_on_under_another_key_when_it_is_told_to(world: World) -> None:
    assert index_mark.settle(world.database, OWN)
    journey.submit(world)
    for changed in (True, False):
        with world.database.writing() as session:
            assert index_mark.renew(session, OTHER_KEY) is changed
    assert index_mark.settle(world.database, OTHER_KEY)
    assert not index_mark.settle(world.database, OWN)
