"""Row-level security between departments, on PostgreSQL

Revision: 0041
Follows: 0040
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

DEPARTMENT = "(SELECT current_setting('yanlu.department', true))"
PROGRAM = "(SELECT current_setting('yanlu.program', true))"
DRAFTING = "(SELECT current_setting('yanlu.drafting', true))"
REACHED = "(SELECT string_to_array(current_setting('yanlu.suggestions', true), ',')::uuid[])"
BY_SUGGESTION = f"{{table}}.suggestion_id = ANY ({REACHED}::uuid[])"
BY_DRAFTING = f"({DRAFTING} = 'on' AND wall_drafts({{table}}.consultation_id))"
OF_DEPARTMENT = f"{{table}}.department_id = {DEPARTMENT}"
OF_PROGRAM = f"{{table}}.client_id = {PROGRAM}"
OF_ALL_WHO_HAVE_IT = f"{OF_DEPARTMENT} OR {BY_SUGGESTION} OR {BY_DRAFTING}"
BY_ASSIGNMENT = "wall_reaches_assignments({table}.assignment_id)"
BY_OWN_ASSIGNMENT = "wall_owns_assignments({table}.assignment_id)"
BY_OWN_ENDPOINT = "wall_owns_webhook_endpoints({table}.endpoint_id)"
BY_OWN_ORGAN = "wall_owns_sounded_organs({table}.organ_id)"
MINE = " AND p.department_id = current_setting(''yanlu.department'', true)"
ASKED = {
    "wall_drafts": ("consultations", MINE.replace("p.department_id", "p.drafting_department_id")),
    "wall_reaches_assignments": ("assignments", ""),
    "wall_owns_assignments": ("assignments", MINE),
    "wall_owns_webhook_endpoints": ("webhook_endpoints", MINE),
    "wall_reaches_webhook_deliveries": ("webhook_deliveries", ""),
    "wall_owns_sounded_organs": ("sounded_organs", MINE),
}
"""Functions that the policies ask, each of one row of another table."""
FUNCTION = """CREATE OR REPLACE FUNCTION {name}(which uuid) RETURNS boolean LANGUAGE plpgsql STABLE COST 1
AS 'BEGIN RETURN EXISTS (SELECT 1 FROM {table} AS p WHERE p.id = which{further}); END'"""
SEEN = {
    "assignments": OF_ALL_WHO_HAVE_IT,
    "answers": BY_ASSIGNMENT,
    "answer_versions": BY_ASSIGNMENT,
    "answer_files": BY_OWN_ASSIGNMENT,
    "assignment_reminders": BY_OWN_ASSIGNMENT,
    "assignment_questions": BY_OWN_ASSIGNMENT,
    "progress_notes": BY_OWN_ASSIGNMENT,
    "dispositions": OF_ALL_WHO_HAVE_IT,
    "released_outcomes": f"{OF_DEPARTMENT} OR {BY_SUGGESTION}",
    "events": OF_DEPARTMENT,
    "webhook_endpoints": OF_DEPARTMENT,
    "webhook_deliveries": BY_OWN_ENDPOINT,
    "webhook_attempts": "wall_reaches_webhook_deliveries({table}.delivery_id)",
    "offices": OF_DEPARTMENT,
    "answer_templates": OF_DEPARTMENT,
    "office_workbooks": OF_DEPARTMENT,
    "stage_times": OF_DEPARTMENT,
    "backlog_ages": OF_DEPARTMENT,
    "sounded_organs": OF_DEPARTMENT,
    "organ_opinions": BY_OWN_ORGAN,
    "sounding_reminders": BY_OWN_ORGAN,
    "api_requests": OF_PROGRAM,
    "answered_requests": OF_PROGRAM,
}
"""Which rows a transaction sees that is a department's; one that is nobody's in particular sees all."""
RECORD = "CASE WHEN {table}.record_kind = 'assignment' THEN {table}.record_id::uuid END"
TOLD = f"wall_reaches_assignments({RECORD})"
ADDED = SEEN | {"events": f"{OF_DEPARTMENT} OR {TOLD}"}
POLICY = """CREATE POLICY own_rows ON {table}
USING (CASE WHEN coalesce({department}, '') = '' THEN true ELSE {seen} END)
WITH CHECK (CASE WHEN coalesce({department}, '') = '' THEN true ELSE {added} END)"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, (table, further) in ASKED.items():
        op.execute(FUNCTION.format(name=name, table=table, further=further))
    for table, condition in SEEN.items():
        seen, added = condition.format(table=table), ADDED[table].format(table=table)
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(POLICY.format(table=table, department=DEPARTMENT, seen=seen, added=added))


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in SEEN:
        op.execute(f"DROP POLICY own_rows ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in ASKED:
        op.execute(f"DROP FUNCTION {name}(uuid)")
