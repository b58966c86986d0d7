import os
from pathlib import Path
from typing import Any

from app.config.refusals import PREFIX, ConfigurationError
from app.config.values import Settings

RESERVED_FOR_TESTS = "YANLU_TEST_"


def load_settings(**given: Any) -> Settings:
    """Settings of this process; `given` wins over files, variables win over secret files.

    Raises ConfigurationError for an unknown `YANLU_*` variable or an unusable value.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = [
        name
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and not name.startswith(RESERVED_FOR_TESTS) and name not in known
    ]
    if unknown:
        raise ConfigurationError(f"unknown setting {', '.join(unknown)}; see docs/settings.md")
    folder = Path(os.environ.get("YANLU_SECRETS_DIR") or Settings.model_fields["secrets_dir"].default)
    try:
        return Settings(_secrets_dir=folder if folder.is_dir() else None, **given)
    except ValueError as error:
        raise ConfigurationError(_one_line(error)) from error


def _one_line(error: ValueError) -> str:
    problems = getattr(error, "errors", lambda: [{"loc": (), "msg": str(error)}])()
    return "; ".join(
        " ".join([*(PREFIX + str(part).upper() for part in problem["loc"]), _plain(str(problem["msg"]))])
        for problem in problems
    )


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
