"""Whom a neighbour means, by what he must know already: the whole name, and the door or the number on the roll.

The register is no list to look in. Wrong or not an elector is the same answer, and whoever guesses is stopped after
a few tries; an officer, who keeps the register, is not.
"""

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from weizhi.decisions.candidates import nominate_params
from weizhi.decisions.models import Entitlement, Roll
from weizhi.matters.refused import Refused
from weizhi.matters.registry import electors
from weizhi.people.models import Person
from weizhi.portal.accounts import lockout
from weizhi.portal.electing.page import Floor
from weizhi.portal.queries.recording import person_meant

NUMBER_AT_MOST: Final = 9


def elector_known(request: HttpRequest, floor: Floor, name: str, home: str) -> Person:
    """The elector of this name behind this door, or at this number of the roll. Raises Refused."""
    name, home = "".join(name.split()), home.strip()
    for key, typed, asks in (("name", name, _("请写他的全名。")), ("home", home, _("请写他家的门牌，或者名册号。"))):
        if not typed:
            raise Refused("bad-data", asks, field=key)
    guesses = f"{lockout.BY_NAME}:{request.user.pk}"
    officer = floor.who.works_in(floor.reader.matter.community_id)
    if not officer and lockout.guessing_is_locked(request, guesses):
        raise Refused("too-many", _("名字和门牌对不上太多次了。请 15 分钟以后再试，或者请居委会帮您提名。"))
    found = _on_roll(floor, name, home) if _is_number(home) else _behind_door(floor, name, home)
    if found is None or not _votes(floor, found):
        if not officer:
            lockout.wrong_guess(request, guesses)
        raise Refused("bad-data", _("没有找到这位选民。名字要写全，门牌要和门上的一样，比如 3-2-301。"), field="name")
    return found


def _is_number(home: str) -> bool:
    return home.isdecimal() and len(home) < NUMBER_AT_MOST


def _behind_door(floor: Floor, name: str, home: str) -> Person | None:
    meant = person_meant(floor.reader.matter.community, f"{name} {home}", "", floor.now)
    return meant[0] if meant else None


def _on_roll(floor: Floor, name: str, number: str) -> Person | None:
    """Masked names stand on the roll: a number alone would tell the whole name, so both must fit."""
    roll = Roll.objects.filter(matter=floor.reader.matter).order_by("-drawn_at", "-id").first()
    line = Entitlement.objects.filter(roll=roll, n=int(number)).standing().select_related("person").first()
    return line.person if line and line.person and line.person.name == name else None


def _votes(floor: Floor, person: Person) -> bool:
    electorate = nominate_params(floor.reader.procedure.steps[floor.step]).electorate
    return electorate is None or electors().has(floor.scene, electorate, person.pk)
