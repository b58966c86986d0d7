"""Words for packages for the archive and for legal holds: labels, refusals, and what the audit log says of them."""

from enum import StrEnum

from app.archives.retention import Retention
from app.web.i18n import N_

ARCHIVE_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (Retention.PERMANENT, N_("Permanently")),
    (Retention.THIRTY_YEARS, N_("30 years")),
    (Retention.TEN_YEARS, N_("10 years")),
)
ARCHIVE_REFUSALS = {
    "not_concluded": N_("Only a consultation that has been concluded goes to the archive."),
    "file_number_form": N_("A file number has 1 to 60 letters, digits, dots, hyphens or brackets, and no spaces."),
    "no_such_archive": N_("There is no such package for the archive."),
    "own_archive": N_("Nobody confirms the arrival of a package that they ordered themselves. Please ask a colleague."),
    "archive_not_written": N_("This package hasn't been written and read back yet."),
    "archive_confirmed": N_("The arrival of this package has been confirmed already."),
    "archive_differs": N_(
        "This is not the SHA-256 of the package that was written. What arrived is another file or was altered on the"
        " way; please transfer it again."
    ),
    "held_already": N_("This consultation is held already."),
    "not_held": N_("This consultation isn't held."),
    "kept_longer": N_("The time for which personal data is kept isn't over yet."),
    "legal_hold": N_("This consultation is held: nothing of it may be erased until the hold is lifted."),
    "not_archived": N_("Nothing is erased before it is confirmed that the archive has its package."),
}
ARCHIVE_HISTORY = {
    "archive.ordered": N_("Package for the archive ordered"),
    "archive.checked": N_("Package for the archive written and read back"),
    "archive.confirmed": N_("Arrival in the archive confirmed"),
    "hold.placed": N_("Legal hold placed"),
    "hold.lifted": N_("Legal hold lifted"),
    "rights.erased_again": N_("Erasures repeated after a restore"),
    "senders.forgotten": N_("Senders forgotten at the end of their time"),
}
ARCHIVE_KINDS = {"archive": N_("Package for the archive"), "store": N_("Database")}
