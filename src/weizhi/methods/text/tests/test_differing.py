"""What two versions have in common, what went and what came: from the comparison both can be read again."""

from hypothesis import given
from hypothesis import strategies as st

from weizhi.methods.text.articles import articles, repeated
from weizhi.methods.text.differing import LETTERS_UP_TO, Paragraph, differences, paragraphs

LINES = st.lists(st.text("甲乙丙丁，。第一条 ", max_size=12), max_size=8).map("\n".join)


def side(found: tuple[Paragraph, ...], without: str) -> list[str]:
    """The text of one side: every paragraph without the runs of the other."""
    lines = ("".join(run.text for run in one.runs if run.mark != without) for one in found)
    return [line for line in lines if line]


@given(LINES, LINES)
def test_both_versions_can_be_read_again(old: str, new: str):
    found = differences(old, new)
    assert side(found, "new") == paragraphs(old)
    assert side(found, "gone") == paragraphs(new)


@given(LINES)
def test_nothing_differs_from_itself(text: str):
    assert not any(one.changed for one in differences(text, text))


def test_a_change_inside_a_paragraph_is_marked_there():
    (only,) = differences("第二条 电动车不进楼。", "第二条 电动车不进楼，到车棚充电。")
    assert [(run.mark, run.text) for run in only.runs] == [
        ("same", "第二条 电动车不进楼"), ("new", "，到车棚充电"), ("same", "。"),
    ]  # fmt: skip


def test_a_new_article_stands_whole():
    found = differences(
        "第一条 不放杂物。\n第二条 爱惜花木。", "第一条 不放杂物。\n第二条 夜里轻声。\n第三条 爱惜花木。"
    )
    assert [one.mark for one in found if one.changed].count("new") >= 1
    assert found[0].mark == "same" and not found[0].changed


def test_a_rewritten_paragraph_is_not_mixed_letter_by_letter():
    found = differences("楼道里不放杂物。", "每户每月交十元清洁费用于打扫")
    assert [one.mark for one in found] == ["gone", "new"]


def test_a_long_paragraph_is_compared_by_sentences():
    old = "。".join(f"第{n}户的门口不放东西" for n in range(LETTERS_UP_TO // 5)) + "。"
    (only,) = differences(old, old.replace("第7户", "第七户"))
    assert [run.text for run in only.runs if run.mark == "new"] == ["七"]


def test_articles_are_read_by_their_names():
    found = articles("楼道公约\n第一条 不放杂物。\n鞋柜也不放。\n第十二条　电动车不进楼。")
    assert [(one.name, one.words) for one in found] == [
        ("第一条", "不放杂物。\n鞋柜也不放。"), ("第十二条", "电动车不进楼。"),
    ]  # fmt: skip
    assert repeated(found) == () and repeated(articles("第一条 甲\n第一条 乙")) == ("第一条",)
