"""The policies of the second wall, in PostgreSQL's words (CREATE POLICY, CREATE FUNCTION). Pure.

Migrations keep copies of their own, because they never change; a test compares what they left with what is here.
What looks into another table stands in a function: the planner would reckon a subquery's cost for every row also of a
transaction that is nobody's in particular, which never looks, and choose plans (and compile them) for that.
"""

from collections.abc import Iterator

from app.walls.belongings import BELONGINGS, Belonging, OfDepartment, OfProgram, Through

POLICY = "own_rows"
DEPARTMENT = "yanlu.department"
PROGRAM = "yanlu.program"
SUGGESTIONS = "yanlu.suggestions"
DRAFTING = "yanlu.drafting"
DRAFTS = "wall_drafts"
FUNCTION = """CREATE OR REPLACE FUNCTION {name}(which uuid) RETURNS boolean LANGUAGE plpgsql STABLE COST 1
AS 'BEGIN RETURN EXISTS (SELECT 1 FROM {table} AS p WHERE p.id = which{further}); END'"""


def functions() -> Iterator[str]:
    """What the policies ask; each sees what the policies of the table let it see."""
    mine = f" = current_setting(''{DEPARTMENT}'', true)"
    yield FUNCTION.format(name=DRAFTS, table="consultations", further=f" AND p.drafting_department_id{mine}")
    asked = {(one.table, _owns(one)) for one in BELONGINGS.values() if isinstance(one, Through)}
    for table, owns in sorted(asked):
        further = f" AND p.department_id{mine}" if owns else ""
        yield FUNCTION.format(name=_name(table, owns), table=table, further=further)


def statements(table: str) -> Iterator[str]:
    """What puts one table behind the wall. FORCE binds the table's owner too; superusers nothing binds."""
    seen, added = conditions(table, BELONGINGS[table])
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {POLICY} ON {table} USING ({seen}) WITH CHECK ({added})"


def conditions(table: str, belonging: Belonging) -> tuple[str, str]:
    """Which rows are seen, changed and dropped; which are added.

    CASE is for the planner, too: it expects half of the rows to pass, where it would expect next to none of an OR.
    """
    own = _own(table, belonging)
    added = f"{own} OR {_told(table)}" if isinstance(belonging, OfDepartment) and belonging.tells else own
    free = f"coalesce({_setting(DEPARTMENT)}, '') = ''"
    return f"CASE WHEN {free} THEN true ELSE {own} END", f"CASE WHEN {free} THEN true ELSE {added} END"


def _own(table: str, belonging: Belonging) -> str:
    match belonging:
        case OfProgram(column):
            return f"{table}.{column} = {_setting(PROGRAM)}"
        case Through(parent, column):
            return f"{_name(parent, _owns(belonging))}({table}.{column})"
        case OfDepartment(column, suggestion, consultation):
            ways = [f"{table}.{column} = {_setting(DEPARTMENT)}"]
            if suggestion:
                reached = f"(SELECT string_to_array(current_setting('{SUGGESTIONS}', true), ',')::uuid[])"
                ways.append(f"{table}.{suggestion} = ANY ({reached}::uuid[])")
            if consultation:
                ways.append(f"({_setting(DRAFTING)} = 'on' AND {DRAFTS}({table}.{consultation}))")
            return " OR ".join(ways)


def _owns(belonging: Through) -> bool:
    """Whether the other row has to be the department's own, and not only one that it reaches."""
    return isinstance(BELONGINGS[belonging.table], OfDepartment) and not belonging.is_shared


def _name(table: str, owns: bool) -> str:
    return f"wall_{'owns' if owns else 'reaches'}_{table}"


def _told(table: str) -> str:
    """About an assignment that the department reaches: of the receiver's after a transfer, say."""
    of = f"CASE WHEN {table}.record_kind = 'assignment' THEN {table}.record_id::uuid END"
    return f"{_name('assignments', False)}({of})"


def _setting(name: str) -> str:
    """In a query of its own, so that it is asked for once and not for each row."""
    return f"(SELECT current_setting('{name}', true))"
