"""An organisation's name, kind and 统一社会信用代码 (GB 32100-2015)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from app.submissions.organisation import (
    OrganisationType,
    check_credit_code,
    check_organisation_name,
    check_organisation_type,
)
from app.submissions.problems import Problem, ProblemCode
from tests.support.numbers import CODE_ALPHABET, credit_code

CODE = credit_code("9121010000000000A")
BODIES = st.text(CODE_ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "entered",
    [
        CODE,
        CODE.lower(),
        f" {CODE[:8]} {CODE[8:]} ",
        f"{CODE[:2]}-{CODE[2:8]}—{CODE[8:]}",
        "".join(chr(ord(character) + 0xFEE0) for character in CODE),
        f"\u200b{CODE}\ufeff",
    ],
)
def test_ways_of_typing_a_code_are_put_right(entered: str) -> None:
    assert check_credit_code(entered) == CODE


@pytest.mark.parametrize(
    ("entered", "code", "params"),
    [
        ("", ProblemCode.CREDIT_CODE_REQUIRED, {}),
        (" \u200b", ProblemCode.CREDIT_CODE_REQUIRED, {}),
        (CODE[:-1], ProblemCode.CREDIT_CODE_LENGTH, {"given": 17, "expected": 18}),
        (CODE + "0", ProblemCode.CREDIT_CODE_LENGTH, {"given": 19, "expected": 18}),
        ("210100000000000", ProblemCode.CREDIT_CODE_LENGTH, {"given": 15, "expected": 18}),
        ("O" + CODE[1:], ProblemCode.CREDIT_CODE_CHARACTERS, {"character": "O"}),
        ("号" + CODE[1:], ProblemCode.CREDIT_CODE_CHARACTERS, {"character": "号"}),
    ],
)
def test_each_wrong_code_has_its_own_problem(entered: str, code: ProblemCode, params: dict[str, object]) -> None:
    assert check_credit_code(entered) == Problem(code, params)  # type: ignore[arg-type]


@given(BODIES)
def test_a_made_code_is_accepted_whatever_its_register_and_place(body: str) -> None:
    assert check_credit_code(credit_code(body)) == credit_code(body)


@given(BODIES, st.integers(0, 17), st.sampled_from(CODE_ALPHABET))
def test_one_wrong_character_is_always_caught(body: str, place: int, other: str) -> None:
    code = credit_code(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert (check_credit_code(wrong) == wrong) is (wrong == code)


@given(BODIES, st.integers(0, 16))
def test_two_neighbours_changed_over_are_always_caught(body: str, place: int) -> None:
    code = credit_code(body)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (check_credit_code(wrong) == wrong) is (wrong == code)


@given(st.from_regex(r"\A[0-9]{8}\Z"), st.text(CODE_ALPHABET, min_size=9, max_size=9), st.sampled_from(CODE_ALPHABET))
def test_the_check_agrees_with_python_stdnum_on_codes_that_begin_with_digits(
    head: str, subject: str, last: str
) -> None:
    code = head + subject + last
    assert (check_credit_code(code) == code) is uscc.is_valid(code)
    assert check_credit_code(head + subject + uscc.calc_check_digit(head + subject)) == credit_code(head + subject)


@pytest.mark.parametrize("head", ["Y1", "N2", "A1"])
def test_registers_that_begin_with_a_letter_are_accepted_where_python_stdnum_refuses_them(head: str) -> None:
    """GB 32100-2015 gives letters to registers (other bodies, village collectives, the army)."""
    code = credit_code(f"{head}210100000000000")
    assert check_credit_code(code) == code
    assert not uscc.is_valid(code)


@pytest.mark.parametrize(
    ("entered", "name"),
    [
        (" 沈阳示例　餐饮有限公司 ", "沈阳示例餐饮有限公司"),
        ("沈阳示例（集团）有限公司", "沈阳示例（集团）有限公司"),
        ("Example Trading (Shenyang) Co., Ltd.", "Example Trading (Shenyang) Co., Ltd."),
        ("𠮷\u202e野屋", "𠮷野屋"),
        ("名" * 100, "名" * 100),
    ],
)
def test_names_of_organisations_are_made_alike(entered: str, name: str) -> None:
    assert check_organisation_name(entered) == name


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ("\u200d \u3000", Problem(ProblemCode.ORGANISATION_NAME_REQUIRED)),
        ("名" * 101, Problem(ProblemCode.ORGANISATION_NAME_LENGTH, {"given": 101, "limit": 100})),
        ("12345", Problem(ProblemCode.ORGANISATION_NAME_NO_LETTERS)),
    ],
)
def test_what_is_no_name_of_an_organisation_is_refused(entered: str, problem: Problem) -> None:
    assert check_organisation_name(entered) == problem


def test_a_kind_of_organisation_is_one_of_the_list() -> None:
    assert check_organisation_type(" enterprise ") is OrganisationType.ENTERPRISE
    for entered in ("", "企业", "ENTERPRISE"):
        assert check_organisation_type(entered) == Problem(ProblemCode.ORGANISATION_TYPE_REQUIRED)
