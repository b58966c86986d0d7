PREFIX = "YANLU_"


class ConfigurationError(Exception):
    """The settings can't be used as they are; the message is one line that says what to change."""
