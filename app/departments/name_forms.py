"""The forms that one name takes in print, whole and damaged. Pure."""

from collections.abc import Iterable

from app.departments.units import Department


def close_bracket(name: str) -> str:
    """The name with the closing bracket that it lost, if it lost one."""
    missing = sum(map(name.count, "(（")) - sum(map(name.count, ")）"))
    if missing != 1:
        return name
    return name + (")" if "(" in name else "）")


def lengths_by_first_character(forms: Iterable[str]) -> dict[str, list[int]]:
    """For each first character the lengths of the forms that begin with it, longest first."""
    lengths: dict[str, set[int]] = {}
    for form in forms:
        lengths.setdefault(form[:1], set()).add(len(form))
    return {first: sorted(found, reverse=True) for first, found in lengths.items()}


_SHORTEST_DAMAGED = 6
_CONTRACTIONS = (
    ("人民政府", "政府"),
    ("监督管理", "监管"),
    ("管理委员会", "管委会"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("联合会", "联"),
    ("残疾人", "残"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("工业和信息化", "工信"),
    ("工业信息化", "工信"),
    ("卫生和健康", "卫健"),
    ("卫生健康", "卫健"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("市场监管", "市监"),
    ("医疗保障", "医保"),
    ("科学技术", "科技"),
    ("广播电视", "广电"),
    ("和", ""),
    ("、", ""),
    ("（", ""),
    ("）", ""),
)


def contract(key: str) -> str:
    """The form under which a full name and its usual abbreviations are equal."""
    for long, short in _CONTRACTIONS:
        key = key.replace(long, short)
    return key


def lacking_one(aliases: dict[str, Department]) -> dict[str, Department | None]:
    """Every form with one character missing, as damaged copies have it; None where two departments share one."""
    found: dict[str, Department | None] = {}
    for alias, department in aliases.items():
        for index in range(1, len(alias) - 1) if len(alias) >= _SHORTEST_DAMAGED else ():
            damaged = alias[:index] + alias[index + 1 :]
            found[damaged] = department if found.get(damaged, department) == department else None
    return found


def unique_contractions(forms: dict[str, Department]) -> dict[str, Department]:
    """Contracted form → the only department that has it."""
    owners: dict[str, set[Department]] = {}
    for form, department in forms.items():
        owners.setdefault(contract(form), set()).add(department)
    return {form: group.pop() for form, group in owners.items() if len(group) == 1}
