"""Whether the people who are asked for personal data are told so. Pure."""

import re
from collections.abc import Iterator

from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import FIELD_LABELS, Subject

EXPLAINED = frozenset(FIELD_LABELS)
"""Fields whose purpose the service's privacy page gives; a test holds it to the page's text."""
_WORDS = {
    "name": ("姓名",),
    "id_number": ("身份证", "证件号", "公民身份号码"),
    "occupation": ("职业",),
    "phone": ("电话", "手机"),
    "email": ("邮箱", "电子邮件", "邮件地址"),
}
_NOT_PERSONAL = frozenset({"title", "comment"})
_LISTS = re.compile("个人信息|填写|填报|注明|提供|留下|写明|署名|如实")
_SENTENCE = re.compile(r"[^。；！\n]+")
_LISTED_AT_LEAST = 2


def field_warnings(subject: Subject) -> Iterator[NoticeWarning]:
    """A field that the privacy page doesn't explain, or that the list of details to give leaves out.

    Such a list is a sentence of the notice or of the column's rules that names two or more of the form's fields. The
    duty: 个人信息保护法 §17, the kinds of personal data are told before they are asked for.
    """
    form = subject.placed(Part.FORM)
    lists = _lists(subject)
    for name, (begin, line) in zip(subject.form_fields, form.lines(), strict=False):
        end = begin + len(line)
        if name not in EXPLAINED:
            yield form.warning(WarningCode.FIELD_UNEXPLAINED, begin, end)
        if lists and name not in _NOT_PERSONAL and not any(_mentions(text, name) for text in lists):
            yield form.warning(WarningCode.FIELD_UNLISTED, begin, end, listed=lists[0])


def _lists(subject: Subject) -> list[str]:
    sentences = (found[0].strip() for text in (subject.notice, subject.rules) for found in _SENTENCE.finditer(text))
    return [sentence for sentence in sentences if _LISTS.search(sentence) and _listed(sentence) >= _LISTED_AT_LEAST]


def _listed(sentence: str) -> int:
    return sum(any(word in sentence for word in words) for words in _WORDS.values())


def _mentions(text: str, name: str) -> bool:
    return any(word in text for word in _WORDS.get(name, (FIELD_LABELS.get(name, name),)))
