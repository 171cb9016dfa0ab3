"""What a notice says: a title, one sentence or two, and where to read on. Words come from the rooms above."""

from collections.abc import Callable
from dataclasses import dataclass

from weizhi.record.models import Delivery

PAGE, EMAIL, CHAT, TEXT = "page", "email", "chat", "sms"


@dataclass(frozen=True)
class Notice:
    """`url` is a path; whoever sends it out of the house puts the house's address before it."""

    title: str
    text: str
    url: str


Words = Callable[[Delivery], Notice]
