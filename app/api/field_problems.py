"""What can be wrong with one field, in both languages, and which of it the validator tells."""

from app.api.wording import Words

FIELD_PROBLEMS: dict[str, Words] = {
    "required": Words("This is required.", "此项必填。"),
    "unknown": Words("There is no such field.", "没有此字段。"),
    "wrong_type": Words("The value has the wrong JSON type.", "值的 JSON 类型不正确。"),
    "too_long": Words("At most {max_length} characters are allowed.", "不得超过 {max_length} 字。"),
    "too_short": Words("At least {min_length} character is needed.", "不得少于 {min_length} 字。"),
    "not_allowed": Words("The value must be one of: {expected}.", "值必须是以下之一：{expected}。"),
    "below_minimum": Words("The value must be at least {ge}.", "值不得小于 {ge}。"),
    "above_maximum": Words("The value must be at most {le}.", "值不得大于 {le}。"),
    "bad_form": Words("The value holds a character that is not allowed.", "含有不允许的字符。"),
    "control_character": Words("Control characters are not allowed.", "不得含有控制字符。"),
    "too_few": Words("At least {min_length} value is needed.", "不得少于 {min_length} 项。"),
    "bad_date": Words("The value must be a day as YYYY-MM-DD.", "值必须是 YYYY-MM-DD 形式的日期。"),
    "bad_instant": Words(
        "The value must be an instant of RFC 3339 with its time zone.", "值必须是带时区的 RFC 3339 时刻。"
    ),
    "bad_id": Words("The value must be an id (a UUID).", "值必须是编号（UUID）。"),
    "too_many": Words("At most {max_length} values are allowed.", "不得超过 {max_length} 项。"),
    "invalid": Words("The value can't be accepted.", "值不符合要求。"),
}

FIELD_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "string_type": "wrong_type",
    "bool_type": "wrong_type",
    "int_type": "wrong_type",
    "int_parsing": "wrong_type",
    "model_type": "wrong_type",
    "model_attributes_type": "wrong_type",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "enum": "not_allowed",
    "greater_than_equal": "below_minimum",
    "less_than_equal": "above_maximum",
    "string_pattern_mismatch": "bad_form",
    "datetime_from_date_parsing": "bad_instant",
    "datetime_parsing": "bad_instant",
    "datetime_type": "bad_instant",
    "timezone_aware": "bad_instant",
    "date_from_datetime_parsing": "bad_date",
    "date_parsing": "bad_date",
    "date_type": "bad_date",
    "too_short": "too_few",
    "uuid_parsing": "bad_id",
    "uuid_type": "bad_id",
    "list_type": "wrong_type",
    "too_long": "too_many",
    "control_character": "control_character",
}
"""What the validator calls it → our own stable code; anything else is `invalid`."""
