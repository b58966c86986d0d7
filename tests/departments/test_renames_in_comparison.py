"""What the directory knows of former bodies tells renames from real changes between a draft and its final text."""

from app.departments.directory import Directory, load_seed
from app.documents.comparison import compare
from app.documents.extraction import extract
from app.documents.unit_changes import Rename, UnitChanges

DIRECTORY = Directory(load_seed())
TEXT = """关于金融支持社区服务的若干措施

一、增加网点。每个街道至少有一处便民网点，节假日照常开放。（责任单位：{}）
"""


def changes(draft: str, final: str) -> UnitChanges:
    earlier, later = (extract(TEXT.format(units), DIRECTORY) for units in (draft, final))
    (row,) = compare(earlier, later, DIRECTORY.successor_ids).clauses
    return row.unit_changes


def test_a_body_and_the_one_that_took_its_place_are_one() -> None:
    assert changes("省民政厅、辽宁银保监局", "省民政厅、辽宁金融监管局").renamed == (
        Rename("辽宁银保监局", "辽宁金融监管局"),
    )
    assert changes("人民银行沈阳分行", "人民银行辽宁省分行").renamed == (
        Rename("人民银行沈阳分行", "人民银行辽宁省分行"),
    )
    assert not changes("省地方金融监督管理局", "省地方金融管理局").real
    assert not changes("省金融监管局", "省金融管理局").real


def test_the_provinces_office_and_the_central_branch_are_two() -> None:
    assert changes("省金融监管局", "辽宁金融监管局") == UnitChanges(("辽宁金融监管局",), ("省金融监管局",), ())
    assert changes("省金融管理局", "辽宁金融监管局").real
