"""Who gets in by password, and until when."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions, passwords, queries, sessions
from app.accounts.models import StaffRole, StaffSession, StaffUser
from app.accounts.passwords import LONGEST, SHORTEST, hash_password, new_password, password_fits
from app.accounts.sessions import ABSOLUTE, IDLE, SignedIn
from app.accounts.signing_in import NOBODY, Visit, find_account, sign_in
from app.audit import queries as audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import MATRIX, Role
from tests.support.dump import dump, values
from tests.support.journey import OPERATOR, PASSWORD, START, World
from tests.support.refusals import refused

MOMENT = timedelta(microseconds=1)
ANOTHER = "another password for tests"


def enter(world: World, password: str = PASSWORD, username: str = "screener") -> str | None:
    """The token of a new session, in the order of the sign-in page: the password is checked between two units."""
    with world.database.reading() as session:
        account = find_account(session, username)
    fits = password_fits(account.password_hash, password)
    with world.database.writing() as session:
        token = sign_in(session, START, account, fits, Visit("request-1"))
    assert token is None or isinstance(token, str)
    return token


def who(world: World, token: str, after: timedelta = timedelta(0)) -> SignedIn | None:
    with world.database.reading() as session:
        return sessions.find(session, token, START + after)


def user_id(world: World, username: str = "screener") -> uuid.UUID:
    with world.database.reading() as session:
        return session.scalars(select(StaffUser.id).where(StaffUser.username == username)).one()


def done_to(world: World, one: object) -> list[str]:
    with world.database.reading() as session:
        return [entry.action for entry in audit.of_record(session, "staff", one)]


def test_the_right_password_begins_a_session_with_the_rights_of_the_roles(world: World) -> None:
    token = enter(world)
    assert token is not None
    found = who(world, token)
    assert found is not None
    assert (found.username, found.roles) == ("screener", frozenset({Role.SCREENER}))
    actor = found.actor("request-2")
    assert (actor.id, actor.permissions) == (str(user_id(world)), MATRIX[Role.SCREENER])
    assert done_to(world, user_id(world)) == ["staff.signed_in"]
    assert token.encode() not in b"".join(value for _, value in values(dump(world.database)))


@pytest.mark.parametrize("password", ["", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]])
def test_a_wrong_password_opens_nothing_and_is_audited(world: World, password: str) -> None:
    assert enter(world, password) is None
    assert done_to(world, user_id(world)) == ["staff.sign_in_failed"]
    with world.database.reading() as session:
        assert session.scalars(select(StaffSession)).all() == []


def test_an_unknown_name_opens_nothing_and_is_checked_as_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    verify = passwords._hasher.verify

    class Noting:
        def verify(self, hashed: str, password: str) -> bool:
            checked.append(hashed)
            return verify(hashed, password)

    monkeypatch.setattr(passwords, "_hasher", Noting())
    assert enter(world, username="nobody") is None
    assert done_to(world, NOBODY) == ["staff.sign_in_failed"]
    assert "nobody" not in str(values(dump(world.database)))
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$")


def test_not_even_the_password_of_nobody_signs_nobody_in() -> None:
    assert not password_fits(None, PASSWORD)
    assert not password_fits("not a hash", PASSWORD)


def test_disabling_ends_all_sessions_and_shuts_the_account(world: World) -> None:
    tokens, others = [enter(world), enter(world)], enter(world, username="editor")
    one = user_id(world)
    with world.database.writing() as session:
        actions.disable_staff(session, world.staff.administrator, START, one)
    assert [who(world, token) for token in tokens if token] == [None, None]
    assert others is not None
    assert who(world, others) is not None
    assert enter(world) is None
    error = refused(world.database, lambda s: actions.disable_staff(s, world.staff.administrator, START, one))
    assert (type(error), error.code) == (Conflict, "disabled_already")


def test_a_reset_ends_all_sessions_and_opens_the_account_to_the_new_password_alone(world: World) -> None:
    token, one = enter(world), user_id(world)
    with world.database.writing() as session:
        actions.disable_staff(session, world.staff.administrator, START, one)
    with world.database.writing() as session:
        actions.reset_password(session, world.staff.administrator, START, one, ANOTHER)
    assert token is not None
    assert who(world, token) is None
    assert enter(world) is None
    assert enter(world, ANOTHER) is not None


@pytest.mark.parametrize("act", ["disable", "reset"])
def test_a_password_checked_just_before_it_was_ended_begins_no_session(world: World, act: str) -> None:
    one = user_id(world)
    with world.database.reading() as session:
        account = find_account(session, "screener")
    with world.database.writing() as session:
        if act == "disable":
            actions.disable_staff(session, world.staff.administrator, START, one)
        else:
            actions.reset_password(session, world.staff.administrator, START, one, ANOTHER)
    with world.database.writing() as session:
        assert sign_in(session, START, account, True, Visit()) is None
    with world.database.reading() as session:
        assert session.scalars(select(StaffSession)).all() == []


def test_a_session_ends_when_it_was_idle(world: World) -> None:
    token = enter(world)
    assert token is not None
    assert who(world, token, IDLE - MOMENT) is not None
    assert who(world, token, IDLE) is None
    with world.database.writing() as session:
        sessions.touch(session, token, START + IDLE - MOMENT)
    assert who(world, token, IDLE) is not None
    assert who(world, token, 2 * IDLE - MOMENT) is None


def test_a_session_ends_after_its_longest_time_however_busy_it_was(world: World) -> None:
    token = enter(world)
    assert token is not None
    with world.database.writing() as session:
        sessions.touch(session, token, START + ABSOLUTE - MOMENT)
    assert who(world, token, ABSOLUTE - MOMENT) is not None
    assert who(world, token, ABSOLUTE) is None


def test_an_ended_session_is_forgotten_and_a_live_one_kept(world: World) -> None:
    ended, _, live = (enter(world) or "" for _ in range(3))
    with world.database.writing() as session:
        sessions.end(session, ended)
        sessions.touch(session, live, START + MOMENT)
        sessions.forget_ended(session, START + IDLE)
    with world.database.reading() as session:
        assert len(session.scalars(select(StaffSession)).all()) == 1
    assert who(world, live, IDLE) is not None


def test_a_token_nobody_was_given_is_nobodys(world: World) -> None:
    enter(world)
    assert who(world, "") is None
    assert who(world, "x" * 43) is None


def test_each_session_has_a_form_word_of_its_own() -> None:
    words = {sessions.csrf_token(key, token) for key in (b"a" * 32, b"b" * 32) for token in ("one", "two")}
    assert len(words) == 4


def test_roles_are_read_anew_each_time(world: World) -> None:
    token = enter(world)
    assert token is not None
    with world.database.writing() as session:
        session.add(StaffRole(user_id=user_id(world), role=Role.APPROVER))
    found = who(world, token)
    assert found is not None
    assert found.roles == {Role.SCREENER, Role.APPROVER}


def add(world: World, username: str, password: str = ANOTHER) -> Callable[[Session], StaffUser]:
    roles = [Role.EDITOR, Role.SCREENER, Role.EDITOR]
    return lambda s: actions.add_staff(s, OPERATOR, START, username, "新人", roles, password)


def test_an_added_account_signs_in_with_its_roles(world: World) -> None:
    with world.database.writing() as session:
        added = add(world, "new")(session)
    token = enter(world, ANOTHER, "new")
    assert token is not None
    found = who(world, token)
    assert found is not None
    assert found.roles == {Role.EDITOR, Role.SCREENER}
    with world.database.reading() as session:
        (person,) = [person for person in queries.people(session) if person.username == "new"]
        assert queries.names_of(session, [str(added.id), "operator", str(uuid.UUID(int=1))]) == {str(added.id): "新人"}
    assert (set(person.roles), person.disabled_at) == ({Role.EDITOR, Role.SCREENER}, None)


def test_a_name_is_given_once(world: World) -> None:
    error = refused(world.database, add(world, "screener"))
    assert (type(error), error.code) == (Conflict, "username_taken")


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1])
def test_a_password_has_a_shortest_and_a_longest_length(world: World, length: int) -> None:
    one = user_id(world)
    acts: list[Callable[[Session], object]] = [
        add(world, "new", "密" * length),
        lambda s: actions.reset_password(s, world.staff.administrator, START, one, "密" * length),
    ]
    for act in acts:
        error = refused(world.database, act)
        assert (type(error), error.code) == (Unprocessable, "password_length")
        assert error.details == {"shortest": SHORTEST, "longest": LONGEST}


@pytest.mark.parametrize("length", [SHORTEST, LONGEST])
def test_a_password_of_either_length_fits(length: int) -> None:
    assert password_fits(hash_password("密" * length), "密" * length)


def test_what_follows_the_longest_password_does_not_make_it_fit() -> None:
    hashed = hash_password("密" * LONGEST)
    assert not password_fits(hashed, "密" * LONGEST + "码")


def test_a_made_password_is_long_enough_and_never_the_same() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(SHORTEST <= len(password) <= LONGEST for password in made)


@pytest.mark.parametrize("act", [actions.disable_staff, lambda *given: actions.reset_password(*given, ANOTHER)])
def test_an_account_that_is_not_there_is_not_found(world: World, act: Callable[..., None]) -> None:
    error = refused(world.database, lambda s: act(s, world.staff.administrator, START, uuid.uuid4()))
    assert (type(error), error.code) == (NotFound, "no_such_staff")
