"""Where files that come with comments are kept and who scans them, tried before the start and by the doctor."""

from app.config import ConfigurationError, Settings
from app.kit.clamd import Clamd, ScannerGone
from app.kit.object_blobs import NoSuchPlace, blobs_at

SECONDS = 5.0


def refuse_unfit_place(settings: Settings) -> None:
    """Raises ConfigurationError where YANLU_FILES_URL names no place, or one whose extra isn't installed."""
    try:
        blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from None


def scanner_answers(settings: Settings) -> bool:
    """Whether clamd gives a verdict on an empty content, within SECONDS."""
    try:
        Clamd(settings.clamd, SECONDS).find(b"")
    except ScannerGone:
        return False
    return True
