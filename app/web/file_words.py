"""Words about files that come with comments: why one isn't taken, how large it is, whether it was scanned."""

from app.submissions.file_examination import FileProblem
from app.submissions.file_kinds import ScanState
from app.web.i18n import N_
from app.web.i18n import gettext as _

KILOBYTE = 1024
SHORT_HASH = 12
PROBLEMS = {
    FileProblem.EMPTY: N_("“%(name)s” is empty."),
    FileProblem.TOO_LARGE: N_("“%(name)s” is too large. One file may have 10 MB, all together 20 MB."),
    FileProblem.TOGETHER_TOO_LARGE: N_(
        "With “%(name)s” the files are larger than 20 MB together. Choose a smaller one."
    ),
    FileProblem.TOO_MANY: N_("“%(name)s” is one file too many. At most five can be sent."),
    FileProblem.KIND: N_("“%(name)s” is none of the four kinds by its content. Send .pdf, .docx, .jpg or .png."),
    FileProblem.TWO_KINDS: N_("“%(name)s” can be read as two kinds of file at once. Save it again and send that."),
    FileProblem.PROTECTED: N_("“%(name)s” is protected by a password. Send it without protection."),
    FileProblem.ACTIVE: N_(
        "“%(name)s” contains macros, scripts or other files. Save it without them, for example as a new PDF."
    ),
    FileProblem.DAMAGED: N_("“%(name)s” is damaged. Open it, save it again, and send that."),
    FileProblem.BOMB: N_("“%(name)s” unpacks to far more than a document holds."),
    FileProblem.TOO_MANY_PIXELS: N_("“%(name)s” has more than 64 million pixels. Make the picture smaller."),
    FileProblem.TOOK_TOO_LONG: N_("Reading “%(name)s” took too long. Save it in a simpler form and send that."),
    FileProblem.INFECTED: N_("In “%(name)s” a harmful program was found. It was not taken."),
    FileProblem.BUSY: N_("“%(name)s” could not be taken just now, because too many files arrive. Choose it once more."),
    FileProblem.TOO_OFTEN: N_("“%(name)s” was not taken: too many files came from here. Try again in ten minutes."),
    FileProblem.GONE: N_("“%(name)s” was chosen too long ago. Please choose it once more."),
}
SCANS = {
    ScanState.NOT_ASKED: N_("Not scanned: no scanner is set up"),
    ScanState.WAITING: N_("Not yet scanned"),
    ScanState.CLEAN: N_("Scanned, nothing found"),
    ScanState.INFECTED: N_("Harmful program found"),
    ScanState.LOST: N_("The file is missing from where files are kept"),
}


def problem_words(problem: FileProblem, name: str) -> str:
    return _(PROBLEMS[problem]) % {"name": name}


def scan_words(scan: ScanState) -> str:
    return _(SCANS[scan])


def size_words(size: int) -> str:
    """In binary kilobytes or megabytes, rounded up so that nothing is 0 KB."""
    if size < KILOBYTE * KILOBYTE:
        return f"{-(-size // KILOBYTE)} KB"
    return f"{size / KILOBYTE / KILOBYTE:.1f} MB"
