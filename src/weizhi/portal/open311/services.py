"""What can be reported here: every kind of report of the charter in force, and each of its categories."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from weizhi.charters.models import Charter
from weizhi.charters.steps import Field
from weizhi.matters.fields import own_fields

REPORT: Final = "report"  # the document of the kinds that are reports
DATATYPES: Final[Mapping[str, str]] = {
    "count": "number", "fen": "number", "date": "datetime", "yes-no": "singlevaluelist", "choice": "singlevaluelist",
    "places": "multivaluelist",
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A kind of report, or one category of it: `report`, `report.lighting`."""

    kind: str
    category: str
    name: str
    group: str
    words: tuple[str, ...]
    hint: str
    asks: tuple[Field, ...]

    @property
    def code(self) -> str:
        return f"{self.kind}.{self.category}" if self.category else self.kind


def services_of(charter: Charter) -> Iterator[Service]:
    parents = {category.parent for category in charter.categories.values()}
    for kind in charter.kinds.values():
        if kind.document != REPORT:
            continue
        asks = own_fields(charter.procedure_of(kind.key).start)
        yield Service(kind.key, "", kind.title, kind.title, (), getattr(kind, "hint", "") or "", asks)
        for one in charter.categories.values():
            if one.key not in parents:
                above = charter.categories.get(one.parent or "")
                group = above.title if above else kind.title
                yield Service(kind.key, one.key, one.title or one.key, group, one.words, "", asks)


def service_named(charter: Charter, code: str) -> Service | None:
    return next((service for service in services_of(charter) if service.code == code), None)


def listed(service: Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.hint,
        "metadata": bool(service.asks),
        "type": "realtime",
        "keywords": ",".join(service.words),
        "group": service.group,
    }


def defined(service: Service) -> dict[str, Any]:
    """The questions of the charter's first step as attributes."""
    return {
        "service_code": service.code,
        "attributes": [_attribute(field, n) for n, field in enumerate(service.asks, 1)],
    }


def _attribute(field: Field, order: int) -> dict[str, Any]:
    choices = [(one.key, one.title or one.key) for one in field.choices]
    if field.type == "yes-no":
        choices = [("yes", _("是")), ("no", _("否"))]
    return {
        "variable": True,
        "code": field.key,
        "datatype": DATATYPES.get(field.type, "text"),
        "required": field.required,
        "datatype_description": field.hint,
        "order": order,
        "description": field.title or field.key,
        "values": [{"key": key, "name": name} for key, name in choices],
    }
