"""A slip: on paper for whoever said it, and the story that its code opens without an account."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.models import Matter
from weizhi.matters.recorded import CHANNEL, CLAIM
from weizhi.matters.story import Reader
from weizhi.people.access import NOBODY, Standing, person_key
from weizhi.portal import pieces as p
from weizhi.portal.queries.hands import holders
from weizhi.portal.saying import number, place_words
from weizhi.portal.storytelling import nexts, story_piece
from weizhi.record.models import Entry
from weizhi.reports.models import Report
from weizhi.reports.slips import code_of, said


@dataclass(frozen=True)
class SlipPage:
    community: str
    number: str
    place: str
    day: str
    who: str
    words: str
    by: str
    nexts: tuple[tuple[str, str, str], ...]  # what, who, by which day
    end: str
    digits: str

    @property
    def code(self) -> str:
        return said(self.digits)


def slip_page(standing: Standing, matter_id: UUID, now: datetime) -> SlipPage | None:
    """The slip of a matter in a community in which this person holds a post."""
    mine = {post.community_id for post in standing.posts}
    rows = Report.objects.filter(
        code_blind__isnull=False, matter__in=Matter.objects.visible_to(standing).filter(pk=matter_id)
    )
    found = rows.filter(matter__community__in=mine).select_related("matter__place__parent__parent", "matter__community")
    slip = found.first()
    if slip is None:
        return None
    reader = Reader(slip.matter, standing)
    told = reader.story()
    first = told.lines[0]
    held = holders([party.who for party in reader.parties if party.step_id], now)
    return SlipPage(
        community=slip.matter.community.name,
        number=number(slip.matter),
        place=place_words(slip.matter.place),
        day=on_paper(first.at),
        who=first.on_behalf_of or first.caller,
        words=first.words or slip.matter.title,
        by=f"{first.post} {first.who}".strip() if not first.mine else _name(slip.matter),
        nexts=tuple(
            (one.what, one.who, on_paper(one.due.at) if one.due and one.due.at else "")
            for one in nexts(reader, told, held, now)
        ),
        end=told.ended_title,
        digits=code_of(slip.matter_id, slip.turn),
    )


def on_paper(at: datetime) -> str:
    """Paper is read on another day: no "today", no "in three days"."""
    here = at.astimezone(ZONE)
    return _("%(year)s年%(month)s月%(day)s日 %(time)s") % {
        "year": here.year, "month": here.month, "day": here.day, "time": f"{here:%H:%M}",
    }  # fmt: skip


def _name(matter: Matter) -> str:
    """Whoever prints it is "您" to himself, and a name on paper."""
    first = Entry.objects.select_related("actor", "holding").get(stream=matter.pk, n=1)
    return f"{first.holding.title if first.holding else ''} {first.actor.name if first.actor else ''}".strip()


@dataclass(frozen=True)
class Told:
    """The story behind a code, and whether whoever holds it may say that it is his."""

    number: str
    title: str
    place: str
    story: p.Story
    mine: bool
    claimable: bool
    matter_id: UUID


def told_by(slip: Report, standing: Standing, now: datetime) -> Told:
    """As everybody may read it who has nothing to do with it; photos are for those who are signed in."""
    matter = slip.matter
    reader = Reader(matter, NOBODY)
    told = reader.story()
    held = holders([party.who for party in reader.parties if party.step_id], now)
    story = story_piece(reader, told, held, "", now)
    plain = tuple(replace(one, photos=()) for one in story.sentences)
    me = person_key(standing.person_id) if standing.person_id else ""
    first = Entry.objects.filter(stream=matter.pk, n=1).first()
    open_to_claim = first is not None and first.on_behalf_of_id is None and CHANNEL in first.public
    return Told(
        number=number(matter),
        title=matter.title,
        place=place_words(matter.place),
        story=replace(story, sentences=plain),
        mine=any(party.who == me for party in reader.parties),
        claimable=open_to_claim and not any(line.verb == CLAIM for line in told.lines),
        matter_id=matter.pk,
    )
