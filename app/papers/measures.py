"""The measures of official papers by GB/T 9704-2012, and the types with what stands in where they are missing. Pure.

A4; the top margin (天头) is 37 mm and the margin of the binding (订口) 28 mm wide, the text area (版心) 156 mm × 225 mm
(5.2); body 三号仿宋, 22 lines of 28 characters (5.2.2, 5.2.3); title 二号小标宋 (7.3.1); first-level headings 黑体,
second-level 楷体 (7.3.3); page numbers four 四号 half-width 宋体 figures between dashes, odd pages at the right, even
ones at the left (7.5). A table across lies on the sheet turned by a quarter, so that the margins go with it (7.4).
"""

from dataclasses import dataclass

MM = 1440 / 25.4
"""Twentieths of a point, in which Office Open XML measures."""
POINTS = {"二号": 22.0, "三号": 16.0, "小三": 15.0, "四号": 14.0, "小四": 12.0, "五号": 10.5}
LINE = 225 * MM / 22
"""The height of a line, so that 22 fill the text area."""


@dataclass(frozen=True)
class Sheet:
    """Millimetres."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right


UPRIGHT = Sheet(width=210, height=297, top=37, right=26, bottom=35, left=28)
ACROSS = Sheet(width=297, height=210, top=28, right=37, bottom=26, left=35)


@dataclass(frozen=True)
class Type:
    """`name` is asked for, `instead` stands in, the first that there is; programs that know neither take a serif."""

    name: str
    instead: tuple[str, ...]


TITLE_TYPE = Type("方正小标宋简体", ("方正小标宋_GBK", "小标宋", "宋体", "SimSun"))
BODY_TYPE = Type("仿宋_GB2312", ("仿宋", "FangSong", "方正仿宋_GBK", "宋体"))
HEAD_TYPE = Type("黑体", ("SimHei", "方正黑体_GBK", "Noto Sans CJK SC"))
SECOND_TYPE = Type("楷体_GB2312", ("楷体", "KaiTi", "方正楷体_GBK"))
FIGURE_TYPE = Type("宋体", ("SimSun", "NSimSun", "Noto Serif CJK SC"))
TYPES = (TITLE_TYPE, BODY_TYPE, HEAD_TYPE, SECOND_TYPE, FIGURE_TYPE)
COLUMNS = (12, 32, 30, 66, 20, 38, 27)
"""Millimetres of the columns of 意见汇总表; together the width of the text area across."""
