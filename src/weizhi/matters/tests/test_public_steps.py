"""Steps in front of everybody: a notice and its objections, signatures, posts given and taken."""

import pytest

from weizhi.charters.loading import parse_text
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Party, Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Holding
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Entry, Payload

HEAD = """
[charter]
language = 1
name = "public"
title = "公开"
extends = ["base"]
[electorates.everybody]
of = "residents"
within = "community"
[rules.half]
asked = { of = "roll", more_than = "1/2" }
[kinds.thing]
title = "一件事"
procedure = "thing"
visible = "community"
always = ["comment", "support"]
[procedures.thing.steps.say]
kind = "raise"
by = ["resident", "grid-officer"]
"""
ENDS = """
[procedures.thing.ends]
done = { counts = "solved" }
"""
NO = 'no = { counts = "refused" }\n'
NOTICE = """
then = "board"
[procedures.thing.steps.board]
kind = "notice"
by = ["committee"]
for_days = 5
outcomes = { clear = "done", upheld = "again" }
at_most = { upheld = 1 }
[procedures.thing.steps.again]
kind = "handle"
by = ["committee"]
then = "board"
"""
SUPPORT = """
then = "sign"
[procedures.thing.steps.sign]
kind = "support"
by = ["resident"]
within = "30 days"
outcomes = { reached = "done", not-reached = "no" }
"""
BEGINS = """
[kinds.petition]
title = "联名"
procedure = "petition"
visible = "community"
[procedures.petition.steps.sign]
kind = "support"
by = ["resident"]
at_least = 2
outcomes = { reached = "done", not-reached = "no" }
[procedures.petition.ends]
done = { counts = "solved" }
no = { counts = "refused" }
"""
APPOINT = """
then = "give"
[procedures.thing.steps.give]
kind = "appoint"
by = ["committee"]
"""


def whole(body: str) -> str:
    return HEAD + body + ENDS + (NO if '"no"' in body else "")


def thing(stage: Stage, body: str) -> Done:
    stage.adopt(whole(body))
    return stage.report(kind="thing", words="一件事")


def board_days(stage: Stage, days: int) -> None:
    stage.later(days=days)
    run_due(stage.now)


def refused(stage: Stage, *args: object, **rest: object) -> Refused:
    with pytest.raises(Refused) as found:
        stage.act(*args, **rest)
    return found.value


def test_a_notice_nobody_objects_to_is_over_when_its_days_are(stage: Stage) -> None:
    it = thing(stage, NOTICE)
    board_days(stage, 4)
    assert stage.stands_at(it) == ["board"]
    board_days(stage, 4)  # the fifth is a Saturday: it ends on Monday night
    assert stage.matter(it).ended_as == "done"


def test_anybody_who_sees_it_may_object_and_nobody_else(stage: Stage) -> None:
    it = thing(stage, NOTICE)
    stage.act(it, "object", "zhao", data={"words": "名字写错了"})
    assert refused(stage, it, "object", "guo", data={"words": "我也看看"}).code == "not-found"
    assert refused(stage, it, "answer", "lin", data={"words": "没错", "upheld": "no"}).code == "not-yours"


def test_beside_other_steps_it_is_the_charter_that_says_whether_one_may_object(stage: Stage) -> None:
    it = thing(stage, APPOINT + 'post = "inspector"\nthen = "done"\n')
    assert refused(stage, it, "object", "zhao", data={"words": "不行"}).line.endswith("kinds.thing.always")


def test_a_notice_waits_for_the_answer_to_every_objection(stage: Stage) -> None:
    it = thing(stage, NOTICE)
    stage.act(it, "object", "zhao", data={"words": "名字写错了"})
    stage.act(it, "object", "lin", data={"words": "日期不对"})
    board_days(stage, 8)
    assert stage.stands_at(it) == ["board"]
    assert refused(stage, it, "object", "chen", data={"words": "我也说一句"}).code == "closed"
    assert refused(stage, it, "answer", "wang", data={"words": "没错"}).field == "upheld"
    stage.act(it, "answer", "wang", data={"words": "核对过，没写错", "upheld": "no"})
    assert stage.stands_at(it) == ["board"]
    stage.act(it, "answer", "wang", data={"words": "日期也对", "upheld": "no"})
    assert stage.matter(it).ended_as == "done"


def test_an_objection_that_holds_sends_it_back_at_once(stage: Stage) -> None:
    it = thing(stage, NOTICE)
    stage.act(it, "object", "zhao", data={"words": "名字写错了"})
    stage.act(it, "answer", "wang", data={"words": "确实，改", "upheld": "yes"})
    assert stage.stands_at(it) == ["again"]
    stage.act(it, "handle", "wang")
    stage.act(it, "object", "zhao", data={"words": "还是错"})
    last = refused(stage, it, "answer", "wang", data={"words": "再改", "upheld": "yes"})
    assert last.code == "too-often" and last.line.endswith("steps.board.at_most")


def test_the_clock_of_a_charter_does_not_pass_over_an_unanswered_objection(stage: Stage) -> None:
    it = thing(stage, NOTICE.replace("for_days = 5", 'for_days = 5\nwhen_due = "no"'))
    stage.act(it, "object", "zhao", data={"words": "名字写错了"})
    board_days(stage, 8)
    assert stage.stands_at(it) == ["board"]
    stage.act(it, "answer", "wang", data={"words": "没错", "upheld": "no"})
    assert stage.matter(it).ended_as == "done"


def test_signatures_count_once_a_person_until_there_are_enough(stage: Stage) -> None:
    it = thing(stage, SUPPORT.replace("within", "at_least = 2\nwithin"))
    stage.act(it, "support", "lin")
    assert refused(stage, it, "support", "lin").code == "too-often"
    assert refused(stage, it, "support", "zhou").code == "not-yours"
    stage.act(it, "support", "zhao")
    assert stage.matter(it).ended_as == "done"
    assert Party.objects.filter(matter=it.matter_id, relation="supporter").count() == 2


def test_too_few_signatures_at_the_due_date_are_too_few(stage: Stage) -> None:
    it = thing(stage, SUPPORT.replace("within", "at_least = 2\nwithin"))
    stage.act(it, "support", "lin")
    board_days(stage, 32)
    assert stage.matter(it).ended_as == "no"


def test_how_many_must_sign_is_the_rules_share_of_the_electorate(stage: Stage) -> None:
    """More than half of two is two; whoever owns without living here is none of the residents."""
    it = thing(stage, SUPPORT.replace("within", 'rule = "half"\nelectorate = "everybody"\nwithin'))
    assert Step.objects.get(matter=it.matter_id, key="sign").memory == {"needed": 2, "of": 2}
    enrol(stage.community, stage.people["zhou"], stage.places["3-1-101"], ["owner"], at=stage.now)
    assert refused(stage, it, "support", "zhou").code == "not-yours"
    stage.act(it, "support", "lin")
    stage.act(it, "support", "zhao")
    assert stage.matter(it).ended_as == "done"


def test_a_matter_may_begin_with_its_signatures(stage: Stage) -> None:
    stage.adopt(whole("").partition("[kinds.thing]")[0] + BEGINS)
    it = stage.report(kind="petition", words="请装路灯")
    assert stage.stands_at(it) == ["sign"]
    stage.act(it, "support", "lin")
    stage.act(it, "support", "zhao")
    assert stage.matter(it).ended_as == "done"


def test_support_beside_the_steps_is_still_there_where_no_step_asks_for_it(stage: Stage) -> None:
    it = thing(stage, NOTICE)
    stage.act(it, "support", "zhao")
    assert Entry.objects.get(pk=stage.act(it, "comment", "zhao", data={"words": "好"}).entry_id).step == ""
    assert Party.objects.filter(matter=it.matter_id, relation="supporter").count() == 1


def held(stage: Stage, who: str, post: str) -> list[Holding]:
    return list(Holding.objects.open_at(stage.now).filter(person=stage.people[who], post=post))


def test_a_post_is_given_with_its_term(stage: Stage) -> None:
    it = thing(stage, APPOINT + 'post = "resident-deputy"\nthen = "done"\nhandover = "十日内交接（组织法 25）"\n')
    assert refused(stage, it, "appoint", "wang").field == "people"
    done = stage.act(it, "appoint", "wang", data={"people": [str(stage.people["zhao"].pk)], "words": "印章已移交"})
    (holding,) = held(stage, "zhao", "resident-deputy")
    assert holding.body.key == "council" and holding.title == "居民代表"
    assert holding.until is not None and holding.until.year == 2031
    entry = Entry.objects.get(pk=done.entry_id)
    assert entry.public["handover"] and entry.public["count"] == 1
    stage.later(days=366 * 5)
    assert held(stage, "zhao", "resident-deputy") == []


def test_posts_that_do_not_go_together_are_refused_with_the_charters_line(stage: Stage) -> None:
    it = thing(stage, APPOINT + 'post = "supervision-member"\nthen = "done"\n')
    no = refused(stage, it, "appoint", "wang", data={"people": [str(stage.people["wang"].pk)]})
    assert no.code == "not-yours" and no.line == "public: posts.supervision-member.apart_from"
    assert not held(stage, "wang", "supervision-member")


def test_a_single_post_passes_from_one_to_the_next(stage: Stage) -> None:
    it = thing(stage, APPOINT + 'post = "committee-director"\nthen = "done"\n')
    stage.act(it, "appoint", "wang", data={"people": [str(stage.people["zhao"].pk)]})
    assert held(stage, "zhao", "committee-director") and not held(stage, "wang", "committee-director")


def test_whom_an_earlier_step_chose_is_appointed_without_anybody_doing_it(stage: Stage) -> None:
    chosen = """
then = "pick"
[procedures.thing.steps.pick]
kind = "assign"
by = ["committee"]
relations = { assignee = 1 }
then = "give"
[procedures.thing.steps.give]
kind = "appoint"
from = ["pick"]
post = "inspector"
then = "done"
"""
    it = thing(stage, chosen)
    stage.act(it, "assign", "wang", data={"people": {"assignee": [str(stage.people["zhao"].pk)]}})
    run_due(stage.later(minutes=1))
    assert stage.matter(it).ended_as == "done" and held(stage, "zhao", "inspector")
    kept = Payload.objects.get(entry__stream__matter=it.matter_id, part="appointed").read()
    assert kept == [{"person": str(stage.people["zhao"].pk), "post": "inspector"}], (
        "the record says who, not only how many"
    )


RECALL = """
[kinds.recall]
title = "罢免"
procedure = "recall"
visible = "community"
about = "post-holder"
about_posts = ["resident-deputy"]
one_open = true
[procedures.recall.steps.say]
kind = "raise"
by = ["resident"]
then = "hear"
[procedures.recall.steps.hear]
kind = "wait"
for = "statement"
by = ["subject"]
then = "leave"
[procedures.recall.steps.leave]
kind = "appoint"
by = ["committee"]
post = "subject"
effect = "EFFECT"
then = "done"
[procedures.recall.ends]
done = { counts = "solved" }
"""


def recall(stage: Stage, by: str = "lin", effect: str = "end", who: str = "zhao") -> object:
    stage.adopt(HEAD + 'then = "done"\n' + ENDS + RECALL.replace("EFFECT", effect))
    return stage.report(by=by, kind="recall", words="从不开会", data={"about_whom": str(stage.people[who].pk)})


def deputy(stage: Stage) -> None:
    it = thing(stage, APPOINT + 'post = "resident-deputy"\nthen = "done"\n')
    stage.act(it, "appoint", "wang", data={"people": [str(stage.people["zhao"].pk)]})


@pytest.mark.parametrize("effect", ["end", "suspend"])
def test_a_matter_about_a_post_ends_that_post(stage: Stage, effect: str) -> None:
    deputy(stage)
    it = recall(stage, effect=effect)
    assert refused(stage, it, "wait", "lin", data={"words": "别听"}).code == "not-yours"
    stage.act(it, "wait", "zhao", data={"words": "我出差了"})
    stage.act(it, "appoint", "wang")
    assert not held(stage, "zhao", "resident-deputy")
    verbs = Entry.objects.filter(stream__kind="people").order_by("n").values_list("verb", flat=True)
    assert list(verbs)[-1] == {"end": "dismiss", "suspend": "suspend"}[effect]


def test_only_one_such_matter_is_open_about_the_same(stage: Stage) -> None:
    deputy(stage)
    first = recall(stage)
    with pytest.raises(Refused) as again:
        recall(stage, by="zhao")
    assert again.value.code == "too-often" and again.value.line.endswith("kinds.recall.one_open")
    stage.act(first, "wait", "zhao", data={"words": "我出差了"})
    stage.act(first, "appoint", "wang")
    with pytest.raises(Refused) as gone:
        recall(stage)
    assert gone.value.field == "about_whom"


@pytest.mark.parametrize("who", ["chen", "guo"])
def test_nobody_is_recalled_from_what_he_is_not(stage: Stage, who: str) -> None:
    with pytest.raises(Refused) as found:
        recall(stage, who=who)
    assert found.value.field == "about_whom"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (APPOINT + 'post = "mayor"\nthen = "done"\n', "没有叫“mayor”的职务"),
        (APPOINT + 'post = "subject"\nthen = "done"\n', "post-holder"),
        (APPOINT.replace('by = ["committee"]', "") + 'post = "inspector"\nthen = "done"\n', "不知道任免谁"),
        (APPOINT + 'post = "inspector"\nfrom = ["vote"]\nthen = "done"\n', "没有“vote”这一步"),
        (SUPPORT.replace("within", 'rule = "owners-special"\nelectorate = "everybody"\nwithin'), "没有写 asked"),
    ],
)
def test_the_checker_sees_what_cannot_work(body: str, said: str) -> None:
    checked = parse_text(whole(body), "public.toml")
    assert any(said in finding.message for finding in checked.findings), checked.findings
