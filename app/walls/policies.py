"""The policies of the second wall, in PostgreSQL's words (CREATE POLICY). Pure.

Migrations keep copies of their own, because they never change; a test compares what they left with what is here.
"""

from collections.abc import Iterator

from app.walls.belongings import BELONGINGS, Belonging, OfDepartment, OfProgram, Through

POLICY = "own_rows"
DEPARTMENT = "yanlu.department"
PROGRAM = "yanlu.program"
SUGGESTIONS = "yanlu.suggestions"
DRAFTING = "yanlu.drafting"


def statements(table: str) -> Iterator[str]:
    """What puts one table behind the wall. FORCE binds the table's owner too; superusers nothing binds."""
    seen, added = conditions(table, BELONGINGS[table])
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {POLICY} ON {table} USING ({seen}) WITH CHECK ({added})"


def conditions(table: str, belonging: Belonging) -> tuple[str, str]:
    """Which rows are seen, changed and dropped; which are added.

    CASE is for the planner: it expects half of the rows to pass, where it would expect next to none of an OR, and
    choose plans for that; and a transaction of nobody's in particular looks at nothing of the rest.
    """
    own = _own(table, belonging)
    added = f"{own} OR {_told(table)}" if isinstance(belonging, OfDepartment) and belonging.tells else own
    free = f"coalesce({_setting(DEPARTMENT)}, '') = ''"
    return tuple(f"CASE WHEN {free} THEN true ELSE {rest} END" for rest in (own, added))  # type: ignore[return-value]


def _own(table: str, belonging: Belonging) -> str:
    match belonging:
        case OfProgram(column):
            return f"{table}.{column} = {_setting(PROGRAM)}"
        case Through(parent, column, is_shared):
            of_own = "" if is_shared else f" AND {_of_department('p')}" if _names_department(parent) else ""
            return f"EXISTS (SELECT 1 FROM {parent} AS p WHERE p.id = {table}.{column}{of_own})"  # noqa: S608 - our own names
        case OfDepartment(column, suggestion, consultation, _):
            ways = [f"{table}.{column} = {_setting(DEPARTMENT)}"]
            if suggestion:
                reached = f"(SELECT string_to_array(current_setting('{SUGGESTIONS}', true), ',')::uuid[])"
                ways.append(f"{table}.{suggestion} = ANY ({reached}::uuid[])")
            if consultation:
                ways.append(f"({_setting(DRAFTING)} = 'on' AND {_drafted(f'{table}.{consultation}')})")
            return " OR ".join(ways)


def _names_department(table: str) -> bool:
    return isinstance(BELONGINGS[table], OfDepartment)


def _of_department(alias: str) -> str:
    return f"{alias}.department_id = {_setting(DEPARTMENT)}"


def _drafted(column: str) -> str:
    drafts = f"c.drafting_department_id = {_setting(DEPARTMENT)}"
    return f"{column} IN (SELECT c.id FROM consultations AS c WHERE {drafts})"  # noqa: S608


def _told(table: str) -> str:
    """About an assignment that the department reaches: of the receiver's after a transfer, say."""
    of = f"CASE WHEN {table}.record_kind = 'assignment' THEN {table}.record_id::uuid END"
    return f"EXISTS (SELECT 1 FROM assignments AS a WHERE a.id = {of})"  # noqa: S608


def _setting(name: str) -> str:
    """In a query of its own, so that it is asked for once and not for each row."""
    return f"(SELECT current_setting('{name}', true))"
