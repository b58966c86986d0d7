"""Words for the directory of departments: its columns, and why something can't be done with an entry or a table."""

from app.kit.errors import DomainError
from app.web.file_refusals import REFUSALS
from app.web.i18n import N_, gettext

DEPARTMENT_REFUSALS = {
    "no_such_proposal": N_("There is no such name in the queue."),
    "department_id_form": N_("An identifier has 1 to 64 small letters, digits and hyphens."),
    "department_id_taken": N_("Another department has this identifier already."),
    "department_name_form": N_("A name may not be empty, nor hold hidden characters, | or @."),
    "department_name_too_long": N_("A name may have at most 120 characters."),
    "department_name_repeated": N_("A name is there twice; width and spaces make no difference."),
    "department_name_taken": N_("Another department has this name already."),
    "department_alias_claimed": N_("Another department has one of these names already."),
    "too_many_names": N_("A department may have at most 40 names."),
    "days_order": N_("The last day is before the first."),
    "day_form": N_("Enter days like 2023-05-18."),
    "words_form": N_("A text has a line break or another hidden character."),
    "words_too_long": N_("A text is too long."),
    "department_into_itself": N_("A department can't be its own successor."),
    "succession_ring": N_("In the end the department would be its own successor."),
    "successor_repeated": N_("A successor is named twice."),
    "successor_ended": N_("The department named as successor has ended itself."),
    "active_with_ending": N_("An active department has neither a successor nor a reason for its end."),
    "merged_into_one": N_("A merged department has exactly one successor."),
    "proposed_name_missing": N_("The name that was found must be among the new department's names."),
    "cell_value": N_("A cell holds a word that its column doesn't know."),
    "id_repeated": N_("The identifier is in the table twice."),
    "row_length": N_("The row has more or fewer cells than the header."),
    "table_required": N_("Choose a file, or paste the table."),
    "table_header": N_("The header lacks columns, or has others. Export the directory to see the right one."),
    "table_broken": N_("This is no CSV: a quotation mark is missing or in the wrong place."),
    "table_too_long": N_("The table has more than 20,000 rows."),
    "table_too_large": N_("The table is too large for a preview. Import it at the command line."),
    "table_refused": N_("Some rows are refused, so nothing was changed."),
}
_DETAILED = {
    "department_id_taken": N_("Another department has the identifier %(id)s already."),
    "department_name_form": N_("This is no name; it may not hold hidden characters, | or @: %(written)s"),
    "department_name_repeated": N_("%(written)s is there twice; width and spaces make no difference."),
    "department_name_taken": N_("The name %(written)s is taken by %(by)s."),
    "department_alias_claimed": N_("%(written)s is a name of %(by)s already."),
    "successor_ended": N_("%(by)s has ended itself."),
    "proposed_name_missing": N_("%(written)s must be among the new department's names."),
    "no_such_department": N_("There is no such department in the directory: %(department)s"),
    "day_form": N_("%(written)s is no day like 2023-05-18."),
    "cell_value": N_("%(written)s is no value of the column %(column)s."),
    "id_repeated": N_("The identifier %(id)s is in the table twice."),
    "row_length": N_("The row has %(cells)s cells, the header %(columns)s."),
    "table_header": N_("The header lacks: %(missing)s. It has besides: %(unknown)s."),
    "table_broken": N_("Line %(line)s is no CSV: a quotation mark is missing or in the wrong place."),
}
_OTHERS = REFUSALS | {
    "reason_required": N_("Please give a reason."),
    "reason_too_long": N_("A reason may have at most 500 characters."),
    "changed_meanwhile": N_("Somebody else changed this meanwhile. Look at it again before you decide."),
    "invalid_transition": N_("This step isn't possible from where the item stands. Look at it again."),
}
COLUMNS = {
    "id": N_("Identifier"),
    "name": N_("Name of the department"),
    "aliases": N_("Other names"),
    "level": N_("Kind"),
    "relationship": N_("Relationship"),
    "valid_from": N_("First day"),
    "valid_until": N_("Last day"),
    "state": N_("State"),
    "ended_reason": N_("Reason for its end"),
    "successors": N_("Successors"),
    "former_names": N_("Former names"),
    "source": N_("Where it is known from"),
}


def refusal(error: DomainError) -> str:
    """Why it can't be done, with the names that are in the way where there are any."""
    try:
        return gettext(_DETAILED[error.code]) % error.details
    except KeyError:
        return gettext(DEPARTMENT_REFUSALS.get(error.code) or _OTHERS.get(error.code) or error.code)


def column(name: str) -> str:
    return gettext(COLUMNS[name])
