"""Pages in pieces, against gzip's own reader."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from app.web.piecewise import PiecewisePage

TEXT = st.text(alphabet="<>&\"'言路abc \n", max_size=200)
VALUE = st.text(alphabet="-_0123456789ABCDEF", min_size=8, max_size=40)


@given(st.lists(TEXT, min_size=1, max_size=6), st.lists(VALUE, min_size=3, max_size=3, unique=True), st.data())
def test_other_values_stand_where_the_first_ones_stood(
    pieces: list[str], fresh: list[str], data: st.DataObject
) -> None:
    first = [f"token-{number}-long-enough" for number in range(3)]
    order = data.draw(st.lists(st.sampled_from(range(3)), min_size=len(pieces) - 1, max_size=len(pieces) - 1))

    def page(values: list[str]) -> bytes:
        between = [*(values[place] for place in order), ""]
        return "".join(piece + value for piece, value in zip(pieces, between, strict=True)).encode()

    made = PiecewisePage(page(first).decode(), first)
    assert made.filled(first) == page(first)
    assert made.filled(fresh) == page(fresh)
    assert gzip.decompress(made.gzipped(fresh)) == page(fresh)


def test_what_is_sent_is_as_long_whatever_the_values_are() -> None:
    made = PiecewisePage("a token: AAAAAAAA, and again AAAAAAAA", ["AAAAAAAA"])
    assert len(made.gzipped(["token: A"])) == len(made.gzipped(["01234567"]))
    assert gzip.decompress(PiecewisePage("nothing of its own").gzipped()) == b"nothing of its own"
