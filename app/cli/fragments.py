"""The larger site's head and foot, tried before the service starts and by `yanlu doctor`."""

from app.config import ConfigurationError, Settings
from app.kit.fragments import UnfitFragment, read_fragment


def refuse_unfit_fragments(settings: Settings) -> None:
    """Raises ConfigurationError when a file of the settings can't stand in a page."""
    try:
        read_fragment("YANLU_HEADER_FILE", settings.header_file)
        read_fragment("YANLU_FOOTER_FILE", settings.footer_file)
    except UnfitFragment as error:
        raise ConfigurationError(str(error)) from None
