"""Which body is which, from one version to another."""

from app.documents.extracted import Unit
from app.documents.unit_changes import Rename, UnitChanges, unit_changes
from app.documents.unit_names import Role


def unit(name: str, department: str | None = None) -> Unit:
    return Unit(name, name, Role.RESPONSIBLE, department, "certain", "alias")


def test_one_department_under_two_names_is_renamed() -> None:
    changes = unit_changes([unit("省残疾人联合会", "disabled")], [unit("省残联", "disabled")])
    assert changes == UnitChanges(renamed=(Rename("省残疾人联合会", "省残联"),))
    assert not changes.real


def test_a_successor_is_a_rename_in_both_directions_only_when_it_is_known() -> None:
    old, new = unit("省地方金融监管局", "old"), unit("省委金融办", "new")
    assert unit_changes([old], [new], {"old": "new"}).renamed == (Rename("省地方金融监管局", "省委金融办"),)
    assert unit_changes([new], [old], {"old": "new"}).renamed == (Rename("省委金融办", "省地方金融监管局"),)
    assert unit_changes([old], [new]) == UnitChanges(added=("省委金融办",), removed=("省地方金融监管局",))


def test_successors_in_a_ring_end() -> None:
    changes = unit_changes([unit("甲局", "a")], [unit("乙局", "b")], {"a": "b", "b": "a"})
    assert changes.renamed == (Rename("甲局", "乙局"),)


def test_different_departments_with_similar_names_are_never_one() -> None:
    changes = unit_changes([unit("省金融监管局", "local")], [unit("省金融监督管理局", "central")])
    assert (changes.added, changes.removed) == (("省金融监督管理局",), ("省金融监管局",))


def test_short_and_full_form_of_an_unknown_name_are_one_where_it_is_plain() -> None:
    assert unit_changes([unit("各市人民政府")], [unit("各市政府")]).renamed == (Rename("各市人民政府", "各市政府"),)
    several = unit_changes([unit("省城市建设委员会"), unit("省城镇建设委员会")], [unit("省建设委")])
    assert several.renamed == ()


def test_order_and_width_do_not_count() -> None:
    draft = [unit("省数据局(省营商局)"), unit("省财政厅", "finance")]
    assert unit_changes(draft, [unit("省财政厅", "finance"), unit("省数据局（省营商局）")]) == UnitChanges()
