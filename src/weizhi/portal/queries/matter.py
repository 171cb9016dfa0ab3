"""One matter as a page: its story, what is open to this person, who decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from weizhi.charters.drawing import draw
from weizhi.matters import reads
from weizhi.matters.again import needed
from weizhi.matters.merging import MERGE
from weizhi.matters.models import Matter
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.queries import Offer, offers
from weizhi.matters.story import Reader, Story
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.acting import actions, why_not
from weizhi.portal.forms import Draft
from weizhi.portal.hall.panels import halls
from weizhi.portal.inviting.panels import invitations
from weizhi.portal.mediating.panels import mediations
from weizhi.portal.meeting.panels import meetings
from weizhi.portal.proposing.page import projects_of
from weizhi.portal.queries.asked import Asked
from weizhi.portal.queries.hands import holders
from weizhi.portal.queries.lists import WHOLE_PLACE, matter_columns
from weizhi.portal.queries.notices import unseen_count
from weizhi.portal.saying import due_chip, end_chip, number, place_words, when
from weizhi.portal.stencils import Holed
from weizhi.portal.storytelling import audience_words, story_piece
from weizhi.portal.surveying.panels import surveys
from weizhi.portal.texts.panels import texts
from weizhi.portal.trying.panels import Trial, trials
from weizhi.portal.voting.panels import Panel, panels
from weizhi.portal.walked.panels import marked
from weizhi.portal.walking.panels import WalkTable, walk_tables
from weizhi.portal.ways import way, way_to


@dataclass(frozen=True, slots=True)
class MatterTop(p.Piece, Holed):
    """The ways back and on, the title, where it stands."""

    template: ClassVar[str] = "matter_top"
    HOLES: ClassVar[tuple[str, ...]] = ("title", "number", "place", "act", "back", "skip")
    title: str
    number: str
    place: str
    state: p.Chip
    seal: p.Seal | None
    act: str  # what waits for the reader below
    staff: bool
    back: str
    skip: str


@dataclass(frozen=True, slots=True)
class Link(Holed):
    HOLES: ClassVar[tuple[str, ...]] = ("words", "url")
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class About(p.Piece, Holed):
    """What else is known of it, and where it goes on."""

    template: ClassVar[str] = "matter_about"
    HOLES: ClassVar[tuple[str, ...]] = ("paper", "again")
    SENT: ClassVar[bool] = True
    facts: p.Facts
    chain: tuple[Link, ...]
    paper: str
    again: str


@dataclass(frozen=True)
class MatterPage:
    matter: Matter
    number: str
    head: int
    top: MatterTop
    story: p.Story
    about: About
    forms: tuple[p.Action, ...]
    others: tuple[p.Action, ...]
    why_not: p.WhyNot | None
    who_decides: p.WhoDecides
    staff: bool
    unseen: int
    alike: str
    caller: str  # where to read the number that a caller left
    votes: tuple[Panel, ...]
    trials: tuple[Trial, ...]  # what is tried out now
    walkings: tuple[WalkTable, ...]  # how far people walk before and after something moves
    projects: p.Cards | None  # what the matter took in


def _one(pk: UUID, person: UUID | None, keys: Iterable[str], paths: Iterable[str]) -> QuerySet[Matter]:
    who = Standing(person, frozenset(keys), frozenset(paths))
    found = Matter.objects.visible_to(who).select_related("stream", "follows", WHOLE_PLACE).filter(pk=pk)
    columns = (*matter_columns(), "follows__number", "follows__title")
    return found.only(*columns).annotate(unseen=unseen_count(who))


_matter = Prepared(_one, by_key=True)


def matter_page(
    matter_id: UUID, name: str, standing: Standing, now: datetime, draft: Draft, queue: str = ""
) -> MatterPage | None:
    """Six queries: the matter, its entries, what was said, steps, parties, and who holds the posts it waits for."""
    matter = _matter.first(matter_id, standing.person_id, standing.keys, standing.paths)
    if matter is None:
        return None
    reader = Reader(matter, standing, "desk" if standing.posts else "resident")
    told = reader.story()
    held = holders([party.who for party in reader.parties if party.step_id], now)
    open_to_me = offers(reader)
    forms = actions(reader, open_to_me, draft, people_for(reader, open_to_me, now), queue)
    story = story_piece(reader, told, held, name, now)
    again = _again(matter, standing, now)
    return MatterPage(
        matter=matter,
        number=number(matter),
        head=matter.stream.head,
        top=MatterTop(
            title=matter.title,
            number=number(matter),
            place=place_words(matter.place),
            state=_state(reader, told.ended_title, now),
            seal=story.end.seal if story.end else None,
            act=next((form.title for form in forms if not form.folded), ""),
            staff=bool(standing.posts),
            back=Asked.of_queue(queue).url() if queue else way("portal:desk" if standing.posts else "portal:home"),
            skip=_skip(open_to_me, queue),
        ),
        story=story,
        about=About(_facts(reader, now), _chain(matter, standing), way_to("portal:matter-paper", matter.pk), again),
        forms=tuple(form for form in forms if not form.folded),
        others=tuple(form for form in forms if form.folded),
        why_not=why_not(reader),
        who_decides=who_decides(reader),
        staff=bool(standing.posts),
        unseen=matter.unseen,  # type: ignore[attr-defined]  # annotated by the query
        alike=_alike(matter, forms, queue),
        caller=_caller(matter, told, reader),
        trials=trials(reader, now),
        votes=(
            *panels(reader, now),
            *texts(reader, now),
            *meetings(reader, now),
            *surveys(reader, now),
            *mediations(reader),
            *halls(reader, now),
            *invitations(reader),
            *marked(reader, now),
        ),
        walkings=walk_tables(reader, now),
        projects=projects_of(matter, standing) if reader.charter.kinds[matter.kind].holds else None,
    )


def _caller(matter: Matter, told: Story, reader: Reader) -> str:
    left = reader.handles and any(line.number for line in told.lines)
    return way_to("portal:caller-number", matter.pk) if left else ""


def _alike(matter: Matter, forms: Sequence[p.Action], queue: str) -> str:
    """Where to ask what may be the same thing, for whoever may merge it."""
    if not any(form.verb == MERGE for form in forms):
        return ""
    return way_to("portal:alike", matter.pk) + (f"?{urlencode({'queue': queue})}" if queue else "")


def _skip(open_to_me: Sequence[Offer], queue: str) -> str:
    """The way past this one, to the next of the list it was opened from."""
    if not queue:
        return ""
    after = {"after": str(open_to_me[0].step_id)} if open_to_me else {}
    return f"{way('portal:desk-next')}?{urlencode({'queue': queue, **after})}"


def _chain(matter: Matter, standing: Standing) -> tuple[Link, ...]:
    """What this one follows and what followed it: an ended matter never moves again, so it goes on in another."""
    before = [(_("接着"), matter.follows)] if matter.follows else []
    later = reads.later(matter.pk, standing) if matter.ended_at else ()
    return tuple(
        Link(f"{words} {number(other)} {other.title}", way_to("portal:matter", other.pk))
        for words, other in [*before, *((_("后来又报了"), other) for other in later)]
    )


def _again(matter: Matter, standing: Standing, now: datetime) -> str:
    """Where those who live here may report that it is not over after all."""
    if matter.ended_at is None or not standing.homes:
        return ""
    asked = needed(matter)
    if asked is not None and (asked.missing() or (asked.since is not None and now < asked.since)):
        return ""
    return f"{way('portal:report')}?kind={matter.kind}&follows={matter.pk}"


def people_for(reader: Reader, open_to_me: Sequence[Offer], now: datetime) -> Sequence[p.Choice]:
    """Whom one may choose, read only where somebody is asked for: those who hold a post or live here."""
    if not any(offer.kind in ("assign", "appoint") for offer in open_to_me):
        return ()
    here = belongs_to(Person.objects.all(), reader.matter.community_id, now).order_by("name")[:200]
    return tuple(p.Choice(str(person.pk), person.name) for person in here)


def who_decides(reader: Reader) -> p.WhoDecides:
    here = frozenset(row.key for row in reader.steps if row.closed_at is None)
    return p.WhoDecides(_drawn(reader.matter.charter_id, reader.procedure.key, here))


@lru_cache(maxsize=256)
def _drawn(digest: str, procedure: str, here: frozenset[str]) -> str:
    """A pinned charter never changes, so its drawings do not either."""
    charter = charter_by_hash(digest)
    return draw(charter.procedures[procedure], here, charter=charter)


def _state(reader: Reader, ended_title: str, now: datetime) -> p.Chip:
    """The one chip beside the title: how it ended, else the nearest due instant."""
    if reader.matter.ended_at is not None:
        return end_chip(reader.matter.counts, ended_title)
    dues = [row.due for row in reader.steps if row.closed_at is None and row.due]
    return due_chip(min(dues), now) if dues else p.Chip(_("正在办"), "moving")


def _facts(reader: Reader, now: datetime) -> p.Facts:
    matter = reader.matter
    category = reader.charter.categories.get(matter.category)
    rows = [
        (_("在哪里"), place_words(matter.place)),
        (_("什么时候报的"), when(matter.raised_at, now)),
        (_("哪一类"), category.title if category else ""),
        (_("谁看得到"), audience_words(matter, reader)),
    ]
    return p.Facts(tuple((name, value) for name, value in rows if value))
