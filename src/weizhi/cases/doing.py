"""One act of a story, done through the matter's own door, with the story's words turned into persons and places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from weizhi.cases.language import Act, dated
from weizhi.cases.pictures import photo
from weizhi.matters.actions.act import Done, act, raise_matter
from weizhi.matters.actions.confirm_charter import confirm_charter
from weizhi.matters.actions.propose_charter import propose_charter
from weizhi.matters.models import CalendarOpening, Matter
from weizhi.matters.registry import door_named
from weizhi.people.access import standing
from weizhi.people.models import Person, Residence
from weizhi.places.models import Community, Place

PERSON_MARK, PLACE_MARK, NUMBER_MARK = "@", "#", "%"  # in data: "@lin", "#3-2", "%lamp" the matter's number
VARIANT_MARK = ":"  # "lamp:2" as a photo


@dataclass
class Doing:
    """People by login, places by code, the home at which each person reports, matters by alias."""

    people: Mapping[str, Person]
    places: Mapping[str, Place]
    homes: Mapping[str, str]
    matters: dict[str, UUID] = field(default_factory=dict)
    drafts: dict[str, UUID] = field(default_factory=dict)

    def look_up(self, name: str | None, community: Community) -> None:
        """A matter that a calendar opened is named by its day, and where several were opened, by its place."""
        found = dated(name or "")
        if name is None or found is None or name in self.matters:
            return
        entry, day, place = found
        rows = CalendarOpening.objects.filter(community=community, entry=entry, day=day)
        matters = (rows.filter(matter__place__code=place) if place else rows).values_list("matter", flat=True)
        if (matter := matters.first()) is not None:
            self.matters[name] = matter

    def change_rules(self, scene: Act, at: datetime, source: Callable[[str], str]) -> None:
        """Somebody proposes a charter for the community of the post held, or a second person confirms it."""
        by = self.people[scene.by]
        if scene.confirm:
            confirm_charter(self.drafts[scene.confirm], by=by, at=at)
            return
        assert scene.propose is not None
        held = next(iter(standing(by, at).communities))
        draft = propose_charter(
            Community.objects.get(pk=held), source(scene.propose), by=by, why=scene.words or "", at=at
        )
        if scene.as_:
            self.drafts[scene.as_] = draft.pk

    def do(self, scene: Act, at: datetime) -> Done | None:
        """Raises Refused as every other caller of the door sees it. None where it went in by a narrow door."""
        by = self.people[scene.by]
        if scene.do and (door := door_named(scene.do)):
            step = {"step": scene.step} if scene.step else {}
            door(self.matters[scene.matter or ""], by=by, data=self._data(scene) | step, at=at)
            return None
        common: dict[str, Any] = {
            "by": by,
            "data": self._data(scene),
            "evidence": [_photo(name) for name in scene.photo],
            "at": at,
            "as_post": self._post(by, scene.as_post, at) if scene.as_post else None,
            "on_behalf_of": self.people[scene.for_] if scene.for_ else None,
        }
        if scene.raise_:
            place = self._where(scene, at)
            follows = self.matters[scene.follows] if scene.follows else None
            return raise_matter(place.community, scene.raise_, place=place.pk, follows=follows, **common)
        return act(self.matters[scene.matter or ""], scene.do or "", step=scene.step, outcome=scene.outcome, **common)

    def _where(self, scene: Act, at: datetime) -> Place:
        """A resident reports at home; anybody else about the whole community in which he holds a post."""
        who = scene.for_ or scene.by
        if code := scene.place or self.homes.get(who):
            return self.places[code]
        lives = Residence.objects.open_at(at).filter(person=self.people[who]).select_related("household").first()
        if lives is not None:
            return self.places[lives.household.code]
        held = standing(self.people[who], at).posts[0]
        return next(
            place for place in self.places.values() if place.community_id == held.community_id and not place.parent_id
        )

    def _post(self, person: Person, post: str, at: datetime) -> UUID | None:
        return next((found.holding_id for found in standing(person, at).posts if found.post == post), None)

    def _data(self, scene: Act) -> dict[str, Any]:
        words = {"words": scene.words} if scene.words else {}
        return {key: self._value(value) for key, value in (scene.data | words).items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, Mapping):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, str) and value[:1] == PERSON_MARK and value[1:] in self.people:
            return self.people[value[1:]].pk
        if isinstance(value, str) and value[:1] == PLACE_MARK and value[1:] in self.places:
            return self.places[value[1:]].pk
        if isinstance(value, str) and value[:1] == NUMBER_MARK and value[1:] in self.matters:
            return Matter.objects.only("number").get(pk=self.matters[value[1:]]).number
        return value


def _photo(name: str) -> Any:
    scene, _, variant = name.partition(VARIANT_MARK)
    return photo(scene, int(variant or 0))
