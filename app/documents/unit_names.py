"""Reading a run of printed unit names, with the words that give them their roles.

Everything here works on folded text without white space (`app.kit.text.comparable`), so that offsets also hold in the
squeezed original. A reading stops where the text no longer speaks of units; it never guesses past that point.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.departments.directory import Directory
from app.documents.organs import longest_organ, longest_scope, looks_like_unit


class Role(StrEnum):
    """LEAD where 牵头 is printed, PARTICIPANT for 参加 or 配合, RESPONSIBLE otherwise."""

    LEAD = "lead"
    PARTICIPANT = "participant"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """One name at [start, end).

    `known`: the directory or the vocabulary knows its kind; `joined`: its separator was lost; `starred`: it carries
    a sign such as ★, which some documents give to the lead.
    """

    start: int
    end: int
    role: Role
    known: bool
    joined: bool
    starred: bool = False


@dataclass(slots=True)
class UnitReading:
    """What stood between `start` and `end`. `spoke_role`: a word such as 负责 or 牵头 was among it."""

    start: int
    end: int
    units: list[UnitSpan] = field(default_factory=list)
    standing: list[tuple[int, int]] = field(default_factory=list)
    spoke_role: bool = False
    first_leads: bool = False
    depth: int = 0


_WHO = r"(?:单位|部门|处室|机构|主体|地区|方)"
_LEAD_WORD = r"(?:总?牵头|主办|主责|主要责任|第一责任|主要负责|牵头责任|牵头负责)"
_HELP_WORD = r"(?:配合|协办|参加|参与|协助|协同|协作|支持|联合|参加配合|配合参加|会同|协同配合|配合责任)"
_DUTY_WORD = r"(?:责任|负责|落实|实施|承办|承担|执行|分工|完成|主管(?=(?:单位|部门)：))"
LABEL = re.compile(
    rf"(?:(?P<lead>(?:省级|市级|省|市|区)?{_LEAD_WORD}(?:{_WHO}|(?=：)))"
    rf"|(?P<help>(?:省级|市级|省|市|区)?{_HELP_WORD}(?:{_WHO}|(?=：)))"
    rf"|(?P<duty>(?:省级|市级|省直|市直|省|市|区|具体|主体|任务)?{_DUTY_WORD}{_WHO}(?:及分工|[和及]责任人|和配合单位)?))"
    r"(?:（[^（）：]{0,12}）)?(?P<colon>：|为：?)?"
)
_ETC = re.compile(
    r"等(?:省直|市直|\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:有关|相关|其他)?(?:职能|成员)?(?:部门|单位|地区|地方|企业|部委|机构)?"
    r"(?:[和及]单位|（单位）)?"
)
_BY_DUTY = r"(?:(?:依据|根据|按照?|依)(?:各自|部门)?(?:的)?(?:职责|职能|分工|工作职责)(?:分工|范围)?)"
_TASKS = r"(?:(?:有关|相关|各项|具体|以上)?工作)?"
_LEAD = re.compile(
    rf"(?:{_BY_DUTY})?(?:共同|联合)?(?:总?牵头(?:负责)?|主办|主责)(?:落实|组织|推进|实施|抓总|组织实施)?(?=[，、；。）]|会同|$|[^、，。；）]{{2,}})"
    r"|[为是](?:总)?牵头(?:单位|部门)"
)
_HELP = re.compile(
    rf"(?:{_BY_DUTY})?(?:共同|积极|分别)?(?:配合|参加|参与|协助|协同|协办|支持)(?:负责|落实|配合|实施|做好|推进)?{_TASKS}"
    r"|[为是](?:配合|参加|参与|协办|协同)(?:单位|部门)"
)
_DUTY = re.compile(
    rf"(?:{_BY_DUTY}|分别|分工|共同|具体|组织|联合|抓好|结合实际|认真)+(?:负责|落实|实施|承担|推进|做好|办理|组织实施|抓好落实|推动)*{_TASKS}"
    r"|(?:负责|落实|组织实施|承担|抓好落实|承办|监督|指导|督导|办理)(?:落实|实施|推进|制定|组织实施)?|[为是](?:责任|主体|实施|承办)(?:单位|部门)"
)
_WITH = re.compile(r"会同|会商|会(?=[国省市])|商(?=[国省市财人自发工交民教])|联合(?=[国省市])")
_TIME_LABEL = re.compile(
    r"(?:(?:任务|计划|拟|预计)?(?:完成|办结|推进|工作|落实|实施|责任|整改|出台|进度)?(?:时限|时间|期限|节点|时间节点|进度安排|安排|日期|要求)|时间进度|备注)：[^；。）]*"
)
_TIME = re.compile(
    r"(?:于|在|力争|自)?(?:20\d\d|\d{1,2})[年月](?:[^、；。，（）]{0,18})|[今明]年[^、；。，（）]{0,12}|年内(?:完成|启动)?|(?:近期|中期|远期)(?:[^、；。，（）]{0,6})"
    r"|(?:并)?(?:持续|长期|常态化|全程|全年|每年|每季度|即日起|分阶段|分年度|滚动)(?:[^、；。，（）]{0,10})|[，；]?(?:以)?下(?:各项)?(?:均)?同|各(?:司|负)其[职责]"
)
FIRST_LEADS = re.compile(
    r"(?:(?:责任|所列|以上)?(?:单位|部门|名单)[中里]?|其中|注：|均|以)?(?:列|排|居|排名|排列|位于|标注)(?:在|序)?(?:第一|首|前)"
    r"(?:位|个|名|列)?(?:的|者)?[^。；（）]{0,8}?牵头[^。；（）]{0,12}"
    r"|(?:第一|首)(?:个|家|位)?(?:责任)?(?:单位|部门)[为是系]总?牵头[^。；（）]{0,12}"
)
STANDING = re.compile(
    r"(?:(?:以下|以上|上述|其他|其余|下列|各项|所有|后续)[^。；（）]{0,60}?|各[^。；（）、，]{1,20}?[均为需须由应][^。；（）]{1,50}?)"
    r"不再(?:一一|逐一|单独|重复|另行|逐项|分别)*(?:列出|列明|列入|列示|列|重复|标注|注明|赘述|说明|写明)"
)
_STARS = "★☆*▲△●#"
STARS_LEAD = re.compile(rf"[标带加注有打][“\"]?[{_STARS}]+[”\"]?[^。；）]{{0,10}}牵头")
_SEPARATOR = re.compile(rf"[、，；。/|．·•\-—{_STARS}]")
_JOINT = re.compile(r"以及|[和与及]其他|和|与|及|暨|并由|由|还有")
_BOUNDARY = re.compile(rf"[、，；。/|（）{_STARS}]|以及|和|与|及|暨|会同|由|等|$")


class UnitReader:
    """Reads unit lists by longest match against a directory, then against the vocabulary of public bodies."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def read(self, folded: str, start: int, limit: int) -> UnitReading:
        """Everything that can be read as units and roles from `start`, at most to `limit`.

        Ends before an unmatched closing bracket, and before the first words that are neither name nor role.
        """
        return _Pass(self, folded, start, limit).run()

    def known_length(self, folded: str, start: int) -> int:
        """Length of the name at `start` that the directory or the vocabulary knows; 0 if none."""
        return max(
            longest_scope(folded, start),
            self._directory.longest_prefix(folded, start),
            longest_organ(folded, start),
        )

    def plausible_start(self, folded: str, start: int) -> bool:
        """Whether a known name begins at `start` or within the few characters before the first separator."""
        start = after_lead_in(folded, start)
        if self.known_length(folded, start) > 0:
            return True
        fragment = re.compile(r"[^、，；。：（）]{2,24}").match(folded, start)
        return fragment is not None and folded[fragment.end() : fragment.end() + 1] in ("、", "，", "）", "（")

    def scan_prose(self, folded: str, start: int, end: int) -> list[tuple[int, int]]:
        """The known names in a sentence of prose, in order, as (start, end)."""
        found, position = [], start
        while position < end:
            length = self.known_length(folded[:end], position)
            if length > 1:
                found.append((position, position + length))
            position += max(length, 1)
        return found


class _Pass:
    """One left-to-right reading."""

    def __init__(self, reader: UnitReader, folded: str, start: int, limit: int) -> None:
        self.reader = reader
        self.text = folded[:limit]
        self.limit = limit
        self.position = after_lead_in(self.text, start)
        self.reading = UnitReading(start, start)
        self.pending: list[int] = []
        self.label_role = Role.RESPONSIBLE
        self.after_unit = False
        self.after_role = False
        self.depth = 0
        self.settled = start
        self.lengths: dict[int, int] = {}

    def _known_length(self, position: int) -> int:
        if position not in self.lengths:
            self.lengths[position] = self.reader.known_length(self.text, position)
        return self.lengths[position]

    def run(self) -> UnitReading:
        while self.position < self.limit:
            if not (self._bracket() or self._phrase() or self._joint() or self._unit() or self._separator()):
                break
        self.reading.end = self._trimmed(self.position)
        self.reading.depth = self.depth
        return self.reading

    def _trimmed(self, position: int) -> int:
        """Separators before foreign words belong to those words, except a sentence's stop."""
        while position > self.settled and self.text[position - 1] in "，、；由和与及并":
            position -= 1
        return position

    def _advance(self, end: int, *, keeps_unit: bool = False) -> bool:
        self.position = end
        self.after_unit = keeps_unit
        self.after_role = False
        return True

    def _bracket(self) -> bool:
        character = self.text[self.position]
        if character == "（":
            self.depth += 1
            return self._advance(self.position + 1)
        if character == "）" and self.depth > 0:
            self.depth -= 1
            return self._advance(self.position + 1)
        return False

    def _joint(self) -> bool:
        """A joining word counts as one only right before a known name: 和 also stands inside names."""
        found = _JOINT.match(self.text, self.position)
        if not found or not (self.after_unit or self._starts_unit(found.end())):
            return False
        return self._advance(found.end())

    def _separator(self) -> bool:
        found = _SEPARATOR.match(self.text, self.position)
        return self._advance(found.end()) if found else False

    def _phrase(self) -> bool:
        return self._whole_phrase() or self._label() or self._role_word()

    def _whole_phrase(self) -> bool:
        found = STANDING.match(self.text, self.position)
        if found:
            self.reading.standing.append(found.span())
            return self._advance(found.end())
        found = FIRST_LEADS.match(self.text, self.position)
        if found:
            self.reading.first_leads = True
            return self._advance(found.end())
        for pattern in (_TIME_LABEL, _TIME):
            found = pattern.match(self.text, self.position)
            if found:
                return self._advance(found.end())
        return False

    def _label(self) -> bool:
        found = LABEL.match(self.text, self.position)
        if not found or (found["colon"] is None and not self._starts_unit(found.end())):
            return False
        self.label_role = role_of_label(found)
        self.reading.spoke_role = True
        self.pending = []
        return self._advance(found.end())

    def _role_word(self) -> bool:
        if (found := _WITH.match(self.text, self.position)) is not None and self._starts_unit(found.end()):
            self._give(Role.LEAD)
            self.label_role = Role.PARTICIPANT
            return self._advance(found.end())
        if not self.reading.units:
            return False
        for pattern, role in ((_LEAD, Role.LEAD), (_HELP, Role.PARTICIPANT), (_DUTY, None)):
            found = pattern.match(self.text, self.position)
            if found:
                self._give(role)
                self._advance(found.end())
                self.after_role = True
                self.settled = found.end()
                return True
        found = _ETC.match(self.text, self.position)
        return self._advance(found.end(), keeps_unit=False) if found else False

    def _give(self, role: Role | None) -> None:
        """Gives the names since the last role word their role; after 会同 the label's role ends with it."""
        self.reading.spoke_role = True
        for index in self.pending:
            unit = self.reading.units[index]
            chosen = unit.role if role is None else role
            self.reading.units[index] = replace(unit, role=chosen)
        self.pending = []
        if role is None:
            self.label_role = Role.RESPONSIBLE

    def _starts_unit(self, position: int) -> bool:
        return self._known_length(position) > 0

    def _unit(self) -> bool:
        end = self._known_end() or (None if self.after_role else self._unknown_end())
        if end is None:
            return False
        known = self._known_length(self.position) > 0
        self.pending.append(len(self.reading.units))
        marked = self.text[max(self.position - 1, 0) : self.position] + self.text[end : end + 1]
        starred = any(sign in _STARS for sign in marked)
        span = UnitSpan(self.position, end, self.label_role, known, joined=self.after_unit, starred=starred)
        self.reading.units.append(span)
        return self._advance(end, keeps_unit=True)

    def _known_end(self) -> int | None:
        length = self._known_length(self.position)
        if not length:
            return None
        end = self._with_bracket(self.position + length)
        return end if self._at_boundary(end) else None

    def _at_boundary(self, end: int) -> bool:
        if end >= self.limit or _BOUNDARY.match(self.text, end) or self._starts_unit(end):
            return True
        damaged = re.compile(r"[省市][^、，。；：（）]{3,20}").match(self.text, end)
        if damaged and looks_like_unit(damaged.group()):
            return True
        return any(
            pattern.match(self.text, end)
            for pattern in (_LEAD, _HELP, _DUTY, _WITH, _ETC, LABEL, STANDING, _TIME, _TIME_LABEL)
        )

    def _with_bracket(self, end: int) -> int:
        """Takes in a bracket that belongs to the name: 省数据局（省营商局）; its closing half may be lost."""
        if self.text[end : end + 1] != "（":
            return end
        inside = re.compile(r"[^（）；。]{2,20}").match(self.text, end + 1)
        if not inside or not self._names_only(inside.group().split("、")):
            return end
        if self.text[inside.end() : inside.end() + 1] == "）":
            return inside.end() + 1
        first = re.compile(r"[^（）、，；。]+").match(self.text, end + 1)
        return first.end() if first and self._is_name(first.group()) else end

    def _names_only(self, parts: list[str]) -> bool:
        return self._is_name(parts[0]) and all(self._is_name(part) for part in parts[1:2])

    def _is_name(self, text: str) -> bool:
        if LABEL.match(text) or _TIME.match(text):
            return False
        return self.reader.known_length(text, 0) > 0 or looks_like_unit(text)

    def _unknown_end(self) -> int | None:
        fragment = re.compile(rf"[^、，；。：（）/|{_STARS}]+").match(self.text, self.position)
        if not fragment:
            return None
        for cut in self._cuts(fragment.group()):
            end = self._with_bracket(self.position + cut)
            if looks_like_unit(self.text[self.position : self.position + cut]):
                return end
        return None

    def _cuts(self, fragment: str) -> list[int]:
        """Where an unknown name may end: before a role word, at 和 between two names, or with the fragment."""
        cuts = [
            found.start()
            for pattern in (_LEAD, _HELP, _DUTY, _ETC)
            for found in pattern.finditer(fragment)
            if found.start() >= 2
        ]
        halves = [found.start() for found in re.finditer("[和与及]", fragment)]
        joints = [cut for cut in halves if looks_like_unit(fragment[:cut]) and self._is_name(fragment[cut + 1 :])]
        return sorted({*joints, *cuts, len(fragment)})


_LEAD_IN = re.compile(
    r"(?:以上|上述|以下|本|该|此|此项|这项|具体)?(?:各)?(?:项|条|款)?(?:任务|工作|措施|内容|事项|政策|条款)?(?:均|具体|主要)?由"
)


def after_lead_in(folded: str, start: int) -> int:
    """Where the names begin after words such as 以上任务由; `start` itself where there are none."""
    found = _LEAD_IN.match(folded, start)
    return found.end() if found else start


def role_of_label(found: re.Match[str]) -> Role:
    """The role that a label such as 牵头单位 gives to the names after it."""
    if found["lead"]:
        return Role.LEAD
    return Role.PARTICIPANT if found["help"] else Role.RESPONSIBLE
