"""The display kind that a title suggests."""

import pytest

from app.documents.matter import guess_kind


@pytest.mark.parametrize(
    ("title", "first_line", "kind"),
    [
        ("北原省消防条例（修订草案征求意见稿）", "", "local_regulation"),
        ("关于修改《北原省消防条例》的决定（草案）", "", "local_regulation"),
        ("关于修改《北原省消防条例》等三部地方性法规的决定", "", "local_regulation"),
        ("北原省民生保障法典（草案）", "", "local_regulation"),
        ("关于《北原省消防条例》实施情况的意见", "", "government_document"),
        ("北原省夜市管理办法", "北原省人民政府令", "government_rule"),
        ("北原省夜市管理办法", "", "government_document"),
        ("北原省轨道建设规划", "重大行政决策草案公开征求意见", "major_decision"),
        (None, "", None),
    ],
)
def test_a_title_suggests_a_kind(title: str | None, first_line: str, kind: str | None) -> None:
    assert guess_kind(title, [title or ""], first_line) == kind
