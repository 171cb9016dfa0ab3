"""Name who speaks for a line: a proxy by written authority, or the one whom several owners chose."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from weizhi.decisions.actions.cast import check_open
from weizhi.decisions.boxes import hold
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Candidate, Entitlement, Speaker, Vote
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.record.actions.append import HOUSEHOLD, Deed, Part, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

NAMED: Final = "speaker"
ELECT, DEPUTIES = "elect", "deputies"
EVIDENCE_AT_MOST: Final = 200
PROXIES_AT_MOST: Final = 3  # 城市居民委员会组织法 19: a person carries at most three


def name_speaker(
    vote_id: UUID, entitlement: UUID, person: Person, *, by: Person, of: Person | None = None, proxy: bool = True,
    evidence: str, lasts: bool = False, at: datetime | None = None,
) -> Entry:  # fmt: skip
    """With `proxy` the person may cast in the place of `of` (or of whoever stands on the roll) at this vote, and with
    `lasts`, because the paper says so, at every ballot of the roll; without, the person is the representative of
    several owners. An entry of the matter keeps where the paper lies. Raises Refused."""
    now = the_clock(at)
    if not evidence.strip():
        raise Refused("bad-data", "请写委托书或者推选书的编号。没有书面的不算。", field="evidence")
    matter = Matter.objects.preloaded().get(votes=vote_id)
    with transaction.atomic():
        lock([matter.top_id])
        matter = Matter.objects.preloaded().get(pk=matter.pk)
        vote = hold(vote_id)
        check_open(vote, now)
        may_record(vote, by, now)
        line = Entitlement.objects.standing().filter(roll=vote.roll_id, pk=entitlement).first()
        if line is None:
            raise Refused("bad-data", "名册上没有这一户。请对着名册再看一遍。", field="entitlement")
        whose = _check_proxy(vote, line, person, of, now) if proxy else _check_owner(line, person)
        public = {"line": line.n, "proxy": proxy, "lasts": lasts or not proxy}
        paper = {"person": str(person.pk), "of": str(whose or ""), "evidence": evidence.strip()[:EVIDENCE_AT_MOST]}
        deed = Deed(at=now, actor=by, charter_hash=matter.charter_id, public=public)
        entry = append(matter.stream, NAMED, deed, [Part("authority", paper, HOUSEHOLD)])
        if proxy:
            Speaker.objects.create(
                entitlement=line, person=person, as_what=Speaker.As.PROXY, of_person_id=whose, since=now,
                by_entry=entry.pk, vote=None if lasts else vote,
            )  # fmt: skip
        else:
            Entitlement.objects.filter(pk=line.pk).update(person=person)
        return entry


def _check_owner(line: Entitlement, person: Person) -> UUID:
    if not _owners(line).filter(person=person).exists():
        raise Refused("bad-data", "代表要从这一户的共有人里推选。", field="person")
    return person.pk


def _check_proxy(vote: Vote, line: Entitlement, person: Person, of: Person | None, at: datetime) -> UUID | None:
    """Whose proxy it is: never one's own, of one owner where there are several, and not twice."""
    several = line.person_id is None and line.kind != Entitlement.Kind.HOUSEHOLD and _owners(line).exists()
    if several and of is None:
        raise Refused("bad-data", "这一户有几位共有人，请选委托书是谁签的。", field="of")
    whose = of.pk if of else line.person_id
    if of is not None and of.pk != line.person_id and not _owners(line).filter(person=of).exists():
        raise Refused("bad-data", "委托人不是这一户登记的业主。请先核对名册。", field="of")
    if whose == person.pk:
        raise Refused("bad-data", "不能委托给自己：本人可以直接投。", field="person")
    proxies = Speaker.objects.speaking(vote.pk).filter(as_what=Speaker.As.PROXY)
    if proxies.filter(entitlement=line, person=person).exists():
        raise Refused("meanwhile", "这一户已经委托给这个人了，不用再登记。", field="person")
    if whose and proxies.filter(entitlement=line, of_person=whose).exists():
        raise Refused("meanwhile", "已经委托过一个人了。要换人，请先收回原来的委托。", field="person")
    if vote.kind == ELECT:
        _check_election(vote, person, at)
    return whose


def _check_election(vote: Vote, person: Person, at: datetime) -> None:
    """组织法 19: deputies vote themselves, no candidate votes for others, and nobody for more than three."""
    if vote.rule.get("mode") == DEPUTIES:
        raise Refused("not-yours", "居民代表要本人投票，不能委托别人（组织法第十九条）。", field="person")
    if Candidate.objects.filter(matter=vote.matter_id, person=person, state=Candidate.State.STANDING).exists():
        raise Refused("not-yours", "候选人不能受别人委托投票（组织法第十九条）。请换一个人。", field="person")
    if not belongs_to(Person.objects.filter(pk=person.pk), vote.community_id, at).exists():
        raise Refused("not-yours", "受托人要是本社区的居民（组织法第十九条）。", field="person")
    held = Speaker.objects.speaking(vote.pk).filter(
        entitlement__roll=vote.roll_id, person=person, as_what=Speaker.As.PROXY
    )
    if held.count() >= PROXIES_AT_MOST:
        raise Refused("too-often", f"一个人最多受 {PROXIES_AT_MOST} 个人委托（组织法第十九条）。")


def _owners(line: Entitlement) -> QuerySet[Speaker]:
    return Speaker.objects.filter(entitlement=line, as_what=Speaker.As.OWNER, until__isnull=True)
