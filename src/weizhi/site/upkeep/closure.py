"""Which rows belong to a community, and which others they point to: worked out from the models themselves.

A room that is added later is moved without a word here, as long as its rows point to a community, or to rows that do.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.site.upkeep.rows import Model

# What is kept about persons and belongs to no community, with the column that says of whom.
ALONGSIDE = {"mfa.Authenticator": "user", "account.EmailAddress": "user", "people.NoticeChoice": "person"}
NOT_MOVED = ("census.Import",)  # files in work stay where they are
AT_ONCE = 500


def moved_models() -> list[Model]:
    """Our models whose rows are somebody's, in a fixed order; of those that others brought, what is kept of persons."""
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("weizhi.") and model._meta.label not in ALONGSIDE
    ]
    found = [model for model in ours if model._meta.label not in NOT_MOVED and (_keys(model) or _own_path(model))]
    pointed_to = {key.related_model for model in found for key in _keys(model)}
    found += [model for model in ours if model in pointed_to and model not in found]
    return [*found, *(apps.get_model(label) for label in ALONGSIDE)]


def rows_of(community: Community) -> dict[Model, tuple[list[Any], list[Any]]]:
    """For each model the keys of the community's own rows, and of those that they point to."""
    own: dict[Model, list[Any]] = {}
    known: dict[Model, set[Any]] = defaultdict(set)
    for model in moved_models():
        path = _own_path(model)
        if path is not None:
            own[model] = list(model._default_manager.filter(**{path: community.pk}).values_list("pk", flat=True))
            known[model] |= set(own[model])
    shared: dict[Model, list[Any]] = defaultdict(list)
    fresh: dict[Model, list[Any]] = {model: list(keys) for model, keys in own.items()}
    while any(fresh.values()):
        nexts: dict[Model, set[Any]] = defaultdict(set)
        for model, keys in fresh.items():
            for target, pointed in _pointed(model, keys):
                nexts[target] |= pointed - known[target]
        for target, keys_found in nexts.items():
            known[target] |= keys_found
            shared[target] += sorted(keys_found, key=str)
        fresh = {model: list(keys) for model, keys in nexts.items()}
    for label in ALONGSIDE:
        model = apps.get_model(label)
        own[model] = [pk for part in parts(sorted(known[Person], key=str)) for pk in _about(model, part)]
    return {model: (own.get(model, []), shared.get(model, [])) for model in moved_models()}


def parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def chosen(model: Model, keys: Sequence[Any]) -> Iterator["QuerySet[Any]"]:
    for part in parts(keys):
        yield model._default_manager.filter(pk__in=part)


def _about(model: Model, people: Sequence[Any]) -> list[Any]:
    return list(
        model._default_manager.filter(**{f"{ALONGSIDE[model._meta.label]}__in": people}).values_list("pk", flat=True)
    )


def _keys(model: Model) -> list[Any]:
    """Its foreign keys to models of ours."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("weizhi.")
    ]


def _own_path(model: Model, depth: int = 0) -> str | None:
    """How a row of the model says whose it is: `community`, or `entry__community` where only its parent says it."""
    if model is Community:
        return "pk"
    names = {field.name: field for field in _keys(model)}
    if "community" in names:
        return "community"
    if depth < 3 and model is not Person:
        for name, field in names.items():
            if field.related_model not in (model, Person, Community):
                further = _own_path(field.related_model, depth + 1)
                if further is not None:
                    return f"{name}__{further}"
    return None


def _pointed(model: Model, keys: Sequence[Any]) -> Iterator[tuple[Model, set[Any]]]:
    """What these rows point to, by model."""
    fields = _keys(model)
    if not fields:
        return
    found: dict[Model, set[Any]] = defaultdict(set)
    for rows in chosen(model, keys):
        for row in rows.values_list(*(field.attname for field in fields)).iterator():
            for field, value in zip(fields, row, strict=True):
                if value is not None:
                    found[field.related_model].add(value)
    yield from found.items()
