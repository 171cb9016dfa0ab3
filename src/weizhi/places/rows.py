"""How a row becomes an instance of a model: as `Model.from_db` does it, with what holds for every row worked out once.

Django's constructor goes through all columns of the model, sets one attribute after another and sends two signals.
Where the constructor is Django's own and nobody listens, that comes to laying the values into the new instance.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

M = TypeVar("M", bound=Model)
Values = Sequence[Any]
PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute)  # setting these on a new instance only keeps the value


def maker(model: type[M], using: str, names: Sequence[str]) -> Callable[[Values], M]:
    """What makes of values, in the order of `names`, the instance that `model.from_db(using, names, values)` gives."""
    if not _is_plain(model, names):
        return partial(model.from_db, using, names)

    def made(values: Values) -> M:
        found = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, using
        found.__dict__.update(zip(names, values, strict=True), _state=state)
        return found

    return made


def _is_plain(model: type[Model], names: Sequence[str]) -> bool:
    return (
        model.__init__ is Model.__init__
        and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]  # a bound method has it
        and not pre_init.has_listeners(model)
        and not post_init.has_listeners(model)
        and all(type(getattr(model, name)) in PLAIN for name in names)
    )


class Made:
    """Stands in for the model of what a row points to: Django's populator asks it for instances."""

    def __init__(self, model: type[Model], using: str, names: Sequence[str]) -> None:
        self._make = maker(model, using, names)

    def from_db(self, _using: str, _names: Sequence[str], values: Values) -> Model:
        return self._make(values)


def quickened(populators: list[Any], using: str) -> list[Any]:
    """Django's populators (`RelatedPopulator`) for what a row points to, and for what that points to."""
    for one in populators:
        one.model_cls = Made(one.model_cls, using, one.init_list)
        quickened(one.related_populators, using)
    return populators


def converting(converters: dict[int, Any], connection: Any) -> Callable[[Sequence[Values]], list[Values]]:
    """As the compiler's `apply_converters`, column by column. What is NULL stays so, as with each of Django's own."""
    steps = [(at, convert, column) for at, (several, column) in converters.items() for convert in several]

    if not steps:
        return list

    def converted(rows: Sequence[Values]) -> list[Values]:
        found: list[Any] = [list(row) for row in rows]
        for at, convert, column in steps:
            for row in found:
                if row[at] is not None:
                    row[at] = convert(row[at], column, connection)
        return found

    return converted
