"""Bring in letters as reports, each with its own past date: into a demo or test database only.

Who raises them: not their writers, who are no persons of ours, but one person without a login, 导入的来信, who holds
a post that the charter lets report (来信登记) from a time before all letters. The story reads "导入的来信报了这件事";
nobody counts as a resident who is none; the question whether he is content lapses after its period.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from weizhi.charters.models import Charter
from weizhi.matters import rules
from weizhi.matters.actions.act import Refused, raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.fields import WORDS_AT_MOST
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.people.access import Standing, standing
from weizhi.people.models import Body, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock
from weizhi.reports.documents import IMPORT
from weizhi.reports.letters import Letter

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NAME, TITLE = "导入的来信", "来信登记"
DOCUMENT = "report"


class CannotImport(Exception):
    """Nothing can be brought in here; says what to do."""


@dataclass
class Imported:
    """What came of an import: new ones, those that were in before, and lines that were refused."""

    new: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.new + self.known + len(self.refused)


def import_letters(
    community: Community,
    letters: Sequence[Letter],
    *,
    source: str,
    now: datetime,
    progress: Callable[[Imported], object] = lambda _: None,
) -> Imported:
    """Raise each letter as a report, in the order of their dates. Killed and run again it goes on where it was.

    One transaction a letter. What time has done since the letter's date (reminders of an overdue step) happens in
    it too, at its own past instant, so that nobody is alarmed today about 2019.
    """
    the_clock(now)  # refuses a database that serves real people
    kind, who = _prepare(community, now)
    known = set(Entry.objects.filter(actor=who, key__startswith=IMPORT).values_list("key", flat=True))
    done = Imported()
    for letter in sorted(letters, key=lambda one: (one.at, one.line)):
        key = key_of(source, letter)
        if key in known:
            done.known += 1
        elif why := _bring_in(community, kind, who, letter, key, now):
            done.refused.append((letter.line, why))
        else:
            known.add(key)
            done.new += 1
        progress(done)
    return done


def key_of(source: str, letter: Letter) -> str:
    """The letter's name for ever: numbers of two files may be equal, so the file's source is part of it."""
    return IMPORT + hashlib.sha256(f"{source}\n{letter.id}".encode()).hexdigest()[:40]


def _bring_in(community: Community, kind: str, who: Person, letter: Letter, key: str, now: datetime) -> str:
    """Raise one letter; returns why it was refused, or ""."""
    if not LONG_AGO < letter.at <= now:
        return "时间要在 2000 年以后、今天以前。请改一下。"
    try:
        with transaction.atomic():
            done = raise_matter(community, kind, by=who, data={"words": fitting(letter.words)}, key=key, at=letter.at)
            run_due(now, matter=done.matter_id)
    except Refused as refused:
        return refused.message
    return ""


def fitting(words: str) -> str:
    """The words, cut where they are longer than a report may be, and saying so."""
    if len(words) <= WORDS_AT_MOST:
        return words
    note = f"……（原文 {len(words)} 字，导入时截短）"
    return words[: WORDS_AT_MOST - len(note)] + note


def _prepare(community: Community, now: datetime) -> tuple[str, Person]:
    """The matter kind, and the person who raises; both stand since long ago. Safe to repeat."""
    try:
        charter = charter_by_hash(hash_in_force(community.pk, now))
    except Refused as refused:
        raise CannotImport(refused.message) from None
    kind = next((kind for kind in charter.kinds.values() if kind.document == DOCUMENT), None)
    if kind is None:
        raise CannotImport(f"章程“{charter.title}”里没有报事。请先采用一份有报事的章程。")
    if kind.raised_in not in (None, rules.COMMUNITY):
        raise CannotImport(f"“{kind.title}”要说明在哪里，来信里没有。请采用一份不问地点的章程。")
    with transaction.atomic():
        who, _ = Person.objects.get_or_create(
            login=f"import-{community.slug}", defaults={"name": NAME, "is_active": False, "password": "!"}
        )
        _adopt_long_ago(community, charter)
        _appoint_long_ago(community, charter, charter.procedure_of(kind.key).start.by, who)
    return kind.key, who


def _adopt_long_ago(community: Community, charter: Charter) -> None:
    """Letters older than the community's first charter follow the one in force today."""
    try:
        hash_in_force(community.pk, LONG_AGO)
    except Refused:
        adopt_charter(community, charter, at=LONG_AGO)


def _appoint_long_ago(community: Community, charter: Charter, names: Sequence[str], who: Person) -> None:
    here = Place.objects.get(path=community.slug)
    asked = rules.keys_for(names, charter=charter, here=rules.Here(here.levels, here.path), relations={})
    held: Standing = standing(who, LONG_AGO)
    if not held.keys.isdisjoint(asked):
        return
    seat = next(filter(None, (_seat(charter, name) for name in names)), None)
    if seat is None:
        raise CannotImport("这份章程只让住户自己报事，来信没法登记。请采用一份让居委会也能登记的章程。")
    key, post = seat
    body, _ = Body.objects.get_or_create(
        community=community, key=key, place=here, defaults={"name": charter.bodies[key].title}
    )
    appoint(community, who, body, post, TITLE, at=LONG_AGO)


def _seat(charter: Charter, name: str) -> tuple[str, str] | None:
    """A body of the community and a post in it through which its holder may report."""
    if rules.level_of(charter, name) != rules.COMMUNITY:
        return None
    for key, body in charter.bodies.items():
        for seat in body.seats:
            if seat.post and name in (key, seat.post) and (body.at or rules.COMMUNITY) == rules.COMMUNITY:
                return key, seat.post
    return None
