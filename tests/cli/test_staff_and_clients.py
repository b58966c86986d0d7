"""Accounts and keys made at the command line open what they should, and stop when they should."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.accounts import passwords, signing_in
from app.config import Settings
from app.kit.database import Database
from app.kit.errors import Unauthenticated
from app.permissions import Permission
from tests.cli.conftest import Yanlu

NOW = datetime.now(UTC)


@pytest.fixture
def database(yanlu: Yanlu) -> Iterator[Database]:
    yanlu("migrate")
    yanlu("departments", "seed")
    opened = Database(Settings().database_url)
    yield opened
    opened.close()


def signs_in(database: Database, username: str, password: str) -> bool:
    with database.reading() as session:
        return passwords.password_fits(signing_in.find_account(session, username).password_hash, password)


def opens(database: Database, key: str) -> frozenset[Permission] | None:
    with database.reading() as session:
        try:
            return signing_in.client_of_key(session, key, NOW, None).permissions
        except Unauthenticated:
            return None


def test_an_account_signs_in_with_the_password_that_was_printed(yanlu: Yanlu, database: Database) -> None:
    added = yanlu("staff", "add", "li", "--role", "screener", "--role", "editor", "--name", "李甲")
    username, password = added.out.strip().split("\t")
    assert username == "li"
    assert signs_in(database, "li", password)
    listed = json.loads(yanlu("staff", "list", "--json").out)
    (person,) = listed["staff"]
    assert person["name"] == "李甲"
    assert sorted(person["roles"]) == ["editor", "screener"]


def test_a_name_is_given_once(yanlu: Yanlu, database: Database) -> None:
    yanlu("staff", "add", "li", "--role", "screener")
    again = yanlu("staff", "add", "li", "--role", "editor")
    assert (again.code, again.out) == (1, "")
    assert "called li already" in again.err


def test_a_disabled_account_does_not_sign_in_until_it_is_reset(yanlu: Yanlu, database: Database) -> None:
    password = yanlu("staff", "add", "li", "--role", "screener").out.split()[1]
    assert yanlu("staff", "disable", "li").code == 0
    assert not signs_in(database, "li", password)
    assert "disabled already" in yanlu("staff", "disable", "li").err
    renewed = yanlu("staff", "reset", "li").out.split()[1]
    assert signs_in(database, "li", renewed)
    assert not signs_in(database, "li", password)


def test_a_pipe_gets_lines_split_by_tabs(yanlu: Yanlu, database: Database) -> None:
    assert yanlu("staff", "list").out == ""
    yanlu("staff", "add", "li", "--role", "screener")
    assert yanlu("staff", "list").out.splitlines() == ["user name\tname\troles\tdisabled", "li\tli\tscreener\t"]


def test_a_client_may_be_named_by_any_written_form_of_its_department(yanlu: Yanlu, database: Database) -> None:
    for number, name in enumerate(["civil-affairs", "辽宁省民政厅", "省民政厅"]):
        key = yanlu("clients", "add", f"client {number}", "--department", name).out.strip()
        with database.reading() as session:
            assert signing_in.client_of_key(session, key, NOW, None).department_id == "civil-affairs"


def test_a_read_only_key_reads(yanlu: Yanlu, database: Database) -> None:
    reads = yanlu("clients", "add", "r", "--department", "civil-affairs", "--read-only").out.strip()
    writes = yanlu("clients", "add", "w", "--department", "civil-affairs").out.strip()
    looking = {Permission.USE_OWN_KEY, Permission.READ_OWN_ASSIGNMENTS, Permission.READ_OWN_EVENTS}
    assert opens(database, reads) == looking
    assert opens(database, writes) > looking | {Permission.ANSWER_OWN_ASSIGNMENTS}
    assert Permission.ENTER_BY_CLIENT not in opens(database, writes)


def test_a_trusted_channels_client_sends_comments_in_and_does_nothing_else(yanlu: Yanlu, database: Database) -> None:
    key = yanlu("clients", "add", "h", "--channel", "hotline").out.strip()
    assert opens(database, key) == {Permission.USE_OWN_KEY, Permission.ENTER_BY_CLIENT}
    assert yanlu("clients", "add", "n").code != 0


def test_a_further_key_may_be_less_and_end_earlier_and_stops_alone(yanlu: Yanlu, database: Database) -> None:
    first = yanlu("clients", "add", "c", "--department", "civil-affairs").out.strip()
    further = yanlu("clients", "add-key", "c", "--scope", "assignments:read", "--test").out.strip()
    assert further.startswith("yl_test_")
    yanlu("clients", "revoke-key", "c", further.split("_")[2])
    assert opens(database, first)
    assert not opens(database, further)


def test_a_rotated_key_goes_on_for_a_while_and_a_revoked_client_stops_at_once(yanlu: Yanlu, database: Database) -> None:
    first = yanlu("clients", "add", "c", "--department", "civil-affairs").out.strip()
    second = yanlu("clients", "rotate", "c").out.strip()
    assert opens(database, first)
    assert opens(database, second)
    (client,) = json.loads(yanlu("clients", "list", "--json").out)["clients"]
    assert len(client["keys"]) == 2
    assert client["department"] == "辽宁省民政厅"
    assert yanlu("clients", "revoke", "c").code == 0
    assert opens(database, first) is None
    assert opens(database, second) is None
    assert "revoked" in yanlu("clients", "rotate", "c").err


def test_keys_and_passwords_are_not_in_the_lists(yanlu: Yanlu, database: Database) -> None:
    key = yanlu("clients", "add", "c", "--department", "civil-affairs").out.strip()
    password = yanlu("staff", "add", "li", "--role", "screener").out.split()[1]
    printed = yanlu("clients", "list", "--json").out + yanlu("staff", "list", "--json").out
    assert key not in printed
    assert password not in printed


def test_seeding_twice_adds_nothing(yanlu: Yanlu, database: Database) -> None:
    assert yanlu("departments", "seed").out == "0 departments added\n"
    listed = json.loads(yanlu("departments", "list", "--json").out)["departments"]
    assert {"id": "civil-affairs", "name": "辽宁省民政厅"}.items() <= next(
        item for item in listed if item["id"] == "civil-affairs"
    ).items()
