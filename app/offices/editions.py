"""Which edition of an assignment an answer was written for: it grows with what an answer stands on, and nothing else.

A reminder or a note changes the assignment's `revision`, but no answer is worse for it: a workbook that an office fills
for days must not go stale by a reminder to fill it.
"""

from app.assignments.lifecycle import AssignmentRole


def edition(role: AssignmentRole, answers: int) -> int:
    """`answers` is the number of the department's last answer, 0 where it gave none; leading is another question."""
    return 2 * answers + (role is AssignmentRole.LEAD)
