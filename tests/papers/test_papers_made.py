"""The papers of a consultation, made from its rows on each of the two stores and read back by other programs."""

import io
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.dispositions.kinds import DispositionKind as K
from app.kit.errors import Unprocessable
from app.papers import actions, making, standing
from app.papers.actions import Place
from app.papers.filling import Outcome
from app.papers.kinds import PaperFormat, PaperKind
from app.papers.lines import HEADINGS
from app.papers.making import NOT_READ, Paper
from app.papers.replies import NOBODY_ASKED
from app.papers.words import outcome_words
from app.reporting.result_rows import ResultRow, result_rows
from app.soundings.lifecycle import Adoption
from app.soundings.replying import Wording
from tests.support import outcomes, sounding
from tests.support.journey import START, World, approved_suggestion, submit

SAID = "请写明周末开放时间。联系人：张三，电话13900000007。"
OVER = START + timedelta(days=31)
EVERYTHING = "{{开始：各条意见}}\n{{序号}}|{{条目}}|{{意见}}|{{办理结果}}|{{理由}}\n{{结束：各条意见}}"


def paper(session: Session, world: World, at: datetime = OVER, *, with_organs: bool = True) -> Paper:
    row = session.get_one(Consultation, world.consultation.id)
    return Paper(row, standing.of_consultation(session, row, at, with_organs=with_organs), world.vault)


def table(world: World, at: datetime = OVER, *, with_organs: bool = True) -> openpyxl.Workbook:
    file = io.BytesIO()
    with world.database.reading() as session:
        made = paper(session, world, at, with_organs=with_organs)
        making.summary(session, made, PaperFormat.XLSX, file, Path("/tmp"))
    return openpyxl.load_workbook(file)


def rows_in(book: openpyxl.Workbook, name: str) -> list[tuple[object, ...]]:
    """The rows below the headings, those notes too that stand below the table."""
    values = [tuple(cell or "" for cell in row) for row in book[name].iter_rows(values_only=True)]
    return values[values.index(HEADINGS) + 1 :]


def document(world: World, kind: PaperKind, at: datetime = OVER) -> docx.document.Document:
    file = io.BytesIO()
    with world.database.reading() as session:
        made = paper(session, world, at)
        if kind is PaperKind.SUMMARY:
            making.summary(session, made, PaperFormat.DOCX, file, Path("/tmp"))
        else:
            making.explanation(session, made, file)
    return docx.Document(file)


def write(world: World, kind: PaperKind, text: str, own_words_up_to: int = 0) -> None:
    with world.database.writing() as session:
        place = Place(kind, world.consultation.id)
        actions.write_template(session, world.staff.manager, START, place, 0, text, own_words_up_to)


def filled(world: World) -> World:
    """Suggestions adopted, not adopted and still to be confirmed; one organ with an opinion, and a silent one."""
    first = approved_suggestion(world, text="=周末开放", clause=world.clauses[0], people=(1, 2), comment=SAID)
    second = approved_suggestion(world, text="增加\x0b餐补", clause=world.clauses[0], people=(3,))
    outcomes.answered(world, first)
    outcomes.answered(world, second, K.NOT_ADOPTED, "财力所限。")
    outcomes.confirmed(world, first, second)
    outcomes.answered(world, approved_suggestion(world, text="总体赞成", people=(4,)), K.NOTED, "供参考")
    letter = sounding.sent(world)
    asked, _ = sounding.organs(world, letter)
    sounding.replied(world, asked, [Wording("请核减经费", "删去“全额”", world.clauses[0].id)])
    sounding.handled(world, sounding.opinions_of(world, asked)[0], Adoption.PARTLY_ADOPTED, "已核减一半")
    return world


@pytest.fixture
def told(world: World) -> World:
    return filled(world)


@pytest.fixture
def here(sqlite_world: World) -> World:
    return filled(sqlite_world)


def test_every_opinion_stands_in_the_table_and_of_persons_nothing_but_a_masked_name(told: World) -> None:
    book = table(told)
    clause = "一、增加助餐点"
    assert rows_in(book, "公众意见") == [
        (1, "测*乙、测*丙", clause, "=周末开放", "采纳", "", ""),
        (2, "测*丁", clause, "增加\ufffd餐补", "未采纳", "财力所限。", ""),
        (3, "测*戊", "总体意见", "总体赞成", "尚未确认", "", ""),
    ]
    organ = (1, "辽宁省财政厅", clause, "请核减经费\n建议修改为：删去“全额”", "部分采纳", "已核减一半", "")
    found = rows_in(book, "部门意见")
    assert found[0] == organ
    assert "提出意见1个（辽宁省财政厅）；逾期未回复1个（外地某研究中心）" in str(found[1][0])
    whole = "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert [word for word in ("测试甲", "测试乙", "13900000007", "example.com") if word in whole] == []


def test_the_docx_holds_the_same_rows_as_the_xlsx(here: World) -> None:
    book, paper_of_words = table(here), document(here, PaperKind.SUMMARY)
    public, organs = paper_of_words.tables
    for found, name in ((public, "公众意见"), (organs, "部门意见")):
        rows = [tuple(cell.text for cell in row.cells) for row in found.rows]
        assert rows[0] == HEADINGS
        expected = [tuple(map(str, row)) for row in rows_in(book, name) if isinstance(row[0], int)]
        assert rows[1:] == expected
    words = [one.text for one in paper_of_words.paragraphs if one.text]
    assert words[0] == "《关于推进社区老年助餐服务的若干措施（征求意见稿）》征求意见汇总表"
    assert [one for one in words if one[:2] in ("一、", "二、")] == ["一、公众意见", "二、部门意见"]


def test_a_paper_before_everything_is_confirmed_says_so_below_its_title(here: World) -> None:
    words = [one.text for one in document(here, PaperKind.SUMMARY).paragraphs if one.text]
    assert words[2].startswith("（阶段性材料：截至")
    assert words[2].endswith("1条意见的办理结果尚未确认，所列情况以最终确认为准）")
    early = [one.text for one in document(here, PaperKind.EXPLANATION, START).paragraphs if one.text]
    assert "征求意见尚未结束" in early[1]
    assert "1个单位尚未回复" in early[1]
    last = [row.suggestion_id for row in all_rows(here) if row.disposition is None]
    outcomes.confirmed(here, *last)
    assert not any("阶段性" in one.text for one in document(here, PaperKind.SUMMARY).paragraphs)
    assert not any("阶段性" in one.text for one in document(here, PaperKind.EXPLANATION).paragraphs)


def test_the_explanations_numbers_are_those_of_the_rows(told: World) -> None:
    counts: Counter[Outcome] = Counter(row.disposition for row in all_rows(told))
    words = "\n".join(one.text for one in document(told, PaperKind.EXPLANATION).paragraphs)
    assert "共收到意见4份（网上填报4份），其中受理4份，经归纳整理形成意见3条。" in words
    said = "、".join(f"{outcome_words(kind)}{counts[kind]}条" for kind in (K.ADOPTED, K.NOT_ADOPTED, None))
    assert f"3条意见的办理情况为：{said}。" in words
    assert "（二）未采纳1条\n主要理由：财力所限。" in words
    assert "一、增加助餐点：2条，其中采纳1条、未采纳1条。" in words


def test_a_template_can_list_every_opinion(here: World) -> None:
    write(here, PaperKind.EXPLANATION, EVERYTHING)
    listed = [one.text.split("|") for one in document(here, PaperKind.EXPLANATION).paragraphs]
    assert [(line[0], line[3], line[4]) for line in listed] == [
        ("1", "采纳", ""),
        ("2", "未采纳", "财力所限。"),
        ("3", "尚未确认", ""),
    ]


def test_own_words_stand_masked_below_the_edited_ones_where_the_template_asks(here: World) -> None:
    write(here, PaperKind.SUMMARY, "【标题】表", own_words_up_to=1)
    found = [str(row[3]) for row in rows_in(table(here), "公众意见")]
    assert "原文：" not in found[0], "two submissions are more than one"
    assert found[1].startswith("增加\ufffd餐补\n原文：")
    with here.database.writing() as session:
        place = Place(PaperKind.SUMMARY, here.consultation.id)
        actions.write_template(session, here.staff.manager, START, place, 1, "【标题】表", 2)
    own = str(rows_in(table(here), "公众意见")[0][3]).split("\n")
    assert own[0] == "=周末开放"
    assert set(own[1:]) == {"原文：请写明周末开放时间。联系人：***，电话***。"}


def test_who_may_not_read_organs_opinions_gets_a_paper_without_them(here: World) -> None:
    book = table(here, with_organs=False)
    assert [row[0] for row in rows_in(book, "部门意见")] == [NOT_READ]
    assert len(rows_in(book, "公众意见")) == 3


def test_where_nothing_came_the_papers_say_so(sqlite_world: World) -> None:
    nothing = "征求意见期间，未收到社会公众的意见。"
    book = table(sqlite_world)
    assert [row[0] for row in rows_in(book, "公众意见")] == [nothing]
    assert [row[0] for row in rows_in(book, "部门意见")] == [NOBODY_ASKED]
    assert nothing in [one.text for one in document(sqlite_world, PaperKind.EXPLANATION).paragraphs]
    submit(sqlite_world)
    assert "共收到意见1份，尚未形成意见条目。" in [row[0] for row in rows_in(table(sqlite_world), "公众意见")]
    words = "\n".join(one.text for one in document(sqlite_world, PaperKind.EXPLANATION).paragraphs)
    assert "共收到意见1份（网上填报1份），其中受理0份。" in words
    assert nothing not in words


def test_more_rows_than_a_file_bears_are_refused(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_LISTED", 3)
    with pytest.raises(Unprocessable) as refused:
        document(here, PaperKind.SUMMARY)
    assert refused.value.code == "paper_too_many_rows"
    assert len(rows_in(table(here), "公众意见")) == 3


def all_rows(world: World) -> list[ResultRow]:
    with world.database.reading() as session:
        return list(result_rows(session, world.consultation.id, released_only=False))
