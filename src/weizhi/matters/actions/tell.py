"""Fan out what happened: who is told of each new entry, as rows of the outbox. Runs in the job worker."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from weizhi.matters.models import Party
from weizhi.people.access import body_key, person_key, post_key
from weizhi.people.models import Body, Holding, Person
from weizhi.people.wishes import DIGEST, NOW, USUAL, Wishes, after_quiet, next_digest, wishes_of_all
from weizhi.places.writing import insert
from weizhi.record.models import Delivery, Digest, Entry, Payload, Progress
from weizhi.record.notices import CHAT, EMAIL, PAGE, TEXT
from weizhi.record.origin import the_clock

JOB = "told"
BATCH = 200
# An entry is made before its transaction commits: read again what was made shortly before the newest one seen.
OVERLAP = timedelta(minutes=10)
# What is older when it is read is history (a played story, imported letters, a server that stood still for a
# week): it stands on the work tables and in the stories, and nobody is rung up about it.
FRESH = timedelta(days=7)
CONCERNED = (Party.RAISER, Party.FOLLOWER, "supporter")
SPOKEN = frozenset({"comment", "answer", "object", "suspend", "resume"})
# Entries told by this process within the overlap. Only saves work: the outbox takes each notice once.
_told: set[UUID] = set()


def tell(now: datetime | None = None) -> int:
    """Put a notice into the outbox for everybody whom a new entry concerns. Returns how many entries were read."""
    at = the_clock(now)
    progress, _ = Progress.objects.get_or_create(job=JOB, defaults={"at": datetime.fromtimestamp(0, UTC)})
    floor = _first_id(progress.at - OVERLAP)
    _told.difference_update({pk for pk in _told if pk < floor})
    fresh = Entry.objects.filter(pk__gte=floor, at__gte=at - FRESH, stream__kind="matter").order_by("pk")
    new = [pk for pk in fresh.values_list("pk", flat=True) if pk not in _told]
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        _tell(Fan(list(Entry.objects.filter(pk__in=batch).order_by("pk")), at))
        _told.update(batch)
        Progress.objects.filter(job=JOB, at__lt=made_at(batch[-1])).update(at=made_at(batch[-1]))
    return len(new)


def made_at(pk: UUID) -> datetime:
    """When an entry was made, by the clock of the machine: what its UUIDv7 begins with."""
    return datetime.fromtimestamp((pk.int >> 80) / 1000, UTC)


def _first_id(at: datetime) -> UUID:
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


@dataclass
class Fan:
    """Some entries and everything needed to know whom they concern: two queries, two more for keys to persons."""

    entries: Sequence[Entry]
    now: datetime
    parties: dict[UUID, list[Party]] = field(init=False)
    asked: dict[UUID, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.parties = defaultdict(list)
        rows = Party.objects.filter(matter__in=[entry.stream_id for entry in self.entries]).select_related("step")
        for party in rows.filter(Q(step__isnull=False) | Q(relation__in=CONCERNED)):
            self.parties[party.matter_id].append(party)
        tells = Payload.objects.filter(entry__in=[entry.pk for entry in self.entries], part="tell")
        self.asked = {part.entry_id: list(part.read()) for part in tells}

    def reasons(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """(why, key) of everybody whom this entry concerns, the most pressing reason first."""
        yield from ((Delivery.Why.WAITS, key) for key in self._waiting(entry))
        yield from ((Delivery.Why.ASKED, key) for key in self.asked.get(entry.pk, ()))
        if is_news(entry):
            rows = self.parties[entry.stream_id]
            yield from ((Delivery.Why.NEWS, row.who) for row in rows if row.step_id is None)

    def _waiting(self, entry: Entry) -> Iterator[str]:
        """Whom the steps that this entry opened still wait for."""
        opened = {str(row["step"]) for row in entry.public.get("opens", ())}
        for party in self.parties[entry.stream_id]:
            if party.step and party.step.key in opened and party.step.opened_at == entry.at:
                yield party.who


def is_news(entry: Entry) -> bool:
    """Whether those concerned want to hear of it: the matter moved, was answered, or somebody spoke."""
    moved = not {"outcome", "opens", "ended"}.isdisjoint(entry.public)
    return moved or entry.verb in SPOKEN


def _tell(fan: Fan) -> None:
    reasons = {entry.pk: list(fan.reasons(entry)) for entry in fan.entries}
    holders = Holders({key for found in reasons.values() for _, key in found}, fan.now)
    rows: list[Delivery] = []
    for entry in fan.entries:
        rows += _notices(entry, reasons[entry.pk], holders, fan.now)
    put(rows)


def ask_all(entry: Entry, keys: Sequence[str], now: datetime) -> None:
    """Tell these, beside whom the entry concerns anyway: as each wishes, each once."""
    reasons = [(str(Delivery.Why.ASKED), key) for key in keys]
    put(list(_notices(entry, reasons, Holders(set(keys), now), now)))


def put(rows: Sequence[Delivery]) -> None:
    """Into the outbox, each once; those for a digest name the one of their morning, which is made where it is new."""
    later = [row for row in rows if row.digest is not None]
    digests = {(row.digest.to_id, row.digest.channel, row.digest.slot): row.digest for row in later if row.digest}
    if digests:
        insert([*digests.values()], ignore_conflicts=True)
        people, slots = {to for to, _, _ in digests}, {slot for _, _, slot in digests}
        made = {(one.to_id, one.channel, one.slot): one for one in Digest.objects.filter(to__in=people, slot__in=slots)}
        for row in later:
            assert row.digest is not None
            row.digest = made[row.digest.to_id, row.digest.channel, row.digest.slot]
    insert(rows, ignore_conflicts=True)


def _notices(entry: Entry, reasons: Sequence[tuple[str, str]], holders: "Holders", now: datetime) -> Iterator[Delivery]:
    """One notice a person and channel, with the most pressing reason; never to the actor himself."""
    met = {entry.actor_id}
    for why, key in reasons:
        for told in holders.persons(key):
            if told.pk not in met:
                met.add(told.pk)
                yield Delivery(entry=entry, to_id=told.pk, channel=PAGE, why=why, send_at=now, sent_at=now)
                yield from _sent_out(entry, why, told, holders.wishes.get(told.pk, USUAL), now)
        if why != Delivery.Why.NEWS:
            for body in holders.groups(key) - met:
                met.add(body)
                at = after_quiet(now, USUAL.quiet)
                yield Delivery(entry=entry, channel=CHAT, address=str(body), why=why, send_at=at)


def _sent_out(entry: Entry, why: str, told: "Told", wishes: Wishes, now: datetime) -> Iterator[Delivery]:
    """Beside the page: as this person chose, not in the night."""
    for way in told.ways:
        how = wishes.how(way, why)
        if how == NOW:
            at = after_quiet(now, wishes.quiet)
            yield Delivery(entry=entry, to_id=told.pk, channel=way, why=why, send_at=at)
        elif how == DIGEST:
            at = next_digest(now, wishes)
            digest = Digest(to_id=told.pk, channel=way, slot=at, send_at=at)
            yield Delivery(entry=entry, to_id=told.pk, channel=way, why=why, send_at=at, digest=digest)


class Told(NamedTuple):
    """A person and the ways by which he can be reached outside the page."""

    pk: UUID
    email: str
    phone: str

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(way for way, known in ((EMAIL, self.email), (TEXT, self.phone)) if known)


class Holders:
    """Keys of access → persons, their wishes, and chat groups. Three queries, a fourth where chat is switched on.

    `status:` and `signed-in` mean a whole community: such a key is never fanned out, the page tells it.
    """

    def __init__(self, keys: Iterable[str], now: datetime) -> None:
        self.of: dict[str, list[Told]] = defaultdict(list)
        self.bodies: dict[str, set[UUID]] = defaultdict(set)
        kinds: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            kinds[key.partition(":")[0]].append(key)
        if kinds["person"]:
            self._persons([UUID(key.partition(":")[2]) for key in kinds["person"]])
        if kinds["post"] or kinds["body"]:
            self._holdings([*kinds["post"], *kinds["body"]], now)
        if kinds["body"] and settings.CHAT:
            self._groups(kinds["body"])
        self.wishes = wishes_of_all(told.pk for found in self.of.values() for told in found if told.ways)

    def persons(self, key: str) -> list[Told]:
        return self.of.get(key, [])

    def groups(self, key: str) -> set[UUID]:
        return self.bodies.get(key, set())

    def _persons(self, ids: Sequence[UUID]) -> None:
        people = Person.objects.filter(pk__in=ids, is_active=True, is_machine=False)
        for columns in people.values_list("pk", "email", "phone_blind"):
            self.of[person_key(columns[0])].append(Told(*columns))

    def _holdings(self, keys: Sequence[str], now: datetime) -> None:
        names, paths = _split(keys)
        held = Holding.objects.open_at(now).filter(
            Q(post__in=names, place__path__in=paths) | Q(body__key__in=names, body__place__path__in=paths),
            person__is_active=True,
            person__is_machine=False,
        )
        columns = (
            "post",
            "place__path",
            "body__key",
            "body__place__path",
            "person_id",
            "person__email",
            "person__phone_blind",
        )
        for post, path, body, body_path, *who in held.values_list(*columns):
            for key in (post_key(post, path), body_key(body, body_path)):
                self.of[key].append(Told(*who))

    def _groups(self, keys: Sequence[str]) -> None:
        names, paths = _split(keys)
        found = Body.objects.filter(key__in=names, place__path__in=paths, webhook_cipher__isnull=False)
        for pk, key, path in found.values_list("pk", "key", "place__path"):
            self.bodies[body_key(key, path)].add(pk)


def _split(keys: Sequence[str]) -> tuple[set[str], set[str]]:
    """The names and the paths of keys such as `post:grid-officer@xfl/g1`."""
    parts = [key.partition(":")[2].partition("@") for key in keys]
    return {name for name, _, _ in parts}, {path for _, _, path in parts}
