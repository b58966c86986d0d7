"""The shipped PgBouncer configuration, in a real PgBouncer: nothing of the service needs a session.

Every transaction gets another server connection here, which transaction mode may do at any time. `YANLU_TEST_POOLER=1`
sends every other test on PostgreSQL the same way.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, make_url, select, text

from app.assignments.models import Assignment
from app.audit import sealing as audit_sealing
from app.audit import verifying
from app.kit.database import Database
from app.transparency import sealing as log_sealing
from app.walls.confining import confined
from tests.support import pooler, postgres
from tests.support.journey import START, World
from tests.walls.filling import DEPARTMENTS, filled

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(pooler.PROGRAM is None, reason="no PgBouncer: apt-get install pgbouncer"),
]
BACKEND = text("SELECT pg_backend_pid()")


@pytest.fixture
def through(postgres_world: World, postgres_databases: postgres.Databases) -> Iterator[Database]:
    """A filled world's store, reached through the pooler."""
    filled(postgres_world)
    direct = make_url(postgres_world.database.engine.url.render_as_string(hide_password=False))
    postgres_databases.alter(pooler.role_settings(str(direct.username)))
    with pooler.pooled(direct) as port:
        url = direct.set(host="127.0.0.1", port=port, query={})
        database = Database(url.render_as_string(hide_password=False))
        yield database
        database.close()


def test_each_transaction_has_a_server_of_its_own_with_the_limits_of_the_role(through: Database) -> None:
    servers = set()
    for _ in range(3):
        with through.reading() as session:
            servers.add(session.scalar(BACKEND))
            assert session.scalar(text("SHOW timezone")) == "UTC"
            assert session.scalar(text("SHOW statement_timeout")) == "5s"
            assert session.scalar(text("SHOW lock_timeout")) == "2s"
            assert session.scalar(text("SHOW synchronous_commit")) == "on"
            assert session.scalar(text("SHOW transaction_read_only")) == "on"
            assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    assert len(servers) == 3


def test_departments_stay_apart_and_nothing_of_it_outlasts_the_transaction(through: Database) -> None:
    def seen() -> int:
        with through.reading() as session:
            return session.scalar(select(func.count()).select_from(Assignment)) or 0

    assert seen() == len(DEPARTMENTS)
    for department in DEPARTMENTS:
        with confined(department, f"program of {department}"):
            assert seen() == 1
    assert seen() == len(DEPARTMENTS)


def test_of_two_sealers_one_goes_on_and_the_chain_holds(through: Database) -> None:
    together = Barrier(2)

    def seal() -> int:
        with through.writing() as session:
            together.wait()
            return audit_sealing.seal(session, START)

    with ThreadPoolExecutor(2) as pool:
        done = [sealer.result() for sealer in (pool.submit(seal), pool.submit(seal))]
    with through.writing() as session:
        done.append(audit_sealing.seal(session, START))
        log_sealing.seal(session, START)
    with through.reading() as session:
        assert verifying.verify(session).fault is None
    assert sum(done) > 0


def test_a_statement_may_be_repeated_as_often_as_it_likes(through: Database) -> None:
    """A driver that prepared it by name after some repetitions would find no such statement at the next server."""
    for number in range(12):
        with through.reading() as session:
            assert session.scalar(text("SELECT :number + 1"), {"number": number}) == number + 1
