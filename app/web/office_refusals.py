"""Words for what an office is refused, by code."""

from app.web.i18n import N_

_UNSUITABLE = N_("Send a PDF, a .docx, a .jpg or a .png without password, macros or other files in it.")
OFFICE_REFUSALS = {
    "office_file_required": N_("Choose a file."),
    "office_file_empty": N_("The file is empty."),
    "office_file_too_large": N_("A file may have at most 10 MB."),
    "office_file_infected": N_("In this file a harmful program was found. It was not taken."),
    "office_file_busy": N_("Other files are being read just now. Please send yours again in a minute."),
    **{
        f"office_file_{problem}": _UNSUITABLE
        for problem in ("kind", "two_kinds", "protected", "active", "damaged", "bomb", "too_many_pixels")
    },
    "office_file_took_too_long": _UNSUITABLE,
    "no_such_file": N_("There is no such file."),
    "file_answered_with": N_("This file belongs to an answer that was given; it stays."),
    "approval_required": N_(
        "A final answer of your department needs who approved it, the date and the document number."
    ),
    "answer_too_long": N_("A reason has at most 5,000 characters, words for the people who wrote at most 2,000."),
    "disposition_required": N_("Choose one of the six dispositions."),
    "answer_day_form": N_("Write the date as 2026-05-11."),
    "department_required": N_("Choose the department."),
    "no_such_template": N_("There is no such answer template."),
    "template_name_form": N_("A template's name has 1 to 60 characters."),
    "template_empty": N_("A template needs a reason, or words for the people who wrote."),
    "steps_required": N_("Choose one step or two."),
    "too_many_chosen": N_("At most 50 assignments can be answered together."),
    "workbook_required": N_("Choose the filled workbook."),
    "workbook_unreadable": N_("This file can't be read as a workbook. Save it as .xlsx and upload it again."),
    "workbook_not_ours": N_(
        "This is not the workbook that was downloaded here: its sheet or its columns are missing. Download it again."
    ),
    "workbook_too_long": N_("The workbook has more than 1,000 rows."),
    "workbook_finished": N_("This workbook has been carried out already."),
    "no_such_workbook": N_("There is no such workbook any more: it waits one day, for whoever uploaded it."),
}
