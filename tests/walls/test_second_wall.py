"""The second wall on PostgreSQL: a department's transaction meets its own rows alone, whatever a query says."""

import pytest
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.assignments.models import Assignment
from app.dispositions.kinds import DispositionKind
from app.kit.database import Database
from app.offices.models import AnswerTemplate
from app.screening.models import Suggestion
from app.tables import metadata
from app.walls import standing
from app.walls.belongings import BELONGINGS
from app.walls.confining import NOBODY, confined, reach
from app.walls.policies import functions, statements
from tests.support import journey
from tests.support.journey import START, World
from tests.walls.filling import DEPARTMENTS, filled

pytestmark = pytest.mark.postgres
FIRST, SECOND = DEPARTMENTS
POLICIES = text(
    """SELECT c.relname, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
    p.polname, p.polcmd, p.polpermissive, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid ORDER BY c.relname"""
)

FUNCTIONS = text("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'wall%' ORDER BY proname")


@pytest.fixture
def world(postgres_world: World) -> World:
    return postgres_world


@pytest.fixture
def scene(world: World) -> Database:
    filled(world)
    return world.database


def numbers(database: Database) -> dict[str, int]:
    """How many rows a query without any condition finds."""
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(metadata.tables[name])) or 0 for name in BELONGINGS
        }


def test_a_query_without_a_condition_finds_the_departments_own_rows_alone(scene: Database) -> None:
    every = numbers(scene)
    found = {}
    for department in DEPARTMENTS:
        with confined(department, f"program of {department}"):
            found[department] = numbers(scene)
    assert min(found[FIRST].values()) > 0
    assert {name: found[FIRST][name] + found[SECOND][name] for name in BELONGINGS} == every
    with confined(None, "program of nobody"):
        assert set(numbers(scene).values()) == {0}
    assert numbers(scene) == every


def test_a_change_without_a_condition_changes_the_departments_own_rows_alone(scene: Database) -> None:
    with confined(SECOND, f"program of {SECOND}"):
        own = numbers(scene)
        with scene.trying() as session:
            for name in BELONGINGS:
                table = metadata.tables[name]
                column = next(iter(table.primary_key.columns))
                changed = session.execute(update(table).values({column.name: column}))
                assert (name, changed.rowcount) == (name, own[name])  # type: ignore[attr-defined]


def test_what_is_another_departments_can_not_be_added(scene: Database) -> None:
    def template(department: str) -> AnswerTemplate:
        return AnswerTemplate(
            department_id=department,
            name="模板",
            kind=DispositionKind.NOTED,
            reason="理由",
            citizen_words="",
            written_by="x",
            written_at=START,
        )

    with confined(FIRST, ""):
        with scene.writing() as session:
            session.add(template(FIRST))
        with pytest.raises(ProgrammingError, match="row-level security"), scene.writing() as session:
            session.add(template(SECOND))


def test_nothing_of_it_outlasts_the_transaction(scene: Database) -> None:
    """The pool hands the same connection to the next one, as a pooler in transaction mode does."""
    with confined(FIRST, ""), scene.reading() as session:
        server = session.scalar(text("SELECT pg_backend_pid()"))
        assert session.scalar(text("SELECT current_setting('yanlu.department')")) == FIRST
    with scene.reading() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) == server
        assert not session.scalar(text("SELECT current_setting('yanlu.department', true)"))
        assert session.scalar(select(func.count()).select_from(Assignment)) == len(DEPARTMENTS)


def test_others_that_have_the_same_suggestion_are_reached_by_name_and_for_one_transaction(world: World) -> None:
    together, theirs = (journey.approved_suggestion(world, people=(person,)) for person in (5, 6))
    journey.assigned(world, together, lead=FIRST, cooperating=[SECOND])
    journey.assigned(world, theirs, lead=SECOND)

    def seen(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Assignment)) or 0

    with confined(FIRST, ""), world.database.reading() as session:
        assert seen(session) == 1
        reach(session, [theirs])
        assert seen(session) == 1
        assert len(assignments.of_suggestions(session, [together, theirs])[together]) == 2
        assert assignments.of_suggestions(session, [theirs])[theirs] == []
        assert seen(session) == 2
    with confined(FIRST, ""), world.database.reading() as session:
        assert seen(session) == 1
    with confined(NOBODY, ""), world.database.reading() as session:
        reach(session, list(session.scalars(select(Suggestion.id))))
        assert seen(session) == 0


def test_the_migrations_left_the_policies_that_the_list_asks_for(world: World) -> None:
    with world.database.trying() as session:
        connection = session.connection()
        left = [tuple(row) for row in connection.execute(POLICIES)]
        asked = connection.scalars(FUNCTIONS).all()
        for name in [str(row[0]) for row in left]:
            connection.execute(text(f"DROP POLICY own_rows ON {name}"))
            connection.execute(text(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"))
        for statement in (*functions(), *(one for name in BELONGINGS for one in statements(name))):
            connection.execute(text(statement))
        assert [tuple(row) for row in connection.execute(POLICIES)] == left
        assert connection.scalars(FUNCTIONS).all() == asked


def test_it_is_told_where_the_wall_has_a_hole(world: World) -> None:
    def told(connection: Connection) -> tuple[bool, list[str]]:
        return standing.is_walked_past(connection), standing.open_tables(connection)

    with world.database.trying() as session:
        connection = session.connection()
        assert told(connection) == (False, [])
        connection.execute(text("ALTER TABLE answers NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text("ALTER TABLE events DISABLE ROW LEVEL SECURITY"))
        assert told(connection) == (False, ["answers", "events"])
