"""What templates may say: every mistake is named with its place, and no text at all does anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Unprocessable
from app.papers.fields import HOLDS, REPEATS, SAID
from app.papers.filling import Material, filled
from app.papers.kinds import PaperKind
from app.papers.language import LONGEST, REFUSALS, Field, Section, Words, kept, parsed
from app.papers.templates import houses_own

NOTHING = Material({name: "" for names in SAID.values() for name in names}, frozenset(HOLDS), {}, {}, {})
PIECES = (
    *(
        "{{",
        "}}",
        "{",
        "}",
        "｛｛",
        "｝｝",
        "\n",
        " ",
        "：",
        ":",
        "开始",
        "结束",
        "{{开始：",
        "{{结束：",
        "\x00",
        "\ud800",
    ),
    *REPEATS,
    *HOLDS,
    *("意见条数", "条款", "理由", "【标题】", "一、", "（一）", "其他文字。", "𬭎"),
    *(f"{{{{开始：{name}}}}}" for name in REPEATS),
    *(f"{{{{结束：{name}}}}}" for name in REPEATS),
)


@pytest.mark.parametrize(
    ("text", "code", "line", "name"),
    [
        ("第一行\n共{{意见总数}}条", "paper_unknown_field", 2, "意见总数"),
        ("{{}}", "paper_unknown_field", 1, ""),
        ("共{{意见条数}}条\n{{提出人}}", "paper_field_elsewhere", 2, "提出人"),
        ("{{开始：各条款}}{{提出人}}{{结束：各条款}}", "paper_field_elsewhere", 1, "提出人"),
        ("共{{意见条数条", "paper_brace_open", 1, "意见条数条"),
        ("共{{意见\n条数}}条", "paper_brace_open", 1, "意见"),
        ("共{{意见{{条数}}条", "paper_brace_open", 1, "意见{{条数}}条"),
        ("甲\n乙\n共意见条数}}条", "paper_brace_stray", 3, "共意见条数"),
        ("{{开始：各意见}}{{结束：各意见}}", "paper_unknown_section", 1, "各意见"),
        ("甲\n{{开始：各条款}}\n乙", "paper_section_open", 2, "各条款"),
        ("甲\n{{结束：各条款}}", "paper_section_stray", 2, "各条款"),
        ("{{开始：各条款}}{{开始：阶段性}}{{结束：各条款}}{{结束：阶段性}}", "paper_section_stray", 1, "各条款"),
        ("{{开始：各条款}}{{开始：各条款}}", "paper_section_elsewhere", 1, "各条款"),
        ("{{开始：各条意见}}{{开始：各办理结果}}", "paper_section_elsewhere", 1, "各办理结果"),
        ("{{开始：阶段性}}\n" * 6, "paper_too_deep", 6, "阶段性"),
        (" \n ", "paper_text_required", None, None),
        ("字" * (LONGEST + 1), "paper_text_too_long", None, None),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, code: str, line: int | None, name: str | None) -> None:
    with pytest.raises(Unprocessable) as refused:
        parsed(text)
    assert refused.value.code == code
    assert refused.value.code in REFUSALS
    assert (refused.value.details.get("line"), refused.value.details.get("name")) == (line, name)


def test_a_template_is_read_into_words_fields_and_sections() -> None:
    read = parsed("共{{ 意见条数 }}条：\n{{开始：各办理结果}}\n{{办理结果}}；\n{{结束：各办理结果}}\n完")
    inner = Section("各办理结果", (Field("办理结果"), Words("；\n")))
    assert read == (Words("共"), Field("意见条数"), Words("条：\n"), inner, Words("完"))


def test_braces_may_be_wide_and_the_colon_narrow() -> None:
    assert parsed("｛｛意见条数｝｝") == parsed("{{意见条数}}")
    assert parsed("{{开始: 阶段性}}甲{{结束:阶段性}}") == (Section("阶段性", (Words("甲"),)),)


def test_single_braces_are_words() -> None:
    assert parsed("{甲}") == (Words("{甲}"),)


@pytest.mark.parametrize("kind", list(PaperKind))
def test_what_the_house_begins_with_is_right(kind: PaperKind) -> None:
    own = houses_own(kind)
    assert kept(own.text) == own.text
    assert parsed(own.text)


def test_what_is_stored_has_no_characters_that_nobody_sees() -> None:
    assert kept("甲\x00\r\n乙\ud800 \r丙\u2028\n\n") == "甲\n乙\n丙"


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | st.text(max_size=200))
def test_any_text_is_read_and_filled_or_refused_by_name(text: str) -> None:
    assert refusal(text) in REFUSALS | {"paper_too_long", None}


def refusal(text: str) -> str | None:
    try:
        filled(parsed(kept(text)), NOTHING)
    except Unprocessable as refused:
        return refused.code
    return None
