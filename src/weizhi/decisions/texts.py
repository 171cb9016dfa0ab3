"""The text that is decided on: what an earlier step said, as it stood when the vote opened."""

from collections.abc import Mapping
from typing import Any

from weizhi.charters.steps import Field
from weizhi.charters.words import yuan
from weizhi.matters import rules
from weizhi.matters.fields import WORDS, in_words
from weizhi.matters.published import masked
from weizhi.matters.registry import left_by
from weizhi.matters.scene import Scene
from weizhi.places.models import Place
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload


def text_of(scene: Scene, step: str | None) -> str:
    """The words of a step, and its fields line by line; the first step where none is named; personal
    numbers hidden, since the whole roll reads it. Where the step made a text, that, as it was frozen.
    One query, two where places are named."""
    key = step or scene.procedure.start.key
    if (left := left_by(scene, key)) is not None:
        return left.words
    rule = scene.procedure.steps.get(key)
    fields = {field.key: field for field in rule.fields} if rule else {}
    hidden = {name for name, field in fields.items() if rules.closed(field.visible, scene.kind.visible)}
    values: dict[str, Any] = {name: value for name, value in scene.values.get(key, {}).items() if name not in hidden}
    if not values:
        stored = Payload.objects.filter(
            entry__stream=scene.matter.stream_id,
            entry__step=key,
            grade__lt=HOUSEHOLD,  # what the parties alone may read
        ).order_by("entry__n")
        for part in stored:
            if part.part == WORDS:
                values[WORDS] = part.read()
            elif part.part.startswith("fields") and isinstance(read := part.read(), dict):
                values |= read
    said = [str(values.pop(WORDS, ""))]
    places = _places(fields, values)
    said += [f"{_title(fields.get(name), name)}：{shown(fields.get(name), it, places)}" for name, it in values.items()]
    return masked("\n".join(line for line in said if line), scene.matter.charter_id) or scene.matter.title


def _title(asked: Field | None, name: str) -> str:
    return asked.title or name if asked else name


def _places(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, str]:
    """What the places are called that were given, as the story calls them: a stairwell with its building. One query,
    none where none is asked for."""
    given = [one for name, value in values.items() if _of_places(fields.get(name)) for one in _each(value)]
    found = Place.objects.select_related("parent__parent").filter(pk__in=given) if given else ()
    return {str(place.pk): place.called for place in found}


def _of_places(asked: Field | None) -> bool:
    return asked is not None and asked.type in ("place", "places")


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def shown(asked: Field | None, value: Any, places: Mapping[str, str]) -> str:
    """A field's value in words."""
    if asked is None:
        return str(value)
    if asked.type == "fen" and isinstance(value, int):
        return yuan(value)
    if asked.type == "yes-no":
        return "是" if value == "yes" else "否"
    if _of_places(asked):
        return "、".join(places.get(str(one), "一处地方") for one in _each(value))
    return in_words(asked, value)
