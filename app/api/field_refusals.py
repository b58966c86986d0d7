"""What is wrong with a field of a comment that a trusted channel sends in, in both languages.

No message repeats what was sent: a number that is nearly right is personal data, too.
"""

from collections.abc import Mapping

from app.api.wording import Words
from app.kit.errors import Unprocessable
from app.submissions.problems import Problem, ProblemCode

C = ProblemCode
WORDS: dict[ProblemCode, Words] = {
    C.TITLE_REQUIRED: Words("The title has no visible character.", "标题没有可见文字。"),
    C.TITLE_LENGTH: Words("The title may have at most {limit} characters.", "标题不得超过 {limit} 字。"),
    C.NAME_REQUIRED: Words("The name has no visible character.", "姓名没有可见文字。"),
    C.NAME_LENGTH: Words("The name may have at most {limit} characters.", "姓名不得超过 {limit} 字。"),
    C.NAME_NO_LETTERS: Words("The name has no letter.", "姓名中没有文字。"),
    C.NAME_CONTAINS_NUMBER: Words("The name holds a number that belongs elsewhere.", "姓名中含有应填写在别处的号码。"),
    C.ID_NUMBER_REQUIRED: Words("The ID number has no visible character.", "身份证号码没有可见字符。"),
    C.ID_NUMBER_CHARACTERS: Words(
        "An ID number has only digits, and perhaps X at the end.", "身份证号码只能是数字，末位可以是 X。"
    ),
    C.ID_NUMBER_LENGTH: Words("An ID number has {expected} characters.", "身份证号码应为 {expected} 位。"),
    C.ID_NUMBER_OLD_FIFTEEN: Words("15-digit ID numbers are no longer valid.", "15 位身份证号码已停止使用。"),
    C.ID_NUMBER_BIRTH_DATE: Words(
        "The date of birth in the ID number does not exist.", "身份证号码中的出生日期不存在。"
    ),
    C.ID_NUMBER_BIRTH_IN_FUTURE: Words(
        "The date of birth in the ID number is in the future.", "身份证号码中的出生日期晚于今天。"
    ),
    C.ID_NUMBER_BIRTH_TOO_EARLY: Words(
        "The date of birth in the ID number is too long ago.", "身份证号码中的出生日期过早。"
    ),
    C.ID_NUMBER_CHECK: Words(
        "The last character of the ID number does not fit the others.", "身份证号码末位与前面各位不符。"
    ),
    C.OCCUPATION_REQUIRED: Words("Choose an occupation, or leave the field out.", "请选择职业，或不填此项。"),
    C.OCCUPATION_UNKNOWN: Words("The column's list has no such occupation.", "职业不在专栏的职业列表中。"),
    C.PHONE_REQUIRED: Words("The telephone number has no visible character.", "联系电话没有可见字符。"),
    C.PHONE_CHARACTERS: Words("The telephone number holds a character that none has.", "联系电话含有不应有的字符。"),
    C.PHONE_SEVERAL: Words("Only one telephone number is taken.", "只能填写一个联系电话。"),
    C.PHONE_MOBILE_LENGTH: Words("A mobile number has {expected} digits.", "手机号码应为 {expected} 位。"),
    C.PHONE_AREA_CODE_MISSING: Words("The area code before the number is missing.", "固定电话缺少区号。"),
    C.PHONE_LANDLINE_LENGTH: Words(
        "After the area code there should be 7 or 8 digits.", "区号之后应为 7 位或 8 位号码。"
    ),
    C.PHONE_SERVICE_NUMBER: Words(
        "Nobody can be told the outcome at a service number.", "服务热线号码无法用于告知办理结果。"
    ),
    C.PHONE_INVALID: Words("This is no telephone number.", "联系电话格式不正确。"),
    C.EMAIL_REQUIRED: Words("The e-mail address has no visible character.", "邮箱没有可见字符。"),
    C.EMAIL_LENGTH: Words("An e-mail address may have at most {limit} characters.", "邮箱不得超过 {limit} 个字符。"),
    C.EMAIL_NO_AT: Words("The e-mail address has no @.", "邮箱缺少 @。"),
    C.EMAIL_INVALID: Words("This is no complete e-mail address.", "邮箱格式不正确。"),
    C.ORGANISATION_NAME_REQUIRED: Words("The organisation's name has no visible character.", "单位名称没有可见文字。"),
    C.ORGANISATION_NAME_LENGTH: Words(
        "The organisation's name may have at most {limit} characters.", "单位名称不得超过 {limit} 字。"
    ),
    C.ORGANISATION_NAME_NO_LETTERS: Words("The organisation's name has no letter.", "单位名称中没有文字。"),
    C.ORGANISATION_TYPE_REQUIRED: Words("There is no such kind of organisation.", "单位类型不在列表中。"),
    C.CREDIT_CODE_REQUIRED: Words(
        "The unified social credit code has no visible character.", "统一社会信用代码没有可见字符。"
    ),
    C.CREDIT_CODE_CHARACTERS: Words(
        "A unified social credit code has digits and capital letters other than I, O, S, V and Z.",
        "统一社会信用代码只含数字和除 I、O、S、V、Z 以外的大写字母。",
    ),
    C.CREDIT_CODE_LENGTH: Words(
        "A unified social credit code has {expected} characters.", "统一社会信用代码应为 {expected} 位。"
    ),
    C.CREDIT_CODE_CHECK: Words(
        "The last character of the unified social credit code does not fit the others.",
        "统一社会信用代码末位与前面各位不符。",
    ),
    C.COMMENT_REQUIRED: Words("The comment has no visible character.", "意见没有可见文字。"),
    C.COMMENT_LENGTH: Words("The comment may have at most {limit} characters.", "意见不得超过 {limit} 字。"),
    C.REMARK_LENGTH: Words("The remark may have at most {limit} characters.", "备注不得超过 {limit} 字。"),
}
"""Every code that a sent comment can be refused with."""


class FieldsRefused(Unprocessable):
    """Some fields of the comment break the form's rules. `problems` is by field."""

    code = "invalid_fields"

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__()
        self.problems = problems


def entries(refused: FieldsRefused, language: str) -> list[dict[str, str]]:
    """The members of `errors`: field, code, and how to mend it."""
    found = []
    for field, problem in refused.problems.items():
        words = WORDS[problem.code]
        message = (words.en if language == "en" else words.zh).format_map(problem.params)
        found.append({"field": field, "code": problem.code.value, "message": message})
    return found
