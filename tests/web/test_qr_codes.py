"""The drawn QR code is the one that the library made: its bars cover exactly the dark modules."""

import re

import pytest
import segno

from app.web.public.qr_code import QUIET_ZONE, qr_code

ADDRESSES = ["https://yijian.example.gov.cn/receipts/1234567890123452", "http://127.0.0.1:8000/yijian/receipts/0"]


@pytest.mark.parametrize("text", ADDRESSES)
def test_the_bars_cover_the_dark_modules_and_leave_the_quiet_zone(text: str) -> None:
    drawn = qr_code(text)
    covered = set()
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", drawn.path):
        assert length == back
        covered |= {(int(x) + step, int(y)) for step in range(int(length))}
    matrix = segno.make_qr(text, error="m", boost_error=False).matrix
    dark = {(x + QUIET_ZONE, y + QUIET_ZONE) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert covered == dark
    assert drawn.size == len(matrix) + 2 * QUIET_ZONE


def test_another_address_is_another_code() -> None:
    assert qr_code(ADDRESSES[0]).path != qr_code(ADDRESSES[1]).path
