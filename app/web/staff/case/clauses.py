"""The clauses that the sender chose, with the departments that they name and where they are now."""

import uuid
from dataclasses import dataclass

from app.assignments.proposals import ProposedDepartment, propose
from app.departments import queries as departments
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.permissions import Permission
from app.submissions import queries as submissions
from app.web import labels
from app.web.staff import whereabouts
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class DepartmentView:
    name: str
    role: str
    why: str
    standing: bool


@dataclass(frozen=True)
class ClauseView:
    id: uuid.UUID
    label: str
    number: str
    heading: str
    text: str
    departments: list[DepartmentView]


def context(case: Case) -> dict[str, object]:
    chosen = submissions.clause_ids(case.session, [case.submission.id])[case.submission.id]
    drafting_id = case.consultation.drafting_department_id
    drafting = departments.names(case.session)[drafting_id]
    found = documents.clauses_by_id(case.session, chosen)
    return {
        "clauses": [_clause(clause, drafting_id, drafting) for clause in found],
        "whereabouts": whereabouts.views(case.session, chosen),
        "may_decide": case.actor.may(Permission.EDIT_SUGGESTIONS),
    }


def _clause(clause: ReadClause, drafting_id: str, drafting: str) -> ClauseView:
    proposed = propose(clause.units, drafting_id, drafting)
    return ClauseView(
        clause.id, clause.label, clause.number, clause.heading, clause.text, [_department(row) for row in proposed]
    )


def _department(row: ProposedDepartment) -> DepartmentView:
    role = "lead" if row.lead else "responsible"
    return DepartmentView(row.name, role, labels.why(row.why), row.standing)
