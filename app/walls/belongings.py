"""Which tables hold a department's own rows, and how a row tells whose it is. Pure.

`tests/architecture` holds every table against this page: whatever names a department, an assignment or a row of one of
these tables is listed here or excused by name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfDepartment:
    """The row names its department. `suggestion` and `consultation` are columns by which others reach it too: those
    that have the same suggestion, and the department that drafts the consultation.

    `tells` is set where a department's step adds a row for another department about an assignment that it reaches.
    """

    column: str = "department_id"
    suggestion: str = ""
    consultation: str = ""
    tells: bool = False


@dataclass(frozen=True)
class OfProgram:
    """The row names the department's program."""

    column: str = "client_id"


@dataclass(frozen=True)
class Through:
    """The row is whose that row of another listed table is; `is_shared`: and is reached by whoever reaches that one."""

    table: str
    column: str
    is_shared: bool = False


Belonging = OfDepartment | OfProgram | Through

BELONGINGS: dict[str, Belonging] = {
    "assignments": OfDepartment(suggestion="suggestion_id", consultation="consultation_id"),
    "answers": Through("assignments", "assignment_id", is_shared=True),
    "answer_versions": Through("assignments", "assignment_id", is_shared=True),
    "answer_files": Through("assignments", "assignment_id"),
    "assignment_reminders": Through("assignments", "assignment_id"),
    "assignment_questions": Through("assignments", "assignment_id"),
    "progress_notes": Through("assignments", "assignment_id"),
    "dispositions": OfDepartment(suggestion="suggestion_id", consultation="consultation_id"),
    "released_outcomes": OfDepartment(suggestion="suggestion_id"),
    "events": OfDepartment(tells=True),
    "webhook_endpoints": OfDepartment(),
    "webhook_deliveries": Through("webhook_endpoints", "endpoint_id"),
    "webhook_attempts": Through("webhook_deliveries", "delivery_id"),
    "offices": OfDepartment(),
    "answer_templates": OfDepartment(),
    "office_workbooks": OfDepartment(),
    "stage_times": OfDepartment(),
    "backlog_ages": OfDepartment(),
    "sounded_organs": OfDepartment(),
    "organ_opinions": Through("sounded_organs", "organ_id"),
    "sounding_reminders": Through("sounded_organs", "organ_id"),
    "api_requests": OfProgram(),
    "answered_requests": OfProgram(),
}
EXCUSED: dict[str, str] = {
    "departments": "the directory is everybody's",
    "department_former_names": "the directory is everybody's",
    "department_aliases": "the directory is everybody's",
    "department_successions": "the directory is everybody's",
    "department_proposals": "the directory is everybody's",
    "clause_units": "printed in the draft",
    "consultations": "who drafts is printed in the announcement",
    "api_clients": "who is calling is looked up before it is known whose rows are to be seen",
    "api_keys": "who is calling is looked up before it is known whose rows are to be seen",
    "staff_users": "who signs in is looked up before it is known whose rows are to be seen",
}
"""Table → why every department may read it, or why nothing can be told of its rows before they are read."""
