"""The charter as people see it, and the table at which it is changed."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from weizhi.charters.loading import Library, load
from weizhi.matters.duties import Performance, performances
from weizhi.matters.models import Matter, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.registry import specs
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_masked import NAMED
from weizhi.people.models import Body, CharterDraft, Holding, Person
from weizhi.portal.charter import paper, telling
from weizhi.portal.charter.rehearsal import TIME, rehearse
from weizhi.portal.tests.conftest import Enter
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry, Origin

PAGE = 10
FOUND = Library()("wuwei")
assert FOUND is not None
WUWEI = FOUND[1]
# The clerk's change: the property company gets five working days instead of three, and somebody looks afterwards.
CHANGED = WUWEI.replace(
    'by = ["property"]\nwithin = "3 working days"\nescalate = [{ after = "0 days", tell = ["committee-director"] }]\n'
    'marks = { done = "done" }\noutcomes = { done = "publish"',
    'by = ["property"]\nwithin = "5 working days"\nescalate = [{ after = "0 days", tell = ["committee-director"] }]\n'
    'marks = { done = "done" }\noutcomes = { done = "look"',
).replace(
    "[procedures.wuwei-report.steps.publish]",
    '[procedures.wuwei-report.steps.look]\nkind = "check"\ntitle = "网格员看一眼"\nby = ["grid-officer"]\n'
    'within = "2 working days"\noutcomes = { good = "publish", again = "property" }\n'
    'outcome_titles = { good = "好了", again = "还没好" }\nat_most = { again = 2 }\n'
    "[procedures.wuwei-report.steps.publish]",
)


@pytest.fixture
def wuwei(stage: Stage) -> Stage:
    """The community has adopted 五微, and a second member of its committee can confirm."""
    assert CHANGED != WUWEI and '"look"' in CHANGED
    adopt_charter(stage.community, load("wuwei", specs=specs()), source=WUWEI, at=stage.later(seconds=1))
    second = stage.people["ma"] = Person.objects.create_user("ma", "马委员")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, second, committee, "committee-member", "居委会委员", at=stage.later(seconds=1))
    return stage


@pytest.mark.parametrize("login", ["lin", "zhou", "wang"])
def test_everybody_reads_the_charter_in_force(wuwei: Stage, enter: Enter, query_budget, login: str):
    client = enter(login)
    client.get(reverse("portal:charter"))
    with query_budget(PAGE):
        page = client.get(reverse("portal:charter")).content.decode()
    for words in (
        "五微：微平台与权责清单",
        "负面清单",
        "公开信箱 3 个工作日内答复",
        "王主任",
        "3 个工作日",
        "年度权责培训会议",
    ):
        assert words in page
    assert (reverse("portal:charter-try") in page) == (login == "wang")
    assert page.count('class="flow"') >= len(load("wuwei", specs=specs()).kinds)


def test_a_body_s_telephone_stands_beside_its_name(stage: Stage, enter: Enter):
    stage.adopt(NAMED)
    page = enter("lin").get(reverse("portal:charter")).content.decode()
    assert "<dt>物业公司 <small>(0371) 6666-1234</small></dt>" in page


def test_each_body_sees_its_duties_and_what_waits_for_it(wuwei: Stage, enter: Enter, query_budget):
    for _n in range(2):
        wuwei.act(wuwei.report(), "sort", "wang", "property")
    client = enter("chen")
    client.get(reverse("portal:charter"))
    with query_budget(PAGE):
        page = client.get(reverse("portal:charter")).content.decode()
    mine = page[page.index("您的职责") : page.index("charter-columns")]
    assert "维修、保洁、秩序，按合同办" in mine and "<b>2</b>" in mine and "公开信箱" not in mine
    assert "不得" in mine and "居委会、物业不做行政执法" in mine
    assert "您的职责" not in enter("lin").get(reverse("portal:charter")).content.decode()


def test_a_community_without_a_charter_says_what_will_be_here(stage: Stage, enter: Enter):
    stage.community.adoptions.all().delete()
    assert "这里还没有章程" in enter("lin").get(reverse("portal:charter")).content.decode()


def test_a_figure_opens_the_acts_behind_it(wuwei: Stage, enter: Enter, query_budget):
    done, late, open_ = wuwei.report(), wuwei.report(), wuwei.report()
    for one in (done, late, open_):
        wuwei.act(one, "sort", "wang", "property")
    wuwei.act(done, "handle", "chen", "done")
    wuwei.act(late, "handle", "chen", "done", at=wuwei.now + timedelta(days=9))
    charter = charter_by_hash(Matter.objects.get(pk=done.matter_id).charter_id)
    now, month = wuwei.now + timedelta(days=10), wuwei.now.date()
    told = {one.duty: one for one in performances(wuwei.community.pk, charter, month, now)}
    assert told["property"] == Performance("property", due=3, in_time=1, late=1) and told["property"].undone == 1
    assert told["collect"].due == told["collect"].in_time == 3
    client = enter("lin")
    with query_budget(PAGE):
        page = client.get(
            reverse("portal:charter-duty", args=["property"]), {"month": f"{month:%Y-%m}"}
        ).content.decode()
    assert "1/3" in page and page.count("按时办了") >= 1 and page.count("没有办") >= 1
    assert client.get(reverse("portal:charter-duty", args=["no-such-line"])).status_code == 404


def test_what_may_not_be_read_is_counted_and_not_named(wuwei: Stage, enter: Enter):
    hidden = wuwei.report()
    wuwei.act(hidden, "sort", "wang", "property")
    Matter.objects.filter(pk=hidden.matter_id).update(audience="-", title="秘密的事")
    page = enter("zhao").get(reverse("portal:charter-duty", args=["property"]), {"month": f"{wuwei.now:%Y-%m}"})
    assert "秘密的事" not in page.content.decode() and "还有 1 次" in page.content.decode()


@pytest.mark.parametrize("which", ["poster", "handbook"])
def test_the_lists_print_as_pdf(wuwei: Stage, enter: Enter, which: str):
    answer = enter("lin").get(reverse(f"portal:charter-{which}"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 20_000  # Chinese type is embedded: empty boxes would weigh nothing


def test_what_goes_on_paper_is_the_charter_s_own(wuwei: Stage):
    charter = load("wuwei", specs=specs())
    content = paper._content(charter.title, telling.told(charter), "幸福里", wuwei.now.date())
    lines = [line for one in content["lists"] for line in one["lines"]]
    assert len(lines) == len(charter.duties) and sum(one["negative"] for one in content["lists"]) == 1
    steps = {kind["title"]: [step["within"] for step in kind["steps"]] for kind in content["kinds"]}
    assert steps["公开信箱"] == ["", "3 个工作日", "15 天"]


def test_only_those_who_decide_the_rules_sit_at_the_table(wuwei: Stage, enter: Enter):
    table = reverse("portal:charter-try")
    answers = [enter(login).get(table).status_code for login in ("lin", "zhou", "guo", "wang")]
    assert answers == [403, 403, 403, 200]


def test_a_fault_is_told_with_its_line_and_the_nearest_name(wuwei: Stage, enter: Enter):
    wrong = CHANGED.replace('outcomes = { done = "look"', 'outcomes = { done = "lok"')
    page = enter("wang").post(reverse("portal:charter-look"), {"source": wrong}).content.decode()
    line = 1 + wrong[: wrong.index('done = "lok"')].count("\n")
    assert f"第 {line} 行" in page and "是不是想写“look”" in page and 'value="propose"' not in page
    answer = enter("wang").post(reverse("portal:charter-try"), {"source": wrong, "do": "propose"})
    assert answer.status_code == 422 and not CharterDraft.objects.exists()
    assert "lok" in answer.content.decode()  # what was typed is still there


def test_who_does_not_write_toml_changes_a_period_and_adds_a_step(wuwei: Stage, enter: Enter):
    table, client = reverse("portal:charter-try"), enter("wang")

    def pressed(source: str, do: str, **form: str) -> tuple[str, str]:
        page = client.post(table, {"source": source, "kind": "report", "do": do} | form).content.decode()
        text = html.unescape(page[page.index("<textarea") : page.index("</textarea>")]).partition(">")[2]
        return text.removeprefix("\n"), page

    text, page = pressed(WUWEI, "period:property", **{"p-property-number": "5", "p-property-unit": "working days"})
    assert "期限从“3 个工作日”改为“5 个工作日”" in page and text.count("\n") == WUWEI.count("\n")
    added = {"after": "property|done", "new-title": "网格员看一眼", "new-by": "grid-officer", "new-number": "2"}
    text, page = pressed(text, "add", **added)
    assert "多了一步“网格员看一眼”：网格员，2 个工作日" in page and "没有问题" in page
    same, page = pressed(text, "period:property", **{"p-property-number": "很多", "p-property-unit": "working days"})
    assert same == text and "看不懂" in page
    same, page = pressed(text, "add", **(added | {"new-title": 'x"]'}))
    assert same == text and "不要用引号" in page
    assert client.post(table, {"source": text, "do": "propose"}).status_code == 302


def test_a_rehearsal_shows_the_resident_s_story_and_leaves_nothing(wuwei: Stage, enter: Enter):
    counts = [model.objects.count() for model in (Entry, Matter, Person, Holding, CharterDraft, Body, Step)]
    client = enter("wang")
    asked = {"source": CHANGED.replace("\n", "\r\n"), "kind": "report", "do": "walk"}
    first = client.post(reverse("portal:charter-look"), asked).content.decode()
    assert "林姨（试）" in first and "按清单分" in first and "物业办" in first and "没有问题" in first
    path = ["property", "done", "good"]
    last = client.post(reverse("portal:charter-look"), asked | {"path": path, "do": "choose:good"}).content.decode()
    assert "结束：办好了" in last and "看不到这件事" in last
    assert counts == [model.objects.count() for model in (Entry, Matter, Person, Holding, CharterDraft, Body, Step)]


def test_a_live_community_rehearses_too_and_stays_live(wuwei: Stage):
    Origin.objects.update(made_as=Origin.MadeAs.LIVE)
    played = rehearse(
        wuwei.community, load("wuwei", specs=specs()), WUWEI, "letter", ["answered", TIME], timezone.now()
    )
    assert (played.ended, played.stopped) == ("答复了", "") and Origin.objects.get().made_as == Origin.MadeAs.LIVE


def test_in_a_rehearsal_time_can_come_and_refusals_are_told(wuwei: Stage):
    charter = load("wuwei", specs=specs())
    now = timezone.now()
    played = rehearse(wuwei.community, charter, WUWEI, "disclosure", ["right", "posted", TIME, "all-answered"], now)
    assert (played.stopped, played.ended) == ("", "公开了")
    waits = rehearse(wuwei.community, charter, WUWEI, "disclosure", ["right", "posted"], now).waits
    assert [wait.step for wait in waits] == ["公开栏"] and waits[0].due > now + timedelta(days=15)
    played = rehearse(wuwei.community, charter, WUWEI, "letter", ["answered", "bad", "answered", TIME], now)
    assert played.ended == "答复了"
    assert "请从这几项里选" in rehearse(wuwei.community, charter, WUWEI, "letter", ["nonsense"], now).stopped


@pytest.mark.parametrize(
    "name", ["qingshan", "nanan-sanshi", "beijing-juzhan", "jianghan", "kelamayi", "hangzhou-fenlei"]
)
def test_every_kind_of_the_library_can_be_rehearsed(stage: Stage, name: str):
    charter = load(name, specs=specs())
    for kind in charter.kinds:
        path: list[str] = []
        for _step in range(3):
            played = rehearse(stage.community, charter, "", kind, path, timezone.now())
            assert not played.stopped, (kind, path, played.stopped)
            if not played.choices:
                break
            path.append(played.choices[0].value)


def test_two_people_put_a_clerk_s_change_in_force_and_running_matters_keep_their_rules(wuwei: Stage, enter: Enter):
    running = wuwei.report()
    wuwei.act(running, "sort", "wang", "property")
    wang, ma = enter("wang"), enter("ma")
    table = reverse("portal:charter-try")
    answer = wang.post(table, {"source": CHANGED, "do": "propose", "why": "物业说三天不够"})
    assert answer.status_code == 302
    draft = CharterDraft.objects.get()
    assert "要由另一位来确认" in wang.get(table).content.decode()
    assert wang.post(reverse("portal:charter-confirm", args=[draft.pk])).status_code == 403
    shown = ma.get(table).content.decode()
    assert "物业说三天不够" in shown and "within = &quot;5 working days&quot;" in shown
    assert ma.post(reverse("portal:charter-confirm", args=[draft.pk])).status_code == 302
    assert ma.post(reverse("portal:charter-confirm", args=[draft.pk])).status_code == 409
    page = enter("lin").get(reverse("portal:charter")).content.decode()
    assert "网格员看一眼" in page and page.count("王主任提出，马委员确认") == 2  # at the head, and among the versions
    assert "期限从“3 个工作日”改为“5 个工作日”" in page[page.index("历次章程") :]
    raised = enter("lin").post(
        reverse("portal:report"), {"kind": "report", "words": "门禁坏了", "key": "k1", "anyway": "yes"}
    )
    assert raised.status_code == 302
    new = Matter.objects.exclude(pk=running.matter_id).get(title="门禁坏了")
    assert "look" in charter_by_hash(new.charter_id).procedure_of("report").steps
    old = charter_by_hash(Matter.objects.get(pk=running.matter_id).charter_id)
    assert "look" not in old.procedure_of("report").steps
    wuwei.act(running, "handle", "chen", "done")
    assert wuwei.stands_at(running) == ["rate"]


def test_a_change_is_put_aside(wuwei: Stage, enter: Enter):
    wang, ma = enter("wang"), enter("ma")
    wang.post(reverse("portal:charter-try"), {"source": CHANGED, "do": "propose"})
    draft = CharterDraft.objects.get()
    assert ma.post(reverse("portal:charter-decline", args=[draft.pk])).status_code == 302
    assert ma.post(reverse("portal:charter-confirm", args=[draft.pk])).status_code == 409
