"""Title, comment, occupation, telephone, e-mail and consent as people type them, and the form as a whole."""

import unicodedata
from datetime import date

import pytest
from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from app.submissions.fields import (
    OCCUPATIONS,
    USUAL_EMAIL,
    Entry,
    check_comment,
    check_consent,
    check_email,
    check_entry,
    check_occupation,
    check_title,
)
from app.submissions.organisation import SubmitterKind
from app.submissions.phone import check_phone
from app.submissions.problems import Problem, ProblemCode
from app.submissions.submitter import Identity

TODAY = date(2026, 11, 22)
WHOLE = {
    "title": "关于清雪时限的建议",
    "name": "阿力木．买买提",
    "id_number": "21010219500101005x",
    "occupation": "退（离）休人员",
    "phone": "１３９－１２３４－５６７８",
    "email": " reader＠Demo.Example.CN ",
    "comment": "建议写明谁来清。\r\n\r\n谢谢！",
    "consent": "yes",
}


@pytest.mark.parametrize(
    ("entered", "number"),
    [
        ("13912345678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("139-1234-5678", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("+86 139 1234 5678", "13912345678"),
        ("+86-13912345678", "13912345678"),
        ("（＋８６）13912345678", "13912345678"),
        ("0086 13912345678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("16612345678", "16612345678"),
        ("17012345678", "17012345678"),
        ("19212345678", "19212345678"),
        ("19712345678", "19712345678"),
        ("19912345678", "19912345678"),
        ("13912345678转1234", "13912345678-1234"),
        ("(024)86001234", "024-86001234"),
        ("（０２４）８６００１２３４", "024-86001234"),
        ("024）86001234", "024-86001234"),
        ("024-86001234", "024-86001234"),
        ("024—8600 1234", "024-86001234"),
        ("024-8600-1234", "024-86001234"),
        ("02486001234", "024-86001234"),
        ("+86 24 86001234", "024-86001234"),
        ("+86 (0)24 86001234", "024-86001234"),
        ("+86 10 62345678", "010-62345678"),
        ("0411-82345678", "0411-82345678"),
        ("0412-2212345", "0412-2212345"),
        ("024-86001234转801", "024-86001234-801"),
        ("024-86001234 转 801", "024-86001234-801"),
        ("024-86001234（转801）", "024-86001234-801"),
        ("024-86001234-801", "024-86001234-801"),
        ("(024)86001234-801", "024-86001234-801"),
        ("02486001234-801", "024-86001234-801"),
        ("0412-2212345-8", "0412-2212345-8"),
        ("024-86001234 ext. 801", "024-86001234-801"),
        ("024-86001234分机801", "024-86001234-801"),
        ("+852 9123 4567", "+85291234567"),
        ("00852-91234567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+886 0912 345 678", "+886912345678"),
        ("+886-2-2345-6789", "+886223456789"),
        ("+44 20 7946 0018", "+442079460018"),
    ],
)
def test_phone_numbers_are_made_alike(entered: str, number: str) -> None:
    assert check_phone(entered) == number
    assert check_phone(number) == number


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ("", Problem(ProblemCode.PHONE_REQUIRED)),
        (" \u200b\u3000", Problem(ProblemCode.PHONE_REQUIRED)),
        ("没有电话", Problem(ProblemCode.PHONE_CHARACTERS, {"character": "没"})),
        ("1391234567八", Problem(ProblemCode.PHONE_CHARACTERS, {"character": "八"})),
        ("13912345678/13812345678", Problem(ProblemCode.PHONE_SEVERAL)),
        ("13912345678，024-86001234", Problem(ProblemCode.PHONE_SEVERAL)),
        ("13912345678 或 (024)86001234", Problem(ProblemCode.PHONE_SEVERAL)),
        ("1391234567", Problem(ProblemCode.PHONE_MOBILE_LENGTH, {"given": 10, "expected": 11})),
        ("139123456789", Problem(ProblemCode.PHONE_MOBILE_LENGTH, {"given": 12, "expected": 11})),
        (
            "86001234",
            Problem(ProblemCode.PHONE_AREA_CODE_MISSING, {"local": "86001234", "area_code": "024"}),
        ),
        ("2393591", Problem(ProblemCode.PHONE_AREA_CODE_MISSING, {"local": "2393591", "area_code": "0412"})),
        ("024-2393591", Problem(ProblemCode.PHONE_LANDLINE_LENGTH, {"area_code": "024", "given": 7})),
        ("0411-823456789", Problem(ProblemCode.PHONE_LANDLINE_LENGTH, {"area_code": "0411", "given": 9})),
        ("12345", Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": "12345"})),
        ("110", Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": "110"})),
        ("400-123-4567", Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": "4001234567"})),
        ("95598", Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": "95598"})),
        ("1064812345678", Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": "1064812345678"})),
        ("024-13935916", Problem(ProblemCode.PHONE_INVALID, {"given": 11})),
        ("+852 123", Problem(ProblemCode.PHONE_INVALID, {"given": 6})),
        ("12", Problem(ProblemCode.PHONE_INVALID, {"given": 2})),
        ("1" * 200_000, Problem(ProblemCode.PHONE_INVALID, {"given": 200_000})),
        ("()", Problem(ProblemCode.PHONE_INVALID, {"given": 0})),
    ],
)
def test_each_wrong_phone_number_has_its_own_code(entered: str, problem: Problem) -> None:
    assert check_phone(entered) == problem


def test_the_area_code_offered_is_the_callers() -> None:
    problem = check_phone("82345678", area_code="0411")
    assert problem == Problem(ProblemCode.PHONE_AREA_CODE_MISSING, {"local": "82345678", "area_code": "0411"})


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"), st.sampled_from(["", " ", "-", "－", "\u3000", "·"]))
def test_every_mobile_number_is_accepted_in_every_grouping(number: str, separator: str) -> None:
    assert check_phone(separator.join((number[:3], number[3:7], number[7:]))) == number


@given(st.text(alphabet="0123456789+-() 转x/１（", max_size=30))
def test_an_accepted_phone_number_is_stable(entered: str) -> None:
    number = check_phone(entered)
    if isinstance(number, str):
        assert check_phone(number) == number


@pytest.mark.parametrize(
    ("entered", "address"),
    [
        ("reader@demo.example.cn", "reader@demo.example.cn"),
        (" reader@demo.example.cn\n", "reader@demo.example.cn"),
        ("Reader@DEMO.example.CN", "Reader@demo.example.cn"),
        ("ｒｅａｄｅｒ＠ｄｅｍｏ．ｅｘａｍｐｌｅ．ｃｎ", "reader@demo.example.cn"),
        ("reader@demo。example。cn", "reader@demo.example.cn"),
        ("10001+1@example.com", "10001+1@example.com"),
        ("读者@例子.中国", "读者@例子.中国"),
    ],
)
def test_addresses_are_made_alike(entered: str, address: str) -> None:
    assert check_email(entered) == address


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ("", Problem(ProblemCode.EMAIL_REQUIRED)),
        ("\u3000", Problem(ProblemCode.EMAIL_REQUIRED)),
        ("reader.example.cn", Problem(ProblemCode.EMAIL_NO_AT)),
        ("reader@@example.cn", Problem(ProblemCode.EMAIL_INVALID)),
        ("reader@example", Problem(ProblemCode.EMAIL_INVALID)),
        ("rea der@example.cn", Problem(ProblemCode.EMAIL_INVALID)),
        ("@example.cn", Problem(ProblemCode.EMAIL_INVALID)),
        ("<reader@example.cn>", Problem(ProblemCode.EMAIL_INVALID)),
        ("a" * 250 + "@b.cn", Problem(ProblemCode.EMAIL_LENGTH, {"given": 255, "limit": 254})),
    ],
)
def test_each_wrong_address_has_its_own_code(entered: str, problem: Problem) -> None:
    assert check_email(entered) == problem


@given(st.emails())
def test_accepted_addresses_are_stable(entered: str) -> None:
    address = check_email(entered)
    if isinstance(address, str):
        assert check_email(address) == address


@given(st.from_regex(USUAL_EMAIL, fullmatch=True))
def test_an_address_of_the_usual_form_is_one_that_the_library_leaves_as_it_is(address: str) -> None:
    assert validate_email(address, check_deliverability=False).normalized == address == check_email(address)


def test_the_column_has_seventeen_occupations() -> None:
    assert len(OCCUPATIONS) == len(set(OCCUPATIONS)) == 17
    assert [check_occupation(occupation) for occupation in OCCUPATIONS] == list(OCCUPATIONS)


@pytest.mark.parametrize("entered", ["退(离)休人员", "退（离）休人员", "退（离)休人员", " 退(离)休人员 "])
def test_brackets_of_an_occupation_may_be_full_width(entered: str) -> None:
    assert check_occupation(entered) == "退(离)休人员"


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        ("", ProblemCode.OCCUPATION_REQUIRED),
        ("请选择", ProblemCode.OCCUPATION_REQUIRED),
        ("公务", ProblemCode.OCCUPATION_UNKNOWN),
        ("宇航员", ProblemCode.OCCUPATION_UNKNOWN),
    ],
)
def test_other_occupations_are_refused(entered: str, code: ProblemCode) -> None:
    assert check_occupation(entered) == Problem(code)


@pytest.mark.parametrize(
    ("entered", "title"),
    [
        ("  关于\r\n清雪\t的建议\u3000", "关于 清雪 的建议"),
        ("支持👍🏽", "支持👍🏽"),
        ("a\u202eb\u0000c", "abc"),
        ("e\u0301", "é"),
        ("题" * 100, "题" * 100),
        ("𠮷" * 100, "𠮷" * 100),
    ],
)
def test_titles_are_one_line(entered: str, title: str) -> None:
    assert check_title(entered) == title


@pytest.mark.parametrize("entered", ["", " \n", "\u200b\u200d", "\ufe0f"])
def test_a_title_or_comment_without_anything_to_see_is_missing(entered: str) -> None:
    assert check_title(entered) == Problem(ProblemCode.TITLE_REQUIRED)
    assert check_comment(entered) == Problem(ProblemCode.COMMENT_REQUIRED)


def test_a_title_ends_at_a_hundred() -> None:
    assert check_title("题" * 101) == Problem(ProblemCode.TITLE_LENGTH, {"given": 101, "limit": 100})


@pytest.mark.parametrize(
    ("entered", "comment"),
    [
        ("好", "好"),
        ("一\r\n二\r三\u2028四\u0085五", "一\n二\n三\n四\n五"),
        ("一\r\n\r\n\t二", "一\n\n\t二"),
        ("\n 好 \n", "好"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("a\u2066b\u2069\ufeffc\ud800", "abc"),
        ("𠮷" * 10_000, "𠮷" * 10_000),
        ("字\r\n" * 5_000, ("字\n" * 5_000).strip()),
    ],
)
def test_comments_keep_their_lines(entered: str, comment: str) -> None:
    assert check_comment(entered) == comment


def test_a_comment_ends_at_ten_thousand() -> None:
    too_long = check_comment("字" * 10_001)
    assert too_long == Problem(ProblemCode.COMMENT_LENGTH, {"given": 10_001, "limit": 10_000})


@given(st.text(max_size=200))
@example("\u200d\n")
def test_accepted_texts_are_stable_composed_and_without_hidden_marks(entered: str) -> None:
    for check in (check_comment, check_title):
        text = check(entered)
        if isinstance(text, str):
            assert check(text) == text
            assert text == unicodedata.normalize("NFC", text)
            hidden = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"}}
            assert hidden <= set("\n\t\u200c\u200d")


@pytest.mark.parametrize("entered", ["", "no", "YES", "on", "yes "])
def test_only_the_boxs_own_value_is_consent(entered: str) -> None:
    assert check_consent("yes") == "yes"
    assert check_consent(entered) == Problem(ProblemCode.CONSENT_REQUIRED)


def test_a_whole_form_is_accepted_in_stored_form() -> None:
    entry = check_entry(WHOLE, TODAY)
    assert isinstance(entry, Entry)
    assert entry.submitter_kind is SubmitterKind.INDIVIDUAL
    assert entry.identity == Identity("阿力木·买买提", "21010219500101005X", "13912345678", "reader@demo.example.cn")
    assert (entry.occupation, entry.organisation_type) == ("退(离)休人员", None)
    assert entry.comment == "建议写明谁来清。\n\n谢谢！"


def test_an_empty_form_names_every_field_in_order_as_required() -> None:
    problems = check_entry({}, TODAY)
    assert isinstance(problems, dict)
    assert list(problems) == list(WHOLE)
    assert [problem.code.value for problem in problems.values()] == [f"{field}.required" for field in WHOLE]


@pytest.mark.parametrize("field", WHOLE)
def test_one_missing_field_is_the_only_problem(field: str) -> None:
    assert check_entry(WHOLE | {field: ""}, TODAY) == {field: Problem(ProblemCode(f"{field}.required"))}
