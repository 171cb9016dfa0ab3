"""Posts as a matter gives and takes them: which body, at which place, until when, and which do not go together."""

from datetime import datetime

from django.db.models import QuerySet

from weizhi.charters import periods
from weizhi.charters.flow import Token
from weizhi.charters.models import Charter
from weizhi.charters.periods import parse_period
from weizhi.charters.workdays import state_calendar
from weizhi.matters import rules
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.people.models import Body, Holding, Person
from weizhi.places.models import Place
from weizhi.record.actions.appoint import appoint, dismiss


def body_key(charter: Charter, post: str) -> str:
    """The body with a seat for the post, the one it is part of, or the body that owns what nobody else has."""
    seated = next((key for key, body in charter.bodies.items() if any(seat.post == post for seat in body.seats)), None)
    return seated or charter.posts[post].part_of or rules.owner_of(charter)


def give(scene: Scene, token: Token, post: str, person: Person, by: Person | None) -> Holding:
    """Let a person hold a post from now for its term. Raises Refused where it does not go with another of his."""
    charter, rule = scene.charter, scene.charter.posts[post]
    check_apart(scene, post, person)
    body = _body(scene, token, body_key(charter, post))
    place = _place(scene, token, rules.level_of(charter, post))
    if rule.single:
        end_all(scene, post, place, by)
    for own in _held(scene, post, place).filter(person=person):  # chosen again: the new term takes the old one's seat
        dismiss(own, by=by, at=scene.now)
    check_seat(scene, post, place)
    return appoint(
        body.community, person, body, post, rule.title or post,
        place=place, single=rule.single, until=_until(scene, post), by=by, at=scene.now,
    )  # fmt: skip


def end_all(scene: Scene, post: str, place: Place, by: Person | None) -> None:
    """Whoever held it here until now holds it no more."""
    for holding in _held(scene, post, place):
        dismiss(holding, by=by, at=scene.now)


def _held(scene: Scene, post: str, place: Place) -> QuerySet[Holding]:
    held = Holding.objects.open_at(scene.now).filter(community=place.community_id, post=post, place=place)
    return held.select_related("community", "body")


def check_seat(scene: Scene, post: str, place: Place) -> None:
    """A body has the seats that the charter gives it, and no more. Raises Refused."""
    charter = scene.charter
    seats = [(key, seat.count) for key, body in charter.bodies.items() for seat in body.seats if seat.post == post]
    most = sum(count for _key, count in seats)
    if seats and _held(scene, post, place).count() >= most:
        raise Refused(
            "too-often",
            f"“{charter.posts[post].title or post}”一共 {most} 席，已经坐满了。请先办离任，再办就任。",
            line=f"{charter.name}: bodies.{seats[0][0]}.seats",
        )


def check_apart(scene: Scene, post: str, person: Person) -> None:
    """Posts that one person may not hold together, whichever of the two says so."""
    charter = scene.charter
    barred = {*charter.posts[post].apart_from, *(key for key, one in charter.posts.items() if post in one.apart_from)}
    held = Holding.objects.open_at(scene.now).filter(
        community=scene.matter.community_id, person=person, post__in=barred
    )
    if (other := held.first()) is not None:
        said = post if other.post in charter.posts[post].apart_from else other.post
        raise Refused(
            "not-yours",
            f"{person.name}现在是{other.title}，不能同时担任{charter.posts[post].title or post}。请先辞去一个。",
            line=f"{charter.name}: posts.{said}.apart_from",
        )


def _until(scene: Scene, post: str) -> datetime | None:
    term = scene.charter.posts[post].term
    if not term:
        return None
    return periods.due(scene.now, parse_period(term), calendar=state_calendar()).at


def place_for(scene: Scene, token: Token, post: str) -> Place:
    """Where a post is held that a matter gives."""
    return _place(scene, token, rules.level_of(scene.charter, post))


def _place(scene: Scene, token: Token, level: str) -> Place:
    here = scene.here_for(token)
    path = here.at(level)
    if path is None:
        title = scene.charter.levels.titles.get(level, level)
        raise Refused("not-yet", f"这件事不在任何一个“{title}”里，定不了在哪里任职。")
    return Place.objects.select_related("community").get(path=path)


def _body(scene: Scene, token: Token, key: str) -> Body:
    place = _place(scene, token, rules.level_of(scene.charter, key))
    named = {"name": scene.charter.bodies[key].title or key}
    found, _new = Body.objects.get_or_create(community=place.community, key=key, place=place, defaults=named)
    return found
