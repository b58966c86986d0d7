"""When a consultation is open, and in which order consultations are listed."""

from datetime import timedelta

import pytest

from app.consultations import queries
from app.consultations.lifecycle import ConsultationState, Phase, phase_at
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import SLUG, START, World

OPENS, CLOSES = START, START + timedelta(days=7)
MOMENT = timedelta(microseconds=1)
OPENED, CLOSED = ConsultationState.OPENED, ConsultationState.CLOSED


@pytest.mark.parametrize(
    ("state", "now", "phase"),
    [
        (OPENED, OPENS - MOMENT, Phase.COMING),
        (OPENED, OPENS, Phase.OPEN),
        (OPENED, OPENS + MOMENT, Phase.OPEN),
        (OPENED, CLOSES - MOMENT, Phase.OPEN),
        (OPENED, CLOSES, Phase.CLOSED),
        (OPENED, CLOSES + MOMENT, Phase.CLOSED),
        (CLOSED, OPENS - MOMENT, Phase.CLOSED),
        (CLOSED, OPENS, Phase.CLOSED),
        (CLOSED, CLOSES, Phase.CLOSED),
    ],
)
def test_a_window_holds_its_first_instant_and_not_its_last(state: ConsultationState, now: object, phase: Phase) -> None:
    assert phase_at(state, OPENS, CLOSES, now) is phase  # type: ignore[arg-type]


def test_the_instants_are_kept_to_the_microsecond(world: World) -> None:
    closes_at = START + timedelta(days=1, microseconds=7)
    with world.database.writing() as session:
        queries.public_consultation(session, SLUG).closes_at = closes_at
    with world.database.reading() as session:
        kept = queries.public_consultation(session, SLUG)
        assert queries.phase(kept, closes_at - MOMENT) is Phase.OPEN
        assert queries.phase(kept, closes_at) is Phase.CLOSED


def test_lists_begin_with_what_closes_last_and_cost_one_query(world: World) -> None:
    counted = []
    for more in ((), ("second", "third")):
        with world.database.writing() as session:
            for place, slug in enumerate(more):
                journey.another_consultation(session, world.staff, slug=slug, at=START + timedelta(days=1 + place))
        with world.database.reading() as session, statements(world.database) as sent:
            public = [row.slug for row in queries.public_consultations(session)]
            assert public == [row.slug for row in queries.all_consultations(session)]
        counted.append(len(sent))
    assert public == ["third", "second", SLUG]
    assert counted == [2, 2]


def test_an_unknown_slug_is_nobodys(world: World) -> None:
    with world.database.reading() as session:
        assert queries.find(session, "nowhere") is None
