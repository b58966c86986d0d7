"""Keys change while people write: everything moves to the newest, and the old one is needed no more."""

import uuid
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import LargeBinary, delete, select

from app.accounts.factors import AUTHENTICATOR
from app.cli.rekeying import Rekeying
from app.cli.sealed_places import COLUMNS
from app.kit.blobs import DiskBlobs
from app.kit.ciphers import Suite
from app.kit.crypto import Sealer, Unreadable
from app.mail.keeping import MailKeeper, Summary
from app.mail.lifecycle import MailSource, MailState
from app.mail.models import Mail
from app.submissions.intake import DirectIntake
from app.submissions.models import SubmissionKey, SubmitterIdentity
from app.submissions.rekeying import DIRECT, KEYS, SEALED
from app.submissions.vault import TABLE, Vault
from app.tables import metadata
from tests.support import journey
from tests.support.journey import START, World

INDEX = b"i" * 32
TEST = {"test": b"s" * 32}
BOTH = TEST | {"new": b"n" * 32}
OLD, NEW, ALONE = Sealer(TEST, "test"), Sealer(BOTH, "new"), Sealer({"new": b"n" * 32}, "new")
NOT_SEALED = {
    "audit_seals.seal": "a hash",
    "audit_segments.before": "a hash",
    "audit_segments.seal": "a hash",
    "log_batches.tops": "hashes",
    "log_chunks.leaves": "hashes",
    "log_entries.commitment": "a hash",
    "log_entries.salt": "random",
    "log_nodes.hash": "a hash",
    "sign_in_failures.key": "a keyed hash",
    "staff_passkeys.credential_id": "what a passkey shows of itself",
    "staff_passkeys.public_key": "public",
    "staff_recovery_codes.code_hash": "a hash",
    "staff_sessions.token_hash": "a hash",
    "api_keys.secret_hash": "a hash",
    "late_codes.code_hash": "a keyed hash",
    "submissions.access_code_hash": "a keyed hash",
    "submitter_identities.person_index": "a keyed hash",
    "campaign_members.person_index": "a keyed hash",
    "theme_groups.centre": "numbers",
    "submission_themes.vector": "numbers",
}


def rekeying(world: World, sealer: Sealer, folder: Path) -> Rekeying:
    return Rekeying(world.database, sealer, Vault(sealer, INDEX, "sha256"), DiskBlobs(folder))


def sealing_by(world: World, sealer: Sealer) -> World:
    return replace(world, intake=DirectIntake(world.database, Vault(sealer, INDEX, "sha256"), world.receipts))


def opened(world: World, sealer: Sealer) -> int:
    vault = Vault(sealer, INDEX, "sha256")
    with world.database.reading() as session:
        return len([vault.open(row) for row in session.scalars(select(SubmitterIdentity))])


def seal_directly(world: World) -> None:
    """As it was before there were data keys."""
    with world.database.writing() as session:
        for row in session.scalars(select(SubmitterIdentity)):
            said = {column: value for column, value in world.vault.open(row).values().items() if value is not None}
            for column, value in said.items():
                setattr(row, column, OLD.seal(value, TABLE, column, str(row.submission_id)))
        session.flush()
        session.execute(delete(SubmissionKey))


def test_every_column_of_bytes_is_known_to_rotation_or_is_no_sealed_one() -> None:
    bytes_of = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    moved = {f"{place.table}.{column}" for place in COLUMNS for column in place.columns}
    moved |= {f"{TABLE}.{column}" for column in SEALED} | {f"{KEYS}.wrapped"}
    assert bytes_of == moved | set(NOT_SEALED)
    assert ".".join(AUTHENTICATOR) in moved


def test_after_a_rotation_under_load_nothing_needs_the_old_key(world: World, tmp_path: Path) -> None:
    for person in range(3):
        journey.submit(world, person=person)
    seal_directly(world)
    for person in range(3, 6):
        journey.submit(world, person=person)
    world = sealing_by(world, NEW)
    begun, ended = Event(), Event()

    def write() -> None:
        person = 6
        while not ended.is_set() or person < 8:
            journey.submit(world, person=person)
            person += 1
            begun.set()

    writer = Thread(target=write)
    writer.start()
    assert begun.wait(60)
    moved = rekeying(world, NEW, tmp_path).rotate()
    ended.set()
    writer.join()
    assert moved[KEYS, "test"] == 3
    assert moved[DIRECT, "test"] == 12
    assert {key_id for _, key_id in rekeying(world, NEW, tmp_path).used()} == {"new"}
    assert rekeying(world, NEW, tmp_path).rotate().total() == 0
    assert opened(world, ALONE) >= 8


def test_without_a_rotation_the_old_key_is_needed(world: World, tmp_path: Path) -> None:
    journey.submit(world, person=1)
    assert rekeying(world, NEW, tmp_path).used()[KEYS, "test"] == 1
    with pytest.raises(Unreadable):
        opened(world, ALONE)


def test_mails_beside_the_store_and_columns_in_it_move_too(sqlite_world: World, tmp_path: Path) -> None:
    world, blobs, id = sqlite_world, DiskBlobs(tmp_path), uuid.uuid4()
    old, alone = MailKeeper(OLD, INDEX, blobs), MailKeeper(ALONE, INDEX, blobs)
    mails = metadata.tables["mails"]
    key = old.put(b"a whole mail", id)
    with world.database.writing() as session:
        session.add(
            Mail(
                id=id,
                source=MailSource.FILE,
                state=MailState.WAITING,
                kept_at=START,
                size=12,
                content_hash="c",
                summary=old.seal(Summary("said"), id),
                blob_key=key,
                place=0,
                revision=1,
            )
        )
    moved = rekeying(world, NEW, tmp_path).rotate()
    assert (moved["mails", "test"], moved["contents of mails", "test"]) == (1, 1)
    with world.database.reading() as session:
        row = session.execute(select(mails.c.summary, mails.c.blob_key)).one()
    assert alone.get(row.blob_key, id) == b"a whole mail"
    assert ALONE.open(row.summary, "mails", "summary", str(id))
    assert not blobs.has(key)


def test_an_erased_identity_gets_no_key_back(sqlite_world: World, tmp_path: Path) -> None:
    world = sqlite_world
    journey.submit(world, person=1)
    with world.database.writing() as session:
        world.vault.erase(session, session.scalars(select(SubmitterIdentity)).one())
    assert rekeying(world, NEW, tmp_path).rotate().total() == 0
    with world.database.reading() as session:
        assert session.scalars(select(SubmissionKey)).all() == []


def test_both_suites_stand_side_by_side_in_one_store(sqlite_world: World, tmp_path: Path) -> None:
    world, sm = sqlite_world, Sealer(BOTH, "new", Suite.SM)
    journey.submit(world, person=1)
    journey.submit(sealing_by(world, sm), person=2)
    assert opened(world, NEW) == opened(world, sm) == 2
    rekeying(world, sm, tmp_path).rotate()
    assert opened(world, Sealer({"new": b"n" * 32}, "new", Suite.SM)) == opened(world, ALONE) == 2
    with world.database.reading() as session:
        assert {key.wrapped[:1] for key in session.scalars(select(SubmissionKey))} == {b"\x02"}
