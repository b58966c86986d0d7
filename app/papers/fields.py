"""What a template can name: fields, sections that repeat, and sections that depend on what there is. Pure.

The names are Chinese because staff write them; `SAID` tells them what each stands for.
"""

from collections.abc import Mapping
from enum import Enum


class Scope(Enum):
    """Where in a template something stands: in no repeating section, or in one of them."""

    PAPER = "全文"
    OUTCOME = "各办理结果"
    CLAUSE = "各条款"
    OPINION = "各条意见"


NUMBER = "序号"
HAN_NUMBER = "序号汉字"
COUNTED = {
    "意见条数": "整理形成的意见条数",
    "采纳条数": "其中采纳的条数",
    "部分采纳条数": "其中部分采纳的条数",
    "未采纳条数": "其中未采纳的条数",
    "已有规定条数": "其中已有规定的条数",
    "留作参考条数": "其中留作参考的条数",
    "不属受理范围条数": "其中不属受理范围的条数",
    "尚未确认条数": "其中办理结果尚未确认的条数",
}
SAID: Mapping[Scope, Mapping[str, str]] = {
    Scope.PAPER: {
        "征集名称": "意见征集的标题",
        "文稿名称": "征求意见稿的标题",
        "起草单位": "起草单位名称",
        "发布单位": "发布征求意见公告的单位",
        "征集开始日期": "如2026年5月1日",
        "征集截止日期": "如2026年5月30日",
        "收到份数": "收到意见的份数，机器提交、待核实的除外",
        "受理份数": "受理的份数",
        "各渠道份数": "如“网上填报12份、信函3份”",
        **COUNTED,
        "采纳情况": "如“采纳2条、部分采纳1条”，没有的不列",
        "采纳主要理由": "最多三条，按条数多少",
        "部分采纳主要理由": "最多三条，按条数多少",
        "未采纳主要理由": "最多三条，按条数多少",
        "征求部门数": "书面征求意见的单位个数",
        "部门回复数": "已回复的单位个数",
        "部门无意见数": "回复无意见的单位个数",
        "部门未回复数": "尚未回复的单位个数，含函中写明逾期视为无意见的",
        "部门意见条数": "部门意见的条数",
        "部门采纳条数": "其中采纳的条数",
        "部门部分采纳条数": "其中部分采纳的条数",
        "部门未采纳条数": "其中未采纳的条数",
        "部门未处理条数": "其中尚未提出处理意见的条数",
        "部门分歧条数": "其中仍有分歧的条数",
        "生成日期": "制作本材料的日期",
        "生成时间": "制作本材料的时间",
        "阶段性说明": "办理结果全部确认前的提示，全部确认后为空",
    },
    Scope.OUTCOME: {
        NUMBER: "1、2、3……",
        HAN_NUMBER: "一、二、三……",
        "办理结果": "采纳、部分采纳、未采纳等",
        "条数": "该办理结果的条数",
        "主要理由": "最多三条，按条数多少",
        "理由说明": "“主要理由：……。”，没有理由时为空",
    },
    Scope.CLAUSE: {
        NUMBER: "1、2、3……",
        HAN_NUMBER: "一、二、三……",
        "条款": "条款序号和标题，或者“总体意见”",
        "条数": "对该条款的意见条数",
        **COUNTED,
        "采纳情况": "如“采纳2条、部分采纳1条”，没有的不列",
    },
    Scope.OPINION: {
        NUMBER: "1、2、3……",
        HAN_NUMBER: "一、二、三……",
        "提出人": "提出单位，或者隐去名字的个人",
        "条目": "条款序号和标题，或者“总体意见”",
        "意见": "整理后的意见",
        "办理结果": "采纳、部分采纳、未采纳等",
        "理由": "办理理由",
        "修改后文字": "已确认的修改后文字",
        "承办单位": "牵头办理单位",
    },
}
"""Scope → name → what it stands for. What an inner section doesn't name itself is that of the sections around it."""
REPEATS: Mapping[str, Scope] = {scope.value: scope for scope in Scope if scope is not Scope.PAPER}
"""Sections that stand once for each outcome, clause or opinion, of those that the sections around them leave."""
HOLDS: Mapping[str, str] = {
    "有公众意见": "整理形成了公众意见时才有",
    "未收到公众意见": "一份公众意见也没有收到时才有",
    "无公众意见条目": "收到了公众意见，但没有整理形成意见条目时才有",
    "有未采纳意见": "有未采纳的公众意见时才有",
    "已征求部门意见": "发出过书面征求意见函时才有",
    "有部门意见": "部门提出了意见时才有",
    "部门无意见": "征求了部门意见而没有部门提出意见时才有",
    "未征求部门意见": "没有登记书面征求部门意见时才有",
    "阶段性": "还有办理结果没有确认时才有",
    "全部确认": "办理结果全部确认后才有",
}
"""Sections that stand where something is so, and what that is."""
