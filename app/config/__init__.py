"""Settings: read once at the edge from `YANLU_*` variables and secret files, then passed down as values."""

from app.config.loading import load_settings
from app.config.refusals import PREFIX, ConfigurationError
from app.config.secret_keys import DEMONSTRATION_MARK, Secrets, load_secrets
from app.config.values import Environment, Network, Settings, Side

__all__ = [
    "DEMONSTRATION_MARK",
    "PREFIX",
    "ConfigurationError",
    "Environment",
    "Network",
    "Secrets",
    "Settings",
    "Side",
    "load_secrets",
    "load_settings",
]
