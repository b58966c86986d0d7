"""The disposition report in the words and cells of its files: an official document, in Chinese whatever language the
pages are read in. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from app.offices.columns import DISPOSITIONS
from app.papers.words import CHANNELS, WHOLE_DRAFT, clause_words, instant_words
from app.reporting.report import PointLine, ReportFigures, ReportRow, SubmissionLine
from app.reporting.written import EditionHead

TITLE = "意见办理情况报告"
NOTHING_CAME = "征求意见期间，未收到社会公众的意见反馈。"
NOT_PUBLISHED = "（该条意见内容未公开，仅列入统计）"
SUBMISSION_WORDS = {
    SubmissionLine.GATHERED: "已受理并整理为意见要点",
    SubmissionLine.NOTHING_TO_GATHER: "已受理，未提出具体意见要点",
    SubmissionLine.DUPLICATE: "重复提交",
    SubmissionLine.OUT_OF_SCOPE: "不属受理范围",
    SubmissionLine.UNSUITABLE: "不宜公开",
    SubmissionLine.REFERRED: "转办",
    SubmissionLine.WITHDRAWN: "提出人撤回",
    SubmissionLine.TO_GATHER: "已受理，待整理",
    SubmissionLine.TO_SCREEN: "待筛选",
}
POINT_WORDS = {PointLine(kind.value): words for kind, words in DISPOSITIONS.items()} | {
    PointLine.MERGED: "合并至相同要点",
    PointLine.OPEN: "办理中",
}
HEADINGS = (
    "序号",
    "条款",
    "意见要点",
    "提出人",
    "份数",
    "人数",
    "合并",
    "采纳情况",
    "理由及说明",
    "办理单位",
    "修改后文字",
)
TOTALS, LINES, CHANNEL, RESULTS = "总数", "意见去向（份）", "来源渠道（份）", "办理结果（条）"
BY_CLAUSE, POINTS_BY_CLAUSE, TAKEN_UP = "条款意见（份）", "条款意见要点（条）", "条款采纳情况（条，含部分采纳）"
BY_OCCUPATION = "职业（人）"


class FigureLine(NamedTuple):
    part: str
    item: str
    number: int


def heads(head: EditionHead, figures: ReportFigures) -> list[str]:
    """What stands below the title: which edition, since when, and why there is another."""
    lines = [
        f"征求意见稿：{figures.title}",
        f"起草单位：{figures.drafting_department}",
        f"征求意见时间：{instant_words(figures.opens_at)}至{instant_words(figures.closes_at)}",
        f"第{head.number}版，{instant_words(head.published_at)}公布",
    ]
    lines += [f"重新公布原因：{head.reason}"] if head.reason else []
    lines += [f"说明：{figures.note}"] if figures.note else []
    return lines + ([] if figures.submissions else [NOTHING_CAME])


def figure_lines(figures: ReportFigures) -> Iterator[FigureLine]:
    """Every count, each once; of the lines by which nothing came only dispositions are there."""
    yield from _totals(figures)
    yield from (FigureLine(LINES, SUBMISSION_WORDS[line], n) for line, n in figures.lines.items() if n)
    yield from (FigureLine(CHANNEL, CHANNELS[channel], n) for channel, n in figures.channels.items())
    for line in PointLine:
        number = figures.points.get(line, 0)
        if number or line not in (PointLine.MERGED, PointLine.OPEN):
            yield FigureLine(RESULTS, POINT_WORDS[line], number)
    for clause in figures.clauses:
        name = clause_words(clause.number, clause.heading, clause.label) if clause.label else WHOLE_DRAFT
        yield FigureLine(BY_CLAUSE, name, clause.submissions)
        yield FigureLine(POINTS_BY_CLAUSE, name, clause.suggestions)
        yield FigureLine(TAKEN_UP, name, clause.taken_up)
    yield from (FigureLine(BY_OCCUPATION, name, n) for name, n in figures.occupations.shown.items())
    if figures.occupations.hidden_sum:
        yield FigureLine(BY_OCCUPATION, "其他职业合计", figures.occupations.hidden_sum)


def cells(row: ReportRow) -> tuple[str | int, ...]:
    """In the order of HEADINGS."""
    return (
        row.number,
        clause_words(row.clause_number, row.clause_heading, row.clause_label),
        row.text if row.shown else NOT_PUBLISHED,
        "、".join(row.proposers),
        row.submissions,
        row.persons,
        row.merged,
        DISPOSITIONS[row.disposition],
        row.reason,
        row.department,
        "\n".join(row.amended),
    )


def _totals(figures: ReportFigures) -> Iterator[FigureLine]:
    for item, number in (
        ("收到意见（份）", figures.submissions),
        ("提出意见的个人（人）", figures.persons),
        ("提出意见的单位（个）", figures.organisations),
        ("未留证件号码的意见（份）", figures.unnumbered),
        ("意见要点（条，含合并）", figures.suggestions_made),
        ("意见要点（条，合并后）", figures.suggestions),
        ("采纳（条，含部分采纳）", figures.taken_up),
    ):
        yield FigureLine(TOTALS, item, number)
