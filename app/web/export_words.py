"""Words for ordered files of data: labels, refusals, and what the audit log says of them."""

from enum import StrEnum

from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn, OrderState
from app.web.i18n import N_

EXPORT_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (ExportKind.SUBMISSIONS, N_("Comments, masked")),
    (ExportKind.IDENTITIES, N_("Senders of comments")),
    (ExportKind.RESULTS, N_("Suggestions with their outcomes")),
    (ExportKind.ASSIGNMENTS, N_("Assignments to departments")),
    (ExportKind.ARCHIVE, N_("Package for the archive")),
    (ExportFormat.CSV, N_("CSV (for any number of rows)")),
    (ExportFormat.XLSX, N_("XLSX (for spreadsheets)")),
    (ExportFormat.ZIP, N_("ZIP (a package with checksums)")),
    (IdentityColumn.NAME, N_("Name")),
    (IdentityColumn.ORGANISATION, N_("Name of the organisation")),
    (IdentityColumn.PHONE, N_("Telephone number")),
    (IdentityColumn.EMAIL, N_("E-mail address")),
    (IdentityColumn.ID_NUMBER, N_("ID number")),
    (OrderState.ASKED, N_("Waits for approval")),
    (OrderState.QUEUED, N_("Waits to be written")),
    (OrderState.RUNNING, N_("Being written")),
    (OrderState.READY, N_("Ready to be saved")),
    (OrderState.TAKEN, N_("Saved")),
    (OrderState.REFUSED, N_("Not approved")),
    (OrderState.CANCELLED, N_("Given up by whoever asked")),
    (OrderState.FAILED, N_("Could not be written")),
    (OrderState.EXPIRED, N_("Time is over")),
)
EXPORT_REFUSALS = {
    "no_such_export": N_("There is no such export."),
    "own_export": N_("Nobody approves an export that they asked for themselves. Please leave it to a colleague."),
    "export_under_way": N_(
        "An export of yours is not finished yet. Please wait for it or give it up before you ask for another."
    ),
    "export_expired": N_("The time of this file is over; it was removed. Please ask for it again."),
    "purpose_required": N_("Please say what the data is for."),
    "columns_required": N_("Please choose at least one column about the senders."),
    "period_reversed": N_("The period ends before it begins."),
    "export_filter_unfit": N_("This state or period doesn't go with what is to be exported."),
}
EXPORT_HISTORY = {
    "export.asked": N_("Export asked for"),
    "export.approved": N_("Export approved"),
    "export.refused": N_("Export not approved"),
    "export.cancelled": N_("Export given up"),
    "export.written": N_("File of an export written"),
    "export.failed": N_("File of an export could not be written"),
    "export.expired": N_("Time of an export over"),
}
EXPORT_KINDS = {"export_order": N_("Export")}
