"""What a vote publishes and prints, at its addresses: who gets it, and what stands in it."""

import json
from typing import Any
from uuid import uuid4

from django.urls import reverse

from weizhi.decisions import recount
from weizhi.decisions.tests.budgeted import voting
from weizhi.decisions.tests.voted import PLAN, lift
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.printing import Range
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.voting_papers import setting


def test_the_published_file_is_recounted_by_the_program_beside_it(stage: Stage, enter: Enter, client: Any) -> None:
    vote = lift(stage).count().vote
    answer = enter("lin").get(reverse("portal:vote-published", args=[vote.pk]))
    file = json.loads(b"".join(answer.streaming_content))
    program: dict[str, Any] = {"__name__": "recount"}
    source = client.get(reverse("portal:vote-recount"))  # not signed in
    assert source.status_code == 200
    exec(compile(source.content, "recount.py", "exec"), program)
    assert list(program["recount"](file, vote.root)) == list(recount.recount(file, vote.root))


def test_who_is_not_on_a_named_roll_gets_no_file_and_an_outsider_no_vote(stage: Stage, enter: Enter) -> None:
    vote = lift(stage).count().vote
    address = reverse("portal:vote-published", args=[vote.pk])
    assert enter("guo").get(address).status_code == 404
    assert enter("lin").get(reverse("portal:vote-published", args=[uuid4()])).status_code == 404
    assert enter("chen").get(address).status_code in (403, 404)


def test_before_the_count_there_is_no_file(stage: Stage, enter: Enter) -> None:
    vote = lift(stage).vote
    assert enter("lin").get(reverse("portal:vote-published", args=[vote.pk])).status_code == 409


def words_of(told: Any) -> str:
    """Every word of a paper."""
    if isinstance(told, dict):
        return "\n".join(words_of(value) for key, value in told.items() if key != "svg")
    if isinstance(told, list):
        return "\n".join(map(words_of, told))
    return str(told)


def test_each_paper_is_a_pdf_for_those_whom_it_is_for(stage: Stage, enter: Enter) -> None:
    here = lift(stage)
    wang, lin = enter("wang"), enter("lin")

    def asked(client: Any, what: str, **wanted: str) -> Any:
        return client.get(reverse("portal:vote-paper", args=[here.vote.pk, what]), wanted)

    for what in ("notice", "roll", "proxy"):
        answer = asked(lin, what)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-"), what
    for what in ("ballots", "door-list"):
        assert asked(lin, what).status_code == 403
        assert asked(wang, what).content[:5] == b"%PDF-"
    assert asked(lin, "result").status_code == asked(wang, "record").status_code == 409
    assert asked(wang, "poster").status_code == 404
    assert asked(wang, "ballots", **{"from": "1", "to": "501"}).status_code == 422
    assert asked(wang, "roll", **{"from": "x"}).status_code == 422
    here.count()
    for name in ("portal:vote-notice", "portal:vote-record"):
        assert lin.get(reverse(name, args=[here.vote.pk])).content[:5] == b"%PDF-"


def test_the_notice_says_what_by_which_rule_of_whom_and_until_when(stage: Stage) -> None:
    here = lift(stage)
    told = words_of(setting.content(here.vote, "notice", here.at(1)))
    for words in (
        PLAN,
        "总费用：480,000 元",
        "人数占名册全体的三分之二以上",
        "占参加表决的四分之三以上",
        "《民法典》第 278 条",
        "弃权算参加，不算同意",
        "12 票，12 人，1,072.44 平方米",
        "2026 年 3 月 17 日 23:59（星期二）",
        "委托",
    ):
        assert words in told, words


def test_a_named_ballot_bears_its_line_and_a_secret_one_a_number_by_chance(stage: Stage) -> None:
    here = lift(stage)
    named = setting.content(here.vote, "ballots", here.at(1), Range(3, 4))
    assert [(one["n"], one["label"]) for one in named["ballots"]] == [
        ("3", "8 号楼 1 单元 201 室"),
        ("4", "8 号楼 1 单元 202 室"),
    ]
    assert len({one["svg"] for one in named["ballots"]}) == 2
    here.vote.secret = True
    secret = setting.content(here.vote, "ballots", here.at(1), Range(3, 4))
    assert [(one["n"], one["label"]) for one in secret["ballots"]] == [("", ""), ("", "")]
    assert len({one["number"] for one in secret["ballots"]}) == 2, "drawn by chance, kept nowhere"
    assert "签" not in "".join(secret["words"]["how"])


def test_the_roll_masks_names_and_the_doors_name_only_those_who_have_not_answered(stage: Stage) -> None:
    here = lift(stage)
    roll = words_of(setting.content(here.vote, "roll", here.at(1)))
    assert "赵*" in roll and "赵一" not in roll and here.vote.roll.root[:8] in roll
    doors = words_of(setting.content(here.vote, "door-list", here.at(7)))
    assert "601 室" in doors and "602 室" not in doors and "101 室" not in doors


def test_the_record_of_the_count_has_what_a_court_asks_for(stage: Stage) -> None:
    vote = lift(stage).count().vote
    told = words_of(setting.content(vote, "record", vote.closes_at, clerk=True))
    for words in (
        "共 15 天",
        "12",
        "L-502",
        "没有签名",
        "共有人意见不一",
        "王主任",
        "录音 0301-1",
        "书面委托",
        "1 份",
        "监票人",
        vote.root[:8],
        vote.roll.root[:8],
        "占 12 人的 75%",
        "《民法典》第 278 条",
    ):
        assert words in told, words
    assert "录音 0301-1" not in words_of(setting.content(vote, "record", vote.closes_at))


def test_the_result_says_each_bound_once(stage: Stage) -> None:
    vote = lift(stage).count().vote
    told = setting.content(vote, "result", vote.closes_at)
    for check in vote.result["checks"]:
        assert words_of(told).count(check["sentence"]) == 1


def test_a_budget_is_fetched_in_both_forms_recounted_and_printed(stage: Stage, enter: Enter) -> None:
    here = voting(stage, {"路灯": 40_000, "坡道": 35_000, "长椅": 12_000}, 60_000, 8)
    for n in range(8):
        here.cast(n, *(["路灯"] if n < 5 else ["坡道", "长椅"]))
    vote = here.count()
    lin = enter("lin")
    pabulib = lin.get(reverse("portal:vote-pabulib", args=[vote.pk]))
    assert pabulib.status_code == 200 and pabulib.content.startswith(b"META")
    answer = lin.get(reverse("portal:vote-published", args=[vote.pk]))
    program: dict[str, Any] = {"__name__": "recount"}
    exec(compile(lin.get(reverse("portal:vote-recount")).content, "recount.py", "exec"), program)
    told = "".join(program["recount"](json.loads(b"".join(answer.streaming_content)), vote.root))
    assert "选上：" in told and "路灯" in told
    for name in ("portal:vote-notice", "portal:vote-record"):
        assert lin.get(reverse(name, args=[vote.pk])).content[:5] == b"%PDF-"
    assert enter("guo").get(reverse("portal:vote-pabulib", args=[vote.pk])).status_code == 404
