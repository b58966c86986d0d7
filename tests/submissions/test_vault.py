"""Identities are sealed to their place, and one person is known within one consultation only."""

import hashlib
import uuid
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.crypto import Sealer, Unreadable, derive
from app.submissions import queries
from app.submissions.models import SubmitterIdentity
from app.submissions.submitter import Guardian, Identity, Organisation
from app.submissions.vault import Vault
from tests.support import journey
from tests.support.journey import World

COLUMNS = ("name", "id_number", "phone", "email")
HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
"""GB/T 32905-2016, appendix A.1."""


def vault(sealing: str = "old", index: bytes = b"i" * 32) -> Vault:
    return Vault(Sealer({"old": b"o" * 32, "new": b"n" * 32}, sealing), index, "sha256")


def sealed(who: Identity, by: str = "old") -> SubmitterIdentity:
    return vault(by).seal(who, HERE, ELSEWHERE)[0]


def identities(session: Session) -> list[SubmitterIdentity]:
    return list(session.scalars(select(SubmitterIdentity).order_by(SubmitterIdentity.submission_id)))


def test_what_was_sealed_opens_where_it_was_sealed() -> None:
    who = journey.identity(3)
    assert vault().open(sealed(who)) == who


@pytest.mark.parametrize("column", COLUMNS)
def test_a_value_moved_to_another_row_does_not_open(world: World, column: str) -> None:
    for person in (1, 2):
        journey.submit(world, person=person)
    with world.database.writing() as session:
        mine, anothers = identities(session)
        setattr(mine, column, getattr(anothers, column))
    with world.database.reading() as session:
        mine, anothers = identities(session)
        with pytest.raises(Unreadable):
            world.vault.open(mine)
        assert world.vault.open(anothers)


def test_a_whole_row_moved_to_another_submission_does_not_open(world: World) -> None:
    journey.submit(world, person=1)
    with world.database.reading() as session:
        (row,) = identities(session)
    row.submission_id = uuid.uuid4()
    with pytest.raises(Unreadable):
        world.vault.open(row)


def test_a_value_moved_to_another_column_does_not_open() -> None:
    row = sealed(journey.identity(1))
    row.name, row.email = row.email, row.name
    with pytest.raises(Unreadable):
        vault().open(row)


@pytest.mark.parametrize("place", [0, 1, 2, 8, -1], ids=["algorithm", "length", "key id", "nonce", "tag"])
def test_an_altered_value_does_not_open(place: int) -> None:
    row = sealed(journey.identity(1))
    altered = bytearray(row.phone)
    altered[place] ^= 1
    row.phone = bytes(altered)
    with pytest.raises(Unreadable):
        vault().open(row)


@pytest.mark.parametrize("length", [0, 1, 3, 10, 20])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    row = sealed(journey.identity(1))
    row.name = row.name[:length]
    with pytest.raises(Unreadable):
        vault().open(row)


def test_an_old_key_opens_what_it_sealed_after_a_new_one_seals() -> None:
    who = journey.identity(1)
    row = sealed(who, "old")
    assert vault("new").open(row) == who
    newer = sealed(who, "new")
    without_new = Vault(Sealer({"old": b"o" * 32}, "old"), b"i" * 32, "sha256")
    with pytest.raises(Unreadable):
        without_new.open(newer)


def test_the_same_identity_is_sealed_differently_each_time() -> None:
    first, second = (sealed(journey.identity(1)) for _ in range(2))
    assert all(getattr(first, column) != getattr(second, column) for column in COLUMNS)


def test_one_person_has_one_index_within_a_consultation_and_another_in_the_next() -> None:
    one, other = journey.id_number(1), journey.id_number(2)
    assert vault().person_index(HERE, one) == vault("new").person_index(HERE, one)
    assert len({vault().person_index(place, number) for place in (HERE, ELSEWHERE) for number in (one, other)}) == 4
    assert vault().person_index(HERE, one) != vault(index=b"j" * 32).person_index(HERE, one)


def test_the_index_can_be_made_with_sm3() -> None:
    assert hashlib.new("sm3", b"abc").hexdigest() == SM3_OF_ABC
    key, said = derive(b"i" * 32, "person-index"), ("id|v1", str(HERE), journey.id_number(1))
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in said)
    inner = _sm3(_padded(key, 0x36) + message)
    by_hand = _sm3(_padded(key, 0x5C) + inner)[:16]
    in_sm3 = Vault(Sealer({"old": b"o" * 32}, "old"), b"i" * 32, "sm3")
    assert in_sm3.person_index(HERE, journey.id_number(1)) == by_hand
    assert vault().person_index(HERE, journey.id_number(1)) != by_hand


def _padded(key: bytes, by: int) -> bytes:
    """RFC 2104, with SM3's block of 64 bytes."""
    return bytes(one ^ by for one in key.ljust(64, b"\0"))


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def test_one_persons_submissions_share_the_index_that_is_stored(world: World) -> None:
    receipts = [journey.submit(world, person=person) for person in (1, 1, 2)]
    with world.database.reading() as session:
        found = [queries.by_number(session, receipt.number) for receipt in receipts]
        ids = [one.id for one in found if one]
        indexes = [queries.sealed_identity(session, one).person_index for one in ids]  # type: ignore[union-attr]
        assert queries.distinct_persons(session, ids) == 2
        assert queries.distinct_persons(session, []) == 0
    assert indexes[0] == indexes[1] != indexes[2]


def test_an_identity_shows_nothing_in_a_log() -> None:
    assert repr(journey.identity(1)) == str(journey.identity(1)) == "Identity(…)"


def unnumbered(person: int) -> Identity:
    """One who was asked for a telephone number only."""
    return replace(journey.identity(person), id_number=None, email=None)


WITH_ORGANISATION = replace(
    unnumbered(4), email="office@example.com", organisation=Organisation("沈阳示例商会", "51210000500000001X")
)
WITH_GUARDIAN = replace(journey.identity(5), guardian=Guardian("测试家长", "parent", "13900009999"))


@pytest.mark.parametrize("who", [unnumbered(1), WITH_ORGANISATION, WITH_GUARDIAN])
def test_what_was_not_asked_stays_missing_and_the_rest_opens(world: World, who: Identity) -> None:
    journey.submit(world, who=who)
    with world.database.reading() as session:
        (row,) = identities(session)
        assert world.vault.open(row) == who
        assert world.vault.open_email(row) == who.email
        missing = {column for column, value in who.values().items() if value is None}
        assert {column for column in who.values() if getattr(row, column) is None} == missing


def test_whoever_gave_no_number_counts_once_for_each_submission(world: World) -> None:
    same = unnumbered(1)
    receipts = [journey.submit(world, who=who) for who in (same, same, journey.identity(2), journey.identity(2))]
    with world.database.reading() as session:
        found = [queries.by_number(session, receipt.number) for receipt in receipts]
        assert queries.distinct_persons(session, [one.id for one in found if one]) == 3


def test_an_organisation_is_known_by_its_code_and_never_taken_for_a_person(world: World) -> None:
    other_contact = replace(WITH_ORGANISATION, name="测试他人", phone="13900001111")
    as_number = replace(journey.identity(1), id_number="51210000500000001X")
    receipts = [journey.submit(world, who=who) for who in (WITH_ORGANISATION, other_contact, as_number)]
    with world.database.reading() as session:
        found = [queries.by_number(session, receipt.number) for receipt in receipts]
        assert queries.distinct_persons(session, [one.id for one in found if one]) == 2


def test_a_missing_name_is_unreadable() -> None:
    row = sealed(WITH_ORGANISATION)
    row.credit_code = None
    with pytest.raises(Unreadable):
        vault().open(row)
