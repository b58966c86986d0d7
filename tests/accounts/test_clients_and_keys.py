"""Keys of departments' programs: shown once, kept as hashes, rotated with an overlap, stopped at once."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.actions import OVERLAP
from app.accounts.keys import FORM, new_key, secret_fits, split
from app.accounts.models import ApiClient, ApiKey
from app.accounts.signing_in import client_of_key
from app.kit.errors import Conflict, NotFound, Unauthenticated
from app.permissions import Actor, ActorKind, of_scopes
from tests.support import journey
from tests.support.counting import statements
from tests.support.dump import dump, values
from tests.support.journey import DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

MOMENT = timedelta(microseconds=1)


def add(world: World, name: str = "program", scopes: tuple[str, ...] = ("assignments:read",)) -> tuple[uuid.UUID, str]:
    """Id of the client and the text of its key."""
    with world.database.writing() as session:
        key = actions.add_client(session, world.staff.administrator, START, DRAFTING, name, scopes)
        client = queries.client_named(session, name)
        assert client is not None
        return client.id, key.text


def rotate(world: World, client_id: uuid.UUID, at: timedelta = timedelta(0)) -> str:
    with world.database.writing() as session:
        return actions.rotate_key(session, world.staff.administrator, START + at, client_id).text


def opens(world: World, key: str, after: timedelta = timedelta(0)) -> Actor | None:
    with world.database.reading() as session:
        try:
            return client_of_key(session, key, START + after, "request-1")
        except Unauthenticated:
            return None


def test_a_key_opens_as_its_client_with_its_department_and_scopes(world: World) -> None:
    client_id, key = add(world)
    assert opens(world, key) == Actor(
        ActorKind.CLIENT, str(client_id), of_scopes(["assignments:read"]), DRAFTING, "request-1"
    )


def test_a_key_is_kept_as_a_hash_only(world: World) -> None:
    _, key = add(world)
    secret = key.rsplit("_", 1)[-1] if key.count("_") == 2 else key.split("_", 2)[2]
    assert secret.encode() not in b"\n".join(value for _, value in values(dump(world.database)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: "",
        lambda key: key[:-1],
        lambda key: key + "A",
        lambda key: key.upper(),
        lambda key: f" {key}",
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: f"yl_{'0' * 12}_{key[16:]}",
        lambda key: key.replace("yl_", "yl-", 1),
    ],
    ids=["empty", "short", "long", "capitals", "space", "other secret", "other id", "other form"],
)
def test_a_wrong_key_opens_nothing(world: World, spoil: Callable[[str], str]) -> None:
    _, key = add(world)
    assert opens(world, spoil(key)) is None


def test_the_secret_of_another_key_opens_nothing(world: World) -> None:
    (_, mine), (_, anothers) = add(world, "one"), add(world, "other")
    assert opens(world, mine[:16] + anothers[16:]) is None


def test_a_rotated_key_goes_on_until_the_overlap_ends(world: World) -> None:
    client_id, old = add(world, scopes=("assignments:read", "assignments:write"))
    new = rotate(world, client_id)
    before, after = opens(world, old, OVERLAP - MOMENT), opens(world, new, OVERLAP)
    assert before is not None
    assert before == after
    assert opens(world, old, OVERLAP) is None


def test_a_second_rotation_does_not_prolong_the_first_key(world: World) -> None:
    client_id, first = add(world)
    second = rotate(world, client_id)
    third = rotate(world, client_id, timedelta(days=3))
    assert opens(world, first, OVERLAP - MOMENT) is not None
    assert opens(world, first, OVERLAP) is None
    assert opens(world, second, OVERLAP + timedelta(days=3) - MOMENT) is not None
    assert opens(world, second, OVERLAP + timedelta(days=3)) is None
    assert opens(world, third, timedelta(days=3650)) is not None


def test_a_key_that_was_given_an_end_keeps_the_earlier_one(world: World) -> None:
    client_id, key = add(world)
    with world.database.writing() as session:
        session.get_one(ApiKey, key[3:15]).expires_at = START + timedelta(hours=1)
    rotate(world, client_id)
    assert opens(world, key, timedelta(hours=1) - MOMENT) is not None
    assert opens(world, key, timedelta(hours=1)) is None


def test_revoking_stops_every_key_of_the_client_at_once_and_no_other(world: World) -> None:
    client_id, old = add(world)
    _, another = add(world, "another")
    new = rotate(world, client_id)
    with world.database.writing() as session:
        actions.revoke_client(session, world.staff.administrator, START, client_id)
    assert (opens(world, old), opens(world, new)) == (None, None)
    assert opens(world, another) is not None
    for act in (actions.revoke_client, actions.rotate_key):
        error = refused(world.database, lambda s, act=act: act(s, world.staff.administrator, START, client_id))
        assert (type(error), error.code) == (Conflict, "client_revoked")


def test_a_key_made_at_the_moment_of_revoking_opens_nothing(world: World) -> None:
    client_id, _ = add(world)
    made: list[str] = []
    administrator = world.staff.administrator
    revoking, rotating = written_at_once(
        world.database,
        [
            lambda s: actions.revoke_client(s, administrator, START, client_id),
            lambda s: made.append(actions.rotate_key(s, administrator, START, client_id).text),
        ],
    )
    assert revoking is None
    assert rotating is None or isinstance(rotating, Conflict)
    with world.database.reading() as session:
        assert session.get_one(ApiClient, client_id).revoked_at == START
    assert [opens(world, key) for key in made] == [None] * len(made)


def test_the_list_names_the_keys_that_open(world: World) -> None:
    client_id, old = add(world)
    new = rotate(world, client_id)

    def listed(after: timedelta) -> tuple[str, ...]:
        with world.database.reading() as session:
            (client,) = queries.clients(session, START + after)
        return tuple(key.id for key in client.keys)

    assert set(listed(timedelta(0))) == {old[3:15], new[3:15]}
    assert listed(OVERLAP) == (new[3:15],)
    with world.database.writing() as session:
        actions.revoke_client(session, world.staff.administrator, START, client_id)
    assert listed(timedelta(0)) == ()


def test_a_client_has_a_known_department_and_a_name_of_its_own(world: World) -> None:
    add(world)
    administrator = world.staff.administrator

    def adding(department: str, name: str) -> Callable[[Session], object]:
        return lambda s: actions.add_client(s, administrator, START, department, name, ["assignments:read"])

    error = refused(world.database, adding(DRAFTING, "program"))
    assert (type(error), error.code) == (Conflict, "client_name_taken")
    error = refused(world.database, adding("no-such-department", "new"))
    assert (type(error), error.code) == (NotFound, "no_such_department")


@pytest.mark.parametrize("act", [actions.rotate_key, actions.revoke_client])
def test_a_client_that_is_not_there_is_not_found(world: World, act: Callable[..., object]) -> None:
    error = refused(world.database, lambda s: act(s, world.staff.administrator, START, uuid.uuid4()))
    assert (type(error), error.code) == (NotFound, "no_such_client")


def test_every_key_has_the_form_that_scanners_can_look_for() -> None:
    for _ in range(50):
        key = new_key()
        parts = split(key.text)
        assert FORM.fullmatch(key.text)
        assert parts is not None
        assert parts[0] == key.id
        assert secret_fits(key.secret_hash, parts[1])
        assert not secret_fits(key.secret_hash, parts[1][::-1])


def test_lists_cost_as_many_queries_for_three_as_for_one(world: World) -> None:
    counted = []
    for more in (1, 2):
        for _ in range(more):
            journey.api_key(world)
        with world.database.reading() as session, statements(world.database) as sent:
            queries.clients(session, START)
            queries.people(session)
        counted.append(len(sent))
    assert counted == [5, 5]
