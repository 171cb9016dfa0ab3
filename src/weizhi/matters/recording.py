"""Turn an act and its effect into one entry of the record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from weizhi.matters import rules, searching
from weizhi.matters.fields import FILE_TYPES, WHOLE, WORDS, asked_values
from weizhi.matters.published import masked
from weizhi.matters.registry import Effect
from weizhi.matters.scene import Act, Scene
from weizhi.matters.world import FIELDS
from weizhi.record.actions.append import COMMUNITY, HOUSEHOLD, SENSITIVE, Deed, Part, append
from weizhi.record.files import keep
from weizhi.record.models import Entry

PARTIES_FIELDS = f"{FIELDS}:parties"
NOTE = "note"  # beside the steps: an inner remark of those who handle the matter


def keep_files(act: Act) -> list[Part]:
    """Write photos to the file store before the lock; what stays behind after a refusal is swept by its hash."""
    return [Part(f"file:{n}", keep(photo)) for n, photo in enumerate(act.evidence, 1)]


def parts_of(scene: Scene, act: Act, effect: Effect, files: list[Part]) -> list[Part]:
    """What was said, by grade: what the charter narrows, inner notes, personal numbers are for the parties only."""
    step = scene.procedure.steps[act.row.key] if act.row else None
    narrow = act.verb == NOTE or rules.closed(step.visible if step else None, scene.kind.visible)
    asked = step.fields if step else ()
    hidden = {field.key for field in asked if narrow or rules.closed(field.visible, scene.kind.visible)}
    charter = scene.matter.charter_id
    parts = words_parts(act.data.words, narrow or WORDS in hidden, charter)
    if step:
        parts += values_parts(asked_values(step, act.data), charter, hidden)
    closed_files = narrow or any(field.key in hidden for field in asked if field.type in FILE_TYPES)
    said = [*parts, *(Part(file.name, file.body, _grade(closed_files)) for file in files), *effect.parts]
    return sealed(said) if scene.confidential else said


def sealed(parts: Iterable[Part]) -> list[Part]:
    """What is confidential is encrypted, and no export shows it whatever its grade."""
    return [replace(part, grade=SENSITIVE) for part in parts]


def words_parts(words: str, closed: bool, charter: str) -> list[Part]:
    """The words; where they hold personal numbers and others read them, masked, and the whole for the parties."""
    shown = words if closed else masked(words, charter)
    parts = [Part(WORDS, shown, _grade(closed))] if words else []
    return [*parts, Part(WHOLE, words, HOUSEHOLD)] if shown != words else parts


def values_parts(values: Mapping[str, Any], charter: str, hidden: Collection[str] = ()) -> list[Part]:
    """The charter's fields in the same way: what is hidden or had to be masked stands whole in the parties' part."""
    seen = {key: _seen(value, charter) for key, value in values.items() if key not in hidden}
    kept = {key: value for key, value in values.items() if key in hidden or seen[key] != value}
    parts = [Part(FIELDS, seen)] if seen else []
    return [*parts, Part(PARTIES_FIELDS, kept, HOUSEHOLD)] if kept else parts


def _seen(value: Any, charter: str) -> Any:
    return masked(value, charter) if isinstance(value, str) else value


def _grade(closed: bool) -> int:
    return HOUSEHOLD if closed else COMMUNITY


def enter(scene: Scene, act: Act, effect: Effect, told: dict[str, Any], files: list[Part]) -> Entry:
    """Append the entry of an act to the matter's stream."""
    public = {**effect.public, **told}
    if effect.outcome:
        public["outcome"] = effect.outcome
    if effect.mark:
        public["mark"] = effect.mark
    deed = Deed(
        at=act.at,
        actor=act.by,
        holding_id=act.holding_id,
        on_behalf_of=act.on_behalf_of,
        told_at=act.told_at,
        key=act.key,
        request_hash=act.request_hash,
        charter_hash=scene.matter.charter_id,
        step=act.row.key if act.row else "",
        round=act.row.round if act.row else 1,
        public=public,
    )
    parts = parts_of(scene, act, effect, files)
    entry = append(scene.matter.stream, act.verb, deed, parts)
    if entry.n == 1:
        searching.remember(scene.matter, parts)
    return entry


def note(
    scene: Scene, verb: str, public: dict[str, Any], *, step: str = "", round: int = 1, parts: Sequence[Part] = ()
) -> Entry:
    """An entry that nobody made: time came, or the engine passed something on."""
    deed = Deed(at=scene.now, charter_hash=scene.matter.charter_id, step=step, round=round, public=public)
    parts = sealed(parts) if scene.confidential else parts
    entry = append(scene.matter.stream, verb, deed, parts)
    if entry.n == 1:  # another matter opened it
        searching.remember(scene.matter, parts)
    return entry
