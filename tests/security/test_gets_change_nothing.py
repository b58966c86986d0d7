"""Walking over every page with records that are there, as each role and as nobody: the store stays as it was."""

import pytest

from app.permissions import Role
from tests.security import walking
from tests.support import journey
from tests.support.app import serving, signed_in
from tests.support.dump import Dump, dump
from tests.support.journey import StoppedClock, World

BY_DESIGN = {
    "leases": "who holds a case, so that two don't decide it at once (docs/decisions/0016)",
    "audit_entries": "that something was taken out, and that somebody was refused",
    "audit_unsealed": "waits for the audit log's seal",
    "staff_sessions": "a sign-in makes one",
}
"""Tables that a GET may write into, and why; no other."""


def _rest(kept: Dump) -> Dump:
    return {table: rows for table, rows in kept.items() if table not in BY_DESIGN}


@pytest.fixture
def world(sqlite_world: World) -> World:
    journey.assignment(sqlite_world, clause=sqlite_world.clauses[2])
    return sqlite_world


READERS = (None, Role.LEAD, Role.MANAGER, Role.AUDITOR, Role.OFFICER)


@pytest.mark.parametrize("role", READERS)
def test_no_page_changes_the_store(world: World, role: Role | None) -> None:
    with serving(world.database, StoppedClock()) as browser:
        if role is not None:
            signed_in(browser, role)
        before = dump(world.database)
        statuses = [browser.get(address).status_code for address in walking.addresses(world.database)]
        after = dump(world.database)
    assert len(statuses) > 100
    assert max(statuses) < 500
    assert statuses.count(200) >= 8, "something was really shown"
    assert _rest(after) == _rest(before)
