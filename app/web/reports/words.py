"""The words of the disposition report on pages, in the reader's language, and why it is refused."""

from collections.abc import Mapping

from app.reporting.report import PointLine, SubmissionLine, Sum
from app.web.i18n import N_

SUBMISSION_LINES: Mapping[SubmissionLine, str] = {
    SubmissionLine.GATHERED: N_("Accepted and put together as suggestions"),
    SubmissionLine.NOTHING_TO_GATHER: N_("Accepted, without a point of its own"),
    SubmissionLine.DUPLICATE: N_("Repetitions"),
    SubmissionLine.OUT_OF_SCOPE: N_("Outside the scope of this draft"),
    SubmissionLine.UNSUITABLE: N_("Not suitable to be handled"),
    SubmissionLine.REFERRED: N_("Passed on to another body"),
    SubmissionLine.WITHDRAWN: N_("Taken back by their senders"),
    SubmissionLine.TO_GATHER: N_("Accepted, still to be put together"),
    SubmissionLine.TO_SCREEN: N_("Still to be read"),
}
POINT_LINES: Mapping[PointLine, str] = {
    PointLine.ADOPTED: N_("Adopted"),
    PointLine.PARTLY_ADOPTED: N_("Partly adopted"),
    PointLine.NOT_ADOPTED: N_("Not adopted"),
    PointLine.ALREADY_PROVIDED: N_("Already provided for"),
    PointLine.NOTED: N_("Noted for reference"),
    PointLine.OUT_OF_SCOPE: N_("Outside the scope of this draft"),
    PointLine.MERGED: N_("Merged into one that says the same"),
    PointLine.OPEN: N_("Still without an outcome"),
}
SUMS: Mapping[Sum, str] = {
    Sum.LINES: N_("Submissions by what became of them"),
    Sum.CHANNELS: N_("Submissions by channel"),
    Sum.POINTS: N_("Suggestions by outcome"),
    Sum.CLAUSES: N_("Suggestions by clause"),
    Sum.ROWS: N_("Suggestions in the list, by outcome"),
    Sum.MERGED_ROWS: N_("Merged suggestions in the list"),
}
REPORT_HISTORY = {"report.published": N_("Disposition report published")}
REPORT_REFUSALS = {
    "no_such_report": N_("There is no such report, or it has not been published."),
    "report_incomplete": N_("Something is still open; a report is published once everything has its outcome."),
    "report_unbalanced": N_("The report's counts don't balance. Nothing was published; the preview shows which."),
    "report_unchanged": N_("Nothing has changed since the last edition."),
    "not_concluded": N_("A report is published with the conclusion of the consultation."),
    "report_busy": N_("Too many files are being made just now. Please try again in a moment."),
    "report_too_long_for_pdf": N_("This report is too long for a PDF. Please take the DOCX or the table instead."),
}
