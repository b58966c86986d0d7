"""A text of common signs alone is left as it is, just as if each of its signs had been looked at."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.submissions import characters

COMMON = st.characters(codec="gb2312", exclude_categories=["Cc"]) | st.sampled_from(
    "\n\t ·—…‘’“”、。《》！，．（）￥ａ１"
)


@given(st.text(COMMON))
def test_common_texts_and_others_go_the_same_way(text: str) -> None:
    by_each = "".join(character for character in text if characters._is_kept(character))
    assert characters.without_invisible(text) == unicodedata.normalize("NFC", by_each)


def test_every_sign_that_is_left_as_it_is_is_kept_and_composed() -> None:
    left = [chr(code) for code in range(0x10000) if characters._AS_IT_IS.fullmatch(chr(code))]
    assert all(characters._is_kept(sign) and unicodedata.normalize("NFC", sign) == sign for sign in left)
    assert not any(unicodedata.combining(sign) for sign in left)
    assert len(left) > 20_000
