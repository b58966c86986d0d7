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
DRAFTED = f"SELECT c.id FROM consultations AS c WHERE c.drafting_department_id = {DEPARTMENT}"  # noqa: S608
BY_SUGGESTION = f"{{table}}.suggestion_id = ANY ({REACHED}::uuid[])"
BY_DRAFTING = f"({DRAFTING} = 'on' AND {{table}}.consultation_id IN ({DRAFTED}))"
OF_DEPARTMENT = f"{{table}}.department_id = {DEPARTMENT}"
OF_PROGRAM = f"{{table}}.client_id = {PROGRAM}"
OF_ALL_WHO_HAVE_IT = f"{OF_DEPARTMENT} OR {BY_SUGGESTION} OR {BY_DRAFTING}"
BY_ASSIGNMENT = "EXISTS (SELECT 1 FROM assignments AS p WHERE p.id = {table}.assignment_id)"
BY_OWN = "EXISTS (SELECT 1 FROM {parent} AS p WHERE p.id = {{table}}.{column} AND p.department_id = {department})"
BY_OWN_ASSIGNMENT = BY_OWN.format(parent="assignments", column="assignment_id", department=DEPARTMENT)
BY_OWN_ENDPOINT = BY_OWN.format(parent="webhook_endpoints", column="endpoint_id", department=DEPARTMENT)
BY_OWN_ORGAN = BY_OWN.format(parent="sounded_organs", column="organ_id", department=DEPARTMENT)
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
    "webhook_attempts": "EXISTS (SELECT 1 FROM webhook_deliveries AS p WHERE p.id = {table}.delivery_id)",
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
TOLD = """EXISTS (SELECT 1 FROM assignments AS a
WHERE a.id = CASE WHEN {table}.record_kind = 'assignment' THEN {table}.record_id::uuid END)"""
ADDED = SEEN | {"events": f"{OF_DEPARTMENT} OR {TOLD}"}
POLICY = """CREATE POLICY own_rows ON {table}
USING (CASE WHEN coalesce({department}, '') = '' THEN true ELSE {seen} END)
WITH CHECK (CASE WHEN coalesce({department}, '') = '' THEN true ELSE {added} END)"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
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
