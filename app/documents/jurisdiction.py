"""Whose document it is: it decides what a name without its leading word means, and whether the directory applies."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.departments.directory import Certainty, Department, Directory, Why
from app.documents.organs import (
    is_bare_organ,
    is_national,
    is_scope,
    leading_scope,
    may_lack_lead,
    national_form,
    party_form,
    spelled_out,
)
from app.kit.text import comparable

_PROVINCE = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南"
    "|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_TITLE_PROVINCE = re.compile(r"《?(?:中共)?([^本我全各外跨该在关于省]{2,3})省")
_NATIONAL = "国家"
_LOCAL_LEADS = ("省", "市", "自治区", "自治州", "州", "盟", "区", "县", "旗", "兵团")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """`lead`: the word that this document's own units begin with (省, 市, 自治区, 国家), None when it shows none.

    `local`: whether it is a document of the directory's own government, so that relative names may be looked up.
    """

    lead: str | None
    local: bool


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """`name` is the printed name with what was left out restored; `why` is a stable code for the rule."""

    name: str
    department: Department | None
    certainty: str
    why: str


def find_jurisdiction(title: str, head: str, names: Iterable[str], directory: Directory) -> Jurisdiction:
    """From the title, the document's head (issuer, first lines) and the folded unit names of all its notes."""
    leads = Counter(lead for name in names if not is_scope(name) and (lead := _own_lead(name)) is not None)
    lead = leads.most_common(1)[0][0] if leads else _lead_of_head(head)
    regions = Counter(_PROVINCE.findall(head))
    named = _TITLE_PROVINCE.match(title)
    elsewhere = bool(regions) and directory.region not in regions
    elsewhere = elsewhere or (named is not None and named.group(1) != directory.region)
    return Jurisdiction(lead, local=not elsewhere and lead in (None, "省"))


_HEAD_LEAD = re.compile(r"国务院|自治区|兵团|省(?:人民)?政府|省委|[^省市]{2,4}省|市(?:人民)?政府|市委")


def _lead_of_head(head: str) -> str | None:
    """Where no unit shows whose it is, the title and the first lines do."""
    found = _HEAD_LEAD.search(head)
    if not found:
        return None
    word = found.group()
    if word == "国务院":
        return _NATIONAL
    return word if word in ("自治区", "兵团") else "省" if "省" in word else "市"


def _own_lead(name: str) -> str | None:
    if is_national(name):
        return _NATIONAL
    lead = leading_scope(name)
    return lead if lead in _LOCAL_LEADS else None


def resolve(
    written: str, jurisdiction: Jurisdiction, directory: Directory, *, follows_lead: bool = False
) -> ResolvedName:
    """What a printed name means in this document. Never raises; an unknown name stays as it is.

    `follows_lead`: a unit with the leading word stands before it in the same note.
    """
    key = comparable(written)
    if jurisdiction.lead in _LOCAL_LEADS and (party := party_form(key, jurisdiction.lead)):
        written, key = party, comparable(party)
    match = directory.lookup(written, local=jurisdiction.local)
    if match.department is not None:
        if match.why is Why.EXPANSION and _differs_by_people(key, directory):
            return ResolvedName(written, match.department, match.certainty.value, match.why.value)
        name = spelled_out(match.name)
        same = name != match.name and directory.lookup(name, local=jurisdiction.local).department == match.department
        name = name if same else match.name
        return ResolvedName(name, match.department, match.certainty.value, match.why.value)
    restored = _restored(key, jurisdiction, follows_lead=follows_lead)
    if restored is not None:
        name, why = restored
        return ResolvedName(name, None, Certainty.PROBABLE.value, why)
    return ResolvedName(match.name, None, match.certainty.value, match.why.value)


def _differs_by_people(key: str, directory: Directory) -> bool:
    """Whether a name is one of the directory's but for 人民 in 人民政府: it is then complete as printed."""
    return directory.lookup(key.replace("人民政府", "政府")).certainty is Certainty.CERTAIN


def _restored(key: str, jurisdiction: Jurisdiction, *, follows_lead: bool) -> tuple[str, str] | None:
    if jurisdiction.lead == _NATIONAL:
        full = national_form(key)
        return (full, "restored_national") if full else None
    spelled = spelled_out(key)
    elided = follows_lead and may_lack_lead(key) and _PROVINCE.match(key) is None
    if jurisdiction.lead is not None and (elided or is_bare_organ(key)) and not is_national(key):
        return jurisdiction.lead + spelled, "restored_province"
    return (spelled, "expansion") if spelled != key else None
