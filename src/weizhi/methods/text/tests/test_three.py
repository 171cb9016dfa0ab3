"""Big, small and private matters, each with the reason that a person reads."""

import pytest

from weizhi.methods.text.three import Rules, suggest_size


@pytest.mark.parametrize(
    ("title", "size", "reason"),
    [
        ("楼道堆放杂物", "small", "因为说到“楼道”、“堆放”、“杂物”"),
        ("地铁什么时候通", "big", "因为说到“地铁”"),
        ("想找保姆", "private", "因为说到“保姆”"),
        ("楼道里充电起火了", "big", "因为说到“起火”"),
        ("房东不退押金", "private", "因为说到“房东”、“押金”"),
    ],
)
def test_by_words(title, size, reason):
    found = suggest_size(title)
    assert found is not None
    assert (found.size, found.reason) == (size, reason)
    assert 0 < found.certainty <= 0.9


def test_by_category():
    rules = Rules(categories={"noise": "small", "school": "big"})
    found = suggest_size("睡不着", category="noise", category_title="噪音扰民", rules=rules)
    assert found is not None
    assert (found.size, found.certainty, found.reason) == ("small", 0.6, "因为类别是“噪音扰民”")
    both = suggest_size("小学学位不够", category="school", rules=rules)
    assert both is not None and both.reason == "因为说到“学位”，因为类别是“school”"


def test_a_tie_goes_to_the_committee():
    found = suggest_size("路灯和地铁")
    assert found is not None and (found.size, found.certainty) == ("small", 0.45)


def test_a_communitys_own_words():
    rules = Rules(words={"private": ("路灯",)})
    found = suggest_size("路灯", rules=rules)
    assert found is not None and found.size == "private"


def test_nothing_said():
    assert suggest_size("你好") is None
    assert suggest_size("你好", category="unknown") is None
