"""What is held about me, in words."""

from datetime import datetime

from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.people.models import Holding, Person, Residence
from weizhi.portal.pieces import Facts
from weizhi.portal.saying import place_words


def my_data(person: Person | None, now: datetime) -> Facts | None:
    """Name, login, homes and posts; sensitive numbers are only said to be there. Two queries."""
    if person is None:
        return None
    homes = (
        Residence.objects.open_at(now).filter(person=person).select_related("household__parent__parent", "community")
    )
    posts = Holding.objects.open_at(now).filter(person=person).select_related("place", "community")
    rows = [
        (_("姓名"), person.name),
        (_("登录名"), person.login),
        (_("电话"), _("登记过(加密保存,这里不显示)") if person.phone_blind else _("没有登记")),
        *((home.get_status_display(), f"{home.community.name} {place_words(home.household)}") for home in homes),
        *(
            (post.title, _("%(place)s,从%(day)s起") % {"place": post.place.name, "day": _day(post.since)})
            for post in posts
        ),
    ]
    return Facts(tuple((str(name), str(value)) for name, value in rows))


def _day(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return _("%(year)s年%(month)s月%(day)s日") % {"year": local.year, "month": local.month, "day": local.day}
