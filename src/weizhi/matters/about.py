"""What a matter is about: a place, somebody in a post, a body, another matter; and that only one of a kind is open.

It is kept as a relation of the matter (`about`), whose key opens no door: a holding, a place, a body, a matter.
"""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator

from weizhi.matters import moving, rules
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Act, Scene
from weizhi.people.access import person_key
from weizhi.people.models import Holding

ABOUT: Final = "about"
SUBJECT: Final = "subject"
WHOM: Final = "about_whom"  # with a low line, so that no field of a charter has the same name
HOLDING: Final = "holding"


class RaiseData(ActData):
    """What the first act may carry: whom or which body it is about, and in which post."""

    about_whom: Annotated[str, BeforeValidator(str)] = ""
    about_post: str = ""


def settle(scene: Scene, act: Act) -> None:
    """Note what a new matter is about, where it is said or must be.

    The community's row is locked, so that of two at once the second is refused.
    """
    kind = scene.kind
    data = act.data if isinstance(act.data, RaiseData) else RaiseData()
    if data.about_whom and kind.about not in ("post-holder", "body"):
        raise Refused("bad-data", f"“{kind.title}”不写是关于谁的。请去掉再发。", field=WHOM)
    if kind.about is None and not kind.one_open:
        return
    key = {
        "post-holder": _post_holder, "body": _body, "matter": _matter, "place": _place, None: _place,
    }[kind.about](scene, data)  # fmt: skip
    if not key:
        return
    if kind.one_open:
        _only(scene, key)
    moving.add_relation(scene, ABOUT, key)


def _only(scene: Scene, key: str) -> None:
    same = Party.objects.filter(
        who=key, relation=ABOUT, matter__kind=scene.kind.key, matter__ended_at__isnull=True,
        community=scene.matter.community_id,
    )  # fmt: skip
    number = same.values_list("matter__number", flat=True).first()
    if number is not None:
        raise Refused(
            "too-often",
            f"同样的“{scene.kind.title}”已经有一件在办（编号 {number:04d}）。等它结束了再提。",
            line=f"{scene.charter.name}: kinds.{scene.kind.key}.one_open",
        )


def _post_holder(scene: Scene, data: RaiseData) -> str:
    """The holding of the person named: his only one, or that of the post named with him."""
    found = Holding.objects.open_at(scene.now).filter(
        community=scene.matter.community_id, person=_uuid(data.about_whom)
    )
    if scene.kind.about_posts:
        found = found.filter(post__in=scene.kind.about_posts)
    if data.about_post:
        found = found.filter(post=data.about_post)
    held = list(found.order_by("since", "id")[:2])
    if not held:
        raise Refused("bad-data", "这个人现在没有这里说的职务。请核对姓名和职务。", field=WHOM)
    if len(held) > 1:
        raise Refused("bad-data", "这个人有不止一个职务。请写明是哪一个（about_post）。", field="about_post")
    moving.add_relation(scene, SUBJECT, person_key(held[0].person_id))
    return f"{HOLDING}:{held[0].pk}"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("bad-data", "请写是关于谁的：选一位现在任职的人。", field=WHOM) from None


def _body(scene: Scene, data: RaiseData) -> str:
    if data.about_whom not in scene.charter.bodies:
        if not data.about_whom and not scene.kind.one_open:
            return ""
        raise Refused("bad-data", "请写是关于哪个组织的。", field=WHOM)
    path = scene.here.at(rules.level_of(scene.charter, data.about_whom)) or scene.here.scope
    return f"about-body:{data.about_whom}@{path}"


def _matter(scene: Scene, data: RaiseData) -> str:
    if scene.matter.follows_id is None:
        if not scene.kind.one_open:
            return ""
        raise Refused("bad-data", "请写是关于哪一件事的。", field="follows")
    return f"matter:{scene.matter.follows_id}"


def _place(scene: Scene, data: RaiseData) -> str:
    return f"place:{scene.matter.place.path}"


def holding_of(scene: Scene) -> Holding | None:
    """The post that this matter is about, as it was held when the matter was raised."""
    for key in scene.relations.get(ABOUT, ()):
        kind, _, pk = key.partition(":")
        if kind == HOLDING:
            return Holding.objects.select_related("community", "body", "person", "place").get(pk=pk)
    return None
