"""Keys point down as imports do. The order of the rooms stands once, in pyproject.toml."""

import tomllib

from django.apps import apps

from weizhi.tests import sources


def floors() -> dict[str, int]:
    """Room → its floor, 0 at the top; siblings share one."""
    settings = tomllib.loads((sources.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return {
        name.strip(" ()"): floor for floor, layer in enumerate(layers) for name in layer.replace("|", ":").split(":")
    }


def test_every_room_has_its_floor():
    rooms = {path.relative_to(sources.PACKAGE).parts[0].removesuffix(".py") for path in sources.programs(tests=True)}
    assert rooms - {"__init__", "locale"} <= set(floors())


def test_foreign_keys_point_down():
    floor_of = floors()
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("weizhi."):
            continue
        room = model._meta.app_label
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_label
            if other != room and other in floor_of and floor_of[other] <= floor_of[room]:
                found.append(f"{model.__name__}.{field.name}: {room} points up or across to {other}")
    assert not found, sources.listing(found)
