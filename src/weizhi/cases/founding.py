"""幸福里 is founded: the ground plan, the grids, the charter, who holds which post, a census file of its people."""

from collections.abc import Iterator
from datetime import datetime

from weizhi.cases.language import Member
from weizhi.cases.neighbours import OFFICERS
from weizhi.cases.occasions import BRANCH, KNOCKER, PAIRED
from weizhi.cases.reading import CHARTERS
from weizhi.cases.residents import GROWN, Settlers, census_file, invented
from weizhi.cases.stage import Stage, give_post
from weizhi.cases.town import GRIDS, NEXT_DOOR, estate_of, indoors, next_door, outdoors
from weizhi.census.actions.bring_in import bring_in
from weizhi.census.actions.check_files import check_files
from weizhi.census.reading import Source
from weizhi.charters.loading import load
from weizhi.matters.registry import specs
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.record.actions.add_places import add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.set_grid import set_grid

PEOPLE = 3000
CENSUS = "幸福里名册.csv"
SPOKEN_FOR = ("resident", "tenant")  # who lives there and may report; one of each household has a part in the tales

# The named cast, and those beside whom they work: name, posts, the place of the post, the home.
CAST: dict[str, Member] = {
    "lin": Member(name="林姨", status=("owner", "resident"), home="3-2-301"),
    "zhou": Member(name="小周", post="grid-officer", at="g2"),
    "wang": Member(name="王主任", post="committee-director"),
    "chen": Member(name="陈经理", post="property-manager", at="e1"),
    "zhao": Member(name="赵律师", post="public-lawyer", status=("owner", "resident"), home="1-1-201"),
    "guo": Member(name="郭先生", status=("owner", "resident"), community="another"),
    "wu": Member(name="小吴", post="grid-officer", at="g1"),
    "zheng": Member(name="小郑", post="grid-officer", at="g3"),
    "li": Member(name="李书记", post="party-secretary", body="party-committee"),
    "sun": Member(name="孙大姐", post="mediator"),
    "he": Member(name="何科长", post="street-clerk"),
    "ma": Member(name="马站长", post="station-head"),
    "tao": Member(name="陶姐", post="committee-member"),
    "jiang": Member(name="小蒋", post="committee-member"),
    "wei": Member(name="老魏", post="committee-member"),
    "liu": Member(name="刘经理", post="property-manager", at="e2"),
    "qian": Member(name="钱经理", post="property-manager", at="e3"),
    "qin": Member(name="电工老秦", post="property-worker", at="e1"),
    "fang": Member(name="水工小方", post="property-worker", at="e2"),
    "ding": Member(name="维修班老丁", post="property-worker", at="e3"),
    "xu": Member(name="许老师", post="owners-director", at="e1", status=("owner", "resident"), home="2-1-402"),
    "ye": Member(name="叶工", post="owners-director", at="e2", status=("owner", "resident"), home="17-1-502"),
    "tan": Member(name="谭姐", post="owners-director", at="e3", status=("owner", "resident"), home="30-1-803"),
    "deputy-1": Member(name="居民代表老许", post="resident-deputy", status=("owner", "resident"), home="1-2-102"),
    "deputy-2": Member(name="居民代表梅姐", post="resident-deputy", status=("owner", "resident"), home="10-1-202"),
    "deputy-3": Member(name="居民代表小沈", post="resident-deputy", status="tenant", home="26-1-604"),
}


def found(at: datetime, needed: frozenset[str]) -> Stage:
    """Everything but what happens. Behind each door of `needed` somebody lives."""
    street = found_community("xinghe", "星河街道", level="street", at=at)
    community = found_community("xingfuli", "幸福里", parent=street, at=at)
    other = found_community("guangmingli", "光明里", parent=street, at=at)
    stage = Stage(community, other, load(CHARTERS / "xingfuli.toml", specs=specs()))
    open_air = add_places(community, outdoors(), at=at)
    for code, covered in GRIDS.items():
        set_grid(community, open_air[code], [open_air[unit] for unit in covered], since=at.date(), at=at)
    add_places(community, indoors(), at=at)  # after the grids: what is inside a building lies in its grid
    add_places(other, next_door(), at=at)
    adopt_charter(community, stage.charter, source=(CHARTERS / "xingfuli.toml").read_text(encoding="utf-8"), at=at)
    adopt_charter(other, load("base", specs=specs()), at=at)
    stage.places = {place.code: place for place in Place.objects.select_related("community", "community__parent")}
    for login, member in _cast():
        stage.people[login] = _come_in(stage, login, member, at)
    _move_in(stage, needed, at)
    return stage


def _cast() -> Iterator[tuple[str, Member]]:
    """The named ones, an officer for each grid, and in some grids a branch secretary and whoever knocks at doors."""
    yield from CAST.items()
    settlers = Settlers("posts")
    for grid, login in OFFICERS.items():
        if login not in CAST:
            yield login, Member(name=f"小{settlers.name(GROWN)[0]}", post="grid-officer", at=grid)
    for grid in PAIRED:
        yield f"{BRANCH}{grid}", Member(name=settlers.name(GROWN), post="grid-branch-secretary", at=grid)
        yield f"{KNOCKER}{grid}", Member(name=settlers.name(GROWN), post="door-knocker", at=grid)


def _come_in(stage: Stage, login: str, member: Member, at: datetime) -> Person:
    person = Person.objects.create_user(login, member.name)
    if member.community == "another":
        enrol(stage.other, person, stage.places[NEXT_DOOR], member.status, at=at)
    elif member.home:
        enrol(stage.community, person, stage.places[member.home], member.status, at=at)
    for post in member.held:
        give_post(stage, person, member, post, at)
    return person


def _move_in(stage: Stage, needed: frozenset[str], at: datetime) -> None:
    """A census file through the desk's own import; tales call one person of each household by the door."""
    taken = {member.home for member in CAST.values()}
    here = stage.community.pk
    homes = [p.code for p in stage.places.values() if p.kind == "household" and p.community_id == here]
    lines = invented(sorted(set(homes) - taken), PEOPLE - Person.objects.count(), needed)
    file = Source(CENSUS, census_file(lines, lambda building: estate_of(building).code))
    checked = check_files(stage.community, [file], now=at)
    if checked.plan is None or set(checked.counts) != {"person", "residence"}:
        raise AssertionError([str(finding) for finding in checked.found][:5] or checked.counts)
    bring_in(stage.community, checked.plan, at=at)
    checked.plan.unlink()
    lives = Residence.objects.filter(community=here, status__in=SPOKEN_FOR).select_related("person", "household")
    for residence in lives.order_by("pk"):
        stage.people.setdefault(residence.household.code, residence.person)
