"""Which papers go with a draft into review, and the ways in which one is taken out. Pure."""

from enum import StrEnum


class PaperKind(StrEnum):
    """SUMMARY (意见汇总表): every opinion in a row of its own, the template is what stands above the tables.

    EXPLANATION (公众意见采纳情况说明): the template is the whole paper.
    """

    SUMMARY = "summary"
    EXPLANATION = "explanation"


class PaperFormat(StrEnum):
    DOCX = "docx"
    XLSX = "xlsx"
