"""Bind a person to a home by the code on a letter: one who is known already, or one who comes for the first time."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from weizhi.matters.refused import Refused
from weizhi.people import vault
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.portal.accounts.home_codes import PROOF
from weizhi.portal.accounts.numbers import as_number, holders_of
from weizhi.record.actions.enrol import enrol
from weizhi.record.origin import the_clock

STATUSES: Final = (Residence.Status.RESIDENT, Residence.Status.TENANT)
BY_LETTER_AT_MOST: Final = 8  # in one home: a letter that went round is noticed
NAME_AT_MOST: Final = 40


def join(person: Person, household: Place, status: str, *, at: datetime | None = None) -> Residence:
    """Let the person live in the home from now on. Raises Refused."""
    now = the_clock(at)
    if status not in STATUSES:
        raise Refused("bad-data", _("请选一项：住在这里，还是租住在这里。房主请到居委会登记。"), field="status")
    with transaction.atomic():
        open_here = Residence.objects.open_at(now).filter(household=household)
        if open_here.filter(person=person, status=status).exists():
            raise Refused("too-often", _("您已经登记在这一户了。"), field="home")
        if open_here.filter(proof=PROOF).values("person").distinct().count() >= BY_LETTER_AT_MOST:
            raise Refused("too-often", _("用这封信登记的人已经很多了。请到居委会登记。"), field="home")
        return enrol(household.community, person, household, [status], proof=PROOF, by=person, at=now)[0]


def newcomer(name: str, typed: str, household: Place, status: str, *, at: datetime | None = None) -> Person:
    """Make an account for somebody who has a letter and a telephone, and nothing else here yet. Raises Refused.

    The number proves itself at the first sign-in, which sends a code to it.
    """
    name, number = " ".join(name.split()), as_number(typed)
    if not name or len(name) > NAME_AT_MOST:
        raise Refused("bad-data", _("请写上您的名字。"), field="name")
    if number is None:
        raise Refused("bad-data", _("这不像一个手机号。请填 11 位的手机号。"), field="phone")
    if holders_of(number):
        raise Refused("closed", _("这个手机号已经登记过了。请先用它登录，再在“我的家”里加上这一户。"), field="phone")
    with transaction.atomic():
        person = Person(login=f"p{uuid7().hex[-12:]}", name=name)
        person.set_unusable_password()
        vault.put(person, vault.PHONE, number)
        person.save()
        join(person, household, status, at=at)
    return person
