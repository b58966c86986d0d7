"""The installation's own checker of words, found among the installed packages' entry points by its name."""

from importlib.metadata import entry_points

from app.config import ConfigurationError
from app.submissions.guard import Checker

GROUP = "yanlu.checkers"


def load_checker(name: str) -> Checker | None:
    """What an installed package offers under that name in the group `yanlu.checkers`, called without arguments.

    None for no name. Only packages that the operator installed are asked: a setting can't name any other code. Raises
    ConfigurationError where none or several offer it, or what they offer can't be made or has no `check`.
    """
    if not name:
        return None
    offers = list(entry_points(group=GROUP, name=name))
    if len(offers) != 1:
        raise ConfigurationError(f"YANLU_CHECKER: {len(offers)} installed packages offer {name!r} in {GROUP}")
    try:
        checker = offers[0].load()()
    except Exception as error:  # whatever a foreign part raises when it is made
        raise ConfigurationError(f"YANLU_CHECKER: {name!r} can't be made ({type(error).__name__})") from error
    if not callable(getattr(checker, "check", None)):
        raise ConfigurationError(f"YANLU_CHECKER: {name!r} has no check(title, comment)")
    made: Checker = checker
    return made
