"""What everybody may see of the comments' figures and files: all of it afterwards, before that what was decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultations.disclosure import OVER, Disclosed, disclosed
from app.consultations.lifecycle import Phase
from app.consultations.terms import DisplayTerms

SETTINGS = {
    "totals_while_open": Disclosed.TOTALS,
    "statistics_while_open": Disclosed.STATISTICS,
    "feed_while_open": Disclosed.FEED,
    "downloads_while_open": Disclosed.DOWNLOADS,
}
CHOICES = st.fixed_dictionaries(dict.fromkeys(SETTINGS, st.booleans()))


@pytest.mark.parametrize("phase", OVER)
@given(CHOICES)
def test_once_it_is_over_everything_is_for_everybody(phase: Phase, chosen: dict[str, bool]) -> None:
    assert disclosed(DisplayTerms(**chosen), phase) == set(Disclosed)


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.SUSPENDED])
@given(CHOICES)
def test_before_that_exactly_what_was_decided(phase: Phase, chosen: dict[str, bool]) -> None:
    assert disclosed(DisplayTerms(**chosen), phase) == {SETTINGS[name] for name, on in chosen.items() if on}


@given(CHOICES)
def test_before_it_opens_nothing(chosen: dict[str, bool]) -> None:
    assert disclosed(DisplayTerms(**chosen), Phase.COMING) == set()


def test_by_default_nothing_is_disclosed_while_it_is_open() -> None:
    assert disclosed(DisplayTerms(), Phase.OPEN) == set()
