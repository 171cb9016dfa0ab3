"""Search: what anybody may read is found by any two characters of it, on both databases; nothing else is."""

import random

import pytest
from django.db import connection

from weizhi.matters.actions.erase_person import erase_person
from weizhi.matters.models import Matter, Searchable
from weizhi.matters.refused import Refused
from weizhi.matters.searching import (
    MATCHES,
    asked_of_index,
    place_names,
    query_of,
    remember_anew,
    row_of,
    search,
    search_page,
)
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.text.search_text import search_text
from weizhi.people.access import standing

LETTERS = "垃圾桶清运路灯坏了电梯漏水车位abc12"


def found(stage: Stage, asked: str, who: str = "zhao") -> list[str]:
    at = standing(stage.people[who], stage.now)
    rows = list(search(at, asked))
    assert search_page(at, asked) == rows[:25] and search_page(at, asked, 1, 2) == rows[1:2]
    return [one.title for one in rows]


def test_title_place_and_words_are_found_the_latest_first(stage: Stage) -> None:
    stage.report(words="三单元楼道灯坏了")
    stage.report(words="垃圾桶满了。就在中心花园旁边，气味很大", by="zhao", place="square")
    assert found(stage, "道灯") == ["三单元楼道灯坏了"]
    assert found(stage, "花园旁") == found(stage, "广场") == ["垃圾桶满了"], "in what was said, in the place's name"
    assert len(found(stage, "满了")) == 1 and found(stage, "水管") == []
    assert len(found(stage, "ＡＢ")) == 0
    later = [one.number for one in search(standing(stage.people["zhao"], stage.now), "坏了 灯")]
    assert later == []  # 灯 alone is one character: then the whole is read as 坏了灯
    both = stage.report(words="路灯坏了，又坏了")
    assert found(stage, "坏了")[0] == stage.matter(both).title


def test_texts_do_not_join_and_nothing_is_left_in_the_letter_box(stage: Stage) -> None:
    done = stage.report(words="楼道灯坏了。门口也黑", place="square")
    assert found(stage, "门口 道灯") == found(stage, "广场 也黑") == ["楼道灯坏了"]
    assert found(stage, "了中") == [], "the end of the title and the start of the place"
    assert stage.matter(done).found_by == "" and Searchable.objects.count() == 1


def test_nobody_finds_what_he_may_not_read(stage: Stage) -> None:
    done = stage.report(words="楼道灯坏了，打13800138000找我")
    stage.act(done, "note", by="zhou", data={"words": "内部备注先找物业"})
    for who in ("zhao", "zhou", "lin"):
        assert found(stage, "内部备注", who) == [], "inner remarks are not searched, by nobody"
        assert found(stage, "13800138000", who) == [] and len(found(stage, "道灯", who)) == 1
    assert found(stage, "道灯", "guo") == [], "of another community"
    Matter.objects.filter(pk=done.matter_id).update(audience=Matter.PARTIES_ONLY)
    assert found(stage, "道灯", "zhao") == [] and len(found(stage, "道灯", "lin")) == 1


def test_what_is_erased_is_found_no_more(stage: Stage) -> None:
    stage.report(words="我家的悄悄话", by="lin")
    assert len(found(stage, "悄悄")) == 1
    erase_person(
        stage.community, stage.people["lin"], by=stage.people["wang"], second=stage.people["zhou"],
        ground="consent-withdrawn", at=stage.later(hours=1),
    )  # fmt: skip
    assert found(stage, "悄悄") == []


def test_one_character_is_refused_in_words(stage: Stage) -> None:
    for asked in ("", "灯", "!!", "一 二 ,"):
        assert query_of(asked) is None or asked.startswith("一")
    with pytest.raises(Refused, match="至少输入两个字"):
        found(stage, "灯")
    odd = """x' OR "1"=1 -- NEAR(a b) * ^ : (垃圾)"""
    assert found(stage, odd) == []


def test_recall_and_precision_are_one(stage: Stage) -> None:
    """As a table is scanned: every piece of two to four characters, on the database at hand."""
    rng = random.Random(3)
    words = ["".join(rng.choice(LETTERS) for _ in range(rng.randint(8, 30))) for _ in range(40)]
    titles = {stage.report(words=text).matter_id: text for text in words}
    who = standing(stage.people["zhao"], stage.now)
    for _ in range(60):
        text = rng.choice(words)
        start = rng.randrange(len(text) - 2)
        asked = text[start : start + rng.randint(2, 4)]
        assert {one.pk for one in search(who, asked)} == {pk for pk, text in titles.items() if asked in text}, asked


def test_it_is_kept_as_it_would_be_made_anew(stage: Stage) -> None:
    done = stage.report(words="楼道灯坏了。门口也黑")
    kept = Searchable.objects.get(matter=done.matter_id)
    remember_anew([done.matter_id])
    again = Searchable.objects.get(matter=done.matter_id)
    assert (again.words, again.row) == (kept.words, kept.row) and "门口" in kept.words
    matter = Matter.objects.get(pk=done.matter_id)
    assert search_text(*place_names(matter.place)) in kept.words and row_of(matter.pk) == kept.row


def test_the_index_is_used(stage: Stage) -> None:
    """Not a scan of the table: the plan names the index."""
    if connection.vendor == "sqlite":
        rows = search(standing(stage.people["zhao"], stage.now), "楼道")[:20]
        assert "VIRTUAL TABLE INDEX" in rows.explain()
        return
    # In a table of a few rows any way is as cheap: asked is whether the condition can be read off the index at all.
    _tables, condition, _order = MATCHES["postgresql"]
    with connection.cursor() as cursor:
        for other in ("seqscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute(f"EXPLAIN SELECT matter_id FROM matters_searchable WHERE {condition}", [asked_of_index("楼道")])
        assert "matters_searchable_terms" in "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite keeps its words in order by itself.")
def test_rare_pairs_are_known_as_rare_and_the_list_of_new_ones_is_short(db: None) -> None:
    """Else the planner reads all matters from the newest back for a pair that stands in five."""
    with connection.cursor() as cursor:
        terms = "attrelid = 'matters_searchable'::regclass AND attname = 'terms'"
        cursor.execute(f"SELECT attstattarget FROM pg_attribute WHERE {terms}")
        assert cursor.fetchone() == (1000,)
        cursor.execute("SELECT reloptions FROM pg_class WHERE oid = 'matters_searchable_terms'::regclass")
        assert "gin_pending_list_limit=256" in cursor.fetchone()[0]


def test_numbers_of_the_index_follow_the_order_of_raising(stage: Stage) -> None:
    done = [stage.report(words=f"第 {n} 件") for n in range(3)]
    rows = [row_of(one.matter_id) for one in done]
    assert rows == sorted(rows) and 0 < rows[0] < rows[-1] < 2**63
