"""The text that is decided on: what an earlier step said, as it stood when the vote opened."""

from typing import Any

from weizhi.matters import rules
from weizhi.matters.fields import WORDS
from weizhi.matters.published import masked
from weizhi.matters.scene import Scene
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload


def text_of(scene: Scene, step: str | None) -> str:
    """The words of a step, and its fields line by line; the first step where none is named; personal
    numbers hidden, since the whole roll reads it. One query."""
    key = step or scene.procedure.start.key
    rule = scene.procedure.steps.get(key)
    hidden = {f.key for f in rule.fields if rules.closed(f.visible, scene.kind.visible)} if rule else set()
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
    titles = {field.key: field.title or field.key for field in rule.fields} if rule else {}
    types = {field.key: field.type for field in rule.fields} if rule else {}
    said += [f"{titles.get(key, key)}：{shown(value, types.get(key, 'text'))}" for key, value in values.items()]
    return masked("\n".join(line for line in said if line), scene.matter.charter_id) or scene.matter.title


def shown(value: Any, type_: str) -> str:
    """A field's value in words."""
    if type_ == "fen" and isinstance(value, int):
        whole, cents = divmod(value, 100)
        return f"{whole:,}" + (f".{cents:02d}" if cents else "") + " 元"
    if type_ == "yes-no":
        return "是" if value == "yes" else "否"
    return str(value)
