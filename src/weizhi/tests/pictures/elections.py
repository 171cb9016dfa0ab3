"""Next door to the demo a community elects and shares out a sum: names put forward, a roll on the board, proposals,
a ballot that stands open and one that is over. What is done there changes no other picture."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse

if TYPE_CHECKING:
    from uuid import UUID

    from weizhi.people.access import Standing
    from weizhi.people.models import Person
    from weizhi.places.models import Community

SLUG: Final = "guangmingli"
LAWFUL: Final = ["不违反法律", "在社区能管的地方", "不是哪一家的私事"]
FEASIBLE: Final = ["做得到", "费用核过"]
NEIGHBOURS: Final = ("许姐", "高老师", "田师傅", "薛阿姨", "唐医生", "罗大哥", "毛毛妈", "石叔")
CHARTER: Final = """
[charter]
language = 1
name = "next-door"
title = "光明里"
extends = ["nanjing-wuwei"]
[rules.leaders]
title = "居民小组长选举"
nominations = { kinds = ["by-committee", "by-five-electors", "by-oneself"], more_than_seats = true }
participation = [{ measure = "heads", of = "roll", more_than = "1/2" }]
elected = { of = "ballots", more_than = "1/2" }
[kinds.listing]
title = "选民名册"
procedure = "listing"
visible = "community"
[procedures.listing]
title = "选民名册"
[procedures.listing.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "roll"
[procedures.listing.steps.roll]
kind = "roll"
title = "公布选民名册"
by = ["committee"]
electorate = "neighbours"
for_days = 20
then = "done"
[procedures.listing.ends]
done = { counts = "solved", title = "定下来了" }
[kinds.leaders]
title = "选居民小组长"
procedure = "leaders"
visible = "community"
[procedures.leaders]
title = "选居民小组长"
[procedures.leaders.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "nominate"
[procedures.leaders.steps.nominate]
kind = "nominate"
title = "提名居民小组长"
by = ["resident", "committee"]
rule = "leaders"
seats = "committee-member"
electorate = "neighbours"
criteria = ["公益心", "有时间"]
within = "10 days"
then = "ballot"
[procedures.leaders.steps.ballot]
kind = "elect"
title = "选居民小组长"
by = ["committee"]
seats = "committee-member"
count = 2
electorate = "neighbours"
rule = "leaders"
phone = true
citation = "居民小组长不是居委会成员，由本社区居民公约规定"
open_for = "10 days"
outcomes = { elected = "done", short = "done", no-quorum = "done" }
[procedures.leaders.ends]
done = { counts = "solved", title = "选过了" }
"""
SAID: Final = (
    ("许姐", "在这里住了十六年，退休前在学校管后勤，白天都在家。想先把楼道的灯和堆物管好。", "常年帮邻居收快递"),
    ("高老师", "教了三十年书，说话有人听。想把每月一次的议事会办起来。", "社区四点半课堂的老师"),
    ("田师傅", "水电都懂一点，谁家漏水半夜也可以敲门。", "修过一百多次水龙头"),
)
PROJECTS: Final = {
    "小广场装八盏路灯，晚上走路看得清": 28_000,
    "2 号楼门口修一条轮椅坡道": 35_000,
    "花坛边上放六张长椅": 12_000,
}


def play(moment: datetime) -> None:
    """Everything that the pictures show, each at its own instant. Nobody of it is real."""
    community, people = _moved_in(moment - timedelta(days=60))
    raise_there, act_there = _doers(community, people)
    raise_there("listing", "方主任", moment - timedelta(days=2), words="公布今年的选民名册")
    listing = _latest("listing")
    act_there(listing, "object", "郭先生", moment - timedelta(days=1), words="我家老二上个月满十八了，名册上没有。")
    _elected(raise_there, act_there, moment - timedelta(days=22), moment - timedelta(days=2), people)
    _elected(raise_there, act_there, moment - timedelta(days=13), None, people)
    raise_there("leaders", "方主任", moment - timedelta(days=3), words="三号楼选居民小组长")
    _put_forward(act_there, _latest("leaders"), moment - timedelta(days=2))
    _shared_out(raise_there, act_there, moment - timedelta(days=40), people, counted=True)
    _shared_out(raise_there, act_there, moment - timedelta(days=24), people, counted=False)
    raise_there(
        "small-works", "方主任", moment - timedelta(days=4), words="明年的微实事：五万元，办什么大家定。", sum=5_000_000
    )
    _propose(raise_there, moment - timedelta(days=3), checked=None)


Raise = Callable[..., None]
Act = Callable[..., None]


def _moved_in(at: datetime) -> "tuple[Community, dict[str, Person]]":
    from weizhi.charters.loading import parse_text
    from weizhi.people.models import Body, Person, Residence
    from weizhi.places.models import Place
    from weizhi.record.actions.adopt_charter import adopt_charter
    from weizhi.record.actions.appoint import appoint
    from weizhi.record.actions.enrol import enrol

    home = Residence.objects.select_related("community", "household").filter(person__login="guo").first()
    assert home is not None, "郭先生 lives next door"
    community = home.community
    people = {name: Person.objects.create_user(f"next-{n}", name) for n, name in enumerate(NEIGHBOURS)}
    for person in people.values():
        enrol(community, person, home.household, ["resident"], at=at)
    people |= {name: Person.objects.get(login=login) for name, login in (("郭先生", "guo"), ("何科长", "he"))}
    people |= {"方主任": Person.objects.create_user("next-fang", "方主任")}
    place = Place.objects.get(path=community.slug)
    body, _new = Body.objects.get_or_create(
        community=community, key="committee", place=place, defaults={"name": "居委会"}
    )
    appoint(community, people["方主任"], body, "committee-director", "居委会主任", at=at)
    checked = parse_text(CHARTER, "next-door.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(community, checked.charter, at=at + timedelta(hours=1))
    return community, people


def _doers(community: "Community", people: "Mapping[str, Person]") -> tuple[Raise, Act]:
    from weizhi.matters.actions.act import act, raise_matter

    def raise_there(kind: str, who: str, at: datetime, held_by: "UUID | None" = None, **data: object) -> None:
        raise_matter(community, kind, by=people[who], data=data, at=at, held_by=held_by)

    def act_there(
        matter: "UUID", verb: str, who: str, at: datetime, outcome: str | None = None, **data: object
    ) -> None:
        named = data.pop("whom", None)
        data |= {"person": str(people[str(named)].pk)} if named else {}
        act(matter, verb, by=people[who], at=at, outcome=outcome, data=data)

    return raise_there, act_there


def _latest(kind: str) -> "UUID":
    from weizhi.matters.models import Matter

    return Matter.objects.filter(community__slug=SLUG, kind=kind).latest("raised_at").pk


def _put_forward(act_there: Act, matter: "UUID", at: datetime) -> None:
    """Three stand, one is asked, one gathers electors, one was struck off."""
    for name, words, good in SAID:
        act_there(matter, "nominate", name, at, words=words, criteria={"公益心": good})
    act_there(matter, "nominate", "方主任", at, whom="郭先生")
    for name in ("许姐", "高老师", "田师傅"):
        act_there(matter, "nominate", name, at, whom="薛阿姨", way="by-five-electors")
    act_there(matter, "nominate", "方主任", at, whom="石叔")
    act_there(matter, "strike-candidate", "方主任", at, whom="石叔", words="户口和住处都迁走了，不是这里的选民。")


def _elected(
    raise_there: Raise, act_there: Act, at: datetime, until: "datetime | None", people: "Mapping[str, Person]"
) -> None:
    """A ballot of three for two seats; counted where `until` says."""
    from weizhi.decisions.actions.cast import cast
    from weizhi.decisions.models import Vote
    from weizhi.matters.actions.wake import run_due

    raise_there("leaders", "方主任", at, words="选居民小组长")
    matter = _latest("leaders")
    for name, words, good in SAID:
        act_there(matter, "nominate", name, at + timedelta(hours=1), words=words, criteria={"公益心": good})
    run_due(at + timedelta(days=12, hours=3))  # a period that ends on a Sunday ends on Monday
    vote = Vote.objects.get(matter=matter)
    keys = [str(option["key"]) for option in vote.brief["options"]]
    if until is None:
        return
    for n, name in enumerate(NEIGHBOURS[:6]):
        cast(vote.pk, [keys[0], keys[1 + n % 2]], by=people[name], at=vote.opens_at + timedelta(hours=n + 1))
    run_due(vote.closes_at + timedelta(minutes=1))


def _propose(raise_there: Raise, at: datetime, checked: "Act | None") -> None:
    from weizhi.matters.models import Matter

    holder = _latest("small-works")
    for n, (words, cost) in enumerate(PROJECTS.items()):
        raise_there("proposal", NEIGHBOURS[n], at + timedelta(hours=n), held_by=holder, words=words, cost=cost * 100)
    for one in Matter.objects.filter(held_by=holder) if checked else ():
        checked(one.pk, "check", "方主任", at + timedelta(days=1), "yes", met=LAWFUL)
        cost = PROJECTS[one.title] * 100
        checked(one.pk, "check", "何科长", at + timedelta(days=2), "yes", met=FEASIBLE, cost=cost)


def _shared_out(
    raise_there: Raise, act_there: Act, at: datetime, people: "Mapping[str, Person]", *, counted: bool
) -> None:
    """Fifty thousand among three projects; counted, or still open."""
    from weizhi.decisions.actions.cast import cast
    from weizhi.decisions.models import Vote
    from weizhi.matters.actions.wake import run_due

    raise_there("small-works", "方主任", at, words="今年的微实事：五万元，办什么大家定。", sum=5_000_000)
    works = _latest("small-works")
    _propose(raise_there, at + timedelta(days=1), act_there)
    run_due(at + timedelta(days=23, hours=1))
    vote = Vote.objects.get(matter=works)
    if not counted:
        return
    keys = [str(option["key"]) for option in vote.brief["options"]]
    for n, name in enumerate(NEIGHBOURS):
        cast(vote.pk, [keys[n % 3], keys[2]] if n % 3 != 2 else [keys[0]], by=people[name], at=vote.opens_at)
    run_due(vote.closes_at + timedelta(minutes=1))


def _vote(kind: str, *, counted: bool) -> "Callable[[Standing], str]":
    def where(_who: "Standing") -> str:
        from weizhi.decisions.models import Vote

        found = Vote.objects.filter(community__slug=SLUG, kind=kind, counted_at__isnull=not counted)
        return reverse("portal:vote", args=[found.latest("opens_at").pk])

    return where


def candidates(_who: "Standing") -> str:
    """Where names are being put forward."""
    return reverse("portal:candidates", args=[_latest("leaders")])


def board(_who: "Standing") -> str:
    """The roll that is on the board."""
    from weizhi.decisions.models import Roll

    return reverse("portal:roll", args=[Roll.objects.get(matter=_latest("listing")).pk])


def propose(_who: "Standing") -> str:
    """Where a project is proposed, beside those of others."""
    return f"{reverse('portal:report')}?kind=proposal&to={_latest('small-works')}"


elected = _vote("elect", counted=True)
sharing, shared = _vote("budget", counted=False), _vote("budget", counted=True)
