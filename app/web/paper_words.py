"""Words about the papers that go into review: their names, what was done to their templates, why one is refused."""

from enum import StrEnum

from app.kit.errors import DomainError
from app.papers.kinds import PaperKind
from app.web.i18n import N_
from app.web.i18n import gettext as _

PAPER_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (PaperKind.SUMMARY, N_("Table of all opinions")),
    (PaperKind.EXPLANATION, N_("Explanation of what was adopted")),
)
PAPER_HISTORY = {
    "paper_template.written": N_("Text of a paper written"),
    "paper_template.restored": N_("Earlier text of a paper put in force again"),
    "paper_template.retired": N_("The consultation's own text of a paper taken out of use"),
}
PAPER_KINDS = {"paper_template": N_("Text of a paper")}
PAPER_REFUSALS = {
    "paper_text_required": N_("Please enter the text."),
    "paper_text_too_long": N_("The text of a paper has at most 20,000 characters."),
    "paper_brace_open": N_("Two braces open a field and nothing closes it on the same line."),
    "paper_brace_stray": N_("Two braces close a field that was not opened."),
    "paper_unknown_field": N_("There is no field of this name; see the list of fields."),
    "paper_field_elsewhere": N_("This field stands for something only within the section that it belongs to."),
    "paper_unknown_section": N_("There is no section of this name; see the list of sections."),
    "paper_section_elsewhere": N_("This section can't stand within that one: nothing is left there to repeat."),
    "paper_section_open": N_("This section begins and doesn't end."),
    "paper_section_stray": N_("A section ends here that isn't the one begun last."),
    "paper_too_deep": N_("There are more than five sections in one another."),
    "paper_too_long": N_("Filled in, the paper would have more than a million characters. Please shorten its text."),
    "paper_too_many_rows": N_(
        "There are too many suggestions to be listed one by one in this file. Please take the table as XLSX."
    ),
    "paper_too_large": N_(
        "There are too many suggestions for a file that is made while you wait. "
        "Please order an export of the suggestions with their outcomes."
    ),
    "own_words_out_of_range": N_("Own words can be appended for suggestions from 1 to 10 comments; 0 is for never."),
    "no_own_template": N_("The consultation has no text of its own in force."),
    "no_such_template": N_("There is no such version."),
}


def refusal_words(problem: DomainError, words: str) -> str:
    """What is wrong, with the place of the template where it is about one."""
    if "line" not in problem.details:
        return words
    line, name = problem.details["line"], problem.details.get("name", "")
    return _("Line %(line)s, at “%(name)s”: %(words)s") % {"line": line, "name": name, "words": words}
