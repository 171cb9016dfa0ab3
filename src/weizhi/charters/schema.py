"""The JSON Schema of the language, from the models: editors complete and mark from it."""

from collections.abc import Mapping
from typing import Any

from .models import Charter
from .spec import KNOWN_KINDS, StepKindSpec
from .standing import STANDING

# The models give each table its own name as `key`; in the file the name is the table's header.
_NAMED_BY_HEADER = {
    "Assessment", "Body", "CalendarEntry", "Category", "Convention", "Dispatch", "Duty", "Earn", "Electorate", "End",
    "Fund", "Indicator", "MatterKind", "Post", "Procedure", "Redeem", "Rule", "Schedule", "Sheet", "Step", "Talk",
    "Training",
}  # fmt: skip


def schema(specs: Mapping[str, StepKindSpec] = STANDING) -> dict[str, Any]:
    """Return the schema of a charter file, with the parameters of every step kind that is provided."""
    found = Charter.model_json_schema(by_alias=True)
    definitions = found["$defs"]
    for name in _NAMED_BY_HEADER & definitions.keys():
        definitions[name]["properties"].pop("key", None)
        definitions[name]["required"] = [key for key in definitions[name].get("required", []) if key != "key"]
    _steps(definitions, specs)
    definitions["Seat"]["properties"]["role"] = {"deprecated": True, "description": "Old word for post."}
    # What a charter inherits it need not repeat, so a child's table may hold any part of it.
    for name in _NAMED_BY_HEADER - {"End", "Step"}:
        if name in definitions:
            definitions[name]["required"] = []
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "Weizhi charter, language 1"
    return found


def _steps(definitions: dict[str, Any], specs: Mapping[str, StepKindSpec]) -> None:
    """A step takes the common words and those of its own kind; kinds nobody provides yet take any word."""
    step = definitions["Step"]
    step["properties"].pop("params", None)
    step["properties"]["kind"] = {"enum": sorted({*KNOWN_KINDS, *specs}), "title": "Kind"}
    step.pop("additionalProperties", None)
    common = dict.fromkeys(step["properties"], True)
    step["allOf"] = []
    for name, spec in sorted(specs.items()):
        own = spec.params.model_json_schema(by_alias=True)
        for inner, definition in own.pop("$defs", {}).items():
            definitions.setdefault(inner, definition)
        step["allOf"].append(
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": {
                    "properties": {**common, **own.get("properties", {})},
                    "required": own.get("required", []),
                    "additionalProperties": False,
                },
            }
        )
