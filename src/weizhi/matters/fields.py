"""What a step asks: a model made from the charter's fields and the kind's own data; unknown ones are refused."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from weizhi.charters.steps import Field as Asked
from weizhi.charters.steps import Step
from weizhi.charters.words import parse_number
from weizhi.matters.refused import Refused

WORDS_AT_MOST = 2000
WORDS, PLACE = "words", "place"
WHOLE = "words:whole"  # the words before personal numbers were masked, for the parties
FILE_TYPES = frozenset({"photo", "file"})


class ActData(BaseModel):
    """What any act may carry."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    words: str = Field(default="", max_length=WORDS_AT_MOST)


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


def _fen(value: Any) -> Any:
    """Money as people type it ("120.50" yuan in a form) stays text here; integers are fen already."""
    if isinstance(value, str) and value:
        yuan, _, cents = value.partition(".")
        if yuan.isdecimal() and (not cents or (cents.isdecimal() and len(cents) <= 2)):
            return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)
    return value


def _type_of(asked: Asked) -> Any:
    types: dict[str, Any] = {
        "text": Annotated[str, Field(max_length=WORDS_AT_MOST)],
        "count": Annotated[int, Field(**_bounds(asked))],
        "fen": Annotated[int, BeforeValidator(_fen), Field(**_bounds(asked))],
        "date": date,
        "yes-no": Literal["yes", "no"],
        "place": UUID,
        "places": list[UUID],
        "person": UUID,
        "body": str,
        "article": Annotated[str, Field(max_length=40)],
    }
    if asked.type == "choice":
        return Literal[tuple(choice.key for choice in asked.choices)]
    return types[asked.type]


def _bounds(asked: Asked) -> dict[str, Any]:
    bounds = {"ge": asked.at_least, "le": asked.at_most}
    given: dict[str, Any] = {name: parse_number(bound) for name, bound in bounds.items() if bound is not None}
    return {"ge": 0} | given


def own_fields(step: Step, outcome: str | None = None) -> tuple[Asked, ...]:
    """The fields that travel as data: words, the matter's place and photos have ways of their own.

    With an outcome, only those that are asked of whoever chooses it.
    """
    found = (f for f in step.fields if f.key not in (WORDS, PLACE) and f.type not in FILE_TYPES)
    return tuple(f for f in found if outcome is None or asked_with(f, outcome))


def asked_with(field: Asked, outcome: str | None) -> bool:
    """Whether a field is asked of whoever chooses this outcome."""
    return not field.only_for or outcome in field.only_for


def titles_of(step: Step) -> dict[str, str]:
    return {WORDS: "说明", PLACE: "地方"} | {field.key: field.title or field.key for field in step.fields}


def check_ways(step: Step, data: ActData, *, photos: int, placed: bool, outcome: str | None = None) -> None:
    """Words, place and photos that the charter requires at this step."""
    given = {WORDS: bool(data.words), PLACE: placed}
    for asked in step.fields:
        here = photos > 0 if asked.type in FILE_TYPES else given.get(asked.key, True)
        if asked.required and not here and asked_with(asked, outcome):
            raise Refused("bad-data", f"还缺“{asked.title or asked.key}”。请填上再发。", field=asked.key)


def model_for(base: type[ActData], step: Step, outcome: str | None = "") -> type[ActData]:
    """The model of an act at this step with this outcome."""
    fields = own_fields(step, outcome or "")
    return _model_for(base, fields) if fields else base


@lru_cache(maxsize=512)
def _model_for(base: type[ActData], fields: tuple[Asked, ...]) -> type[ActData]:
    made: dict[str, Any] = {}
    for asked in fields:
        kind = _type_of(asked)
        if asked.required:
            made[name_of(asked.key)] = (kind, Field(alias=asked.key))
        else:
            made[name_of(asked.key)] = (
                Annotated[kind | None, BeforeValidator(_empty_is_none)],
                Field(default=None, alias=asked.key),
            )
    return create_model(f"{base.__name__}Asked", __base__=base, **made)


def name_of(key: str) -> str:
    return "asked_" + key.replace("-", "_")


def read(model: type[ActData], data: Mapping[str, Any], titles: Mapping[str, str]) -> ActData:
    """Check what was sent; a refusal names the field in words and says what to do."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        raise Refused("bad-data", _say(first, titles.get(key, key)), field=key) from None


def asked_values(step: Step, data: ActData) -> dict[str, Any]:
    """The charter's fields as they go into the record: plain JSON values."""
    dumped = data.model_dump(mode="json")
    values = {asked.key: dumped.get(name_of(asked.key)) for asked in own_fields(step)}
    return {key: value for key, value in values.items() if value is not None}


def in_words(asked: Asked, value: Any) -> str:
    """A value as people read it: a choice by its title, several in a row. Money and yes or no are the reader's to say,
    in the language of the page or, where a text is frozen, in the record's."""
    if asked.type == "choice":
        return next((choice.title or choice.key for choice in asked.choices if choice.key == value), str(value))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _say(error: Any, title: str) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "missing":
        return f"还缺“{title}”。请填上再发。"
    if kind == "extra_forbidden":
        return f"这一步不收“{title}”。请去掉再发。"
    if kind == "string_too_long":
        return f"“{title}”太长了，最多 {context.get('max_length')} 个字。请删短一些。"
    if kind == "literal_error":
        return f"“{title}”请从给出的选项里选。"
    if kind.startswith(("greater", "less")):
        bound = context.get("ge", context.get("le", ""))
        return f"“{title}”超出了范围（{'至少' if kind.startswith('greater') else '最多'} {bound}）。请改一下。"
    if kind.startswith(("date", "int", "uuid", "list")):
        return f"看不懂“{title}”。请按提示的样子填。"
    return f"“{title}”有问题。请检查后再发。"
