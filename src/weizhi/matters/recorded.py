"""Said by somebody who is not at a screen: over the telephone, at the door, on paper; an officer writes it down.

Whoever is no person of ours yet stands in parts of the entry: the name for those who have to do with the matter,
the number encrypted. The entry itself says in public only through which channel it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weizhi.matters.refused import Refused
from weizhi.record.actions.append import HOUSEHOLD, SENSITIVE, Part

CHANNELS: Final[Mapping[str, Promise]] = {
    "call": _("电话"),
    "door": _("上门"),
    "paper": _("纸条或来信"),
    "chat": _("微信群"),
    "app": _("别的应用或系统"),
}
BY_PROGRAM: Final = "app"  # no officer hears it: not among the ways to choose from
CHANNEL: Final = "channel"
CLAIM: Final = "claim"  # by a slip: it was I who said this
READ: Final = "read-number"  # somebody read the caller's telephone number
CALLER, NUMBER = "caller", "caller:phone"
NAME_AT_MOST = 40


@dataclass(frozen=True)
class Recorded:
    """How it reached the officer, and who said it where that is no registered person."""

    channel: str
    name: str = ""
    phone: str = ""

    def check(self) -> None:
        if self.channel not in CHANNELS:
            raise Refused("bad-data", f"请说明是怎么收到的：{'、'.join(map(str, CHANNELS.values()))}。", field=CHANNEL)
        if len(self.name) > NAME_AT_MOST:
            raise Refused("bad-data", f"名字太长了，最多 {NAME_AT_MOST} 个字。请写短一些。", field="who")

    @property
    def told(self) -> dict[str, str | None]:
        """What makes two requests differ."""
        return {CHANNEL: self.channel, "caller": self.name, "phone": self.phone}

    @property
    def public(self) -> dict[str, str]:
        return {CHANNEL: self.channel}

    @property
    def parts(self) -> tuple[Part, ...]:
        said = [Part(CALLER, self.name, HOUSEHOLD)] if self.name else []
        return (*said, *([Part(NUMBER, self.phone, SENSITIVE)] if self.phone else []))
