"""What a case expects of an online hall that is over: from its record, and with nothing left that leads to a person."""

from collections.abc import Iterator
from typing import Any

from weizhi.cases.language import Heard
from weizhi.deliberation.kinds.discuss import HEARD, hash_of_hall
from weizhi.deliberation.models import Hall, Voice
from weizhi.matters.models import Matter

Unmet = tuple[str, str, str]  # what, expected, found


def unmet(expect: Heard, matter: Matter) -> Iterator[Unmet]:
    """Everything asked of the newest hall that does not hold."""
    entry = matter.stream.entries.filter(verb=HEARD).order_by("-n").first()
    if entry is None:
        yield "议事厅", "有了结果", "没有结束的议事厅"
        return
    for name in expect.model_fields_set:
        wanted, found = getattr(expect, name), _found(name, entry.public)
        if wanted != found:
            yield f"议事厅 {name}", str(wanted), str(found)
    hall = Hall.objects.filter(matter=matter, final_at__isnull=False).latest("final_at")
    if entry.public["voices"] != hash_of_hall(hall):
        yield "议事厅的哈希", str(entry.public["voices"]), hash_of_hall(hall)
    if left := Voice.objects.filter(hall=hall).exclude(who="").count():
        yield "还能找到人的表态", "0", str(left)


def _found(name: str, public: dict[str, Any]) -> Any:
    value = public[name]
    if name == "groups":
        return len(value)
    return tuple(value) if isinstance(value, list) else value
