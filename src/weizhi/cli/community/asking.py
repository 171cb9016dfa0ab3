"""Whom and what a command means: a community by its short name, a person by the login."""

from typing import Any


class CannotTell(Exception):
    """It is not clear what is meant; says what to do."""


def community_named(slug: str | None) -> Any:
    """The community of this slug, or the only one there is."""
    from weizhi.places.models import Community

    rows = list(Community.objects.order_by("slug"))
    found = [row for row in rows if row.slug == slug] if slug else rows
    if len(found) == 1:
        return found[0]
    slugs = "、".join(row.slug for row in rows)
    raise CannotTell(
        f"请用 --community 指定一个社区。有：{slugs}" if rows else "这里还没有社区。请先建一个：weizhi start。"
    )


def person_named(login: str) -> Any:
    from weizhi.people.models import Person

    person = Person.objects.filter(login=login, erased_at__isnull=True).first()
    if person is None:
        raise CannotTell(f"没有登录名叫“{login}”的人。请检查写法。")
    return person
