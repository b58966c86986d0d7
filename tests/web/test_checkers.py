"""An installed package's checker is found by its name, and nothing else can be named."""

from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest

from app.config import ConfigurationError
from app.submissions.lifecycle import HoldReason
from app.web import checkers


class Strict:
    """What a package might offer."""

    def check(self, title: str, comment: str) -> HoldReason | None:
        return HoldReason.OFF_TOPIC


class Broken:
    def __init__(self) -> None:
        raise RuntimeError("no model")


def offer(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Each name is offered as the class of that name here."""
    points = EntryPoints(EntryPoint(name.lower(), f"{__name__}:{name}", checkers.GROUP) for name in names)

    def entry_points(**wanted: Any) -> EntryPoints:
        return points.select(**wanted)

    monkeypatch.setattr(checkers, "entry_points", entry_points)


def test_without_a_name_there_is_none() -> None:
    assert checkers.load_checker("") is None


def test_a_package_s_checker_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "Strict", "Broken")
    made = checkers.load_checker("strict")
    assert made is not None
    assert made.check("", "") is HoldReason.OFF_TOPIC


@pytest.mark.parametrize(
    ("offered", "name"),
    [((), "strict"), (("Strict", "Strict"), "strict"), (("Broken",), "broken"), (("HoldReason",), "holdreason")],
)
def test_what_can_t_be_asked_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, offered: tuple[str, ...], name: str
) -> None:
    offer(monkeypatch, *offered)
    with pytest.raises(ConfigurationError, match="YANLU_CHECKER"):
        checkers.load_checker(name)


def test_no_code_is_named_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "Strict")
    with pytest.raises(ConfigurationError):
        checkers.load_checker(f"{__name__}:Strict")
