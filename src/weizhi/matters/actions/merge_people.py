"""One person stands twice in the register: what the double has goes over to the one that stays.

Entries never change: what was done under the double's name stays under it. Homes, posts and matters go over, so
that everything is found again under one sign-in; the double signs in no more.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter, Party
from weizhi.matters.refused import Refused
from weizhi.matters.registry import check_ties
from weizhi.people import vault
from weizhi.people.access import person_key
from weizhi.people.models import Erasure, Holding, Person, Residence
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, Part, append, lock
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def merge_people(kept: Person, double: Person, *, by: Person, at: datetime | None = None) -> None:
    """Let `kept` be both. Raises Refused where they are not two people without a past as somebody else."""
    now = the_clock(at)
    if kept.pk == double.pk:
        raise Refused("bad-data", _("这是同一条登记。请选另外一条。"))
    if not kept.is_active or not double.is_active:
        raise Refused("closed", _("其中一条已经停用了，不能合并。"))
    with transaction.atomic():
        _lock_matters(double)
        check_ties(double)
        concerned = {
            *Residence.objects.filter(person__in=(kept, double)).values_list("community", flat=True),
            *Holding.objects.filter(person__in=(kept, double)).values_list("community", flat=True),
        }
        told = {"kept": str(kept.pk), "double": str(double.pk)}
        for community in Community.objects.filter(pk__in=concerned).order_by("pk"):
            register = lock_register(community, "people")
            append(register, "merge-people", Deed(at=now, actor=by), [Part("person", told, grade=2)])
        _homes(kept, double, now)
        Holding.objects.filter(person=double).update(person=kept)
        _matters(kept, double)
        _erasures(kept, double, by, now)
        _numbers(kept, double)


def _lock_matters(double: Person) -> None:
    """Before any register, as each act does: it holds its matter when it comes to the register of people."""
    found = Matter.objects.filter(parties__who=person_key(double.pk))
    lock(found.values_list("top", flat=True))


def _homes(kept: Person, double: Person, now: datetime) -> None:
    """Each open home once; what the one has already ends for the other."""
    have = set(Residence.objects.open_at(now).filter(person=kept).values_list("household", "status"))
    for home in Residence.objects.open_at(now).filter(person=double):
        if (home.household_id, home.status) in have:
            home.until = now
        else:
            home.person = kept
        home.save(update_fields=["person", "until"])


def _matters(kept: Person, double: Person) -> None:
    """What the double raised, follows or is waited for; where both have to do with a matter in one way, once."""
    to = person_key(kept.pk)
    held = set(Party.objects.filter(who=to).values_list("matter", "relation", "step"))
    for party in Party.objects.filter(who=person_key(double.pk)):
        if (party.matter_id, party.relation, party.step_id) in held:
            party.delete()
        else:
            party.who = to
            party.save(update_fields=["who"])


def _erasures(kept: Person, double: Person, by: Person, now: datetime) -> None:
    """Who asked under the double to be erased has asked; asked under both, one request is enough."""
    open_ = Erasure.objects.filter(settled_at__isnull=True)
    asked = set(open_.filter(person=kept).values_list("community", flat=True))
    mine = open_.filter(person=double)
    mine.filter(community__in=asked).update(settled_at=now, settled_by=by, why_not=_("已经并到同一人的另一份申请里。"))
    mine.exclude(community__in=asked).update(person=kept)


def _numbers(kept: Person, double: Person) -> None:
    """The telephone goes over where the other has none; a number of two people would sign in neither."""
    for field in (vault.PHONE, vault.ID_NUMBER):
        if not getattr(kept, f"{field}_blind"):
            vault.put(kept, field, vault.get(double, field))
        vault.put(double, field, "")
    kept.email = kept.email or double.email
    double.email, double.is_active = "", False
    double.set_unusable_password()
    columns = ["phone_cipher", "phone_blind", "id_number_cipher", "id_number_blind", "email"]
    kept.save(update_fields=columns)
    double.save(update_fields=[*columns, "is_active", "password"])
