"""What the language says about one step, in plain words."""

from weizhi.charters.explaining import explain
from weizhi.charters.loading import check_file, load, thaw


def test_a_step_is_explained_by_whom_by_when_and_where_it_leads():
    told = explain(load("qingshan"), "qingshan-report", "redo")
    assert "重新办理" in told and "谁来办：派给的人" in told and "1 个工作日" in told
    assert "一过期，告诉街道大工委" in told
    assert "可以选“这次办好了”：到“回访”，记作 done。" in told


def test_sending_taking_back_and_reasons_are_told():
    charter = load("qingshan")
    assert "可以派给：物业、网格员、居委会。" in explain(charter, "qingshan-report", "sort")
    told = explain(charter, "qingshan-report", "handle")
    assert "派错了：由“分类分级”的人写明原因收回，或改派。" in told
    assert "可以选“办不成”：到“说明为什么办不成”，要写一句为什么。" in told
    assert "要填：依据（必填，选“办不成”时）。" in told


def test_the_lines_of_the_charter_are_given_when_its_text_is_at_hand():
    checked = check_file("qingshan")
    assert checked.charter is not None
    told = explain(checked.charter, "qingshan-report", "rate", checked.where)
    file, line = checked.where(("procedures", "qingshan-report", "steps", "rate"))
    assert f"章程原文：{file}:{line}" in told
    assert "章程原文" not in explain(thaw(checked.charter.canonical()), "qingshan-report", "rate")


def test_a_route_says_why():
    told = explain(load("hangzhou-fenlei"), "classes", "rule")
    assert "不用人办" in told
    assert "政府出钱或委托提供的服务：到“工作站办理公共服务”。" in told
