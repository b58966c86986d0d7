"""A page is linked by its route's name, so that two pages must never have one."""

import pytest
from fastapi import APIRouter

from app import main
from app.config import Side
from tests.support.app import settings


def test_a_name_that_two_pages_have_is_found_before_anything_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()
    for path in ("/one", "/other"):
        router.add_api_route(path, lambda: None, name="twice")
    monkeypatch.setattr(main, "ROUTERS", {Side.PUBLIC: router})
    with pytest.raises(ValueError, match="twice names /one and /other"):
        main._addresses(settings())
