"""Turn what Pydantic finds into findings that a clerk can act on."""

import re
import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .findings import Faults, Path

_WORDS = {
    "missing": "缺少这一项，必须写。",
    "string_type": "这里要写文字，用引号括起来。",
    "int_type": "这里要写整数。",
    "int_parsing": "这里要写整数。",
    "int_from_float": "这里要写整数，不能有小数。",
    "bool_type": "这里要写 true 或 false。",
    "bool_parsing": "这里要写 true 或 false。",
    "tuple_type": "这里要写一个列表，用方括号括起来。",
    "list_type": "这里要写一个列表，用方括号括起来。",
    "dict_type": "这里要写一个表。",
    "model_type": "这里要写一个表。",
    "model_attributes_type": "这里要写一个表。",
    "date_from_datetime_parsing": "这里要写日期，例如 2026-01-31。",
    "date_type": "这里要写日期，例如 2026-01-31。",
}
_QUOTED = re.compile(r"'([^']*)'")


def tell(
    error: ValidationError,
    tables: Any,
    model: type[BaseModel],
    faults: Faults,
    under: Path = (),
    also: Sequence[str] = (),
    told: Sequence[Path] = (),
) -> list[Path]:
    """Add a finding for every error; return the paths that were wrong.

    `also` are keys that another model would take; `told` are paths already told and left out: that their table now
    misses something is no news.
    """
    wrong = []
    seen: set[Path] = set()
    for detail in error.errors():
        path = _written_path(detail["loc"], tables)
        if path in seen:
            continue  # the other arms of a union say the same in other words
        seen.add(path)
        wrong.append((*under, *path))
        if any(old[: len(path)] == path for old in told):
            continue
        _tell_one(detail, path, model, faults, under, also)
    return wrong


def _tell_one(
    detail: ErrorDetails, path: Path, model: type[BaseModel], faults: Faults, under: Path, also: Sequence[str]
) -> None:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    full = (*under, *path)
    if kind == "extra_forbidden":
        allowed = [*allowed_keys(model, path[:-1]), *(also if len(path) == 1 else ())]
        faults.add(full, f"这里没有“{path[-1]}”这一项。", expected=allowed, near=str(path[-1]))
    elif kind == "literal_error":
        choices = _QUOTED.findall(str(context.get("expected", ""))) or [str(context.get("expected", ""))]
        faults.add(full, f"“{given}”不行。可以写：{'、'.join(choices)}。", expected=choices, near=str(given))
    elif kind == "value_error":
        faults.add(full, str(context.get("error", detail["msg"])))
    elif kind == "string_pattern_mismatch":
        faults.add(full, f"名字“{given}”不行：用小写英文字母、数字和连字符，字母开头，例如 grid-officer。")
    elif kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        bound = next(iter(context.values()))
        word = {"greater_than_equal": "不小于", "less_than_equal": "不大于", "greater_than": "大于"}.get(kind, "小于")
        faults.add(full, f"“{given}”不行，要{word} {bound}。")
    elif kind in ("too_short", "too_long"):
        faults.add(full, f"这里{'至少' if kind == 'too_short' else '至多'}要有 {next(iter(_sizes(context)))} 项。")
    else:
        faults.add(full, _WORDS.get(kind, f"这一项写得不对（{detail['msg']}）。"))


def _sizes(context: dict[str, Any]) -> Iterator[int]:
    yield from (context[name] for name in ("min_length", "max_length") if name in context)


def _written_path(loc: tuple[int | str, ...], tables: Any) -> Path:
    """Drop what Pydantic adds to a location (union arms, "[key]") so that it is a path of the file."""
    path: list[str | int] = []
    here = tables
    for n, part in enumerate(loc):
        if _holds(here, part):
            here = here[part]
        elif n == len(loc) - 1 and part != "[key]" and isinstance(here, dict):
            here = None  # the last part may be a key that is missing
        else:
            continue
        path.append(part)
    return tuple(path)


def _holds(here: Any, part: int | str) -> bool:
    return part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))


def allowed_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that may stand in the table at this path."""
    found = _model_at(model, path)
    if found is None:
        return []
    return [setting.alias or name for name, setting in found.model_fields.items() if name not in ("key", "params")] + (
        ["key"] if "key" in found.model_fields and path and isinstance(path[-1], int) else []
    )


def _model_at(annotation: Any, path: Path) -> type[BaseModel] | None:
    for arm in _arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            if not path:
                return arm
            setting = next((s for n, s in arm.model_fields.items() if (s.alias or n) == path[0]), None)
            if setting is not None:
                return _model_at(setting.annotation, path[1:])
        elif path and typing.get_args(arm):
            inner = typing.get_args(arm)
            return _model_at(inner[1] if typing.get_origin(arm) is dict else inner[0], path[1:])
    return None


def _arms(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Annotated:
        yield from _arms(typing.get_args(annotation)[0])
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for arm in typing.get_args(annotation):
            yield from _arms(arm)
    elif annotation is not type(None):
        yield annotation
