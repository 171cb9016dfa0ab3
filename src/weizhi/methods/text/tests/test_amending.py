"""Editions article by article: what changed, and since when each reads as it does."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as some

from weizhi.methods.text.amending import Amended, amended, reads_so_since
from weizhi.methods.text.articles import Article

EDITION = some.dictionaries(some.sampled_from(["第一条", "第二条", "第三条", "第四条"]), some.sampled_from("甲乙丙"))


def text(edition: dict[str, str]) -> Sequence[Article]:
    return tuple(Article(name, words) for name, words in edition.items())


def test_what_changed_is_told_by_the_names_of_articles():
    before = text({"第一条": "不放杂物。", "第二条": "十点安静。", "第三条": "牵绳。"})
    after = text({"第一条": "不放杂物。", "第二条": "九点安静。", "第四条": "不充电。"})
    assert amended(before, after) == Amended(new=("第四条",), changed=("第二条",), gone=("第三条",))


@given(EDITION)
def test_nothing_changed_where_nothing_changed(edition: dict[str, str]):
    assert amended(text(edition), text(edition)) == Amended()


@given(some.lists(EDITION, min_size=1, max_size=6))
def test_each_article_reads_so_since_the_last_edition_in_which_it_did_not(editions: list[dict[str, str]]):
    steps = zip([{}, *editions], editions, strict=False)
    told = reads_so_since((n, amended(text(old), text(new))) for n, (old, new) in enumerate(steps, 1))
    last = editions[-1]
    assert set(told) == set(last)
    for name, n in told.items():
        assert all(edition.get(name) == last[name] for edition in editions[n - 1 :])
        assert n == 1 or editions[n - 2].get(name) != last[name]
