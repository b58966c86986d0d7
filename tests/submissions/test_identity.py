"""Names and document numbers as people type them."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import ric

from app.masking.check_digits import citizen_check_character
from app.submissions.identity import (
    INTERPUNCT,
    DocumentKind,
    DocumentNumber,
    check_id_number,
    check_name,
    mask_id_number,
    mask_name,
)
from app.submissions.problems import Problem, ProblemCode

TODAY = date(2026, 11, 22)


def accepted(entered: str) -> DocumentNumber:
    result = check_id_number(entered, TODAY)
    assert isinstance(result, DocumentNumber), result
    return result


def refused(entered: str) -> Problem:
    result = check_id_number(entered, TODAY)
    assert isinstance(result, Problem), result
    return result


@pytest.mark.parametrize(
    ("entered", "born"),
    [
        ("210102193803150119", date(1938, 3, 15)),
        ("210202199012310131", date(1990, 12, 31)),
        ("21010219500101005X", date(1950, 1, 1)),
        ("210102195001010017", date(1950, 1, 1)),
        ("210102200002290018", date(2000, 2, 29)),
        ("360426199101010071", date(1991, 1, 1)),
        ("44011320141005001X", date(2014, 10, 5)),
        ("120103198806018241", date(1988, 6, 1)),
        ("110101202311012176", date(2023, 11, 1)),
    ],
)
def test_resident_numbers_are_accepted_with_their_date(entered: str, born: date) -> None:
    assert accepted(entered) == DocumentNumber(entered, DocumentKind.RESIDENT, born)


@pytest.mark.parametrize(
    ("entered", "kind"),
    [
        ("810000199001010019", DocumentKind.HONG_KONG),
        ("820000199001010029", DocumentKind.MACAU),
        ("830000199001010039", DocumentKind.TAIWAN),
        ("92184019900101001X", DocumentKind.FOREIGN_PERMANENT),
    ],
)
def test_other_cards_of_eighteen_are_accepted(entered: str, kind: DocumentKind) -> None:
    assert accepted(entered) == DocumentNumber(entered, kind, date(1990, 1, 1))


@pytest.mark.parametrize(
    "entered",
    [
        "21010219500101005x",
        "21010219500101005×",
        "２１０１０２１９５００１０１００５Ｘ",
        "210102 19500101 005X",
        "210102\u300019500101\u3000005x",
        "210102-19500101-005X",
        "210102－19500101—005x",
        " 21010219500101005X\n",
        "2101\u200b0219500101\u202e005X",
    ],
)
def test_ways_of_typing_are_put_right(entered: str) -> None:
    assert accepted(entered).number == "21010219500101005X"


@pytest.mark.parametrize(
    ("entered", "code", "params"),
    [
        ("", ProblemCode.ID_NUMBER_REQUIRED, {}),
        (" \u3000\u200b-", ProblemCode.ID_NUMBER_REQUIRED, {}),
        ("360426199101010072", ProblemCode.ID_NUMBER_CHECK, {}),
        ("210102199002300014", ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": "19900230"}),
        ("210102190002290018", ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": "19000229"}),
        ("360426199113010079", ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": "19911301"}),
        ("210102000001010017", ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": "00000101"}),
        ("210102209901010017", ProblemCode.ID_NUMBER_BIRTH_IN_FUTURE, {"given": "2099-01-01"}),
        ("210102179901010017", ProblemCode.ID_NUMBER_BIRTH_TOO_EARLY, {"given": "1799-01-01"}),
        ("210102500101001", ProblemCode.ID_NUMBER_OLD_FIFTEEN, {}),
        ("２１０１０２　５００１０１　００１", ProblemCode.ID_NUMBER_OLD_FIFTEEN, {}),
        ("21010219380315011", ProblemCode.ID_NUMBER_LENGTH, {"given": 17, "expected": 18}),
        ("2101021938031501190", ProblemCode.ID_NUMBER_LENGTH, {"given": 19, "expected": 18}),
        ("2", ProblemCode.ID_NUMBER_LENGTH, {"given": 1, "expected": 18}),
        ("2101021950010100X5", ProblemCode.ID_NUMBER_CHARACTERS, {"character": "X"}),
        ("21010219500101O05X", ProblemCode.ID_NUMBER_CHARACTERS, {"character": "O"}),
        ("不想填", ProblemCode.ID_NUMBER_CHARACTERS, {"character": "不"}),
        ("٢١٠١٠٢١٩٥٠٠١٠١٠٠٥X", ProblemCode.ID_NUMBER_CHARACTERS, {"character": "٢"}),
        ("USA21019013010", ProblemCode.ID_NUMBER_CHARACTERS, {"character": "U"}),
        ("USA210190130101", ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": "19901301"}),
    ],
)
def test_each_refusal_has_its_own_code(entered: str, code: ProblemCode, params: dict[str, object]) -> None:
    assert refused(entered) == Problem(code, params)  # type: ignore[arg-type]


def test_the_older_foreign_form_is_accepted() -> None:
    number = accepted("usa 2101 900101 01")
    assert number == DocumentNumber("USA210190010101", DocumentKind.FOREIGN_PERMANENT, date(1990, 1, 1))


def test_two_digits_of_a_year_are_read_as_the_latest_that_has_begun() -> None:
    assert accepted("USA210126010101").birth_date == date(2026, 1, 1)
    assert accepted("USA210127010101").birth_date == date(1927, 1, 1)


def test_someone_born_today_is_accepted_and_someone_born_tomorrow_is_not() -> None:
    assert accepted(_numbered("210102", TODAY, "001")).birth_date == TODAY
    assert refused(_numbered("210102", TODAY + timedelta(1), "001")).code is ProblemCode.ID_NUMBER_BIRTH_IN_FUTURE


def _numbered(area: str, born: date, order: str) -> str:
    first = f"{area}{born:%Y%m%d}{order}"
    return first + citizen_check_character(first)


DATES = st.dates(date(1900, 1, 1), TODAY)
ORDERS = st.from_regex(r"\A[0-9]{3}\Z")


@given(st.from_regex(r"\A[0-9]{6}\Z"), DATES, ORDERS)
def test_an_area_code_never_refuses(area: str, born: date, order: str) -> None:
    assert accepted(_numbered(area, born, order)).birth_date == born


@given(DATES, ORDERS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(born: date, order: str, place: int, step: int) -> None:
    """What ISO 7064 MOD 11-2 promises: any single substitution is seen."""
    number = _numbered("210102", born, order)
    character = number[place]
    wrong = "0" if character == "X" else str((int(character) + step) % 10)
    assert isinstance(check_id_number(number[:place] + wrong + number[place + 1 :], TODAY), Problem)


@given(st.from_regex(r"\A[0-9]{17}\Z"))
def test_the_check_character_agrees_with_python_stdnum(first: str) -> None:
    assert citizen_check_character(first) == ric.calc_check_digit(f"{first}0")


@given(st.from_regex(r"\A(21010[2-6]|21020[2-4]|1101(0[1-2]|05))\Z"), st.dates(date(1984, 1, 1), TODAY), ORDERS)
def test_the_date_agrees_with_python_stdnum(area: str, born: date, order: str) -> None:
    number = _numbered(area, born, order)
    assert accepted(number).birth_date == ric.get_birth_date(number)


@pytest.mark.parametrize(
    "number",
    ["210102195001010017", "810000199001010019", "830000199001010039", "92184019900101001X", "210102 19500101 005X"],
    ids=["an old resident of Shenyang", "Hong Kong", "Taiwan", "a foreign resident", "with spaces"],
)
def test_python_stdnum_refuses_people_whom_the_column_hears(number: str) -> None:
    """Its list of places begins in the eighties, and knows no cards but those of the mainland's citizens."""
    assert not ric.is_valid(number)
    assert isinstance(check_id_number(number, TODAY), DocumentNumber)


def test_python_stdnum_accepts_somebody_who_is_not_born_yet() -> None:
    number = _numbered("210102", date(2099, 1, 1), "001")
    assert ric.is_valid(number)
    assert refused(number).code is ProblemCode.ID_NUMBER_BIRTH_IN_FUTURE


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_and_an_accepted_number_is_stable(entered: str) -> None:
    result = check_id_number(entered, TODAY)
    if isinstance(result, DocumentNumber):
        assert check_id_number(result.number, TODAY) == result


@pytest.mark.parametrize(
    ("entered", "name"),
    [
        ("张三", "张三"),
        (" 张　三 ", "张三"),
        ("张 三丰", "张三丰"),
        ("阿力木•买买提", "阿力木·买买提"),
        ("阿力木‧买买提", "阿力木·买买提"),
        ("阿力木・买买提", "阿力木·买买提"),
        ("阿力木．买买提", "阿力木·买买提"),
        ("阿力木.买买提", "阿力木·买买提"),
        ("阿力木●买买提", "阿力木·买买提"),
        ("·阿力木·．买买提.", "阿力木·买买提"),
        ("阿力木 · 买买提", "阿力木·买买提"),
        ("阿力木・买买提．吐尔逊", "阿力木·买买提·吐尔逊"),
        ("㐂山", "㐂山"),
        ("王䶮", "王䶮"),
        ("𠮷野", "𠮷野"),
        ("王𬭎", "王𬭎"),
        ("李\U00031350", "李\U00031350"),
        ("李\U0002ebf0", "李\U0002ebf0"),
        ("李\ue863", "李\ue863"),
        ("王〇", "王〇"),
        ("难", "难"),
        ("John F. Kennedy", "John F. Kennedy"),
        ("Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith"),
        ("Jose\u0301", "José"),
        ("O'Neil-Smith", "O'Neil-Smith"),
        ("김철수", "김철수"),
        ("张\u202e三\u0007", "张三"),
        ("张\u200d三", "张三"),
        ("Ng", "Ng"),
    ],
)
def test_names_are_made_alike(entered: str, name: str) -> None:
    assert check_name(entered) == name


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ("", Problem(ProblemCode.NAME_REQUIRED)),
        ("\u3000\u200b\u202e", Problem(ProblemCode.NAME_REQUIRED)),
        ("1234", Problem(ProblemCode.NAME_NO_LETTERS)),
        ("--", Problem(ProblemCode.NAME_NO_LETTERS)),
        ("·", Problem(ProblemCode.NAME_REQUIRED)),
        ("😀", Problem(ProblemCode.NAME_NO_LETTERS)),
        ("张三13912345678", Problem(ProblemCode.NAME_CONTAINS_NUMBER)),
        ("𠮷" * 51, Problem(ProblemCode.NAME_LENGTH, {"given": 51, "limit": 50})),
    ],
)
def test_what_is_no_name_is_refused(entered: str, problem: Problem) -> None:
    assert check_name(entered) == problem


def test_fifty_code_points_fit_whatever_their_width_in_bytes() -> None:
    assert check_name("𠮷" * 50) == "𠮷" * 50


@given(st.text(max_size=60))
@example("阿.\u3000. 买")
@example(". 张")
@example("张 \uff0e")
@example("\u0344张")
def test_an_accepted_name_is_stable_composed_and_visible(entered: str) -> None:
    name = check_name(entered)
    if isinstance(name, str):
        assert check_name(name) == name
        assert name == unicodedata.normalize("NFC", name)
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name)


@given(st.lists(st.sampled_from("阿力木买提𠮷䶮"), min_size=2, max_size=6), st.sampled_from("·•‧・．●.∙⋅･"))
def test_every_look_alike_between_han_becomes_the_interpunct(parts: list[str], dot: str) -> None:
    assert check_name(dot.join(parts)) == INTERPUNCT.join(parts)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("难", "*"),
        ("张三", "张*"),
        ("张国祥", "张*祥"),
        ("欧阳国祥", "欧阳**"),
        ("欧阳祥", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如·阿里", "司**"),
        ("国祥国祥", "国**"),
        ("阿力木·买买提", "阿**"),
        ("𠮷野𬭎", "𠮷*𬭎"),
        ("John Smith", "J**"),
        ("Ann", "A**"),
        ("Ng", "N*"),
        ("", "*"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(min_size=1, max_size=50))
def test_a_masked_name_never_shows_more_than_two_letters(entered: str) -> None:
    name = check_name(entered)
    if isinstance(name, str):
        masked = mask_name(name)
        assert masked != name or "*" in name
        assert len(masked.replace("*", "")) <= 2
        assert "*" in masked


def test_a_masked_number_shows_its_owner_both_ends() -> None:
    assert mask_id_number("210102193803150119") == "2101**********0119"
    assert mask_id_number("USA210190010101") == "USA2*******0101"
    assert mask_id_number("12345678") == "********"
