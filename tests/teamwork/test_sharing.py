"""Work is shared out in even parts."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.teamwork.sharing import moves_to_even_out, shares


@given(st.integers(0, 5000), st.integers(1, 30))
def test_parts_differ_by_at_most_one_and_make_up_the_whole(count: int, members: int) -> None:
    parts = shares(count, members)
    assert sum(parts) == count
    assert len(parts) == members
    assert max(parts) - min(parts) <= 1


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 200), min_size=1, max_size=8))
def test_evening_out_ends_even_and_never_moves_a_thing_twice(held: dict[str, int]) -> None:
    moves = moves_to_even_out(held)
    after = Counter(held)
    for (giver, taker), number in moves.items():
        after[giver] -= number
        after[taker] += number
    assert sum(after.values()) == sum(held.values())
    assert max(after[one] for one in held) - min(after[one] for one in held) <= 1
    assert not {giver for giver, _ in moves} & {taker for _, taker in moves}
